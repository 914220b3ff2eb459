"""One message of a conversation, in OpenAI's shape.

Roles: ``system`` (and its newer name ``developer``), ``user``, ``assistant`` and ``tool``. Only an assistant has calls;
only a tool's result has a ``tool_call_id``.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any, Literal, get_args

from codeling.errors import UsageError
from codeling.tools.call_block import parse_json
from codeling.tools.calls import ToolCall

Role = Literal["system", "developer", "user", "assistant", "tool"]
ROLES: tuple[Role, ...] = get_args(Role)


@dataclass(frozen=True)
class Message:
    """Who says what, and which tools an assistant calls.

    >>> Message("assistant", "", (ToolCall("now"),)).to_openai()["tool_calls"][0]["function"]
    {'name': 'now', 'arguments': '{}'}
    """

    role: Role
    content: str = ""
    tool_calls: tuple[ToolCall, ...] = ()
    tool_call_id: str = ""
    """Which call a tool's result answers; empty when the order of the results says it."""

    def __post_init__(self) -> None:
        if self.role not in ROLES:
            raise UsageError(f"a message's role must be one of {', '.join(ROLES)}, not {self.role!r}")
        if self.tool_calls and self.role != "assistant":
            raise UsageError(f"only an assistant calls tools, not the role {self.role!r}")

    @classmethod
    def from_openai(cls, value: Any) -> Message:
        """Read one message; UsageError with the reason.

        ``content`` may be text, null, or a list of text parts, which are joined. A call may be OpenAI's
        ``{"id", "type", "function": {"name", "arguments"}}`` or the bare function; its arguments an object or its
        JSON text. Other keys are ignored.
        """
        if not isinstance(value, dict):
            raise UsageError(f"a message must be an object with a role and content, not {type(value).__name__}")
        calls = value.get("tool_calls") or []
        if not isinstance(calls, list):
            raise UsageError(f"tool_calls must be a list, not {type(calls).__name__}")
        call_id = value.get("tool_call_id") or ""
        if not isinstance(call_id, str):
            raise UsageError(f"tool_call_id must be text, not {type(call_id).__name__}")
        role: Any = value.get("role")  # checked by __post_init__
        return cls(role, _text(value.get("content")), tuple(map(_call, calls)), call_id)

    def to_openai(self) -> dict[str, Any]:
        """OpenAI's shape: arguments as JSON text, the content of a message that only calls tools null."""
        value: dict[str, Any] = {"role": self.role, "content": self.content}
        if self.tool_calls:
            value["content"] = self.content or None
            value["tool_calls"] = [
                {
                    "id": call.id,
                    "type": "function",
                    "function": {"name": call.name, "arguments": json.dumps(call.arguments, ensure_ascii=False)},
                }
                for call in self.tool_calls
            ]
        if self.tool_call_id:
            value["tool_call_id"] = self.tool_call_id
        return value


def _text(content: Any) -> str:
    if content is None or isinstance(content, str):
        return content or ""
    if not isinstance(content, list):
        raise UsageError(f"a message's content must be text or a list of text parts, not {type(content).__name__}")
    texts: list[str] = []
    for part in content:
        if not isinstance(part, dict) or part.get("type") != "text" or not isinstance(part.get("text"), str):
            kind = part.get("type") if isinstance(part, dict) else type(part).__name__
            raise UsageError(f'this model reads text only: a part of the content is {kind!r}, not "text"')
        texts.append(part["text"])
    return "".join(texts)


def _call(value: Any) -> ToolCall:
    function = value.get("function", value) if isinstance(value, dict) else value
    name = function.get("name") if isinstance(function, dict) else None
    if not isinstance(name, str) or not name.strip():
        raise UsageError("a tool call must be an object with a name and arguments")
    call_id = value.get("id") or ""
    if not isinstance(call_id, str):
        raise UsageError(f"the id of the call of {name!r} must be text, not {type(call_id).__name__}")
    return ToolCall(name, _arguments(name, function.get("arguments")), call_id)


def _arguments(name: str, value: Any) -> dict[str, Any]:
    if value is None or value == "":
        return {}
    try:
        # An object goes through its text as well: what a call holds must be readable when it is written.
        arguments = parse_json(value if isinstance(value, str) else json.dumps(value))
    except (ValueError, TypeError, RecursionError) as error:
        raise UsageError(f"the arguments of the call of {name!r} are not JSON: {error}") from None
    if not isinstance(arguments, dict):
        raise UsageError(f"the arguments of the call of {name!r} must be an object, not {type(arguments).__name__}")
    return arguments
