"""Can a model fill in a missing line? Cases from held-out documents, exact match and edit similarity.

Like the single-line task of Bavarian et al. 2022 (arXiv 2207.14255): one line is taken out of a document, and the
model sees what stands before and after it.
"""

from __future__ import annotations

from dataclasses import dataclass

from codeling.data.shards import Shard
from codeling.runtime.seeds import generator
from codeling.tokenizer.bpe import Tokenizer

# Lines shorter than this are brackets and the like; longer ones say more about luck than about the model.
_SHORTEST, _LONGEST = 6, 80


@dataclass(frozen=True)
class FimCase:
    """``prefix + middle + suffix`` is (a window of) a document; ``middle`` is a line's text without its indentation."""

    prefix: str
    middle: str
    suffix: str


def fim_cases(shard: Shard, tokenizer: Tokenizer, *, count: int, seed: int, max_characters: int = 600) -> list[FimCase]:
    """Up to ``count`` cases from different documents of ``shard``, a pure function of the shard and ``seed``.

    ``max_characters`` of context are kept on each side.
    """
    cases: list[FimCase] = []
    random = generator(seed, "fim-cases")
    for index in random.permutation(shard.manifest.num_documents)[: 20 * count]:
        if len(cases) == count:
            break
        document = shard.document(int(index))
        # A book need not be decoded to take one line out of it.
        text = tokenizer.decode([int(token) for token in document[:4096] if token != shard.manifest.end_of_text])
        lines = text.splitlines(keepends=True)
        places = [place for place in range(1, len(lines) - 1) if _SHORTEST <= len(lines[place].strip()) <= _LONGEST]
        if not places:
            continue
        place = places[int(random.integers(len(places)))]
        middle = lines[place].strip()
        start = sum(map(len, lines[:place])) + lines[place].index(middle)
        end = start + len(middle)
        cases.append(FimCase(text[max(0, start - max_characters) : start], middle, text[end : end + max_characters]))
    return cases


def edit_similarity(one: str, other: str) -> float:
    """1 - Levenshtein distance / length of the longer text, in [0, 1]; two empty texts are equal."""
    if one == other:
        return 1.0
    return 1 - edit_distance(one, other) / max(len(one), len(other))


def edit_distance(one: str, other: str) -> int:
    """Insertions, deletions and substitutions of characters that turn one text into the other (Levenshtein)."""
    previous = list(range(len(other) + 1))
    for row, left in enumerate(one, start=1):
        current = [row]
        for column, right in enumerate(other, start=1):
            current.append(min(previous[column] + 1, current[-1] + 1, previous[column - 1] + (left != right)))
        previous = current
    return previous[-1]
