"""`POST /v1/fim/completions`, fill-in-the-middle in Mistral's shape (https://docs.mistral.ai/api/endpoint/fim), which
minuet and older versions of Continue send. The code beyond the context is cut as in `/infill`, farthest from the gap
first.
"""

from __future__ import annotations

import functools
import time
import uuid
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from codeling.generate.config import Sampling
from codeling.serve.answering import body_of, respond
from codeling.serve.backend import Backend, prepared
from codeling.serve.chat_completions import usage
from codeling.serve.chat_plan import require_room
from codeling.serve.fields import boolean, integer, number, option, read_fields, required, text
from codeling.serve.generation import Order, Run
from codeling.serve.operations import Operation
from codeling.serve.sampling_fields import STOP
from codeling.serve.single import Single
from codeling.serve.sse import DONE, event
from codeling.serve.text_prompts import gap_prompt


@dataclass(frozen=True, kw_only=True)
class FimBody:
    prompt: str = required(text(), "The code before the gap.")
    suffix: str = option("", text(), "The code after it.")
    model: str = option("", text(at_most=200), "The model's name; this server has one.")
    max_tokens: int | None = option(None, integer(1), "Tokens at most; the context may end it earlier.")
    temperature: float = option(0.0, number(0, 2), "0 is greedy.")
    top_p: float = option(1.0, number(0, 1), "Keep the smallest set of tokens that holds this much probability.")
    random_seed: int | None = option(None, integer(0, 2**63 - 1), "The same seed gives the same text.")
    stop: str | tuple[str, ...] = option((), STOP, "Text that ends the completion.")
    stream: bool = option(False, boolean(), "Answer piece by piece, as server-sent events.")


class Mistral:
    """The endpoint."""

    def __init__(self, backend: Backend) -> None:
        self._backend = backend

    def operations(self) -> list[Operation]:
        return [
            Operation(
                "POST", "/v1/fim/completions", "Fill a gap in code, in Mistral's shape", self.create,
                body=FimBody, streams="text/event-stream", statuses=(404, 429),
            )
        ]  # fmt: skip

    async def create(self, request: Request) -> Response:
        asked, single = await prepared(self._prepare, await body_of(request, self._backend))
        head = {"id": f"fim-{uuid.uuid4().hex}", "created": int(time.time()), "model": self._backend.model.name}

        async def whole(run: Run) -> dict[str, Any]:
            message = {"role": "assistant", "content": await single.whole(run), "tool_calls": None}
            choice = {"index": 0, "message": message, "finish_reason": single.finish_reason}
            return head | {"object": "chat.completion", "choices": [choice], "usage": _usage(single)}

        pieces = functools.partial(_chunks, head, single) if asked.stream else None
        return await respond(request, self._backend, [single.order], whole=whole, pieces=pieces)

    def _prepare(self, body: Any) -> tuple[FimBody, Single]:
        asked, model = read_fields(FimBody, body), self._backend.model
        model.require(asked.model)
        wanted = min(asked.max_tokens or model.context // 4, model.context // 2)
        prompt = gap_prompt(asked.prompt, asked.suffix, model, room=model.context - wanted)
        room = require_room(prompt, model, param="prompt")
        sampling = Sampling(
            temperature=asked.temperature,
            top_p=max(asked.top_p, 1e-6),
            max_tokens=min(asked.max_tokens or room, room, self._backend.config.max_tokens),
            seed=asked.random_seed,
        )
        stop = (asked.stop,) if isinstance(asked.stop, str) else asked.stop
        order = Order(prompt, sampling, model.text_stop_ids)
        return asked, Single.of(self._backend, order, [one for one in stop if one])


async def _chunks(head: dict[str, Any], single: Single, run: Run) -> AsyncIterator[bytes]:
    def chunk(delta: dict[str, Any], reason: str | None = None, **more: Any) -> bytes:
        choice = {"index": 0, "delta": delta, "finish_reason": reason}
        return event(head | {"object": "chat.completion.chunk", "choices": [choice]} | more)

    yield chunk({"role": "assistant", "content": ""})
    async for piece in single.pieces(run):
        yield chunk({"content": piece})
    yield chunk({"content": ""}, single.finish_reason, usage=_usage(single))
    yield DONE


def _usage(single: Single) -> dict[str, Any]:
    return usage(len(single.order.prompt), single.choice.num_tokens, single.cached_tokens)
