"""All functions of the catalogue, domain by domain."""

from __future__ import annotations

from functools import lru_cache

from codeling.data.tool_functions import (
    code,
    containers,
    databases,
    encoding,
    files,
    git,
    network,
    packages,
    processes,
    strings,
    system,
)
from codeling.data.tool_functions.everyday import EVERYDAY
from codeling.data.tool_functions.spec import FunctionSpec
from codeling.data.tool_functions.wordings import with_wordings

DEVELOPER = (
    *files.FUNCTIONS,
    *strings.FUNCTIONS,
    *encoding.FUNCTIONS,
    *git.FUNCTIONS,
    *packages.FUNCTIONS,
    *processes.FUNCTIONS,
    *network.FUNCTIONS,
    *code.FUNCTIONS,
    *databases.FUNCTIONS,
    *containers.FUNCTIONS,
    *system.FUNCTIONS,
)


@lru_cache(maxsize=1)
def all_functions() -> tuple[FunctionSpec, ...]:
    """Every function, always in the same order."""
    return with_wordings((*DEVELOPER, *EVERYDAY))
