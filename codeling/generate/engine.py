"""The one generator: batched prefill of ragged prompts, then one token per row and step, with a KV cache.

    requests --queue--> slots 0..n-1 (always the first n rows of the cache) --step--> emissions

A row that ends gives its slot to the last row, so the active rows stay contiguous and a step never computes a
finished one; free slots are refilled from the queue at the next step. Token ids only: text is codeling.generate.text.

Shapes: ``B`` slots, ``n`` active rows, ``T`` prompt tokens, ``V`` vocabulary.
"""

from __future__ import annotations

import contextlib
from collections import deque
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

import torch
from torch import Tensor, nn

from codeling.errors import UsageError
from codeling.generate.config import Sampling
from codeling.generate.grammar import Constraint, Grammar, allowed_tokens
from codeling.generate.sampling import Drawn, Sampler
from codeling.model.cache import KVCache
from codeling.model.transformer import Transformer

FinishReason = Literal["stop", "length"]


class Emission(NamedTuple):
    """One thing that happened: a request got a token, or ended, or both at once (its last allowed token)."""

    request: int
    token: int | None
    """None when the request ended by a stop id, which is not part of the completion."""
    finish_reason: FinishReason | None = None
    logprob: float | None = None
    """Of the token, or of the stop id, if `Sampling.logprobs` asks for it."""
    stop_id: int | None = None
    """The stop id that ended the request."""


@dataclass(frozen=True)
class Completion:
    """The tokens made for one prompt (prompt and stop id not included) and why they ended.

    ``stop``: a stop id came, or the grammar is complete; ``length``: the token limit or the model's context was
    reached, and what a grammar asked for may be incomplete.
    """

    ids: list[int]
    finish_reason: FinishReason
    stop_id: int | None = None
    """The stop id that was drawn at the end, if that is what ended it."""
    logprobs: list[float] | None = None
    """One for every drawn token, ``stop_id`` included; see `Sampling.logprobs`."""


def collect(emissions: Sequence[Emission]) -> Completion:
    """The completion that all ``emissions`` of one request tell of."""
    ids = [emission.token for emission in emissions if emission.token is not None]
    logprobs = [emission.logprob for emission in emissions if emission.logprob is not None]
    end = emissions[-1]
    assert end.finish_reason is not None
    return Completion(ids, end.finish_reason, end.stop_id, logprobs if end.logprob is not None else None)


@dataclass
class _Request:
    index: int
    prompt: list[int]
    sampling: Sampling
    stop_ids: frozenset[int]
    room: int  # tokens it may still get
    constraint: Constraint | None


class Engine:
    """Generates for many prompts at once with one model; holds no state between calls.

    >>> engine = Engine(model)  # doctest: +SKIP
    >>> engine.generate([[1, 2, 3], [7]], Sampling(temperature=0, max_tokens=8), stop_ids=[0])  # doctest: +SKIP
    [Completion(ids=[...], finish_reason='length'), Completion(ids=[...], finish_reason='stop')]

    ``max_batch``: rows computed together; more prompts wait for a free row. The model's training mode is restored
    after every step, and nothing here records gradients.
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
        stops = frozenset(stop_ids)
        requests = []
        for index, (prompt, setting, grammar) in enumerate(zip(prompts, settings, rules, strict=True)):
            room = self._room(index, prompt, setting)
            constraint = None if grammar is None else self._begin(grammar)
            ends = stops if grammar is None else stops | grammar.end_ids
            requests.append(_Request(index, list(prompt), setting, ends, room, constraint))
        return Generation(self.model, requests, max_batch=self.max_batch)

    def _room(self, index: int, prompt: Sequence[int], sampling: Sampling) -> int:
        vocabulary = self.model.config.vocab_size
        if not prompt:
            raise UsageError(f"prompt {index} is empty; begin with at least one token (end-of-text, for nothing)")
        if len(prompt) >= self.context:
            raise UsageError(
                f"prompt {index} has {len(prompt)} tokens; the model's context is {self.context} for prompt and "
                f"completion together, so at most {self.context - 1} fit: shorten it"
            )
        if min(prompt) < 0 or max(prompt) >= vocabulary:
            raise UsageError(f"prompt {index} holds ids {min(prompt)}..{max(prompt)}; the vocabulary is {vocabulary}")
        return min(sampling.max_tokens, self.context - len(prompt))

    def _begin(self, grammar: Grammar) -> Constraint:
        vocabulary = self.model.config.vocab_size
        if grammar.vocab_size != vocabulary:
            raise UsageError(
                f"the grammar was compiled for a vocabulary of {grammar.vocab_size}, the model's is {vocabulary}; "
                f"compile it with the model's tokenizer"
            )
        return grammar.begin()


class Generation:
    """A running `Engine.stream`: iterate over it; ``cancel`` ends a request, whose slot is then free."""

    def __init__(self, model: Transformer, requests: Sequence[_Request], *, max_batch: int) -> None:
        self._model = model
        self._waiting = deque(requests)
        self._active: list[_Request] = []  # row i of the cache belongs to _active[i]
        self._lengths: list[int] = []  # tokens in each active row of the cache
        self._last: list[int] = []  # the token each active row has drawn but not yet computed
        self._sampler: Sampler | None = None
        self._cancelled: set[int] = set()
        self._emissions: deque[Emission] = deque()
        weight = model.head_weight
        self._device = weight.device
        longest = max((len(request.prompt) + request.room for request in requests), default=0)
        self._slots = min(max_batch, len(requests))
        # The storage of all slots; rows in use are seen through a cache that is a view of it (_rows).
        self._storage = KVCache(model.config, self._slots, longest, device=weight.device, dtype=weight.dtype)
        self._cache: KVCache | None = None

    def __iter__(self) -> Iterator[Emission]:
        return self

    def __next__(self) -> Emission:
        while True:
            while self._emissions:
                emission = self._emissions.popleft()
                if emission.request not in self._cancelled:
                    return emission
            if not self._active and not self._waiting:
                raise StopIteration
            self._step()

    def cancel(self, request: int) -> None:
        """Nothing more is computed or emitted for this request. Unknown and finished ones are ignored."""
        self._cancelled.add(request)

    def _step(self) -> None:
        """Compute one token for every active row, after taking in as many waiting requests as there are slots."""
        self._drop_rows([row for row, request in enumerate(self._active) if request.index in self._cancelled])
        while self._waiting and self._waiting[0].index in self._cancelled:
            self._waiting.popleft()
        with _inference(self._model):
            if self._waiting and len(self._active) < self._slots:
                self._admit()
            elif self._active:
                self._decode()

    def _admit(self) -> None:
        """Prefill new requests together, padded on the right, into the rows after the active ones."""
        count = min(self._slots - len(self._active), len(self._waiting))
        new = [self._waiting.popleft() for _ in range(count)]
        lengths = [len(request.prompt) for request in new]
        tokens = torch.zeros(count, max(lengths), dtype=torch.int64)
        for row, request in enumerate(new):
            tokens[row, : lengths[row]] = torch.tensor(request.prompt)
        first = len(self._active)
        cache = self._rows(first, first + count, [0] * count)
        hidden = self._model.hidden(tokens.to(self._device), cache=cache)  # (count, T, D)
        last = torch.tensor([length - 1 for length in lengths], device=self._device)
        logits = self._model.logits(hidden[torch.arange(count, device=self._device), last])  # (count, V)
        sampler = Sampler(
            [request.sampling for request in new],
            [request.prompt for request in new],
            vocab_size=self._model.config.vocab_size,
            device=self._device,
        )
        drawn = sampler.draw(logits, self._allowed(new))
        self._sampler = sampler if self._sampler is None else self._sampler.extend(sampler)
        self._active += new
        self._lengths += lengths
        self._last += drawn.tokens
        self._cache = self._rows(0, len(self._active), self._lengths)
        self._account(range(first, first + count), drawn)

    def _decode(self) -> None:
        assert self._cache is not None and self._sampler is not None
        tokens = torch.tensor(self._last, device=self._device).unsqueeze(-1)  # (n, 1)
        hidden = self._model.hidden(tokens, cache=self._cache)  # (n, 1, D)
        self._lengths = [length + 1 for length in self._lengths]
        logits = self._model.logits(hidden[:, -1])  # (n, V)
        # After the model's work was started, not before: on an accelerator the two overlap.
        drawn = self._sampler.draw(logits, self._allowed(self._active))
        self._last = drawn.tokens
        self._account(range(len(self._active)), drawn)

    def _allowed(self, requests: Sequence[_Request]) -> Tensor | None:
        return allowed_tokens([r.constraint for r in requests], vocab_size=self._model.config.vocab_size)

    def _account(self, rows: Sequence[int], drawn: Drawn) -> None:
        """Turn the tokens just drawn for ``rows`` into emissions, and let go of the rows that ended."""
        ended = []
        logprobs = drawn.logprobs or [None] * len(rows)
        for row, token, logprob in zip(rows, drawn.tokens, logprobs, strict=True):
            emission = _emission(self._active[row], token, logprob)
            self._emissions.append(emission)
            if emission.finish_reason is not None:
                ended.append(row)
        self._drop_rows(ended)

    def _drop_rows(self, ended: Sequence[int]) -> None:
        if not ended:
            return
        order = list(range(len(self._active)))
        for row in sorted(ended, reverse=True):
            moved = order.pop()
            if row < len(order):
                # The last row moves into the gap, with the part of the storage that it has filled.
                order[row] = moved
                source, length = len(order), self._lengths[moved]
                for tensor in (*self._storage.keys, *self._storage.values):
                    tensor[row, :, :length] = tensor[source, :, :length]
        self._active = [self._active[row] for row in order]
        self._lengths = [self._lengths[row] for row in order]
        self._last = [self._last[row] for row in order]
        if not order:
            self._sampler = self._cache = None
            return
        assert self._sampler is not None
        self._sampler = self._sampler.select(order)
        self._cache = self._rows(0, len(order), self._lengths)

    def _rows(self, start: int, stop: int, lengths: Sequence[int]) -> KVCache:
        """A cache whose keys and values are rows ``start:stop`` of the storage, holding ``lengths`` tokens."""
        storage = self._storage
        view = KVCache(self._model.config, stop - start, 0, device=self._device, dtype=storage.keys[0].dtype)
        view.keys = [tensor[start:stop] for tensor in storage.keys]
        view.values = [tensor[start:stop] for tensor in storage.values]
        view.length = torch.tensor(lengths)
        return view


def _emission(request: _Request, token: int, logprob: float | None) -> Emission:
    """What it means that ``request`` drew ``token``."""
    request.room -= 1
    logprob = logprob if request.sampling.logprobs else None
    if token in request.stop_ids:
        return Emission(request.index, None, "stop", logprob, token)
    reason: FinishReason | None = None if request.room else "length"
    if request.constraint is not None:
        request.constraint.accept(token)
        if request.constraint.finished:
            reason = "stop"
    return Emission(request.index, token, reason, logprob)


@contextlib.contextmanager
def _inference(model: nn.Module) -> Iterator[None]:
    """No gradients and no dropout inside; afterwards every module is in the mode in which it was."""
    training = [module for module in model.modules() if module.training]
    if training:
        model.eval()
    # Not inference_mode: a table that a model caches in it could not be used in training afterwards.
    try:
        with torch.no_grad():
            yield
    finally:
        for module in training:
            module.training = True
