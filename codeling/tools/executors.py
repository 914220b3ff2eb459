"""Programs and documentation as tools, and the one way to run any tool: ``execute``, which always has an answer."""

from __future__ import annotations

import traceback
from dataclasses import replace
from typing import Any, Literal

from codeling.errors import Failure, UsageError
from codeling.sandbox.run import run
from codeling.tools.context import ExecutableTool, ToolContext, ToolError, shorten, to_json
from codeling.tools.documentation import python_documentation
from codeling.tools.schema import check_arguments


def execute(tool: ExecutableTool, arguments: Any, context: ToolContext) -> str:
    """What ``tool`` answers: JSON text, ``{"error": "..."}`` for whatever keeps it from doing what was asked.

    Arguments that do not fit the schema, an absent file, a machine without a sandbox, a fault of the tool itself: the
    model reads the reason, and the conversation goes on.
    """
    # Schemas do without this line, which would cost every prompt; an argument that is ignored would mislead, though.
    strict = {"additionalProperties": False} | tool.tool.parameters
    if problems := check_arguments(replace(tool.tool, parameters=strict), arguments):
        return error_text("; ".join(problems))
    try:
        return tool.execute(arguments, context)
    except (ToolError, UsageError, Failure, OSError) as error:
        return error_text(str(error))
    except Exception as error:
        # A fault of the tool: the model can go on without it, and a person finds the place in the log.
        place = traceback.extract_tb(error.__traceback__)[-1]
        return error_text(f"{tool.tool.name} broke: {type(error).__name__}: {error} ({place.filename}:{place.lineno})")


def error_text(message: str) -> str:
    """The answer of a call that could not be carried out."""
    return to_json({"error": shorten(message, 1000)})


def execute_python(arguments: dict[str, Any], context: ToolContext) -> str:
    """Run ``code`` as a script; see ``_run_program`` for the answer."""
    return _run_program("python", arguments, context)


def execute_bash(arguments: dict[str, Any], context: ToolContext) -> str:
    """Run ``command`` with bash; see ``_run_program`` for the answer."""
    return _run_program("bash", arguments, context)


def _run_program(language: Literal["python", "bash"], arguments: dict[str, Any], context: ToolContext) -> str:
    """``{"exit_code": 0, "stdout": "..."}``, with ``stderr`` if there is some and ``status`` if it was stopped.

    No times and no memory: the same program gives the same answer, on every machine.
    """
    result = run(
        language,
        arguments["code" if language == "python" else "command"],
        stdin=arguments.get("stdin", ""),
        limits=context.limits,
        workspace=context.workspace,
        unsafe=context.unsafe,
    )
    answer: dict[str, Any] = {"exit_code": result.exit_code, "stdout": shorten(result.stdout, context.max_characters)}
    if result.stderr:
        answer["stderr"] = shorten(result.stderr, context.max_characters // 2)
    if result.status not in ("ok", "error"):
        answer["status"] = result.status
    if result.dropped_files:
        answer["note"] = f"{result.dropped_files} files were not kept: too many, too large, or not plain files"
    return to_json(answer)


def search_docs(arguments: dict[str, Any], context: ToolContext) -> str:
    """``{"results": [{"name", "kind", "signature", "text"}]}``, the best first, texts cut to share the room."""
    count = arguments.get("limit", 3)
    found = python_documentation().search(arguments["query"], limit=count)
    if not found:
        raise ToolError(f"nothing in Python's documentation matches {arguments['query']!r}; try other words")
    room = min(600, context.max_characters // len(found))
    results = []
    for entry in found:
        result = {"name": entry.name, "kind": entry.kind, "signature": entry.signature, "text": entry.text}
        result["text"] = result["text"] if len(entry.text) <= room else entry.text[:room].rstrip() + "..."
        results.append({key: value for key, value in result.items() if value})
    return to_json({"results": results})
