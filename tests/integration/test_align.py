"""``codeling align`` as a whole: killed and resumed, spread over processes, hacked, and its checkpoint used."""

from __future__ import annotations

import copy
import dataclasses
import random
import shutil
import signal
import statistics
from pathlib import Path

import pytest
import torch
from tiny_align import (
    SignalWhen,
    align_records,
    final_align_state,
    make_model,
    run_align,
    start_many_aligns,
    tiny_align_config,
)
from tiny_run import assert_same_bits

from codeling.checkpoint import load_model, read_info
from codeling.generate.config import Sampling
from codeling.generate.text import TextGenerator


@pytest.fixture(scope="module")
def model_root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_model(tmp_path_factory.mktemp("aligned"), seed=random.randrange(1 << 30))


def copy_of(model_root: Path, target: Path) -> Path:
    shutil.copytree(model_root, target)
    return target


ALGORITHMS = {"ppo": {}, "grpo": {"algorithm": "grpo", "group_size": 4, "critic_warmup": None}}


@pytest.mark.parametrize("algorithm", ["ppo", pytest.param("grpo", marks=pytest.mark.slow)])
def test_killed_runs_end_with_the_same_bits(model_root: Path, tmp_path: Path, algorithm: str) -> None:
    """In the middle of a rollout, of an update and of a save; then asked politely."""
    changes = ALGORITHMS[algorithm]
    whole = tiny_align_config(copy_of(model_root, tmp_path / "whole"), **changes)
    ended = run_align(whole)
    assert ended.wait() == 0, ended.text

    config = tiny_align_config(copy_of(model_root, tmp_path / "broken"), **changes)
    # Eight held-out completions come first, then sixteen in each iteration.
    kills = [
        SignalWhen("rollout", 8 + 16 + random.randint(2, 14)),
        SignalWhen("step", random.randint(1, 3) if algorithm == "ppo" else 1),
        SignalWhen("save", 1),
        SignalWhen("step", 1, signal.SIGTERM),
    ]
    for kill in kills:
        killed = run_align(config, hook=kill)
        expected = -9 if kill.number == 9 else 128 + kill.number
        assert killed.wait() == expected, killed.text
        if kill.number == signal.SIGTERM:
            assert "python scripts/train_rlhf.py --resume" in killed.text
        config = dataclasses.replace(config, resume=True)
    last = run_align(config)
    assert last.wait() == 0, last.text
    assert "resumed at iteration" in last.text

    assert len(align_records(whole.workdir)) == 6
    ours, theirs = align_records(config.workdir), align_records(whole.workdir)
    assert ours == theirs
    for name in ("rlhf_model_last", "rlhf_model_best"):
        found, expected_state = (final_align_state(folder.workdir, name) for folder in (config, whole))
        assert_same_bits(found, expected_state)


@pytest.mark.parametrize("algorithm", ["ppo", pytest.param("grpo", marks=pytest.mark.slow)])
def test_two_processes_are_one_run(model_root: Path, tmp_path: Path, algorithm: str) -> None:
    changes = ALGORITHMS[algorithm] | {"max_iterations": 3}
    one = tiny_align_config(copy_of(model_root, tmp_path / "one"), **changes)
    assert run_align(one).wait() == 0
    two = tiny_align_config(copy_of(model_root, tmp_path / "two"), **changes)
    runs = start_many_aligns(two, 2)
    assert [each.wait() for each in runs] == [0, 0], runs[0].text + runs[1].text
    assert "2 processes" in runs[0].text and not runs[1].text.strip().startswith("Aligning")
    for ours, theirs in zip(align_records(two.workdir), align_records(one.workdir), strict=True):
        assert ours.keys() == theirs.keys()
        for name, value in theirs.items():
            expected = value if value is None else pytest.approx(value, rel=1e-3, abs=1e-4)
            assert ours[name] == expected, (name, ours["step"])
    found, weights = (final_align_state(config.workdir)["model"] for config in (two, one))
    for name, tensor in weights.items():
        torch.testing.assert_close(found[name], tensor, atol=1e-4, rtol=1e-3)


@pytest.mark.slow
def test_the_reward_rises_and_the_checkpoint_is_like_any_other(model_root: Path, tmp_path: Path) -> None:
    root = copy_of(model_root, tmp_path / "run")
    config = tiny_align_config(
        root, batch_size=64, max_iterations=16, learning_rate=3e-3, beta=0.01, kl_target=0.0, eval_every=8,
        missing_end_score=0.0,
    )  # fmt: skip
    ended = run_align(config)
    assert ended.wait() == 0, ended.text
    assert ended.text.rstrip().endswith(f"Saved: {root / 'models' / 'rlhf_model_best.pth'}")
    records = align_records(root)
    assert records[0]["critic_only"] == 1.0 and records[0]["kl"] == pytest.approx(0, abs=1e-4)
    # 16 iterations take it from 0.3 to 0.7 or more (five runs of different seeds); the first two learn little.
    first, last = (statistics.fmean(record["reward"] for record in part) for part in (records[:2], records[-3:]))
    assert last > first + 0.1, (first, last)
    assert all(record["ratio_error"] is None or record["ratio_error"] < 1e-3 for record in records)
    loaded = load_model(root / "models" / "rlhf_model_best.pth")
    before = load_model(config.policy_model)
    assert loaded.info["stage"] == "rlhf" and loaded.info["model"] == before.info["model"]
    assert loaded.tokenizer.content_hash == before.tokenizer.content_hash
    assert read_info(root / "models" / "rlhf_model_best.pth")["rlhf"]["algorithm"] == "ppo"
    TextGenerator(loaded.model, loaded.tokenizer).complete("# find", sampling=Sampling(max_tokens=4, seed=0))

    # Where the reference changed, a run cannot go on.
    changed = copy.deepcopy(config)
    (root / "models" / "tool_model_best.pth").write_bytes((root / "models" / "rlhf_model_best.pth").read_bytes())
    (root / "models" / "tool_model_best.json").write_bytes((root / "models" / "rlhf_model_best.json").read_bytes())
    refused = run_align(dataclasses.replace(changed, resume=True, max_iterations=20))
    assert refused.wait() == 1 and "not the reference that the run began with" in refused.text
    other = run_align(dataclasses.replace(changed, resume=True, beta=0.5))
    assert other.wait() == 2 and "--beta is 0.5" in other.text


@pytest.mark.slow
def test_a_hackable_reward_is_caught(model_root: Path, tmp_path: Path) -> None:
    """It pays for a letter, at any length: the policy finds that endless text pays most."""
    root = copy_of(model_root, tmp_path / "run")
    config = tiny_align_config(
        root, batch_size=64, max_new_tokens=40, max_iterations=30, learning_rate=5e-3, beta=0.0, kl_target=0.0,
        missing_end_score=None, eval_every=3, critic_warmup=0,
    )  # fmt: skip
    ended = run_align(config)
    assert ended.wait() == 0, ended.text
    assert "(reward hacking)" in ended.text, ended.text
    assert read_info(root / "models" / "rlhf_model_last.pth")["finished"] is True
