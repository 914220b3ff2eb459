"""llama.cpp in a process of its own: it may end the process it runs in, and its log is not ours.

    parent --FILE, context, threads--> child (`python -m codeling.export.llama_cpp`) --address--> parent --HTTP--> child

Attention's memory is F32 and the plain kernels compute it, so that as few roundings as possible differ from ours. The
server listens on the loopback only. The child leaves when its standard input ends, with its parent.
"""

from __future__ import annotations

import contextlib
import importlib
import json
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from codeling.errors import Failure

_ANSWER_SECONDS = 600


class LlamaCpp:
    """What is asked of a running server; see ``running``."""

    def __init__(self, address: str) -> None:
        self.address = address

    def tokenize(self, text: str) -> list[int]:
        """Ids of trusted text: special tokens that are written in it become their ids."""
        return self._ask("/tokenize", {"content": text, "add_special": False, "parse_special": True})["tokens"]

    def render(self, request: dict[str, Any]) -> str:
        """The prompt that the chat template makes of messages and tools, ready for the assistant to go on."""
        return self._ask("/apply-template", request)["prompt"]

    def greedy(self, prompt: Sequence[int], count: int) -> list[int]:
        """The ``count`` most likely tokens after ``prompt``, one by one, whatever they are."""
        made: list[int] = []
        while len(made) < count:  # it stops after a token that ends a reply; then it is asked to go on
            reply = self._complete([*prompt, *made], count - len(made))
            if not reply["tokens"]:
                break
            made += reply["tokens"]
        return made

    def log_probabilities(self, prompt: Sequence[int], count: int) -> dict[int, float]:
        """Natural logarithms of the ``count`` largest chances of the next token, by id.

        Empty when the likeliest token is a part of a character: then the server says nothing.
        """
        steps = self._complete(prompt, 1, n_probs=count).get("completion_probabilities") or [{"top_logprobs": []}]
        return {entry["id"]: entry["logprob"] for entry in steps[0]["top_logprobs"]}

    def _complete(self, prompt: Sequence[int], count: int, **options: Any) -> dict[str, Any]:
        body = {"prompt": list(prompt), "n_predict": count, "temperature": 0, "return_tokens": True, **options}
        return self._ask("/completion", body)

    def _ask(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        request = urllib.request.Request(
            self.address + path, json.dumps(body).encode(), {"Content-Type": "application/json"}
        )
        # No proxy: this address is this machine's.
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        try:
            with opener.open(request, timeout=_ANSWER_SECONDS) as answer:
                return json.load(answer)
        except urllib.error.HTTPError as error:
            raise Failure(f"llama.cpp refused {path}: {error.read().decode(errors='replace')[:500]}") from None
        except OSError as error:
            raise Failure(f"llama.cpp does not answer: {error}") from None


@contextlib.contextmanager
def running(file: Path, *, context: int, threads: int) -> Iterator[LlamaCpp]:
    """A server of ``file`` for as long as the block lasts; a Failure with llama.cpp's words when it cannot load it."""
    command = [sys.executable, "-m", "codeling.export.llama_cpp", str(file), str(context), str(threads)]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as child:
        assert child.stdin is not None and child.stdout is not None and child.stderr is not None
        address = child.stdout.readline().strip()
        if not address.startswith("http"):
            words = child.stderr.read().strip().splitlines()
            raise Failure(f"{file}: llama.cpp cannot load it: {words[-1] if words else 'it gave no reason'}")
        try:
            yield LlamaCpp(address)
        finally:
            child.stdin.close()
            try:
                child.wait(timeout=10)
            except subprocess.TimeoutExpired:
                child.kill()


def _serve(file: str, context: int, threads: int) -> None:
    # Compiled, without stubs.
    xllamacpp: Any = importlib.import_module("xllamacpp")
    params = xllamacpp.CommonParams()
    params.model.path = file
    params.n_ctx, params.n_parallel = context, 1
    params.cache_type_k = params.cache_type_v = xllamacpp.ggml_type.GGML_TYPE_F32
    params.flash_attn_type = xllamacpp.llama_flash_attn_type.LLAMA_FLASH_ATTN_TYPE_DISABLED
    params.cpuparams.n_threads = params.cpuparams_batch.n_threads = threads
    params.n_gpu_layers, params.fit_params, params.warmup, params.ui = 0, False, False, False
    params.verbosity = 1  # errors only
    server = xllamacpp.Server(params)
    print(server.listening_address, flush=True)
    sys.stdin.read()


if __name__ == "__main__":
    _serve(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
