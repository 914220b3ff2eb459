"""Mixed precision: weights, gradients and optimizer stay float32, matrix products run in bf16 or fp16.

bf16 has float32's range and needs nothing else. fp16 underflows below 6e-8, so the loss is multiplied by a scale that
is as large as the gradients allow: halved when they overflow, doubled after 2,000 steps without
(https://arxiv.org/abs/1710.03740).
"""

from __future__ import annotations

from contextlib import AbstractContextManager

import torch

_FIRST_SCALE = 2.0**16
_GROWTH_STEPS = 2000


class Precision:
    """The number format of a run on ``device``: ``dtype`` float32 (off), bfloat16 or float16."""

    def __init__(self, device: torch.device, dtype: torch.dtype) -> None:
        self.device = device
        self.dtype = dtype
        self.scale = _FIRST_SCALE if dtype == torch.float16 else 1.0
        self._good_steps = 0

    def autocast(self) -> AbstractContextManager:
        """The forward pass goes inside."""
        return torch.autocast(self.device.type, dtype=self.dtype, enabled=self.dtype != torch.float32)

    def update(self, finite: bool) -> bool:
        """Adapt the scale after a step with finite gradients or not; True if an overflow was only the scale's fault."""
        if self.dtype != torch.float16:
            return False
        self._good_steps = self._good_steps + 1 if finite else 0
        if not finite and self.scale > 1.0:
            self.scale /= 2
            return True
        if self._good_steps == _GROWTH_STEPS:
            self.scale, self._good_steps = self.scale * 2, 0
        return False

    def state_dict(self) -> dict[str, float]:
        """What a resumed run needs."""
        return {"scale": self.scale, "good_steps": self._good_steps}

    def load_state_dict(self, state: dict[str, float]) -> None:
        """Continue with a saved scale; another format than the saved one starts with its own."""
        if self.dtype == torch.float16 and state["scale"] != 1.0:
            self.scale, self._good_steps = state["scale"], int(state["good_steps"])
