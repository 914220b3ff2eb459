"""Batches: a pure function of seed and step for any number of processes, complete, and right about every slot."""

import collections
import concurrent.futures
import contextlib
import dataclasses
import itertools
import math
import random
import sys
import threading

import numpy as np
import pytest

from codeling.data.batches import IGNORE, Batch, BatchStream, bits_per_byte, token_byte_lengths, validation_batches
from codeling.data.shards import Shard, ShardWriter
from codeling.errors import Failure, UsageError
from codeling.tokenizer.bpe import Tokenizer
from codeling.tokenizer.fim_format import FimFormat
from codeling.tokenizer.training import train_tokenizer

WORDS = ["the", "fox", "ran", "größe", "sah", "日本", "while", "x = print(y)", "for i in range;", "$file\n"]
T = 64


def write_shard(path, tokenizer, texts, *, masked=False) -> Shard:
    with ShardWriter(
        path,
        tokenizer_hash=tokenizer.content_hash,
        vocab_size=tokenizer.vocab_size,
        end_of_text=tokenizer.end_of_text,
        mask=masked,
    ) as writer:
        for text in texts:
            ids = tokenizer.encode(text)
            mask = [i % 3 == 0 for i in range(len(ids))] if masked else None
            writer.add(ids, num_bytes=len(text.encode()), mask=mask)
    return Shard.open(path)


def random_texts(count: int, *, longest: int, rng: random.Random) -> list[str]:
    # The number makes each text unlike all others, so that a document can be recognised in a batch.
    return [f"<{i}> " + " ".join(rng.choices(WORDS, k=rng.randint(0, longest))) for i in range(count)]


@pytest.fixture(scope="module")
def tokenizer(tmp_path_factory) -> Tokenizer:
    rng = random.Random(0)
    texts = random_texts(300, longest=60, rng=rng)
    return train_tokenizer(texts, vocab_size=310, output=tmp_path_factory.mktemp("t") / "tokenizer.json")


@pytest.fixture(scope="module")
def texts() -> list[str]:
    return ["", *random_texts(150, longest=150, rng=random.Random())]


@pytest.fixture(scope="module")
def shard(tmp_path_factory, tokenizer, texts) -> Shard:
    return write_shard(tmp_path_factory.mktemp("s") / "train.npy", tokenizer, texts)


@pytest.fixture(scope="module")
def other_shard(tmp_path_factory, tokenizer) -> Shard:
    texts = [f"replay {i} " * 3 for i in range(37)]
    return write_shard(tmp_path_factory.mktemp("s") / "replay.npy", tokenizer, texts)


def make_stream(shard, tokenizer, *, rows=4, seed=0, fim_rate=0.0, parts=None, length=T) -> BatchStream:
    return BatchStream(
        parts or [(shard, 1.0)], rows=rows, sequence_length=length, seed=seed, fim_rate=fim_rate, tokenizer=tokenizer
    )


def stacked(batches) -> Batch:
    fields = [field.name for field in dataclasses.fields(Batch)]
    return Batch(*(np.concatenate([getattr(batch, field) for batch in batches]) for field in fields))


def pieces_of(batch: Batch):
    """(inputs, targets) of each piece of each row."""
    for tokens, targets, ids in zip(batch.tokens, batch.targets, batch.document_ids, strict=True):
        for number in range(ids.max() + 1):
            yield tokens[ids == number], targets[ids == number]


def assert_equal(first: Batch, second: Batch) -> None:
    for field in dataclasses.fields(Batch):
        np.testing.assert_array_equal(getattr(first, field.name), getattr(second, field.name))


def epoch_of_rows(stream: BatchStream, epoch: int) -> Batch:
    """Exactly the rows of one epoch of a stream of one shard and one row per step."""
    first = sum(stream.rows_per_epoch(e) for e in range(epoch))
    return stacked([stream.batch(first + i) for i in range(stream.rows_per_epoch(epoch))])


@pytest.mark.parametrize("fim_rate", [0.0, 0.5])
def test_same_rows_for_any_number_of_processes_in_any_order(shard, tokenizer, fim_rate):
    stream = make_stream(shard, tokenizer, rows=12, fim_rate=fim_rate, seed=5)
    steps = list(range(2 * stream.steps_per_epoch + 2))
    expected = {step: stream.batch(step) for step in steps}
    random.shuffle(steps)
    for world in (1, 2, 3, 12):
        fresh = make_stream(shard, tokenizer, rows=12, fim_rate=fim_rate, seed=5)
        for step in steps[:6]:
            assert_equal(stacked([fresh.batch(step, rank=r, world=world) for r in range(world)]), expected[step])
    assert any((make_stream(shard, tokenizer, rows=12, seed=6).batch(0).tokens != expected[0].tokens).flat)
    with pytest.raises(UsageError, match="12 rows per step cannot be shared by 5"):
        stream.batch(0, world=5)


def test_an_epoch_trains_every_token_but_each_documents_first_exactly_once(shard, tokenizer):
    stream = make_stream(shard, tokenizer, rows=1)
    for epoch in (0, 1):
        batch = epoch_of_rows(stream, epoch)
        # Every (context token, target) pair of the documents, counted: order and cuts must not matter.
        pairs = collections.Counter()
        for index in range(shard.manifest.num_documents):
            ids = shard.document(index).tolist()
            pairs.update(itertools.pairwise(ids))
        trained = batch.targets != IGNORE
        seen = zip(batch.tokens[trained].tolist(), batch.targets[trained].tolist(), strict=True)
        assert collections.Counter(seen) == pairs
        assert batch.num_targets == shard.manifest.num_tokens - shard.manifest.num_documents


def test_every_slot_is_described(shard, tokenizer):
    stream = make_stream(shard, tokenizer, rows=1)
    form = FimFormat.of(tokenizer)
    batch = epoch_of_rows(stream, 0)
    for tokens, targets, positions, ids in zip(
        batch.tokens, batch.targets, batch.positions, batch.document_ids, strict=True
    ):
        for t in range(T):
            if ids[t] < 0:
                assert tokens[t] == form.pad and targets[t] == IGNORE and (ids[t:] < 0).all()
                assert t == 0 or ids[t - 1] >= 0 or positions[t] == positions[t - 1] + 1
                continue
            starts = t == 0 or ids[t] != ids[t - 1]
            assert positions[t] == (0 if starts else positions[t - 1] + 1)
            assert ids[t] == (0 if t == 0 else ids[t - 1] + starts)
            if t + 1 < T:
                assert targets[t] == (tokens[t + 1] if ids[t + 1] == ids[t] else IGNORE)
            assert tokens[t] != form.end_of_text or targets[t] == IGNORE
    assert (batch.document_ids >= 0).mean() > 0.9


def test_epochs_join_without_a_gap(shard, tokenizer):
    one = make_stream(shard, tokenizer, rows=1, fim_rate=0.3)
    many = make_stream(shard, tokenizer, rows=7, fim_rate=0.3)
    ends = [one.rows_per_epoch(0), one.rows_per_epoch(0) + one.rows_per_epoch(1)]
    assert many.steps_per_epoch == math.ceil(ends[0] / 7)
    assert many.steps_for_epochs(2) == math.ceil(ends[1] / 7)
    steps = [0, (ends[0] - 1) // 7, math.ceil(ends[0] / 7), math.ceil(ends[1] / 7)]
    assert [many.epoch_of(step) for step in steps] == [0, 0, 1, 2]
    total = math.ceil(ends[1] / 7)
    assert_equal(
        stacked([many.batch(step) for step in range(total)]), stacked([one.batch(row) for row in range(7 * total)])
    )


@contextlib.contextmanager
def quick_switches():
    """Threads take turns a thousand times as often as usual, so that what can interleave does."""
    usual = sys.getswitchinterval()
    sys.setswitchinterval(usual / 1000)
    try:
        yield
    finally:
        sys.setswitchinterval(usual)


def test_threads_may_share_a_stream(shard, tokenizer):
    """A reader that runs ahead and a loop that asks for the epoch meet at the same unplanned epochs."""
    alone = make_stream(shard, tokenizer, rows=16)
    steps = [alone.steps_for_epochs(6), alone.steps_for_epochs(4)] * 2
    expected = {step: (alone.batch(step), alone.epoch_of(step)) for step in steps}
    for _ in range(5):
        stream = make_stream(shard, tokenizer, rows=16)
        start = threading.Barrier(len(steps))

        def ask(step, stream=stream, start=start):
            start.wait()
            return stream.batch(step), stream.epoch_of(step)

        with quick_switches(), concurrent.futures.ThreadPoolExecutor(len(steps)) as pool:
            answers = list(pool.map(ask, steps))
        for step, (batch, epoch) in zip(steps, answers, strict=True):
            assert_equal(batch, expected[step][0])
            assert epoch == expected[step][1]


def test_fim_rearranges_its_share_and_loses_nothing(shard, tokenizer, texts):
    form = FimFormat.of(tokenizer)
    stream = make_stream(shard, tokenizer, rows=1, fim_rate=0.5, length=96)
    batch = epoch_of_rows(stream, 0)
    assert not np.isin(batch.targets, [*form.sentinels, form.pad]).any()
    restored, plain, num_fim = [], [], 0

    def closed(tokens) -> list[int]:
        # the last token of a piece that ends with its row is only a target
        return tokens.tolist() + ([form.end_of_text] if tokens[-1] != form.end_of_text else [])

    for tokens, targets in pieces_of(batch):
        if tokens[0] == form.prefix:
            num_fim += 1
            ids = closed(tokens)
            restored.append(tokenizer.decode_bytes(form.restore(ids)))
            # each token but the sentinels is a target, also the first one
            assert np.count_nonzero(targets != IGNORE) == len(ids) - 3
        else:
            plain.append(tokenizer.decode_bytes([t for t in targets.tolist() if t not in (IGNORE, form.end_of_text)]))
    # What came out, rearranged or plain, is all that went in: the plain pieces lack their document's first token.
    firsts = collections.Counter()
    for text in texts:
        firsts.update(text.encode())
    seen = collections.Counter(b"".join(restored)) + collections.Counter(b"".join(plain))
    missing = firsts - seen
    assert seen - firsts == collections.Counter()
    assert missing == collections.Counter({ord("<"): sum(1 for text in texts if text) - fim_documents(restored)})
    assert 0.3 < num_fim / (num_fim + len(plain)) < 0.75
    whole = set(texts)
    # Some 40 documents fit into a row, and about half of them are rearranged whole: 19 +- 4 of an epoch.
    restored += [
        tokenizer.decode_bytes(form.restore(closed(tokens)))
        for epoch in range(1, 6)
        for tokens, _ in pieces_of(epoch_of_rows(stream, epoch))
        if tokens[0] == form.prefix
    ]
    assert sum(piece.decode(errors="replace") in whole for piece in restored) > 50


def fim_documents(restored: list[bytes]) -> int:
    return sum(piece.startswith(b"<") for piece in restored)


def test_a_new_epoch_is_cut_anew(shard, tokenizer):
    stream = make_stream(shard, tokenizer, rows=1, fim_rate=1.0, length=96)
    first, second = (
        {tuple(tokens.tolist()) for tokens, _ in pieces_of(epoch_of_rows(stream, epoch))} for epoch in (0, 1)
    )
    assert len(first & second) < 0.1 * len(first)


@pytest.mark.parametrize("weights", [(0.95, 0.05), (3, 1), (0.5, 0.25, 0.25), (0.7, 0.1, 0.2)])
def test_a_mixture_keeps_its_shares_and_repeats_replay(shard, other_shard, tokenizer, weights):
    parts = [(shard, weights[0]), *((other_shard, weight) for weight in weights[1:])]
    stream = make_stream(shard, tokenizer, rows=8, parts=parts)
    steps = stream.steps_per_epoch
    batches = stacked([stream.batch(step) for step in range(steps)])
    is_replay = np.array(["replay" in tokenizer.decode(row.tolist()) for row in batches.tokens])
    share = sum(weights[1:]) / sum(weights)
    for rows in (40, len(is_replay)):
        assert abs(is_replay[:rows].sum() - rows * share) <= len(weights)
    # The first part's epoch is complete, and its own rows do not depend on the mixture.
    alone = make_stream(shard, tokenizer, rows=1)
    own = batches.tokens[~is_replay]
    np.testing.assert_array_equal(own, stacked([alone.batch(row) for row in range(len(own))]).tokens)
    assert len(own) >= alone.rows_per_epoch(0) > len(own) - 8
    assert stream.epoch_of(steps - 1) == 0


def test_a_loss_mask_decides_the_targets(tmp_path, tokenizer):
    shard = write_shard(tmp_path / "sft.npy", tokenizer, random_texts(20, longest=90, rng=random.Random()), masked=True)
    assert shard.mask is not None
    batch = epoch_of_rows(make_stream(shard, tokenizer, rows=1), 0)
    # Of a document longer than a row of 64 targets, what stands in its first 65 tokens; never its first token.
    expected = sum(np.count_nonzero(shard.mask[start + 1 : min(start + T + 1, end)]) for start, end in spans(shard))
    assert batch.num_targets == expected
    with pytest.raises(UsageError, match="loss mask"):
        make_stream(shard, tokenizer, fim_rate=0.5)


def spans(shard: Shard) -> list[tuple[int, int]]:
    return list(itertools.pairwise([*shard.starts.tolist(), shard.manifest.num_tokens]))


def test_the_fingerprint_tells_streams_apart(shard, other_shard, tokenizer):
    streams = [
        make_stream(shard, tokenizer),
        make_stream(shard, tokenizer, seed=1),
        make_stream(shard, tokenizer, rows=8),
        make_stream(shard, tokenizer, length=96),
        make_stream(shard, tokenizer, fim_rate=0.5),
        make_stream(other_shard, tokenizer),
        make_stream(shard, tokenizer, parts=[(shard, 0.9), (other_shard, 0.1)]),
        make_stream(shard, tokenizer, parts=[(shard, 0.8), (other_shard, 0.2)]),
    ]
    prints = {stream.fingerprint for stream in streams}
    assert len(prints) == len(streams)


def test_wrong_requests_are_refused(shard, tokenizer, tmp_path):
    with pytest.raises(UsageError, match="at least one shard"):
        BatchStream([], rows=1, sequence_length=8, seed=0, fim_rate=0, tokenizer=tokenizer)
    with pytest.raises(UsageError, match="weight above 0"):
        make_stream(shard, tokenizer, parts=[(shard, 0.0)])
    with pytest.raises(UsageError, match=r"--fim-rate 1\.5"):
        make_stream(shard, tokenizer, fim_rate=1.5)
    with pytest.raises(UsageError, match="every document is empty"):
        make_stream(write_shard(tmp_path / "empty.npy", tokenizer, ["", ""]), tokenizer)
    other = train_tokenizer(["another corpus"] * 9, vocab_size=275, output=tmp_path / "tokenizer.json")
    with pytest.raises(Failure, match="made with tokenizer"):
        make_stream(shard, other)


def test_validation_counts_exactly_the_bytes_it_scores(shard, tokenizer, texts):
    batches = list(validation_batches(shard, rows=5, sequence_length=T, max_tokens=10**9, tokenizer=tokenizer))
    assert all(batch.tokens.shape == (5, T) for batch, _ in batches)
    unscored = sum(len(tokenizer.decode_bytes(tokenizer.encode(text)[:1])) for text in texts)
    assert sum(num_bytes for _, num_bytes in batches) == sum(len(text.encode()) for text in texts) - unscored
    scored = sum(batch.num_targets for batch, _ in batches)
    assert scored == shard.manifest.num_tokens - shard.manifest.num_documents
    for batch, num_bytes in batches:
        ends = np.count_nonzero(batch.targets == tokenizer.end_of_text)
        targets = batch.targets[(batch.targets != IGNORE) & (batch.targets != tokenizer.end_of_text)]
        assert len(tokenizer.decode_bytes(targets.tolist())) == num_bytes
        assert batch.num_targets == len(targets) + ends


def test_validation_is_the_same_beginning_of_the_shard_every_time(shard, tokenizer):
    def scored(**changes) -> collections.Counter:
        arguments = {"rows": 4, "sequence_length": T, "max_tokens": 1500, "tokenizer": tokenizer, **changes}
        counts = collections.Counter()
        for batch, num_bytes in validation_batches(shard, **arguments):
            counts.update(batch.targets[batch.targets != IGNORE].tolist())
            counts["bytes"] += num_bytes
        return counts

    # The batch's shape has no influence on what is scored.
    assert scored() == scored() == scored(rows=1) == scored(sequence_length=200)
    assert 0 < sum(scored().values()) - scored()["bytes"] <= 1500
    # A first document beyond the budget is cut to it.
    assert sum(scored(max_tokens=2).values()) == 0  # the shard's first document is empty


def test_a_validation_document_beyond_the_budget_is_cut(tmp_path, tokenizer):
    shard = write_shard(tmp_path / "long.npy", tokenizer, ["the fox ran home " * 500])
    [(batch, num_bytes)] = validation_batches(shard, rows=2, sequence_length=T, max_tokens=100, tokenizer=tokenizer)
    assert batch.num_targets == 99
    assert num_bytes == len(tokenizer.decode_bytes(shard.tokens[1:100].tolist()))


def test_byte_lengths_add_up_on_any_text(tokenizer):
    lengths = token_byte_lengths(tokenizer)
    text = "".join(random.choices("aé日 \n🙂=<|>", k=300)) + "<|endoftext|>"
    assert lengths[tokenizer.encode(text)].sum() == len(text.encode())
    assert lengths[tokenizer.end_of_text] == 0


def test_bits_per_byte_of_a_coin():
    # 8 fair bits for each byte: a uniform guess over 256 values
    assert bits_per_byte(1000 * math.log(256), 1000) == pytest.approx(8)
