"""Good code made wrong on purpose, one realistic fault at a time: the rejected answers of preference pairs.

That a fault shows is not taken for granted: `wrong_answers` keeps only what really scores lower when it is run.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from random import Random

from codeling.tasks.bash_faults import BASH_FAULTS
from codeling.tasks.grading import Grade, Grader
from codeling.tasks.python_faults import PYTHON_FAULTS, Edit, python_source
from codeling.tasks.task import Language, Task, clean_completion

KINDS: dict[Language, tuple[str, ...]] = {"python": tuple(PYTHON_FAULTS), "bash": tuple(BASH_FAULTS)}


def corrupt(code: Task | str, language: Language, rng: Random) -> Iterator[tuple[str, str]]:
    """(kind, text) of every fault that ``code`` can be given, one of each kind first, in random order.

    Args:
        code: a task, whose solution is made wrong, or the text of a function's body, a program or a command.
        language: of a text; a task knows its own.
        rng: decides the order.

    All texts differ from the code and from each other. Nothing is run: some may be as good as the code.
    """
    text = code.solution if isinstance(code, Task) else code
    language = code.language if isinstance(code, Task) else language
    head = code.prompt if isinstance(code, Task) else ""
    by_kind = {kind: list(dict.fromkeys(edits)) for kind, edits in _edits(text, head, language)}
    for edits in by_kind.values():
        rng.shuffle(edits)
    seen = {text.rstrip()}
    while by_kind:
        kinds = list(by_kind)
        rng.shuffle(kinds)
        for kind in kinds:
            if not by_kind[kind]:
                del by_kind[kind]
                continue
            start, end, new = by_kind[kind].pop()
            wrong = text[:start] + new + text[end:]
            if isinstance(code, Task):
                wrong = clean_completion(code, wrong)
            if wrong.strip() and wrong.rstrip() not in seen:
                seen.add(wrong.rstrip())
                yield kind, wrong


def _edits(text: str, head: str, language: Language) -> Iterator[tuple[str, Iterator[Edit]]]:
    if language == "python":
        source = python_source(text, head)
        yield from ((kind, fault(source)) for kind, fault in PYTHON_FAULTS.items())
    else:
        yield from ((kind, fault(text)) for kind, fault in BASH_FAULTS.items())


@dataclass(frozen=True)
class WrongAnswer:
    """A solution with a fault that shows: ``grade.reward`` is lower than the solution's."""

    task: Task
    kind: str
    text: str
    grade: Grade


def wrong_answers(grader: Grader, tasks: Sequence[Task], *, seed: int, per_task: int = 2) -> list[WrongAnswer]:
    """Up to ``per_task`` wrong answers to each task, of different kinds where it has enough, in the order of the tasks.

    Solutions and candidates (twice as many as are wanted) are graded together; a task whose own solution does not pass
    gets none.
    """
    candidates: list[tuple[Task, str, str]] = []
    for task in tasks:
        faults = corrupt(task, task.language, Random(f"{seed}/{task.id}"))
        candidates += [(task, kind, text) for _, (kind, text) in zip(range(2 * per_task), faults, strict=False)]
    grades = grader.grade([(task, task.solution) for task in tasks] + [(task, text) for task, _, text in candidates])
    solved = {task for task, grade in zip(tasks, grades, strict=False) if grade.solved}
    found: list[WrongAnswer] = []
    num_found: dict[Task, int] = {}
    for (task, kind, text), grade in zip(candidates, grades[len(tasks) :], strict=True):
        if task in solved and not grade.solved and num_found.get(task, 0) < per_task:
            num_found[task] = num_found.get(task, 0) + 1
            found.append(WrongAnswer(task, kind, text, grade))
    return found
