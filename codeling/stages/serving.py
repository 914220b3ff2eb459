"""Stage 5: the model behind its server, asked as clients ask; the server itself is ``codeling serve``."""

from __future__ import annotations

import dataclasses
from dataclasses import replace
from pathlib import Path
from typing import Any

from codeling.evals.report import Sample, StageReport
from codeling.runtime.files import write_json
from codeling.runtime.paths import Workspace
from codeling.stages.complete import find_checkpoint
from codeling.stages.language_model import shared
from codeling.stages.recipes import RunConfig
from codeling.stages.serving_check import check_serving
from codeling.stages.serving_config import ServingCheckConfig
from codeling.stages.steps import Step, StepRecord
from codeling.train.resume import OUT_NAMES


def steps(config: RunConfig, workspace: Workspace) -> list[Step]:
    """The check of the last model that the run makes, or of the one that is there."""
    check: ServingCheckConfig = shared(config, config.serve.check)
    checkpoint = check.checkpoint or _last_checkpoint(config, workspace)
    output = check.output or workspace.logs / "verify_serve.json"
    check = replace(check, checkpoint=checkpoint, output=output)
    return [
        Step(
            "check",
            f"Serve {checkpoint.stem} and ask it",
            check,
            lambda resume: _check(checkpoint, output, check),
            inputs=(checkpoint.with_suffix(".json"),),
            outputs=(output,),
        )
    ]


def summarize(config: RunConfig, workspace: Workspace, records: dict[str, StepRecord]) -> StageReport:
    """How fast it answers, what was checked, and what it said."""
    result = records["check"].result
    passed = sum(result["checks"].values())
    return StageReport(
        "serve",
        "Stage 5: serving",
        sum(record.seconds for record in records.values()),
        metrics=result["measures"] | {"checks_passed_share": passed / len(result["checks"])},
        samples=[Sample(**sample) for sample in result["samples"]],
        note=f"Asked over HTTP: {'; '.join(result['checks'])}.",
    )


def _last_checkpoint(config: RunConfig, workspace: Workspace) -> Path:
    """What the last of the run's stages makes; where it only serves, the most advanced model that is there."""
    made = {
        "rlhf": config.rlhf.align.out_name,
        "tools": config.tools.train.out_name or OUT_NAMES["tools"],
        "code": config.code.train.out_name or OUT_NAMES["code"],
        "language": config.language.train.out_name or OUT_NAMES["language"],
    }
    for stage, name in made.items():
        if stage in config.stages:
            return workspace.models / f"{name}_best.pth"
    return find_checkpoint(None, workspace)


def _check(checkpoint: Path, output: Path, config: ServingCheckConfig) -> dict[str, Any]:
    result = check_serving(checkpoint, config)
    for name, was_so in result.checks.items():
        print(f"{'yes' if was_so else 'NO '}  {name}")
    values = dataclasses.asdict(result)
    write_json(output, values)
    return values | {"missed": [f"not so: {name}" for name, was_so in result.checks.items() if not was_so]}
