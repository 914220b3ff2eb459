"""How much memory a training step takes, found by going through it with tensors that have a size but no content.

The real model, loss and backward pass run under PyTorch's fake tensors: nothing is computed or allocated, every
tensor's birth and death is counted. So the answer follows the code, whatever it keeps for the backward pass, and a
model of any size can be planned on a small machine.
"""

from __future__ import annotations

import weakref
from dataclasses import dataclass
from typing import Any

import torch
from torch._subclasses.fake_tensor import FakeTensorMode
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils._pytree import tree_leaves

from codeling.model.config import ModelConfig
from codeling.model.transformer import Transformer
from codeling.train.optimizers import build_optimizer


@dataclass(frozen=True)
class StepMemory:
    """Bytes of one training step with float32 master weights, by part."""

    weights: int
    gradients: int
    optimizer: int
    activations: int
    """Kept from the forward pass for the backward pass, and the workspace of the moment when most is in use."""
    runtime: int
    """What tensors do not show: libraries, kernels' own buffers, and freed memory that the allocator keeps."""

    @property
    def total(self) -> int:
        """The peak."""
        return self.weights + self.gradients + self.optimizer + self.activations + self.runtime


def step_memory(
    config: ModelConfig,
    *,
    batch_size: int,
    sequence_length: int,
    dtype: torch.dtype,
    optimizer: str = "muon",
    gradient_checkpointing: bool = False,
    device_type: str = "cpu",
) -> StepMemory:
    """Peak memory of forward and backward over one micro-batch, with gradients and optimizer state in place."""
    with FakeTensorMode(), _LiveBytes() as live:
        model = Transformer(config)
        model.gradient_checkpointing = gradient_checkpointing
        weights = live.now
        state = optimizer_bytes(model, optimizer)
        shape = (batch_size, sequence_length)
        tokens, targets = torch.zeros(shape, dtype=torch.int64), torch.zeros(shape, dtype=torch.int64)
        with torch.autocast("cpu", dtype=dtype, enabled=dtype != torch.float32):
            loss = model.loss(tokens, targets)
        loss.backward()
        gradients = sum(p.grad.numel() * p.grad.element_size() for p in model.parameters() if p.grad is not None)
        peak = live.peak
        del loss
    # In the first micro-batch gradients appear while activations go; in later ones they are there from the start.
    activations = max(0, peak - weights)
    runtime = runtime_bytes(activations, gradient_checkpointing=gradient_checkpointing, device_type=device_type)
    return StepMemory(weights, gradients, optimizer=state, activations=activations, runtime=runtime)


def runtime_bytes(activations: int, *, gradient_checkpointing: bool, device_type: str) -> int:
    """An empirical estimate; on the CPU (Linux, glibc, oneDNN) fitted to the peaks of six shapes of size tiny.

    A heap that keeps what is freed (codeling.runtime.memory) is left with gaps: about half of the activations, and as
    much as all of the fewer ones that checkpointing leaves. On a GPU: the context and the caching allocator's slack.
    """
    if device_type != "cpu":
        return 600 * 2**20 + activations // 10
    return int((1.05 if gradient_checkpointing else 0.45) * activations)


def optimizer_bytes(model: Transformer, kind: str) -> int:
    """Float32 state: one value per weight that Muon moves, two per weight that AdamW moves."""
    built = build_optimizer(
        model,
        kind="adamw" if kind == "adamw" else "muon",
        learning_rate=None,
        weight_decay=None,
        tokens_per_step=1,
    )
    values = {"muon": 1, "adamw": 2}
    return sum(
        4 * values[group.get("kind", "adamw")] * sum(parameter.numel() for parameter in group["params"])
        for group in built.param_groups
    )


class _LiveBytes(TorchDispatchMode):
    """Counts the bytes of all tensors that are alive: ``now``, and the most there ever were, ``peak``."""

    def __init__(self) -> None:
        super().__init__()
        self.now = 0
        self.peak = 0
        self._sizes: dict[int, int] = {}

    def __torch_dispatch__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        if func is torch.ops.aten._local_scalar_dense.default:
            # A question about values (are all positions trained on?), which have none here: the answer is yes.
            return True
        result = func(*args, **(kwargs or {}))
        for leaf in tree_leaves(result):
            if isinstance(leaf, torch.Tensor):
                self._add(leaf.untyped_storage())
        return result

    def _add(self, storage: torch.UntypedStorage) -> None:
        key = storage._cdata
        if key in self._sizes:
            return
        self._sizes[key] = storage.nbytes()
        self.now += self._sizes[key]
        self.peak = max(self.peak, self.now)
        weakref.finalize(storage, self._remove, key)

    def _remove(self, key: int) -> None:
        self.now -= self._sizes.pop(key, 0)
