"""Cross-entropy straight from hidden states, without ever holding all logits.

At 4,096 tokens and a vocabulary of 32,000, fp32 logits and their gradient would take 1 GB and most of a training
step. Here a chunk of rows at a time goes through: logits in the compute type, softmax in fp32, and, because the
gradient of a sum of cross-entropies needs nothing from later layers, at once the chunk's gradients. The backward
pass only multiplies them by the incoming scalar. Nothing is computed twice.

The idea of computing the gradient in the forward pass: Liger Kernel, https://arxiv.org/abs/2410.10989.

Shapes: N rows (B * T), C rows of a chunk, D width, V vocabulary.
"""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor

from codeling.model.precision import accumulation_dtype, compute_dtype

IGNORE = -100
"""The target of a position that is not trained on."""

CHUNK_ELEMENTS = 1 << 25
"""Logits of one chunk (64 MB in bf16); larger chunks add up the weight's gradient less often."""


def linear_cross_entropy(hidden: Tensor, weight: Tensor, targets: Tensor) -> Tensor:
    """Sum over targets != -100 of the cross-entropy of ``softmax(hidden @ weight.T)``, as an fp32 scalar.

    hidden (..., D) and targets (...) of the same leading shape, weight (V, D). fp64 inputs give an fp64 sum. No
    valid target gives zero with zero gradients. Its gradients are computed once: a second backward pass through
    the same result is refused.
    """
    dtype = compute_dtype(weight)
    flat_hidden = hidden.reshape(-1, hidden.shape[-1])
    with torch.autocast(hidden.device.type, enabled=False):
        return _LinearCrossEntropy.apply(flat_hidden, weight, targets.reshape(-1), dtype)


class _LinearCrossEntropy(torch.autograd.Function):
    @staticmethod
    def forward(ctx: Any, hidden: Tensor, weight: Tensor, targets: Tensor, dtype: torch.dtype) -> Tensor:
        rows, vocabulary = hidden.shape[0], weight.shape[0]
        wide = accumulation_dtype(dtype)
        size = max(1, min(rows, CHUNK_ELEMENTS // vocabulary))
        inputs, matrix = hidden.to(dtype), weight.to(dtype)
        needs_hidden, needs_weight = ctx.needs_input_grad[:2]
        grad_hidden = torch.empty_like(inputs) if needs_hidden else None
        grad_weight = torch.zeros(weight.shape, dtype=wide, device=weight.device) if needs_weight else None
        total = torch.zeros((), dtype=wide, device=hidden.device)
        for start in range(0, rows, size):
            chunk = inputs[start : start + size]  # (C, D)
            logits = chunk @ matrix.T  # (C, V)
            loss, gradient = loss_and_gradient(logits, targets[start : start + size])
            total += loss
            if grad_hidden is not None:
                torch.mm(gradient, matrix, out=grad_hidden[start : start + size])
            if grad_weight is not None:
                grad_weight += gradient.T @ chunk
        ctx.gradients = (grad_hidden, grad_weight)
        ctx.dtypes = (hidden.dtype, weight.dtype)
        return total

    @staticmethod
    def backward(ctx: Any, *grad_outputs: Tensor) -> tuple[Tensor | None, Tensor | None, None, None]:
        assert ctx.gradients is not None, "linear_cross_entropy keeps its gradients for one backward pass only"
        gradients, ctx.gradients = ctx.gradients, None
        scaled = (
            None if gradient is None else gradient.mul_(grad_outputs[0]).to(dtype)
            for gradient, dtype in zip(gradients, ctx.dtypes, strict=True)
        )
        return (*scaled, None, None)  # pyright: ignore[reportReturnType]


def loss_and_gradient(logits: Tensor, targets: Tensor) -> tuple[Tensor, Tensor]:
    """The summed cross-entropy of (C, V) logits and its gradient (C, V) in the logits' type; fp32 inside."""
    wide = logits.to(accumulation_dtype(logits.dtype))
    valid = targets != IGNORE  # (C,)
    indices = targets.clamp_min(0)[:, None]  # (C, 1)
    log_sums = wide.logsumexp(-1, keepdim=True)  # (C, 1)
    losses = (log_sums - wide.gather(1, indices)).squeeze(1)  # (C,)
    gradient = (wide - log_sums).exp_()
    gradient.scatter_add_(1, indices, gradient.new_full(indices.shape, -1.0))
    gradient.mul_(valid[:, None])
    return losses.mul(valid).sum(), gradient.to(logits.dtype)
