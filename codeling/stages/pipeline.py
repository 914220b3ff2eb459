"""The ordered stages and the run that goes through them: ``codeling run``.

Each stage file says what its steps are; this one runs them in order, skips what is complete by hash, resumes what
was interrupted, and writes the report after every stage.
"""

from __future__ import annotations

import shlex
import shutil
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from codeling.config import did_you_mean, to_toml
from codeling.errors import Failure, UsageError
from codeling.evals import verify
from codeling.evals.report import StageReport, format_duration
from codeling.rlhf.rlhf_config import check_rlhf_config
from codeling.runtime.device import resolve_device
from codeling.runtime.files import directory_lock, write_text
from codeling.runtime.paths import Workspace
from codeling.runtime.signals import Interrupted
from codeling.stages import alignment_check, code, language, rlhf, serving, tokenizer, tools, training_setup
from codeling.stages.language_model import shared
from codeling.stages.recipes import RunConfig
from codeling.stages.steps import Step, StepRecord, run_step
from codeling.stages.summary import write_run_report


@dataclass(frozen=True)
class Stage:
    """``steps`` lists what to do for a given configuration; ``summarize`` turns the steps' records into the report."""

    name: str
    title: str
    steps: Callable[[RunConfig, Workspace], list[Step]]
    summarize: Callable[[RunConfig, Workspace, dict[str, StepRecord]], StageReport]


STAGES = (
    Stage("tokenizer", "Stage 0: tokenizer", tokenizer.steps, tokenizer.summarize),
    Stage("language", "Stage 1: language", language.steps, language.summarize),
    Stage("code", "Stage 2: code", code.steps, code.summarize),
    Stage("tools", "Stage 3: tools", tools.steps, tools.summarize),
    Stage("rlhf", "Stage 4: alignment", rlhf.steps, rlhf.summarize),
    Stage("serve", "Stage 5: serving", serving.steps, serving.summarize),
)


def run(config: RunConfig) -> None:
    """Go through the stages of ``config``; what is complete is skipped, what was interrupted continues.

    A stage whose verification misses a threshold ends the run with a Failure, after the report is written.
    """
    names = [stage.name for stage in STAGES]
    if not config.stages:
        raise UsageError(f"stages is empty: name one or more of {', '.join(names)}")
    for name in config.stages:
        if name not in names:
            raise UsageError(f"--stages {name}: no such stage{did_you_mean(name, names)}")
    _check_all_stages(config)
    workspace = Workspace(config.workdir)
    with directory_lock(workspace.root / "state", purpose="codeling run"):
        write_text(workspace.root / "state" / "config.toml", to_toml(config))
        _run_stages(config, workspace)


def _check_all_stages(config: RunConfig) -> None:
    """Refuse at once what the last stage would refuse hours later."""
    resolve_device(config.device)
    for name, part in (("language", config.language), ("code", config.code), ("tools", config.tools)):
        if name not in config.stages:
            continue
        try:
            training_setup.check_numbers(shared(config, part.train))
            verify.check_numbers(shared(config, part.verify))
        except UsageError as error:
            raise UsageError(f"stage {name}: {error}") from None
    if "rlhf" in config.stages:
        try:
            check_rlhf_config(shared(config, config.rlhf.align))
            alignment_check.check_numbers(shared(config, config.rlhf.verify))
        except UsageError as error:
            raise UsageError(f"stage rlhf: {error}") from None


def _run_stages(config: RunConfig, workspace: Workspace) -> None:
    reports: list[StageReport] = []
    page = workspace.report / "index.html"
    usage = _usage(config, workspace)
    for stage in STAGES:
        if stage.name not in config.stages:
            continue
        print(f"\n=== {stage.title} ===", flush=True)
        records: dict[str, StepRecord] = {}
        for step in stage.steps(config, workspace):
            record_path = workspace.root / "state" / f"{stage.name}.{step.name}.json"
            try:
                records[step.name] = run_step(step, record_path, root=workspace.root, force=config.force, say=_say)
            except Interrupted as stopped:
                remedy = "the same codeling run command"
                raise Interrupted(stopped.signal_number, stopped.state, remedy=remedy) from None
        reports.append(stage.summarize(config, workspace, records))
        page = write_run_report(config, workspace, reports, usage)
        missed = [line for record in records.values() for line in record.result.get("missed", ())]
        if missed:
            raise Failure(
                f"{stage.title} is not good enough: {'; '.join(missed)}. The report: {page}. "
                f"{_remedy(stage.name, workspace)}"
            )
    print(f"\n=== Done: {format_duration(sum(report.seconds for report in reports))} of work ===")
    print(f"Report: {page}")
    for purpose, command in usage:
        print(f"{purpose}:\n  {command}")


def _remedy(stage: str, workspace: Workspace) -> str:
    if stage == "serve":
        return f"Start the server and ask it yourself: {workspace.command('codeling serve')}"
    longer = "align.max-iterations" if stage == "rlhf" else "train.max-steps"
    return f"Train longer (--{stage}.{longer}) or set another threshold (--{stage}.verify...)"


def _say(line: str) -> None:
    print(f"[{time.strftime('%H:%M:%S')}] {line}", flush=True)


def _usage(config: RunConfig, workspace: Workspace) -> list[tuple[str, str]]:
    """What the user can do with the result, as commands to type."""
    # From `make quickstart` the command is inside .venv, which the user's shell does not search.
    program = shlex.quote("codeling" if shutil.which("codeling") else str(Path(sys.executable).parent / "codeling"))
    folder = shlex.quote(str(config.workdir))
    usage: list[tuple[str, str]] = []
    if "code" in config.stages:
        checkpoint = shlex.quote(str(workspace.models / f"{config.code.train.out_name or 'code_model'}_best.pth"))
        complete = f"{program} complete --checkpoint {checkpoint}"
        usage += [
            ("Write a command", f"{complete} '# Find all log files larger than 10 MB'"),
            ("Fill in the middle", f"{complete} 'def mean(values):' --suffix '    return total / len(values)'"),
            ("Measure it again", f"{program} eval --stage code --workdir {folder}"),
        ]
    if "tools" in config.stages:
        usage += [
            ("Talk with it, and let it run tools", f"{program} chat --workdir {folder}"),
            ("Score its tool calls", f"{program} eval tools --workdir {folder}"),
        ]
    if "rlhf" in config.stages:
        aligned = shlex.quote(str(workspace.models / f"{config.rlhf.align.out_name}_best.pth"))
        usage += [
            (
                "Write with the aligned model",
                f"{program} complete --checkpoint {aligned} '# Count the lines of app.log'",
            ),
            ("Compare it with the model before", f"{program} eval alignment --workdir {folder}"),
        ]
    if set(config.stages) - {"tokenizer"}:
        usage += [
            (
                "Export it for llama.cpp and LM Studio (hf: transformers, vLLM)",
                f"{program} export gguf --workdir {folder}",
            ),
            ("Serve it to editors, OpenAI's clients and the browser", f"{program} serve --workdir {folder}"),
        ]
    return usage
