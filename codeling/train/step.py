"""One optimizer step: micro-batches forward and backward, gradients summed, checked, clipped, applied."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import torch

from codeling.runtime.distributed import sum_across, sum_gradients, total_across
from codeling.runtime.seeds import stable_hash
from codeling.train.objectives import BatchT
from codeling.train.precision import Precision
from codeling.train.progress import Plan
from codeling.train.schedules import apply_schedule


@dataclass(frozen=True)
class StepResult:
    """What one optimizer step did, summed over micro-batches and processes."""

    loss_sum: float
    num_targets: int
    grad_norm: float
    """Before clipping."""
    learning_rate: float
    """Of the first parameter group."""
    finite: bool
    """False: loss or gradients were not, and the weights have not been touched."""

    @property
    def loss(self) -> float:
        return self.loss_sum / max(1, self.num_targets)


def take_step(
    model: torch.nn.Module,
    optimizer: torch.optim.Optimizer,
    micro_batches: Sequence[BatchT],
    *,
    objective: Callable[[Any, BatchT], torch.Tensor],
    plan: Plan,
    precision: Precision,
    step: int,
    rank: int = 0,
) -> StepResult:
    """One optimizer step, number ``step`` (from 0), over this process's micro-batches and those of the others."""
    apply_schedule(
        optimizer,
        step=step,
        total_steps=plan.total_steps,
        warmup_steps=plan.warmup_steps,
        warmdown_fraction=plan.warmdown_fraction,
        final_fraction=plan.final_fraction,
    )
    torch.manual_seed(stable_hash(plan.seed, "dropout", step, rank) >> 1)
    # Known before the first forward pass, so that every micro-batch can be weighted rightly at once.
    num_targets = total_across(sum(batch.num_targets for batch in micro_batches), precision.device)
    loss_sum = torch.zeros((), device=precision.device)
    for batch in micro_batches:
        with precision.autocast():
            loss = objective(model, batch)  # summed over the targets of (B, T)
        (loss * (precision.scale / max(1, num_targets))).backward()
        loss_sum += loss.detach()
    sum_gradients(model.parameters())
    sum_across(loss_sum)

    parameters = [parameter for parameter in model.parameters() if parameter.grad is not None]
    gradients = [parameter.grad for parameter in parameters if parameter.grad is not None]
    if precision.scale != 1.0:
        for gradient in gradients:
            gradient.div_(precision.scale)
    norm = torch.nn.utils.get_total_norm(gradients)
    total, grad_norm = torch.stack([loss_sum, norm]).tolist()  # the step's one wait for the device
    finite = math.isfinite(total) and math.isfinite(grad_norm)  # of sums over processes: all of them agree
    if finite:
        if plan.grad_clip is not None:
            torch.nn.utils.clip_grads_with_norm_(parameters, plan.grad_clip, norm)
        optimizer.step()
    optimizer.zero_grad(set_to_none=True)
    return StepResult(total, num_targets, grad_norm, optimizer.param_groups[0]["lr"], finite)
