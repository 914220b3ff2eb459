"""How good a reward model is, in numbers: accuracy with its interval, a baseline that reads lengths alone, calibration.

Everything is a pure function of arrays. Shapes: N pairs; a difference is the score of the chosen text less that of the
rejected one, so a pair is told apart rightly where it is above zero.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

CONFIDENCE_Z = 1.959963984540054
"""Standard errors of a two-sided 95 % interval."""

NUM_BINS = 10


class Interval(NamedTuple):
    """Both ends of a 95 % interval."""

    low: float
    high: float


def wilson_interval(successes: float, total: int) -> Interval:
    """Wilson's interval of a share (https://doi.org/10.1080/01621459.1927.10502953); honest for few and near 0 and 1.

    >>> wilson_interval(8, 10)
    Interval(low=0.4901..., high=0.9433...)  # doctest: +SKIP
    """
    if total == 0:
        return Interval(0.0, 1.0)
    share, z2 = successes / total, CONFIDENCE_Z**2
    middle = (share + z2 / (2 * total)) / (1 + z2 / total)
    half = CONFIDENCE_Z / (1 + z2 / total) * math.sqrt(share * (1 - share) / total + z2 / (4 * total**2))
    return Interval(max(0.0, middle - half), min(1.0, middle + half))


def accuracy(differences: np.ndarray) -> float:
    """Share of (N,) differences above zero, a tie counting half; NaN of none."""
    if len(differences) == 0:
        return math.nan
    return float(((differences > 0) + 0.5 * (differences == 0)).mean())


def accuracy_by(differences: np.ndarray, labels: Sequence[str]) -> dict[str, tuple[float, int]]:
    """Label -> (accuracy, number of pairs), in the labels' order."""
    return {
        label: (accuracy(differences[(chosen := np.array([one == label for one in labels]))]), int(chosen.sum()))
        for label in sorted(set(labels))
    }


def length_features(lengths: np.ndarray) -> np.ndarray:
    """(N, 2, 2) token counts and their logarithms for (N, 2) lengths of chosen and rejected texts."""
    wide = lengths.astype(np.float64)
    return np.stack([wide, np.log(np.maximum(wide, 1.0))], axis=-1)


def length_baseline(train: np.ndarray, held_out: np.ndarray) -> np.ndarray:
    """(M,) differences of a score that is the best function ``a * length + b * log(length)`` for the training pairs.

    ``train`` (N, 2) and ``held_out`` (M, 2) are lengths of chosen and rejected texts. Fitted by logistic regression,
    without a constant since only differences count; a reward model must do better than this.
    """
    features = length_features(train)
    inputs = features[:, 0] - features[:, 1]  # (N, 2)
    scale = np.maximum(inputs.std(axis=0), 1e-9)
    weights = _logistic_weights(inputs / scale) / scale
    wanted = length_features(held_out)
    return (wanted[:, 0] - wanted[:, 1]) @ weights


def _logistic_weights(inputs: np.ndarray, *, ridge: float = 1e-3, num_steps: int = 50) -> np.ndarray:
    """Weights w that minimise sum(log(1 + exp(-inputs @ w))) + ridge / 2 * |w|^2, by Newton's method, damped."""
    weights = np.zeros(inputs.shape[1])

    def objective(w: np.ndarray) -> float:
        return float(np.logaddexp(0.0, -(inputs @ w)).sum() + ridge / 2 * w @ w)

    for _ in range(num_steps):
        wrong = 1.0 / (1.0 + np.exp(np.clip(inputs @ weights, -500, 500)))  # chance of the wrong order
        gradient = -inputs.T @ wrong + ridge * weights
        curvature = (inputs * (wrong * (1 - wrong))[:, None]).T @ inputs + ridge * np.eye(len(weights))
        direction = np.linalg.solve(curvature, gradient)
        step = 1.0
        while step > 1e-6 and objective(weights - step * direction) > objective(weights):
            step /= 2
        weights = weights - step * direction
        if np.abs(step * direction).max() < 1e-10:
            break
    return weights


@dataclass(frozen=True)
class Bin:
    """Pairs of about equal confidence: what was claimed, and what came true."""

    confidence: float
    accuracy: float
    count: int


def reliability(differences: np.ndarray, *, num_bins: int = NUM_BINS) -> list[Bin]:
    """The bins of equal width between 1/2 and 1 that hold any pair, by the chance that the model gives its own choice.

    That chance is sigmoid(|difference|), and it is right where the difference is above zero.
    """
    confidence = 1.0 / (1.0 + np.exp(-np.abs(np.clip(differences, -500, 500))))
    right = (differences > 0) + 0.5 * (differences == 0)
    places = np.minimum(((confidence - 0.5) * 2 * num_bins).astype(int), num_bins - 1)
    return [
        Bin(float(confidence[inside].mean()), float(right[inside].mean()), int(inside.sum()))
        for place in range(num_bins)
        if (inside := places == place).any()
    ]


def expected_calibration_error(bins: Sequence[Bin]) -> float:
    """Mean distance of confidence and accuracy over pairs (https://arxiv.org/abs/1706.04599, equation 3)."""
    total = sum(one.count for one in bins)
    return sum(one.count * abs(one.confidence - one.accuracy) for one in bins) / total if total else math.nan


def flat_measures(by: Mapping[str, tuple[float, int]], prefix: str) -> dict[str, float]:
    """``prefix.LABEL_share`` for each label."""
    return {f"{prefix}.{label}_share": value for label, (value, _) in by.items()}
