"""What `codeling complete` is asked to do; free of torch."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import tyro


@dataclass(frozen=True)
class CompleteConfig:
    """Options of `codeling complete`: continue a text, or fill in what belongs between a prompt and a suffix."""

    prompt: Annotated[str, tyro.conf.Positional] = "-"
    """The text to continue; - reads it from standard input."""
    checkpoint: Path | None = None
    """Checkpoint to use; default: the most advanced one in models/."""
    suffix: str | None = None
    """Text that comes after the gap: the completion is what belongs between prompt and suffix."""
    max_tokens: int = 128
    """Tokens to generate at most."""
    temperature: float = 0.8
    """0 is greedy."""
    top_k: int = 0
    """Keep the k most likely tokens; 0 keeps all."""
    top_p: float = 1.0
    """Keep the smallest set of tokens that holds this much probability."""
    min_p: float = 0.0
    """Drop tokens less likely than this share of the most likely one."""
    repetition_penalty: float = 1.0
    """Above 1, tokens already used become less likely."""
    stop: tuple[str, ...] = ()
    """Strings that end the completion (not printed)."""
    seed: int | None = None
    """The same seed gives the same completion."""
    n: int = 1
    """How many completions to print."""
    stream: bool = True
    """Print the text while it is made; more than one completion is printed when all are done."""
    truncate_prompt: bool = False
    """Drop the beginning of a prompt that is too long, instead of refusing it."""
    device: str = "auto"
    """auto, cpu, cuda, cuda:N or mps."""
    workdir: Path = Path()
    """Folder that holds models/."""
