r"""Instruction -> Bash command: a seeded generator of command-line tasks whose answers are right by construction.

About 300 families of tasks (``bash_files``, ``bash_text``, ``bash_system``: one-liners; ``bash_scripts``: scripts) are
templates over the words of ``bash_words``. A family's tasks are numbered: phrasing and words are the digits of a
mixed-radix number. Task ``i`` of a stream is found without making the ones before it: the stream goes in rounds, each
round visits every family that still has unused tasks once, in shuffled order, and a family's k-th visit takes the
k-th element of a seeded permutation of its tasks. So no task repeats until all of them are used (millions).

    # List all .csv files under ~/projects
    find ~/projects -type f -name '*.csv'

That every text passes ``bash -n`` is proved family by family in the tests; ``checked=True`` proves it again for each
text that is handed out (about 2 ms each). Commands follow GNU tools; nothing is ever executed.
"""

from __future__ import annotations

import math
import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import count, islice, product

from codeling.data import bash_files, bash_scripts, bash_system, bash_text
from codeling.data.bash_words import SLOTS, Value
from codeling.data.document import Document
from codeling.errors import Failure
from codeling.runtime.bash_syntax import bash_syntax_errors
from codeling.runtime.seeds import stable_hash

_SLOT = re.compile("«([a-z_]+)(#?)»")
_CHOICE = re.compile(r"\[([^\[\]]*)\]")
_CHECK_BATCH = 64
_SCRIPT_HEAD = "#!/bin/bash\n"


@dataclass(frozen=True)
class BashTask:
    """One task: what is asked for in English, and the Bash that does it.

    ``kind`` is "one-liner" or "script"; a script's ``command`` starts with ``#!/bin/bash``. Neither ends in a newline.
    ``family`` names the template and ``id`` the place in the stream, ``SEED:INDEX``.
    """

    instruction: str
    command: str
    kind: str
    id: str
    family: str

    @property
    def text(self) -> str:
        """The training text: the instruction as a comment, then the command (in a script, after its first line)."""
        if self.kind == "script":
            return f"{_SCRIPT_HEAD}# {self.instruction}\n{self.command.removeprefix(_SCRIPT_HEAD)}\n"
        return f"# {self.instruction}\n{self.command}\n"


@dataclass(frozen=True)
class Family:
    """A template with all its phrasings; ``slots`` are the words it draws, in the order of the radix digits."""

    name: str
    instructions: tuple[str, ...]
    command: str
    kind: str
    slots: tuple[str, ...]

    @property
    def size(self) -> int:
        """How many distinct tasks the family has."""
        return len(self.instructions) * math.prod(len(SLOTS[slot]) for slot in self.slots)

    def task(self, number: int, *, identity: str = "") -> BashTask:
        """The task with this number, 0 <= number < size."""
        number, phrasing = divmod(number, len(self.instructions))
        values: dict[str, Value] = {}
        for slot in self.slots:
            number, digit = divmod(number, len(SLOTS[slot]))
            values[slot] = SLOTS[slot][digit]
        return BashTask(
            instruction=_fill(self.instructions[phrasing], values, code=False),
            command=_fill(self.command, values, code=True),
            kind=self.kind,
            id=identity,
            family=self.name,
        )


def _fill(template: str, values: dict[str, Value], *, code: bool) -> str:
    # «slot» is the value in words or in code, whichever the text is; «slot#» is always the code.
    def value(match: re.Match[str]) -> str:
        chosen = values[match[1]]
        return chosen if isinstance(chosen, str) else chosen[code or match[2] == "#"]

    return _SLOT.sub(value, template)


@lru_cache(maxsize=1)
def families() -> tuple[Family, ...]:
    """All families, parsed once."""
    one_liners = bash_files.TEMPLATES + bash_text.TEMPLATES + bash_system.TEMPLATES
    return (*_parse(one_liners, "one-liner"), *_parse(bash_scripts.TEMPLATES, "script"))


def _parse(templates: str, kind: str) -> Iterator[Family]:
    for block in re.split(r"^== ", templates.strip("\n"), flags=re.MULTILINE)[1:]:
        head, command = block.rstrip("\n").split("\n$ ", 1)
        name, *lines = head.split("\n")
        instructions = tuple(text for line in lines for text in _expand(line))
        if kind == "script":
            command = f"{_SCRIPT_HEAD}set -euo pipefail\n\n{command}"
        slots = tuple(dict.fromkeys(match[1] for match in _SLOT.finditer(command)))
        yield Family(name, instructions, command, kind, slots)


def _expand(line: str) -> Iterator[str]:
    """Every reading of a line with ``[a|b]`` choices."""
    parts = _CHOICE.split(line)  # text and choices take turns
    for reading in product(*(part.split("|") if i % 2 else [part] for i, part in enumerate(parts))):
        yield "".join(reading)


@lru_cache(maxsize=1)
def _rounds() -> tuple[tuple[Family, ...], list[int], list[int]]:
    """The schedule: families from large to small, and per stretch of equal rounds its first index and first round."""
    ordered = tuple(sorted(families(), key=lambda family: (-family.size, family.name)))
    starts, first_rounds, index, played = [], [], 0, 0
    for active in range(len(ordered), 0, -1):  # the smallest family still active ends the stretch
        starts.append(index)
        first_rounds.append(played)
        index += active * (ordered[active - 1].size - played)
        played = ordered[active - 1].size
    return ordered, starts, first_rounds


def total_tasks() -> int:
    """How many tasks there are before the stream repeats."""
    return sum(family.size for family in families())


@lru_cache(maxsize=4096)
def _permutation(size: int, *key: object) -> tuple[int, int]:
    """A seeded permutation of ``range(size)``, x -> (x * factor + shift) % size; factor and size are coprime."""
    factor = 1 + stable_hash(*key, "factor") % size
    while math.gcd(factor, size) != 1:
        factor += 1
    return factor, stable_hash(*key, "shift") % size


def bash_task(seed: int, index: int) -> BashTask:
    """Task ``index`` of the stream ``seed``: a pure function of the two."""
    epoch, place = divmod(index, total_tasks())
    ordered, starts, first_rounds = _rounds()
    stretch = bisect_right(starts, place) - 1
    active = len(ordered) - stretch
    rounds, position = divmod(place - starts[stretch], active)
    visit = first_rounds[stretch] + rounds
    factor, shift = _permutation(active, seed, "bash-round", epoch, visit)
    family = ordered[(position * factor + shift) % active]
    factor, shift = _permutation(family.size, seed, "bash-family", epoch, family.name)
    return family.task((visit * factor + shift) % family.size, identity=f"{seed}:{index}")


def generate_bash_pairs(
    *, seed: int = 0, limit: int | None = None, start: int = 0, checked: bool = False
) -> Iterator[BashTask]:
    """Tasks ``start``, ``start + 1``, ... of the stream ``seed``; ``limit`` of them, or without end.

    Args:
        checked: run ``bash -n`` on every text before it is yielded; a Failure names the task that does not parse.
    """
    numbers = count(start) if limit is None else range(start, start + limit)
    tasks = (bash_task(seed, index) for index in numbers)
    if not checked:
        yield from tasks
        return
    while batch := list(islice(tasks, _CHECK_BATCH)):
        for task, message in zip(batch, bash_syntax_errors([task.text for task in batch]), strict=True):
            if message is not None:
                raise Failure(
                    f"bash-tasks {task.id} (family {task.family}): bash -n says: {message}; report it as a bug"
                )
        yield from batch


def generate_bash_tasks(
    *, seed: int = 0, limit: int | None = None, start: int = 0, checked: bool = False
) -> Iterator[Document]:
    """`generate_bash_pairs` as training documents (see `BashTask.text`)."""
    for task in generate_bash_pairs(seed=seed, limit=limit, start=start, checked=checked):
        yield Document(text=task.text, source="bash-tasks", language="bash", licence="CC0-1.0", id=task.id)
