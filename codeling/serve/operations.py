"""An endpoint: what it takes, what it gives, and the function that answers; for the routes and the OpenAPI page."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

Handler = Callable[[Request], Awaitable[Response]]


@dataclass(frozen=True)
class Operation:
    """``body`` is a dataclass of ``serve.fields``, None for an endpoint that takes none."""

    method: str
    path: str
    summary: str
    handle: Handler
    body: type | None = None
    answer: dict[str, Any] = field(default_factory=lambda: {"type": "object"})
    """JSON Schema of the answer."""
    media_type: str = "application/json"
    streams: str | None = None
    """The media type of the answer when the body says ``stream: true``."""
    is_public: bool = False
    """Needs no key."""
    error: dict[str, Any] | None = None
    """JSON Schema of a refusal, where it is not OpenAI's."""
    statuses: tuple[int, ...] = ()
    """Refusals that this endpoint knows beside those that all have."""

    def route(self) -> Route:
        return Route(self.path, self.handle, methods=[self.method])
