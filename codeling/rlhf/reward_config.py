"""Options of ``codeling train-reward``; free of torch."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal


@dataclass(frozen=True)
class RewardConfig:
    """Options of ``scripts/train_reward_model.py``."""

    checkpoint: Path = Path("models/tool_model_best.pth")
    """The language model that the reward model begins as; its samples then score 0 with standard deviation 1."""
    data_file: Path = Path("preferences.json")
    """Preference pairs: a path, or a name in data/processed."""
    num_epochs: int = 1
    """Passes over the pairs; more than one teaches a reward model its pairs by heart."""
    pairs_per_step: int = 64
    """Pairs in one optimizer step, over all processes."""
    batch_size: int = 32
    """Pairs in one micro-batch on each process; does not change the result."""
    max_length: int | None = None
    """Tokens of prompt and response at most; default: the model's maximum."""
    learning_rate: float | None = None
    """AdamW's peak rate, linear to 0; default 3e-3 below 3M parameters, 1e-3 below 30M, 3e-5 below
    100M, else 1e-5."""
    weight_decay: float = 0.0
    """Decoupled weight decay of matrices."""
    use_margin: bool = True
    """Better pairs must be told apart by more: a pair's margin is taken off its difference of scores."""
    centering: float = 0.01
    """Weight of the squared sum of a pair's scores, which keeps their mean near zero."""
    grad_clip: float = 1.0
    """Largest global gradient norm."""
    max_steps: int | None = None
    """Optimizer steps at most."""
    eval_every: int | None = None
    """Steps between validations; default: ten times a run."""
    save_every: int | None = None
    """Steps between rolling checkpoints; default: at every validation."""
    normalize_samples: int = 256
    """Texts of the language model that decide what scores 0, and what 1."""
    max_tokens: int = 128
    """Tokens of such a text at most."""
    use_amp: bool = True
    """Mixed precision: bf16 where the device has it, fp16 with a loss scaler on old GPUs."""
    dtype: Literal["auto", "float32", "bfloat16", "float16"] = "auto"
    """Compute type under --use-amp."""
    gradient_checkpointing: bool = False
    """Recompute activations in the backward pass: less memory, about a third more time."""
    resume: bool = False
    """Continue an interrupted run bitwise, from models/NAME_last.pth."""
    device: str = "auto"
    """auto, cpu, cuda, cuda:N or mps."""
    seed: int = 0
    """Decides the new head, the order of the pairs and the samples."""
    workdir: Path = Path()
    """Folder that holds data/, models/ and logs/."""
    out_name: str = "reward_model"
    """Stem of the checkpoints in models/."""
