"""The ordered stages: each step reads what an earlier one made, and every command that a run suggests exists."""

import dataclasses
import shlex
from pathlib import Path

import pytest

from codeling.cli import run as command_line
from codeling.errors import UsageError
from codeling.runtime.paths import Workspace
from codeling.stages.language_model import summarize_training
from codeling.stages.pipeline import STAGES, _usage, run
from codeling.stages.recipes import RECIPES, RunConfig, load_recipe
from codeling.stages.steps import StepRecord


def configurations() -> list[RunConfig]:
    return [RunConfig(), *(load_recipe(path.stem) for path in sorted(RECIPES.glob("*.toml")))]


@pytest.mark.parametrize("config", configurations(), ids=lambda config: config.name)
def test_every_input_was_made_by_an_earlier_step(config: RunConfig, tmp_path: Path):
    config = dataclasses.replace(config, workdir=tmp_path)
    made: set[Path] = set()
    for stage in STAGES:
        steps = stage.steps(config, Workspace(tmp_path))
        assert len({step.name for step in steps}) == len(steps)
        for step in steps:
            inside = {path for path in step.inputs if path.is_relative_to(tmp_path)}
            assert inside <= made, f"{stage.name}.{step.name} reads {inside - made}, which nothing makes"
            assert not made & set(step.outputs), "two steps write one file"
            made |= set(step.outputs)
            workdir = step.config.workdir
            assert workdir == tmp_path, f"{stage.name}.{step.name} would work in {workdir}"
    for name in ("language_model", "code_model"):
        assert tmp_path / "models" / f"{name}_best.pth" in made


def test_seed_and_device_of_the_run_reach_every_step(tmp_path: Path):
    config = dataclasses.replace(load_recipe("quick"), workdir=tmp_path, seed=11, device="cpu")
    for stage in STAGES:
        for step in stage.steps(config, Workspace(tmp_path)):
            for name, value in (("seed", 11), ("device", "cpu")):
                assert getattr(step.config, name, value) == value, f"{stage.name}.{step.name}"


def test_a_change_of_one_stage_does_not_touch_the_ones_before(tmp_path: Path):
    """Fingerprints of the steps, before anything was made: only configuration counts."""
    config = dataclasses.replace(load_recipe("quick"), workdir=tmp_path)
    code = dataclasses.replace(config.code, train=dataclasses.replace(config.code.train, max_steps=1))
    changed = dataclasses.replace(config, code=code)

    def fingerprints(config: RunConfig) -> dict[str, str]:
        return {
            f"{stage.name}.{step.name}": step.fingerprint()
            for stage in STAGES
            for step in stage.steps(config, Workspace(tmp_path))
        }

    before, after = fingerprints(config), fingerprints(changed)
    assert {name for name in before if before[name] != after[name]} == {"code.train"}


def test_every_command_that_a_run_ends_with_is_valid(capsys: pytest.CaptureFixture[str], tmp_path: Path):
    usage = _usage(load_recipe("quick"), Workspace(tmp_path / "with space"))
    assert len(usage) >= 3
    for _, command in usage:
        program, *arguments = shlex.split(command)
        assert Path(program).name == "codeling"
        assert command_line([*arguments, "--print-config"]) == 0, command
    assert "total / len(values)" in capsys.readouterr().out


def test_a_stage_that_does_not_exist(tmp_path: Path):
    with pytest.raises(UsageError, match=r"--stages cod: .*did you mean 'code'"):
        run(RunConfig(workdir=tmp_path / "run", stages=("cod",)))
    assert not (tmp_path / "run").exists()


@pytest.mark.parametrize(
    ("option", "value", "complaint"),
    [
        ("--code.train.max-steps", "0", "stage code: --max-steps 0: must be at least 1"),
        ("--code.verify.prompts", "0", "stage code: --prompts 0: must be at least 1"),
        ("--language.train.fim-rate", "nan", "stage language: --fim-rate nan: must be at least 0"),
        ("--seed", "-1", "stage language: --seed -1: must be at least 0"),
        ("--device", "gpu", "--device gpu: unknown"),
    ],
)
def test_what_a_late_stage_would_refuse_is_refused_before_the_first(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, option: str, value: str, complaint: str
):
    assert command_line(["run", "--workdir", str(tmp_path / "run"), option, value]) == 2
    assert f"error: {complaint}" in capsys.readouterr().err
    assert not (tmp_path / "run").exists()


def test_a_run_of_no_stages(tmp_path: Path):
    with pytest.raises(UsageError, match="stages is empty: name one or more of tokenizer, language, code"):
        run(RunConfig(workdir=tmp_path, stages=()))


def test_a_report_needs_no_log(tmp_path: Path):
    verified = {"measures": {"bits_per_byte": 2.0}, "before": None, "samples": []}
    records = {"train": StepRecord("", result={"steps": 3}), "verify": StepRecord("", result=verified)}
    report = summarize_training("language", "Stage 1", Workspace(tmp_path), records, out_name="gone")
    assert not report.records and report.metrics == {"steps": 3, "bits_per_byte": 2.0}
