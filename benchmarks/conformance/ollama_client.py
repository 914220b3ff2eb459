"""Ollama's Python client against the server: python ollama_client.py URL."""

import sys

import ollama

client = ollama.Client(host=sys.argv[1])
QUESTION = [{"role": "user", "content": "What is the weather in Rome?"}]
OPTIONS = {"temperature": 0, "num_predict": 24}


def get_weather(city: str) -> str:
    """The weather of a city.

    Args:
        city: The city
    """
    return f"sunny in {city}"


(model,) = client.list().models
assert client.show(model.model).capabilities
print("list, show: pass")

whole = client.chat(model=model.model, messages=QUESTION, options=OPTIONS)
pieces = list(client.chat(model=model.model, messages=QUESTION, options=OPTIONS, stream=True))
assert "".join(piece.message.content for piece in pieces) == whole.message.content and pieces[-1].done
print("chat: pass")

assert client.chat(model=model.model, messages=QUESTION, options=OPTIONS, tools=[get_weather]).done
print("tools: pass")

made = client.generate(model=model.model, prompt="def add(a, b):\n    ", suffix="\n", options=OPTIONS)
assert made.done and made.eval_count <= 24
streamed = client.generate(model=model.model, prompt="def add(a, b):\n    ", suffix="\n", options=OPTIONS, stream=True)
assert "".join(piece.response for piece in streamed) == made.response
print("generate: pass")

schema = {"type": "object", "properties": {"sure": {"type": "boolean"}}, "required": ["sure"]}
import json  # noqa: E402

assert isinstance(
    json.loads(client.chat(model=model.model, messages=QUESTION, format=schema).message.content)["sure"], bool
)
print("format: pass")

try:
    client.chat(model="no-such-model", messages=QUESTION)
except ollama.ResponseError as error:
    assert error.status_code == 404
    print("errors: pass")
else:
    raise SystemExit("errors: an unknown model was accepted")
