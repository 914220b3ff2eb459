"""Worker processes that leave with their parent, however it leaves, and let it alone decide what Ctrl-C means."""

from __future__ import annotations

import collections
import contextlib
import itertools
import multiprocessing
import os
import signal
import threading
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import resource_tracker
from multiprocessing.connection import wait
from typing import Any, TypeVar

from codeling.errors import Failure

_ITEMS_IN_FLIGHT_PER_WORKER = 4

Item = TypeVar("Item")
Result = TypeVar("Result")


def map_in_order(
    function: Callable[[Item], Result], items: Iterable[Item], *, workers: int, parallel_from: int, purpose: str
) -> Iterator[tuple[Item, Result]]:
    """``(item, function(item))`` for every item, in their order, computed by ``workers`` processes.

    Starting processes takes about a second each, so fewer than ``parallel_from`` items, and one worker, are worked
    on in this process. ``function`` is pickled once for each worker; items are read only a few per worker ahead, so
    memory stays bounded. A process that dies is a Failure that names the ``purpose`` ("a tokenizing process died").
    """
    ahead = iter(items)
    first = list(itertools.islice(ahead, parallel_from)) if workers > 1 else []
    ahead = itertools.chain(first, ahead)
    if workers == 1 or len(first) < parallel_from:
        yield from ((item, function(item)) for item in ahead)
        return
    # spawn: a fork would copy the threads' locks of this process, and macOS and Windows do not fork anyway.
    pool = ProcessPoolExecutor(
        workers, multiprocessing.get_context("spawn"), initializer=_start_worker, initargs=(function,)
    )
    pending: collections.deque[tuple[Item, Future[Result]]] = collections.deque()
    try:
        for item in ahead:
            with deaf_to_interrupts():
                pending.append((item, pool.submit(_work, item)))
            if len(pending) >= workers * _ITEMS_IN_FLIGHT_PER_WORKER:
                done, future = pending.popleft()
                yield done, future.result()
        while pending:
            done, future = pending.popleft()
            yield done, future.result()
    except BrokenProcessPool:
        raise Failure(f"a {purpose} process died (out of memory, or killed); try fewer: --workers 1") from None
    finally:
        with deaf_to_interrupts():
            pool.shutdown(wait=True, cancel_futures=True)


_function: Callable[[Any], Any] | None = None


def _start_worker(function: Callable[[Any], Any]) -> None:
    # One process per core already: a library's own threads would only get in each other's way.
    os.environ["TOKENIZERS_PARALLELISM"] = "false"
    os.environ["RAYON_NUM_THREADS"] = "1"
    leave_with_parent()
    global _function  # noqa: PLW0603 - a process pool has no other place for per-worker state
    _function = function


def _work(item: Any) -> Any:
    assert _function is not None
    return _function(item)


@contextlib.contextmanager
def deaf_to_interrupts() -> Iterator[None]:
    """Processes started inside never see SIGINT; one that arrives meanwhile reaches this process at the end.

    A terminal sends Ctrl-C to every process of a command. Workers would each print a traceback, also while they are
    still starting, where no handler of theirs could prevent it; so they inherit the blocked signal.
    """
    if not hasattr(signal, "pthread_sigmask"):  # Windows has other means, and other troubles
        yield
        return
    # Started by the first worker otherwise, and it would unblock the signal.
    resource_tracker.ensure_running()
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        with _postponed_interrupts():
            yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


@contextlib.contextmanager
def _postponed_interrupts() -> Iterator[None]:
    """Handle SIGINT at the end. The mask of this thread is not enough for that: the kernel may give the signal to
    another thread of the process, and Python would raise in the middle of the pool's bookkeeping all the same."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    seen: list[int] = []
    before = signal.signal(signal.SIGINT, lambda number, frame: seen.append(number))
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, signal.SIG_DFL if before is None else before)
        if seen:
            signal.raise_signal(signal.SIGINT)


def leave_with_parent() -> None:
    """Called in a worker: end this process as soon as its parent is gone, also after a SIGKILL.

    A worker holds both ends of the queue that it reads from, so without this it would wait there for ever.
    """
    parent = multiprocessing.parent_process()
    if parent is None:
        return

    def watch(sentinel: int) -> None:
        wait([sentinel])
        os._exit(1)

    threading.Thread(target=watch, args=(parent.sentinel,), daemon=True, name="parent watch").start()
