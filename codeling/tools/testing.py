"""``run_tests``: test functions and unittest cases, in the sandbox, with counts and what failed.

``testing_program`` runs there and reports every test as a line; this file reads the lines. So a test that hangs or
kills its process is named, and those before it keep their outcomes.
"""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

from codeling.sandbox.result import Result
from codeling.sandbox.run import run
from codeling.tools.context import ToolContext, ToolError, shorten, to_json
from codeling.tools.workspace_files import files_below, is_folder, read_text

_PROGRAM = Path(__file__).with_name("testing_program.py")
MAX_FAILURES = 10
"""Failures shown."""
OUTCOMES = ("passed", "failed", "error", "skipped")


def run_tests(arguments: dict[str, Any], context: ToolContext) -> str:
    """``{"passed", "failed", "errors", "skipped", "failures": [{"test", "message"}]}``.

    Tests come from ``code``, or from ``path``: a file, or a folder's files ``test_*.py`` and ``*_test.py`` (default:
    the whole workspace). Programs find the workspace's modules by name, as tests run beside them would.
    """
    if "code" in arguments:
        if "path" in arguments:
            raise ToolError("give code or path, not both")
        job: dict[str, Any] = {"code": arguments["code"]}
    else:
        job = {"paths": _test_files(arguments.get("path", "."), context)}
    result = run(
        "python",
        _PROGRAM.read_text(encoding="utf-8"),
        stdin=json.dumps(job),
        limits=context.limits,
        workspace=context.workspace,
        unsafe=context.unsafe,
    )
    return to_json(_summary(result, context.max_characters))


def _test_files(path: str, context: ToolContext) -> list[str]:
    if not is_folder(path, context):
        read_text(path, context)  # its ToolError says what is wrong with it
        return [path]
    found = [name for name in files_below(path, context) if _is_test(name.rpartition("/")[2])]
    if not found:
        raise ToolError(
            f"there is no test_*.py or *_test.py in {path}; write_file makes one, or give the tests as code"
        )
    return found


def _is_test(name: str) -> bool:
    return name.endswith(".py") and (name.startswith("test_") or name.endswith("_test.py"))


def _summary(result: Result, max_characters: int) -> dict[str, Any]:
    counts: Counter[str] = Counter()
    failures: list[dict[str, str]] = []
    running: str | None = None
    for line in result.stdout.splitlines():
        event = _event(line)
        if event is None:
            continue
        if "start" in event:
            running = event["start"]
            continue
        running = None
        counts[event["outcome"]] += 1
        if event["outcome"] in ("failed", "error"):
            failures.append({"test": event["end"], "message": event["message"]})
    answer: dict[str, Any] = {
        "passed": counts["passed"],
        "failed": counts["failed"],
        "errors": counts["error"],
        "skipped": counts["skipped"],
    }
    if failures:
        answer["failures"] = _bounded(failures, max_characters)
    if result.status != "ok" or running is not None:
        answer["error"] = _stopped(result, running)
    elif not counts:
        answer["error"] = "there are no tests: functions test_... or classes of unittest.TestCase"
    return answer


def _event(line: str) -> dict[str, str] | None:
    """A line of the report; None for what is none (a run cut in the middle of one)."""
    try:
        event = json.loads(line)
    except ValueError:
        return None
    if not isinstance(event, dict) or not all(isinstance(value, str) for value in event.values()):
        return None
    return (
        event if "start" in event or ({"end", "message"} <= event.keys() and event.get("outcome") in OUTCOMES) else None
    )


def _bounded(failures: list[dict[str, str]], max_characters: int) -> list[dict[str, str]]:
    room = max(100, max_characters // min(len(failures), MAX_FAILURES))
    shown = [{"test": one["test"], "message": shorten(one["message"], room)} for one in failures[:MAX_FAILURES]]
    if len(failures) > MAX_FAILURES:
        shown.append({"test": "...", "message": f"{len(failures) - MAX_FAILURES} more failures are not shown"})
    return shown


def _stopped(result: Result, running: str | None) -> str:
    place = f" in {running}" if running else ""
    code = "" if result.exit_code is None else f", exit code {result.exit_code}"
    return f"the tests were ended{place}: {result.status}{code}"
