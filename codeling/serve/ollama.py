"""Ollama's API (https://docs.ollama.com/api): `/api/chat`, `/api/generate` and what its clients ask before them.

Answers are streamed as lines of JSON unless the body says ``stream: false``. A model that has learnt to chat sees the
prompt of `/api/generate` as a user's message, unless there is a suffix or the body says ``raw``, as Ollama does it.
"""

from __future__ import annotations

import datetime
import json
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from codeling import __version__
from codeling.serve.answering import body_of, respond
from codeling.serve.backend import Backend, prepared
from codeling.serve.blocks import Block, steps_of
from codeling.serve.chat_completions import MAX_MESSAGES, MAX_TOOLS, MESSAGE_SCHEMA, TOOL_SCHEMA
from codeling.serve.chat_plan import ChatPlan, ChatTask, plan, read_conversation, require_room
from codeling.serve.fields import (
    any_of,
    boolean,
    described,
    fields_of,
    integer,
    list_of,
    mapping,
    number,
    one_of,
    option,
    read_fields,
    required,
    text,
)
from codeling.serve.generation import Order, Run
from codeling.serve.json_response import JsonResponse
from codeling.serve.operations import Operation
from codeling.serve.reading import Choice, PlainReader
from codeling.serve.sampling_fields import STOP, SamplingFields
from codeling.serve.sse import line
from codeling.serve.text_prompts import text_prompt
from codeling.tokenizer.training import chat_template

_ERROR = {"type": "object", "required": ["error"], "properties": {"error": {"type": "string"}}}
_NANOSECONDS = 1_000_000_000


@dataclass(frozen=True, kw_only=True)
class OllamaOptions:
    temperature: float | None = option(None, number(0, 2), "0 is greedy.")
    top_k: int = option(0, integer(-1, 2**31), "Keep the k most likely tokens; 0 and -1 keep all.")
    top_p: float = option(1.0, number(0, 1), "Keep the smallest set of tokens that holds this much probability.")
    min_p: float = option(0.0, number(0, 1), "Drop tokens less likely than this share of the most likely one.")
    repeat_penalty: float = option(1.0, number(0.01, 100), "Above 1, tokens already used become less likely.")
    seed: int | None = option(None, integer(-(2**63), 2**63 - 1), "The same seed gives the same text.")
    num_predict: int = option(-1, integer(-2), "Tokens at most; negative: up to the context.")
    stop: str | tuple[str, ...] = option((), STOP, "Text that ends the completion.")

    def sampling(self, model: str) -> SamplingFields:
        return SamplingFields(
            model=model.removesuffix(":latest"),
            temperature=self.temperature,
            top_k=self.top_k,
            top_p=self.top_p,
            min_p=self.min_p,
            repetition_penalty=self.repeat_penalty,
            seed=self.seed,
            stop=self.stop,
        )


@dataclass(frozen=True, kw_only=True)
class OllamaFields:
    model: str = option("", text(at_most=200), "The model's name; this server has one.")
    format: Any = option(None, any_of(one_of("json", ""), mapping()), "json, or the JSON Schema of the answer.")
    options: OllamaOptions = option(OllamaOptions(), fields_of(OllamaOptions), "Options of sampling.")
    stream: bool = option(True, boolean(), "Answer piece by piece, as lines of JSON.")

    @property
    def json_schema(self) -> dict[str, Any] | None:
        return {"type": "object"} if self.format == "json" else self.format or None

    @property
    def max_tokens(self) -> int | None:
        return self.options.num_predict if self.options.num_predict > 0 else None


@dataclass(frozen=True, kw_only=True)
class OllamaChatBody(OllamaFields):
    messages: tuple[Any, ...] = required(
        list_of(described(MESSAGE_SCHEMA), at_least=1, at_most=MAX_MESSAGES), "The conversation."
    )
    tools: tuple[Any, ...] = option((), list_of(described(TOOL_SCHEMA), at_most=MAX_TOOLS), "What may be called.")


@dataclass(frozen=True, kw_only=True)
class OllamaGenerateBody(OllamaFields):
    prompt: str = option("", text(), "What to answer, or to go on from.")
    suffix: str = option("", text(), "Text after the gap, when the middle is wanted.")
    system: str = option("", text(), "A system message.")
    raw: bool = option(False, boolean(), "Go on from the prompt as it is.")


@dataclass(frozen=True, kw_only=True)
class ShowBody:
    model: str = option("", text(at_most=200), "The model's name; this server has one.")


class Ollama:
    """The endpoints."""

    def __init__(self, backend: Backend) -> None:
        self._backend = backend

    def operations(self) -> list[Operation]:
        streamed = {"streams": "application/x-ndjson", "error": _ERROR, "statuses": (404, 429)}
        return [
            Operation("POST", "/api/chat", "Answer a conversation, in Ollama's shape", self.chat,
                      body=OllamaChatBody, **streamed),
            Operation("POST", "/api/generate", "Answer or continue a prompt, in Ollama's shape", self.generate,
                      body=OllamaGenerateBody, **streamed),
            Operation("POST", "/api/show", "What the model is", self.show,
                      body=ShowBody, error=_ERROR, statuses=(404,)),
            Operation("GET", "/api/tags", "The models here: one", self.tags, error=_ERROR),
            Operation("GET", "/api/ps", "The models in memory: the same", self.tags, error=_ERROR),
            Operation("GET", "/api/version", "The server's version", self.version, error=_ERROR),
        ]  # fmt: skip

    async def chat(self, request: Request) -> Response:
        return await self._answer(request, self._prepare_chat, _message_shape)

    async def generate(self, request: Request) -> Response:
        return await self._answer(request, self._prepare_generate, _response_shape)

    async def _answer(self, request: Request, prepare: Any, shape: Any) -> Response:
        asked, planned = await prepared(prepare, await body_of(request, self._backend))
        told = _Telling(self._backend.model.name, planned, shape)
        pieces = told.lines if asked.stream else None
        return await respond(request, self._backend, planned.orders, whole=told.whole, pieces=pieces, lines=True)

    def _prepare_chat(self, body: Any) -> tuple[OllamaFields, ChatPlan]:
        asked = read_fields(OllamaChatBody, body)
        return asked, self._chat_plan(asked, list(asked.messages), list(asked.tools))

    def _prepare_generate(self, body: Any) -> tuple[OllamaFields, ChatPlan]:
        asked, model = read_fields(OllamaGenerateBody, body), self._backend.model
        if model.can_chat and not (asked.raw or asked.suffix):
            messages = [{"role": "user", "content": asked.prompt}]
            if asked.system:
                messages.insert(0, {"role": "system", "content": asked.system})
            return asked, self._chat_plan(asked, messages, [])
        sampling = asked.options.sampling(asked.model)
        model.require(sampling.model)
        prompt = text_prompt(asked.prompt, asked.suffix, model)
        room = require_room(prompt, model, param="prompt")
        (draw,) = sampling.draws(
            1,
            max_tokens=min(asked.max_tokens or room, room, self._backend.config.max_tokens),
            default_temperature=self._backend.config.temperature,
            top_logprobs=None,
        )
        grammar = None if asked.json_schema is None else model.grammars.json_schema(asked.json_schema)
        choice = Choice(0, PlainReader(model.tokenizer, sampling.stop_strings))
        return asked, ChatPlan(prompt, [Order(prompt, draw, model.text_stop_ids, grammar)], [choice])

    def _chat_plan(self, asked: OllamaFields, messages: list[Any], tools: list[Any]) -> ChatPlan:
        task = ChatTask(
            read_conversation(messages, tools),
            asked.options.sampling(asked.model),
            max_tokens=asked.max_tokens,
            json_schema=asked.json_schema,
        )
        return plan(task, self._backend)

    async def tags(self, _: Request) -> Response:
        return JsonResponse({"models": [self._entry()]})

    async def show(self, request: Request) -> Response:
        asked = await prepared(read_fields, ShowBody, await body_of(request, self._backend))
        model = self._backend.model
        model.require(asked.model.removesuffix(":latest"))
        capabilities = ["completion", "insert", *(["tools"] if model.can_chat else [])]
        info = {
            "general.architecture": "codeling",
            "general.parameter_count": model.num_parameters,
            "codeling.context_length": model.context,
        }
        return JsonResponse(
            {"details": self._entry()["details"], "model_info": info, "capabilities": capabilities,
             "template": chat_template(), "parameters": "", "modelfile": "", "license": ""}
        )  # fmt: skip

    async def version(self, _: Request) -> Response:
        return JsonResponse({"version": __version__})

    def _entry(self) -> dict[str, Any]:
        model = self._backend.model
        details = {
            "format": "pth", "family": "codeling", "families": ["codeling"], "parent_model": "",
            "parameter_size": f"{model.num_parameters / 1e6:.1f}M", "quantization_level": "",
        }  # fmt: skip
        return {
            "name": model.name, "model": model.name, "modified_at": _moment(model.created), "size": 0,
            "digest": model.fingerprint, "details": details,
        }  # fmt: skip


def _message_shape(written: str, calls: list[dict[str, Any]]) -> dict[str, Any]:
    message = {"role": "assistant", "content": written}
    return {"message": message | ({"tool_calls": calls} if calls else {})}


def _response_shape(written: str, calls: list[dict[str, Any]]) -> dict[str, Any]:
    return {"response": written}


class _Telling:
    """One answer, in either form. Ollama tells of a call when it is whole."""

    def __init__(self, name: str, planned: ChatPlan, shape: Any) -> None:
        self._name, self._planned, self._shape = name, planned, shape
        self._began = time.monotonic()

    async def lines(self, run: Run) -> AsyncIterator[bytes]:
        async for written, calls in self._parts(run):
            yield line(self._head() | self._shape(written, calls) | {"done": False})
        yield line(self._head() | self._shape("", []) | self._end(run))

    async def whole(self, run: Run) -> dict[str, Any]:
        written, calls = "", []
        async for more, called in self._parts(run):
            written += more
            calls += called
        return self._head() | self._shape(written, calls) | self._end(run)

    async def _parts(self, run: Run) -> AsyncIterator[tuple[str, list[dict[str, Any]]]]:
        async for what, block, part in steps_of(run, self._planned.choices[0]):
            if what == "grew" and not block.name:
                yield part, []
            elif what == "closed" and block.name and (call := _call(block)):
                yield "", [call]

    def _head(self) -> dict[str, Any]:
        return {"model": self._name, "created_at": _moment(time.time())}

    def _end(self, run: Run) -> dict[str, Any]:
        elapsed = int((time.monotonic() - self._began) * _NANOSECONDS)
        choice = self._planned.choices[0]
        return {
            "done": True,
            "done_reason": choice.finish_reason or "stop",
            "total_duration": elapsed,
            "load_duration": 0,
            "prompt_eval_count": len(self._planned.prompt),
            "prompt_eval_duration": 0,
            "eval_count": choice.num_tokens,
            "eval_duration": elapsed,
        }


def _call(block: Block) -> dict[str, Any] | None:
    try:
        return {"function": {"name": block.name, "arguments": json.loads(block.text)}}
    except ValueError:  # cut by the limit of tokens: no call
        return None


def _moment(seconds: float) -> str:
    return datetime.datetime.fromtimestamp(seconds, datetime.timezone.utc).isoformat().replace("+00:00", "Z")
