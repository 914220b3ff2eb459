"""The reward model and DPO: killed and resumed they compute the same bits, and two processes are one run."""

from __future__ import annotations

import dataclasses
import random
import shutil
import signal
from pathlib import Path
from typing import Any

import pytest
from tiny_run import SignalAt, assert_same_bits, final_state, losses, run, start_many

from codeling.rlhf.dpo_config import DpoSettings
from codeling.rlhf.reward_config import RewardConfig

WORK = {"reward_model": "codeling.rlhf.reward_training:train_reward", "rlhf_model": "codeling.rlhf.dpo:train_dpo"}


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """models/tool_model_best.pth and data/processed/preferences.json: random words, one of which is the better."""
    from codeling.checkpoint import Checkpoint, save_checkpoint
    from codeling.config import to_mapping
    from codeling.model.config import ModelConfig
    from codeling.model.transformer import Transformer
    from codeling.rlhf.preferences import Preference, write_preferences
    from codeling.tokenizer.training import train_tokenizer

    root = tmp_path_factory.mktemp("pairs")
    rng = random.Random(random.randrange(1 << 30))
    words = ["find", "list", "sort", "count", "files", "lines", "docs", "logs", "name", "size"]

    def text() -> str:
        return " ".join(rng.choices(words, k=rng.randint(1, 8))) + "\n"

    texts = [text() for _ in range(150)]
    tokenizer = train_tokenizer(texts, vocab_size=300, output=root / "data" / "tokenizer" / "tokenizer.json")
    config = ModelConfig(
        d_model=32, num_layers=2, num_heads=2, num_kv_heads=2, d_ff=64, vocab_size=tokenizer.vocab_size,
        max_sequence_length=64,
    )  # fmt: skip
    info = {"stage": "tools", "model": to_mapping(config), "tokenizer_hash": tokenizer.content_hash}
    model = Transformer(config).init_weights(seed=1).state_dict()
    save_checkpoint(root / "models" / "tool_model_best.pth", Checkpoint(info, model, tokenizer.to_json()))
    pairs = [
        Preference(
            f"# {text()}", f"good {text()}", f"bad {text()}", source="s", kind="k", margin=rng.random(),
            split="val" if i % 5 == 0 else "train",
        )
        for i in range(60)
    ]  # fmt: skip
    write_preferences(root / "data" / "processed" / "preferences.json", pairs)
    return root


def copy_of(workspace: Path, target: Path) -> Path:
    shutil.copytree(workspace, target)
    return target


def config_of(name: str, workdir: Path, *, learning_rate: float = 3e-3, **changes: Any) -> Any:
    """Eight steps of twelve pairs, in micro-batches of five, with a checkpoint after every second one."""
    shared = {
        "pairs_per_step": 12, "batch_size": 5, "num_epochs": 2, "learning_rate": learning_rate, "save_every": 2,
        "eval_every": 3, "use_amp": False, "device": "cpu", "seed": 5, "workdir": workdir,
    }  # fmt: skip
    if name == "reward_model":
        return RewardConfig(**shared, normalize_samples=20, max_tokens=6, **changes)
    return DpoSettings(**shared, **changes)


@pytest.mark.parametrize("name", WORK)
def test_killed_runs_end_with_the_same_bits(workspace: Path, tmp_path: Path, name: str) -> None:
    whole = config_of(name, copy_of(workspace, tmp_path / "whole"))
    ended = run(whole, work=WORK[name])
    assert ended.wait() == 0, ended.text
    assert len(losses(whole.workdir, name)) == 8

    broken = config_of(name, copy_of(workspace, tmp_path / "broken"))
    for kill in (random.randint(2, 4), random.randint(5, 7)):
        killed = run(broken, before_step=SignalAt(kill), work=WORK[name])
        assert killed.wait() == -9, killed.text
        broken = dataclasses.replace(broken, resume=True)
    ended = run(broken, work=WORK[name])
    assert ended.wait() == 0, ended.text
    assert "resumed at step" in ended.text
    assert losses(broken.workdir, name) == losses(whole.workdir, name)
    for kind in ("last", "best"):
        assert_same_bits(final_state(broken.workdir, f"{name}_{kind}"), final_state(whole.workdir, f"{name}_{kind}"))
    if name == "reward_model":  # what is published too: its zero and its unit, and the report
        from codeling.checkpoint import load_checkpoint

        published = [load_checkpoint(each.workdir / "models" / "reward_model.pth") for each in (whole, broken)]
        assert_same_bits(published[0].model, published[1].model)
        reports = [(each.workdir / "logs" / "reward_model.json").read_bytes() for each in (whole, broken)]
        assert reports[0] == reports[1]


@pytest.mark.parametrize("name", WORK)
def test_two_processes_are_one_run(workspace: Path, tmp_path: Path, name: str) -> None:
    # A low rate: at the others' one losses fall to hundredths, where a sum's order shows.
    one = config_of(name, copy_of(workspace, tmp_path / "one"), learning_rate=3e-4)
    two = config_of(name, copy_of(workspace, tmp_path / "two"), learning_rate=3e-4)
    ended = run(one, work=WORK[name])
    assert ended.wait() == 0, ended.text
    runs = start_many(two, 2, work=WORK[name])
    assert [each.wait() for each in runs] == [0, 0], runs[0].text + runs[1].text
    assert "2 processes" in runs[0].text
    expected, found = losses(one.workdir, name), losses(two.workdir, name)
    for step, loss in expected.items():
        # Sums in another order; AdamW divides by the size of gradients, which makes more of it.
        assert float.fromhex(found[step]) == pytest.approx(float.fromhex(loss), rel=1e-5), step
    ours, theirs = (final_state(each.workdir, f"{name}_last")["model"] for each in (two, one))
    for key, tensor in theirs.items():
        assert (ours[key] - tensor).abs().max() < 1e-5, key


def test_sigterm_saves_and_says_how_to_go_on(workspace: Path, tmp_path: Path) -> None:
    config = config_of("reward_model", copy_of(workspace, tmp_path / "run"))
    config = dataclasses.replace(config, eval_every=100, save_every=100)
    stopped = run(config, before_step=SignalAt(4, signal.SIGTERM), work=WORK["reward_model"])
    assert stopped.wait() == 143, stopped.text
    command = f"python scripts/train_reward_model.py --resume --workdir {config.workdir}"
    assert command in stopped.text
    assert final_state(config.workdir, "reward_model_last")["progress"]["step"] == 5
    assert not (config.workdir / "models" / "reward_model.pth").exists()
    ended = run(dataclasses.replace(config, resume=True), work=WORK["reward_model"])
    assert ended.wait() == 0 and "resumed at step 5" in ended.text
    assert (config.workdir / "models" / "reward_model.pth").exists()


def test_other_pairs_are_another_run(workspace: Path, tmp_path: Path) -> None:
    config = config_of("reward_model", copy_of(workspace, tmp_path / "run"), max_steps=2)
    assert run(config, work=WORK["reward_model"]).wait() == 0
    file = config.workdir / "data" / "processed" / "preferences.json"
    file.write_text(file.read_text().replace("good", "fine"))
    refused = run(dataclasses.replace(config, resume=True), work=WORK["reward_model"])
    assert refused.wait() == 2 and "is not the file that" in refused.text, refused.text


def test_one_training_at_a_time(workspace: Path, tmp_path: Path) -> None:
    from codeling.runtime.files import directory_lock

    config = config_of("rlhf_model", copy_of(workspace, tmp_path / "run"))
    with directory_lock(config.workdir / "models", purpose="training"):
        refused = run(config, work=WORK["rlhf_model"])
    assert refused.wait() == 1 and "another training is running here" in refused.text, refused.text
