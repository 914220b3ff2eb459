"""Stage 2: Bash, Python and more, half of it as fill-in-the-middle, -> models/code_model_best.pth."""

from __future__ import annotations

from dataclasses import replace

from codeling.data.prepare import shard_names
from codeling.evals.report import StageReport
from codeling.runtime.paths import Workspace
from codeling.stages.language_model import shard_steps, shared, summarize_training, train_step, verify_step
from codeling.stages.recipes import RunConfig
from codeling.stages.steps import Step, StepRecord


def steps(config: RunConfig, workspace: Workspace) -> list[Step]:
    """Shards of code, training from the language model with some of its text replayed, verification against it."""
    stage = config.code
    start = workspace.models / f"{config.language.train.out_name or 'language_model'}_best.pth"
    stories = replace(shared(config, config.language.prepare), stage="language")
    story_train, story_val = shard_names(stories)
    prepare = replace(shared(config, stage.prepare), stage="code")
    train_name, val_name = shard_names(prepare)
    train = replace(shared(config, stage.train), stage="code", data_file=train_name, val_file=val_name)
    train = replace(
        train,
        out_name=train.out_name or "code_model",
        checkpoint=train.checkpoint or start,
        replay_file=train.replay_file or story_train,
    )
    verify = replace(
        shared(config, stage.verify),
        stage="code",
        checkpoint=workspace.models / f"{train.out_name}_best.pth",
        baseline=start,
        val_file=val_name,
        earlier_val_file=story_val,
        output=workspace.logs / "verify_code.json",
    )
    corpus = (workspace.raw / "code_corpus.txt",) if prepare.source is None else ()
    manifests = tuple((workspace.processed / name).with_suffix(".json") for name in (train_name, val_name, story_train))
    weights = (start.with_suffix(".json"), verify.checkpoint.with_suffix(".json"))
    return [
        *shard_steps(prepare, workspace, inputs=corpus),
        train_step(train, workspace, inputs=(*manifests, weights[0])),
        verify_step(verify, workspace, inputs=(*weights, manifests[1])),
    ]


def summarize(config: RunConfig, workspace: Workspace, records: dict[str, StepRecord]) -> StageReport:
    """Curves, measurements before and after, and code."""
    out_name = config.code.train.out_name or "code_model"
    return summarize_training("code", "Stage 2: code", workspace, records, out_name=out_name)
