"""Answers that come piece by piece: server-sent events, or one JSON object per line."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import anyio
from starlette.responses import StreamingResponse
from starlette.types import Receive, Scope, Send

from codeling.errors import Failure
from codeling.serve.errors import ApiError, error_body
from codeling.serve.generation import Run
from codeling.serve.json_response import json_bytes

DONE = b"data: [DONE]\n\n"
_HEADERS = {"Cache-Control": "no-cache", "X-Accel-Buffering": "no"}  # the latter for nginx, which would hold it back


def event(value: Any, *, name: str | None = None) -> bytes:
    """One server-sent event with JSON data."""
    return (b"" if name is None else b"event: %b\n" % name.encode()) + b"data: %b\n\n" % json_bytes(value)


def line(value: Any) -> bytes:
    """One line of JSON."""
    return json_bytes(value) + b"\n"


class Stream(StreamingResponse):
    """Sends ``pieces`` as they come; whatever happens, and also when nothing was sent, ``run`` is closed at the end.

    A client that does not read is let go after ``timeout_seconds``. An error in the middle becomes a last piece.
    """

    def __init__(
        self, pieces: AsyncIterator[bytes], run: Run, *, timeout_seconds: float, path: str = "", lines: bool = False
    ) -> None:
        media_type = "application/x-ndjson" if lines else "text/event-stream"
        super().__init__(_told(pieces, path, lines=lines), media_type=media_type, headers=_HEADERS)
        self._run, self._timeout_seconds = run, timeout_seconds

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            with anyio.move_on_after(self._timeout_seconds):
                await super().__call__(scope, receive, send)
        finally:
            self._run.close()


async def _told(pieces: AsyncIterator[bytes], path: str, *, lines: bool) -> AsyncIterator[bytes]:
    try:
        async for piece in pieces:
            yield piece
    except (ApiError, Failure) as error:
        known = error if isinstance(error, ApiError) else ApiError(500, str(error))
        body = error_body(known, path)
        yield line(body) if lines else event(body, name="error" if path.startswith("/v1/messages") else None)
