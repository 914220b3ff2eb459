"""Real servers on 127.0.0.1, each with a thread of its own, on a model with random weights."""

import itertools
from collections.abc import Iterator
from pathlib import Path

import pytest
from serve_running import Running, running

from codeling.checkpoint import Checkpoint, save_checkpoint
from codeling.config import to_mapping
from codeling.data.bash_tasks import generate_bash_tasks
from codeling.data.stories import generate_stories
from codeling.model.config import ModelConfig
from codeling.model.transformer import Transformer
from codeling.tokenizer.training import train_tokenizer
from codeling.tools.calls import ToolCall, render_call

CONTEXT = 512


@pytest.fixture(scope="session")
def tiny_checkpoint(tmp_path_factory) -> Path:
    """Stage "tools" by its own account; its weights are random."""
    folder = tmp_path_factory.mktemp("served")
    texts = [document.text for document in itertools.islice(generate_stories(seed=5), 40)]
    texts += [document.text for document in itertools.islice(generate_bash_tasks(seed=5), 40)]
    texts += [render_call(ToolCall("get_weather", {"city": "Rome", "days": 3})) for _ in range(20)]
    tokenizer = train_tokenizer(texts, vocab_size=600, output=folder / "tokenizer.json")
    config = ModelConfig(
        d_model=32, num_layers=2, num_heads=2, num_kv_heads=2, d_ff=64, vocab_size=tokenizer.vocab_size,
        max_sequence_length=CONTEXT,
    )  # fmt: skip
    info = {"stage": "tools", "step": 7, "model": to_mapping(config), "tokenizer_hash": tokenizer.content_hash}
    model = Transformer(config).init_weights(seed=3)
    path = folder / "tool_model_best.pth"
    save_checkpoint(path, Checkpoint(info=info, model=model.state_dict(), tokenizer=tokenizer.to_json()))
    return path


@pytest.fixture(scope="session")
def served(tiny_checkpoint) -> Iterator[Running]:
    with running(tiny_checkpoint) as one:
        yield one
