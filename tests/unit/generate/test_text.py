"""Text generation with a byte tokenizer and models whose next token is written down."""

import random

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from codeling.errors import UsageError
from codeling.generate.config import Sampling
from codeling.generate.text import Prompt, TextGenerator, TextStream
from codeling.model.config import ModelConfig
from codeling.model.transformer import Transformer
from codeling.tokenizer.special import END_OF_TEXT, FIM_MIDDLE, FIM_PREFIX, FIM_SUFFIX, SPECIAL_TOKENS

GREEDY = Sampling(temperature=0, max_tokens=40)


class ByteTokenizer:
    """Byte b is token b; special tokens follow."""

    vocab_size = 256 + len(SPECIAL_TOKENS)

    @property
    def end_of_text(self) -> int:
        return self.token_id(END_OF_TEXT)

    def token_id(self, name: str) -> int:
        return 256 + SPECIAL_TOKENS.index(name)

    def encode(self, text: str) -> list[int]:
        return list(text.encode())

    def decode_bytes(self, ids) -> bytes:
        return b"".join(bytes([i]) if i < 256 else SPECIAL_TOKENS[i - 256].encode() for i in ids)


TOKENIZER = ByteTokenizer()


class Script(Transformer):
    """Says ``ids`` one after the other, whatever the prompt (of a known length) was."""

    def __init__(self, ids: list[int], *, prompt_length: int, context: int = 64) -> None:
        shape = ModelConfig(
            d_model=8, num_layers=1, num_heads=1, num_kv_heads=1, d_ff=8,
            vocab_size=TOKENIZER.vocab_size, max_sequence_length=context,
        )  # fmt: skip
        super().__init__(shape)
        self.ids, self.prompt_length, self.prompts = ids, prompt_length, []

    def hidden(self, tokens, *, positions=None, document_ids=None, cache=None):
        places = cache.positions(tokens.shape[1])
        if cache.longest == 0:
            self.prompts.append(tokens.tolist())
        cache.advance(tokens.shape[1])
        return places[..., None].double()

    def logits(self, hidden):
        said = (hidden[..., 0].long() - self.prompt_length + 1).clamp(0, len(self.ids) - 1)
        return torch.nn.functional.one_hot(torch.tensor(self.ids)[said], TOKENIZER.vocab_size).float()


def speaker(text: str | bytes, *, prompt: str = "go", context: int = 64) -> TextGenerator:
    data = text.encode() if isinstance(text, str) else text
    model = Script([*data, TOKENIZER.end_of_text], prompt_length=len(prompt.encode()), context=context)
    return TextGenerator(model, TOKENIZER)


def test_a_completion_ends_where_the_document_ends():
    assert speaker("hello wörld").complete("go", sampling=GREEDY) == "hello wörld"
    result = speaker("hello").complete_batch(["go"], sampling=GREEDY)[0]
    assert (result.text, result.finish_reason, result.num_tokens) == ("hello", "stop", 5)
    short = speaker("hello").complete_batch(["go"], sampling=Sampling(temperature=0, max_tokens=3))[0]
    assert (short.text, short.finish_reason, short.num_tokens) == ("hel", "length", 3)


def test_a_stop_string_ends_it_and_is_not_shown():
    assert speaker("one\ntwo\n\nthree").complete("go", sampling=GREEDY, stop=["\n\n"]) == "one\ntwo"
    assert speaker("abcdef").complete("go", sampling=GREEDY, stop=["zz", "cd", "de"]) == "ab"
    result = speaker("abcdef").complete_batch(["go", "on"], sampling=GREEDY, stop=["def"])
    assert [(one.text, one.finish_reason) for one in result] == [("abc", "stop")] * 2


@given(
    text=st.text(st.sampled_from("aábc\n€😀"), max_size=20), stop=st.lists(st.text("abc\n€", min_size=1), max_size=3)
)
def test_streaming_never_takes_anything_back(text, stop):
    stream = TextStream(TOKENIZER, stop=stop)
    places = [text.find(one) for one in stop if one in text]
    # A stop string counts as soon as it is complete: the one that ends first wins; on a tie, the longest.
    ends = [(text.find(one) + len(one), text.find(one)) for one in stop if one in text]
    expected = text[: min(ends)[1]] if ends else text
    given_out = ""
    for token in text.encode():
        given_out += stream.feed(token)
        assert expected.startswith(given_out)
        undecided = len(expected) - len(given_out)
        assert stream.stopped or undecided <= len(expected)
    assert given_out + stream.finish() == expected
    assert stream.stopped == bool(places)


def test_text_comes_out_as_soon_as_it_is_certain():
    stream = TextStream(TOKENIZER, stop=["END"])
    pieces = [stream.feed(token) for token in "aé E-ENx".encode()]
    assert pieces == ["a", "", "é", " ", "", "E-", "", "", "ENx"]


def test_invalid_and_unfinished_bytes_become_replacement_characters():
    data = b"ok \xff\xc3( \xe2\x82"
    assert speaker(data).complete("go", sampling=GREEDY) == data.decode("utf-8", "replace")


def test_stream_and_complete_agree():
    text = "".join(random.choice("xyz é€\n") for _ in range(30))
    generator = speaker(text)
    pieces = list(generator.stream("go", sampling=GREEDY, stop=["zx"]))
    assert "".join(pieces) == generator.complete("go", sampling=GREEDY, stop=["zx"])
    assert all(pieces)


def test_fill_in_the_middle_asks_in_the_training_format():
    generator = speaker("b", prompt="...ac")
    assert generator.complete("a", suffix="c", sampling=GREEDY) == "b"
    prefix, suffix, middle = (TOKENIZER.token_id(name) for name in (FIM_PREFIX, FIM_SUFFIX, FIM_MIDDLE))
    assert generator.engine.model.prompts == [[[prefix, ord("a"), suffix, ord("c"), middle]]]


def test_an_empty_prompt_begins_after_an_end_of_text():
    generator = speaker("x", prompt="1")
    assert generator.complete("", sampling=GREEDY) == "x"
    assert generator.engine.model.prompts == [[[TOKENIZER.end_of_text]]]


def test_too_long_a_prompt_is_refused_and_cut_only_when_asked():
    generator = speaker("x", context=32)
    with pytest.raises(UsageError, match=r"40 tokens.*32.*--truncate-prompt"):
        generator.stream("a" * 40)
    prompt = "".join(random.choice("abc") for _ in range(40))
    kept = generator.encode(Prompt(prompt), max_tokens=10, truncate=True)
    assert bytes(kept).decode() == prompt[-22:]
    assert len(generator.encode(Prompt(prompt), max_tokens=1000, truncate=True)) == 1


@given(before=st.integers(0, 80), after=st.integers(0, 80), max_tokens=st.integers(1, 30))
def test_a_cut_gap_keeps_its_neighbourhood(before, after, max_tokens):
    generator = speaker("x", context=32)
    prefix, suffix = "p" * before, "s" * after
    kept = generator.encode(Prompt(prefix, suffix), max_tokens=max_tokens, truncate=True)
    marks = [TOKENIZER.token_id(name) for name in (FIM_PREFIX, FIM_SUFFIX, FIM_MIDDLE)]
    assert [kept[0], kept[-1]] == [marks[0], marks[2]] and len(kept) < 32
    if before + after + 3 < 32:
        assert len(kept) == before + after + 3
    else:
        room = max(2, 32 - max_tokens - 3)
        assert kept.count(ord("p")) + kept.count(ord("s")) == min(room, before + after)


def test_a_foreign_tokenizer_and_empty_stops_are_refused():
    model = Transformer(ModelConfig(d_model=8, num_layers=1, num_heads=1, num_kv_heads=1, d_ff=8, vocab_size=300))
    with pytest.raises(UsageError, match="vocabulary"):
        TextGenerator(model, TOKENIZER)
    for stop in ([""], "a string"):
        with pytest.raises(UsageError, match="stop"):
            speaker("x").complete("go", stop=stop)
