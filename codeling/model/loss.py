"""Cross-entropy straight from hidden states, without ever holding all logits.

At 4,096 tokens and a vocabulary of 32,000, fp32 logits and their gradient would take 1 GB and most of a training
step. Here a chunk of rows at a time goes through: logits in the compute type, exponentials in fp32, and, because
the gradient of a sum of cross-entropies needs nothing from later layers, at once the chunk's gradients. The backward
pass only multiplies them by the incoming scalar. Nothing is computed twice, and exponentials may stay unnormalised:
with e = exp(logit - shift) and s = sum(e), a row's gradient is (e - s at the target) / s, and the division is cheaper
on the D values of a hidden state than on the V values of its logits.

The idea of computing the gradient in the forward pass: Liger Kernel, https://arxiv.org/abs/2410.10989.

Shapes: N rows (B * T), C rows of a chunk, D width, V vocabulary.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor

from codeling.model.precision import accumulation_dtype, compute_dtype

IGNORE = -100
"""The target of a position that is not trained on."""

CHUNK_ELEMENTS = 1 << 25
"""Logits of one chunk (64 MB in bf16); larger chunks add up the weight's gradient less often."""

CACHED_ELEMENTS = 1 << 19
"""Logits that are widened to fp32 at a time on a CPU: 2 MB stay in its cache between the passes over them."""

Exponentiate = Callable[[Tensor], tuple[Tensor, Tensor, Tensor]]
"""(C, V) logits x -> exp(x - shift) in their type, shift (C, 1) and the sum over V (C, 1) in fp32; may reuse x."""


def exponentiate_rows(logits: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """The plain ``Exponentiate``, in place: PyTorch's softmax, so shift is the log of the sum and the sum is one."""
    size = logits.shape[0]
    if logits.device.type == "cpu":
        size = max(1, min(size, CACHED_ELEMENTS // logits.shape[1]))
    shifts = []
    for rows in logits.split(size):
        chances = torch.softmax(rows, -1, dtype=accumulation_dtype(rows.dtype))
        shifts.append(rows.amax(-1, keepdim=True) - chances.amax(-1, keepdim=True).log())
        rows.copy_(chances)
    shift = torch.cat(shifts)
    return logits, shift, torch.ones_like(shift)


def linear_cross_entropy(
    hidden: Tensor, weight: Tensor, targets: Tensor, *, exponentiate: Exponentiate = exponentiate_rows
) -> Tensor:
    """Sum over targets != -100 of the cross-entropy of ``softmax(hidden @ weight.T)``, as an fp32 scalar.

    hidden (..., D) and targets (...) of the same leading shape, weight (V, D). fp64 inputs give an fp64 sum. No
    valid target gives zero with zero gradients. The gradients are computed once: a second backward pass through the
    same result is refused.
    """
    rows, labels = hidden.reshape(-1, hidden.shape[-1]), targets.reshape(-1)
    if rows.device.type == "cpu":
        # Masked rows (prompts in later stages) cost nothing. On a GPU, counting them would wait for the device.
        valid = labels != IGNORE
        if not valid.all():
            rows, labels = rows[valid], labels[valid]
    return _LinearCrossEntropy.apply(rows, weight, labels, compute_dtype(weight), exponentiate)


class _LinearCrossEntropy(torch.autograd.Function):
    @staticmethod
    def forward(
        ctx: Any, hidden: Tensor, weight: Tensor, targets: Tensor, dtype: torch.dtype, exponentiate: Exponentiate
    ) -> Tensor:
        num_rows, vocabulary = hidden.shape[0], weight.shape[0]
        wide = accumulation_dtype(dtype)
        size = max(1, min(num_rows, CHUNK_ELEMENTS // vocabulary))
        inputs, matrix = hidden.to(dtype), weight.to(dtype)
        needs_hidden, needs_weight = ctx.needs_input_grad[:2]
        grad_hidden = torch.empty(hidden.shape, dtype=wide, device=hidden.device) if needs_hidden else None
        grad_weight = None
        total = torch.zeros((), dtype=wide, device=hidden.device)
        buffer = torch.empty(size, vocabulary, dtype=dtype, device=hidden.device)
        # oneDNN is a seventh faster on this product when the matrix lies transposed.
        for_hidden = matrix.T.contiguous().T if needs_hidden and hidden.device.type == "cpu" else matrix
        row_numbers = torch.arange(size, device=hidden.device)
        for start in range(0, num_rows, size):
            chunk = inputs[start : start + size]  # (C, D)
            logits = torch.mm(chunk, matrix.T, out=buffer[: chunk.shape[0]])  # (C, V)
            labels = targets[start : start + size, None]  # (C, 1)
            valid = labels != IGNORE
            labels = labels.clamp_min(0)
            chosen = logits.gather(1, labels).to(wide)  # (C, 1)
            powers, shift, sums = exponentiate(logits)
            total += torch.where(valid, shift + sums.log() - chosen, 0).sum()
            if not (needs_hidden or needs_weight):
                continue
            at_targets = (row_numbers[: chunk.shape[0]], labels[:, 0])  # scatter_ would copy the whole chunk twice
            powers.index_put_(at_targets, ((chosen - shift).exp() - sums)[:, 0].to(dtype))
            scale = torch.where(valid, 1 / sums, 0)  # (C, 1)
            if grad_hidden is not None:
                torch.mul(powers @ for_hidden, scale, out=grad_hidden[start : start + size])
            if needs_weight:
                product = powers.T @ (chunk * scale).to(dtype)
                grad_weight = product.to(wide) if grad_weight is None else grad_weight.add_(product)
        if needs_weight and grad_weight is None:  # no rows at all
            grad_weight = torch.zeros(weight.shape, dtype=wide, device=weight.device)
        ctx.gradients = (grad_hidden, grad_weight)
        ctx.dtypes = (hidden.dtype, weight.dtype)
        return total

    @staticmethod
    def backward(ctx: Any, *grad_outputs: Tensor) -> tuple[Tensor | None, ...]:
        assert ctx.gradients is not None, "linear_cross_entropy keeps its gradients for one backward pass only"
        gradients, ctx.gradients = ctx.gradients, None
        scaled = (
            None if gradient is None else gradient.mul_(grad_outputs[0]).to(dtype)
            for gradient, dtype in zip(gradients, ctx.dtypes, strict=True)
        )
        return (*scaled, None, None, None)
