"""The arithmetic of learning from rewards: pure functions of tensors, without models, files or processes.

Sources: generalised advantages, Schulman et al. 2015 (https://arxiv.org/abs/1506.02438); the clipped losses, Schulman
et al. 2017 (https://arxiv.org/abs/1707.06347), with its two sides apart as in DAPO (https://arxiv.org/abs/2503.14476);
KL estimators, http://joschu.net/blog/kl-approx.html; per-token rewards, whitening and the adaptive controller, Ziegler
et al. 2019 (https://arxiv.org/abs/1909.08593) as "The N Implementation Details of RLHF with PPO" describes them; group
advantages without division, Dr. GRPO (https://arxiv.org/abs/2503.20783).

Shapes: N responses, R tokens of the longest one. Everything of shape (N, R) is aligned at the first response token;
``mask`` (N, R) is True at a response's tokens, its end included, and False in the padding after them. What stands in
the padding never matters.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import torch
from torch import Tensor

MAX_LOG_RATIO = 20.0
"""Log-ratios are clamped to +- this, so that no exponential overflows."""


def masked_mean(values: Tensor, mask: Tensor) -> Tensor:
    """Mean of ``values`` where ``mask``; () and 0 where there is nothing."""
    return torch.where(mask, values, 0.0).sum() / mask.sum().clamp_min(1)


def whiten(values: Tensor, mask: Tensor) -> Tensor:
    """``values`` with mean 0 and standard deviation 1 over ``mask``; 0 elsewhere."""
    mean = masked_mean(values, mask)
    variance = masked_mean((values - mean).square(), mask)
    return torch.where(mask, (values - mean) * torch.rsqrt(variance + 1e-8), 0.0)


def log_ratio(new: Tensor, old: Tensor) -> Tensor:
    """log (p_new / p_old) of log-probabilities of one shape, clamped to +-20."""
    return (new - old).clamp(-MAX_LOG_RATIO, MAX_LOG_RATIO)


def kl_k1(logprobs: Tensor, reference: Tensor) -> Tensor:
    """log (p / p_ref) of tokens drawn from p: unbiased for KL(p || p_ref), of either sign."""
    return log_ratio(logprobs, reference)


def kl_k3(logprobs: Tensor, reference: Tensor) -> Tensor:
    """p_ref / p - 1 - log (p_ref / p) of tokens drawn from p: unbiased for KL(p || p_ref), never negative."""
    inverse = log_ratio(reference, logprobs)
    return torch.expm1(inverse) - inverse


def token_rewards(scores: Tensor, kl: Tensor, mask: Tensor, *, beta: float) -> Tensor:
    """Rewards (N, R): ``-beta * kl`` at every token, and the response's score (N,) at its last one; 0 in the padding.

    A response without tokens keeps its score to itself.
    """
    rewards = torch.where(mask, -beta * kl, 0.0)
    lengths = mask.sum(1)
    rows = torch.nonzero(lengths).squeeze(1)
    rewards[rows, lengths[rows] - 1] += scores[rows]
    return rewards


def scale_rewards(rewards: Tensor) -> Tensor:
    """Rewards (N, R), 0 in the padding, divided by the standard deviation of their sums over each response.

    The mean is not shifted, so what is good stays good. Sums and not single rewards, because the score stands at one
    token of many: divided by the deviation of single rewards, returns would grow with the length, out of the reach of
    a critic that may move by a fixed step.
    """
    return rewards * torch.rsqrt(rewards.sum(1).var(correction=0) + 1e-8)


def generalized_advantages(
    rewards: Tensor, values: Tensor, mask: Tensor, *, discount: float = 1.0, smoothing: float = 0.95
) -> tuple[Tensor, Tensor]:
    """Advantages and returns, both (N, R), from rewards and the critic's values before each token.

    ``discount`` is gamma and ``smoothing`` lambda. Nothing follows a response's last token, finished or not. The
    return is advantage plus value: what the critic is to say.
    """
    advantages = torch.zeros_like(rewards)
    following = torch.zeros_like(rewards[:, 0])
    next_values = torch.zeros_like(following)
    for t in reversed(range(rewards.shape[1])):
        here = mask[:, t]
        surprise = rewards[:, t] + discount * next_values - values[:, t]
        following = torch.where(here, surprise + discount * smoothing * following, 0.0)
        next_values = torch.where(here, values[:, t], 0.0)
        advantages[:, t] = following
    return advantages, torch.where(mask, advantages + values, 0.0)


def group_advantages(scores: Tensor, counts: Tensor, *, group_size: int) -> tuple[Tensor, Tensor]:
    """What a score is above the mean of its group, (N,), and which groups say something, (N / group_size,) bool.

    Samples of one query are neighbours. Those that do not count (``counts`` (N,) bool: truncated ones, say) are as if
    they had not been drawn: advantage 0, and no part of the mean. A group whose scores are all equal teaches nothing.
    Not divided by the group's standard deviation, which would make the easiest and the hardest queries weigh most.
    """
    scores, counts = scores.view(-1, group_size), counts.view(-1, group_size)
    means = torch.where(counts, scores, 0.0).sum(1, keepdim=True) / counts.sum(1, keepdim=True).clamp_min(1)
    highest = torch.where(counts, scores, -math.inf).amax(1)
    lowest = torch.where(counts, scores, math.inf).amin(1)
    informative = highest > lowest
    advantages = torch.where(counts & informative[:, None], scores - means, 0.0)
    return advantages.reshape(-1), informative


def clipped_policy_loss(
    logprobs: Tensor, old: Tensor, advantages: Tensor, *, clip_low: float, clip_high: float
) -> Tensor:
    """PPO's loss of each token, any shape: -min(ratio A, clip(ratio, 1 - clip_low, 1 + clip_high) A)."""
    ratio = log_ratio(logprobs, old).exp()
    return -torch.minimum(ratio * advantages, ratio.clamp(1.0 - clip_low, 1.0 + clip_high) * advantages)


def clipped_value_loss(values: Tensor, old: Tensor, returns: Tensor, *, clip: float) -> Tensor:
    """The critic's loss of each token, any shape: half the larger squared error, of the value or of the value held
    to within ``clip`` of the old one."""
    held = old + (values - old).clamp(-clip, clip)
    return 0.5 * torch.maximum((values - returns).square(), (held - returns).square())


def explained_variance(values: Tensor, returns: Tensor, mask: Tensor) -> Tensor:
    """The share of the returns' variance that the values explain: 1 is perfect, 0 as good as a constant."""
    spread = masked_mean((returns - masked_mean(returns, mask)).square(), mask)
    error = returns - values
    left = masked_mean((error - masked_mean(error, mask)).square(), mask)
    return torch.where(spread > 0, 1.0 - left / spread, 0.0)


def adapted_beta(beta: float, kl: float, *, target: float, num_samples: int, horizon: float) -> float:
    """The KL penalty's next coefficient: up where ``kl`` is above ``target``, a fifth in ``horizon`` samples at most.

    ``kl`` and ``target`` are in nats per token.
    """
    error = min(0.2, max(-0.2, kl / target - 1.0))
    return beta * (1.0 + error * num_samples / horizon)


def padded(rows: Sequence[Sequence[float]]) -> Tensor:
    """Rows of different length as fp32 (N, R), zero after each row's end."""
    table = np.zeros((len(rows), max((len(row) for row in rows), default=0)), np.float32)
    for i, row in enumerate(rows):
        table[i, : len(row)] = row
    return torch.from_numpy(table)
