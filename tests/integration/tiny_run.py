"""Real training runs that take a second: a workspace with a tiny corpus, and runs in processes of their own.

Processes are forked from a server that has imported everything before (see forked).
"""

from __future__ import annotations

import dataclasses
import importlib
import os
import random
import signal
import socket
import sys
import threading
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any

from forked import context

from codeling.train.config import TrainConfig

BeforeStep = Callable[[int], dict[str, Any] | None]
"""Called in the training's process before each step (from 0); may return other arguments for ``take_step``."""

SECONDS = 280
"""Longer than any run here; a run that hangs fails its test, before pytest's own limit, which would say less."""


def make_workspace(root: Path, *, seed: int, documents: int = 120) -> Path:
    """data/tokenizer and data/processed under ``root``, from random sentences."""
    from codeling.data.shards import ShardWriter
    from codeling.tokenizer.training import train_tokenizer

    rng = random.Random(seed)
    words = ["the", "cat", "sat", "on", "a", "mat", "and", "then", "dog", "ran", "to", "bed", "it", "was", "happy"]
    texts = [" ".join(rng.choices(words, k=rng.randint(4, 30))) + "." for _ in range(documents)]
    tokenizer = train_tokenizer(texts, vocab_size=300, output=root / "data" / "tokenizer" / "tokenizer.json")
    split = documents * 3 // 4
    for name, part in (("train_large", texts[:split]), ("val_large", texts[split:])):
        write_shard(ShardWriter, root / "data" / "processed" / f"{name}.npy", part, tokenizer)
    return root


def write_shard(writer_class: Any, path: Path, texts: list[str], tokenizer: Any) -> None:
    with writer_class(
        path,
        tokenizer_hash=tokenizer.content_hash,
        vocab_size=tokenizer.vocab_size,
        end_of_text=tokenizer.end_of_text,
    ) as writer:
        for text in texts:
            writer.add(tokenizer.encode(text), num_bytes=len(text.encode()), source="random")


def tiny_config(workdir: Path, **changes: Any) -> TrainConfig:
    """A run of 12 steps with a checkpoint after every second one; ``micro`` is a size that only exists here."""
    base = TrainConfig(
        stage="language",
        model_size="micro",
        sequence_length=32,
        batch_size=4,
        num_epochs=3,
        max_steps=12,
        eval_every=4,
        save_every=2,
        use_amp=False,
        device="cpu",
        workdir=workdir,
        seed=7,
    )
    return dataclasses.replace(base, **changes)


@dataclasses.dataclass
class Run:
    """A training in a process of its own."""

    process: Any
    output: list[bytes]
    reader: threading.Thread

    def wait(self) -> int:
        """Exit status; negative: the signal that killed it."""
        self.process.join(SECONDS)
        if self.process.exitcode is None:
            self.process.kill()
            raise AssertionError(f"the run hangs:\n{self.text}")
        self.reader.join(SECONDS)
        return self.process.exitcode

    @property
    def text(self) -> str:
        """Standard output and error together."""
        return b"".join(self.output).decode("utf-8", errors="replace")


def start(
    config: Any,
    *,
    before_step: BeforeStep | None = None,
    environment: dict[str, str] | None = None,
    work: str = "codeling.stages.training:train",
) -> Run:
    """Begin ``work`` (``module:function``) of ``config``; with what is to happen in that process before each step."""
    receiver, sender = context().Pipe(duplex=False)
    process = context().Process(target=_child, args=(config, before_step, environment or {}, sender, work), daemon=True)
    process.start()
    sender.close()
    output: list[bytes] = []

    def read() -> None:
        # Through a pipe, so that limits on files in the child do not cut what it says.
        while piece := os.read(receiver.fileno(), 1 << 16):
            output.append(piece)
        receiver.close()

    reader = threading.Thread(target=read, daemon=True)
    reader.start()
    return Run(process, output, reader)


def run(config: Any, *, before_step: BeforeStep | None = None, work: str = "codeling.stages.training:train") -> Run:
    """``start`` and wait."""
    result = start(config, before_step=before_step, work=work)
    result.wait()
    return result


def _child(config: Any, before_step: BeforeStep | None, environment: dict[str, str], sender: Any, work: str) -> None:
    os.dup2(sender.fileno(), 1)
    os.dup2(sender.fileno(), 2)
    sys.stdout = sys.__stdout__ = open(1, "w", buffering=1, closefd=False)  # noqa: SIM115
    sys.stderr = sys.__stderr__ = open(2, "w", buffering=1, closefd=False)  # noqa: SIM115
    os.environ.update(environment)
    import torch

    from codeling.errors import Failure, UsageError
    from codeling.model.config import SIZES, ModelConfig
    from codeling.train import loop

    torch.set_num_threads(1)
    SIZES["micro"] = ModelConfig(d_model=32, num_layers=2, num_heads=2, num_kv_heads=2, d_ff=64, max_sequence_length=64)
    if before_step is not None:
        real_step = loop.take_step

        def watched_step(*arguments: Any, **named: Any) -> Any:
            named.update(before_step(named["step"]) or {})
            return real_step(*arguments, **named)

        loop.take_step = watched_step
    status = 0
    try:
        module, function = work.split(":")
        getattr(importlib.import_module(module), function)(config)
    except UsageError as error:
        print(f"error: {error}", file=sys.stderr)
        status = 2
    except Failure as error:
        print(f"failed: {error}", file=sys.stderr)
        status = getattr(error, "exit_status", 1)
    except BaseException:
        traceback.print_exc()
        status = 3
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(status)


@dataclasses.dataclass(frozen=True)
class SignalAt:
    """Send this process ``number`` before step ``step``, ``times`` times."""

    step: int
    number: int = signal.SIGKILL
    times: int = 1

    def __call__(self, step: int) -> None:
        if step == self.step:
            for _ in range(self.times):
                os.kill(os.getpid(), self.number)


def free_port() -> int:
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        return server.getsockname()[1]


def start_many(
    config: Any,
    world: int,
    *,
    before_step: dict[int, BeforeStep] | None = None,
    timeout_seconds: float = 60.0,
    work: str = "codeling.stages.training:train",
) -> list[Run]:
    """``world`` processes of one run, as torchrun would start them; ``before_step`` by rank."""
    port = free_port()
    return [
        start(
            config,
            before_step=(before_step or {}).get(rank),
            work=work,
            environment={
                "RANK": str(rank),
                "WORLD_SIZE": str(world),
                "LOCAL_RANK": str(rank),
                "MASTER_ADDR": "127.0.0.1",
                "MASTER_PORT": str(port),
                "CODELING_DISTRIBUTED_TIMEOUT": str(timeout_seconds),
            },
        )
        for rank in range(world)
    ]


def losses(workdir: Path, name: str = "language_model") -> dict[int, str]:
    """Training loss of each step as the bits of its float."""
    from codeling.runtime.metrics import read_records

    records = read_records(workdir / "logs" / f"{name}.metrics.jsonl")
    assert [record["step"] for record in records] == list(range(1, len(records) + 1)), "a step is missing or double"
    return {record["step"]: float(record["train_loss"]).hex() for record in records}


def final_state(workdir: Path, name: str = "language_model_last") -> dict[str, Any]:
    """Weights, optimizer and progress of a checkpoint, without wall-clock time."""
    from codeling.checkpoint import load_checkpoint

    saved = load_checkpoint(workdir / "models" / f"{name}.pth")
    assert saved.state is not None
    progress = {key: value for key, value in saved.state["progress"].items() if key != "seconds"}
    return {"model": saved.model, "optimizer": saved.optimizer, "progress": progress}


def assert_same_bits(one: Any, other: Any, where: str = "") -> None:
    """Equal structure, and equal tensors bit for bit."""
    import torch

    if isinstance(one, dict):
        assert one.keys() == other.keys(), where
        for key in one:
            assert_same_bits(one[key], other[key], f"{where}.{key}")
    elif isinstance(one, list | tuple):
        assert len(one) == len(other), where
        for number, (a, b) in enumerate(zip(one, other, strict=True)):
            assert_same_bits(a, b, f"{where}.{number}")
    elif isinstance(one, torch.Tensor):
        assert one.dtype == other.dtype and torch.equal(one, other), where
    else:
        assert one == other, where
