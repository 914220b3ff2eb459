"""``generate_tasks``: the stream of generated tasks of a split, seeded, without repeats.

``test`` holds families that no training task comes from; ``test_seen`` the families of the training with names and
numbers that training never uses together. The stream goes in rounds: each round visits every family that still has
unused tasks once, in shuffled order, and a family's tasks come in a seeded permutation.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from functools import cache

from codeling.errors import UsageError
from codeling.runtime.seeds import generator, stable_hash
from codeling.tasks import bash_folders, bash_lines, python_lists, python_numbers, python_records, python_strings
from codeling.tasks.families import Family, TaskText, permutation
from codeling.tasks.task import Language, Split, Task

_MODULES = (python_strings, python_lists, python_numbers, python_records, bash_lines, bash_folders)


@cache
def families() -> tuple[Family, ...]:
    """All families, Python's first."""
    return tuple(family for module in _MODULES for family in module.FAMILIES)


def generate_tasks(split: Split, *, seed: int, limit: int, num_families: int | None = None) -> Iterator[Task]:
    """``limit`` tasks of a split, fewer only when all of them are used (see `total_tasks`).

    ``num_families``: of the families that are trained on, only so many, the same ones for every seed (see `few`).
    """
    chosen = _families_of(split, num_families)
    return (family.task(number) for family, number in _numbers(chosen, split, seed, limit))


def few(num_families: int | None) -> tuple[Family, ...]:
    """So many of the families that are trained on, by a hash of their names, which nobody chose; None: all of them.

    Raises UsageError for a number that they are not.
    """
    trained = [family for family in families() if not family.held_out]
    if num_families is None:
        return tuple(trained)
    if not 1 <= num_families <= len(trained):
        raise UsageError(f"--num-families {num_families}: there are {len(trained)} families of tasks to train on")
    return tuple(sorted(trained, key=lambda family: stable_hash("few families", family.name))[:num_families])


def generate_texts(split: Split, *, seed: int, limit: int) -> Iterator[tuple[Language, str, TaskText]]:
    """(language, id, text) of the same tasks: what costs least, where nobody needs the tests."""
    for family, number in _numbers(_families_of(split), split, seed, limit):
        yield family.language, family.task_id(number), family.text(number)


@cache
def total_tasks(split: Split) -> Counter[Language]:
    """How many different tasks a split has, by language."""
    totals: Counter[Language] = Counter()
    for family in families():
        totals[family.language] += sum(family.split(number) == split for number in range(family.size))
    return totals


def _families_of(split: Split, num_families: int | None = None) -> tuple[Family, ...]:
    return tuple(family for family in families() if family.held_out) if split == "test" else few(num_families)


def _numbers(chosen: Sequence[Family], split: Split, seed: int, limit: int) -> Iterator[tuple[Family, int]]:
    active = [(family, _permuted(family, split, seed)) for family in chosen]
    visit = made = 0
    while active and made < limit:
        visit += 1
        unused = []
        for place in generator("task-round", seed, split, visit).permutation(len(active)):
            family, numbers = active[place]
            number = next(numbers, None)
            if number is None:
                continue
            unused.append((family, numbers))
            yield family, number
            made += 1
            if made == limit:
                return
        active = sorted(unused, key=lambda one: one[0].name)


def _permuted(family: Family, split: Split, seed: int) -> Iterator[int]:
    """The family's tasks of the split, in a seeded order."""
    factor, shift = permutation(family.size, seed, "task-order", family.name)
    numbers = ((index * factor + shift) % family.size for index in range(family.size))
    return (number for number in numbers if family.split(number) == split)
