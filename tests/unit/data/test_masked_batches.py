"""Batches of conversations: each trained token of each one that fits, once in an epoch, with all that is before it."""

import collections
import itertools
import random

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from codeling.data.assembly import IGNORE, LeftOut, left_out
from codeling.data.batches import Batch, BatchStream, validation_batches
from codeling.data.shards import Shard, ShardWriter
from codeling.tokenizer.bpe import Tokenizer
from codeling.tokenizer.training import train_tokenizer


@pytest.fixture(scope="module")
def tokenizer(tmp_path_factory) -> Tokenizer:
    return train_tokenizer(["no merges"], vocab_size=269, output=tmp_path_factory.mktemp("t") / "t.json")


def write(path, tokenizer: Tokenizer, masks: list[list[int]] | None, *, lengths: list[int] | None = None) -> Shard:
    """Documents of random ids whose first two say which document it is, so that any piece can be traced back."""
    rng = random.Random(len(masks or lengths or []))
    with ShardWriter(
        path,
        tokenizer_hash=tokenizer.content_hash,
        vocab_size=tokenizer.vocab_size,
        end_of_text=tokenizer.end_of_text,
        mask=masks is not None,
    ) as writer:
        for number, length in enumerate(lengths or map(len, masks or [])):
            ids = [*divmod(number, 200), *(rng.randrange(200) for _ in range(length))][:length]
            writer.add(ids, num_bytes=length, mask=None if masks is None else masks[number])
    return Shard.open(path)


def stream_of(parts, tokenizer: Tokenizer, *, length: int, rows: int = 1, seed: int = 0) -> BatchStream:
    return BatchStream(parts, rows=rows, sequence_length=length, seed=seed, fim_rate=0.0, tokenizer=tokenizer)


def trained_contexts(batch: Batch) -> collections.Counter:
    """(all inputs of its piece up to the target, the target) of every trained slot."""
    found = collections.Counter()
    for tokens, targets, positions, ids in zip(
        batch.tokens.tolist(), batch.targets.tolist(), batch.positions, batch.document_ids, strict=True
    ):
        for t in np.flatnonzero(np.array(targets) != IGNORE):
            first = t - positions[t]
            assert (ids[first : t + 1] == ids[t]).all(), "a piece's slots are one document of the row"
            found[tuple(tokens[first : t + 1]), targets[t]] += 1
    return found


def expected_contexts(shard: Shard, *, length: int) -> collections.Counter:
    """By the definition: of every document, each trained token but the first within a row, and all tokens before it."""
    expected = collections.Counter()
    assert shard.mask is not None
    for start, end in itertools.pairwise([*shard.starts.tolist(), shard.manifest.num_tokens]):
        ids, mask = shard.tokens[start:end].tolist(), shard.mask[start:end]
        for t in range(1, min(len(ids), length + 1)):
            if mask[t]:
                expected[tuple(ids[:t]), ids[t]] += 1
    return expected


def whole_epoch(stream: BatchStream, epoch: int) -> list[Batch]:
    first = sum(stream.rows_per_epoch(earlier) for earlier in range(epoch))
    return [stream.batch(first + row) for row in range(stream.rows_per_epoch(epoch))]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(
    masks=st.lists(st.lists(st.integers(0, 1), min_size=1, max_size=70), min_size=1, max_size=40),
    length=st.integers(2, 90),
    seed=st.integers(0, 2**32),
    epoch=st.integers(0, 2),
)
def test_each_trained_token_that_fits_is_seen_once_an_epoch_with_its_full_context(
    tmp_path, tokenizer, masks, length, seed, epoch
):
    shard = write(tmp_path / "sft.npy", tokenizer, masks)
    batches = whole_epoch(stream_of([(shard, 1.0)], tokenizer, length=length, seed=seed), epoch)
    seen = sum(map(trained_contexts, batches), collections.Counter())
    assert seen == expected_contexts(shard, length=length)
    lost = sum(map(sum, masks)) - sum(mask[0] for mask in masks) - seen.total()
    assert left_out(shard, length).trained == lost
    assert left_out(shard, length).documents == sum(len(mask) + 1 > length + 1 for mask in masks)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(
    masks=st.lists(st.lists(st.integers(0, 1), min_size=1, max_size=50), min_size=1, max_size=30),
    rows=st.integers(1, 5),
)
def test_validation_takes_the_same_slots(tmp_path, tokenizer, masks, rows):
    shard = write(tmp_path / "val.npy", tokenizer, masks)
    batches = list(validation_batches(shard, rows=rows, sequence_length=32, max_tokens=10**9, tokenizer=tokenizer))
    seen = sum((trained_contexts(batch) for batch, _ in batches), collections.Counter())
    assert seen == expected_contexts(shard, length=32)
    assert all(batch.tokens.shape == (rows, 32) for batch, _ in batches)
    assert sum(num_bytes for _, num_bytes in batches) == seen.total(), "each id of this vocabulary is one byte"


def test_nothing_of_a_plain_shard_is_left_out(tmp_path, tokenizer):
    assert left_out(write(tmp_path / "plain.npy", tokenizer, None, lengths=[500]), 32) == LeftOut(0, 0)


def test_unmasked_code_is_replayed_between_masked_conversations(tmp_path, tokenizer):
    """Masked rows keep whole documents, replayed rows are full texts, and each keeps its share of the rows."""
    rng = random.Random()
    masks = [[rng.randrange(2) for _ in range(rng.randrange(5, 60))] for _ in range(200)]
    tools = write(tmp_path / "tools.npy", tokenizer, masks)
    code = write(tmp_path / "code.npy", tokenizer, None, lengths=[rng.randrange(100, 300) for _ in range(50)])
    mixed = stream_of([(tools, 0.9), (code, 0.1)], tokenizer, length=64, rows=10)
    alone = stream_of([(tools, 1.0)], tokenizer, length=64)
    assert mixed.documents_apart and alone.documents_apart
    assert not stream_of([(code, 1.0)], tokenizer, length=64).documents_apart
    steps = mixed.steps_per_epoch
    own, replayed = [], 0
    for step in range(steps):
        batch = mixed.batch(step)
        for row in range(10):
            one = batch.rows(row, row + 1)
            expected = alone.batch(len(own))
            if (one.tokens == expected.tokens).all():
                np.testing.assert_array_equal(one.targets, expected.targets)
                own.append(one)
            else:
                replayed += 1
                trained = one.document_ids[0] >= 0
                assert one.num_targets >= 0.8 * trained.sum(), "all tokens of replayed text are trained"
    assert replayed == steps
    assert len(own) >= alone.rows_per_epoch(0)
    seen = sum(map(trained_contexts, own[: alone.rows_per_epoch(0)]), collections.Counter())
    assert seen == expected_contexts(tools, length=64)


def test_the_fingerprint_knows_the_mask(tmp_path, tokenizer):
    one = write(tmp_path / "one.npy", tokenizer, [[0, 1, 1, 0], [1, 0, 1]])
    other = write(tmp_path / "other.npy", tokenizer, [[0, 1, 1, 0], [1, 0, 0]])
    assert one.manifest.sha256 == other.manifest.sha256
    assert (
        stream_of([(one, 1)], tokenizer, length=8).fingerprint
        != stream_of([(other, 1)], tokenizer, length=8).fingerprint
    )


def test_a_row_without_a_target_is_a_row(tmp_path, tokenizer):
    shard = write(tmp_path / "none.npy", tokenizer, [[0] * 10, [0] * 20])
    batch = stream_of([(shard, 1)], tokenizer, length=40, rows=2).batch(0)
    assert batch.num_targets == 0 and (batch.targets == IGNORE).all()
