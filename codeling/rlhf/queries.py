"""Which prompts the policy is asked.

``preferences.json`` gives its prompts once each, split as the file splits its pairs; ``tasks:N`` generates programming
tasks, held-out ones with new parameters; ``mbpp:FILE`` reads problems with tests, an eighth of which is held out.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from codeling.errors import UsageError
from codeling.rlhf.preferences import read_preferences
from codeling.rlhf.prompts import Prompt, encode_prompt, end_id
from codeling.rlhf.rollout import Query
from codeling.runtime.paths import Workspace
from codeling.runtime.seeds import stable_hash
from codeling.tasks.generate import generate_tasks
from codeling.tasks.mbpp import mbpp_tasks
from codeling.tasks.task import Task
from codeling.tokenizer.bpe import Tokenizer

DEFAULT_TASKS = 2048
"""Generated tasks, where no number is given."""


@dataclass(frozen=True)
class QuerySet:
    """Prompts to learn from and prompts to measure on; ``too_long`` were left out."""

    train: list[Query]
    held_out: list[Query]
    too_long: int = 0


def load_queries(
    source: str,
    *,
    workspace: Workspace,
    tokenizer: Tokenizer,
    room: int,
    seed: int,
    held_out: int,
    num_families: int | None = None,
) -> QuerySet:
    """The prompts that ``--prompts source`` names; those of more than ``room`` tokens are left out.

    ``num_families``: see `codeling.tasks.generate.generate_tasks`.
    """
    train, other = _read(source, workspace, seed=seed, held_out=held_out, num_families=num_families)

    def queries(prompts: Iterable[tuple[Prompt, Task | None]]) -> tuple[list[Query], int]:
        made = [_query(prompt, task, tokenizer) for prompt, task in prompts]
        return [query for query in made if len(query.ids) <= room], sum(len(query.ids) > room for query in made)

    (asked, long), (measured, also_long) = queries(train), queries(other)
    if not asked:
        why = f"all {long} are longer than {room} tokens; lower --max-new-tokens" if long else "there are none"
        raise UsageError(f"--prompts {source}: no prompt to learn from: {why}")
    return QuerySet(asked, measured[:held_out], long + also_long)


def described(queries: Sequence[Query], *, source: str) -> list[dict[str, Any]]:
    """What the prompts are, by language, in the form in which model cards say of what a stage was made."""
    languages = [query.task.language if query.task is not None else "-" for query in queries]
    return [
        {
            "source": source,
            "language": language,
            "licence": "CC0-1.0" if source.startswith("tasks") else "unknown",
            "documents": languages.count(language),
            "tokens": sum(len(query.ids) for query, one in zip(queries, languages, strict=True) if one == language),
        }
        for language in sorted(set(languages))
    ]


def _read(
    source: str, workspace: Workspace, *, seed: int, held_out: int, num_families: int | None
) -> tuple[list[tuple[Prompt, Task | None]], list[tuple[Prompt, Task | None]]]:
    kind, _, argument = source.partition(":")
    if kind == "tasks":
        limit = _count(source, argument)
        train = generate_tasks("train", seed=seed, limit=limit, num_families=num_families)
        other = generate_tasks("test_seen", seed=seed, limit=held_out, num_families=num_families)
        return [(task.prompt, task) for task in train], [(task.prompt, task) for task in other]
    if kind == "mbpp":
        tasks = list(mbpp_tasks(Path(argument)))
        apart = {task.id: stable_hash("held out", task.id) % 8 == 0 for task in tasks}
        return (
            [(task.prompt, task) for task in tasks if not apart[task.id]],
            [(task.prompt, task) for task in tasks if apart[task.id]],
        )
    path = workspace.find(source, workspace.processed, remedy="python scripts/prepare_rlhf_data.py")
    prompts: dict[str, tuple[str, Prompt]] = {}
    for preference in read_preferences(path):
        prompts.setdefault(json.dumps(preference.prompt, sort_keys=True), (preference.split, preference.prompt))
    return (
        [(prompt, None) for split, prompt in prompts.values() if split == "train"],
        [(prompt, None) for split, prompt in prompts.values() if split != "train"],
    )


def _count(source: str, argument: str) -> int:
    if not argument:
        return DEFAULT_TASKS
    if not argument.isdigit() or int(argument) < 1:
        raise UsageError(f"--prompts {source}: '{argument}' is no number of tasks; for example tasks:500")
    return int(argument)


def _query(prompt: Prompt, task: Task | None, tokenizer: Tokenizer) -> Query:
    key = task.id if task is not None else format(stable_hash(json.dumps(prompt, sort_keys=True)), "016x")
    ends = frozenset([end_id(tokenizer, prompt)])
    return Query(key=key, prompt=prompt, ids=tuple(encode_prompt(tokenizer, prompt)), end_ids=ends, task=task)
