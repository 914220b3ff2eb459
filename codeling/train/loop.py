"""THE training loop: every stage is data, an objective and a starting point; this file does the rest.

Four callables come in: ``next_batches`` (step -> this process's micro-batches), ``objective`` ((model, micro-batch) ->
summed loss), ``evaluate`` (step -> Validation or None; prints samples if it likes) and ``save`` (which checkpoints to
write). What happens between two steps can be read here from top to bottom, what happens within one in
codeling.train.step.
"""

from __future__ import annotations

import math
import signal
import time
from collections.abc import Callable, Sequence
from typing import Any

import torch

from codeling.errors import Failure
from codeling.runtime.distributed import Processes, maximum_across
from codeling.runtime.metrics import MetricsLog
from codeling.runtime.signals import Interrupted, StopRequest
from codeling.train.memory import out_of_memory_explained
from codeling.train.objectives import BatchT
from codeling.train.precision import Precision
from codeling.train.progress import Plan, Progress, Validation
from codeling.train.reporting import Speedometer, epoch_line, progress_line, step_record
from codeling.train.step import StepResult, take_step


def train_loop(
    model: torch.nn.Module,
    optimizer: torch.optim.Optimizer,
    *,
    plan: Plan,
    progress: Progress,
    precision: Precision,
    processes: Processes,
    metrics: MetricsLog,
    stop: StopRequest,
    next_batches: Callable[[int], Sequence[BatchT]],
    objective: Callable[[Any, BatchT], torch.Tensor],
    evaluate: Callable[[int], Validation | None],
    save: Callable[..., None],
) -> None:
    """Train from ``progress.step`` to the end of ``plan``, changing model, optimizer and ``progress`` in place.

    ``save(epoch=K or None, best=bool)`` writes the rolling checkpoint and, on request, an epoch's and the best one.
    Raises Interrupted on SIGINT or SIGTERM (after saving, unless the step was bad), and Failure when memory runs out or
    the loss is not finite for ``plan.max_bad_steps`` steps in a row, or to the end with nothing saved; the last saved
    checkpoint is good in every case.
    """
    speed = Speedometer(plan)
    saved = False
    while progress.step < plan.total_steps:
        begun = time.perf_counter()
        with out_of_memory_explained(progress.step + 1):
            result = take_step(
                model,
                optimizer,
                next_batches(progress.step),
                objective=objective,
                plan=plan,
                precision=precision,
                step=progress.step,
                rank=processes.rank,
            )
        speed.step(time.perf_counter() - begun)
        _count_step(plan, progress, result, blameless=precision.update(result.finite))
        if progress.bad_steps >= plan.max_bad_steps:
            raise Failure(_divergence_report(progress))

        with out_of_memory_explained(progress.step):
            validation = evaluate(progress.step) if plan.evaluates(progress.step) else None
        improved = _count_validation(progress, validation)
        progress.seconds += time.perf_counter() - begun
        metrics.record(step_record(plan, progress, result, validation, speed))
        metrics.progress(progress_line(plan, progress, result, speed), important=validation is not None)
        epoch = _end_epoch(plan, progress, metrics)
        signal_number = maximum_across(stop.signal_number, precision.device)
        # Weights that just gave no finite loss are not worth a checkpoint; the last good one stays.
        good = progress.bad_steps == 0
        if good and (improved or signal_number or plan.saves(progress.step)):
            save(epoch=epoch, best=improved)
            saved = True
        if signal_number and progress.step < plan.total_steps:
            state = f"stopped by {signal.Signals(signal_number).name} after step {progress.step} of {plan.total_steps}"
            raise Interrupted(signal_number, state, saved=good)
    if progress.bad_steps and not saved:
        raise Failure(_divergence_report(progress))


def _count_step(plan: Plan, progress: Progress, result: StepResult, *, blameless: bool) -> None:
    progress.step += 1
    progress.tokens += plan.tokens_per_step
    if result.finite:
        progress.bad_steps = 0
        progress.epoch_loss += result.loss_sum
        progress.epoch_targets += result.num_targets
    else:
        progress.skipped_steps += 1
        progress.bad_steps += 0 if blameless else 1


def _count_validation(progress: Progress, validation: Validation | None) -> bool:
    """Remember a validation; True if it is the best so far, which only weights can be that are worth a checkpoint."""
    if validation is None:
        return False
    progress.val_loss, progress.val_bits_per_byte = validation.loss, validation.bits_per_byte
    best = math.inf if progress.best_loss is None else progress.best_loss
    if progress.bad_steps or not validation.loss < best:  # NaN is never the best
        return False
    progress.best_loss = validation.loss
    return True


def _end_epoch(plan: Plan, progress: Progress, metrics: MetricsLog) -> int | None:
    """The epoch that the last step ended, after its mean loss is remembered and said; None within one."""
    if not plan.ends_epoch(progress.step):
        return None
    epoch = plan.epoch_of(progress.step)
    progress.train_loss = progress.epoch_mean_loss
    metrics.say(epoch_line(plan, progress, epoch))
    if progress.step in plan.epoch_ends:
        progress.epoch_loss, progress.epoch_targets = 0.0, 0
    return epoch


def _divergence_report(progress: Progress) -> str:
    first = progress.step - progress.bad_steps + 1
    return (
        f"the loss or its gradients were not finite in {progress.bad_steps} steps in a row (steps {first} to "
        f"{progress.step}; {progress.skipped_steps} skipped in the whole run). The weights were not changed by these "
        "steps and the last checkpoint is intact. Go on from it with --resume and a smaller --learning-rate, with "
        "--grad-clip 1.0, or with --dtype float32; if it stops at the same step again, look at the data: "
        "python scripts/validate_data.py"
    )
