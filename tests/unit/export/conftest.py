"""Checkpoints of both shapes that others know, with weights at random but large, so that what they say varies."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import torch
from small_shapes import small

from codeling.checkpoint import Checkpoint, LoadedModel, load_model, save_checkpoint
from codeling.config import to_mapping
from codeling.data.bash_tasks import generate_bash_tasks
from codeling.generate.config import Sampling
from codeling.generate.engine import Engine
from codeling.model.transformer import Transformer
from codeling.tokenizer.bpe import Tokenizer
from codeling.tokenizer.training import train_tokenizer

SHAPES = ("qwen3", "gpt2")
SOURCES = [
    {"source": "bash", "language": "bash", "licence": "CC0-1.0", "documents": 1200, "tokens": 34567, "bytes": 90000},
    {"source": "a|b", "language": "text", "licence": "unknown", "documents": 3, "tokens": 45, "bytes": 67},
]


@pytest.fixture(scope="session")
def export_tokenizer(tmp_path_factory: pytest.TempPathFactory) -> Tokenizer:
    texts = [document.text for document in itertools.islice(generate_bash_tasks(seed=5), 150)]
    output = tmp_path_factory.mktemp("tokenizer") / "tokenizer.json"
    return train_tokenizer(texts, vocab_size=700, output=output)


@pytest.fixture(scope="session")
def make_checkpoint(export_tokenizer: Tokenizer, tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Path]:
    """``(shape, seed=..., stage=..., ModelConfig's fields)`` to a checkpoint in a ``models/`` of its own."""

    def make(shape: str, *, seed: int = 1, stage: str = "tools", **changes: Any) -> Path:
        config = small(shape, export_tokenizer.vocab_size, **changes)
        model = Transformer(config)
        generator = torch.Generator().manual_seed(seed)
        for name, parameter in model.named_parameters():
            mean, deviation = float("norm.weight" in name), 0.1 if parameter.dim() == 1 else 0.2
            torch.nn.init.normal_(parameter, mean, deviation, generator=generator)
        info = {
            "stage": stage,
            "step": 1234,
            "tokens": 5_678_901,
            "metrics": {"val_loss": 1.25, "val_bits_per_byte": 0.875, "train_loss": None},
            "model": to_mapping(config),
            "train": {},
            "tokenizer_hash": export_tokenizer.content_hash,
            "data": {"sources": SOURCES},
            "earlier": [{"stage": "language", "step": 99, "data": {"sources": []}}],
        }
        path = tmp_path_factory.mktemp(shape) / "models" / f"{shape}_best.pth"
        save_checkpoint(path, Checkpoint(info, model.state_dict(), export_tokenizer.to_json()))
        return path

    return make


@pytest.fixture(scope="session")
def checkpoints(make_checkpoint: Callable[..., Path]) -> dict[str, Path]:
    """One of each shape; read only."""
    return {shape: make_checkpoint(shape) for shape in SHAPES}


@pytest.fixture(params=SHAPES)
def loaded(request: pytest.FixtureRequest, checkpoints: dict[str, Path]) -> LoadedModel:
    """Each shape's model, loaded anew."""
    return load_model(checkpoints[request.param])


@dataclass(frozen=True)
class Greedy:
    """Prompts and the 64 tokens that follow each."""

    prompts: list[list[int]]
    completions: list[list[int]]


@pytest.fixture
def greedy(loaded: LoadedModel) -> Greedy:
    """Completions that no rounding can change: at every token the likeliest one leads by more than 0.01 logits.

    That is several times what any program's arithmetic differs by; among random weights near ties are frequent, and
    which way one falls says nothing about an export.
    """
    generator = torch.Generator().manual_seed(0)
    prompts = torch.randint(loaded.model.config.vocab_size, (60, 20), generator=generator).tolist()
    sampling = Sampling(temperature=0.0, max_tokens=64)
    completions = [completion.ids for completion in Engine(loaded.model, max_batch=60).generate(prompts, sampling)]
    with torch.no_grad():
        rows = torch.tensor([prompt + ids[:-1] for prompt, ids in zip(prompts, completions, strict=True)])
        best = loaded.model(rows)[:, 19:].topk(2, dim=-1).values  # (60, 64, 2)
    leads = (best[..., 0] - best[..., 1]).amin(-1)
    clear = [i for i, ids in enumerate(completions) if leads[i] > 0.01 and len(set(ids)) > 20][:4]
    assert len(clear) == 4, "the random model repeats itself, or is never sure"
    return Greedy([prompts[i] for i in clear], [completions[i] for i in clear])
