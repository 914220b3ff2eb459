"""Where a run is, and where it is going: the numbers that decide what happens after each step."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Plan:
    """What a run will do, fixed at its start; steps are optimizer steps and count from 1 once done."""

    total_steps: int
    tokens_per_step: int
    """Positions in a step's global batch, targets or not."""
    epoch_ends: tuple[int, ...]
    """For each epoch that the run touches, the step after which it is over; the last one may lie beyond the run."""
    num_epochs: int
    eval_every: int
    save_every: int
    warmup_steps: int | None = None
    warmdown_fraction: float = 0.65
    final_fraction: float = 0.05
    """These three are the schedule's; see codeling.train.schedules."""
    grad_clip: float | None = None
    seed: int = 0
    max_bad_steps: int = 10
    """Steps in a row without finite loss and gradients after which the run gives up."""
    flops_per_token: float = 0.0
    peak_flops: float | None = None
    """Of all processes' devices together; None where it is not known."""

    def epoch_of(self, step: int) -> int:
        """The epoch, from 1, that step ``step`` (from 1) belongs to."""
        return 1 + sum(end < step for end in self.epoch_ends[:-1])

    def ends_epoch(self, step: int) -> bool:
        """Whether an epoch is over after ``step``. A run that stops inside an epoch counts as that epoch's end."""
        return step in self.epoch_ends or step == self.total_steps

    def evaluates(self, step: int) -> bool:
        """Whether validation follows ``step``."""
        return step % self.eval_every == 0 or self.ends_epoch(step)

    def saves(self, step: int) -> bool:
        """Whether the rolling checkpoint is due after ``step``."""
        return step % self.save_every == 0 or self.ends_epoch(step)


@dataclass
class Progress:
    """The loop's own state; with weights and optimizer it is all that a resumed run needs.

    ``step`` is the position in the data, in the schedule and, with the seed, in the random numbers: each step seeds
    the generators anew, so that their state need not be saved and does not depend on the number of processes.
    """

    step: int = 0
    """Steps done, skipped ones included."""
    tokens: int = 0
    seconds: float = 0.0
    epoch_loss: float = 0.0
    """Summed training loss of the current epoch, in nats."""
    epoch_targets: int = 0
    best_loss: float | None = None
    """Lowest validation loss so far."""
    train_loss: float | None = None
    """Mean of the last finished epoch."""
    val_loss: float | None = None
    val_bits_per_byte: float | None = None
    bad_steps: int = 0
    """Steps without a finite loss or gradient, in a row."""
    skipped_steps: int = 0

    def state_dict(self) -> dict[str, Any]:
        """Plain values for a checkpoint."""
        return dataclasses.asdict(self)

    @staticmethod
    def from_state(state: dict[str, Any]) -> Progress:
        """Inverse of ``state_dict``."""
        return Progress(**state)

    @property
    def epoch_mean_loss(self) -> float | None:
        """Mean training loss per target in the current epoch."""
        return self.epoch_loss / self.epoch_targets if self.epoch_targets else None


@dataclass(frozen=True)
class Validation:
    """Result of one validation: mean loss per target in nats, and bits per byte where the targets are text."""

    loss: float
    bits_per_byte: float | None = None
    measures: Mapping[str, float] = field(default_factory=dict)
    """What else was measured, by name."""
