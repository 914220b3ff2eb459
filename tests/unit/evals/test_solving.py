"""pass@k against counting all draws; answers that are known from the start; the command on a tiny model."""

import itertools
import json
import random
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest

from codeling.errors import Failure, UsageError
from codeling.evals.config import TaskEvalConfig
from codeling.evals.solving import Solved, evaluate, measures, pass_at_k, solve, table, tasks_command
from codeling.generate.text import TextCompletion
from codeling.sandbox.backend import find_backend
from codeling.sandbox.limits import Limits
from codeling.tasks.generate import generate_tasks
from codeling.tasks.grading import Grade, Grader


@pytest.fixture(scope="module")
def grader() -> Iterator[Grader]:
    try:
        find_backend()
    except UsageError as error:
        pytest.skip(str(error))
    with Grader(limits=Limits(wall_seconds=40, cpu_seconds=10)) as grader:
        yield grader


@pytest.mark.parametrize("num_answers", range(1, 8))
def test_the_estimator_counts_draws(num_answers: int) -> None:
    for num_correct in range(num_answers + 1):
        answers = [True] * num_correct + [False] * (num_answers - num_correct)
        for k in range(1, num_answers + 1):
            draws = [any(draw) for draw in itertools.combinations(answers, k)]
            assert pass_at_k(num_answers, num_correct, k) == pytest.approx(sum(draws) / len(draws), abs=1e-12)


def test_measures_are_means_over_tasks() -> None:
    tasks = list(generate_tasks("test", seed=1, limit=3))
    right, wrong, broken = Grade(True, 4, 4, "passed"), Grade(True, 1, 4, "failed"), Grade(False, 0, 4, "syntax")
    rows = [
        Solved(tasks[0], ["a"] * 8, [right] * 2 + [wrong] * 6),
        Solved(tasks[1], ["b"] * 8, [broken] * 8),
        Solved(tasks[2], (), ()),
    ]
    found = measures(rows)
    assert found["pass@1"] == pytest.approx(0.25 / 3)
    assert found["pass@8"] == pytest.approx(1 / 3)
    assert found["pass@8_stderr"] == pytest.approx(1 / 3)  # of 1, 0, 0: sqrt(1/3) / sqrt(3)
    assert found["parse_share"] == 0.5 and found["too_long_share"] == pytest.approx(1 / 3)
    assert found["tests_passed_share"] == pytest.approx((2 + 6 / 4) / 16)
    assert "pass@8" not in measures([Solved(tasks[0], ["a"], [right])])
    assert measures([]) == {"too_long_share": 0.0}


class Scripted:
    """Writes the solution in every third sample, followed by more text; the prompts are as long as their text."""

    def __init__(self, solutions: dict[str, str], context: int) -> None:
        self._solutions = solutions
        self.engine = SimpleNamespace(context=context)
        self.tokenizer = SimpleNamespace(encode=list)
        self.seeds: list[int] = []

    def complete_batch(self, prompts: list[str], *, sampling: list[Any], stop: tuple[str, ...]) -> list[TextCompletion]:
        self.seeds += [one.seed for one in sampling]
        more = "\n# more\nx"
        return [
            TextCompletion(self._solutions[prompt] + more if place % 3 == 0 else "    (" + more, "length", 9)
            for place, prompt in enumerate(prompts)
        ]


def test_answers_are_cut_graded_and_kept_in_the_order_of_the_tasks(grader: Grader) -> None:
    tasks = list(generate_tasks("test", seed=random.randrange(10**6), limit=6))
    longest = max(tasks, key=lambda task: len(task.prompt))
    generator: Any = Scripted({task.prompt: task.solution for task in tasks}, context=len(longest.prompt))
    options: dict[str, Any] = {"num_samples": 3, "temperature": 1.0, "max_tokens": 50, "seed": 3}
    rows = solve(generator, grader, tasks, **options)
    assert [row.task for row in rows] == tasks
    for row in rows:
        if len(row.task.prompt) < len(longest.prompt):
            assert [grade.solved for grade in row.grades] == [True, False, False]
            assert row.answers[0] == row.task.solution
        else:
            assert row.answers == row.grades == ()
    assert len(set(generator.seeds)) == len(generator.seeds)  # every sample is another one
    seeds = list(generator.seeds)
    judged = solve(generator, grader, tasks, judge=True, **options)
    assert generator.seeds == seeds * 2
    assert [one.passed for row in judged for one in row.grades] == [
        one.passed for row in rows for one in row.grades
    ]  # as many tests are the judge's


def test_the_command_writes_scores_and_shows_answers(small_workspace, tmp_path, capsys, grader: Grader) -> None:
    options: dict[str, Any] = {
        "checkpoint": small_workspace / "models" / "code_model_best.pth",
        "num_tasks": 3,
        "num_samples": 2,
        "max_tokens": 8,
        "device": "cpu",
        "samples": 2,
        "output": tmp_path / "scores.json",
    }
    tasks_command(TaskEvalConfig(**options))
    shown = capsys.readouterr().out
    assert "families that training never uses: 3 tasks" in shown and "pass@1" in shown and shown.count("--- ") == 2
    written = json.loads((tmp_path / "scores.json").read_text())
    assert set(written["splits"]) == {"test_seen", "test"}
    assert len(written["splits"]["test"]["solved"]) == 3 and 0 <= written["splits"]["test"]["measures"]["pass@1"] <= 1
    scores = evaluate(TaskEvalConfig(**{**options, "greedy": True}))
    assert all(len(row.answers) == 1 for rows in scores.splits.values() for row in rows if row.grades)
    assert "temperature 0" in table(scores)


def test_the_problems_of_a_file_are_asked(small_workspace, tmp_path, grader: Grader) -> None:
    row = {"text": "Write a function to add one.", "code": "def add(x):\n    return x + 1"}
    tests = ["assert add(1) == 2", "assert add(2) == 3"]
    file = tmp_path / "problems.jsonl"
    file.write_text("".join(json.dumps(row | {"task_id": i, "test_list": tests}) + "\n" for i in (7, 8, 9)))
    config = TaskEvalConfig(
        checkpoint=small_workspace / "models" / "code_model_best.pth", source=f"mbpp:{file}", num_tasks=2,
        num_samples=2, max_tokens=8, device="cpu", output=tmp_path / "scores.json",
    )  # fmt: skip
    scores = evaluate(config)
    assert [row.task.id for row in scores.splits["mbpp"]] == ["mbpp/7", "mbpp/8"]
    assert all(len(row.grades) == 2 for row in scores.splits["mbpp"])
    assert "tasks of the file: 2 tasks" in table(scores)


def test_a_file_that_cannot_be_meant_is_refused_before_a_checkpoint_is_looked_for(tmp_path) -> None:
    for source in ("humaneval", "mbpp:", "other:a"):
        with pytest.raises(UsageError, match="mbpp:PATH"):
            evaluate(TaskEvalConfig(source=source, workdir=tmp_path))
    (tmp_path / "rows.jsonl").write_text("{}\n")
    with pytest.raises(Failure, match="no row makes a task"):
        evaluate(TaskEvalConfig(source=f"mbpp:{tmp_path / 'rows.jsonl'}", workdir=tmp_path))
