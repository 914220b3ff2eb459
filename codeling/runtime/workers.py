"""Worker processes that leave with their parent, however it leaves, and let it alone decide what Ctrl-C means."""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import signal
import threading
from collections.abc import Iterator
from multiprocessing import resource_tracker
from multiprocessing.connection import wait


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
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


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
