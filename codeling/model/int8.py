"""Matrices in one byte a value: a quarter of the memory, and of what a decoding step must read.

Every output of a matrix has a scale of its own, the largest weight of its row over 127; activations stay floats. On a
CPU a token that is decoded runs through PyTorch's int8 kernel, which takes the activations in bf16 and sums in fp32;
prompts, whose products are large, and other devices multiply with the matrix turned back into floats. Which of the
two it is depends on the request alone, never on how many are in the batch.

For generating only: a quantized model has no parameters left to train in its matrices.

Shapes: N outputs, K inputs.
"""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from codeling.model.linear import Linear

_LARGEST = 127
_KERNEL_WIDTH = 32
"""The kernel reads this many inputs at once, without asking whether they are there."""


class Int8Matrix(nn.Module):
    """``x @ weight.T (+ bias)`` with the (N, K) weight in int8."""

    values: Tensor  # (N, K) int8
    scales: Tensor  # (N,) floats
    bias: Tensor | None

    def __init__(self, weight: Tensor, bias: Tensor | None = None) -> None:
        super().__init__()
        weight = weight.detach()
        scales = weight.abs().amax(-1) / _LARGEST
        # A row of zeros has a scale of zero, and any values.
        divisors = torch.where(scales > 0, scales, 1)
        self.register_buffer("values", (weight / divisors[:, None]).round().clamp(-_LARGEST, _LARGEST).to(torch.int8))
        self.register_buffer("scales", scales)
        self.register_buffer("bias", None if bias is None else bias.detach().clone())
        self._ones: Tensor | None = None  # made when first needed; not a buffer, for it must stay bf16 and on the CPU

    @property
    def weight(self) -> Tensor:
        """The matrix as floats, made anew each time."""
        return self.values.to(self.scales.dtype) * self.scales[:, None]

    @property
    def compute_dtype(self) -> torch.dtype:
        return self.scales.dtype

    def forward(self, x: Tensor) -> Tensor:
        product = self._decoded(x) if self._is_decoding(x) else F.linear(x.to(self.scales.dtype), self.weight)
        return product if self.bias is None else product + self.bias

    def _is_decoding(self, x: Tensor) -> bool:
        """Whether ``x`` holds one token of each sequence, (B, 1, K) or (B, K), and the kernel can take it."""
        one_each = x.dim() == 2 or x.shape[-2] == 1
        return one_each and x.device.type == "cpu" and x.shape[-1] % _KERNEL_WIDTH == 0

    def _decoded(self, x: Tensor) -> Tensor:
        rows = x.reshape(-1, x.shape[-1]).bfloat16()
        if self._ones is None:  # the kernel's own scales would be rounded to bf16; scaling afterwards is not
            self._ones = torch.ones(len(self.scales), dtype=torch.bfloat16)
        product = torch._weight_int8pack_mm(rows, self.values, self._ones).to(self.scales.dtype) * self.scales
        return product.view(*x.shape[:-1], -1)


class Int8Embedding(Int8Matrix):
    """A table of vectors, which can also be the head: ``forward`` looks tokens ``x`` up, ``product`` makes logits."""

    def forward(self, x: Tensor) -> Tensor:
        return self.values[x].to(self.scales.dtype) * self.scales[x].unsqueeze(-1)

    def product(self, hidden: Tensor) -> Tensor:
        return super().forward(hidden)


def quantize_matrices(model: nn.Module) -> None:
    """Replace every matrix and embedding in ``model``, in place; learned positions and norms stay floats."""
    for parent in list(model.modules()):
        for name, child in parent.named_children():
            if isinstance(child, Linear):
                setattr(parent, name, Int8Matrix(child.weight, child.bias).train(child.training))
            elif isinstance(child, nn.Embedding):
                setattr(parent, name, Int8Embedding(child.weight).train(child.training))


def is_quantized(model: nn.Module) -> bool:
    """Whether `quantize_matrices` was applied to ``model``."""
    return any(isinstance(module, Int8Matrix) for module in model.modules())
