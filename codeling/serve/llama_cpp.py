"""The endpoints of llama.cpp's server that editors and tools use
(https://github.com/ggml-org/llama.cpp/blob/master/tools/server/README.md): above all `/infill`, which llama.vim and
llama.vscode ask for what belongs at the cursor.

A prefix and a suffix that do not fit are cut to what stands nearest to the cursor, and the answer says ``truncated``.
``input_extra`` (pieces of other files) is accepted and not shown to the model, which was trained on single files.
"""

from __future__ import annotations

import functools
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from codeling import __version__
from codeling.chat.render import render
from codeling.generate.config import Sampling
from codeling.serve.answering import body_of, respond
from codeling.serve.backend import Backend, prepared
from codeling.serve.chat_completions import MAX_MESSAGES, MAX_TOOLS, MESSAGE_SCHEMA, TOOL_SCHEMA
from codeling.serve.chat_plan import read_conversation, require_room
from codeling.serve.fields import (
    any_of,
    boolean,
    described,
    integer,
    list_of,
    number,
    option,
    read_fields,
    required,
    text,
)
from codeling.serve.generation import Order, Run
from codeling.serve.json_response import JsonResponse
from codeling.serve.operations import Operation
from codeling.serve.sampling_fields import STOP
from codeling.serve.single import Single
from codeling.serve.sse import event
from codeling.serve.text_prompts import gap_prompt, text_prompt
from codeling.tokenizer.special import END_OF_TEXT, IM_END
from codeling.tokenizer.training import chat_template

_IDS = list_of(integer(0, 2**31), at_least=1)
_ANY_TEXT = {"type": "object", "required": ["content", "stop"], "properties": {"content": {"type": "string"}}}


@dataclass(frozen=True, kw_only=True)
class LlamaFields:
    """What `/completion` and `/infill` share. ``temperature`` None: as the endpoint has it."""

    n_predict: int = option(-1, integer(-1), "Tokens at most; -1: up to the context; 0: only read the prompt.")
    temperature: float | None = option(None, number(0, 2), "0 is greedy.")
    top_k: int = option(0, integer(-1, 2**31), "Keep the k most likely tokens; 0 and -1 keep all.")
    top_p: float = option(1.0, number(0, 1), "Keep the smallest set of tokens that holds this much probability.")
    min_p: float = option(0.0, number(0, 1), "Drop tokens less likely than this share of the most likely one.")
    repeat_penalty: float = option(1.0, number(0.01, 100), "Above 1, tokens already used become less likely.")
    seed: int = option(-1, integer(-(2**63), 2**63 - 1), "The same seed gives the same text; -1 draws one.")
    stop: str | tuple[str, ...] = option((), STOP, "Text that ends the completion.")
    stream: bool = option(False, boolean(), "Answer piece by piece, as server-sent events.")
    t_max_predict_ms: float = option(0, number(0, 1e9), "After so long it ends at the next line; 0: never.")
    return_tokens: bool = option(False, boolean(), "Give the ids of the completion's tokens too.")
    response_fields: tuple[str, ...] = option(
        (), list_of(text(at_most=100), at_most=100), "Only these fields of the answer, by path: timings/prompt_ms."
    )

    @property
    def stop_strings(self) -> tuple[str, ...]:
        return tuple(one for one in ((self.stop,) if isinstance(self.stop, str) else self.stop) if one)

    @property
    def max_seconds(self) -> float | None:
        return self.t_max_predict_ms / 1000 if self.t_max_predict_ms else None


@dataclass(frozen=True, kw_only=True)
class CompletionBody(LlamaFields):
    prompt: str | tuple[int, ...] = required(any_of(text(), _IDS), "Text or token ids.")


@dataclass(frozen=True, kw_only=True)
class InfillBody(LlamaFields):
    input_prefix: str = option("", text(), "The code before the cursor.")
    input_suffix: str = option("", text(), "The code after the cursor.")
    prompt: str = option("", text(), "The end of the prefix, where it is given apart: the line of the cursor.")
    input_extra: tuple[Any, ...] = option((), list_of(described({}), at_most=1000), "Not used.")


@dataclass(frozen=True, kw_only=True)
class TokenizeBody:
    content: str = required(text(), "The text.")
    add_special: bool = option(False, boolean(), "Not used: this tokenizer adds no tokens.")
    parse_special: bool = option(False, boolean(), "Read the names of special tokens as those.")
    with_pieces: bool = option(False, boolean(), "Give each token's text too.")


@dataclass(frozen=True, kw_only=True)
class DetokenizeBody:
    tokens: tuple[int, ...] = required(list_of(integer(0, 2**31)), "Token ids.")


@dataclass(frozen=True, kw_only=True)
class TemplateBody:
    messages: tuple[Any, ...] = required(
        list_of(described(MESSAGE_SCHEMA), at_least=1, at_most=MAX_MESSAGES), "A conversation in OpenAI's shape."
    )
    tools: tuple[Any, ...] = option((), list_of(described(TOOL_SCHEMA), at_most=MAX_TOOLS), "Tools in OpenAI's shape.")


@dataclass
class _Planned:
    asked: LlamaFields
    prompt: str
    order: Order
    truncated: bool


class LlamaCpp:
    """The endpoints."""

    def __init__(self, backend: Backend) -> None:
        self._backend = backend

    def operations(self) -> list[Operation]:
        def post(path: str, summary: str, handle: Any, body: type, answer: dict[str, Any], **more: Any) -> Operation:
            return Operation("POST", path, summary, handle, body=body, answer=answer, **more)

        ids = {"type": "object", "required": ["tokens"], "properties": {"tokens": {"type": "array"}}}
        written = {"type": "object", "required": ["content"], "properties": {"content": {"type": "string"}}}
        prompt = {"type": "object", "required": ["prompt"], "properties": {"prompt": {"type": "string"}}}
        made = {"type": "object"}
        streams = {"streams": "text/event-stream", "statuses": (429,)}
        infill, completion = (
            functools.partial(self.complete, self._infill),
            functools.partial(self.complete, self._completion),
        )
        return [
            post("/infill", "What belongs at the cursor", infill, InfillBody, made, **streams),
            post("/completion", "Continue text, in llama.cpp's shape", completion, CompletionBody, made, **streams),
            post("/tokenize", "Text to token ids", self.tokenize, TokenizeBody, ids),
            post("/detokenize", "Token ids to text", self.detokenize, DetokenizeBody, written),
            post("/apply-template", "A conversation as the text that the model sees", self.template, TemplateBody,
                 prompt),
            Operation("GET", "/props", "Facts about the model and the server", self.props),
        ]  # fmt: skip

    async def complete(self, prepare: Any, request: Request) -> Response:
        planned: _Planned = await prepared(prepare, await body_of(request, self._backend))
        asked = planned.asked
        single = Single.of(self._backend, planned.order, asked.stop_strings, max_seconds=asked.max_seconds)

        async def whole(run: Run) -> dict[str, Any]:
            await single.whole(run)
            return self._answer(planned, single)

        pieces = functools.partial(self._chunks, planned, single) if asked.stream else None
        return await respond(request, self._backend, [planned.order], whole=whole, pieces=pieces)

    def _completion(self, body: Any) -> _Planned:
        asked, model = read_fields(CompletionBody, body), self._backend.model
        prompt = text_prompt(asked.prompt, "", model)
        shown = asked.prompt if isinstance(asked.prompt, str) else model.tokenizer.decode(prompt)
        return self._planned(asked, prompt, shown, temperature=self._backend.config.temperature)

    def _infill(self, body: Any) -> _Planned:
        asked, model = read_fields(InfillBody, body), self._backend.model
        whole = gap_prompt(asked.input_prefix, asked.input_suffix, model, line=asked.prompt)
        wanted = asked.n_predict if asked.n_predict > 0 else model.context // 4
        room = max(model.context - wanted, model.context // 2)
        prompt = whole
        if len(whole) > room:
            prompt = gap_prompt(asked.input_prefix, asked.input_suffix, model, room=room, line=asked.prompt)
        shown = model.tokenizer.decode(prompt)
        return self._planned(asked, prompt, shown, temperature=0.0, truncated=len(prompt) < len(whole))

    def _planned(
        self, asked: LlamaFields, prompt: list[int], shown: str, *, temperature: float, truncated: bool = False
    ) -> _Planned:
        backend = self._backend
        room = require_room(prompt, backend.model, param="prompt")
        # Editors warm the cache up with 0: the prompt is read, and the one token that this brings is not shown.
        wanted = {0: 1, -1: room}.get(asked.n_predict, asked.n_predict)
        sampling = Sampling(
            temperature=temperature if asked.temperature is None else asked.temperature,
            top_k=max(asked.top_k, 0),
            top_p=max(asked.top_p, 1e-6),
            min_p=asked.min_p,
            repetition_penalty=asked.repeat_penalty,
            max_tokens=min(wanted, room, backend.config.max_tokens),
            seed=None if asked.seed == -1 else asked.seed,
        )
        return _Planned(asked, shown, Order(prompt, sampling, backend.model.text_stop_ids), truncated)

    def _answer(self, planned: _Planned, single: Single, *, content: str | None = None) -> dict[str, Any]:
        """The whole answer, or the last piece of a streamed one (whose ``content`` is empty)."""
        model, choice, sampling = self._backend.model, single.choice, planned.order.sampling
        made, text_made = (0, "") if planned.asked.n_predict == 0 else (choice.num_tokens, single.text)
        num_prompt = len(planned.order.prompt)
        stop_type = (
            "word" if choice.reader.stop_string is not None else "limit" if single.finish_reason == "length" else "eos"
        )
        answer = {
            "content": text_made if content is None else content,
            "tokens": single.ids if planned.asked.return_tokens and made and content is None else [],
            "index": 0,
            "stop": True,
            "model": model.name,
            "tokens_predicted": made,
            "tokens_evaluated": num_prompt,
            "tokens_cached": num_prompt + made,
            "truncated": planned.truncated,
            "stop_type": stop_type,
            "stopping_word": choice.reader.stop_string or "",
            "has_new_line": "\n" in text_made,
            "prompt": planned.prompt,
            "generation_settings": {
                "temperature": sampling.temperature,
                "top_k": sampling.top_k,
                "top_p": sampling.top_p,
                "min_p": sampling.min_p,
                "repeat_penalty": sampling.repetition_penalty,
                "n_predict": sampling.max_tokens,
                "n_ctx": model.context,
                "seed": sampling.seed,
                "stop": list(planned.asked.stop_strings),
            },
            "timings": {
                "cache_n": single.cached_tokens,
                **_timing("prompt", num_prompt - single.cached_tokens, single.prompt_seconds),
                **_timing("predicted", made, single.predicted_seconds),
            },
        }
        return _selected(answer, planned.asked.response_fields)

    async def _chunks(self, planned: _Planned, single: Single, run: Run) -> AsyncIterator[bytes]:
        told = 0
        async for piece in single.pieces(run):
            ids = single.ids[told:] if planned.asked.return_tokens else []
            told += len(ids)
            yield event({"index": 0, "content": piece, "tokens": ids, "stop": False})
        yield event(self._answer(planned, single, content=""))

    async def tokenize(self, request: Request) -> Response:
        return JsonResponse(await prepared(self._tokenize, await body_of(request, self._backend)))

    def _tokenize(self, body: Any) -> dict[str, Any]:
        asked, tokenizer = read_fields(TokenizeBody, body), self._backend.model.tokenizer
        ids = (tokenizer.encode_with_special if asked.parse_special else tokenizer.encode)(asked.content)
        if not asked.with_pieces:
            return {"tokens": ids}
        pieces = [(one, tokenizer.decode_bytes([one])) for one in ids]
        # A piece that is no text by itself (part of a character) is given as its bytes.
        return {"tokens": [{"id": one, "piece": _text_or_bytes(piece)} for one, piece in pieces]}

    async def detokenize(self, request: Request) -> Response:
        return JsonResponse(await prepared(self._detokenize, await body_of(request, self._backend)))

    def _detokenize(self, body: Any) -> dict[str, Any]:
        return {"content": self._backend.model.tokenizer.decode(read_fields(DetokenizeBody, body).tokens)}

    async def template(self, request: Request) -> Response:
        return JsonResponse(await prepared(self._template, await body_of(request, self._backend)))

    def _template(self, body: Any) -> dict[str, Any]:
        asked = read_fields(TemplateBody, body)
        conversation = read_conversation(list(asked.messages), list(asked.tools))
        return {"prompt": render(conversation.messages, conversation.tools, add_generation_prompt=True)}

    async def props(self, _: Request) -> Response:
        backend = self._backend
        model = backend.model
        return JsonResponse(
            {
                "default_generation_settings": {
                    "n_ctx": model.context,
                    "temperature": backend.config.temperature,
                    "n_predict": backend.config.max_tokens,
                },
                "total_slots": backend.config.max_batch,
                "model_alias": model.name,
                "model_path": model.name,
                "modalities": {"vision": False, "audio": False},
                "chat_template": chat_template(),
                "bos_token": "",
                "eos_token": IM_END if model.can_chat else END_OF_TEXT,
                "build_info": f"codeling {__version__}",
                "model": model.to_openai()["meta"],
                "checkpoint": model.facts(),
            }
        )


def _timing(name: str, count: int, seconds: float) -> dict[str, float]:
    milliseconds = seconds * 1000
    return {
        f"{name}_n": count,
        f"{name}_ms": milliseconds,
        f"{name}_per_token_ms": milliseconds / count if count else 0.0,
        f"{name}_per_second": count / seconds if seconds > 0 else 0.0,
    }


def _selected(answer: dict[str, Any], paths: tuple[str, ...]) -> dict[str, Any]:
    """The fields that were asked for, each under its path, as llama.cpp has it; everything when none were."""
    if not paths:
        return answer
    found = {}
    for path in paths:
        value: Any = answer
        for step in path.split("/"):
            value = value.get(step) if isinstance(value, dict) else None
        if value is not None:
            found[path] = value
    return found


def _text_or_bytes(piece: bytes) -> str | list[int]:
    try:
        return piece.decode("utf-8")
    except UnicodeDecodeError:
        return list(piece)
