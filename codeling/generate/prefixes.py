"""Keys and values of texts that were computed before, so that a prompt that begins like one of them costs less.

A chat sends its whole history with every message, an editor the same file with a few more letters. Texts are kept
whole, those used last, up to a number of tokens; a prompt takes the longest common beginning with any of them. Under
causal attention what is cached does not depend on what follows, so a hit changes nothing but the time (and rounding,
as any other order of summation does).
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import torch
from torch import Tensor

from codeling.model.cache import KVCache

MIN_HIT = 16
"""Shorter beginnings are computed again: many prompts share one by chance, and prefilling them together is faster."""


class Hit(NamedTuple):
    """A cached text and how many of its tokens a prompt begins with."""

    entry: int
    length: int


class PrefixCache:
    """Texts of ``max_tokens`` tokens together at most; 0 keeps none."""

    def __init__(self, max_tokens: int) -> None:
        self.max_tokens = max_tokens
        self.num_tokens = 0
        self._texts: OrderedDict[int, np.ndarray] = OrderedDict()  # the least recently used one first
        self._tensors: dict[int, list[Tensor]] = {}
        self._next = 0

    def find(self, prompt: Sequence[int]) -> Hit | None:
        """The best use for ``prompt``; always leaves a token to compute, for its logits are wanted."""
        if not self._texts:
            return None
        wanted = np.asarray(prompt[:-1], np.int64)
        best = max((Hit(key, _common(text, wanted)) for key, text in self._texts.items()), key=lambda hit: hit.length)
        if best.length < MIN_HIT:
            return None
        self._texts.move_to_end(best.entry)
        return best

    def load(self, hit: Hit, cache: KVCache) -> None:
        """Put the hit's tokens into the one row of an empty ``cache``."""
        for target, source in zip((*cache.keys, *cache.values), self._tensors[hit.entry], strict=True):
            target[0, :, : hit.length] = source[:, : hit.length]
        cache.length = torch.tensor([hit.length])

    def keep(self, ids: Sequence[int], cache: KVCache, row: int) -> None:
        """Copy the text ``ids`` from ``row`` of ``cache``, unless a longer one that begins like it is kept already."""
        if not MIN_HIT <= len(ids) <= self.max_tokens:
            return
        new = np.asarray(ids, np.int64)
        common = {key: _common(text, new) for key, text in self._texts.items()}
        for key, length in common.items():
            if length == len(new):
                self._texts.move_to_end(key)
                return
        for key, length in common.items():
            if length == len(self._texts[key]):
                self._drop(key)
        while self.num_tokens + len(new) > self.max_tokens:
            self._drop(next(iter(self._texts)))
        self._tensors[self._next] = [tensor[row, :, : len(new)].clone() for tensor in (*cache.keys, *cache.values)]
        self._texts[self._next] = new
        self.num_tokens += len(new)
        self._next += 1

    def _drop(self, key: int) -> None:
        self.num_tokens -= len(self._texts.pop(key))
        del self._tensors[key]


def _common(first: np.ndarray, second: np.ndarray) -> int:
    """The length of the longest common beginning."""
    length = min(len(first), len(second))
    different = np.flatnonzero(first[:length] != second[:length])
    return int(different[0]) if len(different) else length
