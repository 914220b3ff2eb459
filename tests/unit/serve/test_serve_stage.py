"""Stage 5 of a run: the server in a process of its own, asked as clients ask."""

import contextlib
import json
import shutil
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from codeling.errors import Failure
from codeling.runtime.files import read_json
from codeling.stages import serving_check
from codeling.stages.pipeline import run
from codeling.stages.recipes import RunConfig, ServeStageConfig
from codeling.stages.serving_check import check_serving
from codeling.stages.serving_config import ServingCheckConfig

CONFIG = ServingCheckConfig(clients=3, max_tokens=60, device="cpu")


def test_a_run_serves_its_model_and_asks_it(tiny_checkpoint, tmp_path, capsys):
    """A model that knows nothing is served well; without other stages it is the most advanced one in models/."""
    (tmp_path / "models").mkdir()
    for suffix in (".pth", ".json"):
        shutil.copy(tiny_checkpoint.with_suffix(suffix), tmp_path / "models" / f"tool_model_best{suffix}")
    config = RunConfig(workdir=tmp_path, stages=("serve",), device="cpu", serve=ServeStageConfig(check=CONFIG))
    run(config)
    result = read_json(tmp_path / "logs" / "verify_serve.json")
    assert len(result["checks"]) == 9 and all(result["checks"].values()), result["checks"]
    assert all(value > 0 for value in result["measures"].values()) and len(result["measures"]) == 3
    assert len(result["samples"]) == 3
    page = (tmp_path / "report" / "index.html").read_text(encoding="utf-8")
    assert "Stage 5: serving" in page and "a required call fits its tool" in page
    run(config)
    said = capsys.readouterr().out
    assert "complete, skipped" in said and said.rstrip().endswith(f"codeling serve --workdir {tmp_path}")


def test_a_server_that_does_not_start_says_why(tmp_path):
    with pytest.raises(Failure, match=r"did not start: .*none\.pth"):
        check_serving(tmp_path / "none.pth", CONFIG)


class Wrong(BaseHTTPRequestHandler):
    """Answers everything with status 200 and something that is not quite right."""

    def do_POST(self) -> None:
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        call = {"function": {"name": "get_weather", "arguments": '{"city": "Rome", "days": 3}'}}
        told = {"tokens": ["a", "b"]}
        message = {"content": '{"city": "Rome"}', "tool_calls": [call]}
        choice = {"text": f"abc{threading.get_ident()}", "message": message, "logprobs": told, "finish_reason": "magic"}
        answer = {"choices": [choice], "usage": {"completion_tokens": 3}, "error": {"message": ""}}
        body = json.dumps(answer).encode()
        if asked.get("stream"):
            body = b'data: {"choices": [{"delta": {"content": "other"}}]}\n\ndata: [DONE]\n\n'
        self.send_response(200)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        pass


def test_what_is_wrong_is_seen(monkeypatch, tmp_path):
    server = ThreadingHTTPServer(("127.0.0.1", 0), Wrong)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    running = contextlib.nullcontext(f"http://127.0.0.1:{server.server_port}")
    monkeypatch.setattr(serving_check, "_running", lambda *_: running)
    checks = check_serving(tmp_path, CONFIG).checks
    server.shutdown()
    server.server_close()
    assert {name for name, was_so in checks.items() if was_so} == {"a gap is filled", "tools may be called"}
