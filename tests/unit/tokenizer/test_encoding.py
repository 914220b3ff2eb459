"""Encoding: the same ids as `tokenizers` on anything, nothing lost, nothing injected, bounded on hostile input."""

import multiprocessing
import pickle
import random
import threading
import time
from concurrent.futures import ProcessPoolExecutor

import numpy as np
import pytest
import tiktoken
import tokenizers
from hypothesis import given
from hypothesis import strategies as st

from codeling.errors import UsageError
from codeling.tokenizer import special
from codeling.tokenizer.bpe import Tokenizer
from codeling.tokenizer.vocabulary import SPLIT_PATTERN

NAMES = (*special.SPECIAL_TOKENS, *special.ADDED_TOKENS)

fragments = st.one_of(
    st.sampled_from(
        ["def f(self):", "\n    ", "a" * 40, "=" * 30, "123", "_", "don't", "'s", "'S", "'LL", "'ſ", "ß", "K"]
    ),
    st.sampled_from(["\r\n", "\t", "  ", "\u00a0", "\u2028", "\x85", "\x1c", "\x00", "\u200d", "\ufeff"]),
    st.sampled_from(["١٢", "Ⅷ", "²", "e\u0301", "हिन्दी", "中文", "👩\u200d👩\u200d👧"]),
    st.sampled_from([*NAMES, "<|", "|>", "<|im_", "</tool_", "<tool_call"]),
    st.text(max_size=8),
    st.text(alphabet=" \t\n\r\x0b\x0c\u00a0\u3000", max_size=12),
)
texts = st.lists(fragments, max_size=12).map("".join)


@given(text=texts)
def test_ids_equal_those_of_tokenizers(
    tokenizer: Tokenizer, reference: tokenizers.Tokenizer, plain_reference: tokenizers.Tokenizer, text: str
):
    assert tokenizer.encode(text) == plain_reference.encode(text).ids
    assert tokenizer.encode_with_special(text) == reference.encode(text).ids


@given(text=texts)
def test_text_comes_back(tokenizer: Tokenizer, reference: tokenizers.Tokenizer, text: str):
    assert tokenizer.decode(tokenizer.encode(text)) == text
    assert tokenizer.decode(tokenizer.encode_with_special(text)) == text
    assert reference.decode(tokenizer.encode(text), skip_special_tokens=False) == text


@given(data=st.one_of(st.binary(max_size=60), texts.map(lambda t: t.encode() + b"\xff\xfe" + t.encode("utf-16-le"))))
def test_any_bytes_come_back(tokenizer: Tokenizer, data: bytes):
    ids = tokenizer.encode_bytes(data)
    assert tokenizer.decode_bytes(ids) == data
    assert tokenizer.decode(ids) == data.decode("utf-8", "replace")


@given(text=st.lists(st.one_of(fragments, st.characters(categories=["Cs"])), max_size=8).map("".join))
def test_lone_surrogates_come_back(tokenizer: Tokenizer, text: str):
    for ids in (tokenizer.encode(text), tokenizer.encode_with_special(text)):
        assert tokenizer.decode_bytes(ids).decode("utf-8", "surrogatepass") == text


@given(ids=st.lists(st.integers(0, 1499), max_size=30))
def test_any_ids_decode_as_in_tokenizers(tokenizer: Tokenizer, ids: list[int]):
    # tokenizers joins ordinary ids as bytes and decodes with replacement, like us; added tokens it decodes apart.
    ordinary = [i for i in ids if i < tokenizer.end_of_text]
    reference = tokenizers.Tokenizer.from_str(tokenizer.to_json())
    assert tokenizer.decode(ordinary) == reference.decode(ordinary, skip_special_tokens=False)
    assert tokenizer.decode_bytes(ids) == b"".join(tokenizer.decode_bytes([i]) for i in ids)


@pytest.mark.parametrize("name", NAMES)
def test_special_tokens_are_never_injected_by_text(tokenizer: Tokenizer, name: str):
    text = f"before {name}{name} after"
    ids = tokenizer.encode(text)
    assert tokenizer.token_id(name) not in ids
    assert max(ids) < tokenizer.end_of_text
    assert tokenizer.encode_batch([text])[0] == ids
    assert tokenizer.encode_bytes(text.encode()) == ids
    assert tokenizer.encode_with_special(text).count(tokenizer.token_id(name)) == 2


def test_special_tokens_take_the_last_ids_in_order(tokenizer: Tokenizer):
    first = tokenizer.vocab_size - len(NAMES)
    assert [tokenizer.token_id(name) for name in NAMES] == list(range(first, tokenizer.vocab_size))
    assert tokenizer.end_of_text == first
    with pytest.raises(UsageError, match="<\\|nope\\|>"):
        tokenizer.token_id("<|nope|>")


def test_ids_of_another_tokenizer_are_refused(tokenizer: Tokenizer):
    assert tokenizer.decode([]) == ""
    assert tokenizer.decode(np.array(tokenizer.encode("hi there"))) == "hi there"
    for wrong in (tokenizer.vocab_size, -1, 10**9):
        with pytest.raises(UsageError, match=str(wrong)):
            tokenizer.decode([1, wrong])


def test_a_character_cut_in_two_decodes_to_the_replacement_character(tokenizer: Tokenizer):
    ids = tokenizer.encode_bytes("x😀".encode()[:-1])
    assert tokenizer.decode(ids) == "x\ufffd"


def test_batches_equal_single_texts(tokenizer: Tokenizer, corpus: list[str]):
    rng = random.Random()
    batch = ["".join(rng.choices(corpus, k=rng.randrange(12))) for _ in range(40)] + ["", "\udc00"]
    rng.shuffle(batch)
    assert tokenizer.encode_batch(batch) == [tokenizer.encode(text) for text in batch]
    assert tokenizer.encode_batch([]) == []


@pytest.mark.parametrize(
    "text",
    [
        " " * 1_050_000 + "x",
        "x" + " " * 1_050_000,
        "\t" * 200_000 + "\n" + " " * 1_050_000 + "end",
        "\n" * 300_000,
        "a" * 1_000_000,
        "=" * 200_000,
        "中" * 200_000,
    ],
    ids=["blanks x", "x blanks", "blanks newline blanks", "newlines", "letters", "signs", "cjk"],
)
def test_endless_runs(tokenizer: Tokenizer, plain_reference: tokenizers.Tokenizer, text: str):
    start = time.monotonic()
    ids = tokenizer.encode(text)
    assert time.monotonic() - start < 60  # linear: about a second; a quadratic merge would take minutes
    assert tokenizer.decode(ids) == text
    assert ids == plain_reference.encode(text).ids


def test_special_tokens_around_endless_blanks(tokenizer: Tokenizer, reference: tokenizers.Tokenizer):
    text = f"<|im_start|>{' ' * 150_000}<tool_call>x{' ' * 140_000}y<|im_end|>"
    assert tokenizer.encode_with_special(text) == reference.encode(text).ids


def test_long_blanks_at_any_offset(tokenizer: Tokenizer, plain_reference: tokenizers.Tokenizer):
    rng = random.Random()
    for _ in range(4):
        text = "a" * rng.randrange(70_000) + " " * rng.randrange(60_000, 140_000) + rng.choice(["", "b", "\nb", "1"])
        assert tokenizer.encode(text) == plain_reference.encode(text).ids


def test_random_letters_without_a_break_are_linear(tokenizer: Tokenizer, plain_reference: tokenizers.Tokenizer):
    text = "".join(random.Random().choices("acgtn", k=500_000))
    assert tokenizer.encode(text) == plain_reference.encode(text).ids


def test_pickles_and_works_in_another_process(tokenizer: Tokenizer):
    copy = pickle.loads(pickle.dumps(tokenizer))
    assert copy == tokenizer and hash(copy) == hash(tokenizer)
    assert copy.to_json() == tokenizer.to_json()
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as pool:
        assert pool.submit(tokenizer.encode, "in a process").result() == tokenizer.encode("in a process")


def test_threads_share_one_tokenizer(tokenizer: Tokenizer, corpus: list[str]):
    expected = [tokenizer.encode(text) for text in corpus]
    results: list[list[list[int]]] = []
    threads = [
        threading.Thread(target=lambda: results.append([tokenizer.encode(text) for text in corpus])) for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert results == [expected] * 4


@pytest.mark.slow
def test_every_character_splits_as_in_tokenizers():
    """The two regex engines carry their own Unicode tables; every code point must be cut alike."""
    split = tokenizers.pre_tokenizers.Split(tokenizers.Regex(SPLIT_PATTERN), "isolated")
    points = [chr(i) for i in range(0x110000) if not 0xD800 <= i <= 0xDFFF]
    for start in range(0, len(points), 10_000):
        samples = [f"a{c}a1{c}1.{c}. {c} .'{c}e  {c}\n{c}" for c in points[start : start + 10_000]]
        wanted = [[piece.encode() for piece, _ in split.pre_tokenize_str(sample)] for sample in samples]
        # With every expected piece as a token of its own, tiktoken's ids show where it cuts.
        ranks = {bytes([i]): i for i in range(256)}
        for pieces in wanted:
            for piece in pieces:
                ranks.setdefault(piece, len(ranks))
        encoding = tiktoken.Encoding("pieces", pat_str=SPLIT_PATTERN, mergeable_ranks=ranks, special_tokens={})
        for sample, pieces in zip(samples, wanted, strict=True):
            found = [encoding.decode_single_token_bytes(i) for i in encoding.encode_ordinary(sample)]
            assert found == pieces, ascii(sample)
