"""A request that asks for a chat, to its response: the part that OpenAI's two APIs and Anthropic's share.

body --fields--> what is asked --task, plan--> ChatPlan --respond--> whole, or in pieces
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any, Protocol

from starlette.requests import Request
from starlette.responses import Response

from codeling.serve.answering import body_of, respond
from codeling.serve.backend import Backend, prepared
from codeling.serve.chat_plan import ChatPlan, ChatTask, plan
from codeling.serve.fields import read_fields
from codeling.serve.generation import Run


class ChatBody(Protocol):
    """A dataclass of ``serve.fields``."""

    @property
    def stream(self) -> bool: ...

    def task(self) -> ChatTask: ...


class ChatAnswer(Protocol):
    """One answer in an API's shape, made of (backend, the body, its plan)."""

    async def whole(self, run: Run) -> dict[str, Any]: ...

    def pieces(self, run: Run) -> AsyncIterator[bytes]: ...


class AnswerOf(Protocol):
    def __call__(self, backend: Backend, asked: Any, planned: ChatPlan, /) -> ChatAnswer: ...


async def converse(request: Request, backend: Backend, body: type[ChatBody], answer_of: AnswerOf) -> Response:
    """The response to a request with a ``body`` of this kind."""

    def prepare(decoded: Any) -> tuple[ChatBody, ChatPlan]:
        asked = read_fields(body, decoded)
        return asked, plan(asked.task(), backend)

    asked, planned = await prepared(prepare, await body_of(request, backend))
    answer = answer_of(backend, asked, planned)
    pieces = answer.pieces if asked.stream else None
    return await respond(request, backend, planned.orders, whole=answer.whole, pieces=pieces)
