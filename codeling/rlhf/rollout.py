"""Prompts to completions with their log-probabilities: what the policy does before it is told what that is worth.

    queries --one engine, seeds by (seed, iteration, query, sample)--> rollouts, each handed on as soon as it ends

The seed of a sample depends on nothing else, so neither do its random numbers: not on the batch, the slots of the
engine or the number of processes.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from codeling.generate.config import Sampling
from codeling.generate.engine import Engine
from codeling.generate.requests import Emission, collect
from codeling.model.transformer import Transformer
from codeling.rlhf.prompts import Prompt
from codeling.runtime.seeds import stable_hash
from codeling.tasks.task import Task
from codeling.train.precision import Precision


@dataclass(frozen=True)
class Query:
    """One thing to ask the policy."""

    key: str
    """Stable name; decides the random numbers of its samples."""
    prompt: Prompt
    ids: tuple[int, ...]
    """The prompt's ids, at least one."""
    end_ids: frozenset[int]
    """A response is whole when it ends with one of these."""
    task: Task | None = None
    """The programming task behind it, where there is one."""


@dataclass(frozen=True)
class Rollout:
    """One sample of the policy. Plain values, so that processes can exchange it."""

    query: Query
    sample: int
    """Which one of the query's samples, from 0."""
    seed: int
    response: list[int] = field(repr=False)
    """The ids drawn, at least one, the end included."""
    logprobs: list[float] = field(repr=False)
    """log p of each of them, fp32, at the temperature they were drawn with."""
    ended: bool
    """False: the limit came before the end."""
    text: str

    @property
    def pair(self) -> tuple[Sequence[int], Sequence[int]]:
        """Prompt and response ids."""
        return self.query.ids, self.response


class RolloutEngine:
    """Draws samples from ``policy`` as it is at the moment.

    ``temperature`` divides the logits here and in every log-probability of the training; there is no filter, because
    what is learned from must come from the distribution that is trained. ``slots``: rows computed together.
    """

    def __init__(
        self,
        policy: Transformer,
        *,
        decode: Callable[[list[int]], str],
        precision: Precision,
        max_new_tokens: int,
        temperature: float,
        slots: int,
    ) -> None:
        self._policy = policy
        self._decode = decode
        self._precision = precision
        self._max_new_tokens = max_new_tokens
        self._temperature = temperature
        self._slots = slots

    def sample(
        self,
        requests: Sequence[tuple[Query, int]],
        *,
        purpose: tuple[object, ...],
        finished: Callable[[int, Rollout], None] = lambda index, rollout: None,
    ) -> list[Rollout]:
        """One rollout for each (query, number of the sample), in this order; ``finished`` sees each as it ends.

        ``purpose`` is what the random numbers depend on besides query and sample: the run's seed and the iteration.
        """
        seeds = [stable_hash(*purpose, query.key, sample) for query, sample in requests]
        sampling = [
            Sampling(temperature=self._temperature, max_tokens=self._max_new_tokens, seed=seed, logprobs=True)
            for seed in seeds
        ]
        ends = frozenset[int]().union(*(query.end_ids for query, _ in requests))
        rollouts: dict[int, Rollout] = {}
        emissions: list[list[Emission]] = [[] for _ in requests]
        with self._precision.autocast():
            stream = Engine(self._policy, max_batch=self._slots).stream(
                [query.ids for query, _ in requests], sampling, stop_ids=ends
            )
            for emission in stream:
                index = emission.request
                emissions[index].append(emission)
                if emission.finish_reason is not None:
                    rollouts[index] = self._rollout(requests[index], seeds[index], emissions[index])
                    finished(index, rollouts[index])
        return [rollouts[index] for index in range(len(requests))]

    def _rollout(self, request: tuple[Query, int], seed: int, emissions: Sequence[Emission]) -> Rollout:
        query, sample = request
        drawn = collect(emissions)
        assert drawn.logprobs is not None
        response = drawn.ids if drawn.stop_id is None else [*drawn.ids, drawn.stop_id]
        return Rollout(
            query=query,
            sample=sample,
            seed=seed,
            response=response,
            logprobs=drawn.logprobs,
            ended=drawn.stop_id in query.end_ids,
            text=self._decode(response),
        )
