"""What a training run survives, refuses or reports; each a real process (rows of FAULTS in the names)."""

from __future__ import annotations

import dataclasses
import json
import math
import random
import shutil
import signal
from pathlib import Path
from typing import Any

import pytest
from tiny_run import (
    SignalAt,
    assert_same_bits,
    final_state,
    losses,
    make_workspace,
    run,
    start,
    tiny_config,
    write_shard,
)

from codeling.data.shards import ShardWriter
from codeling.runtime.files import directory_lock
from codeling.runtime.metrics import read_records
from codeling.tokenizer.bpe import Tokenizer
from codeling.tokenizer.training import train_tokenizer
from codeling.train.resume import resume_config


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_workspace(tmp_path_factory.mktemp("workspace"), seed=random.randrange(1 << 30))


@pytest.fixture
def root(workspace: Path, tmp_path: Path) -> Path:
    shutil.copytree(workspace / "data", tmp_path / "run" / "data")
    return tmp_path / "run"


@dataclasses.dataclass(frozen=True)
class FullDiskBetween:
    """No file may grow beyond ``limit`` bytes from step ``first`` up to step ``last``: a disk that is nearly full."""

    first: int
    last: int
    limit: int = 20_000

    def __call__(self, step: int) -> None:
        import resource

        hard = resource.getrlimit(resource.RLIMIT_FSIZE)[1]
        if step in (self.first, self.last):
            resource.setrlimit(resource.RLIMIT_FSIZE, (self.limit if step == self.first else hard, hard))


def test_row_3_and_16_a_full_disk_neither_stops_nor_changes_the_training(root: Path, tmp_path: Path) -> None:
    pytest.importorskip("resource")
    shutil.copytree(root / "data", tmp_path / "whole" / "data")
    whole = tiny_config(tmp_path / "whole")
    assert run(whole).wait() == 0
    full = run(tiny_config(root), before_step=FullDiskBetween(3, 9, limit=600))  # the logs do not fit either
    assert full.wait() == 0, full.text
    assert full.text.count("warning: checkpoint not saved") >= 2
    assert full.text.count("language_model.metrics.jsonl cannot be written") == 1
    assert_same_bits(final_state(root), final_state(whole.workdir))
    assert len(read_records(root / "logs" / "language_model.metrics.jsonl")) < 12


def test_row_3_a_disk_full_to_the_end_is_a_failure_and_the_earlier_checkpoint_is_good(root: Path) -> None:
    pytest.importorskip("resource")
    full = run(tiny_config(root), before_step=FullDiskBetween(5, 99))
    assert full.wait() == 1, full.text
    assert "the last save failed" in full.text and "--resume" in full.text
    assert final_state(root)["progress"]["step"] == 4
    resumed = run(tiny_config(root, resume=True))
    assert resumed.wait() == 0, resumed.text


@dataclasses.dataclass(frozen=True)
class Remove:
    """Delete a folder before a step; with ``block``, put a file in its place, so that it cannot come back."""

    folder: Path
    step: int
    block: bool = False

    def __call__(self, step: int) -> None:
        if step == self.step:
            shutil.rmtree(self.folder)
            if self.block:
                self.folder.write_text("in the way")


def test_row_4_a_vanished_folder_comes_back_and_a_blocked_one_is_reported(root: Path) -> None:
    vanished = run(tiny_config(root), before_step=Remove(root / "models", 5))
    assert vanished.wait() == 0, vanished.text
    assert final_state(root)["progress"]["step"] == 12
    blocked = run(tiny_config(root), before_step=Remove(root / "models", 5, block=True))
    assert blocked.wait() == 1, blocked.text
    assert "checkpoint not saved" in blocked.text and "step 12/12" in blocked.text


@pytest.mark.parametrize(("number", "status"), [(signal.SIGTERM, 143), (signal.SIGINT, 130)])
def test_row_9_a_signal_finishes_the_step_and_saves(root: Path, number: int, status: int) -> None:
    stopped = run(tiny_config(root, save_every=100), before_step=SignalAt(6, number))
    assert stopped.wait() == status, stopped.text
    assert "after step 7 of 12" in stopped.text and "--resume" in stopped.text
    assert final_state(root)["progress"]["step"] == 7
    resumed = run(tiny_config(root, resume=True))
    assert resumed.wait() == 0, resumed.text
    assert len(losses(root)) == 12


def test_row_9_a_second_signal_ends_at_once(root: Path) -> None:
    stopped = run(tiny_config(root), before_step=SignalAt(7, signal.SIGTERM, times=2))
    assert stopped.wait() == 143
    assert final_state(root)["progress"]["step"] == 6


def test_row_12_a_tokenizer_of_the_same_size_with_other_merges_is_refused(root: Path) -> None:
    original = Tokenizer.load(root / "data" / "tokenizer")
    other = train_tokenizer(
        ["entirely different words give other merges than those: why, because of unlike characters"] * 50,
        vocab_size=original.vocab_size,
        output=root / "data" / "tokenizer" / "tokenizer.json",
    )
    assert other.vocab_size == original.vocab_size
    refused = run(tiny_config(root))
    assert refused.wait() == 1, refused.text
    assert other.content_hash[:12] in refused.text and original.content_hash[:12] in refused.text


def test_row_13_a_checkpoint_with_an_unknown_option_is_refused_by_name(root: Path) -> None:
    assert run(tiny_config(root, max_steps=2)).wait() == 0
    sidecar = root / "models" / "language_model_last.json"
    values = json.loads(sidecar.read_text())
    values["info"]["train"]["lerning_rate"] = 1.0
    sidecar.write_text(json.dumps(values))
    with pytest.raises(ValueError, match=r"unknown key 'lerning_rate' .did you mean 'learning_rate'"):
        resume_config(root / "models" / "language_model_last.pth")


def test_row_14_changed_corrupt_missing_and_swapped_shards_are_named(root: Path) -> None:
    assert run(tiny_config(root, max_steps=4)).wait() == 0
    folder = root / "data" / "processed"
    shard, kept = folder / "train_large.npy", root / "kept"
    shutil.copytree(folder, kept)
    resume = tiny_config(root, resume=True)

    write_shard(ShardWriter, shard, ["the cat sat on the mat"] * 90, Tokenizer.load(root / "data" / "tokenizer"))
    changed = run(resume)
    assert changed.wait() == 1 and "train_large.npy" in changed.text and "was trained on" in changed.text, changed.text
    shutil.copytree(kept, folder, dirs_exist_ok=True)

    content = bytearray(shard.read_bytes())
    content[random.randrange(200, len(content))] ^= 1
    shard.write_bytes(content)
    corrupt = run(resume)
    assert corrupt.wait() == 1 and "train_large.npy" in corrupt.text, corrupt.text
    shutil.copy(folder / "val_large.npy", shard)
    swapped = run(resume)
    assert swapped.wait() == 1 and "train_large.npy" in swapped.text, swapped.text
    shard.write_bytes(b"")
    empty = run(resume)
    assert empty.wait() == 1 and "train_large.npy" in empty.text, empty.text
    shard.unlink()
    missing = run(resume)
    assert missing.wait() in (1, 2) and "train_large.npy" in missing.text, missing.text
    assert "Traceback" not in changed.text + corrupt.text + swapped.text + empty.text + missing.text


def test_row_15_a_second_run_in_the_same_folder_is_refused(root: Path) -> None:
    with directory_lock(root / "models", purpose="training"):
        refused = run(tiny_config(root))
    assert refused.wait() == 1, refused.text
    assert str(root / "models") in refused.text and "--workdir" in refused.text
    killed = start(tiny_config(root), before_step=SignalAt(3))
    assert killed.wait() == -9
    assert run(tiny_config(root)).wait() == 0, "the lock must die with its process"


@dataclasses.dataclass(frozen=True)
class NotFiniteFrom:
    """The loss is NaN in steps ``first`` to ``last``."""

    first: int
    last: int

    def __call__(self, step: int) -> dict[str, Any]:
        from codeling.train.objectives import language_modeling

        factor = math.nan if self.first <= step <= self.last else 1.0
        return {"objective": lambda model, batch: language_modeling(model, batch) * factor}


def test_row_11_steps_without_finite_loss_are_skipped_and_too_many_end_the_run(root: Path) -> None:
    skipping = run(tiny_config(root), before_step=NotFiniteFrom(4, 5))
    assert skipping.wait() == 0, skipping.text
    records = read_records(root / "logs" / "language_model.metrics.jsonl")
    assert [record["step"] for record in records if record["skipped"]] == [5, 6]
    assert records[4]["train_loss"] is None
    assert final_state(root)["progress"]["skipped_steps"] == 2

    diverged = run(tiny_config(root, num_epochs=30, max_steps=40), before_step=NotFiniteFrom(7, 99))
    assert diverged.wait() == 1, diverged.text
    assert "10 steps in a row (steps 8 to 17" in diverged.text
    progress = final_state(root)["progress"]
    assert progress["step"] == 6 and progress["bad_steps"] == 0


@dataclasses.dataclass(frozen=True)
class NotFiniteAndInterrupted:
    """The loss of step ``step`` is NaN, and Ctrl-C comes while it is computed."""

    step: int

    def __call__(self, step: int) -> dict[str, Any]:
        SignalAt(self.step, signal.SIGINT)(step)
        return NotFiniteFrom(self.step, self.step)(step)


def test_ctrl_c_after_a_step_without_finite_loss_does_not_claim_to_have_saved_it(root: Path) -> None:
    stopped = run(tiny_config(root), before_step=NotFiniteAndInterrupted(4))
    assert stopped.wait() == 130, stopped.text
    assert "after step 5 of 12, whose loss was not finite and which is not saved; go on with" in stopped.text
    assert "; saved:" not in stopped.text and final_state(root)["progress"]["step"] == 4
    nothing = run(tiny_config(root, out_name="other"), before_step=NotFiniteAndInterrupted(0))
    assert nothing.wait() == 130 and "not saved" in nothing.text and "go on with" not in nothing.text


@dataclasses.dataclass(frozen=True)
class OutOfMemoryAt:
    """Ask for more memory than there is, as a too large batch would."""

    step: int

    def __call__(self, step: int) -> None:
        if step == self.step:
            import torch

            torch.empty(1 << 55)


def test_row_17_out_of_memory_names_the_flags_and_keeps_the_checkpoint(root: Path) -> None:
    ended = run(tiny_config(root), before_step=OutOfMemoryAt(5))
    assert ended.wait() == 1, ended.text
    for part in ("out of memory in step 6", "--batch-size", "--grad-accumulation-steps", "--gradient-checkpointing"):
        assert part in ended.text
    assert "Traceback" not in ended.text
    assert run(tiny_config(root, resume=True)).wait() == 0
    assert len(losses(root)) == 12


def test_nothing_temporary_is_left_behind(root: Path) -> None:
    (root / "models").mkdir()
    stale = root / "models" / ".language_model_last.pth.abc123.tmp"
    stale.write_bytes(b"half a checkpoint")
    assert run(tiny_config(root, max_steps=3)).wait() == 0
    names = {path.name for path in (root / "models").iterdir() if path.name != ".lock"}
    stems = {f"language_model_{kind}" for kind in ("last", "best", "epoch_1")}
    assert names == {f"{stem}{suffix}" for stem in stems for suffix in (".pth", ".json")}
