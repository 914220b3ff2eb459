"""Muon for the hidden matrices and AdamW for everything else, as one optimizer; and plain AdamW.

Muon replaces a matrix's momentum by the nearest orthogonal matrix, so that a step moves all directions equally. On
small models AdamW needs about 1.4 times as many steps (https://arxiv.org/abs/2509.02046). Embeddings, the head, gains
and biases are not linear maps between hidden spaces and stay with AdamW, each kind with a rate of its own.

    groups (kind "muon")    updated by    tuned rate
    hidden                  Muon          0.025
    vectors                 AdamW         0.02
    embedding               AdamW         0.3      x (width / 768)^-0.5 x batch_rate_scale(tokens per step)
    embedding, tied         AdamW         0.1      likewise
    head                    AdamW         0.008    likewise

The constants start from nanochat's, for width 768 and 2^19 tokens a step, and were checked at width 256 with 2^10 and
2^11 tokens: there Muon's rate has nearly the same optimum, since an orthogonal step has one size whatever the batch,
and AdamW's rates for embedding and head are best at about 0.4 to 0.5 of the formula without the batch.

Sources: Muon, https://kellerjordan.github.io/posts/muon/; at scale, https://arxiv.org/abs/2502.16982; cautious weight
decay, https://arxiv.org/abs/2510.12402; the rates of the groups, nanochat, https://github.com/karpathy/nanochat.

Shapes: N matrices, R rows, C columns.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Literal, overload

import torch
from torch import Tensor, nn
from torch.optim.adamw import adamw

from codeling.errors import UsageError

TUNED_LEARNING_RATE = 1e-4
"""The --learning-rate that leaves Muon's tuned rates as they are; another one scales every group in proportion."""

MUON_RATE = 0.025
EMBEDDING_RATE = 0.3
TIED_RATE = 0.1
HEAD_RATE = 0.008
VECTOR_RATE = 0.02
MUON_WEIGHT_DECAY = 0.1
ADAMW_WEIGHT_DECAY = 0.1

SHORT_NEWTON_SCHULZ = (
    (7.9347, -22.2581, 15.8015),
    (3.5653, -2.5649, 0.4860),
    (2.6613, -1.9772, 0.4526),
)
"""The coefficients (a, b, c) of each step x -> a x + b (x x^T) x + c (x x^T)^2 x, for matrices with a short side up to
512. As in Polar Express (https://arxiv.org/abs/2505.16932) each step is the polynomial of degree five that is nearest
to 1, in the largest error, on the interval where the step before leaves the singular values; all but the last are
shrunk by 2 % against rounding. Three such steps take singular values from a hundredth of the Frobenius norm upwards to
0.7..1.3, as five steps of the usual fixed polynomial do, in three fifths of the time."""

LONG_NEWTON_SCHULZ = (
    (8.2193, -23.3375, 16.6266),
    (3.9641, -2.8377, 0.5158),
    (3.4368, -2.4752, 0.4762),
    (2.4901, -1.8343, 0.4368),
)
"""For larger matrices, whose singular values are a smaller part of the norm: from 0.003 upwards to 0.75..1.2."""

_FUSED_DEVICES = ("cpu", "cuda", "mps")

LARGEST_STACK = 2**26
"""Values orthogonalised in one batch at most: beyond it a larger batch is not faster and only costs memory."""


def orthogonalize(matrices: Tensor) -> Tensor:
    """About the nearest (semi-)orthogonal matrix of each of ``matrices`` (N, R, C): all singular values near 1.

    Computes in the given type. Singular values far below the norm stay below 1, which Muon does not mind; a zero matrix
    stays zero.
    """
    tall = matrices.shape[-2] > matrices.shape[-1]
    # The Frobenius norm bounds the singular values by 1, above which the iteration diverges.
    norm = torch.linalg.vector_norm(
        matrices, dim=(-2, -1), keepdim=True, dtype=torch.promote_types(matrices.dtype, torch.float32)
    )
    x = matrices * (1.0 / (1.02 * norm + 1e-12)).to(matrices.dtype)
    for a, b, c in SHORT_NEWTON_SCHULZ if min(matrices.shape[-2:]) <= 512 else LONG_NEWTON_SCHULZ:
        # The Gram matrix of the short side, applied from that side: nothing has to be transposed in memory.
        gram = torch.bmm(x.mT, x) if tall else torch.bmm(x, x.mT)
        polynomial = torch.baddbmm(gram, gram, gram, beta=b, alpha=c)
        x = torch.baddbmm(x, x, polynomial, beta=a) if tall else torch.baddbmm(x, polynomial, x, beta=a)
    return x


def orthogonalization_dtype(parameter: Tensor) -> torch.dtype:
    """bf16 where the hardware multiplies it (the iteration corrects its own rounding), else the parameter's type."""
    if parameter.dtype == torch.float64:
        return torch.float64
    if parameter.is_cuda and torch.cuda.get_device_capability(parameter.device) >= (8, 0):
        return torch.bfloat16
    if parameter.device.type == "cpu" and torch.backends.cpu.get_cpu_capability() == "AVX512":
        # bf16 without the avx512_bf16 instructions is emulated, slower than fp32.
        return torch.bfloat16 if torch.cpu._is_avx512_bf16_supported() else parameter.dtype
    return parameter.dtype


class MuonAdamW(torch.optim.Optimizer):
    """One optimizer whose groups say how they are updated: ``kind`` "muon" or "adamw".

    Keys of a Muon group: params (matrices), lr, momentum, weight_decay, and optionally ``row_blocks``: for each
    parameter the row counts of the matrices that are fused in it (query, key and value, say), or None. Each of them is
    orthogonalised by itself.
    Keys of an AdamW group: params, lr, betas, eps, weight_decay.

    Everything that a resumed run needs is in ``state_dict()``: momentum buffers, moments and step counters. Equal
    parameters, gradients and state give equal bits on one machine. All matrices of equal shape go through Newton-Schulz
    in one batch.
    """

    def __init__(self, groups: list[dict[str, Any]]) -> None:
        super().__init__(groups, {"lr": 0.0, "weight_decay": 0.0})
        for group in self.param_groups:
            if group["kind"] == "muon":
                group.setdefault("momentum", 0.95)
                group.setdefault("row_blocks", [None] * len(group["params"]))
                for parameter in group["params"]:
                    if parameter.ndim != 2:
                        raise ValueError(f"Muon updates matrices; got a parameter of shape {tuple(parameter.shape)}")
            else:
                group.setdefault("betas", (0.8, 0.95))
                group.setdefault("eps", 1e-10)
                # Also tells load_state_dict to put the step counters where the fused kernel reads them.
                group["fused"] = all(parameter.device.type in _FUSED_DEVICES for parameter in group["params"])

    @overload
    def step(self, closure: None = None) -> None: ...

    @overload
    def step(self, closure: Callable[[], float]) -> float: ...

    @torch.no_grad()
    def step(self, closure: Callable[[], float] | None = None) -> float | None:
        """Update every parameter that has a gradient."""
        loss = None
        if closure is not None:
            with torch.enable_grad():
                loss = closure()
        for group in self.param_groups:
            if group["kind"] == "muon":
                self._muon_step(group)
            else:
                self._adamw_step(group)
        return loss

    def _muon_step(self, group: dict[str, Any]) -> None:
        buckets: dict[torch.Size, list[tuple[Tensor, Tensor, Tensor]]] = {}
        for parameter, blocks in zip(group["params"], group["row_blocks"], strict=True):
            if parameter.grad is not None:
                buffer = self._buffer(parameter, "momentum_buffer")
                rows = blocks or (parameter.shape[0],)
                for matrix in zip(parameter.split(rows), parameter.grad.split(rows), buffer.split(rows), strict=True):
                    buckets.setdefault(matrix[0].shape, []).append(matrix)
        for shape, matrices in buckets.items():
            size = max(1, LARGEST_STACK // shape.numel())
            for start in range(0, len(matrices), size):
                self._move(matrices[start : start + size], group)

    def _move(self, matrices: list[tuple[Tensor, Tensor, Tensor]], group: dict[str, Any]) -> None:
        """Move each (weight, gradient, momentum buffer), all of one shape and views into the parameters' own."""
        weights, gradients, buffers = (list(column) for column in zip(*matrices, strict=True))
        rows, columns = weights[0].shape
        torch._foreach_lerp_(buffers, gradients, 1.0 - group["momentum"])
        directions = torch.empty(
            (len(weights), rows, columns), dtype=orthogonalization_dtype(weights[0]), device=weights[0].device
        )
        for direction, gradient, buffer in zip(directions, gradients, buffers, strict=True):
            direction.copy_(gradient.lerp(buffer, group["momentum"]))  # Nesterov: the momentum one step ahead
        updates = orthogonalize(directions)
        if group["weight_decay"]:
            for weight, update in zip(weights, updates, strict=True):
                # Cautious: decay only the values that the update shrinks too, so that it never fights the gradient.
                agrees = (update * weight > 0).to(weight.dtype)
                weight.addcmul_(weight, agrees, value=-group["lr"] * group["weight_decay"])
        # Taller matrices get longer steps, so that the output of each changes by as much per step.
        torch._foreach_add_(
            weights, list(updates.to(weights[0].dtype)), alpha=-group["lr"] * max(1.0, rows / columns) ** 0.5
        )

    def _adamw_step(self, group: dict[str, Any]) -> None:
        parameters = [p for p in group["params"] if p.grad is not None]
        if not parameters:
            return
        adamw(
            parameters,
            [p.grad for p in parameters],
            [self._buffer(p, "exp_avg") for p in parameters],
            [self._buffer(p, "exp_avg_sq") for p in parameters],
            [],
            [self._counter(p, group["fused"]) for p in parameters],
            fused=group["fused"],
            amsgrad=False,
            beta1=group["betas"][0],
            beta2=group["betas"][1],
            lr=group["lr"],
            weight_decay=group["weight_decay"],
            eps=group["eps"],
            maximize=False,
        )

    def _buffer(self, parameter: Tensor, name: str) -> Tensor:
        state = self.state[parameter]
        if name not in state:
            state[name] = torch.zeros_like(parameter, memory_format=torch.preserve_format)
        return state[name]

    def _counter(self, parameter: Tensor, fused: bool) -> Tensor:
        state = self.state[parameter]
        if "step" not in state:
            state["step"] = torch.zeros((), dtype=torch.float32, device=parameter.device if fused else "cpu")
        return state["step"]


def batch_rate_scale(tokens_per_step: int) -> float:
    """What the rates of embedding and head are multiplied by for a step of ``tokens_per_step``; 1 at 2^19 tokens.

    The textbook's square root is far too low for small models and short runs (by 8 to 16 times at 2^10..2^12 tokens),
    whose gradients point the same way in small batches too. The eighth root meets what was measured at both ends.
    """
    if tokens_per_step < 1:
        raise ValueError(f"tokens_per_step {tokens_per_step}: a step has at least one token")
    return (tokens_per_step / 2**19) ** 0.125


def build_optimizer(
    model: nn.Module,
    *,
    kind: Literal["muon", "adamw"] = "muon",
    learning_rate: float | None = None,
    weight_decay: float | None = None,
    tokens_per_step: int,
    epsilon: float = 1e-8,
) -> torch.optim.Optimizer:
    """The optimizer for ``model``; each group carries ``base_lr`` and ``base_weight_decay`` for ``apply_schedule``.

    ``learning_rate``: AdamW's own rate (default 6e-4 x 768 / width, at most 2e-3). With Muon every tuned rate is
    multiplied by ``learning_rate / 1e-4``: 1e-4 and None mean the tuned setting, 2e-4 twice all rates.
    ``weight_decay`` applies to matrices: default 0.1. ``tokens_per_step`` counts all micro-batches and processes.
    ``epsilon``: of AdamW alone; alignment's small gradients want a larger one.

    Linear layers are hidden matrices, except one called ``head`` or ``lm_head``; gains, biases and learned positions
    are vectors. A module with an attribute ``row_blocks`` (row counts) holds several matrices in its weight.
    ``describe_rates`` tells the log what came out.
    """
    if learning_rate is not None and learning_rate <= 0:
        raise UsageError(f"--learning-rate {learning_rate}: a rate is greater than 0")
    if weight_decay is not None and weight_decay < 0:
        raise UsageError(f"--weight-decay {weight_decay}: a decay is 0 or greater")
    parts = _split_parameters(model)
    if kind == "adamw":
        return _plain_adamw(parts, learning_rate=learning_rate, weight_decay=weight_decay, epsilon=epsilon)
    if kind != "muon":
        raise UsageError(f"--optimizer {kind}: choose muon or adamw")

    factor = (learning_rate or TUNED_LEARNING_RATE) / TUNED_LEARNING_RATE
    scale = factor * batch_rate_scale(tokens_per_step) * (parts.width / 768) ** -0.5
    decay = MUON_WEIGHT_DECAY if weight_decay is None else weight_decay
    groups = [
        _group("hidden", "muon", parts.hidden, MUON_RATE * factor, weight_decay=decay),
        _group("embedding", "adamw", parts.embedding, (EMBEDDING_RATE if parts.head else TIED_RATE) * scale),
        _group("head", "adamw", parts.head, HEAD_RATE * scale),
        _group("vectors", "adamw", parts.vectors, VECTOR_RATE * factor),
    ]
    groups[0]["row_blocks"] = parts.row_blocks
    return MuonAdamW([group for group in groups if group["params"]])


def describe_rates(optimizer: torch.optim.Optimizer, *, learning_rate: float | None = None) -> str:
    """One line for the log: the peak rate of each group, and what ``--learning-rate`` did to them."""
    rates = ", ".join(f"{group['name']} {group['base_lr']:.3g}" for group in optimizer.param_groups)
    if not isinstance(optimizer, MuonAdamW):
        return f"AdamW, peak rates: {rates}"
    line = f"Muon + AdamW, peak rates: {rates}"
    if learning_rate is None:
        return line
    factor = learning_rate / TUNED_LEARNING_RATE
    return f"{line} (tuned rates x {factor:.3g}: --learning-rate {learning_rate:g}; {TUNED_LEARNING_RATE:g} is x 1)"


@dataclass
class _Parts:
    """A model's trained parameters by kind; ``head`` is empty when it is the embedding."""

    hidden: list[nn.Parameter] = field(default_factory=list)
    row_blocks: list[tuple[int, ...] | None] = field(default_factory=list)
    embedding: list[nn.Parameter] = field(default_factory=list)
    head: list[nn.Parameter] = field(default_factory=list)
    vectors: list[nn.Parameter] = field(default_factory=list)

    @property
    def width(self) -> int:
        """The model's width: the columns of the embedding, or of the first matrix in a model without one."""
        matrices = self.embedding or self.hidden
        return matrices[0].shape[1] if matrices else 768


def _split_parameters(model: nn.Module) -> _Parts:
    parts = _Parts()
    seen: set[int] = set()
    # Embeddings first: a head that shares its matrix with the embedding is the embedding.
    modules = sorted(model.named_modules(), key=lambda item: not isinstance(item[1], nn.Embedding))
    for name, module in modules:
        for parameter in module.parameters(recurse=False):
            if id(parameter) in seen or not parameter.requires_grad:
                continue
            seen.add(id(parameter))
            if isinstance(module, nn.Embedding):
                parts.embedding.append(parameter)
            elif parameter.ndim != 2 or not isinstance(module, nn.Linear):
                parts.vectors.append(parameter)
            elif name.rpartition(".")[2] in ("head", "lm_head"):
                parts.head.append(parameter)
            else:
                parts.hidden.append(parameter)
                parts.row_blocks.append(getattr(module, "row_blocks", None))
    return parts


def _group(
    name: str, kind: str, parameters: list[nn.Parameter], rate: float, *, weight_decay: float = 0.0
) -> dict[str, Any]:
    return {
        "name": name,
        "kind": kind,
        "params": parameters,
        "lr": rate,
        "base_lr": rate,
        "weight_decay": weight_decay,
        "base_weight_decay": weight_decay,
    }


def _plain_adamw(
    parts: _Parts, *, learning_rate: float | None, weight_decay: float | None, epsilon: float
) -> torch.optim.AdamW:
    # GPT-3's rates (6e-4 at width 768, 2e-4 at 2048) follow 1 / width closely.
    rate = min(2e-3, 6e-4 * 768 / parts.width) if learning_rate is None else learning_rate
    decay = ADAMW_WEIGHT_DECAY if weight_decay is None else weight_decay
    groups = [
        _group("matrices", "adamw", parts.hidden + parts.embedding + parts.head, rate, weight_decay=decay),
        _group("vectors", "adamw", parts.vectors, rate),
    ]
    groups = [group for group in groups if group["params"]]
    fused = all(p.device.type in _FUSED_DEVICES for group in groups for p in group["params"])
    return torch.optim.AdamW(groups, betas=(0.9, 0.95), eps=epsilon, fused=fused)
