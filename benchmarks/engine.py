"""How fast the engine prefills and decodes, with random weights and a full batch: `python benchmarks/engine.py`.

Prints tokens per second of a prefill of 256 tokens and of decoding after it, for each number of streams, in float32,
float16 and int8, all in one run. Times are the fastest step's: what else the machine does makes steps slower, never
faster.
"""

from __future__ import annotations

import argparse
import time

import torch

from codeling.generate.config import Sampling
from codeling.generate.requests import Request
from codeling.generate.scheduler import Scheduler
from codeling.model.config import SIZES, ModelConfig, model_config
from codeling.model.quantized import WeightFormat, quantize_matrices
from codeling.model.transformer import Transformer


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model-size", choices=[*SIZES], default="tiny")
    parser.add_argument("--vocab-size", type=int, default=32_000)
    parser.add_argument("--streams", type=int, nargs="+", default=[1, 8, 32])
    parser.add_argument("--prompt-tokens", type=int, default=256)
    parser.add_argument("--steps", type=int, default=50)
    options = parser.parse_args()
    config = model_config(options.model_size, vocab_size=options.vocab_size)
    print(f"{options.model_size}, {torch.get_num_threads()} threads, {torch.backends.cpu.get_cpu_capability()}")
    print("weights  streams  prefill tok/s  decode tok/s  ms per step")
    formats: tuple[WeightFormat | None, ...] = (None, "float16", "int8")
    for kind in formats:
        model, weights = random_model(config), kind or "float32"
        if kind is not None:
            quantize_matrices(model, kind)
        for streams in options.streams:
            prefill, step = measure(model, streams, num_prompt=options.prompt_tokens, num_steps=options.steps)
            rate = streams * options.prompt_tokens / prefill
            print(f"{weights:8} {streams:7} {rate:14,.0f} {streams / step:13,.0f} {step * 1e3:12.2f}", flush=True)


def random_model(config: ModelConfig) -> Transformer:
    model = Transformer(config).eval()
    with torch.no_grad():
        for parameter in model.parameters():
            if parameter.dim() > 1:
                parameter.normal_(0, 0.02)
    return model


def measure(model: Transformer, streams: int, *, num_prompt: int, num_steps: int) -> tuple[float, float]:
    """Seconds of the prefill with its first step of decoding, and of the fastest further step."""
    scheduler = Scheduler(model, lambda emission: None, max_rows=streams, step_tokens=streams * num_prompt)
    sampling = Sampling(temperature=1.0, seed=0, max_tokens=num_steps + 2)
    for key in range(streams):
        prompt = torch.randint(model.config.vocab_size, (num_prompt,)).tolist()
        scheduler.add(key, Request(prompt, sampling))
    times = []
    for _ in range(num_steps + 1):
        started = time.perf_counter()
        scheduler.step()
        times.append(time.perf_counter() - started)
    fastest = min(times[1:])
    return times[0] - fastest, fastest


if __name__ == "__main__":
    main()
