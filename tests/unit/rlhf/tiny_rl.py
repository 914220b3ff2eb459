"""A policy of a few thousand parameters that writes one token, and everything around it: no tokenizer, no files."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Sequence

import torch

from codeling.model.config import ModelConfig
from codeling.model.transformer import Transformer
from codeling.rlhf.learners import GrpoLearner, Learner, Networks, PpoLearner
from codeling.rlhf.policy_update import ActorCritic
from codeling.rlhf.rewards import CallableReward, WeightedReward
from codeling.rlhf.rl_loop import Collector
from codeling.rlhf.rlhf_config import RlhfConfig
from codeling.rlhf.rollout import Query, RolloutEngine
from codeling.rlhf.scalar_model import ScalarModel
from codeling.runtime.distributed import Processes
from codeling.train.precision import Precision
from codeling.train.progress import Plan

CPU = torch.device("cpu")


def tiny_policy(vocabulary: int, *, seed: int) -> Transformer:
    """Random weights, with a spread of logits of about one half."""
    config = ModelConfig(
        d_model=16, num_layers=1, num_heads=2, num_kv_heads=2, d_ff=32, vocab_size=vocabulary, max_sequence_length=16
    )
    model = Transformer(config).init_weights(seed)
    with torch.no_grad():
        generator = torch.Generator().manual_seed(seed)
        for parameter in model.parameters():
            parameter.add_(torch.randn(parameter.shape, generator=generator) * 0.1)
    return model


def plan(iterations: int, *, seed: int = 0, **changes: object) -> Plan:
    values = {
        "total_steps": iterations, "tokens_per_step": 1, "epoch_ends": (iterations,), "num_epochs": 1,
        "eval_every": iterations, "save_every": iterations, "warmup_steps": 0, "warmdown_fraction": 1.0,
        "final_fraction": 0.0, "grad_clip": 1.0, "seed": seed,
    }  # fmt: skip
    return Plan(**(values | changes))  # type: ignore[arg-type]


def make_learner(
    config: RlhfConfig,
    policy: Transformer,
    reference: Transformer,
    *,
    iterations: int,
    processes: Processes | None = None,
) -> Learner:
    from codeling.rlhf.align_parts import build_optimizer

    critic = ScalarModel.from_language_model(policy, zero_head=True, seed=0) if config.algorithm == "ppo" else None
    trained = ActorCritic(policy, critic)
    networks = Networks(trained, reference, build_optimizer(trained, config), Precision(CPU, torch.float32))
    kind = PpoLearner if config.algorithm == "ppo" else GrpoLearner
    return kind(config, networks, plan=plan(iterations, seed=config.seed), processes=processes or Processes())


def make_engine(learner: Learner) -> RolloutEngine:
    return RolloutEngine(
        learner.networks.trained.policy,
        decode=lambda ids: " ".join(map(str, ids)),
        precision=learner.networks.precision,
        max_new_tokens=learner.config.max_new_tokens,
        temperature=learner.config.temperature,
        slots=learner.config.slots,
    )


@contextlib.contextmanager
def collector(learner: Learner, function: Callable[..., Sequence[float]]):
    with WeightedReward([(CallableReward("test:function", function), 1.0)]) as reward:
        yield Collector(make_engine(learner), reward, learner, processes=learner.processes)


def one_token_queries(vocabulary: int, prompts: Sequence[tuple[int, ...]]) -> list[Query]:
    """Whatever is drawn first ends the response."""
    ends = frozenset(range(vocabulary))
    return [Query(key=str(ids), prompt=str(ids), ids=ids, end_ids=ends) for ids in prompts]
