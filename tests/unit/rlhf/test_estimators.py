"""The arithmetic against plain loops in float64 on fresh random inputs, and by its properties."""

from __future__ import annotations

import math
import random

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from codeling.rlhf import estimators


def table(rng: random.Random, lengths: list[int], scale: float = 1.0) -> list[list[float]]:
    return [[rng.gauss(0, scale) for _ in range(length)] for length in lengths]


def masked(lengths: list[int]) -> torch.Tensor:
    return torch.arange(max(lengths)) < torch.tensor(lengths)[:, None]


def dirty(rows: list[list[float]], rng: random.Random) -> torch.Tensor:
    """Rows as a padded table with rubbish in the padding, which must not matter."""
    width = max(map(len, rows))
    return torch.tensor([row + [rng.uniform(-99, 99) for _ in range(width - len(row))] for row in rows])


@pytest.fixture
def rng() -> random.Random:
    seed = random.randrange(1 << 30)
    print("seed", seed)
    return random.Random(seed)


@pytest.fixture
def lengths(rng: random.Random) -> list[int]:
    return [rng.randint(1, 12) for _ in range(rng.randint(2, 9))]


def close(found: torch.Tensor, rows: list[list[float]], *, tolerance: float = 1e-4) -> None:
    for i, row in enumerate(rows):
        for t, value in enumerate(row):
            assert float(found[i, t]) == pytest.approx(value, abs=tolerance, rel=tolerance), (i, t)
        assert not found[i, len(row) :].any(), "the padding is not zero"


def test_advantages_are_those_of_the_definition(rng: random.Random, lengths: list[int]) -> None:
    """The definition: the sum of discounted surprises, not the recursion."""
    rewards, values = table(rng, lengths), table(rng, lengths)
    discount, smoothing = rng.uniform(0.5, 1), rng.uniform(0, 1)
    expected = []
    for r, v in zip(rewards, values, strict=True):
        surprises = [r[t] + (discount * v[t + 1] if t + 1 < len(v) else 0.0) - v[t] for t in range(len(r))]
        expected.append(
            [sum((discount * smoothing) ** (k - t) * surprises[k] for k in range(t, len(r))) for t in range(len(r))]
        )
    advantages, returns = estimators.generalized_advantages(
        dirty(rewards, rng), dirty(values, rng), masked(lengths), discount=discount, smoothing=smoothing
    )
    close(advantages, expected)
    close(returns, [[a + b for a, b in zip(x, v, strict=True)] for x, v in zip(expected, values, strict=True)])


def test_without_discount_and_smoothing_it_is_the_return_less_the_value(rng: random.Random, lengths: list[int]) -> None:
    rewards, values = table(rng, lengths), table(rng, lengths)
    advantages, returns = estimators.generalized_advantages(
        dirty(rewards, rng), dirty(values, rng), masked(lengths), discount=1.0, smoothing=1.0
    )
    to_come = [[math.fsum(row[t:]) for t in range(len(row))] for row in rewards]
    close(returns, to_come)
    close(advantages, [[a - b for a, b in zip(x, v, strict=True)] for x, v in zip(to_come, values, strict=True)])


def test_the_score_stands_at_the_last_token_and_the_penalty_at_all(rng: random.Random, lengths: list[int]) -> None:
    kl, scores = table(rng, lengths), [rng.gauss(0, 1) for _ in lengths]
    beta = rng.uniform(0, 1)
    rewards = estimators.token_rewards(torch.tensor(scores), dirty(kl, rng), masked(lengths), beta=beta)
    expected = [[-beta * x for x in row] for row in kl]
    for row, score in zip(expected, scores, strict=True):
        row[-1] += score
    close(rewards, expected)
    total = math.fsum(scores) - beta * math.fsum(sum(row) for row in kl)
    assert float(rewards.sum()) == pytest.approx(total, abs=1e-3)


def test_whitening_gives_unit_deviation(rng: random.Random) -> None:
    lengths = [rng.randint(2, 12) for _ in range(5)]
    rows = [[x * 3 + 7 for x in row] for row in table(rng, lengths)]
    flat = [x for row in rows for x in row]
    mean = math.fsum(flat) / len(flat)
    deviation = math.sqrt(math.fsum((x - mean) ** 2 for x in flat) / len(flat))
    whitened = estimators.whiten(dirty(rows, rng), masked(lengths))
    close(whitened, [[(x - mean) / deviation for x in row] for row in rows], tolerance=1e-3)


def test_scaled_rewards_sum_to_unit_deviation_at_any_length(rng: random.Random) -> None:
    for lengths in ([1, 2, 2, 1], [60, 90, 75, 80]):
        rows = [[0.0] * (length - 1) + [rng.gauss(5, 3)] for length in lengths]
        scaled = estimators.scale_rewards(estimators.padded(rows))
        sums = [sum(row) for row in rows]
        mean = math.fsum(sums) / len(sums)
        deviation = math.sqrt(math.fsum((x - mean) ** 2 for x in sums) / len(sums))
        close(scaled, [[x / deviation for x in row] for row in rows], tolerance=1e-3)


def test_whitening_a_constant_gives_no_noise() -> None:
    whitened = estimators.whiten(torch.full((2, 3), 5.0), torch.ones(2, 3, dtype=torch.bool))
    assert whitened.abs().max() == 0


def test_both_estimators_of_kl_are_unbiased_and_k3_is_never_negative(rng: random.Random) -> None:
    """Exact expectations over a small vocabulary, instead of many samples."""
    size = rng.randint(2, 9)
    p, q = (torch.tensor([rng.gauss(0, 1) for _ in range(size)]).double().log_softmax(0) for _ in range(2))
    exact = float((p.exp() * (p - q)).sum())
    for estimator in (estimators.kl_k1, estimators.kl_k3):
        assert float((p.exp() * estimator(p, q)).sum()) == pytest.approx(exact, abs=1e-9)
    assert (estimators.kl_k3(p, q) >= 0).all()


@given(st.floats(-1e4, 0), st.floats(-1e4, 0))
def test_log_ratios_are_bounded_so_that_nothing_overflows(new: float, old: float) -> None:
    a, b = torch.tensor([new]), torch.tensor([old])
    assert abs(float(estimators.log_ratio(a, b))) <= 20
    assert torch.isfinite(estimators.kl_k3(a, b)).all() and (estimators.kl_k3(a, b) >= 0).all()
    loss = estimators.clipped_policy_loss(a, b, torch.tensor([1.0]), clip_low=0.2, clip_high=0.2)
    assert torch.isfinite(loss).all()


def test_the_policy_loss_is_that_of_the_definition(rng: random.Random) -> None:
    low, high = rng.uniform(0.05, 0.4), rng.uniform(0.05, 0.4)
    for _ in range(200):
        new, old, advantage = rng.gauss(-2, 0.5), rng.gauss(-2, 0.5), rng.gauss(0, 2)
        ratio = math.exp(new - old)
        held = min(max(ratio, 1 - low), 1 + high)
        expected = -min(ratio * advantage, held * advantage)
        found = estimators.clipped_policy_loss(
            *(torch.tensor([x], dtype=torch.float64) for x in (new, old, advantage)), clip_low=low, clip_high=high
        )
        assert float(found) == pytest.approx(expected, rel=1e-9)


def test_the_clip_stops_the_gradient_only_where_it_would_go_further() -> None:
    old = torch.zeros(5)
    new = torch.tensor([0.0, 0.5, -0.5, 0.5, -0.5], requires_grad=True)
    advantages = torch.tensor([1.0, 1.0, 1.0, -1.0, -1.0])
    estimators.clipped_policy_loss(new, old, advantages, clip_low=0.2, clip_high=0.28).sum().backward()
    assert new.grad is not None
    # Inside the band; too high and wanted; too low but wanted back; too high but unwanted; too low and unwanted.
    assert [bool(g) for g in new.grad] == [True, False, True, True, False]
    assert float(new.grad[0]) == -1.0


def test_the_value_loss_takes_the_worse_of_two(rng: random.Random) -> None:
    clip = rng.uniform(0.05, 0.5)
    for _ in range(200):
        value, old, target = rng.gauss(0, 1), rng.gauss(0, 1), rng.gauss(0, 1)
        held = old + min(max(value - old, -clip), clip)
        expected = 0.5 * max((value - target) ** 2, (held - target) ** 2)
        found = estimators.clipped_value_loss(
            *(torch.tensor([x], dtype=torch.float64) for x in (value, old, target)), clip=clip
        )
        assert float(found) == pytest.approx(expected, rel=1e-9)


def test_group_advantages_are_the_distance_from_the_mean_of_those_that_count(rng: random.Random) -> None:
    groups, size = rng.randint(2, 6), rng.randint(2, 5)
    scores = [rng.choice([0.0, 0.1, 0.6, 1.0]) for _ in range(groups * size)]
    counts = [rng.random() < 0.7 for _ in scores]
    found, informative = estimators.group_advantages(torch.tensor(scores), torch.tensor(counts), group_size=size)
    for g in range(groups):
        rows = range(g * size, (g + 1) * size)
        members = [scores[i] for i in rows if counts[i]]
        varied = len(set(members)) > 1
        assert bool(informative[g]) == varied
        for i in rows:
            expected = scores[i] - sum(members) / len(members) if varied and counts[i] else 0.0
            assert float(found[i]) == pytest.approx(expected, abs=1e-6)
        assert float(found[rows.start : rows.stop].sum()) == pytest.approx(0, abs=1e-5)


def test_a_sample_that_does_not_count_changes_nothing() -> None:
    scores = torch.tensor([1.0, 0.0, 0.5, 0.7])
    for other in (-50.0, 0.0, 50.0):
        scores[3] = other
        found, _ = estimators.group_advantages(scores, torch.tensor([True, True, True, False]), group_size=4)
        assert found.tolist() == pytest.approx([0.5, -0.5, 0.0, 0.0])


def test_explained_variance(rng: random.Random) -> None:
    mask = torch.ones(1, 50, dtype=torch.bool)
    returns = torch.tensor([[rng.gauss(3, 2) for _ in range(50)]])
    assert float(estimators.explained_variance(returns + 4.0, returns, mask)) == pytest.approx(1.0, abs=1e-5)
    assert float(estimators.explained_variance(torch.zeros(1, 50), returns, mask)) == pytest.approx(0.0, abs=1e-5)
    assert float(estimators.explained_variance(-returns, returns, mask)) == pytest.approx(-3.0, abs=1e-3)
    assert float(estimators.explained_variance(returns, torch.ones(1, 50), mask)) == 0.0


@given(st.floats(0.001, 10), st.floats(-1, 100), st.integers(1, 1000))
def test_beta_moves_towards_the_target_by_at_most_a_fifth(beta: float, kl: float, samples: int) -> None:
    new = estimators.adapted_beta(beta, kl, target=0.1, num_samples=samples, horizon=1000)
    assert (new > beta) == (kl > 0.1 and new != beta) or new == pytest.approx(beta)
    assert abs(new / beta - 1) <= 0.2 * samples / 1000 + 1e-9


def test_rows_are_padded_with_zeros() -> None:
    assert estimators.padded([[1.0], [2.0, 3.0], []]).tolist() == [[1.0, 0.0], [2.0, 3.0], [0.0, 0.0]]
