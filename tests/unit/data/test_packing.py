"""Packing: every token is a target exactly once, rows are nearly full, and any row can be asked for at any time."""

import collections
import random
import time

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from codeling.data.packing import FIM_ALLOWANCE, EpochPlan, best_fit, cut_documents
from codeling.errors import UsageError


def lengths_of(values) -> np.ndarray:
    return np.array(values, dtype=np.int64)


def targets_of(pieces) -> collections.Counter:
    """How often each (document, token) is a target, by the definition: a plain piece's first token is only input."""
    counts = collections.Counter()
    for piece in pieces:
        counts.update((piece.document, token) for token in range(piece.start + (not piece.fim), piece.stop))
        if piece.fim:
            counts[piece.document, "end"] += 1
    return counts


@given(
    lengths=st.lists(st.integers(1, 900), min_size=1, max_size=60),
    sequence_length=st.integers(56, 300),
    window=st.integers(1, 70),
    seed=st.integers(0, 2**32),
)
def test_every_token_is_a_target_exactly_once(lengths, sequence_length, window, seed):
    plan = EpochPlan(
        lengths_of(lengths), sequence_length=sequence_length, fim_rate=0.0, key=(seed,), window_documents=window
    )
    rows = [plan.row(i) for i in range(plan.num_rows)]
    counts = targets_of(piece for row in rows for piece in row)
    assert counts == {(d, t): 1 for d, length in enumerate(lengths) for t in range(1, length)}
    assert all(sum(piece.stop - piece.start for piece in row) <= sequence_length + 1 for row in rows)
    assert all(row for row in rows)


@given(
    lengths=st.lists(st.integers(1, 900), min_size=1, max_size=60),
    sequence_length=st.integers(56, 300),
    rate=st.floats(0.01, 1.0),
    seed=st.integers(0, 2**32),
)
def test_rearranged_pieces_cover_the_text_once_and_leave_room_for_their_sentinels(lengths, sequence_length, rate, seed):
    plan = EpochPlan(lengths_of(lengths), sequence_length=sequence_length, fim_rate=rate, key=(seed,))
    text_tokens = collections.Counter()
    for i in range(plan.num_rows):
        row = plan.row(i)
        planned = sum(piece.stop - piece.start + (FIM_ALLOWANCE if piece.fim else 0) for piece in row)
        assert planned <= sequence_length + 1
        for piece in row:
            # a plain piece's overlap with the piece before is not counted again; its document's token 0 is
            first = piece.start if piece.fim or piece.start == 0 else piece.start + 1
            text_tokens.update((piece.document, token) for token in range(first, piece.stop))
            assert piece.stop <= lengths[piece.document] - piece.fim
    text = {(d, t): 1 for d, length in enumerate(lengths) if length > 1 for t in range(length - 1)}
    ends = {key: 1 for key in text_tokens if key[1] == lengths[key[0]] - 1}
    assert text_tokens == {**text, **ends}
    assert rate < 1 or not ends  # all rearranged: each end is the one that rearranging writes


@given(lengths=st.lists(st.integers(1, 64), max_size=80), extra=st.integers(0, 8))
def test_best_fit_agrees_with_the_obvious_algorithm(lengths, extra):
    capacity = 64 + extra
    spaces: list[int] = []
    for length in sorted(lengths, reverse=True):
        fitting = [space for space in spaces if space >= length]
        if fitting:
            spaces.remove(min(fitting))
            spaces.append(min(fitting) - length)
        else:
            spaces.append(capacity - length)
    rows = best_fit(lengths_of(lengths), capacity=capacity)
    used = np.bincount(rows, weights=lengths, minlength=0) if lengths else np.array([])
    assert sorted(capacity - used) == sorted(spaces)


def test_a_row_does_not_depend_on_what_was_asked_before():
    lengths = np.random.default_rng(random.randrange(2**32)).integers(2, 700, size=500)
    arguments = {"sequence_length": 256, "fim_rate": 0.3, "key": (3, "x"), "window_documents": 50}
    asked_in_order = EpochPlan(lengths, **arguments)
    expected = [asked_in_order.row(i) for i in range(asked_in_order.num_rows)]
    for i in random.sample(range(len(expected)), 20):
        assert EpochPlan(lengths, **arguments).row(i) == expected[i]
    assert EpochPlan(lengths, **{**arguments, "key": (4, "x")}).row(0) != expected[0]
    with pytest.raises(IndexError):
        asked_in_order.row(len(expected))


def test_an_epoch_is_shuffled_across_and_within_windows_and_rows():
    plan = EpochPlan(np.full(4000, 50), sequence_length=199, fim_rate=0.0, key=(0,), window_documents=500)
    order = [piece.document for i in range(plan.num_rows) for piece in plan.row(i)]
    assert abs(np.corrcoef(order, np.arange(len(order)))[0, 1]) < 0.1
    mixed = EpochPlan(np.tile([120, 60], 2000), sequence_length=179, fim_rate=0.0, key=(0,))
    long_first = [mixed.row(i)[0].stop == 120 for i in range(mixed.num_rows)]
    assert 0.4 < np.mean(long_first) < 0.6  # best-fit decreasing alone would put every long one first


@pytest.mark.parametrize(
    "lengths",
    [
        np.clip(np.random.default_rng(1).lognormal(5.45, 0.45, size=20_000).astype(np.int64), 20, 1500),
        # Real TinyStories crowd around 200 tokens: two leave a gap that no third one fits.
        np.random.default_rng(2).normal(205, 25, size=20_000).astype(np.int64).clip(100, 500),
    ],
    ids=["spread", "alike"],
)
@pytest.mark.parametrize(("fim_rate", "least"), [(0.0, 0.975), (0.5, 0.95)])
def test_rows_are_nearly_full(lengths, fim_rate, least):
    """T = 512; sentinels and their slack are planned but not counted here."""
    plan = EpochPlan(lengths, sequence_length=512, fim_rate=fim_rate, key=(0,))
    assert lengths.sum() / (plan.num_rows * 513) > least


def test_gaps_are_filled_only_where_it_saves_rows():
    fitting = EpochPlan(np.tile([300, 213], 500), sequence_length=512, fim_rate=0.0, key=(0,))
    assert fitting.num_rows == 500
    assert all(len(fitting.row(i)) == 2 for i in range(500))  # nothing is cut
    alike = EpochPlan(np.full(1000, 200), sequence_length=512, fim_rate=0.0, key=(0,))
    pieces = [piece for i in range(alike.num_rows) for piece in alike.row(i)]
    whole = sum(piece.stop - piece.start == 200 for piece in pieces)
    assert alike.num_rows < 430 and whole > 750  # 500 rows if all stay whole, 391 if all were cut
    kept = EpochPlan(np.full(1000, 200), sequence_length=512, fim_rate=0.0, key=(0,), keep_whole=True)
    assert kept.num_rows == 500


def test_planning_is_fast_enough_for_millions_of_documents():
    lengths = np.random.default_rng(2).integers(20, 600, size=100_000)
    begin = time.process_time()
    assert EpochPlan(lengths, sequence_length=512, fim_rate=0.0, key=(0,)).num_rows > 50_000
    assert time.process_time() - begin < 1  # measured 0.05 s


def test_fill_in_the_middle_needs_room():
    with pytest.raises(UsageError, match="--fim-rate 0"):
        EpochPlan(lengths_of([100]), sequence_length=32, fim_rate=0.5, key=(0,))


def test_documents_without_a_target_have_no_piece():
    pieces = cut_documents(np.arange(3), lengths_of([1, 2, 1]), fim=np.array([False, False, True]), sequence_length=64)
    assert pieces.between(0, 9) == [(1, 0, 2, False)]
