"""A server whose model says what a test tells it to: the shapes of `codeling serve`, none of its substance.

What a person sees must be the same for any text, so the text has to be chosen; a real model cannot be asked for it.
"""

from __future__ import annotations

import contextlib
import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import codeling

PAGE = Path(codeling.__file__).parent / "serve" / "page"
TYPES = {".html": "text/html; charset=utf-8", ".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; form-action 'none'"
)


@dataclass
class Reply:
    """What the model says next.

    ``pieces`` are tokens, ``calls`` are (name, arguments as text). ``hold_after`` pieces it waits for ``released``.
    A ``status`` other than 200 refuses with ``error``.
    """

    pieces: list[str] = field(default_factory=list)
    calls: list[tuple[str, str]] = field(default_factory=list)
    finish: str = "stop"
    status: int = 200
    error: dict[str, Any] = field(default_factory=dict)
    headers: dict[str, str] = field(default_factory=dict)
    hold_after: int | None = None
    breaks_off: bool = False


class FakeModelServer:
    """``replies`` are given in order; ``requests`` are the bodies that were read, with their path."""

    def __init__(self) -> None:
        self.replies: list[Reply] = []
        self.requests: list[tuple[str, dict[str, Any]]] = []
        self.released = threading.Event()
        self.client_left = threading.Event()
        self.key = ""
        self.name = "tiny"
        self.num_refusals = 0
        """So many requests for the model are answered with 503: it is being loaded."""
        self.meta: dict[str, Any] = {
            "n_ctx": 512, "n_ctx_train": 512, "n_params": 6_512_640, "n_vocab": 8192, "stage": "tools", "chat": True,
        }  # fmt: skip
        self._http = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self.url = f"http://127.0.0.1:{self._http.server_port}/"

    def say(self, *pieces: str, **more: Any) -> None:
        self.replies.append(Reply(list(pieces), **more))

    @property
    def last_request(self) -> dict[str, Any]:
        return self.requests[-1][1]

    @contextlib.contextmanager
    def running(self) -> Iterator[FakeModelServer]:
        thread = threading.Thread(target=self._http.serve_forever, args=(0.05,), daemon=True)
        thread.start()
        try:
            yield self
        finally:
            self.released.set()
            self._http.shutdown()
            thread.join()
            self._http.server_close()

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        server = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def log_message(self, format: str, *args: Any) -> None:
                pass

            def do_GET(self) -> None:
                path = self.path.partition("?")[0]
                if path == "/" or path.startswith("/page/"):
                    name = path.removeprefix("/page/") if path != "/" else "index.html"
                    self._send(200, (PAGE / name).read_bytes(), TYPES[Path(name).suffix])
                elif not self._has_key():
                    self._json(401, {"error": {"message": "the API key is wrong", "code": "invalid_api_key"}})
                elif path == "/v1/models" and server.num_refusals:
                    server.num_refusals -= 1
                    self._json(503, {"error": {"message": "the model is being loaded", "code": "loading"}})
                elif path == "/v1/models":
                    self._json(200, {"object": "list", "data": [{"id": server.name, "meta": server.meta}]})
                else:
                    self._json(200, {"total_slots": 4})

            def do_POST(self) -> None:
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                if not self._has_key():
                    self._json(401, {"error": {"message": "the API key is wrong", "code": "invalid_api_key"}})
                    return
                server.requests.append((self.path, body))
                reply = server.replies.pop(0)
                if reply.status != 200:
                    self._json(reply.status, {"error": reply.error}, reply.headers)
                    return
                events = _chat(reply, body) if self.path == "/v1/chat/completions" else _completion(reply, body)
                self.send_response(200)
                self.send_header("Content-Type", "text/event-stream")
                self.send_header("Connection", "close")
                self.end_headers()
                try:
                    for number, event in enumerate(events):
                        if number == reply.hold_after:
                            self._hold()
                        self.wfile.write(f"data: {json.dumps(event)}\n\n".encode())
                    if not reply.breaks_off:
                        self.wfile.write(b"data: [DONE]\n\n")
                except OSError:
                    server.client_left.set()
                self.close_connection = True

            def _hold(self) -> None:
                """Until the test lets go, or the client has left: then writing fails."""
                while not server.released.wait(0.02):
                    self.wfile.write(b": still here\n\n")

            def _has_key(self) -> bool:
                return not server.key or self.headers.get("Authorization") == f"Bearer {server.key}"

            def _json(self, status: int, value: Any, headers: dict[str, str] | None = None) -> None:
                self._send(status, json.dumps(value).encode(), "application/json", headers)

            def _send(self, status: int, body: bytes, kind: str, headers: dict[str, str] | None = None) -> None:
                self.send_response(status)
                for name, value in {
                    "Content-Type": kind,
                    "Content-Length": str(len(body)),
                    "Content-Security-Policy": POLICY,
                    **(headers or {}),
                }.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(body)

        return Handler


def _chat(reply: Reply, body: dict[str, Any]) -> Iterator[dict[str, Any]]:
    def chunk(delta: dict[str, Any], finish: str | None = None, logprobs: Any = None) -> dict[str, Any]:
        return {"choices": [{"index": 0, "delta": delta, "finish_reason": finish, "logprobs": logprobs}], "usage": None}

    yield chunk({"role": "assistant", "content": ""})
    for number, piece in enumerate(reply.pieces):
        yield chunk({"content": piece}, logprobs=_chat_logprobs(number, piece) if body.get("logprobs") else None)
    for index, (name, arguments) in enumerate(reply.calls):
        function = {"name": name, "arguments": ""}
        yield chunk({"tool_calls": [{"index": index, "id": f"call_{index}", "type": "function", "function": function}]})
        for letter in arguments:
            yield chunk({"tool_calls": [{"index": index, "function": {"arguments": letter}}]})
    yield chunk({}, "tool_calls" if reply.calls else reply.finish)
    yield {"choices": [], "usage": _usage(reply)}


def _completion(reply: Reply, body: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for number, piece in enumerate(reply.pieces):
        top = dict(reversed(_alternatives(number, piece)))
        logprobs = {"tokens": [piece], "token_logprobs": [top[piece]], "top_logprobs": [top], "text_offset": [0]}
        yield {
            "choices": [{"text": piece, "finish_reason": None, "logprobs": logprobs if "logprobs" in body else None}]
        }
    yield {"choices": [{"text": "", "finish_reason": reply.finish, "logprobs": None}]}
    yield {"choices": [], "usage": _usage(reply)}


def _usage(reply: Reply) -> dict[str, int]:
    return {"prompt_tokens": 20, "completion_tokens": len(reply.pieces), "total_tokens": 20 + len(reply.pieces)}


def _alternatives(number: int, piece: str) -> list[tuple[str, float]]:
    """Log-probabilities in natural units: the pieces are 95, 70, 40, 15, 5 and 0.5 % likely, in turn."""
    chosen = (-0.0513, -0.3567, -0.9163, -1.8971, -2.9957, -5.2983)[number % 6]
    return [(piece, chosen), (" other", -3.5), ("\n", -4.6)]


def _chat_logprobs(number: int, piece: str) -> dict[str, Any]:
    def entry(text: str, logprob: float) -> dict[str, Any]:
        return {"token": text, "logprob": logprob, "bytes": list(text.encode())}

    top = [entry(text, logprob) for text, logprob in _alternatives(number, piece)]
    return {"content": [{**top[0], "top_logprobs": sorted(top, key=lambda one: -one["logprob"])}], "refusal": None}
