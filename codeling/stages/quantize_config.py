"""What `codeling quantize` is asked to do; free of torch."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal


@dataclass(frozen=True)
class QuantizeConfig:
    """Options of `codeling quantize` and scripts/quantize.py: a smaller checkpoint, for generating only."""

    checkpoint: Path | None = None
    """Checkpoint to read; default: the most advanced one in models/."""
    output: Path | None = None
    """Where to write the quantized one; default: NAME_int8.pth beside NAME.pth."""
    bits: Literal[8] = 8
    """Bits of a weight. Every row of a matrix has a scale of its own; norms and scales stay float32."""
    val_file: str | None = None
    """Validation shard in data/processed to measure the quality on; default: that of the checkpoint's stage."""
    eval_tokens: int = 65_536
    """Validation tokens at most, always the same ones."""
    workdir: Path = Path()
    """Folder that holds data/ and models/."""
