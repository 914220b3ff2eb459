"""What nobody should send, and does: row 20 of the faults. The server refuses it, stays in bounds, and goes on."""

import concurrent.futures
import http.client
import json
import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time

import psutil
import pytest
from serve_running import running, until

from codeling.errors import UsageError
from codeling.serve.config import ServeConfig

CHAT = "/v1/chat/completions"
HELLO = {"messages": [{"role": "user", "content": "Hi"}], "max_tokens": 4}


def endless(served) -> dict:
    """Runs to its limit of tokens: nothing that could end it can be drawn."""
    never = {str(token): -100 for token in served.backend.model.chat_stop_ids}
    return {"messages": [{"role": "user", "content": "Hi"}], "max_tokens": 400, "logit_bias": never}


def still_well(served) -> None:
    assert served.post(CHAT, HELLO)[0] == 200


def raw(served, data: bytes, *, timeout: float = 20) -> bytes:
    """What comes back for these bytes, until the server closes the connection."""
    with socket.create_connection(served.address, timeout=timeout) as connection:
        connection.sendall(data)
        received = b""
        while chunk := connection.recv(65536):
            received += chunk
        return received


def head(method: str = "POST", path: str = CHAT, **headers: str) -> bytes:
    lines = [f"{method} {path} HTTP/1.1", "Host: 127.0.0.1", "Connection: close", "Content-Type: application/json"]
    return "\r\n".join([*lines, *(f"{k.replace('_', '-')}: {v}" for k, v in headers.items()), "", ""]).encode()


def test_a_prompt_of_ten_thousand_tokens(served):
    ids = [5] * 10_000
    status, _, answer = served.post("/v1/completions", {"prompt": ids})
    assert status == 400 and answer["error"]["code"] == "context_length_exceeded"
    still_well(served)


def test_a_body_of_a_gigabyte_is_refused_before_it_comes(served):
    answer = raw(served, head(Content_Length=str(10**9)))
    assert answer.startswith(b"HTTP/1.1 413 ") and b'"body_too_large"' in answer
    still_well(served)


def test_an_endless_body_is_refused_while_it_comes(served):
    before = psutil.Process().memory_info().rss
    sent = 0
    with socket.create_connection(served.address, timeout=20) as connection:
        connection.sendall(head(Transfer_Encoding="chunked"))
        chunk = b"10000\r\n" + b"x" * 0x10000 + b"\r\n"
        try:
            while sent < 10**9:
                connection.sendall(chunk)
                sent += 0x10000
        except OSError:
            pass  # it hung up on us
    assert sent < 10**8
    assert psutil.Process().memory_info().rss - before < 10**8
    still_well(served)


@pytest.mark.parametrize(
    "body",
    [
        b"\xff\xfe{}", b'{"messages": [{"role": "user", "content": "\xc3\x28"}]}', b"", b"nothing", b"[" * 100_000,
        b'{"messages": NaN}', b'{"n": 1e999}', b'{"seed": ' + b"9" * 5000 + b"}", b'"text"', b"[1]", b"null",
        b'{"messages": [{"role": "user", "content": "\\ud800"}]}', b'{"n": 1, "n": 2}',
    ],
    ids=lambda body: repr(body[:24]),
)  # fmt: skip
def test_what_is_no_json_is_a_400(served, body):
    for path in (CHAT, "/v1/completions", "/infill", "/tokenize", "/generate"):
        status, _, answer = served.post(path, body)
        assert status == 400 and answer["error"]["type"] == "invalid_request_error", answer
    still_well(served)


def test_a_million_completions(served):
    for path, field in ((CHAT, "n"), ("/v1/completions", "n"), ("/v1/completions", "best_of")):
        status, _, answer = served.post(path, HELLO | {"prompt": "x", field: 1_000_000})
        assert status == 400 and answer["error"]["param"] == field


def test_a_client_that_leaves_in_a_stream_gives_its_slot_back(served):
    before = served.metric("codeling_generated_tokens_total")
    connection = http.client.HTTPConnection(*served.address, timeout=20)
    connection.request("POST", CHAT, json.dumps(endless(served) | {"stream": True}), JSON)
    response = connection.getresponse()
    response.read(300)
    connection.close()
    response.close()
    until(lambda: served.metric("codeling_active_completions") == 0)
    made = served.metric("codeling_generated_tokens_total") - before
    assert made < 400, "it was computed to its end for nobody"
    still_well(served)


def test_a_client_that_leaves_before_its_answer_gives_its_slot_back(served):
    before = served.metric("codeling_generated_tokens_total")
    with socket.create_connection(served.address, timeout=20) as connection:
        body = json.dumps(endless(served)).encode()
        connection.sendall(head(Content_Length=str(len(body))) + body)
        until(lambda: served.metric("codeling_active_completions") > 0)
    until(lambda: served.metric("codeling_active_completions") == 0)
    assert served.metric("codeling_generated_tokens_total") - before < 400
    still_well(served)


def test_two_hundred_clients_at_once_each_get_their_answer(served):
    def ask(number: int) -> tuple[int, str]:
        body = {"prompt": f"echo {number % 10}", "max_tokens": 6, "seed": number % 10, "temperature": 1}
        status, _, answer = served.post("/v1/completions", body)
        return status, answer["choices"][0]["text"] if status == 200 else ""

    with concurrent.futures.ThreadPoolExecutor(200) as pool:
        answers = list(pool.map(ask, range(200)))
    assert [status for status, _ in answers] == [200] * 200
    assert [text for _, text in answers] == [answers[number % 10][1] for number in range(200)]
    until(lambda: served.metric("codeling_active_completions") == 0)


def test_a_full_queue_says_when_to_come_again(tiny_checkpoint):
    with running(tiny_checkpoint, ServeConfig(max_batch=1, max_queue=2)) as served:
        body = {"prompt": "x", "max_tokens": 300, "n": 1}

        def ask(_: int) -> tuple[int, str | None]:
            status, headers, _ = served.post("/v1/completions", body)
            return status, headers.get("retry-after")

        with concurrent.futures.ThreadPoolExecutor(20) as pool:
            answers = list(pool.map(ask, range(20)))
        assert {status for status, _ in answers} == {200, 429}
        assert all(retry and int(retry) >= 1 for status, retry in answers if status == 429)
        assert served.metric("codeling_rejected_requests_total") == [status for status, _ in answers].count(429)
        assert served.post("/v1/completions", {"prompt": "x", "max_tokens": 2})[0] == 200
        # More than the queue ever holds can never be served; a 429 would make the client try again for ever.
        assert served.post("/v1/completions", {"prompt": "x", "n": 10})[0] in (200, 429)


def test_slow_clients_are_let_go(tiny_checkpoint):
    with running(tiny_checkpoint, ServeConfig(read_timeout_seconds=0.5)) as served:
        # A head that never ends, and nothing at all: the connection is closed.
        assert raw(served, b"POST /v1/completions HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Slow: ") == b""
        assert raw(served, b"") == b""
        # A body that never ends.
        answer = raw(served, head(Content_Length="1000") + b'{"messages"')
        assert answer.startswith(b"HTTP/1.1 408 ")
        still_well(served)


def test_a_request_that_takes_too_long_ends_where_it_is(tiny_checkpoint):
    with running(tiny_checkpoint, ServeConfig(timeout_seconds=0.3)) as served:
        status, _, answer = served.post(CHAT, endless(served) | {"n": 8})
        assert status == 200 and {one["finish_reason"] for one in answer["choices"]} == {"length"}
        assert answer["usage"]["completion_tokens"] < 400 * 8
        until(lambda: served.metric("codeling_active_completions") == 0)


JSON = {"Content-Type": "application/json"}
KEY = "a-key-of-some-length"


@pytest.fixture(scope="module")
def locked(tiny_checkpoint):
    with running(tiny_checkpoint, ServeConfig(api_key=KEY)) as one:
        yield one


def test_without_the_key_nothing_is_told(locked):
    bad = [None, {}, {"Authorization": "Bearer wrong"}, {"Authorization": f"Bearer {KEY}x"}, {"Authorization": KEY},
           {"Authorization": "Bearer "}, {"Authorization": "Basic ????"}, {"x-api-key": "wrong"},
           {"Authorization": "Bearer é".encode()}]  # fmt: skip
    paths = [("POST", CHAT), ("POST", "/infill"), ("GET", "/v1/models"), ("GET", "/metrics"), ("GET", "/openapi.json"),
             ("GET", "/props"), ("GET", "/no/such/page"), ("GET", "/page/no"), ("DELETE", "/v1/models")]  # fmt: skip
    for headers in bad:
        for method, path in paths:
            status, answer_headers, answer = locked.request(method, path, b"{}", headers)
            assert status == 401 and answer["error"]["code"] == "invalid_api_key"
            assert "www-authenticate" in answer_headers
    assert locked.get("/health")[0] == 200
    assert locked.get("/")[0] == locked.get("/page/main.js")[0] == 200  # the page, which asks for the key itself


def test_with_the_key_in_any_of_its_places(locked):
    import base64

    basic = base64.b64encode(f"anyone:{KEY}".encode()).decode()
    for headers in ({"Authorization": f"Bearer {KEY}"}, {"x-api-key": KEY}, {"Authorization": f"Basic {basic}"}):
        assert locked.post(CHAT, HELLO, headers=headers)[0] == 200
    described = locked.get("/openapi.json", headers={"x-api-key": KEY})[2]
    assert described["paths"]["/health"]["get"]["security"] == [] and described["security"]


def test_other_addresses_need_a_key():
    for host in ("0.0.0.0", "192.168.1.4", "::"):
        with pytest.raises(UsageError, match="api-key-file"):
            ServeConfig(host=host).key()
        assert ServeConfig(host=host, api_key=KEY).key() == KEY
    assert ServeConfig().key() == ""


def test_keys_come_from_files(tmp_path):
    file = tmp_path / "key"
    for text, wrong in (("", "empty"), ("\n", "empty"), ("two words", "blanks")):
        file.write_text(text)
        with pytest.raises(UsageError, match=wrong):
            ServeConfig(api_key_file=file).key()
    with pytest.raises(UsageError, match="cannot be read"):
        ServeConfig(api_key_file=tmp_path / "none").key()
    file.write_text(f"{KEY}\nmore\n")
    assert ServeConfig(api_key_file=file, host="0.0.0.0").key() == KEY


def test_pages_of_other_sites_are_refused(served):
    good = {"Origin": served.url}
    assert served.post(CHAT, HELLO, headers=good)[0] == 200
    for headers in ({"Origin": "https://evil.example"}, {"Origin": "null"}, {"Host": "evil.example"}):
        status, answer_headers, answer = served.post(CHAT, HELLO, headers=headers)
        assert status == 403 and answer["error"]["type"] == "permission_error"
        assert not any(name.lower().startswith("access-control") for name in answer_headers)


def test_unknown_paths_and_methods_have_the_error_shape(served):
    for method, path, expected in (("GET", "/nothing", 404), ("GET", CHAT, 405), ("PUT", "/v1/models", 405)):
        status, _, answer = served.request(method, path)
        assert status == expected and answer["error"]["message"]
    assert served.get("/v1/models/other")[2]["error"]["code"] == "model_not_found"


def test_a_bug_tells_the_client_nothing(served, monkeypatch):
    def fail(*_: object) -> None:
        raise RuntimeError("the secret of the house")

    monkeypatch.setattr(type(served.backend.model), "require", fail)
    status, _, answer = served.post(CHAT, HELLO)
    assert status == 500 and answer["error"]["type"] == "server_error" and "secret" not in json.dumps(answer)


def test_the_log_has_no_prompts(served, caplog):
    import logging

    with caplog.at_level(logging.DEBUG):
        logging.getLogger("codeling.access").addHandler(caplog.handler)
        try:
            served.post(CHAT, {"messages": [{"role": "user", "content": "my diary"}], "max_tokens": 4})
            served.get("/v1/models?question=my%20diary")
            until(lambda: "/v1/models" in caplog.text)
        finally:
            logging.getLogger("codeling.access").removeHandler(caplog.handler)
    assert f"POST {CHAT} 200" in caplog.text and "diary" not in caplog.text


def test_while_the_model_is_loaded_everything_is_503(tiny_checkpoint):
    from codeling.serve.app import Server
    from codeling.serve.http_server import listen, uvicorn_config

    let_go, failures = threading.Event(), []

    def load(_metrics):
        let_go.wait(20)
        raise UsageError("no such model")

    import uvicorn

    config = ServeConfig()
    server = uvicorn.Server(
        uvicorn_config(Server(load, config, on_ready=lambda _: None, on_failure=failures.append), config)
    )
    listener = listen("127.0.0.1", 0)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
    thread.start()
    try:
        address = tuple(listener.getsockname()[:2])
        for path in ("/health", "/v1/models"):
            connection = http.client.HTTPConnection(*address, timeout=20)
            connection.request("GET", path)
            response = connection.getresponse()
            assert response.status == 503 and response.headers["retry-after"]
            assert json.loads(response.read())["error"]["code"] == "loading"
            connection.close()
        let_go.set()
        until(lambda: bool(failures))
        assert isinstance(failures[0], UsageError)
    finally:
        let_go.set()
        server.should_exit = True
        thread.join(20)


def _command(checkpoint, *more: str) -> subprocess.Popen:
    command = [sys.executable, "-m", "codeling", "serve", "--checkpoint", str(checkpoint), "--port", "0", *more]
    environment = os.environ | {"OMP_NUM_THREADS": "1"}
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment)


def test_sigterm_lets_running_requests_finish(tiny_checkpoint):
    process = _command(tiny_checkpoint)
    try:
        assert process.stderr is not None
        line = ""
        while "Serving" not in line:
            line = process.stderr.readline()
            assert line, "it ended before it served"
        found = re.search(r"http://([0-9.]+):([0-9]+)", line)
        assert found, line
        host, port = found.groups()
        connection = http.client.HTTPConnection(host, int(port), timeout=60)
        body = json.dumps({"prompt": "x", "max_tokens": 200, "n": 4, "stream": True})
        connection.request("POST", "/v1/completions", body, {"Content-Type": "application/json"})
        response = connection.getresponse()
        received = response.read(200)
        process.send_signal(signal.SIGTERM)
        received += response.read()
        assert received.endswith(b"data: [DONE]\n\n") and received.count(b'"finish_reason":"') == 4
        with pytest.raises(OSError):
            socket.create_connection((host, int(port)), timeout=5)
        out, err = process.communicate(timeout=60)
        assert process.returncode in (-signal.SIGTERM, 143)
        assert "Traceback" not in err
        # What it said for people to copy.
        for words in ("curl http://", "from openai import OpenAI", "llama_config", "/infill", "apiBase", "edit_pred"):
            assert words in out
    except OSError as error:
        process.kill()
        raise AssertionError(f"{error}; the server said: {process.communicate()[1]}") from error
    finally:
        process.kill()
        process.communicate()


@pytest.mark.slow
def test_two_hundred_clients_for_a_minute_lose_nothing(served):
    until_time = time.monotonic() + 60

    def ask(number: int) -> list[int]:
        statuses = []
        while time.monotonic() < until_time:
            body = {"prompt": f"echo {number}", "max_tokens": 16, "seed": number}
            statuses.append(served.post("/v1/completions", body)[0])
        return statuses

    before = psutil.Process().memory_info().rss
    with concurrent.futures.ThreadPoolExecutor(200) as pool:
        statuses = [status for one in pool.map(ask, range(200)) for status in one]
    assert len(statuses) >= 200 and set(statuses) == {200}
    assert psutil.Process().memory_info().rss - before < 5 * 10**8
    still_well(served)
