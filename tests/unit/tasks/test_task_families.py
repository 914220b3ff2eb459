"""Families: solutions solve their tasks, prompts are unique, splits do not touch, and all is a function of the seed."""

import ast
import random
from collections import Counter
from collections.abc import Sequence
from typing import Any

import pytest

from codeling.data.sources import open_source
from codeling.errors import UsageError
from codeling.tasks.families import BashFamily, Family, PythonFamily
from codeling.tasks.generate import families, few, generate_tasks, generate_texts, total_tasks
from codeling.tasks.grading import Grader
from codeling.tasks.task import PythonTest, Split, Task, clean_completion

SPLITS: tuple[Split, ...] = ("train", "test_seen", "test")
NAMES = [family.name for family in families()]


def tasks_of(family: Family, count: int) -> list[Task]:
    numbers = range(family.size)
    return [family.task(number) for number in random.sample(numbers, min(count, family.size))]


def assert_solved(grader: Grader, tasks: Sequence[Task]) -> None:
    _, broken = grader.working(tasks)
    assert [(task.id, grade, task.prompt + task.solution) for task, grade in broken] == []


def test_solutions_solve_their_tasks(grader: Grader) -> None:
    """A random task of a random tenth of the families: over time, all of them."""
    assert_solved(grader, [task for family in random.sample(families(), 15) for task in tasks_of(family, 1)])


@pytest.mark.slow
def test_many_tasks_of_every_family_are_solved_by_their_solutions(grader: Grader) -> None:
    assert_solved(grader, [task for family in families() for task in tasks_of(family, 25)])


def test_there_are_families_enough_in_both_languages_and_in_both_parts() -> None:
    held = Counter(family.language for family in families() if family.held_out)
    trained = Counter(family.language for family in families() if not family.held_out)
    assert len(NAMES) == len(set(NAMES)) >= 70
    assert trained["python"] >= 40 and trained["bash"] >= 30
    assert held["python"] >= 8 and held["bash"] >= 6
    assert min(family.size for family in families()) >= 24


@pytest.fixture(scope="module")
def every_text() -> dict[Split, list[Any]]:
    """(language, id, text) of all tasks there are."""
    return {split: list(generate_texts(split, seed=0, limit=10**9)) for split in SPLITS}


def test_prompts_are_unique_and_splits_have_no_family_or_values_in_common(every_text: dict[Split, list[Any]]) -> None:
    found: dict[str, tuple[Split, str]] = {}
    names: dict[Split, set[str]] = {}
    for split, texts in every_text.items():
        for _, identity, text in texts:
            assert text.prompt not in found, (identity, found[text.prompt])
            found[text.prompt] = (split, identity)
        names[split] = {identity.split("/")[1] for _, identity, _ in texts}
    assert not names["test"] & (names["train"] | names["test_seen"])
    assert names["train"] == names["test_seen"]
    assert names["train"] | names["test"] == set(NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_seen_and_training_tasks_differ_in_more_than_the_wording(name: str) -> None:
    family = families()[NAMES.index(name)]
    if family.held_out:
        return
    wordings = len(family.readings)
    by_values: dict[int, set[Split]] = {}
    for number in range(family.size):
        by_values.setdefault(number // wordings, set()).add(family.split(number))
    assert all(len(splits) == 1 for splits in by_values.values())
    assert set().union(*by_values.values()) == {"train", "test_seen"}


def test_tests_are_enough_differ_and_no_constant_passes_them() -> None:
    for family in families():
        for task in tasks_of(family, 3):
            assert len(task.tests) >= 3 and len(task.judge_tests) >= 3
            assert not set(task.tests) & set(task.judge_tests)
            if isinstance(family, PythonFamily):
                for tests in (task.tests, task.judge_tests):
                    assert len({test.expected for test in tests if isinstance(test, PythonTest)}) > 1, task


def test_solutions_are_short_and_whole() -> None:
    for family in families():
        for number in random.sample(range(family.size), min(20, family.size)):
            text = family.text(number)
            assert len(text.solution.splitlines()) <= 4
            assert len(text.solution) < 110
            assert "«" not in text.prompt + text.solution
            if isinstance(family, PythonFamily):
                ast.parse(text.prompt + text.solution)
            else:
                assert isinstance(family, BashFamily) and text.prompt.startswith("# ")


def test_a_solution_ends_where_it_ends() -> None:
    for family in families():
        task = family.task(random.randrange(family.size))
        after = random.choice(["", "\n", "\n\ndef g():\n    pass\n", "\n# Another\n", "\n\n\n"])
        if task.language == "python":
            after += random.choice(["", "print(1)\n", "# end\n"])
        assert clean_completion(task, task.solution + after) == task.solution


def test_every_family_comes_once_before_any_comes_twice() -> None:
    trained = sum(not family.held_out for family in families())
    found = [identity.split("/")[1] for _, identity, _ in generate_texts("train", seed=3, limit=2 * trained)]
    assert len(set(found[:trained])) == len(set(found[trained:])) == trained


@pytest.mark.parametrize("split", ["train", "test_seen"])
def test_a_few_families_are_the_same_for_every_seed_and_split(split: Split) -> None:
    chosen = {family.name for family in few(9)}
    assert len(chosen) == 9 and chosen < {family.name for family in few(30)}
    for seed in (0, random.randrange(10**6)):
        assert {task.family for task in generate_tasks(split, seed=seed, limit=40, num_families=9)} == chosen


def test_families_without_training_stay_whole_beside_a_few_and_too_many_are_refused() -> None:
    plain, beside = (list(generate_tasks("test", seed=1, limit=50, num_families=count)) for count in (None, 3))
    assert plain == beside
    trained = len(few(None))
    assert trained == sum(not family.held_out for family in families())
    for count in (0, trained + 1):
        with pytest.raises(UsageError, match=rf"--num-families {count}: there are {trained} families"):
            generate_tasks("train", seed=1, limit=1, num_families=count)


def test_the_stream_ends_when_all_tasks_of_the_split_are_used(every_text: dict[Split, list[Any]]) -> None:
    for split in SPLITS:
        assert Counter(language for language, _, _ in every_text[split]) == total_tasks(split)


@pytest.mark.parametrize("split", SPLITS)
def test_the_stream_is_a_function_of_the_seed_without_repeats(split: Split) -> None:
    seed = random.randrange(10**6)
    tasks = list(generate_tasks(split, seed=seed, limit=60))
    assert tasks == list(generate_tasks(split, seed=seed, limit=60))
    assert tasks[:40] == list(generate_tasks(split, seed=seed, limit=40))
    assert tasks != list(generate_tasks(split, seed=seed + 1, limit=60))
    assert len({task.id for task in tasks}) == 60
    texts = list(generate_texts(split, seed=seed, limit=60))
    assert [(task.language, task.id, task.prompt, task.solution) for task in tasks] == [
        (language, identity, *text) for language, identity, text in texts
    ]


def test_the_source_holds_training_tasks_alone_and_can_be_continued(every_text: dict[Split, list[Any]]) -> None:
    documents = list(open_source("code-tasks:600", seed=5))
    held = {family.name for family in families() if family.held_out}
    tested = {text.prompt for split in ("test_seen", "test") for _, _, text in every_text[split]}
    assert len(documents) == 600 and {one.language for one in documents} == {"python", "bash"}
    for one in documents:
        assert one.id.split("/")[1] not in held
        assert not any(one.text.startswith(prompt) for prompt in _beginnings(one.text) & tested)
        assert one.licence == "CC0-1.0" and one.source == "code-tasks"
    from codeling.data.source_options import SourceOptions

    rest = list(open_source("code-tasks:600", seed=5, options=SourceOptions(start=250)))
    assert rest == documents[250:]


def _beginnings(text: str) -> set[str]:
    lines = text.splitlines(keepends=True)
    return {"".join(lines[:count]) for count in range(1, len(lines) + 1)}
