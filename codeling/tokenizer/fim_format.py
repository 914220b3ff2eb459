"""The one definition of how a document looks when it is rearranged for fill-in-the-middle.

A document ``prefix + middle + suffix`` becomes one of

    PSM   <|fim_prefix|> prefix <|fim_suffix|> suffix <|fim_middle|> middle <|endoftext|>
    SPM   <|fim_prefix|> <|fim_suffix|> suffix <|fim_middle|> prefix middle <|endoftext|>

so that a plain left-to-right model learns to write the middle. PSM is what editors send; SPM, in the variant whose
sentinels open a PSM of an empty prefix, lets both orders help each other. Source: Bavarian et al., "Efficient
Training of Language Models to Fill in the Middle", arXiv 2207.14255, sections 3 and 4; the sentinels' names are
Qwen2.5-Coder's. Training data and inference both come through this file, so they cannot disagree.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from codeling.tokenizer.special import END_OF_TEXT, FIM_MIDDLE, FIM_PAD, FIM_PREFIX, FIM_SUFFIX

SENTINELS = 3
"""Tokens that either order adds to a document, besides the ``<|endoftext|>`` that every document has."""


class SupportsFim(Protocol):
    """What this file needs of a tokenizer."""

    def token_id(self, name: str) -> int: ...

    def encode(self, text: str) -> list[int]: ...


@dataclass(frozen=True)
class FimFormat:
    """The token ids of the sentinels, and the two orders as functions of token ids.

    >>> form = FimFormat.of(tokenizer)  # doctest: +SKIP
    >>> form.psm(tokenizer.encode("a = "), tokenizer.encode("1"), tokenizer.encode("\\n"))  # doctest: +SKIP
    """

    prefix: int
    suffix: int
    middle: int
    pad: int
    end_of_text: int

    @classmethod
    def of(cls, tokenizer: SupportsFim) -> FimFormat:
        names = (FIM_PREFIX, FIM_SUFFIX, FIM_MIDDLE, FIM_PAD, END_OF_TEXT)
        return cls(*(tokenizer.token_id(name) for name in names))

    @property
    def sentinels(self) -> tuple[int, int, int]:
        return self.prefix, self.suffix, self.middle

    def psm(self, prefix: Sequence[int], middle: Sequence[int], suffix: Sequence[int]) -> list[int]:
        """A whole training document, prefix first. The arguments are in reading order: prefix, middle, suffix."""
        return [*self.psm_prompt(prefix, suffix), *middle, self.end_of_text]

    def spm(self, prefix: Sequence[int], middle: Sequence[int], suffix: Sequence[int]) -> list[int]:
        """A whole training document, suffix first. The arguments are in reading order: prefix, middle, suffix."""
        return [*self.spm_prompt(prefix, suffix), *middle, self.end_of_text]

    def psm_prompt(self, prefix: Sequence[int], suffix: Sequence[int]) -> list[int]:
        """Everything before the middle, in PSM order: what a model is given to complete."""
        return [self.prefix, *prefix, self.suffix, *suffix, self.middle]

    def spm_prompt(self, prefix: Sequence[int], suffix: Sequence[int]) -> list[int]:
        """Everything before the middle, in SPM order: suffix, then prefix, so that the middle follows its prefix."""
        return [self.prefix, self.suffix, *suffix, self.middle, *prefix]

    def restore(self, tokens: Sequence[int]) -> list[int]:
        """The document's tokens in reading order, without sentinels and the final ``<|endoftext|>``.

        The inverse of ``psm`` and ``spm``; tokens that are in neither order are a ValueError.
        """
        ids = [int(token) for token in tokens]
        if [ids.count(sentinel) for sentinel in self.sentinels] != [1, 1, 1] or ids[0] != self.prefix:
            raise ValueError(f"not a fill-in-the-middle document: {ids[:8]}... has no well-formed set of sentinels")
        suffix_at, middle_at = ids.index(self.suffix), ids.index(self.middle)
        if suffix_at > middle_at:
            raise ValueError("not a fill-in-the-middle document: the middle's sentinel comes before the suffix's")
        end = len(ids) - (ids[-1] == self.end_of_text)
        # In SPM nothing stands between the first two sentinels and the prefix is glued to the middle;
        # either way what stands there, then what follows the last sentinel, then the suffix is the document.
        return ids[1:suffix_at] + ids[middle_at + 1 : end] + ids[suffix_at + 1 : middle_at]


def fim_prompt(tokenizer: SupportsFim, prefix: str, suffix: str) -> list[int]:
    """Token ids that ask a model for the text between ``prefix`` and ``suffix``; it ends with ``<|endoftext|>``.

    >>> fim_prompt(tokenizer, "def add(a, b):\\n    return ", "\\n")  # doctest: +SKIP
    """
    return FimFormat.of(tokenizer).psm_prompt(tokenizer.encode(prefix), tokenizer.encode(suffix))
