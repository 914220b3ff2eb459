"""Small children's stories, made by a seeded grammar: the built-in text of stage 1, in simple English.

A story is a plot (``story_plots``: a thing is lost, a promise broken, a storm comes ...) with a cast. The cast fixes
once who the hero is, and with it every pronoun, and what is wanted, lost or made, so that what is looked for in the
second paragraph is what is found in the last. Each sentence of a plot has variants and some may be left out; choices
are independent, so a plot has billions of readings. The register is that of TinyStories (Eldan and Li, 2023,
https://arxiv.org/abs/2305.07759): words a four-year-old knows, past tense, dialogue, a cause for every turn.

Story ``i`` is a pure function of ``(seed, i)``; only ``random.Random.random`` is used, whose values Python guarantees
to stay the same between versions.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import count
from random import Random
from typing import TypeVar

from codeling.data.document import Document
from codeling.data.story_plots import PLOTS
from codeling.data.story_words import (
    ANIMAL_HEROES,
    ANIMAL_HOMES,
    BOYS,
    CHILD_HOMES,
    ELDERS,
    FOREST_HELPERS,
    FOREST_PLACES,
    GIRLS,
    HOBBIES,
    MADE,
    PEOPLE,
    PLACES,
    PREPOSITIONS,
    SMALL_ANIMALS,
    TOYS,
    WORDS,
)  # fmt: skip
from codeling.runtime.seeds import stable_hash

T = TypeVar("T")
# A compiled text: strings, and choices between compiled texts.
Node = list["str | tuple[Node, ...]"]

_TOKEN = re.compile(r"[\[\]|]|[^\[\]|]+")
_INCLUDE = re.compile(r"<([a-z]+)>")
_ARTICLE = re.compile(r"\b([Aa]) (?=[aeiouAEIOU])(?!one\b|uni|use)")
_SPACES = re.compile(r" {2,}")
_LINE_EDGES = re.compile(r" *\n *")
_SENTENCE_START = re.compile(r'((?:^|[.!?] |\n)"?)([a-z])')


def _pick(rng: Random, options: Sequence[T]) -> T:
    return options[int(rng.random() * len(options))]


@lru_cache(maxsize=1)
def plots() -> dict[str, Node]:
    """Every plot by name, with its parts put in, compiled."""
    blocks: dict[str, str] = {}
    for block in re.split(r"^== ", PLOTS.strip(), flags=re.MULTILINE)[1:]:
        name, text = block.split("\n", 1)
        blocks[name] = text.strip()
    return {
        name: _compile(_INCLUDE.sub(lambda match: blocks[f"@{match[1]}"], text))
        for name, text in blocks.items()
        if not name.startswith("@")
    }


def _compile(text: str) -> Node:
    """Parse ``[a|b [c|d]]`` choices into nested lists."""
    root: Node = []
    stack: list[list[Node]] = [[root]]  # per open bracket its alternatives, the last one being written
    for token in _TOKEN.findall(text):
        if token == "[":
            stack.append([[]])
        elif token == "|":
            stack[-1].append([])
        elif token == "]":
            alternatives = tuple(stack.pop())
            stack[-1][-1].append(alternatives)
        else:
            stack[-1][-1].append(token)
    assert len(stack) == 1, f"unbalanced brackets: {text[:60]}"
    return root


def _render(rng: Random, node: Node, out: list[str]) -> None:
    for part in node:
        if isinstance(part, str):
            out.append(part)
        else:
            _render(rng, part[int(rng.random() * len(part))], out)


def _person(prefix: str, *, girl: bool) -> dict[str, str]:
    he, him, his = ("she", "her", "her") if girl else ("he", "him", "his")
    words = {"he": he, "him": him, "his": his, "He": he.title(), "His": his.title()}
    return {prefix + key: value for key, value in words.items()}


def _cast(rng: Random) -> dict[str, str]:
    """Draw who and what a story is about: one value for every slot of the plots."""
    animals = rng.random() < 0.35
    girl, friend_girl = rng.random() < 0.5, rng.random() < 0.5
    name = _pick(rng, GIRLS if girl else BOYS)
    friend = _pick(rng, GIRLS if friend_girl else BOYS)
    while friend[0] == name[0]:
        friend = _pick(rng, GIRLS if friend_girl else BOYS)
    slots = {key: _pick(rng, values) for key, values in WORDS.items()}
    while slots["trait_2"] == slots["trait"]:
        slots["trait_2"] = _pick(rng, WORDS["trait_2"])
    kind = _pick(rng, ANIMAL_HEROES) if animals else "girl" if girl else "boy"
    friend_kind = _pick(rng, ANIMAL_HEROES) if animals else "girl" if friend_girl else "boy"
    elder, elder_girl = _pick(rng, ELDERS)
    toy_adjective, toy = _pick(rng, WORDS["toy_adjective"]), _pick(rng, TOYS)
    hobby, hobbying = _pick(rng, HOBBIES)
    made, stuff, trouble = _pick(rng, MADE)
    place, hiding_places = _pick(rng, FOREST_PLACES if animals else PLACES)
    fruit = slots["fruit_1"]
    fruits = fruit[:-1] + "ies" if fruit.endswith("y") else "peaches" if fruit == "peach" else fruit + "s"
    preposition = PREPOSITIONS.get(place.split()[-1], "at")
    slots.update(_person("", girl=girl))
    slots.update(_person("e", girl=elder_girl))
    slots.update(
        H=name, F=friend, kind=kind, fkind=friend_kind, e=elder, toyn=toy, a_toy=f"a {toy_adjective} {toy}",
        hobby=hobby, hobbying=hobbying, made=made, a_made=f"a {made}", stuff=stuff, trouble_made=trouble,
        the_place=place, at_place=f"{preposition} {place}", under=_pick(rng, hiding_places), fruit=fruits,
        home=_pick(rng, ANIMAL_HOMES if animals else CHILD_HOMES),
        helper=_pick(rng, FOREST_HELPERS if animals else PEOPLE),
        animal=_pick(rng, [animal for animal in SMALL_ANIMALS if animal not in (kind, friend_kind)]),
    )  # fmt: skip
    return slots


def story(seed: int, index: int) -> str:
    """Story ``index`` of the stream ``seed``; paragraphs are separated by an empty line."""
    rng = Random(stable_hash(seed, "story", index))
    compiled = plots()
    plot = _pick(rng, list(compiled.values()))
    parts: list[str] = []
    _render(rng, plot, parts)
    text = "".join(parts).format_map(_cast(rng))
    text = _SPACES.sub(" ", _ARTICLE.sub(r"\1n ", text))
    text = _LINE_EDGES.sub("\n", text).strip()
    return _SENTENCE_START.sub(lambda match: match[1] + match[2].upper(), text)


def generate_stories(*, seed: int = 0, limit: int | None = None, start: int = 0) -> Iterator[Document]:
    """Stories ``start``, ``start + 1``, ... of the stream ``seed``: ``limit`` of them, or without end."""
    for index in count(start) if limit is None else range(start, start + limit):
        yield Document(
            text=story(seed, index), source="stories", language="text", licence="CC0-1.0", id=f"{seed}:{index}"
        )
