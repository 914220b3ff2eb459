"""Stage 3: conversations that call tools, with some code replayed, -> models/tool_model_best.pth."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from codeling.data.config import ToolDataConfig
from codeling.data.prepare import shard_names
from codeling.data.tool_prepare import prepare_tools
from codeling.data.tool_sources import source_paths
from codeling.evals.report import StageReport
from codeling.evals.tools import score_bars
from codeling.runtime.paths import Workspace
from codeling.stages.language_model import shared, summarize_training, train_step, validate_step, verify_step
from codeling.stages.recipes import RunConfig
from codeling.stages.steps import Step, StepRecord


def steps(config: RunConfig, workspace: Workspace) -> list[Step]:
    """Masked shards of conversations, training from the code model, scores of its calls and of what it forgot."""
    stage = config.tools
    start = workspace.models / f"{config.code.train.out_name or 'code_model'}_best.pth"
    code_train, code_val = shard_names(replace(shared(config, config.code.prepare), stage="code"))
    prepare = replace(shared(config, stage.prepare), output_dir=None)
    shards = tuple(
        workspace.processed / f"{prepare.train_name.replace('train', split)}.npy" for split in ("train", "val")
    )
    train = replace(
        shared(config, stage.train),
        stage="tools",
        data_file=shards[0].name,
        val_file=shards[1].name,
        out_name=stage.train.out_name or "tool_model",
        checkpoint=stage.train.checkpoint or start,
        replay_file=stage.train.replay_file or code_train,
    )
    verify = replace(
        shared(config, stage.verify),
        stage="tools",
        checkpoint=workspace.models / f"{train.out_name}_best.pth",
        baseline=start,
        val_file=shards[1].name,
        earlier_val_file=code_val,
        tool_profile=prepare.profile,
        output=workspace.logs / "verify_tools.json",
    )
    assert verify.checkpoint is not None
    manifests = tuple(shard.with_suffix(".json") for shard in shards)
    code_manifest = (workspace.processed / code_train).with_suffix(".json")
    weights = (start.with_suffix(".json"), verify.checkpoint.with_suffix(".json"))
    return [
        _prepare_step(prepare, workspace, outputs=(*shards, *manifests)),
        validate_step(shards, config.workdir),
        train_step(train, workspace, inputs=(*manifests, code_manifest, weights[0])),
        verify_step(verify, workspace, inputs=(*weights, manifests[1])),
    ]


def summarize(config: RunConfig, workspace: Workspace, records: dict[str, StepRecord]) -> StageReport:
    """Curves, scores of tool calls, what is left of the code, and replies."""
    out_name = config.tools.train.out_name or "tool_model"
    report = summarize_training("tools", "Stage 3: tools", workspace, records, out_name=out_name)
    return replace(report, bars=score_bars(report.metrics))


def _prepare_step(config: ToolDataConfig, workspace: Workspace, *, outputs: tuple[Any, ...]) -> Step:
    return Step(
        "prepare",
        "Make conversations",
        config,
        lambda resume: _prepare(config),
        inputs=(workspace.tokenizer, *source_paths(config.source), *source_paths(config.val_source)),
        outputs=outputs,
    )


def _prepare(config: ToolDataConfig) -> dict[str, Any]:
    made = prepare_tools(config)
    print(made)
    return {f"{split}_tokens": manifest.num_tokens for split, manifest in made.manifests.items()}
