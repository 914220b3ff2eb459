"""A document: text and where it came from. Everything before the tokenizer is a stream of these."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Document:
    """One unit of text that is trained on as a whole and never split between training and validation.

    ``id`` is unique within its source and stable between runs: a path, a row number, a generator's index.
    """

    text: str
    source: str
    language: str = "text"  # "text", "python", "bash", "sql", "javascript", ...
    licence: str = "unknown"
    id: str = ""
