# ruff: noqa: SIM905  (lists of words are read as running text)
"""Which functions of the catalogue a split may use: functions of validation and test never appear in training.

Functions that share a name, spelled any way (``get_weather``, ``weather``), go to the same side together, so that no
training conversation ever shows a held-out function under another name. The side depends on the names alone: not on
the seed, and hardly on what is added to the catalogue later.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Literal, get_args

from codeling.data.tool_functions.catalogue import all_functions
from codeling.data.tool_functions.spec import FunctionSpec
from codeling.errors import UsageError
from codeling.runtime.seeds import stable_hash

Split = Literal["train", "val", "test_seen", "test_unseen"]

VAL_SHARE = 0.08
TEST_SHARE = 0.12

_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")
# Words that say nothing about which function a name means.
_EMPTY = frozenset("get compute calculate find make do run the a an of for in to from by with and or on as is".split())


def words(name: str) -> frozenset[str]:
    """The words of a name that tell it from others; snake_case and camelCase read the same."""
    found = [word.lower() for word in _WORD.findall(name)]
    return frozenset(word for word in found if word not in _EMPTY) or frozenset(found)


def groups(functions: Sequence[FunctionSpec]) -> list[list[FunctionSpec]]:
    """The functions, those that share a name (by its words) together."""
    group_of: dict[frozenset[str], int] = {}
    members: dict[int, list[FunctionSpec]] = {}
    for number, spec in enumerate(functions):
        keys = {words(name) for name in (spec.name, *spec.names)}
        joined = {group_of[key] for key in keys if key in group_of}
        members[number] = [other for old in sorted(joined) for other in members.pop(old)] + [spec]
        for key, old in group_of.items():
            if old in joined:
                group_of[key] = number
        group_of.update(dict.fromkeys(keys, number))
    return list(members.values())


def side_of(group: Sequence[FunctionSpec]) -> Split:
    """The split of a group of functions: train, val or test_unseen."""
    place = stable_hash("tool-split", min(spec.name for spec in group)) / 2**64
    if place < TEST_SHARE:
        return "test_unseen"
    return "val" if place < TEST_SHARE + VAL_SHARE else "train"


def functions_of(
    split: Split, *, limit: int | None = None, functions: Sequence[FunctionSpec] | None = None
) -> tuple[FunctionSpec, ...]:
    """The functions that conversations of a split may offer, ask for or mention.

    Args:
        split: ``test_seen`` has the functions of ``train``.
        limit: how many of the training functions, the same for every seed; has no effect on the other splits.
        functions: the catalogue; default: `all_functions`.
    """
    if split not in get_args(Split):
        raise UsageError(f"a split is one of {', '.join(get_args(Split))}: got {split!r}")
    side = "train" if split == "test_seen" else split
    catalogue = all_functions() if functions is None else functions
    chosen = [spec for group in groups(catalogue) if side_of(group) == side for spec in group]
    if side == "train" and limit is not None:
        chosen = sorted(chosen, key=lambda spec: stable_hash("tool-subset", spec.name))[:limit]
    return tuple(chosen)
