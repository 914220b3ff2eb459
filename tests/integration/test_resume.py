"""A run that is killed and resumed computes the same floats as one that is not (FAULTS rows 5, 6)."""

from __future__ import annotations

import dataclasses
import random
import re
import shutil
from pathlib import Path

import pytest
from tiny_run import SignalAt, assert_same_bits, final_state, losses, make_workspace, run, tiny_config

from codeling.train.resume import resume_config


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_workspace(tmp_path_factory.mktemp("workspace"), seed=random.randrange(1 << 30))


def copy_of(workspace: Path, target: Path) -> Path:
    """The same shards and tokenizer in a folder of their own."""
    shutil.copytree(workspace / "data", target / "data")
    return target


def kill_and_resume_until_done(config, kills) -> None:
    """Kill before each step of ``kills`` in turn, resuming in between; then let the run end."""
    for step in kills:
        killed = run(config, before_step=SignalAt(step))
        assert killed.wait() == -9, killed.text
        config = dataclasses.replace(config, resume=True)
    ended = run(config)
    assert ended.wait() == 0, ended.text
    assert f"resumed at step {kills[-1] - kills[-1] % 2}" in ended.text


VARIANTS = {
    "float32, accumulation": {"grad_accumulation_steps": 2, "batch_size": 2},
    "bf16, dropout": {"use_amp": True, "dtype": "bfloat16", "dropout": 0.1},
    "float16 scaler, adamw, clipping": {
        "use_amp": True, "dtype": "float16", "optimizer": "adamw", "grad_clip": 0.5, "gradient_checkpointing": True
    },
}  # fmt: skip


@pytest.mark.parametrize("variant", VARIANTS)
def test_killed_runs_end_with_the_same_bits(workspace: Path, tmp_path: Path, variant: str) -> None:
    whole = tiny_config(copy_of(workspace, tmp_path / "whole"), **VARIANTS[variant])
    ended = run(whole)
    assert ended.wait() == 0, ended.text
    broken = tiny_config(copy_of(workspace, tmp_path / "broken"), **VARIANTS[variant])
    first = random.randint(2, 4)
    kill_and_resume_until_done(broken, [first, random.randint(first + 2, 8), random.randint(10, 11)])
    assert len(losses(whole.workdir)) == 12
    assert losses(broken.workdir) == losses(whole.workdir)
    assert_same_bits(final_state(broken.workdir), final_state(whole.workdir))
    assert_same_bits(
        final_state(broken.workdir, "language_model_best"), final_state(whole.workdir, "language_model_best")
    )


@pytest.mark.slow
def test_compiled_runs_too(workspace: Path, tmp_path: Path) -> None:
    whole = tiny_config(copy_of(workspace, tmp_path / "whole"), use_compile=True, dropout=0.1)
    ended = run(whole)
    assert ended.wait() == 0, ended.text
    broken = tiny_config(copy_of(workspace, tmp_path / "broken"), use_compile=True, dropout=0.1)
    kill_and_resume_until_done(broken, [5])
    assert losses(broken.workdir) == losses(whole.workdir)
    assert_same_bits(final_state(broken.workdir), final_state(whole.workdir))


def test_resume_needs_only_the_checkpoint_and_goes_on_from_any_epoch(workspace: Path, tmp_path: Path) -> None:
    root = copy_of(workspace, tmp_path / "run")
    config = tiny_config(root, max_steps=None, num_epochs=2, eval_every=None, save_every=None)
    ended = run(config)
    assert ended.wait() == 0, ended.text
    assert re.search(r"^Epoch 1/2: train_loss=\d+\.\d{4}, val_loss=\d+\.\d{4}$", ended.text, re.MULTILINE)
    assert re.search(r"^Epoch 2/2: train_loss=\d+\.\d{4}, val_loss=\d+\.\d{4}$", ended.text, re.MULTILINE)
    assert ended.text.rstrip().endswith("Saved: " + str(root / "models" / "language_model_best.pth"))
    expected, state = losses(root), final_state(root)
    assert len(expected) > 12

    resumed = resume_config(root / "models" / "language_model_epoch_1.pth")
    assert resumed.num_epochs == 2 and resumed.sequence_length == 32 and resumed.workdir == root
    again = run(resumed)
    assert again.wait() == 0, again.text
    assert "Epoch 1/2" not in again.text and "Epoch 2/2" in again.text
    assert losses(root) == expected
    assert_same_bits(final_state(root), state)

    finished = run(resume_config(root / "models" / "language_model_last.pth"))
    assert finished.wait() == 0 and "already finished" in finished.text
    more = run(dataclasses.replace(resume_config(root / "models" / "language_model_last.pth"), num_epochs=3))
    assert more.wait() == 0, more.text
    assert "Epoch 3/3" in more.text and len(losses(root)) > len(expected)


def test_contradictions_name_both_values(workspace: Path, tmp_path: Path) -> None:
    root = copy_of(workspace, tmp_path / "run")
    assert run(tiny_config(root, max_steps=2)).wait() == 0
    last = root / "models" / "language_model_last.pth"
    for changes, flag, asked, have in (
        ({"model_size": "nano"}, "--model-size", "nano", "micro"),
        ({"sequence_length": 16}, "--sequence-length", "16", "32"),
        ({"use_rope": False}, "--use-rope", "off", "on"),
        ({"batch_size": 3}, "--batch-size", "3", "4"),
        ({"optimizer": "adamw"}, "--optimizer", "adamw", "muon"),
    ):
        refused = run(dataclasses.replace(resume_config(last), **changes))
        assert refused.wait() == 2, refused.text
        assert flag in refused.text and asked in refused.text and have in refused.text

    for changes, parts in (
        ({"model_size": "nano"}, ("--model-size nano", "128", "32")),
        ({"use_rmsnorm": False}, ("--no-use-rmsnorm", "rmsnorm")),
    ):
        refused = run(tiny_config(root, checkpoint=last, stage="code", data_file="train_large.npy", **changes))
        assert refused.wait() == 2, refused.text
        assert all(part in refused.text for part in parts), refused.text


def test_the_next_stage_takes_weights_and_architecture_only(workspace: Path, tmp_path: Path) -> None:
    root = copy_of(workspace, tmp_path / "run")
    # At this rate four steps of 128 tokens take 2.1 +- 0.2 off the loss; at the default one chance has more of a say.
    assert run(tiny_config(root, max_steps=4, learning_rate=3e-5)).wait() == 0
    best = root / "models" / "language_model_best.pth"
    before = best.read_bytes()
    code = run(
        tiny_config(
            root,
            stage="code",
            checkpoint=best,
            data_file="train_large.npy",
            model_size=None,
            sequence_length=64,
            max_steps=4,
        )
    )
    assert code.wait() == 0, code.text
    assert "Training code_model" in code.text and "weights from" in code.text
    assert len(losses(root, "code_model")) == 4
    first = float.fromhex(losses(root, "code_model")[1])
    assert first < float.fromhex(losses(root)[1]), "stage 2 did not start from stage 1's weights"
    assert best.read_bytes() == before
