"""The curves of a training run: metrics files in, pictures out (matplotlib, without a display or global state).

Each picture is made twice: SVG to stand inside a web page, where its ink takes the page's colour (light or dark),
and PNG on white for Markdown.
"""

from __future__ import annotations

import io
import json
import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import matplotlib
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import EngFormatter, MaxNLocator

from codeling.errors import Failure

Record = dict[str, float]
"""Numbers logged at one step: ``step`` and any of ``tokens``, ``train_loss``, ``val_loss``, ``val_bits_per_byte``,
``learning_rate``, ``tokens_per_second``, ``grad_norm``, ``seconds``; of an alignment's iteration: ``reward``,
``val_reward``, ``kl`` and ``entropy`` (nats per token), ``kl_per_sample`` (nats), ``length`` (tokens)."""

INK = "#1d2126"  # a colour nobody else uses; in the SVG it becomes currentColor
BLUE, ORANGE = "#3b82c4", "#e0803a"  # readable on white and on black
SERIES = (BLUE, ORANGE, "#3f9c6d", "#a06cc0", "#c0504d")
LARGE, SMALL = (6.4, 3.4), (3.6, 2.4)
"""Inches; a large picture fills a phone's width, small ones stand side by side on a wider screen."""


@dataclass(frozen=True)
class Picture:
    """``svg`` is an element to paste into HTML; ``png`` a whole file; ``caption`` says what is seen, in words."""

    name: str
    caption: str
    svg: str
    png: bytes


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


def series(records: Sequence[Record], name: str) -> tuple[list[float], list[float]]:
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
        x, y = series(records, metric)
        if x:
            label = {"grad_norm": "gradient norm"}.get(metric, metric.replace("_", " "))
            figure, axes = _axes(f"{title} · {label}", _x_label(records), label, size=SMALL)
            axes.plot(x, y, color=BLUE, linewidth=1.4, marker="." if len(x) < 3 else "")
            axes.set_ylim(bottom=0)
            if metric == "tokens_per_second":
                axes.yaxis.set_major_formatter(EngFormatter(sep=""))
            slug = metric.replace("_", "-")
            pictures.append(_picture(f"{name}-{slug}", f"{title}: {label} over training", figure))
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
        x, y = series(records, metric)
        if x:
            figure, axes = _axes(f"{title} · {label}", "iteration", label, size=SMALL)
            axes.plot(x, y, color=BLUE, linewidth=1.4, marker="." if len(x) < 3 else "")
            axes.set_ylim(bottom=min(0.0, *y))
            caption = f"{title}: {label} from {y[0]:.3g} to {y[-1]:.3g}"
            pictures.append(_picture(f"{name}-{metric}", caption, figure))
    return pictures


def _reward_picture(name: str, title: str, records: Sequence[Record]) -> Picture:
    figure, axes = _axes(f"{title} · reward", "iteration", "mean reward")
    x, y = series(records, "reward")
    axes.plot(x, y, color=BLUE, alpha=0.35, linewidth=0.9, label="training prompts")
    # A batch of tens of completions says little, however short the run: at least five are averaged.
    smoothed = smooth(y, least=5)
    axes.plot(x, smoothed, color=BLUE, linewidth=1.8, label="training prompts, smoothed")
    caption = f"{title}: mean reward from {smoothed[0]:.2f} to {smoothed[-1]:.2f}"
    measured = [
        (label, color, *series(records, metric))
        for metric, label, color in (
            ("val_reward", "held-out prompts", ORANGE),
            ("val_judge", "held-out prompts, judged by other tests", SERIES[2]),
        )
        if series(records, metric)[0]
    ]
    highest = max((y_val[-1] for *_, y_val in measured), default=0.0)
    for label, color, x_val, y_val in measured:
        axes.plot(x_val, y_val, color=color, linewidth=1.2, marker="o", markersize=4, label=label)
        _mark_end(axes, x_val, y_val, color, below=y_val[-1] < highest)
        caption += f"; {label} from {y_val[0]:.2f} to {y_val[-1]:.2f}"
    axes.legend(frameon=False, labelcolor=INK)
    return _picture(f"{name}-reward", caption, figure)


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
    figure, axes = _axes(
        f"{title} · reward and its price", "square root of the KL divergence", "mean reward", size=SMALL
    )
    places, rewards = zip(*both, strict=True)
    axes.plot(places, rewards, color=BLUE, linewidth=0, marker="o", markersize=3)
    caption = f"{title}: mean reward against the square root of KL(policy, start), nats per completion"
    return [_picture(f"{name}-reward-kl", caption, figure)]


def _loss_picture(name: str, title: str, records: Sequence[Record]) -> Picture:
    figure, axes = _axes(f"{title} · loss", _x_label(records), "loss (nats per token)")
    x, y = series(records, "train_loss")
    smoothed = smooth(y)
    axes.plot(x, y, color=BLUE, alpha=0.3, linewidth=0.8, label="training")
    axes.plot(x, smoothed, color=BLUE, linewidth=1.8, label="training, smoothed")
    x_val, y_val = series(records, "val_loss")
    caption = f"{title}: training loss from {smoothed[0]:.2f} to {smoothed[-1]:.2f}"
    if x_val:
        axes.plot(x_val, y_val, color=ORANGE, linewidth=1.2, marker="o", markersize=4, label="validation")
        _mark_end(axes, x_val, y_val, ORANGE)
        caption += f", validation loss {y_val[-1]:.2f} at the end"
    axes.legend(frameon=False, labelcolor=INK)
    return _picture(f"{name}-loss", caption, figure)


def bits_per_byte_picture(stages: Sequence[tuple[str, Sequence[Record]]]) -> Picture | None:
    """Validation bits per byte of all stages, one after the other; None when nothing was logged.

    ``stages``: title and records of each. Stages are validated on their own text, so they are separate curves.
    """
    drawn = [(title, *series(records, "val_bits_per_byte"), records) for title, records in stages]
    drawn = [entry for entry in drawn if entry[1]]
    if not drawn:
        return None
    figure, axes = _axes("Bits per byte, stage by stage", f"{_x_label(drawn[0][3])}, all stages", "bits per byte")
    before, ends = 0.0, []
    for (title, x, y, _), color in zip(drawn, SERIES * len(drawn), strict=False):
        places = [before + value for value in x]
        axes.plot(places, y, color=color, linewidth=1.6, marker="o", markersize=4, label=title)
        _mark_end(axes, places, y, color)
        ends.append(f"{title} {y[-1]:.2f}")
        before = places[-1]
    axes.set_ylim(bottom=0)
    axes.legend(frameon=False, labelcolor=INK)
    return _picture("bits-per-byte", "Validation bits per byte at the end: " + ", ".join(ends), figure)


def bar_picture(name: str, title: str, groups: Mapping[str, Mapping[str, float]]) -> Picture:
    """Shares as bars: one group of bars for each of ``groups``, in it one bar for each name; all in percent."""
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
    said = [
        f"{group} {', '.join(f'{label} {value:.0%}' for label, value in bars.items())}"
        for group, bars in groups.items()
    ]
    return _picture(name, f"{title}: {'; '.join(said)}", figure)


def _mark_end(axes: Axes, x: Sequence[float], y: Sequence[float], color: str, *, below: bool = False) -> None:
    """The last value, written above it, or below it where another curve's stands above."""
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


def _picture(name: str, caption: str, figure: Figure) -> Picture:
    png, svg = io.BytesIO(), io.StringIO()
    # Text stays text in the SVG (the page's font, searchable), and ids do not depend on time or chance.
    with matplotlib.rc_context({"svg.fonttype": "none", "svg.hashsalt": name, "font.family": "sans-serif"}):
        figure.savefig(png, format="png", dpi=130, facecolor="white")
        figure.savefig(svg, format="svg", transparent=True, metadata={"Date": None})
    return Picture(name, caption, _inline(svg.getvalue(), name), png.getvalue())


def _inline(svg: str, name: str) -> str:
    """An SVG file as an element: without prologue and fixed size, ids unique in the page, ink in the page's colour."""
    svg = svg[svg.index("<svg") :].replace(INK, "currentColor")
    svg = re.sub(r"<metadata>.*?</metadata>", "", svg, flags=re.DOTALL)
    svg = re.sub(r'\b(id="|url\(#|href="#)', rf"\g<1>{name}-", svg)
    opening, rest = svg.split(">", 1)
    return re.sub(r' (width|height)="[^"]*"', "", opening) + ">" + rest
