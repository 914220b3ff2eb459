"""Between the event loop and the engine's thread: orders go in, tokens come out as they are made.

The model is never called in the event loop. A run that is closed, because its client left or a stop string came, gives
its place back within one step of the model.
"""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from codeling.errors import Failure, UsageError
from codeling.generate.config import Sampling
from codeling.generate.grammar import Grammar
from codeling.generate.prompt_scores import PromptScores
from codeling.generate.requests import Emission, Request
from codeling.generate.service import EngineService, Handle, QueueFull
from codeling.serve.errors import ApiError, invalid
from codeling.serve.metrics import Metrics

_RETRY_SECONDS = 2


@dataclass(frozen=True)
class Order:
    """One completion to make. What ``sampling`` says of log-probabilities is reported with the tokens."""

    prompt: Sequence[int]
    sampling: Sampling
    stop_ids: frozenset[int]
    grammar: Grammar | None = None


class Token(NamedTuple):
    """A token of completion number ``choice``, or its end, or both at once."""

    choice: int
    id: int | None
    finish_reason: str | None
    logprob: float | None = None
    """Of the token, or of the ``stop_id``."""
    top: Sequence[tuple[int, float]] = ()
    stop_id: int | None = None
    """The special token that ended the completion."""
    prompt_scores: PromptScores | None = None
    """With the first token, if the order asks for them."""


class Run:
    """The completions of one request: an asynchronous iterator of their tokens, until all have ended.

    ``close`` it in any case; what has not ended is cancelled.
    """

    def __init__(self, orders: Sequence[Order], metrics: Metrics) -> None:
        self._orders, self._metrics = orders, metrics
        self._emissions: asyncio.Queue[tuple[int, Emission]] = asyncio.Queue()
        self._handles: list[Handle] = []
        self._open = set(range(len(orders)))
        self._began = time.monotonic()
        self._last: dict[int, float] = {}
        metrics.active_completions.inc(len(orders))

    @property
    def cached_tokens(self) -> int:
        """Tokens of the prompts that needed no computing; each prompt counts once, whatever is made of it."""
        first = {id(order.prompt): i for i, order in reversed(list(enumerate(self._orders)))}
        return sum(self._handles[i].cached_tokens for i in first.values())

    def __aiter__(self) -> Run:
        return self

    async def __anext__(self) -> Token:
        while self._open:
            choice, emission = await self._emissions.get()
            if choice not in self._open:
                continue
            if emission.finish_reason is not None:
                self._end(choice)
            if emission.finish_reason == "error":
                raise _failure(emission.error)
            if emission.finish_reason == "cancelled":
                raise ApiError(503, "the server is shutting down", headers={"Retry-After": str(_RETRY_SECONDS)})
            self._measure(choice, emission)
            # Clients know "length" as the reason of whatever was cut.
            reason = "length" if emission.finish_reason == "deadline" else emission.finish_reason
            return Token(
                choice, emission.token, reason, emission.logprob, emission.alternatives, emission.stop_id,
                emission.prompt_scores,
            )  # fmt: skip
        raise StopAsyncIteration

    def cancel(self, choice: int) -> None:
        """This completion is complete as it is."""
        if choice in self._open:
            self._end(choice)
            if choice < len(self._handles):
                self._handles[choice].cancel()

    def close(self) -> None:
        for choice in list(self._open):
            self.cancel(choice)

    def started(self, handle: Handle) -> None:
        """The next completion was taken on."""
        self._handles.append(handle)

    def deliver(self, choice: int, emission: Emission) -> None:
        """In the event loop: something has happened."""
        self._emissions.put_nowait((choice, emission))

    def _end(self, choice: int) -> None:
        self._open.discard(choice)
        self._metrics.active_completions.dec()

    def _measure(self, choice: int, emission: Emission) -> None:
        if emission.token is None:
            return
        now = time.monotonic()
        if choice in self._last:
            self._metrics.inter_token_seconds.observe(now - self._last[choice])
        else:
            self._metrics.first_token_seconds.observe(now - self._began)
        self._last[choice] = now


class Generator:
    """Starts runs on an engine, for one event loop."""

    def __init__(self, service: EngineService, metrics: Metrics, *, timeout_seconds: float) -> None:
        self._service, self._metrics, self._timeout_seconds = service, metrics, timeout_seconds
        self._loop: asyncio.AbstractEventLoop | None = None
        # What the engine's thread has for the event loop, which is woken once for all of it.
        self._outbox: deque[tuple[Run, int, Emission]] = deque()
        self._is_waking = False
        metrics.watch(service.stats)

    @property
    def is_usable(self) -> bool:
        return self._service.is_usable

    def start(self, orders: Sequence[Order]) -> Run:
        """Queue these completions; ApiError 429 when there is no room for them."""
        self._loop = asyncio.get_running_loop()
        run = Run(orders, self._metrics)
        deadline = time.monotonic() + self._timeout_seconds
        try:
            for choice, order in enumerate(orders):
                request = Request(order.prompt, order.sampling, order.stop_ids, order.grammar, deadline)
                run.started(self._service.submit(request, lambda e, choice=choice: self._post(run, choice, e)))
        except QueueFull:
            run.close()
            self._metrics.rejected.inc()
            raise ApiError(
                429, "too many requests wait already; try again in a few seconds", code="queue_full",
                headers={"Retry-After": str(_RETRY_SECONDS)},
            ) from None  # fmt: skip
        except UsageError as error:
            run.close()
            raise invalid(str(error)) from None
        except Failure as error:
            run.close()
            raise ApiError(503, str(error), headers={"Retry-After": str(_RETRY_SECONDS)}) from None
        return run

    def close(self) -> None:
        """End the engine's thread, and with it what is still running."""
        self._service.close(drain=False)

    def _post(self, run: Run, choice: int, emission: Emission) -> None:
        """On the engine's thread."""
        self._outbox.append((run, choice, emission))
        if not self._is_waking:
            self._is_waking = True
            assert self._loop is not None
            with contextlib.suppress(RuntimeError):  # the loop was closed: nobody listens any more
                self._loop.call_soon_threadsafe(self._deliver)

    def _deliver(self) -> None:
        # Reset first: whoever appends from now on wakes the loop again.
        self._is_waking = False
        while self._outbox:
            run, choice, emission = self._outbox.popleft()
            run.deliver(choice, emission)


def _failure(error: Exception | None) -> Failure:
    return error if isinstance(error, Failure) else Failure(f"the completion failed: {error}")
