"""Rollouts with everything that is known about them before the update, and what is measured on a batch of them."""

from __future__ import annotations

import statistics
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from codeling.rlhf.estimators import kl_k1, kl_k3, padded
from codeling.rlhf.rollout import Rollout


@dataclass(frozen=True)
class Episode:
    """One rollout, judged. Plain values, so that processes can exchange it. One number per token in each list."""

    rollout: Rollout
    score: float
    """The weighted sum of the rewards."""
    parts: dict[str, float]
    """Each reward's own score."""
    logprobs: list[float]
    """Of the policy that drew it, as the training computes them."""
    reference: list[float] | None = None
    """Of the reference; None where it was not asked."""
    values: list[float] | None = None
    """The critic's, before each token."""


@dataclass(frozen=True)
class BatchMeasures:
    """Means over a batch of episodes."""

    reward: float
    reward_deviation: float
    parts: dict[str, float]
    kl_per_token: float | None
    """k1: of either sign for few tokens."""
    kl_k3_per_token: float | None
    kl_per_sample: float | None
    """k1, summed over a completion."""
    length: float
    """Tokens, the end included."""
    ended: float
    """Share that came to an end within the limit."""
    surprise: float
    """Mean of -log p of the drawn tokens: an estimate of the entropy that costs nothing."""
    repetition: float
    """Share of four-token pieces that are copies of earlier ones of the same completion."""


def measure(episodes: Sequence[Episode]) -> BatchMeasures:
    """What a log line says about ``episodes``, at least one."""
    scores = [episode.score for episode in episodes]
    known = [episode for episode in episodes if episode.reference is not None]
    k1 = k3 = per_sample = None
    if known:
        ours = padded([episode.logprobs for episode in known])
        theirs = padded([episode.reference or [] for episode in known])
        tokens = sum(len(episode.logprobs) for episode in known)
        k1 = float(kl_k1(ours, theirs).sum()) / tokens  # padding is 0 on both sides
        k3 = float(kl_k3(ours, theirs).sum()) / tokens
        per_sample = k1 * tokens / len(known)
    drawn = sum(len(episode.logprobs) for episode in episodes)
    return BatchMeasures(
        reward=statistics.fmean(scores),
        reward_deviation=statistics.pstdev(scores),
        parts={name: statistics.fmean(e.parts[name] for e in episodes) for name in episodes[0].parts},
        kl_per_token=k1,
        kl_k3_per_token=k3,
        kl_per_sample=per_sample,
        length=drawn / len(episodes),
        ended=statistics.fmean(episode.rollout.ended for episode in episodes),
        surprise=-sum(sum(episode.logprobs) for episode in episodes) / drawn,
        repetition=statistics.fmean(repeated_share(episode.rollout.response) for episode in episodes),
    )


def repeated_share(ids: Sequence[int], *, size: int = 4) -> float:
    """The share of pieces of ``size`` tokens that occurred before in ``ids``; 0 for a text without two pieces."""
    pieces = Counter(tuple(ids[i : i + size]) for i in range(len(ids) - size + 1))
    total = sum(pieces.values())
    return (total - len(pieces)) / total if total else 0.0
