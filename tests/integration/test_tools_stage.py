"""Stage 3 in `codeling run`: added to a run of stages 0 to 2, killed in training, continued bitwise, then skipped."""

from __future__ import annotations

import json
import random
import shutil
import sys
from pathlib import Path

import pytest
from pipeline_run import STEPS, At, codeling, write_recipe
from tiny_run import losses

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="kills forked processes")

STAGES = ("--stages", "tokenizer", "language", "code", "tools")


def test_the_tools_stage_is_added_killed_continued_and_skipped(tmp_path: Path) -> None:
    recipe = write_recipe(tmp_path, seed=random.getrandbits(30))
    status, text = codeling("run", "--recipe", recipe, "--workdir", "whole", cwd=tmp_path)
    assert status == 0, text
    shutil.copytree(tmp_path / "whole", tmp_path / "killed")

    status, text = codeling("run", "--recipe", recipe, "--workdir", "whole", *STAGES, cwd=tmp_path)
    assert status == 0, text
    assert text.count("complete, skipped") == 9 and "Saved: whole/models/tool_model_best.pth" in text
    whole = tmp_path / "whole"
    for name in ("tool_train.npy", "tool_train.mask.npy", "tool_val.npy", "tool_test_seen.jsonl"):
        assert (whole / "data" / "processed" / name).exists()
    info = json.loads((whole / "models" / "tool_model_best.json").read_text())["info"]
    assert info["data"]["profile"] == "quick", "the profile of the conversations goes with the weights"
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
