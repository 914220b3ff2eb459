"""The schedule: its shape at the corners, its independence of history, and what it writes into an optimizer."""

import itertools

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from codeling.train.optimizers import build_optimizer
from codeling.train.schedules import apply_schedule, learning_rate_factor, muon_momentum


def test_the_default_shape_rises_holds_and_falls_to_a_twentieth():
    factors = [learning_rate_factor(step, 1000) for step in range(1001)]
    assert factors[:40] == pytest.approx([(step + 1) / 40 for step in range(40)])
    assert factors[40:351] == [1.0] * 311
    assert factors[675] == pytest.approx(0.525)  # half of the way down from 1 to 0.05
    assert factors[1000] == pytest.approx(0.05)
    steps_down = [a - b for a, b in itertools.pairwise(factors[350:])]
    assert steps_down == pytest.approx([0.95 / 650] * 650)


@given(
    total=st.integers(1, 5000),
    warmup=st.integers(0, 6000) | st.none(),
    warmdown=st.floats(0, 1),
    final=st.floats(0, 1),
)
def test_factors_stay_in_range_rise_then_fall(total, warmup, warmdown, final):
    steps = sorted({*range(0, total, max(1, total // 50)), total - 1})
    factors = [
        learning_rate_factor(step, total, warmup_steps=warmup, warmdown_fraction=warmdown, final_fraction=final)
        for step in steps
    ]
    assert all(0.0 < factor <= 1.0 for factor in factors)
    top = factors.index(max(factors))
    assert factors[: top + 1] == sorted(factors[: top + 1])
    assert factors[top:] == sorted(factors[top:], reverse=True)


def test_without_warmup_and_warmdown_the_rate_is_constant():
    assert {learning_rate_factor(step, 7, warmup_steps=0, warmdown_fraction=0.0) for step in range(7)} == {1.0}


def test_a_short_run_still_reaches_its_peak():
    assert max(learning_rate_factor(step, 20) for step in range(20)) == 1.0


def test_a_run_can_end_at_zero():
    assert learning_rate_factor(100, 100, final_fraction=0.0) == 0.0
    assert 0.0 < learning_rate_factor(99, 100, final_fraction=0.0) < 0.02


def test_steps_beyond_the_plan_stay_at_the_end_of_the_schedule():
    assert learning_rate_factor(150, 100) == learning_rate_factor(100, 100)


@pytest.mark.parametrize("arguments", [{"step": -1, "total_steps": 5}, {"step": 0, "total_steps": 0}])
def test_impossible_steps_are_refused(arguments):
    with pytest.raises(ValueError, match="steps count from 0"):
        learning_rate_factor(**arguments)


def test_impossible_fractions_are_refused():
    with pytest.raises(ValueError, match="warmdown_fraction"):
        learning_rate_factor(0, 5, warmdown_fraction=1.5)


def test_momentum_rises_in_a_line_and_stays():
    assert muon_momentum(0) == 0.85
    assert muon_momentum(150) == pytest.approx(0.91)
    assert muon_momentum(300) == muon_momentum(10**6) == pytest.approx(0.97)


def groups_of(optimizer):
    return [{key: value for key, value in group.items() if key != "params"} for group in optimizer.param_groups]


def model():
    return torch.nn.Sequential(torch.nn.Embedding(10, 8), torch.nn.Linear(8, 8))


def test_the_schedule_scales_every_group_and_decays_only_muons_weight_decay():
    optimizer = build_optimizer(model(), kind="muon", weight_decay=0.2, tokens_per_step=2**19)
    factor = apply_schedule(optimizer, step=75, total_steps=100)
    assert factor == learning_rate_factor(75, 100)
    for group in optimizer.param_groups:
        assert group["lr"] == group["base_lr"] * factor
    hidden = next(group for group in optimizer.param_groups if group["name"] == "hidden")
    assert hidden["momentum"] == muon_momentum(75)
    assert hidden["weight_decay"] == pytest.approx(0.05)

    adamw = build_optimizer(model(), kind="adamw", learning_rate=1e-3, weight_decay=0.2, tokens_per_step=2**19)
    apply_schedule(adamw, step=75, total_steps=100)
    assert [group["lr"] for group in adamw.param_groups] == [1e-3 * factor] * 2
    assert [group["weight_decay"] for group in adamw.param_groups] == [0.2, 0.0]


@given(steps=st.lists(st.integers(0, 99), min_size=1, max_size=5))
def test_values_do_not_depend_on_the_steps_before(steps):
    wandering, direct = (build_optimizer(model(), tokens_per_step=4096) for _ in range(2))
    for step in steps:
        apply_schedule(wandering, step=step, total_steps=100, warmup_steps=10)
    apply_schedule(direct, step=steps[-1], total_steps=100, warmup_steps=10)
    assert groups_of(wandering) == groups_of(direct)
