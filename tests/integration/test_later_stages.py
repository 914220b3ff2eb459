"""Stages 3 and 4 in `codeling run`: added to a run of stages 0 to 2, killed, continued bitwise, then skipped."""

from __future__ import annotations

import json
import random
import shutil
import sys
from pathlib import Path

import pytest
from pipeline_run import STEPS, At, codeling
from tiny_run import losses

from codeling.evals.plots import read_metrics
from codeling.tasks.generate import generate_tasks

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="kills forked processes")

STAGES = ("--stages", "tokenizer", "language", "code", "tools")
ALL_STAGES = (*STAGES, "rlhf")


def add_tools(root: Path, recipe: Path, *, kill: bool) -> None:
    """Stage 3 after the run of stages 0 to 2 in ``root``."""
    run = ("run", "--recipe", recipe, "--workdir", root.name, *STAGES)
    if kill:
        at = At("codeling.train.loop:take_step", random.randint(3, STEPS - 1))
        status, text = codeling(*run, cwd=root.parent, at=at)
        assert status == -9, text
    status, text = codeling(*run, cwd=root.parent)
    assert status == 0 and ("(continued)" in text) is kill, text
    assert f"Saved: {root.name}/models/tool_model_best.pth" in text
    assert len(losses(root, "tool_model")) == STEPS


def add_alignment(root: Path, recipe: Path, *, kill: bool) -> None:
    """Stage 4; killed, it is killed once in each of its trainings."""
    run = ("run", "--recipe", recipe, "--workdir", root.name, *ALL_STAGES)
    if kill:
        for at in (
            At("codeling.train.loop:take_step", random.randint(3, 6)),
            At("codeling.rlhf.policy_update:take_step", random.randint(3, 10)),
        ):
            status, text = codeling(*run, cwd=root.parent, at=at)
            assert status == -9, text
    status, text = codeling(*run, cwd=root.parent)
    assert status == 0 and ("(continued)" in text) is kill, text
    assert f"Saved: {root.name}/models/rlhf_model_best.pth" in text and "eval alignment" in text
    assert len(alignment_curve(root)) == 4, text


def alignment_curve(root: Path) -> list[dict[str, float]]:
    """The metrics of each iteration, without what a clock says."""
    return [
        {key: value for key, value in record.items() if not key.endswith(("seconds", "per_second"))}
        for record in read_metrics(root / "logs" / "rlhf_model.metrics.jsonl")
    ]


@pytest.fixture
def root(finished: tuple[Path, str], tmp_path: Path) -> Path:
    shutil.copytree(finished[0] / "run", tmp_path / "run")
    return tmp_path / "run"


@pytest.mark.timeout(1200)  # some seven runs
def test_later_stages_are_added_killed_continued_and_skipped(root: Path, recipe: Path) -> None:
    add_tools(root, recipe, kill=True)
    for name in ("tool_train.npy", "tool_train.mask.npy", "tool_val.npy", "tool_test_seen.jsonl"):
        assert (root / "data" / "processed" / name).exists()
    info = json.loads((root / "models" / "tool_model_best.json").read_text())["info"]
    assert info["data"]["profile"] == "quick", "the profile of the conversations goes with the weights"
    assert [stage["stage"] for stage in info["earlier"]] == ["language", "code"], "for the model card of an export"
    assert all(stage["data"]["sources"] for stage in (*info["earlier"], info))
    measures = json.loads((root / "logs" / "verify_tools.json").read_text())["measures"]
    assert 0 <= measures["tool_exact_share"] <= measures["tool_name_share"] <= 1
    assert "bash_valid_share" in measures and "earlier_bits_per_byte" in measures
    page = (root / "report" / "index.html").read_text(encoding="utf-8")
    assert "Stage 3: tools" in page and (root / "report" / "pictures" / "tools-scores.png").exists()

    add_alignment(root, recipe, kill=True)
    found = json.loads((root / "logs" / "verify_rlhf.json").read_text())
    assert 0 <= found["measures"]["win_rate_low_share"] <= found["measures"]["win_rate_share"] <= 1
    assert found["baseline"] == "run/models/tool_model_best.pth" and "bits_per_byte" in found["before"]
    assert "unseen_win_rate_share" in found["measures"], "families without training are measured too"
    assert {"python_win_rate_share", "bash_win_rate_share"} < set(found["measures"]), "and each language"
    few_prompts = {task.prompt for task in generate_tasks("test_seen", seed=0, limit=10**6, num_families=8)}
    assert {sample["prompt"] for sample in found["samples"]} <= few_prompts, "measured on what it was trained on"
    info = json.loads((root / "models" / "rlhf_model_best.json").read_text())["info"]
    assert [stage["stage"] for stage in info["earlier"]] == ["language", "code", "tools"]
    assert {source["language"] for source in info["data"]["sources"]} == {"bash", "python"}
    page = (root / "report" / "index.html").read_text(encoding="utf-8")
    assert "Stage 4: alignment" in page and "length alone" in page
    for picture in ("rlhf-scores", "rlhf-reward", "rlhf-reward-kl", "rlhf-kl", "rlhf-length"):
        assert (root / "report" / "pictures" / f"{picture}.png").exists()
    run = ("run", "--recipe", recipe, "--workdir", "run", *ALL_STAGES)
    assert codeling(*run, cwd=root.parent)[1].count("complete, skipped") == 17


@pytest.mark.slow  # by default each training is killed and compared alone: test_resume, test_pair_training, test_align
@pytest.mark.timeout(1200)
def test_later_stages_that_were_killed_compute_the_same(root: Path, recipe: Path) -> None:
    whole = root.with_name("whole")
    shutil.copytree(root, whole)
    for folder, kill in ((whole, False), (root, True)):
        add_tools(folder, recipe, kill=kill)
        add_alignment(folder, recipe, kill=kill)
    assert losses(root, "tool_model") == losses(whole, "tool_model")
    assert alignment_curve(root) == alignment_curve(whole)
