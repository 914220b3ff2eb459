"""`POST /v1/chat/completions`, whole or as a stream (https://platform.openai.com/docs/api-reference/chat)."""

from __future__ import annotations

import time
import uuid
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from codeling.serve.backend import Backend
from codeling.serve.chat_plan import ChatPlan, ChatTask, ToolChoice, read_conversation
from codeling.serve.conversing import converse
from codeling.serve.errors import invalid
from codeling.serve.fields import (
    any_of,
    boolean,
    described,
    fields_of,
    integer,
    list_of,
    mapping,
    one_of,
    option,
    required,
    text,
)
from codeling.serve.generation import Run
from codeling.serve.operations import Operation
from codeling.serve.reading import Choice, Delta, Logprob, deltas_of
from codeling.serve.sampling_fields import MAX_LOGPROBS, SamplingFields
from codeling.serve.sse import DONE, event
from codeling.tokenizer.bpe import Tokenizer
from codeling.tools.calls import CallStarted, ContentDelta

MAX_MESSAGES = 1000
MAX_TOOLS = 128

MESSAGE_SCHEMA = {
    "type": "object",
    "required": ["role", "content"],
    "properties": {
        "role": {"type": "string", "enum": ["system", "developer", "user", "assistant", "tool"]},
        "content": {
            "anyOf": [
                {"type": ["string", "null"]},
                {
                    "type": "array",
                    "items": {
                        "type": "object",
                        "required": ["type", "text"],
                        "properties": {"type": {"type": "string", "const": "text"}, "text": {"type": "string"}},
                    },
                },
            ]
        },
    },
}
TOOL_SCHEMA = {
    "type": "object",
    "required": ["function"],
    "properties": {
        "type": {"type": "string", "const": "function"},
        "function": {
            "type": "object",
            "required": ["name"],
            "properties": {
                "name": {"type": "string", "pattern": "^[A-Za-z0-9_.:/-]{1,128}$"},
                "description": {"type": ["string", "null"]},
                "parameters": {"type": ["object", "null"], "description": 'A JSON Schema of type "object".'},
            },
        },
    },
}


@dataclass(frozen=True, kw_only=True)
class NamedFunction:
    name: str = required(text(at_least=1), "The tool's name.")


@dataclass(frozen=True, kw_only=True)
class NamedTool:
    type: str = option("function", one_of("function"), "function")
    function: NamedFunction = required(fields_of(NamedFunction), "The one tool that must be called.")


@dataclass(frozen=True, kw_only=True)
class SchemaFormat:
    name: str = option("", text(), "Not used.")
    schema: dict[str, Any] | None = option(None, mapping(), "The JSON Schema; none allows any value that is an object.")
    strict: bool = option(True, boolean(), "Not used: the schema is always enforced.")


@dataclass(frozen=True, kw_only=True)
class ResponseFormat:
    type: str = required(one_of("text", "json_object", "json_schema"), "What the answer is.")
    json_schema: SchemaFormat | None = option(None, fields_of(SchemaFormat), "For json_schema.")

    @property
    def schema(self) -> dict[str, Any] | None:
        if self.type == "text":
            return None
        if self.type == "json_schema" and self.json_schema is None:
            raise invalid("response_format of type json_schema needs a json_schema", param="response_format")
        given = self.json_schema.schema if self.json_schema is not None and self.type == "json_schema" else None
        return {"type": "object"} if given is None else given


@dataclass(frozen=True, kw_only=True)
class ChatRequest(SamplingFields):
    messages: tuple[Any, ...] = required(
        list_of(described(MESSAGE_SCHEMA), at_least=1, at_most=MAX_MESSAGES),
        "The conversation; a last message of the assistant's is the beginning of its answer.",
    )
    max_tokens: int | None = option(None, integer(1), "Tokens of the answer at most; the context may end it earlier.")
    max_completion_tokens: int | None = option(None, integer(1), "The newer name of max_tokens, which it overrides.")
    tools: tuple[Any, ...] = option((), list_of(described(TOOL_SCHEMA), at_most=MAX_TOOLS), "What may be called.")
    tool_choice: str | NamedTool = option(
        "auto", any_of(one_of("none", "auto", "required"), fields_of(NamedTool)),
        "required, and a named tool, are enforced: the answer is a call that fits the tool's schema.",
    )  # fmt: skip
    parallel_tool_calls: bool = option(True, boolean(), "Whether an answer may hold more than one call.")
    response_format: ResponseFormat | None = option(None, fields_of(ResponseFormat), "What the answer must be.")
    logprobs: bool = option(False, boolean(), "Report the log-probabilities of the answer's tokens.")
    top_logprobs: int = option(0, integer(0, MAX_LOGPROBS), "And of this many alternatives in each place.")

    def task(self) -> ChatTask:
        choice = self.tool_choice
        conversation = read_conversation(list(self.messages), list(self.tools))
        return ChatTask(
            conversation,
            self,
            max_tokens=self.max_completion_tokens or self.max_tokens,
            tool_choice=ToolChoice("required", choice.function.name)
            if isinstance(choice, NamedTool)
            else ToolChoice(choice),  # type: ignore[arg-type]
            parallel=self.parallel_tool_calls,
            json_schema=None if self.response_format is None else self.response_format.schema,
            top_logprobs=self.top_logprobs if self.logprobs else None,
        )


@dataclass
class WholeMessage:
    """An answer put together from its deltas; the same however it was cut."""

    content: str = ""
    calls: list[dict[str, Any]] = field(default_factory=list)

    def add(self, delta: Delta) -> None:
        if isinstance(delta, ContentDelta):
            self.content += delta.text
        elif isinstance(delta, CallStarted):
            self.calls.append({"id": call_id(), "type": "function", "function": {"name": delta.name, "arguments": ""}})
        else:
            self.calls[-1]["function"]["arguments"] += delta.text

    def to_openai(self) -> dict[str, Any]:
        content = None if self.calls and not self.content else self.content
        message = {"role": "assistant", "content": content, "refusal": None, "annotations": []}
        return message | ({"tool_calls": self.calls} if self.calls else {})


def call_id() -> str:
    return f"call_{uuid.uuid4().hex[:24]}"


def finish_reason(choice: Choice) -> str | None:
    """OpenAI's reason: a reply that ends after calls ended for them."""
    return "tool_calls" if choice.finish_reason == "stop" and choice.num_calls else choice.finish_reason


def usage(prompt_tokens: int, completion_tokens: int, cached_tokens: int) -> dict[str, Any]:
    return {
        "prompt_tokens": prompt_tokens,
        "completion_tokens": completion_tokens,
        "total_tokens": prompt_tokens + completion_tokens,
        "prompt_tokens_details": {"cached_tokens": cached_tokens},
        "completion_tokens_details": {"reasoning_tokens": 0},
    }


def chat_logprobs(tokenizer: Tokenizer, logprobs: Sequence[Logprob]) -> dict[str, Any]:
    def entry(token: int, logprob: float | None) -> dict[str, Any]:
        data = tokenizer.decode_bytes([token])
        return {"token": data.decode("utf-8", "replace"), "logprob": logprob, "bytes": list(data)}

    content = [
        entry(one.id, one.logprob) | {"top_logprobs": [entry(token, logprob) for token, logprob in one.top]}
        for one in logprobs
    ]
    return {"content": content, "refusal": None}


class ChatCompletions:
    """The endpoint."""

    def __init__(self, backend: Backend) -> None:
        self._backend = backend

    def operations(self) -> list[Operation]:
        return [
            Operation(
                "POST", "/v1/chat/completions", "Answer a conversation", self.create,
                body=ChatRequest, streams="text/event-stream", statuses=(404, 429),
            )
        ]  # fmt: skip

    async def create(self, request: Request) -> Response:
        return await converse(request, self._backend, ChatRequest, _Answer)


class _Answer:
    """One answer, in either form."""

    def __init__(self, backend: Backend, asked: ChatRequest, planned: ChatPlan) -> None:
        self._asked, self._planned = asked, planned
        self._tokenizer = backend.model.tokenizer
        self._head = {
            "id": f"chatcmpl-{uuid.uuid4().hex}",
            "created": int(time.time()),
            "model": backend.model.name,
            "system_fingerprint": backend.model.fingerprint,
        }

    async def whole(self, run: Run) -> dict[str, Any]:
        choices = self._planned.choices
        messages = [WholeMessage() for _ in choices]
        logprobs: list[list[Logprob]] = [[] for _ in choices]
        async for choice, deltas in deltas_of(run, choices):
            for delta in deltas:
                messages[choice.index].add(delta)
                logprobs[choice.index] += choice.take_logprobs()
        answers = [
            {
                "index": choice.index,
                "message": messages[choice.index].to_openai(),
                "logprobs": self._logprobs(logprobs[choice.index]),
                "finish_reason": finish_reason(choice),
            }
            for choice in choices
        ]
        return self._head | {"object": "chat.completion", "choices": answers, "usage": self._usage(run)}

    async def pieces(self, run: Run) -> AsyncIterator[bytes]:
        for choice in self._planned.choices:
            yield self._chunk(choice, {"role": "assistant", "content": "", "refusal": None})
        async for choice, deltas in deltas_of(run, self._planned.choices):
            for delta in deltas:
                yield self._chunk(choice, _to_openai(delta), logprobs=choice.take_logprobs())
            if reason := finish_reason(choice):
                yield self._chunk(choice, {}, reason=reason)
        if self._asked.stream_options.include_usage:
            yield event(self._head | {"object": "chat.completion.chunk", "choices": [], "usage": self._usage(run)})
        yield DONE

    def _chunk(
        self, choice: Choice, delta: dict[str, Any], *, reason: str | None = None, logprobs: Sequence[Logprob] = ()
    ) -> bytes:
        entry = {
            "index": choice.index,
            "delta": delta,
            "logprobs": self._logprobs(logprobs) if logprobs else None,
            "finish_reason": reason,
        }
        chunk = self._head | {"object": "chat.completion.chunk", "choices": [entry]}
        return event(chunk | {"usage": None} if self._asked.stream_options.include_usage else chunk)

    def _logprobs(self, logprobs: Sequence[Logprob]) -> dict[str, Any] | None:
        return chat_logprobs(self._tokenizer, logprobs) if self._asked.logprobs else None

    def _usage(self, run: Run) -> dict[str, Any]:
        made = sum(choice.num_tokens for choice in self._planned.choices)
        return usage(len(self._planned.prompt), made, run.cached_tokens)


def _to_openai(delta: Delta) -> dict[str, Any]:
    if isinstance(delta, ContentDelta):
        return {"content": delta.text}
    if isinstance(delta, CallStarted):
        function = {"name": delta.name, "arguments": ""}
        return {"tool_calls": [{"index": delta.index, "id": call_id(), "type": "function", "function": function}]}
    return {"tool_calls": [{"index": delta.index, "function": {"arguments": delta.text}}]}
