"""Matrices in fewer bytes than training needs: a decoding step reads all of them, so it is that much faster.

``float16``: half the memory, each weight rounded to 11 bits. On x86 every product runs through FBGEMM's kernel, which
reads float16 and multiplies and sums in float32, faster than float32 matrices for few rows and as fast for many.

``int8``: a quarter of the memory. Every output of a matrix has a scale of its own, the largest weight of its row over
127. On a CPU a token that is decoded runs through PyTorch's int8 kernel, which takes the activations in bf16 and sums
in fp32; prompts, whose products are large, multiply with the matrix turned back into floats.

Other machines multiply with floats in both. Which way it is depends on the request alone, never on how many are in the
batch. For generating only: such a model has no parameters left to train in its matrices.

Shapes: N outputs, K inputs.
"""

from __future__ import annotations

from typing import Any, Literal

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from codeling.model.attention import Attention
from codeling.model.linear import Linear
from codeling.model.mlp import SwiGLU

WeightFormat = Literal["float16", "int8"]

_HAS_FBGEMM = "fbgemm" in torch.backends.quantized.supported_engines
_LARGEST = 127
_KERNEL_WIDTH = 32
"""The int8 kernel reads this many inputs at once, without asking whether they are there."""


class QuantizedMatrix(nn.Module):
    """``x @ weight.T (+ bias)`` with an (N, K) weight that is stored in another form."""

    bias: Tensor | None

    @property
    def weight(self) -> Tensor:
        """The matrix as floats, made anew each time."""
        raise NotImplementedError

    @property
    def compute_dtype(self) -> torch.dtype:
        """Of what goes in and comes out."""
        raise NotImplementedError

    def rows(self, places: Tensor) -> Tensor:
        """Some rows as floats, (..., K) for ``places`` (...)."""
        raise NotImplementedError

    def product(self, x: Tensor) -> Tensor:
        raise NotImplementedError

    def forward(self, x: Tensor) -> Tensor:
        return self.product(x)


class Float16Matrix(QuantizedMatrix):
    """In float16."""

    values: Tensor  # (N, K)

    def __init__(self, weight: Tensor, bias: Tensor | None = None) -> None:
        super().__init__()
        self.register_buffer("values", weight.detach().half())
        self.register_buffer("bias", None if bias is None else bias.detach().clone())
        self._packed: Any = None  # the kernel's own copy, made when first needed

    @property
    def weight(self) -> Tensor:
        return self.values.float()

    @property
    def compute_dtype(self) -> torch.dtype:
        return torch.float32

    def rows(self, places: Tensor) -> Tensor:
        return self.values[places].float()

    def product(self, x: Tensor) -> Tensor:
        if x.device.type == "cpu" and _HAS_FBGEMM:
            if self._packed is None:
                self._packed = torch.ops.quantized.linear_prepack_fp16(self.weight, self.bias)
            return torch.ops.quantized.linear_dynamic_fp16(x, self._packed)
        return F.linear(x, self.weight, self.bias)


class Int8Matrix(QuantizedMatrix):
    """In int8, with a scale for each row."""

    values: Tensor  # (N, K) int8
    scales: Tensor  # (N,) floats

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
        return self.values.to(self.scales.dtype) * self.scales[:, None]

    @property
    def compute_dtype(self) -> torch.dtype:
        return self.scales.dtype

    def rows(self, places: Tensor) -> Tensor:
        return self.values[places].to(self.scales.dtype) * self.scales[places].unsqueeze(-1)

    def product(self, x: Tensor) -> Tensor:
        # Outputs are scaled, not weights: they are fewer.
        product = self._decoded(x) if self._is_decoding(x) else F.linear(x, self.values.to(x.dtype))
        product = product * self.scales
        return product if self.bias is None else product + self.bias

    def _is_decoding(self, x: Tensor) -> bool:
        """Whether ``x`` holds one token of each sequence, (B, 1, K) or (B, K), and the kernel can take it."""
        one_each = x.dim() == 2 or x.shape[-2] == 1
        return one_each and x.device.type == "cpu" and x.shape[-1] % _KERNEL_WIDTH == 0

    def _decoded(self, x: Tensor) -> Tensor:
        rows = x.reshape(-1, x.shape[-1]).bfloat16()
        if self._ones is None:  # the kernel's own scales would be rounded to bf16; scaling afterwards is not
            self._ones = torch.ones(len(self.scales), dtype=torch.bfloat16)
        product = torch._weight_int8pack_mm(rows, self.values, self._ones)
        return product.to(self.scales.dtype).view(*x.shape[:-1], -1)


class Float16Embedding(Float16Matrix):
    """A table of vectors, which can also be the head: ``forward`` looks tokens ``x`` up, ``product`` makes logits."""

    def forward(self, x: Tensor) -> Tensor:
        return self.rows(x)


class Int8Embedding(Int8Matrix):
    """Likewise."""

    def forward(self, x: Tensor) -> Tensor:
        return self.rows(x)


_CLASSES: dict[WeightFormat, tuple[type[QuantizedMatrix], type[QuantizedMatrix]]] = {
    "float16": (Float16Matrix, Float16Embedding),
    "int8": (Int8Matrix, Int8Embedding),
}


def quantize_matrices(model: nn.Module, kind: WeightFormat) -> None:
    """Replace every matrix and embedding in ``model``, in place; learned positions and norms stay floats.

    Matrices that multiply the same are joined: fewer and larger products.
    """
    matrix, embedding = _CLASSES[kind]
    for module in model.modules():
        if isinstance(module, Attention | SwiGLU):
            module.join(matrix)
    for parent in list(model.modules()):
        for name, child in parent.named_children():
            if isinstance(child, Linear):
                setattr(parent, name, matrix(child.weight, child.bias).train(child.training))
            elif isinstance(child, nn.Embedding):
                setattr(parent, name, embedding(child.weight).train(child.training))


def is_quantized(model: nn.Module) -> bool:
    """Whether `quantize_matrices` was applied to ``model``."""
    return any(isinstance(module, QuantizedMatrix) for module in model.modules())
