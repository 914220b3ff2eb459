"""The position-wise half of a block.

Sources: SwiGLU, https://arxiv.org/abs/2002.05202; GELU in GPT-2's tanh form, https://arxiv.org/abs/1606.08415.
"""

from __future__ import annotations

from collections.abc import Callable

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from codeling.model.config import ModelConfig
from codeling.model.linear import Linear


class SwiGLU(nn.Module):
    """``down(silu(gate(x)) * up(x))``: three matrices, the gate decides how much of each feature passes.

    After ``join`` the first two are one, ``gate_up``.
    """

    def __init__(self, config: ModelConfig) -> None:
        super().__init__()
        self.gate = Linear(config.d_model, config.d_ff, bias=config.bias)
        self.up = Linear(config.d_model, config.d_ff, bias=config.bias)
        self.down = Linear(config.d_ff, config.d_model, bias=config.bias)
        self.gate_up: nn.Module | None = None

    def join(self, matrix: Callable[[Tensor, Tensor | None], nn.Module]) -> None:
        """One product makes both from now on, by ``matrix(weight, bias)``."""
        biases: list[Tensor] = [part.bias for part in (self.gate, self.up) if part.bias is not None]
        weight = torch.cat([self.gate.weight, self.up.weight])
        self.gate_up = matrix(weight, torch.cat(biases) if biases else None)
        del self.gate, self.up

    def forward(self, x: Tensor) -> Tensor:
        gate, up = (self.gate(x), self.up(x)) if self.gate_up is None else self.gate_up(x).chunk(2, -1)
        return self.down(F.silu(gate) * up)


class GELU(nn.Module):
    """``down(gelu(up(x)))``, GPT-2's two matrices."""

    def __init__(self, config: ModelConfig) -> None:
        super().__init__()
        self.up = Linear(config.d_model, config.d_ff, bias=config.bias)
        self.down = Linear(config.d_ff, config.d_model, bias=config.bias)

    def forward(self, x: Tensor) -> Tensor:
        return self.down(F.gelu(self.up(x), approximate="tanh"))


MLPS = {"swiglu": SwiGLU, "gelu": GELU}
