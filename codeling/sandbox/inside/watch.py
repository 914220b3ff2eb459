"""The program's processes under watch: waited for, added up, and stopped at a limit."""

import os
import select
import time

try:
    import _signal as signal  # pyright: ignore - `signal` adds enumerations, which take half as long as starting Python
except ImportError:
    import signal

from codeling.sandbox.inside.folder import folder_use
from codeling.sandbox.inside.processes import (
    LINUX,
    PAGE,
    PROCESS_1,
    descendants,
    proportional_bytes,
    socket_bytes,
    stop_process,
    usage_of,
)


class Watch:
    """The program's processes: waits for the first one, adds up what all of them use, stops them at a limit."""

    def __init__(self, child, options, started):
        self.child = child
        self.options = options
        self.started = started
        self.reason = ""
        self.code = None
        self.cpu = 0.0
        self.live_cpu = 0.0
        self.peak = 0
        self.wall = 0.0

    def until_end(self):
        """Return when the program ended or has to; looks at its memory and files about 30 times a second."""
        deadline = self.started + float(self.options["wall_seconds"])
        leash = select.poll() if hasattr(select, "poll") else None
        if leash:
            leash.register(0, select.POLLIN | select.POLLHUP)
        pause = 0.01
        measured = time.monotonic()
        while not self.reap() and not self.reason:
            now = time.monotonic()
            if now >= deadline:
                self.reason = "timeout"
            elif leash and leash.poll(0):
                self.reason = "stopped"
            else:
                await_child(min(pause, deadline - now))
                # By the clock, not by the wait: a program can end every wait at once, with dying children or signals.
                if time.monotonic() - measured > 0.009:  # not for a program that ended at once
                    self.measure()
                    pause = min(pause * 1.5, 0.03)
                    measured = time.monotonic()
        self.wall = time.monotonic() - self.started
        if self.code is None:
            self.measure()

    def reap(self):
        """Collect the dead; True once the program itself is among them."""
        while True:
            try:
                process, status, usage = os.wait4(-1, os.WNOHANG)
            except ChildProcessError:
                return True
            if process == 0:
                return self.code is not None
            self.cpu += usage.ru_utime + usage.ru_stime
            self.peak = max(self.peak, usage.ru_maxrss * (1024 if LINUX else 1))
            if process == self.child:
                signalled = os.WIFSIGNALED(status)
                self.code = 128 + os.WTERMSIG(status) if signalled else os.WEXITSTATUS(status)
                if signalled and os.WTERMSIG(status) == signal.SIGXCPU:
                    self.reason = self.reason or "timeout"

    def measure(self):
        """Add up memory and processor time of what lives; set the reason to stop where a limit is passed."""
        processes = descendants()
        private = shared = total = 0
        cpu = 0.0
        for process in processes:
            pages, pages_shared, seconds = usage_of(process)
            private += pages - pages_shared
            shared = max(shared, pages_shared)
            total += pages
            cpu += seconds
        self.live_cpu = max(self.live_cpu, cpu)
        limit = int(self.options["memory_bytes"])
        kept = socket_bytes() if self.options["sized"] == "1" else 0  # elsewhere it would be that of the machine
        limit -= kept
        estimate = (private + shared) * PAGE
        if estimate <= limit < total * PAGE:  # the truth is between the two, and costs more to find
            estimate = max(estimate, sum(map(proportional_bytes, processes)))
        self.peak = max(self.peak, min(estimate, total * PAGE) + kept)
        if estimate > limit:
            self.reason = "memory"
        elif len(processes) > int(self.options["processes"]) + 8 or self.too_many_files():
            self.reason = "killed"  # the kernel does not count processes of root, nor entries of a folder

    def too_many_files(self):
        home, scratch = self.options["home"], self.options["scratch"]
        if self.options["sized"] == "1":  # file systems of their own: bytes are bounded, entries can be asked for
            for folder in (home, scratch, "/dev/shm"):
                space = os.statvfs(folder)
                if space.f_files - space.f_ffree > 20 * int(self.options["files"]):
                    return True
            return False
        size, entries = folder_use([os.fsencode(home), os.fsencode(scratch)], 20 * int(self.options["files"]))
        return size > int(self.options["disk_bytes"]) or entries > 20 * int(self.options["files"])

    def kill_all(self):
        """Kill whatever is left, also what hid behind a double fork; nothing can start anew meanwhile."""
        deadline = time.monotonic() + 2
        while time.monotonic() < deadline:
            if PROCESS_1:
                try:
                    os.kill(-1, signal.SIGKILL)  # everything but process 1 itself
                except ProcessLookupError:
                    pass
            else:
                for process in descendants():
                    stop_process(process)
            if self.reap() and not descendants():
                return
            await_child(0.005)

    def outcome(self):
        cpu = max(self.cpu, self.live_cpu)
        code = "" if self.code is None or self.reason in ("timeout", "memory", "stopped") else self.code
        return {"reason": self.reason, "code": code, "wall": self.wall, "cpu": cpu, "peak": self.peak}


def await_child(seconds):
    if hasattr(signal, "sigtimedwait"):
        signal.sigtimedwait({signal.SIGCHLD}, max(seconds, 0))
    else:
        time.sleep(min(max(seconds, 0), 0.003))
