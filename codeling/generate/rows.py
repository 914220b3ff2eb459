"""The keys and values of the requests that are being decoded: one rectangle of rows, which fits them, within a bound.

Row b holds one request from its prompt to its last token. All rows are equally long, so that one matrix product serves
all of them; the rectangle gets more or longer rows when requests need them, and another shape when the bound
demands it. What a request may need at most is known when it comes (prompt and token limit), so one that was let in
never runs out of memory, and one that does not fit waits.

Shapes: K key/value heads, E head dimension.
"""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

from codeling.model.cache import KVCache
from codeling.model.config import ModelConfig

# Rows are a multiple of this many tokens long, so that slightly longer requests do not need a new rectangle.
_STEP = 64


class Rows:
    """Storage for up to ``max_rows`` rows, ``max_tokens`` in the whole rectangle (None: no bound)."""

    def __init__(
        self,
        config: ModelConfig,
        *,
        max_rows: int,
        max_tokens: int | None,
        device: torch.device,
        dtype: torch.dtype,
    ) -> None:
        self._config, self._device, self._dtype = config, device, dtype
        self.max_rows = max_rows
        # No bound means no more than every row at its longest.
        self.max_tokens = max_rows * config.max_sequence_length if max_tokens is None else max_tokens
        self._keys: list[Tensor] = []
        self._values: list[Tensor] = []
        self.num_rows, self.length = 0, 0

    def can_hold(self, needs: Sequence[int]) -> bool:
        """Whether requests of ``needs`` tokens each fit together."""
        if len(needs) > self.max_rows:
            return False
        fits_as_it_is = len(needs) <= self.num_rows and max(needs, default=0) <= self.length
        return fits_as_it_is or len(needs) * max(needs, default=0) <= self.max_tokens

    def reserve(self, needs: Sequence[int], *, num_used: int, used_length: int) -> None:
        """Make room for ``needs``, which ``can_hold`` accepted; keeps the first tokens of the first rows."""
        longest = max(needs, default=0)
        if len(needs) <= self.num_rows and longest <= self.length:
            return
        # Room to spare as far as the bound allows: a rectangle that grew row by row would be copied for each.
        length = min(-(-longest // _STEP) * _STEP, self._config.max_sequence_length, self.max_tokens // len(needs))
        if self.length > length and self.length * len(needs) <= self.max_tokens:
            length = self.length
        count = max(len(needs), min(2 * self.num_rows, self.max_rows, self.max_tokens // length))
        shape = (count, self._config.num_kv_heads, length, self._config.head_dim)
        for layer in range(self._config.num_layers):  # one after the other, so that little is there twice
            for tensors in (self._keys, self._values):
                new = torch.zeros(shape, device=self._device, dtype=self._dtype)
                if layer == len(tensors):
                    tensors.append(new)
                    continue
                new[:num_used, :, :used_length] = tensors[layer][:num_used, :, :used_length]
                tensors[layer] = new
        self.num_rows, self.length = count, length

    def put(self, row: int, cache: KVCache, source: int, count: int) -> None:
        """Copy the first ``count`` tokens of row ``source`` of ``cache`` into ``row``."""
        for mine, theirs in zip((*self._keys, *self._values), (*cache.keys, *cache.values), strict=True):
            mine[row, :, :count] = theirs[source, :, :count]

    def move(self, source: int, target: int, count: int) -> None:
        """Copy ``count`` tokens from one row to another."""
        for tensor in (*self._keys, *self._values):
            tensor[target, :, :count] = tensor[source, :, :count]

    def view(self, lengths: Sequence[int]) -> KVCache:
        """A cache that is the first rows, holding ``lengths`` tokens; what it writes is written here."""
        count = len(lengths)
        cache = KVCache(self._config, count, 0, device=self._device, dtype=self._dtype)
        cache.keys = [tensor[:count] for tensor in self._keys]
        cache.values = [tensor[:count] for tensor in self._values]
        cache.length = torch.tensor(lengths)
        return cache
