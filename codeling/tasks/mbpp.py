"""Tasks from files: rows of MBPP (Austin et al. 2021, https://arxiv.org/abs/2108.07732) and of HumanEval (Chen et al.
2021, https://arxiv.org/abs/2107.03374), JSON Lines, plain or .gz.

Their assertions become expressions and the values they must have, because values are compared outside of the sandbox
(`codeling.tasks.grading`). An assertion that has no such form is left out; a row of which too little remains is
reported, never dropped in silence.
"""

from __future__ import annotations

import ast
import gzip
import json
import sys
import textwrap
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from codeling.errors import UsageError
from codeling.tasks.task import PythonTest, Task

_FIELDS = {
    "mbpp": ("task_id", "prompt", "code", "tests"),
    "humaneval": ("task_id", "prompt", "entry_point", "canonical_solution", "test"),
}
_OTHER_NAMES = {
    "text": "prompt",
    "test_list": "tests",
    "test_setup_code": "test_setup",
    "test_imports": "test_setup",
    "challenge_test_list": "challenge_tests",
}
"""As MBPP itself, and its sanitized half, name their fields."""


class _Unfit(Exception):
    """Why a row makes no task."""


def _to_stderr(message: str) -> None:
    print(message, file=sys.stderr)


def mbpp_tasks(path: Path | str, *, on_problem: Callable[[str], None] = _to_stderr) -> Iterator[Task]:
    """The tasks of a file, in order, ids ``mbpp/601`` or ``humaneval/12``; ``on_problem`` is told of every row that
    makes none, and why. A file that cannot be read is a UsageError.

    Whether a row's own solution passes its tests, only running tells: `codeling.tasks.grading.Grader.working`.
    """
    path = Path(path)
    if not path.is_file():
        raise UsageError(f"{path}: no such file; needs rows of MBPP or HumanEval (jsonl, or jsonl.gz)")
    with gzip.open(path, "rt", encoding="utf-8") if path.suffix == ".gz" else path.open(encoding="utf-8") as file:
        for number, line in enumerate(file, 1):
            if line.strip():
                try:
                    yield _task(line)
                except _Unfit as reason:
                    on_problem(f"{path.name}:{number}: {reason}")


def _task(line: str) -> Task:
    try:
        row = json.loads(line)
    except ValueError as error:
        raise _Unfit(f"not valid JSON: {error}") from None
    if isinstance(row, dict):
        row = {_OTHER_NAMES.get(str(name), str(name)): value for name, value in row.items()}
    for kind, fields in _FIELDS.items():
        if isinstance(row, dict) and all(field in row for field in fields):
            try:
                return _mbpp_task(row) if kind == "mbpp" else _humaneval_task(row)
            except (SyntaxError, ValueError, RecursionError) as error:
                raise _Unfit(f"{kind}/{row['task_id']}: does not parse: {error}") from None
    needed = " or ".join(", ".join(fields) for fields in _FIELDS.values())
    raise _Unfit(f"has not the fields {needed}")


def _mbpp_task(row: dict[str, Any]) -> Task:
    name = f"mbpp/{row['task_id']}"
    setup = row.get("test_setup") or ""
    tree = ast.parse("\n".join([*([setup] if isinstance(setup, str) else setup), row["code"]]))
    tests = [test for text in row["tests"] if (test := _test(_assertion(text)))]
    judged = [test for text in row.get("challenge_tests") or [] if (test := _test(_assertion(text)))]
    tests, judged = _divide(tests, judged, name)
    defined = {node.name: place for place, node in enumerate(tree.body) if isinstance(node, ast.FunctionDef)}
    called = {one.id for test in tests for one in ast.walk(ast.parse(test.call)) if isinstance(one, ast.Name)}
    asked = [place for function, place in defined.items() if function in called]
    if not asked:
        raise _Unfit(f"{name}: no function of the solution is called by the tests")
    place = max(asked)
    function = tree.body[place]
    assert isinstance(function, ast.FunctionDef)
    if any(isinstance(node, ast.FunctionDef | ast.ClassDef) for node in tree.body[place + 1 :]):
        raise _Unfit(f"{name}: the solution goes on after the function that is asked for")
    # Python writes the code anew, so that it comes in one layout, whatever the row's was.
    before = [ast.unparse(node) for node in tree.body[:place]]
    docstring = " ".join(row["prompt"].replace("\\", "\\\\").replace('"""', "'''").split())
    end = " " if docstring.endswith('"') else ""
    body = function.body[1:] if ast.get_docstring(function) is not None else function.body
    function.body = [ast.Pass()]
    head = ast.unparse(function).rpartition("\n")[0]
    prompt = "".join(f"{part}\n" for part in before) + f'{head}\n    """{docstring}{end}"""\n'
    solution = textwrap.indent("\n".join(map(ast.unparse, body)), "    ") + "\n"
    return Task(name, "mbpp", "python", prompt, solution, tuple(tests), tuple(judged))


def _humaneval_task(row: dict[str, Any]) -> Task:
    name = f"humaneval/{str(row['task_id']).rpartition('/')[2]}"
    check = next((node for node in ast.parse(row["test"]).body if isinstance(node, ast.FunctionDef)), None)
    if check is None:
        raise _Unfit(f"{name}: the test has no function")
    (argument,) = (one.arg for one in check.args.args)
    tests = []
    for node in check.body:
        if isinstance(node, ast.Assert):
            for one in ast.walk(node):
                if isinstance(one, ast.Name) and one.id == argument:
                    one.id = row["entry_point"]
            if test := _test(node):
                tests.append(test)
    tests, judged = _divide(tests, [], name)
    solution = row["canonical_solution"].rstrip() + "\n"
    return Task(name, "humaneval", "python", row["prompt"], solution, tuple(tests), tuple(judged))


def _divide(tests: list[PythonTest], judged: list[PythonTest], name: str) -> tuple[list[PythonTest], list[PythonTest]]:
    """Tests and the judge's; where those are missing, the last third of the first is held back."""
    if not judged and len(tests) > 1:
        held = max(1, len(tests) // 3)
        tests, judged = tests[:-held], tests[-held:]
    if not tests or not judged:
        raise _Unfit(f"{name}: fewer than two of its assertions compare with a value")
    return tests, judged


def _assertion(text: str) -> ast.Assert:
    body = ast.parse(text.strip()).body
    if len(body) != 1 or not isinstance(body[0], ast.Assert):
        raise ValueError(f"not one assertion: {text[:80]}")
    return body[0]


def _test(assertion: ast.Assert) -> PythonTest | None:
    """The expression and its value, or None where they cannot be told apart without running anything."""
    condition = assertion.test
    match condition:
        case ast.Compare(left, [ast.Eq() | ast.Is()], [right]):
            sides = (left, right) if _literal(right) is not None else (right, left)
            expected = _literal(sides[1])
            return None if expected is None else PythonTest(ast.unparse(sides[0]), expected)
        case ast.Call(ast.Attribute(ast.Name("math"), "isclose"), [value, number], keywords):
            tolerances = {one.arg: _literal(one.value) for one in keywords}
            expected, tolerance = _literal(number), tolerances.get("rel_tol", "1e-09")
            if expected is None or tolerance is None or tolerances.keys() > {"rel_tol"}:
                return None
            return PythonTest(ast.unparse(value), expected, float(tolerance))
        case ast.UnaryOp(ast.Not(), value):
            return PythonTest(f"bool({ast.unparse(value)})", "False")
        case ast.Call() | ast.Name():
            return PythonTest(f"bool({ast.unparse(condition)})", "True")
    return None


def _literal(node: ast.expr) -> str | None:
    try:
        return repr(ast.literal_eval(node))
    except (ValueError, TypeError, MemoryError, RecursionError):
        return None
