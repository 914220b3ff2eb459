"""Replies that need no model: what a score is worth shows beside them.

Both always make one call. They fill the arguments from the last request by type alone, without reading it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from random import Random
from typing import Any

from codeling.data.tool_conversations import ToolExample
from codeling.evals.tool_scores import Reply
from codeling.runtime.seeds import stable_hash
from codeling.tools.calls import ParsedReply, ToolCall
from codeling.tools.schema import Tool

_NUMBER = re.compile(r"(?<![\w.])-?\d+(?:\.\d+)?(?![\w])")
_WORD = re.compile(r"\S*\w")


def random_tool(example: ToolExample, *, seed: int) -> Reply:
    """Any offered tool; numbers and words of the request, in random order, as its required arguments."""
    rng = Random(stable_hash(seed, "random-tool", example.id))
    tools = example.conversation.tools
    text = _request(example)
    numbers, words = _numbers(text), _WORD.findall(text)
    rng.shuffle(numbers)
    rng.shuffle(words)
    return _call(rng.choice(tools), iter(numbers), iter(words), choose=rng.choice)


def first_tool(example: ToolExample, *, seed: int) -> Reply:
    """Always the first offered tool; the numbers of the request in their order, all other arguments empty."""
    numbers = iter(_numbers(_request(example)))
    return _call(example.conversation.tools[0], numbers, iter(()), choose=lambda values: values[0])


BASELINES: dict[str, Callable[..., Reply]] = {"random tool": random_tool, "first tool": first_tool}
"""By name: (example, seed) -> reply."""


def _request(example: ToolExample) -> str:
    before = example.conversation.messages[:-1]
    return next(message.content for message in reversed(before) if message.role == "user")


def _numbers(text: str) -> list[float]:
    return [float(found) if "." in found else int(found) for found in _NUMBER.findall(text)]


def _call(tool: Tool, numbers: Iterator[float], words: Iterator[str], *, choose: Callable[[Any], Any]) -> Reply:
    properties: Mapping[str, Any] = tool.parameters.get("properties", {})
    # Schemas of one's own conversations may require what they do not describe, or describe it by true.
    schemas = {name: properties.get(name) for name in tool.parameters.get("required", ())}
    arguments = {
        name: _value(schema if isinstance(schema, Mapping) else {}, numbers, words, choose)
        for name, schema in schemas.items()
    }
    return Reply(ParsedReply(calls=(ToolCall(tool.name, arguments),)))


def _value(
    schema: Mapping[str, Any], numbers: Iterator[float], words: Iterator[str], choose: Callable[[Any], Any]
) -> Any:
    if schema.get("enum"):
        return choose(schema["enum"])
    kind = schema.get("type")
    if kind == "integer":
        return int(next(numbers, 0))
    if kind == "number":
        return next(numbers, 0)
    if kind == "boolean":
        return choose((False, True))
    if kind == "array":
        return []
    return {} if kind == "object" else next(words, "")
