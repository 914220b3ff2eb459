"""Causal self-attention with grouped queries, per-head norms before rotary positions, and an optional KV cache.

Sources: GQA, https://arxiv.org/abs/2305.13245; QK-norm, https://arxiv.org/abs/2302.05442; the order "norm, then
rotate" and everything else is Qwen3's, https://arxiv.org/abs/2505.09388.

Shapes: B batch, T time (queries), S slots (keys), D width, H heads, K key/value heads, E head dimension.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from codeling.model.blocked_attention import blocked_causal_attention
from codeling.model.cache import KVCache
from codeling.model.config import ModelConfig
from codeling.model.linear import Linear
from codeling.model.norms import NORMS
from codeling.model.positions import Rotation, rotate


@dataclass
class AttentionContext:
    """What every layer of one forward pass shares.

    ``mask`` (B, 1, T, S) is True where a query may look; None means causal over the same tokens (T == S), or, for a
    single query after a cache whose rows are equally long, everything. ``biases`` is the mask of packed documents in
    the form that the CPU's blocked attention takes.
    """

    rotation: Rotation | None
    mask: Tensor | None
    biases: list[Tensor] | None
    cache: KVCache | None


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


class Attention(nn.Module):
    """Queries, keys and values from x, attention, and the projection back; ``layer`` is its index in the cache."""

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

    def forward(self, x: Tensor, context: AttentionContext) -> Tensor:
        queries = self._heads(self.query(x), self.query_norm, context.rotation)  # (B, H, T, E)
        keys = self._heads(self.key(x), self.key_norm, context.rotation)  # (B, K, T, E)
        values = self._heads(self.value(x), None, None)  # (B, K, T, E)
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

    def _heads(self, x: Tensor, norm: nn.Module | None, rotation: Rotation | None) -> Tensor:
        heads = x.unflatten(-1, (-1, self.config.head_dim))  # (B, T, H or K, E)
        if norm is not None:
            heads = norm(heads)
        heads = heads.transpose(1, 2)
        return heads if rotation is None else rotate(heads, rotation)
