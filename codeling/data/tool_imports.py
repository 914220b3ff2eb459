"""A row of somebody's data set -> a Conversation: which shape it has, and how that becomes messages and tools.

Each shape only translates its own spelling into OpenAI's objects; ``Conversation.from_openai`` then reads them, so the
rules of what a message, a call or a tool is stand in one place. What cannot be translated is a ``BadConversation``
with a reason that can be counted and a detail for people; nothing is guessed that would change what is trained.

Shapes, by the fields of a row:

- ``messages`` (and ``tools``): OpenAI's, also the older ``functions`` and ``function_call``, calls without the
  ``function`` level, tools and messages written as JSON text, and parameters without a type
- ``system`` and ``chat``: Glaive's text with ``<functioncall>`` (codeling.data.tool_import_text)
- ``conversations``: ShareGPT's ``from``/``value`` turns, with Hermes ``<tool_call>`` text or ``function_call`` turns
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from codeling.chat.conversation import Conversation
from codeling.data.tool_import_openai import BadConversation, Row, Translated, from_openai_row
from codeling.data.tool_import_text import from_glaive_row, from_sharegpt_row
from codeling.errors import UsageError


def parsed_row(content: Any) -> Any:
    """A line of JSON as the row that it holds; anything else as it is."""
    if not isinstance(content, bytes):
        return content
    try:
        return json.loads(content)
    except (ValueError, RecursionError) as error:
        raise BadConversation("not valid JSON", str(error)) from None


def conversation_of_row(row: Any, *, shapes: Sequence[str] | None = None) -> Conversation:
    """The row as a conversation. ``shapes``: names in ``SHAPES`` that are expected; None: any.

    >>> conversation_of_row({"messages": [{"role": "user", "content": "hi"}, {"role": "assistant", "content": "Hi!"}]})
    ... # doctest: +SKIP
    """
    if not isinstance(row, Mapping):
        raise BadConversation("a row is an object with fields", type(row).__name__)
    for name in shapes or SHAPES:
        fields, translate = SHAPES[name]
        if all(field in row for field in fields):
            messages, tools = translate(row)
            return _read(messages, tools)
    raise BadConversation("no conversation in its fields", ", ".join(map(str, row)) or "(none)")


def _read(messages: list[dict[str, Any]], tools: list[Any]) -> Conversation:
    try:
        return Conversation.from_openai({"messages": messages, "tools": tools})
    except UsageError as error:
        part = "tool" if str(error).startswith("tools[") else "message"
        raise BadConversation(f"a {part} that cannot be read", str(error)) from None


SHAPES: dict[str, tuple[tuple[str, ...], Callable[[Row], Translated]]] = {
    "openai": (("messages",), from_openai_row),
    "glaive": (("system", "chat"), from_glaive_row),
    "sharegpt": (("conversations",), from_sharegpt_row),
}
"""Name -> the fields of a row of this shape, and the function to OpenAI's messages and tools; first match wins."""
