"""Held-out bits per byte after the same wall-clock: Codeling against `transformers` Llama with AdamW.

Both sides see the same real text through the same 4k tokenizer in the same order, in bf16 at width 256, 4 layers and
rows of 256 tokens, and both warm their rate down over the last 65 % of the clock. Llama gets the best of three learning
rates. Compilation happens before the clock starts (on weights that are then initialised again) and is printed. Our
architecture is plain Qwen3 with an untied head, so that every trained model here could be exported.

    python benchmarks/sample_efficiency.py --seconds 240 --output sample_efficiency.json

The clock counts training steps only. Run it on a quiet machine: other programs take time from one side.
"""

from __future__ import annotations

import argparse
import functools
import gzip
import json
import math
import platform
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from codeling.errors import UsageError
from codeling.model.compile import compile_hot_parts
from codeling.model.config import ModelConfig
from codeling.model.transformer import Transformer
from codeling.runtime.device import prepare_device
from codeling.tokenizer.training import train_tokenizer
from codeling.train.optimizers import build_optimizer
from codeling.train.schedules import apply_schedule

SHARED_DATA = Path(__file__).resolve().parents[1] / "../shared/data"
WIDTH, LAYERS, HEADS, MLP_WIDTH = 256, 4, 4, 1024
LLAMA_LEARNING_RATES = (1e-3, 2e-3, 4e-3)


@dataclass(frozen=True)
class Text:
    """The same tokens for every contender."""

    train: np.ndarray
    valid: np.ndarray
    valid_bytes: int
    vocab_size: int


@dataclass(frozen=True)
class Contender:
    """One way to train: ``loss(tokens, targets)`` is the mean cross-entropy in nats; ``reset`` forgets the warm-up."""

    name: str
    model: nn.Module
    loss: Callable[[Tensor, Tensor], Tensor]
    optimizer: Callable[[], torch.optim.Optimizer]
    reset: Callable[[], object]
    rows: int


@dataclass
class Outcome:
    """What one contender reached."""

    name: str
    bits_per_byte: float
    tokens: int
    steps: int
    seconds: float
    tokens_per_second: float
    warmup_seconds: float
    parameters: int
    curve: list[tuple[float, float]]  # (seconds, training loss in nats per token, mean over a window)


def main() -> None:
    """Parse the flags, run every contender in turn, print the table."""
    options = parse_flags()
    if options.threads:
        torch.set_num_threads(options.threads)
    prepare_device(torch.device("cpu"))  # as `codeling train` does; it serves every contender
    text = read_text(options)
    print(f"{len(text.train):,} training tokens, {len(text.valid):,} held-out tokens of {text.valid_bytes:,} bytes")
    outcomes = []
    for make in contenders(text, options):
        outcome = run(make(), text, options)
        outcomes.append(outcome)
        print(
            f"{outcome.name:28} {outcome.bits_per_byte:.4f} bits/byte  {outcome.tokens / 1e6:.2f}M tokens  "
            f"{outcome.steps} steps  {outcome.tokens_per_second:,.0f} tokens/s  "
            f"(compiled and warmed up in {outcome.warmup_seconds:.0f} s)",
            flush=True,
        )
    ours = [outcome for outcome in outcomes if outcome.name.startswith("codeling")]
    llama = [outcome for outcome in outcomes if outcome.name.startswith("llama")]
    if ours and llama:
        best = min(llama, key=lambda outcome: outcome.bits_per_byte)
        ratio = ours[0].bits_per_byte / best.bits_per_byte
        print(f"codeling is {100 * (1 - ratio):.1f} % below {best.name} (goal: 36 %)")
    if options.output:
        report = {
            "torch": torch.__version__,
            "machine": platform.processor() or platform.machine(),
            "threads": torch.get_num_threads(),
            "seconds": options.seconds,
            "outcomes": [asdict(outcome) for outcome in outcomes],
        }
        options.output.write_text(json.dumps(report, indent=2) + "\n", encoding="utf-8")


def parse_flags() -> argparse.Namespace:
    """The command line; every default is the setting of the published comparison."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=240.0, help="training time of each contender")
    parser.add_argument("--sides", default="codeling,llama", help="comma-separated: codeling, llama")
    parser.add_argument("--train", type=Path, default=SHARED_DATA / "stage2_code_python_train.jsonl.gz")
    parser.add_argument("--valid", type=Path, default=SHARED_DATA / "stage2_code_python_valid.jsonl.gz")
    parser.add_argument("--vocab-size", type=int, default=4096)
    parser.add_argument("--sequence-length", type=int, default=256)
    parser.add_argument("--rows", type=int, default=8, help="rows per step of codeling")
    parser.add_argument("--llama-rows", type=int, default=4, help="rows per step of Llama (4 was its best)")
    parser.add_argument("--learning-rate", type=float, default=None, help="codeling's; default: tuned")
    parser.add_argument(
        "--llama-learning-rates", type=float, nargs="+", default=LLAMA_LEARNING_RATES, help="each is run; best counts"
    )
    parser.add_argument("--tie-embeddings", action="store_true", help="codeling with a tied head")
    parser.add_argument("--no-compile", action="store_true", help="codeling without torch.compile")
    parser.add_argument("--threads", type=int, default=0, help="0: what torch chooses")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--output", type=Path, help="write all numbers as JSON")
    return parser.parse_args()


def read_text(options: argparse.Namespace) -> Text:
    """Both files through a tokenizer trained on the first."""
    documents = {}
    for name in ("train", "valid"):
        path: Path = getattr(options, name)
        if not path.exists():
            raise UsageError(f"--{name} {path} does not exist; give a .jsonl.gz file whose lines have a field text")
        with gzip.open(path, "rt", encoding="utf-8") as file:
            documents[name] = [json.loads(line)["text"] for line in file]
    with tempfile.TemporaryDirectory() as folder:
        output = Path(folder) / "tokenizer.json"
        tokenizer = train_tokenizer(documents["train"], vocab_size=options.vocab_size, output=output)
    tokens = {}
    for name, texts in documents.items():
        encoded = tokenizer.encode_batch(texts)
        tokens[name] = np.concatenate([np.asarray([*ids, tokenizer.end_of_text], dtype=np.int64) for ids in encoded])
    return Text(
        train=tokens["train"],
        valid=tokens["valid"],
        valid_bytes=sum(len(text.encode("utf-8")) for text in documents["valid"]),
        vocab_size=tokenizer.vocab_size,
    )


def contenders(text: Text, options: argparse.Namespace) -> Iterator[Callable[[], Contender]]:
    """What to run, each built only when its turn comes."""
    for side in options.sides.split(","):
        if side == "codeling":
            yield lambda: codeling(text, options)
        elif side == "llama":
            for rate in options.llama_learning_rates:
                yield lambda rate=rate: llama(text, rate, options)
        else:
            raise UsageError(f"--sides {side}: choose codeling, llama or both, separated by a comma")


def codeling(text: Text, options: argparse.Namespace) -> Contender:
    """Our Qwen3 with Muon."""
    config = ModelConfig(
        d_model=WIDTH,
        num_layers=LAYERS,
        num_heads=HEADS,
        num_kv_heads=HEADS,
        d_ff=MLP_WIDTH,
        vocab_size=text.vocab_size,
        max_sequence_length=options.sequence_length,
        tie_embeddings=options.tie_embeddings,
    )
    model = Transformer(config)
    if not options.no_compile:
        compile_hot_parts(model)
    return Contender(
        name="codeling, Muon",
        model=model,
        loss=lambda tokens, targets: model.loss(tokens, targets) / targets.numel(),
        optimizer=lambda: build_optimizer(
            model,
            kind="muon",
            learning_rate=options.learning_rate,
            tokens_per_step=options.rows * options.sequence_length,
        ),
        reset=lambda: model.init_weights(options.seed),
        rows=options.rows,
    )


def llama(text: Text, learning_rate: float, options: argparse.Namespace) -> Contender:
    """`transformers` Llama of the same shape with AdamW, eager (compiled it is slower on this CPU)."""
    from transformers import LlamaConfig, LlamaForCausalLM

    torch.manual_seed(options.seed)
    config = LlamaConfig(
        hidden_size=WIDTH,
        num_hidden_layers=LAYERS,
        num_attention_heads=HEADS,
        num_key_value_heads=HEADS,
        intermediate_size=MLP_WIDTH,
        vocab_size=text.vocab_size,
        max_position_embeddings=options.sequence_length,
        tie_word_embeddings=False,
        use_cache=False,
    )
    model = LlamaForCausalLM(config)
    initial = {name: value.clone() for name, value in model.state_dict().items()}

    def loss(tokens: Tensor, targets: Tensor) -> Tensor:
        logits = model(input_ids=tokens).logits
        return F.cross_entropy(logits.float().flatten(0, 1), targets.flatten())

    return Contender(
        name=f"llama, AdamW {learning_rate:g}",
        model=model,
        loss=loss,
        optimizer=lambda: build_optimizer(
            model,
            kind="adamw",
            learning_rate=learning_rate,
            tokens_per_step=options.llama_rows * options.sequence_length,
        ),
        reset=lambda: model.load_state_dict(initial),
        rows=options.llama_rows,
    )


def run(contender: Contender, text: Text, options: argparse.Namespace) -> Outcome:
    """Warm up, forget, train by the clock, evaluate."""
    model, length = contender.model, options.sequence_length
    start = time.perf_counter()
    optimizer = contender.optimizer()
    for step in range(3):
        train_step(contender, optimizer, batch(text.train, step, rows=contender.rows, length=length, seed=options.seed))
    contender.reset()
    optimizer = contender.optimizer()
    warmup_seconds = time.perf_counter() - start

    # Numbers, not tensors: one small block kept per step would keep glibc from joining the large ones it frees.
    losses: list[float] = []
    curve: list[tuple[float, float]] = []
    start = time.perf_counter()
    while (elapsed := time.perf_counter() - start) < options.seconds:
        step = len(losses)
        # The clock decides where in the schedule we are: as many steps in all as this pace will give.
        total_steps = round(step * options.seconds / elapsed) if step else 10**6
        apply_schedule(optimizer, step=step, total_steps=max(total_steps, step + 1), warmup_steps=40)
        tokens = batch(text.train, step, rows=contender.rows, length=length, seed=options.seed)
        losses.append(train_step(contender, optimizer, tokens))
        if len(losses) % 100 == 0:
            curve.append((elapsed, sum(losses[-100:]) / 100))
    seconds = time.perf_counter() - start
    num_tokens = len(losses) * contender.rows * length
    return Outcome(
        name=contender.name,
        bits_per_byte=bits_per_byte(contender, text, length=length),
        tokens=num_tokens,
        steps=len(losses),
        seconds=seconds,
        tokens_per_second=num_tokens / seconds,
        warmup_seconds=warmup_seconds,
        parameters=sum(parameter.numel() for parameter in model.parameters()),
        curve=curve,
    )


def train_step(contender: Contender, optimizer: torch.optim.Optimizer, tokens: Tensor) -> float:
    """One optimizer step on rows (B, T + 1); the loss."""
    with torch.autocast("cpu", torch.bfloat16):
        loss = contender.loss(tokens[:, :-1], tokens[:, 1:])
    loss.backward()
    optimizer.step()
    optimizer.zero_grad(set_to_none=True)
    return loss.item()


def batch(stream: np.ndarray, step: int, *, rows: int, length: int, seed: int) -> Tensor:
    """Rows (B, T + 1) of consecutive tokens: row after row of one shuffled order, the same for every contender."""
    num_rows = (len(stream) - 1) // length
    epoch, first = divmod(step * rows, num_rows)
    order = row_order(num_rows, seed, epoch)
    chosen = order[np.arange(first, first + rows) % num_rows]
    return torch.from_numpy(stream[chosen[:, None] * length + np.arange(length + 1)])


@functools.lru_cache(maxsize=1)
def row_order(num_rows: int, seed: int, epoch: int) -> np.ndarray:
    """The shuffled rows of one pass over the text."""
    return np.random.default_rng((seed, epoch)).permutation(num_rows)


def bits_per_byte(contender: Contender, text: Text, *, length: int) -> float:
    """Held-out bits for all tokens, end-of-text included, over the bytes of the text; rows do not overlap."""
    num_rows = (len(text.valid) - 1) // length
    rows = text.valid[np.arange(num_rows)[:, None] * length + np.arange(length + 1)]
    contender.model.eval()
    total, count = 0.0, 0
    with torch.no_grad(), torch.autocast("cpu", torch.bfloat16):
        for start in range(0, num_rows, 16):
            tokens = torch.from_numpy(rows[start : start + 16])
            total += contender.loss(tokens[:, :-1], tokens[:, 1:]).item() * tokens[:, 1:].numel()
            count += tokens[:, 1:].numel()
    contender.model.train()
    tokens_per_byte = len(text.valid) / text.valid_bytes
    return total / count / math.log(2) * tokens_per_byte


if __name__ == "__main__":
    main()
