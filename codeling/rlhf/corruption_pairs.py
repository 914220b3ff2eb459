"""Pairs from good programs and the same with one realistic fault put in on purpose (codeling.tasks.corruptions)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from random import Random

from codeling.rlhf.preference_sources import Found
from codeling.rlhf.preferences import Preference
from codeling.tasks.corruptions import corrupt
from codeling.tasks.task import Task

SOURCE = "corruptions"
PAIRS_PER_TASK = 3
MARGIN = 0.5
"""A fault is known, its cost is not: some let every test pass."""


def corrupted_pairs(tasks: Iterable[Task], *, seed: int) -> Iterator[Found]:
    """At most three pairs of each task; of the faults that fit it, those that came least often so far."""
    made: Counter[str] = Counter()
    for task in tasks:
        faults = list(corrupt(task, task.language, Random(f"{seed}/{SOURCE}/{task.id}")))
        for kind, text in sorted(faults, key=lambda fault: made[fault[0]])[:PAIRS_PER_TASK]:
            made[kind] += 1
            preference = Preference(
                task.prompt, task.solution, text, source=SOURCE, kind=kind, margin=MARGIN, task=task.id
            )
            yield Found(preference, f"{SOURCE}:{task.id}")
