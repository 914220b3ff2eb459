"""What an executor gets beside its arguments, and how it says no.

An executor answers with JSON text that fits into ``ToolContext.max_characters``, whatever the program printed or the
file holds: the model's context is small, and a cut is always said where it was made.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from codeling.sandbox.limits import Limits
from codeling.sandbox.workspace import Workspace
from codeling.tools.schema import Tool


class ToolError(Exception):
    """A call cannot be carried out as it was made; the message is for the model, which may try again."""


@dataclass(frozen=True)
class ToolContext:
    """One conversation's tools: where their files live and what they may use.

    >>> with Workspace() as workspace:  # doctest: +SKIP
    ...     execute(CATALOG["execute_python"], {"code": "print(1 + 1)"}, ToolContext(workspace))
    '{"exit_code": 0, "stdout": "2\\\\n"}'
    """

    workspace: Workspace
    """The files that programs, ``read_file``, ``write_file`` and ``list_files`` share."""
    limits: Limits = field(default_factory=Limits)
    unsafe: bool = False
    """Run programs without a sandbox (``--unsafe-exec``)."""
    max_characters: int = 4000
    """Of an answer's longest text; the JSON around it comes on top."""


Executor = Callable[[dict[str, Any], ToolContext], str]
"""(arguments that fit the tool's schema, context) -> JSON text. Says no with a ToolError."""


@dataclass(frozen=True)
class ExecutableTool:
    """A tool that really runs."""

    tool: Tool
    execute: Executor
    runs_code: bool = False
    """Needs a sandbox."""


def to_json(value: Any) -> str:
    """The text of an answer; in the separators of ``json.dumps``, like all JSON that the model sees."""
    return json.dumps(value, ensure_ascii=False)


def shorten(text: str, limit: int) -> str:
    """``text``, or, beyond ``limit`` characters, its beginning and end with a note between them.

    The end gets a third: errors stand there. The note is not counted.

    >>> shorten("0123456789", 6)
    '0123\\n[... 4 characters left out ...]\\n89'
    """
    if len(text) <= limit:
        return text
    tail = limit // 3
    left_out = len(text) - limit
    return f"{text[: limit - tail]}\n[... {left_out} characters left out ...]\n{text[len(text) - tail :]}"
