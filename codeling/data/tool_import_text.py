"""Conversations that were written as text: Glaive's transcripts, and ShareGPT turns with calls inside.

Glaive (glaive-function-calling-v2)::

    system: SYSTEM: You are a helpful assistant with access to the following functions. ... {"name": ...} {"name": ...}
    chat:   USER: ...  ASSISTANT: <functioncall> {"name": "f", "arguments": '{"a": 1}'} <|endoftext|>
            FUNCTION RESPONSE: {...}  ASSISTANT: ... <|endoftext|>

ShareGPT: a list of ``{"from": "human", "value": ...}``. A call is either Hermes text (``<tool_call>``, read by the one
parser of calls) or a turn of its own from ``function_call``; a result is a turn from ``tool`` or ``observation``.
"""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from codeling.data.tool_import_openai import (
    BadConversation,
    Row,
    Translated,
    call_object,
    json_list,
    loads,
    number_calls,
    tool_object,
    tools_of,
)
from codeling.tools.calls import CALL_START, parse_calls

# White space is looked at from its beginning only: from each of its line ends, a row full of them would take hours.
_GLAIVE_TURN = re.compile(r"(?:\A|(?<!\s)(?=\s*?\n)\s+|<\|endoftext\|>\s*)(USER|ASSISTANT|FUNCTION RESPONSE):")
_GLAIVE_CALL = "<functioncall>"
_GLAIVE_END = "<|endoftext|>"
# What Glaive tells its model about the tools; ours is told by the chat template.
_GLAIVE_STOCK = re.compile(
    r"\A\s*(?:SYSTEM:)?\s*(?:You are a helpful assistant,? with (?:access to the following|no access to external)"
    r" functions\.?)?\s*(?:Use them if required\s*-?)?\s*"
)
_GLAIVE_QUOTED = re.compile(r"""\{\s*"name"\s*:\s*"([^"]*)"\s*,\s*"arguments"\s*:\s*'(.*)'\s*\}""", re.DOTALL)


def from_glaive_row(row: Row) -> Translated:
    """``system`` with the functions, ``chat`` with the turns; a sentence of its own in ``system`` is kept."""
    system, chat = row["system"], row["chat"]
    if not isinstance(system, str) or not isinstance(chat, str):
        raise BadConversation("field 'system' or 'chat' is not text")
    stock = _GLAIVE_STOCK.match(system)
    said, functions = _objects_after(system[stock.end() :] if stock else system)
    messages: list[dict[str, Any]] = [{"role": "system", "content": said}] if said else []
    for speaker, text in _glaive_turns(chat):
        if speaker == "USER":
            messages.append({"role": "user", "content": text})
        elif speaker == "FUNCTION RESPONSE":
            messages.append({"role": "tool", "content": text})
        else:
            messages.append(_glaive_reply(text))
    return number_calls(messages), [tool_object(function) for function in functions]


def _objects_after(text: str) -> tuple[str, list[Any]]:
    """(text before the first ``{``, the JSON objects from there on)."""
    begin = text.find("{")
    said, rest = (text, "") if begin < 0 else (text[:begin], text[begin:].strip())
    decoder, objects = json.JSONDecoder(), []
    while rest:
        try:
            value, end = decoder.raw_decode(rest)
        except (ValueError, RecursionError):
            raise BadConversation("the functions in 'system' are not valid JSON", rest) from None
        objects.append(value)
        rest = rest[end:].lstrip(" \t\r\n,")
    return said.strip(), objects


def _glaive_turns(chat: str) -> Iterator[tuple[str, str]]:
    before, *parts = _GLAIVE_TURN.split(chat)
    if before.strip() or not parts:
        raise BadConversation("'chat' does not begin with USER: or ASSISTANT:", chat)
    for speaker, text in zip(parts[::2], parts[1::2], strict=True):
        yield speaker, text.replace(_GLAIVE_END, "").strip()


def _glaive_reply(text: str) -> dict[str, Any]:
    content, *calls = text.split(_GLAIVE_CALL)
    message: dict[str, Any] = {"role": "assistant", "content": content.strip()}
    if calls:
        message["tool_calls"] = [_glaive_call(call.strip()) for call in calls]
    return message


def _glaive_call(text: str) -> dict[str, Any]:
    """``{"name": "f", "arguments": '{"a": 1}'}``: JSON but for the quotes around the arguments."""
    if quoted := _GLAIVE_QUOTED.fullmatch(text):
        name, arguments = quoted.groups()
        try:
            return call_object({"name": name, "arguments": loads(arguments, "arguments")})
        except BadConversation:
            # An apostrophe inside was written as in a shell or in Python: \'
            return call_object({"name": name, "arguments": loads(arguments.replace("\\'", "'"), "arguments")})
    return call_object(loads(text, "functioncall"))


_SHAREGPT_ROLES = {
    "system": "system", "human": "user", "user": "user", "gpt": "assistant", "assistant": "assistant",
    "model": "assistant", "function_call": "call", "tool_call": "call", "tool": "tool", "observation": "tool",
    "function_response": "tool",
}  # fmt: skip


def from_sharegpt_row(row: Row) -> Translated:
    """``conversations`` of ``from`` and ``value``; tools from the row, else from ``<tools>`` in the system turn."""
    messages: list[dict[str, Any]] = []
    tools = tools_of(row)
    if isinstance(row.get("system"), str) and row["system"].strip():
        messages.append({"role": "system", "content": row["system"].strip()})
    for turn in json_list(row["conversations"], "conversations"):
        if not isinstance(turn, Mapping) or not isinstance(turn.get("value"), str):
            raise BadConversation("a turn without the text 'value'", repr(turn))
        role, text = _SHAREGPT_ROLES.get(str(turn.get("from"))), turn["value"].strip()
        if role is None:
            raise BadConversation("a turn from an unknown speaker", str(turn.get("from")))
        if role == "system":
            text, described = _hermes_tools(text)
            tools = tools or described
            messages += [{"role": "system", "content": text}] if text else []
        elif role == "call":
            calls = loads(text, "function_call")
            calls = calls if isinstance(calls, list) else [calls]
            messages.append({"role": "assistant", "content": "", "tool_calls": [call_object(call) for call in calls]})
        elif role == "assistant":
            messages.append(_hermes_reply(text))
        elif role == "tool":
            messages += [{"role": "tool", "content": result} for result in _hermes_results(text)]
        else:
            messages.append({"role": role, "content": text})
    return number_calls(messages), tools


def _hermes_tools(text: str) -> tuple[str, list[Any]]:
    """(system text, tools). What stands around a ``<tools>`` list says how to call: our chat format says it itself."""
    listed, closed, _ = text.partition("<tools>")[2].partition("</tools>")
    if not closed:
        return text, []
    listed = listed.strip()
    if listed.startswith("["):
        return "", [tool_object(tool) for tool in json_list(listed, "tools")]
    return "", [tool_object(tool) for tool in _objects_after(listed)[1]]


def _hermes_reply(text: str) -> dict[str, Any]:
    if CALL_START not in text:
        return {"role": "assistant", "content": text}
    reply = parse_calls(text)
    # Some of these sets hold calls as Python wrote them, {'name': ...}: a literal, and only that, is read too.
    python = [_python_call(malformed, error) for malformed, error in zip(reply.malformed, reply.errors, strict=True)]
    calls = [{"name": call.name, "arguments": call.arguments} for call in reply.calls]
    if calls and python:
        raise BadConversation("calls in two ways of writing in one turn", text)
    return {
        "role": "assistant",
        "content": reply.content.strip(),
        "tool_calls": list(map(call_object, calls or python)),
    }


def _python_call(text: str, error: str) -> Any:
    try:
        value = ast.literal_eval(text.strip())
        return json.loads(json.dumps(value, allow_nan=False))
    except (ValueError, SyntaxError, TypeError, MemoryError, RecursionError):
        raise BadConversation("a <tool_call> that is no call", error) from None


def _hermes_results(text: str) -> list[str]:
    parts = [part.partition("<tool_response>") for part in text.split("</tool_response>")[:-1]]
    return [result.strip() for _, opened, result in parts if opened] or [text]
