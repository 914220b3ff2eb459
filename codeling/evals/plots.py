"""The curves of a training run: metrics files in, pictures out (matplotlib, without a display or global state)."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import EngFormatter, MaxNLocator

from codeling.errors import Failure
from codeling.evals.pictures import INK, Picture

Curve = tuple[list[float], list[float]]
"""Places and values."""

Record = dict[str, float]
"""Numbers logged at one step: ``step`` and any of ``tokens``, ``train_loss``, ``val_loss``, ``val_bits_per_byte``,
``learning_rate``, ``tokens_per_second``, ``grad_norm``, ``seconds``; of an alignment's iteration: ``reward``,
``val_reward``, ``kl`` and ``entropy`` (nats per token), ``kl_per_sample`` (nats), ``length`` (tokens)."""

BLUE, ORANGE = "#3b82c4", "#e0803a"  # readable on white and on black
SERIES = (BLUE, ORANGE, "#3f9c6d", "#a06cc0", "#c0504d")
LARGE, SMALL = (6.4, 3.4), (3.6, 2.4)
"""Inches; a large picture fills a phone's width, small ones stand side by side on a wider screen."""


def read_metrics(path: Path) -> list[Record]:
    """The records of a JSON-lines metrics file, one per step, ascending.

    Made for files of runs that were killed and resumed: fields of later lines win over earlier ones of the same step,
    and a line that was cut in the middle, with or without another one glued to it, costs only itself. A missing
    file is a Failure.
    """
    try:
        text = path.read_text(encoding="utf-8", errors="replace")
    except FileNotFoundError:
        raise Failure(f"{path}: no such metrics file") from None
    by_step: dict[int, Record] = {}
    for line in text.splitlines():
        record = _parse(line)
        if record is not None:
            by_step.setdefault(int(record["step"]), {}).update(record)
    return [by_step[step] for step in sorted(by_step)]


def _parse(line: str) -> Record | None:
    # A record is a flat object, so whatever stands before the last brace is the rest of a line that was cut.
    try:
        values: Any = json.loads(line[max(0, line.rfind("{")) :])
    except json.JSONDecodeError:
        return None
    if not isinstance(values, dict) or not isinstance(values.get("step"), int | float):
        return None
    return {key: value for key, value in values.items() if isinstance(value, int | float)}


def series(records: Sequence[Record], name: str) -> Curve:
    """(tokens, values) where ``name`` was logged and is finite. Without token counts, steps stand for them."""
    x_name = "tokens" if any("tokens" in record for record in records) else "step"
    chosen = [record for record in records if x_name in record and math.isfinite(record.get(name, math.nan))]
    return [record[x_name] for record in chosen], [record[name] for record in chosen]


def smooth(values: Sequence[float], *, least: float = 1.0) -> list[float]:
    """An exponential mean over about a fiftieth of the curve, and ``least`` values, unbiased at its beginning."""
    keep = 1 - 1 / max(least, len(values) / 50)
    mean = weight = 0.0
    smoothed = []
    for value in values:
        mean, weight = keep * mean + (1 - keep) * value, keep * weight + (1 - keep)
        smoothed.append(mean / weight)
    return smoothed


def stage_pictures(name: str, title: str, records: Sequence[Record]) -> list[Picture]:
    """The pictures of one stage, as far as its metrics go: loss, throughput, learning rate, gradient norm."""
    pictures = [_loss_picture(name, title, records)] if series(records, "train_loss")[0] else []
    for metric in ("tokens_per_second", "learning_rate", "grad_norm"):
        curve = series(records, metric)
        if curve[0]:
            label = {"grad_norm": "gradient norm"}.get(metric, metric.replace("_", " "))
            figure = partial(
                _small_curve, f"{title} · {label}", _x_label(records), label, curve,
                engineering=metric == "tokens_per_second",
            )  # fmt: skip
            pictures.append(Picture(f"{name}-{metric.replace('_', '-')}", f"{title}: {label} over training", figure))
    return pictures


def alignment_pictures(name: str, title: str, records: Sequence[Record]) -> list[Picture]:
    """What reinforcement learning did, as far as it was logged: reward, its price in KL divergence, entropy, length."""
    pictures = [_reward_picture(name, title, records)] if series(records, "reward")[0] else []
    pictures += _frontier_picture(name, title, records)
    for metric, label in (
        ("kl", "KL divergence (nats per token)"),
        ("entropy", "entropy (nats per token)"),
        ("length", "tokens per completion"),
    ):
        curve = series(records, metric)
        if curve[0]:
            caption = f"{title}: {label} from {curve[1][0]:.3g} to {curve[1][-1]:.3g}"
            figure = partial(_small_curve, f"{title} · {label}", "iteration", label, curve)
            pictures.append(Picture(f"{name}-{metric}", caption, figure))
    return pictures


def _small_curve(title: str, x_label: str, y_label: str, curve: Curve, *, engineering: bool = False) -> Figure:
    figure, axes = _axes(title, x_label, y_label, size=SMALL)
    axes.plot(*curve, color=BLUE, linewidth=1.4, marker="." if len(curve[0]) < 3 else "")
    axes.set_ylim(bottom=min(0.0, *curve[1]))
    if engineering:
        axes.yaxis.set_major_formatter(EngFormatter(sep=""))
    return figure


def _reward_picture(name: str, title: str, records: Sequence[Record]) -> Picture:
    training = series(records, "reward")
    smoothed = _smoothed_reward(training)
    caption = f"{title}: mean reward from {smoothed[0]:.2f} to {smoothed[-1]:.2f}"
    held_out = []
    for metric, label, color in (
        ("val_reward", "held-out prompts", ORANGE),
        ("val_judge", "held-out prompts, judged by other tests", SERIES[2]),
    ):
        curve = series(records, metric)
        if curve[0]:
            held_out.append((label, color, curve))
            caption += f"; {label} from {curve[1][0]:.2f} to {curve[1][-1]:.2f}"
    return Picture(f"{name}-reward", caption, partial(_reward_figure, title, training, held_out))


def _smoothed_reward(training: Curve) -> list[float]:
    # A batch of tens of completions says little, however short the run: at least five are averaged.
    return smooth(training[1], least=5)


def _reward_figure(title: str, training: Curve, held_out: Sequence[tuple[str, str, Curve]]) -> Figure:
    figure, axes = _axes(f"{title} · reward", "iteration", "mean reward")
    axes.plot(*training, color=BLUE, alpha=0.35, linewidth=0.9, label="training prompts")
    axes.plot(training[0], _smoothed_reward(training), color=BLUE, linewidth=1.8, label="training prompts, smoothed")
    highest = max((curve[1][-1] for *_, curve in held_out), default=0.0)
    for label, color, curve in held_out:
        axes.plot(*curve, color=color, linewidth=1.2, marker="o", markersize=4, label=label)
        _mark_end(axes, curve, color, below=curve[1][-1] < highest)
    axes.legend(frameon=False, labelcolor=INK)
    return figure


def _frontier_picture(name: str, title: str, records: Sequence[Record]) -> list[Picture]:
    """Reward against the square root of the KL divergence: near the start the best that can be had is a straight line
    (Gao et al. 2022, https://arxiv.org/abs/2210.10760); falling judge's scores further out are over-optimisation."""
    both = [
        (math.sqrt(max(0.0, record["kl_per_sample"])), record["reward"])
        for record in records
        if math.isfinite(record.get("kl_per_sample", math.nan)) and math.isfinite(record.get("reward", math.nan))
    ]
    if len(both) < 2:
        return []
    caption = f"{title}: mean reward against the square root of KL(policy, start), nats per completion"
    return [Picture(f"{name}-reward-kl", caption, partial(_frontier_figure, title, both))]


def _frontier_figure(title: str, points: Sequence[tuple[float, float]]) -> Figure:
    figure, axes = _axes(
        f"{title} · reward and its price", "square root of the KL divergence", "mean reward", size=SMALL
    )
    axes.plot(*zip(*points, strict=True), color=BLUE, linewidth=0, marker="o", markersize=3)
    return figure


def _loss_picture(name: str, title: str, records: Sequence[Record]) -> Picture:
    training, validation = series(records, "train_loss"), series(records, "val_loss")
    smoothed = smooth(training[1])
    caption = f"{title}: training loss from {smoothed[0]:.2f} to {smoothed[-1]:.2f}"
    if validation[0]:
        caption += f", validation loss {validation[1][-1]:.2f} at the end"
    return Picture(f"{name}-loss", caption, partial(_loss_figure, title, _x_label(records), training, validation))


def _loss_figure(title: str, x_label: str, training: Curve, validation: Curve) -> Figure:
    figure, axes = _axes(f"{title} · loss", x_label, "loss (nats per token)")
    axes.plot(*training, color=BLUE, alpha=0.3, linewidth=0.8, label="training")
    axes.plot(training[0], smooth(training[1]), color=BLUE, linewidth=1.8, label="training, smoothed")
    if validation[0]:
        axes.plot(*validation, color=ORANGE, linewidth=1.2, marker="o", markersize=4, label="validation")
        _mark_end(axes, validation, ORANGE)
    axes.legend(frameon=False, labelcolor=INK)
    return figure


def bits_per_byte_picture(stages: Sequence[tuple[str, Sequence[Record]]]) -> Picture | None:
    """Validation bits per byte of all stages, one after the other; None when nothing was logged.

    ``stages``: title and records of each. Stages are validated on their own text, so they are separate curves.
    """
    drawn = [(title, series(records, "val_bits_per_byte"), _x_label(records)) for title, records in stages]
    drawn = [entry for entry in drawn if entry[1][0]]
    if not drawn:
        return None
    ends = ", ".join(f"{title} {curve[1][-1]:.2f}" for title, curve, _ in drawn)
    curves = [(title, curve) for title, curve, _ in drawn]
    figure = partial(_bits_per_byte_figure, f"{drawn[0][2]}, all stages", curves)
    return Picture("bits-per-byte", f"Validation bits per byte at the end: {ends}", figure)


def _bits_per_byte_figure(x_label: str, curves: Sequence[tuple[str, Curve]]) -> Figure:
    figure, axes = _axes("Bits per byte, stage by stage", x_label, "bits per byte")
    before = 0.0
    for (title, (x, y)), color in zip(curves, SERIES * len(curves), strict=False):
        places = [before + value for value in x]
        axes.plot(places, y, color=color, linewidth=1.6, marker="o", markersize=4, label=title)
        _mark_end(axes, (places, y), color)
        before = places[-1]
    axes.set_ylim(bottom=0)
    axes.legend(frameon=False, labelcolor=INK)
    return figure


def bar_picture(name: str, title: str, groups: Mapping[str, Mapping[str, float]]) -> Picture:
    """Shares as bars: one group of bars for each of ``groups``, in it one bar for each name; all in percent."""
    said = [
        f"{group} {', '.join(f'{label} {value:.0%}' for label, value in bars.items())}"
        for group, bars in groups.items()
    ]
    return Picture(name, f"{title}: {'; '.join(said)}", partial(_bar_figure, title, groups))


def _bar_figure(title: str, groups: Mapping[str, Mapping[str, float]]) -> Figure:
    figure, axes = _axes(title, "", "percent")
    labels = list(dict.fromkeys(label for bars in groups.values() for label in bars))
    width = 0.8 / max(1, len(labels))
    for number, (label, color) in enumerate(zip(labels, SERIES * len(labels), strict=False)):
        places = [
            i + (number - (len(labels) - 1) / 2) * width for i, bars in enumerate(groups.values()) if label in bars
        ]
        heights = [100 * bars[label] for bars in groups.values() if label in bars]
        drawn = axes.bar(places, heights, width * 0.92, color=color, label=label)
        axes.bar_label(drawn, [f"{height:.0f}" for height in heights], color=INK, fontsize=8, padding=2)
    axes.set_xticks(range(len(groups)), list(groups))
    axes.grid(visible=False, axis="x")
    axes.set_axisbelow(True)
    axes.set_ylim(0, 112)
    axes.legend(frameon=False, labelcolor=INK, ncols=len(labels), loc="upper center", bbox_to_anchor=(0.5, -0.1))
    return figure


def _mark_end(axes: Axes, curve: Curve, color: str, *, below: bool = False) -> None:
    """The last value, written above it, or below it where another curve's stands above."""
    x, y = curve
    place = (0, -15) if below else (0, 7)
    axes.annotate(f"{y[-1]:.2f}", (x[-1], y[-1]), xytext=place, textcoords="offset points", ha="right", color=color)


def _x_label(records: Sequence[Record]) -> str:
    return "training tokens" if any("tokens" in record for record in records) else "step"


def _axes(title: str, x_label: str, y_label: str, *, size: tuple[float, float] = LARGE) -> tuple[Figure, Axes]:
    figure = Figure(figsize=size, layout="constrained")
    axes = figure.add_subplot()
    axes.set_title(title, loc="left", color=INK, fontsize=11 if size == LARGE else 9)
    axes.set_xlabel(x_label, color=INK, fontsize=10 if size == LARGE else 8)
    axes.set_ylabel(y_label, color=INK, fontsize=10 if size == LARGE else 8)
    axes.xaxis.set_major_formatter(EngFormatter(sep=""))
    axes.xaxis.set_major_locator(MaxNLocator(nbins=7 if size == LARGE else 4))
    axes.tick_params(colors=INK, labelsize=10 if size == LARGE else 8)
    axes.grid(color=INK, alpha=0.15, linewidth=0.6)
    axes.patch.set_alpha(0)
    for side, spine in axes.spines.items():
        spine.set_visible(side in ("left", "bottom"))
        spine.set_color(INK)
    return figure, axes
