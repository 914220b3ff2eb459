"""The tools that really run: a schema and an executor each. Adding one is adding an entry here.

Descriptions are short on purpose: the models that read them are small, and every offered tool costs context.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from codeling.config import did_you_mean
from codeling.errors import UsageError
from codeling.tools.analysis import analyze_code
from codeling.tools.context import ExecutableTool, Executor
from codeling.tools.executors import execute_bash, execute_python, search_docs
from codeling.tools.schema import Tool
from codeling.tools.testing import run_tests
from codeling.tools.workspace_files import list_files, read_file, write_file

_TEXT = {"type": "string"}
_LINE = {"type": "integer", "minimum": 1}


def _tool(
    execute: Executor,
    description: str,
    properties: dict[str, Any],
    *,
    required: tuple[str, ...] = (),
    runs_code: bool = False,
) -> ExecutableTool:
    parameters: dict[str, Any] = {"type": "object", "properties": properties}
    if required:
        parameters["required"] = list(required)
    return ExecutableTool(Tool(execute.__name__, description, parameters), execute, runs_code)


_TOOLS = (
    _tool(execute_python, "Run Python code", {"code": _TEXT, "stdin": _TEXT}, required=("code",), runs_code=True),
    _tool(
        execute_bash, "Run a Bash command", {"command": _TEXT, "stdin": _TEXT}, required=("command",), runs_code=True
    ),
    _tool(run_tests, "Run Python tests: code, or test files in path", {"code": _TEXT, "path": _TEXT}, runs_code=True),
    _tool(
        analyze_code,
        "Check Python code: syntax, complexity, likely bugs",
        {"code": _TEXT},
        required=("code",),
        runs_code=True,
    ),
    _tool(
        search_docs,
        "Search Python's documentation",
        {"query": {"type": "string", "minLength": 1}, "limit": {"type": "integer", "minimum": 1, "maximum": 10}},
        required=("query",),
    ),
    _tool(
        read_file,
        "Read a file, or some of its lines",
        {"path": _TEXT, "first_line": _LINE, "last_line": _LINE},
        required=("path",),
    ),
    _tool(
        write_file,
        "Write text to a file",
        {"path": _TEXT, "content": _TEXT, "append": {"type": "boolean"}},
        required=("path", "content"),
    ),
    _tool(list_files, "List the files of a folder", {"path": _TEXT}),
)

CATALOG: dict[str, ExecutableTool] = {entry.tool.name: entry for entry in _TOOLS}
"""By name, in the order in which they are offered."""


def choose_tools(names: Iterable[str]) -> dict[str, ExecutableTool]:
    """The tools called ``names``; ``all`` and ``none`` stand for what they say. UsageError for an unknown name.

    >>> list(choose_tools(["read_file", "write_file"]))
    ['read_file', 'write_file']
    """
    chosen: dict[str, ExecutableTool] = {}
    for name in names:
        if name == "all":
            chosen |= CATALOG
        elif name in CATALOG:
            chosen[name] = CATALOG[name]
        elif name != "none":
            raise UsageError(f"no tool {name!r}{did_you_mean(name, [*CATALOG, 'all', 'none'])}")
    return chosen
