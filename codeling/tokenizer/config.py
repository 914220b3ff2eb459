"""Options of training a tokenizer (stage 0) and of its report."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class TokenizerConfig:
    """Options of ``codeling tokenizer train`` and ``scripts/train_code_tokenizer.py``."""

    vocab_size: int = 32_000
    """Number of token ids, special tokens included."""
    source: str | None = None
    """Where the text comes from, e.g. python,shell,stories or file:PATH; default data/raw/code_corpus.txt."""
    limit: int | None = None
    """Documents at most from each source in the list."""
    max_bytes: int = 200_000_000
    """Bytes of text to learn from at most; every source gets an equal share."""
    text_field: str | None = None
    """Field of JSON Lines or Parquet rows that holds the text; default: found by itself."""
    seed: int = 0
    """Decides generated documents."""
    workdir: Path = Path()
    """Folder that holds data/; the result is data/tokenizer/tokenizer.json there."""


@dataclass(frozen=True)
class TokenizerReportConfig:
    """Options of ``codeling tokenizer report``: bytes per token by language, against GPT-2's and GPT-4's."""

    source: str | None = None
    """Text to measure on; default data/raw/code_corpus.txt."""
    limit: int = 2_000
    """Documents at most from each source."""
    tokenizer: Path | None = None
    """tokenizer.json or its folder; default data/tokenizer/tokenizer.json."""
    seed: int = 1
    """Decides generated documents."""
    workdir: Path = Path()
    """Folder that holds data/."""
