"""What ``codeling align --algorithm dpo`` is asked to do; free of torch."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal


@dataclass(frozen=True)
class DpoSettings:
    """One run of direct preference optimisation."""

    policy_model: Path = Path("models/tool_model_best.pth")
    """The checkpoint to align, and the frozen reference that it is held to."""
    data_file: Path = Path("preferences.json")
    """Preference pairs: a path, or a name in data/processed."""
    beta: float = 0.1
    """How much a nat away from the reference counts; smaller goes further."""
    label_smoothing: float = 0.0
    """Share of the pairs that are taken to be the wrong way round."""
    num_epochs: int = 1
    """Passes over the pairs."""
    pairs_per_step: int = 64
    """Pairs in one optimizer step, over all processes."""
    batch_size: int = 16
    """Pairs in one micro-batch on each process; does not change the result."""
    max_length: int | None = None
    """Tokens of prompt and response at most; default: the model's maximum."""
    learning_rate: float | None = None
    """AdamW's peak rate, linear to 0; default 3e-5 below 30M parameters, 1e-5 below 150M, else 3e-6."""
    weight_decay: float = 0.0
    """Decoupled weight decay of matrices."""
    grad_clip: float = 1.0
    """Largest global gradient norm."""
    max_steps: int | None = None
    """Optimizer steps at most."""
    eval_every: int | None = None
    """Steps between validations; default: ten times a run."""
    save_every: int | None = None
    """Steps between rolling checkpoints; default: at every validation."""
    use_amp: bool = True
    """Mixed precision: bf16 where the device has it, fp16 with a loss scaler on old GPUs."""
    dtype: Literal["auto", "float32", "bfloat16", "float16"] = "auto"
    """Compute type under use_amp."""
    gradient_checkpointing: bool = False
    """Recompute activations in the backward pass: less memory, about a third more time."""
    resume: bool = False
    """Continue an interrupted run bitwise, from models/NAME_last.pth."""
    device: str = "auto"
    """auto, cpu, cuda, cuda:N or mps."""
    seed: int = 0
    """Decides the order of the pairs."""
    workdir: Path = Path()
    """Folder that holds data/, models/ and logs/."""
    out_name: str = "rlhf_model"
    """Stem of the checkpoints in models/."""
