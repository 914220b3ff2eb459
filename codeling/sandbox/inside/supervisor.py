"""Runs ONE program inside a sandbox, watches it, and reports: process 1 of its namespace where there is one.

Started by `codeling.sandbox.process` with the report's descriptor as its argument. It reads the job from descriptor 0
and writes the report; both are netstrings (``5:hello,``), closed by an empty one. Descriptor 0 then is the leash: a
byte on it, or its end, stops all.

It may not trust the program, which runs as the same user: so it makes itself untraceable, and takes files over only
when every process that the program started is dead.
"""

import ctypes
import os
import sys
import time

try:
    import _signal as signal  # pyright: ignore - `signal` adds enumerations, which take half as long as starting Python
except ImportError:
    import signal

from codeling.sandbox.inside.folder import collect, put
from codeling.sandbox.inside.processes import LINUX
from codeling.sandbox.inside.program import become_program
from codeling.sandbox.inside.watch import Watch

MAIN = {"python": "main.py", "bash": "main.sh"}
_SET_DUMPABLE, _SET_SUBREAPER = 4, 36


def read_fields(descriptor):
    """The job's fields, as bytes, up to the empty one; an end before it means that nobody wants the run any more."""
    fields, buffer, scanned = [], bytearray(), 0
    while True:
        colon = buffer.find(b":", scanned, scanned + 20)
        size = int(buffer[scanned:colon]) if colon >= 0 else -1
        if colon >= 0 and len(buffer) > colon + 1 + size:
            if size == 0:
                return fields
            fields.append(bytes(buffer[colon + 2 : colon + 1 + size]))  # each field starts with one byte of padding
            scanned = colon + size + 2
            continue
        piece = os.read(descriptor, 1 << 20)
        if not piece:
            os._exit(0)
        buffer += piece


def write_fields(descriptor, fields):
    """Write netstrings, each with the byte of padding that lets a field be empty; then the empty one."""
    data = memoryview(b"".join(b"%d:.%s," % (len(field) + 1, field) for field in fields) + b"0:,")
    while data:
        data = data[os.write(descriptor, data) :]


def main():
    report = int(sys.argv[1])
    os.set_inheritable(report, False)
    os.closerange(3, report)  # whatever the way in left open
    os.closerange(report + 1, 1024)
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGCHLD})
    libc = ctypes.CDLL(None, use_errno=True)
    if LINUX:
        libc.prctl(_SET_DUMPABLE, 0, 0, 0, 0)
        libc.prctl(_SET_SUBREAPER, 1, 0, 0, 0)
    settings, code, stdin, seccomp, *files = read_fields(0)
    options = dict(line.split("=", 1) for line in os.fsdecode(settings).splitlines())
    home, scratch = options["home"], options["scratch"]
    for name, content in zip(files[::2], files[1::2]):  # noqa: B905 - strict= is newer than some system Pythons
        put(os.path.join(os.fsencode(home), name), content)
    program = os.path.join(scratch, MAIN[options["language"]])
    put(os.fsencode(program), code)
    put(os.fsencode(scratch) + b"/stdin", stdin)
    given = os.open(scratch + "/stdin", os.O_RDONLY)
    os.unlink(scratch + "/stdin")
    started = time.monotonic()
    child = os.fork()
    if child == 0:
        try:
            become_program(libc, options, program, given, seccomp)
        except BaseException as error:  # whatever it is: the child must not go on as a second supervisor
            os.write(2, b"sandbox: cannot start the program: " + repr(error).encode() + b"\n")
            os._exit(126)
    os.close(given)
    os.close(1)
    os.close(2)
    os.open(os.devnull, os.O_RDWR)  # 1 and 2 stay taken
    os.dup(1)
    watch = Watch(child, options, started)
    watch.until_end()
    watch.kill_all()
    lines = [f"{key}={value}" for key, value in watch.outcome().items()]
    collected, dropped = [], 0
    if options["collect"] == "1":
        collected, dropped = collect(os.fsencode(home), int(options["files"]), int(options["disk_bytes"]))
    lines.append(f"dropped={dropped}")
    write_fields(report, ["\n".join(lines).encode(), *collected])
    os._exit(0)
