"""A workspace in which the tools really run."""

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from codeling.errors import UsageError
from codeling.sandbox.backend import find_backend
from codeling.sandbox.limits import Limits
from codeling.sandbox.workspace import Workspace
from codeling.tools.catalog import CATALOG
from codeling.tools.context import ToolContext
from codeling.tools.executors import execute


@pytest.fixture
def context() -> Iterator[ToolContext]:
    with Workspace() as workspace:
        yield ToolContext(workspace, limits=Limits(wall_seconds=60.0, cpu_seconds=30.0))


@pytest.fixture
def call(context: ToolContext) -> Callable[..., dict[str, Any]]:
    """``call("read_file", path="a.txt")``: what the tool answers, read back."""

    def called(name: str, /, **arguments: Any) -> dict[str, Any]:
        answer = json.loads(execute(CATALOG[name], arguments, context))
        assert isinstance(answer, dict)
        return answer

    return called


@pytest.fixture
def sandbox() -> None:
    """For tests that run programs."""
    try:
        find_backend()
    except UsageError as error:
        pytest.skip(f"nothing on this machine can contain a program: {error}")
