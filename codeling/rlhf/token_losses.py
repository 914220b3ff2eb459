"""Log-probabilities of response tokens, and losses that are functions of them, without ever holding all logits.

A policy loss is a sum over tokens of some f_t(log p_t). Its gradient for the logits is f_t'(log p_t) times (one at the
token - softmax), which needs nothing from later layers, so a chunk of tokens at a time goes through: logits, softmax,
log-probability, f_t and f_t' (by autograd, on one number per token), and at once the chunk's gradients, as in
codeling.model.loss. Tokens whose derivative is zero, because the clip is active or the advantage is zero, cost no
gradient at all. Everything is fp32, also under autocast: the ratio of two probabilities needs more than bf16's digits.

Shapes: M response tokens, C of a chunk, D width, V vocabulary.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor

from codeling.model.precision import accumulation_dtype

CHUNK_ELEMENTS = 1 << 25
"""Logits of one chunk: 128 MB of fp32."""

CACHED_ELEMENTS = 1 << 19
"""Logits whose softmax is taken at a time on a CPU: 2 MB stay in its cache between the passes over them."""

TokenLoss = Callable[[Tensor, slice], Tensor]
"""(log-probabilities (C,), which of the M tokens they are) -> losses (C,), differentiable for the former."""


@torch.no_grad()
def token_logprobs(
    hidden: Tensor, weight: Tensor, targets: Tensor, *, temperature: float = 1.0, with_entropy: bool = False
) -> tuple[Tensor, Tensor | None]:
    """log p (M,) of ``targets`` (M,) under softmax(hidden (M, D) @ weight (V, D).T / temperature), and on request the
    entropy (M,) of each of those distributions in nats. Records no gradient."""
    inputs, matrix = _wide(hidden), _wide(weight)
    logprobs = inputs.new_empty(len(targets))
    entropy = inputs.new_empty(len(targets)) if with_entropy else None
    for part in _chunks(len(targets), len(matrix)):
        logits = inputs[part] @ matrix.T
        logprobs[part], spread = _softmax_(logits, targets[part], temperature, with_entropy=with_entropy)
        if entropy is not None and spread is not None:
            entropy[part] = spread
    return logprobs, entropy


def linear_token_loss(
    hidden: Tensor,
    weight: Tensor,
    targets: Tensor,
    token_loss: TokenLoss,
    *,
    temperature: float = 1.0,
    with_entropy: bool = False,
) -> tuple[Tensor, Tensor, Tensor | None]:
    """The sum of ``token_loss`` over all tokens, () fp32, differentiable for ``hidden`` and ``weight``; and what
    ``token_logprobs`` returns. One backward pass only, as gradients are computed on the way."""
    loss, logprobs, entropy = _LinearTokenLoss.apply(hidden, weight, targets, token_loss, temperature, with_entropy)
    return loss, logprobs, entropy if with_entropy else None


class _LinearTokenLoss(torch.autograd.Function):
    @staticmethod
    def forward(
        ctx: Any,
        hidden: Tensor,
        weight: Tensor,
        targets: Tensor,
        token_loss: TokenLoss,
        temperature: float,
        with_entropy: bool,
    ) -> tuple[Tensor, Tensor, Tensor]:
        inputs, matrix = _wide(hidden), _wide(weight)
        grad_hidden, grad_weight = torch.zeros_like(inputs), torch.zeros_like(matrix)
        logprobs = inputs.new_empty(len(targets))
        entropy = inputs.new_empty(len(targets) if with_entropy else 0)
        total = inputs.new_zeros(())
        # oneDNN is faster on the second product when the matrix lies transposed.
        for_hidden = matrix.T.contiguous().T if matrix.device.type == "cpu" else matrix
        for part in _chunks(len(targets), len(matrix)):
            chances = inputs[part] @ matrix.T
            labels = targets[part]
            logprobs[part], spread = _softmax_(chances, labels, temperature, with_entropy=with_entropy)
            if spread is not None:
                entropy[part] = spread
            with torch.enable_grad():
                leaf = logprobs[part].detach().requires_grad_()
                losses = token_loss(leaf, part)
                (slopes,) = torch.autograd.grad(losses.sum(), leaf)
            total += losses.detach().sum()
            chosen = torch.nonzero(slopes).squeeze(1)
            if len(chosen) == 0:
                continue
            rows = inputs[part]
            if len(chosen) < len(labels):
                chances, labels, slopes, rows = chances[chosen], labels[chosen], slopes[chosen], rows[chosen]
            # f' (one at the token - p) / temperature; the factor of a row is cheaper on D than on V values.
            chances[torch.arange(len(labels), device=labels.device), labels] -= 1.0
            factors = (slopes / -temperature).unsqueeze(1)
            where = chosen + part.start
            grad_hidden[where] = (chances @ for_hidden) * factors
            grad_weight.addmm_(chances.T, rows * factors)
        ctx.gradients = (grad_hidden, grad_weight)
        ctx.dtypes = (hidden.dtype, weight.dtype)
        ctx.mark_non_differentiable(logprobs, entropy)
        return total, logprobs, entropy

    @staticmethod
    def backward(ctx: Any, *grad_outputs: Tensor) -> tuple[Tensor | None, ...]:
        assert ctx.gradients is not None, "linear_token_loss keeps its gradients for one backward pass only"
        gradients, ctx.gradients = ctx.gradients, None
        scaled = (
            gradient.mul_(grad_outputs[0]).to(dtype) for gradient, dtype in zip(gradients, ctx.dtypes, strict=True)
        )
        return (*scaled, None, None, None, None)


def _softmax_(
    logits: Tensor, targets: Tensor, temperature: float, *, with_entropy: bool
) -> tuple[Tensor, Tensor | None]:
    """Turn logits (C, V) into probabilities in place; log-probabilities of targets (C,) and entropies (C,)."""
    size = logits.shape[0]
    if logits.device.type == "cpu":
        size = max(1, min(size, CACHED_ELEMENTS // logits.shape[1]))
    chosen, entropies = [], []
    for rows, labels in zip(logits.split(size), targets.split(size), strict=True):
        if temperature != 1.0:
            rows.div_(temperature)
        at_targets = rows.gather(1, labels.unsqueeze(1))
        chances = torch.softmax(rows, -1)
        # log of the sum from the likeliest token's chance: one pass less than logsumexp beside softmax.
        normalizer = rows.amax(-1, keepdim=True) - chances.amax(-1, keepdim=True).log()
        chosen.append((at_targets - normalizer).squeeze(1))
        if with_entropy:
            entropies.append((normalizer - torch.linalg.vecdot(chances, rows).unsqueeze(1)).squeeze(1))
        rows.copy_(chances)
    return torch.cat(chosen), torch.cat(entropies) if with_entropy else None


def _chunks(count: int, vocabulary: int) -> list[slice]:
    size = max(1, CHUNK_ELEMENTS // vocabulary)
    return [slice(start, min(start + size, count)) for start in range(0, count, size)]


def _wide(tensor: Tensor) -> Tensor:
    return tensor.to(accumulation_dtype(tensor.dtype))
