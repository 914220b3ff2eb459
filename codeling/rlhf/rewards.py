"""What a completion is worth: a reward model, running tests, any Python callable, or a weighted sum of them.

``--reward`` is a list: ``model``, ``tests``, ``length``, ``random``, or ``module:function`` (also
``path/to/file.py:function``), each with an optional weight: ``model:0.5,tests:1``. A callable gets three lists of equal
length and returns as many numbers:

    def function(prompts, completions, tasks) -> list[float]: ...

``prompts`` are texts or lists of messages, ``completions`` texts, ``tasks`` programming tasks or None.

``length`` and ``random`` are controls: a training that succeeds with them by the measure of an independent judge has
shown that the judge is wrong.
"""

from __future__ import annotations

import importlib
import importlib.util
import math
import sys
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType, TracebackType
from typing import Any, Protocol

from codeling.config import did_you_mean
from codeling.errors import Failure, UsageError
from codeling.rlhf.rollout import Rollout
from codeling.runtime.seeds import generator

NAMES = ("model", "tests", "length", "random")
"""Rewards that are built in."""

CHUNK = 16
"""Finished completions that are handed to a reward at a time while others are still being written."""


class Reward(Protocol):
    """Scores rollouts, in order; ``concurrent``: may do so in another thread while the policy writes on."""

    name: str
    concurrent: bool

    def __call__(self, rollouts: Sequence[Rollout]) -> list[float]: ...


@dataclass(frozen=True)
class RewardPart:
    """One term of the sum as it was typed."""

    name: str
    weight: float = 1.0


def parse_reward(text: str) -> list[RewardPart]:
    """``"model:0.5,tests:1"`` as parts; what cannot be meant is a UsageError that says what can."""
    parts = []
    for item in text.split(","):
        name, weight = item.strip(), 1.0
        head, _, tail = name.rpartition(":")
        if head and _is_number(tail):
            name, weight = head, float(tail)
        if not math.isfinite(weight) or weight == 0:
            raise UsageError(f"--reward {text}: the weight of {name} is {weight:g}; give a finite number other than 0")
        if name not in NAMES and not all(name.rpartition(":")[::2]):
            raise UsageError(
                f"--reward {text}: no reward '{name}'{did_you_mean(name, NAMES)}; a function of yours is named "
                "module:function, and a weight follows a colon: model:0.5,tests:1"
            )
        parts.append(RewardPart(name, weight))
    repeated = {part.name for part in parts if sum(other.name == part.name for other in parts) > 1}
    if repeated:
        raise UsageError(f"--reward {text}: {', '.join(sorted(repeated))} is there more than once; add up its weights")
    return parts


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


class LengthReward:
    """The number of tokens written, as a share of the most that may be: a control."""

    name = "length"
    concurrent = False

    def __init__(self, max_new_tokens: int) -> None:
        self._most = max_new_tokens

    def __call__(self, rollouts: Sequence[Rollout]) -> list[float]:
        return [len(rollout.response) / self._most for rollout in rollouts]


class RandomReward:
    """Noise that nothing written can influence: a control."""

    name = "random"
    concurrent = False

    def __call__(self, rollouts: Sequence[Rollout]) -> list[float]:
        return [float(generator(rollout.seed, "random reward").standard_normal()) for rollout in rollouts]


class CallableReward:
    """A function of the user's, by ``module:function``; what it returns is checked."""

    concurrent = False

    def __init__(self, name: str, function: Callable[..., Any] | None = None) -> None:
        where, _, attribute = name.rpartition(":")
        self.name = f"{Path(where).stem if where.endswith('.py') else where}:{attribute}"
        self._function = load_function(name) if function is None else function

    def __call__(self, rollouts: Sequence[Rollout]) -> list[float]:
        prompts = [rollout.query.prompt for rollout in rollouts]
        completions = [rollout.text for rollout in rollouts]
        try:
            scores = self._function(prompts, completions, [rollout.query.task for rollout in rollouts])
        except Exception as error:  # it is not our code, so whatever it raises is said, with its place
            line = _line_of(error)
            raise Failure(f"--reward {self.name}: {type(error).__name__}: {error}{line}") from error
        return checked_scores(scores, len(rollouts), name=self.name)


def _line_of(error: Exception) -> str:
    traceback: TracebackType | None = error.__traceback__
    while traceback is not None and traceback.tb_next is not None:
        traceback = traceback.tb_next
    return "" if traceback is None else f" ({traceback.tb_frame.f_code.co_filename}, line {traceback.tb_lineno})"


def checked_scores(scores: Any, count: int, *, name: str) -> list[float]:
    """``scores`` as ``count`` finite floats, else a Failure that says what came."""
    try:
        numbers = [float(score) for score in scores]
    except (TypeError, ValueError):
        raise Failure(
            f"--reward {name}: returned {type(scores).__name__} ({str(scores)[:60]}), not a list of numbers; it is "
            "called as function(prompts, completions, tasks) and returns one number for each completion"
        ) from None
    if len(numbers) != count:
        raise Failure(f"--reward {name}: returned {len(numbers)} numbers for {count} completions; one each is needed")
    wrong = next((number for number in numbers if not math.isfinite(number)), None)
    if wrong is not None:
        raise Failure(f"--reward {name}: returned {wrong}; every score must be a finite number")
    return numbers


def load_function(name: str) -> Callable[..., Any]:
    """The function that ``module:function`` or ``file.py:function`` names; a UsageError says which half is wrong."""
    where, _, attribute = name.rpartition(":")
    try:
        module = _load_file(Path(where)) if where.endswith(".py") else _load_module(where)
    except UsageError:
        raise
    except Exception as error:
        raise UsageError(f"--reward {name}: {where} cannot be imported: {type(error).__name__}: {error}") from error
    function = getattr(module, attribute, None)
    if not callable(function):
        found = "is not there" if function is None else f"is a {type(function).__name__}, not a function"
        public = [key for key, value in vars(module).items() if callable(value) and not key.startswith("_")]
        raise UsageError(f"--reward {name}: {attribute} {found} in {where}{did_you_mean(attribute, public)}")
    return function


def _load_file(path: Path) -> ModuleType:
    if not path.is_file():
        raise UsageError(f"--reward {path}: no such file")
    specification = importlib.util.spec_from_file_location(path.stem, path)
    assert specification is not None and specification.loader is not None
    module = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(module)
    return module


def _load_module(name: str) -> ModuleType:
    here = str(Path.cwd())
    if here not in sys.path:  # as `python -m` does; an installed command does not
        sys.path.insert(0, here)
    return importlib.import_module(name)


class WeightedReward:
    """The weighted sum of rewards; begins with the slow ones while the policy still writes.

    A context manager: between ``with`` and its end, ``offer`` takes each rollout as it ends, and ``collect`` gives the
    scores of all of them.
    """

    def __init__(self, parts: Sequence[tuple[Reward, float]]) -> None:
        self.parts = list(parts)
        self._pool = ThreadPoolExecutor(1, thread_name_prefix="reward")
        self._waiting: list[tuple[int, Rollout]] = []
        self._begun: list[tuple[list[int], list[Future[list[float]]]]] = []

    def __enter__(self) -> WeightedReward:
        return self

    def __exit__(self, *_: object) -> None:
        self._pool.shutdown(wait=True, cancel_futures=True)

    def offer(self, index: int, rollout: Rollout) -> None:
        """Rollout number ``index`` has ended."""
        self._waiting.append((index, rollout))
        if len(self._waiting) >= CHUNK:
            self._begin()

    def _begin(self) -> None:
        rollouts = [rollout for _, rollout in self._waiting]
        futures = [self._pool.submit(reward, rollouts) for reward, _ in self.parts if reward.concurrent]
        self._begun.append(([index for index, _ in self._waiting], futures))
        self._waiting = []

    def collect(self, rollouts: Sequence[Rollout]) -> tuple[list[float], dict[str, list[float]]]:
        """The sums, and each part's own scores by its name, for ``rollouts``, all of which were offered."""
        if self._waiting:
            self._begin()
        scores: dict[str, list[float]] = {}
        slow = [reward for reward, _ in self.parts if reward.concurrent]
        for reward, _ in self.parts:
            if not reward.concurrent:
                scores[reward.name] = reward(rollouts)
        for reward in slow:
            scores[reward.name] = [0.0] * len(rollouts)
        for indices, futures in self._begun:
            for reward, future in zip(slow, futures, strict=True):
                for index, score in zip(indices, future.result(), strict=True):
                    scores[reward.name][index] = score
        self._begun = []
        sums = [sum(weight * scores[reward.name][i] for reward, weight in self.parts) for i in range(len(rollouts))]
        return sums, {reward.name: scores[reward.name] for reward, _ in self.parts}
