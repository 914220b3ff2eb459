"""Every diagnosis is given when its trouble is planted, and none of them in a healthy run."""

from __future__ import annotations

import dataclasses

import pytest

from codeling.rlhf.episodes import BatchMeasures, repeated_share
from codeling.rlhf.monitors import SILENCE, WINDOW, HeldOut, Monitors

HEALTHY = BatchMeasures(
    reward=0.3, reward_deviation=0.2, parts={}, kl_per_token=0.02, kl_k3_per_token=0.02, kl_per_sample=1.0,
    length=50.0, ended=0.95, surprise=1.5, repetition=0.05,
)  # fmt: skip


def monitors() -> Monitors:
    return Monitors(kl_target=0.08, kl_limit=0.5)


def run(trouble: dict[str, float], extra: dict[str, float] | None = None, *, iterations: int = 12):
    """Findings of a run that is healthy for its first iterations and then is not."""
    watch, findings = monitors(), []
    for i in range(iterations):
        measures = HEALTHY if i < WINDOW else dataclasses.replace(HEALTHY, **trouble)
        findings += watch.after_iteration(measures, (extra or {}) if i >= WINDOW else {})
    return findings


def test_a_healthy_run_is_left_alone() -> None:
    assert run({}) == []
    assert run({"reward": 0.9, "kl_per_token": 0.1, "length": 55.0, "surprise": 1.0}) == []


@pytest.mark.parametrize(
    ("trouble", "extra", "kind", "action"),
    [
        ({"kl_per_token": 0.3}, {}, "KL", "warn"),
        ({"kl_per_token": 0.6}, {}, "KL limit", "stop"),
        ({"surprise": 0.5}, {}, "entropy", "warn"),
        ({"surprise": 0.05}, {}, "entropy", "stop"),
        ({"length": 80.0}, {}, "length", "warn"),
        ({"length": 30.0}, {}, "length", "warn"),
        ({"ended": 0.7}, {}, "ends", "warn"),
        ({}, {"zero_variance_groups": 0.95}, "groups", "warn"),
    ],
)
def test_each_trouble_has_its_diagnosis(trouble, extra, kind: str, action: str) -> None:
    findings = [finding for finding in run(trouble, extra) if finding.kind == kind and finding.action == action]
    assert findings
    assert "--" in findings[0].text or "reward" in findings[0].text, "no remedy"


def test_a_warning_is_not_repeated_at_once() -> None:
    assert len(run({"length": 80.0}, iterations=WINDOW + SILENCE)) == 1
    assert len(run({"length": 80.0}, iterations=WINDOW + SILENCE + SILENCE // 2)) == 2


def held_out(judge: float | None = None, **changes: float) -> HeldOut:
    return HeldOut(dataclasses.replace(HEALTHY, **changes), objective=0.0, judge=judge)


def test_a_reward_that_rises_without_the_judge_is_hacked() -> None:
    watch = monitors()
    assert watch.after_measurement(held_out(judge=0.3)) == []
    assert watch.after_measurement(held_out(judge=0.31, reward=0.4)) == [], "too little to say anything"
    actions = [watch.after_measurement(held_out(judge=0.29, reward=0.8))[0].action for _ in range(3)]
    assert actions == ["warn", "warn", "stop"]


def test_a_reward_that_rises_with_the_judge_is_not() -> None:
    watch = monitors()
    watch.after_measurement(held_out(judge=0.3))
    assert watch.after_measurement(held_out(judge=0.6, reward=0.9, length=90.0, repetition=0.5)) == []


@pytest.mark.parametrize("change", [{"length": 90.0}, {"repetition": 0.5}])
def test_without_a_judge_length_and_repetition_tell(change: dict[str, float]) -> None:
    watch = monitors()
    watch.after_measurement(held_out())
    assert watch.after_measurement(held_out(reward=0.9)) == []
    (finding,) = watch.after_measurement(held_out(reward=0.9, **change))
    assert finding.kind == "reward hacking"
    assert watch.after_measurement(held_out(**change)) == [], "nothing was gained, so nothing was hacked"


def test_a_resumed_run_goes_on_watching() -> None:
    one, other = monitors(), monitors()
    for i in range(9):
        one.after_iteration(dataclasses.replace(HEALTHY, length=50.0 + 3 * i), {})
    one.after_measurement(held_out(judge=0.3))
    other.load_state_dict(one.state_dict())
    assert other == one
    changed = dataclasses.replace(HEALTHY, length=100.0)
    assert one.after_iteration(changed, {}) == other.after_iteration(changed, {}) != []


def test_repetition() -> None:
    assert repeated_share(list(range(30))) == 0
    assert repeated_share([1, 2] * 20) > 0.9
    assert repeated_share([1, 2, 3]) == 0
