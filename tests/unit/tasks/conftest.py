"""A grader in the real sandbox, with time to spare: the machine that runs tests may be busy."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from codeling.errors import UsageError
from codeling.sandbox.backend import find_backend
from codeling.tasks.grading import GRADING_LIMITS, Grader


@pytest.fixture(scope="session")
def grader() -> Iterator[Grader]:
    try:
        find_backend()
    except UsageError as error:
        pytest.skip(str(error))
    with Grader(workers=2, limits=replace(GRADING_LIMITS, wall_seconds=40.0, cpu_seconds=10.0)) as grader:
        yield grader
