"""Losses over pairs against independent float64 computations, values and gradients."""

import math

import pytest
import torch

from codeling.rlhf.pair_losses import dpo_losses, dpo_margins, preferred, reward_losses


def draw(*, seed: int, count: int = 4, size: int = 50) -> list[torch.Tensor]:
    generator = torch.Generator().manual_seed(seed)
    return [3 * torch.randn(size, generator=generator, dtype=torch.float64) for _ in range(count)]


def log_sigmoid(x: float) -> float:
    return -math.log1p(math.exp(-x)) if x > 0 else x - math.log1p(math.exp(x))


@pytest.mark.parametrize("seed", range(3))
def test_reward_losses(seed):
    chosen, rejected, margins, _ = draw(seed=seed)
    margins = margins.abs()
    chosen.requires_grad_()
    rejected.requires_grad_()
    losses = reward_losses(chosen, rejected, margins, centering=0.01)
    for i in range(len(losses)):
        c, r, m = chosen[i].item(), rejected[i].item(), margins[i].item()
        assert losses[i].item() == pytest.approx(-log_sigmoid(c - r - m) + 0.01 * (c + r) ** 2, rel=1e-12)
    losses.sum().backward()
    wrong = 1 / (1 + torch.exp(chosen - rejected - margins))  # 1 - sigmoid
    assert chosen.grad is not None and rejected.grad is not None
    torch.testing.assert_close(chosen.grad, -wrong + 0.02 * (chosen + rejected), rtol=1e-12, atol=1e-12)
    torch.testing.assert_close(rejected.grad, wrong + 0.02 * (chosen + rejected), rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize("smoothing", [0.0, 0.2])
def test_dpo_losses(smoothing):
    parts = draw(seed=7)
    parts[0].requires_grad_()
    losses = dpo_losses(*parts, beta=0.3, label_smoothing=smoothing)
    for i in range(len(losses)):
        pc, pr, rc, rr = (part[i].item() for part in parts)
        logit = 0.3 * (math.log(math.exp(pc) / math.exp(pr)) - math.log(math.exp(rc) / math.exp(rr)))
        expected = -(1 - smoothing) * log_sigmoid(logit) - smoothing * log_sigmoid(-logit)
        assert losses[i].item() == pytest.approx(expected, rel=1e-9)
    losses.sum().backward()
    chance = torch.sigmoid(0.3 * dpo_margins(*parts))
    assert parts[0].grad is not None
    torch.testing.assert_close(parts[0].grad, 0.3 * (chance - (1 - smoothing)), rtol=1e-12, atol=1e-12)


def test_a_policy_that_is_its_reference_has_the_loss_log_2():
    chosen, rejected, _, _ = draw(seed=1)
    losses = dpo_losses(chosen, rejected, chosen, rejected, beta=0.1)
    torch.testing.assert_close(losses, torch.full_like(losses, math.log(2)), rtol=1e-12, atol=0)


def test_losses_stay_finite_at_any_score():
    far = torch.tensor([1e4, -1e4], requires_grad=True)
    losses = reward_losses(far, -far, torch.zeros(2), centering=0.01)
    losses.sum().backward()
    assert torch.isfinite(losses).all() and far.grad is not None and torch.isfinite(far.grad).all()


def test_a_tie_is_half_right():
    assert preferred(torch.tensor([1.0, -2.0, 0.0])).tolist() == [1.0, 0.0, 0.5]
