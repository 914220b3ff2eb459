"""OpenAI's own client, as people use it."""

import json

import openai
import pytest
from openai import OpenAI

WEATHER = {
    "type": "function",
    "function": {
        "name": "get_weather",
        "parameters": {"type": "object", "properties": {"days": {"enum": [1, 2]}}, "required": ["days"]},
    },
}
USER = [{"role": "user", "content": "Will it rain?"}]


@pytest.fixture(scope="module")
def client(served):
    with OpenAI(base_url=f"{served.url}/v1", api_key="none", max_retries=0) as one:
        yield one


def test_models(client):
    (model,) = client.models.list()
    assert client.models.retrieve(model.id).id == model.id
    with pytest.raises(openai.NotFoundError):
        client.models.retrieve("other")


def test_chat_whole_and_streamed(client):
    body = {"model": "codeling", "messages": USER, "max_completion_tokens": 12, "seed": 1}
    answer = client.chat.completions.create(**body)
    pieces = [piece.choices[0] for piece in client.chat.completions.create(stream=True, **body)]
    assert "".join(piece.delta.content or "" for piece in pieces) == answer.choices[0].message.content
    assert pieces[-1].finish_reason == answer.choices[0].finish_reason


@pytest.mark.parametrize("choice", ["required", "auto", {"type": "function", "function": {"name": "get_weather"}}])
def test_tools(client, choice):
    answer = client.chat.completions.create(
        model="codeling", messages=USER, tools=[WEATHER], tool_choice=choice, parallel_tool_calls=False, max_tokens=60,
        seed=2,
    )  # fmt: skip
    message = answer.choices[0].message
    if choice != "auto":
        (call,) = message.tool_calls
        assert call.function.name == "get_weather" and json.loads(call.function.arguments)["days"] in (1, 2)
        follow_up = [*USER, message, {"role": "tool", "tool_call_id": call.id, "content": "dry"}]
        assert client.chat.completions.create(model="codeling", messages=follow_up, tools=[WEATHER], max_tokens=4)


def test_parsed_formats(client):
    from typing import Literal

    from pydantic import BaseModel

    class Verdict(BaseModel):
        rain: bool
        how_much: Literal["little", "much"]

    parsed = client.chat.completions.parse(
        model="codeling", messages=USER, response_format=Verdict, max_tokens=60, temperature=2
    )
    assert isinstance(parsed.choices[0].message.parsed, Verdict)


def test_completions_with_suffix_and_logprobs(client):
    body = {"model": "codeling", "prompt": "x = ", "suffix": "\n", "max_tokens": 6, "logprobs": 2, "seed": 3}
    answer = client.completions.create(**body)
    pieces = list(client.completions.create(stream=True, **body))
    assert "".join(piece.choices[0].text for piece in pieces) == answer.choices[0].text
    told = [logprob for piece in pieces for logprob in piece.choices[0].logprobs.token_logprobs]
    assert told == answer.choices[0].logprobs.token_logprobs


def test_errors_have_their_classes(client):
    with pytest.raises(openai.BadRequestError) as caught:
        client.chat.completions.create(model="codeling", messages=USER, temperature=9)
    assert caught.value.param == "temperature" and caught.value.type == "invalid_request_error"
    with pytest.raises(openai.NotFoundError):
        client.chat.completions.create(model="gpt-17", messages=USER)
