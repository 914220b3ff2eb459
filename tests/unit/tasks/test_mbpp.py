"""Rows of MBPP and HumanEval become tasks, or are reported with the reason."""

import gzip
import json
from pathlib import Path

import pytest

from codeling.errors import UsageError
from codeling.tasks.grading import Grader
from codeling.tasks.mbpp import mbpp_tasks
from codeling.tasks.task import PythonTest

ROW = {
    "task_id": 7,
    "prompt": 'Write a function to add "numbers".',
    "code": "import math\r\nK = 0\r\ndef other(x):\r\n\treturn x\r\n"
    "def add(a, b = 1): \r\n\t'''Old.'''\r\n\t# c\r\n\treturn K+other(a)+b",
    "test_setup": "",
    "tests": ["assert add(1, 2) == 3", "assert add(2)==3", "assert add(0.1, 0.2) == 0.3", "assert [5] == [add(4)]"],
    "challenge_tests": [],
}
HUMAN = {
    "task_id": "HumanEval/8",
    "prompt": 'def half(x):\n    """ Half of x. """\n',
    "entry_point": "half",
    "canonical_solution": "    return x / 2\n",
    "test": "def check(candidate):\n    assert candidate(4) == 2.0\n    assert not candidate(0)\n"
    "    assert math.isclose(candidate(1), 0.501, rel_tol=0.01)\n    assert abs(candidate(1) - 0.5) < 1\n",
}


def written(path: Path, *rows: object) -> Path:
    path.write_bytes(
        gzip.compress("".join((one if isinstance(one, str) else json.dumps(one)) + "\n" for one in rows).encode())
    )
    return path


def test_a_row_becomes_a_head_a_docstring_and_a_body(tmp_path: Path, grader: Grader) -> None:
    (task,) = mbpp_tasks(written(tmp_path / "rows.jsonl.gz", ROW))
    assert (task.id, task.family, task.language) == ("mbpp/7", "mbpp", "python")
    assert task.prompt == (
        "import math\nK = 0\ndef other(x):\n    return x\n"
        'def add(a, b=1):\n    """Write a function to add "numbers"."""\n'
    )
    assert task.solution == "    return K + other(a) + b\n"
    assert task.tests == (
        PythonTest("add(1, 2)", "3"), PythonTest("add(2)", "3"), PythonTest("add(0.1, 0.2)", "0.3"),
    )  # fmt: skip
    assert task.judge_tests == (PythonTest("[add(4)]", "[5]"),)
    (human,) = mbpp_tasks(written(tmp_path / "human.jsonl.gz", HUMAN))
    assert (human.prompt, human.solution) == (HUMAN["prompt"], HUMAN["canonical_solution"])
    assert human.tests == (PythonTest("half(4)", "2.0"), PythonTest("bool(half(0))", "False"))
    assert human.judge_tests == (PythonTest("half(1)", "0.501", 0.01),)
    assert grader.working([task, human]) == ([task, human], [])


def test_challenge_tests_are_the_judges(tmp_path: Path) -> None:
    row = {**ROW, "challenge_tests": ["assert add(9, 9) == 18"]}
    (task,) = mbpp_tasks(written(tmp_path / "rows.jsonl.gz", row))
    assert len(task.tests) == 4 and task.judge_tests == (PythonTest("add(9, 9)", "18"),)


def test_mbpps_own_names_of_its_fields_mean_the_same(tmp_path: Path) -> None:
    (task,) = mbpp_tasks(written(tmp_path / "rows.jsonl.gz", ROW))
    original = {
        "text": ROW["prompt"],
        "code": ROW["code"].removeprefix("import math\r\n"),  # type: ignore[union-attr]
        "task_id": 7,
        "test_setup_code": "import math",
        "test_list": ROW["tests"],
        "challenge_test_list": [],
    }
    sanitized = {
        "source_file": "a.ipynb",
        "task_id": 7,
        "prompt": ROW["prompt"],
        "code": original["code"],
        "test_imports": ["import math"],
        "test_list": ROW["tests"],
    }
    assert list(mbpp_tasks(written(tmp_path / "more.jsonl.gz", original, sanitized))) == [task, task]


def test_what_makes_no_task_is_reported_with_the_reason(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rows = [
        ROW,
        "{no json",
        {"text": "a"},
        [1],
        {**ROW, "task_id": 8, "code": "def add(:"},
        {**ROW, "task_id": 9, "code": "def sub(a): return a"},
        {**ROW, "task_id": 10, "tests": ["assert add(1) == add(1)", "assert add(1) == 2"]},
        {**ROW, "task_id": 11, "tests": ["x = add(1)"]},
        {**ROW, "task_id": 12, "code": ROW["code"] + "\nclass After: pass"},
    ]
    path = written(tmp_path / "rows.jsonl.gz", *rows)
    problems: list[str] = []
    assert [task.id for task in mbpp_tasks(path, on_problem=problems.append)] == ["mbpp/7"]
    assert [problem.split(":")[1] for problem in problems] == [str(number) for number in range(2, 10)]
    reasons = ["not valid JSON", "fields", "fields", "mbpp/8", "no function", "fewer", "not one assertion", "goes on"]
    for problem, words in zip(problems, reasons, strict=True):
        assert words in problem
    list(mbpp_tasks(path))
    assert capsys.readouterr().err.count("\n") == 8
    with pytest.raises(UsageError, match="no such file"):
        list(mbpp_tasks(tmp_path / "none.jsonl"))


@pytest.mark.slow
@pytest.mark.parametrize(
    "name", ["stage2_mbpp_train", "stage2_mbpp_valid", "eval_mbpp_test_even", "eval_humaneval_python_even"]
)
def test_real_rows_are_solved_by_their_own_solutions(name: str, grader: Grader) -> None:
    path = Path(__file__).parents[4] / "shared" / "data" / f"{name}.jsonl.gz"
    if not path.is_file():
        pytest.skip(f"the real rows are not beside the project: {path}")
    problems: list[str] = []
    tasks = list(mbpp_tasks(path, on_problem=problems.append))
    good, _ = grader.working(tasks)
    assert len(good) >= 0.9 * (len(tasks) + len(problems))
