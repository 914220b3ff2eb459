"""Training speed against `transformers` and litgpt: same shape, batch, number type, optimizer, machine and minute.

    python benchmarks/train_step.py                          # d256 L4 H4, T 512, batch 8, vocabulary 4,096 and 32,000
    python benchmarks/train_step.py --device cuda            # medium, T 1024, with MFU
    python benchmarks/train_step.py --only codeling litgpt --vocab 4096 --rounds 3

Every contender does the whole step (forward, loss, backward, AdamW, zero gradients) on the same random tokens, once
plain and once compiled, in a process of its own, set up as its users would. Rounds are interleaved, so that a slow
minute of a shared machine hits everyone; a contender's time is the median of its rounds, and the ratio to the best peer
is the median of the per-round ratios. codeling tells the C library's allocator to keep freed memory, which helps peers
as well: --same-allocator gives it to them too.
A peer that is not installed is skipped with the command that installs it: pip install -r benchmarks/requirements.txt.
On the CPU set OMP_NUM_THREADS to the number of cores.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import os
import statistics
import sys
import time
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import replace
from multiprocessing.connection import Connection
from pathlib import Path

import torch
from torch import Tensor, nn

from codeling.model.accounting import flops_per_token
from codeling.model.compile import compile_hot_parts
from codeling.model.config import SIZES, ModelConfig
from codeling.model.transformer import Transformer
from codeling.runtime.device import prepare_device

LossFunction = Callable[[Tensor, Tensor], Tensor]
"""(tokens (B, T), next tokens (B, T)) -> mean cross-entropy."""

PEAK_FLOPS = {"H200": 989e12, "H100": 989e12, "A100": 312e12}
"""Dense bf16 peaks, by a part of the device's name, for the MFU."""


def codeling(config: ModelConfig, *, device: str, compiled: bool) -> tuple[nn.Module, LossFunction]:
    model = Transformer(config).init_weights(seed=0).to(device)
    if compiled:
        compile_hot_parts(model)
    return model, lambda tokens, targets: model.loss(tokens, targets) / targets.numel()


def transformers_model(kind: str) -> Callable[..., tuple[nn.Module, LossFunction]]:
    def build(config: ModelConfig, *, device: str, compiled: bool) -> tuple[nn.Module, LossFunction]:
        from transformers import LlamaConfig, LlamaForCausalLM, Qwen3Config, Qwen3ForCausalLM

        shape = {
            "vocab_size": config.vocab_size,
            "hidden_size": config.d_model,
            "intermediate_size": config.d_ff,
            "num_hidden_layers": config.num_layers,
            "num_attention_heads": config.num_heads,
            "num_key_value_heads": config.num_kv_heads,
            "head_dim": config.head_dim,
            "max_position_embeddings": config.max_sequence_length,
            "tie_word_embeddings": config.tie_embeddings,
            "use_cache": False,
            "attn_implementation": "sdpa",
        }
        model = LlamaForCausalLM(LlamaConfig(**shape)) if kind == "llama" else Qwen3ForCausalLM(Qwen3Config(**shape))
        model.to(device)  # pyright: ignore[reportArgumentType, reportCallIssue]
        call = torch.compile(model) if compiled else model

        def loss(tokens: Tensor, targets: Tensor) -> Tensor:
            return call(input_ids=tokens, shift_labels=targets, labels=targets).loss

        return model, loss

    return build


def litgpt(config: ModelConfig, *, device: str, compiled: bool) -> tuple[nn.Module, LossFunction]:
    from litgpt import GPT, Config  # pyright: ignore[reportMissingImports]
    from litgpt.utils import chunked_cross_entropy  # pyright: ignore[reportMissingImports]

    model = GPT(
        Config(
            block_size=config.max_sequence_length,
            padded_vocab_size=config.vocab_size,
            n_layer=config.num_layers,
            n_head=config.num_heads,
            n_query_groups=config.num_kv_heads,
            n_embd=config.d_model,
            intermediate_size=config.d_ff,
            rotary_percentage=1.0,
            parallel_residual=False,
            bias=False,
            norm_class_name="RMSNorm",
            mlp_class_name="LLaMAMLP",
        )
    ).to(device)
    call = torch.compile(model) if compiled else model
    return model, lambda tokens, targets: chunked_cross_entropy(call(tokens), targets)


BUILDERS: dict[str, Callable[..., tuple[nn.Module, LossFunction]]] = {
    "codeling": codeling,
    "transformers-llama": transformers_model("llama"),
    "transformers-qwen3": transformers_model("qwen3"),
    "litgpt": litgpt,
}


class Contender:
    """One model with its optimizer and its way to run a step."""

    def __init__(self, name: str, config: ModelConfig, arguments: argparse.Namespace, *, compiled: bool) -> None:
        builder, _, variant = name.partition(" ")
        if builder == "codeling" or arguments.same_allocator:
            prepare_device(torch.device(arguments.device))  # as `codeling train` does
        torch.manual_seed(0)
        self.model, self.loss = BUILDERS[builder](config, device=arguments.device, compiled=compiled)
        self.optimizer: torch.optim.Optimizer
        if variant == "muon":
            from codeling.train.optimizers import build_optimizer

            self.optimizer = build_optimizer(
                self.model,
                kind="muon",
                learning_rate=None,
                weight_decay=None,
                tokens_per_step=arguments.batch * arguments.sequence_length,
            )
        else:
            self.optimizer = torch.optim.AdamW(self.model.parameters(), lr=1e-4, fused=True)
        self.arguments = arguments
        shape = (arguments.batch, arguments.sequence_length + 1)
        data = torch.randint(config.vocab_size, shape, generator=torch.Generator().manual_seed(0))
        self.tokens, self.targets = (part.contiguous().to(arguments.device) for part in (data[:, :-1], data[:, 1:]))

    def precision(self) -> AbstractContextManager[object]:
        if self.arguments.dtype == "fp32":
            return nullcontext()
        return torch.autocast(torch.device(self.arguments.device).type, dtype=torch.bfloat16)

    def step(self) -> float:
        with self.precision():
            loss = self.loss(self.tokens, self.targets)
        loss.backward()
        self.optimizer.step()
        self.optimizer.zero_grad(set_to_none=True)
        return loss.item()  # also waits for the device

    def measure(self, steps: int) -> float:
        """Seconds per step."""
        clock = time.process_time if self.arguments.clock == "cpu" else time.perf_counter
        start = clock()
        for _ in range(steps):
            self.step()
        return (clock() - start) / steps


def serve(
    connection: Connection, name: str, config: ModelConfig, arguments: argparse.Namespace, compiled: bool
) -> None:
    """A worker process: build, warm up, then for each number of steps that arrives answer with the seconds of one."""
    try:
        contender = Contender(name, config, arguments, compiled=compiled)
        for _ in range(3):  # compile, allocate, tune
            contender.step()
    except ModuleNotFoundError as error:
        connection.send(f"{name}: skipped, {error}; pip install -r benchmarks/requirements.txt")
        return
    connection.send(None)
    while steps := connection.recv():
        connection.send(contender.measure(steps))


class Worker:
    """A contender in a process of its own, so that no one's allocator, compiler or threads touch another's."""

    def __init__(self, name: str, config: ModelConfig, arguments: argparse.Namespace, *, compiled: bool) -> None:
        self.name = name + (" compiled" if compiled else "")
        self.seconds: list[float] = []
        context = multiprocessing.get_context("spawn")
        self.connection, other = context.Pipe()
        self.process = context.Process(target=serve, args=(other, name, config, arguments, compiled), daemon=True)
        self.process.start()
        other.close()
        try:
            self.refusal: str | None = self.connection.recv()
        except EOFError:
            self.process.join()
            self.refusal = f"{self.name}: failed with exit status {self.process.exitcode}"

    def measure(self, steps: int) -> None:
        self.connection.send(steps)
        self.seconds.append(self.connection.recv())

    def close(self) -> None:
        if self.process.is_alive():
            self.connection.send(0)
        self.process.join()


def start_workers(config: ModelConfig, arguments: argparse.Namespace) -> list[Worker]:
    workers = []
    for name in (*BUILDERS, "codeling muon"):
        for compiled in (False, True):
            if arguments.only and name not in arguments.only:
                continue
            if arguments.mode not in ("both", "compiled" if compiled else "eager"):
                continue
            worker = Worker(name, config, arguments, compiled=compiled)
            if worker.refusal is None:
                workers.append(worker)
            else:
                print(worker.refusal, file=sys.stderr)
    return workers


def report(contenders: list[Worker], config: ModelConfig, arguments: argparse.Namespace) -> list[dict[str, object]]:
    """Print the table; return its rows."""
    peers = [c for c in contenders if not c.name.startswith("codeling")]
    best = min(peers, key=lambda c: statistics.median(c.seconds)) if peers else None
    tokens = arguments.batch * arguments.sequence_length
    peak = next((flops for part, flops in PEAK_FLOPS.items() if part in arguments.device_name), None)
    rows: list[dict[str, object]] = []
    for contender in sorted(contenders, key=lambda c: statistics.median(c.seconds)):
        seconds = statistics.median(contender.seconds)
        row: dict[str, object] = {"vocab": config.vocab_size, "name": contender.name}
        row["tokens_per_second"] = round(tokens / seconds)
        row["milliseconds"] = round(1000 * seconds, 1)
        if best is not None:
            ratios = [theirs / ours for theirs, ours in zip(best.seconds, contender.seconds, strict=True)]
            row["ratio_to_best_peer"] = round(statistics.median(ratios), 2)
        flops = flops_per_token(config, arguments.sequence_length) * tokens / seconds
        row["gflops"] = round(flops / 1e9)
        if peak is not None:
            row["mfu_percent"] = round(100 * flops / peak, 1)
        rows.append(row)
        print("  ".join(f"{key}={value}" for key, value in row.items()), flush=True)
    return rows


def run(config: ModelConfig, arguments: argparse.Namespace) -> list[dict[str, object]]:
    workers = start_workers(config, arguments)
    try:
        for _ in range(arguments.rounds):
            for worker in workers:
                worker.measure(arguments.steps)
        return report(workers, config, arguments)
    finally:
        for worker in workers:
            worker.close()


def parse_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", maxsplit=1)[0])
    parser.add_argument("--device", default="cpu")
    parser.add_argument("--dtype", choices=("bf16", "fp32"), default="bf16")
    parser.add_argument("--size", choices=tuple(SIZES), help="default: tiny on the CPU, medium on a GPU")
    parser.add_argument("--vocab", type=int, nargs="+", help="default: 4096 32000 on the CPU, 32000 on a GPU")
    parser.add_argument("--batch", type=int, help="rows; default 8 on the CPU, 16 on a GPU")
    parser.add_argument("--sequence-length", type=int, help="tokens in a row; default 512 on the CPU, 1024 on a GPU")
    parser.add_argument("--mode", choices=("both", "eager", "compiled"), default="both")
    parser.add_argument("--only", nargs="*", help=f"of {', '.join(BUILDERS)}, 'codeling muon'")
    parser.add_argument(
        "--same-allocator", action="store_true", help="give peers codeling's setting of the C library's allocator too"
    )
    parser.add_argument(
        "--clock",
        choices=("wall", "cpu"),
        default="wall",
        help="cpu: processor time, for busy machines; use one thread",
    )
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--steps", type=int, help="steps in a round; default 2 on the CPU, 20 on a GPU")
    parser.add_argument("--json", type=Path, help="write the rows here as well")
    arguments = parser.parse_args()
    on_cpu = arguments.device == "cpu"
    arguments.size = arguments.size or ("tiny" if on_cpu else "medium")
    arguments.vocab = arguments.vocab or ([4096, 32_000] if on_cpu else [32_000])
    arguments.batch = arguments.batch or (8 if on_cpu else 16)
    arguments.sequence_length = arguments.sequence_length or (512 if on_cpu else 1024)
    arguments.steps = arguments.steps or (2 if on_cpu else 20)
    arguments.device_name = f"{os.cpu_count()} cores" if on_cpu else torch.cuda.get_device_name()
    return arguments


def main() -> None:
    arguments = parse_arguments()
    rows = []
    print(
        f"{arguments.size}, batch {arguments.batch} x {arguments.sequence_length}, {arguments.dtype}, "
        f"{arguments.device_name}, {torch.get_num_threads()} threads, torch {torch.__version__}"
    )
    for vocabulary in arguments.vocab:
        # Untied, because litgpt has no tied embeddings: everyone updates the same number of parameters.
        config = replace(SIZES[arguments.size], vocab_size=vocabulary, tie_embeddings=False)
        rows += run(config, arguments)
    if arguments.json:
        arguments.json.write_text(json.dumps(rows, indent=2) + "\n")


if __name__ == "__main__":
    main()
