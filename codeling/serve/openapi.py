"""The server's description of itself (https://spec.openapis.org/oas/v3.1.1), made of what it does: the same operations
that are its routes, and the same fields that read its bodies.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from codeling import __version__
from codeling.serve.fields import schema_of
from codeling.serve.json_response import JsonResponse
from codeling.serve.operations import Operation

_REFUSALS = {
    400: "The request cannot be meant; the message names the parameter.",
    401: "The key is missing or wrong.",
    403: "The request comes from a page of another site, or under another host name.",
    404: "There is no such model.",
    408: "The body did not come in time.",
    413: "The body is too large.",
    429: "The queue is full; Retry-After says when to come again.",
    503: "The model is being loaded, or the server is leaving.",
}
_ERROR = {
    "type": "object",
    "required": ["error"],
    "properties": {
        "error": {
            "type": "object",
            "required": ["message", "type", "param", "code"],
            "properties": {
                "message": {"type": "string"},
                "type": {"type": "string"},
                "param": {"type": ["string", "null"]},
                "code": {"type": ["string", "null"]},
            },
        }
    },
}


class OpenApiPage:
    """`GET /openapi.json`."""

    def __init__(self, operations: Sequence[Operation], *, needs_key: bool) -> None:
        self._operations, self._needs_key = operations, needs_key

    def operations(self) -> list[Operation]:
        return [Operation("GET", "/openapi.json", "This page", self.page)]

    async def page(self, _: Request) -> Response:
        return JsonResponse(self.describe())

    def describe(self) -> dict[str, Any]:
        paths: dict[str, Any] = {}
        for operation in [*self._operations, *self.operations()]:
            paths.setdefault(operation.path, {})[operation.method.lower()] = self._describe(operation)
        page: dict[str, Any] = {
            "openapi": "3.1.0",
            "info": {"title": "Codeling", "version": __version__, "license": {"name": "Apache-2.0"}},
            "paths": paths,
            "components": {"schemas": {"Error": _ERROR}},
        }
        if self._needs_key:
            page["components"]["securitySchemes"] = {"key": {"type": "http", "scheme": "bearer"}}
            page["security"] = [{"key": []}]
        return page

    def _describe(self, operation: Operation) -> dict[str, Any]:
        content = {operation.media_type: {"schema": operation.answer}}
        if operation.streams is not None:
            content[operation.streams] = {}  # a schema here would be one of the whole, or of an event: nobody agrees
        described: dict[str, Any] = {
            "summary": operation.summary,
            "responses": {"200": {"description": "The answer.", "content": content}},
        }
        statuses = {403, 503, *operation.statuses}
        if operation.body is not None:
            statuses |= {400, 408, 413}
            described["requestBody"] = {
                "required": True,
                "content": {"application/json": {"schema": schema_of(operation.body)}},
            }
        if self._needs_key and not operation.is_public:
            statuses.add(401)
        if operation.is_public:
            described["security"] = []
        if names := re.findall(r"{(\w+)}", operation.path):
            described["parameters"] = [
                {"name": name, "in": "path", "required": True, "schema": {"type": "string", "minLength": 1}}
                for name in names
            ]
        error = operation.error or {"$ref": "#/components/schemas/Error"}
        for status in sorted(statuses):
            described["responses"][str(status)] = {
                "description": _REFUSALS[status],
                "content": {"application/json": {"schema": error}},
            }
        return described
