"""Fill-in-the-middle at batch time: a piece of a document, as stored, becomes a rearranged one.

The text is cut at two random CHARACTERS, not tokens, because that is where an editor's cursor stands; the three
parts are tokenised apart, just as an editor's prefix and suffix will be. Half of the documents are put in PSM and
half in SPM order (see codeling.tokenizer.fim_format, which owns the formats).

Tokenising the parts apart usually costs a token or two. Rows are planned before, so the result must keep within
``max_tokens``: a few other cuts are tried, and at last the cuts move to token boundaries, which cost nothing. So a
document is never dropped or cropped. Source: Bavarian et al., arXiv 2207.14255.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from codeling.tokenizer.fim_format import FimFormat
from codeling.tokenizer.special import SPECIAL_TOKENS

if TYPE_CHECKING:
    from codeling.tokenizer.bpe import Tokenizer

ATTEMPTS = 4
"""Character cuts that are tried before the cuts move to token boundaries."""


class FillInTheMiddle:
    """Rearranges tokenised text. Stateless: the same tokens and generator state give the same result."""

    def __init__(self, tokenizer: Tokenizer) -> None:
        self.format = FimFormat.of(tokenizer)
        self._tokenizer = tokenizer
        self._special = {tokenizer.token_id(name) for name in SPECIAL_TOKENS}

    def rearrange(self, tokens: np.ndarray, *, max_tokens: int, random: np.random.Generator) -> list[int]:
        """``tokens`` of a text (no end_of_text) in PSM or SPM order with sentinels and a final end_of_text.

        ``max_tokens`` bounds the result and must be at least ``len(tokens) + 4``. The text comes back exactly by
        ``format.restore`` and decoding.
        """
        ids = [int(token) for token in tokens]
        assert max_tokens >= len(ids) + 4, (max_tokens, len(ids))
        arrange = self.format.psm if random.random() < 0.5 else self.format.spm
        text = self._text(ids)
        if text is not None:
            for _ in range(ATTEMPTS):
                first, second = sorted(random.integers(0, len(text) + 1, size=2).tolist())
                parts = (text[:first], text[first:second], text[second:])
                rearranged = arrange(*(self._tokenizer.encode(part) for part in parts))
                if len(rearranged) <= max_tokens:
                    return rearranged
        first, second = sorted(random.integers(0, len(ids) + 1, size=2).tolist())
        return arrange(ids[:first], ids[first:second], ids[second:])

    def _text(self, ids: list[int]) -> str | None:
        """The text, or None when it cannot be cut by characters: it begins or ends within a character (a piece of a
        long document may), or holds special tokens, which would come back as plain text."""
        if not self._special.isdisjoint(ids):
            return None
        try:
            return self._tokenizer.decode_bytes(ids).decode("utf-8")
        except UnicodeDecodeError:
            return None
