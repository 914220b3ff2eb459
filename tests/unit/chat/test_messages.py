"""OpenAI's shapes in and out, and what is wrong with a conversation."""

import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from random_conversations import conversations

from codeling.chat.conversation import Conversation
from codeling.chat.messages import Message
from codeling.errors import UsageError
from codeling.tools.calls import ToolCall
from codeling.tools.schema import Tool

USER = {"role": "user", "content": "Hi"}
ADD = Tool("add", "", {"type": "object", "properties": {"a": {"type": "integer"}}, "required": ["a"]})


@given(conversations())
def test_a_conversation_survives_json(conversation: Conversation):
    value = json.loads(json.dumps(conversation.to_openai()))
    assert Conversation.from_openai(value) == conversation


def test_the_shape_of_a_call():
    message = Message("assistant", "", (ToolCall("add", {"a": "é"}, "call_1"),))
    assert message.to_openai() == {
        "role": "assistant",
        "content": None,
        "tool_calls": [
            {"id": "call_1", "type": "function", "function": {"name": "add", "arguments": '{"a": "é"}'}},
        ],
    }
    assert Message("tool", "3", tool_call_id="call_1").to_openai() == {
        "role": "tool",
        "content": "3",
        "tool_call_id": "call_1",
    }


def test_shapes_that_clients_send():
    assert Message.from_openai({"role": "assistant", "content": None, "tool_calls": None}) == Message("assistant")
    parts = [{"type": "text", "text": "a"}, {"type": "text", "text": "b"}]
    assert Message.from_openai({"role": "user", "content": parts, "name": "x"}) == Message("user", "ab")
    for arguments in ("", "{}", None, {}):
        call = {"function": {"name": "now", "arguments": arguments}}
        assert Message.from_openai({"role": "assistant", "tool_calls": [call]}).tool_calls == (ToolCall("now"),)


def calls(call: Any) -> dict[str, Any]:
    return {"role": "assistant", "tool_calls": [call]}


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        ("Hi", "must be an object with a role and content, not str"),
        ({"content": "Hi"}, "role must be one of system, developer, user, assistant, tool, not None"),
        ({"role": "user\n", "content": ""}, "not 'user\\n'"),
        ({"role": ["user"], "content": ""}, "not ['user']"),
        ({"role": "user", "content": 1}, "content must be text or a list of text parts, not int"),
        ({"role": "user", "content": [{"type": "image_url"}]}, "reads text only: a part of the content is 'image_url'"),
        ({"role": "user", "content": ["Hi"]}, "a part of the content is 'str'"),
        ({"role": "user", "content": "", "tool_calls": [{"name": "f"}]}, "only an assistant calls tools"),
        ({"role": "assistant", "tool_calls": {}, "content": 0}, "content must be text"),
        ({"role": "assistant", "tool_calls": {"name": "f"}}, "tool_calls must be a list, not dict"),
        ({"role": "tool", "content": "", "tool_call_id": 7}, "tool_call_id must be text, not int"),
        (calls("f"), "a tool call must be an object with a name and arguments"),
        (calls({"function": {"arguments": "{}"}}), "a tool call must be an object with a name"),
        (calls({"name": ""}), "a tool call must be an object with a name"),
        (calls({"name": "f", "arguments": "{'a': 1}"}), "the arguments of the call of 'f' are not JSON: Expecting"),
        (calls({"name": "f", "arguments": "[1]"}), "the arguments of the call of 'f' must be an object, not list"),
        (calls({"name": "f", "arguments": 1}), "must be an object, not int"),
        (calls({"name": "f", "arguments": '{"a": NaN}'}), "NaN is no number of JSON"),
        (calls({"name": "f", "arguments": {"a": float("inf")}}), "Infinity is no number of JSON"),
        (calls({"name": "f", "arguments": {"a": "\ud800"}}), "half of a surrogate pair"),
        (calls({"name": "f", "arguments": {"a": {1}}}), "are not JSON"),
        (calls({"name": "f", "arguments": []}), "must be an object, not list"),
        (calls({"id": 1, "name": "f"}), "the id of the call of 'f' must be text, not int"),
    ],
)
def test_nonsense_is_refused_with_the_reason(value: Any, reason: str):
    with pytest.raises(UsageError) as error:
        Message.from_openai(value)
    assert reason in str(error.value)
    with pytest.raises(UsageError, match=r"^messages\[1\]: "):
        Conversation.from_openai({"messages": [USER, value]})


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        (None, 'a list "messages"'),
        ({}, 'a list "messages"'),
        ({"messages": []}, "that is not empty"),
        ({"messages": [USER], "tools": {"name": "f"}}, '"tools" must be a list, not dict'),
        ({"messages": [USER], "tools": [{"name": "f"}, {"name": ""}]}, "tools[1]: a tool's name"),
        ({"messages": [USER], "tools": [{"name": "f"}, {"name": "g"}, {"name": "f"}]}, "two tools have the name 'f'"),
    ],
)
def test_a_conversation_that_is_none(value: Any, reason: str):
    with pytest.raises(UsageError) as error:
        Conversation.from_openai(value)
    assert reason in str(error.value)


keys = st.sampled_from(["role", "content", "tool_calls", "messages", "tools", "function", "name", "arguments", "id"])
scalars = st.none() | st.integers() | st.text() | st.floats() | st.sampled_from(["user", "assistant", "tool", "text"])
anything = st.recursive(scalars, lambda inner: st.lists(inner) | st.dictionaries(keys, inner))


@given(anything)
def test_any_json_is_a_conversation_or_a_usage_error(value: Any):
    for read in (Conversation.from_openai, Message.from_openai):
        try:
            read(value)
        except UsageError as error:
            assert str(error)


def call(name: str = "add", id: str = "", **arguments: Any) -> ToolCall:
    return ToolCall(name, arguments, id)


def assistant(*calls: ToolCall) -> Message:
    return Message("assistant", "", calls)


GOOD = (
    Message("user", "?"),
    assistant(call(a=1), call(a=1)),
    Message("tool", "1"),
    Message("tool", "1"),
    assistant(call(a=2, id="x"), call(a=3, id="y")),
    Message("tool", "3", tool_call_id="y"),
    Message("tool", "2", tool_call_id="x"),
    assistant(call(a=4)),
)


def test_a_good_conversation_has_no_problems():
    assert Conversation(GOOD, (ADD,)).problems() == []


@pytest.mark.parametrize(
    ("i", "message", "problems"),
    [
        (1, assistant(call(a=1)), ["messages[3]: a tool's result, but a call is not waiting for one"]),
        (2, Message("user", "!"), [
            "messages[2]: the call of 'add' has no result before this",
            "messages[2]: the call of 'add' has no result before this",
            "messages[3]: a tool's result, but a call is not waiting for one",
        ]),
        (6, Message("tool", "2", tool_call_id="z"), [
            "messages[6]: a tool's result, but call 'z' is not waiting for one",
            "messages[7]: the call of 'add' has no result before this",
        ]),
        (7, assistant(call("sub", a=1)), ["messages[7]: calls the tool 'sub'; offered are: add"]),
        (7, assistant(call(a="1")), ["messages[7]: the call of 'add': a: \"1\" is not of type integer"]),
        (7, assistant(call()), ["messages[7]: the call of 'add': a is missing"]),
    ],
)  # fmt: skip
def test_problems(i: int, message: Message, problems: list[str]):
    conversation = Conversation((*GOOD[:i], message, *GOOD[i + 1 :]), (ADD,))
    assert conversation.problems() == problems
    if message.tool_calls and i == 7:
        assert "none are offered" in replace(conversation, tools=()).problems()[-1]
