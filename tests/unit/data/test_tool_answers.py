"""Sentences about results: they use the values, they are short, and they never fail."""

from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from codeling.data.tool_answers import answer, shorten

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=80),
    lambda inner: st.lists(inner, max_size=6) | st.dictionaries(st.text(min_size=1, max_size=12), inner, max_size=5),
    max_leaves=12,
)


@pytest.mark.parametrize(
    ("result", "arguments", "expected"),
    [
        ({"lines": 3}, {"path": "a.txt"}, "3 lines."),
        ({"entries": 1}, {}, "1 entry."),
        ({"temperature": 21.5, "unit": "celsius"}, {"unit": "celsius"}, "The temperature is 21.5."),
        ({"temperature": 21, "wind": 7}, {}, "The temperature is 21 and the wind is 7."),
        ({"path": "a.txt", "deleted": True}, {"path": "a.txt"}, "Done."),
        ({"path": "a.txt", "owner": "ada"}, {"path": "a.txt", "owner": "ada"}, "Done."),
        ({"created": True, "id": 42}, {}, "Done: the id is 42."),
        ({"is_prime": True}, {"n": 7}, "Yes, is prime."),
        ({"is_prime": False}, {"n": 8}, "Is prime: no."),
        ({"files": ["a", "b", "c", "d", "e"]}, {}, "Files: a, b, c and 2 more."),
        ({"files": []}, {}, "There are no files."),
        ({"files": [{"name": "a", "bytes": 3}, {"name": "b", "bytes": 1}]}, {}, "Files: a, b."),
        ({"hash": "d41d8cd98f00b204e9800998ecf8427e"}, {}, "The hash starts with d41d8cd9."),
        ({"error": "no such file."}, {}, "That failed: no such file."),
        ([1, 2], {}, "1, 2."),
        ([], {}, "There are none."),
        (True, {}, "Yes."),
        ({}, {}, "Done."),
    ],
)
def test_sentences(result: Any, arguments: dict[str, Any], expected: str) -> None:
    assert all(
        answer(Random(seed), result, arguments) in (expected, expected[:-1] + ", it worked.") for seed in range(8)
    )


@given(result=JSON, seed=st.integers(0, 99))
def test_any_result_has_a_short_answer(result: Any, seed: int) -> None:
    sentence = answer(Random(seed), result, {})
    assert sentence and sentence == answer(Random(seed), result, {})
    assert len(sentence) < 1500


@given(st.text(alphabet="abcdefgh ", min_size=1, max_size=300))
def test_long_texts_are_cut_between_words(text: str) -> None:
    shown = shorten(text)
    assert len(shown) <= 51
    assert " ".join(text.split()).startswith(shown.removesuffix("..."))
