"""Stage 5: the model behind its server, asked as clients ask; the server itself is ``codeling serve``."""

from __future__ import annotations

import dataclasses
from dataclasses import replace
from pathlib import Path
from typing import Any

from codeling.evals.report import Sample, StageReport
from codeling.runtime.files import write_json
from codeling.runtime.paths import Workspace
from codeling.stages.language_model import shared
from codeling.stages.recipes import RunConfig
from codeling.stages.serving_check import check_serving
from codeling.stages.serving_config import ServingCheckConfig
from codeling.stages.steps import Step, StepRecord


def steps(config: RunConfig, workspace: Workspace) -> list[Step]:
    """The check of the last model that the run makes."""
    check: ServingCheckConfig = shared(config, config.serve.check)
    checkpoint = check.checkpoint or workspace.models / f"{_last_model(config)}_best.pth"
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


def _last_model(config: RunConfig) -> str:
    if "rlhf" in config.stages:
        return config.rlhf.align.out_name
    for name, part in (("tools", config.tools), ("code", config.code), ("language", config.language)):
        if name in config.stages:
            return part.train.out_name or {"tools": "tool_model"}.get(name, f"{name}_model")
    return config.rlhf.align.out_name


def _check(checkpoint: Path, output: Path, config: ServingCheckConfig) -> dict[str, Any]:
    result = check_serving(checkpoint, config)
    for name, was_so in result.checks.items():
        print(f"{'yes' if was_so else 'NO '}  {name}")
    values = dataclasses.asdict(result)
    write_json(output, values)
    return values | {"missed": [f"not so: {name}" for name, was_so in result.checks.items() if not was_so]}
