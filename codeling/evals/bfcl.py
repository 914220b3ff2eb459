"""A part of the Berkeley Function Calling Leaderboard: our replies to its rows, judged by its own checker.

    rows.jsonl.gz --tools, messages--> model --calls--> bfcl-eval's ast_checker, in its own environment --> by category

Rows are read where they lie. They hold BFCL's single-turn categories of which a copy is at hand, so a score is one of
this subset and not of the leaderboard. `bfcl-eval` needs packages that would fight with ours; it gets an environment of
its own, and is asked through a pipe (bfcl_checker.py).

Source: https://gorilla.cs.berkeley.edu/leaderboard.html, PyPI `bfcl-eval` (Apache-2.0).
"""

from __future__ import annotations

import gzip
import json
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from codeling.chat.conversation import Conversation
from codeling.chat.messages import Message
from codeling.errors import Failure, UsageError
from codeling.evals.tool_replies import Mode, Replier
from codeling.evals.tool_scores import Reply
from codeling.tools.schema import Tool

_CHECKER = Path(__file__).with_name("bfcl_checker.py")
_TYPES = {
    "dict": "object", "HashMap": "object", "Hashtable": "object", "object": "object",
    "array": "array", "list": "array", "tuple": "array", "Array": "array", "ArrayList": "array", "Queue": "array",
    "Stack": "array", "Set": "array",
    "integer": "integer", "byte": "integer", "short": "integer", "long": "integer", "Bigint": "integer",
    "number": "number", "float": "number", "double": "number",
    "boolean": "boolean", "bool": "boolean", "Boolean": "boolean",
}  # fmt: skip
"""BFCL's type names -> JSON Schema's, as in its own conversion for the OpenAI API; any other is a string."""
_FOREIGN = {"simple_java": "Java", "simple_javascript": "JavaScript"}
_KEPT = ("description", "enum", "default", "required")


@dataclass(frozen=True)
class Row:
    """One question. ``functions`` and ``ground_truth`` as in the file; what the checker reads."""

    id: str
    category: str
    conversation: Conversation
    functions: Sequence[Mapping[str, Any]]
    ground_truth: Sequence[Mapping[str, Any]] | None
    """None: nothing may be called (irrelevance), or something must (live_relevance)."""


@dataclass(frozen=True)
class Judged:
    """A reply to a row. ``note``: the checker's reason, or why there is no reply."""

    row: Row
    calls: Sequence[Mapping[str, Any]]
    valid: bool
    note: str = ""


def read_rows(path: Path) -> list[Row]:
    """The rows of a file, JSON Lines, also gzipped; UsageError with the line for one that is no row."""
    rows = []
    for number, line in enumerate(_lines(path), 1):
        try:
            value = json.loads(line)
            foreign = _FOREIGN.get(value["category"])
            tools = tuple(tool_of(function, foreign=foreign) for function in value["functions"])
            messages = tuple(map(Message.from_openai, value["question"][0]))
            conversation = Conversation(messages, tools)
            rows.append(Row(value["id"], value["category"], conversation, value["functions"], value["ground_truth"]))
        except (ValueError, KeyError, TypeError, IndexError, UsageError) as error:
            raise UsageError(f"{path}:{number}: not a row of BFCL: {type(error).__name__}: {error}") from None
    return rows


def tool_of(function: Mapping[str, Any], *, foreign: str | None = None) -> Tool:
    """A function of BFCL as we offer it.

    ``foreign``: the language of Java and JavaScript functions, whose values are written as source text; so all of their
    parameters are strings, and say of which type. BFCL prepares them in the same way.

    >>> parameters = {"type": "dict", "properties": {"x": {"type": "float"}}}
    >>> tool_of({"name": "f", "description": "", "parameters": parameters}).parameters
    {'type': 'object', 'properties': {'x': {'type': 'number'}}}
    """
    parameters = function["parameters"]
    if foreign is None:
        schema = _schema(parameters)
    else:
        properties = {
            name: {
                "type": "string",
                "description": f"{value.get('description', '')} ({foreign} {value.get('type', 'any')})".strip(),
            }
            for name, value in parameters.get("properties", {}).items()
        }
        required = {"required": parameters["required"]} if parameters.get("required") else {}
        schema = {"type": "object", "properties": properties, **required}
    return Tool.from_openai({"name": function["name"], "description": function["description"], "parameters": schema})


def _schema(value: Mapping[str, Any]) -> dict[str, Any]:
    kind = _TYPES.get(str(value.get("type")), "string")
    schema: dict[str, Any] = {"type": kind}
    if kind == "object":
        schema["properties"] = {name: _schema(one) for name, one in value.get("properties", {}).items()}
    if kind == "array" and isinstance(value.get("items"), Mapping):
        schema["items"] = _schema(value["items"])
    schema |= {key: value[key] for key in _KEPT if value.get(key) not in (None, "", [])}
    if kind == "array" and "enum" in schema and "items" in schema:
        schema["items"]["enum"] = schema.pop("enum")  # meant of the items: no list is one of these words
    return schema


def answer(replier: Replier, rows: Sequence[Row], mode: Mode) -> list[Reply | None]:
    """The model's replies; where a row's schemas cannot be enforced, the free one."""
    modes: list[Mode] = [mode if mode == "free" or _is_enforceable(replier, row, mode) else "free" for row in rows]
    found: list[Reply | None] = [None] * len(rows)
    for each in dict.fromkeys(modes):
        chosen = [i for i in range(len(rows)) if modes[i] == each]
        for i, reply in zip(chosen, replier.replies([rows[i].conversation for i in chosen], each), strict=True):
            found[i] = reply
    return found


def _is_enforceable(replier: Replier, row: Row, mode: Mode) -> bool:
    try:
        replier.grammar(row.conversation, mode)
    except UsageError:
        return False
    return True


def judge_rows(rows: Sequence[Row], replies: Sequence[Reply | None], *, python: Path) -> list[Judged]:
    """``python``: the interpreter of an environment that has `bfcl-eval`. A row without a reply is wrong."""
    calls = [
        [{call.name: call.arguments} for call in reply.parsed.calls] if reply is not None else [] for reply in replies
    ]
    asked = [i for i, row in enumerate(rows) if row.ground_truth is not None and replies[i] is not None]
    verdicts = dict(zip(asked, _check([_line(rows[i], calls[i]) for i in asked], python), strict=True))
    judged = []
    for i, row in enumerate(rows):
        if replies[i] is None:
            judged.append(Judged(row, calls[i], valid=False, note="longer than the context"))
        elif i in verdicts:
            judged.append(Judged(row, calls[i], valid=verdicts[i]["valid"], note=verdicts[i]["error"]))
        else:
            wanted = row.category == "live_relevance"
            judged.append(Judged(row, calls[i], valid=bool(calls[i]) == wanted))
    return judged


def by_category(judged: Sequence[Judged]) -> dict[str, dict[str, float]]:
    """``rows``, ``accuracy`` and ``too_long`` (a share) of each category, and of ``all`` rows."""
    groups: dict[str, list[Judged]] = {}
    for one in judged:
        groups.setdefault(one.row.category, []).append(one)
    return {
        name: {
            "rows": len(group),
            "accuracy": sum(one.valid for one in group) / len(group),
            "too_long": sum(one.note == "longer than the context" for one in group) / len(group),
        }
        for name, group in [*sorted(groups.items()), ("all", list(judged))]
        if group
    }


def _line(row: Row, calls: Sequence[Mapping[str, Any]]) -> str:
    return json.dumps(
        {
            "category": row.category,
            "functions": list(row.functions),
            "ground_truth": row.ground_truth,
            "calls": list(calls),
        }
    )


def _check(lines: Sequence[str], python: Path) -> list[dict[str, Any]]:
    # Isolated: neither this folder nor the user's packages are on its path.
    done = subprocess.run([python, "-I", _CHECKER], input="\n".join(lines), capture_output=True, text=True, check=False)
    verdicts = [json.loads(line) for line in done.stdout.splitlines()]
    if done.returncode or len(verdicts) != len(lines):
        raise Failure(f"{python}: BFCL's checker failed: {done.stderr.strip()[-2000:] or 'it said nothing'}")
    return verdicts


def _lines(path: Path) -> Iterator[str]:
    opened = gzip.open if path.suffix == ".gz" else open
    with opened(path, "rt", encoding="utf-8") as file:
        yield from file
