"""More ways to ask for some functions: a small model that knows no synonyms has to see many wordings of one wish.

The catalogue's functions have nine to eleven phrasings, the last three of them held out. Six ways of asking do not
tell a model of a few million parameters which words matter, so the functions that short recipes train on have some
twenty more, and those of the shortest one some fifty, all for training. They come before the others: what is held out
stays what it is.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from codeling.data.tool_functions import (
    wordings_dense_developer,
    wordings_dense_everyday,
    wordings_quick,
    wordings_quick_more,
    wordings_quick_rest,
)
from codeling.data.tool_functions.spec import FunctionSpec

_MORE = wordings_quick_more.WORDINGS | wordings_quick_rest.WORDINGS
WORDINGS: Mapping[str, tuple[str, ...]] = {
    **{name: (*wordings, *_MORE[name]) for name, wordings in wordings_quick.WORDINGS.items()},
    **wordings_dense_developer.WORDINGS,
    **wordings_dense_everyday.WORDINGS,
}


def with_wordings(functions: Iterable[FunctionSpec]) -> tuple[FunctionSpec, ...]:
    """The functions, those that have more wordings with them in front of their own."""
    return tuple(replace(spec, phrasings=(*WORDINGS.get(spec.name, ()), *spec.phrasings)) for spec in functions)
