"""``analyze_code``: syntax, complexity of each function, and what ruff finds. Nothing of the code is executed."""

from __future__ import annotations

import json
import shutil
import subprocess
import sysconfig
from functools import lru_cache
from pathlib import Path
from typing import Any

from codeling.sandbox.run import run
from codeling.tools.context import ToolContext, ToolError, to_json

_PROGRAM = Path(__file__).with_name("analysis_program.py")
MAX_CODE = 100_000
"""Characters of code; more is no question about a piece of code but a runaway generation."""
MAX_FINDINGS = 20
# Errors, unused and undefined names, likely bugs; not how it is laid out.
_RULES = "E4,E7,E9,F,W6,B,C4,SIM"
_RUFF_SECONDS = 10.0


def analyze_code(arguments: dict[str, Any], context: ToolContext) -> str:
    """``{"valid", "lines", "functions": [{"name", "line", "complexity"}], "findings": [{"line", "code", "message"}]}``.

    Code that does not parse: ``{"valid": false, "error": "line 1, column 5: ..."}``. ``findings`` come from ruff,
    and a note takes their place where it is not installed.
    """
    code = arguments["code"]
    if len(code) > MAX_CODE:
        raise ToolError(f"the code has {len(code)} characters; at most {MAX_CODE} are analyzed")
    parsed = _parse(code, context)
    if error := parsed.get("syntax_error"):
        place = f"line {error['line']}, column {error['column']}: " if error["line"] else ""
        return to_json({"valid": False, "error": place + error["message"]})
    answer: dict[str, Any] = {"valid": True, "lines": parsed["lines"], "functions": parsed["functions"]}
    findings = ruff_findings(code)
    notes = []
    if findings is None:
        notes.append("ruff is not installed, so there are no findings")
    else:
        answer["findings"] = findings[:MAX_FINDINGS]
    hidden = {
        "functions": parsed["num_functions"] - len(parsed["functions"]),
        "findings": len(findings or ()) - MAX_FINDINGS,
    }
    notes += [f"{number} more {what} are not shown" for what, number in hidden.items() if number > 0]
    return to_json(answer | ({"note": "; ".join(notes)} if notes else {}))


def _parse(code: str, context: ToolContext) -> dict[str, Any]:
    result = run(
        "python",
        _PROGRAM.read_text(encoding="utf-8"),
        stdin=code.encode("utf-8", "surrogatepass").decode("utf-8", "replace"),
        limits=context.limits,
        unsafe=context.unsafe,
    )
    if result.status != "ok":
        # The parser's own limits were exceeded, in whichever way: out of stack, of memory or of time.
        return {"syntax_error": {"line": None, "message": f"the parser gave up ({result.status})"}}
    return json.loads(result.stdout)


def ruff_findings(code: str) -> list[dict[str, Any]] | None:
    """``{"line", "code", "message"}`` for each finding, in order; None where ruff is absent or cannot read it."""
    ruff = _find_ruff()
    if ruff is None:
        return None
    command = [ruff, "check", "--isolated", "--no-cache", "--select", _RULES, "--output-format", "json"]
    try:
        done = subprocess.run(
            [*command, "--stdin-filename", "code.py", "-"],
            input=code.encode("utf-8", "replace"), capture_output=True, timeout=_RUFF_SECONDS, check=False,
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        return None
    if done.returncode not in (0, 1):  # 1 is: something was found
        return None
    found = [
        {"line": item["location"]["row"], "code": item["code"] or "", "message": item["message"]}
        for item in json.loads(done.stdout)
    ]
    return sorted(found, key=lambda item: (item["line"], item["code"]))


@lru_cache(maxsize=1)
def _find_ruff() -> str | None:
    """The program beside this interpreter, else the one on PATH."""
    return shutil.which("ruff", path=sysconfig.get_path("scripts")) or shutil.which("ruff")
