"""From orders to an HTTP response, whole or piece by piece: the part that is the same for every API."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from codeling.serve.backend import Backend, unless_disconnected
from codeling.serve.body import read_json
from codeling.serve.generation import Order, Run
from codeling.serve.json_response import JsonResponse
from codeling.serve.sse import Stream


async def body_of(request: Request, backend: Backend) -> Any:
    """The decoded JSON of the request's body, within the server's bounds."""
    config = backend.config
    return await read_json(request, max_bytes=config.max_body_bytes, timeout_seconds=config.read_timeout_seconds)


async def respond(
    request: Request,
    backend: Backend,
    orders: Sequence[Order],
    *,
    whole: Callable[[Run], Awaitable[Any]],
    pieces: Callable[[Run], AsyncIterator[bytes]] | None = None,
    lines: bool = False,
) -> Response:
    """Start ``orders`` and answer with the JSON of ``whole``, or with the stream of ``pieces`` where there are some.

    ``lines``: the pieces are lines of JSON, not server-sent events. Whatever happens, the run is closed at the end.
    """
    run = backend.generator.start(orders)
    if pieces is not None:
        # The engine ends the completion in time; what is left is for a client that does not read.
        seconds = backend.config.timeout_seconds + backend.config.read_timeout_seconds
        return Stream(pieces(run), run, timeout_seconds=seconds, path=request.url.path, lines=lines)
    try:
        return JsonResponse(await unless_disconnected(request, lambda: whole(run)))
    finally:
        run.close()
