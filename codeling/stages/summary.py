"""What the stages of a run came to, handed to the report."""

from __future__ import annotations

import os
import platform
from collections.abc import Mapping, Sequence
from pathlib import Path

import torch

import codeling
from codeling.config import to_toml
from codeling.evals.report import RunReport, StageReport, write_report
from codeling.runtime.device import describe_device, resolve_device
from codeling.runtime.paths import Workspace
from codeling.stages.recipes import RunConfig


def write_run_report(
    config: RunConfig, workspace: Workspace, stages: Sequence[StageReport], usage: Sequence[tuple[str, str]]
) -> Path:
    """Write ``report/index.html`` and ``report/report.md`` of the stages so far; returns the page's path."""
    report = RunReport(
        title=f"Codeling: {config.name}",
        recipe=config.name,
        configuration=to_toml(config),
        machine=_machine(config),
        stages=stages,
        usage=usage,
        summary=config.description,
    )
    return write_report(report, workspace.report)


def _machine(config: RunConfig) -> Mapping[str, str]:
    return {
        "device": describe_device(resolve_device(config.device)),
        "CPU cores": str(os.cpu_count()),
        "system": f"{platform.system()} {platform.machine()}",
        "Python": platform.python_version(),
        "PyTorch": torch.__version__,
        "Codeling": codeling.__version__,
    }
