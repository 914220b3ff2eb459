"""Shared by the tests of evaluations and of stages: a workspace with a tokenizer, shards and two tiny checkpoints."""

import itertools
from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def small_workspace(tmp_path_factory) -> Path:
    """A working directory with data/tokenizer, val_large, code_val_large and the checkpoints of both stages.

    The models have the nano shape's proportions and a minute fraction of its training: the code model knows its
    few documents by heart, the language model has seen other text.
    """
    import torch

    from codeling.checkpoint import Checkpoint, save_checkpoint
    from codeling.config import to_mapping
    from codeling.data.bash_tasks import generate_bash_tasks
    from codeling.data.shards import ShardWriter
    from codeling.data.stories import generate_stories
    from codeling.model.config import ModelConfig
    from codeling.model.transformer import Transformer
    from codeling.tokenizer.training import train_tokenizer

    root = tmp_path_factory.mktemp("workspace")
    stories = [document.text for document in itertools.islice(generate_stories(seed=5), 30)]
    code = [document.text for document in itertools.islice(generate_bash_tasks(seed=5), 60)]
    tokenizer = train_tokenizer(stories + code, vocab_size=500, output=root / "data" / "tokenizer" / "tokenizer.json")
    for name, texts in (("val_large", stories), ("code_val_large", code)):
        (root / "data" / "processed").mkdir(exist_ok=True)
        with ShardWriter(
            root / "data" / "processed" / f"{name}.npy",
            tokenizer_hash=tokenizer.content_hash,
            vocab_size=tokenizer.vocab_size,
            end_of_text=tokenizer.end_of_text,
            split="val",
        ) as writer:
            for text in texts:
                writer.add(tokenizer.encode(text), num_bytes=len(text.encode()))

    config = ModelConfig(
        d_model=64, num_layers=2, num_heads=2, num_kv_heads=2, d_ff=128, vocab_size=tokenizer.vocab_size,
        max_sequence_length=512,
    )  # fmt: skip
    for stage, texts in (("language", stories), ("code", code)):
        model = Transformer(config).init_weights(seed=1)
        optimizer = torch.optim.AdamW(model.parameters(), lr=3e-3)
        stream = [token for text in texts for token in (*tokenizer.encode(text), tokenizer.end_of_text)]
        rows = torch.tensor(stream[: len(stream) // 65 * 65]).view(-1, 65)
        generator = torch.Generator().manual_seed(0)
        for _ in range(60):
            batch = rows[torch.randint(len(rows), (16,), generator=generator)]
            (model.loss(batch[:, :-1], batch[:, 1:]) / batch[:, 1:].numel()).backward()
            optimizer.step()
            optimizer.zero_grad()
        info = {
            "stage": stage,
            "model": to_mapping(config),
            "train": {"sequence_length": 128},
            "tokenizer_hash": tokenizer.content_hash,
        }
        checkpoint = Checkpoint(info=info, model=model.state_dict(), tokenizer=tokenizer.to_json())
        save_checkpoint(root / "models" / f"{stage}_model_best.pth", checkpoint)
    return root
