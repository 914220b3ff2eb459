"""Order of queries, rollouts, and one update: what must not depend on how the work is spread."""

from __future__ import annotations

import copy
import dataclasses
import random
from collections import Counter

import pytest
import torch
from tiny_rl import collector, make_engine, make_learner, tiny_policy

from codeling.errors import Failure, UsageError
from codeling.rlhf.episodes import measure
from codeling.rlhf.query_order import QueryOrder
from codeling.rlhf.response_batch import all_logprobs
from codeling.rlhf.rlhf_config import RlhfConfig, check_rlhf_config, require_same_run
from codeling.rlhf.rollout import Query

END = 0


@pytest.fixture
def seed() -> int:
    value = random.randrange(1 << 30)
    print("seed", value)
    return value


def queries(count: int, seed: int) -> list[Query]:
    rng = random.Random(seed)
    return [
        Query(str(i), str(i), tuple(rng.randrange(1, 20) for _ in range(rng.randint(1, 4))), frozenset([END]))
        for i in range(count)
    ]


def small(**changes) -> RlhfConfig:
    base = RlhfConfig(batch_size=12, max_new_tokens=6, learning_rate=1e-3, critic_warmup=0, slots=5, ppo_epochs=2,
                      minibatches=2, micro_batch_tokens=40)  # fmt: skip
    return dataclasses.replace(base, **changes)


def test_every_query_is_asked_once_in_a_pass_and_never_the_same_sample_twice(seed: int) -> None:
    asked = queries(10, seed)
    order = QueryOrder(asked, per_batch=7, samples=3, seed=seed)
    assert order.iterations(1) == 2 and order.iterations(7) == 10
    batches = [order.batch(i) for i in range(10)]
    flat = [query.key for batch in batches for query, _ in batch[::3]]
    for start in range(0, 70, 10):
        assert sorted(flat[start : start + 10]) == sorted(query.key for query in asked)
    assert flat[:10] != flat[10:20], "each pass has its own order"
    for batch in batches:
        assert max(Counter((query.key, sample) for query, sample in batch).values()) == 1
    assert order.batch(4) == QueryOrder(asked, per_batch=7, samples=3, seed=seed).batch(4)


def test_a_sample_does_not_depend_on_its_company(seed: int) -> None:
    policy = tiny_policy(20, seed=seed)
    requests = [(query, sample) for query in queries(6, seed) for sample in range(2)]
    whole = make_engine(make_learner(small(slots=12), policy, policy, iterations=1)).sample(requests, purpose=(seed, 1))
    engine = make_engine(make_learner(small(slots=2), policy, policy, iterations=1))
    for share in (requests[::2], requests[1::2]):
        for rollout, request in zip(engine.sample(share, purpose=(seed, 1)), share, strict=True):
            twin = whole[requests.index(request)]
            assert rollout.response == twin.response and rollout.ended == twin.ended
            assert rollout.logprobs == pytest.approx(twin.logprobs, abs=1e-5)
    again = engine.sample(requests, purpose=(seed, 2))
    assert [rollout.response for rollout in again] != [rollout.response for rollout in whole]


def test_log_probabilities_are_those_that_the_training_computes(seed: int) -> None:
    policy = tiny_policy(20, seed=seed)
    learner = make_learner(small(temperature=0.8), policy, policy, iterations=1)
    rollouts = make_engine(learner).sample([(query, 0) for query in queries(12, seed)], purpose=(seed,))
    expected, _ = all_logprobs(policy, [rollout.pair for rollout in rollouts], temperature=0.8, max_tokens=999)
    for rollout, row in zip(rollouts, expected, strict=True):
        assert rollout.logprobs == pytest.approx(row, abs=1e-5)
        assert rollout.ended == (rollout.response[-1] == END)
        assert END not in rollout.response[:-1] and 1 <= len(rollout.response) <= 6


def update(config: RlhfConfig, seed: int):
    policy = tiny_policy(20, seed=seed)
    learner = make_learner(config, policy, copy.deepcopy(policy), iterations=4)
    asked = queries(20, seed)
    order = QueryOrder(asked, per_batch=config.prompts_per_batch, samples=config.samples_per_prompt, seed=seed)
    with collector(learner, lambda prompts, texts, tasks: [float("7" in text) for text in texts]) as collect:
        for iteration in range(2):
            before = collect.collect(order.batch(iteration), purpose=(seed, iteration)).episodes
            learner.learn(before, iteration=iteration)
        episodes = collect.collect(order.batch(2), purpose=(seed, 2)).episodes
    return learner, learner.learn(episodes, iteration=2), episodes


@pytest.mark.parametrize("algorithm", ["ppo", "grpo"])
def test_micro_batches_do_not_change_the_update(algorithm, seed: int) -> None:
    group = {"group_size": 4} if algorithm == "grpo" else {}
    one, _, _ = update(small(algorithm=algorithm, micro_batch_tokens=4096, **group), seed)
    other, lesson, episodes = update(small(algorithm=algorithm, micro_batch_tokens=10, **group), seed)
    for a, b in zip(one.networks.trained.parameters(), other.networks.trained.parameters(), strict=True):
        torch.testing.assert_close(a, b, atol=2e-5, rtol=1e-3)
    if lesson.update is not None:
        assert lesson.update.ratio_error < 1e-4 and lesson.update.steps <= 4
    assert measure(episodes).length == sum(len(e.logprobs) for e in episodes) / len(episodes)


def test_the_critic_warms_up_alone(seed: int) -> None:
    learner, lesson, _ = update(small(critic_warmup=3), seed)
    assert lesson.extra["critic_only"] == 1.0
    for a, b in zip(learner.networks.trained.policy.parameters(), tiny_policy(20, seed=seed).parameters(), strict=True):
        assert torch.equal(a, b)
    assert learner.networks.trained.critic is not None
    assert learner.networks.trained.critic.head.weight.abs().max() > 0


def test_another_policy_than_the_one_that_sampled_is_found_out(seed: int) -> None:
    policy = tiny_policy(20, seed=seed)
    learner = make_learner(small(), policy, copy.deepcopy(policy), iterations=4)
    with collector(learner, lambda prompts, texts, tasks: [1.0] * len(texts)) as collect:
        episodes = collect.collect([(query, 0) for query in queries(12, seed)], purpose=(seed,)).episodes
    with torch.no_grad():
        policy.embedding.weight.mul_(1.2)
    with pytest.raises(Failure, match="ratio of the policy's probabilities"):
        learner.learn(episodes, iteration=0)


def test_equal_scores_teach_a_group_nothing(seed: int) -> None:
    policy = tiny_policy(20, seed=seed)
    learner = make_learner(small(algorithm="grpo", group_size=4), policy, copy.deepcopy(policy), iterations=4)
    before = copy.deepcopy(policy.state_dict())
    with collector(learner, lambda prompts, texts, tasks: [1.0] * len(texts)) as collect:
        requests = [(query, sample) for query in queries(3, seed) for sample in range(4)]
        episodes = collect.collect(requests, purpose=(seed,)).episodes
    lesson = learner.learn(episodes, iteration=0)
    assert lesson.update is None and lesson.extra["zero_variance_groups"] == 1.0
    assert all(torch.equal(before[name], tensor) for name, tensor in policy.state_dict().items())
    asked = [episode.reference is not None for episode in episodes]
    assert asked == [True, False, False, False] * 3, "the divergence is measured on one sample of each group"


def test_a_missing_end_is_scored_by_rule_and_not_by_the_reward(seed: int) -> None:
    learner, _, episodes = update(small(), seed)
    for episode in episodes:
        rule = episode.score if episode.rollout.ended else -1.0
        assert learner._score(episode) == rule  # type: ignore[attr-defined]
    learner.config = dataclasses.replace(learner.config, missing_end_score=None)
    assert all(learner._score(episode) == episode.score for episode in episodes)  # type: ignore[attr-defined]


def test_contradictions_are_refused_before_anything_is_loaded() -> None:
    for changes, said in (
        ({"batch_size": 10, "algorithm": "grpo"}, "not a multiple of --group-size 16"),
        ({"group_size": 1, "algorithm": "grpo"}, "at least 2"),
        ({"clip_low": 1.0}, "clip-low"),
        ({"temperature": 0.0}, "temperature"),
        ({"max_new_tokens": 0}, "max-new-tokens"),
        ({"num_families": 0, "prompts": "tasks"}, "num-families"),
        ({"num_families": 3}, "--prompts preferences.json has none; add --prompts tasks"),
    ):
        with pytest.raises(UsageError, match=said):
            check_rlhf_config(RlhfConfig(**changes))  # type: ignore[arg-type]


def test_a_resumed_run_may_change_speed_but_not_sense(tmp_path) -> None:
    saved = RlhfConfig()
    require_same_run(dataclasses.replace(saved, slots=3, resume=True, max_iterations=9), saved, path=tmp_path)
    with pytest.raises(UsageError, match=r"--kl-target is 0\.2.*has 0\.08"):
        require_same_run(dataclasses.replace(saved, kl_target=0.2), saved, path=tmp_path)


def test_a_batch_is_learned_from_as_often_as_the_algorithm_is_used_to() -> None:
    ppo, grpo = RlhfConfig(), RlhfConfig(algorithm="grpo")
    assert (ppo.passes, ppo.steps_per_pass, grpo.passes, grpo.steps_per_pass) == (4, 4, 1, 1)
    asked = RlhfConfig(algorithm="grpo", ppo_epochs=3, minibatches=2)
    assert (asked.passes, asked.steps_per_pass) == (3, 2)
