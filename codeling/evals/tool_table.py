"""The suite's scores as text for a terminal."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from codeling.evals.report import Sample, format_duration
from codeling.evals.tool_scores import Verdict, by_tools, measures

_TITLES = {
    "test_seen": "seen tools, new phrasings",
    "test_unseen": "tools never seen in training",
    "own": "replies of your own conversations",
}
_COLUMNS = {
    "name_share": "name",
    "exact_share": "exact",
    "reply_share": "reply",
    "single_share": "single",
    "parallel_share": "parallel",
    "multi_turn_share": "later",
    "irrelevance_share": "no call",
    "clarify_share": "asks",
    "valid_share": "valid",
    "cut_share": "cut",
}
_LEGEND = """\
name, exact: calls that are due, made under the right name, with the exact arguments too; reply: whole replies right;
single, parallel, later: whole replies right that are one call, several, calls after other turns; no call: none made
where none is due; asks: for a missing argument; valid: calls that parse and fit their schema; cut: replies ended by
--max-tokens. required: a grammar that allows calls only, asked where a call is due."""
_KINDS = {
    "chat_share": "no call in small talk",
    "question_share": "no call for a question of knowledge",
    "unoffered_share": "no call for a wish that no tool meets",
    "clarified_share": "right call after the missing argument came",
    "parallel_exact_share": "exact calls among parallel ones",
    "multi_turn_exact_share": "exact calls after other turns",
    "malformed_share": "calls that are none (bad JSON)",
    "too_long_share": "questions longer than the context",
    "executed_call_share": "executed: right call",
    "executed_answer_share": "executed: the result is in the answer",
    "executed_share": "executed: right from question to answer",
}


class SupportsMeasures(Protocol):
    """What a table needs of a split's scores."""

    @property
    def verdicts(self) -> Mapping[str, Sequence[Verdict]]: ...

    def measures(self, name: str) -> dict[str, float]: ...


def table(splits: Mapping[str, SupportsMeasures], facts: Mapping[str, Any], samples: Sequence[Sample] = ()) -> str:
    """Samples, then for each split: ways of answering as rows, details, and scores by the number of offered tools."""
    lines = [line for sample in samples for line in _sample_lines(sample)]
    for split, scores in splits.items():
        main = next(iter(scores.verdicts))
        lines += [f"=== {_TITLES[split]}: {len(scores.verdicts[main])} questions", ""]
        width = max(map(len, scores.verdicts)) + 2
        lines.append(" " * width + "".join(f"{title:>10}" for title in _COLUMNS.values()))
        for name in scores.verdicts:
            found = scores.measures(name)
            lines.append(f"{name:{width}}" + "".join(f"{_percent(found.get(column)):>10}" for column in _COLUMNS))
        found = scores.measures(main)
        lines += ["", *(f"  {label:45}{_percent(found[name]):>8}" for name, label in _KINDS.items() if name in found)]
        lines += ["", *_by_tools_lines(scores.verdicts[main]), ""]
    if facts.get("refused_rows"):
        lines += [f"Refused: {facts['refused_rows']:,} rows, the first: {facts['first_refused_row']}", ""]
    lines += [_LEGEND, "", f"{facts['checkpoint']}: {format_duration(facts['seconds'])}"]
    return "\n".join(lines)


def _by_tools_lines(verdicts: Sequence[Verdict]) -> list[str]:
    groups = by_tools(verdicts)
    rows = {name: _COLUMNS[name] for name in ("name_share", "exact_share", "reply_share", "irrelevance_share")}
    found = {number: measures(group) for number, group in groups.items()}
    head = f"  {'offered tools':16}" + "".join(f"{number:>9}" for number in groups)
    return [head] + [
        f"  {label:16}" + "".join(f"{_percent(found[number].get(name)):>9}" for number in groups)
        for name, label in rows.items()
    ]


def _sample_lines(sample: Sample) -> list[str]:
    right = "right" if sample.verdicts.get("right") else "WRONG"
    given = [f"  {line}" for line in sample.prompt.splitlines()]
    written = [f"  > {line}" for line in sample.text.splitlines()]
    expected = sample.verdicts.get("expected")
    due = [f"  expected: {expected}"] if expected else []
    return [f"--- {sample.language}: {right}", *given, *written, *due, ""]


def _percent(value: float | None) -> str:
    return "" if value is None else f"{100 * value:.1f} %"
