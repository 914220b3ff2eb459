"""What a step minimises: an objective maps (model, batch) to a loss SUMMED over the batch's targets.

The loop divides by the number of targets of the whole step, over micro-batches and processes, so that every target
weighs the same, however rows are split. (A mean of means would weigh short answers more than long ones.)

Shapes: B rows, T tokens in a row.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol, TypeVar

import numpy as np
import torch
from torch import Tensor

IGNORE = -100
"""The target of a position that is not trained on."""


class Batch(Protocol):
    """What a step must know of a micro-batch; the rest is between whoever makes it and the objective."""

    @property
    def num_targets(self) -> int:
        """What the loss is a sum over."""
        ...


BatchT = TypeVar("BatchT", bound=Batch)


@dataclass(frozen=True)
class TensorBatch:
    """One micro-batch on the device; each tensor int64 of shape (B, T).

    ``positions`` and ``document_ids`` are set where rows attend within documents only; None: the row is one text.
    ``num_targets`` counts the targets that are not IGNORE, known without asking the device.
    """

    tokens: Tensor
    targets: Tensor
    num_targets: int
    positions: Tensor | None = None
    document_ids: Tensor | None = None

    @staticmethod
    def from_arrays(
        tokens: np.ndarray,
        targets: np.ndarray,
        *,
        device: torch.device,
        positions: np.ndarray | None = None,
        document_ids: np.ndarray | None = None,
    ) -> TensorBatch:
        """Copy arrays (B, T) to ``device``; on CUDA without waiting for the copy."""
        return TensorBatch(
            _to_device(tokens, device),
            _to_device(targets, device),
            num_targets=int(np.count_nonzero(targets != IGNORE)),
            positions=None if positions is None else _to_device(positions, device),
            document_ids=None if document_ids is None else _to_device(document_ids, device),
        )


def _to_device(array: np.ndarray, device: torch.device) -> Tensor:
    tensor = torch.from_numpy(np.ascontiguousarray(array, dtype=np.int64))
    if device.type == "cuda":
        return tensor.pin_memory().to(device, non_blocking=True)
    return tensor.to(device)


Objective = Callable[[torch.nn.Module, TensorBatch], Tensor]
"""(model, batch) -> summed loss, an fp32 scalar that can be differentiated."""


def language_modeling(model: torch.nn.Module, batch: TensorBatch) -> Tensor:
    """Cross-entropy of the next token, summed over the batch's targets, in nats."""
    return model.loss(  # type: ignore[operator]
        batch.tokens, batch.targets, positions=batch.positions, document_ids=batch.document_ids
    )
