"""What training feeds: rows of conversations say which slots belong together, rows of plain text are one text."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch

from codeling.data.assembly import IGNORE
from codeling.data.batches import BatchStream
from codeling.data.shards import Shard, ShardWriter
from codeling.errors import Failure
from codeling.evals.loss import bits_per_byte
from codeling.model.config import ModelConfig
from codeling.model.transformer import Transformer
from codeling.runtime.distributed import Processes
from codeling.stages.training_data import Feed, validation_share
from codeling.stages.training_setup import Setup
from codeling.tokenizer.bpe import Tokenizer
from codeling.tokenizer.training import train_tokenizer
from codeling.train.config import TrainConfig

CPU = torch.device("cpu")


@pytest.fixture(scope="module")
def tokenizer(tmp_path_factory) -> Tokenizer:
    return train_tokenizer(["x"], vocab_size=269, output=tmp_path_factory.mktemp("t") / "tokenizer.json")


def write(path: Path, tokenizer: Tokenizer, *, masked: bool) -> Shard:
    rng = np.random.default_rng(0)
    with ShardWriter(
        path, tokenizer_hash=tokenizer.content_hash, vocab_size=269, end_of_text=tokenizer.end_of_text, mask=masked
    ) as writer:
        for length in (20, 9, 14, 31, 12, 5):
            mask = rng.integers(0, 2, length) if masked else None
            writer.add(rng.integers(0, 256, length), num_bytes=length, mask=mask)
    return Shard.open(path)


@pytest.mark.parametrize("masked", [True, False])
def test_only_rows_of_conversations_keep_documents_apart(tmp_path, tokenizer, masked):
    shard = write(tmp_path / "train.npy", tokenizer, masked=masked)
    stream = BatchStream([(shard, 1)], rows=4, sequence_length=32, seed=0, fim_rate=0.0, tokenizer=tokenizer)
    feed = Feed(stream, batch_size=2, processes=Processes(), device=CPU)
    try:
        batches = feed(0)
    finally:
        feed.close()
    expected = stream.batch(0)
    assert len(batches) == 2 and sum(batch.num_targets for batch in batches) == expected.num_targets
    for number, batch in enumerate(batches):
        rows = expected.rows(2 * number, 2 * number + 2)
        assert torch.equal(batch.tokens, torch.from_numpy(rows.tokens))
        if masked:
            assert batch.document_ids is not None and batch.positions is not None
            assert torch.equal(batch.document_ids, torch.from_numpy(rows.document_ids))
            assert torch.equal(batch.positions, torch.from_numpy(rows.positions))
        else:
            assert batch.document_ids is None and batch.positions is None


def test_loss_on_conversations_is_that_of_each_alone(tmp_path, tokenizer):
    shard = write(tmp_path / "val.npy", tokenizer, masked=True)
    config = ModelConfig(
        d_model=32, num_layers=2, num_heads=2, num_kv_heads=1, d_ff=64, vocab_size=269, max_sequence_length=64
    )
    model = Transformer(config).init_weights(seed=1)
    for parameter in model.parameters():
        torch.nn.init.normal_(parameter, std=0.1)
    measured = bits_per_byte(model, shard, tokenizer=tokenizer, rows=2, sequence_length=40, max_tokens=10**6)
    total, count = 0.0, 0
    assert shard.mask is not None
    for number, start in enumerate(shard.starts.tolist()):
        ids = torch.from_numpy(shard.document(number).astype(np.int64))[None]
        mask = torch.from_numpy(np.array(shard.mask[start : start + ids.shape[1]]) != 0)[None]
        targets = torch.where(mask, ids, IGNORE)[:, 1:]
        with torch.no_grad():
            total += float(model.loss(ids[:, :-1], targets))
        count += int((targets != IGNORE).sum())
    assert measured["tokens"] == count
    assert measured["val_loss"] == pytest.approx(total / count, rel=1e-4)


@pytest.mark.parametrize(("sequence_length", "targets"), [(16, 0), (64, 8)])
def test_validation_needs_something_to_predict(tmp_path, tokenizer, sequence_length, targets):
    path = tmp_path / "val.npy"
    with ShardWriter(
        path, tokenizer_hash=tokenizer.content_hash, vocab_size=269, end_of_text=tokenizer.end_of_text, mask=True
    ) as writer:
        # Replies of two tokens after questions that fill more than the shorter row.
        for _ in range(4):
            writer.add(np.full(40, 7), num_bytes=40, mask=np.repeat([0, 1], [38, 2]))
    config = TrainConfig(stage="tools", sequence_length=sequence_length, batch_size=2)
    shape = ModelConfig(d_model=16, num_layers=1, num_heads=2, num_kv_heads=2, d_ff=32, vocab_size=269)
    setup = Setup(config, shape, tokenizer, None)
    if targets:
        batches, _ = validation_share(Shard.open(path), setup, processes=Processes(), device=CPU)
        assert sum(batch.num_targets for batch in batches) >= targets
    else:
        with pytest.raises(Failure, match=r"val\.npy: nothing to predict .* rows of 16.*--sequence-length"):
            validation_share(Shard.open(path), setup, processes=Processes(), device=CPU)
