"""A conversation: messages, and the tools that are offered in it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from codeling.chat.messages import Message
from codeling.errors import UsageError
from codeling.tools.schema import Tool, check_arguments


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
            tuple(_read("messages", i, message) for i, message in enumerate(value["messages"])),
            tuple(_read("tools", i, tool) for i, tool in enumerate(tools)),
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
