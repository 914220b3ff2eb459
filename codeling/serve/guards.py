"""What stands before every endpoint, as ASGI middleware: who may ask, from where, and what is noted of it.

The key is compared in constant time. A browser is a special client: pages of other sites can make it send requests to
this machine, so a request of another origin, or under a host name that is not ours (DNS rebinding), is refused.
"""

from __future__ import annotations

import base64
import binascii
import hmac
import logging
import time
from collections.abc import Collection
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from codeling.serve.errors import ApiError, error_response
from codeling.serve.metrics import Metrics

ACCESS_LOG = logging.getLogger("codeling.access")


class Accounts:
    """Counts and times every request, and writes a line about it; never what was said in it."""

    def __init__(self, app: ASGIApp, metrics: Metrics, paths: Collection[str]) -> None:
        self._app, self._metrics, self._paths = app, metrics, frozenset(paths)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        began, status, size = time.monotonic(), 499, 0  # 499: the client left before there was an answer

        async def noting(message: Message) -> None:
            nonlocal status, size
            if message["type"] == "http.response.start":
                status = message["status"]
            elif message["type"] == "http.response.body":
                size += len(message.get("body", b""))
            await send(message)

        with self._metrics.in_flight.track_inprogress():
            try:
                await self._app(scope, receive, noting)
            finally:
                seconds = time.monotonic() - began
                path, method = scope["path"], scope["method"]
                # Anybody can ask for any path; each would be a series of numbers for ever.
                known = path if path in self._paths else "other"
                known_method = method if method in ("GET", "POST") else "other"
                self._metrics.requests.labels(known_method, known, str(status)).inc()
                self._metrics.request_seconds.labels(known).observe(seconds)
                client = scope.get("client") or ("-", 0)
                ACCESS_LOG.info(
                    "%s %s %s %d %.0f ms %d bytes", client[0], method, _printable(path), status, seconds * 1000, size
                )


def _printable(path: str) -> str:
    """A path on one line of a log, whatever it holds."""
    return path.encode("unicode_escape").decode()[:200]


class Origins:
    """Refuses what a page of another site makes a browser send: status 403."""

    def __init__(self, app: ASGIApp, hosts: Collection[str] | None) -> None:
        """``hosts``: the names under which this server is reached; None for any."""
        self._app = app
        self._hosts = None if hosts is None else frozenset(host.lower() for host in hosts)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            headers = Headers(scope=scope)
            host, origin = headers.get("host", ""), headers.get("origin")
            problem = None
            if self._hosts is not None and _host_name(host) not in self._hosts:
                problem = f"this server is not known as {_host_name(host)!r}; name it with --allowed-hosts"
            elif origin is not None and urlsplit(origin).netloc.lower() != host.lower():
                problem = "requests from pages of other sites are refused"
            if problem is not None:
                response = error_response(ApiError(403, problem), scope["path"])
                await response(scope, receive, send)
                return
        await self._app(scope, receive, send)


def _host_name(host: str) -> str:
    """Without the port: ``localhost:8080``, ``[::1]:8080``."""
    name = host.lower()
    if name.startswith("["):
        return name[1:].partition("]")[0]
    return name.partition(":")[0]


class Keys:
    """Asks for the key: ``Authorization: Bearer KEY``, ``x-api-key: KEY``, or in a browser any name with the key as
    password."""

    def __init__(self, app: ASGIApp, key: str, *, public: Collection[str]) -> None:
        self._app, self._key, self._public = app, key.encode(), frozenset(public)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and self._key and scope["path"] not in self._public:
            headers = Headers(scope=scope)
            given = _given_key(headers)
            if given is None or not hmac.compare_digest(given, self._key):
                response = error_response(_refusal(headers, given), scope["path"])
                await response(scope, receive, send)
                return
        await self._app(scope, receive, send)


def _given_key(headers: Headers) -> bytes | None:
    scheme, _, value = headers.get("authorization", "").partition(" ")
    if scheme.lower() == "bearer":
        return value.strip().encode("utf-8", "surrogateescape")
    if scheme.lower() == "basic":
        try:
            return base64.b64decode(value, validate=True).partition(b":")[2]
        except (binascii.Error, ValueError):
            return b""
    key = headers.get("x-api-key") or headers.get("api-key")
    return None if key is None else key.encode("utf-8", "surrogateescape")


def _refusal(headers: Headers, given: bytes | None) -> ApiError:
    said = "no API key was given" if given is None else "the API key is wrong"
    # A browser then asks for it; clients of the API read the body.
    wants_page = "text/html" in headers.get("accept", "")
    scheme = 'Basic realm="codeling", charset="UTF-8"' if wants_page else "Bearer"
    return ApiError(
        401, f"{said}; send it as: Authorization: Bearer KEY", code="invalid_api_key",
        headers={"WWW-Authenticate": scheme},
    )  # fmt: skip
