"""Rows in OpenAI's shape, as they are really found: old names, calls without a level, JSON written as text.

Everything here only respells: ``{"messages", "tools"}`` come out in today's spelling, and ``Conversation.from_openai``
decides what is valid. What cannot be respelt without guessing is a ``BadConversation``.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from codeling.tools.call_block import parse_json

Row = Mapping[str, Any]
Translated = tuple[list[dict[str, Any]], list[Any]]
"""(messages, tools), both in OpenAI's shape."""

_EXCERPT = 120


class BadConversation(ValueError):
    """A row that cannot be trained on. ``reason`` is the same for all rows of its kind, ``detail`` is this one's."""

    def __init__(self, reason: str, detail: str = "") -> None:
        self.reason = reason
        self.detail = detail if len(detail) <= _EXCERPT else f"{detail[:_EXCERPT]}..."
        super().__init__(f"{reason}: {self.detail}" if detail else reason)


def from_openai_row(row: Row) -> Translated:
    """``messages`` with ``tools``, or with the older ``functions``; the system message may be a field of its own."""
    messages = [_message(message) for message in json_list(row["messages"], "messages")]
    system = row.get("system")
    if isinstance(system, str) and system.strip() and not (messages and messages[0].get("role") == "system"):
        messages.insert(0, {"role": "system", "content": system})
    return number_calls(messages), tools_of(row)


def tools_of(row: Row) -> list[Any]:
    """The tools that a row offers, in OpenAI's shape; parameters that name no type are those of an object."""
    offered = row.get("tools")
    if offered is None or offered == "":
        offered = row.get("functions")
    return [tool_object(tool) for tool in json_list(offered or [], "tools")]


def tool_object(tool: Any) -> dict[str, Any]:
    """One tool as ``{"type": "function", "function": {...}}``; ``Tool.from_openai`` says what is wrong with it."""
    function = tool.get("function", tool) if isinstance(tool, Mapping) else tool
    if not isinstance(function, Mapping):
        raise BadConversation("a tool is not an object", repr(tool))
    function = dict(function)
    parameters = function.get("parameters")
    if isinstance(parameters, Mapping) and "type" not in parameters:
        # "parameters": {} and {"properties": ...} are common, and can only mean an object.
        function["parameters"] = {"type": "object", **parameters}
    return {"type": "function", "function": function}


def _message(message: Any) -> dict[str, Any]:
    """One message with today's names: ``function_call`` becomes ``tool_calls``, role ``function`` becomes ``tool``."""
    if not isinstance(message, Mapping):
        raise BadConversation("a message is not an object", repr(message))
    # Data sets written with one table for all roles fill what a message does not have with null.
    result = {key: value for key, value in message.items() if value is not None}
    calls = list(json_list(result.pop("tool_calls", []), "tool_calls"))
    if old := result.pop("function_call", None):
        calls.append(old)
    if calls:
        result["tool_calls"] = [call_object(call) for call in calls]
    if result.get("role") == "function":
        result["role"] = "tool"
    content = result.get("content", "")
    if result.get("role") == "tool" and not isinstance(content, str) and not _is_parts(content):
        content = json.dumps(content, ensure_ascii=False)
    result["content"] = content
    return result


def _is_parts(content: Any) -> bool:
    return isinstance(content, list) and bool(content) and all(isinstance(p, Mapping) and "type" in p for p in content)


def call_object(call: Any) -> dict[str, Any]:
    """One call, to which ``number_calls`` may give an id; ``Message.from_openai`` reads the rest of it."""
    if not isinstance(call, Mapping):
        raise BadConversation("a call is not an object", repr(call))
    return {key: value for key, value in call.items() if value is not None}


def number_calls(messages: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Give calls that have no id one, and each result that names no call the oldest call that still waits.

    Results that name their call keep doing so; the model reads neither, but order and number can then be checked.
    """
    waiting: list[str] = []
    number = 0
    for message in messages:
        calls = message.get("tool_calls", [])
        if message.get("role") == "assistant":
            waiting = []
        for call in calls:
            number += 1
            waiting.append(call.setdefault("id", f"call_{number}"))
        if message.get("role") == "tool":
            named = message.setdefault("tool_call_id", waiting[0] if waiting else "")
            if named in waiting:
                waiting.remove(named)
    return messages


def json_list(value: Any, field: str) -> Sequence[Any]:
    """``value`` as a list, read from JSON text where a data set keeps it so."""
    if isinstance(value, str):
        value = loads(value, field)
    if not isinstance(value, list | tuple):
        raise BadConversation(f"field '{field}' is not a list", repr(value))
    return value


def loads(text: str, field: str) -> Any:
    """JSON text inside a field, as strictly as the calls of a model are read."""
    try:
        return parse_json(text)
    except ValueError as error:
        raise BadConversation(f"field '{field}' is not valid JSON", f"{error}: {text}") from None
