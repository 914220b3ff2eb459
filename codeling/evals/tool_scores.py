"""Replies to questions about tools, judged against the expected ones: exact, and without a model.

    expected message, reply --judge--> Verdict (counts) --measures--> shares by name

A call is right when its name and its arguments are; ``1`` and ``1.0`` are the same JSON number, ``1`` and ``true`` are
not the same value. Calls of one reply are compared as a multiset: their order is free, a call made twice counts twice.
A question that did not fit into the context was not answered, which is wrong, not left out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from codeling.chat.messages import Message
from codeling.data.tool_conversations import ToolExample
from codeling.tools.calls import ParsedReply, ToolCall
from codeling.tools.schema import Tool, check_arguments


@dataclass(frozen=True)
class Reply:
    """What a model wrote, read."""

    parsed: ParsedReply
    cut: bool = False
    """Its limit of tokens ended it."""
    half_call: bool = False
    """The limit fell into a call, which is the last of ``parsed.errors``."""

    @property
    def malformed(self) -> int:
        """Blocks that are no call, through the model's own fault."""
        return len(self.parsed.errors) - self.half_call


@dataclass(frozen=True)
class Verdict:
    """One reply against the expected one."""

    kind: str
    """single, parallel, multi_turn, clarify or irrelevant."""
    turn: str
    """What the last request is; for irrelevant ones chat, question or unoffered."""
    num_tools: int
    due: int
    """Calls that are expected; 0: none may be made."""
    named: int = 0
    """Of these, calls with the right name that were made."""
    exact: int = 0
    """Of these, calls with the right arguments too."""
    written: int = 0
    """Calls that were made, and blocks that were meant as some; without one that the token limit cut."""
    malformed: int = 0
    """Of these, no call at all."""
    valid: int = 0
    """Of these, calls of an offered tool with arguments that fit its schema."""
    asks: bool = False
    """The reply calls nothing and asks something."""
    right: bool = False
    """The whole reply: exactly the calls that are due; a question where one is due; else words and no call."""
    silent: bool = False
    """The reply neither makes nor begins a call."""
    cut: bool = False
    too_long: bool = False
    """The question did not fit into the context, so there is no reply."""


def judge(example: ToolExample, reply: Reply | None) -> Verdict:
    """``reply`` to all but the last message of the example's conversation; None: the question was too long to ask."""
    expected = example.conversation.messages[-1]
    about = (example.kind, example.turns[-1], len(example.conversation.tools), len(expected.tool_calls))
    if reply is None:
        return Verdict(*about, too_long=True)
    calls = reply.parsed.calls
    named, exact = matches(expected.tool_calls, calls)
    silent = not calls and not reply.parsed.errors
    return Verdict(
        *about,
        named=named,
        exact=exact,
        written=len(calls) + reply.malformed,
        malformed=reply.malformed,
        valid=sum(fits(call, example.conversation.tools) for call in calls),
        asks=silent and "?" in reply.parsed.content,
        right=_is_right(example, expected, reply, exact=exact),
        silent=silent,
        cut=reply.cut,
    )


def matches(expected: Sequence[ToolCall], made: Sequence[ToolCall]) -> tuple[int, int]:
    """How many of the ``expected`` calls were made: by name, and with their exact arguments; as multisets.

    >>> matches([ToolCall("f", {"n": 1}), ToolCall("f", {"n": 2})], [ToolCall("f", {"n": 2}), ToolCall("g")])
    (1, 1)
    """
    left = list(made)
    missing = []
    exact = 0
    for call in expected:
        same = next((i for i, one in enumerate(left) if is_same_call(one, call)), None)
        if same is None:
            missing.append(call)
        else:
            exact += 1
            del left[same]
    named = exact
    for call in missing:
        same = next((i for i, one in enumerate(left) if one.name == call.name), None)
        if same is not None:
            named += 1
            del left[same]
    return named, exact


def is_same_call(one: ToolCall, other: ToolCall) -> bool:
    """Whether two calls mean the same; their ids do not matter, nor the order of their arguments."""
    return one.name == other.name and _same(one.arguments, other.arguments)


def fits(call: ToolCall, tools: Sequence[Tool]) -> bool:
    """Whether a call is one that a runtime would carry out: of an offered tool, with arguments that fit its schema."""
    tool = next((tool for tool in tools if tool.name == call.name), None)
    return tool is not None and not check_arguments(tool, call.arguments)


def measures(verdicts: Iterable[Verdict]) -> dict[str, float]:
    """Shares by name; one that has nothing to be a share of is left out.

    Of the calls that are due: ``name_share``, ``exact_share``; ``parallel_name_share`` and so on by kind.
    Of the replies: ``reply_share`` (right as a whole), by kind ``single_share``, ``parallel_share``,
    ``multi_turn_share`` and ``clarified_share`` (the call after the missing argument came), ``cut_share``,
    ``too_long_share``.
    Of the requests that no call is due for: ``irrelevance_share`` (none was made), apart for ``chat_share``,
    ``question_share`` and ``unoffered_share``; ``clarify_share``: of those with a missing argument, asked for it.
    Of the calls that were written: ``valid_share`` (an offered tool, fitting arguments), ``malformed_share``.
    """
    rows = list(verdicts)
    due = [row for row in rows if row.due]
    idle = [row for row in rows if not row.due]
    found: dict[str, float | None] = {
        "name_share": _ratio(due, lambda row: row.named, lambda row: row.due),
        "exact_share": _ratio(due, lambda row: row.exact, lambda row: row.due),
        "reply_share": _share(rows, lambda row: row.right),
        "irrelevance_share": _share(idle, lambda row: row.silent),
    }
    for kind in ("single", "parallel", "multi_turn", "clarify"):
        of_kind = [row for row in due if row.kind == kind]
        name = "clarified" if kind == "clarify" else kind
        found[f"{name}_share"] = _share(of_kind, lambda row: row.right)
        found[f"{name}_name_share"] = _ratio(of_kind, lambda row: row.named, lambda row: row.due)
        found[f"{name}_exact_share"] = _ratio(of_kind, lambda row: row.exact, lambda row: row.due)
    found["clarify_share"] = _share([row for row in idle if row.kind == "clarify"], lambda row: row.asks)
    for turn in ("chat", "question", "unoffered"):
        found[f"{turn}_share"] = _share([row for row in idle if row.turn == turn], lambda row: row.silent)
    found["valid_share"] = _ratio(rows, lambda row: row.valid, lambda row: row.written)
    found["malformed_share"] = _ratio(rows, lambda row: row.malformed, lambda row: row.written)
    found["cut_share"] = _share(rows, lambda row: row.cut)
    found["too_long_share"] = _share(rows, lambda row: row.too_long)
    return {name: value for name, value in found.items() if value is not None}


def by_tools(verdicts: Iterable[Verdict]) -> dict[int, list[Verdict]]:
    """The verdicts by the number of tools that were offered, ascending."""
    groups: dict[int, list[Verdict]] = {}
    for verdict in verdicts:
        groups.setdefault(verdict.num_tools, []).append(verdict)
    return dict(sorted(groups.items()))


def _is_right(example: ToolExample, expected: Message, reply: Reply, *, exact: int) -> bool:
    content, calls, errors = reply.parsed.content, reply.parsed.calls, reply.parsed.errors
    if errors:
        return False
    if expected.tool_calls:
        return exact == len(expected.tool_calls) == len(calls)
    return not calls and ("?" in content if example.kind == "clarify" else bool(content.strip()))


def _same(one: Any, other: Any) -> bool:
    if isinstance(one, bool) or isinstance(other, bool):
        return one is other
    if isinstance(one, Mapping) and isinstance(other, Mapping):
        return one.keys() == other.keys() and all(_same(value, other[key]) for key, value in one.items())
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(_same, one, other))
    return bool(one == other)


def _ratio(rows: Sequence[Verdict], part: Callable[[Verdict], int], whole: Callable[[Verdict], int]) -> float | None:
    total = sum(map(whole, rows))
    return sum(map(part, rows)) / total if total else None


def _share(rows: Sequence[Verdict], holds: Callable[[Verdict], bool]) -> float | None:
    return sum(map(holds, rows)) / len(rows) if rows else None
