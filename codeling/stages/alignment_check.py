"""Is the aligned model better than what it began as? Asked with other tasks, and judged by other tests.

    tasks --both models, the same seeds--> samples --reward, judge's tests, log-probabilities--> PolicySamples
          --> measures and gates (codeling.evals.alignment), samples side by side

Training is rewarded by a task's tests (or by a model of them); the judge runs its ``judge_tests``, which nothing was
ever rewarded for. Generated tasks have names and numbers that no training used; as many again come from families that
training does not have, and are measured without a gate. So is what the judge says of each language (``python_``,
``bash_``).
"""

from __future__ import annotations

import contextlib
import dataclasses
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from codeling.checkpoint import LoadedModel, load_model, read_info
from codeling.config import require_numbers
from codeling.data.shards import Shard
from codeling.errors import Failure, UsageError
from codeling.evals.alignment import (
    AlignmentLimits,
    PolicySamples,
    alignment_gates,
    alignment_measures,
    judged_measures,
    reference_measures,
)
from codeling.evals.loss import bits_per_byte
from codeling.evals.report import Sample
from codeling.evals.verify import Verification, describe
from codeling.model.transformer import Transformer
from codeling.rlhf.align_parts import build_reward
from codeling.rlhf.prompts import decode_response, encode_prompt, end_id
from codeling.rlhf.queries import QuerySet
from codeling.rlhf.response_batch import all_logprobs
from codeling.rlhf.rewards import WeightedReward
from codeling.rlhf.rlhf_config import RlhfConfig, saved_rlhf_config
from codeling.rlhf.rollout import Query, Rollout, RolloutEngine
from codeling.runtime.device import compute_dtype, prepare_device, resolve_device
from codeling.runtime.files import write_json
from codeling.runtime.paths import Workspace
from codeling.runtime.seeds import stable_hash
from codeling.stages.alignment_config import AlignmentEvalConfig
from codeling.tasks.generate import generate_tasks
from codeling.tasks.grading import Grader
from codeling.tasks.mbpp import mbpp_tasks
from codeling.tasks.task import Task
from codeling.train.precision import Precision

UNSEEN = "unseen_"
"""Prefix of what was measured on families that training does not have."""


def check_command(config: AlignmentEvalConfig) -> None:
    """``codeling eval alignment``: print samples, measures and gates; a missed gate is a Failure (exit status 1)."""
    result = check_alignment(config)
    print(describe(result))
    if not result.passed:
        missed = "; ".join(str(gate) for gate in result.gates if not gate.passed)
        raise Failure(
            f"{result.checkpoint} is not better than {result.baseline} as it should be: {missed}. Align it for longer "
            "or otherwise (codeling align --help), or set other thresholds (codeling eval alignment --help)"
        )


def check_alignment(config: AlignmentEvalConfig) -> Verification:
    """Sample, judge and compare; writes the result as JSON and returns it, also when gates were missed."""
    start = time.monotonic()
    check_numbers(config)
    workspace = Workspace(config.workdir)
    path = workspace.find(config.checkpoint, workspace.models, remedy="python scripts/train_rlhf.py")
    trained = _as_trained(config, path)
    baseline = workspace.find(trained.policy_model, workspace.models, remedy="python scripts/train.py --stage tools")
    device = resolve_device(config.device)
    prepare_device(device)
    aligned, begun = load_model(path, device=device), load_model(baseline, device=device)
    if aligned.tokenizer.content_hash != begun.tokenizer.content_hash:
        raise UsageError(f"--baseline {baseline}: has another tokenizer than {path}, so the two cannot be compared")

    precision = Precision(device, compute_dtype(device, trained.dtype))
    measures: dict[str, float] = {}
    before: dict[str, float] = {}
    samples: list[Sample] = []
    with contextlib.ExitStack() as stack:
        judge = stack.enter_context(Grader(config.workers))
        for prefix, tasks in _tasks(config, trained.num_families).items():
            queries = [_query(task, begun) for task in tasks]
            check = _Check(config, trained, workspace, begun, queries, precision=precision, judge=judge, stack=stack)
            after = check.samples_of(aligned.model, reference=begun.model)
            first = check.samples_of(begun.model, reference=begun.model)
            measures |= _prefixed(prefix, alignment_measures(after.arrays, first.arrays, beta=trained.first_beta))
            before |= _prefixed(prefix, reference_measures(first.arrays))
            if not prefix:
                samples = _side_by_side(after, first, count=config.show)
                for language, chosen in check.languages.items():
                    part, start_part = after.arrays.of(chosen), first.arrays.of(chosen)
                    found = judged_measures(part, start_part)
                    measures |= _prefixed(f"{language}_", found)
                    own = {name: value for name, value in reference_measures(start_part).items() if name in found}
                    before |= _prefixed(f"{language}_", own)
    measures |= _forgetting(config, workspace, aligned)
    before |= _forgetting(config, workspace, begun)
    result = Verification(
        stage="rlhf",
        checkpoint=str(path),
        baseline=str(baseline),
        measures=measures,
        before=before,
        gates=alignment_gates(measures, before, _limits(config)),
        samples=samples,
        seconds=time.monotonic() - start,
    )
    write_json(config.output or workspace.logs / "verify_rlhf.json", result.to_json())
    return result


def check_numbers(config: AlignmentEvalConfig) -> None:
    """UsageError for the first value that no check can mean; reads nothing."""
    require_numbers(config, "max_new_tokens", "slots", "workers", at_least=1)
    require_numbers(config, "prompts", "samples", "eval_tokens", at_least=2)
    require_numbers(config, "temperature", "max_kl_per_token", above=0)
    require_numbers(config, "beta", "show", "max_length_change", "max_ended_loss", "max_forgetting", at_least=0)
    require_numbers(config, "min_entropy_share", "min_reward_gain", "min_penalized_gain", "min_win_rate")
    if config.source != "tasks" and not config.source.startswith("mbpp:"):
        raise UsageError(f"--source {config.source}: not known; it is tasks, or mbpp:FILE")


def _as_trained(config: AlignmentEvalConfig, path: Path) -> RlhfConfig:
    """What the checkpoint was trained for, with what was asked for instead."""
    trained = saved_rlhf_config(path, read_info(path))
    asked = {
        "policy_model": config.baseline,
        "reward": config.reward,
        "reward_model": config.reward_model,
        "max_new_tokens": config.max_new_tokens,
        "temperature": config.temperature,
        "beta": config.beta,
    }
    changes = {name: value for name, value in asked.items() if value is not None}
    return dataclasses.replace(trained, **changes, workdir=config.workdir, workers=config.workers)


def _tasks(config: AlignmentEvalConfig, num_families: int | None) -> dict[str, list[Task]]:
    """By prefix of the measures."""
    if config.source.startswith("mbpp:"):
        path = Path(config.source.removeprefix("mbpp:"))
        tasks = sorted(mbpp_tasks(path), key=lambda task: stable_hash(config.seed, "alignment", task.id))
        return {"": tasks[: config.prompts]}
    # The seed is not training's: its held-out prompts choose the best checkpoint there.
    seed = stable_hash(config.seed, "alignment check")
    return {
        "": list(generate_tasks("test_seen", seed=seed, limit=config.prompts, num_families=num_families)),
        UNSEEN: list(generate_tasks("test", seed=seed, limit=config.prompts)),
    }


def _query(task: Task, loaded: LoadedModel) -> Query:
    ids = encode_prompt(loaded.tokenizer, task.prompt)
    return Query(task.id, task.prompt, tuple(ids), frozenset([end_id(loaded.tokenizer, task.prompt)]), task)


def _prefixed(prefix: str, measures: dict[str, float]) -> dict[str, float]:
    return {prefix + name: value for name, value in measures.items()}


@dataclass(frozen=True)
class _Judged:
    rollouts: Sequence[Rollout]
    arrays: PolicySamples


class _Check:
    """Everything that two policies are measured with, on the same queries."""

    def __init__(
        self,
        config: AlignmentEvalConfig,
        trained: RlhfConfig,
        workspace: Workspace,
        begun: LoadedModel,
        queries: list[Query],
        *,
        precision: Precision,
        judge: Grader,
        stack: contextlib.ExitStack,
    ) -> None:
        room = begun.model.config.max_sequence_length - trained.max_new_tokens
        self._config, self._trained, self._precision, self._judge = config, trained, precision, judge
        self._decode = begun.tokenizer
        self._queries = [query for query in queries if len(query.ids) <= room]
        if len(self._queries) < 2:
            raise UsageError(
                f"--source {config.source}: {len(self._queries)} tasks of at most {room} tokens; at least 2 are needed"
            )
        parts, _ = build_reward(
            trained, workspace, begun, precision=precision, queries=QuerySet([], self._queries), stack=stack
        )
        self._reward = stack.enter_context(WeightedReward(parts))

    @property
    def languages(self) -> dict[str, np.ndarray]:
        """Which queries, (P,) bool, are of each language; nothing where all are of one."""
        of = np.array([task.language for query in self._queries if (task := query.task) is not None])
        names = np.unique(of)
        return {str(name): of == name for name in names} if len(names) > 1 else {}

    def samples_of(self, policy: Transformer, *, reference: Transformer) -> _Judged:
        """Draw and judge the samples of one policy; the seeds are the same for every policy."""
        engine = RolloutEngine(
            policy,
            decode=lambda ids: decode_response(self._decode, ids),
            precision=self._precision,
            max_new_tokens=self._trained.max_new_tokens,
            temperature=self._trained.temperature,
            slots=self._config.slots,
        )
        requests = [(query, sample) for query in self._queries for sample in range(self._config.samples)]
        rollouts = engine.sample(requests, purpose=(self._config.seed, "alignment check"), finished=self._reward.offer)
        scores, _ = self._reward.collect(rollouts)
        grades = self._judge.grade([(_task_of(rollout), rollout.text) for rollout in rollouts], judge=True)
        own, theirs = self._logprobs(policy, rollouts), self._logprobs(reference, rollouts)
        columns: dict[str, Any] = {
            "reward": scores,
            "judged": [grade.fraction for grade in grades],
            "length": [len(rollout.response) for rollout in rollouts],
            "ended": [rollout.ended for rollout in rollouts],
            "log_ratio": own - theirs,
            "surprise": -own,
        }
        shape = (len(self._queries), self._config.samples)
        return _Judged(rollouts, PolicySamples(**{name: np.reshape(values, shape) for name, values in columns.items()}))

    def _logprobs(self, model: Transformer, rollouts: Sequence[Rollout]) -> np.ndarray:
        """Sum over each rollout's tokens."""
        with self._precision.autocast():
            found, _ = all_logprobs(
                model,
                [rollout.pair for rollout in rollouts],
                temperature=self._trained.temperature,
                max_tokens=self._trained.micro_batch_tokens,
            )
        return np.array([sum(row) for row in found])


def _task_of(rollout: Rollout) -> Task:
    assert rollout.query.task is not None
    return rollout.query.task


def _side_by_side(after: _Judged, first: _Judged, *, count: int) -> list[Sample]:
    """The first sample of some tasks before and after, those first where the judge saw the largest change."""
    change = np.abs(after.arrays.judged.mean(axis=1) - first.arrays.judged.mean(axis=1))
    each = after.arrays.judged.shape[1]
    shown = []
    for place in np.argsort(-change, kind="stable")[:count]:
        for name, judged in (("before", first), ("aligned", after)):
            rollout = judged.rollouts[int(place) * each]
            task = _task_of(rollout)
            verdicts = {"judge's tests": float(judged.arrays.judged[place, 0])}
            shown.append(Sample(task.prompt, rollout.text, f"{task.language}, {name}", verdicts=verdicts))
    return shown


def _forgetting(config: AlignmentEvalConfig, workspace: Workspace, loaded: LoadedModel) -> dict[str, float]:
    """Bits per byte of held-out code, where there is a shard that fits."""
    path = workspace.processed / config.val_file
    if not path.exists():
        return {}
    shard = Shard.open(path)
    if shard.manifest.tokenizer_hash != loaded.tokenizer.content_hash:
        return {}
    found = bits_per_byte(loaded.model, shard, tokenizer=loaded.tokenizer, max_tokens=config.eval_tokens)
    return {"bits_per_byte": found["bits_per_byte"]}


def _limits(config: AlignmentEvalConfig) -> AlignmentLimits:
    names = [field.name for field in dataclasses.fields(AlignmentLimits)]
    asked = {name: getattr(config, name) for name in names if getattr(config, name) is not None}
    return dataclasses.replace(AlignmentLimits(), **asked)
