"""What constrained decoding costs: compiling a grammar, a mask per token, and tokens a second with and without.

    python benchmarks/constrained_decoding.py             # vocabularies 4,096 and 32,000, nano and tiny
    python benchmarks/constrained_decoding.py --vocab 32000 --sizes tiny --batches 8 --rounds 9 --json constrained.json
    python benchmarks/constrained_decoding.py --device cuda --sizes medium

The tokenizer is trained on Python's standard library, the models have random weights: only time is measured. With and
without a grammar a request makes the same number of tokens from the same prompt. Rounds are interleaved, so that a slow
minute of a shared machine hits both; a time is the median of its rounds and a ratio the median of the per-round ratios.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import sysconfig
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import torch

from codeling.generate.config import Sampling
from codeling.generate.engine import Engine
from codeling.generate.grammar import Grammar, GrammarCompiler
from codeling.model.config import SIZES, model_config
from codeling.model.transformer import Transformer
from codeling.tokenizer.bpe import Tokenizer
from codeling.tokenizer.training import train_tokenizer
from codeling.tools.calls import CALL_END, CALL_START, ToolCall, call_json
from codeling.tools.schema import Tool

TRAINING_CHARACTERS = 8_000_000
WEATHER: dict[str, Any] = {
    "type": "object",
    "properties": {
        "city": {"type": "string"},
        "days": {"type": "integer", "minimum": 1, "maximum": 14},
        "unit": {"enum": ["celsius", "fahrenheit"]},
        "place": {
            "type": "object",
            "properties": {"latitude": {"type": "number"}, "longitude": {"type": "number"}},
            "required": ["latitude", "longitude"],
        },
        "tags": {"type": "array", "items": {"type": "string"}, "maxItems": 5},
    },
    "required": ["city", "days"],
}
ARGUMENTS: dict[str, Any] = {
    "city": "Los Angeles, by the sea",
    "days": 7,
    "unit": "celsius",
    "place": {"latitude": 34.05, "longitude": -118.24},
    "tags": ["holiday", "warm weather"],
}
# Never complete within a benchmark: strings, numbers, names and structure in turn.
ENDLESS: dict[str, Any] = {
    "type": "array",
    "items": {
        "type": "object",
        "properties": {"city": {"type": "string", "maxLength": 20}, "days": {"type": "integer", "maximum": 999}},
        "required": ["city", "days"],
    },
    "minItems": 1000,
}


def tools(count: int) -> list[Tool]:
    return [Tool(f"get_weather_{index}", "", WEATHER) for index in range(count)]


def stdlib_tokenizer(vocab_size: int, folder: Path) -> Tokenizer:
    texts, size = [], 0
    for file in sorted(Path(sysconfig.get_path("stdlib")).rglob("*.py")):
        if "site-packages" not in file.parts and size < TRAINING_CHARACTERS:
            texts.append(file.read_text(encoding="utf-8", errors="replace"))
            size += len(texts[-1])
    return train_tokenizer(texts, vocab_size=vocab_size, output=folder / str(vocab_size) / "tokenizer.json")


def seconds(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def median_seconds(work: Callable[[], object], repeats: int) -> float:
    return statistics.median(seconds(work) for _ in range(repeats))


def compile_times(tokenizer: Tokenizer) -> dict[str, float]:
    """Milliseconds, the median of several."""
    compiler = GrammarCompiler(tokenizer)
    work: dict[str, Callable[[], object]] = {
        "the compiler itself, once": lambda: GrammarCompiler(tokenizer),
        "a JSON schema": lambda: compiler.json_schema(WEATHER),
        "any JSON object": compiler.json_object,
        "one tool": lambda: compiler.tool_calls(tools(1), required=True, parallel=False),
        "8 tools": lambda: compiler.tool_calls(tools(8), required=False, parallel=True),
        "32 tools": lambda: compiler.tool_calls(tools(32), required=False, parallel=True),
        "a regular expression": lambda: compiler.regex(r"[0-9]{4}-[0-9]{2}-[0-9]{2}"),
        "a request begins (8 tools)": compiler.tool_calls(tools(8), required=False, parallel=True).begin,
    }
    return {name: 1e3 * median_seconds(action, repeats=9) for name, action in work.items()}


def token_times(tokenizer: Tokenizer) -> dict[str, float]:
    """Microseconds a token to compute the mask and take the token in, along a text that the grammar allows."""
    compiler = GrammarCompiler(tokenizer)
    ends = [[tokenizer.token_id(marker)] for marker in (CALL_START, CALL_END)]
    body = tokenizer.encode(f"\n{call_json(ToolCall('get_weather_3', ARGUMENTS))}\n")
    offered = compiler.tool_calls(tools(8), required=False, parallel=True)
    cases: dict[str, tuple[Grammar, list[int]]] = {
        "a call, 8 tools": (offered, ends[0] + body + ends[1]),
        "free text, 8 tools": (offered, tokenizer.encode("It is warm and dry in that city all through the week. " * 3)),
        "a JSON schema": (compiler.json_schema(WEATHER), tokenizer.encode(json.dumps(ARGUMENTS))),
        "any JSON object": (compiler.json_object(), tokenizer.encode(json.dumps(ARGUMENTS))),
    }
    return {
        name: 1e6 * median_seconds(lambda c=case: walk(*c), repeats=15) / len(case[1]) for name, case in cases.items()
    }


def walk(grammar: Grammar, ids: list[int]) -> None:
    constraint = grammar.begin()
    for token in ids:
        assert constraint.allowed()[token], token
        constraint.accept(token)


def engine_times(tokenizer: Tokenizer, size: str, batch: int, arguments: argparse.Namespace) -> dict[str, float]:
    """Tokens a second without and with a grammar, and the ratio of the times, with / without."""
    config = model_config(size, vocab_size=tokenizer.vocab_size)
    model = Transformer(config).init_weights(seed=0).to(arguments.device).eval()
    engine = Engine(model, max_batch=batch)
    grammar = GrammarCompiler(tokenizer).json_schema(ENDLESS)
    prompts = [tokenizer.encode(f"The weather of city number {row} is: ") for row in range(batch)]
    sampling = [Sampling(temperature=1.0, seed=row, max_tokens=arguments.tokens) for row in range(batch)]

    def run(grammars: list[Grammar | None]) -> None:
        completions = engine.generate(prompts, sampling, grammars=grammars)
        assert all(len(completion.ids) == arguments.tokens for completion in completions)

    free, held = [], []
    run([None] * batch)
    run([grammar] * batch)
    for _ in range(arguments.rounds):
        free.append(seconds(lambda: run([None] * batch)))
        held.append(seconds(lambda: run([grammar] * batch)))
    made = batch * arguments.tokens
    return {
        "free": made / statistics.median(free),
        "constrained": made / statistics.median(held),
        "ratio": statistics.median(b / a for a, b in zip(free, held, strict=True)),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--vocab", type=int, nargs="+", default=[4096, 32_000], help="vocabulary sizes")
    parser.add_argument("--sizes", nargs="+", default=["nano", "tiny"], choices=SIZES, help="model sizes")
    parser.add_argument("--batches", type=int, nargs="+", default=[1, 8], help="requests at once")
    parser.add_argument("--tokens", type=int, default=128, help="tokens of a request")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--device", default="cpu")
    parser.add_argument("--json", type=Path, help="write the numbers here too")
    arguments = parser.parse_args()

    print(f"{torch.get_num_threads()} threads, torch {torch.__version__}, {arguments.device}")
    numbers: dict[str, Any] = {}
    with tempfile.TemporaryDirectory() as folder:
        for vocab in arguments.vocab:
            tokenizer = stdlib_tokenizer(vocab, Path(folder))
            made = numbers[str(vocab)] = {"compile_ms": compile_times(tokenizer), "token_us": token_times(tokenizer)}
            for title, unit in (("compile_ms", "ms"), ("token_us", "microseconds a token")):
                print(f"\nvocabulary {vocab:,}, {unit}")
                for name, value in made[title].items():
                    print(f"  {name:30}{value:10.2f}")
            print(f"\nvocabulary {vocab:,}, tokens a second")
            print(f"  {'model':8}{'batch':>6}{'free':>10}{'constrained':>13}{'time ratio':>12}")
            for size in arguments.sizes:
                for batch in arguments.batches:
                    row = made[f"{size}, batch {batch}"] = engine_times(tokenizer, size, batch, arguments)
                    print(f"  {size:8}{batch:6}{row['free']:10.0f}{row['constrained']:13.0f}{row['ratio']:12.3f}")
                    sys.stdout.flush()
    if arguments.json:
        arguments.json.write_text(json.dumps(numbers, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
