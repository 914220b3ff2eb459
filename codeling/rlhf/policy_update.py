"""From judged samples to new weights: minibatches over several epochs, with the clipped objectives.

    Lessons (what each token is told) --minibatches, micro-batches--> PolicyObjective --take_step--> weights

The loss of a minibatch is divided by its number of response tokens over all processes, so that it does not matter who
computes which row. Every process holds all lessons and takes its share of the rows of each minibatch.

Shapes: N responses, R tokens of the longest one, M response tokens of a micro-batch.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from codeling.errors import Failure
from codeling.model.transformer import Transformer
from codeling.rlhf.estimators import clipped_policy_loss, clipped_value_loss, kl_k3, log_ratio
from codeling.rlhf.response_batch import Pair, ResponseBatch, micro_batches
from codeling.rlhf.scalar_model import ScalarModel
from codeling.rlhf.token_losses import linear_token_loss
from codeling.runtime.distributed import Processes, sum_across
from codeling.runtime.seeds import generator
from codeling.train.precision import Precision
from codeling.train.progress import Plan
from codeling.train.step import take_step

MAX_RATIO_ERROR = 1e-3
"""How far the first minibatch's mean |ratio - 1| may be from 0, where no weight has changed yet."""


class ActorCritic(nn.Module):
    """What one optimizer trains: the policy and, for PPO, its critic."""

    def __init__(self, policy: Transformer, critic: ScalarModel | None) -> None:
        super().__init__()
        self.policy = policy
        self.critic = critic


@dataclass(frozen=True)
class Lessons:
    """A rollout batch as the update sees it; tensors (N, R), ``mask`` bool. Values and returns: with a critic only."""

    pairs: Sequence[Pair]
    mask: Tensor
    old_logprobs: Tensor
    advantages: Tensor
    old_values: Tensor | None = None
    returns: Tensor | None = None

    def batch(self, rows: Sequence[int], device: torch.device) -> LessonBatch:
        """These rows on the device."""

        def flat(table: Tensor | None) -> Tensor | None:
            return None if table is None else table[list(rows)][mask].to(device)

        mask = self.mask[list(rows)]
        old, advantages = flat(self.old_logprobs), flat(self.advantages)
        assert old is not None and advantages is not None
        return LessonBatch(
            rows=ResponseBatch.from_pairs([self.pairs[row] for row in rows], device=device),
            old_logprobs=old,
            advantages=advantages,
            old_values=flat(self.old_values),
            returns=flat(self.returns),
            num_targets=len(old),
        )


@dataclass(frozen=True)
class LessonBatch:
    """One micro-batch; per-token tensors (M,), row after row."""

    rows: ResponseBatch
    old_logprobs: Tensor
    advantages: Tensor
    old_values: Tensor | None
    returns: Tensor | None
    num_targets: int
    """M."""


@dataclass(frozen=True)
class Clips:
    """How the objectives are bounded and weighed."""

    low: float
    high: float
    value: float
    value_coefficient: float


_SUMS: tuple[str, ...] = ("tokens", "ratio_error", "clipped", "approx_kl", "value_loss", "entropy", "entropy_tokens")


class PolicyObjective:
    """(ActorCritic, LessonBatch) -> summed loss of the response tokens; adds up its statistics on the way.

    ``train_policy`` off: the critic alone. ``with_entropy``: also measure the policy's entropy, which costs a pass.
    """

    def __init__(self, clips: Clips, *, temperature: float, device: torch.device) -> None:
        self._clips = clips
        self._temperature = temperature
        self.train_policy = True
        self.with_entropy = False
        self._sums = torch.zeros(len(_SUMS), device=device)

    def __call__(self, model: ActorCritic, batch: LessonBatch) -> Tensor:
        loss = torch.zeros((), device=self._sums.device)
        if self.train_policy:
            loss = loss + self._policy_loss(model.policy, batch)
        if model.critic is not None:
            loss = loss + self._clips.value_coefficient * self._value_loss(model.critic, batch)
        return loss

    def _policy_loss(self, policy: Transformer, batch: LessonBatch) -> Tensor:
        def token_loss(logprobs: Tensor, part: slice) -> Tensor:
            old, advantages = batch.old_logprobs[part], batch.advantages[part]
            return clipped_policy_loss(logprobs, old, advantages, clip_low=self._clips.low, clip_high=self._clips.high)

        loss, logprobs, entropy = linear_token_loss(
            batch.rows.hidden(policy),
            policy.head_weight,
            batch.rows.targets,
            token_loss,
            temperature=self._temperature,
            with_entropy=self.with_entropy,
        )
        ratio = log_ratio(logprobs, batch.old_logprobs).exp()
        outside = torch.where(batch.advantages > 0, ratio > 1 + self._clips.high, ratio < 1 - self._clips.low)
        self._add("tokens", torch.ones_like(ratio))
        self._add("ratio_error", (ratio - 1).abs())
        self._add("clipped", outside & (batch.advantages != 0))
        self._add("approx_kl", kl_k3(batch.old_logprobs, logprobs))
        if entropy is not None:
            self._add("entropy", entropy)
            self._add("entropy_tokens", torch.ones_like(entropy))
        return loss

    def _value_loss(self, critic: ScalarModel, batch: LessonBatch) -> Tensor:
        assert batch.old_values is not None and batch.returns is not None
        values = batch.rows.values(critic)
        # A critic that warms up has no policy to keep pace with, and may have far to go.
        clip = self._clips.value if self.train_policy else math.inf
        loss = clipped_value_loss(values, batch.old_values, batch.returns, clip=clip).sum()
        self._sums[_SUMS.index("value_loss")] += loss.detach()
        if not self.train_policy:
            self._add("tokens", torch.ones_like(values))
        return loss

    def _add(self, name: str, values: Tensor) -> None:
        self._sums[_SUMS.index(name)] += values.detach().sum()

    def take_sums(self) -> dict[str, float]:
        """The statistics since the last call, summed over processes."""
        sums = dict(zip(_SUMS, sum_across(self._sums).tolist(), strict=True))
        self._sums.zero_()
        return sums


@dataclass(frozen=True)
class UpdateResult:
    """What the passes over one rollout batch did; means over the tokens of all minibatches."""

    clip_fraction: float
    approx_kl: float
    """From the policy that sampled, in the last minibatch."""
    value_loss: float
    entropy: float | None
    """Of the policy that sampled, in nats per token; None if the policy was not trained."""
    ratio_error: float
    """Of the first minibatch."""
    grad_norm: float
    """The largest."""
    learning_rate: float
    steps: int
    skipped_steps: int
    """Whose loss or gradients were not finite."""
    stopped_early: bool


def update_policy(
    model: ActorCritic,
    optimizer: torch.optim.Optimizer,
    lessons: Lessons,
    *,
    objective: PolicyObjective,
    epochs: int,
    minibatches: int,
    max_approx_kl: float,
    max_tokens: int,
    plan: Plan,
    iteration: int,
    precision: Precision,
    processes: Processes,
) -> UpdateResult:
    """Train ``model`` on ``lessons``; iteration number ``iteration`` (from 0) decides the rate and the shuffling.

    Raises Failure where the first minibatch finds other probabilities than those the samples were drawn with, or
    where no step was finite.
    """
    count = len(lessons.pairs)
    totals = dict.fromkeys(_SUMS, 0.0)
    norms, rates, skipped, last_kl, first_error, stopped = [0.0], [0.0], 0, 0.0, 0.0, False
    order = [
        (epoch, generator(plan.seed, "minibatches", iteration, epoch).permutation(count)[part::minibatches].tolist())
        for epoch in range(epochs)
        for part in range(min(minibatches, count))
    ]
    steps = 0
    for epoch, rows in order:
        objective.with_entropy = epoch == 0
        mine = rows[processes.rank :: processes.world]
        lengths = [len(prompt) + len(response) for prompt, response in (lessons.pairs[row] for row in mine)]
        groups = micro_batches(lengths, max_tokens=max_tokens)
        result = take_step(
            model,
            optimizer,
            [lessons.batch([mine[i] for i in group], precision.device) for group in groups],
            objective=objective,
            plan=plan,
            precision=precision,
            step=iteration,
            rank=processes.rank,
        )
        steps += 1
        precision.update(result.finite)
        sums = objective.take_sums()
        tokens = max(1.0, sums["tokens"])
        if steps == 1:
            first_error = sums["ratio_error"] / tokens
            _require_same_policy(first_error, sums["approx_kl"] / tokens)
        if result.finite:
            totals = {name: totals[name] + sums[name] for name in totals}
            norms.append(result.grad_norm)
            rates.append(result.learning_rate)
        else:
            skipped += 1
        last_kl = sums["approx_kl"] / tokens
        if last_kl > max_approx_kl:
            stopped = (epoch, rows) != order[-1]
            break
    if steps and skipped == steps:
        raise Failure(
            f"the loss or its gradients were not finite in all {steps} steps of iteration {iteration + 1}; the last "
            "checkpoint is intact. Go on from it with --resume; if it happens again, start anew with a smaller "
            "--learning-rate, or with --dtype float32"
        )
    tokens = max(1.0, totals["tokens"])
    measured = totals["entropy_tokens"]
    return UpdateResult(
        clip_fraction=totals["clipped"] / tokens,
        approx_kl=last_kl,
        value_loss=totals["value_loss"] / tokens,
        entropy=totals["entropy"] / measured if measured else None,
        ratio_error=first_error,
        grad_norm=max(norms),
        learning_rate=rates[-1],
        steps=steps,
        skipped_steps=skipped,
        stopped_early=stopped,
    )


def _require_same_policy(ratio_error: float, approx_kl: float) -> None:
    if ratio_error <= MAX_RATIO_ERROR:
        return
    raise Failure(
        f"before any update the ratio of the policy's probabilities to those it sampled with differs from 1 by "
        f"{ratio_error:.2g} on average (approx. KL {approx_kl:.2g}); at most {MAX_RATIO_ERROR:g} is rounding. The "
        "gradient would be of another policy than the one that was sampled: a temperature, a mask or a number format "
        "differs between sampling and training. Try --dtype float32; if it stays, this is a bug worth reporting"
    )
