"""A conversation: messages, and the tools that are offered in it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, TypeVar

from codeling.chat.messages import Message
from codeling.errors import UsageError
from codeling.tools.calls import ToolCall
from codeling.tools.schema import Tool, check_arguments

_T = TypeVar("_T")


@dataclass(frozen=True)
class Conversation:
    """Messages in order, and the offered tools.

    >>> Conversation.from_openai({"messages": [{"role": "user", "content": "Hi"}]}).messages[0].content
    'Hi'
    """

    messages: tuple[Message, ...]
    tools: tuple[Tool, ...] = ()

    @classmethod
    def from_openai(cls, value: Any) -> Conversation:
        """Read ``{"messages": [...], "tools": [...]}``; UsageError that says which one is wrong, and why."""
        if not isinstance(value, dict) or not isinstance(value.get("messages"), list) or not value["messages"]:
            raise UsageError('a conversation must be an object with a list "messages" that is not empty')
        tools = value.get("tools") or []
        if not isinstance(tools, list):
            raise UsageError(f'"tools" must be a list, not {type(tools).__name__}')
        conversation = cls(
            tuple(_read_each(Message.from_openai, value["messages"], "messages")),
            tuple(_read_each(Tool.from_openai, tools, "tools")),
        )
        names = [tool.name for tool in conversation.tools]
        if twice := sorted({name for name in names if names.count(name) > 1}):
            raise UsageError(f"two tools have the name {twice[0]!r}")
        return conversation

    def to_openai(self) -> dict[str, Any]:
        """``{"messages": [...], "tools": [...]}``, without tools when none are offered."""
        value: dict[str, Any] = {"messages": [message.to_openai() for message in self.messages]}
        if self.tools:
            value["tools"] = [tool.to_openai() for tool in self.tools]
        return value

    def problems(self) -> list[str]:
        """What a training example or a benchmark must not have, one sentence each, in order of the messages.

        A call of a tool that is not offered, or whose arguments do not fit it; a result without its call, a call
        without its result (the last message may call).
        """
        offered = {tool.name: tool for tool in self.tools}
        problems: list[str] = []
        waiting: list[ToolCall] = []  # calls whose results have not come
        for i, message in enumerate(self.messages):
            if message.role == "tool":
                matches = [call for call in waiting if message.tool_call_id in ("", call.id)]
                if matches:
                    waiting.remove(matches[0])
                else:
                    answered = f"call {message.tool_call_id!r}" if message.tool_call_id else "a call"
                    problems.append(f"messages[{i}]: a tool's result, but {answered} is not waiting for one")
                continue
            problems += [f"messages[{i}]: the call of {call.name!r} has no result before this" for call in waiting]
            waiting = list(message.tool_calls)
            for call in message.tool_calls:
                if call.name not in offered:
                    there = f"offered are: {', '.join(offered)}" if offered else "none are offered"
                    problems.append(f"messages[{i}]: calls the tool {call.name!r}; {there}")
                else:
                    wrong = check_arguments(offered[call.name], call.arguments)
                    problems += [f"messages[{i}]: the call of {call.name!r}: {sentence}" for sentence in wrong]
        return problems


def _read_each(read: Callable[[Any], _T], values: list[Any], where: str) -> Iterator[_T]:
    for i, value in enumerate(values):
        try:
            yield read(value)
        except UsageError as error:
            raise UsageError(f"{where}[{i}]: {error}") from None
