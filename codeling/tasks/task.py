"""`Task`: something to be programmed, with its solution and the tests that tell whether a program does it.

Tests are data, not code: an expression and the value that it must have, or the files that a script gets and what it
must print and leave. So whoever runs a program need not show it what is expected (see `codeling.tasks.grading`), and
tasks can be compared, hashed and written down.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Language = Literal["python", "bash"]
Split = Literal["train", "test_seen", "test"]


@dataclass(frozen=True)
class PythonTest:
    """``call`` is an expression in the program's names; ``expected`` the literal (as text) that its value must equal.
    Numbers that are not whole may differ by ``tolerance``, relative to the larger.

    >>> PythonTest(call="clamp(7, 0, 5)", expected="5").expected
    '5'
    """

    call: str
    expected: str
    tolerance: float = 1e-9  # another order of additions is not another answer


@dataclass(frozen=True)
class BashTest:
    """The script is run alone in a folder that holds ``files``, names and contents.

    Attributes:
        files: what it finds; a name that ends in ``/`` is an empty folder.
        stdout: what it must print; blanks at the ends of lines do not count, nor empty lines at the end.
        any_order: whether its lines may come in any order, as those of ``find``.
        left: all that the folder must hold afterwards; None as a content: any content. None: the same as before.
    """

    files: tuple[tuple[str, str], ...]
    stdout: str = ""
    any_order: bool = False
    left: tuple[tuple[str, str | None], ...] | None = None


Test = PythonTest | BashTest


@dataclass(frozen=True)
class Task:
    """One task.

    Attributes:
        id: stable: "python/clamp/17", "mbpp/601".
        family: tasks of one family ask for the same thing with other names and numbers.
        prompt: the text to continue: the head of a function with its docstring, or a comment and a line break.
        solution: the continuation; ``prompt + solution`` is a whole function or script.
        tests: what rewards and pairs of answers rest on.
        judge_tests: other tests, for judging what was trained on the first ones.
    """

    id: str
    family: str
    language: Language
    prompt: str
    solution: str
    tests: tuple[Test, ...]
    judge_tests: tuple[Test, ...]


def clean_completion(task: Task, text: str) -> str:
    """``text`` up to where a completion of ``task`` ends: the one definition, used by grading, pairs and evaluations.

    Python: the lines of the function's body, which ends before the first line that is not indented. Bash: the lines
    before the first that is blank or a comment. What is left ends in one line break, or is empty.

    >>> clean_completion(python_task, "    return 1\\n\\nprint(2)\\n")  # doctest: +SKIP
    '    return 1\\n'
    """
    kept: list[str] = []
    for line in text.split("\n"):
        blank = not line.strip()
        ended = not (blank or line.startswith((" ", "\t"))) if task.language == "python" else blank or _is_comment(line)
        if ended:
            break
        kept.append(line.rstrip())
    while kept and not kept[-1]:
        kept.pop()
    return "".join(f"{line}\n" for line in kept)


def _is_comment(line: str) -> bool:
    return line.lstrip().startswith("#")
