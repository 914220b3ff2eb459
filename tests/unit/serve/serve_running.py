"""A real server on 127.0.0.1, in a thread of its own."""

import contextlib
import dataclasses
import http.client
import json
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import torch
import uvicorn

from codeling.serve.app import Server
from codeling.serve.backend import Backend
from codeling.serve.config import ServeConfig
from codeling.serve.http_server import listen, url_of, uvicorn_config
from codeling.stages.serve import load_backend


@dataclasses.dataclass
class Running:
    """A server that listens; ``backend`` is what is behind it."""

    url: str
    backend: Backend
    server: uvicorn.Server

    @property
    def address(self) -> tuple[str, int]:
        host, _, port = self.url.removeprefix("http://").rpartition(":")
        return host, int(port)

    def request(self, method: str, path: str, body: object = None, headers: dict[str, str] | None = None):
        """(status, headers, decoded body); ``body`` may be bytes to send as they are."""
        connection = http.client.HTTPConnection(*self.address, timeout=250)
        try:
            data = body if isinstance(body, bytes | None) else json.dumps(body).encode()
            connection.request(method, path, data, {"Content-Type": "application/json"} | (headers or {}))
            response = connection.getresponse()
            raw = response.read()
            is_json = (response.headers.get("content-type") or "").startswith("application/json")
            return response.status, response.headers, json.loads(raw) if is_json else raw.decode()
        finally:
            connection.close()

    def get(self, path: str, **more):
        return self.request("GET", path, **more)

    def post(self, path: str, body: object, **more):
        return self.request("POST", path, body, **more)

    def events(self, path: str, body: dict) -> list[dict]:
        """The JSON of a stream's events; its end marker must be there, and is left out."""
        status, headers, text = self.post(path, body | {"stream": True})
        assert status == 200, text
        assert headers["content-type"].startswith("text/event-stream")
        lines = [line.removeprefix("data: ") for line in text.split("\n\n") if line]
        assert lines[-1] == "[DONE]"
        return [json.loads(line) for line in lines[:-1]]

    def metric(self, name: str) -> float:
        lines = self.get("/metrics")[2].splitlines()
        return sum(float(line.rpartition(" ")[2]) for line in lines if line.startswith((name + " ", name + "{")))


@contextlib.contextmanager
def running(checkpoint: Path, config: ServeConfig | None = None, *, load=load_backend) -> Iterator[Running]:
    config = config or ServeConfig()
    listener = listen("127.0.0.1", 0)
    ready, found, failures = threading.Event(), [], []

    def on_ready(backend: Backend) -> None:
        found.append(backend)
        ready.set()

    def on_failure(error: BaseException) -> None:
        failures.append(error)
        ready.set()

    def loaded(metrics):
        torch.set_num_threads(1)
        return load(checkpoint, config, metrics)

    application = Server(loaded, config, on_ready=on_ready, on_failure=on_failure)
    server = uvicorn.Server(uvicorn_config(application, config))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
    thread.start()
    try:
        assert ready.wait(250)
        if failures:
            raise failures[0]
        yield Running(url_of(listener), found[0], server)
    finally:
        server.should_exit = True
        thread.join(30)
        assert not thread.is_alive()


def until(condition: Callable[[], bool], *, seconds: float = 60) -> None:
    """Wait for something that must come."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not come"
        time.sleep(0.01)
