"""All functions of the catalogue, domain by domain."""

from __future__ import annotations

from functools import lru_cache

from codeling.data.tool_functions import encoding
from codeling.data.tool_functions.spec import FunctionSpec

_DEVELOPER = (encoding,)
_EVERYDAY = ()


@lru_cache(maxsize=1)
def all_functions() -> tuple[FunctionSpec, ...]:
    """Every function, always in the same order."""
    return tuple(spec for module in (*_DEVELOPER, *_EVERYDAY) for spec in module.FUNCTIONS)
