"""Pairs from the model's own programs: write several for a task, run them all, and prefer what does better.

    tasks --engine--> programs --sandbox--> grades --rank--> pairs

More tests passed is better than fewer, none passed better than no code at all. The task's own solution is one of the
candidates, so that a task which the model cannot do yet teaches too. Everything is a pure function of the seed, the
tasks and the model.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from codeling.checkpoint import LoadedModel
from codeling.generate.config import Sampling
from codeling.generate.engine import Engine
from codeling.rlhf.preference_sources import Found
from codeling.rlhf.preferences import Preference
from codeling.rlhf.prompts import decode_response, encode_prompt, end_id
from codeling.runtime.seeds import generator, stable_hash
from codeling.tasks.grading import Grade, Grader
from codeling.tasks.task import Task, clean_completion

SOURCE = "samples"
PAIRS_PER_TASK = 4
RUNS_ON = "runs on after its end"
"""Kind of the pair of a right program and the same with something after it."""
RUNS_ON_MARGIN = 0.2

_TASKS_PER_ROUND = 16


@dataclass(frozen=True)
class Candidate:
    """A program for a task: ``text`` as it was written, ``clean`` up to where it should have ended."""

    text: str
    clean: str
    grade: Grade

    @property
    def level(self) -> str:
        """In words, for tables."""
        if self.grade.solved:
            return "solved"
        if self.grade.passed:
            return "partly solved"
        return "wrong" if self.grade.parses else "not code"


def sampled_pairs(
    tasks: Iterable[Task],
    model: LoadedModel,
    grader: Grader,
    *,
    samples_per_task: int,
    sampling: Sampling,
    seed: int,
) -> Iterator[Found]:
    """The pairs of each task in turn, at most five of one task; ``sampling``'s own seed is not used."""
    engine = Engine(model.model, max_batch=_TASKS_PER_ROUND * 4)
    remaining = iter(tasks)
    while batch := list(itertools.islice(remaining, _TASKS_PER_ROUND)):
        texts = _sample(batch, model, engine, samples_per_task=samples_per_task, sampling=sampling, seed=seed)
        flat = [(task, text) for task, group in zip(batch, texts, strict=True) for text in group]
        grades = iter(grader.grade(flat))
        for task, group in zip(batch, texts, strict=True):
            candidates = [Candidate(text, clean_completion(task, text), next(grades)) for text in group]
            for preference in ranked_pairs(task, candidates, seed=seed):
                yield Found(preference, f"{SOURCE}:{task.id}")


def _sample(
    tasks: Sequence[Task],
    model: LoadedModel,
    engine: Engine,
    *,
    samples_per_task: int,
    sampling: Sampling,
    seed: int,
) -> list[list[str]]:
    """For each task its distinct programs: the solution first, then what the model wrote."""
    tokenizer = model.tokenizer
    prompts, settings = [], []
    for task in tasks:
        for number in range(samples_per_task):
            prompts.append(encode_prompt(tokenizer, task.prompt))
            drawn = stable_hash(seed, SOURCE, task.id, number) >> 1
            settings.append(replace(sampling, seed=drawn))
    stops = {end_id(tokenizer, task.prompt) for task in tasks}
    completions = iter(engine.generate(prompts, settings, stop_ids=stops))
    groups = []
    for task in tasks:
        group = [task.solution]
        for completion in itertools.islice(completions, samples_per_task):
            text = decode_response(tokenizer, completion.ids)
            # One that was cut off has no end of its own; it is given the one that it should have had.
            group.append(text if completion.finish_reason == "stop" else clean_completion(task, text))
        groups.append(list(dict.fromkeys(group)))
    return groups


def ranked_pairs(task: Task, candidates: Sequence[Candidate], *, seed: int) -> list[Preference]:
    """At most four pairs of candidates with different results, and one of a right program that runs on."""
    rng = generator(seed, "rank", task.id)
    usable = [candidate for candidate in candidates if candidate.clean.strip()]
    pairs: list[Preference] = []
    losers = [c for c in candidates if any(c.grade.reward < better.grade.reward for better in usable)]
    for index in rng.permutation(len(losers))[:PAIRS_PER_TASK]:
        loser = losers[index]
        better = [c for c in usable if c.grade.reward > loser.grade.reward]
        winner = better[int(rng.integers(len(better)))]
        pairs.append(_pair(task, winner, loser.text, f"{winner.level} over {loser.level}", loser.grade.reward))
    runs_on = [c for c in usable if c.grade.solved and c.text.strip() != c.clean.strip()]
    if runs_on:
        one = runs_on[int(rng.integers(len(runs_on)))]
        pairs.append(_pair(task, one, one.text, RUNS_ON, one.grade.reward - RUNS_ON_MARGIN))
    return pairs


def _pair(task: Task, winner: Candidate, rejected: str, kind: str, reward: float) -> Preference:
    margin = round(winner.grade.reward - reward, 4)
    return Preference(task.prompt, winner.clean, rejected, source=SOURCE, kind=kind, margin=margin, task=task.id)
