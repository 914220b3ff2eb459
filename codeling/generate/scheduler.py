"""The one generator: continuous batching. Requests come and go between steps; a step gives each a token.

    add --> waiting --admit: is there a row and memory?--> prefilling --> decoding --> emissions
                                                               ^              |
                                                    prefix cache (optional) <-+

A step prefills prompts, at most ``step_tokens`` tokens of them, several short ones in one batch and long ones in
pieces, so that nobody who is decoding waits long for somebody else's prompt; then it decodes one token for every row.
Equal prompts that wait together are computed once. A row that ends gives its place to the last row, so the rows in use
stay contiguous and no step computes a finished one.

What a request gets does not depend on the others: rows do not see each other, and its random numbers are its own
(codeling.generate.sampling). One thread at a time.

Shapes: ``n`` rows, ``T`` prompt tokens, ``V`` vocabulary.
"""

from __future__ import annotations

import contextlib
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

import torch
from torch import Tensor

from codeling.errors import Failure, UsageError
from codeling.generate.grammar import Constraint, allowed_tokens
from codeling.generate.prefixes import Hit, PrefixCache
from codeling.generate.prompt_scores import PromptScorer
from codeling.generate.requests import Emission, FinishReason, Request
from codeling.generate.rows import Rows
from codeling.generate.sampling import Drawn, Sampler
from codeling.model.cache import KVCache
from codeling.model.config import ModelConfig
from codeling.model.transformer import Transformer


@dataclass
class Counters:
    """What a scheduler has done since it was made."""

    prompt_tokens: int = 0
    """Of all requests that were let in."""
    cached_tokens: int = 0
    """Those of them that needed no computing."""
    generated_tokens: int = 0
    """Drawn, stop ids included."""
    steps: int = 0
    step_seconds: float = 0.0
    """In all steps together."""


@dataclass(eq=False)
class Running:
    """A request on its way. ``ids``: the prompt and what was drawn."""

    key: int
    request: Request
    ids: list[int]
    room: int  # tokens it may still get
    constraint: Constraint | None
    stop_ids: frozenset[int]
    scorer: PromptScorer | None = None  # of its prompt, when the request asks for that
    cached: int = 0  # prompt tokens that needed no computing
    hit: Hit | None = None
    prefill: KVCache | None = None  # the part of the prompt computed so far, when it takes more than one step
    twins: list[Running] = field(default_factory=list)  # with the same prompt, waiting for its keys and logits

    @property
    def need(self) -> int:
        """The tokens it may come to, at most; the last one drawn is never computed."""
        return len(self.ids) + self.room - 1

    @property
    def prefill_key(self) -> tuple[object, ...]:
        """Requests for which this is the same can share one prefill."""
        scored = None if self.scorer is None else self.scorer.num_alternatives
        return scored, tuple(self.request.prompt)


def room_for(request: Request, config: ModelConfig, *, name: str = "the prompt") -> int:
    """How many tokens ``request`` may get; one that is impossible is a UsageError, which calls its prompt ``name``."""
    prompt, vocabulary, context = request.prompt, config.vocab_size, config.max_sequence_length
    if not len(prompt):
        raise UsageError(f"{name} is empty; begin with at least one token (end-of-text, for nothing)")
    if len(prompt) >= context:
        raise UsageError(
            f"{name} has {len(prompt)} tokens; the model's context is {context} for prompt and "
            f"completion together, so at most {context - 1} fit: shorten it"
        )
    if min(prompt) < 0 or max(prompt) >= vocabulary:
        raise UsageError(f"{name} holds ids {min(prompt)}..{max(prompt)}; the vocabulary is {vocabulary}")
    biased = [token for token, _ in request.sampling.logit_bias]
    if max(biased, default=0) >= vocabulary:
        raise UsageError(f"logit_bias names token {max(biased)}; the vocabulary is {vocabulary}")
    if request.grammar is not None and request.grammar.vocab_size != vocabulary:
        raise UsageError(
            f"the grammar was compiled for a vocabulary of {request.grammar.vocab_size}, the model's is {vocabulary}; "
            f"compile it with the model's tokenizer"
        )
    return min(request.sampling.max_tokens, context - len(prompt))


class Scheduler:
    """Runs requests with one model; ``emit`` is called with everything that happens, in order.

    ``max_rows``: requests decoded together. ``max_tokens``: tokens of keys and values for them, None for all that
    ``max_rows`` could need. ``prefix_tokens``: further ones for texts that were computed before; only for a model whose
    weights do not change. ``step_tokens``: prompt tokens that one step computes, and thus the size of what a prefill
    takes beside.
    """

    def __init__(
        self,
        model: Transformer,
        emit: Callable[[Emission], None],
        *,
        max_rows: int,
        step_tokens: int,
        max_tokens: int | None = None,
        prefix_tokens: int = 0,
    ) -> None:
        self.model = model
        self.counters = Counters()
        self._emit = emit
        self._step_tokens = step_tokens
        self._device, self._dtype = model.head_weight.device, model.head_weight.dtype
        self._modules = list(model.modules())
        self._rows = Rows(
            model.config, max_rows=max_rows, max_tokens=max_tokens, device=self._device, dtype=self._dtype
        )
        self._prefixes = PrefixCache(prefix_tokens)
        self._waiting: deque[Running] = deque()
        self._prefilling: deque[Running] = deque()
        self._decoding: list[Running] = []  # row i belongs to _decoding[i]
        self._lengths: list[int] = []  # tokens in each of those rows
        self._sampler: Sampler | None = None
        self._cache: KVCache | None = None  # the rows in use; None when they have changed
        self._cancelled: set[int] = set()

    @property
    def num_waiting(self) -> int:
        return len(self._waiting)

    @property
    def num_running(self) -> int:
        """Requests that have been let in."""
        return len(self._decoding) + sum(1 + len(one.twins) for one in self._prefilling)

    @property
    def prefix_tokens(self) -> int:
        """Tokens in the prefix cache."""
        return self._prefixes.num_tokens

    def add(self, key: int, request: Request, *, name: str = "the prompt") -> None:
        """Queue a request whose emissions shall be marked ``key``; an impossible one is a UsageError."""
        room = room_for(request, self.model.config, name=name)
        constraint = None if request.grammar is None else request.grammar.begin()
        ends = frozenset(request.stop_ids) | (frozenset() if request.grammar is None else request.grammar.end_ids)
        sampling = request.sampling
        scorer = PromptScorer(request.prompt, sampling.top_logprobs) if sampling.prompt_logprobs else None
        running = Running(key, request, list(request.prompt), room, constraint, ends, scorer)
        if not self._rows.can_hold([running.need]):
            raise UsageError(
                f"{name} and its completion may come to {running.need} tokens, and memory was given for "
                f"{self._rows.max_tokens}: shorten the prompt, or lower max_tokens"
            )
        self._waiting.append(running)

    def cancel(self, key: int) -> None:
        """Nothing more is computed or emitted for this request, from the next step on. Unknown keys are ignored."""
        self._cancelled.add(key)

    def step(self) -> bool:
        """Compute what is next; False when nothing was left to do."""
        started = time.monotonic()
        self._remove_unwanted(started)
        if not (self._waiting or self._prefilling or self._decoding):
            return False
        with self._inference():
            self._admit()
            self._prefill()
            if self._decoding:
                self._decode()
        self.counters.steps += 1
        self.counters.step_seconds += time.monotonic() - started
        return True

    # What comes in.

    def _remove_unwanted(self, now: float) -> None:
        """Let go of requests that were cancelled or whose time is up."""

        def is_unwanted(one: Running) -> bool:
            if one.key in self._cancelled:
                return True
            if one.request.deadline_seconds is None or one.request.deadline_seconds > now:
                return False
            self._emit(Emission(one.key, None, "deadline", cached_tokens=one.cached))
            return True

        self._drop_rows([row for row, one in enumerate(self._decoding) if is_unwanted(one)])
        self._waiting = deque(one for one in self._waiting if not is_unwanted(one))
        for _ in range(len(self._prefilling)):
            leader = self._prefilling.popleft()
            leader.twins = [twin for twin in leader.twins if not is_unwanted(twin)]
            if is_unwanted(leader):
                if not leader.twins:
                    continue
                heir, *others = leader.twins
                heir.prefill, heir.hit, heir.twins = leader.prefill, leader.hit, others
                heir.scorer = leader.scorer
                leader = heir
            self._prefilling.append(leader)
        self._cancelled.clear()

    def _admit(self) -> None:
        """Let in as many of those that wait as there are rows and memory for, first come, first served."""
        inside = [one for leader in self._prefilling for one in (leader, *leader.twins)]
        needs = [one.need for one in (*self._decoding, *inside)]
        leaders = {one.prefill_key: one for one in self._prefilling}
        while self._waiting and self._rows.can_hold([*needs, self._waiting[0].need]):
            one = self._waiting.popleft()
            needs.append(one.need)
            self.counters.prompt_tokens += len(one.request.prompt)
            leader = leaders.setdefault(one.prefill_key, one)
            if leader is one:
                self._prefilling.append(one)
            else:
                leader.twins.append(one)
        if needs:
            before = self._rows.num_rows, self._rows.length
            self._rows.reserve(needs, num_used=len(self._decoding), used_length=max(self._lengths, default=0))
            if before != (self._rows.num_rows, self._rows.length):
                self._cache = None

    # Prompts.

    def _prefill(self) -> None:
        budget = self._step_tokens
        while self._prefilling and budget > 0:
            head = self._prefilling[0]
            if head.prefill is None and head.hit is None:
                head.hit = self._find(head)
            done = head.hit.length if head.hit else int(head.prefill.longest) if head.prefill else 0
            left = len(head.request.prompt) - done
            if budget < self._step_tokens and left > budget:
                return  # it begins in the next step, rather than with the few tokens that are left of this one
            if done == 0 and left <= budget:
                budget -= self._prefill_together(budget)
            else:
                budget -= self._prefill_piece(head, min(left, budget))

    def _find(self, one: Running) -> Hit | None:
        """What is cached of its prompt; of one that is scored nothing can be used, for every place is wanted."""
        return self._prefixes.find(one.request.prompt) if one.scorer is None else None

    def _prefill_together(self, budget: int) -> int:
        """Compute as many whole prompts in one batch as ``budget`` allows; returns how many tokens that were."""
        group: list[Running] = []
        longest = 0
        for one in self._prefilling:
            longer = max(longest, len(one.request.prompt))
            if group and ((len(group) + 1) * longer > budget or self._find(one)):
                break
            group.append(one)
            longest = longer
        for _ in group:
            self._prefilling.popleft()
        tokens = torch.zeros(len(group), longest, dtype=torch.int64)  # padded on the right
        for row, one in enumerate(group):
            tokens[row, : len(one.request.prompt)] = torch.tensor(one.request.prompt)
        cache = KVCache(self.model.config, len(group), longest, device=self._device, dtype=self._dtype)
        hidden = self.model.hidden(tokens.to(self._device), cache=cache)  # (n, T, D)
        for row, one in enumerate(group):
            if one.scorer is not None:
                one.scorer.take(self.model, hidden[row, : len(one.request.prompt)])
        last = torch.tensor([len(one.request.prompt) - 1 for one in group], device=self._device)
        logits = self.model.logits(hidden[torch.arange(len(group), device=self._device), last])  # (n, V)
        self._start_decoding(group, cache, logits)
        return tokens.numel()

    def _prefill_piece(self, head: Running, count: int) -> int:
        """Compute the next ``count`` tokens of one prompt, after what is cached of it; returns ``count``."""
        prompt = head.request.prompt
        if head.prefill is None:
            head.prefill = KVCache(self.model.config, 1, len(prompt), device=self._device, dtype=self._dtype)
            if head.hit:
                self._prefixes.load(head.hit, head.prefill)
                head.cached = head.hit.length
                head.hit = None
        begin = head.prefill.longest
        tokens = torch.tensor([list(prompt[begin : begin + count])], device=self._device)
        hidden = self.model.hidden(tokens, cache=head.prefill)
        if head.scorer is not None:
            head.scorer.take(self.model, hidden[0])
        if head.prefill.longest == len(prompt):
            self._prefilling.popleft()
            self._start_decoding([head], head.prefill, self.model.logits(hidden[:, -1]))
        return count

    def _start_decoding(self, group: Sequence[Running], cache: KVCache, logits: Tensor) -> None:
        """Draw the first token of each of ``group``, whose prompts are rows of ``cache``, and of their twins."""
        sources = [row for row, leader in enumerate(group) for _ in (leader, *leader.twins)]
        new = [one for leader in group for one in (leader, *leader.twins)]
        for row, leader in enumerate(group):
            for twin in leader.twins:
                twin.cached = len(leader.request.prompt)
                twin.scorer = leader.scorer
            self._prefixes.keep(leader.request.prompt, cache, row)
            leader.twins, leader.prefill = [], None
        self.counters.cached_tokens += sum(one.cached for one in new)
        first = len(self._decoding)
        for row, (one, source) in enumerate(zip(new, sources, strict=True), start=first):
            self._rows.put(row, cache, source, len(one.request.prompt))
        sampler = Sampler(
            [one.request.sampling for one in new],
            [one.request.prompt for one in new],
            vocab_size=self.model.config.vocab_size,
            device=self._device,
        )
        if len(sources) > len(group):
            logits = logits[torch.tensor(sources, device=self._device)]
        drawn = sampler.draw(logits, self._allowed(new))
        self._sampler = sampler if self._sampler is None else self._sampler.extend(sampler)
        self._decoding += new
        self._lengths += [len(one.request.prompt) for one in new]
        self._cache = None
        self._account(range(first, len(self._decoding)), drawn)

    # Completions.

    def _decode(self) -> None:
        if self._cache is None:
            self._cache = self._rows.view(self._lengths)
        assert self._sampler is not None
        tokens = torch.tensor([one.ids[-1:] for one in self._decoding], device=self._device)  # (n, 1)
        hidden = self.model.hidden(tokens, cache=self._cache)  # (n, 1, D)
        self._lengths = [length + 1 for length in self._lengths]
        logits = self.model.logits(hidden[:, -1])  # (n, V)
        # After the model's work was started, not before: on an accelerator the two overlap.
        drawn = self._sampler.draw(logits, self._allowed(self._decoding))
        self._account(range(len(self._decoding)), drawn)

    def _allowed(self, group: Sequence[Running]) -> Tensor | None:
        return allowed_tokens([one.constraint for one in group], vocab_size=self.model.config.vocab_size)

    def _account(self, rows: range, drawn: Drawn) -> None:
        """Emit the tokens just drawn for ``rows``, and let go of the rows that ended."""
        self.counters.generated_tokens += len(rows)
        ended = []
        for index, row in enumerate(rows):
            emission = _emission(self._decoding[row], index, drawn)
            self._emit(emission)
            if emission.finish_reason is not None:
                ended.append(row)
        self._drop_rows(ended)

    def _drop_rows(self, ended: Sequence[int]) -> None:
        if not ended:
            return
        if self._prefixes.max_tokens:
            cache = self._rows.view(self._lengths)
            for row in ended:
                self._prefixes.keep(self._decoding[row].ids[: self._lengths[row]], cache, row)
        order = list(range(len(self._decoding)))
        for row in sorted(ended, reverse=True):
            moved = order.pop()
            if row < len(order):
                # The last row moves into the gap.
                order[row] = moved
                self._rows.move(len(order), row, self._lengths[moved])
        self._decoding = [self._decoding[row] for row in order]
        self._lengths = [self._lengths[row] for row in order]
        assert self._sampler is not None
        self._sampler = self._sampler.select(order) if order else None
        self._cache = None

    @contextlib.contextmanager
    def _inference(self) -> Iterator[None]:
        """No gradients and no dropout inside; afterwards every module is in the mode in which it was."""
        training = [module for module in self._modules if module.training]
        if training:
            self.model.eval()
        # Not inference_mode: a table that a model caches in it could not be used in training afterwards.
        try:
            with torch.no_grad():
                yield
        finally:
            for module in training:
                module.training = True


def _emission(one: Running, index: int, drawn: Drawn) -> Emission:
    """What it means that ``one`` drew the token at ``index``."""
    token = drawn.tokens[index]
    one.room -= 1
    one.ids.append(token)
    logprob = drawn.logprobs[index] if drawn.logprobs and one.request.sampling.logprobs else None
    alternatives = drawn.alternatives[index] if drawn.alternatives else ()
    scores, one.scorer = None if one.scorer is None else one.scorer.scores, None
    if token in one.stop_ids:
        return Emission(one.key, None, "stop", logprob, token, alternatives, None, one.cached, scores)
    reason: FinishReason | None = None if one.room else "length"
    if one.constraint is not None:
        try:
            one.constraint.accept(token)
        except Failure as error:  # of this request alone: its grammar has grown beyond the parser's limits
            return Emission(one.key, token, "error", error=error, cached_tokens=one.cached)
        if one.constraint.finished:
            reason = "stop"
    return Emission(one.key, token, reason, logprob, None, alternatives, None, one.cached, scores)
