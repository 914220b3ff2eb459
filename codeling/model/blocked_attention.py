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

from collections.abc import Iterator, Sequence
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
    """softmax(q k^T / sqrt(E)) v with a causal mask, or with ``causal_biases``: (B, T, H, E).

    queries (B, H, T, E); keys and values (B, K, T, E) with H a multiple of K. All in one number type.
    """
    # Scaling the few queries costs less than scaling the many scores.
    scaled = queries * queries.shape[-1] ** -0.5
    if torch.is_grad_enabled():
        return _attend(scaled, keys, values, list(biases or ()))[0]
    return _attend_plainly(scaled, keys, values, biases or ())[0]


def _attend_plainly(queries: Tensor, keys: Tensor, values: Tensor, biases: Sequence[Tensor]) -> tuple[Tensor, Tensor]:
    """Output (B, T, H, E) for scaled queries, and the probabilities of all blocks in one row."""
    batch, heads, length, head_dim = queries.shape
    groups = keys.shape[1]
    flat_queries = queries.reshape(batch * groups, heads // groups, length, head_dim)
    transposed_keys = keys.flatten(0, 1).transpose(1, 2).contiguous()  # (B * K, E, T)
    flat_values = values.flatten(0, 1).contiguous()
    triangle = torch.full((ROWS, ROWS), float("-inf"), dtype=queries.dtype, device=queries.device).triu_(1)
    output = queries.new_empty(batch, length, groups, heads // groups, head_dim)
    storage = queries.new_empty(_num_probabilities(queries))
    for index, (start, end, chances) in enumerate(_blocks(storage, flat_queries)):
        rows = flat_queries[:, :, start:end].reshape(batch * groups, -1, head_dim)  # (B * K, G * R, E)
        scores = torch.bmm(rows, transposed_keys[:, :, :end])  # (B * K, G * R, n)
        split = scores.view(batch, groups, -1, end - start, end)  # (B, K, G, R, n)
        if biases:
            split += biases[index]
        else:
            split[..., start:] += triangle[: end - start, : end - start]
        torch.softmax(scores, -1, out=chances)
        mixed = torch.bmm(chances, flat_values[:, :end])  # (B * K, G * R, E)
        output[:, start:end] = mixed.view(batch, groups, -1, end - start, head_dim).permute(0, 3, 1, 2, 4)
    return output.flatten(2, 3), storage


# Opaque operators, so that torch.compile calls them as they are instead of tracing every block. The first call of one
# takes seconds, for it imports the compiler: what needs no gradients does without.


@torch.library.custom_op("codeling::blocked_attention", mutates_args=())
def _attend(queries: Tensor, keys: Tensor, values: Tensor, biases: list[Tensor]) -> tuple[Tensor, Tensor]:
    return _attend_plainly(queries, keys, values, biases)


@torch.library.custom_op("codeling::blocked_attention_backward", mutates_args=())
def _attend_backward(
    gradient: Tensor, queries: Tensor, keys: Tensor, values: Tensor, storage: Tensor
) -> tuple[Tensor, Tensor, Tensor]:
    """Gradients of scaled queries, keys and values, in their shapes, for ``gradient`` (B, T, H, E)."""
    batch, heads, length, head_dim = queries.shape
    groups = keys.shape[1]
    flat_queries = queries.reshape(batch * groups, heads // groups, length, head_dim)
    flat_gradient = gradient.transpose(1, 2).reshape(flat_queries.shape)
    flat_keys = keys.flatten(0, 1).contiguous()  # (B * K, T, E)
    transposed_values = values.flatten(0, 1).transpose(1, 2).contiguous()  # (B * K, E, T)
    wide = torch.promote_types(queries.dtype, torch.float32)
    grad_queries = torch.empty_like(flat_queries)
    grad_keys = torch.zeros(flat_keys.shape, dtype=wide, device=keys.device)
    grad_values = torch.zeros(flat_keys.shape, dtype=wide, device=keys.device)
    for start, end, chances in _blocks(storage, flat_queries):
        rows = flat_queries[:, :, start:end].reshape(batch * groups, -1, head_dim)  # (B * K, G * R, E)
        outer = flat_gradient[:, :, start:end].reshape(batch * groups, -1, head_dim)
        grad_chances = torch.bmm(outer, transposed_values[:, :, :end])  # (B * K, G * R, n)
        grad_scores = torch._softmax_backward_data(grad_chances, chances, -1, chances.dtype)
        grad_rows = torch.bmm(grad_scores, flat_keys[:, :end])
        grad_queries[:, :, start:end] = grad_rows.view(batch * groups, -1, end - start, head_dim)
        grad_keys[:, :end] += torch.bmm(grad_scores.transpose(1, 2), rows)
        grad_values[:, :end] += torch.bmm(chances.transpose(1, 2), outer)
    return (
        grad_queries.view(queries.shape),
        grad_keys.to(keys.dtype).view(keys.shape),
        grad_values.to(values.dtype).view(values.shape),
    )


def _num_probabilities(queries: Tensor) -> int:
    """How many query-key pairs the blocks of (B, H, T, E) queries compute."""
    batch, heads, length, _ = queries.shape
    ends = [(start, min(start + ROWS, length)) for start in range(0, length, ROWS)]
    return batch * heads * sum((end - start) * end for start, end in ends)


def _blocks(storage: Tensor, flat_queries: Tensor) -> Iterator[tuple[int, int, Tensor]]:
    """Each block's first row, end, and its (B * K, G * R, n) part of ``storage``."""
    products, group_size, length, _ = flat_queries.shape
    offset = 0
    for start in range(0, length, ROWS):
        end = min(start + ROWS, length)
        count = products * group_size * (end - start) * end
        yield start, end, storage[offset : offset + count].view(products, group_size * (end - start), end)
        offset += count


@_attend.register_fake
def _attend_shapes(queries: Tensor, keys: Tensor, values: Tensor, biases: list[Tensor]) -> tuple[Tensor, Tensor]:
    batch, heads, length, head_dim = queries.shape
    return queries.new_empty(batch, length, heads, head_dim), queries.new_empty(_num_probabilities(queries))


@_attend_backward.register_fake
def _attend_backward_shapes(
    gradient: Tensor, queries: Tensor, keys: Tensor, values: Tensor, storage: Tensor
) -> tuple[Tensor, Tensor, Tensor]:
    return tuple(torch.empty_like(t, memory_format=torch.contiguous_format) for t in (queries, keys, values))  # pyright: ignore[reportReturnType]


def _keep_for_backward(ctx: Any, inputs: tuple[Any, ...], output: tuple[Tensor, Tensor]) -> None:
    ctx.save_for_backward(*inputs[:3], output[1])
    ctx.num_biases = len(inputs[3])


def _backward(ctx: Any, gradient: Tensor, _: Tensor | None) -> tuple[Tensor | list[None], ...]:
    return *_attend_backward(gradient, *ctx.saved_tensors), [None] * ctx.num_biases


_attend.register_autograd(_backward, setup_context=_keep_for_backward)
