"""Stopping politely: the first SIGINT or SIGTERM is a request, the second ends the process at once.

A run that was asked to stop finishes its step, saves, and leaves with the shell's usual status: 128 + the number of
the signal, that is 130 for Ctrl-C and 143 for SIGTERM.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
from types import FrameType, TracebackType
from typing import Any

from codeling.errors import Failure


class Interrupted(Failure):
    """The work was stopped by a signal; ``exit_status`` is what the process should leave with.

    ``state`` says what was reached, ``remedy`` how to go on from there; ``saved`` is False where what was reached was
    not worth saving.
    """

    def __init__(self, signal_number: int, state: str, *, remedy: str = "", saved: bool = True) -> None:
        super().__init__(f"{state}; go on with: {remedy}" if remedy else state)
        self.signal_number = signal_number
        self.state = state
        self.saved = saved
        self.exit_status = 128 + signal_number


class StopRequest:
    """``with StopRequest() as stop:`` - inside, ``stop.signal_number`` is 0, or the signal that asked to stop.

    Handlers can only be installed by the main thread; elsewhere (a run inside a server or a notebook's thread) the
    object is inert. The handlers from before are restored at the end.
    """

    def __init__(self) -> None:
        self.signal_number = 0
        self._before: dict[int, Any] = {}

    def __enter__(self) -> StopRequest:
        if threading.current_thread() is threading.main_thread():
            for number in (signal.SIGINT, signal.SIGTERM):
                self._before[number] = signal.signal(number, self._handle)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        for number, handler in self._before.items():
            signal.signal(number, handler)
        self._before.clear()

    def _handle(self, number: int, frame: FrameType | None) -> None:
        if self.signal_number:
            os._exit(128 + number)
        self.signal_number = number
        # os.write, not print: the signal may arrive in the middle of a print.
        name = signal.Signals(number).name
        message = f"\n{name}: finishing the step and saving; once more to stop at once without saving\n"
        os.write(sys.__stderr__.fileno() if sys.__stderr__ else 2, message.encode())
