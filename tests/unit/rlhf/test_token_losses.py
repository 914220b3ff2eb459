"""Chunked log-probabilities, entropies and losses against float64 autograd over all logits."""

from __future__ import annotations

import random

import pytest
import torch
from tiny_rl import tiny_policy

from codeling.rlhf import token_losses
from codeling.rlhf.estimators import clipped_policy_loss
from codeling.rlhf.response_batch import ResponseBatch, all_logprobs, micro_batches
from codeling.rlhf.token_losses import linear_token_loss, token_logprobs


@pytest.fixture
def problem() -> dict[str, torch.Tensor]:
    seed = random.randrange(1 << 30)
    print("seed", seed)
    g = torch.Generator().manual_seed(seed)
    count, width, vocabulary = 37, 12, 50
    return {
        "hidden": torch.randn(count, width, generator=g),
        "weight": torch.randn(vocabulary, width, generator=g),
        "targets": torch.randint(vocabulary, (count,), generator=g),
        "shift": 0.3 * torch.randn(count, generator=g),
        "advantages": torch.randn(count, generator=g),
    }


def reference(problem, temperature: float):
    logits = problem["hidden"].double() @ problem["weight"].double().T / temperature
    every = logits.log_softmax(-1)
    return every.gather(1, problem["targets"][:, None])[:, 0], -(every.exp() * every).sum(-1)


@pytest.fixture(params=[1 << 25, 50 * 5], ids=["one chunk", "many chunks"])
def chunks(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(token_losses, "CHUNK_ELEMENTS", request.param)
    monkeypatch.setattr(token_losses, "CACHED_ELEMENTS", request.param // 2)


@pytest.mark.usefixtures("chunks")
@pytest.mark.parametrize("temperature", [1.0, 0.7])
def test_log_probabilities_and_entropy(problem, temperature: float) -> None:
    logprobs, entropy = token_logprobs(
        problem["hidden"], problem["weight"], problem["targets"], temperature=temperature, with_entropy=True
    )
    expected, spread = reference(problem, temperature)
    torch.testing.assert_close(logprobs.double(), expected, atol=2e-5, rtol=0)
    assert entropy is not None
    torch.testing.assert_close(entropy.double(), spread, atol=2e-5, rtol=0)


@pytest.mark.usefixtures("chunks")
@pytest.mark.parametrize("temperature", [1.0, 0.7])
def test_the_clipped_loss_and_its_gradients(problem, temperature: float) -> None:
    old = reference(problem, temperature)[0] + problem["shift"]
    wide = {name: problem[name].double().requires_grad_() for name in ("hidden", "weight")}
    every = (wide["hidden"] @ wide["weight"].T / temperature).log_softmax(-1)
    chosen = every.gather(1, problem["targets"][:, None])[:, 0]
    loss = clipped_policy_loss(chosen, old, problem["advantages"].double(), clip_low=0.2, clip_high=0.28).sum()
    (loss / 7).backward()

    found = {name: problem[name].clone().requires_grad_() for name in ("hidden", "weight")}
    asked: list[slice] = []

    def token_loss(logprobs: torch.Tensor, part: slice) -> torch.Tensor:
        asked.append(part)
        return clipped_policy_loss(
            logprobs, old.float()[part], problem["advantages"][part], clip_low=0.2, clip_high=0.28
        )

    total, logprobs, entropy = linear_token_loss(
        found["hidden"], found["weight"], problem["targets"], token_loss, temperature=temperature, with_entropy=True
    )
    (total / 7).backward()
    assert [i for part in asked for i in range(part.start, part.stop)] == list(range(len(old)))
    assert float(total.detach()) == pytest.approx(float(loss.detach()), abs=1e-3)
    torch.testing.assert_close(logprobs.double(), chosen.detach(), atol=2e-5, rtol=0)
    assert entropy is not None and not logprobs.requires_grad
    for name, tensor in found.items():
        assert tensor.grad is not None and wide[name].grad is not None
        torch.testing.assert_close(tensor.grad.double(), wide[name].grad, atol=2e-5, rtol=1e-4)


def test_tokens_without_a_derivative_have_no_gradient(problem) -> None:
    hidden = problem["hidden"].clone().requires_grad_()
    weights = (problem["advantages"] > 0).float()
    total, _, entropy = linear_token_loss(
        hidden, problem["weight"], problem["targets"], lambda logprobs, part: -logprobs * weights[part]
    )
    total.backward()
    assert hidden.grad is not None and entropy is None
    assert torch.equal(hidden.grad.abs().sum(1) > 0, weights > 0)


def test_bf16_inputs_give_fp32_log_probabilities(problem) -> None:
    logprobs, _ = token_logprobs(problem["hidden"].bfloat16(), problem["weight"], problem["targets"])
    assert logprobs.dtype == torch.float32


def test_micro_batches_hold_every_row_once_and_stay_small() -> None:
    rng = random.Random()
    lengths = [rng.randint(1, 60) for _ in range(rng.randint(1, 80))]
    groups = micro_batches(lengths, max_tokens=128)
    assert sorted(i for group in groups for i in group) == list(range(len(lengths)))
    assert all(len(group) * max(lengths[i] for i in group) <= 128 for group in groups)
    # Sorted by length, so at most one row's worth of padding in each group but the steps between lengths.
    assert len(groups) <= -(-sum(lengths) // 64) + 8


def test_responses_are_scored_where_they_stand() -> None:
    """Every response alone, token by token, gives what a padded batch gives."""
    rng = random.Random()
    tiny_model = tiny_policy(20, seed=rng.randrange(1 << 30))
    pairs = [
        ([rng.randrange(20) for _ in range(rng.randint(1, 6))], [rng.randrange(20) for _ in range(rng.randint(1, 6))])
        for _ in range(9)
    ]
    found, entropies = all_logprobs(tiny_model, pairs, temperature=0.9, max_tokens=24, with_entropy=True)
    for (prompt, response), row, spread in zip(pairs, found, entropies, strict=True):
        for t, token in enumerate(response):
            with torch.no_grad():
                every = (tiny_model(torch.tensor([prompt + response[:t]]))[0, -1].double() / 0.9).log_softmax(-1)
            assert row[t] == pytest.approx(float(every[token]), abs=1e-4)
            assert spread[t] == pytest.approx(float(-(every.exp() * every).sum()), abs=1e-4)
    batch = ResponseBatch.from_pairs(pairs, device=torch.device("cpu"))
    assert batch.tokens.shape[1] == max(len(p) + len(r) for p, r in pairs) - 1
