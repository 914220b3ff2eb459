"""What a client is told when a request cannot be served, in the shape that its kind of client reads."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from codeling.serve.json_response import JsonResponse


class ApiError(Exception):
    """A refusal: an HTTP status, a sentence for people, and the parameter that it is about.

    ``kind`` and ``code`` are OpenAI's ``type`` and ``code``.
    """

    def __init__(
        self,
        status: int,
        message: str,
        *,
        param: str | None = None,
        code: str | None = None,
        headers: dict[str, str] | None = None,
    ) -> None:
        super().__init__(message)
        self.status = status
        self.message = message
        self.param = param
        self.code = code
        self.headers = headers or {}

    @property
    def kind(self) -> str:
        return _KINDS.get(self.status, "invalid_request_error" if self.status < 500 else "server_error")

    def to_openai(self) -> dict[str, Any]:
        return {"error": {"message": self.message, "type": self.kind, "param": self.param, "code": self.code}}

    def to_anthropic(self) -> dict[str, Any]:
        kind = _ANTHROPIC_KINDS.get(self.status, "invalid_request_error" if self.status < 500 else "api_error")
        return {"type": "error", "error": {"type": kind, "message": self.message}}

    def to_ollama(self) -> dict[str, Any]:
        return {"error": self.message}


_KINDS = {401: "authentication_error", 403: "permission_error", 429: "rate_limit_error", 503: "unavailable_error"}
_ANTHROPIC_KINDS = {
    401: "authentication_error",
    403: "permission_error",
    404: "not_found_error",
    413: "request_too_large",
    429: "rate_limit_error",
    503: "overloaded_error",
}


def invalid(message: str, *, param: str | None = None, code: str | None = None) -> ApiError:
    """A request that cannot be meant: status 400."""
    return ApiError(400, message, param=param, code=code)


def error_body(error: ApiError, path: str) -> dict[str, Any]:
    """The refusal in the shape that clients of ``path`` read."""
    if path.startswith("/v1/messages"):
        return error.to_anthropic()
    if path.startswith("/api/"):
        return error.to_ollama()
    return error.to_openai()


def error_response(error: ApiError, path: str) -> Response:
    return JsonResponse(error_body(error, path), status_code=error.status, headers=error.headers)


async def on_api_error(request: Request, error: Exception) -> Response:
    """Starlette's handler for ``ApiError``."""
    assert isinstance(error, ApiError)
    return error_response(error, request.url.path)


async def on_disconnect(request: Request, error: Exception) -> Response:
    """The client has left; nobody reads this, but the log has its status."""
    return Response(status_code=499)


async def on_failure(request: Request, error: Exception) -> Response:
    """Starlette's handler for ``Failure``: what went wrong in words that are ours."""
    return error_response(ApiError(500, str(error)), request.url.path)


async def on_http_error(request: Request, error: Exception) -> Response:
    """Starlette's handler for what it refuses itself: unknown paths and methods."""
    status: int = getattr(error, "status_code", 500)
    path, method = request.url.path, request.method
    message = {
        404: f"there is no {path} here; GET /openapi.json lists what there is",
        405: f"{path} does not take {method}",
    }.get(status, HTTPStatus(status).phrase)
    return error_response(ApiError(status, message, headers=dict(getattr(error, "headers", None) or {})), path)


async def on_bug(request: Request, error: Exception) -> Response:
    """Anything else is a bug of this server: its traceback goes to the log, never to the client."""
    return error_response(ApiError(500, "the server failed on this request; its log says why"), request.url.path)
