"""What a training on pairs is asked to do, whatever it minimises; free of torch."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from codeling.config import require_numbers, require_plain_names


@dataclass(frozen=True)
class PairSettings:
    """The part of a configuration that the reward model and DPO share; every value is decided."""

    out_name: str
    data_file: Path
    num_epochs: int
    pairs_per_step: int
    batch_size: int
    max_length: int
    learning_rate: float
    weight_decay: float
    grad_clip: float
    max_steps: int | None
    eval_every: int | None
    save_every: int | None
    use_amp: bool
    dtype: Literal["auto", "float32", "bfloat16", "float16"]
    gradient_checkpointing: bool
    resume: bool
    device: str
    seed: int
    workdir: Path

    def __post_init__(self) -> None:
        counts = ("num_epochs", "pairs_per_step", "batch_size", "max_steps", "eval_every", "save_every")
        require_numbers(self, *counts, at_least=1)
        require_numbers(self, "max_length", at_least=4)
        require_numbers(self, "learning_rate", "grad_clip", above=0)
        require_numbers(self, "weight_decay", at_least=0)
        require_numbers(self, "seed", at_least=0, below=2**63)
        require_plain_names(self, "out_name")


FIXED = (
    "num_epochs",
    "pairs_per_step",
    "max_length",
    "learning_rate",
    "weight_decay",
    "grad_clip",
    "max_steps",
    "seed",
)
"""What decides the sequence of losses: a resumed run keeps these."""
