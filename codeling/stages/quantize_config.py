"""What `codeling quantize` is asked to do; free of torch."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class QuantizeConfig:
    """Options of `codeling quantize` and scripts/quantize.py: a smaller checkpoint, for generating only."""

    checkpoint: Path | None = None
    """Checkpoint to read; default: the most advanced one in models/."""
    output: Path | None = None
    """Where to write the quantized one; default: NAME_int8.pth or NAME_float16.pth beside NAME.pth."""
    bits: int = 8
    """Bits of a weight. 8: int8 with a scale for every row of a matrix; 16: float16. Norms and scales stay float32."""
    val_file: str | None = None
    """Validation shard in data/processed to measure the quality on; default: that of the checkpoint's stage."""
    eval_tokens: int = 65_536
    """Validation tokens at most, always the same ones."""
    workdir: Path = Path()
    """Folder that holds data/ and models/."""
