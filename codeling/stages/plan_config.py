"""What `codeling plan` and `codeling doctor` are asked to do; free of torch."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal


@dataclass(frozen=True)
class PlanConfig:
    """Options of `codeling plan`: what a training run would need, before it is started."""

    model_size: str = "tiny"
    """nano, tiny, medium, large or xlarge."""
    vocab_size: int = 32_000
    """Size of the tokenizer's vocabulary."""
    sequence_length: int | None = None
    """Tokens in a row; default 512 for nano and tiny, 1024 above."""
    batch_size: int | None = None
    """Rows in a micro-batch; default: what fits."""
    tokens_per_step: int = 32_768
    """Tokens of an optimizer step, which micro-batches are added up to."""
    tokens: int | None = None
    """Training tokens, for the total time; default 20 per parameter (the compute-optimal rule of Chinchilla)."""
    memory_gib: float | None = None
    """Memory to fit into; default: what the device has free."""
    gradient_checkpointing: bool | None = None
    """Recompute activations; default: only where nothing fits without it."""
    optimizer: Literal["muon", "adamw"] = "muon"
    """Muon keeps one value per weight of the hidden matrices, AdamW two."""
    use_rmsnorm: bool = True
    """RMSNorm (else LayerNorm)."""
    use_rope: bool = True
    """Rotary positions (else learned ones)."""
    device: str = "auto"
    """auto, cpu, cuda, cuda:N or mps."""
    dtype: Literal["auto", "float32", "bfloat16", "float16"] = "auto"
    """Compute type."""


@dataclass(frozen=True)
class DoctorConfig:
    """Options of `codeling doctor`: is this machine ready?"""

    network: bool = False
    """Also try to reach the Hugging Face hub."""
    device: str = "auto"
    """The device to try: auto, cpu, cuda, cuda:N or mps."""
    workdir: Path = Path()
    """The folder where runs would be made."""
