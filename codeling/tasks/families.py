"""Families of tasks: templates whose slots are filled from lists of words and numbers, with tests made by an oracle.

A family's tasks are numbered: wording and slots are the digits of a mixed-radix number, so task ``n`` is a pure
function of the family and ``n``. Expected values come from an oracle, plain Python that is written differently from the
solution; that the two agree is proved by running the solutions (tests/unit/tasks). In a template, ``«slot»`` is the
slot's value, in English as words and in code as code, and ``[a|b]`` in a wording is a choice that multiplies the
wordings.
"""

from __future__ import annotations

import math
import re
import textwrap
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from itertools import product, zip_longest
from random import Random
from typing import Any, ClassVar, NamedTuple

from codeling.runtime.seeds import stable_hash
from codeling.tasks.task import BashTest, Language, PythonTest, Split, Task, Test

NUM_PYTHON_TESTS = 4
NUM_BASH_TESTS = 3
_CANDIDATES = 3  # times as many tests are drawn as are kept, so that what they expect can differ
_MOST_DRAWS = 200
_SEEN_SHARE = 8  # one in so many combinations of a training family is kept for the split "test_seen"
_SLOT = re.compile("«([a-z]+)»")
_CHOICE = re.compile(r"\[([^\[\]]*)\]")


class Choice(NamedTuple):
    """A slot's value that reads differently in English and in code; ``value`` is what the oracle is given."""

    words: str
    code: str
    value: Any


Value = str | int | Choice
Values = Mapping[str, Value]


def quoted(*texts: str) -> tuple[Choice, ...]:
    """String literals: in single quotes in the wording, in double quotes in the code."""
    return tuple(Choice(f"'{text}'", f'"{text}"', text) for text in texts)


class TaskText(NamedTuple):
    """A task without its tests."""

    prompt: str
    solution: str


@dataclass(frozen=True)
class _Template:
    language: ClassVar[Language]

    name: str
    wordings: str
    """One a line."""
    solution: str
    slots: Mapping[str, tuple[Value, ...]] = field(default_factory=dict)
    held_out: bool = field(default=False, kw_only=True)

    @cached_property
    def readings(self) -> tuple[str, ...]:
        """Every wording, its choices taken."""
        return tuple(reading for line in self.wordings.strip().split("\n") for reading in _expand(line.strip()))

    @cached_property
    def all_slots(self) -> dict[str, tuple[Value, ...]]:
        """Slot by slot what it may hold, in the order of the digits."""
        return dict(self.slots)

    @cached_property
    def size(self) -> int:
        """How many tasks the family has."""
        return len(self.readings) * math.prod(map(len, self.all_slots.values()))

    def task_id(self, number: int) -> str:
        """The stable name of one of its tasks."""
        return f"{self.language}/{self.name}/{number}"

    def split(self, number: int) -> Split:
        """Which split a task is in; all wordings of one combination of values are in the same."""
        if self.held_out:
            return "test"
        combinations = self.size // len(self.readings)
        factor, shift = permutation(combinations, "task-split", self.name)
        place = (number // len(self.readings) * factor + shift) % combinations
        return "test_seen" if place < max(1, combinations // _SEEN_SHARE) else "train"

    def _values(self, number: int) -> tuple[str, Values]:
        number, wording = divmod(number, len(self.readings))
        values: dict[str, Value] = {}
        for slot, choices in self.all_slots.items():
            number, digit = divmod(number, len(choices))
            values[slot] = choices[digit]
        return self.readings[wording], values

    def _random(self, number: int) -> Random:
        return Random(stable_hash("task-tests", self.name, number))


@lru_cache(maxsize=4096)
def permutation(size: int, *key: object) -> tuple[int, int]:
    """A seeded permutation of ``range(size)``, x -> (x * factor + shift) % size; factor and size are coprime."""
    factor = 1 + stable_hash(*key, "factor") % size
    while math.gcd(factor, size) != 1:
        factor += 1
    return factor, stable_hash(*key, "shift") % size


def _expand(line: str) -> Iterator[str]:
    parts = _CHOICE.split(line)  # text and choices take turns
    for reading in product(*(part.split("|") if index % 2 else [part] for index, part in enumerate(parts))):
        yield "".join(reading)


def _fill(template: str, values: Values, *, code: bool) -> str:
    def text(match: re.Match[str]) -> str:
        value = values[match[1]]
        return str(value) if not isinstance(value, Choice) else value.code if code else value.words

    while _SLOT.search(template):  # a value may hold other slots
        template = _SLOT.sub(text, template)
    return template


def _plain(values: Values) -> dict[str, Any]:
    return {slot: value.value if isinstance(value, Choice) else value for slot, value in values.items()}


@dataclass(frozen=True)
class PythonFamily(_Template):
    """Functions. ``solution`` is the body, not indented; slots ``a``, ``b``, ``c`` are the arguments.

    Attributes:
        functions: names of the function, separated by blanks; slots with numbers may be part of them.
        arguments: for each argument its names, separated by blanks.
        oracle: from the arguments' values and the other slots' values (by name) to what must be returned.
        inputs: draws the arguments' values; also given the slots' values by name.
    """

    language = "python"

    functions: str = field(kw_only=True)
    arguments: tuple[str, ...] = field(kw_only=True)
    oracle: Callable[..., Any] = field(kw_only=True)
    inputs: Callable[..., tuple[Any, ...]] = field(kw_only=True)

    @cached_property
    def all_slots(self) -> dict[str, tuple[Value, ...]]:
        names = {slot: tuple(names.split()) for slot, names in zip("abc", self.arguments, strict=False)}
        return {"f": tuple(self.functions.split()), **names, **self.slots}

    def text(self, number: int) -> TaskText:
        """The task with this number, 0 <= number < size."""
        return self._text(*self._values(number))

    def task(self, number: int) -> Task:
        """The same with its tests."""
        wording, values = self._values(number)
        return _task(self, number, self._text(wording, values), self._tests(values, self._random(number)))

    def _text(self, wording: str, values: Values) -> TaskText:
        arguments = ", ".join(str(values[slot]) for slot in "abc"[: len(self.arguments)])
        function, docstring = self._function(values), _fill(wording, values, code=False)
        prompt = f'def {function}({arguments}):\n    """{docstring}"""\n'
        return TaskText(prompt, textwrap.indent(_fill(self.solution, values, code=True), "    ") + "\n")

    def _function(self, values: Values) -> str:
        return _fill(str(values["f"]), values, code=True)

    def _tests(self, values: Values, random: Random) -> list[Test]:
        own = {slot: value for slot, value in _plain(values).items() if slot in self.slots}
        function, wanted = self._function(values), 2 * NUM_PYTHON_TESTS
        by_result: dict[str, dict[str, None]] = {}  # dictionaries as ordered sets of calls
        for draw in range(_MOST_DRAWS):
            counts = sorted(map(len, by_result.values()))
            if draw >= _CANDIDATES * wanted and sum(counts) >= wanted and sum(counts[:-1]) > 1:
                break
            inputs = self.inputs(random, **own)
            call = f"{function}({', '.join(map(repr, inputs))})"
            by_result.setdefault(repr(self.oracle(*inputs, **own)), {})[call] = None
        # Results take turns, and then are dealt out, so that no constant passes more of the tests than it must.
        turns = zip_longest(*([PythonTest(call, result) for call in calls] for result, calls in by_result.items()))
        chosen = [test for turn in turns for test in turn if test is not None][:wanted]
        chosen.sort(key=lambda test: list(by_result).index(test.expected))
        return [*chosen[0::2], *chosen[1::2]]


@dataclass(frozen=True)
class BashFamily(_Template):
    """One-liners and short scripts, run in a folder.

    ``scene`` draws the files of one test and says what must come of it, given the slots' values by name.
    """

    language = "bash"

    scene: Callable[..., BashTest] = field(kw_only=True)

    def text(self, number: int) -> TaskText:
        """The task with this number, 0 <= number < size."""
        return self._text(*self._values(number))

    def task(self, number: int) -> Task:
        """The same with its tests."""
        wording, values = self._values(number)
        random, tests = self._random(number), dict[Test, None]()
        for _ in range(_CANDIDATES * NUM_BASH_TESTS):
            tests[self.scene(random, **_plain(values))] = None
        different = list({(test.stdout, test.left): test for test in tests if isinstance(test, BashTest)}.values())
        chosen = (different + [test for test in tests if test not in different])[: 2 * NUM_BASH_TESTS]
        return _task(self, number, self._text(wording, values), chosen)

    def _text(self, wording: str, values: Values) -> TaskText:
        prompt = f"# {_fill(wording, values, code=False)}\n"
        return TaskText(prompt, _fill(self.solution, values, code=True) + "\n")


Family = PythonFamily | BashFamily


def _task(family: _Template, number: int, text: TaskText, tests: list[Any]) -> Task:
    half = len(tests) // 2
    assert half >= 3, f"family {family.name} has too few different tests"
    return Task(
        id=family.task_id(number),
        family=family.name,
        language=family.language,
        prompt=text.prompt,
        solution=text.solution,
        tests=tuple(tests[:half]),
        judge_tests=tuple(tests[half : 2 * half]),
    )
