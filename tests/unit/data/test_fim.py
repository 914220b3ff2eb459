"""Fill-in-the-middle: whatever is rearranged comes back exactly, and keeps within its allowance."""

import random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from codeling.data.fim import FillInTheMiddle
from codeling.data.packing import FIM_ALLOWANCE
from codeling.tokenizer.bpe import Tokenizer
from codeling.tokenizer.fim_format import FimFormat, fim_prompt
from codeling.tokenizer.training import train_tokenizer

SOURCE = (
    "def add(first, second):\n    return first + second\n\n\nclass Größe:\n    name = 'größe'\n"
    "for number in range(10):\n    print(number, add(number, 1))\nif [ -f \"$file\" ]; then echo '日本語'; fi\n"
)


@pytest.fixture(scope="module")
def tokenizer(tmp_path_factory) -> Tokenizer:
    return train_tokenizer([SOURCE] * 20, vocab_size=360, output=tmp_path_factory.mktemp("t") / "tokenizer.json")


def rearrange(tokenizer, ids, *, seed, slack=FIM_ALLOWANCE) -> list[int]:
    return FillInTheMiddle(tokenizer).rearrange(
        np.array(ids, np.int64), max_tokens=len(ids) + slack, random=np.random.default_rng(seed)
    )


@given(
    text=st.text(max_size=120) | st.text(alphabet=SOURCE, max_size=300), seed=st.integers(0, 2**32), tight=st.booleans()
)
def test_a_rearranged_text_comes_back_exactly(tokenizer, text, seed, tight):
    ids = tokenizer.encode(text)
    slack = 4 if tight else FIM_ALLOWANCE
    rearranged = rearrange(tokenizer, ids, seed=seed, slack=slack)
    form = FimFormat.of(tokenizer)
    assert len(rearranged) <= len(ids) + slack
    assert rearranged[0] == form.prefix and rearranged[-1] == form.end_of_text
    assert [rearranged.count(sentinel) for sentinel in form.sentinels] == [1, 1, 1]
    assert tokenizer.decode(form.restore(rearranged)) == text
    assert rearrange(tokenizer, ids, seed=seed, slack=slack) == rearranged


def test_cuts_fall_between_characters_and_both_orders_occur(tokenizer):
    ids = tokenizer.encode(SOURCE)
    form = FimFormat.of(tokenizer)
    boundaries = {len(tokenizer.decode(ids[:i])) for i in range(len(ids) + 1)}
    psm, inside_a_token, trials = 0, 0, 200
    base = random.randrange(2**32)
    for seed in range(base, base + trials):
        rearranged = rearrange(tokenizer, ids, seed=seed)
        assert tokenizer.decode(form.restore(rearranged)) == SOURCE
        if rearranged[1] != form.suffix:
            psm += 1
            prefix = rearranged[1 : rearranged.index(form.suffix)]
            inside_a_token += len(tokenizer.decode(prefix)) not in boundaries
    assert 0.25 * trials < psm < 0.75 * trials  # a fair coin is outside once in 10^12
    assert inside_a_token > 0.3 * psm


def test_a_piece_that_is_not_text_is_cut_between_tokens(tokenizer):
    """A piece of a long document may begin and end within a character, or hold a special token: no id may change."""
    half_characters = tokenizer.encode_bytes("日本".encode()[1:-1]) * 5
    special = [*tokenizer.encode("a b"), tokenizer.token_id("<|file_sep|>"), *tokenizer.encode("c d")]
    form = FimFormat.of(tokenizer)
    for ids in (half_characters, special):
        for seed in range(10):
            rearranged = rearrange(tokenizer, ids, seed=seed)
            assert form.restore(rearranged) == ids
            assert len(rearranged) == len(ids) + 4


def test_the_orders_are_the_papers(tokenizer):
    form = FimFormat.of(tokenizer)
    pre, suf, mid, end = form.prefix, form.suffix, form.middle, form.end_of_text
    assert form.psm([1, 2], [3], [4, 5]) == [pre, 1, 2, suf, 4, 5, mid, 3, end]
    assert form.spm([1, 2], [3], [4, 5]) == [pre, suf, 4, 5, mid, 1, 2, 3, end]
    assert form.restore(form.psm([1, 2], [3], [4, 5])) == form.restore(form.spm([1, 2], [3], [4, 5])) == [1, 2, 3, 4, 5]


def test_a_prompt_is_the_beginning_of_a_training_document(tokenizer):
    form = FimFormat.of(tokenizer)
    prefix, middle, suffix = "def add(a, b):\n    return ", "a + b", "\n\nprint(add(1, 2))"
    document = form.psm(*(tokenizer.encode(part) for part in (prefix, middle, suffix)))
    prompt = fim_prompt(tokenizer, prefix, suffix)
    assert document[: len(prompt)] == prompt
    assert tokenizer.decode(document[len(prompt) : -1]) == middle


@pytest.mark.parametrize("broken", [[], [1, 2], "without middle", "swapped"])
def test_what_is_not_rearranged_is_not_restored(tokenizer, broken):
    form = FimFormat.of(tokenizer)
    ids = {
        "without middle": [form.prefix, 1, form.suffix, 2, form.end_of_text],
        "swapped": [form.prefix, 1, form.middle, 2, form.suffix, 3],
    }.get(str(broken), broken)
    with pytest.raises(ValueError, match="fill-in-the-middle"):
        form.restore(ids)
