"""Stage 1: TinyStories, or generated stories, -> a model of language -> models/language_model_best.pth."""

from __future__ import annotations

from dataclasses import replace

from codeling.data.download import TINYSTORIES_FILES, download_stories
from codeling.data.prepare import shard_names
from codeling.evals.report import StageReport
from codeling.runtime.paths import Workspace
from codeling.stages.language_model import shard_steps, shared, summarize_training, train_step, verify_step
from codeling.stages.recipes import RunConfig
from codeling.stages.steps import Step, StepRecord


def steps(config: RunConfig, workspace: Workspace) -> list[Step]:
    """Stories, shards, training from scratch, verification."""
    stage = config.language
    download = shared(config, stage.download)
    prepare = replace(shared(config, stage.prepare), stage="language")
    train_name, val_name = shard_names(prepare)
    train = replace(shared(config, stage.train), stage="language", data_file=train_name, val_file=val_name)
    train = replace(train, out_name=train.out_name or "language_model")
    verify = replace(
        shared(config, stage.verify),
        stage="language",
        checkpoint=workspace.models / f"{train.out_name}_best.pth",
        val_file=val_name,
        output=workspace.logs / "verify_language.json",
    )
    stories = tuple(workspace.raw / name for name in TINYSTORIES_FILES) if prepare.source is None else ()
    manifests = tuple((workspace.processed / name).with_suffix(".json") for name in (train_name, val_name))
    fetch = [
        Step(
            "download",
            "Download TinyStories",
            download,
            lambda resume: {"bytes": sum(each.bytes for each in download_stories(download))},
            outputs=stories,
        )
    ]
    return [
        *(fetch if stories else []),
        *shard_steps(prepare, workspace, inputs=stories),
        train_step(train, workspace, inputs=manifests),
        verify_step(verify, workspace, inputs=(verify.checkpoint.with_suffix(".json"), manifests[1])),
    ]


def summarize(config: RunConfig, workspace: Workspace, records: dict[str, StepRecord]) -> StageReport:
    """Curves, measurements and stories."""
    out_name = config.language.train.out_name or "language_model"
    return summarize_training("language", "Stage 1: language", workspace, records, out_name=out_name)
