# ruff: noqa: SIM905  (lists of words are read as running text)
"""What a user says to have tools called: one request, several in one message, one that lacks an argument.

Texts are made of the phrasings of ``tool_functions``; what is added here are the words between them. Every value of the
arguments is said in the text, in the words of its slot.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache
from random import Random
from typing import Any

from codeling.data.tool_functions.spec import FunctionSpec, Slot

_OPTIONAL_PART = re.compile(r"\[([^\[\]]*)\]")
_SLOT = re.compile(r"\{(\w+)\}")
_ORDINARY_START = re.compile(r"[A-Z][a-z']*[ ,]")
# Words that keep their capital inside a sentence.
_CAPITALS = frozenset("I I'm I'd I've I'll English German French Python Unix Docker Git Linux DNS".split())
_GREETINGS = ("Hi! ", "Hello! ", "Hi, ", "Hey, ")
_NEXT = ("Now ", "Next, ", "And now ", "Then ", "Also, ", "OK. ", "Thanks! ", "Great. ")


@dataclass(frozen=True)
class Request:
    """What a user says, and what it means."""

    text: str
    inside: str
    """The text as it goes on after other words: it may begin with a small letter there."""
    calls: tuple[dict[str, Any], ...]
    """Arguments of the calls that are asked for, under canonical names."""
    missing: tuple[str, ...] = ()
    """Arguments that the text does not say: what a clarifying question asks for."""

    @property
    def arguments(self) -> dict[str, Any]:
        """The arguments of the only call."""
        (arguments,) = self.calls
        return arguments


@cache
def _optional_parts(phrasing: str) -> tuple[frozenset[str], ...]:
    return tuple(frozenset(_SLOT.findall(part)) for part in _OPTIONAL_PART.findall(phrasing))


_PART = re.compile(r"(\[[^\[\]]*\]|\{\w+\})")
_TELLING_WORD = re.compile(r"(?<![\w'\"`])[A-Za-z][a-z']{3,}(?![\w'\"`])")
# Words that say which value is which.
_LINKS = frozenset("from into with between under over after before called named than then plus minus times".split())


def terse(rng: Random, phrasing: str) -> str:
    """The phrasing without some of its longer words, or without all of them; links and optional parts stay.

    >>> terse(Random(2), "Look up the weather in {city}")
    'up the in {city}'
    """
    share = rng.uniform(0.2, 1.0)

    def kept(match: re.Match[str]) -> str:
        return match[0] if match[0].lower() in _LINKS or rng.random() >= share else ""

    parts = _PART.split(phrasing)
    shorter = "".join(part if part[:1] in ("[", "{") else _TELLING_WORD.sub(kept, part) for part in parts)
    shorter = re.sub(r"\s+", " ", shorter).strip()
    # Optional parts may all stay unsaid: a slot that is always said must be left outside of them.
    return shorter if _SLOT.search(_OPTIONAL_PART.sub("", shorter)) else phrasing


def request(
    rng: Random, spec: FunctionSpec, phrasings: Sequence[str], *, optional: float = 0.5, terse_share: float = 0.0
) -> Request:
    """One request: a phrasing, filled with arguments that are drawn; a ``terse_share`` of them in fewer words."""
    phrasing = rng.choice(phrasings)
    if terse_share and rng.random() < terse_share:
        phrasing = terse(rng, phrasing)
    arguments = spec.draw(rng, optional=optional)
    # A part in brackets is said when all of its slots are set: what stays unsaid is no argument.
    unsaid = {name for part in _optional_parts(phrasing) if not part <= arguments.keys() for name in part}
    arguments = {name: value for name, value in arguments.items() if name not in unsaid}
    text = spec.fill(phrasing, arguments)
    return Request(text, lowered(text) if phrasing[0].isupper() else text, (arguments,))


def lowered(text: str) -> str:
    """The text with its first letter small, unless the first word is one that keeps its capital.

    >>> lowered("Sort it"), lowered("I need it"), lowered("USD to EUR")
    ('sort it', 'I need it', 'USD to EUR')
    """
    first = _ORDINARY_START.match(text)
    if first is None or first.group()[:-1] in _CAPITALS:
        return text
    return text[0].lower() + text[1:]


def opened(rng: Random, made: Request, *, first: bool) -> str:
    """The text of a request, now and then with a greeting or a word that leads on from the turn before."""
    if "\n" in made.text or rng.random() >= (0.08 if first else 0.25):
        return made.text
    opening = rng.choice(_GREETINGS if first else _NEXT)
    return opening + (made.text if opening[-2] in ".!" else made.inside)


def joined(rng: Random, parts: Sequence[Request]) -> Request:
    """Several requests as one message."""
    message = _joined_texts(rng, parts)
    first = parts[0]
    inside = first.inside + message[len(first.text) :] if message.startswith(first.text) else message
    return Request(message, inside, tuple(arguments for part in parts for arguments in part.calls))


def _joined_texts(rng: Random, parts: Sequence[Request]) -> str:
    texts = [part.text for part in parts]
    if rng.random() < 0.12:
        if rng.random() < 0.5:
            return "\n".join(f"{number}. {text}" for number, text in enumerate(texts, 1))
        return rng.choice(("Two things:\n", "Please do this:\n")[len(texts) > 2 :]) + "\n".join(f"- {t}" for t in texts)
    message = texts[0]
    for part in parts[1:]:
        if message[-1] in ".?!" or _UNCLEAR_END.search(message) or rng.random() < 0.6:
            opening = rng.choice(("", "", "Also, ", "And ", "Then, "))
            message = _stopped(message) + opening + (part.inside if opening else part.text)
        else:
            message += rng.choice((", and ", "; ", ", also ")) + part.inside
    return message


def _stopped(text: str) -> str:
    """The text as something else can follow: after a full stop, or in a new line where it might belong to a value."""
    if _UNCLEAR_END.search(text):
        return f"{text}\n"
    return f"{text} " if text[-1] in ".?!" else f"{text}. "


# A sign that is no full stop, or a full stop after a sign: "..-." in Morse code, "src/..", "C:\\".
_UNCLEAR_END = re.compile(r"(?:[^\w\s\"')\]}.?!%]|[^\w\"')\]}%]\.)$")

_SAME_AGAIN = ("Same for", "Do the same for", "And the same for", "Then again for", "Also for", "And for")


def repeated(
    rng: Random, spec: FunctionSpec, phrasings: Sequence[str], *, count: int, optional: float = 0.5
) -> Request | None:
    """A request for ``count`` calls of one function that differ in one value.

    None when the function has not exactly one slot whose value can stand in such a list, or the phrasing is unfit.
    """
    varying = [slot for slot in spec.slots if slot.required and "enum" not in slot.schema]
    if (
        spec.relate is not None
        or len(varying) != 1
        or varying[0].schema.get("type") not in ("string", "integer", "number")
    ):
        return None
    slot = varying[0]
    phrasing = rng.choice(phrasings)
    first = request(rng, spec, (phrasing,), optional=optional)
    if any(name != slot.name and "enum" not in spec.slot(name).schema for name in first.arguments):
        return None  # "the same for 5" must not leave open which number is meant
    chosen: list[Any] = []
    for _ in range(4 * count):
        value = slot.draw(rng)
        if value not in chosen and value != first.arguments[slot.name]:
            chosen.append(value)
        if len(chosen) == count - 1:
            break
    else:
        return None
    calls = (first.arguments, *({**first.arguments, slot.name: value} for value in chosen))
    said = [slot.said(call[slot.name]) for call in calls]
    quote = _quote_of(phrasing, slot.name)
    if slot.say is None and all(" " not in words and "," not in words for words in said) and rng.random() < 0.6:
        listed = f"{f'{quote}, {quote}'.join(said[:-1])}{quote} and {quote}{said[-1]}"
        text = spec.fill(phrasing, {**first.arguments, slot.name: listed})
    else:
        more = " and ".join(f"{quote}{words}{quote}" for words in said[1:])
        text = f"{_stopped(first.text)}{rng.choice(_SAME_AGAIN)} {more}"
    return Request(text, lowered(text) if phrasing[0].isupper() else text, calls)


def _quote_of(phrasing: str, name: str) -> str:
    before, _, after = phrasing.partition(f"{{{name}}}")
    quoted = before[-1:] in ("'", '"', "`") and before[-1:] == after[:1]
    return before[-1] if quoted else ""


_PREPOSITION = r"(?:in|into|for|of|from|to|at|on|with|as|by|using|over|about|under|against|called|named|through|via)"
# A preposition (or two), perhaps a noun, and the slot, at the end of the sentence or before what can stand without it.
_CUT = (
    r"(?<=\w),? (?:{preposition} )+(?:(?:the|a|an|my|this|that)(?: [a-z]+){{1,3}} |(?<!to )[a-z]+ )??"
    r"[\"'`(]?\{{{slot}\}}[\"'`)]?(?=[?.!,]*$|\[|,? {preposition} )"
)
# A sentence cannot end with these, or its sense changes.
_NO_END = (
    "is are was were be do does did and or the a an go get much many between not to rid leading points point relative "
    "based separated made turned see want put thinking belong live out over become becomes such looking called named "
    "like need as me up ends relies look buy something pulled what who when"
)
_DANGLING = re.compile(rf"(?:\b(?:{'|'.join(_NO_END.split())})|[,:;])[?.!]*$")


@cache
def _without(phrasing: str, slot: str) -> str | None:
    """The phrasing without the words that say a slot, where it can do without: "Weather in {city}?" -> "Weather?"."""
    pattern = _CUT.format(preposition=_PREPOSITION, slot=slot)
    found = re.search(pattern, phrasing)
    if found is None:
        return None
    rest = phrasing[: found.start()] + phrasing[found.end() :]
    head = _OPTIONAL_PART.sub("", rest[: found.start()])
    whole = _OPTIONAL_PART.sub("", rest)
    if _DANGLING.search(head) or _DANGLING.search(whole) or len(_SLOT.sub("", whole).split()) < 3:
        return None
    return rest


def incomplete(rng: Random, spec: FunctionSpec, phrasings: Sequence[str], *, optional: float = 0.5) -> Request | None:
    """A request that leaves out a required argument, or all of them; None when the function requires none.

    ``arguments`` are the whole call's.
    """
    required = [slot.name for slot in spec.slots if slot.required]
    if not required:
        return None
    cuts = [
        (name, shorter)
        for name in required
        for phrasing in phrasings
        if (shorter := _without(phrasing, name)) is not None
    ]
    if cuts and (len(required) > 2 or rng.random() < 0.75):
        name, phrasing = rng.choice(cuts)
        made = request(rng, spec, (phrasing,), optional=optional)
        return replace(made, missing=(name,))
    if len(required) > 2:
        return None
    arguments = spec.draw(rng, optional=0.0)
    text = _wish(rng, spec.description.rstrip("."))
    return Request(text, lowered(text), (arguments,), tuple(required))


def _wish(rng: Random, description: str) -> str:
    """A request for what a description says, whether that is a deed, a thing or a question."""
    first, second = [*description.split(), ""][:2]
    if first in _QUESTION_WORDS:
        ways = _TO_KNOW
    elif first.rstrip(",") in _THINGS and (first, second) != ("Average", "a"):
        ways = _TO_HAVE
    else:
        ways = _TO_DO
    return rng.choice(ways).format(lowered(description))


def need(names: Sequence[str]) -> str:
    """What an assistant says before its calls: a name for each of them, so that none is forgotten.

    >>> need(["add", "add", "sort"])
    'I need add, add and sort.'
    """
    *others, last = names
    return f"I need {', '.join(others)} and {last}." if others else f"I need {last}."


def need_in_vain(name: str) -> str:
    """What an assistant says that needs a tool which is not offered."""
    return f"I need {name}, which is not offered."


_TO_DO = (
    "Can you {}?",
    "Could you {}?",
    "Please {}",
    "I want you to {}",
    "I'd like you to {}",
    "Would you {} for me?",
)
_TO_HAVE = ("I need the {}", "Give me the {}", "Can you tell me the {}?", "I'd like to know the {}")
_TO_KNOW = ("Tell me {}", "I want to know {}", "Can you find out {}?", "I'd like to know {}")
_QUESTION_WORDS = frozenset("What When Where Who How".split())
_THINGS = frozenset(
    "Age Air Area Author Average Basic Body Calories Capital Chance Correlation Countries Country Current Date "
    "Directions Director Distance Drink Electricity English Factorial Felt Greatest High Highest ISO "
    "Kilometers Languages Latitude Least Liters Longest Lyrics Meaning Median Minutes Money Monthly Most "
    "Moving Nearest Next Number Nutrition Official Opening Pace Percentile Players Points Population Price "
    "Prime Random Recipe Resting Result Savings Short Sights Smallest Snow Spending Square Standard Standings "
    "Statistics Status Sunrise Time Tip Ultraviolet Unix Use Useful Visa Volume Weather Weekday Words".split()
)


_NO_NOUNS = frozenset("old new from into with first second third left right low high start end before after".split())


def spoken_name(slot: Slot, variant: int) -> str:
    """A parameter's name as words: "start_date" -> "start date"; a name that is no noun is explained.

    >>> spoken_name(Slot("fromUnit", {"type": "string"}, lambda random: "km"), 0)
    'from unit'
    """
    name = slot.named(variant)
    description = str(slot.schema.get("description", ""))
    spoken = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name).replace("_", " ").lower()
    if len(spoken) > 2 and spoken not in _NO_NOUNS:
        return spoken
    if description and len(description.split()) <= 4:
        return description[:1].lower() + description[1:].rstrip(".")
    kind = {"string": "text", "array": "list", "object": "fields"}.get(str(slot.schema.get("type")), "number")
    return f"{spoken} {kind}"


def question(rng: Random, slots: Sequence[Slot], variant: int) -> str:
    """How an assistant asks for missing arguments."""
    names = [spoken_name(slot, variant) for slot in slots]
    if len(names) > 1:
        return rng.choice(("What are the {} and the {}?", "Which {} and {}?")).format(
            ", the ".join(names[:-1]), names[-1]
        )
    choices = [str(value).replace("_", " ") for value in slots[0].schema.get("enum", ())]
    if 2 <= len(choices) <= 4:
        return f"Which {names[0]}: {', '.join(choices[:-1])} or {choices[-1]}?"
    plural = names[0].endswith("s") and not names[0].endswith(("ss", "us"))
    return rng.choice(("Which {}?", "What are the {}?" if plural else "What is the {}?")).format(names[0])


def reply(rng: Random, slots: Sequence[Slot], variant: int, arguments: dict[str, Any]) -> str:
    """How a user gives the arguments that were asked for."""
    said = [(spoken_name(slot, variant), slot.said(arguments[slot.name])) for slot in slots]
    if len(said) == 1:
        name, words = said[0]
        return rng.choice(("{1}", "{1}", "It is {1}", "Use {1}", "The {0} is {1}", "{0}: {1}")).format(name, words)
    said = [(name, f'"{words}"' if " " in words and '"' not in words else words) for name, words in said]
    if rng.random() < 0.5:
        return ", ".join(f"{name}: {words}" for name, words in said)
    return f"The {' and the '.join(f'{name} is {words}' for name, words in said)}"
