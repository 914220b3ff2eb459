"""Constrained requests in the engine: their outputs fit, and the others in the batch never notice."""

import json
import random

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from random_schemas import object_schemas, schemas

from codeling.errors import UsageError
from codeling.generate.config import Sampling
from codeling.generate.engine import Completion, Engine
from codeling.generate.grammar import GrammarCompiler
from codeling.generate.sampling import Sampler
from codeling.generate.text import TextGenerator
from codeling.model.config import ModelConfig
from codeling.model.transformer import Transformer
from codeling.tools.calls import parse_calls
from codeling.tools.schema import Tool, check_arguments

CONTEXT = 160
few = settings(max_examples=12)


@pytest.fixture(scope="module")
def compiler(json_tokenizer) -> GrammarCompiler:
    return GrammarCompiler(json_tokenizer)


@pytest.fixture(scope="module")
def model(json_tokenizer) -> Transformer:
    shape = {"d_model": 32, "num_layers": 1, "num_heads": 2, "num_kv_heads": 1, "d_ff": 32}
    config = ModelConfig(vocab_size=json_tokenizer.vocab_size, max_sequence_length=CONTEXT, **shape)
    model = Transformer(config)
    with torch.no_grad():
        for parameter in model.parameters():
            parameter.normal_(0, 0.4)
    # In float64 the order of summation, which the batch decides, does not decide between two tokens.
    return model.double().eval()


def random_sampling(rng: random.Random, max_tokens: int = CONTEXT) -> Sampling:
    """Any settings, with a fresh seed of their own."""
    return Sampling(
        temperature=rng.choice([0, 0.7, 1.5]),
        top_k=rng.choice([0, 1, 20]),
        top_p=rng.choice([1.0, 0.5]),
        min_p=rng.choice([0.0, 0.2]),
        repetition_penalty=rng.choice([1.0, 1.3]),
        max_tokens=max_tokens,
        seed=rng.randrange(2**31),
    )


@few
@given(wanted=st.lists(schemas(), min_size=6, max_size=6), rng=st.randoms(use_true_random=False))
def test_every_finished_output_fits_its_schema(wanted, rng, json_tokenizer, compiler, model):
    prompts = [json_tokenizer.encode("{" * rng.randint(1, 5)) for _ in wanted]
    sampling = [random_sampling(rng) for _ in wanted]
    grammars = [compiler.json_schema(schema) for schema in wanted]
    completions = Engine(model, max_batch=4).generate(prompts, sampling, grammars=grammars)
    for schema, prompt, completion in zip(wanted, prompts, completions, strict=True):
        text = json_tokenizer.decode(completion.ids)
        if completion.finish_reason == "stop":
            Draft202012Validator(schema).validate(json.loads(text))
        else:
            assert len(prompt) + len(completion.ids) == CONTEXT


@few
@given(
    parameters=st.lists(object_schemas(), min_size=1, max_size=3),
    required=st.booleans(),
    parallel=st.booleans(),
    rng=st.randoms(use_true_random=False),
)
def test_every_finished_reply_is_calls_that_fit(parameters, required, parallel, rng, json_tokenizer, compiler, model):
    tools = {f"tool_{index}": Tool(f"tool_{index}", "", schema) for index, schema in enumerate(parameters)}
    grammar = compiler.tool_calls(list(tools.values()), required=required, parallel=parallel)
    sampling = [random_sampling(rng) for _ in range(4)]
    for completion in Engine(model).generate([[5], [6], [7], [8]], sampling, grammars=[grammar] * 4):
        reply = parse_calls(json_tokenizer.decode(completion.ids))
        finished = completion.finish_reason == "stop"
        assert not (finished and reply.errors)
        assert not (finished and required and not reply.calls)
        assert parallel or len(reply.calls) <= 1
        for call in reply.calls:
            assert check_arguments(tools[call.name], call.arguments) == []


def test_most_outputs_do_finish(json_tokenizer, compiler, model):
    """So that the properties above are about something."""
    schema = {"type": "object", "properties": {"a": {"enum": [1, "two"]}, "b": {"type": "boolean"}}, "required": ["a"]}
    tool = Tool("f", "", schema)
    grammars = [compiler.json_schema(schema), compiler.tool_calls([tool], required=True, parallel=False)] * 5
    sampling = [Sampling(temperature=1.5, seed=seed, max_tokens=CONTEXT) for seed in range(10)]
    completions = Engine(model).generate([[1]] * 10, sampling, grammars=grammars)
    assert [completion.finish_reason for completion in completions] == ["stop"] * 10
    for completion in completions[1::2]:
        call = parse_calls(json_tokenizer.decode(completion.ids)).calls[0]
        assert call.name == "f" and check_arguments(tool, call.arguments) == []


def test_free_requests_in_the_batch_are_exactly_as_alone(compiler, model):
    rng = random.Random()
    grammar = compiler.json_schema({"type": "array", "items": {"type": "integer"}})
    prompts = [[rng.randrange(400) for _ in range(rng.randint(1, 30))] for _ in range(9)]
    grammars = [grammar if index % 3 == 0 else None for index in range(9)]
    sampling = [random_sampling(rng, max_tokens=rng.randint(1, 25)) for _ in prompts]
    together = Engine(model, max_batch=4).generate(prompts, sampling, stop_ids=[3], grammars=grammars)
    for index, completion in enumerate(together):
        alone = Engine(model).generate([prompts[index]], sampling[index], stop_ids=[3], grammars=[grammars[index]])
        assert alone == [completion]
        if grammars[index] is None:  # and as if grammars did not exist
            assert Engine(model).generate([prompts[index]], sampling[index], stop_ids=[3]) == [completion]


@torch.no_grad()
def test_greedy_is_the_best_allowed_token(json_tokenizer, compiler, model):
    schema = {"type": "array", "items": {"type": "string", "maxLength": 3}, "minItems": 2, "maxItems": 4}
    grammar = compiler.json_schema(schema)
    for prompt in ([1], [7, 8, 9], json_tokenizer.encode('{"city": ')):
        constraint, ids = grammar.begin(), list(prompt)
        while not constraint.finished and len(ids) < CONTEXT:
            logits = model(torch.tensor([ids]))[0, -1].float()  # samplers read float32
            logits[~torch.from_numpy(constraint.allowed())] = -torch.inf
            ids.append(int(logits.argmax()))
            constraint.accept(ids[-1])
        reason = "stop" if constraint.finished else "length"
        greedy = Sampling(temperature=0, max_tokens=CONTEXT)
        completions = Engine(model).generate([prompt], greedy, grammars=[grammar])
        assert completions == [Completion(ids[len(prompt) :], reason)]


def test_the_limit_cuts_and_says_so(json_tokenizer, compiler, model):
    grammar = compiler.regex("(ab){8}")
    for limit in (1, 3, CONTEXT):
        completion = Engine(model).generate([[1]], Sampling(max_tokens=limit), grammars=[grammar])[0]
        text = json_tokenizer.decode(completion.ids)
        assert text == "ab" * 8 if completion.finish_reason == "stop" else ("ab" * 8).startswith(text)
        assert completion.finish_reason == ("stop" if limit == CONTEXT else "length")
    exact = compiler.regex("a")  # its only token is also the last one that fits
    assert Engine(model).generate([[1]], Sampling(max_tokens=1), grammars=[exact])[0].finish_reason == "stop"


def test_the_model_decides_where_a_text_that_may_go_on_ends(json_tokenizer, compiler, model):
    grammar = compiler.regex("[0-9]+")
    ends = set()
    for seed in range(40):
        completion = Engine(model).generate([[2]], Sampling(seed=seed, temperature=2.0), grammars=[grammar])[0]
        text = json_tokenizer.decode(completion.ids)
        assert text.isdigit() and not grammar.end_ids & set(completion.ids)
        ends.add(completion.finish_reason)
    assert "stop" in ends
    nothing = compiler.regex("")
    completion = Engine(model).generate([[2]], Sampling(), grammars=[nothing])[0]
    assert (completion.ids, completion.finish_reason) == ([], "stop") and completion.stop_id in nothing.end_ids


def test_text_in_and_out(json_tokenizer, compiler, model):
    generator = TextGenerator(model, json_tokenizer)
    grammar = compiler.json_schema({"enum": ["metric", "größe", [1, 2]]})
    sampling = Sampling(seed=4)
    text = generator.complete("unit: ", sampling=sampling, grammar=grammar)
    assert json.loads(text) in ["metric", "größe", [1, 2]]
    assert "".join(generator.stream("unit: ", sampling=sampling, grammar=grammar)) == text
    held, free = generator.complete_batch(["unit: ", "unit: "], sampling=sampling, grammars=[grammar, None])
    assert (held.text, held.finish_reason) == (text, "stop")
    assert free == generator.complete_batch(["unit: "], sampling=sampling)[0]


def test_grammars_must_match_the_request(compiler, model):
    engine = Engine(model)
    with pytest.raises(UsageError, match="2 prompts but 1 grammars"):
        engine.stream([[1], [2]], Sampling(), grammars=[None])
    with torch.random.fork_rng():
        other = Transformer(ModelConfig(d_model=8, num_layers=1, num_heads=1, num_kv_heads=1, d_ff=8, vocab_size=300))
    with pytest.raises(UsageError, match=r"vocabulary of 450, the model's is 300"):
        Engine(other).stream([[1]], Sampling(), grammars=[compiler.regex("a")])


@given(data=st.data())
def test_a_forbidden_token_does_not_exist_for_any_filter(data):
    rng = data.draw(st.randoms(use_true_random=False))
    rows, vocabulary = rng.randint(1, 4), rng.randint(2, 40)
    generator = torch.Generator().manual_seed(rng.randrange(2**31))
    logits = 4 * torch.randn(rows, vocabulary, generator=generator)
    allowed = torch.rand(rows, vocabulary, generator=generator) < 0.3
    allowed[torch.arange(rows), torch.randint(vocabulary, (rows,), generator=generator)] = True
    chosen = [random_sampling(rng) for _ in range(rows)]
    prompts = [[rng.randrange(vocabulary)] for _ in range(rows)]

    def draw(logits: torch.Tensor, allowed: torch.Tensor | None) -> list[list[int]]:
        sampler = Sampler(chosen, prompts, vocab_size=vocabulary, device=torch.device("cpu"))
        return [sampler.draw(logits, allowed).tokens for _ in range(3)]

    masked = draw(logits, allowed)
    assert all(allowed[row, token] for tokens in masked for row, token in enumerate(tokens))
    assert masked == draw(logits.masked_fill(~allowed, -1e30), None)
    assert draw(logits, torch.ones_like(allowed)) == draw(logits, None)
