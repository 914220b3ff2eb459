"""Numbers that no run can mean are refused before any file is read, each with its flag and its rule."""

from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path

import pytest

from codeling.errors import UsageError
from codeling.stages.training_setup import set_up
from codeling.train.config import TrainConfig


@pytest.mark.parametrize(
    ("field", "values"),
    [
        ("batch_size", (0, -1)),
        ("grad_accumulation_steps", (0,)),
        ("num_epochs", (0, -2)),
        ("max_steps", (0,)),
        ("max_tokens", (-1,)),
        ("eval_every", (0,)),
        ("save_every", (-1,)),
        ("sample_every", (0,)),
        ("sequence_length", (1, 0)),
        ("eval_tokens", (1,)),
        ("learning_rate", (0.0, -1e-4, math.nan, math.inf)),
        ("grad_clip", (0.0, math.nan)),
        ("warmup_steps", (-1,)),
        ("weight_decay", (-0.1, math.nan, math.inf)),
        ("dropout", (-0.1, 1.0, math.nan)),
        ("replay_fraction", (0.0, 1.0, 1.5, math.nan)),
        ("fim_rate", (-0.1, 1.1, math.nan)),
        ("seed", (-1, 2**63, 10**30)),
        ("out_name", ("../up", "a/b", "/tmp/x", "..", ".")),
    ],
)
def test_impossible_values_are_refused(tmp_path: Path, field: str, values: tuple[object, ...]) -> None:
    for value in values:
        with pytest.raises(UsageError) as caught:
            set_up(replace(TrainConfig(stage="language", workdir=tmp_path), **{field: value}), world=1)
        assert str(caught.value).startswith(f"--{field.replace('_', '-')} {value}: "), value


@pytest.mark.parametrize("changes", [{"batch_size": 10**9}, {"grad_accumulation_steps": 10**9}])
def test_a_step_of_absurd_size_is_refused_before_its_rows_are_made(small_workspace: Path, changes: dict) -> None:
    config = TrainConfig(stage="language", model_size="nano", workdir=small_workspace, **changes)
    with pytest.raises(UsageError, match="tokens in one optimizer step"):
        set_up(config, world=1)
