"""The report of a run: ``index.html``, one file that needs nothing else, and ``report.md`` with its pictures.

Plain values in, files out; the pages are for people, so every number has a name and every curve its units. What a
model wrote is shown as text, never interpreted.
"""

from __future__ import annotations

import html
import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from codeling.evals.pictures import Picture, draw
from codeling.evals.plots import (
    Record,
    alignment_pictures,
    bar_picture,
    bits_per_byte_picture,
    stage_pictures,
)
from codeling.runtime.files import write_text


@dataclass(frozen=True)
class Sample:
    """What a model wrote. ``verdicts``: checks of it by name, e.g. ``{"bash -n": True}``; bool, number or text."""

    prompt: str
    text: str
    language: str = "text"
    suffix: str = ""
    """For fill-in-the-middle: the text after the gap."""
    verdicts: Mapping[str, bool | float | str] = field(default_factory=dict)


@dataclass(frozen=True)
class StageReport:
    """One stage. ``metrics``: numbers by name; ``before``: the same of the checkpoint that the stage started from.

    A name that ends in ``_share`` is shown in percent. ``records``: see codeling.evals.plots.
    """

    name: str
    title: str
    seconds: float
    metrics: Mapping[str, float] = field(default_factory=dict)
    before: Mapping[str, float] = field(default_factory=dict)
    records: Sequence[Record] = ()
    bars: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    """Scores to be drawn as bars: group -> name -> share."""
    samples: Sequence[Sample] = ()
    note: str = ""


@dataclass(frozen=True)
class RunReport:
    """A whole run. ``configuration``: the resolved configuration as text; ``usage``: (what for, command to type)."""

    title: str
    recipe: str
    configuration: str
    machine: Mapping[str, str]
    stages: Sequence[StageReport]
    usage: Sequence[tuple[str, str]] = ()
    summary: str = ""


def write_report(run: RunReport, folder: Path) -> Path:
    """Write ``index.html``, ``report.md`` and ``pictures/`` in ``folder``; returns the path of index.html."""
    overview = bits_per_byte_picture([(stage.title, stage.records) for stage in run.stages])
    pictures = {stage.name: _pictures(stage) for stage in run.stages}
    shown = [*([overview] if overview else []), *(picture for each in pictures.values() for picture in each)]
    svgs = {picture.name: draw(picture, folder / "pictures") for picture in shown}
    write_text(folder / "report.md", _markdown(run, overview, pictures))
    write_text(folder / "index.html", _page(run, overview, pictures, svgs))
    return folder / "index.html"


def _pictures(stage: StageReport) -> list[Picture]:
    pictures = [
        *alignment_pictures(stage.name, stage.title, stage.records),
        *stage_pictures(stage.name, stage.title, stage.records),
    ]
    if stage.bars:
        pictures.append(bar_picture(f"{stage.name}-scores", f"{stage.title} · scores", stage.bars))
    return pictures


def format_number(name: str, value: float) -> str:
    """A number as people read it: shares in percent, large ones with separators, others to four digits."""
    if not math.isfinite(value):
        return "not finite"
    if _is_share(name):
        return f"{100 * value:.1f} %"
    if float(value).is_integer() or abs(value) >= 10_000:
        return f"{value:,.0f}"
    return f"{value:.4g}"


def format_duration(seconds: float) -> str:
    """``48 s``, ``3 min 20 s``, ``2 h 5 min``."""
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    if hours:
        return f"{hours} h {minutes} min"
    return f"{minutes} min {rest} s" if minutes else f"{rest} s"


def _label(name: str) -> str:
    return name.replace("_", " ")


def _is_share(name: str) -> bool:
    return name.endswith("_share")


def _change(name: str, before: float, after: float) -> str:
    if not (math.isfinite(before) and math.isfinite(after)):
        return ""
    if _is_share(name):
        return f"{100 * (after - before):+.1f} points"
    if before == 0:
        return ""
    return f"{100 * (after - before) / abs(before):+.1f} %"


def _visible(text: str) -> str:
    """Text with control characters made visible: a young model writes them, a page must not contain them."""
    return re.sub(r"[\x00-\x08\x0b-\x1f\x7f]", lambda match: chr(0x2400 + min(ord(match[0]), 0x21)), text)


def _overview_rows(run: RunReport) -> tuple[list[str], list[list[str]]]:
    """Stages as columns: they are few and their metrics are many."""
    names = dict.fromkeys(name for stage in run.stages for name in stage.metrics)
    rows = [["wall time", *(format_duration(stage.seconds) for stage in run.stages)]]
    for name in names:
        values = [stage.metrics.get(name) for stage in run.stages]
        rows.append([_label(name), *("" if value is None else format_number(name, value) for value in values)])
    return ["", *(stage.title for stage in run.stages)], rows


def _metric_rows(stage: StageReport) -> tuple[list[str], list[list[str]]]:
    names = list(dict.fromkeys([*stage.metrics, *stage.before]))
    if not stage.before:
        return ["metric", "value"], [[_label(name), format_number(name, stage.metrics[name])] for name in names]
    rows = []
    for name in names:
        before, after = stage.before.get(name, math.nan), stage.metrics.get(name, math.nan)
        values = [format_number(name, held[name]) if name in held else "" for held in (stage.before, stage.metrics)]
        rows.append([_label(name), *values, _change(name, before, after)])
    return ["metric", "before", "after", "change"], rows


def _shorten(text: str, *, most: int = 80) -> str:
    line = " ".join(text.split())
    return line if len(line) <= most else line[: most - 1] + "…"


def _verdicts(sample: Sample) -> list[tuple[str, bool | None]]:
    """(text, good or bad or neither) of each verdict."""
    shown: list[tuple[str, bool | None]] = []
    for name, verdict in sample.verdicts.items():
        if isinstance(verdict, bool):
            shown.append((f"{'✓' if verdict else '✗'} {name}", verdict))
        else:
            value = _shorten(verdict) if isinstance(verdict, str) else format_number(name, verdict)
            shown.append((f"{_label(name)}: {value}", None))
    return shown


# --- HTML -------------------------------------------------------------------------------------------------------

_STYLE = """
:root { color-scheme: light dark; --ground: #fff; --ink: #1c2126; --quiet: #5c6670; --line: #d9dee3;
  --block: #f4f6f8; --accent: #2569a8; --good: #1e7a45; --bad: #b3312c; }
@media (prefers-color-scheme: dark) { :root { --ground: #14171a; --ink: #e4e8ec; --quiet: #9aa5b0; --line: #333a41;
  --block: #1e2328; --accent: #7db7ec; --good: #6cc690; --bad: #f0857f; } }
* { box-sizing: border-box; }
body { margin: 0 auto; padding: 1.5rem 1rem 4rem; max-width: 62rem; background: var(--ground); color: var(--ink);
  font: 16px/1.55 system-ui, sans-serif; overflow-wrap: anywhere; }
h1 { font-size: 1.7rem; line-height: 1.25; margin: 0 0 .3rem; } h2 { font-size: 1.3rem; margin: 2.6rem 0 .6rem; }
h3 { font-size: 1rem; margin: 1.6rem 0 .5rem; } a { color: var(--accent); }
.quiet, figcaption { color: var(--quiet); font-size: .9rem; }
.scroll { overflow-x: auto; } table { border-collapse: collapse; font-size: .92rem; }
th, td { text-align: left; padding: .35rem .9rem .35rem 0; border-bottom: 1px solid var(--line); white-space: nowrap; }
td + td { font-variant-numeric: tabular-nums; } th { color: var(--quiet); font-weight: 600; }
figure { margin: 1rem 0 0; } body > figure { max-width: 46rem; }
figure svg { width: 100%; height: auto; display: block; }
.pictures { display: grid; gap: 1.2rem; grid-template-columns: repeat(auto-fit, minmax(min(100%, 19rem), 1fr)); }
.pictures > :first-child { grid-column: 1 / -1; max-width: 46rem; }
pre { background: var(--block); border-radius: 6px; padding: .7rem .9rem; margin: .4rem 0; overflow-x: auto;
  font: .85rem/1.5 ui-monospace, monospace; white-space: pre-wrap; tab-size: 4; }
pre .given { color: var(--quiet); } .sample { margin: 0 0 1.3rem; } .badge { font-size: .82rem; margin-right: .9rem; }
.good { color: var(--good); } .bad { color: var(--bad); } summary { cursor: pointer; color: var(--accent); }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .15rem 1.2rem; font-size: .92rem; }
dt { color: var(--quiet); } dd { margin: 0; }
"""


def _escape(text: str) -> str:
    return html.escape(_visible(text))


def _page(
    run: RunReport, overview: Picture | None, pictures: Mapping[str, list[Picture]], svgs: Mapping[str, str]
) -> str:
    total = format_duration(sum(stage.seconds for stage in run.stages))
    body = [
        f"<h1>{_escape(run.title)}</h1>",
        f'<p class="quiet">Recipe {_escape(run.recipe)} · {len(run.stages)} stages · {total}</p>',
        f"<p>{_escape(run.summary)}</p>" if run.summary else "",
        _html_figure(overview, svgs) if overview else "",
        "<h2>Stage by stage</h2>",
        _html_table(*_overview_rows(run)),
    ]
    for stage in run.stages:
        body += _html_stage(stage, pictures[stage.name], svgs)
    if run.usage:
        body.append("<h2>How to use it</h2>")
        body += [f"<p>{_escape(purpose)}</p>{_html_block(_escape(command))}" for purpose, command in run.usage]
    facts = "".join(f"<dt>{_escape(name)}</dt><dd>{_escape(value)}</dd>" for name, value in run.machine.items())
    body += [
        f"<h2>Machine</h2><dl>{facts}</dl>",
        "<h2>Configuration</h2><details><summary>The resolved configuration of this run</summary>"
        f"{_html_block(_escape(run.configuration))}</details>",
    ]
    return (
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{_escape(run.title)}</title>\n<style>{_STYLE}</style>\n</head>\n<body>\n"
        + "\n".join(part for part in body if part)
        + "\n</body>\n</html>\n"
    )


def _html_stage(stage: StageReport, pictures: Sequence[Picture], svgs: Mapping[str, str]) -> list[str]:
    parts = [
        f'<h2 id="{_escape(stage.name)}">{_escape(stage.title)}</h2>',
        f"<p>{_escape(stage.note)}</p>" if stage.note else "",
        _html_table(*_metric_rows(stage)) if stage.metrics or stage.before else "",
    ]
    if pictures:
        figures = "".join(_html_figure(picture, svgs) for picture in pictures)
        parts.append(f'<h3>Curves</h3><div class="pictures">{figures}</div>')
    if stage.samples:
        parts += ["<h3>Samples</h3>", *map(_html_sample, stage.samples)]
    return parts


def _html_table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    cells = "".join(f"<th>{_escape(cell)}</th>" for cell in head)
    lines = "".join("<tr>" + "".join(f"<td>{_escape(cell)}</td>" for cell in row) + "</tr>" for row in rows)
    return f'<div class="scroll"><table><thead><tr>{cells}</tr></thead><tbody>{lines}</tbody></table></div>'


def _html_figure(picture: Picture, svgs: Mapping[str, str]) -> str:
    return f"<figure>{svgs[picture.name]}<figcaption>{_escape(picture.caption)}</figcaption></figure>"


def _html_sample(sample: Sample) -> str:
    badges = "".join(
        f'<span class="badge{ {True: " good", False: " bad", None: ""}[good] }">{_escape(text)}</span>'
        for text, good in [(sample.language, None), *_verdicts(sample)]
    )
    # Given text is quiet, written text is not: one sees what the model did.
    given = [f'<span class="given">{_escape(text)}</span>' if text else "" for text in (sample.prompt, sample.suffix)]
    return f'<div class="sample">{badges}{_html_block(_escape(sample.text).join(given))}</div>'


def _html_block(content: str) -> str:
    return f"<pre><code>{content}</code></pre>"


# --- Markdown ---------------------------------------------------------------------------------------------------


def _inline(text: str) -> str:
    """Text within a line or a table cell of Markdown, with nothing in it that would be read as markup."""
    return re.sub(r"([\\`*_|\[\]])", r"\\\1", html.escape(" ".join(_visible(text).split()), quote=False))


def _fence(text: str, language: str = "") -> str:
    longest = max(map(len, re.findall("`+", text)), default=0)
    fence = "`" * max(3, longest + 1)
    return f"{fence}{re.sub('[^a-z0-9+-]', '', language)}\n{_visible(text).rstrip()}\n{fence}\n"


def _markdown(run: RunReport, overview: Picture | None, pictures: Mapping[str, list[Picture]]) -> str:
    total = format_duration(sum(stage.seconds for stage in run.stages))
    parts = [f"# {_inline(run.title)}\n", f"Recipe {_inline(run.recipe)}, {len(run.stages)} stages, {total}.\n"]
    if run.summary:
        parts.append(_inline(run.summary) + "\n")
    if overview:
        parts.append(_markdown_picture(overview))
    parts += ["## Stage by stage\n", _markdown_table(*_overview_rows(run))]
    for stage in run.stages:
        parts += _markdown_stage(stage, pictures[stage.name])
    if run.usage:
        parts.append("## How to use it\n")
        parts += [f"{_inline(purpose)}\n\n{_fence(command, 'bash')}" for purpose, command in run.usage]
    parts += ["## Machine\n", _markdown_table(["what", "value"], [list(fact) for fact in run.machine.items()])]
    parts += [
        "## Configuration\n",
        "<details><summary>The resolved configuration of this run</summary>\n",
        _fence(run.configuration, "toml"),
        "</details>\n",
    ]
    return "\n".join(parts)


def _markdown_stage(stage: StageReport, pictures: Sequence[Picture]) -> list[str]:
    parts = [f"## {_inline(stage.title)}\n"]
    if stage.note:
        parts.append(_inline(stage.note) + "\n")
    if stage.metrics or stage.before:
        parts.append(_markdown_table(*_metric_rows(stage)))
    parts += [_markdown_picture(picture) for picture in pictures]
    if stage.samples:
        parts.append("### Samples\n")
    for sample in stage.samples:
        marks = [sample.language, *(text for text, _ in _verdicts(sample))]
        parts.append(_inline(" · ".join(marks)) + "\n")
        if sample.suffix:
            parts.append(f"Between this prefix and suffix:\n\n{_fence(sample.prompt + '⟨…⟩' + sample.suffix)}")
            parts.append("the model wrote:\n")
            parts.append(_fence(sample.text, sample.language))
        else:
            parts.append(_fence(sample.prompt + sample.text, sample.language))
    return parts


def _markdown_table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [[_inline(cell) for cell in head], ["---"] * len(head), *([_inline(cell) for cell in row] for row in rows)]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines) + "\n"


def _markdown_picture(picture: Picture) -> str:
    return f"![{_inline(picture.caption)}](pictures/{picture.name}.png)\n"
