"""How the model knows where a token stands.

Rotary positions turn each query and key head by an angle that grows with the position, so that their product
depends on the distance only; learned positions are a table added to the token embeddings. Every kind has the same
two methods: ``add`` at the embedding and ``rotation`` for the heads, one of which does nothing.
Source: RoPE, https://arxiv.org/abs/2104.09864, in the half-split layout of Llama and Qwen.

Shapes: B batch, T time, D width, E head dimension.
"""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor, nn

from codeling.model.config import ModelConfig
from codeling.model.precision import accumulation_dtype

Rotation = tuple[Tensor, Tensor]
"""Cosines and sines, each (1 or B, 1, T, E / 2), fp32: entry i turns the pair of dimensions (i, i + E / 2)."""


class RotaryPositions(nn.Module):
    """Angle tables for positions below ``max_sequence_length``; no parameters."""

    cosines: Tensor  # (max_sequence_length, E / 2)
    sines: Tensor

    def __init__(self, config: ModelConfig) -> None:
        super().__init__()
        self.config = config
        cosines, sines = self._tables(None)
        self.register_buffer("cosines", cosines, persistent=False)
        self.register_buffer("sines", sines, persistent=False)

    def _tables(self, device: torch.device | None) -> Rotation:
        dimension = self.config.head_dim
        exponents = torch.arange(0, dimension, 2, device=device, dtype=torch.float32) / dimension
        frequencies = 1.0 / self.config.rope_theta**exponents
        positions = torch.arange(self.config.max_sequence_length, device=device, dtype=torch.float32)
        angles = torch.outer(positions, frequencies)  # (max, E/2)
        return angles.cos(), angles.sin()

    def reset(self) -> None:
        """Compute the tables in fp32 where the module now is."""
        self.cosines, self.sines = self._tables(self.cosines.device)

    def _apply(self, fn: Callable[[Tensor], Tensor], recurse: bool = True) -> RotaryPositions:
        # A cast of the model to bf16 must not round the angles, and to_empty must not leave them undefined.
        super()._apply(fn, recurse)
        self.reset()
        return self

    def add(self, x: Tensor, positions: Tensor | None) -> Tensor:
        return x

    def rotation(self, length: int, positions: Tensor | None) -> Rotation:
        """Tables for ``positions`` (B, T), or for 0..length-1 when None."""
        if positions is None:
            return self.cosines[None, None, :length], self.sines[None, None, :length]
        return self.cosines[positions][:, None], self.sines[positions][:, None]


class LearnedPositions(nn.Module):
    """A trained vector per position, added to the token embedding."""

    def __init__(self, config: ModelConfig) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.zeros(config.max_sequence_length, config.d_model))

    def reset(self) -> None:
        """Nothing is derived here."""

    def add(self, x: Tensor, positions: Tensor | None) -> Tensor:
        vectors = self.weight[: x.shape[1]] if positions is None else self.weight[positions]
        return x + vectors

    def rotation(self, length: int, positions: Tensor | None) -> None:
        return None


def rotate(heads: Tensor, rotation: Rotation) -> Tensor:
    """Turn ``heads`` (B, H, T, E) by the angles of their positions; computed in fp32, returned in the heads' type."""
    cosines, sines = rotation
    first, second = heads.to(accumulation_dtype(heads.dtype)).chunk(2, dim=-1)
    halves = (first * cosines - second * sines, second * cosines + first * sines)
    # Rounding before joining lets a compiler write each half where it belongs.
    return torch.cat([half.to(heads.dtype) for half in halves], dim=-1)


def rotate_by_rolling(heads: Tensor, rotation: Rotation) -> Tensor:
    """`rotate` in three operations, for ``heads`` so small that operations are what costs.

    ``rotation`` comes from ``rolling``; heads (B, T, H, E).
    """
    cosines, sines = rotation
    wide = heads.to(accumulation_dtype(heads.dtype))
    return torch.addcmul(wide * cosines, wide.roll(heads.shape[-1] // 2, -1), sines).to(heads.dtype)


def rolling(rotation: Rotation) -> Rotation:
    """Tables (B, T, 1, E) for `rotate_by_rolling`: entry i belongs to dimension i, and the sines have its sign."""
    cosines, sines = (table.transpose(1, 2) for table in rotation)
    return torch.cat([cosines, cosines], -1), torch.cat([-sines, sines], -1)


POSITIONS = {"rope": RotaryPositions, "learned": LearnedPositions}
