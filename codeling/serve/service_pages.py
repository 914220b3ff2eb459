"""What is asked about the server rather than of the model: models, health, numbers."""

from __future__ import annotations

from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from codeling.serve.backend import Backend
from codeling.serve.errors import ApiError
from codeling.serve.json_response import JsonResponse
from codeling.serve.operations import Operation

_MODEL: dict[str, Any] = {
    "type": "object",
    "required": ["id", "object", "created", "owned_by", "meta"],
    "properties": {
        "id": {"type": "string"},
        "object": {"const": "model"},
        "created": {"type": "integer"},
        "owned_by": {"type": "string"},
        "aliases": {"type": "array", "items": {"type": "string"}},
        "meta": {
            "type": "object",
            "required": ["n_ctx", "n_params", "n_vocab"],
            "properties": {name: {"type": "integer"} for name in ("n_ctx", "n_ctx_train", "n_params", "n_vocab")}
            | {"stage": {"type": "string"}, "chat": {"type": "boolean"}},
        },
    },
}


class ServicePages:
    """The endpoints."""

    def __init__(self, backend: Backend) -> None:
        self._backend = backend

    def operations(self) -> list[Operation]:
        listed = {
            "type": "object",
            "required": ["object", "data"],
            "properties": {"object": {"const": "list"}, "data": {"type": "array", "items": _MODEL}},
        }
        health = {"type": "object", "required": ["status"], "properties": {"status": {"const": "ok"}}}
        return [
            Operation("GET", "/v1/models", "The models here: one", self.models, answer=listed),
            Operation("GET", "/v1/models/{model}", "One model", self.model, answer=_MODEL, statuses=(404,)),
            Operation("GET", "/health", "200 when the server can answer", self.health, answer=health, is_public=True),
            Operation(
                "GET", "/metrics", "Numbers for Prometheus", self.metrics,
                answer={"type": "string"}, media_type="text/plain",
            ),
        ]  # fmt: skip

    async def models(self, _: Request) -> Response:
        model = self._backend.model.to_openai()
        # llama.cpp's clients look for "models", OpenAI's for "data".
        return JsonResponse({"object": "list", "data": [model], "models": [model | {"name": model["id"]}]})

    async def model(self, request: Request) -> Response:
        model = self._backend.model
        model.require(request.path_params["model"])
        return JsonResponse(model.to_openai())

    async def health(self, _: Request) -> Response:
        if not self._backend.generator.is_usable:
            raise ApiError(503, "the engine has stopped; the log says why")
        return JsonResponse({"status": "ok"})

    async def metrics(self, _: Request) -> Response:
        metrics = self._backend.metrics
        return Response(metrics.render(), headers={"Content-Type": metrics.content_type})
