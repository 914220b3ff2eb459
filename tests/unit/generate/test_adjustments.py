"""Bias and penalties against `transformers` and against the definitions, written out in plain Python."""

import random
from collections import Counter

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from codeling.generate.adjustments import Adjustment, penalize_repetition
from codeling.generate.config import Sampling
from codeling.generate.sampling import Sampler

VOCABULARY = 30
seeds = st.integers(0, 2**32 - 1)


def random_logits(seed: int, rows: int = 3, vocabulary: int = 50) -> torch.Tensor:
    return torch.randn(rows, vocabulary, generator=torch.Generator().manual_seed(seed)) * 3


@given(seed=seeds, penalty=st.floats(0.5, 3.0))
def test_repetition_penalty_equals_transformers(seed, penalty):
    from transformers.generation.logits_process import RepetitionPenaltyLogitsProcessor

    logits = random_logits(seed)
    used = torch.randint(0, 50, (3, 20), generator=torch.Generator().manual_seed(seed))
    seen = torch.zeros(3, 50, dtype=torch.bool).scatter_(1, used, True)
    expected = RepetitionPenaltyLogitsProcessor(penalty)(used, logits.clone())
    torch.testing.assert_close(penalize_repetition(logits, seen, penalty), expected)


@given(
    seed=seeds,
    prompt=st.lists(st.integers(0, VOCABULARY - 1), max_size=10),
    drawn=st.lists(st.integers(0, VOCABULARY - 1), max_size=10),
    penalties=st.tuples(st.floats(0.5, 2), st.floats(-2, 2), st.floats(-2, 2)),
    bias=st.dictionaries(st.integers(0, VOCABULARY - 1), st.floats(-100, 100, width=32), max_size=4),
)
def test_adjusted_logits_equal_the_definitions(seed, prompt, drawn, penalties, bias):
    repetition, presence, frequency = penalties
    sampling = Sampling(
        repetition_penalty=repetition,
        presence_penalty=presence,
        frequency_penalty=frequency,
        logit_bias=tuple(bias.items()),
    )
    adjustment = Adjustment(sampling, prompt, vocab_size=VOCABULARY, device="cpu")
    for token in drawn:
        adjustment.note(token)
    logits = random_logits(seed, 1, VOCABULARY)[0]
    before = logits.clone()
    counts = Counter(drawn)
    expected = []
    for token, logit in enumerate(logits.tolist()):
        biased = logit + bias.get(token, 0)
        factor = 1.0 if token not in [*prompt, *drawn] else 1 / repetition if biased > 0 else repetition
        expected.append(biased * factor - counts[token] * frequency - (presence if counts[token] else 0))
    torch.testing.assert_close(adjustment.apply(logits), torch.tensor(expected), rtol=1e-5, atol=1e-5)
    assert torch.equal(logits, before)


def test_rows_are_adjusted_each_for_itself():
    rng = random.Random()
    logits = random_logits(rng.randrange(2**32), rows=1, vocabulary=VOCABULARY)
    greedy = Sampling(temperature=0)
    best, second = logits[0].topk(2).indices.tolist()
    forbidding = Sampling(temperature=0, logit_bias=((best, -100.0),), logprobs=True)
    sampler = Sampler([greedy, forbidding, greedy], [[0]] * 3, vocab_size=VOCABULARY, device=torch.device("cpu"))
    drawn = sampler.draw(logits.expand(3, -1))
    assert drawn.tokens == [best, second, best]
    assert drawn.logprobs is not None  # of the model, not of what the bias made of it
    assert drawn.logprobs[1] == pytest.approx(logits[0].double().log_softmax(-1)[second].item(), abs=1e-5)


def test_settings_that_adjust_nothing_cost_nothing():
    assert not Adjustment.is_needed(Sampling(top_k=3, temperature=0.2, logprobs=True))
    for change in (
        {"presence_penalty": 0.1}, {"frequency_penalty": -1.0}, {"repetition_penalty": 1.1}, {"logit_bias": ((1, 1.0),)}
    ):  # fmt: skip
        assert Adjustment.is_needed(Sampling(**change))
