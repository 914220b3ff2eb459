"""Bits per byte against a plain computation, fill-in cases against their documents, edit distance against axioms."""

import math

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from codeling.checkpoint import load_model
from codeling.data.shards import Shard
from codeling.errors import Failure
from codeling.evals.fim import edit_distance, edit_similarity, fim_cases
from codeling.evals.loss import bits_per_byte


@pytest.fixture(scope="module")
def loaded(small_workspace):
    return load_model(small_workspace / "models" / "language_model_best.pth")


@pytest.fixture(scope="module")
def shard(small_workspace):
    return Shard.open(small_workspace / "data" / "processed" / "val_large.npy")


@torch.no_grad()
def plain_loss(loaded, documents) -> tuple[float, int]:
    """Nats and targets of documents short enough for one row, one at a time."""
    total, count = 0.0, 0
    for tokens in documents:
        ids = torch.from_numpy(tokens.astype("int64"))[None]
        logits = loaded.model(ids[:, :-1]).double()
        total += float(torch.nn.functional.cross_entropy(logits[0], ids[0, 1:], reduction="sum"))
        count += ids.shape[1] - 1
    return total, count


def test_it_equals_the_plain_computation(loaded, shard):
    documents = [shard.document(index) for index in range(shard.manifest.num_documents)]
    measures = bits_per_byte(loaded.model, shard, tokenizer=loaded.tokenizer, rows=3, sequence_length=512)
    assert max(map(len, documents)) <= 513, "the fixture's stories must fit in one row"
    nats, targets = plain_loss(loaded, documents)
    # A document's first token is nobody's target, so its bytes are not counted either.
    num_bytes = sum(len(loaded.tokenizer.decode_bytes(tokens[1:-1].tolist())) for tokens in documents)
    assert (measures["tokens"], measures["bytes"]) == (targets, num_bytes)
    assert measures["val_loss"] == pytest.approx(nats / targets, rel=1e-5)
    assert measures["bits_per_byte"] == pytest.approx(nats / math.log(2) / num_bytes, rel=1e-5)


def test_rows_change_nothing_and_training_mode_is_restored(loaded, shard):
    loaded.model.train()
    results = [
        bits_per_byte(loaded.model, shard, tokenizer=loaded.tokenizer, rows=rows, sequence_length=64, max_tokens=2000)
        for rows in (1, 7)
    ]
    assert loaded.model.training
    loaded.model.eval()
    assert results[0]["bits_per_byte"] == pytest.approx(results[1]["bits_per_byte"], rel=1e-5)
    assert results[0]["tokens"] == results[1]["tokens"] <= 2000


def test_a_damaged_model_is_not_measured(small_workspace, shard):
    broken = load_model(small_workspace / "models" / "language_model_best.pth")
    with torch.no_grad():
        broken.model.norm.weight[0] = math.nan
    with pytest.raises(Failure, match=r"nan.*damaged"):
        bits_per_byte(broken.model, shard, tokenizer=broken.tokenizer, max_tokens=500, sequence_length=64)


def test_fill_in_cases_are_windows_of_their_documents(small_workspace, loaded):
    shard = Shard.open(small_workspace / "data" / "processed" / "code_val_large.npy")
    texts = [loaded.tokenizer.decode(shard.document(i)[:-1].tolist()) for i in range(shard.manifest.num_documents)]
    cases = fim_cases(shard, loaded.tokenizer, count=5, seed=1, max_characters=100)
    assert 0 < len(cases) <= 5
    for case in cases:
        assert sum(case.prefix + case.middle + case.suffix in text for text in texts) >= 1
        assert case.middle == case.middle.strip() and "\n" not in case.middle and len(case.middle) >= 6
        assert len(case.prefix) <= 100 and len(case.suffix) <= 100
    assert fim_cases(shard, loaded.tokenizer, count=5, seed=1, max_characters=100) == cases
    assert fim_cases(shard, loaded.tokenizer, count=5, seed=2, max_characters=100) != cases


def test_known_distances():
    assert edit_distance("kitten", "sitting") == 3
    assert edit_similarity("kitten", "sitting") == pytest.approx(4 / 7)
    assert edit_similarity("", "") == 1.0 and edit_similarity("", "abc") == 0.0


words = st.text("abc", max_size=8)


@given(words, words, words)
def test_distance_is_a_metric(one, two, three):
    assert edit_distance(one, two) == edit_distance(two, one)
    assert (edit_distance(one, two) == 0) == (one == two)
    assert edit_distance(one, three) <= edit_distance(one, two) + edit_distance(two, three)
    assert abs(len(one) - len(two)) <= edit_distance(one, two) <= max(len(one), len(two))
