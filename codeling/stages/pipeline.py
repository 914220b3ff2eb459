"""The ordered stages and the run that goes through them: ``codeling run``.

Each stage file says what its steps are; this one runs them in order, skips what is complete by hash, resumes what
was interrupted, and writes the report after every stage.
"""

from __future__ import annotations

import shutil
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from codeling.config import did_you_mean, to_toml
from codeling.errors import UsageError
from codeling.runtime.files import directory_lock, write_text
from codeling.runtime.paths import Workspace
from codeling.stages import code, language, tokenizer
from codeling.stages.recipes import RunConfig
from codeling.stages.steps import Step, StepRecord, run_step
from codeling.stages.summary import StageSummary, write_run_report


@dataclass(frozen=True)
class Stage:
    """``steps`` lists what to do for a given configuration; ``summarize`` turns the steps' records into the report."""

    name: str
    title: str
    steps: Callable[[RunConfig, Workspace], list[Step]]
    summarize: Callable[[RunConfig, Workspace, dict[str, StepRecord]], StageSummary]


STAGES = (
    Stage("tokenizer", "Stage 0: tokenizer", tokenizer.steps, tokenizer.summarize),
    Stage("language", "Stage 1: language", language.steps, language.summarize),
    Stage("code", "Stage 2: code", code.steps, code.summarize),
)


def run(config: RunConfig) -> None:
    """Go through the stages of ``config``; what is complete is skipped, what was interrupted continues."""
    names = [stage.name for stage in STAGES]
    for name in config.stages:
        if name not in names:
            raise UsageError(f"--stages {name}: no such stage{did_you_mean(name, names)}")
    # The steps' files and the working directory of sub-processes must agree, wherever the run was started.
    workspace = Workspace(config.workdir)
    with directory_lock(workspace.root / "state", purpose="codeling run"):
        write_text(workspace.root / "state" / "config.toml", to_toml(config))
        summaries: list[StageSummary] = []
        for stage in STAGES:
            if stage.name not in config.stages:
                continue
            print(f"\n=== {stage.title} ===", flush=True)
            records = {
                step.name: run_step(step, _record_path(workspace, stage, step), force=config.force, say=_say)
                for step in stage.steps(config, workspace)
            }
            summaries.append(stage.summarize(config, workspace, records))
            report = write_run_report(config, workspace, summaries)
    print(f"\n=== Done in {_total(summaries):.0f} s of work ===")
    print(f"Report: {report}")
    _say_how_to_use(config, workspace)


def _record_path(workspace: Workspace, stage: Stage, step: Step) -> Path:
    return workspace.root / "state" / f"{stage.name}.{step.name}.json"


def _say(line: str) -> None:
    print(f"[{time.strftime('%H:%M:%S')}] {line}", flush=True)


def _total(summaries: list[StageSummary]) -> float:
    return sum(summary.seconds for summary in summaries)


def _say_how_to_use(config: RunConfig, workspace: Workspace) -> None:
    checkpoint = workspace.models / "code_model_best.pth"
    if "code" not in config.stages or not checkpoint.exists():
        return
    # From `make quickstart` the command is inside .venv, which the user's shell does not search.
    program = "codeling" if shutil.which("codeling") else str(Path(sys.executable).parent / "codeling")
    print("Try it:")
    print(f"  {program} complete --checkpoint {checkpoint} '# List the ten largest files in /var/log'")
    print(f"  {program} complete --checkpoint {checkpoint} 'def add(a, b):' --suffix '    return total'")
