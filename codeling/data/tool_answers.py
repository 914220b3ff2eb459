"""What an assistant says about a tool's result: one short sentence that uses its values.

>>> from random import Random
>>> answer(Random(0), {"lines": 3}, {"path": "a.txt"})
'3 lines.'
>>> answer(Random(0), {"error": "no such file"}, {"path": "a.txt"})
'That failed: no such file.'
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from random import Random
from typing import Any

_LONG = 48
"""A longer text is shown by its first words."""
_OPAQUE = re.compile(r"(?=[^0-9]*[0-9])[\w+/=-]{25,}")
"""A long word that nobody reads, such as a hash: shown by its beginning."""
_BEGINNING = 8
_ITEMS = 3
_FIELDS = 2


def answer(rng: Random, result: Any, arguments: Mapping[str, Any]) -> str:
    """A sentence about a JSON value. What the user said (``arguments``) is left out where there is something else."""
    if not isinstance(result, Mapping):
        return _about_value(rng, result)
    if "error" in result:
        return f"That failed: {str(result['error']).rstrip('.')}."
    said = [value for value in arguments.values() if not isinstance(value, bool)]
    fields = [(key, value) for key, value in result.items() if value is not None]
    news = [(key, value) for key, value in fields if not any(value == old for old in said)]
    done = [key for key, value in news if value is True or (key == "status" and value in ("ok", "success", "done"))]
    others = [(key, value) for key, value in news if key not in done]
    if done and not others:
        return rng.choice(("Done.", "Done, it worked.")) if _is_success(done[0]) else f"Yes, {_words(done[0])}."
    clauses = [_clause(key, value) for key, value in others[:_FIELDS]]
    if not clauses:
        return "Done."
    sentence = " and ".join(clauses) if all(not isinstance(value, list) for _, value in others) else "; ".join(clauses)
    if done and _is_success(done[0]):
        return f"Done: {sentence}{_stop(sentence)}"
    return f"{sentence[:1].upper()}{sentence[1:]}{_stop(sentence)}"


def _is_success(key: str) -> bool:
    return key in ("ok", "success", "done", "status") or key.endswith("ed")


def _about_value(rng: Random, value: Any) -> str:
    if value is None:
        return "There is no result."
    if isinstance(value, bool):
        return "Yes." if value else "No."
    shown = shorten(value)
    if isinstance(value, list):
        return f"{shown}{_stop(shown)}" if value else "There are none."
    return rng.choice(("It is {}{}", "The result is {}{}")).format(shown, _stop(shown))


def _clause(key: str, value: Any) -> str:
    name = _words(key)
    plural = name.endswith("s") and not name.endswith(("ss", "us", "is"))
    if isinstance(value, bool):
        return f"{name}: {'yes' if value else 'no'}"
    if isinstance(value, list):
        return f"{name}: {shorten(value)}" if value else f"there are no {name}"
    if isinstance(value, Mapping):
        return f"{name}: {shorten(value)}"
    if isinstance(value, int) and name.endswith("ed"):
        return f"{value} {name}"
    if isinstance(value, int) and plural:
        return f"{value} {name if value != 1 else _singular(name)}"
    if isinstance(value, str) and _OPAQUE.fullmatch(value):
        return f"the {name} starts with {value[:_BEGINNING]}"
    return f"{'the ' if not plural else ''}{name} {'are' if plural else 'is'} {shorten(value)}"


def _singular(name: str) -> str:
    return name[:-3] + "y" if name.endswith("ies") else name[:-1]


def _words(key: str) -> str:
    return key.replace("_", " ")


def shorten(value: Any) -> str:
    """A value in a few words; exact where it is short.

    >>> shorten([1, 2, 3, 4, 5]), shorten({"x": 1}), shorten(True)
    ('1, 2, 3 and 2 more', 'x 1', 'yes')
    """
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Mapping):
        return ", ".join(f"{_words(str(key))} {shorten(item)}" for key, item in list(value.items())[:_ITEMS])
    if isinstance(value, Sequence) and not isinstance(value, str):
        if len(value) > _ITEMS:
            return f"{', '.join(map(_item, value[:_ITEMS]))} and {len(value) - _ITEMS} more"
        return ", ".join(map(_item, value)) or "none"
    text = " ".join(str(value).split())
    if _OPAQUE.fullmatch(text):
        return f"{text[:_BEGINNING]}..."
    if len(text) <= _LONG:
        return text
    head, _, _ = text[:_LONG].rpartition(" ")
    return f"{head or text[:_LONG]}..."


def _item(value: Any) -> str:
    """An entry of a list; of an object its first field, which is what it is called."""
    return shorten(next(iter(value.values()))) if isinstance(value, Mapping) and value else shorten(value)


def _stop(sentence: str) -> str:
    return "" if sentence.endswith((".", "!", "?")) else "."
