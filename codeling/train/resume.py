"""Continuing a run: what the checkpoint says the run is, and what a flag may not contradict. Free of torch."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Any

from codeling.checkpoint import read_info
from codeling.config import from_mapping
from codeling.errors import UsageError
from codeling.runtime.paths import Workspace
from codeling.train.config import TrainConfig

OUT_NAMES = {"language": "language_model", "code": "code_model", "tools": "tool_model"}
"""Stem of a stage's checkpoints."""

# What decides the sequence of losses: changing one of these would make another run, not continue this one.
_FIXED = (
    "stage",
    "model_size",
    "use_rmsnorm",
    "use_rope",
    "sequence_length",
    "optimizer",
    "seed",
    "fim_rate",
    "replay_fraction",
)


def last_checkpoint(workdir: Path, *, stage: str | None, out_name: str | None) -> Path:
    """Where the rolling checkpoint of a stage is, or would be: ``models/language_model_last.pth``."""
    if out_name is None and stage is None:
        raise UsageError("--resume: say what: --checkpoint models/NAME_last.pth, or --stage language, code or tools")
    return Workspace(workdir).models / f"{out_name or OUT_NAMES[str(stage)]}_last.pth"


def resume_config(path: Path) -> TrainConfig:
    """The whole configuration of the run that wrote the checkpoint at ``path``, ready to continue it.

    ``workdir`` becomes the folder that holds ``models/`` with the checkpoint, wherever that is now.
    """
    saved = saved_config(path, read_info(path))
    return dataclasses.replace(saved, checkpoint=path, resume=True, workdir=_workdir_of(path, saved.workdir))


def saved_config(path: Path, info: dict[str, Any]) -> TrainConfig:
    """The training configuration inside a checkpoint's ``info``."""
    return from_mapping(TrainConfig, info["train"], where=f"{path}: saved configuration")


def _workdir_of(path: Path, saved: Path) -> Path:
    folder = path.parent
    if folder.name != "models":
        return saved
    return folder.parent if folder.parts[:-1] else Path()


def resume_defaults(
    *, checkpoint: str | None, stage: str | None = None, workdir: str | None = None, out_name: str | None = None
) -> TrainConfig:
    """Defaults of the command line under ``--resume``: the run's own configuration, so that flags only override.

    Without ``checkpoint`` it is the last one of the stage (or of ``out_name``) in ``workdir``.
    """
    if checkpoint is None:
        path = last_checkpoint(Path(workdir or ""), stage=stage, out_name=out_name)
    else:
        workspace = Workspace(Path(workdir or ""))
        remedy = f"python scripts/train.py --stage {stage or 'language'}"
        path = workspace.find(checkpoint, workspace.models, remedy=remedy)
    return resume_config(path)


def merge_resumed(config: TrainConfig, saved: TrainConfig) -> TrainConfig:
    """``config`` with what it leaves open taken from ``saved``; a contradiction is a UsageError naming both values."""
    left_open = {
        field.name: getattr(saved, field.name)
        for field in dataclasses.fields(TrainConfig)
        if getattr(config, field.name) is None and field.name != "checkpoint"
    }
    merged = dataclasses.replace(config, **left_open)
    for name in _FIXED:
        ours, theirs = getattr(merged, name), getattr(saved, name)
        if ours != theirs:
            flag = "--" + name.replace("_", "-")
            raise UsageError(
                f"{flag} is {_said(ours)}, but the run in {config.checkpoint} has {_said(theirs)}: that would be "
                f"another run. Leave {flag} out to continue, or leave --resume out to start a new run from its weights"
            )
    return merged


def _said(value: object) -> str:
    return {True: "on", False: "off"}.get(value, str(value)) if isinstance(value, bool) else str(value)


def kept_global_rows(config: TrainConfig, saved: TrainConfig, *, saved_rows: int, world: int) -> TrainConfig:
    """``config`` with gradient accumulation adapted so that ``world`` processes go on with the same rows per step.

    A run keeps its global batch (batch size x processes x accumulation) for life; that is what makes the order of the
    samples, and with it the losses, independent of the number of processes.
    """
    if config.batch_size * config.grad_accumulation_steps * world == saved_rows:
        return config
    asked = config.batch_size * config.grad_accumulation_steps
    if asked == saved.batch_size * saved.grad_accumulation_steps and saved_rows % (config.batch_size * world) == 0:
        return dataclasses.replace(config, grad_accumulation_steps=saved_rows // (config.batch_size * world))
    raise UsageError(
        f"--batch-size {config.batch_size} x --grad-accumulation-steps {config.grad_accumulation_steps} x {world} "
        f"processes is {asked * world} rows per step, but the run in {config.checkpoint} has {saved_rows}; choose "
        f"them so that their product is {saved_rows}"
    )
