"""`POST /generate`: a prompt in, text out; the smallest request that there is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from codeling.generate.config import Sampling
from codeling.serve.answering import body_of, respond
from codeling.serve.backend import Backend, prepared
from codeling.serve.chat_plan import require_room
from codeling.serve.fields import integer, number, option, read_fields, required, text
from codeling.serve.generation import Order, Run
from codeling.serve.operations import Operation
from codeling.serve.single import Single
from codeling.serve.text_prompts import text_prompt


@dataclass(frozen=True, kw_only=True)
class GenerateBody:
    prompt: str = required(text(), "The text to go on from.")
    suffix: str = option("", text(), "Text after the gap, when the middle is wanted.")
    max_tokens: int = option(128, integer(1), "Tokens at most; the context may end it earlier.")
    temperature: float | None = option(None, number(0, 2), "0 is greedy.")
    seed: int | None = option(None, integer(-(2**63), 2**63 - 1), "The same seed gives the same text.")


class Plain:
    """The endpoint."""

    def __init__(self, backend: Backend) -> None:
        self._backend = backend

    def operations(self) -> list[Operation]:
        answer = {
            "type": "object",
            "required": ["text", "finish_reason", "prompt_tokens", "completion_tokens"],
            "properties": {
                "text": {"type": "string"},
                "finish_reason": {"enum": ["stop", "length"]},
                "prompt_tokens": {"type": "integer"},
                "completion_tokens": {"type": "integer"},
            },
        }
        return [
            Operation(
                "POST", "/generate", "Continue a prompt", self.generate,
                body=GenerateBody, answer=answer, statuses=(429,),
            )
        ]  # fmt: skip

    async def generate(self, request: Request) -> Response:
        single = await prepared(self._prepare, await body_of(request, self._backend))

        async def whole(run: Run) -> dict[str, Any]:
            text = await single.whole(run)
            counts = {"prompt_tokens": len(single.order.prompt), "completion_tokens": single.choice.num_tokens}
            return {"text": text, "finish_reason": single.finish_reason, **counts}

        return await respond(request, self._backend, [single.order], whole=whole)

    def _prepare(self, body: Any) -> Single:
        asked, model, config = read_fields(GenerateBody, body), self._backend.model, self._backend.config
        prompt = text_prompt(asked.prompt, asked.suffix, model)
        room = require_room(prompt, model, param="prompt")
        sampling = Sampling(
            temperature=config.temperature if asked.temperature is None else asked.temperature,
            max_tokens=min(asked.max_tokens, room, config.max_tokens),
            seed=asked.seed,
        )
        return Single.of(self._backend, Order(prompt, sampling, model.text_stop_ids), ())
