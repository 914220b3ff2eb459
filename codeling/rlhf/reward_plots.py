"""Pictures of a reward model: is its confidence right, which faults does it see, what does it pay the probes."""

from __future__ import annotations

from pathlib import Path

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from codeling.rlhf.reward_report import RewardReport
from codeling.runtime.files import atomic_path

_BLUE, _ORANGE = "#3b82c4", "#e0803a"


def reward_figures(report: RewardReport) -> dict[str, tuple[str, Figure]]:
    """Name -> (caption, figure)."""
    return {
        "reward-calibration": (
            f"Confidence against accuracy on {report.num_pairs:,} held-out pairs: error {report.calibration_error:.3f}",
            _calibration(report),
        ),
        "reward-kinds": ("Held-out accuracy by kind of pair", _kinds(report)),
        "reward-probes": ("Mean score of responses that should not pay", _probes(report)),
    }


def write_figures(report: RewardReport, folder: Path) -> list[Path]:
    """``folder/NAME.png`` for each figure, atomically."""
    paths = []
    for name, (_, figure) in reward_figures(report).items():
        path = folder / f"{name}.png"
        with atomic_path(path) as temporary:
            figure.savefig(temporary, format="png", dpi=130)
        paths.append(path)
    return paths


def _axes(title: str, *, height: float = 3.4) -> tuple[Figure, Axes]:
    figure = Figure(figsize=(6.4, height), layout="constrained")
    axes = figure.add_subplot()
    axes.set_title(title, loc="left", fontsize=11)
    axes.grid(alpha=0.15, linewidth=0.6)
    axes.set_axisbelow(True)
    for side, spine in axes.spines.items():
        spine.set_visible(side in ("left", "bottom"))
    return figure, axes


def _calibration(report: RewardReport) -> Figure:
    figure, axes = _axes("Reward model · calibration")
    largest = max(one.count for one in report.bins)
    axes.plot([50, 100], [50, 100], color="grey", linewidth=1, linestyle="--", label="right on average")
    axes.scatter(
        [100 * one.confidence for one in report.bins],
        [100 * one.accuracy for one in report.bins],
        s=[20 + 180 * one.count / largest for one in report.bins],
        color=_BLUE,
        label="pairs (size: how many)",
    )
    axes.set_xlabel("confidence (percent)")
    axes.set_ylabel("accuracy (percent)")
    axes.set_ylim(-3, 103)
    axes.legend(frameon=False)
    return figure


def _kinds(report: RewardReport) -> Figure:
    figure, axes = _axes("Reward model · accuracy by kind", height=1.2 + 0.24 * len(report.by_kind))
    kinds = sorted(report.by_kind, key=lambda kind: report.by_kind[kind][0])
    values = [100 * report.by_kind[kind][0] for kind in kinds]
    drawn = axes.barh([f"{kind} ({report.by_kind[kind][1]})" for kind in kinds], values, color=_BLUE)
    axes.bar_label(drawn, [f"{value:.0f}" for value in values], fontsize=8, padding=2)
    axes.axvline(100 * report.length_baseline, color=_ORANGE, linewidth=1.2, label="length alone, all pairs")
    axes.set_xlim(0, 108)
    axes.set_xlabel("percent")
    axes.tick_params(axis="y", labelsize=8)
    axes.legend(frameon=False, fontsize=8)
    return figure


def _probes(report: RewardReport) -> Figure:
    figure, axes = _axes("Reward model · probes", height=2.4)
    names = [name.replace("_", " ") for name in report.probes]
    scores = [probe.mean_score for probe in report.probes.values()]
    drawn = axes.barh(names, scores, color=_BLUE)
    axes.bar_label(drawn, [f"{score:+.1f}" for score in scores], fontsize=8, padding=2)
    axes.axvline(0, color="grey", linewidth=1)
    axes.set_xlim(-6, 6)
    axes.set_xlabel("mean score (0: the language model's own texts, 1: their standard deviation)")
    return figure
