"""Learning rate, momentum and weight decay as pure functions of the step.

``apply_schedule`` writes the values of one step into an optimizer's groups. Nothing is remembered between calls, so a
resumed run needs only its step number, and the values of any step can be asked for in any order.

The shape is warm-up, constant, linear warm-down: over the last 65 % of a run the rate falls in a straight line to 5 %
of its peak. A straight line to (nearly) zero beats the cosine (https://arxiv.org/abs/2502.15938), and a long constant
part costs nothing. Muon's momentum warms up from 0.85, because the first gradients turn quickly, and its weight decay
falls to zero with the run.
"""

from __future__ import annotations

import torch

DEFAULT_WARMUP_STEPS = 40


def learning_rate_factor(
    step: int,
    total_steps: int,
    *,
    warmup_steps: int | None = None,
    warmdown_fraction: float = 0.65,
    final_fraction: float = 0.05,
) -> float:
    """What the peak rate is multiplied by in step ``step`` (0-based) of ``total_steps``; in (0, 1].

    ``warmup_steps``: the rate reaches its peak in the last of them; None is 40, but at most a tenth of the run.
    ``warmdown_fraction``: the share of the run, at its end, in which the rate falls to ``final_fraction`` of the peak;
    0 keeps it constant. Where warm-up and warm-down overlap the smaller factor counts.
    """
    if total_steps < 1 or step < 0:
        raise ValueError(f"step {step} of {total_steps}: steps count from 0 and a run has at least one")
    if not 0.0 <= warmdown_fraction <= 1.0 or not 0.0 <= final_fraction <= 1.0:
        raise ValueError(f"warmdown_fraction {warmdown_fraction} and final_fraction {final_fraction} must be in [0, 1]")
    if warmup_steps is None:
        warmup_steps = min(DEFAULT_WARMUP_STEPS, total_steps // 10)
    rising = min(1.0, (step + 1) / warmup_steps) if warmup_steps > 0 else 1.0
    warmdown_steps = warmdown_fraction * total_steps
    if warmdown_steps == 0:
        return rising
    remaining = min(1.0, max(0.0, (total_steps - step) / warmdown_steps))
    return min(rising, final_fraction + (1.0 - final_fraction) * remaining)


def muon_momentum(step: int, *, warmup_steps: int = 300, start: float = 0.85, end: float = 0.97) -> float:
    """Muon's momentum in step ``step``: a line from ``start`` to ``end`` over ``warmup_steps``, then ``end``."""
    progress = min(1.0, step / warmup_steps) if warmup_steps > 0 else 1.0
    return start + (end - start) * progress


def apply_schedule(
    optimizer: torch.optim.Optimizer,
    *,
    step: int,
    total_steps: int,
    warmup_steps: int | None = None,
    warmdown_fraction: float = 0.65,
    final_fraction: float = 0.05,
) -> float:
    """Set every group's values for step ``step`` (0-based), to be called before that step; returns the rate's factor.

    Each group's ``lr`` becomes its ``base_lr`` times ``learning_rate_factor``. Groups updated by Muon get their
    momentum, and a weight decay that falls in a straight line from ``base_weight_decay`` to zero at the run's end.
    AdamW's decay stays as it is: it is multiplied by the rate and so falls with it.
    """
    factor = learning_rate_factor(
        step,
        total_steps,
        warmup_steps=warmup_steps,
        warmdown_fraction=warmdown_fraction,
        final_fraction=final_fraction,
    )
    for group in optimizer.param_groups:
        group["lr"] = group["base_lr"] * factor
        if "momentum" in group:
            group["momentum"] = muon_momentum(step)
            group["weight_decay"] = group["base_weight_decay"] * max(0.0, 1.0 - step / total_steps)
    return factor
