"""`POST /v1/responses`, the core of OpenAI's newer API (https://platform.openai.com/docs/api-reference/responses): text
and function calls, whole or as a stream of events. Nothing is stored, so ``previous_response_id`` is refused.
"""

from __future__ import annotations

import itertools
import time
import uuid
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from codeling.serve.backend import Backend
from codeling.serve.blocks import Block, blocks_of, steps_of
from codeling.serve.chat_completions import MAX_MESSAGES, MAX_TOOLS, call_id
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
    number,
    one_of,
    option,
    required,
    text,
)
from codeling.serve.generation import Run
from codeling.serve.operations import Operation
from codeling.serve.sampling_fields import SamplingFields
from codeling.serve.sse import event

_TOOL = {
    "type": "object",
    "required": ["type", "name"],
    "properties": {
        "type": {"const": "function"},
        "name": {"type": "string", "pattern": "^[A-Za-z0-9_.:/-]{1,128}$"},
        "description": {"type": ["string", "null"]},
        "parameters": {"type": ["object", "null"]},
    },
}


@dataclass(frozen=True, kw_only=True)
class NamedFunction:
    type: str = required(one_of("function"), "function")
    name: str = required(text(at_least=1), "The one tool that must be called.")


@dataclass(frozen=True, kw_only=True)
class TextFormat:
    type: str = required(one_of("text", "json_object", "json_schema"), "What the answer is.")
    name: str = option("", text(), "Not used.")
    schema: dict[str, Any] | None = option(None, mapping(), "The JSON Schema, for json_schema.")


@dataclass(frozen=True, kw_only=True)
class TextOptions:
    format: TextFormat = option(TextFormat(type="text"), fields_of(TextFormat), "What the answer must be.")


@dataclass(frozen=True, kw_only=True)
class ResponsesBody:
    input: str | tuple[Any, ...] = required(
        any_of(text(), list_of(mapping(), at_least=1, at_most=MAX_MESSAGES)),
        "A question, or the items of a conversation.",
    )
    model: str = option("", text(at_most=200), "The model's name; this server has one.")
    instructions: str = option("", text(), "A system message.")
    max_output_tokens: int | None = option(None, integer(1), "Tokens of the answer at most.")
    temperature: float | None = option(None, number(0, 2), "0 is greedy.")
    top_p: float = option(1.0, number(0, 1), "Keep the smallest set of tokens that holds this much probability.")
    tools: tuple[Any, ...] = option((), list_of(described(_TOOL), at_most=MAX_TOOLS), "What may be called.")
    tool_choice: str | NamedFunction = option(
        "auto", any_of(one_of("none", "auto", "required"), fields_of(NamedFunction)), "Whether and what is called."
    )
    parallel_tool_calls: bool = option(True, boolean(), "Whether an answer may hold more than one call.")
    previous_response_id: str = option("", text(at_most=0), "Refused: nothing is stored.")
    stream: bool = option(False, boolean(), "Answer piece by piece, as server-sent events.")
    text: TextOptions = option(TextOptions(), fields_of(TextOptions), "What the answer must be.")

    def task(self) -> ChatTask:
        choice, wanted = self.tool_choice, self.text.format
        items = [{"role": "user", "content": self.input}] if isinstance(self.input, str) else list(self.input)
        messages = _messages(items)
        if self.instructions:
            messages.insert(0, {"role": "system", "content": self.instructions})
        for tool in self.tools:
            if not isinstance(tool, dict) or tool.get("type") != "function":
                raise invalid("this server knows tools of the type function only", param="tools")
        schema = None if wanted.type == "text" else wanted.schema or {"type": "object"}
        return ChatTask(
            read_conversation(messages, list(self.tools)),
            SamplingFields(model=self.model, temperature=self.temperature, top_p=self.top_p),
            max_tokens=self.max_output_tokens,
            tool_choice=ToolChoice("required", choice.name)
            if isinstance(choice, NamedFunction)
            else ToolChoice(choice),  # type: ignore[arg-type]
            parallel=self.parallel_tool_calls,
            json_schema=schema,
        )


def _messages(items: list[Any]) -> list[dict[str, Any]]:
    """The items of a conversation as messages; calls that follow one another, or a text, are one message."""
    messages: list[dict[str, Any]] = []
    for item in items:
        kind = item.get("type") or "message"
        if kind == "message":
            messages.append({"role": item.get("role"), "content": _content(item.get("content"))})
        elif kind == "function_call":
            function = {"name": item.get("name"), "arguments": item.get("arguments")}
            call = {"id": item.get("call_id"), "type": "function", "function": function}
            if not messages or messages[-1]["role"] != "assistant":
                messages.append({"role": "assistant", "content": ""})
            messages[-1].setdefault("tool_calls", []).append(call)
        elif kind == "function_call_output":
            told = _content(item.get("output"))
            messages.append({"role": "tool", "tool_call_id": item.get("call_id"), "content": told})
        elif kind != "reasoning":
            raise invalid(f"input has an item of type {kind!r}, which this server does not know", param="input")
    if not messages:
        raise invalid("input has no message", param="input")
    return messages


def _content(content: Any) -> Any:
    if not isinstance(content, list):
        return content
    known = ("input_text", "output_text", "text")
    return [
        {"type": "text", "text": part.get("text")} if isinstance(part, dict) and part.get("type") in known else part
        for part in content
    ]


class Responses:
    """The endpoint."""

    def __init__(self, backend: Backend) -> None:
        self._backend = backend

    def operations(self) -> list[Operation]:
        return [
            Operation(
                "POST", "/v1/responses", "Answer a conversation, in the shape of OpenAI's newer API", self.create,
                body=ResponsesBody, streams="text/event-stream", statuses=(404, 429),
            )
        ]  # fmt: skip

    async def create(self, request: Request) -> Response:
        return await converse(request, self._backend, ResponsesBody, _Answer)


class _Answer:
    """One answer, in either form."""

    def __init__(self, backend: Backend, asked: ResponsesBody, planned: ChatPlan) -> None:
        self._asked, self._planned = asked, planned
        self._ids: dict[int, tuple[str, str]] = {}
        choice = asked.tool_choice
        self._head: dict[str, Any] = {
            "id": f"resp_{uuid.uuid4().hex}",
            "object": "response",
            "created_at": int(time.time()),
            "model": backend.model.name,
            "error": None,
            "incomplete_details": None,
            "instructions": asked.instructions or None,
            "max_output_tokens": asked.max_output_tokens,
            "metadata": {},
            "parallel_tool_calls": asked.parallel_tool_calls,
            "previous_response_id": None,
            "reasoning": {"effort": None, "summary": None},
            "store": False,
            "temperature": backend.config.temperature if asked.temperature is None else asked.temperature,
            "text": {"format": {"type": asked.text.format.type}},
            "tool_choice": choice if isinstance(choice, str) else {"type": "function", "name": choice.name},
            "tools": list(asked.tools),
            "top_p": asked.top_p,
            "truncation": "disabled",
            "user": None,
        }

    async def whole(self, run: Run) -> dict[str, Any]:
        blocks = await blocks_of(run, self._planned.choices[0])
        return self._final([self._item(block, self._status) for block in blocks], run)

    async def pieces(self, run: Run) -> AsyncIterator[bytes]:
        numbers = itertools.count()

        def told(kind: str, **values: Any) -> bytes:
            return event({"type": kind, "sequence_number": next(numbers)} | values, name=kind)

        begun = self._head | {"status": "in_progress", "output": [], "usage": None}
        yield told("response.created", response=begun)
        yield told("response.in_progress", response=begun)
        items: list[dict[str, Any]] = []
        async for what, block, part in steps_of(run, self._planned.choices[0]):
            item = self._item(block, "in_progress")
            place: dict[str, Any] = {"output_index": block.index, "item_id": item["id"]}
            if what == "opened":
                empty = item | ({"arguments": ""} if block.name else {"content": []})
                yield told("response.output_item.added", output_index=block.index, item=empty)
            if block.name:
                if what == "grew":
                    yield told("response.function_call_arguments.delta", delta=part, **place)
                elif what == "closed":
                    yield told("response.function_call_arguments.done", arguments=block.text, name=block.name, **place)
            else:
                place["content_index"] = 0
                if what == "opened":
                    yield told("response.content_part.added", part=_part(""), **place)
                elif what == "grew":
                    yield told("response.output_text.delta", delta=part, logprobs=[], **place)
                else:
                    yield told("response.output_text.done", text=block.text, logprobs=[], **place)
                    yield told("response.content_part.done", part=_part(block.text), **place)
            if what == "closed":
                items.append(self._item(block, self._status))
                yield told("response.output_item.done", output_index=block.index, item=items[-1])
        final = self._final(items, run)
        yield told(f"response.{final['status']}", response=final)

    @property
    def _status(self) -> str:
        return "incomplete" if self._planned.choices[0].finish_reason == "length" else "completed"

    def _item(self, block: Block, status: str) -> dict[str, Any]:
        item_id, call = self._ids.setdefault(
            block.index, (f"{'fc' if block.name else 'msg'}_{uuid.uuid4().hex}", call_id())
        )
        if block.name:
            return {
                "type": "function_call", "id": item_id, "call_id": call, "name": block.name,
                "arguments": block.text, "status": status,
            }  # fmt: skip
        return {
            "type": "message", "id": item_id, "role": "assistant", "status": status, "content": [_part(block.text)],
        }  # fmt: skip

    def _final(self, items: list[dict[str, Any]], run: Run) -> dict[str, Any]:
        made, given = self._planned.choices[0].num_tokens, len(self._planned.prompt)
        usage = {
            "input_tokens": given,
            "input_tokens_details": {"cached_tokens": run.cached_tokens},
            "output_tokens": made,
            "output_tokens_details": {"reasoning_tokens": 0},
            "total_tokens": given + made,
        }
        details = {"reason": "max_output_tokens"} if self._status == "incomplete" else None
        return self._head | {
            "status": self._status, "incomplete_details": details, "output": items, "usage": usage,
        }  # fmt: skip


def _part(written: str) -> dict[str, Any]:
    return {"type": "output_text", "text": written, "annotations": [], "logprobs": []}
