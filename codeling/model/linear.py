"""A matrix product in the compute type over a master weight in its own type."""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from codeling.model.precision import compute_dtype


class Linear(nn.Linear):
    """``x @ weight.T (+ bias)`` in the compute type; the weight is (out, in), so state dicts look like any other."""

    @property
    def compute_dtype(self) -> torch.dtype:
        """The type of this product here and now."""
        return compute_dtype(self.weight)

    def forward(self, input: Tensor) -> Tensor:
        dtype = self.compute_dtype
        bias = None if self.bias is None else self.bias.to(dtype)
        return F.linear(input.to(dtype), self.weight.to(dtype), bias)
