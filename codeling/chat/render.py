"""The chat format: messages and tools to text, in pieces that say what each is.

The same format as ``codeling/tokenizer/chat_template.jinja``, which ships with every tokenizer for other people's
readers; a test holds the two equal. ``encode`` and ``render`` both come through ``pieces``.

    <|im_start|>system
    SYSTEM TEXT
    <tools>
    {"name": "add", "description": "Add two numbers", "parameters": {...}}
    </tools><|im_end|>
    <|im_start|>user
    What is 1 + 2?<|im_end|>
    <|im_start|>assistant
    <tool_call>
    {"name": "add", "arguments": {"a": 1, "b": 2}}
    </tool_call><|im_end|>
    <|im_start|>user
    <tool_response>
    3
    </tool_response><|im_end|>
    <|im_start|>assistant
    It is 3.<|im_end|>
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from codeling.chat.messages import Message
from codeling.tokenizer.special import (
    IM_END,
    IM_START,
    TOOL_CALL_END,
    TOOL_CALL_START,
    TOOL_RESPONSE_END,
    TOOL_RESPONSE_START,
)
from codeling.tools.calls import call_json
from codeling.tools.schema import Tool

_SYSTEM_ROLES = ("system", "developer")


class Piece(NamedTuple):
    """A part of the text."""

    text: str
    is_token: bool = False
    """``text`` is one of the tokens of tokenizer.special; otherwise it is plain text whatever is written in it."""
    written: bool = False
    """The assistant writes it; otherwise it is given to the assistant."""


def render(messages: Sequence[Message], tools: Sequence[Tool] = (), *, add_generation_prompt: bool = False) -> str:
    """The whole text; with ``add_generation_prompt`` it ends where the assistant begins to write.

    For people and for other programs: never tokenize it with special tokens on, use ``encode`` (text that a user
    wrote may spell such a token).

    >>> render([Message("user", "Hi")], add_generation_prompt=True)
    '<|im_start|>user\\nHi<|im_end|>\\n<|im_start|>assistant\\n'
    """
    return "".join(piece.text for piece in pieces(messages, tools, add_generation_prompt=add_generation_prompt))


def pieces(
    messages: Sequence[Message], tools: Sequence[Tool] = (), *, add_generation_prompt: bool = False
) -> Iterator[Piece]:
    """The text from left to right."""
    has_system = bool(messages) and messages[0].role in _SYSTEM_ROLES
    if has_system or tools:
        yield from _turn("system", _system_text(messages[0].content if has_system else "", tools))
    turns = messages[has_system:]
    for i, message in enumerate(turns):
        if message.role == "assistant":
            yield from _assistant_turn(message)
        elif message.role == "tool":
            yield from _result(
                message,
                opens=i == 0 or turns[i - 1].role != "tool",
                closes=i + 1 == len(turns) or turns[i + 1].role != "tool",
            )
        else:
            yield from _turn("system" if message.role in _SYSTEM_ROLES else message.role, message.content)
    if add_generation_prompt:
        yield from _opening("assistant")


def render_tool(tool: Tool) -> str:
    """The line that offers ``tool``: JSON with its keys always in this order."""
    return json.dumps(
        {"name": tool.name, "description": tool.description, "parameters": tool.parameters}, ensure_ascii=False
    )


def _system_text(text: str, tools: Sequence[Tool]) -> str:
    if not tools:
        return text
    offer = "\n".join(["<tools>", *map(render_tool, tools), "</tools>"])
    return f"{text}\n{offer}" if text else offer


def _opening(role: str) -> Iterator[Piece]:
    yield Piece(IM_START, is_token=True)
    yield Piece(f"{role}\n")


def _turn(role: str, text: str) -> Iterator[Piece]:
    yield Piece(IM_START, is_token=True)
    yield Piece(f"{role}\n{text}")
    yield Piece(IM_END, is_token=True)
    yield Piece("\n")


def _assistant_turn(message: Message) -> Iterator[Piece]:
    yield from _opening("assistant")
    separator = "\n" if message.content else ""
    text = message.content
    for call in message.tool_calls:
        yield Piece(text + separator, written=True)
        yield Piece(TOOL_CALL_START, is_token=True, written=True)
        yield Piece(f"\n{call_json(call)}\n", written=True)
        yield Piece(TOOL_CALL_END, is_token=True, written=True)
        text, separator = "", "\n"
    yield Piece(text, written=True)
    yield Piece(IM_END, is_token=True, written=True)
    yield Piece("\n")


def _result(message: Message, *, opens: bool, closes: bool) -> Iterator[Piece]:
    if opens:
        yield Piece(IM_START, is_token=True)
    yield Piece("user\n" if opens else "\n")
    yield Piece(TOOL_RESPONSE_START, is_token=True)
    yield Piece(f"\n{message.content}\n")
    yield Piece(TOOL_RESPONSE_END, is_token=True)
    if closes:
        yield Piece(IM_END, is_token=True)
        yield Piece("\n")
