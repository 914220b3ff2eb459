"""The server's routes behind its guards, and what it answers while the model is still being loaded."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator, Callable, Sequence

import anyio
import anyio.to_thread
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Receive, Scope, Send

from codeling.errors import Failure
from codeling.serve.anthropic import Anthropic
from codeling.serve.backend import Backend
from codeling.serve.chat_completions import ChatCompletions
from codeling.serve.completions import Completions
from codeling.serve.config import ServeConfig
from codeling.serve.errors import (
    ApiError,
    error_response,
    on_api_error,
    on_bug,
    on_disconnect,
    on_failure,
    on_http_error,
)
from codeling.serve.guards import Accounts, Keys, Origins
from codeling.serve.llama_cpp import LlamaCpp
from codeling.serve.metrics import Metrics
from codeling.serve.mistral import Mistral
from codeling.serve.ollama import Ollama
from codeling.serve.openapi import OpenApiPage
from codeling.serve.operations import Operation
from codeling.serve.page_files import page_paths, page_routes
from codeling.serve.plain import Plain
from codeling.serve.responses import Responses
from codeling.serve.service_pages import ServicePages

_FAMILIES = (
    ChatCompletions,
    Completions,
    Responses,
    Anthropic,
    Ollama,
    LlamaCpp,
    Mistral,
    Plain,
    ServicePages,
)


def operations_of(backend: Backend) -> list[Operation]:
    """Every endpoint, in the order of the OpenAPI page."""
    operations = [operation for family in _FAMILIES for operation in family(backend).operations()]
    return [*operations, *OpenApiPage(operations, needs_key=bool(backend.config.key())).operations()]


def build_app(backend: Backend) -> ASGIApp:
    """The application for a model that is loaded."""
    config, operations = backend.config, operations_of(backend)
    hosts = None
    if config.is_local or config.allowed_hosts:
        hosts = {"127.0.0.1", "localhost", "::1", config.host, *config.allowed_hosts}
    paths = {operation.path for operation in operations}
    return Starlette(
        routes=[*_routes(operations), *page_routes()],
        middleware=[
            Middleware(Accounts, backend.metrics, paths),
            Middleware(Origins, hosts),
            Middleware(Keys, config.key(), public={one.path for one in operations if one.is_public} | page_paths()),
        ],
        exception_handlers={
            ApiError: on_api_error,
            Failure: on_failure,
            ClientDisconnect: on_disconnect,
            HTTPException: on_http_error,
            Exception: on_bug,
        },
    )


def _routes(operations: Sequence[Operation]) -> list:
    return [operation.route() for operation in operations]


class Server:
    """An ASGI application that listens at once and loads its model meanwhile; until then it answers 503.

    ``on_ready`` is called when it is there, ``on_failure`` with the error when it could not be loaded. At the
    shutdown of the server the backend's thread is ended.
    """

    def __init__(
        self,
        load: Callable[[Metrics], Backend],
        config: ServeConfig,
        *,
        on_ready: Callable[[Backend], None],
        on_failure: Callable[[BaseException], None],
    ) -> None:
        self._load, self._config = load, config
        self._on_ready, self._on_failure = on_ready, on_failure
        self._backend: Backend | None = None
        self._loaded: ASGIApp | None = None
        self._outer = Starlette(lifespan=self._lifespan)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._outer(scope, receive, send)
        elif self._loaded is not None:
            await self._loaded(scope, receive, send)
        else:
            error = ApiError(503, "the model is being loaded", code="loading", headers={"Retry-After": "5"})
            await error_response(error, scope["path"])(scope, receive, send)

    @contextlib.asynccontextmanager
    async def _lifespan(self, _: Starlette) -> AsyncIterator[None]:
        async with anyio.create_task_group() as group:
            group.start_soon(self._load_model)
            yield
            group.cancel_scope.cancel()
        if self._backend is not None:
            # Whatever was to be finished has been: requests are waited for before this.
            await anyio.to_thread.run_sync(self._backend.generator.close)

    async def _load_model(self) -> None:
        metrics = Metrics()
        try:
            self._backend = await anyio.to_thread.run_sync(self._load, metrics)
        except Exception as error:
            self._on_failure(error)
            return
        self._loaded = build_app(self._backend)
        self._on_ready(self._backend)
