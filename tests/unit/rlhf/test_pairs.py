"""Pairs as batches: nothing is lost, nothing is doubled, a text sees only itself, and the end is always there."""

import dataclasses
from pathlib import Path

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from codeling.errors import Failure, UsageError
from codeling.model.config import ModelConfig
from codeling.model.transformer import Transformer
from codeling.rlhf.dpo import response_logprobs
from codeling.rlhf.pairs import EncodedPair, PairBatch, PairStream, all_batches, encode_pairs, packed_rows, read_pairs
from codeling.rlhf.preferences import Preference, write_preferences
from codeling.rlhf.reward_training import batch_scores
from codeling.rlhf.scalar_model import ScalarModel
from codeling.runtime.distributed import Processes

CPU = torch.device("cpu")


def pair_of(prompt: list[int], chosen: list[int], rejected: list[int], margin: float = 0.0) -> EncodedPair:
    return EncodedPair(prompt + chosen, prompt + rejected, len(prompt), margin)


IDS = st.lists(st.integers(1, 49), min_size=1, max_size=9)
PAIRS = st.lists(st.builds(pair_of, IDS, IDS, IDS, st.floats(0, 1, width=32)), min_size=1, max_size=9)


@given(lengths=st.lists(st.integers(1, 30), min_size=1, max_size=40))
def test_packing_loses_nothing_and_wastes_little(lengths):
    rows = packed_rows(lengths)
    assert sorted(text for row in rows for text in row) == list(range(len(lengths)))
    sums = [sum(lengths[text] for text in row) for row in rows]
    assert max(sums) == max(lengths)
    # Two rows that are both at most half full would have been one.
    assert sum(2 * total <= max(lengths) for total in sums) <= 1


@given(pairs=PAIRS)
def test_a_batch_holds_every_text_once(pairs):
    batch = PairBatch.of(pairs, range(len(pairs)), device=CPU)
    assert batch.num_targets == len(pairs)
    assert batch.margins.tolist() == [pair.margin for pair in pairs]
    texts = [pair.chosen for pair in pairs] + [pair.rejected for pair in pairs]
    assert int((batch.texts >= 0).sum()) == sum(map(len, texts))
    for number, ids in enumerate(texts):
        mine = batch.texts == number
        assert batch.tokens[mine].tolist() == ids
        assert batch.positions[mine].tolist() == list(range(len(ids)))
        end = batch.ends[number]
        assert batch.texts.flatten()[end] == number and batch.positions.flatten()[end] == len(ids) - 1


@given(pairs=PAIRS)
def test_targets_are_the_responses(pairs):
    batch = PairBatch.of(pairs, range(len(pairs)), device=CPU)
    places, ids, texts = batch.response_targets()
    whole = [pair.chosen for pair in pairs] + [pair.rejected for pair in pairs]
    for number, text in enumerate(whole):
        mine = texts == number
        start = pairs[number % len(pairs)].prompt_length
        assert ids[mine].tolist() == text[start:]
        assert batch.tokens.flatten()[places[mine]].tolist() == text[start - 1 : -1]


@given(pairs=PAIRS, per_step=st.integers(1, 12), size=st.integers(1, 5), world=st.integers(1, 3))
def test_an_epoch_has_every_pair_once_however_it_is_shared(pairs, per_step, size, world):
    streams = [
        PairStream(
            pairs, pairs_per_step=per_step, batch_size=size, seed=3, processes=Processes(rank, world), device=CPU
        )
        for rank in range(world)
    ]
    steps = streams[0].steps_per_epoch
    for epoch in range(2):
        seen = [
            number
            for step in range(epoch * steps, (epoch + 1) * steps)
            for stream in streams
            for batch in stream(step)
            for number in batch.numbers
        ]
        assert sorted(seen) == list(range(len(pairs)))
    assert all(len(batch.numbers) <= size for batch in streams[0](0))
    assert [batch.numbers for batch in streams[0](1)] == [batch.numbers for batch in streams[0](1)]


def test_another_seed_is_another_order():
    pairs = [pair_of([1], [i], [i + 1]) for i in range(1, 41)]
    orders = [
        PairStream(pairs, pairs_per_step=40, batch_size=40, seed=seed, processes=Processes(), device=CPU)
        for seed in (0, 1)
    ]
    firsts = [
        PairStream(pairs, pairs_per_step=8, batch_size=8, seed=seed, processes=Processes(), device=CPU).groups(0)
        for seed in (0, 1)
    ]
    assert firsts[0] != firsts[1]  # equal with a chance of 1 in C(40, 8) = 77 million
    assert orders[0].groups(0) == orders[1].groups(0)  # one step of everything is sorted by length alone


CONFIG = ModelConfig(
    d_model=32, num_layers=2, num_heads=2, num_kv_heads=2, d_ff=64, vocab_size=50, max_sequence_length=64
)


@pytest.fixture(scope="module")
def model() -> Transformer:
    model = Transformer(CONFIG)
    generator = torch.Generator().manual_seed(1)
    with torch.no_grad():
        for parameter in model.parameters():
            parameter.normal_(0.0, 0.3, generator=generator)
    return model.double()


def random_pairs(count: int) -> list[EncodedPair]:
    generator = torch.Generator().manual_seed(count)

    def ids(longest: int) -> list[int]:
        length = int(torch.randint(1, longest, (), generator=generator))
        return torch.randint(1, 50, (length,), generator=generator).tolist()

    return [pair_of(ids(12), ids(20), ids(20)) for _ in range(count)]


def test_scores_of_packed_texts_are_those_of_texts_alone(model):
    scalar = ScalarModel.from_language_model(model, seed=0)
    pairs = random_pairs(9)
    with torch.no_grad():
        chosen, rejected = batch_scores(scalar, PairBatch.of(pairs, range(9), device=CPU))
        for number, pair in enumerate(pairs):
            for score, ids in ((chosen[number], pair.chosen), (rejected[number], pair.rejected)):
                alone = scalar(torch.tensor([ids]))[0, -1]
                torch.testing.assert_close(score, alone, rtol=1e-9, atol=1e-9)


def test_log_probabilities_are_those_of_responses_alone(model):
    """Against a plain loop over tokens in float64: what DPO sums up."""
    pairs = random_pairs(7)
    with torch.no_grad():
        sums = response_logprobs(model, PairBatch.of(pairs, range(7), device=CPU))
        for number, pair in enumerate(pairs):
            for said, ids in zip((sums[0][number], sums[1][number]), (pair.chosen, pair.rejected), strict=True):
                logits = model(torch.tensor([ids]))[0]
                expected = sum(
                    float(logits[i - 1, ids[i]] - torch.logsumexp(logits[i - 1], 0))
                    for i in range(pair.prompt_length, len(ids))
                )
                assert float(said) == pytest.approx(expected, rel=1e-9)


def preference(prompt: str, chosen: str, rejected: str) -> Preference:
    return Preference(prompt, chosen, rejected, source="x", kind="y")


@given(prompt=st.text(min_size=1, max_size=30), texts=st.lists(st.text(max_size=30), min_size=2, max_size=2))
def test_too_long_pairs_keep_their_end_and_what_is_nearest_to_the_response(rlhf_tokenizer, prompt, texts):
    whole = encode_pairs([preference(prompt, *texts)], rlhf_tokenizer, max_length=1000)
    cut = encode_pairs([preference(prompt, *texts)], rlhf_tokenizer, max_length=12)
    before, after = whole.pairs[0], cut.pairs[0]
    for long, short in ((before.chosen, after.chosen), (before.rejected, after.rejected)):
        assert len(short) <= 12 and short[-1] == long[-1] == rlhf_tokenizer.end_of_text
        kept = short[after.prompt_length :]
        response = long[before.prompt_length :]
        assert kept == response or kept == [*response[: len(kept) - 1], response[-1]]
        assert long[: before.prompt_length][-after.prompt_length :] == short[: after.prompt_length]
    assert after.prompt_length >= 1
    longest = max(map(len, (before.chosen, before.rejected)))
    assert bool(cut.prompts_cut or cut.responses_cut) == (longest > 12)
    assert (whole.prompts_cut, whole.responses_cut) == (0, 0)


def test_a_length_that_leaves_no_room_is_refused(rlhf_tokenizer):
    with pytest.raises(UsageError, match="--max-length 3"):
        encode_pairs([preference("a", "b", "c")], rlhf_tokenizer, max_length=3)


def test_every_pair_is_measured_once_by_some_process():
    pairs = random_pairs(11)
    seen = [
        number
        for rank in range(2)
        for batch in all_batches(pairs, batch_size=3, device=CPU, processes=Processes(rank, 2))
        for number in batch.numbers
    ]
    assert sorted(seen) == list(range(11))


def test_a_file_without_one_of_the_splits_is_a_failure(tmp_path: Path, rlhf_tokenizer):
    one = preference("# a\n", "b", "c")
    write_preferences(tmp_path / "p.json", [one])
    with pytest.raises(Failure, match=r"p\.json: no pair of the split 'val'"):
        read_pairs(tmp_path / "p.json", rlhf_tokenizer, max_length=64)
    write_preferences(tmp_path / "p.json", [one, dataclasses.replace(one, split="val")])
    assert len(read_pairs(tmp_path / "p.json", rlhf_tokenizer, max_length=64).val.pairs) == 1
