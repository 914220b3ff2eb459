"""Anthropic's, OpenAI's newer and Ollama's API: whole answers, streams that say the same, tools."""

import json

import pytest
from jsonschema import validate

SCHEMA = {"type": "object", "properties": {"days": {"enum": [1, 2]}}, "required": ["days"]}


def lines_of(text: str) -> list[dict]:
    return [json.loads(one) for one in text.splitlines()]


def events_of(text: str) -> list[dict]:
    """Named server-sent events; the name is the type of the data."""
    found = []
    for one in text.split("\n\n"):
        if one:
            name, data = one.split("\n")
            found.append(json.loads(data.removeprefix("data: ")))
            assert name == f"event: {found[-1]['type']}"
    return found


MESSAGES = {"messages": [{"role": "user", "content": "Rain?"}], "max_tokens": 60, "temperature": 0}
TOOLS = {"tools": [{"name": "weather", "description": "", "input_schema": SCHEMA}]}


@pytest.mark.parametrize(
    "more",
    [{}, {"max_tokens": 3}, TOOLS | {"tool_choice": {"type": "any", "disable_parallel_tool_use": True}}],
    ids=str,
)
def test_anthropics_stream_says_what_the_whole_says(served, more):
    status, _, whole = served.post("/v1/messages", MESSAGES | more)
    assert status == 200 and whole["type"] == "message" and whole["role"] == "assistant"
    events = events_of(served.post("/v1/messages", MESSAGES | more | {"stream": True})[2])
    assert [events[0]["type"], *(one["type"] for one in events[-2:])] == [
        "message_start", "message_delta", "message_stop",
    ]  # fmt: skip
    assert events[-2]["delta"]["stop_reason"] == whole["stop_reason"]
    assert events[-2]["usage"]["output_tokens"] == whole["usage"]["output_tokens"]
    blocks: list[dict] = []
    for event in events:
        if event["type"] == "content_block_start":
            assert event["index"] == len(blocks)
            blocks.append(event["content_block"] | {"json": ""})
        elif event["type"] == "content_block_delta":
            delta = event["delta"]
            if delta["type"] == "text_delta":
                blocks[event["index"]]["text"] += delta["text"]
            else:
                blocks[event["index"]]["json"] += delta["partial_json"]
    assert len(blocks) == len(whole["content"])
    for streamed, block in zip(blocks, whole["content"], strict=True):
        if block["type"] == "text":
            assert streamed["text"] == block["text"]
        else:
            assert streamed["name"] == block["name"] and json.loads(streamed["json"]) == block["input"]
    if "tools" in more:
        assert whole["stop_reason"] == "tool_use"
        validate(whole["content"][-1]["input"], SCHEMA)


def test_anthropics_conversations_with_results_of_tools(served):
    messages = [
        {"role": "user", "content": [{"type": "text", "text": "Rain?"}]},
        {"role": "assistant", "content": [
            {"type": "text", "text": "I look."},
            {"type": "tool_use", "id": "t1", "name": "weather", "input": {"days": 1}},
        ]},
        {"role": "user", "content": [
            {"type": "tool_result", "tool_use_id": "t1", "content": [{"type": "text", "text": "dry"}]},
            {"type": "text", "text": "So?"},
        ]},
    ]  # fmt: skip
    body = {"messages": messages, "system": [{"type": "text", "text": "Be brief."}], **TOOLS}
    counted = served.post("/v1/messages/count_tokens", body)[2]["input_tokens"]
    usage = served.post("/v1/messages", body | {"max_tokens": 4})[2]["usage"]
    assert usage["input_tokens"] + usage["cache_read_input_tokens"] == counted
    openai = [
        {"role": "system", "content": "Be brief."}, {"role": "user", "content": "Rain?"},
        {"role": "assistant", "content": "I look.", "tool_calls": [
            {"id": "t1", "type": "function", "function": {"name": "weather", "arguments": '{"days": 1}'}}]},
        {"role": "tool", "tool_call_id": "t1", "content": "dry"}, {"role": "user", "content": "So?"},
    ]  # fmt: skip
    tools = [{"type": "function", "function": {"name": "weather", "parameters": SCHEMA}}]
    told = served.post("/v1/chat/completions", {"messages": openai, "tools": tools, "max_tokens": 1})[2]["usage"]
    assert told["prompt_tokens"] == counted


def test_anthropics_stop_sequences_and_errors(served):
    text = served.post("/v1/messages", MESSAGES)[2]["content"][0]["text"]
    stopped = served.post("/v1/messages", MESSAGES | {"stop_sequences": [text[3:5]]})[2]
    assert stopped["stop_reason"] == "stop_sequence" and stopped["stop_sequence"] == text[3:5]
    status, _, answer = served.post("/v1/messages", {"messages": MESSAGES["messages"]})
    assert status == 400 and answer["type"] == "error" and answer["error"]["type"] == "invalid_request_error"
    image = [{"role": "user", "content": [{"type": "image", "source": {}}]}]
    assert served.post("/v1/messages", MESSAGES | {"messages": image})[0] == 400
    assert served.post("/v1/messages", MESSAGES | {"model": "other"})[2]["error"]["type"] == "not_found_error"


INPUT = {"input": "Rain?", "max_output_tokens": 60, "temperature": 0}
FUNCTIONS = {"tools": [{"type": "function", "name": "weather", "parameters": SCHEMA}], "parallel_tool_calls": False}


@pytest.mark.parametrize("more", [{}, {"max_output_tokens": 3}, FUNCTIONS | {"tool_choice": "required"}], ids=str)
def test_a_responses_stream_says_what_the_whole_says(served, more):
    status, _, whole = served.post("/v1/responses", INPUT | more)
    assert status == 200 and whole["object"] == "response"
    events = events_of(served.post("/v1/responses", INPUT | more | {"stream": True})[2])
    assert [event["sequence_number"] for event in events] == list(range(len(events)))
    final = events[-1]["response"]
    assert events[-1]["type"] == f"response.{whole['status']}" and final["status"] == whole["status"]
    assert (whole["incomplete_details"] == {"reason": "max_output_tokens"}) == (whole["status"] == "incomplete")
    assert final["usage"]["total_tokens"] == whole["usage"]["total_tokens"]
    for streamed, item in zip(final["output"], whole["output"], strict=True):
        assert streamed["type"] == item["type"]
        if item["type"] == "message":
            assert streamed["content"] == item["content"]
            pieces = [one["delta"] for one in events if one["type"] == "response.output_text.delta"]
            assert "".join(pieces) == item["content"][0]["text"]
        else:
            assert streamed["arguments"] == item["arguments"]
            validate(json.loads(item["arguments"]), SCHEMA)
    if "tool_choice" in more:
        assert [item["type"] for item in whole["output"]] == ["function_call"]


@pytest.mark.parametrize("items", [[[None, None]], ["text"], [None], [{"type": "wizardry"}], [{"content": 3}]], ids=str)
def test_items_that_are_none_are_a_400(served, items):
    status, _, answer = served.post("/v1/responses", {"input": items})
    assert status == 400 and answer["error"]["param"] in ("input", "messages")


@pytest.mark.parametrize("tool", [3, {"type": "web_search"}, {"type": {}, "name": "f"}, {"name": "f"}], ids=str)
def test_tools_of_other_types_are_a_400(served, tool):
    status, _, answer = served.post("/v1/responses", INPUT | {"tools": [tool]})
    assert status == 400 and answer["error"]["param"] == "tools"


@pytest.mark.parametrize("wrong", [False, 0, "", [], "object"])
def test_parameters_of_tools_that_are_no_schema_are_a_400(served, wrong):
    function = {"type": "function", "function": {"name": "f", "parameters": wrong}}
    chat = {"messages": MESSAGES["messages"], "tools": [function]}
    anthropic = MESSAGES | {"tools": [{"name": "f", "input_schema": wrong}]}
    responses = INPUT | {"tools": [{"type": "function", "name": "f", "parameters": wrong}]}
    for path, body in (("/v1/chat/completions", chat), ("/v1/messages", anthropic), ("/v1/responses", responses)):
        assert served.post(path, body)[0] == 400, path


def test_items_of_a_conversation_are_read(served):
    items = [
        {"role": "user", "content": [{"type": "input_text", "text": "Rain?"}]},
        {"type": "function_call", "call_id": "c1", "name": "weather", "arguments": '{"days": 1}'},
        {"type": "function_call_output", "call_id": "c1", "output": "dry"},
        {"type": "reasoning", "summary": []},
        {"type": "message", "role": "assistant", "content": [{"type": "output_text", "text": "It is dry."}]},
        {"role": "user", "content": "Thanks"},
    ]
    status, _, answer = served.post("/v1/responses", INPUT | FUNCTIONS | {"input": items, "instructions": "Be brief."})
    assert status == 200 and answer["instructions"] == "Be brief."
    wanted = {"text": {"format": {"type": "json_schema", "name": "x", "schema": SCHEMA}}}
    text = served.post("/v1/responses", INPUT | wanted)[2]["output"][0]["content"][0]["text"]
    validate(json.loads(text), SCHEMA)
    for wrong in ({"input": []}, {"previous_response_id": "resp_1"}, {"input": [{"type": "image"}]}):
        assert served.post("/v1/responses", INPUT | wrong)[0] == 400


OPTIONS = {"options": {"temperature": 0, "num_predict": 60}}
CHAT = {"model": "codeling:latest", "messages": [{"role": "user", "content": "Rain?"}]} | OPTIONS


@pytest.mark.parametrize("more", [{}, {"format": "json"}, {"format": SCHEMA}], ids=str)
def test_ollamas_chat_whole_and_streamed(served, more):
    whole = served.post("/api/chat", CHAT | more | {"stream": False})[2]
    status, headers, text = served.post("/api/chat", CHAT | more)
    assert status == 200 and headers["content-type"] == "application/x-ndjson"
    pieces = lines_of(text)
    assert [piece["done"] for piece in pieces] == [False] * (len(pieces) - 1) + [True]
    assert "".join(piece["message"]["content"] for piece in pieces) == whole["message"]["content"]
    assert pieces[-1]["done_reason"] == whole["done_reason"] and pieces[-1]["eval_count"] == whole["eval_count"]
    if more.get("format") == SCHEMA:
        validate(json.loads(whole["message"]["content"]), SCHEMA)


def test_ollamas_other_endpoints(served):
    (model,) = served.get("/api/tags")[2]["models"]
    shown = served.post("/api/show", {"model": model["name"]})[2]
    assert shown["capabilities"] == ["completion", "insert", "tools"]
    assert shown["model_info"]["codeling.context_length"] == 512
    assert served.get("/api/version")[2]["version"]
    status, _, answer = served.post("/api/show", {"model": "other"})
    assert status == 404 and isinstance(answer["error"], str)
    middle = served.post("/api/generate", {"prompt": "a = ", "suffix": "\n", "stream": False} | OPTIONS)[2]
    raw = served.post("/api/generate", {"prompt": "a = ", "raw": True, "stream": False} | OPTIONS)[2]
    chat = served.post("/api/generate", {"prompt": "a = ", "system": "x", "stream": False} | OPTIONS)[2]
    assert len({one["prompt_eval_count"] for one in (middle, raw, chat)}) == 3
    streamed = lines_of(served.post("/api/generate", {"prompt": "a = ", "raw": True} | OPTIONS)[2])
    assert "".join(one["response"] for one in streamed) == raw["response"]


def test_ollamas_tools(served):
    tools = [{"type": "function", "function": {"name": "weather", "parameters": SCHEMA}}]
    messages = [
        {"role": "user", "content": "Rain?"},
        {
            "role": "assistant",
            "content": "",
            "tool_calls": [{"function": {"name": "weather", "arguments": {"days": 1}}}],
        },
        {"role": "tool", "content": "dry", "tool_name": "weather"},
    ]
    status, _, answer = served.post("/api/chat", CHAT | {"messages": messages, "tools": tools, "stream": False})
    assert status == 200 and answer["done"]
