"""What a training run of any language-model stage is asked to do; one flat dataclass, one flag per field."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal


@dataclass(frozen=True)
class TrainConfig:
    """Options of ``codeling train`` and ``scripts/train.py``. None means: decided by stage, size or checkpoint."""

    stage: Literal["language", "code", "tools"] | None = None
    """Which stage to train; with --resume it comes from the checkpoint."""
    model_size: str | None = None
    """nano, tiny, medium, large or xlarge; from the checkpoint when there is one, else tiny."""
    batch_size: int = 8
    """Rows in one micro-batch on each process."""
    grad_accumulation_steps: int = 1
    """Micro-batches added up before an optimizer step."""
    sequence_length: int | None = None
    """Tokens in a row; default 512 for nano and tiny, 1024 above, never beyond the model's maximum."""
    num_epochs: int = 1
    """Passes over the training shard; a run ends at the first of epochs, --max-steps and --max-tokens."""
    max_steps: int | None = None
    """Optimizer steps at most."""
    max_tokens: int | None = None
    """Training tokens at most."""
    learning_rate: float | None = None
    """AdamW's rate; with Muon, every group is scaled by (this / 1e-4). Default: tuned for the size and the batch."""
    warmup_steps: int | None = None
    """Linear warm-up; default 40, but at most a tenth of the run."""
    weight_decay: float | None = None
    """Decoupled weight decay of matrices; default 0.1 for AdamW, the tuned schedule for Muon."""
    dropout: float = 0.0
    """Dropout probability on attention, MLP and embedding outputs."""
    optimizer: Literal["muon", "adamw"] = "muon"
    """muon: Muon for hidden matrices and AdamW for the rest; adamw: AdamW for all."""
    grad_clip: float | None = None
    """Largest global gradient norm; default off for pretraining with QK-norm, 1.0 otherwise."""
    use_rmsnorm: bool = True
    """RMSNorm (else LayerNorm)."""
    use_rope: bool = True
    """Rotary positions (else learned ones)."""
    use_compile: bool = False
    """torch.compile the hot parts: slower to start, faster to run."""
    use_amp: bool = True
    """Mixed precision: bf16 where the device has it, fp16 with a loss scaler on old GPUs."""
    gradient_checkpointing: bool = False
    """Recompute activations in the backward pass: less memory, about a third more time."""
    checkpoint: Path | None = None
    """Start from this checkpoint (weights only), or, with --resume, continue it exactly."""
    resume: bool = False
    """Continue an interrupted run bitwise, from --checkpoint or the stage's last checkpoint."""
    data_file: str | None = None
    """Training shard: a path, or a name in data/processed; its validation shard is found by its name."""
    val_file: str | None = None
    """Validation shard; default: the training shard's name with train replaced by val."""
    replay_file: str | None = None
    """A shard of an earlier stage, mixed in against forgetting; for tools code_train_large.npy, if it is there."""
    replay_fraction: float = 0.05
    """Share of rows that come from --replay-file."""
    fim_rate: float | None = None
    """Share of documents rearranged for fill-in-the-middle; default 0.5 in stage code, else 0."""
    eval_every: int | None = None
    """Steps between validations; default: once an epoch, and at least ten times a run."""
    eval_tokens: int = 262_144
    """Validation tokens at most, always the same ones."""
    sample_every: int | None = None
    """Steps between printed samples; default: at every validation."""
    save_every: int | None = None
    """Steps between rolling checkpoints; default: at every validation."""
    device: str = "auto"
    """auto, cpu, cuda, cuda:N or mps."""
    dtype: Literal["auto", "float32", "bfloat16", "float16"] = "auto"
    """Compute type under --use-amp."""
    seed: int = 0
    """Decides initial weights, data order, fill-in-the-middle and dropout."""
    workdir: Path = Path()
    """Folder that holds data/, models/ and logs/."""
    out_name: str | None = None
    """Stem of the checkpoints in models/; default language_model, code_model, tool_model."""
