"""The engine against the model without a cache, and its promises about slots, seeds and ends."""

import dataclasses
import random

import pytest
import torch
from double_models import CONTEXT, VOCABULARY, random_model, random_prompts

from codeling.errors import UsageError
from codeling.generate.config import Sampling
from codeling.generate.engine import Completion, Engine
from codeling.model.transformer import Transformer


@torch.no_grad()
def greedy_without_cache(model: Transformer, prompt: list[int], max_tokens: int, stop: int | None = None) -> list[int]:
    ids = list(prompt)
    while len(ids) < min(len(prompt) + max_tokens, CONTEXT):
        token = int(model(torch.tensor([ids]))[0, -1].float().argmax())  # samplers read float32
        if token == stop:
            break
        ids.append(token)
    return ids[len(prompt) :]


@pytest.mark.parametrize("changes", [{}, {"positions": "learned", "norm": "layernorm", "mlp": "gelu", "bias": True}])
@pytest.mark.parametrize("max_batch", [1, 3, 16])
def test_greedy_equals_the_uncached_forward(max_batch, changes):
    model = random_model(**changes)
    prompts = [random_prompts(1, longest=8)[0], *random_prompts(8)]
    limits = [10, *(random.randint(1, 20) for _ in prompts[1:])]
    stop = greedy_without_cache(model, prompts[0], 5)[-1]
    settings = [Sampling(temperature=0, max_tokens=limit) for limit in limits]
    for stop_id in (stop, None):
        stop_ids = [] if stop_id is None else [stop_id]
        completions = Engine(model, max_batch=max_batch).generate(prompts, settings, stop_ids=stop_ids)
        for prompt, limit, completion in zip(prompts, limits, completions, strict=True):
            expected = greedy_without_cache(model, prompt, limit, stop_id)
            full = len(expected) == min(limit, CONTEXT - len(prompt))
            assert completion == (Completion(expected, "length") if full else Completion(expected, "stop", stop_id))
        assert completions[0].finish_reason == ("length" if stop_id is None else "stop")


def test_a_seed_gives_the_same_tokens_in_any_batch():
    model = random_model()
    prompts = random_prompts(7, longest=20)
    settings = [
        Sampling(seed=index, temperature=1.0, top_p=0.95, max_tokens=random.randint(2, 20)) for index in range(7)
    ]
    together = Engine(model, max_batch=3).generate(prompts, settings)
    for prompt, sampling, completion in zip(prompts, settings, together, strict=True):
        assert Engine(model).generate([prompt], sampling) == [completion]
    assert Engine(model, max_batch=7).generate(prompts[::-1], settings[::-1]) == together[::-1]


@pytest.mark.parametrize("temperature", [0.0, 0.6, 1.7])
def test_logprobs_are_those_of_the_plain_forward(temperature):
    model = random_model()
    prompts = random_prompts(6, longest=20)
    # Neither filters nor penalties nor neighbours that do not ask change what is reported.
    asked = Sampling(seed=1, temperature=temperature, top_k=20, repetition_penalty=1.2, max_tokens=15, logprobs=True)
    settings = [dataclasses.replace(asked, seed=index, logprobs=index != 2) for index in range(6)]
    engine = Engine(model, max_batch=3)
    # Half of the vocabulary ends a completion: all but certain for one of six; and nothing does.
    ended = engine.generate(prompts, settings, stop_ids=range(0, model.config.vocab_size, 2))
    endless = engine.generate(prompts, settings)
    assert any(completion.stop_id is not None for completion in ended) or temperature == 0
    assert {completion.finish_reason for completion in endless} == {"length"}
    for prompt, completion in zip([*prompts, *prompts], [*ended, *endless], strict=True):
        drawn = completion.ids + ([] if completion.stop_id is None else [completion.stop_id])
        if completion is ended[2] or completion is endless[2]:
            assert completion.logprobs is None
            continue
        with torch.no_grad():
            logits = model(torch.tensor([prompt + drawn]))[0, len(prompt) - 1 : -1]
        expected = (logits / (temperature or 1)).log_softmax(-1)[range(len(drawn)), drawn]
        torch.testing.assert_close(torch.tensor(completion.logprobs, dtype=torch.float64), expected, rtol=0, atol=2e-5)


@pytest.mark.parametrize("step_tokens", [7, 1000])
def test_prompt_logprobs_are_those_of_the_plain_forward(monkeypatch, step_tokens):
    monkeypatch.setattr("codeling.generate.engine._STEP_TOKENS", step_tokens)
    monkeypatch.setattr("codeling.generate.prompt_scores._BLOCK", 5)
    model = random_model()
    prompts = [[3], *random_prompts(5, longest=40)]
    asked = Sampling(temperature=1.7, max_tokens=2, logit_bias=((3, 5.0),), prompt_logprobs=True, top_logprobs=4)
    # Neighbours that do not ask, and the same prompt asked for twice.
    settings = [dataclasses.replace(asked, prompt_logprobs=index != 2, top_logprobs=4 * (index != 2))
                for index in range(6)]  # fmt: skip
    prompts.append(prompts[1])
    settings.append(asked)
    for prompt, completion in zip(prompts, Engine(model).generate(prompts, settings), strict=True):
        scores = completion.prompt_scores
        if completion.prompt_scores is None:
            assert prompt is prompts[2]
            continue
        assert len(scores.logprobs) == len(scores.alternatives) == len(prompt) - 1
        with torch.no_grad():
            expected = model(torch.tensor([prompt]))[0, :-1].log_softmax(-1)
        assert scores.logprobs == pytest.approx(expected[range(len(prompt) - 1), prompt[1:]].tolist(), abs=2e-5)
        for place, top in enumerate(scores.alternatives):
            best = expected[place].topk(4)
            assert [value for _, value in top] == pytest.approx(best.values.tolist(), abs=2e-5)
            assert dict(top).get(prompt[place + 1], scores.logprobs[place]) == scores.logprobs[place]
        assert completion.logprobs is None and completion.alternatives is None


def test_different_or_no_seeds_differ():
    engine, prompt = Engine(random_model()), [1, 2, 3]
    settings = [Sampling(temperature=5.0, max_tokens=30, seed=seed) for seed in (1, 2, None, None)]
    texts = {tuple(completion.ids) for completion in engine.generate([prompt] * 4, settings)}
    assert len(texts) == 4


def test_streaming_tells_the_same_story():
    engine, prompts = Engine(random_model(), max_batch=2), random_prompts(5, longest=10)
    sampling = Sampling(seed=3, max_tokens=9)
    whole = engine.generate(prompts, sampling, stop_ids=range(8))
    tokens: dict[int, list[int]] = {index: [] for index in range(5)}
    ended = {}
    for request, token, reason, *_ in engine.stream(prompts, sampling, stop_ids=range(8)):
        assert request not in ended
        if token is not None:
            tokens[request].append(token)
        if reason is not None:
            ended[request] = reason
    assert [(tokens[index], ended[index]) for index in range(5)] == [(one.ids, one.finish_reason) for one in whole]


def test_a_cancelled_request_frees_its_slot_and_leaves_the_others_alone():
    engine, prompts = Engine(random_model(), max_batch=2), random_prompts(4, longest=10)
    sampling = Sampling(temperature=0, max_tokens=12)
    whole = engine.generate(prompts, sampling)
    generation = engine.stream(prompts, sampling)
    tokens: dict[int, list[int]] = {index: [] for index in range(4)}
    for request, token, *_ in generation:
        tokens[request].append(token)
        if request == 0 and len(tokens[0]) == 3:
            generation.cancel(0)
            generation.cancel(2)  # still waiting
    assert tokens[0] == whole[0].ids[:3] and tokens[2] == []
    assert tokens[1] == whole[1].ids and tokens[3] == whole[3].ids


def test_slots_bound_the_work(monkeypatch):
    model = random_model()
    rows = []
    original = model.hidden
    monkeypatch.setattr(
        model, "hidden", lambda tokens, **rest: rows.append(tokens.shape[0]) or original(tokens, **rest)
    )
    prompts = [[first, *prompt] for first, prompt in enumerate(random_prompts(10, longest=8))]
    Engine(model, max_batch=4).generate(prompts, Sampling(temperature=0, max_tokens=6))
    # Ten requests of six tokens in four rows: 60 tokens in all, and never a row that had already ended.
    assert max(rows) == 4 and sum(rows) == 60


def test_samples_of_one_prompt_compute_it_once(monkeypatch):
    model = random_model()
    prompts = [prompt for prompt in random_prompts(3, longest=20) for _ in range(5)]
    settings = [Sampling(temperature=1.5, seed=seed, max_tokens=8) for seed in range(15)]
    alone = [Engine(model).generate([p], s)[0] for p, s in zip(prompts, settings, strict=True)]
    computed = []
    original = model.hidden
    monkeypatch.setattr(
        model, "hidden", lambda tokens, **rest: computed.append(tokens.shape) or original(tokens, **rest)
    )
    assert Engine(model, max_batch=15).generate(prompts, settings) == alone
    assert computed[0][0] == len({tuple(prompt) for prompt in prompts})
    assert len({tuple(completion.ids) for completion in alone}) > 5


def test_training_mode_and_gradients_are_left_as_they_were():
    model = random_model(dropout=0.5)
    model.train()
    model.blocks[1].eval()
    modes = [module.training for module in model.modules()]
    engine = Engine(model)
    sampling = Sampling(temperature=0, max_tokens=5)
    first = engine.generate([[1, 2]], sampling)
    assert [module.training for module in model.modules()] == modes
    model.eval()
    assert engine.generate([[1, 2]], sampling) == first  # no dropout inside
    assert all(parameter.grad is None for parameter in model.parameters())
    loss = model.loss(torch.tensor([[1, 2]]), torch.tensor([[2, 3]]))
    loss.backward()  # what generation cached must be usable in training


@pytest.mark.parametrize(
    ("prompt", "message"),
    [([], "empty"), ([0] * CONTEXT, f"{CONTEXT} tokens"), ([VOCABULARY], "vocabulary"), ([-1], "vocabulary")],
)
def test_impossible_prompts_are_refused_before_any_work(prompt, message):
    with pytest.raises(UsageError, match=message):
        Engine(random_model()).stream([[1], prompt], Sampling())


def test_the_longest_prompt_gets_the_one_token_that_fits():
    completion = Engine(random_model()).generate([[5] * (CONTEXT - 1)], Sampling(max_tokens=50))[0]
    assert len(completion.ids) == 1 and completion.finish_reason == "length"


def test_no_prompts_no_completions():
    assert Engine(random_model()).generate([], Sampling()) == []
    with pytest.raises(UsageError, match="2 prompts but 1"):
        Engine(random_model()).generate([[1], [2]], [Sampling()])
    with pytest.raises(UsageError, match="max_batch"):
        Engine(random_model(), max_batch=0)
