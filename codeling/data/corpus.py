"""The raw corpus format: a text file with ``<|endoftext|>`` between documents, and a manifest that labels them.

``NAME.txt`` is readable by anyone; ``NAME.json`` beside it keeps what plain text cannot: the source, language and
licence of each document, as runs over the documents in order, and the hash and counts that prove the file whole.
"""

from __future__ import annotations

import bisect
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from codeling.errors import Failure
from codeling.runtime.files import read_json

SEPARATOR = "<|endoftext|>"
CORPUS_FORMAT = "codeling-corpus-1"

Label = tuple[str, str, str]
"""(source, language, licence)"""


@dataclass(frozen=True)
class Labels:
    """The labels of a corpus's documents, by their position in the file."""

    ends: Sequence[int]
    labels: Sequence[Label]

    @classmethod
    def beside(cls, text_path: Path) -> Labels | None:
        """The labels of ``text_path``, if a corpus manifest lies beside it and describes a file of this size."""
        path = text_path.with_suffix(".json")
        if text_path.suffix != ".txt" or not path.is_file():
            return None
        try:
            manifest = read_json(path)
        except Failure:  # somebody's own file that happens to share the name
            return None
        if not isinstance(manifest, Mapping) or manifest.get("format") != CORPUS_FORMAT:
            return None
        size = text_path.stat().st_size
        if size != manifest["bytes"]:
            raise Failure(
                f"{text_path}: {size} bytes, but its manifest {path.name} says {manifest['bytes']}: it changed after "
                f"it was downloaded; download it again, or delete {path.name} to read it as plain text"
            )
        return cls.from_runs(manifest["runs"])

    @classmethod
    def from_runs(cls, runs: Sequence[Any]) -> Labels:
        ends, labels, end = [], [], 0
        for source, language, licence, count in runs:
            end += count
            ends.append(end)
            labels.append((source, language, licence))
        return cls(ends, labels)

    def of(self, index: int) -> Label:
        """The label of document ``index`` (0-based); the last one's beyond the end."""
        return self.labels[min(bisect.bisect_right(self.ends, index), len(self.labels) - 1)]
