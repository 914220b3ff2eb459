"""Faults: many kinds, each seen to lower the grade; texts that differ; the same for the same seed."""

import random
from collections import Counter

import pytest

from codeling.tasks.corruptions import KINDS, corrupt, wrong_answers
from codeling.tasks.generate import generate_tasks
from codeling.tasks.grading import Grader
from codeling.tasks.task import Language, clean_completion


def test_there_are_many_kinds() -> None:
    assert len(KINDS["python"]) >= 14 and len(KINDS["bash"]) >= 14


@pytest.mark.parametrize("language", ["python", "bash"])
def test_every_kind_of_fault_is_seen_to_lower_the_grade(language: Language, grader: Grader) -> None:
    """A sample that covers the kinds: up to three places for each, in different tasks, until one of them shows."""
    waiting: dict[str, list] = {kind: [] for kind in KINDS[language]}
    for task in generate_tasks("train", seed=0, limit=480):
        if task.language != language:
            continue
        if all(len(found) >= 3 for found in waiting.values()):
            break
        for kind, text in corrupt(task, language, random.Random(0)):
            if len(waiting[kind]) < 3 and all(other is not task for _, other, _ in waiting[kind]):
                waiting[kind].append((kind, task, text))
    candidates = [one for found in waiting.values() for one in found]
    lowered: set[str] = set()
    while candidates and len(lowered) < len(waiting):
        batch = list({kind: (kind, task, text) for kind, task, text in candidates if kind not in lowered}.values())
        if not batch:
            break
        candidates = [one for one in candidates if one not in batch]
        grades = grader.grade([(task, text) for _, task, text in batch])
        lowered |= {kind for (kind, _, _), grade in zip(batch, grades, strict=True) if grade.reward < 1}
    assert set(waiting) - lowered == set()


def test_texts_differ_are_whole_completions_and_follow_from_the_seed() -> None:
    counts: Counter[str] = Counter()
    for task in generate_tasks("train", seed=0, limit=160):
        found = list(corrupt(task, task.language, random.Random(7)))
        assert found == list(corrupt(task, task.language, random.Random(7)))
        texts = [text for _, text in found]
        assert len({text.rstrip() for text in texts} | {task.solution.rstrip()}) == len(texts) + 1, task
        assert all(clean_completion(task, text) == text for text in texts)
        first = [kind for kind, _ in found]
        kinds = len(set(first))
        assert kinds >= 3, task
        assert sorted(set(first[:kinds])) == sorted(set(first)) or len(set(first[:kinds])) >= kinds - 2
        counts.update(set(first))
    assert len(counts) >= 30


def test_plain_texts_can_be_corrupted_too() -> None:
    program = "def f(a, b=1):\n    if a > b:\n        return a - b\n    return 0\n"
    found = dict(corrupt(program, "python", random.Random(0)))
    assert found["wrong_bound"] == program.replace(">", ">=")
    assert found["inverted_condition"] == program.replace("if a", "if not a")
    assert found["dropped_check"] == "def f(a, b=1):\n    return 0\n"
    quoted = dict(corrupt('for f in *.txt; do rm "$f"; done\n', "bash", random.Random(0)))
    assert quoted["dropped_quotes"] == "for f in *.txt; do rm $f; done\n"
    assert [kind for kind, _ in corrupt("not ( python", "python", random.Random(0))]
    assert list(corrupt("", "bash", random.Random(0))) == []


def test_wrong_answers_really_are_wrong(grader: Grader) -> None:
    tasks = list(generate_tasks("train", seed=0, limit=12))
    found = wrong_answers(grader, tasks, seed=1, per_task=1)
    assert len(found) >= 6
    assert max(Counter(one.task.id for one in found).values()) == 1
    graded = grader.grade([(one.task, one.text) for one in found])
    assert all(again == one.grade and again.reward < 1 for one, again in zip(found, graded, strict=True))


def test_a_task_that_its_solution_does_not_solve_gets_no_wrong_answers(grader: Grader) -> None:
    from dataclasses import replace

    (task,) = generate_tasks("train", seed=3, limit=1)
    broken = replace(task, solution=next(iter(wrong_answers(grader, [task], seed=0))).text)
    assert wrong_answers(grader, [broken], seed=0) == []
