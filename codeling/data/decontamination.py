"""Keep evaluation problems out of training data: drop documents that share a long run of words with one.

The n-gram rule of GPT-3 (Brown et al. 2020, https://arxiv.org/abs/2005.14165, appendix C) with its n of 13: rare by
chance, hard to miss when a problem was copied. Words are runs of letters, digits and underscores, in lower case, so
layout and punctuation do not matter.
"""

from __future__ import annotations

import json
import re
from collections import deque
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from codeling.data.source_files import numbered_lines
from codeling.errors import Failure, UsageError

NUM_WORDS = 13

_WORD = re.compile(r"\w+")


class Decontamination:
    """Knows the 13-word runs of some evaluation files; ``touches`` answers whether a text holds one of them.

    >>> Decontamination([Path("eval_humaneval.jsonl.gz")]).touches("a text about dogs")  # doctest: +SKIP
    False
    """

    def __init__(self, paths: Iterable[Path]) -> None:
        """Read every string in the rows of jsonl files (plain, .gz or .zst). UsageError for a missing file."""
        self._runs: set[int] = set()
        for path in paths:
            if not path.is_file():
                raise UsageError(f"--exclude {path}: no such file; name the jsonl files of evaluations")
            before = len(self._runs)
            for text in _strings_of_file(path):
                self._runs.update(_word_runs(text))
            if len(self._runs) == before:
                raise Failure(f"{path}: holds no text of {NUM_WORDS} words, so it would exclude nothing")

    def touches(self, text: str) -> bool:
        """Whether any 13 words in a row of ``text`` are in an evaluation problem."""
        return bool(self._runs) and any(run in self._runs for run in _word_runs(text))


def _word_runs(text: str) -> Iterator[int]:
    # hash() differs between processes, but the set and the question live in the same one.
    window: deque[str] = deque(maxlen=NUM_WORDS)
    for match in _WORD.finditer(text.lower()):
        window.append(match[0])
        if len(window) == NUM_WORDS:
            yield hash(tuple(window))


def _strings_of_file(path: Path) -> Iterator[str]:
    for number, line in numbered_lines(path):
        if line.strip():
            try:
                yield from _strings(json.loads(line))
            except (json.JSONDecodeError, UnicodeDecodeError) as error:
                raise Failure(f"{path}:{number}: not valid JSON: {error}") from None


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for item in value.values() if isinstance(value, dict) else value:
            yield from _strings(item)
