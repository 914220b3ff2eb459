"""What is measured of a trained reward model, as numbers, a table, JSON and bars for a report."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from codeling.rlhf.pairs import EncodedPair
from codeling.rlhf.preferences import Preference
from codeling.rlhf.reward_normalization import Normalization
from codeling.rlhf.reward_probes import PROBES, ProbeResult, probe_scores, score_texts
from codeling.rlhf.reward_statistics import (
    Bin,
    Interval,
    accuracy,
    accuracy_by,
    expected_calibration_error,
    length_baseline,
    reliability,
    wilson_interval,
)
from codeling.rlhf.scalar_model import ScalarModel
from codeling.tokenizer.bpe import Tokenizer

PROBE_PROMPTS = 64


@dataclass(frozen=True)
class RewardReport:
    """Everything on held-out pairs; shares are in [0, 1]."""

    num_pairs: int
    accuracy: float
    interval: Interval
    """Wilson's, 95 %."""
    length_baseline: float
    """Accuracy of the best score that reads lengths alone."""
    by_source: dict[str, tuple[float, int]]
    by_kind: dict[str, tuple[float, int]]
    """Label -> (accuracy, number of pairs)."""
    length_by_source: dict[str, tuple[float, int]]
    """The baseline's."""
    bins: list[Bin]
    calibration_error: float
    probes: dict[str, ProbeResult]
    normalization: Normalization

    @property
    def beats_length(self) -> bool:
        """Whether the whole interval lies above the baseline."""
        return self.interval.low > self.length_baseline

    def to_json(self) -> dict[str, Any]:
        """Plain values."""
        values = asdict(self)
        values["interval"] = list(self.interval)
        values["probes"] = {name: result._asdict() for name, result in self.probes.items()}
        return values

    def __str__(self) -> str:
        """The table that the command prints."""
        low, high = self.interval
        lines = [
            f"held-out accuracy {self.accuracy:.1%} (95 % interval {low:.1%} to {high:.1%}, {self.num_pairs:,} pairs); "
            f"length alone {self.length_baseline:.1%}",
            f"calibration error {self.calibration_error:.3f}; 0 is the mean and 1 the standard deviation of "
            f"{self.normalization.num_texts:,} texts of the language model "
            f"({self.normalization.ended_share:.0%} of its samples ended)",
        ]
        for title, by in (("source", self.by_source), ("kind", self.by_kind)):
            width = max(map(len, by), default=0)
            lines += [f"  {title} {label:{width}}  {value:6.1%} of {count:,}" for label, (value, count) in by.items()]
        for name, probe in self.probes.items():
            lines.append(
                f"  probe {name.replace('_', ' '):13}  mean score {probe.mean_score:+.2f}, below the chosen one in "
                f"{probe.beaten:.0%}"
            )
        if not self.beats_length:
            lines.append(
                "warning: not clearly better than a score of lengths alone; give more pairs, or pairs that differ in "
                "more than their lengths"
            )
        paid = [name for name, probe in self.probes.items() if probe.beaten < 0.5]
        if paid:
            lines.append(
                f"warning: {', '.join(paid).replace('_', ' ')} scores above the chosen response more often than not; "
                "a policy will find that"
            )
        return "\n".join(lines)


def measure_reward_model(
    model: ScalarModel,
    tokenizer: Tokenizer,
    *,
    train: Sequence[EncodedPair],
    val: Sequence[EncodedPair],
    preferences: Sequence[Preference],
    normalization: Normalization,
    max_length: int,
) -> RewardReport:
    """``preferences`` are those of ``val``, in the same order; ``model`` is normalised and in evaluation mode."""
    differences = pair_differences(model, val)
    sources = [preference.source for preference in preferences]
    baseline = length_baseline(_response_lengths(train), _response_lengths(val))
    measured = accuracy(differences)
    bins = reliability(differences)
    return RewardReport(
        num_pairs=len(val),
        accuracy=measured,
        interval=wilson_interval(measured * len(val), len(val)),
        length_baseline=accuracy(baseline),
        by_source=accuracy_by(differences, sources),
        by_kind=accuracy_by(differences, [preference.kind for preference in preferences]),
        length_by_source=accuracy_by(baseline, sources),
        bins=bins,
        calibration_error=expected_calibration_error(bins),
        probes=probe_scores(model, tokenizer, spread_evenly(preferences, PROBE_PROMPTS), max_length=max_length),
        normalization=normalization,
    )


def pair_differences(model: ScalarModel, pairs: Sequence[EncodedPair]) -> np.ndarray:
    """(N,) raw score of the chosen text less that of the rejected one."""
    scores = score_texts(model, [text for pair in pairs for text in (pair.chosen, pair.rejected)], normalized=False)
    return scores[0::2] - scores[1::2]


def _response_lengths(pairs: Sequence[EncodedPair]) -> np.ndarray:
    """(N, 2)"""
    return np.array([[len(one) - pair.prompt_length for one in (pair.chosen, pair.rejected)] for pair in pairs])


def spread_evenly(items: Sequence[Preference], count: int) -> list[Preference]:
    """At most ``count`` of the items, from everywhere."""
    return [items[i * len(items) // count] for i in range(count)] if len(items) > count else list(items)


def reward_measures(report: RewardReport) -> dict[str, float]:
    """The report as flat numbers; names that end in ``_share`` are shown in percent."""
    measures = {
        "reward_accuracy_share": report.accuracy,
        "reward_accuracy_low_share": report.interval.low,
        "reward_accuracy_high_share": report.interval.high,
        "length_baseline_share": report.length_baseline,
        "calibration_error": report.calibration_error,
    }
    measures |= {f"probe_{name}": report.probes[name].mean_score for name in PROBES}
    measures |= {f"reward_accuracy.{source}_share": value for source, (value, _) in report.by_source.items()}
    return measures


def reward_bars(report: RewardReport) -> dict[str, dict[str, float]]:
    """Source -> name -> share, as codeling.evals.report draws bars."""
    bars = {"all": {"reward model": report.accuracy, "length alone": report.length_baseline}}
    for source, (value, _) in report.by_source.items():
        bars[source] = {"reward model": value, "length alone": report.length_by_source[source][0]}
    return bars
