"""Numbers about a reward model against direct computations."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from codeling.rlhf.reward_statistics import (
    CONFIDENCE_Z,
    accuracy,
    accuracy_by,
    expected_calibration_error,
    length_baseline,
    reliability,
    wilson_interval,
)


@given(total=st.integers(1, 2000), data=st.data())
def test_wilsons_interval_is_where_the_score_test_just_accepts(total, data):
    """Both ends solve |share - p| = z sqrt(p (1 - p) / n), which is what defines them."""
    successes = data.draw(st.integers(0, total))
    share = successes / total
    low, high = wilson_interval(successes, total)
    assert 0.0 <= low <= share + 1e-12 and share - 1e-12 <= high <= 1.0
    for end in (low, high):
        if 1e-9 < end < 1 - 1e-9:
            assert abs(share - end) == pytest.approx(CONFIDENCE_Z * math.sqrt(end * (1 - end) / total), rel=1e-6)


def test_of_nothing_nothing_is_known():
    assert wilson_interval(0, 0) == (0.0, 1.0)
    assert math.isnan(accuracy(np.array([])))


def test_accuracy_by_label():
    differences = np.array([1.0, -1.0, 0.0, 2.0])
    assert accuracy(differences) == 0.625
    assert accuracy_by(differences, ["b", "b", "a", "a"]) == {"a": (0.75, 2), "b": (0.5, 2)}


def test_the_length_baseline_finds_what_lengths_can_tell():
    rng = np.random.default_rng(0)
    lengths = rng.integers(1, 100, size=(400, 2))
    lengths = lengths[lengths[:, 0] != lengths[:, 1]]
    shorter_first = np.sort(lengths, axis=1)
    for pairs, expected in ((shorter_first, 1.0), (shorter_first[:, ::-1], 1.0)):
        assert accuracy(length_baseline(pairs[:200], pairs[200:])) == expected
    # An ideal length in between: neither longer nor shorter is better, but a curve of both features is.
    better = np.abs(np.log(lengths / 20.0))
    ideal = np.where((better[:, 0] < better[:, 1])[:, None], lengths, lengths[:, ::-1])
    assert accuracy(length_baseline(ideal[:200], ideal[200:])) > 0.8


def test_where_lengths_tell_nothing_the_baseline_says_so():
    pairs = np.full((50, 2), 7)
    assert accuracy(length_baseline(pairs, pairs)) == 0.5


def test_calibration():
    confident = math.log(0.9 / 0.1)  # sigmoid of it is 0.9
    differences = np.array([confident] * 9 + [-confident] + [0.0] * 4)
    bins = reliability(differences, num_bins=5)
    assert [(one.count, round(one.confidence, 9), round(one.accuracy, 9)) for one in bins] == [
        (4, 0.5, 0.5),
        (10, 0.9, 0.9),
    ]
    assert expected_calibration_error(bins) == pytest.approx(0.0, abs=1e-9)
    overconfident = reliability(np.array([confident, -confident]))
    assert expected_calibration_error(overconfident) == pytest.approx(0.4)
    assert reliability(np.array([1e6]))[0].confidence == pytest.approx(1.0)
