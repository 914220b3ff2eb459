"""Sampling against `transformers`' logits processors, a plain-Python reference, and its own promises."""

import dataclasses
import math
import random

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from codeling.errors import Failure, UsageError
from codeling.generate.config import Sampling
from codeling.generate.sampling import (
    Sampler,
    choose,
    keep_min_p,
    keep_top_k,
    keep_top_p,
    masses,
    uniform_numbers,
)

seeds = st.integers(0, 2**32 - 1)
CPU = torch.device("cpu")


def random_logits(seed: int, rows: int = 3, vocabulary: int = 50, spread: float = 3.0) -> torch.Tensor:
    return torch.randn(rows, vocabulary, generator=torch.Generator().manual_seed(seed)) * spread


def column(*values: float) -> torch.Tensor:
    return torch.tensor(values)[:, None]


@given(seed=seeds, k=st.integers(1, 60))
def test_top_k_equals_transformers(seed, k):
    from transformers.generation.logits_process import TopKLogitsWarper

    logits = random_logits(seed)
    expected = TopKLogitsWarper(k)(torch.zeros(3, 1, dtype=torch.long), logits)
    assert torch.equal(keep_top_k(logits, torch.full((3, 1), k)), expected)


@given(seed=seeds, p=st.floats(0.01, 0.99))
def test_top_p_equals_transformers(seed, p):
    from transformers.generation.logits_process import TopPLogitsWarper

    logits = random_logits(seed)
    expected = TopPLogitsWarper(p)(torch.zeros(3, 1, dtype=torch.long), logits)
    assert torch.equal(keep_top_p(logits, column(p, p, p)), expected)


@given(seed=seeds, p=st.floats(0.001, 1.0))
def test_min_p_equals_transformers(seed, p):
    from transformers.generation.logits_process import MinPLogitsWarper

    logits = random_logits(seed)
    expected = MinPLogitsWarper(p)(torch.zeros(3, 1, dtype=torch.long), logits)
    assert torch.equal(keep_min_p(logits, column(p, p, p)), expected)


def test_rows_keep_their_own_settings():
    logits = random_logits(random.randrange(2**32))
    kept = keep_top_k(logits, torch.tensor([[2], [0], [7]])).isfinite().sum(-1).tolist()
    assert kept == [2, 50, 7]
    nucleus = keep_top_p(logits, column(1e-6, 1.0, 1e-6)).isfinite().sum(-1).tolist()
    assert nucleus == [1, 50, 1]
    assert keep_min_p(logits, column(1.0, 0.0, 1.0)).isfinite().sum(-1).tolist() == [1, 50, 1]


LAST_BELOW_ONE = 1 - 2**-53


@given(seed=seeds, uniform=st.floats(0, LAST_BELOW_ONE), vocabulary=st.integers(1, 700), k=st.integers(1, 9))
def test_choose_inverts_the_distribution(seed, uniform, vocabulary, k):
    logits = keep_top_k(random_logits(seed, rows=1, vocabulary=vocabulary), torch.tensor([[k]]))
    probabilities = logits[0].double().softmax(-1).tolist()
    token = int(choose(masses(logits), torch.tensor([uniform], dtype=torch.float64)))
    below = math.fsum(probabilities[:token])
    assert below - 1e-6 <= uniform <= below + probabilities[token] + 1e-6
    assert probabilities[token] > 0


@given(data=st.data(), uniform=st.sampled_from([0.0, 5e-324, 0.5, 1 - 2**-24, LAST_BELOW_ONE]))
def test_what_has_no_weight_is_never_chosen(data, uniform):
    """Also beside weights that no sum notices, and for the smallest and the largest random number."""
    size = data.draw(st.integers(1, 400))
    weights = torch.zeros(1, size)
    places = data.draw(st.lists(st.integers(0, size - 1), min_size=1, max_size=6))
    for place in places:
        weights[0, place] = data.draw(st.sampled_from([1.0, 0.3, 1e-30, 1e-45]))
    assert int(choose(weights, torch.tensor([uniform], dtype=torch.float64))) in places


def test_draws_follow_the_softmax():
    logits = random_logits(random.randrange(2**32), rows=1, vocabulary=300, spread=2.0)
    many = 40_000
    uniform = torch.rand(many, dtype=torch.float64)
    counts = torch.bincount(choose(masses(logits).expand(many, -1), uniform), minlength=300).double() / many
    # Seven standard deviations of a binomial share.
    assert (counts - logits[0].double().softmax(-1)).abs().max() < 7 * 0.5 / math.sqrt(many)


def test_random_numbers_are_those_of_splitmix64():
    """Against plain integers, and the published first outputs for the seed 1234567."""
    wrap = 2**64

    def mix(x: int) -> int:
        x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9 % wrap
        x = (x ^ (x >> 27)) * 0x94D049BB133111EB % wrap
        return x ^ (x >> 31)

    step = 0x9E3779B97F4A7C15
    assert [mix((1234567 + i * step) % wrap) for i in (1, 2)] == [6457827717110365317, 3203168211198807973]
    seeds_of = [0, 1, wrap - 1, *(random.randrange(wrap) for _ in range(20))]
    places = [0, *(random.randrange(2000) for _ in seeds_of[1:])]
    drawn = uniform_numbers(np.array(seeds_of, np.uint64), np.array(places, np.uint64))
    for number, seed, place in zip(drawn.tolist(), seeds_of, places, strict=True):
        assert number == (mix((mix((seed + step) % wrap) + (place + 1) * step) % wrap) >> 11) / 2**53


def test_random_numbers_are_spread_evenly_within_and_between_streams():
    many = 50_000
    first = random.randrange(2**63)
    ramp, zeros = np.arange(many, dtype=np.uint64), np.zeros(many, np.uint64)
    one_stream = uniform_numbers(zeros + np.uint64(first), ramp)
    first_numbers = uniform_numbers(ramp + np.uint64(first), zeros)
    for numbers in (one_stream, first_numbers):
        assert numbers.min() >= 0 and numbers.max() < 1
        shares = np.bincount((numbers * 16).astype(int), minlength=16) / many
        assert np.abs(shares - 1 / 16).max() < 7 * math.sqrt(1 / 16 / many)
        # The correlation of neighbours has a standard deviation of 1 / sqrt(many).
        assert abs(np.corrcoef(numbers[1:], numbers[:-1])[0, 1]) < 7 / math.sqrt(many)
    assert abs(np.corrcoef(one_stream, first_numbers)[0, 1]) < 7 / math.sqrt(many)


def test_a_seed_gives_the_same_tokens_in_any_company():
    sampling = Sampling(seed=random.randrange(2**40), temperature=1.3, top_p=0.9)
    other = Sampling(temperature=0.5, top_k=3, repetition_penalty=1.5)
    steps = [random_logits(index, rows=1) for index in range(20)]

    def drawn(company: int, position: int) -> list[int]:
        rows = [other] * company
        rows.insert(position, sampling)
        sampler = Sampler(rows, [[1]] * len(rows), vocab_size=50, device=CPU)
        return [sampler.draw(logits.expand(len(rows), -1)).tokens[position] for logits in steps]

    alone = drawn(0, 0)
    assert drawn(3, 0) == alone and drawn(3, 3) == alone
    assert len(set(alone)) > 1


def test_selected_and_extended_samplers_go_on_where_they_were():
    settings_of = [
        Sampling(seed=index, temperature=1.0, repetition_penalty=1.2 if index else 1.0) for index in range(3)
    ]
    steps = [random_logits(index, rows=1) for index in range(8)]
    whole = Sampler(settings_of, [[1], [2], [3]], vocab_size=50, device=CPU)
    expected = [whole.draw(logits.expand(3, -1)).tokens for logits in steps]

    first = Sampler(settings_of[:1], [[1]], vocab_size=50, device=CPU)
    both = first.extend(Sampler(settings_of[1:], [[2], [3]], vocab_size=50, device=CPU))
    assert [both.draw(logits.expand(3, -1)).tokens for logits in steps[:4]] == expected[:4]
    swapped = both.select([2, 0])
    assert [swapped.draw(logits.expand(2, -1)).tokens for logits in steps[4:]] == [
        [row[2], row[0]] for row in expected[4:]
    ]


def test_greedy_ignores_filters_and_randomness_but_not_the_penalty():
    logits = random_logits(random.randrange(2**32), rows=1)
    best = int(logits.argmax())
    for sampling in (Sampling(temperature=0), Sampling(temperature=0, top_k=1, top_p=0.1, min_p=0.5)):
        assert Sampler([sampling], [[0]], vocab_size=50, device=CPU).draw(logits).tokens == [best]
    strong = Sampling(temperature=0, repetition_penalty=1e6)
    assert Sampler([strong], [[best]], vocab_size=50, device=CPU).draw(logits.abs()).tokens != [best]


@pytest.mark.parametrize("temperature", [0, 0.7])
def test_top_logprobs_are_the_most_likely_tokens(temperature):
    logits = random_logits(random.randrange(2**32))
    asked = [Sampling(temperature=temperature, seed=1, logprobs=True, top_logprobs=k, top_k=3) for k in (0, 20, 4)]
    drawn = Sampler(asked, [[0]] * 3, vocab_size=50, device=CPU).draw(logits)
    expected = (logits.double() / (temperature or 1)).log_softmax(-1)
    assert drawn.alternatives is not None and [len(row) for row in drawn.alternatives] == [0, 20, 4]
    for row, alternatives in enumerate(drawn.alternatives):
        best = sorted(expected[row].tolist(), reverse=True)[: len(alternatives)]
        assert [value for _, value in alternatives] == pytest.approx(best, abs=1e-5)
        assert [expected[row, token].item() for token, _ in alternatives] == pytest.approx(best, abs=1e-5)


def test_a_top_p_of_a_large_vocabulary_keeps_what_a_full_sort_would():
    """In company of rows that keep everything, with ties, and with distributions from flat to sharp."""
    generator = torch.Generator().manual_seed(random.randrange(2**32))
    spread = torch.tensor([[0.0], [0.1], [1.0], [3.0], [10.0], [30.0], [3.0]])
    logits = (torch.randn(7, 3000, generator=generator) * spread * 4).round() / 4
    p = column(0.5, 0.9, 0.99, 0.8, 0.3, 0.999, 1.0)
    kept = keep_top_p(logits, p).isfinite()
    for row, share in enumerate(p.double().flatten().tolist()):
        probabilities = logits[row].double().softmax(-1)
        ordered = probabilities.sort(descending=True).values
        needed = int((ordered.cumsum(-1) - ordered < share - 1e-6).sum())
        border = ordered[max(needed, 1) - 1]
        # All that is needed, and nothing less likely than the last of it (but for rounding at the very border).
        assert kept[row][probabilities > border * (1 + 1e-9)].all()
        surplus = kept[row] & (probabilities < border * (1 - 1e-9))
        assert not surplus.any() or share == 1 or float(ordered[:needed].sum()) < share + 1e-5


def test_what_was_drawn_counts_as_repeated():
    logits = torch.tensor([[3.0, 2.0, 1.0]])
    sampler = Sampler([Sampling(temperature=0, repetition_penalty=10.0)], [[2]], vocab_size=3, device=CPU)
    assert [sampler.draw(logits).tokens[0] for _ in range(2)] == [0, 1]


@pytest.mark.parametrize("value", [math.nan, math.inf])
def test_logits_that_are_not_finite_are_refused(value):
    logits = random_logits(0, rows=2)
    logits[1, 3] = value
    with pytest.raises(Failure, match="not finite"):
        Sampler([Sampling()] * 2, [[0], [0]], vocab_size=50, device=CPU).draw(logits)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("temperature", -0.1),
        ("temperature", math.nan),
        ("top_k", -1),
        ("top_p", 0.0),
        ("top_p", 1.5),
        ("min_p", -0.1),
        ("min_p", 1.1),
        ("repetition_penalty", 0.0),
        ("presence_penalty", math.inf),
        ("frequency_penalty", math.nan),
        ("logit_bias", ((-1, 2.0),)),
        ("logit_bias", ((3, math.nan),)),
        ("top_logprobs", 21),
        ("top_logprobs", 1),
        ("max_tokens", 0),
    ],
)
def test_impossible_settings_name_themselves(field, value):
    with pytest.raises(UsageError, match=field):
        dataclasses.replace(Sampling(), **{field: value})


@pytest.mark.parametrize("temperature", [1e-300, 1e-45, 1e-30, 1e-7])
def test_temperatures_too_small_for_float32_are_as_good_as_greedy(temperature):
    logits = random_logits(5, rows=1)
    sampler = Sampler([Sampling(temperature=temperature, seed=1)], [[0]], vocab_size=50, device=torch.device("cpu"))
    assert sampler.draw(logits).tokens == logits.argmax(-1).tolist()
