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

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="kills forked processes")

STAGES = ("--stages", "tokenizer", "language", "code", "tools")
ALL_STAGES = (*STAGES, "rlhf")


@pytest.mark.timeout(1200)  # some ten runs
def test_later_stages_are_added_killed_continued_and_skipped(
    finished: tuple[Path, str], recipe: Path, tmp_path: Path
) -> None:
    for name in ("whole", "killed"):
        shutil.copytree(finished[0] / "run", tmp_path / name)

    status, text = codeling("run", "--recipe", recipe, "--workdir", "whole", *STAGES, cwd=tmp_path)
    assert status == 0, text
    assert text.count("complete, skipped") == 9 and "Saved: whole/models/tool_model_best.pth" in text
    whole = tmp_path / "whole"
    for name in ("tool_train.npy", "tool_train.mask.npy", "tool_val.npy", "tool_test_seen.jsonl"):
        assert (whole / "data" / "processed" / name).exists()
    info = json.loads((whole / "models" / "tool_model_best.json").read_text())["info"]
    assert info["data"]["profile"] == "quick", "the profile of the conversations goes with the weights"
    assert [stage["stage"] for stage in info["earlier"]] == ["language", "code"], "for the model card of an export"
    assert all(stage["data"]["sources"] for stage in (*info["earlier"], info))
    measures = json.loads((whole / "logs" / "verify_tools.json").read_text())["measures"]
    assert 0 <= measures["tool_exact_share"] <= measures["tool_name_share"] <= 1
    assert "bash_valid_share" in measures and "earlier_bits_per_byte" in measures
    page = (whole / "report" / "index.html").read_text(encoding="utf-8")
    assert "Stage 3: tools" in page and (whole / "report" / "pictures" / "tools-scores.png").exists()

    run = ("run", "--recipe", recipe, "--workdir", "killed", *STAGES)
    at = At("codeling.train.loop:take_step", random.randint(3, STEPS - 1))
    status, text = codeling(*run, cwd=tmp_path, at=at)
    assert status == -9, text
    status, text = codeling(*run, cwd=tmp_path)
    assert status == 0 and "(continued)" in text, text
    expected = losses(whole, "tool_model")
    assert len(expected) == STEPS and losses(tmp_path / "killed", "tool_model") == expected
    assert codeling(*run, cwd=tmp_path)[1].count("complete, skipped") == 13

    add_alignment(tmp_path, recipe)


def add_alignment(tmp_path: Path, recipe: Path) -> None:
    """Stage 4 after both runs: the second one is killed once in each of its trainings."""
    status, text = codeling("run", "--recipe", recipe, "--workdir", "whole", *ALL_STAGES, cwd=tmp_path)
    assert status == 0, text
    assert "Saved: whole/models/rlhf_model_best.pth" in text and "eval alignment" in text
    whole = tmp_path / "whole"
    found = json.loads((whole / "logs" / "verify_rlhf.json").read_text())
    assert 0 <= found["measures"]["win_rate_low_share"] <= found["measures"]["win_rate_share"] <= 1
    assert found["baseline"] == "whole/models/tool_model_best.pth" and "bits_per_byte" in found["before"]
    assert "unseen_win_rate_share" in found["measures"], "families without training are measured too"
    info = json.loads((whole / "models" / "rlhf_model_best.json").read_text())["info"]
    assert [stage["stage"] for stage in info["earlier"]] == ["language", "code", "tools"]
    assert {source["language"] for source in info["data"]["sources"]} == {"bash", "python"}
    page = (whole / "report" / "index.html").read_text(encoding="utf-8")
    assert "Stage 4: alignment" in page and "length alone" in page
    for picture in ("rlhf-scores", "rlhf-reward", "rlhf-reward-kl", "rlhf-kl", "rlhf-length"):
        assert (whole / "report" / "pictures" / f"{picture}.png").exists()

    run = ("run", "--recipe", recipe, "--workdir", "killed", *ALL_STAGES)
    for at in (
        At("codeling.train.loop:take_step", random.randint(3, 6)),
        At("codeling.rlhf.policy_update:take_step", random.randint(3, 10)),
    ):
        status, text = codeling(*run, cwd=tmp_path, at=at)
        assert status == -9, text
    status, text = codeling(*run, cwd=tmp_path)
    assert status == 0 and "(continued)" in text, text
    curves = [
        [
            {key: value for key, value in record.items() if not key.endswith(("seconds", "per_second"))}
            for record in read_metrics(folder / "logs" / "rlhf_model.metrics.jsonl")
        ]
        for folder in (whole, tmp_path / "killed")
    ]
    assert len(curves[0]) == 4 and curves[0] == curves[1]
    assert codeling(*run, cwd=tmp_path)[1].count("complete, skipped") == 17
