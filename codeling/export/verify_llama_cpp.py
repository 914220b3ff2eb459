"""A GGUF file, asked through llama.cpp: chances, greedy tokens, ids, chat template."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import torch

from codeling.export.config import Quantization
from codeling.export.gguf_file import quantization_of, round_as_stored
from codeling.export.llama_cpp import LlamaCpp, running
from codeling.export.parity import TEXTS, Check, Reference, equal, renderings, within
from codeling.export.shapes import GPT2, Shape, shape_of

_LARGEST = 50
"""Log-probabilities compared at a position: the likeliest ones."""


def tolerance_of(shape: Shape, quantization: Quantization) -> float:
    """Largest difference of two log-probabilities that llama.cpp's own arithmetic explains (measured, docs/LOG.md).

    For F16 and Q8_0 it rounds what is multiplied with the weights to that format too, and its GELU, which GPT-2 has, is
    a table of half precision.
    """
    if quantization == "F32":
        return 5e-3 if shape is GPT2 else 1e-4
    return 5e-2 if quantization == "F16" else 0.5


def verify_gguf(reference: Reference, file: Path) -> Iterator[Check]:
    """The checks, in the order in which they are made."""
    quantization = quantization_of(file)
    round_as_stored(reference.model, quantization)
    config = reference.model.config
    tolerance = tolerance_of(shape_of(config), quantization)
    with running(file, context=config.max_sequence_length, threads=torch.get_num_threads()) as llama_cpp:
        yield from _numbers(reference, llama_cpp, tolerance=tolerance)
        ids = [(llama_cpp.tokenize(text), reference.tokenizer.encode_with_special(text)) for text in TEXTS]
        yield equal("ids of texts", ids, unit="texts")
        rendered = [
            (llama_cpp.render({"messages": messages, "tools": tools}), text) for messages, tools, text in renderings()
        ]
        yield equal("chat template", rendered, unit="conversations")


def _numbers(reference: Reference, llama_cpp: LlamaCpp, *, tolerance: float) -> Iterator[Check]:
    completions = reference.greedy()
    differences = []
    for prompt, made in zip(reference.prompts, completions, strict=True):
        for ids in (prompt, [*prompt, *made[:-1]]):
            ours = torch.log_softmax(reference.logits(ids)[-1], -1)
            theirs = llama_cpp.log_probabilities(ids, _LARGEST)
            differences += [abs(float(ours[token]) - value) for token, value in theirs.items()]
    largest = float(torch.tensor(differences).max()) if differences else float("nan")
    yield within(f"largest difference of {len(differences)} log-probabilities", largest, tolerance)
    yield _greedy(reference, llama_cpp, completions, tolerance=tolerance)


def _greedy(reference: Reference, llama_cpp: LlamaCpp, completions: list[list[int]], *, tolerance: float) -> Check:
    """Equal tokens; one may differ only where ours was a tie as far as rounding can tell. After it, ours goes on."""
    equals = ties = 0
    for prompt, ours in zip(reference.prompts, completions, strict=True):
        at = 0
        while at < len(ours):
            theirs = llama_cpp.greedy([*prompt, *ours[:at]], len(ours) - at)
            agreed = next((i for i, token in enumerate(theirs) if token != ours[at + i]), len(theirs))
            equals += agreed
            at += agreed
            if at == len(ours):
                break
            if agreed == len(theirs):
                return Check("greedy tokens", False, f"llama.cpp ended after {at} of {len(ours)} tokens")
            logits = reference.logits([*prompt, *ours[:at]])[-1]
            gap = float(logits[ours[at]] - logits[theirs[agreed]])
            if not gap <= 2 * tolerance:
                what = f"token {at} is {theirs[agreed]}, not {ours[at]}, which leads by {gap:.2g} logits"
                return Check("greedy tokens", False, what)
            ties += 1
            at += 1
    parted = f"; {ties} where two were as likely" if ties else ""
    return Check("greedy tokens", True, f"{equals} of {equals + ties} equal{parted}")
