"""Runs tests inside the sandbox and reports each one as a line of JSON on standard output.

    standard input:   {"code": "..."}  or  {"paths": ["test_a.py", ...]}
    standard output:  {"start": "test_a.py::test_x"}
                      {"end": "test_a.py::test_x", "outcome": "passed" | "failed" | "error" | "skipped", "message": ""}

What pytest would collect, as far as the standard library goes: functions ``test*``, methods ``test*`` of classes
``Test*`` and of ``unittest.TestCase``. A failed comparison says what both sides were. The program needs nothing but
Python; it must not trust the tests, but they run in its own process: a test that wants to lie about itself can.
"""

from __future__ import annotations

import ast
import asyncio
import contextlib
import inspect
import io
import json
import operator
import os
import sys
import traceback
import types
import unittest
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, TextIO

MAX_VALUE = 120
MAX_MESSAGE = 600
_CODE_NAME = "tests"

_OPERATIONS: dict[type[ast.cmpop], tuple[str, Callable[[Any, Any], Any]]] = {
    ast.Eq: ("==", operator.eq),
    ast.NotEq: ("!=", operator.ne),
    ast.Lt: ("<", operator.lt),
    ast.LtE: ("<=", operator.le),
    ast.Gt: (">", operator.gt),
    ast.GtE: (">=", operator.ge),
    ast.Is: ("is", operator.is_),
    ast.IsNot: ("is not", operator.is_not),
    ast.In: ("in", lambda left, right: left in right),
    ast.NotIn: ("not in", lambda left, right: left not in right),
}
_BY_SYMBOL = dict(_OPERATIONS.values())
# No name that a program could write, so that it cannot clash with one of the tests.
_COMPARE = "@compare"
_last_comparison: list[str] = []


class _Asserts(ast.NodeTransformer):
    """``assert a == b`` becomes ``assert @compare(a, "==", b)``, which remembers what the sides were."""

    def visit_Assert(self, node: ast.Assert) -> ast.Assert:
        test = node.test
        if isinstance(test, ast.Compare) and len(test.ops) == 1:
            symbol = ast.Constant(_OPERATIONS[type(test.ops[0])][0])
            call = ast.Call(ast.Name(_COMPARE, ast.Load()), [test.left, symbol, test.comparators[0]], [])
            node.test = ast.fix_missing_locations(ast.copy_location(call, test))
        return node


def _compare(left: Any, symbol: str, right: Any) -> Any:
    result = _BY_SYMBOL[symbol](left, right)
    _last_comparison[:] = [] if result else [f"{_show(left)} {symbol} {_show(right)} is false"]
    return result


def _show(value: Any) -> str:
    try:
        text = repr(value)
    except Exception as error:
        return f"<{type(value).__name__} whose repr raises {type(error).__name__}>"
    return text if len(text) <= MAX_VALUE else text[:MAX_VALUE] + "..."


class Report:
    """Writes the lines; the tests' own output goes nowhere."""

    def __init__(self, output: TextIO) -> None:
        self._output = output

    def run(self, name: str, test: Callable[[], Any]) -> None:
        """Run one test and report it; whatever it raises is its outcome."""
        self._write({"start": name})
        _last_comparison.clear()
        outcome, message = "passed", ""
        try:
            with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
                result = test()
                if inspect.iscoroutine(result):
                    asyncio.run(result)
        except unittest.SkipTest as skipped:
            outcome, message = "skipped", str(skipped)
        except AssertionError as error:
            outcome, message = "failed", _explain(error)
        except BaseException as error:  # SystemExit and KeyboardInterrupt too: a test must not end the others
            outcome, message = "error", _explain(error)
        self.end(name, outcome, message)

    def end(self, name: str, outcome: str, message: str = "") -> None:
        """Report a test that is over."""
        self._write({"end": name, "outcome": outcome, "message": message[:MAX_MESSAGE]})

    def _write(self, line: dict[str, str]) -> None:
        self._output.write(json.dumps(line) + "\n")
        self._output.flush()


def _explain(error: BaseException) -> str:
    """Where in the tested files it happened, the line, and what was wrong."""
    own = [frame for frame in traceback.extract_tb(error.__traceback__) if frame.filename in _sources]
    place = ""
    if own:
        frame = own[-1]
        lines = _sources[frame.filename].splitlines()
        number = frame.lineno or 0
        line = lines[number - 1].strip() if 0 < number <= len(lines) else ""
        place = f"{frame.filename}:{number}: {line}: "
    if isinstance(error, AssertionError):
        said = [str(error)] if str(error) else []
        return place + "; ".join([*said, *_last_comparison] or ["assertion failed"])
    return place + "".join(traceback.format_exception_only(type(error), error)).strip()


_sources: dict[str, str] = {}


def load(name: str, source: str) -> types.ModuleType:
    """Execute ``source`` as the module of file ``name``, with its comparisons instrumented."""
    _sources[name] = source
    module = types.ModuleType(Path(name).stem)
    module.__file__ = name
    sys.modules[module.__name__] = module
    vars(module)[_COMPARE] = _compare
    code = compile(_Asserts().visit(ast.parse(source, name)), name, "exec")
    with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
        exec(code, vars(module))
    return module


def tests_of(module: types.ModuleType) -> Iterator[tuple[str, Callable[[], Any]]]:
    """(name, what to call) of each test, in the order of the file."""
    for name, value in list(vars(module).items()):
        if inspect.isclass(value) and issubclass(value, unittest.TestCase):
            for method in unittest.defaultTestLoader.getTestCaseNames(value):
                yield f"{name}::{method}", lambda value=value, method=method: _run_case(value(method))
        elif inspect.isclass(value) and name.startswith("Test") and value.__module__ == module.__name__:
            for method, function in list(vars(value).items()):
                if method.startswith("test") and inspect.isfunction(function):
                    yield f"{name}::{method}", lambda value=value, method=method: _run_method(value, method)
        elif name.startswith("test") and inspect.isfunction(value):
            yield name, lambda value=value: _run_function(value)


def _run_function(function: Callable[..., Any]) -> Any:
    needed = [p.name for p in inspect.signature(function).parameters.values() if p.default is p.empty and p.kind < 2]
    if needed:
        raise TypeError(f"it needs {', '.join(needed)}; fixtures of pytest are not available here")
    return function()


def _run_method(owner: type, method: str) -> Any:
    instance = owner()
    before, after = getattr(instance, "setup_method", None), getattr(instance, "teardown_method", None)
    try:
        if before is not None:
            before()
        result = getattr(instance, method)()
        return asyncio.run(result) if inspect.iscoroutine(result) else result
    finally:
        if after is not None:
            after()


class _Outcome(unittest.TestResult):
    """Keeps the exception that ends a TestCase, instead of its text."""

    error: BaseException | None = None

    def addFailure(self, test: unittest.TestCase, err: Any) -> None:  # noqa: N802 - the names are unittest's
        self.error = self.error or err[1]

    def addError(self, test: unittest.TestCase, err: Any) -> None:  # noqa: N802
        self.error = self.error or err[1]

    def addSkip(self, test: unittest.TestCase, reason: str) -> None:  # noqa: N802
        self.error = self.error or unittest.SkipTest(reason)

    def addSubTest(self, test: unittest.TestCase, subtest: unittest.TestCase, err: Any) -> None:  # noqa: N802
        if err is not None:
            self.error = self.error or err[1]

    def addUnexpectedSuccess(self, test: unittest.TestCase) -> None:  # noqa: N802
        self.error = AssertionError("was expected to fail, and passed")


def _run_case(case: unittest.TestCase) -> None:
    outcome = _Outcome()
    # A suite, because it also calls setUpClass and setUpModule; on its own a case does not.
    unittest.TestSuite([case]).run(outcome)
    if outcome.error is not None:
        raise outcome.error


def main() -> None:
    """Read the job, run it, report."""
    job = json.loads(sys.stdin.read())
    sys.path.insert(0, str(Path.cwd()))
    report = Report(os.fdopen(os.dup(1), "w", encoding="utf-8"))
    # From here on the file descriptors 0 and 1 are the tests', and lead nowhere.
    nowhere = os.open(os.devnull, os.O_RDWR)
    for descriptor in (0, 1):
        os.dup2(nowhere, descriptor)
    if "code" in job:
        run_file(report, _CODE_NAME, lambda: job["code"])
    for path in job.get("paths", ()):
        sys.path.insert(0, str(Path(path).resolve().parent))
        run_file(report, path, lambda path=path: Path(path).read_text(encoding="utf-8"))
    os._exit(0)  # threads that the tests have left behind must not keep the process


def run_file(report: Report, name: str, read: Callable[[], str]) -> None:
    """All tests of one file; a file that cannot be loaded counts as one error."""
    try:
        module = load(name, read())
    except BaseException as error:
        report.end(name, "error", _explain(error))
        return
    for test, call in tests_of(module):
        report.run(f"{name}::{test}", call)


if __name__ == "__main__":
    main()
