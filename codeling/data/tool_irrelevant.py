# ruff: noqa: SIM905  (lists of words are read as running text)
"""Turns that need no tool: small talk and questions (`exchange`), and the words of a refusal (`REFUSALS`).

Held out for the tests, by the same rule as functions: of what training says, the last ways of saying it (for
``test_seen``); and a part of all exchanges altogether (for ``val`` and ``test_unseen``).
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from functools import lru_cache
from random import Random

from codeling.data.tool_small_talk import ASK_TERM, FACTS, SMALL_TALK, TERMS
from codeling.data.tool_splits import Split
from codeling.runtime.seeds import stable_hash

REFUSALS = (
    "None of my tools can do that.",
    "I have no tool for that.",
    "Sorry, none of my tools fits that.",
    "I can't do that: no tool for it is offered.",
)
_HELD_OUT_SHARE = 0.15
_HELD_OUT_TERM_WAYS = 2
_WORD = re.compile(r"[a-z]{3,}")
# A tool with one of these words might answer questions of knowledge itself.
_ANSWERS_QUESTIONS = frozenset(
    "define definition dictionary explain encyclopedia wiki meaning glossary answer ask web internet biography claim "
    "fact article trivia".split()
)
_COMMON = frozenset(
    "the and for you are can what who how why does which that this with your from have has was were not all any get "
    "tell name list find make use one two new give text number time day today".split()
)


@dataclass(frozen=True)
class Exchange:
    """What is said in several ways, and the replies; ``topic`` is "chat" or "question"."""

    topic: str
    ways: tuple[str, ...]
    replies: tuple[str, ...]
    num_held_out: int
    words: frozenset[str]
    """Content words: a tool that shares one might be meant. Empty for terms, whose sense is clear."""


def content_words(text: str) -> frozenset[str]:
    """The words of a text that tell its subject."""
    return frozenset(_WORD.findall(text.lower().replace("_", " "))) - _COMMON


def _parse(table: str, topic: str) -> list[Exchange]:
    parsed = []
    for line in table.strip().splitlines():
        asked, _, replied = line.partition(" => ")
        ways = tuple(asked.split("|"))
        parsed.append(Exchange(topic, ways, tuple(replied.split("|")), 1, content_words(" ".join(ways))))
    return parsed


@lru_cache(maxsize=4)
def exchanges(split: Split) -> dict[str, tuple[Exchange, ...]]:
    """The exchanges of a split by topic, each with the ways of saying it that the split may use."""
    terms = [line.partition(" => ") for line in TERMS.strip().splitlines()]
    table = _parse(SMALL_TALK, "chat") + _parse(FACTS, "question")
    table += [
        Exchange("question", tuple(ask.format(x=x) for ask in ASK_TERM), (reply,), _HELD_OUT_TERM_WAYS, frozenset())
        for x, _, reply in terms
    ]
    held_out = split in ("val", "test_unseen")
    chosen: dict[str, list[Exchange]] = {"chat": [], "question": []}
    for one in table:
        if (stable_hash("tool-exchange", one.replies[0]) / 2**64 < _HELD_OUT_SHARE) != held_out:
            continue
        cut = len(one.ways) - one.num_held_out
        ways = {"train": one.ways[:cut], "test_seen": one.ways[cut:]}.get(split, one.ways)
        chosen[one.topic].append(Exchange(one.topic, ways, one.replies, one.num_held_out, one.words))
    return {topic: tuple(found) for topic, found in chosen.items()}


def exchange(rng: Random, split: Split, topic: str, tool_words: Collection[str]) -> tuple[str, str]:
    """What a user says and what is replied, on something that no tool is about.

    Args:
        topic: "chat" or "question".
        tool_words: `content_words` of all the offered tools.
    """
    if topic == "question" and not _ANSWERS_QUESTIONS.isdisjoint(tool_words):
        topic = "chat"
    fitting = [one for one in exchanges(split)[topic] if one.words.isdisjoint(tool_words)]
    chosen = rng.choice(fitting or exchanges(split)["chat"])
    return rng.choice(chosen.ways), rng.choice(chosen.replies)
