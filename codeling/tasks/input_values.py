"""What the tests of Python tasks call functions with: small random values of the usual types."""

from __future__ import annotations

import string
from random import Random

WORDS = [
    "apple", "banana", "cherry", "river", "stone", "cloud", "tiger", "lemon", "garden", "window", "paper", "silver",
    "mango", "level", "noon", "radar", "orange", "kite", "bridge", "candle", "forest", "pencil", "rabbit", "summer",
    "winter", "ticket", "basket", "market", "castle", "dragon", "engine", "feather", "hammer", "island",
]  # fmt: skip
NAMES = [
    "Ada",
    "Ben",
    "Cleo",
    "Dan",
    "Eva",
    "Finn",
    "Gina",
    "Hugo",
    "Ines",
    "Jan",
    "Kira",
    "Leo",
    "Mia",
    "Noah",
    "Olga",
    "Paul",
]


def number(r: Random, low: int = -20, high: int = 20) -> int:
    """A whole number, both ends included."""
    return r.randint(low, high)


def numbers(r: Random, low: int = -20, high: int = 20, shortest: int = 1) -> list[int]:
    """A list of whole numbers, sometimes with equal ones."""
    values = [r.randint(low, high) for _ in range(r.randint(shortest, 7))]
    return values + values[:1] if r.random() < 0.3 else values


def different_numbers(r: Random, low: int = -20, high: int = 20) -> list[int]:
    """A list without equal numbers, at least four."""
    return r.sample(range(low, high + 1), r.randint(4, 7))


def word(r: Random) -> str:
    """One word in lower case."""
    return r.choice(WORDS)


def words(r: Random, fewest: int = 1) -> list[str]:
    """A list of words, sometimes with equal ones."""
    values = [r.choice(WORDS) for _ in range(r.randint(fewest, 5))]
    return values + values[:1] if r.random() < 0.3 else values


def sentence(r: Random, fewest: int = 1) -> str:
    """Words with single blanks between them, some with a capital."""
    return " ".join(one.capitalize() if r.random() < 0.3 else one for one in words(r, fewest))


def mixed(r: Random, extra: str = "") -> str:
    """Letters, digits, punctuation and the characters of ``extra``, in any order."""
    kinds = (string.ascii_lowercase, string.ascii_uppercase, string.digits, "-_.,! " + extra, extra or "aeiou")
    return "".join(r.choice(r.choice(kinds)) for _ in range(r.randint(4, 14)))


def table(r: Random, fewest: int = 2) -> dict[str, int]:
    """Words with different small numbers."""
    keys = r.sample(WORDS, r.randint(fewest, 5))
    return dict(zip(keys, r.sample(range(30), len(keys)), strict=True))


def people(r: Random, key: str) -> list[dict[str, object]]:
    """Records with a name and, under ``key``, a number that differs from record to record."""
    names = r.sample(NAMES, r.randint(2, 4))
    return [{"name": name, key: value} for name, value in zip(names, r.sample(range(80), len(names)), strict=True)]
