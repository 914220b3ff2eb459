"""Problems whose best policy is known: what the learners end with is compared with it.

One token from a small vocabulary, a fixed reward r(a) for each. Under a penalty of beta times the KL divergence from
the reference the best policy is p(a) ~ p_ref(a) exp(r(a) / beta) (https://arxiv.org/abs/2305.18290, equation 4).
"""

from __future__ import annotations

import copy
import random

import pytest
import torch
from tiny_rl import collector, make_learner, one_token_queries, tiny_policy

from codeling.rlhf.query_order import QueryOrder
from codeling.rlhf.rlhf_config import RlhfConfig

VOCABULARY = 6
PROMPTS = [(1,), (2, 3)]


def chances(model: torch.nn.Module, prompt: tuple[int, ...]) -> torch.Tensor:
    with torch.no_grad():
        return model(torch.tensor([prompt]))[0, -1].double().softmax(-1)


def learn(config: RlhfConfig, iterations: int, rewards: list[float], seed: int):
    policy = tiny_policy(VOCABULARY, seed=seed)
    reference = copy.deepcopy(policy)
    learner = make_learner(config, policy, reference, iterations=iterations)
    queries = one_token_queries(VOCABULARY, PROMPTS)
    order = QueryOrder(queries, per_batch=config.prompts_per_batch, samples=config.samples_per_prompt, seed=seed)
    with collector(
        learner, lambda prompts, completions, tasks: [rewards[int(text)] for text in completions]
    ) as collect:
        for iteration in range(iterations):
            episodes = collect.collect(order.batch(iteration), purpose=(seed, iteration)).episodes
            learner.learn(episodes, iteration=iteration)
    return policy, reference


@pytest.mark.parametrize("algorithm", ["ppo", "grpo"])
def test_the_best_policy_under_a_penalty_is_reached(algorithm: str) -> None:
    seed = random.randrange(1 << 30)
    rewards = random.Random(seed).sample([-0.5, -0.3, -0.1, 0.1, 0.3, 0.5], VOCABULARY)
    beta = 0.5
    iterations = 40
    config = RlhfConfig(
        algorithm=algorithm,  # type: ignore[arg-type]
        batch_size=192, group_size=48 if algorithm == "grpo" else 1, max_new_tokens=1, slots=256, ppo_epochs=2,
        minibatches=1, learning_rate=0.01, critic_learning_rate=0.02, critic_warmup=0, beta=beta, kl_target=0.0,
        whiten_rewards=False, max_approx_kl=1.0, seed=seed,
    )  # fmt: skip
    policy, reference = learn(config, iterations, rewards, seed)
    for prompt in PROMPTS:
        before = chances(reference, prompt)
        best = before * torch.exp(torch.tensor(rewards, dtype=torch.float64) / beta)
        best /= best.sum()
        found = chances(policy, prompt)
        distance = 0.5 * float((found - best).abs().sum())
        began = 0.5 * float((before - best).abs().sum())
        print(f"{algorithm} seed {seed}: total variation {began:.3f} -> {distance:.3f}")
        assert distance < 0.06


def test_without_a_penalty_the_best_token_takes_all() -> None:
    seed = random.randrange(1 << 30)
    rewards = [0.0] * VOCABULARY
    rewards[seed % VOCABULARY] = 1.0
    config = RlhfConfig(
        algorithm="grpo", batch_size=128, group_size=16, max_new_tokens=1, slots=256, ppo_epochs=1, minibatches=1,
        learning_rate=0.03, max_approx_kl=1.0, seed=seed,
    )  # fmt: skip
    policy, _ = learn(config, 40, rewards, seed)
    for prompt in PROMPTS:
        assert float(chances(policy, prompt)[seed % VOCABULARY]) > 0.95


def test_the_critic_learns_what_a_prompt_is_worth() -> None:
    """The reward depends on the prompt alone, so all of its variance can be explained."""
    seed = random.randrange(1 << 30)
    policy = tiny_policy(VOCABULARY, seed=seed)
    config = RlhfConfig(
        batch_size=64, max_new_tokens=1, slots=64, ppo_epochs=4, minibatches=1, learning_rate=0.01, critic_warmup=30,
        beta=0.0, kl_target=0.0, seed=seed,
    )  # fmt: skip
    learner = make_learner(config, policy, copy.deepcopy(policy), iterations=30)
    order = QueryOrder(one_token_queries(VOCABULARY, PROMPTS), per_batch=64, samples=1, seed=seed)
    with collector(learner, lambda prompts, texts, tasks: [3.0 + (len(prompt) > 4) for prompt in prompts]) as collect:
        explained = [
            learner.learn(
                collect.collect(order.batch(iteration), purpose=(seed, iteration)).episodes, iteration=iteration
            ).extra["explained_variance"]
            for iteration in range(25)
        ]
    assert explained[0] == pytest.approx(0, abs=1e-4) and explained[-1] > 0.8, f"seed {seed}: {explained}"
