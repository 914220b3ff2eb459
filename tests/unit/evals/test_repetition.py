"""Repetition measures against counting by hand and by brute force."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from codeling.evals.repetition import distinct, longest_loop, repeated, repetition, units


def test_units_are_words_marks_and_line_breaks():
    assert units("It's a\n  café, no?") == ["It", "'", "s", "a", "\n", "café", ",", "no", "?"]


def test_known_values():
    assert distinct("aaaa", 2) == pytest.approx(1 / 3)
    assert distinct("abcd", 2) == 1.0
    assert repeated("abcdabcd", 4) == pytest.approx(2 / 5)
    assert repeated("abcdefgh", 4) == 0.0
    assert distinct("a", 2) == 1.0 and repeated("abc", 4) == 0.0


def brute_force_loop(text: str, max_period: int) -> int:
    best = 0
    for period in range(1, max_period + 1):
        for start in range(len(text)):
            end = start + period
            while end < len(text) and text[end] == text[end - period]:
                end += 1
            if end - start >= 3 * period:
                best = max(best, min(end, len(text)) - start)
    return best


@given(st.text("ab", max_size=24), st.integers(1, 8))
def test_the_longest_loop_is_the_longest(text, max_period):
    covered, period = longest_loop(text, max_period=max_period)
    assert covered == brute_force_loop(text, max_period)
    assert (period == 0) == (covered == 0) and period <= max_period


def test_a_loop_is_found_wherever_it_stands():
    phrase = [f"w{index}" for index in range(random.randint(1, 20))]
    repeats = random.randint(3, 6)
    sequence = ["start"] * 2 + [f"x{index}" for index in range(9)] + phrase * repeats + ["end"]
    assert longest_loop(sequence) == (len(phrase) * repeats, len(phrase))
    assert longest_loop(phrase * 2) == (0, 0)


def test_stuck_texts_stand_out_and_empty_ones_do_not_count():
    story = "Tom had a red ball. He gave it to his friend Mia, and they played until the sun went down."
    stuck = "the dog " * 30
    healthy, sick = repetition([story, ""]), repetition([stuck, story])
    assert healthy["looping_share"] == 0 and healthy["repeated_4grams_share"] == 0 and healthy["distinct_2"] > 0.9
    assert sick["looping_share"] == 0.5 and sick["repeated_4grams_share"] > 0.4
    assert repetition([]) == {"distinct_2": 1.0, "repeated_4grams_share": 0.0, "looping_share": 0.0}
