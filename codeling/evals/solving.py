"""Does a model solve programming tasks? Its answers are run, and pass@k is estimated from them.

    tasks of a split --model, n samples each--> answers --Grader (sandbox)--> grades --> pass@k, shares

pass@k is the chance that at least one of k answers passes all tests: 1 - C(n - c, k) / C(n, k) for a task of whose n
answers c pass, averaged over tasks, the unbiased estimator of Chen et al. 2021 (https://arxiv.org/abs/2107.03374).
"""

from __future__ import annotations

import math
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any

from codeling.checkpoint import load_model
from codeling.config import require_numbers
from codeling.errors import Failure, UsageError
from codeling.evals.code import PYTHON_STOP
from codeling.evals.config import TaskEvalConfig
from codeling.evals.report import format_duration
from codeling.generate.config import Sampling
from codeling.generate.text import TextGenerator
from codeling.runtime.device import prepare_device, resolve_device
from codeling.runtime.files import write_json
from codeling.runtime.paths import Workspace
from codeling.runtime.seeds import stable_hash
from codeling.tasks.generate import generate_tasks
from codeling.tasks.grading import Grade, Grader
from codeling.tasks.mbpp import mbpp_tasks
from codeling.tasks.task import Language, Split, Task, clean_completion

KS = (1, 8)
SPLITS: tuple[Split, ...] = ("test_seen", "test")
_TITLES = {
    "test_seen": "families of the training, new names and numbers",
    "test": "families that training never uses",
    "mbpp": "tasks of the file",
}
_COLUMNS = {
    "parse_share": "parses",
    "tests_passed_share": "tests",
    "timeout_share": "time-out",
    "too_long_share": "too long",
}
_LEGEND = "pass@k: at least one of k passes all tests (+- standard error over tasks); tests: share of tests passed."
_STOPS: dict[Language, tuple[str, ...]] = {"python": PYTHON_STOP, "bash": ("\n\n", "\n#")}


@dataclass(frozen=True)
class Solved:
    """One task with a model's answers (up to where they end) and their grades; none where the prompt was too long."""

    task: Task
    answers: Sequence[str]
    grades: Sequence[Grade]


@dataclass(frozen=True)
class TaskScores:
    """The outcome of `evaluate`: answers by split, and what was asked."""

    splits: Mapping[str, Sequence[Solved]]
    facts: Mapping[str, Any] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        """Plain values, for a file: by split the measures, of all tasks and by language, and every task's share."""
        return {
            **self.facts,
            "splits": {
                split: {
                    "tasks": len(rows),
                    "measures": measures(rows),
                    "by_language": {
                        language: {"tasks": len(found), "measures": measures(found)}
                        for language in _STOPS
                        if (found := [row for row in rows if row.task.language == language])
                    },
                    "solved": {row.task.id: _share(grade.solved for grade in row.grades) for row in rows},
                }
                for split, rows in self.splits.items()
            },
        }


def pass_at_k(num_answers: int, num_correct: int, k: int) -> float:
    """The chance that k of the answers, drawn without putting back, hold a correct one; needs k <= num_answers.

    >>> pass_at_k(4, 1, 2)
    0.5
    """
    return 1.0 - math.comb(num_answers - num_correct, k) / math.comb(num_answers, k)


def measures(rows: Sequence[Solved]) -> dict[str, float]:
    """``pass@k`` for 1 and 8 as far as there are answers, with ``stderr`` over tasks; shares of all answers."""
    found: dict[str, float] = {}
    most = max((len(row.grades) for row in rows), default=0)
    for k in [k for k in KS if k <= most]:
        # A task whose prompt does not fit into the context is one that the model does not solve.
        values = [pass_at_k(len(row.grades), sum(one.solved for one in row.grades), k) if row.grades else 0.0
                  for row in rows]  # fmt: skip
        mean = sum(values) / len(values)
        found[f"pass@{k}"] = mean
        if len(values) > 1:
            variance = sum((value - mean) ** 2 for value in values) / (len(values) - 1)
            found[f"pass@{k}_stderr"] = math.sqrt(variance / len(values))
    grades = [grade for row in rows for grade in row.grades]
    if grades:
        found |= {
            "parse_share": _share(grade.parses for grade in grades),
            "tests_passed_share": sum(grade.fraction for grade in grades) / len(grades),
            "mean_reward": sum(grade.reward for grade in grades) / len(grades),
            "timeout_share": _share(grade.status == "timeout" for grade in grades),
        }
    found["too_long_share"] = _share(not row.grades for row in rows)
    return found


def _share(values: Any) -> float:
    listed = list(values)
    return sum(listed) / len(listed) if listed else 0.0


def solve(
    generator: TextGenerator,
    grader: Grader,
    tasks: Sequence[Task],
    *,
    num_samples: int,
    temperature: float,
    max_tokens: int,
    seed: int,
    judge: bool = False,
) -> list[Solved]:
    """``num_samples`` answers to each task, graded by its tests (or the judge's), in the order of the tasks."""
    context = generator.engine.context
    fitting = [task for task in tasks if len(generator.tokenizer.encode(task.prompt)) < context]
    answers: dict[Task, list[str]] = {}
    for language, stops in _STOPS.items():
        asked = [task for task in fitting if task.language == language for _ in range(num_samples)]
        settings = [
            Sampling(
                temperature=temperature,
                max_tokens=max_tokens,
                seed=stable_hash("solve", seed, task.id, place % num_samples) % 2**31,
            )
            for place, task in enumerate(asked)
        ]
        written = generator.complete_batch([task.prompt for task in asked], sampling=settings, stop=stops)
        for task, completion in zip(asked, written, strict=True):
            answers.setdefault(task, []).append(clean_completion(task, completion.text))
    pairs = [(task, text) for task in fitting for text in answers[task]]
    grades = iter(grader.grade(pairs, judge=judge))
    graded = {task: Solved(task, answers[task], list(islice(grades, num_samples))) for task in fitting}
    return [graded.get(task, Solved(task, (), ())) for task in tasks]


def tasks_command(config: TaskEvalConfig) -> None:
    """`codeling eval tasks`: answers and a table on stdout, everything as JSON in a file."""
    scores = evaluate(config)
    print(table(scores, num_shown=config.samples))


def evaluate(config: TaskEvalConfig) -> TaskScores:
    """Load the checkpoint, ask, run, and write the JSON."""
    start = time.monotonic()
    require_numbers(config, "num_tasks", "num_samples", "max_tokens", "batch_size", "workers", at_least=1)
    require_numbers(config, "samples", at_least=0)
    asked = _asked(config)
    workspace = Workspace(config.workdir)
    path = workspace.find(
        config.checkpoint or "code_model_best.pth", workspace.models, remedy="codeling train --stage code"
    )
    device = resolve_device(config.device)
    prepare_device(device)
    loaded = load_model(path, device=device)
    generator = TextGenerator(loaded.model, loaded.tokenizer, max_batch=config.batch_size)
    with Grader(config.workers) as grader:
        splits = {
            split: solve(
                generator,
                grader,
                tasks,
                num_samples=1 if config.greedy else config.num_samples,
                temperature=0.0 if config.greedy else config.temperature,
                max_tokens=config.max_tokens,
                seed=config.seed,
                judge=config.judge,
            )
            for split, tasks in asked.items()
        }
    facts = {
        "checkpoint": str(path),
        "source": config.source,
        "seed": config.seed,
        "samples_per_task": 1 if config.greedy else config.num_samples,
        "temperature": 0.0 if config.greedy else config.temperature,
        "judge_tests": config.judge,
        "seconds": time.monotonic() - start,
    }
    scores = TaskScores(splits, facts)
    write_json(config.output or workspace.logs / "eval_tasks.json", scores.to_json())
    return scores


def _asked(config: TaskEvalConfig) -> dict[str, list[Task]]:
    if config.source is None:
        return {split: list(generate_tasks(split, seed=config.seed, limit=config.num_tasks)) for split in SPLITS}
    kind, _, path = config.source.partition(":")
    if kind != "mbpp" or not path:
        raise UsageError(f"--source {config.source}: must be mbpp:PATH, a file of MBPP or HumanEval rows")
    tasks = list(islice(mbpp_tasks(Path(path)), config.num_tasks))
    if not tasks:
        raise Failure(f"{path}: no row makes a task; the reasons are above")
    return {"mbpp": tasks}


def table(scores: TaskScores, *, num_shown: int = 0) -> str:
    """Some answers, then a row of percentages for each split and language."""
    lines = [line for rows in scores.splits.values() for row in rows[: num_shown // len(scores.splits)]
             for line in _shown(row)]  # fmt: skip
    columns = {f"pass@{k}": f"pass@{k}" for k in KS} | _COLUMNS
    for split, rows in scores.splits.items():
        lines += [f"=== {_TITLES[split]}: {len(rows)} tasks", ""]
        lines.append(" " * 8 + "".join(f"{title:>16}" for title in columns.values()))
        for name in ("all", *_STOPS):
            chosen = [row for row in rows if name in ("all", row.task.language)]
            if chosen:
                found = measures(chosen)
                lines.append(f"{name:8}" + "".join(f"{_percent(found, column):>16}" for column in columns))
        lines.append("")
    facts = scores.facts
    lines += [
        f"{facts['samples_per_task']} answers to each task at temperature {facts['temperature']:g}. {_LEGEND}",
        f"{facts['checkpoint']}: {format_duration(facts['seconds'])}",
    ]
    return "\n".join(lines)


def _shown(row: Solved) -> list[str]:
    answer = row.answers[0] if row.answers else "(the prompt is longer than the context)"
    verdict = f"{row.grades[0].status}, {row.grades[0].passed} of {row.grades[0].total} tests" if row.grades else ""
    given = [f"  {line}" for line in row.task.prompt.splitlines()]
    return [f"--- {row.task.id}: {verdict}", *given, *(f"> {line}" for line in answer.splitlines()), ""]


def _percent(found: Mapping[str, float], name: str) -> str:
    if name not in found:
        return ""
    error = f" +-{100 * found[f'{name}_stderr']:.1f}" if f"{name}_stderr" in found else ""
    return f"{100 * found[name]:.1f}{error} %"
