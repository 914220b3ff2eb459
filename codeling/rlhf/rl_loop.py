"""The loop of learning from rewards: ask, write, judge, learn; measure and save now and then.

    queries --policy--> rollouts --reward, networks--> episodes --gathered--> learner --> weights

Every process draws its share of a batch, and then all of them know all of it; so whatever is computed from it (means,
advantages, the KL controller, the minibatches) is the same everywhere, and only gradients are summed. A rollout batch
is a function of the weights, the seed and the iteration: a run that is killed in the middle of one draws it again.
"""

from __future__ import annotations

import dataclasses
import signal
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from codeling.rlhf.episodes import BatchMeasures, Episode, measure
from codeling.rlhf.learners import Learner, Lesson
from codeling.rlhf.monitors import Finding, HeldOut, Monitors
from codeling.rlhf.query_order import QueryOrder
from codeling.rlhf.rewards import Reward, WeightedReward
from codeling.rlhf.rollout import Query, RolloutEngine
from codeling.runtime.distributed import Processes, gathered, maximum_across
from codeling.runtime.metrics import MetricsLog
from codeling.runtime.signals import Interrupted, StopRequest
from codeling.train.progress import Plan
from codeling.train.reporting import duration


@dataclass
class RlProgress:
    """The loop's own state; with the weights, the optimizer and the learner's it is all that a resumed run needs."""

    iteration: int = 0
    """Rollout batches learned from."""
    samples: int = 0
    seconds: float = 0.0
    best_objective: float | None = None
    """Of the best checkpoint, on held-out prompts."""
    first_objective: float | None = None
    """Before the first update."""
    reward: float | None = None
    """Mean of the last rollout batch."""
    held_out_reward: float | None = None
    judge: float | None = None
    ended_early: str | None = None
    """The diagnosis that ended the run."""

    def state_dict(self) -> dict[str, Any]:
        """Plain values for a checkpoint."""
        return dataclasses.asdict(self)

    @staticmethod
    def from_state(state: dict[str, Any]) -> RlProgress:
        """Inverse of ``state_dict``."""
        return RlProgress(**state)


@dataclass(frozen=True)
class Collection:
    """A rollout batch of all processes and what it took this one, in seconds."""

    episodes: list[Episode]
    rollout_seconds: float
    reward_seconds: float
    judge_seconds: float


class Collector:
    """Draws and judges batches; ``judge``, where there is one, sees held-out prompts only."""

    def __init__(
        self,
        engine: RolloutEngine,
        reward: WeightedReward,
        learner: Learner,
        *,
        processes: Processes,
        judge: Reward | None = None,
    ) -> None:
        self._engine = engine
        self._reward = reward
        self._learner = learner
        self._processes = processes
        self._judge = judge

    def collect(self, requests: Sequence[tuple[Query, int]], *, purpose: tuple[object, ...]) -> Collection:
        """Episodes for ``requests``, in their order; random numbers are those of ``purpose``."""
        processes = self._processes
        begun = time.perf_counter()
        mine = requests[processes.rank :: processes.world]
        rollouts = self._engine.sample(mine, purpose=purpose, finished=self._reward.offer) if mine else []
        written = time.perf_counter()
        scores, parts = self._reward.collect(rollouts)
        scored = time.perf_counter()
        shares = gathered(self._learner.judge(rollouts, scores, parts))
        episodes = [shares[i % processes.world][i // processes.world] for i in range(len(requests))]
        return Collection(episodes, written - begun, scored - written, time.perf_counter() - scored)

    def measure(self, queries: Sequence[Query], *, seed: int, beta: float) -> HeldOut:
        """The policy on held-out prompts; always the same random numbers, so that measurements can be compared."""
        collection = self.collect([(query, 0) for query in queries], purpose=(seed, "held out"))
        measures = measure(collection.episodes)
        judge = None
        if self._judge is not None:
            mine = [e.rollout for e in collection.episodes[self._processes.rank :: self._processes.world]]
            judge = sum(sum(share) for share in gathered(self._judge(mine))) / len(queries)
        return HeldOut(measures, measures.reward - beta * (measures.kl_per_sample or 0.0), judge)


def rl_loop(
    learner: Learner,
    collector: Collector,
    *,
    order: QueryOrder,
    held_out: Sequence[Query],
    plan: Plan,
    progress: RlProgress,
    monitors: Monitors,
    processes: Processes,
    metrics: MetricsLog,
    stop: StopRequest,
    show: Callable[[Sequence[Episode]], None],
    save: Callable[..., None],
) -> None:
    """Learn from ``progress.iteration`` to the end of ``plan``, whose steps are iterations.

    ``show`` prints a few episodes; ``save(best=bool)`` writes checkpoints. Raises Interrupted on SIGINT or SIGTERM,
    after saving, and Failure where learning cannot go on; a monitor's end is ``progress.ended_early``.
    """
    device = learner.networks.precision.device
    first_beta = learner.config.first_beta
    if progress.iteration == 0 and held_out:
        before = collector.measure(held_out, seed=plan.seed, beta=first_beta)
        monitors.after_measurement(before)
        progress.first_objective = before.objective
        metrics.say(f"before: {held_out_line(before)}")
    while progress.iteration < plan.total_steps:
        begun = time.perf_counter()
        collection = collector.collect(
            order.batch(progress.iteration), purpose=(plan.seed, "rollout", progress.iteration)
        )
        judged = time.perf_counter()
        lesson = learner.learn(collection.episodes, iteration=progress.iteration)
        learned = time.perf_counter()
        progress.iteration += 1
        progress.samples += len(collection.episodes)
        measures = measure(collection.episodes)
        progress.reward = measures.reward
        findings = monitors.after_iteration(measures, lesson.extra)
        ended = any(finding.action == "stop" for finding in findings)

        after = None
        if held_out and (plan.evaluates(progress.iteration) or ended):
            after = collector.measure(held_out, seed=plan.seed, beta=first_beta)
            findings += monitors.after_measurement(after)
            progress.held_out_reward, progress.judge = after.measures.reward, after.judge
        improved = _count_measurement(progress, after)
        progress.seconds += time.perf_counter() - begun
        record = iteration_record(progress, measures, lesson, collection, update_seconds=learned - judged)
        metrics.record(record | held_out_record(after))
        metrics.progress(progress_line(plan, progress, measures, lesson), important=after is not None)
        if after is not None:
            show(collection.episodes)
            metrics.say(f"iteration {progress.iteration}: {held_out_line(after)}")
        progress.ended_early = _say(findings, metrics)
        signal_number = maximum_across(stop.signal_number, device)
        last = progress.iteration == plan.total_steps or progress.ended_early is not None
        if improved or signal_number or last or plan.saves(progress.iteration):
            save(best=improved or (last and not held_out))
        if signal_number and not last:
            state = (
                f"stopped by {signal.Signals(signal_number).name} after iteration {progress.iteration} of "
                f"{plan.total_steps}"
            )
            raise Interrupted(signal_number, state)
        if progress.ended_early is not None:
            return


def _say(findings: Sequence[Finding], metrics: MetricsLog) -> str | None:
    """Print the findings; the text of the one that ends the run, if there is one."""
    for finding in findings:
        verb = "stopped" if finding.action == "stop" else "warning"
        metrics.say(f"{verb} ({finding.kind}): {finding.text}")
    return next((finding.text for finding in findings if finding.action == "stop"), None)


def _count_measurement(progress: RlProgress, after: HeldOut | None) -> bool:
    """Whether the weights are the best so far; without held-out prompts, the last ones count as that."""
    if after is None:
        return False
    if progress.best_objective is not None and after.objective <= progress.best_objective:
        return False
    progress.best_objective = after.objective
    return True


def iteration_record(
    progress: RlProgress,
    measures: BatchMeasures,
    lesson: Lesson,
    collection: Collection,
    *,
    update_seconds: float,
) -> dict[str, Any]:
    """One line of ``NAME.metrics.jsonl``; ``step`` is the iteration, KL and entropy are in nats per token."""
    update = lesson.update
    seconds = collection.rollout_seconds + collection.reward_seconds + collection.judge_seconds + update_seconds
    record: dict[str, Any] = {
        "step": progress.iteration,
        "samples": progress.samples,
        "reward": measures.reward,
        "reward_deviation": measures.reward_deviation,
        **{f"reward_{name}": value for name, value in measures.parts.items()},
        "kl": measures.kl_per_token,
        "kl_k3": measures.kl_k3_per_token,
        "kl_per_sample": measures.kl_per_sample,
        "entropy": update.entropy if update else None,
        "surprise": measures.surprise,
        "length": measures.length,
        "ended": measures.ended,
        "repetition": measures.repetition,
        **lesson.extra,
    }
    if measures.kl_per_sample is not None:
        record["reward_less_kl"] = measures.reward - lesson.extra["beta"] * measures.kl_per_sample
    if update is not None:
        record |= {
            name: getattr(update, name)
            for name in ("clip_fraction", "approx_kl", "value_loss", "ratio_error", "grad_norm", "learning_rate")
        }
        record |= {"update_steps": update.steps, "skipped": update.skipped_steps, "cut_short": update.stopped_early}
    return record | {
        "samples_per_second": round(len(collection.episodes) / seconds, 2) if seconds else 0.0,
        "rollout_seconds": round(collection.rollout_seconds, 3),
        "reward_seconds": round(collection.reward_seconds, 3),
        "judge_seconds": round(collection.judge_seconds, 3),
        "update_seconds": round(update_seconds, 3),
        "seconds": round(progress.seconds, 3),
    }


def held_out_record(after: HeldOut | None) -> dict[str, Any]:
    """The measurement on held-out prompts, as further keys of the record."""
    if after is None:
        return {}
    return {
        "val_reward": after.measures.reward,
        "val_objective": after.objective,
        "val_judge": after.judge,
        "val_kl": after.measures.kl_per_token,
        "val_length": after.measures.length,
        "val_ended": after.measures.ended,
    }


def held_out_line(found: HeldOut) -> str:
    """E.g. ``held-out reward 0.42 (0.40 less KL), judge 0.38, KL 0.031/token, 48 tokens, 97 % end``."""
    measures = found.measures
    parts = [f"held-out reward {measures.reward:.3f} ({found.objective:.3f} less KL)"]
    if found.judge is not None:
        parts.append(f"judge {found.judge:.3f}")
    if measures.kl_per_token is not None:
        parts.append(f"KL {measures.kl_per_token:.3f}/token")
    parts.append(f"{measures.length:.0f} tokens, {100 * measures.ended:.0f} % end")
    return ", ".join(parts)


def progress_line(plan: Plan, progress: RlProgress, measures: BatchMeasures, lesson: Lesson) -> str:
    """E.g. ``iteration 12/40  reward 0.412  KL 0.021  entropy 1.32  47 tokens  98 % end  8.1 samples/s  3 min left``.

    The entropy is the free estimate; the record has the exact one.
    """
    parts = [f"iteration {progress.iteration}/{plan.total_steps}", f"reward {measures.reward:.3f}"]
    if measures.kl_per_token is not None:
        parts.append(f"KL {measures.kl_per_token:.3f}")
    parts += [f"entropy {measures.surprise:.2f}", f"{measures.length:.0f} tokens", f"{100 * measures.ended:.0f} % end"]
    if "zero_variance_groups" in lesson.extra:
        parts.append(f"{100 * lesson.extra['zero_variance_groups']:.0f} % groups equal")
    if lesson.extra.get("critic_only"):
        parts.append("critic only")
    each = progress.seconds / max(1, progress.iteration)
    parts.append(f"{progress.samples / max(1e-9, progress.seconds):.1f} samples/s")
    parts.append(f"{duration((plan.total_steps - progress.iteration) * each)} left")
    return "  ".join(parts)
