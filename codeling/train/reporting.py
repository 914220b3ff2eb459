"""A run in words and numbers: the record of a step, the live line, the line at an epoch's end."""

from __future__ import annotations

from typing import Any

from codeling.train.progress import Plan, Progress, Validation
from codeling.train.step import StepResult


class Speedometer:
    """Tokens per second, FLOP/s as a share of the device's peak (MFU) and time left, smoothed over about ten steps."""

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self._seconds: float | None = None
        self._steps = 0
        self.last_seconds = 0.0

    def step(self, seconds: float) -> None:
        """One more step took ``seconds``."""
        self.last_seconds = seconds
        self._steps += 1
        # The first step compiles and warms caches; it says nothing about the rest.
        if self._seconds is None or self._steps == 2:
            self._seconds = seconds
        self._seconds += 0.1 * (seconds - self._seconds)

    @property
    def tokens_per_second(self) -> float:
        return self._plan.tokens_per_step / self._seconds if self._seconds else 0.0

    @property
    def mfu(self) -> float | None:
        """Between 0 and 1; None where the device's peak is not known."""
        if not self._plan.peak_flops:
            return None
        return self.tokens_per_second * self._plan.flops_per_token / self._plan.peak_flops

    def seconds_left(self, step: int) -> float:
        """Estimate after ``step`` steps, validation and saving not counted."""
        return (self._plan.total_steps - step) * (self._seconds or 0.0)


def step_record(
    plan: Plan, progress: Progress, result: StepResult, validation: Validation | None, speed: Speedometer
) -> dict[str, Any]:
    """One line of ``NAME.metrics.jsonl``; losses in nats per target, ``seconds`` since the run's first start."""
    return {
        "step": progress.step,
        "tokens": progress.tokens,
        "epoch": plan.epoch_of(progress.step),
        "train_loss": result.loss,
        "val_loss": validation.loss if validation else None,
        "val_bits_per_byte": validation.bits_per_byte if validation else None,
        "learning_rate": result.learning_rate,
        "grad_norm": result.grad_norm,
        "tokens_per_second": round(plan.tokens_per_step / speed.last_seconds, 1) if speed.last_seconds else 0.0,
        "mfu": speed.mfu,
        "seconds": round(progress.seconds, 3),
        "skipped": not result.finite,
        **({f"val_{name}": value for name, value in validation.measures.items()} if validation else {}),
    }


def progress_line(plan: Plan, progress: Progress, result: StepResult, speed: Speedometer) -> str:
    """E.g. ``step 120/1000  loss 3.412  val 3.398  12,345 tokens/s  MFU 41 %  3 min left``."""
    parts = [f"step {progress.step}/{plan.total_steps}"]
    parts.append(f"loss {result.loss:.3f}" if result.finite else "SKIPPED: loss or gradients not finite")
    if progress.val_loss is not None:
        bits = progress.val_bits_per_byte
        parts.append(f"val {progress.val_loss:.3f}" + ("" if bits is None else f" ({bits:.3f} bits/byte)"))
    parts.append(f"{speed.tokens_per_second:,.0f} tokens/s")
    if speed.mfu is not None:
        parts.append(f"MFU {100 * speed.mfu:.0f} %")
    parts.append(f"{duration(speed.seconds_left(progress.step))} left")
    return "  ".join(parts)


def duration(seconds: float) -> str:
    """``8 s``, ``3 min``, ``2 h 05 min``."""
    if seconds < 90:
        return f"{seconds:.0f} s"
    minutes = round(seconds / 60)
    return f"{minutes} min" if minutes < 90 else f"{minutes // 60} h {minutes % 60:02d} min"


def epoch_line(plan: Plan, progress: Progress, epoch: int) -> str:
    """The specification's line: ``Epoch 1/3: train_loss=4.5000, val_loss=4.2000``."""
    return (
        f"Epoch {epoch}/{max(epoch, plan.num_epochs)}: train_loss={_four(progress.train_loss)}, "
        f"val_loss={_four(progress.val_loss)}"
    )


def _four(loss: float | None) -> str:
    return "none" if loss is None else f"{loss:.4f}"
