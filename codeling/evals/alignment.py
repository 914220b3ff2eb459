"""Did alignment work? Samples of the aligned model and of its start, on the same prompts, to measures and a verdict.

    samples of both policies --> measures (reward, KL, win rate, pass@k, length, entropy) --> gates a to e

What sampled and judged them is the caller's business: everything here is arithmetic on arrays, so that the negative
controls (a random reward, a reward for length) run through exactly the same code.

Shapes: ``P`` prompts, ``K`` samples of each. A judge's score is the share of ITS tests that a sample passes; the tests
that rewards are made of are others. Intervals are of the mean over prompts (samples of one prompt are not independent):
mean +- 1.96 standard errors. pass@k: codeling.evals.solving.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from codeling.evals.gates import Gate
from codeling.evals.solving import pass_at_k

CONFIDENCE = 1.96
"""Standard errors of a 95 % interval."""


@dataclass(frozen=True)
class PolicySamples:
    """Samples of one policy, each array of shape (P, K); numbers per token are means over the sample's tokens."""

    reward: np.ndarray
    """The reward that training maximised."""
    judged: np.ndarray
    """The held-out judge's score, in [0, 1]."""
    length: np.ndarray
    """Tokens, the end token included."""
    ended: np.ndarray
    """Did it end by itself? bool."""
    log_ratio: np.ndarray
    """Sum over the sample's tokens of log policy - log reference, in nats; 0 for the reference itself."""
    surprise: np.ndarray
    """Sum over its tokens of -log policy, in nats: its mean estimates the policy's entropy."""

    def __post_init__(self) -> None:
        shapes = {array.shape for array in vars(self).values()}
        assert len(shapes) == 1 and len(next(iter(shapes))) == 2, shapes

    @property
    def tokens(self) -> float:
        return float(self.length.sum())

    def of(self, chosen: np.ndarray) -> PolicySamples:
        """The samples of some prompts; ``chosen``: (P,), bool."""
        return PolicySamples(**{name: array[chosen] for name, array in vars(self).items()})


@dataclass(frozen=True)
class Interval:
    """An estimate with its 95 % interval."""

    value: float
    low: float
    high: float


def win_rate(policy: np.ndarray, reference: np.ndarray) -> Interval:
    """How often a sample of the policy is judged better than one of the reference; a tie counts half.

    Both (P, K), of the same prompts. Every sample is compared with every one of the other policy, prompt by prompt
    (the Mann-Whitney statistic), and the interval is that of the mean over prompts, kept within [0, 1].
    """
    difference = policy[:, :, None] - reference[:, None, :]  # (P, K, K)
    won = mean_over_prompts(((difference > 0) + 0.5 * (difference == 0)).mean(axis=(1, 2)))
    return Interval(won.value, max(0.0, won.low), min(1.0, won.high))


def mean_over_prompts(values: np.ndarray) -> Interval:
    """The mean of (P,) values; one prompt alone says nothing about others, so its interval is everything."""
    count = len(values)
    error = math.inf if count < 2 else CONFIDENCE * float(values.std(ddof=1)) / math.sqrt(count)
    mean = float(values.mean())
    return Interval(mean, mean - error, mean + error)


def alignment_measures(policy: PolicySamples, reference: PolicySamples, *, beta: float) -> dict[str, float]:
    """Everything that the gate looks at, by name. ``beta``: weight of the KL divergence in the objective.

    reward_gain is in standard deviations of the reference's rewards. What the judge says: `judged_measures`.
    """
    assert policy.reward.shape[0] == reference.reward.shape[0], "both policies answer the same prompts"
    spread = float(reference.reward.std())
    gain = float(policy.reward.mean() - reference.reward.mean())
    divergence = float(policy.log_ratio.mean())  # of a whole sample
    return {
        **judged_measures(policy, reference),
        "reward": float(policy.reward.mean()),
        "reward_gain": gain / spread if spread > 0 else math.copysign(math.inf, gain) if gain else 0.0,
        "penalized_gain": gain - beta * divergence,
        "kl_per_token": float(policy.log_ratio.sum() / policy.tokens),
        "length": float(policy.length.mean()),
        "ended_share": float(policy.ended.mean()),
        "entropy": float(policy.surprise.sum() / policy.tokens),
    }


def judged_measures(policy: PolicySamples, reference: PolicySamples) -> dict[str, float]:
    """What the judge says: wins, and what is solved.

    pass@k counts samples whose judge score is 1; its gain_high is the upper end of the interval of what was gained.
    """
    won = win_rate(policy.judged, reference.judged)
    measures = {"win_rate_share": won.value, "win_rate_low_share": won.low, "win_rate_high_share": won.high}
    for k in (1, 8):
        if k <= min(policy.judged.shape[1], reference.judged.shape[1]):
            after, start = _solved(policy, k), _solved(reference, k)
            measures[f"pass_at_{k}_share"] = float(after.mean())
            measures[f"pass_at_{k}_gain_high_share"] = mean_over_prompts(after - start).high
    return measures


def reference_measures(reference: PolicySamples) -> dict[str, float]:
    """The same of the start alone, as far as it means anything there."""
    own = alignment_measures(reference, reference, beta=0.0)
    relative = ("win_rate", "reward_gain", "penalized_gain", "kl_per_token")
    return {name: value for name, value in own.items() if not name.startswith(relative) and "_gain_" not in name}


def _solved(samples: PolicySamples, k: int) -> np.ndarray:
    """(P,): the chance that one of ``k`` samples passes all of the judge's tests."""
    count = samples.judged.shape[1]
    solved = (samples.judged >= 1.0).sum(axis=1)
    return np.array([pass_at_k(count, int(right), k) for right in solved])


@dataclass(frozen=True)
class AlignmentLimits:
    """What the gate demands of an aligned model."""

    min_reward_gain: float = 1.0
    min_penalized_gain: float = 0.0
    """The gain in reward less its price in KL divergence must lie above it."""
    max_kl_per_token: float = 0.1
    min_win_rate: float = 0.5
    """The lower end of the win rate's interval must lie above it."""
    max_length_change: float = 0.25
    max_ended_loss: float = 0.01
    min_entropy_share: float = 0.5
    max_forgetting: float = 0.02
    """Relative rise of the bits per byte of held-out code."""


def alignment_gates(
    measures: Mapping[str, float], before: Mapping[str, float], limits: AlignmentLimits | None = None
) -> list[Gate]:
    """Every demand with its verdict. Measures that were not taken have no gate; NaN never passes."""
    limits = limits or AlignmentLimits()
    gates = [
        _at_least("reward_gain", measures["reward_gain"], limits.min_reward_gain),
        _above("penalized_gain", measures["penalized_gain"], limits.min_penalized_gain),
        _at_most("kl_per_token", measures["kl_per_token"], limits.max_kl_per_token),
        _above("win_rate_low_share", measures["win_rate_low_share"], limits.min_win_rate),
    ]
    # Not lower beyond chance: two equal policies differ by their samples' noise, half of the time downwards.
    for name in ("pass_at_1_gain_high_share", "pass_at_8_gain_high_share"):
        if name in measures:
            gates.append(_at_least(name, measures[name], 0.0))
    change = abs(measures["length"] / before["length"] - 1)
    gates += [
        _at_most("length_change_share", change, limits.max_length_change),
        _at_least("ended_share", measures["ended_share"], before["ended_share"] - limits.max_ended_loss),
        _at_least("entropy", measures["entropy"], before["entropy"] * limits.min_entropy_share),
    ]
    if "bits_per_byte" in measures and "bits_per_byte" in before:
        gates.append(
            _at_most("bits_per_byte", measures["bits_per_byte"], before["bits_per_byte"] * (1 + limits.max_forgetting))
        )
    return gates


def _above(name: str, value: float, limit: float) -> Gate:
    return Gate(name, value, limit, "above", value > limit)


def _at_least(name: str, value: float, limit: float) -> Gate:
    return Gate(name, value, limit, "at least", value >= limit)


def _at_most(name: str, value: float, limit: float) -> Gate:
    return Gate(name, value, limit, "at most", value <= limit)
