"""Anthropic's Python client against the server: python anthropic_client.py URL."""

import sys

import anthropic

client = anthropic.Anthropic(base_url=sys.argv[1], api_key="none", max_retries=0)
QUESTION = [{"role": "user", "content": "What is the weather in Rome?"}]
TOOL = {
    "name": "get_weather",
    "description": "The weather of a city",
    "input_schema": {
        "type": "object",
        "properties": {"city": {"type": "string", "maxLength": 12}},
        "required": ["city"],
    },
}

answer = client.messages.create(model="codeling", max_tokens=24, messages=QUESTION, extra_body={"temperature": 0})
assert answer.role == "assistant" and answer.usage.output_tokens > 0
print("create: pass")

with client.messages.stream(
    model="codeling", max_tokens=24, messages=QUESTION, extra_body={"temperature": 0}
) as stream:
    text = "".join(stream.text_stream)
    final = stream.get_final_message()
assert text == "".join(block.text for block in final.content if block.type == "text")
assert [block.text for block in answer.content] == [block.text for block in final.content]
assert final.stop_reason == answer.stop_reason
print("stream: pass")

choice = {"type": "tool", "name": "get_weather", "disable_parallel_tool_use": True}
called = client.messages.create(model="codeling", max_tokens=80, messages=QUESTION, tools=[TOOL], tool_choice=choice)
(use,) = [block for block in called.content if block.type == "tool_use"]
assert use.name == "get_weather" and isinstance(use.input["city"], str) and called.stop_reason == "tool_use"
with client.messages.stream(
    model="codeling", max_tokens=80, messages=QUESTION, tools=[TOOL], tool_choice=choice
) as stream:
    assert stream.get_final_message().content[-1].type == "tool_use"
print("tools: pass")

result = {"type": "tool_result", "tool_use_id": use.id, "content": "sunny"}
messages = [*QUESTION, {"role": "assistant", "content": called.content}, {"role": "user", "content": [result]}]
assert client.messages.create(model="codeling", max_tokens=8, messages=messages, tools=[TOOL]).content is not None
print("results of tools: pass")

assert client.messages.count_tokens(model="codeling", messages=QUESTION).input_tokens > 5
print("count_tokens: pass")

try:
    client.messages.create(model="codeling", max_tokens=0, messages=QUESTION)
except anthropic.BadRequestError:
    print("errors: pass")
else:
    raise SystemExit("errors: a bad request was accepted")
