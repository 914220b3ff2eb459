"""What stage 5 of a run is asked to do; free of torch."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class ServingCheckConfig:
    """The server is started on the model of the run, asked what its clients ask, and ended."""

    checkpoint: Path | None = None
    """Checkpoint to serve; default: that of the run's last stage, or the most advanced one in models/."""
    clients: int = 8
    """Clients at the same time, where the speed of several is measured."""
    max_tokens: int = 48
    """Tokens of an answer at most."""
    start_seconds: float = 300.0
    """Time that the server gets to load the model."""
    device: str = "auto"
    """auto, cpu, cuda, cuda:N or mps."""
    output: Path | None = None
    """Where to write the result; default logs/verify_serve.json."""
    workdir: Path = Path()
    """Folder that holds models/ and logs/."""
