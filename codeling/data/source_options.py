"""What every source is told, besides what to read."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Literal


@dataclass(frozen=True)
class SourceOptions:
    """Passed to each function of ``codeling.data.sources.SOURCES``."""

    seed: int = 0
    limit: int | None = None
    """Documents at most; None: all (generators: their default number)."""
    start: int = 0
    """Documents to skip at the beginning: how an interrupted download continues."""
    text_field: str | None = None
    """Field of a row that holds the text; None: known shapes are recognised."""
    unit: Literal["file", "definition"] = "file"
    """Source python: whole files, or large ones split into functions and classes."""
    skipped: Counter[str] = field(default_factory=Counter)
    """What the source left out, by reason; filled while it is read."""
