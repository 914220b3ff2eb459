"""What a checkpoint decides when a run is continued."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest
import torch

from codeling.checkpoint import Checkpoint, save_checkpoint
from codeling.config import to_mapping
from codeling.errors import UsageError
from codeling.train.config import TrainConfig
from codeling.train.resume import kept_global_rows, last_checkpoint, merge_resumed, resume_config, resume_defaults

SAVED = TrainConfig(
    stage="code", model_size="tiny", batch_size=2, grad_accumulation_steps=4, sequence_length=256, learning_rate=1e-4,
    fim_rate=0.5, num_epochs=5, workdir=Path("elsewhere"), out_name="code_model", data_file="code_train_large.npy",
)  # fmt: skip


def save(path: Path) -> Path:
    info = {"train": to_mapping(SAVED)}
    save_checkpoint(path, Checkpoint(info, {"w": torch.zeros(1)}, "{}"))
    return path


def test_the_checkpoint_alone_says_it_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = save(tmp_path / "models" / "code_model_epoch_2.pth")
    expected = dataclasses.replace(SAVED, checkpoint=path, resume=True, workdir=tmp_path)
    assert resume_config(path) == expected
    monkeypatch.chdir(tmp_path)
    relative = Path("models/code_model_epoch_2.pth")
    assert resume_config(relative) == dataclasses.replace(expected, checkpoint=relative, workdir=Path())
    assert resume_defaults(checkpoint="models/code_model_epoch_2.pth").num_epochs == 5
    assert resume_defaults(checkpoint="code_model_epoch_2.pth").checkpoint == Path("models/code_model_epoch_2.pth")


def test_without_a_checkpoint_it_is_the_stages_last_one(tmp_path: Path) -> None:
    save(tmp_path / "models" / "code_model_last.pth")
    assert resume_defaults(checkpoint=None, stage="code", workdir=str(tmp_path)).out_name == "code_model"
    assert last_checkpoint(tmp_path, stage="code", out_name="mine") == tmp_path / "models" / "mine_last.pth"
    with pytest.raises(UsageError, match="--stage language, code or tools"):
        resume_defaults(checkpoint=None)
    with pytest.raises(
        UsageError, match=r"language_model_last\.pth: no such checkpoint; there are also: .*code_model_last"
    ):
        resume_defaults(checkpoint=None, stage="language", workdir=str(tmp_path))


def test_open_options_are_filled_and_contradictions_refused() -> None:
    asked = TrainConfig(resume=True, checkpoint=Path("x.pth"), num_epochs=9, workdir=Path("here"))
    merged = merge_resumed(asked, SAVED)
    assert merged.stage == "code" and merged.sequence_length == 256 and merged.learning_rate == 1e-4
    assert merged.num_epochs == 9 and merged.workdir == Path("here")
    with pytest.raises(UsageError, match=r"--model-size is large, but the run in x\.pth has tiny"):
        merge_resumed(dataclasses.replace(asked, model_size="large"), SAVED)
    with pytest.raises(UsageError, match=r"--use-rope is off, but the run in x\.pth has on"):
        merge_resumed(dataclasses.replace(asked, use_rope=False), SAVED)
    with pytest.raises(UsageError, match=r"--seed is 1, but the run in x\.pth has 0"):
        merge_resumed(dataclasses.replace(asked, seed=1), SAVED)


def test_the_global_batch_is_kept_for_life() -> None:
    for world, accumulation in ((1, 8), (2, 4), (4, 2), (8, 1)):
        kept = kept_global_rows(SAVED, SAVED, saved_rows=16, world=world)
        assert (kept.batch_size, kept.grad_accumulation_steps) == (2, accumulation)
    split = dataclasses.replace(SAVED, batch_size=8, grad_accumulation_steps=2)
    assert kept_global_rows(split, SAVED, saved_rows=16, world=1) == split
    for world, changes in ((3, {}), (16, {}), (1, {"batch_size": 3}), (1, {"grad_accumulation_steps": 2})):
        with pytest.raises(UsageError, match=r"rows per step, but the run in .* has 16"):
            kept_global_rows(dataclasses.replace(SAVED, **changes), SAVED, saved_rows=16, world=world)
