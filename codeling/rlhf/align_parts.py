"""The parts of an alignment run that are made from what was asked: rewards, judge, critic, optimizer."""

from __future__ import annotations

import contextlib

import torch

from codeling.checkpoint import LoadedModel
from codeling.errors import UsageError
from codeling.model.transformer import Transformer
from codeling.rlhf.policy_update import ActorCritic
from codeling.rlhf.queries import QuerySet
from codeling.rlhf.reward_sources import ModelReward, TestsReward
from codeling.rlhf.rewards import CallableReward, LengthReward, RandomReward, Reward, parse_reward
from codeling.rlhf.rlhf_config import RlhfConfig
from codeling.rlhf.scalar_model import LoadedRewardModel, ScalarModel, load_reward_model
from codeling.runtime.paths import Workspace
from codeling.tasks.grading import Grader
from codeling.train.precision import Precision


def build_reward(
    config: RlhfConfig,
    workspace: Workspace,
    start: LoadedModel,
    *,
    precision: Precision,
    queries: QuerySet,
    stack: contextlib.ExitStack,
) -> tuple[list[tuple[Reward, float]], LoadedRewardModel | None]:
    """The parts of ``--reward`` with their weights, and the reward model if it is one of them.

    What must be closed at the end is entered into ``stack``.
    """
    parts: list[tuple[Reward, float]] = []
    loaded: LoadedRewardModel | None = None
    for part in parse_reward(config.reward_text):
        if part.name == "model":
            path = workspace.find(config.reward_model, workspace.models, remedy="python scripts/train_reward_model.py")
            loaded = load_reward_model(path, device=precision.device)
            loaded.model.requires_grad_(False)
            reward: Reward = ModelReward(
                loaded,
                tokenizer_hash=start.tokenizer.content_hash,
                precision=precision,
                max_tokens=config.micro_batch_tokens,
            )
        elif part.name == "tests":
            without = next((query for query in queries.train + queries.held_out if query.task is None), None)
            if without is not None:
                raise UsageError(
                    f"--reward tests: the prompts of {config.prompts} have no tests; take prompts that have: --prompts "
                    "tasks, or --prompts mbpp:FILE; or another --reward"
                )
            reward = TestsReward(stack.enter_context(Grader(config.workers)))
        elif part.name == "length":
            reward = LengthReward(config.max_new_tokens)
        elif part.name == "random":
            reward = RandomReward()
        else:
            reward = CallableReward(part.name)
        parts.append((reward, part.weight))
    return parts, loaded


def build_judge(config: RlhfConfig, queries: QuerySet, *, stack: contextlib.ExitStack) -> Reward | None:
    """Other tests than the reward's, run on held-out prompts; None where those have no tests."""
    if not queries.held_out or any(query.task is None for query in queries.held_out):
        return None
    return TestsReward(stack.enter_context(Grader(config.workers)), judge=True)


def build_critic(policy: Transformer, reward_model: LoadedRewardModel | None, *, seed: int) -> ScalarModel:
    """PPO's critic: begins as the reward model, whose normalisation moves into its head, or by saying 0 everywhere."""
    usable = reward_model is not None and reward_model.model.config.vocab_size == policy.config.vocab_size
    if reward_model is None or not usable:
        return ScalarModel.from_language_model(policy, zero_head=True, seed=seed)
    source = reward_model.model
    critic = ScalarModel(source.config).to(source.head.weight.device)
    critic.load_state_dict(source.state_dict())
    with torch.no_grad():
        critic.head.weight.div_(critic.scale)
        critic.head.bias.sub_(critic.shift).div_(critic.scale)
        critic.shift.zero_()
        critic.scale.fill_(1.0)
    return critic


def build_optimizer(trained: ActorCritic, config: RlhfConfig) -> torch.optim.AdamW:
    """AdamW without decay; eps 1e-5, because small gradients near the end of a run must not become large steps.

    Each group carries ``base_lr`` for the schedule.
    """
    rate = config.rate_for(sum(parameter.numel() for parameter in trained.policy.parameters()))
    parts = [("policy", trained.policy.parameters(), rate)]
    if trained.critic is not None:
        parts.append(("critic", trained.critic.parameters(), config.critic_learning_rate or rate))
    groups = [
        {"name": name, "params": list(parameters), "lr": rate, "base_lr": rate, "base_weight_decay": 0.0}
        for name, parameters, rate in parts
    ]
    return torch.optim.AdamW(groups, betas=(0.9, 0.999), eps=1e-5, weight_decay=0.0, fused=True)
