"""Runs the application: a socket, an event loop, signals. ``uvicorn`` speaks HTTP."""

from __future__ import annotations

import asyncio
import logging
import math
import socket
import sys
from collections.abc import Callable

import uvicorn
from uvicorn.protocols.http.h11_impl import H11Protocol

from codeling.errors import UsageError
from codeling.serve.app import Server
from codeling.serve.backend import Backend
from codeling.serve.config import ServeConfig
from codeling.serve.metrics import Metrics

_MAX_HEADER_BYTES = 32_768
_KEEP_ALIVE_SECONDS = 30
_BACKLOG = 512


def serve(load: Callable[[Metrics], Backend], config: ServeConfig, *, on_ready: Callable[[Backend, str], None]) -> None:
    """Serve until a signal comes; then finish what is running, for at most ``config.drain_seconds``.

    ``load`` makes the backend, in a thread, while ``/health`` already answers 503; its error is raised here.
    ``on_ready`` gets the backend and the server's URL.
    """
    _log_to_standard_error(access=config.access_log)
    listener = listen(config.host, config.port)
    url = url_of(listener)
    failures: list[BaseException] = []

    def fail(error: BaseException) -> None:
        failures.append(error)
        server.should_exit = True

    application = Server(load, config, on_ready=lambda backend: on_ready(backend, url), on_failure=fail)
    server = uvicorn.Server(uvicorn_config(application, config))
    try:
        server.run(sockets=[listener])
    finally:
        listener.close()
    if failures:
        raise failures[0]


def uvicorn_config(application: Server, config: ServeConfig) -> uvicorn.Config:
    class Protocol(_PatientH11):
        read_timeout_seconds = config.read_timeout_seconds

    return uvicorn.Config(
        application,
        http=Protocol,
        ws="none",
        lifespan="on",
        log_config=None,
        log_level="warning",
        access_log=False,
        server_header=False,
        proxy_headers=False,
        backlog=_BACKLOG,
        limit_concurrency=config.max_connections,
        timeout_keep_alive=_KEEP_ALIVE_SECONDS,
        timeout_graceful_shutdown=math.ceil(config.drain_seconds),
        h11_max_incomplete_event_size=_MAX_HEADER_BYTES,
    )


class _PatientH11(H11Protocol):
    """Ends a connection whose first request does not come: uvicorn would wait for ever for the rest of its head."""

    read_timeout_seconds = 30.0
    _head_timer: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._head_timer = self.loop.call_later(self.read_timeout_seconds, self._end_silence)

    def _end_silence(self) -> None:
        if self.cycle is None:
            self.transport.close()

    def connection_lost(self, exc: Exception | None) -> None:
        if self._head_timer is not None:
            self._head_timer.cancel()
        super().connection_lost(exc)


def listen(host: str, port: int) -> socket.socket:
    """A socket that already listens; UsageError where there can be none."""
    try:
        family, _, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        listener = socket.socket(family, socket.SOCK_STREAM)
        try:
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listener.bind(address)
            listener.listen(_BACKLOG)
        except OSError:
            listener.close()
            raise
    except OSError as error:
        raise UsageError(f"cannot listen on {host}:{port}: {error}; choose another --port or --host") from None
    return listener


def url_of(listener: socket.socket) -> str:
    address, port = listener.getsockname()[:2]
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(address, str(address))
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def _log_to_standard_error(*, access: bool) -> None:
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(message)s"))
    for name in ("codeling.access", "codeling.serve", "uvicorn.error"):
        logger = logging.getLogger(name)
        logger.handlers, logger.propagate = [handler], False
        logger.setLevel(logging.INFO if name.startswith("codeling") else logging.WARNING)
    logging.getLogger("codeling.access").disabled = not access
