"""The rewards that need something to be loaded: a reward model from its file, a grader over the sandbox."""

from __future__ import annotations

from collections.abc import Sequence

import torch

from codeling.errors import UsageError
from codeling.rlhf.prompts import encode_prompt, encode_response
from codeling.rlhf.response_batch import micro_batches
from codeling.rlhf.rollout import Rollout
from codeling.rlhf.scalar_model import LoadedRewardModel
from codeling.tasks.grading import Grader
from codeling.tasks.task import Task
from codeling.train.precision import Precision


class ModelReward:
    """The normalised score of a reward model at the response's end."""

    name = "model"
    concurrent = False

    def __init__(
        self, loaded: LoadedRewardModel, *, tokenizer_hash: str, precision: Precision, max_tokens: int
    ) -> None:
        self._loaded = loaded
        self._same_tokenizer = loaded.tokenizer.content_hash == tokenizer_hash
        self._precision = precision
        self._max_tokens = max_tokens

    @torch.no_grad()
    def __call__(self, rollouts: Sequence[Rollout]) -> list[float]:
        texts = [self._ids(rollout) for rollout in rollouts]
        scores = [0.0] * len(texts)
        model = self._loaded.model
        device = model.head.weight.device
        for group in micro_batches([len(ids) for ids in texts], max_tokens=self._max_tokens):
            lengths = [len(texts[i]) for i in group]
            tokens = torch.zeros(len(group), max(lengths), dtype=torch.int64)
            for row, i in enumerate(group):
                tokens[row, : lengths[row]] = torch.tensor(texts[i])
            with self._precision.autocast():
                found = model.scores(tokens.to(device), torch.tensor(lengths, device=device))
            for i, score in zip(group, found.tolist(), strict=True):
                scores[i] = score
        return scores

    def _ids(self, rollout: Rollout) -> list[int]:
        if self._same_tokenizer:
            return [*rollout.query.ids, *rollout.response][: self._context]
        tokenizer, prompt = self._loaded.tokenizer, rollout.query.prompt
        return [*encode_prompt(tokenizer, prompt), *encode_response(tokenizer, prompt, rollout.text)][: self._context]

    @property
    def _context(self) -> int:
        return self._loaded.model.config.max_sequence_length


class TestsReward:
    """What a completion earns by being run: `codeling.tasks.grading.Grade.reward`; ``judge`` uses the other tests.

    The same completion of the same task is run once in the life of this object.
    """

    __test__ = False  # for pytest, which takes the name for a test's

    name = "tests"
    concurrent = True

    def __init__(self, grader: Grader, *, judge: bool = False) -> None:
        self._grader = grader
        self._judge = judge
        self._known: dict[tuple[str, str], float] = {}

    def __call__(self, rollouts: Sequence[Rollout]) -> list[float]:
        pairs = [(_task_of(rollout), rollout.text) for rollout in rollouts]
        new = {(task.id, text): (task, text) for task, text in pairs if (task.id, text) not in self._known}
        grades = self._grader.grade(list(new.values()), judge=self._judge)
        for key, grade in zip(new, grades, strict=True):
            self._known[key] = grade.reward
        return [self._known[task.id, text] for task, text in pairs]


def _task_of(rollout: Rollout) -> Task:
    if rollout.query.task is None:
        raise UsageError(
            f"--reward tests: the prompt {str(rollout.query.prompt)[:60]!r} has no tests; take prompts that have: "
            "--prompts tasks, or --prompts mbpp:FILE"
        )
    return rollout.query.task
