"""The steps that every language-model stage shares: shards -> check -> train -> verify. A stage file names the rest."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from codeling.data.config import PrepareConfig, ValidateConfig
from codeling.data.prepare import prepare, shard_names
from codeling.data.validate import validate
from codeling.errors import Failure
from codeling.evals.config import VerifyConfig
from codeling.evals.plots import read_metrics
from codeling.evals.report import Sample, StageReport
from codeling.evals.verify import describe, verify
from codeling.runtime.paths import Workspace
from codeling.stages.recipes import RunConfig
from codeling.stages.steps import Step, StepRecord, source_files
from codeling.stages.training import train
from codeling.train.config import TrainConfig


def shard_steps(config: PrepareConfig, workspace: Workspace, *, inputs: tuple[Path, ...]) -> list[Step]:
    """Tokenize, then validate what came out; a bad shard stops the run."""
    paths = tuple(workspace.processed / name for name in shard_names(config))
    manifests = tuple(path.with_suffix(".json") for path in paths)
    return [
        Step(
            "prepare",
            "Make token shards",
            config,
            lambda resume: _prepare(config),
            inputs=(workspace.tokenizer, *inputs, *source_files(config.source), *source_files(config.val_source)),
            outputs=(*paths, *manifests),
        ),
        validate_step(paths, config.workdir),
    ]


def validate_step(paths: Sequence[Path], workdir: Path) -> Step:
    """Check the shards at ``paths``; a bad one stops the run."""
    check = ValidateConfig(paths=tuple(Path(path.name) for path in paths), workdir=workdir)
    manifests = tuple(path.with_suffix(".json") for path in paths)
    return Step("validate", "Check the shards", check, lambda resume: _validate(check), inputs=manifests)


def train_step(config: TrainConfig, workspace: Workspace, *, inputs: tuple[Path, ...]) -> Step:
    """Train; an interrupted attempt is continued from its last checkpoint, bitwise."""
    best = workspace.models / f"{config.out_name}_best.pth"
    last = workspace.models / f"{config.out_name}_last.pth"
    return Step(
        "train",
        f"Train ({config.model_size or 'from the checkpoint'})",
        config,
        lambda resume: _train(config, last, resume=resume),
        inputs=(workspace.tokenizer, *inputs),
        outputs=(best, best.with_suffix(".json")),
        continued_from=(last, last.with_suffix(".json")),
    )


def verify_step(config: VerifyConfig, workspace: Workspace, *, inputs: tuple[Path, ...]) -> Step:
    """Measure the best checkpoint; what missed the recipe's thresholds stops the run after the report."""
    assert config.output is not None
    return Step("verify", "Verify", config, lambda resume: _verify(config), inputs=inputs, outputs=(config.output,))


def summarize_training(
    name: str, title: str, workspace: Workspace, records: dict[str, StepRecord], *, out_name: str
) -> StageReport:
    """Curves from the metrics log, measurements and samples from the verification."""
    verified = records["verify"].result
    curves = workspace.logs / f"{out_name}.metrics.jsonl"
    return StageReport(
        name,
        title,
        sum(record.seconds for record in records.values()),
        metrics={**records["train"].result, **verified["measures"]},
        before=verified["before"] or {},
        # A training goes on without its log, and a log may be deleted: neither takes the report away.
        records=read_metrics(curves) if curves.exists() else (),
        samples=[Sample(**sample) for sample in verified["samples"]],
    )


def shared(config: RunConfig, part: Any) -> Any:
    """A part of the recipe with what the whole run decides: folder, seed and, where it has one, device."""
    changes = {"workdir": config.workdir, "seed": config.seed, "device": config.device}
    return replace(part, **{name: value for name, value in changes.items() if hasattr(part, name)})


def _prepare(config: PrepareConfig) -> dict[str, Any]:
    prepared = prepare(config)
    print(f"{prepared.train.num_documents:,} documents, {prepared.train.num_tokens:,} tokens to train on")
    return {"train_tokens": prepared.train.num_tokens, "val_tokens": prepared.val.num_tokens}


def _validate(config: ValidateConfig) -> dict[str, Any]:
    report = validate(config)
    print(report)
    if not report.ok:
        raise Failure("the shards are not fit to train on; see the lines above")
    return {"warnings": len(report.findings)}


def _train(config: TrainConfig, last: Path, *, resume: bool) -> dict[str, Any]:
    if resume and last.exists():
        config = replace(config, resume=True, checkpoint=last)
    result = train(config)
    return {"parameters": result.num_parameters, "training_tokens": result.tokens, "steps": result.steps}


def _verify(config: VerifyConfig) -> dict[str, Any]:
    result = verify(config)
    print(describe(result))
    return {**result.to_json(), "missed": [str(gate) for gate in result.gates if not gate.passed]}
