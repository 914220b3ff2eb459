"""The types of the catalogue: a function, its slots, and the sentences that ask for it.

A ``FunctionSpec`` is a row of a table: name, description, slots (the parameters), phrasings and a result. From it a
composer draws arguments, fills a phrasing with them and gets a request whose only right answer is that call:

>>> from random import Random
>>> spec = FunctionSpec(
...     "count_lines", "text", "Count the lines of a file",
...     (text("path", lambda random: "a.txt"), flag("blank", "including blank lines", "without blank lines")),
...     lines('''
...         How many lines does {path} have[ {blank}]?
...         Count the lines of {path}[, {blank}]
...     '''),
...     lambda arguments, random: {"lines": 3},
... )
>>> spec.fill(spec.phrasings[0], {"path": "a.txt", "blank": True})
'How many lines does a.txt have including blank lines?'
>>> spec.fill(spec.phrasings[1], {"path": "a.txt"})
'Count the lines of a.txt'
>>> spec.execute({"path": "a.txt"}, Random(0))
{'lines': 3}

Phrasings. ``{slot}`` stands for the value as it is said; ``[ ... {slot} ...]`` is a part that appears exactly when its
slots are set. Every phrasing names every slot once: required slots outside brackets, optional ones inside. The last
``NUM_HELD_OUT`` phrasings are kept away from training.

Values. What goes into the arguments must follow from the request: text and numbers are copied; a value of an enum is
said in its own words; a list is said as "a, b and c"; a boolean is one of two phrases. Slots draw from the large pools
of ``values.py`` so that a model learns to copy and not to remember.

Variants. The same function may be offered under other names (``names``, and ``Slot.names`` for parameters), so that a
model learns to read the offered schema: variant 0 has the canonical names, ``FunctionSpec.num_variants`` counts them.
Arguments are always drawn, said and executed under canonical names; ``rename`` gives them as a variant calls them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from random import Random
from typing import Any

from codeling.tools.schema import Tool

NUM_HELD_OUT = 3
"""How many of a function's phrasings, the last ones, are held out of training."""

Draw = Callable[[Random], Any]
Result = Callable[[dict[str, Any], Random], Any]

_PART = re.compile(r"\[([^\[\]]*)\]|\{(\w+)\}")
_SLOT = re.compile(r"\{(\w+)\}")
_UNQUOTED_SLOT = re.compile(r"(?<![\"'`\w./-])\{(\w+)\}(?![\"'`\w/-])")


def say_plainly(value: Any) -> str:
    """How a value is said when its slot has no way of its own: 3, 2.5, a.txt, "a, b and c", "size=3, colour=red".

    >>> say_plainly(["a", "b", "c"]), say_plainly({"size": 3}), say_plainly(2.5)
    ('a, b and c', 'size=3', '2.5')
    """
    if isinstance(value, str):
        return value
    if isinstance(value, Mapping):
        return ", ".join(f"{key}={say_plainly(item)}" for key, item in value.items())
    if isinstance(value, list | tuple):
        return _listed([say_plainly(item) for item in value])
    return str(value)


def _listed(said: Sequence[str]) -> str:
    return said[0] if len(said) == 1 else f"{', '.join(said[:-1])} and {said[-1]}"


@dataclass(frozen=True)
class Slot:
    """One parameter of a function: its JSON Schema, how a value is drawn and how it is said in a request."""

    name: str
    schema: dict[str, Any]
    """JSON Schema of the value; "description" only where the name does not say it all."""
    draw: Draw
    """A value that fits the schema, from ``Random`` alone."""
    say: Callable[[Any], str] | None = None
    """The words for a value in a request; None says it plainly."""
    required: bool = True
    default: Any = None
    """What an absent optional slot means: written into the schema and given to ``result``; None for nothing."""
    names: tuple[str, ...] = ()
    """Other names under which the parameter may be offered."""

    def said(self, value: Any) -> str:
        """The words for ``value`` in a request."""
        return say_plainly(value) if self.say is None else self.say(value)

    @property
    def is_free_text(self) -> bool:
        """Whether values are strings of any kind, said as they are."""
        return self.schema.get("type") == "string" and "enum" not in self.schema and self.say is None

    @property
    def is_list_of_texts(self) -> bool:
        """Whether values are lists of strings, said as "a, b and c"."""
        return self.schema.get("type") == "array" and self.schema["items"]["type"] == "string" and self.say is None

    def named(self, variant: int) -> str:
        """The parameter's name in a variant of its function."""
        return (self.name, *self.names)[variant % (1 + len(self.names))]

    def property(self) -> dict[str, Any]:
        """The schema as it is offered: with the default of an optional slot."""
        if self.required or self.default is None:
            return self.schema
        return {**self.schema, "default": self.default}


@dataclass(frozen=True)
class FunctionSpec:
    """A function of the catalogue; see the module's docstring for how its parts fit together."""

    name: str
    domain: str
    description: str
    """Four to ten words: every token of it is read at every call."""
    slots: tuple[Slot, ...]
    phrasings: tuple[str, ...]
    result: Result
    """``result(arguments, random)``: a JSON value; really computed where that is possible, plausible otherwise.

    The arguments have canonical names and hold the defaults of absent optional slots (``execute`` sees to both)."""
    names: tuple[str, ...] = field(default=(), kw_only=True)
    """Other names under which the function may be offered."""
    relate: Callable[[dict[str, Any], Random], dict[str, Any]] | None = field(default=None, kw_only=True)
    """Makes drawn arguments fit each other, such as a word to be replaced that is in the text; None: independent."""

    @property
    def train_phrasings(self) -> tuple[str, ...]:
        """The phrasings that training may use."""
        return self.phrasings[:-NUM_HELD_OUT]

    @property
    def heldout_phrasings(self) -> tuple[str, ...]:
        """The phrasings kept for the test of new phrasings."""
        return self.phrasings[-NUM_HELD_OUT:]

    @property
    def num_variants(self) -> int:
        """How many names the function has; ``tool`` and ``rename`` take 0 up to this."""
        return 1 + len(self.names)

    def slot(self, name: str) -> Slot:
        """The slot with a canonical name; KeyError when there is none."""
        for slot in self.slots:
            if slot.name == name:
                return slot
        raise KeyError(name)

    def draw(self, random: Random, *, optional: float = 0.5) -> dict[str, Any]:
        """Arguments: all required slots, and each optional one with the given probability."""
        chosen = [slot for slot in self.slots if slot.required or random.random() < optional]
        arguments = {slot.name: slot.draw(random) for slot in chosen}
        return arguments if self.relate is None else self.relate(arguments, random)

    def fill(self, phrasing: str, arguments: Mapping[str, Any]) -> str:
        """The request that ``phrasing`` makes of ``arguments``; KeyError when a required slot has no value.

        In quotation marks, each item of a list gets its own: ``"{words}"`` becomes ``"a", "b" and "c"``.
        """

        def said(match: re.Match[str], name: str) -> str:
            slot, value = self.slot(name), arguments[name]
            around = match.string[max(0, match.start() - 1) : match.start()] + match.string[match.end() :][:1]
            if slot.is_list_of_texts and around == '""':
                return _listed([f'"{item}"' for item in value])[1:-1]
            return slot.said(value)

        def word(match: re.Match[str]) -> str:
            return said(match, match[1])

        def part(match: re.Match[str]) -> str:
            if match[2] is not None:
                return said(match, match[2])
            needed = _SLOT.findall(match[1])
            return _SLOT.sub(word, match[1]) if all(name in arguments for name in needed) else ""

        return _PART.sub(part, phrasing)

    def quoted(self, phrasing: str) -> str:
        """The phrasing with quotation marks around each slot of text or texts, where there are none yet.

        >>> spec = FunctionSpec("say", "d", "Say it", (text("word", str), text("path", str)), (), dict)
        >>> print(spec.quoted("Say {word} to `{path}`"))
        Say "{word}" to `{path}`
        """

        if phrasing not in self._quoted:  # composers ask for all phrasings at every turn
            free = {slot.name for slot in self.slots if slot.is_free_text or slot.is_list_of_texts}
            self._quoted[phrasing] = _UNQUOTED_SLOT.sub(
                lambda match: f'"{match[0]}"' if match[1] in free else match[0], phrasing
            )
        return self._quoted[phrasing]

    @cached_property
    def _quoted(self) -> dict[str, str]:
        return {}

    def tool(self, variant: int = 0) -> Tool:
        """The function as it is offered to a model, under the names of a variant."""
        parameters: dict[str, Any] = {
            "type": "object",
            "properties": {slot.named(variant): slot.property() for slot in self.slots},
        }
        required = [slot.named(variant) for slot in self.slots if slot.required]
        if required:
            parameters["required"] = required
        return Tool((self.name, *self.names)[variant], self.description, parameters)

    def rename(self, arguments: Mapping[str, Any], variant: int) -> dict[str, Any]:
        """The arguments, in the order of the slots, under the parameter names of a variant."""
        return {slot.named(variant): arguments[slot.name] for slot in self.slots if slot.name in arguments}

    def execute(self, arguments: Mapping[str, Any], random: Random) -> Any:
        """The JSON value that the function answers; absent optional slots take their defaults (or None)."""
        defaults = {slot.name: slot.default for slot in self.slots if not slot.required}
        return self.result({**defaults, **arguments}, random)


def lines(block: str) -> tuple[str, ...]:
    """The phrasings of a block of text, one a line."""
    return tuple(line.strip() for line in block.splitlines() if line.strip())


def _schema(kind: str, description: str, **more: Any) -> dict[str, Any]:
    return {"type": kind, **({"description": description} if description else {}), **more}


def text(name: str, draw: Draw, description: str = "", **slot: Any) -> Slot:
    """A string, copied from the request; ``slot`` takes required, default, say and names, here and below."""
    return Slot(name, _schema("string", description), draw, **slot)


def integer(name: str, draw: Draw, description: str = "", **slot: Any) -> Slot:
    """A whole number, written in digits in the request."""
    return Slot(name, _schema("integer", description), draw, **slot)


def number(name: str, draw: Draw, description: str = "", **slot: Any) -> Slot:
    """A number, written in digits in the request."""
    return Slot(name, _schema("number", description), draw, **slot)


def choice(name: str, values: Sequence[str], description: str = "", **slot: Any) -> Slot:
    """An enum of strings; each is said as itself, underscores as spaces, unless ``say`` knows better."""
    say = slot.pop("say", lambda value: value.replace("_", " "))
    return Slot(
        name, _schema("string", description, enum=list(values)), lambda random: random.choice(values), say, **slot
    )


def flag(name: str, yes: str, no: str, description: str = "", **slot: Any) -> Slot:
    """A boolean, optional unless told otherwise: ``yes`` and ``no`` are the words of a request for true and false."""
    slot = {"required": False, **slot}
    say: Callable[[Any], str] = lambda value: yes if value else no  # noqa: E731
    return Slot(name, _schema("boolean", description), lambda random: random.random() < 0.7, say, **slot)


def listing(name: str, draw: Draw, low: int = 2, high: int = 4, **slot: Any) -> Slot:
    """A list of ``low`` to ``high`` different values of ``draw``, said as "a, b and c"; items typed by a sample."""
    description = slot.pop("description", "")
    kind = {str: "string", int: "integer", float: "number"}[type(draw(Random(0)))]

    def draw_list(random: Random) -> list[Any]:
        values: list[Any] = []
        length = random.randint(low, high)
        while len(values) < length:
            value = draw(random)
            if value not in values:
                values.append(value)
        return values

    return Slot(name, _schema("array", description, items={"type": kind}), draw_list, **slot)


def fields(name: str, draws: Mapping[str, Draw], **slot: Any) -> Slot:
    """An object with one property for each of ``draws``, all present, said as "size=3, colour=red"."""
    kinds = {str: "string", int: "integer", float: "number", bool: "boolean"}
    properties = {key: {"type": kinds[type(draw(Random(0)))]} for key, draw in draws.items()}
    schema = _schema("object", slot.pop("description", ""), properties=properties, required=list(draws))
    return Slot(name, schema, lambda random: {key: draw(random) for key, draw in draws.items()}, **slot)


def mapping(name: str, key: Draw, value: Draw, low: int = 1, high: int = 3, **slot: Any) -> Slot:
    """An object whose keys and values are free text, said as "A=1, B=2"; ``low`` to ``high`` entries."""
    schema = _schema("object", slot.pop("description", ""), additionalProperties={"type": "string"})

    def draw(random: Random) -> dict[str, str]:
        entries: dict[str, str] = {}
        length = random.randint(low, high)
        while len(entries) < length:
            entries[key(random)] = value(random)
        return entries

    return Slot(name, schema, draw, **slot)


def answer(*names: str, **values: Any) -> Result:
    """A result that repeats the arguments ``names`` and adds ``values``: draws are drawn, anything else is taken.

    >>> answer("path", deleted=True, bytes=lambda random: random.randint(1, 9))({"path": "a.txt"}, Random(0))
    {'path': 'a.txt', 'deleted': True, 'bytes': 7}
    """

    def result(arguments: dict[str, Any], random: Random) -> Any:
        drawn = {key: value(random) if callable(value) else value for key, value in values.items()}
        return {**{name: arguments[name] for name in names}, **drawn}

    return result
