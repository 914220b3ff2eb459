"""Does the model answer when it is served? `codeling serve` in a process of its own, asked over HTTP as clients ask.

    checkpoint --> codeling serve --port 0 --> questions, each with what must be true of the answer --> ServingResult

What is checked is the service, not the model: that answers have their shape, that streams say what whole answers say,
that what is enforced holds. A model that writes nonsense passes.
"""

from __future__ import annotations

import contextlib
import json
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from codeling.errors import Failure
from codeling.evals.report import Sample
from codeling.stages.serving_config import ServingCheckConfig

_ANSWER_SECONDS = 300
_PROMPT, _SUFFIX = "# Count the lines of app.log\n", "\n"
_MESSAGES = [{"role": "user", "content": "What is the weather in Rome?"}]
# Nothing in it can be long, so that a model of any quality comes to its end.
_SCHEMA = {
    "type": "object",
    "properties": {"city": {"enum": ["Rome", "Paris"]}, "days": {"enum": [1, 2]}},
    "required": ["city", "days"],
    "additionalProperties": False,
}
_TOOL = {"type": "function", "function": {"name": "get_weather", "parameters": _SCHEMA}}


@dataclass
class ServingResult:
    """``checks``: what was asked for, and whether it was so; ``measures``: numbers for the report."""

    checks: dict[str, bool] = field(default_factory=dict)
    measures: dict[str, float] = field(default_factory=dict)
    samples: list[Sample] = field(default_factory=list)


def check_serving(checkpoint: Path, config: ServingCheckConfig) -> ServingResult:
    """Start, ask, end; a Failure when the server does not start or breaks down."""
    result = ServingResult()
    with _running(checkpoint, config) as url:
        client = _Client(url, config.max_tokens)
        _check_text(client, result)
        _check_chat(client, result)
        _check_many(client, result, config.clients)
        status, answer = client.ask("/v1/completions", {"prompt": "word " * 50_000})
        result.checks["too long a prompt is refused"] = status == 400 and "message" in answer["error"]
    return result


def _check_text(client: _Client, result: ServingResult) -> None:
    began = time.monotonic()
    _, whole = client.ask("/v1/completions", {"prompt": _PROMPT, "logprobs": 1})
    seconds = time.monotonic() - began
    (choice,) = whole["choices"]
    told = choice["logprobs"]
    result.checks["text goes on"] = choice["finish_reason"] in ("stop", "length")
    result.checks["probabilities of its tokens"] = "".join(told["tokens"]) == choice["text"]
    result.measures["tokens_per_second"] = whole["usage"]["completion_tokens"] / seconds
    result.samples.append(Sample(_PROMPT, choice["text"]))
    status, filled = client.ask("/v1/completions", {"prompt": _PROMPT, "suffix": _SUFFIX})
    result.checks["a gap is filled"] = status == 200
    result.samples.append(Sample(_PROMPT, filled["choices"][0]["text"], suffix=_SUFFIX))


def _check_chat(client: _Client, result: ServingResult) -> None:
    body: dict[str, Any] = {"messages": _MESSAGES}
    _, whole = client.ask("/v1/chat/completions", body)
    said = whole["choices"][0]["message"]["content"]
    began = time.monotonic()
    pieces, first = [], 0.0
    for event in client.stream("/v1/chat/completions", body):
        pieces += [choice["delta"].get("content") or "" for choice in event["choices"]]
        first = first or (time.monotonic() - began if pieces[-1] else 0.0)
    result.checks["a stream says what the whole answer says"] = "".join(pieces) == said
    result.measures["first_token_ms"] = first * 1000
    result.samples.append(Sample(_MESSAGES[0]["content"], said))
    _, called = client.ask("/v1/chat/completions", body | {"tools": [_TOOL], "tool_choice": "required", "n": 2})
    calls = [choice["message"]["tool_calls"][0]["function"] for choice in called["choices"]]
    result.checks["a required call fits its tool"] = all(
        call["name"] == "get_weather" and _fits(call["arguments"]) for call in calls
    )
    status, _ = client.ask("/v1/chat/completions", body | {"tools": [_TOOL]})
    result.checks["tools may be called"] = status == 200
    schema = {"type": "json_schema", "json_schema": {"name": "trip", "schema": _SCHEMA}}
    _, shaped = client.ask("/v1/chat/completions", body | {"response_format": schema})
    result.checks["JSON fits its schema"] = _fits(shaped["choices"][0]["message"]["content"])


def _check_many(client: _Client, result: ServingResult, count: int) -> None:
    """As many clients at once: none is lost, and equal requests get equal answers."""
    body = {"prompt": _PROMPT, "temperature": 1, "seed": 7}
    began = time.monotonic()
    with ThreadPoolExecutor(count) as pool:
        answers = list(pool.map(lambda _: client.ask("/v1/completions", body), range(count)))
    seconds = time.monotonic() - began
    made = sum(answer["usage"]["completion_tokens"] for status, answer in answers if status == 200)
    texts = {answer["choices"][0]["text"] for status, answer in answers if status == 200}
    result.checks[f"{count} clients at once get the same answer"] = len(texts) == 1 and {
        status for status, _ in answers
    } == {200}
    result.measures[f"tokens_per_second_{count}_clients"] = made / seconds


def _fits(text: str | None) -> bool:
    """Whether it is JSON that fits the schema."""
    with contextlib.suppress(ValueError, TypeError):
        value = json.loads(text or "")
        return set(value) == {"city", "days"} and value["city"] in ("Rome", "Paris") and value["days"] in (1, 2)
    return False


class _Client:
    """Asks one server on this machine; greedy and at most ``max_tokens`` long unless the body says otherwise."""

    def __init__(self, url: str, max_tokens: int) -> None:
        self._url, self._defaults = url, {"max_tokens": max_tokens, "temperature": 0}
        self._opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))

    def ask(self, path: str, body: dict[str, Any]) -> tuple[int, Any]:
        """The status and the decoded answer."""
        try:
            with self._opener.open(self._request(path, body), timeout=_ANSWER_SECONDS) as answer:
                return answer.status, json.load(answer)
        except urllib.error.HTTPError as error:
            return error.code, json.load(error)
        except OSError as error:
            raise Failure(f"the server does not answer {path}: {error}") from None

    def stream(self, path: str, body: dict[str, Any]) -> Iterator[Any]:
        """The decoded events, as they come."""
        with self._opener.open(self._request(path, body | {"stream": True}), timeout=_ANSWER_SECONDS) as answer:
            for line in answer:
                data = line.decode().removeprefix("data: ").strip()
                if data and data != "[DONE]":
                    yield json.loads(data)

    def _request(self, path: str, body: dict[str, Any]) -> urllib.request.Request:
        data = json.dumps(self._defaults | body).encode()
        return urllib.request.Request(self._url + path, data, {"Content-Type": "application/json"})


@contextlib.contextmanager
def _running(checkpoint: Path, config: ServingCheckConfig) -> Iterator[str]:
    """The URL of a server that lasts as long as the block."""
    command = [sys.executable, "-m", "codeling", "serve", "--checkpoint", str(checkpoint), "--port", "0"]
    command += ["--device", config.device, "--no-access-log"]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True) as server:
        too_slow = threading.Timer(config.start_seconds, server.kill)
        too_slow.start()
        try:
            yield _url_of(server)
        finally:
            too_slow.cancel()
            server.terminate()
            with contextlib.suppress(subprocess.TimeoutExpired):
                server.communicate(timeout=60)
            server.kill()


def _url_of(server: subprocess.Popen[str]) -> str:
    assert server.stderr is not None
    said = ""
    for line in server.stderr:
        if line.startswith("Serving "):
            return line.split(" at ")[1].split(",")[0]
        said = line.strip() or said
    raise Failure(f"the server did not start: {said or 'it gave no reason'}")
