"""Continuous batching against each request on its own, whatever comes, goes, waits and is cached."""

import random
import time
from collections import defaultdict

import pytest
import torch
from double_models import CONTEXT, VOCABULARY, random_model, random_prompt
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from codeling.errors import UsageError
from codeling.generate.config import Sampling
from codeling.generate.engine import Engine
from codeling.generate.requests import Completion, Emission, Request, collect
from codeling.generate.scheduler import Scheduler
from codeling.model.transformer import Transformer

STOPS = range(5)


@pytest.fixture(scope="module")
def model() -> Transformer:
    return random_model(**random.choice([{}, {"positions": "learned", "norm": "layernorm", "mlp": "gelu"}]))


class Recorder:
    """A scheduler with what it emitted."""

    def __init__(self, model: Transformer, **limits) -> None:
        self.emissions: dict[int, list[Emission]] = defaultdict(list)
        self.scheduler = Scheduler(model, self._take, **({"max_rows": 4, "step_tokens": 32} | limits))

    def _take(self, emission: Emission) -> None:
        assert not self.is_done(emission.request), "an emission after the end"
        self.emissions[emission.request].append(emission)

    def is_done(self, key: int) -> bool:
        return bool(self.emissions[key]) and self.emissions[key][-1].finish_reason is not None

    def run(self) -> None:
        for _ in range(5000):
            if not self.scheduler.step():
                return
        raise AssertionError("it never ends")

    def completion(self, key: int) -> Completion:
        return collect(self.emissions[key])


def random_request(rng: random.Random, earlier: list[list[int]]) -> Request:
    """A prompt of its own, or one that begins like an earlier text, or is one."""
    prompt = random_prompt(rng=rng)
    if earlier and rng.random() < 0.5:
        old = rng.choice(earlier)
        prompt = (old[: rng.randint(1, len(old))] + prompt * rng.randint(0, 1))[: CONTEXT - 1]
    sampling = Sampling(
        temperature=rng.choice([0, 0.8, 2.0]),
        top_k=rng.choice([0, 10]),
        top_p=rng.choice([1.0, 0.8]),
        repetition_penalty=rng.choice([1.0, 1.2]),
        frequency_penalty=rng.choice([0.0, 0.4]),
        logit_bias=rng.choice([(), ((7, 3.0),)]),
        max_tokens=rng.choice([1, 5, 15]),
        seed=rng.randrange(2**40),
        logprobs=rng.random() < 0.3,
        prompt_logprobs=rng.random() < 0.3,
    )
    earlier.append(prompt)
    return Request(prompt, sampling, STOPS)


def alone(model: Transformer, request: Request) -> Completion:
    return Engine(model).generate([request.prompt], request.sampling, stop_ids=request.stop_ids)[0]


def assert_same(one: Completion, other: Completion) -> None:
    assert (one.ids, one.finish_reason, one.stop_id) == (other.ids, other.finish_reason, other.stop_id)
    assert (one.logprobs is None) == (other.logprobs is None)
    assert one.logprobs is None or one.logprobs == pytest.approx(other.logprobs, abs=1e-5)
    assert (one.prompt_scores is None) == (other.prompt_scores is None)
    if one.prompt_scores is not None and other.prompt_scores is not None:
        assert one.prompt_scores.logprobs == pytest.approx(other.prompt_scores.logprobs, abs=1e-5)


@given(
    rng=st.randoms(use_true_random=False),
    max_rows=st.integers(1, 5),
    step_tokens=st.sampled_from([1, 7, 20, 200]),
    max_tokens=st.sampled_from([CONTEXT, 2 * CONTEXT, None]),
    prefix_tokens=st.sampled_from([0, 40, 400]),
)
@settings(max_examples=5, deadline=None, suppress_health_check=list(HealthCheck))
def test_company_never_matters(model, rng, max_rows, step_tokens, max_tokens, prefix_tokens):
    """Requests join and are cancelled at random moments; whoever is not cancelled gets what it gets alone."""
    recorder = Recorder(
        model, max_rows=max_rows, step_tokens=step_tokens, max_tokens=max_tokens, prefix_tokens=prefix_tokens
    )
    requests: dict[int, Request] = {}
    cancelled: set[int] = set()
    earlier: list[list[int]] = []
    while len(requests) < 7:
        for _ in range(rng.randint(0, 4)):
            key = len(requests)
            requests[key] = random_request(rng, earlier)
            recorder.scheduler.add(key, requests[key])
        if requests and rng.random() < 0.2:
            victim = rng.choice(list(requests))
            if not recorder.is_done(victim):
                recorder.scheduler.cancel(victim)
                cancelled.add(victim)
        for _ in range(rng.randint(0, 12)):
            recorder.scheduler.step()
        assert recorder.scheduler.num_running <= max_rows
        assert recorder.scheduler.prefix_tokens <= prefix_tokens
        rows = recorder.scheduler._rows
        assert rows.num_rows * rows.length <= (max_tokens or max_rows * CONTEXT)
    recorder.run()
    for key, request in requests.items():
        expected = alone(model, request)
        if key in cancelled:
            drawn = [emission.token for emission in recorder.emissions[key] if emission.token is not None]
            assert drawn == expected.ids[: len(drawn)]
        else:
            assert_same(recorder.completion(key), expected)


def test_a_cached_beginning_is_not_computed_again(model):
    rng = random.Random()
    computed = []
    original = model.hidden
    history = [rng.randrange(VOCABULARY) for _ in range(20)]
    recorder = Recorder(model, prefix_tokens=500)
    try:
        model.hidden = lambda tokens, **rest: computed.append(tokens.shape[1]) or original(tokens, **rest)
        greedy = Sampling(temperature=0, max_tokens=6)
        recorder.scheduler.add(0, Request(history, greedy))
        recorder.run()
        # The next turn of the conversation: all that was said, and something new.
        turn = history + recorder.completion(0).ids + [1, 2, 3]
        computed.clear()
        recorder.scheduler.add(1, Request(turn, greedy))
        recorder.run()
        assert computed[0] == 4  # the reply's last token was drawn, but never computed
        recorder.scheduler.add(2, Request(turn, greedy))  # a repeated request computes one token for its logits
        computed.clear()
        recorder.run()
        assert computed[0] == 1
    finally:
        del model.hidden
    assert [recorder.emissions[key][0].cached_tokens for key in range(3)] == [0, len(turn) - 4, len(turn) - 1]
    assert recorder.scheduler.counters.cached_tokens == 2 * len(turn) - 5
    assert recorder.scheduler.counters.prompt_tokens == len(history) + 2 * len(turn)
    for key in (1, 2):
        assert_same(recorder.completion(key), alone(model, Request(turn, greedy)))


def test_the_least_recently_used_texts_make_room(model):
    texts = [[first] * 20 for first in range(4)]
    once = Sampling(temperature=0, max_tokens=1)
    recorder = Recorder(model, max_rows=1, prefix_tokens=60)
    # The first one is used again, so the second must go.
    for key, text in enumerate([*texts[:3], texts[0], texts[3]]):
        recorder.scheduler.add(key, Request(text, once))
    recorder.run()
    assert recorder.scheduler.prefix_tokens == 60
    recorder.scheduler._prefixes.max_tokens = 0  # so that looking does not change what is kept
    for key, text in enumerate(texts, start=10):
        recorder.scheduler.add(key, Request([*text, 9], once))
        recorder.run()
    assert [recorder.emissions[key][0].cached_tokens > 0 for key in range(10, 14)] == [True, False, True, True]


def test_long_prompts_are_computed_in_pieces_while_others_go_on(model):
    recorder = Recorder(model, step_tokens=6)
    short = Request([1, 2], Sampling(temperature=0, max_tokens=30))
    long = Request([3] * 40, Sampling(temperature=0, max_tokens=2))
    recorder.scheduler.add(0, short)
    recorder.scheduler.step()
    recorder.scheduler.add(1, long)
    for step in range(1, 7):
        recorder.scheduler.step()
        assert len(recorder.emissions[0]) == 2 + step and not recorder.emissions[1]
    recorder.scheduler.step()
    assert len(recorder.emissions[1]) == 2  # the seventh piece, and the first step of decoding
    recorder.run()
    assert_same(recorder.completion(0), alone(model, short))
    assert_same(recorder.completion(1), alone(model, long))


def test_requests_wait_for_memory_in_their_order(model):
    recorder = Recorder(model, max_rows=8, max_tokens=40)
    greedy = Sampling(temperature=0, max_tokens=11)
    for key in range(5):
        recorder.scheduler.add(key, Request([key] * 10, greedy))  # 20 tokens each: two at a time
    seen = set()
    while recorder.scheduler.step():
        seen.add(recorder.scheduler.num_running)
    assert max(seen) == 2
    ends = [next(i for i, key in enumerate(recorder.emissions) if key == wanted) for wanted in range(5)]
    assert ends == sorted(ends)
    with pytest.raises(UsageError, match=r"41 tokens.*40"):
        recorder.scheduler.add(9, Request([1] * 31, greedy))


def test_cancelling_frees_the_row_within_one_step(model):
    recorder = Recorder(model, max_rows=1)
    endless = Sampling(temperature=0, max_tokens=40)
    recorder.scheduler.add(0, Request([1], endless))
    recorder.scheduler.add(1, Request([2], endless))
    recorder.scheduler.step()
    recorder.scheduler.cancel(0)
    recorder.scheduler.step()
    assert recorder.scheduler.num_running == 1 and len(recorder.emissions[1]) == 2


def test_a_cancelled_leader_leaves_its_prompt_to_its_twin(model):
    """Two equal prompts are computed once; the one whose turn it was goes away in the middle."""
    prompt = [7] * 30
    request = Request(prompt, Sampling(temperature=1.0, seed=5, max_tokens=9, prompt_logprobs=True))
    recorder = Recorder(model, step_tokens=8)
    for key in range(3):
        recorder.scheduler.add(key, request)
    recorder.scheduler.step()
    recorder.scheduler.cancel(0)
    recorder.run()
    assert not recorder.emissions[0]
    for key in (1, 2):
        assert_same(recorder.completion(key), alone(model, request))
    assert [recorder.emissions[key][0].cached_tokens for key in (1, 2)] == [0, 30]


def test_deadlines_end_requests_wherever_they_are(model):
    recorder = Recorder(model, max_rows=1)
    soon = time.monotonic() + 0.05
    endless = Sampling(temperature=0, max_tokens=40)
    recorder.scheduler.add(0, Request([1], endless, deadline_seconds=soon))
    recorder.scheduler.add(1, Request([2], endless, deadline_seconds=soon))
    recorder.scheduler.add(2, Request([3], endless, deadline_seconds=soon + 3600))
    recorder.scheduler.step()
    time.sleep(0.1)
    recorder.run()
    assert [recorder.completion(key).finish_reason for key in range(3)] == ["deadline", "deadline", "length"]
    assert len(recorder.completion(0).ids) == 2 and not recorder.completion(1).ids
    assert_same(recorder.completion(2), alone(model, Request([3], endless)))


def test_a_bias_towards_a_token_that_does_not_exist_is_refused(model):
    with pytest.raises(UsageError, match=f"token {VOCABULARY}; the vocabulary is {VOCABULARY}"):
        Recorder(model).scheduler.add(0, Request([1], Sampling(logit_bias=((VOCABULARY, 1.0),))))


def test_rows_grow_and_shrink_while_requests_are_in_them(model):
    """The rectangle of rows changes its shape while others are in it."""
    recorder = Recorder(model, max_rows=6, max_tokens=2 * CONTEXT)
    long = Request([5], Sampling(temperature=0, max_tokens=CONTEXT - 1))
    shorts = [Request([key], Sampling(temperature=0, max_tokens=4)) for key in range(6, 12)]
    recorder.scheduler.add(0, long)
    for _ in range(10):
        recorder.scheduler.step()
    for key, request in enumerate(shorts, start=1):
        recorder.scheduler.add(key, request)
    recorder.run()
    for key, request in enumerate([long, *shorts]):
        assert_same(recorder.completion(key), alone(model, request))
    shapes = {torch.Size(tensor.shape) for tensor in recorder.scheduler._rows._keys}
    assert len(shapes) == 1
