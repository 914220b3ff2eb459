"""Causal self-attention with grouped queries, per-head norms before rotary positions, and an optional KV cache.

Sources: GQA, https://arxiv.org/abs/2305.13245; QK-norm, https://arxiv.org/abs/2302.05442; the order "norm, then
rotate" and everything else is Qwen3's, https://arxiv.org/abs/2505.09388.

Shapes: B batch, T time (queries), S slots (keys), D width, H heads, K key/value heads, E head dimension.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from codeling.model.blocked_attention import blocked_causal_attention
from codeling.model.cache import KVCache
from codeling.model.config import ModelConfig
from codeling.model.linear import Linear
from codeling.model.norms import NORMS
from codeling.model.positions import Rotation, rolling, rotate, rotate_by_rolling


@dataclass
class AttentionContext:
    """What every layer of one forward pass shares.

    ``mask`` (B, 1, T, S) is True where a query may look; None means causal over the same tokens (T == S), or, for a
    single query after a cache whose rows are equally long, everything. ``biases`` is the mask of packed documents in
    the form that the CPU's blocked attention takes. ``is_step``: one token a row, after those in the cache; the mask is
    then what to add to the scores, 0 or -inf, and the rotation is `rolling`'s.
    """

    rotation: Rotation | None
    mask: Tensor | None
    biases: list[Tensor] | None
    cache: KVCache | None
    is_step: bool = False


def visibility(
    positions: Tensor | None, document_ids: Tensor | None, *, num_slots: int, length: int, device: torch.device
) -> Tensor:
    """The (B or 1, 1, T, S) mask: a query sees the slots up to its own and, with ``document_ids``, its own document.

    ``positions`` (B, T) are the queries' slots; None means 0..length-1.
    """
    slots = torch.arange(num_slots, device=device)
    queries = torch.arange(length, device=device)[None] if positions is None else positions
    mask = slots[None, None, :] <= queries[:, :, None]  # (B or 1, T, S)
    if document_ids is not None:
        mask = mask & (document_ids[:, :, None] == document_ids[:, None, :])
    return mask[:, None]


def step_context(cache: KVCache, rotation: Rotation | None, dtype: torch.dtype) -> AttentionContext:
    """For the next token of every row of ``cache``; ``dtype`` is that of the scores."""
    mask = None
    if not cache.uniform:
        positions = cache.positions(1)
        seen = visibility(positions, None, num_slots=cache.longest + 1, length=1, device=positions.device)
        mask = torch.zeros(seen.shape, dtype=dtype, device=seen.device).masked_fill_(~seen, -torch.inf)
    return AttentionContext(None if rotation is None else rolling(rotation), mask, None, cache, is_step=True)


class Attention(nn.Module):
    """Queries, keys and values from x, attention, and the projection back; ``layer`` is its index in the cache.

    After ``join``, which generating in few operations wants, ``projection`` and ``norm`` stand for the three matrices
    and the two norms.
    """

    def __init__(self, config: ModelConfig, layer: int) -> None:
        super().__init__()
        self.config = config
        self.layer = layer
        width, head_dim = config.d_model, config.head_dim
        self.query = Linear(width, config.num_heads * head_dim, bias=config.bias)
        self.key = Linear(width, config.num_kv_heads * head_dim, bias=config.bias)
        self.value = Linear(width, config.num_kv_heads * head_dim, bias=config.bias)
        self.output = Linear(config.num_heads * head_dim, width, bias=config.bias)
        norm = NORMS[config.norm]
        self.query_norm = norm(head_dim, epsilon=config.norm_epsilon) if config.qk_norm else None
        self.key_norm = norm(head_dim, epsilon=config.norm_epsilon) if config.qk_norm else None
        self.projection: nn.Module | None = None
        self.norm: nn.Module | None = None

    def join(self, matrix: Callable[[Tensor, Tensor | None], nn.Module]) -> None:
        """One product makes queries, keys and values from now on, by ``matrix(weight, bias)``."""
        parts = [self.query, self.key, self.value]
        biases: list[Tensor] = [part.bias for part in parts if part.bias is not None]
        self.projection = matrix(torch.cat([part.weight for part in parts]), torch.cat(biases) if biases else None)
        if self.query_norm is not None and self.key_norm is not None:
            heads = ((self.query_norm, self.config.num_heads), (self.key_norm, self.config.num_kv_heads))
            self.norm = type(self.query_norm)(self.config.head_dim, epsilon=self.config.norm_epsilon)
            for name, _ in self.query_norm.named_parameters():
                rows = [getattr(norm, name).detach().expand(count, -1) for norm, count in heads]
                setattr(self.norm, name, nn.Parameter(torch.cat(rows)))
        del self.query, self.key, self.value, self.query_norm, self.key_norm

    def forward(self, x: Tensor, context: AttentionContext) -> Tensor:
        if context.is_step:
            return self._step(x, context)
        queries, keys, values = (heads.transpose(1, 2) for heads in self._project(x))  # (B, H or K, T, E)
        if context.rotation is not None:
            queries, keys = rotate(queries, context.rotation), rotate(keys, context.rotation)
        if context.cache is not None:
            keys, values = context.cache.write(self.layer, keys, values)
            keys, values = keys.to(queries.dtype), values.to(queries.dtype)
        return self.output(self._attend(queries, keys, values, context))  # (B, T, D)

    def _attend(self, queries: Tensor, keys: Tensor, values: Tensor, context: AttentionContext) -> Tensor:
        causal = context.mask is None and keys.shape[2] == queries.shape[2]
        if causal and queries.device.type == "cpu" and queries.shape[2] > 1:
            return blocked_causal_attention(queries, keys, values, context.biases).flatten(2)
        mixed = F.scaled_dot_product_attention(
            queries,
            keys,
            values,
            attn_mask=context.mask,
            is_causal=causal,
            enable_gqa=self.config.num_kv_heads != self.config.num_heads,
        )
        return mixed.transpose(1, 2).flatten(2)

    def _step(self, x: Tensor, context: AttentionContext) -> Tensor:
        """The same for one token of each row, in fewer operations: it is they that cost when there is little to do."""
        assert context.cache is not None
        queries, keys, values = self._project(x)  # (B, 1, H or K, E)
        if context.rotation is not None:
            both = rotate_by_rolling(torch.cat([queries, keys], 2), context.rotation)
            queries, keys = both.split([self.config.num_heads, self.config.num_kv_heads], 2)
        keys, values = context.cache.write(self.layer, keys.transpose(1, 2), values.transpose(1, 2))
        mixed = F.scaled_dot_product_attention(
            queries.transpose(1, 2),
            keys.to(queries.dtype),
            values.to(queries.dtype),
            attn_mask=context.mask,
            enable_gqa=self.config.num_kv_heads != self.config.num_heads,
        )
        return self.output(mixed.transpose(1, 2).flatten(2))

    def _project(self, x: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Queries (B, T, H, E), keys and values (B, T, K, E), the first two normed."""
        shape = (*x.shape[:2], -1, self.config.head_dim)
        if self.projection is None:
            queries, keys, values = self.query(x).view(shape), self.key(x).view(shape), self.value(x).view(shape)
            if self.query_norm is not None and self.key_norm is not None:
                queries, keys = self.query_norm(queries), self.key_norm(keys)
            return queries, keys, values
        heads, kv_heads = self.config.num_heads, self.config.num_kv_heads
        if self.norm is None:
            queries, keys, values = self.projection(x).view(shape).split([heads, kv_heads, kv_heads], 2)
            return queries, keys, values
        both, values = self.projection(x).view(shape).split([heads + kv_heads, kv_heads], 2)
        queries, keys = self.norm(both).split([heads, kv_heads], 2)
        return queries, keys, values
