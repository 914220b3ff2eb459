"""`Grader`: how good is a completion? Answered by running it in the sandbox, and comparing out here.

    completion --clean--> program --parses?--> sandbox: run, report values --> here: compare with what is expected

Reward is only worth something where it cannot be had otherwise. The program runs in the same process (Python) or folder
(Bash) as the harness that reports on it and could take that over; so the harness does not know what is expected.
Expected values never enter the sandbox, and what leaves it is plain data, compared on this side with the types of
plain data. A program that exits early, prints, overrides ``__eq__``, changes builtins, reads frames or rewrites the
harness can therefore do no better than to report some value, as any wrong program does. Every program has a sandbox
of its own, so none can touch another's.

Python reports on a descriptor of its own, lines with a nonce: not as a secret, but so that stray output is not taken
for a report.
"""

from __future__ import annotations

import ast
import json
import math
import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal

from codeling.runtime.bash_syntax import check_bash_syntax
from codeling.runtime.python_syntax import check_python_syntax
from codeling.sandbox.limits import MIB, Limits
from codeling.sandbox.pool import Pool
from codeling.sandbox.process import Job
from codeling.sandbox.result import Result
from codeling.tasks.task import BashTest, Language, PythonTest, Task, Test, clean_completion

GradeStatus = Literal["passed", "failed", "syntax", "timeout", "crash"]
GRADING_LIMITS = Limits(
    wall_seconds=10.0,  # for those that wait, and for busy machines; those that compute have one second
    cpu_seconds=1.0,
    memory_bytes=256 * MIB,
    output_bytes=64 * 1024,
    file_bytes=256 * 1024,
    disk_bytes=8 * MIB,
    files=300,
)


@dataclass(frozen=True)
class Grade:
    """What came of one completion.

    Attributes:
        parses: whether it is a program at all.
        passed: tests passed, of ``total``.
        status: ``passed`` all of them; ``failed`` not all; ``syntax`` it does not parse, or is empty; ``timeout``;
            ``crash`` it ended before all tests were run: killed, out of memory, or by its own hand.
    """

    parses: bool
    passed: int
    total: int
    status: GradeStatus

    @property
    def fraction(self) -> float:
        """Share of the tests passed, 0 to 1."""
        return self.passed / self.total

    @property
    def solved(self) -> bool:
        return self.status == "passed"

    @property
    def reward(self) -> float:
        """0 does not parse, out of time or crashed; 0.1 parses; above 0.2 and up to 1 by the share of tests passed."""
        if self.status in ("syntax", "timeout", "crash"):
            return 0.0
        return 0.2 + 0.8 * self.fraction if self.passed else 0.1


class Grader:
    """Grades many completions at once; a context manager, because it keeps sandboxes started ahead.

    >>> with Grader() as grader:  # doctest: +SKIP
    ...     [grade.reward for grade in grader.grade([(task, task.solution), (task, "    return 0\\n")])]
    [1.0, 0.4]

    Args:
        workers: programs run at the same time; one per core is best.
        limits: of every run; time and memory are for all tests of a program together.
        unsafe: run WITHOUT containment, see `codeling.sandbox.run.run`.

    Raises UsageError where the machine has no means of containment.
    """

    def __init__(self, workers: int = 2, *, limits: Limits | None = None, unsafe: bool = False) -> None:
        self._pool = Pool(workers, limits=limits or GRADING_LIMITS, unsafe=unsafe)

    def __enter__(self) -> Grader:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Give the sandboxes back; safe to call twice."""
        self._pool.close()

    def grade(self, pairs: Sequence[tuple[Task, str]], *, judge: bool = False) -> list[Grade]:
        """One grade per (task, completion), in order; ``judge`` takes the judge's tests instead.

        A completion counts up to where it ends (`clean_completion`). Equal pairs are graded once, and what does not
        parse never reaches a sandbox.
        """
        cleaned = [(task, clean_completion(task, text)) for task, text in pairs]
        grades: dict[tuple[Task, str], Grade] = {}
        different = list(dict.fromkeys(cleaned))
        running = []
        for pair, parses in zip(different, _parse(different), strict=True):
            tests = pair[0].judge_tests if judge else pair[0].tests
            if parses:
                run = _PythonRun(pair, tests) if pair[0].language == "python" else _BashRun(pair, tests)
                running.append((pair, run, self._pool.submit(run.job)))
            else:
                grades[pair] = Grade(False, 0, len(tests), "syntax")
        for pair, run, future in running:
            grades[pair] = run.grade(future.result())
        return [grades[pair] for pair in cleaned]

    def working(self, tasks: Iterable[Task]) -> tuple[list[Task], list[tuple[Task, Grade]]]:
        """Tasks whose own solution passes all tests and the judge's, and the others with the grade that they failed."""
        known = list(tasks)
        pairs = [(task, task.solution) for task in known]
        sides = zip(known, self.grade(pairs), self.grade(pairs, judge=True), strict=True)
        worst = [(task, min(grades, key=lambda grade: grade.reward)) for task, *grades in sides]
        return [task for task, grade in worst if grade.solved], [one for one in worst if not one[1].solved]


def _parse(pairs: Sequence[tuple[Task, str]]) -> list[bool]:
    verdicts = [False] * len(pairs)
    checks: tuple[tuple[Language, Any], ...] = (
        ("python", lambda texts: [one.parses for one in check_python_syntax(texts)]),
        ("bash", check_bash_syntax),
    )
    for language, check in checks:
        # A comment is no answer: a prompt without one parses too.
        places = [place for place, (task, text) in enumerate(pairs) if task.language == language and _says_more(text)]
        for place, verdict in zip(places, check([_program(*pairs[place]) for place in places]), strict=True):
            verdicts[place] = verdict
    return verdicts


def _says_more(text: str) -> bool:
    return any(line.strip() and not line.lstrip().startswith("#") for line in text.splitlines())


def _program(task: Task, completion: str) -> str:
    return task.prompt + completion


class _Run:
    """One program with its tests: the job for the sandbox, and what its result comes to."""

    job: Job

    def __init__(self, tests: Sequence[Test]) -> None:
        self._total = len(tests)

    def grade(self, result: Result) -> Grade:
        raise NotImplementedError

    def _grade(self, passed: int) -> Grade:
        return Grade(True, passed, self._total, "passed" if passed == self._total else "failed")

    def _stopped(self, status: GradeStatus) -> Grade:
        return Grade(status != "syntax", 0, self._total, status)


class _PythonRun(_Run):
    def __init__(self, pair: tuple[Task, str], tests: Sequence[Test]) -> None:
        super().__init__(tests)
        self._tests = [test for test in tests if isinstance(test, PythonTest)]
        assert len(self._tests) == len(tests)
        self._nonce = secrets.token_hex(8)
        arguments = (self._nonce, _program(*pair), [test.call for test in self._tests])
        self.job = Job("python", f"{_harness('python_harness.py')}\nmain(*{arguments!a})\n")

    def grade(self, result: Result) -> Grade:
        if result.status == "timeout":
            return self._stopped("timeout")
        reports = self._reports(result.stdout)
        if reports.get(-1) == [["syntax"]]:
            return self._stopped("syntax")
        if any(number not in reports for number in range(self._total)):
            return self._stopped("crash")
        # A second report on one test would mean that the program writes them: then none counts.
        return self._grade(
            sum(
                len(reports[number]) == 1 and _equals(reports[number][0], test)
                for number, test in enumerate(self._tests)
            )
        )

    def _reports(self, output: str) -> dict[int, list[Any]]:
        found: dict[int, list[Any]] = {}
        for line in output.splitlines():
            nonce, _, rest = line.partition(" ")
            number, _, text = rest.partition(" ")
            if nonce == self._nonce and number.removeprefix("-").isdecimal() and len(number) < 9:
                try:
                    found.setdefault(int(number), []).append(json.loads(text))
                except (ValueError, RecursionError):
                    found.setdefault(int(number), []).append(None)
        return found


class _BashRun(_Run):
    def __init__(self, pair: tuple[Task, str], tests: Sequence[Test]) -> None:
        super().__init__(tests)
        self._tests = [test for test in tests if isinstance(test, BashTest)]
        assert len(self._tests) == len(tests)
        files = {"solution.sh": _program(*pair)}
        for number, test in enumerate(self._tests, 1):
            files[f"{number}/"] = ""
            files |= {f"{number}/{name}": content for name, content in test.files}
        self.job = Job("bash", _harness("bash_harness.sh"), files=files, collect=True)

    def grade(self, result: Result) -> Grade:
        if result.status != "ok":
            return self._stopped("timeout" if result.status == "timeout" else "crash")
        passed = 0
        for number, test in enumerate(self._tests, 1):
            prefix = f"{number}/"
            left = {
                name.removeprefix(prefix): content for name, content in result.files.items() if name.startswith(prefix)
            }
            printed = result.files.get(f"{number}.out", b"").decode("utf-8", "replace")
            passed += _same_output(printed, test) and _same_files(left, test)
        return self._grade(passed)


def _same_output(printed: str, test: BashTest) -> bool:
    found, expected = ([line.rstrip() for line in text.rstrip().splitlines()] for text in (printed, test.stdout))
    return sorted(found) == sorted(expected) if test.any_order else found == expected


def _same_files(found: dict[str, bytes], test: BashTest) -> bool:
    expected = dict(test.files if test.left is None else test.left)
    left = {name: content for name, content in found.items() if not _holds_something(name, found)}
    return left.keys() == {name for name in expected if not _holds_something(name, expected)} and all(
        wanted is None or left[name] == wanted.encode() for name, wanted in expected.items() if name in left
    )


def _holds_something(name: str, names: Iterable[str]) -> bool:
    """Whether it is a folder that is named only because of what is in it."""
    return not name or (name.endswith("/") and any(other.startswith(name) and other != name for other in names))


def _equals(report: Any, test: PythonTest) -> bool:
    try:
        return _same(_value(report), ast.literal_eval(test.expected), test.tolerance)
    except (TypeError, ValueError, KeyError, IndexError, OverflowError, RecursionError, AttributeError):
        return False


def _same(left: Any, right: Any, tolerance: float) -> bool:
    """``left == right`` for plain data, where numbers that are not whole may differ by the tolerance."""
    if isinstance(left, float) or isinstance(right, float):
        numbers = isinstance(left, int | float) and isinstance(right, int | float)
        return numbers and (left == right or math.isclose(left, right, rel_tol=tolerance, abs_tol=1e-12))
    if isinstance(left, list | tuple) and type(left) is type(right):
        return len(left) == len(right) and all(_same(*pair, tolerance) for pair in zip(left, right, strict=True))
    if isinstance(left, dict) and isinstance(right, dict):
        return left.keys() == right.keys() and all(_same(left[key], right[key], tolerance) for key in left)
    return left == right


def _value(report: Any) -> Any:
    """What `python_harness.describe` described; anything else raises."""
    kind, *rest = report
    if kind == "none":
        return None
    (content,) = rest
    if kind == "dict":
        return {_value(key): _value(item) for key, item in content}
    if kind in _COLLECTIONS:
        return _COLLECTIONS[kind](map(_value, content))
    return _PLAIN[kind](content)


_COLLECTIONS = {"list": list, "tuple": tuple, "set": set, "frozenset": frozenset}
_PLAIN = {
    "bool": bool,
    "int": lambda text: int(text, 16),
    "float": float,
    "complex": complex,
    "str": lambda text: bytes.fromhex(text).decode("utf-8", "surrogatepass"),
    "bytes": bytes.fromhex,
}


@cache
def _harness(name: str) -> str:
    return Path(__file__).with_name(name).read_text(encoding="utf-8")
