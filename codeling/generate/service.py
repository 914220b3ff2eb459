"""The engine as a service: one thread owns the model, any thread may submit, cancel and read.

    submit(request) --lock--> inbox --+
    handle.cancel() --lock--> set   --+--> [engine thread: scheduler.step() ... ] --> on_emission, or iterate the handle

The engine thread takes the lock only to look into the inbox, never while it computes, so nobody waits for a step. What
goes wrong stays where it belongs: a request's own trouble (its deadline, its grammar, its callback) ends that request;
an exception out of the model ends those in flight, and the service goes on with a fresh scheduler, unless the model
fails again and again.
"""

from __future__ import annotations

import itertools
import queue
import threading
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass

from codeling.errors import Failure, UsageError
from codeling.generate.config import ServiceLimits
from codeling.generate.requests import Completion, Emission, FinishReason, Request, collect
from codeling.generate.scheduler import Counters, Scheduler, room_for
from codeling.model.config import ModelConfig
from codeling.model.transformer import Transformer

_FAILURES_IN_A_ROW = 3


class QueueFull(Failure):
    """As many requests wait already as may wait."""


@dataclass(frozen=True)
class Stats:
    """A look at the service; the counters only ever grow."""

    active: int
    """Requests whose prompt or completion is being computed."""
    waiting: int
    max_rows: int
    prefix_tokens: int
    """Tokens in the prefix cache."""
    prompt_tokens: int
    cached_tokens: int
    """Of the prompt tokens, those that needed no computing."""
    generated_tokens: int
    steps: int
    step_seconds: float
    """Spent in steps; divided by ``steps``, the mean time between two tokens of a stream."""
    finished: dict[FinishReason, int]
    failures: int
    """Exceptions out of the model."""


class Handle:
    """One submitted request. Iterate over it for its emissions (unless it has a callback), or wait for ``result``."""

    def __init__(self, service: EngineService, key: int, request: Request, callback: Callable[[Emission], None] | None):
        self.key = key
        self.request = request
        self.cached_tokens = 0
        """Tokens of the prompt that needed no computing; known from the first emission on."""
        self._service = service
        self._callback = callback
        self._emissions: list[Emission] = []
        self._queue: queue.SimpleQueue[Emission] = queue.SimpleQueue()
        self._done = threading.Event()

    @property
    def done(self) -> bool:
        return self._done.is_set()

    def cancel(self) -> None:
        """End the request within one step, as ``cancelled``; one that has ended is left alone."""
        self._service._cancel(self.key)

    def result(self, timeout_seconds: float | None = None) -> Completion:
        """All of it; what went wrong is raised, and TimeoutError when it is not done in time."""
        if not self._done.wait(timeout_seconds):
            raise TimeoutError(f"the completion was not done after {timeout_seconds} s")
        if self._emissions[-1].error is not None:
            raise self._emissions[-1].error
        return collect(self._emissions)

    def __iter__(self) -> Iterator[Emission]:
        """Emissions as they happen, once; what goes wrong is raised."""
        assert self._callback is None, "the emissions of this request go to its callback"
        while True:
            emission = self._queue.get()
            if emission.error is not None:
                raise emission.error
            yield emission
            if emission.finish_reason is not None:
                return

    def _deliver(self, emission: Emission) -> None:
        self._emissions.append(emission)
        self.cached_tokens = max(self.cached_tokens, emission.cached_tokens)
        try:
            if self._callback is None:
                self._queue.put(emission)
            else:
                self._callback(emission)
        finally:
            if emission.finish_reason is not None:
                self._done.set()


class EngineService:
    """Generates for many callers at once; a context manager.

    >>> with EngineService(model) as service:  # doctest: +SKIP
    ...     handle = service.submit(Request([1, 2, 3], Sampling(max_tokens=8), stop_ids=[0]))
    ...     for emission in handle:
    ...         print(emission.token, emission.finish_reason)

    The model must not be trained or changed meanwhile.
    """

    def __init__(self, model: Transformer, limits: ServiceLimits | None = None) -> None:
        self.limits = limits or ServiceLimits()
        self._model = model
        self._row_tokens, self._prefix_tokens = _tokens(model, self.limits)
        self._lock = threading.Condition()
        self._inbox: list[Handle] = []
        self._cancelled: set[int] = set()
        self._closing = self._cancel_all = False
        self._broken: str | None = None
        self._keys = itertools.count()
        self._handles: dict[int, Handle] = {}  # those in the scheduler; changed by the engine thread only
        self._finished: dict[FinishReason, int] = {}
        self._failures = 0
        self._counters = Counters()  # of earlier schedulers
        self._scheduler = self._new_scheduler()
        self._thread = threading.Thread(target=self._run, name="engine", daemon=True)
        self._thread.start()

    def __enter__(self) -> EngineService:
        return self

    def __exit__(self, *exception: object) -> None:
        self.close(drain=exception[0] is None)

    @property
    def context(self) -> int:
        """Tokens of prompt and completion together, at most."""
        return self._model.config.max_sequence_length

    @property
    def is_usable(self) -> bool:
        """False after `close`, or when the model has failed so often that nothing can be expected of it."""
        return self._broken is None and not self._closing

    def submit(self, request: Request, on_emission: Callable[[Emission], None] | None = None) -> Handle:
        """Take a request on; returns at once.

        ``on_emission`` is called on the engine thread, so it must be quick; without it, iterate over the handle. An
        impossible request is a UsageError, too many at once are `QueueFull`, a closed or broken service is a Failure.
        """
        need = len(request.prompt) + room_for(request, self._model.config) - 1
        if need > self._row_tokens:
            raise UsageError(
                f"the prompt and its completion may come to {need} tokens, and the memory given to the engine is "
                f"enough for {self._row_tokens}: shorten the prompt, lower max_tokens, or give it more"
            )
        with self._lock:
            if self._broken is not None:
                raise Failure(f"the engine has stopped: {self._broken}")
            if self._closing:
                raise Failure("the engine is shutting down")
            waiting = len(self._inbox) + self._scheduler.num_waiting
            if waiting >= self.limits.max_waiting:
                raise QueueFull(f"{waiting} requests wait already, which is the limit: try again later")
            handle = Handle(self, next(self._keys), request, on_emission)
            self._inbox.append(handle)
            self._lock.notify()
        return handle

    def stats(self) -> Stats:
        """A look at the service, from any thread, without waiting for a step."""
        with self._lock:
            scheduler, counters = self._scheduler, _sum(self._counters, self._scheduler.counters)
            return Stats(
                active=max(0, len(self._handles) - scheduler.num_waiting),
                waiting=len(self._inbox) + scheduler.num_waiting,
                max_rows=self.limits.max_rows,
                prefix_tokens=scheduler.prefix_tokens,
                **asdict(counters),
                finished=dict(self._finished),
                failures=self._failures,
            )

    def close(self, *, drain: bool = True, timeout_seconds: float | None = None) -> None:
        """Take nothing more on; finish what was taken on (for at most the given time), cancel the rest, and stop."""
        with self._lock:
            self._closing = True
            self._cancel_all |= not drain
            self._lock.notify()
        if threading.current_thread() is self._thread:
            return  # from a callback: the thread ends by itself
        self._thread.join(timeout_seconds)
        if self._thread.is_alive():
            with self._lock:
                self._cancel_all = True
                self._lock.notify()
            self._thread.join()

    def _cancel(self, key: int) -> None:
        with self._lock:
            self._cancelled.add(key)
            self._lock.notify()

    # The engine thread.

    def _run(self) -> None:
        failures_in_a_row = 0
        while self._take_in():
            try:
                self._scheduler.step()
                failures_in_a_row = 0
            except Exception as error:  # whatever it was, those who wait must hear of it
                failures_in_a_row += 1
                self._fail(error, for_good=failures_in_a_row == _FAILURES_IN_A_ROW)

    def _take_in(self) -> bool:
        """Wait for something to do and hand it to the scheduler; False when the service is closed and empty."""
        refused: list[Emission] = []
        with self._lock:
            while not (self._inbox or self._cancelled or self._handles or self._closing):
                self._lock.wait()
            for handle in self._inbox:
                self._handles[handle.key] = handle
                try:
                    self._scheduler.add(handle.key, handle.request)
                except Exception as error:
                    refused.append(Emission(handle.key, None, "error", error=error))
            self._inbox.clear()
            cancelled = set(self._handles) if self._cancel_all else self._cancelled & self._handles.keys()
            self._cancelled.clear()
        for emission in refused:
            self._emit(emission)
        for key in cancelled:
            self._scheduler.cancel(key)
            self._emit(Emission(key, None, "cancelled"))
        return bool(self._handles) or not self._closing

    def _emit(self, emission: Emission) -> None:
        handle = self._handles.get(emission.request)
        if handle is None:
            return  # its callback has failed, or it was cancelled
        if emission.finish_reason is not None:
            del self._handles[handle.key]
            with self._lock:
                self._finished[emission.finish_reason] = self._finished.get(emission.finish_reason, 0) + 1
        try:
            handle._deliver(emission)
        except Exception:  # the caller's own: nobody listens to this request any more
            self._handles.pop(handle.key, None)
            self._scheduler.cancel(handle.key)
            handle._done.set()

    def _fail(self, error: Exception, *, for_good: bool) -> None:
        """End all requests in flight with ``error`` and begin afresh."""
        cause = f"{type(error).__name__}: {error}"
        with self._lock:
            self._failures += 1
            self._counters = _sum(self._counters, self._scheduler.counters)
            self._scheduler = self._new_scheduler()
            if for_good:
                self._broken = cause
        failure = Failure(f"the model failed while it computed this request: {cause}")
        failure.__cause__ = error
        for key in list(self._handles):
            self._emit(Emission(key, None, "error", error=failure))

    def _new_scheduler(self) -> Scheduler:
        return Scheduler(
            self._model,
            self._emit,
            max_rows=self.limits.max_rows,
            max_tokens=self._row_tokens,
            prefix_tokens=self._prefix_tokens,
            step_tokens=self.limits.step_tokens,
        )


def kv_bytes_per_token(config: ModelConfig, item_bytes: int) -> int:
    """The keys and values of one token in all layers."""
    return 2 * config.num_layers * config.num_kv_heads * config.head_dim * item_bytes


def _tokens(model: Transformer, limits: ServiceLimits) -> tuple[int, int]:
    """How many tokens the rows and the prefix cache may hold: what is left of the memory beside one prefill."""
    total = limits.kv_bytes // kv_bytes_per_token(model.config, model.head_weight.element_size())
    beside = max(limits.step_tokens, model.config.max_sequence_length)
    prefix = int(total * limits.prefix_share)
    rows = min(total - prefix - beside, limits.max_rows * model.config.max_sequence_length)
    if rows < 1:
        raise UsageError(
            f"{limits.kv_bytes:,} bytes for keys and values: one prompt of {beside} tokens takes "
            f"{beside * limits.kv_bytes // total if total else 0:,} of them; give the engine more memory"
        )
    return rows, prefix


def _sum(first: Counters, second: Counters) -> Counters:
    return Counters(*(a + b for a, b in zip(asdict(first).values(), asdict(second).values(), strict=True)))
