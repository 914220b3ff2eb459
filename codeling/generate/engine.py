"""Generation for a known list of prompts: what training, evaluations and the terminal use.

Many callers with requests of their own, who come and go, use codeling.generate.service instead; both drive
codeling.generate.scheduler.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Collection, Iterator, Sequence

from codeling.errors import UsageError
from codeling.generate.config import Sampling
from codeling.generate.grammar import Grammar
from codeling.generate.requests import Completion, Emission, FinishReason, Request, collect
from codeling.generate.scheduler import Scheduler
from codeling.model.transformer import Transformer

__all__ = ["Completion", "Emission", "Engine", "FinishReason", "Generation"]

_STEP_TOKENS = 8192
"""Nobody waits for the first token here, so prompts are computed many at a time."""


class Engine:
    """Generates for many prompts at once with one model; holds no state between calls.

    >>> engine = Engine(model)  # doctest: +SKIP
    >>> engine.generate([[1, 2, 3], [7]], Sampling(temperature=0, max_tokens=8), stop_ids=[0])  # doctest: +SKIP
    [Completion(ids=[...], finish_reason='length'), Completion(ids=[...], finish_reason='stop')]

    ``max_batch``: rows computed together; more prompts wait for a free row. Equal prompts beside each other, as many
    samples of one, are computed once. The model's training mode is restored after every step, and nothing here
    records gradients.
    """

    def __init__(self, model: Transformer, *, max_batch: int = 8) -> None:
        if max_batch < 1:
            raise UsageError(f"max_batch is {max_batch}; it must be >= 1")
        self.model = model
        self.max_batch = max_batch

    @property
    def context(self) -> int:
        """Tokens of prompt and completion together, at most."""
        return self.model.config.max_sequence_length

    def generate(
        self,
        prompts: Sequence[Sequence[int]],
        sampling: Sampling | Sequence[Sampling],
        *,
        stop_ids: Collection[int] = (),
        grammars: Sequence[Grammar | None] | None = None,
    ) -> list[Completion]:
        """One completion per prompt, in the prompts' order; the arguments are those of ``stream``."""
        emissions: list[list[Emission]] = [[] for _ in prompts]
        for emission in self.stream(prompts, sampling, stop_ids=stop_ids, grammars=grammars):
            emissions[emission.request].append(emission)
        return [collect(each) for each in emissions]

    def stream(
        self,
        prompts: Sequence[Sequence[int]],
        sampling: Sampling | Sequence[Sampling],
        *,
        stop_ids: Collection[int] = (),
        grammars: Sequence[Grammar | None] | None = None,
    ) -> Generation:
        """An iterator of emissions, request by request as they happen; see `Generation` for ending one early.

        ``sampling`` is shared by all prompts or given per prompt. ``grammars`` are given per prompt, None for a free
        one; a completion ends as soon as its grammar is complete, so an ordinary stop id would only cut it short.
        A prompt that is empty, too long for the context, or holds an unknown id is a UsageError before anything is
        computed.
        """
        settings = [sampling] * len(prompts) if isinstance(sampling, Sampling) else list(sampling)
        if len(settings) != len(prompts):
            raise UsageError(f"{len(prompts)} prompts but {len(settings)} sampling settings; give one, or one each")
        rules = [None] * len(prompts) if grammars is None else list(grammars)
        if len(rules) != len(prompts):
            raise UsageError(f"{len(prompts)} prompts but {len(rules)} grammars; give one each, None for no grammar")
        generation = Generation(self.model, max_batch=self.max_batch)
        for index, (prompt, setting, grammar) in enumerate(zip(prompts, settings, rules, strict=True)):
            generation.add(index, Request(prompt, setting, stop_ids, grammar))
        return generation


class Generation:
    """A running `Engine.stream`: iterate over it; ``cancel`` ends a request, whose row is then free."""

    def __init__(self, model: Transformer, *, max_batch: int) -> None:
        self._emissions: deque[Emission] = deque()
        self._cancelled: set[int] = set()
        self._scheduler = Scheduler(model, self._emissions.append, max_rows=max_batch, step_tokens=_STEP_TOKENS)

    def add(self, index: int, request: Request) -> None:
        """One more request; an impossible one is a UsageError."""
        self._scheduler.add(index, request, name=f"prompt {index}")

    def __iter__(self) -> Iterator[Emission]:
        return self

    def __next__(self) -> Emission:
        while True:
            while self._emissions:
                emission = self._emissions.popleft()
                if emission.request in self._cancelled:
                    continue
                if emission.error is not None:
                    raise emission.error
                return emission
            if not self._scheduler.step():
                raise StopIteration

    def cancel(self, request: int) -> None:
        """Nothing more is computed or emitted for this request. Unknown and finished ones are ignored."""
        self._cancelled.add(request)
        self._scheduler.cancel(request)
