"""Validation loss and bits per byte, on the same text at every call, shared by all processes."""

from __future__ import annotations

import math
from collections.abc import Sequence

import torch

from codeling.runtime.distributed import sum_across
from codeling.train.objectives import Objective, TensorBatch
from codeling.train.precision import Precision
from codeling.train.progress import Validation


def validate(
    model: torch.nn.Module,
    batches: Sequence[TensorBatch],
    *,
    num_bytes: int,
    objective: Objective,
    precision: Precision,
) -> Validation:
    """``batches``: this process's share; ``num_bytes``: of text in them. The model is left in training mode."""
    model.eval()
    with torch.no_grad(), precision.autocast():
        losses = [objective(model, batch).detach() for batch in batches]
    model.train()
    # Summed in float64, so that the way batches are shared by processes does not show.
    device = precision.device if precision.device.type == "cuda" else torch.device("cpu")
    loss = torch.stack(losses).to(device).double().sum() if losses else torch.zeros((), dtype=torch.float64)
    counts = torch.tensor([sum(batch.num_targets for batch in batches), num_bytes], dtype=torch.float64, device=device)
    total, targets, total_bytes = sum_across(torch.cat([loss.to(device)[None], counts])).tolist()
    return Validation(total / max(1.0, targets), total / math.log(2) / max(1.0, total_bytes))
