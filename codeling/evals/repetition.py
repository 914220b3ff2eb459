"""Does a text go round in circles? Three answers that need no reference text.

distinct-n is Li et al. 2016 (arXiv 1510.03055); repeated 4-grams are the measure of Welleck et al. 2019 (arXiv
1908.04319).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Hashable, Sequence

import numpy as np

_UNIT = re.compile(r"\w+|[^\w\s]|\n")
# Three times in a row is a loop; twice is a figure of speech ("no, no").
LOOP_REPEATS = 3


def units(text: str) -> list[str]:
    """Words, punctuation marks and line breaks: what repetition is counted in, whatever the tokenizer."""
    return _UNIT.findall(text)


def distinct(sequence: Sequence[Hashable], n: int) -> float:
    """Different n-grams / n-grams, in (0, 1]; 1 for a sequence without any."""
    grams = _grams(sequence, n)
    return len(set(grams)) / len(grams) if grams else 1.0


def repeated(sequence: Sequence[Hashable], n: int = 4) -> float:
    """Share of n-grams that occur more than once; 0 for a sequence without any."""
    counts = Counter(_grams(sequence, n))
    total = sum(counts.values())
    return sum(count for count in counts.values() if count > 1) / total if total else 0.0


def longest_loop(sequence: Sequence[Hashable], *, max_period: int = 32) -> tuple[int, int]:
    """(units covered, period) of the longest stretch that says the same ``period`` units at least three times.

    (0, 0) when there is none. ``a b a b a b`` is (6, 2).
    """
    numbers: dict[Hashable, int] = {}
    values = np.array([numbers.setdefault(unit, len(numbers)) for unit in sequence], dtype=np.int64)
    best = (0, 0)
    for period in range(1, min(max_period, len(values) // LOOP_REPEATS) + 1):
        run = _longest_run(values[period:] == values[:-period])
        covered = run + period
        if covered >= LOOP_REPEATS * period and covered > best[0]:
            best = (covered, period)
    return best


def repetition(texts: Sequence[str]) -> dict[str, float]:
    """Means over texts: ``distinct_2``, ``repeated_4grams_share``, and ``looping_share``: texts whose longest loop
    covers at least a quarter of them. Empty texts do not count."""
    split = [sequence for sequence in map(units, texts) if sequence]
    if not split:
        return {"distinct_2": 1.0, "repeated_4grams_share": 0.0, "looping_share": 0.0}
    looping = [longest_loop(sequence)[0] >= len(sequence) / 4 for sequence in split]
    return {
        "distinct_2": float(np.mean([distinct(sequence, 2) for sequence in split])),
        "repeated_4grams_share": float(np.mean([repeated(sequence) for sequence in split])),
        "looping_share": float(np.mean(looping)),
    }


def _grams(sequence: Sequence[Hashable], n: int) -> list[tuple[Hashable, ...]]:
    return list(zip(*(sequence[start:] for start in range(n)), strict=False))


def _longest_run(flags: np.ndarray) -> int:
    """Length of the longest stretch of True."""
    ends = np.flatnonzero(np.diff(np.concatenate(([0], flags.astype(np.int8), [0]))))
    return int((ends[1::2] - ends[::2]).max(initial=0))
