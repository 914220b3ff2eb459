"""Causal attention for the CPU: a few query rows at a time, each block seeing only the keys up to its own end.

PyTorch's scaled_dot_product_attention spends two to three times longer in bf16 on this path (measured, docs/LOG.md):
it does not use the CPU's bf16 matrix products well, nor skip the upper triangle. Here each block is one batched
matrix product, a softmax (fp32 inside) and a second product. The probabilities of a block, 2 bytes for each of the
(T * T + T * ROWS) / 2 pairs of a head in bf16, are kept for the backward pass, which is four more products.

Grouped queries need no copies of keys: the queries of the G heads that share a key head are rows of one product.

Shapes: B batch, T time, K key/value heads, G query heads per key head, E head dimension, R rows of a block,
n keys that the block sees.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import torch
from torch import Tensor

ROWS = 128
"""Queries in a block: fewer waste less above the diagonal, more make larger products."""


def causal_biases(document_ids: Tensor, dtype: torch.dtype) -> list[Tensor]:
    """For each block of rows, what to add to its scores: 0 where a query may look, -inf elsewhere; (B, 1, 1, R, n).

    document_ids (B, T): a query sees the positions up to its own that have its own id.
    """
    length, device = document_ids.shape[1], document_ids.device
    biases = []
    for start in range(0, length, ROWS):
        end = min(start + ROWS, length)
        hidden = document_ids[:, start:end, None] != document_ids[:, None, :end]  # (B, R, n)
        hidden[:, :, start:] |= torch.ones(end - start, end - start, dtype=torch.bool, device=device).triu_(1)
        bias = torch.zeros(hidden.shape, dtype=dtype, device=device).masked_fill_(hidden, float("-inf"))
        biases.append(bias[:, None, None])
    return biases


def blocked_causal_attention(
    queries: Tensor, keys: Tensor, values: Tensor, biases: Sequence[Tensor] | None = None
) -> Tensor:
    """softmax(q k^T / sqrt(E)) v with a causal mask, or with ``causal_biases``: (B, T, H * E).

    queries (B, H, T, E); keys and values (B, K, T, E) with H a multiple of K. All in one number type.
    """
    return _BlockedAttention.apply(queries, keys, values, *(biases or ()))


class _BlockedAttention(torch.autograd.Function):
    @staticmethod
    def forward(ctx: Any, queries: Tensor, keys: Tensor, values: Tensor, *biases: Tensor) -> Tensor:
        batch, heads, length, head_dim = queries.shape
        groups = keys.shape[1]
        shape = (batch, groups, heads // groups)
        # Scaling the few queries costs less than scaling the many scores.
        scaled = (queries * head_dim**-0.5).unflatten(1, shape[1:])  # (B, K, G, T, E)
        flat_keys, flat_values = keys.flatten(0, 1).contiguous(), values.flatten(0, 1).contiguous()  # (B * K, T, E)
        output = queries.new_empty(batch, length, *shape[1:], head_dim)  # (B, T, K, G, E)
        probabilities = []
        for index, start in enumerate(range(0, length, ROWS)):
            end = min(start + ROWS, length)
            rows = scaled[:, :, :, start:end].reshape(batch * groups, -1, head_dim)  # (B * K, G * R, E)
            scores = torch.bmm(rows, flat_keys[:, :end].transpose(1, 2))  # (B * K, G * R, n)
            blocks = scores.view(*shape, end - start, end)  # (B, K, G, R, n)
            if biases:
                blocks += biases[index]
            else:
                blocks[..., start:] += _upper_triangle(end - start, scores)
            chances = torch.softmax(scores, -1)
            mixed = torch.bmm(chances, flat_values[:, :end])  # (B * K, G * R, E)
            output[:, start:end] = mixed.view(*shape, end - start, head_dim).permute(0, 3, 1, 2, 4)
            probabilities.append(chances)
        ctx.save_for_backward(scaled, flat_keys, flat_values, *probabilities)
        return output.flatten(2)

    @staticmethod
    def backward(ctx: Any, *grad_outputs: Tensor) -> tuple[Tensor | None, ...]:
        scaled, keys, values, *probabilities = ctx.saved_tensors
        batch, groups, group_size, length, head_dim = scaled.shape
        shape = (batch, groups, group_size)
        gradient = grad_outputs[0].reshape(batch, length, groups, group_size, head_dim).permute(0, 2, 3, 1, 4)
        wide = torch.promote_types(scaled.dtype, torch.float32)
        grad_queries = torch.empty_like(scaled)
        grad_keys = torch.zeros(keys.shape, dtype=wide, device=keys.device)
        grad_values = torch.zeros(values.shape, dtype=wide, device=values.device)
        for chances, start in zip(probabilities, range(0, length, ROWS), strict=True):
            end = chances.shape[-1]
            rows = scaled[:, :, :, start:end].reshape(batch * groups, -1, head_dim)  # (B * K, G * R, E)
            outer = gradient[:, :, :, start:end].reshape(batch * groups, -1, head_dim)
            grad_chances = torch.bmm(outer, values[:, :end].transpose(1, 2))  # (B * K, G * R, n)
            grad_scores = torch._softmax_backward_data(grad_chances, chances, -1, chances.dtype)
            grad_rows = torch.bmm(grad_scores, keys[:, :end])
            grad_queries[:, :, :, start:end] = grad_rows.view(*shape, end - start, head_dim)
            grad_keys[:, :end] += torch.bmm(grad_scores.transpose(1, 2), rows)
            grad_values[:, :end] += torch.bmm(chances.transpose(1, 2), outer)
        return (
            grad_queries.flatten(1, 2) * head_dim**-0.5,
            grad_keys.to(keys.dtype).unflatten(0, (batch, groups)),
            grad_values.to(values.dtype).unflatten(0, (batch, groups)),
            *[None] * len(probabilities if len(ctx.needs_input_grad) > 3 else ()),
        )


def _upper_triangle(size: int, like: Tensor) -> Tensor:
    """(size, size): -inf above the diagonal, 0 elsewhere."""
    return torch.full((size, size), float("-inf"), dtype=like.dtype, device=like.device).triu_(1)
