"""The arithmetic of the alignment gate, against brute force and against what must and must not pass."""

from __future__ import annotations

import dataclasses
import itertools
import math

import numpy as np
import pytest

from codeling.evals.alignment import (
    AlignmentLimits,
    PolicySamples,
    alignment_gates,
    alignment_measures,
    judged_measures,
    mean_over_prompts,
    reference_measures,
    win_rate,
)


def samples(seed: int, *, prompts: int = 60, each: int = 8, solve: float = 0.4, **changes: np.ndarray) -> PolicySamples:
    random = np.random.default_rng(seed)
    judged = (random.random((prompts, each)) < solve).astype(float)
    length = random.integers(5, 30, (prompts, each))
    one = PolicySamples(
        reward=judged + random.normal(0, 0.1, judged.shape),
        judged=judged,
        length=length,
        ended=np.ones(judged.shape, bool),
        log_ratio=np.zeros(judged.shape),
        surprise=length * 1.0,
    )
    return dataclasses.replace(one, **changes)


def passed(policy: PolicySamples, reference: PolicySamples, **more: float) -> dict[str, bool]:
    measures = alignment_measures(policy, reference, beta=0.05) | more
    before = reference_measures(reference) | dict.fromkeys(more, 1.0)
    return {gate.measure: gate.passed for gate in alignment_gates(measures, before)}


def test_the_win_rate_compares_every_pair() -> None:
    random = np.random.default_rng()
    ours, theirs = random.integers(0, 4, (2, 12, 5)) / 3
    by_prompt = [
        np.mean([1.0 if a > b else 0.5 if a == b else 0.0 for a, b in itertools.product(row, other)])
        for row, other in zip(ours, theirs, strict=True)
    ]
    won = win_rate(ours, theirs)
    assert won.value == pytest.approx(np.mean(by_prompt))
    error = np.std(by_prompt, ddof=1) / math.sqrt(12)
    assert won.low == pytest.approx(max(0, np.mean(by_prompt) - 1.96 * error))
    assert won.value + win_rate(theirs, ours).value == pytest.approx(1)
    assert win_rate(ours, ours).value == pytest.approx(0.5)


def test_an_interval_covers_the_mean_as_often_as_it_says() -> None:
    random = np.random.default_rng()
    inside = sum(
        interval.low <= 0.3 <= interval.high
        for interval in (mean_over_prompts((random.random(200) < 0.3).astype(float)) for _ in range(1000))
    )
    assert 890 < inside < 990  # 943 +- 7.3
    assert mean_over_prompts(np.array([0.7])).high == math.inf


def test_a_policy_that_solves_more_passes_and_names_its_numbers() -> None:
    reference = samples(1, solve=0.2)
    policy = samples(2, solve=0.9, log_ratio=np.full((60, 8), 0.5))
    measures = alignment_measures(policy, reference, beta=0.05)
    assert measures["reward_gain"] == pytest.approx(
        (policy.reward.mean() - reference.reward.mean()) / reference.reward.std()
    )
    assert measures["kl_per_token"] == pytest.approx(0.5 * 480 / policy.length.sum())
    assert measures["entropy"] == pytest.approx(1.0)
    assert measures["pass_at_1_share"] == pytest.approx(policy.judged.mean())
    assert measures["pass_at_8_share"] == pytest.approx((policy.judged.max(axis=1) >= 1).mean())
    assert all(passed(policy, reference, bits_per_byte=1.01).values())


@pytest.mark.parametrize(
    ("fault", "gate"),
    [
        ({"log_ratio": np.full((60, 8), 30.0)}, "kl_per_token"),
        ({"log_ratio": np.full((60, 8), 30.0)}, "penalized_gain"),
        ({"length": np.full((60, 8), 40)}, "length_change_share"),
        ({"ended": np.zeros((60, 8), bool)}, "ended_share"),
        ({"surprise": np.full((60, 8), 1.0)}, "entropy"),
        ({"reward": np.full((60, 8), math.nan)}, "reward_gain"),
        ({"judged": np.zeros((60, 8))}, "win_rate_low_share"),
        ({"judged": np.zeros((60, 8))}, "pass_at_8_gain_high_share"),
    ],
)
def test_each_fault_fails_its_gate(fault: dict[str, np.ndarray], gate: str) -> None:
    reference = samples(1, solve=0.3)
    good = samples(2, solve=0.95)
    assert passed(good, reference)[gate]
    assert not passed(dataclasses.replace(good, **fault), reference)[gate]


def test_forgetting_fails_and_an_equal_policy_is_no_winner() -> None:
    reference, good = samples(1, solve=0.3), samples(2, solve=0.95)
    assert not passed(good, reference, bits_per_byte=1.03)["bits_per_byte"]
    verdicts = passed(reference, reference)
    assert not verdicts["win_rate_low_share"] and not verdicts["reward_gain"]
    # Nothing is lost, so nothing else fails.
    assert verdicts["pass_at_8_gain_high_share"] and verdicts["entropy"] and verdicts["length_change_share"]


def test_a_reward_that_only_length_earns_does_not_win() -> None:
    """The negative control: rewards up, the judge unmoved."""
    reference = samples(1, solve=0.5)
    longer = samples(2, solve=0.5)
    longer = dataclasses.replace(longer, reward=reference.reward + 5, judged=reference.judged)
    verdicts = passed(longer, reference)
    assert verdicts["reward_gain"] and not verdicts["win_rate_low_share"]


def test_parts_of_the_prompts_add_up_to_all_of_them() -> None:
    seed = int(np.random.default_rng().integers(2**32))
    policy, reference = samples(seed, solve=0.5), samples(seed + 1)
    chosen = np.random.default_rng(seed).random(60) < 0.3
    measures = alignment_measures(policy, reference, beta=0.05)
    parts = [judged_measures(policy.of(which), reference.of(which)) for which in (chosen, ~chosen)]
    for name in ("win_rate_share", "pass_at_1_share", "pass_at_8_share"):
        together = np.average([part[name] for part in parts], weights=[chosen.sum(), (~chosen).sum()])
        assert together == pytest.approx(measures[name])
    assert set(parts[0]) < set(measures)


def test_limits_are_settings() -> None:
    reference, policy = samples(1), samples(2, solve=0.9)
    measures, before = alignment_measures(policy, reference, beta=0.0), reference_measures(reference)
    strict = alignment_gates(measures, before, AlignmentLimits(min_reward_gain=100.0))
    assert [gate.measure for gate in strict if not gate.passed] == ["reward_gain"]
