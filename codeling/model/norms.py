"""Normalisation of the residual stream and of query and key heads.

Both norms compute in fp32 (fp64 for fp64 input) and return ``dtype``, the type of the matrix product that follows.
Sources: RMSNorm, https://arxiv.org/abs/1910.07467; LayerNorm, https://arxiv.org/abs/1607.06450.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

from codeling.model.precision import accumulation_dtype


class RMSNorm(nn.Module):
    """``x / rms(x) * weight`` over the last dimension."""

    def __init__(self, width: int, *, epsilon: float) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.ones(width))
        self.epsilon = epsilon

    def forward(self, x: Tensor, dtype: torch.dtype | None = None) -> Tensor:
        wide = x.to(accumulation_dtype(x.dtype))
        scale = torch.rsqrt(wide.square().mean(-1, keepdim=True) + self.epsilon)
        return (wide * scale * self.weight).to(dtype or x.dtype)


class LayerNorm(nn.Module):
    """``(x - mean) / std * weight + bias`` over the last dimension."""

    def __init__(self, width: int, *, epsilon: float) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.ones(width))
        self.bias = nn.Parameter(torch.zeros(width))
        self.epsilon = epsilon

    def forward(self, x: Tensor, dtype: torch.dtype | None = None) -> Tensor:
        wide = x.to(accumulation_dtype(x.dtype))
        centred = wide - wide.mean(-1, keepdim=True)
        scale = torch.rsqrt(centred.square().mean(-1, keepdim=True) + self.epsilon)
        return (centred * scale * self.weight + self.bias).to(dtype or x.dtype)


NORMS = {"rmsnorm": RMSNorm, "layernorm": LayerNorm}
