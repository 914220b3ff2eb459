"""The grammar of --reward, what a callable may return, and rewards that run while others still write."""

from __future__ import annotations

import random
import threading
from collections.abc import Sequence
from pathlib import Path

import pytest
from tiny_rl import one_token_queries

from codeling.errors import Failure, UsageError
from codeling.rlhf.rewards import (
    CallableReward,
    LengthReward,
    RandomReward,
    RewardPart,
    WeightedReward,
    checked_scores,
    load_function,
    parse_reward,
)
from codeling.rlhf.rollout import Rollout


def rollouts(count: int) -> list[Rollout]:
    query = one_token_queries(9, [(1,)])[0]
    return [
        Rollout(query, sample=i, seed=i, response=[1] * (i + 1), logprobs=[0.0] * (i + 1), ended=True, text=f"text {i}")
        for i in range(count)
    ]


def test_the_grammar() -> None:
    assert parse_reward("model") == [RewardPart("model", 1.0)]
    assert parse_reward("model:0.5, tests:1") == [RewardPart("model", 0.5), RewardPart("tests", 1.0)]
    assert parse_reward("my.module:score") == [RewardPart("my.module:score", 1.0)]
    assert parse_reward("my.module:score:-2,random") == [RewardPart("my.module:score", -2.0), RewardPart("random", 1.0)]
    assert parse_reward("a/b.py:score:1e-1") == [RewardPart("a/b.py:score", 0.1)]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("modle", "did you mean 'model'"),
        ("model:0", "other than 0"),
        ("model:nan", "finite"),
        ("tests,tests", "more than once"),
        ("", "module:function"),
        ("model,", "module:function"),
        (":score", "module:function"),
    ],
)
def test_what_cannot_be_meant_is_refused(text: str, said: str) -> None:
    with pytest.raises(UsageError, match=said):
        parse_reward(text)


def test_functions_are_found_in_modules_and_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    name = f"reward_{random.randrange(1 << 30)}"
    (tmp_path / f"{name}.py").write_text(
        "def score(prompts, completions, tasks):\n    return [7.0 for _ in prompts]\nX = 1\n"
    )
    monkeypatch.chdir(tmp_path)
    for where in (name, str(tmp_path / f"{name}.py")):
        assert CallableReward(f"{where}:score")(rollouts(2)) == [7.0, 7.0]
    with pytest.raises(UsageError, match="did you mean 'score'"):
        load_function(f"{name}:scor")
    with pytest.raises(UsageError, match="not a function"):
        load_function(f"{name}:X")
    with pytest.raises(UsageError, match="no such file"):
        load_function("missing.py:score")
    with pytest.raises(UsageError, match="cannot be imported: ModuleNotFoundError"):
        load_function("no_such_module_here:score")
    (tmp_path / "broken.py").write_text("1 / 0\n")
    with pytest.raises(UsageError, match="ZeroDivisionError"):
        load_function("broken.py:score")


@pytest.mark.parametrize(
    ("scores", "said"),
    [
        ([1.0], "returned 1 numbers for 2"),
        (None, "NoneType"),
        (["good", "bad"], "not a list of numbers"),
        ([1.0, float("nan")], "finite"),
        (3, "int"),
    ],
)
def test_what_a_callable_returns_is_checked(scores: object, said: str) -> None:
    with pytest.raises(Failure, match=said):
        checked_scores(scores, 2, name="m:f")


def test_an_exception_of_the_user_is_said_with_its_line(tmp_path: Path) -> None:
    path = tmp_path / "mine.py"
    path.write_text("def score(prompts, completions, tasks):\n    return [1 / 0]\n")
    with pytest.raises(Failure, match=r"ZeroDivisionError.*mine\.py, line 2"):
        CallableReward(f"{path}:score")(rollouts(1))


def test_the_controls() -> None:
    assert LengthReward(4)(rollouts(3)) == [0.25, 0.5, 0.75]
    many = RandomReward()(rollouts(2000))
    assert many == RandomReward()(rollouts(2000)) and len(set(many)) == 2000
    assert abs(sum(many) / 2000) < 0.2  # nine standard errors


class Slow:
    """Scores a text by its number, in any thread; notes which."""

    name, concurrent = "slow", True

    def __init__(self) -> None:
        self.threads: set[str] = set()
        self.calls = 0

    def __call__(self, rollouts: Sequence[Rollout]) -> list[float]:
        self.calls += 1
        self.threads.add(threading.current_thread().name)
        return [float(rollout.text.split()[1]) for rollout in rollouts]


def test_a_weighted_sum_of_what_came_in_any_order() -> None:
    slow, count = Slow(), 50
    every = rollouts(count)
    arrivals = list(range(count))
    random.shuffle(arrivals)
    with WeightedReward([(slow, 2.0), (LengthReward(100), 10.0)]) as reward:
        for _ in range(2):  # a second batch begins with nothing of the first
            for index in arrivals:
                reward.offer(index, every[index])
            sums, parts = reward.collect(every)
            assert parts["slow"] == [float(i) for i in range(count)]
            assert sums == pytest.approx([2.0 * i + 10.0 * (i + 1) / 100 for i in range(count)])
    assert slow.calls > 2 and threading.current_thread().name not in slow.threads


def test_a_failure_in_the_other_thread_is_raised_here() -> None:
    class Broken(Slow):
        def __call__(self, rollouts: Sequence[Rollout]) -> list[float]:
            raise Failure("the sandbox is gone")

    with WeightedReward([(Broken(), 1.0)]) as reward:
        reward.offer(0, rollouts(1)[0])
        with pytest.raises(Failure, match="sandbox is gone"):
            reward.collect(rollouts(1))
