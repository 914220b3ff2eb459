"""The loop and the step, on a model small enough to check by hand (FAULTS rows 8, 11, 17)."""

from __future__ import annotations

import math
import random
import re
import signal
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from codeling.errors import Failure
from codeling.model.config import ModelConfig
from codeling.model.transformer import Transformer
from codeling.runtime.distributed import Processes
from codeling.runtime.metrics import MetricsLog, read_records
from codeling.runtime.signals import Interrupted, StopRequest
from codeling.train.loop import train_loop
from codeling.train.memory import out_of_memory_explained
from codeling.train.objectives import IGNORE, TensorBatch, language_modeling
from codeling.train.precision import Precision
from codeling.train.progress import Plan, Progress, Validation
from codeling.train.reporting import Speedometer, duration
from codeling.train.step import take_step
from codeling.train.validation import validate

CPU = torch.device("cpu")


class Line(torch.nn.Module):
    """loss = sum over targets of (weight * token - target)^2: one number to learn."""

    def __init__(self) -> None:
        super().__init__()
        self.weight = torch.nn.Parameter(torch.zeros(1))

    def loss(self, tokens: torch.Tensor, targets: torch.Tensor, **_: Any) -> torch.Tensor:
        wanted = targets != IGNORE
        return ((self.weight * tokens - targets) ** 2 * wanted).sum()


def line_batch(rows: int = 2, *, slope: int = 3) -> TensorBatch:
    tokens = torch.arange(1, rows + 1)[:, None]
    return TensorBatch(tokens, slope * tokens, num_targets=rows)


def sgd(model: torch.nn.Module, *, rate: float = 0.01) -> torch.optim.Optimizer:
    return torch.optim.SGD(
        [{"params": list(model.parameters()), "lr": rate, "base_lr": rate, "base_weight_decay": 0.0}]
    )


def plan(**changes: Any) -> Plan:
    values = {
        "total_steps": 10,
        "tokens_per_step": 2,
        "epoch_ends": (5, 10),
        "num_epochs": 2,
        "eval_every": 5,
        "save_every": 2,
    }
    return Plan(**(values | changes))


class Recorder:
    """Fakes for the loop's callables; remembers what was asked."""

    def __init__(self, folder: Path, *, losses: Sequence[float] = ()) -> None:
        self.saves: list[tuple[int, int | None, bool]] = []
        self.steps: list[int] = []
        self.progress = Progress()
        self.validations = iter(losses)
        self.metrics = MetricsLog(folder, "run", tensorboard=False)
        self.stop = StopRequest()

    def run(self, model: torch.nn.Module, plan: Plan, **changes: Any) -> None:
        def next_batches(step: int) -> list[TensorBatch]:
            self.steps.append(step)
            return [line_batch()]

        def evaluate(step: int) -> Validation | None:
            loss = next(self.validations, None)
            return None if loss is None else Validation(loss, loss)

        def save(*, epoch: int | None, best: bool) -> None:
            self.saves.append((self.progress.step, epoch, best))

        arguments: dict[str, Any] = {
            "plan": plan,
            "progress": self.progress,
            "precision": Precision(CPU, torch.float32),
            "processes": Processes(),
            "metrics": self.metrics,
            "stop": self.stop,
            "next_batches": next_batches,
            "objective": language_modeling,
            "evaluate": evaluate,
            "save": save,
        }
        train_loop(model, sgd(model), **(arguments | changes))


def test_the_loop_learns_evaluates_saves_and_says_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    model, recorder = Line(), Recorder(tmp_path, losses=[4.2, 3.5])
    recorder.run(model, plan(num_epochs=3, epoch_ends=(5, 10, 15)))
    assert recorder.steps == list(range(10))
    assert recorder.saves == [
        (2, None, False),
        (4, None, False),
        (5, 1, True),
        (6, None, False),
        (8, None, False),
        (10, 2, True),
    ]
    lines = capsys.readouterr().out.splitlines()
    assert re.fullmatch(r"Epoch 1/3: train_loss=\d+\.\d{4}, val_loss=4\.2000", lines[0])
    assert re.fullmatch(r"Epoch 2/3: train_loss=\d+\.\d{4}, val_loss=3\.5000", lines[1])
    records = read_records(tmp_path / "run.metrics.jsonl")
    assert list(records[0]) == [
        "step",
        "tokens",
        "epoch",
        "train_loss",
        "val_loss",
        "val_bits_per_byte",
        "learning_rate",
        "grad_norm",
        "tokens_per_second",
        "mfu",
        "seconds",
        "skipped",
    ]
    assert [record["val_loss"] for record in records] == [None] * 4 + [4.2] + [None] * 4 + [3.5]
    assert records[-1]["train_loss"] < records[0]["train_loss"] and records[-1]["tokens"] == 20
    assert recorder.progress.best_loss == 3.5
    assert "step 10/10" in (tmp_path / "training.log").read_text()


def test_epoch_loss_is_a_mean_over_the_epochs_targets(tmp_path: Path) -> None:
    recorder = Recorder(tmp_path)
    recorder.run(Line(), plan())
    records = read_records(tmp_path / "run.metrics.jsonl")
    assert recorder.progress.train_loss == pytest.approx(sum(r["train_loss"] for r in records[5:]) / 5)


def test_only_a_better_validation_is_the_best(tmp_path: Path) -> None:
    recorder = Recorder(tmp_path, losses=[3.0, 4.0, math.nan, 2.0, 2.0])
    recorder.run(Line(), plan(eval_every=2, save_every=100))
    assert [step for step, _, best in recorder.saves if best] == [2, 6]


def test_no_checkpoint_from_a_bad_stretch_and_a_report_after_too_many(tmp_path: Path) -> None:
    bad = {3, 4, 7, 8, 9}

    def objective(model: Any, batch: TensorBatch) -> torch.Tensor:
        return language_modeling(model, batch) * (math.nan if recorder.progress.step in bad else 1.0)

    recorder = Recorder(tmp_path)
    with pytest.raises(Failure, match=r"3 steps in a row \(steps 8 to 10; 5 skipped.*--resume.*--learning-rate"):
        recorder.run(Line(), plan(max_bad_steps=3, save_every=1, total_steps=20, epoch_ends=(20,)), objective=objective)
    assert [step for step, _, _ in recorder.saves] == [1, 2, 3, 6, 7]


def test_infinite_gradients_with_a_finite_loss_change_nothing() -> None:
    class Cliff(Line):
        def loss(self, tokens: torch.Tensor, targets: torch.Tensor, **_: Any) -> torch.Tensor:
            return self.weight.sum().sqrt()  # 0 at 0, where its slope is infinite

    model = Cliff()
    result = take_step(
        model,
        sgd(model),
        [line_batch()],
        objective=language_modeling,
        plan=plan(),
        precision=Precision(CPU, torch.float32),
        step=0,
    )
    assert result.loss == 0.0 and not result.finite and model.weight.item() == 0.0


def test_a_signal_ends_the_run_after_the_step_and_a_save(tmp_path: Path) -> None:
    recorder = Recorder(tmp_path)

    def objective(model: Any, batch: TensorBatch) -> torch.Tensor:
        if recorder.progress.step == 2:
            signal.raise_signal(signal.SIGTERM)
        return language_modeling(model, batch)

    before = signal.getsignal(signal.SIGTERM)
    with recorder.stop, pytest.raises(Interrupted, match="SIGTERM after step 3 of 10") as stopped:
        recorder.run(Line(), plan(save_every=100), objective=objective)
    assert stopped.value.exit_status == 143 and stopped.value.saved
    assert recorder.saves == [(3, None, False)]
    assert signal.getsignal(signal.SIGTERM) == before


def test_a_signal_after_a_bad_step_saves_nothing(tmp_path: Path) -> None:
    recorder = Recorder(tmp_path)

    def objective(model: Any, batch: TensorBatch) -> torch.Tensor:
        if recorder.progress.step == 2:
            signal.raise_signal(signal.SIGTERM)
        return language_modeling(model, batch) * (math.nan if recorder.progress.step == 2 else 1.0)

    with recorder.stop, pytest.raises(Interrupted) as stopped:
        recorder.run(Line(), plan(save_every=1), objective=objective)
    assert not stopped.value.saved
    assert recorder.progress.bad_steps == 1 and [step for step, _, _ in recorder.saves] == [1, 2]


def test_the_best_loss_is_always_that_of_a_saved_checkpoint(tmp_path: Path) -> None:
    def objective(model: Any, batch: TensorBatch) -> torch.Tensor:
        return language_modeling(model, batch) * (math.nan if recorder.progress.step == 3 else 1.0)

    recorder = Recorder(tmp_path, losses=[4.0, 3.0, 3.5, 5.0, 5.0])  # the second one after a step that is not saved
    recorder.run(Line(), plan(eval_every=2, save_every=2, epoch_ends=(10,)), objective=objective)
    assert [(step, best) for step, _, best in recorder.saves] == [(2, True), (6, True), (8, False), (10, False)]
    assert recorder.progress.best_loss == 3.5


@pytest.mark.parametrize(("good", "fails"), [(0, True), (1, True), (2, False), (9, False)])
def test_a_run_that_ends_without_anything_to_save_has_failed(tmp_path: Path, good: int, fails: bool) -> None:
    recorder = Recorder(tmp_path)

    def objective(model: Any, batch: TensorBatch) -> torch.Tensor:
        return language_modeling(model, batch) * (1.0 if recorder.progress.step < good else math.nan)

    settings = plan(save_every=2, max_bad_steps=99)
    if fails:
        with pytest.raises(Failure, match=f"{10 - good} steps in a row"):
            recorder.run(Line(), settings, objective=objective)
    else:
        recorder.run(Line(), settings, objective=objective)
    assert bool(recorder.saves) != fails


@settings(max_examples=15)
@given(st.integers(0, 1 << 30), st.sampled_from([1, 2, 4]), st.booleans())
def test_row_8_any_split_into_micro_batches_is_the_same_step(seed: int, pieces: int, uneven: bool) -> None:
    config = ModelConfig(d_model=16, num_layers=1, num_heads=2, num_kv_heads=2, d_ff=32, vocab_size=50)
    generator = torch.Generator().manual_seed(seed)
    tokens = torch.randint(0, 50, (8, 12), generator=generator)
    targets = torch.randint(0, 50, (8, 12), generator=generator)
    if uneven:  # rows with few targets must not weigh more
        targets[0, 1:] = IGNORE
        targets[5] = IGNORE
    rows = 8 // pieces

    def step(split: bool) -> tuple[float, float, torch.Tensor]:
        model = Transformer(config).init_weights(seed)
        # Plain descent at rate 1 adds the gradient itself. Adam's first step is its sign, which rounding may turn.
        optimizer = sgd(model, rate=1.0)
        size = rows if split else 8
        batches = [
            TensorBatch(tokens[i : i + size], targets[i : i + size], int((targets[i : i + size] != IGNORE).sum()))
            for i in range(0, 8, size)
        ]
        precision = Precision(CPU, torch.float32)
        result = take_step(
            model,
            optimizer,
            batches,
            objective=language_modeling,
            plan=plan(warmup_steps=0),
            precision=precision,
            step=0,
        )
        return result.loss, result.grad_norm, model.embedding.weight.detach()

    (loss, norm, weight), (split_loss, split_norm, split_weight) = step(False), step(True)
    assert split_loss == pytest.approx(loss, rel=1e-5)
    assert split_norm == pytest.approx(norm, rel=1e-5)
    torch.testing.assert_close(split_weight, weight, rtol=1e-5, atol=1e-6)


def test_clipping_bounds_the_step_but_reports_the_whole_norm() -> None:
    model, clipped = Line(), Line()
    arguments: dict[str, Any] = {"objective": language_modeling, "precision": Precision(CPU, torch.float32), "step": 0}
    free = take_step(model, sgd(model), [line_batch()], plan=plan(warmup_steps=0), **arguments)
    bound = take_step(clipped, sgd(clipped), [line_batch()], plan=plan(warmup_steps=0, grad_clip=0.1), **arguments)
    assert bound.grad_norm == free.grad_norm > 0.1
    assert clipped.weight.item() == pytest.approx(0.01 * 0.1, rel=1e-4)


def test_dropout_is_decided_by_seed_and_step_alone() -> None:
    class Noise(Line):
        def loss(self, tokens: torch.Tensor, targets: torch.Tensor, **_: Any) -> torch.Tensor:
            return torch.rand(()) + 0 * self.weight.sum()

    def loss(step: int, seed: int) -> float:
        torch.rand(random.randrange(1, 9))  # whatever happened before
        model = Noise()
        return take_step(
            model,
            sgd(model),
            [line_batch()],
            objective=language_modeling,
            plan=plan(seed=seed),
            precision=Precision(CPU, torch.float32),
            step=step,
        ).loss

    assert loss(3, 0) == loss(3, 0)
    assert len({loss(3, 0), loss(4, 0), loss(3, 1)}) == 3


def test_the_fp16_scale_backs_off_and_grows_again() -> None:
    precision = Precision(CPU, torch.float16)
    assert precision.scale == 65536
    assert precision.update(False) is True and precision.scale == 32768
    for _ in range(2000):
        assert precision.update(True) is False
    assert precision.scale == 65536
    restored = Precision(CPU, torch.float16)
    precision.update(False)
    restored.load_state_dict(precision.state_dict())
    assert restored.scale == 32768
    for _ in range(15):
        precision.update(False)
    assert precision.scale == 1 and precision.update(False) is False, "at scale 1 an overflow is the model's fault"
    assert Precision(CPU, torch.bfloat16).update(False) is False


@pytest.mark.parametrize("error", [torch.OutOfMemoryError("CUDA out of memory. Tried"), MemoryError()])
def test_row_17_out_of_memory_is_explained(error: Exception) -> None:
    with pytest.raises(Failure, match="--gradient-checkpointing"), out_of_memory_explained(3):
        raise error
    with pytest.raises(Failure, match="out of memory in step 3"), out_of_memory_explained(3):
        torch.empty(1 << 55)
    with pytest.raises(Failure, match="out of memory before the first step"), out_of_memory_explained(None):
        raise error
    with pytest.raises(RuntimeError, match="shapes"), out_of_memory_explained(3):
        raise RuntimeError("shapes cannot be multiplied")


def test_out_of_memory_in_validation_is_explained_too(tmp_path: Path) -> None:
    def evaluate(step: int) -> Validation | None:
        raise torch.OutOfMemoryError("CUDA out of memory. Tried")

    with pytest.raises(Failure, match="out of memory in step 5"):
        Recorder(tmp_path).run(Line(), plan(), evaluate=evaluate)


def test_plan_knows_epochs() -> None:
    two = plan(total_steps=8, epoch_ends=(5, 10))
    assert [two.epoch_of(step) for step in (1, 5, 6, 8)] == [1, 1, 2, 2]
    assert [step for step in range(1, 9) if two.ends_epoch(step)] == [5, 8]
    assert [step for step in range(1, 9) if two.saves(step)] == [2, 4, 5, 6, 8]


def test_speed_forgets_the_first_step_and_knows_the_peak() -> None:
    speed = Speedometer(plan(tokens_per_step=100, flops_per_token=1e9, peak_flops=1e12))
    speed.step(60.0)
    for _ in range(5):
        speed.step(0.5)
    assert speed.tokens_per_second == pytest.approx(200)
    assert speed.mfu == pytest.approx(0.2)
    assert speed.seconds_left(4) == pytest.approx(3.0)
    assert Speedometer(plan()).mfu is None
    assert [duration(seconds) for seconds in (8, 89, 200, 7500)] == ["8 s", "89 s", "3 min", "2 h 05 min"]


def test_validation_is_a_mean_over_targets_and_leaves_training_mode() -> None:
    model = Line()
    result = validate(
        model,
        [line_batch(2), line_batch(1)],
        num_bytes=7,
        objective=language_modeling,
        precision=Precision(CPU, torch.float32),
    )
    total = 3**2 + 6**2 + 3**2
    assert result.loss == pytest.approx(total / 3)
    assert result.bits_per_byte == pytest.approx(total / math.log(2) / 7)
    assert model.training
