"""analyze_code: syntax, complexity, findings."""

import json
import subprocess
import sys

import pytest

from codeling.tools import analysis
from codeling.tools.analysis import MAX_CODE, MAX_FINDINGS, ruff_findings
from codeling.tools.analysis_program import analyze

pytestmark = pytest.mark.usefixtures("sandbox")

# (a function's body, its decisions)
BODIES = [
    ("return 1", 0),
    ("if x: return 1\n    elif y: return 2\n    else: return 3", 2),
    ("for i in x:\n        while y: pass", 2),
    ("return x and y or not x", 2),
    ("return [i for i in x if i if y]", 3),
    ("return 1 if x else 2", 1),
    ("try: pass\n    except ValueError: pass\n    except KeyError: pass\n    finally: pass", 2),
    ("assert x", 1),
    ("with x: pass", 0),
    ("match x:\n        case 1: pass\n        case [a] if a: pass\n        case _: pass", 2),
    ("return lambda: x if y else 0", 1),
    ("def inner():\n        if x: pass\n    return inner", 0),
]


@pytest.mark.parametrize(("body", "decisions"), BODIES)
def test_complexity(body, decisions):
    found = analyze(f"async def f(x, y):\n    {body}\n")["functions"]
    assert found[0] == {"name": "f", "line": 1, "complexity": 1 + decisions}


def test_complexity_agrees_with_ruff():
    """C901 counts the same decisions, less those inside expressions; so only bodies without them are compared."""
    plain = [body for body, _ in BODIES if not any(word in body for word in (" and ", "for i in x if", "1 if", "assert",
                                                                             "lambda", "match", "inner"))]  # fmt: skip
    code = "\n\n".join(f"def f{i}(x, y):\n    {body}\n" for i, body in enumerate(plain))
    command = [sys.executable, "-m", "ruff", "check", "--isolated", "--no-cache", "--select", "C901",
               "--output-format", "json", "--config", "lint.mccabe.max-complexity=0", "-"]  # fmt: skip
    found = json.loads(subprocess.run(command, input=code, capture_output=True, text=True, check=False).stdout)
    theirs = {item["message"].split("`")[1]: int(item["message"].split("(")[1].split(" ")[0]) for item in found}
    assert len(theirs) == len(plain) == 5
    assert theirs == {function["name"]: function["complexity"] for function in analyze(code)["functions"]}


def test_methods_and_nested_functions_have_their_whole_names():
    code = "class A:\n    def b(self):\n        def c(): pass\n        class D:\n            def e(self): pass\n"
    assert [function["name"] for function in analyze(code)["functions"]] == ["A.b", "A.b.c", "A.b.D.e"]


def test_findings(call):
    answer = call("analyze_code", code="import os\n\n\ndef f(items=[]):\n    return undefined\n")
    assert answer["valid"] and answer["lines"] == 5
    assert [(one["line"], one["code"]) for one in answer["findings"]] == [(1, "F401"), (4, "B006"), (5, "F821")]
    clean = call("analyze_code", code="def f(x):\n    return x\n")
    assert clean == {
        "valid": True, "lines": 2, "functions": [{"name": "f", "line": 1, "complexity": 1}], "findings": [],
    }  # fmt: skip


def test_nothing_is_executed(call, tmp_path):
    target = tmp_path / "touched"
    assert call("analyze_code", code=f"open({str(target)!r}, 'w')\n")["valid"]
    assert not target.exists() and call("list_files") == {"files": []}


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        ("def f(:", "line 1, column 7: invalid syntax"),
        ("x = 1\n y = 2", "line 2"),
        ("'" * 3, "line 1"),
        ("(" * 5000, "too many nested"),
        ("-" * 90_000 + "1", "parser"),
        ("\0", "null bytes"),
    ],
)
def test_code_that_does_not_parse(call, code, reason):
    answer = call("analyze_code", code=code)
    assert answer["valid"] is False and reason in answer["error"], answer


def test_long_answers_are_cut_and_say_so(call):
    code = "".join(f"import unused_{n}\n" for n in range(30)) + "".join(f"def f{n}(): pass\n" for n in range(50))
    answer = call("analyze_code", code=code)
    assert len(answer["findings"]) == MAX_FINDINGS and len(answer["functions"]) == 20
    assert "30 more functions" in answer["note"] and "more findings" in answer["note"]
    assert "at most" in call("analyze_code", code="x" * (MAX_CODE + 1))["error"]


def test_without_ruff_a_note_says_so(call, monkeypatch):
    monkeypatch.setattr(analysis, "_find_ruff", lambda: None)
    assert ruff_findings("import os") is None
    answer = call("analyze_code", code="import os")
    assert "findings" not in answer and "ruff is not installed" in answer["note"]
