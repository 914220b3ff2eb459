"""Many short programs, each in a sandbox of its own, as fast as the cores allow.

Each worker keeps ONE sandbox started ahead: its interpreter is up and waits for the job while another runs. A sandbox
serves one job only. Keeping an interpreter warm between jobs would be faster still, but whatever the first program
changes in it, the second one runs in.
"""

from __future__ import annotations

import queue
import threading
from collections.abc import Iterable
from concurrent.futures import Future

from codeling.errors import Failure, UsageError
from codeling.sandbox.backend import find_backend
from codeling.sandbox.limits import Limits
from codeling.sandbox.process import Job, SandboxProcess
from codeling.sandbox.result import Result

_Item = tuple[Job, "Future[Result]"]


class Pool:
    """A context manager; all its runs have the same limits.

    >>> with Pool(workers=2) as pool:
    ...     [result.stdout for result in pool.map([Job("python", "print(1)"), Job("bash", "echo 2")])]
    ['1\\n', '2\\n']

    Args:
        workers: runs at the same time; one per core is best for programs that compute.
        limits: of every run.
        unsafe: run WITHOUT containment, see `codeling.sandbox.run.run`.

    Raises UsageError where the machine has no means of containment.
    """

    def __init__(self, workers: int = 2, *, limits: Limits | None = None, unsafe: bool = False) -> None:
        if workers < 1:
            raise UsageError(f"workers={workers}: needs at least 1")
        self._backend = find_backend(unsafe=unsafe)
        self._limits = limits or Limits()
        self._jobs: queue.SimpleQueue[_Item | None] = queue.SimpleQueue()
        self._closed = False
        self._threads = [threading.Thread(target=self._work, name=f"sandbox {n}", daemon=True) for n in range(workers)]
        for thread in self._threads:
            thread.start()

    def __enter__(self) -> Pool:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def submit(self, job: Job) -> Future[Result]:
        """Queue a job; its future holds the result, or the Failure of a sandbox that did not work."""
        if self._closed:
            raise UsageError("the pool is closed; make a new one")
        future: Future[Result] = Future()
        self._jobs.put((job, future))
        return future

    def map(self, jobs: Iterable[Job]) -> list[Result]:
        """The results in the order of the jobs."""
        return [future.result() for future in [self.submit(job) for job in jobs]]

    def close(self) -> None:
        """Finish what is queued, then end; safe to call twice."""
        if not self._closed:
            self._closed = True
            for _ in self._threads:
                self._jobs.put(None)
        for thread in self._threads:
            thread.join()

    def _work(self) -> None:
        ready = self._start()
        try:
            while (item := self._jobs.get()) is not None:
                job, future = item
                if future.set_running_or_notify_cancel():
                    # The next one boots while this one waits for its program, or for the kernel to take it down.
                    current, ready = ready, self._start()
                    self._serve(job, future, current)
        finally:
            if ready is not None:
                ready.close()

    def _serve(self, job: Job, future: Future[Result], sandbox: SandboxProcess | None) -> None:
        try:
            # One that waited for long may have been killed meanwhile, or may never have started.
            if sandbox is None or not sandbox.waiting():
                if sandbox is not None:
                    sandbox.close()
                sandbox = SandboxProcess(self._backend, self._limits)
            result = sandbox.execute(job)
        except BaseException as error:  # it belongs to whoever waits; a dead worker would let them wait for ever
            future.set_exception(error)
        else:
            future.set_result(result)
        finally:
            if sandbox is not None:
                sandbox.close()

    def _start(self) -> SandboxProcess | None:
        try:
            return SandboxProcess(self._backend, self._limits)
        except (Failure, OSError):
            return None  # the job that needs it will try again, and has somewhere to put the error
