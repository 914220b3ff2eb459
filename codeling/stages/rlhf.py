"""Stage 4: preferences, a reward model, reinforcement learning, and the proof of it, -> models/rlhf_model_best.pth."""

from __future__ import annotations

import dataclasses
from dataclasses import replace
from pathlib import Path
from typing import Any

from codeling.evals.plots import read_metrics
from codeling.evals.report import Sample, StageReport
from codeling.evals.verify import describe
from codeling.rlhf.align import align
from codeling.rlhf.preference_config import PreferenceConfig
from codeling.rlhf.preference_prepare import prepare_preferences
from codeling.rlhf.preference_sources import source_paths
from codeling.rlhf.reward_config import RewardConfig
from codeling.rlhf.reward_report import reward_bars
from codeling.rlhf.reward_training import train_reward
from codeling.rlhf.rlhf_config import RlhfConfig
from codeling.runtime.paths import Workspace
from codeling.stages.alignment_check import check_alignment
from codeling.stages.alignment_config import AlignmentEvalConfig
from codeling.stages.language_model import shared
from codeling.stages.recipes import RunConfig
from codeling.stages.steps import Step, StepRecord


def steps(config: RunConfig, workspace: Workspace) -> list[Step]:
    """Pairs, the reward model, alignment of the tool model, and the comparison with it."""
    stage = config.rlhf
    start = workspace.models / f"{config.tools.train.out_name or 'tool_model'}_best.pth"
    pairs = stage.prepare.output or workspace.processed / "preferences.json"
    prepare = replace(shared(config, stage.prepare), checkpoint=stage.prepare.checkpoint or start, output=pairs)
    reward = replace(shared(config, stage.reward), checkpoint=start, data_file=pairs)
    reward_model = workspace.models / f"{reward.out_name}.pth"
    aligned = replace(shared(config, stage.align), policy_model=start, reward_model=reward_model)
    verify = replace(
        shared(config, stage.verify),
        checkpoint=workspace.models / f"{aligned.out_name}_best.pth",
        output=workspace.logs / "verify_rlhf.json",
    )
    assert verify.output is not None
    weights = (start.with_suffix(".json"), reward_model.with_suffix(".json"), verify.checkpoint.with_suffix(".json"))
    return [
        Step(
            "prepare",
            "Make preferences",
            prepare,
            lambda resume: _prepare(prepare),
            inputs=(weights[0], *source_paths(prepare.source), *source_paths(prepare.val_source)),
            outputs=(pairs,),
        ),
        Step(
            "reward",
            "Train the reward model",
            reward,
            lambda resume: _train_reward(reward, workspace, resume=resume),
            inputs=(weights[0], pairs),
            outputs=(reward_model, weights[1]),
            continued_from=_rolling(workspace, reward.out_name),
        ),
        Step(
            "align",
            f"Align ({aligned.algorithm})",
            aligned,
            lambda resume: _align(aligned, workspace, resume=resume),
            inputs=(weights[0], weights[1], pairs),
            outputs=(verify.checkpoint, weights[2]),
            continued_from=_rolling(workspace, aligned.out_name),
        ),
        Step(
            "verify",
            "Compare with the model before",
            verify,
            lambda resume: _verify(verify),
            inputs=(weights[0], weights[2]),
            outputs=(verify.output,),
        ),
    ]


def summarize(config: RunConfig, workspace: Workspace, records: dict[str, StepRecord]) -> StageReport:
    """Reward and its price over the iterations, the reward model's accuracy, win rate, samples side by side."""
    verified, reward = records["verify"].result, records["reward"].result
    curves = workspace.logs / f"{config.rlhf.align.out_name}.metrics.jsonl"
    measures = verified["measures"]
    bars = {f"pairs: {source}": shares for source, shares in reward["bars"].items()}
    bars["win rate"] = {"aligned": measures["win_rate_share"], "before": 1 - measures["win_rate_share"]}
    for k in (1, 8):
        name = f"pass_at_{k}_share"
        if name in measures:
            bars[f"pass@{k}"] = {"aligned": measures[name], "before": verified["before"][name]}
    return StageReport(
        "rlhf",
        "Stage 4: alignment",
        sum(record.seconds for record in records.values()),
        metrics={**records["prepare"].result, **reward["measures"], **records["align"].result, **measures},
        before=verified["before"],
        records=read_metrics(curves) if curves.exists() else (),
        bars=bars,
        samples=[Sample(**sample) for sample in verified["samples"]],
        note="Judged by tests that no reward was given for, on tasks that no training used.",
    )


def _rolling(workspace: Workspace, out_name: str) -> tuple[Path, ...]:
    last = workspace.models / f"{out_name}_last.pth"
    return last, last.with_suffix(".json")


def _prepare(config: PreferenceConfig) -> dict[str, Any]:
    made = prepare_preferences(config)
    print(made)
    return {f"{split}_pairs": sum(p.split == split for p in made.preferences) for split in ("train", "val")}


def _train_reward(config: RewardConfig, workspace: Workspace, *, resume: bool) -> dict[str, Any]:
    last = workspace.models / f"{config.out_name}_last.pth"
    result = train_reward(replace(config, resume=resume and last.exists()))
    assert result is not None, "a run is one process"
    return {"measures": result.measures, "bars": reward_bars(result.report)}


def _align(config: RlhfConfig, workspace: Workspace, *, resume: bool) -> dict[str, Any]:
    last = workspace.models / f"{config.out_name}_last.pth"
    result = align(replace(config, resume=resume and last.exists()))
    return {"iterations": result.iterations, "completions": result.samples}


def _verify(config: AlignmentEvalConfig) -> dict[str, Any]:
    result = check_alignment(config)
    print(describe(result))
    missed = [str(gate) for gate in result.gates if not gate.passed]
    return {**dataclasses.asdict(result), "missed": missed}
