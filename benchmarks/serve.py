"""How fast `codeling serve` is beside llama.cpp's server and `transformers`: one model, one machine, one run.

    python benchmarks/serve.py                                       # tiny, 1, 8, 32 and 200 clients, about 4 minutes
    python benchmarks/serve.py --size medium --clients 1 32 --tokens 32
    python benchmarks/serve.py --only "codeling float32" "llama.cpp F16" --rounds 5 --json serve.json

The weights are random, the vocabulary has 32,000 tokens; every prompt is 256 random ids, greedily continued. Both
servers get the same requests (`POST /completion`, streamed) from the same client over the loopback; `transformers`
generates in a process, in batches of 1 and 8. Special tokens have embeddings of zero, so that no completion ends early.

Rounds are interleaved, so that a slow minute of a shared machine hits everyone; a number is the median of its rounds,
and a ratio the median of the per-round ratios. No round begins that --seconds leaves no time for. A request is lost
when its stream does not end with the event that says so, or with fewer tokens than were asked for.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import importlib
import itertools
import json
import multiprocessing
import os
import random
import re
import socket
import statistics
import string
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import torch

from codeling.checkpoint import Checkpoint, load_model, save_checkpoint
from codeling.config import to_mapping
from codeling.model.config import model_config
from codeling.model.quantized import WeightFormat, quantize_matrices
from codeling.model.transformer import Transformer
from codeling.tokenizer.bpe import Tokenizer
from codeling.tokenizer.training import train_tokenizer

VOCABULARY = 32_000
ROWS = 32
"""Completions that a server computes together; more clients wait."""
START_SECONDS = 240
ANSWER_SECONDS = 300
SERVERS = ("codeling float32", "codeling float16", "codeling int8", "llama.cpp F16", "llama.cpp Q8_0")
BATCHES = (1, 8)


# The model, in everybody's format.


def random_tokenizer(folder: Path) -> Tokenizer:
    """Of the right size, learnt from random words; quicker than from text."""
    rng = random.Random(0)
    words = ["".join(rng.choices(string.ascii_lowercase, k=rng.randint(2, 9))) for _ in range(60_000)]
    return train_tokenizer([" ".join(words)], vocab_size=VOCABULARY, output=folder / "tokenizer.json")


def write_models(size: str, folder: Path) -> dict[str, Path]:
    """A file or folder for each way to run the model."""
    from codeling.export.gguf_file import write_gguf
    from codeling.export.hugging_face import write_hugging_face

    tokenizer = random_tokenizer(folder)
    config = model_config(size, vocab_size=VOCABULARY)
    model = Transformer(config).eval()
    generator = torch.Generator().manual_seed(0)
    with torch.no_grad():
        for parameter in model.parameters():
            if parameter.dim() > 1:
                parameter.normal_(0, 0.05, generator=generator)
        model.embedding.weight[[token.id for token in tokenizer.vocabulary.added]] = 0
    info = {"stage": "code", "step": 0, "model": to_mapping(config), "tokenizer_hash": tokenizer.content_hash}
    paths = {"codeling float32": folder / "float32.pth"}
    save_checkpoint(paths["codeling float32"], Checkpoint(info, model.state_dict(), tokenizer.to_json()))
    loaded = load_model(paths["codeling float32"])
    for quantization in ("F16", "Q8_0"):
        paths[f"llama.cpp {quantization}"] = path = folder / f"{quantization}.gguf"
        write_gguf(loaded, path, name="random", quantization=quantization)
    paths["transformers"] = folder / "transformers"
    write_hugging_face(loaded, paths["transformers"], name="random", dtype=torch.float32)
    formats: tuple[WeightFormat, ...] = ("float16", "int8")
    for kind in formats:
        quantized = load_model(paths["codeling float32"]).model
        quantize_matrices(quantized, kind)
        paths[f"codeling {kind}"] = path = folder / f"{kind}.pth"
        save_checkpoint(path, Checkpoint(info | {"weights": kind}, quantized.state_dict(), tokenizer.to_json()))
    return paths


# Servers.


@dataclass
class Server:
    """One that listens on 127.0.0.1."""

    name: str
    port: int
    process_id: int

    def peak_mebibytes(self) -> float | None:
        """The most memory it ever held; None where the system does not say."""
        with contextlib.suppress(OSError):
            found = re.search(r"VmHWM:\s*(\d+) kB", Path(f"/proc/{self.process_id}/status").read_text())
            return round(int(found[1]) / 1024) if found else None
        return None


@contextlib.contextmanager
def codeling_server(name: str, checkpoint: Path, arguments: argparse.Namespace) -> Iterator[Server]:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    command = [sys.executable, "-m", "codeling", "serve", "--checkpoint", str(checkpoint), "--port", str(port)]
    command += ["--no-access-log", "--max-batch", str(ROWS), "--device", "cpu"]
    environment = os.environ | {"OMP_NUM_THREADS": str(arguments.threads)}
    with subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE) as process:
        try:
            wait_until_ready(port, process)
            yield Server(name, port, process.pid)
        finally:
            process.terminate()
            process.communicate()


def wait_until_ready(port: int, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise SystemExit(f"codeling serve failed: {process.communicate()[1].decode()}")
        with contextlib.suppress(OSError):
            urllib.request.urlopen(f"http://127.0.0.1:{port}/health", timeout=5)
            return
        time.sleep(0.2)
    raise SystemExit(f"codeling serve was not ready after {START_SECONDS} s")


@contextlib.contextmanager
def llama_server(name: str, file: Path, arguments: argparse.Namespace) -> Iterator[Server]:
    context = multiprocessing.get_context("spawn")
    connection, other = context.Pipe()
    length = arguments.prompt_tokens + arguments.tokens + 1
    process = context.Process(target=run_llama_cpp, args=(other, file, length, arguments.threads), daemon=True)
    process.start()
    try:
        if not connection.poll(START_SECONDS):
            raise SystemExit(f"{name} was not ready after {START_SECONDS} s")
        assert process.pid is not None
        yield Server(name, int(connection.recv().rpartition(":")[2]), process.pid)
    finally:
        process.kill()
        process.join()


def run_llama_cpp(connection: Connection, file: Path, length: int, threads: int) -> None:
    """A process: llama.cpp as it is started, with a slot and memory for each of ``ROWS`` requests."""
    xllamacpp: Any = importlib.import_module("xllamacpp")
    params = xllamacpp.CommonParams()
    params.model.path = str(file)
    params.n_parallel, params.n_ctx = ROWS, ROWS * length
    params.cpuparams.n_threads = params.cpuparams_batch.n_threads = threads
    params.n_gpu_layers, params.fit_params, params.ui = 0, False, False
    params.verbosity = 1  # errors only
    server = xllamacpp.Server(params)
    connection.send(server.listening_address)
    connection.poll(None)


# The client.


@dataclass
class Stream:
    """One answer: when its pieces came, in seconds since it was asked for, and how many tokens it had."""

    arrivals: list[float] = field(default_factory=list)
    tokens: int = 0


async def ask(server: Server, prompt: list[int], num_tokens: int) -> Stream:
    """Send one request and read its stream; an answer that breaks off has no tokens."""
    stream = Stream()
    with contextlib.suppress(OSError, asyncio.TimeoutError):
        await asyncio.wait_for(read_into(stream, server, prompt, num_tokens), ANSWER_SECONDS)
    return stream


async def read_into(stream: Stream, server: Server, prompt: list[int], num_tokens: int) -> None:
    began = time.perf_counter()
    options = {"n_predict": num_tokens, "temperature": 0, "stream": True, "ignore_eos": True, "cache_prompt": False}
    body = json.dumps({"prompt": prompt, **options}).encode()
    head = f"POST /completion HTTP/1.1\r\nHost: 127.0.0.1:{server.port}\r\nConnection: close\r\n"
    head += f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    reader, writer = await asyncio.open_connection("127.0.0.1", server.port, limit=2**20)
    try:
        writer.write(head.encode() + body)
        while line := await reader.readline():
            if line.startswith(b"data: "):
                stream.arrivals.append(time.perf_counter() - began)
                if b'"stop":true' in line:
                    stream.tokens = json.loads(line[6:])["tokens_predicted"]
    finally:
        writer.close()


async def ask_together(server: Server, prompts: Sequence[list[int]], num_tokens: int) -> list[Stream]:
    return await asyncio.gather(*(ask(server, prompt, num_tokens) for prompt in prompts))


def random_prompts(count: int, arguments: argparse.Namespace) -> list[list[int]]:
    """New ones each time, so that no cache of prompts helps anybody."""
    return [[random.randrange(256, VOCABULARY - 100) for _ in range(arguments.prompt_tokens)] for _ in range(count)]


# What is measured.


@dataclass
class Round:
    """One contender with one number of clients, once. None: not measured here."""

    prefill: float | None = None
    """Prompt tokens a second, of one prompt after the other."""
    first_ms: float | None = None
    """Time to the first token; the median, as below."""
    late_first_ms: float | None = None
    """The 95th percentile."""
    between_ms: float | None = None
    late_between_ms: float | None = None
    decode: float | None = None
    """Tokens a second of one stream, after its first."""
    total: float | None = None
    """Tokens made a second, for all clients together, reading of prompts included."""
    lost: int = 0


def measure_server(server: Server, clients: int, arguments: argparse.Namespace) -> Round:
    began = time.perf_counter()
    streams = asyncio.run(ask_together(server, random_prompts(clients, arguments), arguments.tokens))
    seconds = time.perf_counter() - began
    whole = [stream for stream in streams if stream.tokens == arguments.tokens]
    measured = Round(lost=len(streams) - len(whole), total=sum(stream.tokens for stream in streams) / seconds)
    # The last event only says that it is the end.
    pieces = [stream.arrivals[:-1] for stream in whole if len(stream.arrivals) > 2]
    if pieces:
        measured.first_ms, measured.late_first_ms = milliseconds([arrivals[0] for arrivals in pieces])
        gaps = [late - early for arrivals in pieces for early, late in itertools.pairwise(arrivals)]
        measured.between_ms, measured.late_between_ms = milliseconds(gaps)
        spans = [arrivals[-1] - arrivals[0] for arrivals in pieces]
        measured.decode = (arguments.tokens - 1) / statistics.median(spans)
    if clients == 1:
        alone = [asyncio.run(ask(server, prompt, 1)) for prompt in random_prompts(3, arguments)]
        measured.lost += sum(stream.tokens != 1 for stream in alone)
        if firsts := [stream.arrivals[0] for stream in alone if stream.tokens == 1]:
            measured.prefill = arguments.prompt_tokens / min(firsts)
    return measured


def milliseconds(seconds: list[float]) -> tuple[float, float]:
    """Median and 95th percentile."""
    ordered = sorted(seconds)
    return 1e3 * statistics.median(ordered), 1e3 * ordered[int(0.95 * (len(ordered) - 1))]


class Generator:
    """`transformers` in a process of its own."""

    def __init__(self, folder: Path, arguments: argparse.Namespace) -> None:
        context = multiprocessing.get_context("spawn")
        self._connection, other = context.Pipe()
        self._process = context.Process(target=run_transformers, args=(other, folder, arguments), daemon=True)
        self._process.start()

    def measure(self, batch: int) -> Round:
        self._connection.send(batch)
        return self._connection.recv()

    def close(self) -> None:
        self._process.kill()
        self._process.join()


def run_transformers(connection: Connection, folder: Path, arguments: argparse.Namespace) -> None:
    """A process: for each batch size that arrives, answers with a `Round`."""
    from transformers import AutoModelForCausalLM

    torch.set_num_threads(arguments.threads)
    model: Any = AutoModelForCausalLM.from_pretrained(folder, dtype=torch.float32)

    def seconds(prompts: torch.Tensor, num_tokens: int) -> float:
        began = time.perf_counter()
        made = model.generate(
            prompts, attention_mask=torch.ones_like(prompts), do_sample=False, pad_token_id=0,
            max_new_tokens=num_tokens, min_new_tokens=num_tokens,
        )  # fmt: skip
        assert made.shape[1] == prompts.shape[1] + num_tokens
        return time.perf_counter() - began

    while True:
        batch, count = connection.recv(), arguments.tokens
        prompts = torch.tensor(random_prompts(batch, arguments))
        first, whole = seconds(prompts, 1), seconds(prompts, count)
        prefill = prompts.numel() / first
        connection.send(Round(prefill=prefill, decode=(count - 1) / (whole - first), total=batch * count / whole))


# All together.


Cell = tuple[str, int]
"""Who, and with how many clients."""


def run(arguments: argparse.Namespace) -> tuple[dict[Cell, list[Round]], dict[str, float | None]]:
    """The rounds of every cell, and the servers' peaks of memory."""
    began = time.monotonic()
    cells: dict[Cell, list[Round]] = {}
    with tempfile.TemporaryDirectory() as folder, contextlib.ExitStack() as stack:
        paths = write_models(arguments.size, Path(folder))
        servers = []
        for name in SERVERS:
            if name in arguments.only:
                start = codeling_server if name.startswith("codeling") else llama_server
                servers.append(stack.enter_context(start(name, paths[name], arguments)))
        generator = None
        if "transformers" in arguments.only:
            generator = Generator(paths["transformers"], arguments)
            stack.callback(generator.close)
        for server in servers:  # warm up
            asyncio.run(ask_together(server, random_prompts(2, arguments), 4))
        print(f"ready after {time.monotonic() - began:.0f} s", file=sys.stderr)
        took = 0.0
        for number in range(arguments.rounds):
            started = time.monotonic()
            if number and started + took - began > arguments.seconds:
                print(f"{number} rounds: no time for more", file=sys.stderr)
                break
            for clients in arguments.clients:
                for server in servers if number % 2 == 0 else servers[::-1]:
                    cells.setdefault((server.name, clients), []).append(measure_server(server, clients, arguments))
                if generator is not None and clients in BATCHES:
                    cells.setdefault(("transformers", clients), []).append(generator.measure(clients))
            took = time.monotonic() - started
        return cells, {server.name: server.peak_mebibytes() for server in servers}


def middle(rounds: Sequence[Round], name: str) -> float | None:
    """The median of a number over the rounds; None when it was not measured."""
    values = [value for one in rounds if (value := getattr(one, name)) is not None]
    return statistics.median(values) if values else None


COLUMNS = {
    "prefill": "prefill tok/s",
    "first_ms": "first ms",
    "late_first_ms": "p95",
    "between_ms": "between ms",
    "late_between_ms": "p95",
    "decode": "tok/s a stream",
    "total": "tok/s in all",
}


def print_table(cells: dict[Cell, list[Round]], peaks: dict[str, float | None]) -> None:
    widths = [max(len(title), 8) for title in COLUMNS.values()]
    titles = "  ".join(f"{title:>{width}}" for title, width in zip(COLUMNS.values(), widths, strict=True))
    print(f"{'':17} clients  {titles}  lost")
    for (name, clients), rounds in sorted(cells.items(), key=lambda item: (item[0][1], item[0][0])):
        values = [middle(rounds, column) for column in COLUMNS]
        written = [
            f"{'' if value is None else format(value, ',.1f' if value < 100 else ',.0f'):>{width}}"
            for value, width in zip(values, widths, strict=True)
        ]
        print(f"{name:17} {clients:7}  {'  '.join(written)}  {sum(one.lost for one in rounds):4}")
    for name, peak in peaks.items():
        print(f"{name:17} held {peak} MiB at most")


def ratios(cells: dict[Cell, list[Round]], clients: Sequence[int]) -> dict[str, float]:
    """Ours over theirs, for each pair of codeling and a peer: the median of the rounds' ratios."""
    wanted = [("prefill", 1), ("decode", 1), *(("total", count) for count in clients)]
    found = {}
    for (ours, count), mine in cells.items():
        for (theirs, other_count), yours in cells.items():
            if not ours.startswith("codeling") or theirs.startswith("codeling") or count != other_count:
                continue
            for name in (name for name, at in wanted if at == count):
                pairs = [(getattr(a, name), getattr(b, name)) for a, b in zip(mine, yours, strict=True)]
                if all(a is not None and b is not None for a, b in pairs):
                    label = f"{name}, {count} client{'s' if count > 1 else ''}: {ours} / {theirs}"
                    found[label] = round(statistics.median(a / b for a, b in pairs), 2)
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--size", default="tiny")
    parser.add_argument("--clients", type=int, nargs="+", default=[1, 8, 32, 200])
    parser.add_argument("--prompt-tokens", type=int, default=256)
    parser.add_argument("--tokens", type=int, default=64, help="of a completion")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--threads", type=int, default=os.cpu_count())
    parser.add_argument("--only", nargs="+", default=[*SERVERS, "transformers"], help="contenders to run")
    parser.add_argument("--seconds", type=float, default=240, help="no round begins that would end later")
    parser.add_argument("--json", type=Path, help="write the numbers here too")
    arguments = parser.parse_args()
    cells, peaks = run(arguments)
    print(f"{arguments.size}, {arguments.threads} threads, torch {torch.__version__}")
    print_table(cells, peaks)
    compared = ratios(cells, arguments.clients)
    for label, value in compared.items():
        print(f"{value:6.2f}  {label}")
    if arguments.json:
        rows = [
            {"name": name, "clients": clients, "rounds": [asdict(one) for one in rounds]}
            for (name, clients), rounds in cells.items()
        ]
        numbers = {"size": arguments.size, "cells": rows, "ratios": compared, "peak_mebibytes": peaks}
        arguments.json.write_text(json.dumps(numbers, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
