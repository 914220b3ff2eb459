"""What every endpoint works with, and the two things that every request for a completion goes through."""

from __future__ import annotations

import functools
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TypeVar

import anyio
import anyio.to_thread
from starlette.requests import ClientDisconnect, Request

from codeling.errors import UsageError
from codeling.serve.config import ServeConfig
from codeling.serve.errors import invalid
from codeling.serve.generation import Generator
from codeling.serve.metrics import Metrics
from codeling.serve.model import ServedModel

T = TypeVar("T")


@dataclass(frozen=True)
class Backend:
    """One model that can be asked."""

    model: ServedModel
    generator: Generator
    config: ServeConfig
    metrics: Metrics


async def prepared(work: Callable[..., T], *arguments: object) -> T:
    """``work(*arguments)`` in a worker thread: long prompts take a while to read, and others are being served.

    What the library refuses is what the client asked for: a UsageError becomes an ApiError with status 400.
    """
    try:
        return await anyio.to_thread.run_sync(functools.partial(work, *arguments))
    except UsageError as error:
        raise invalid(str(error)) from None


async def unless_disconnected(request: Request, work: Callable[[], Awaitable[T]]) -> T:
    """The result of ``work``, which is cancelled as soon as the client leaves (ClientDisconnect)."""
    results: list[T] = []
    errors: list[Exception] = []

    async def run(scope: anyio.CancelScope) -> None:
        # Caught here: a task group would wrap it into a group of exceptions.
        try:
            results.append(await work())
        except Exception as error:
            errors.append(error)
        scope.cancel()

    async with anyio.create_task_group() as group:
        group.start_soon(run, group.cancel_scope)
        while (await request.receive())["type"] != "http.disconnect":
            pass
        group.cancel_scope.cancel()
    if errors:
        raise errors[0]
    if not results:
        raise ClientDisconnect
    return results[0]
