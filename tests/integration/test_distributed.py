"""Several processes are one run: same losses as one process, same fate in failure (FAULTS rows 7, 10, 11)."""

from __future__ import annotations

import dataclasses
import math
import random
import shutil
import time
from pathlib import Path
from typing import Any

import pytest
import torch
from tiny_run import SignalAt, final_state, losses, make_workspace, run, start_many, tiny_config

from codeling.errors import UsageError
from codeling.runtime.distributed import Processes, joined
from codeling.runtime.metrics import read_records


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return make_workspace(tmp_path / "run", seed=random.randrange(1 << 30))


def statuses(runs: list[Any]) -> list[int]:
    return [each.wait() for each in runs]


def test_row_7_one_then_two_then_one_process_see_the_same_rows(root: Path, tmp_path: Path) -> None:
    shutil.copytree(root / "data", tmp_path / "whole" / "data")
    whole = tiny_config(tmp_path / "whole", batch_size=2, grad_accumulation_steps=2)
    assert run(whole).wait() == 0

    # Adapting gradient accumulation to the number of processes is the run's own business.
    config = dataclasses.replace(whole, workdir=root)
    assert run(dataclasses.replace(config), before_step=SignalAt(5)).wait() == -9
    config = dataclasses.replace(config, resume=True)
    two = start_many(config, 2, before_step={0: SignalAt(9), 1: SignalAt(9)})
    assert statuses(two) == [-9, -9], two[0].text
    assert "2 processes" in two[0].text and "4 x 32 tokens" in two[0].text
    one = run(config)
    assert one.wait() == 0, one.text

    expected, found = losses(whole.workdir), losses(root)
    assert found.keys() == expected.keys()
    for step, loss in expected.items():
        assert float.fromhex(found[step]) == pytest.approx(float.fromhex(loss), rel=1e-6), step
    assert [found[step] for step in (1, 2, 3, 4)] == [expected[step] for step in (1, 2, 3, 4)]
    validations = [
        [record["val_loss"] for record in read_records(folder / "logs" / "language_model.metrics.jsonl")]
        for folder in (whole.workdir, root)
    ]
    for ours, theirs in zip(*validations, strict=True):
        assert (ours is None and theirs is None) or ours == pytest.approx(theirs, rel=1e-6)


@dataclasses.dataclass(frozen=True)
class Hang:
    """Do nothing for a long time before step ``step``."""

    step: int

    def __call__(self, step: int) -> None:
        if step == self.step:
            time.sleep(1000)


def test_row_10_the_others_leave_when_one_process_dies(root: Path) -> None:
    runs = start_many(tiny_config(root), 2, before_step={1: SignalAt(5)})
    status = statuses(runs)
    assert status[1] == -9 and status[0] == 1, runs[0].text
    assert "do not answer" in runs[0].text and "--resume" in runs[0].text
    assert final_state(root)["progress"]["step"] == 4
    again = start_many(tiny_config(root, resume=True), 2)
    assert statuses(again) == [0, 0], again[0].text
    assert len(losses(root)) == 12


def test_row_10_the_others_leave_when_one_process_hangs(root: Path) -> None:
    runs = start_many(tiny_config(root), 2, before_step={1: Hang(3)}, timeout_seconds=3)
    begun = time.monotonic()
    assert runs[0].wait() == 1, runs[0].text
    assert time.monotonic() - begun < 110
    assert "do not answer" in runs[0].text
    runs[1].process.kill()
    runs[1].wait()


@dataclasses.dataclass(frozen=True)
class NotFiniteAt:
    """This process's loss is infinite in some steps."""

    first: int
    last: int

    def __call__(self, step: int) -> dict[str, Any]:
        from codeling.train.objectives import language_modeling

        factor = math.inf if self.first <= step <= self.last else 1.0
        return {"objective": lambda model, batch: language_modeling(model, batch) * factor}


def test_row_11_all_processes_skip_alike_and_stop_alike(root: Path) -> None:
    skipping = start_many(tiny_config(root), 2, before_step={1: NotFiniteAt(4, 4)})
    assert statuses(skipping) == [0, 0], skipping[0].text
    records = read_records(root / "logs" / "language_model.metrics.jsonl")
    assert [record["step"] for record in records if record["skipped"]] == [5]
    assert all(math.isfinite(record["train_loss"]) for record in records if not record["skipped"])

    diverged = start_many(tiny_config(root, num_epochs=30, max_steps=40), 2, before_step={1: NotFiniteAt(4, 99)})
    assert statuses(diverged) == [1, 1]
    assert all("10 steps in a row (steps 5 to 14" in each.text for each in diverged)
    assert final_state(root)["progress"]["step"] == 4


def test_a_signal_to_one_process_stops_all_of_them_at_the_same_step(root: Path) -> None:
    import signal

    runs = start_many(tiny_config(root, save_every=100), 2, before_step={1: SignalAt(5, signal.SIGTERM)})
    assert statuses(runs) == [143, 143], runs[0].text
    assert final_state(root)["progress"]["step"] == 6


def test_a_timeout_that_is_no_number_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CODELING_DISTRIBUTED_TIMEOUT", "soon")
    with (
        pytest.raises(UsageError, match="CODELING_DISTRIBUTED_TIMEOUT"),
        joined(Processes(0, 2), torch.device("cpu")),
    ):
        pass
