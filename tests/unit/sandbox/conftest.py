"""The means of containment that work on this machine; tests of the others are skipped, and say why."""

import pytest

from codeling.errors import UsageError
from codeling.sandbox.backend import Backend, candidates, find_backend, try_backend


@pytest.fixture(scope="session", params=["bubblewrap", "landlock", "sandbox-exec"])
def backend(request: pytest.FixtureRequest) -> Backend:
    """Each kind in turn."""
    problems = [f"no {request.param} here"]
    for candidate in candidates():
        if candidate.name == request.param:
            problem = try_backend(candidate)
            if problem is None:
                return candidate
            problems.append(problem)
    pytest.skip("; ".join(problems))


@pytest.fixture(scope="session")
def contained() -> Backend:
    """The one that this machine uses."""
    try:
        return find_backend()
    except UsageError as error:
        pytest.skip(str(error))
