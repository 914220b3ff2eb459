"""LiteLLM against the server, through three of the APIs that it speaks: python litellm_client.py URL."""

import json
import sys

import litellm

url = sys.argv[1]
QUESTION = [{"role": "user", "content": "What is the weather in Rome?"}]
TOOL = {
    "type": "function",
    "function": {
        "name": "get_weather",
        "parameters": {"type": "object", "properties": {"days": {"enum": [1, 2]}}, "required": ["days"]},
    },
}
PROVIDERS = {
    "openai/codeling": f"{url}/v1",
    "anthropic/codeling": url,
    "ollama_chat/codeling": url,
}

for model, base in PROVIDERS.items():
    common = {"model": model, "api_base": base, "api_key": "none", "messages": QUESTION, "temperature": 0}
    whole = litellm.completion(max_tokens=20, **common)
    pieces = list(litellm.completion(max_tokens=20, stream=True, **common))
    text = "".join(piece.choices[0].delta.content or "" for piece in pieces if piece.choices)
    assert text == whole.choices[0].message.content, model
    print(f"{model}: chat and stream: pass")

common = {"api_base": f"{url}/v1", "api_key": "none", "messages": QUESTION}
called = litellm.completion(
    model="openai/codeling", tools=[TOOL], tool_choice="required", parallel_tool_calls=False, max_tokens=80, **common
)
(call,) = called.choices[0].message.tool_calls
assert json.loads(call.function.arguments)["days"] in (1, 2)
print("openai/codeling: tools: pass")

text = litellm.text_completion(
    model="text-completion-openai/codeling",
    prompt="x = ",
    suffix="\n",
    max_tokens=6,
    api_base=f"{url}/v1",
    api_key="none",
)
assert text.usage.completion_tokens <= 6
print("text_completion: pass")

try:
    litellm.completion(model="openai/codeling", api_base=f"{url}/v1", api_key="none", messages=QUESTION, temperature=9)
except litellm.BadRequestError:
    print("errors: pass")
else:
    raise SystemExit("errors: a bad request was accepted")
