"""/v1/chat/completions over HTTP: shapes, tools, formats, and streams that say the same as whole answers."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import validate

PATH = "/v1/chat/completions"
USER = [{"role": "user", "content": "What is the weather in Rome? 😀"}]
WEATHER = {
    "type": "function",
    "function": {
        "name": "get_weather",
        "description": "The weather of a city",
        "parameters": {
            "type": "object",
            "properties": {"city": {"enum": ["Rome", "Oslo"]}, "days": {"type": "integer", "minimum": 1, "maximum": 9}},
            "required": ["city", "days"],
        },
    },
}
NOW = {"type": "function", "function": {"name": "now"}}


def whole(served, **body) -> dict:
    status, _, answer = served.post(PATH, {"messages": USER, "max_tokens": 24} | body)
    assert status == 200, answer
    return answer


def counts(answer: dict) -> dict:
    """Its usage but for the cache, in which a second request finds more."""
    return {name: value for name, value in answer["usage"].items() if name != "prompt_tokens_details"}


def joined(events: list[dict]) -> list[dict]:
    """The choices that a client puts together from a stream, in the shape of a whole answer."""
    choices: dict[int, dict] = {}
    for event in events:
        for piece in event["choices"]:
            choice = choices.setdefault(piece["index"], {"content": "", "calls": [], "reasons": [], "logprobs": []})
            delta = piece["delta"]
            assert choice["reasons"] == [], "nothing comes after the finish reason"
            choice["content"] += delta.get("content") or ""
            choice["logprobs"] += (piece["logprobs"] or {"content": []})["content"]
            for call in delta.get("tool_calls", ()):
                if call["index"] == len(choice["calls"]):
                    assert call["id"].startswith("call_") and call["type"] == "function"
                    choice["calls"].append({"name": call["function"]["name"], "arguments": ""})
                else:
                    assert "id" not in call and "name" not in call["function"]
                choice["calls"][call["index"]]["arguments"] += call["function"]["arguments"]
            if piece["finish_reason"] is not None:
                choice["reasons"].append(piece["finish_reason"])
    return [choices[index] for index in sorted(choices)]


def test_the_shape_of_a_whole_answer(served):
    answer = whole(served, n=2)
    assert answer["object"] == "chat.completion" and answer["id"].startswith("chatcmpl-")
    assert answer["model"] == "tool_model_best"
    assert [choice["index"] for choice in answer["choices"]] == [0, 1]
    for choice in answer["choices"]:
        assert choice["logprobs"] is None
        assert choice["message"].keys() == {"role", "content", "refusal", "annotations"}
        assert choice["message"]["role"] == "assistant" and choice["message"]["refusal"] is None
    usage = answer["usage"]
    assert usage["total_tokens"] == usage["prompt_tokens"] + usage["completion_tokens"]
    assert usage["prompt_tokens_details"].keys() == {"cached_tokens"}


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"n": 3},
        {"temperature": 0},
        {"stop": ["e", "ar"]},
        {"stop": "zzzz-never"},
        {"tools": [WEATHER, NOW]},
        {"tools": [WEATHER, NOW], "tool_choice": "required", "max_tokens": 200},
        {"tools": [WEATHER], "tool_choice": "required", "parallel_tool_calls": False, "max_tokens": 200},
        {"tools": [WEATHER], "tool_choice": "required", "max_tokens": 9},
        {"tools": [WEATHER], "tool_choice": "none"},
        {"response_format": {"type": "json_object"}},
    ],
    ids=str,
)
def test_a_stream_says_what_the_whole_answer_says(served, body):
    body = {"seed": 11, "temperature": 1.3} | body
    answer = whole(served, **body)
    events = served.events(PATH, {"messages": USER, "max_tokens": 24, "stream_options": {"include_usage": True}} | body)
    assert len({event["id"] for event in events}) == 1
    assert all(event["object"] == "chat.completion.chunk" for event in events)
    assert events[0]["choices"][0]["delta"]["role"] == "assistant"
    assert events[-1]["choices"] == [] and counts(events[-1]) == counts(answer)
    assert all(event["usage"] is None for event in events[:-1])
    streamed = joined(events)
    assert len(streamed) == len(answer["choices"]) == body.get("n", 1)
    for choice, stream in zip(answer["choices"], streamed, strict=True):
        message = choice["message"]
        assert stream["content"] == (message["content"] or "")
        assert stream["calls"] == [call["function"] for call in message.get("tool_calls", ())]
        assert stream["reasons"] == [choice["finish_reason"]]


def test_a_required_call_fits_its_schema(served):
    for seed in range(5):
        answer = whole(
            served, tools=[WEATHER, NOW], tool_choice="required", max_tokens=300, seed=seed, temperature=2,
            parallel_tool_calls=False,
        )  # fmt: skip
        (choice,) = answer["choices"]
        assert choice["finish_reason"] == "tool_calls" and choice["message"]["content"] is None
        (call,) = choice["message"]["tool_calls"]
        arguments = json.loads(call["function"]["arguments"])
        if call["function"]["name"] == "get_weather":
            validate(arguments, WEATHER["function"]["parameters"])
        else:
            assert call["function"]["name"] == "now" and arguments == {}


def test_a_named_tool_is_the_one_that_is_called(served):
    chosen = {"type": "function", "function": {"name": "now"}}
    for seed in range(4):
        answer = whole(served, tools=[WEATHER, NOW], tool_choice=chosen, max_tokens=200, seed=seed,
                       parallel_tool_calls=False, temperature=2)  # fmt: skip
        assert [call["function"]["name"] for call in answer["choices"][0]["message"]["tool_calls"]] == ["now"]


def test_a_json_schema_is_enforced(served):
    schema = {
        "type": "object",
        "properties": {"answer": {"enum": ["yes", "no"]}, "sure": {"type": "boolean"}},
        "required": ["answer", "sure"],
        "additionalProperties": False,
    }
    wanted = {"type": "json_schema", "json_schema": {"name": "reply", "strict": True, "schema": schema}}
    for seed in range(4):
        answer = whole(served, response_format=wanted, max_tokens=100, seed=seed, temperature=2)
        assert answer["choices"][0]["finish_reason"] == "stop"
        validate(json.loads(answer["choices"][0]["message"]["content"]), schema)


def test_tools_and_a_json_schema_give_calls_or_json(served):
    schema = {"type": "object", "properties": {"sure": {"type": "boolean"}}, "required": ["sure"]}
    body = {
        "tools": [NOW], "parallel_tool_calls": False, "max_tokens": 100, "temperature": 2,
        "response_format": {"type": "json_schema", "json_schema": {"name": "reply", "schema": schema}},
    }  # fmt: skip
    start = served.backend.model.tokenizer.token_id("<tool_call>")
    for bias, calls in ((100, True), (-100, False)):
        for seed in range(3):
            answer = whole(served, seed=seed, logit_bias={str(start): bias}, **body)["choices"][0]
            if calls:
                assert [call["function"]["name"] for call in answer["message"]["tool_calls"]] == ["now"]
                assert answer["finish_reason"] == "tool_calls" and answer["message"]["content"] is None
            else:
                validate(json.loads(answer["message"]["content"]), schema)
                assert answer["finish_reason"] == "stop" and "tool_calls" not in answer["message"]
    required = whole(served, tool_choice="required", seed=1, **body)["choices"][0]
    assert required["finish_reason"] == "tool_calls"


def test_logprobs_are_those_of_the_answer(served):
    body = {"logprobs": True, "top_logprobs": 2, "seed": 4, "temperature": 1.0}
    answer = whole(served, **body)
    content = answer["choices"][0]["logprobs"]["content"]
    assert len(content) == answer["usage"]["completion_tokens"]
    text = b"".join(bytes(entry["bytes"]) for entry in content).decode("utf-8", "replace")
    assert text == answer["choices"][0]["message"]["content"]
    assert all(len(entry["top_logprobs"]) == 2 and entry["logprob"] <= 0 for entry in content)
    streamed = joined(served.events(PATH, {"messages": USER, "max_tokens": 24} | body))
    assert streamed[0]["logprobs"] == content


def test_the_seed_decides(served):
    def text(seed):
        return whole(served, seed=seed, temperature=1.5)["choices"][0]["message"]["content"]

    assert text(1) == text(1)
    assert len({text(seed) for seed in range(5)}) > 1


def test_stop_strings_never_come_out(served):
    body = {"seed": 3, "temperature": 1.0, "max_tokens": 60}
    text = whole(served, **body)["choices"][0]["message"]["content"]
    stop = text[10:12]
    choice = whole(served, stop=[stop], **body)["choices"][0]
    assert choice["message"]["content"] == text[: text.index(stop)] and choice["finish_reason"] == "stop"


def test_an_answer_goes_on_from_its_beginning(served):
    begun = [*USER, {"role": "assistant", "content": "It is"}]
    without = whole(served)["usage"]["prompt_tokens"]
    status, _, answer = served.post(PATH, {"messages": begun, "max_tokens": 4})
    tokenizer = served.backend.model.tokenizer
    assert status == 200
    assert answer["usage"]["prompt_tokens"] == without + len(tokenizer.encode("It is"))


def test_results_of_tools_and_every_role_are_read(served):
    call = {"id": "call_1", "type": "function", "function": {"name": "now", "arguments": "{}"}}
    messages = [
        {"role": "developer", "content": [{"type": "text", "text": "Be"}, {"type": "text", "text": " brief."}]},
        {"role": "user", "content": "When?"},
        {"role": "assistant", "content": None, "tool_calls": [call]},
        {"role": "tool", "tool_call_id": "call_1", "content": "12:00"},
    ]
    assert served.post(PATH, {"messages": messages, "tools": [NOW], "max_tokens": 4})[0] == 200


@pytest.mark.parametrize(
    ("body", "param"),
    [
        ({"messages": []}, "messages"),
        ({"messages": "hello"}, "messages"),
        ({"messages": [{"role": "wizard", "content": ""}]}, "messages"),
        ({"messages": [{"role": "user", "content": [{"type": "image_url"}]}]}, "messages"),
        ({"messages": [{"role": "user", "content": "word " * 2000}]}, "messages"),
        ({"n": 1_000_000}, "n"),
        ({"n": 0}, "n"),
        ({"n": True}, "n"),
        ({"temperature": 3}, "temperature"),
        ({"temperature": "hot"}, "temperature"),
        ({"max_tokens": 0}, "max_tokens"),
        ({"top_logprobs": 21}, "top_logprobs"),
        ({"stop": ["x"] * 17}, "stop"),
        ({"stop": [1]}, "stop"),
        ({"logit_bias": {"x": 1}}, "logit_bias"),
        ({"tools": [{"type": "function", "function": {"name": "two words"}}]}, "tools"),
        ({"tools": [NOW, NOW]}, "tools"),
        ({"tool_choice": "required"}, "tool_choice"),
        ({"tools": [NOW], "tool_choice": "sometimes"}, "tool_choice"),
        ({"tools": [NOW], "tool_choice": {"type": "function", "function": {"name": "then"}}}, "tool_choice"),
        ({"response_format": {"type": "yaml"}}, "type"),
        ({"response_format": {"type": "json_schema"}}, "response_format"),
        (
            {"response_format": {"type": "json_schema", "json_schema": {"schema": {"type": "wrong"}}}},
            "response_format",
        ),
    ],
    ids=lambda value: str(value)[:60],
)
def test_what_cannot_be_meant_is_a_400_that_names_the_parameter(served, body, param):
    status, _, answer = served.post(PATH, {"messages": USER} | body)
    assert status == 400, answer
    assert answer.keys() == {"error"}
    error = answer["error"]
    assert error.keys() == {"message", "type", "param", "code"}
    assert error["type"] == "invalid_request_error" and error["param"] == param and error["message"]


def test_a_prompt_beyond_the_context_says_so(served):
    _, _, answer = served.post(PATH, {"messages": [{"role": "user", "content": "word " * 2000}]})
    assert answer["error"]["code"] == "context_length_exceeded" and "512" in answer["error"]["message"]


def test_null_and_unknown_fields_mean_nothing(served):
    names = ("temperature", "top_p", "n", "stop", "stream", "tools", "tool_choice", "response_format", "logit_bias",
             "logprobs", "seed", "max_completion_tokens", "stream_options", "user")  # fmt: skip
    assert whole(served, **dict.fromkeys(names), invented={"a": 1})["choices"]


def test_an_unknown_model_is_a_404(served):
    status, _, answer = served.post(PATH, {"messages": USER, "model": "gpt-17"})
    assert status == 404 and answer["error"]["code"] == "model_not_found" and answer["error"]["param"] == "model"
    assert whole(served, model="codeling")["model"] == "tool_model_best"


@given(
    st.dictionaries(
        st.sampled_from(["messages", "n", "stop", "tools", "seed", "top_p", "stream_options", "response_format"]),
        st.recursive(
            st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5),
            lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
            max_leaves=5,
        ),
    )
)
def test_whatever_json_comes_there_is_an_answer_or_a_400(served, body):
    status, _, answer = served.post(PATH, {"messages": USER} | body | {"max_tokens": 1, "stream": False})
    assert status in (200, 400), answer
