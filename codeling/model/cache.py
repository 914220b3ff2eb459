"""Keys and values of the tokens seen so far, so that generation computes only the new ones.

Row b of the batch owns slots 0..length[b]-1, left-aligned: position p lives in slot p. A forward pass over (B, T)
tokens writes slots length[b]..length[b]+T-1 and then adds T to every length. Ragged prompts are padded on the right;
the caller then sets ``cache.length`` to the true lengths. What lies beyond a row's length is never attended to,
because a query at position p sees slots 0..p only, and each of those has been written by its own row by then.

Shapes: B batch, T time, S slots, K key/value heads, E head dimension.
"""

from __future__ import annotations

import torch
from torch import Tensor

from codeling.errors import UsageError
from codeling.model.config import ModelConfig


class KVCache:
    """Storage for ``batch_size`` rows of up to ``max_length`` tokens.

    >>> cache = KVCache(model.config, 2, 64, device="cpu", dtype=torch.float32)  # doctest: +SKIP
    >>> logits = model(prompts, cache=cache)  # prompts (2, T), padded on the right  # doctest: +SKIP
    >>> cache.length = torch.tensor([5, 3])  # the true lengths of the prompts  # doctest: +SKIP
    >>> logits = model(next_tokens, cache=cache)  # next_tokens (2, 1)  # doctest: +SKIP
    """

    def __init__(
        self,
        config: ModelConfig,
        batch_size: int,
        max_length: int,
        *,
        device: torch.device | str = "cpu",
        dtype: torch.dtype = torch.float32,
    ) -> None:
        if max_length > config.max_sequence_length:
            raise UsageError(
                f"a cache of {max_length} tokens: the model was built for {config.max_sequence_length}; "
                f"ask for at most that many (prompt and completion together)"
            )
        shape = (batch_size, config.num_kv_heads, max_length, config.head_dim)
        self.keys = [torch.zeros(shape, device=device, dtype=dtype) for _ in range(config.num_layers)]
        self.values = [torch.zeros(shape, device=device, dtype=dtype) for _ in range(config.num_layers)]
        self._length = torch.zeros(batch_size, device=device, dtype=torch.int64)
        # Known to Python, so that slicing and the choice of a mask never wait for the device.
        self.longest = 0
        self.uniform = True

    @property
    def batch_size(self) -> int:
        return self._length.shape[0]

    @property
    def max_length(self) -> int:
        return self.keys[0].shape[2]

    @property
    def length(self) -> Tensor:
        """Tokens held by each row, (B,) int64. Assign to it to forget the tail of rows (or the padding of prompts)."""
        return self._length

    @length.setter
    def length(self, lengths: Tensor) -> None:
        assert lengths.shape == self._length.shape, (lengths.shape, self._length.shape)
        known = lengths.tolist()
        assert all(0 <= length <= self.max_length for length in known), (known, self.max_length)
        self._length = lengths.to(self._length)
        self.longest = max(known, default=0)
        self.uniform = len(set(known)) <= 1

    def check_room(self, count: int) -> None:
        """Refuse ``count`` more tokens per row when the longest row has no room for them."""
        if self.longest + count > self.max_length:
            raise UsageError(
                f"{self.longest} + {count} tokens do not fit the cache's {self.max_length}; make a longer cache "
                f"(up to the model's max_sequence_length) or generate fewer tokens"
            )

    def positions(self, count: int) -> Tensor:
        """The positions of the next ``count`` tokens of each row, (B, count)."""
        first = self._length[:, None]
        return first if count == 1 else first + torch.arange(count, device=self._length.device)

    def write(self, layer: int, keys: Tensor, values: Tensor) -> tuple[Tensor, Tensor]:
        """Store the new (B, K, T, E) keys and values of one layer; return all of them as (B, K, S, E) views."""
        count = keys.shape[2]
        end = self.longest + count
        all_keys, all_values = self.keys[layer], self.values[layer]
        if self.uniform:
            all_keys[:, :, self.longest : end] = keys
            all_values[:, :, self.longest : end] = values
        else:
            slots = self.positions(count)[:, None, :, None].expand_as(keys)
            all_keys.scatter_(2, slots, keys.to(all_keys.dtype))
            all_values.scatter_(2, slots, values.to(all_values.dtype))
        return all_keys[:, :, :end], all_values[:, :, :end]

    def advance(self, count: int) -> None:
        """Every row now holds ``count`` tokens more."""
        self._length = self._length + count
        self.longest += count

    def select(self, rows: Tensor) -> None:
        """Keep ``rows`` (indices, in the new order; repeats fork a row), dropping finished ones."""
        rows = rows.to(self._length.device)
        self.keys = [tensor.index_select(0, rows) for tensor in self.keys]
        self.values = [tensor.index_select(0, rows) for tensor in self.values]
        self._length = self._length.index_select(0, rows)
        self.length = self._length  # the longest may have gone
