"""Metrics are complete, appear once, and never stop a run (FAULTS row 16)."""

from __future__ import annotations

import math
import shutil
import sys
from pathlib import Path

import pytest

from codeling.runtime.metrics import MetricsLog, read_records


def test_records_are_exact_and_json(tmp_path: Path) -> None:
    log = MetricsLog(tmp_path, "run", tensorboard=False)
    values = {"step": 1, "train_loss": 0.1 + 0.2, "val_loss": None, "grad_norm": math.nan}
    log.record(values)
    (record,) = read_records(tmp_path / "run.metrics.jsonl")
    assert record == values | {"grad_norm": None} and record["train_loss"].hex() == (0.1 + 0.2).hex()


def test_resuming_keeps_each_step_once(tmp_path: Path) -> None:
    log = MetricsLog(tmp_path, "run", tensorboard=False)
    for step in range(1, 8):
        log.record({"step": step, "train_loss": 1.0})
    path = tmp_path / "run.metrics.jsonl"
    with path.open("a") as file:
        file.write('{"step": 8, "train_l')  # torn by a kill
    log = MetricsLog(tmp_path, "run", resume_step=4, tensorboard=False)
    log.record({"step": 5, "train_loss": 2.0})
    assert [(r["step"], r["train_loss"]) for r in read_records(path)] == [
        (1, 1.0),
        (2, 1.0),
        (3, 1.0),
        (4, 1.0),
        (5, 2.0),
    ]
    MetricsLog(tmp_path, "run", tensorboard=False)
    assert read_records(path) == [], "a new run of this name starts anew"


def test_a_folder_that_cannot_be_written_is_reported_once_per_sink(
    tmp_path: Path, capsys: pytest.CaptureFixture
) -> None:
    blocked = tmp_path / "logs"
    blocked.write_text("a file where the folder should be")
    log = MetricsLog(blocked, "run")
    for step in range(1, 5):
        log.record({"step": step, "train_loss": 1.0})
        log.say(f"line {step}")
    log.close()
    captured = capsys.readouterr()
    assert captured.out.splitlines() == ["line 1", "line 2", "line 3", "line 4"]
    for sink in ("run.metrics.jsonl", "training.log", "TensorBoard"):
        assert captured.err.count(f"warning: {sink} cannot be written") == 1, captured.err


def test_a_sink_that_comes_back_is_written_again(tmp_path: Path) -> None:
    folder = tmp_path / "logs"
    log = MetricsLog(folder, "run", tensorboard=False)
    log.record({"step": 1})
    shutil.rmtree(folder)
    log.record({"step": 2})
    assert [r["step"] for r in read_records(folder / "run.metrics.jsonl")] == [2]


def test_a_full_disk_tears_at_most_the_line_it_stopped_in(tmp_path: Path) -> None:
    resource = pytest.importorskip("resource")
    log = MetricsLog(tmp_path, "run", tensorboard=False)
    path = tmp_path / "run.metrics.jsonl"
    log.record({"step": 1, "train_loss": 1.0})
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (path.stat().st_size + 9, hard))
    try:
        log.record({"step": 2, "train_loss": 1.0})
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    log.record({"step": 3, "train_loss": 1.0})
    assert [r["step"] for r in read_records(path)] == [1, 3]


def test_tensorboard_gets_numbers_and_a_broken_one_is_dropped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    log = MetricsLog(tmp_path, "run")
    log.record({"step": 1, "train_loss": 2.5, "val_loss": None, "skipped": False})
    log.close()
    from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

    events = EventAccumulator(str(tmp_path / "run"))
    events.Reload()
    assert events.Tags()["scalars"] == ["train_loss"]
    assert [(event.step, event.value) for event in events.Scalars("train_loss")] == [(1, 2.5)]

    monkeypatch.setitem(sys.modules, "torch.utils.tensorboard", None)
    log = MetricsLog(tmp_path, "other")
    log.record({"step": 1, "train_loss": 2.5})
    assert len(read_records(tmp_path / "other.metrics.jsonl")) == 1


def test_silent_processes_write_nothing(tmp_path: Path, capsys: pytest.CaptureFixture) -> None:
    log = MetricsLog(tmp_path / "logs", "run", enabled=False)
    log.say("x")
    log.record({"step": 1})
    log.progress("y", important=True)
    log.close()
    assert not (tmp_path / "logs").exists() and capsys.readouterr() == ("", "")


def test_progress_is_a_live_line_on_a_terminal_and_now_and_then_elsewhere(
    tmp_path: Path, capsys: pytest.CaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    log = MetricsLog(tmp_path, "run", tensorboard=False, line_seconds=1000)
    for step in range(5):
        log.progress(f"step {step}", important=step == 3)
    assert capsys.readouterr().err.splitlines() == ["step 0", "step 3"]
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True, raising=False)
    log = MetricsLog(tmp_path, "run", tensorboard=False)
    log.progress("step 10 long")
    log.progress("step 11")
    log.say("Epoch")
    captured = capsys.readouterr()
    assert captured.err == "\rstep 10 long\rstep 11     \r       \r" and captured.out == "Epoch\n"


def test_a_closed_terminal_does_not_matter(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    log = MetricsLog(tmp_path, "run", tensorboard=False)
    with (tmp_path / "closed").open("w") as stream:
        monkeypatch.setattr(sys, "stdout", stream)
    log.say("still here")
    assert "still here" in (tmp_path / "training.log").read_text()
