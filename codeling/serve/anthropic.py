"""`POST /v1/messages` and `/v1/messages/count_tokens`, Anthropic's API (https://docs.anthropic.com/en/api/messages)."""

from __future__ import annotations

import json
import uuid
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from codeling.serve.answering import body_of
from codeling.serve.backend import Backend, prepared
from codeling.serve.blocks import Block, blocks_of, steps_of
from codeling.serve.chat_completions import MAX_MESSAGES, MAX_TOOLS
from codeling.serve.chat_plan import ChatPlan, ChatTask, ToolChoice, chat_prompt, read_conversation
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
    number,
    one_of,
    option,
    read_fields,
    required,
    text,
)
from codeling.serve.generation import Run
from codeling.serve.json_response import JsonResponse
from codeling.serve.operations import Operation
from codeling.serve.sampling_fields import MAX_STOP_CHARACTERS, MAX_STOP_STRINGS, SamplingFields
from codeling.serve.sse import event

_TEXT_BLOCK = {
    "type": "object",
    "required": ["type", "text"],
    "properties": {"type": {"const": "text"}, "text": {"type": "string"}},
}
_TEXT_BLOCKS = {"type": "array", "items": _TEXT_BLOCK}
_OTHER_BLOCK = {
    "type": "object",
    "required": ["type"],
    "properties": {"type": {"enum": ["tool_use", "tool_result", "thinking", "redacted_thinking"]}},
}
_BLOCKS = {"type": "array", "items": {"anyOf": [_TEXT_BLOCK, _OTHER_BLOCK]}}
_MESSAGE = {
    "type": "object",
    "required": ["role", "content"],
    "properties": {
        "role": {"enum": ["user", "assistant"]},
        "content": {"anyOf": [{"type": "string"}, _BLOCKS]},
    },
}
_ERROR = {
    "type": "object",
    "required": ["type", "error"],
    "properties": {"type": {"const": "error"}, "error": {"type": "object", "required": ["type", "message"]}},
}


@dataclass(frozen=True, kw_only=True)
class AnthropicTool:
    name: str = required(text(at_least=1, at_most=128), "The tool's name.")
    description: str = option("", text(), "What it does.")
    input_schema: dict[str, Any] = required(mapping(), "A JSON Schema of type object.")


@dataclass(frozen=True, kw_only=True)
class AnthropicToolChoice:
    type: str = required(one_of("auto", "any", "tool", "none"), "any: some tool is called; tool: the one of that name.")
    name: str = option("", text(), "Of the one tool.")
    disable_parallel_tool_use: bool = option(False, boolean(), "At most one call.")


@dataclass(frozen=True, kw_only=True)
class CountBody:
    model: str = option("", text(at_most=200), "The model's name; this server has one.")
    messages: tuple[Any, ...] = required(
        list_of(described(_MESSAGE), at_least=1, at_most=MAX_MESSAGES), "The conversation."
    )
    system: Any = option(
        "",
        any_of(text(), described(_TEXT_BLOCKS)),
        "Who the model is and how it should answer.",
    )
    tools: tuple[AnthropicTool, ...] = option(
        (), list_of(fields_of(AnthropicTool), at_most=MAX_TOOLS), "What may be called."
    )
    tool_choice: AnthropicToolChoice = option(
        AnthropicToolChoice(type="auto"), fields_of(AnthropicToolChoice), "Which tool is called."
    )

    def conversation(self) -> Any:
        messages = [one for message in self.messages for one in _to_openai(message)]
        if system := _text_of(self.system, "system"):
            messages.insert(0, {"role": "system", "content": system})
        tools = [
            {"name": one.name, "description": one.description, "parameters": one.input_schema} for one in self.tools
        ]
        return read_conversation(messages, tools)


@dataclass(frozen=True, kw_only=True)
class MessagesBody(CountBody):
    max_tokens: int = required(integer(1), "Tokens of the answer at most; the context may end it earlier.")
    temperature: float | None = option(None, number(0, 1), "0 is greedy.")
    top_p: float = option(1.0, number(0, 1), "Keep the smallest set of tokens that holds this much probability.")
    top_k: int = option(0, integer(0, 2**31), "Keep the k most likely tokens; 0 keeps all.")
    stop_sequences: tuple[str, ...] = option(
        (), list_of(text(at_most=MAX_STOP_CHARACTERS), at_most=MAX_STOP_STRINGS), "Text that ends the answer."
    )
    stream: bool = option(False, boolean(), "Answer piece by piece, as server-sent events.")

    def task(self) -> ChatTask:
        choice = self.tool_choice
        mode = {"auto": "auto", "any": "required", "tool": "required", "none": "none"}[choice.type]
        sampling = SamplingFields(
            model=self.model,
            temperature=self.temperature,
            top_p=self.top_p,
            top_k=self.top_k,
            stop=self.stop_sequences,
        )
        return ChatTask(
            self.conversation(),
            sampling,
            max_tokens=self.max_tokens,
            tool_choice=ToolChoice(mode, choice.name if choice.type == "tool" else ""),  # type: ignore[arg-type]
            parallel=not choice.disable_parallel_tool_use,
        )


def _to_openai(message: Any) -> list[dict[str, Any]]:
    """One of Anthropic's messages as OpenAI's: results of tools are messages of their own, before the rest."""
    if not isinstance(message, dict) or message.get("role") not in ("user", "assistant"):
        raise invalid("a message must be an object with the role user or assistant", param="messages")
    content = message.get("content")
    blocks = [{"type": "text", "text": content}] if isinstance(content, str) else content
    if not isinstance(blocks, list) or not all(isinstance(block, dict) for block in blocks):
        raise invalid("a message's content must be text or a list of blocks", param="messages")
    results, calls, words = [], [], ""
    for block in blocks:
        kind = block.get("type")
        if kind == "text":
            words += _text_of([block], "messages")
        elif kind == "tool_use" and message["role"] == "assistant":
            call = {"name": block.get("name"), "arguments": block.get("input")}
            calls.append({"id": block.get("id"), "type": "function", "function": call})
        elif kind == "tool_result" and message["role"] == "user":
            told = _text_of(block.get("content") or "", "messages")
            results.append({"role": "tool", "tool_call_id": block.get("tool_use_id"), "content": told})
        elif kind not in ("thinking", "redacted_thinking"):
            raise invalid(f"this model reads text only: a block of a {message['role']} is {kind!r}", param="messages")
    rest = {"role": message["role"], "content": words} | ({"tool_calls": calls} if calls else {})
    return [*results, rest] if words or calls or not results else results


def _text_of(content: Any, param: str) -> str:
    if isinstance(content, str):
        return content
    if not isinstance(content, list):
        raise invalid(f"{param} must be text or a list of text blocks", param=param)
    for block in content:
        if not isinstance(block, dict) or block.get("type") != "text" or not isinstance(block.get("text"), str):
            raise invalid(f"{param}: this model reads text blocks only", param=param)
    return "".join(block["text"] for block in content)


class Anthropic:
    """The endpoints."""

    def __init__(self, backend: Backend) -> None:
        self._backend = backend

    def operations(self) -> list[Operation]:
        return [
            Operation(
                "POST", "/v1/messages", "Answer a conversation, in Anthropic's shape", self.create, body=MessagesBody,
                streams="text/event-stream", error=_ERROR, statuses=(404, 429),
            ),
            Operation(
                "POST", "/v1/messages/count_tokens", "The tokens of a conversation", self.count, body=CountBody,
                answer={"type": "object", "required": ["input_tokens"]}, error=_ERROR, statuses=(404,),
            ),
        ]  # fmt: skip

    async def count(self, request: Request) -> Response:
        return JsonResponse(await prepared(self._count, await body_of(request, self._backend)))

    def _count(self, body: Any) -> dict[str, int]:
        asked, model = read_fields(CountBody, body), self._backend.model
        model.require(asked.model)
        return {"input_tokens": len(chat_prompt(asked.conversation(), model))}

    async def create(self, request: Request) -> Response:
        return await converse(request, self._backend, MessagesBody, _Answer)


class _Answer:
    """One answer, in either form."""

    def __init__(self, backend: Backend, asked: MessagesBody, planned: ChatPlan) -> None:
        self._planned = planned
        self._head = {"id": f"msg_{uuid.uuid4().hex[:24]}", "type": "message", "role": "assistant"}
        self._head["model"] = backend.model.name

    async def whole(self, run: Run) -> dict[str, Any]:
        planned = self._planned
        blocks = [_content(block) for block in await blocks_of(run, planned.choices[0])]
        content = [block for block in blocks if block is not None]
        return self._head | {"content": content, **_stop(planned), "usage": _usage(planned, run)}

    async def pieces(self, run: Run) -> AsyncIterator[bytes]:
        def told(kind: str, **values: Any) -> bytes:
            return event({"type": kind} | values, name=kind)

        planned = self._planned
        begun = self._head | {"content": [], "stop_reason": None, "stop_sequence": None}
        usage = {"input_tokens": len(planned.prompt), "output_tokens": 0}
        yield told("message_start", message=begun | {"usage": usage})
        async for what, block, text_part in steps_of(run, planned.choices[0]):
            if what == "opened":
                empty = {"type": "text", "text": ""} if not block.name else _tool_use(block.name, {})
                yield told("content_block_start", index=block.index, content_block=empty)
            elif what == "grew" and block.name:
                delta = {"type": "input_json_delta", "partial_json": text_part}
                yield told("content_block_delta", index=block.index, delta=delta)
            elif what == "grew":
                yield told("content_block_delta", index=block.index, delta={"type": "text_delta", "text": text_part})
            else:
                yield told("content_block_stop", index=block.index)
        yield told("message_delta", delta=_stop(planned), usage=_usage(planned, run))
        yield told("message_stop")


def _content(block: Block) -> dict[str, Any] | None:
    if not block.name:
        return {"type": "text", "text": block.text}
    try:
        return _tool_use(block.name, json.loads(block.text))
    except ValueError:  # cut by the limit of tokens: no call
        return None


def _tool_use(name: str, arguments: dict[str, Any]) -> dict[str, Any]:
    return {"type": "tool_use", "id": f"toolu_{uuid.uuid4().hex[:24]}", "name": name, "input": arguments}


def _stop(planned: ChatPlan) -> dict[str, Any]:
    choice = planned.choices[0]
    if choice.finish_reason == "length":
        return {"stop_reason": "max_tokens", "stop_sequence": None}
    if choice.reader.stop_string is not None:
        return {"stop_reason": "stop_sequence", "stop_sequence": choice.reader.stop_string}
    return {"stop_reason": "tool_use" if choice.num_calls else "end_turn", "stop_sequence": None}


def _usage(planned: ChatPlan, run: Run) -> dict[str, int]:
    """Anthropic counts what came from the cache apart."""
    return {
        "input_tokens": len(planned.prompt) - run.cached_tokens,
        "output_tokens": planned.choices[0].num_tokens,
        "cache_creation_input_tokens": 0,
        "cache_read_input_tokens": run.cached_tokens,
    }
