r"""Verification of a trained stage: what it writes, what can be measured of that, and whether it is good enough.

    checkpoint --> validation loss --> measures --> gates --> passed or a Failure
               \-> completions of fixed prompts --/      \--> samples for people

The baseline (the checkpoint before) answers the same questions, so that every number has one to compare with.
"""

from __future__ import annotations

import dataclasses
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch

from codeling.checkpoint import LoadedModel, load_model, read_info
from codeling.config import require_numbers
from codeling.data.shards import Shard
from codeling.errors import Failure, UsageError
from codeling.evals.completions import bash_completions, fim_completions, python_completions, story_completions
from codeling.evals.config import VerifyConfig
from codeling.evals.gates import Gate, check_gates
from codeling.evals.loss import bits_per_byte
from codeling.evals.repetition import repetition
from codeling.evals.report import Sample, format_number
from codeling.evals.tools import verification_measures
from codeling.generate.text import TextGenerator
from codeling.runtime.device import compute_dtype, prepare_device, resolve_device
from codeling.runtime.files import write_json
from codeling.runtime.paths import Workspace

_CHECKPOINTS = {
    "language": "language_model_best.pth",
    "code": "code_model_best.pth",
    "tools": "tool_model_best.pth",
}
SHARDS = {"language": "val_large.npy", "code": "code_val_large.npy", "tools": "tool_val.npy"}
_PREPARE = {
    "language": "python scripts/prepare_data.py",
    "code": "python scripts/prepare_code_data.py",
    "tools": "python scripts/prepare_tool_calling_data.py",
}
_STAGE_BEFORE = {"code": "language", "tools": "code"}
_MAX_BATCH = 16


@dataclass(frozen=True)
class Verification:
    """The outcome. ``measures`` of the checkpoint and ``before`` of the baseline carry the same names (see below);
    those of tool calls are measured of the checkpoint alone.

    val_loss, bits_per_byte: on the stage's validation shard; earlier_bits_per_byte: on that of the stage before.
    distinct_2, repeated_4grams_share, looping_share: of the completions (codeling.evals.repetition).
    bash_syntax_share: Bash that passes ``bash -n``; bash_valid_share: and is more than comments; bash_command_share:
    and begins with a command; bash_similarity: edit similarity to the reference.
    python_syntax_share: Python that parses; python_valid_share: and does something.
    fim_exact_share, fim_similarity: filled-in lines against the original.
    tool_name_share and the others of tool calls: codeling.evals.tools.verification_measures.
    """

    stage: str
    checkpoint: str
    baseline: str | None
    measures: dict[str, float]
    before: dict[str, float] | None
    gates: list[Gate]
    samples: list[Sample]
    seconds: float

    @property
    def passed(self) -> bool:
        return all(gate.passed for gate in self.gates)

    def to_json(self) -> dict[str, Any]:
        """Plain values, for a file or a report."""
        return dataclasses.asdict(self) | {"passed": self.passed}


def verify_command(config: VerifyConfig) -> None:
    """`codeling eval`: print samples, measures and gates; a missed gate is a Failure (exit status 1)."""
    result = verify(config)
    print(describe(result))
    if not result.passed:
        missed = "; ".join(str(gate) for gate in result.gates if not gate.passed)
        raise Failure(
            f"{result.checkpoint} is not good enough: {missed}. Train longer (--num-epochs, --max-steps) or on more "
            f"data, or set other thresholds (codeling eval --help)"
        )


def verify(config: VerifyConfig) -> Verification:
    """Load, measure and compare; writes the result as JSON and returns it, also when gates were missed."""
    start = time.monotonic()
    check_numbers(config)
    workspace = Workspace(config.workdir)
    path = _checkpoint(config, workspace)
    stage = config.stage or _stage_of(path)
    baseline = _baseline(config, workspace, stage, path)
    shards = _shards(config, workspace, stage, path)
    device = resolve_device(config.device)
    prepare_device(device)

    loaded = load_model(path, device=device)
    measures, samples = _measure(loaded, stage, shards, config)
    if stage == "tools":
        of_calls, conversations = verification_measures(loaded, config)
        measures, samples = of_calls | measures, conversations + samples
    before = None
    if baseline is not None:
        earlier = load_model(baseline, device=device)
        if stage == "tools":
            # Conversations are cut at the length of a row, so that another length would be other replies.
            config = dataclasses.replace(config, sequence_length=_sequence_length(loaded, config))
        before, _ = _measure(earlier, stage, shards, config)
    result = Verification(
        stage=stage,
        checkpoint=str(path),
        baseline=None if baseline is None else str(baseline),
        measures=measures,
        before=before,
        gates=check_gates(stage, config, measures, before),
        samples=samples,
        seconds=time.monotonic() - start,
    )
    write_json(config.output or workspace.logs / f"verify_{stage}.json", result.to_json())
    return result


def check_numbers(config: VerifyConfig) -> None:
    """UsageError for the first value that no verification can mean; reads nothing."""
    require_numbers(config, "batch_size", "prompts", "tool_examples", "max_tokens", at_least=1)
    require_numbers(config, "sequence_length", "eval_tokens", at_least=2)
    require_numbers(config, "samples", "temperature", at_least=0)


def _measure(
    loaded: LoadedModel, stage: str, shards: dict[str, Shard], config: VerifyConfig
) -> tuple[dict[str, float], list[Sample]]:
    model, tokenizer = loaded.model, loaded.tokenizer
    length = _sequence_length(loaded, config)
    dtype = compute_dtype(model.head_weight.device, config.dtype)
    measures: dict[str, float] = {}
    for name, shard in shards.items():
        loss = bits_per_byte(
            model,
            shard,
            tokenizer=tokenizer,
            rows=config.batch_size,
            sequence_length=length,
            max_tokens=config.eval_tokens,
            dtype=dtype,
        )
        if name == stage:
            measures |= {"bits_per_byte": loss["bits_per_byte"], "val_loss": loss["val_loss"]}
        else:
            measures["earlier_bits_per_byte"] = loss["bits_per_byte"]
    generator = TextGenerator(model, tokenizer, max_batch=_MAX_BATCH)
    shown: list[Sample] = []
    with torch.autocast(model.head_weight.device.type, enabled=False):
        if stage == "language":
            groups = [story_completions(generator, config)]
            # Not measured: what it makes of code before it has seen any, for the eye to compare with the next stage.
            one = dataclasses.replace(config, prompts=1)
            shown = [*bash_completions(generator, one).samples, *python_completions(generator, one).samples]
        else:
            groups = [bash_completions(generator, config), python_completions(generator, config)]
            if "code" in shards:
                groups.append(fim_completions(generator, config, shards["code"]))
    for group in groups:
        measures |= group.measures
    # Filled-in lines are too short to repeat anything.
    texts = [sample.text for group in groups for sample in group.samples if not sample.suffix]
    measures |= repetition(texts)
    return measures, [sample for group in groups for sample in group.samples[: config.samples]] + shown


def _sequence_length(loaded: LoadedModel, config: VerifyConfig) -> int:
    """Tokens in a validation row: what was asked for, else what the model was trained with."""
    trained_at = loaded.info.get("train", {}).get("sequence_length")
    longest = loaded.model.config.max_sequence_length
    length = config.sequence_length or trained_at or min(512, longest)
    if length > longest:
        raise UsageError(f"--sequence-length {length}: this model reads {longest} tokens at most")
    return length


def _checkpoint(config: VerifyConfig, workspace: Workspace) -> Path:
    if config.checkpoint is None and config.stage is None:
        raise UsageError("say what to verify: --stage language, code or tools, or --checkpoint FILE")
    name = config.checkpoint or _CHECKPOINTS[config.stage or "language"]
    remedy = f"codeling train --stage {config.stage or 'language'}"
    return workspace.find(name, workspace.models, remedy=remedy)


def _stage_of(path: Path) -> str:
    stage = read_info(path).get("stage")
    if stage not in SHARDS:
        raise UsageError(
            f"{path}: was trained in stage {stage!r}; say what to verify it as: --stage language, code or tools"
        )
    return stage


def _baseline(config: VerifyConfig, workspace: Workspace, stage: str, path: Path) -> Path | None:
    earlier = _STAGE_BEFORE.get(stage)
    if config.baseline is not None:
        remedy = f"codeling train --stage {earlier or 'language'}"
        asked = workspace.find(config.baseline, workspace.models, remedy=remedy)
        if _tokenizer_hash(asked) != _tokenizer_hash(path):
            raise UsageError(f"--baseline {asked}: has another tokenizer than {path}, so the two cannot be compared")
        return asked
    if earlier is None:
        return None
    default = workspace.models / _CHECKPOINTS[earlier]
    usable = default.exists() and not default.samefile(path) and _tokenizer_hash(default) == _tokenizer_hash(path)
    return default if usable else None


def _tokenizer_hash(path: Path) -> str:
    return read_info(path)["tokenizer_hash"]


def _shards(config: VerifyConfig, workspace: Workspace, stage: str, path: Path) -> dict[str, Shard]:
    """The stage's validation shard, and that of the stage before where there is one that fits, by stage."""
    own = workspace.find(config.val_file or SHARDS[stage], workspace.processed, remedy=_PREPARE[stage])
    shards = {stage: Shard.open(own)}
    if earlier := _STAGE_BEFORE.get(stage):
        default = workspace.processed / SHARDS[earlier]
        if config.earlier_val_file is not None:
            default = workspace.find(config.earlier_val_file, workspace.processed, remedy=_PREPARE[earlier])
        if default.exists():
            shard = Shard.open(default)
            if config.earlier_val_file is not None or shard.manifest.tokenizer_hash == _tokenizer_hash(path):
                shards[earlier] = shard
    return shards


def describe(result: Verification) -> str:
    """Samples, a table of measures, and the verdict, as text for a terminal."""
    lines: list[str] = []
    for sample in result.samples:
        verdicts = ", ".join(f"{name}: {_verdict(value)}" for name, value in sample.verdicts.items())
        lines += [f"--- {sample.language}{f' ({verdicts})' if verdicts else ''}", _shown(sample), ""]
    lines += [f"=== {result.checkpoint}, stage {result.stage}", *_table(result), ""]
    lines += [f"{'passed' if gate.passed else 'MISSED'}: {gate}" for gate in result.gates]
    return "\n".join(lines)


def _shown(sample: Sample) -> str:
    # The seam between what was asked and what was written must be visible.
    text = f"{sample.prompt}⟦{sample.text}⟧{sample.suffix}"
    return "\n".join(f"  {line}" for line in text.splitlines())


def _verdict(value: bool | float | str) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return value if isinstance(value, str) else f"{value:.2f}"


def _table(result: Verification) -> Sequence[str]:
    before = result.before or {}
    width = max(map(len, result.measures))
    head = f"{'':{width}}  {'now':>10}" + (f"  {'before':>10}   (before: {result.baseline})" if before else "")
    rows = [
        f"{name:{width}}  {format_number(name, value):>10}"
        + (f"  {format_number(name, before[name]):>10}" if name in before else "")
        for name, value in result.measures.items()
    ]
    return [head, *rows]
