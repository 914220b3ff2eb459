"""Does the sandbox hold here? Runs `codeling.sandbox.attacks` beside bait and looks for damage from the outside.

Used by ``codeling doctor`` and by the tests. A verdict rests on three things: how the run ended, what the program said
that it reached, and what happened to the bait (a secret file, servers, processes), which no program can talk its way
around.
"""

from __future__ import annotations

import contextlib
import os
import secrets
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from codeling.errors import Failure
from codeling.sandbox.attacks import ATTACKS, Attack
from codeling.sandbox.backend import NOBODY, Backend, find_backend
from codeling.sandbox.process import Job, SandboxProcess
from codeling.sandbox.result import Result


@dataclass(frozen=True)
class AttackResult:
    """The verdict on one attack; ``detail`` says what got through, or how it was stopped."""

    name: str
    contained: bool
    seconds: float
    detail: str


@dataclass(frozen=True)
class Bait:
    """What an attack could reach if nothing held it; made by `lay_bait`."""

    folder: Path
    file: Path
    secret: str
    mark: str
    process: subprocess.Popen[bytes]
    tcp: socket.socket
    udp: socket.socket
    unix: socket.socket
    unix_name: str

    def fill_in(self, code: str) -> str:
        """The attack's program with this bait's names in it."""
        values = {
            "$FILE": str(self.file),
            "$FOLDER": str(self.folder),
            "$PACKAGE": str(Path(__file__).resolve().parent),
            "$SECRET": self.secret,
            "$MARK": self.mark,
            "$PROCESS": str(self.process.pid),
            "$PORT": str(self.tcp.getsockname()[1]),
            "$UDP": str(self.udp.getsockname()[1]),
            "$SOCKET": self.unix_name,
        }
        for name, value in values.items():
            code = code.replace(name, value)
        return code

    def damage(self) -> list[str]:
        """What happened to it."""
        found = []
        if self.process.poll() is not None:
            found.append("a process outside was killed")
        if not self.file.is_file() or self.file.read_text() != self.secret or self.file.stat().st_mtime < 2:
            found.append("a file outside was changed")
        if sorted(path.name for path in self.folder.iterdir()) != [self.file.name]:
            found.append("a file outside was made or removed")
        for name, server in {"TCP": self.tcp, "abstract socket": self.unix}.items():
            with contextlib.suppress(BlockingIOError):
                server.accept()[0].close()
                found.append(f"a connection came through ({name})")
        with contextlib.suppress(BlockingIOError):
            self.udp.recv(16)
            found.append("a packet came through (UDP)")
        if survivors := _processes_named(self.mark):
            found.append(f"{len(survivors)} processes outlived the run")
            for process in survivors:
                with contextlib.suppress(ProcessLookupError, PermissionError):
                    os.kill(process, 9)
        return found


@contextlib.contextmanager
def lay_bait(backend: Backend) -> Iterator[Bait]:
    """A secret in a file that the sandbox's user may read and write, in a process's environment, and three servers.

    The bait belongs to the user that the sandbox runs as: what is refused is refused by containment, not by ownership.
    """
    folder = Path(tempfile.mkdtemp(prefix="codeling-bait-"))
    user = NOBODY if os.geteuid() == 0 and backend.name != "none" else None
    secret = secrets.token_hex(16)
    file = folder / "secret.txt"
    file.write_text(secret)
    process = subprocess.Popen(
        ["/bin/sleep", "600"], env={"SECRET": secret}, stdin=subprocess.DEVNULL, user=user, start_new_session=True
    )
    unix_name = f"codeling-{secrets.token_hex(8)}"
    with contextlib.ExitStack() as stack:
        stack.callback(shutil.rmtree, folder, ignore_errors=True)
        stack.callback(process.wait)
        stack.callback(process.kill)
        tcp, udp, unix = (
            stack.enter_context(contextlib.closing(socket.socket(family, kind)))
            for family, kind in (
                (socket.AF_INET, socket.SOCK_STREAM),
                (socket.AF_INET, socket.SOCK_DGRAM),
                (socket.AF_UNIX, socket.SOCK_STREAM),
            )
        )
        tcp.bind(("127.0.0.1", 0))
        udp.bind(("127.0.0.1", 0))
        unix.bind(f"\0{unix_name}" if sys.platform.startswith("linux") else str(folder.parent / unix_name))
        for server in (tcp, unix):
            server.listen()
        for server in (tcp, udp, unix):
            server.setblocking(False)
        if user is not None:
            for path in (folder, file):
                os.chown(path, user, user)
        mark = str(10**8 + secrets.randbelow(10**8))
        yield Bait(folder, file, secret, mark, process, tcp, udp, unix, unix_name)


def run_attack(attack: Attack, *, backend: Backend | None = None) -> AttackResult:
    """Run one attack beside fresh bait and judge it; ``backend`` is the machine's own by default."""
    backend = backend or find_backend()
    with lay_bait(backend) as bait:
        started = time.monotonic()
        try:
            with SandboxProcess(backend, attack.limits) as process:
                result = process.execute(Job(attack.language, bait.fill_in(attack.code), collect=True))
        except Failure as error:
            return AttackResult(attack.name, False, time.monotonic() - started, f"the sandbox did not work: {error}")
        seconds = time.monotonic() - started
        problems = _problems(attack, result, bait)
    how = f"{result.status}, {result.peak_memory / 2**20:.0f} MiB"
    return AttackResult(attack.name, not problems, seconds, "; ".join(problems) or how)


def run_attacks(
    attacks: Sequence[Attack] = ATTACKS, *, backend: Backend | None = None, workers: int = 4
) -> list[AttackResult]:
    """All verdicts, in order. Most attacks wait rather than compute, so a few at a time take little longer than one."""
    backend = backend or find_backend()
    with ThreadPoolExecutor(max_workers=workers) as pool:
        return list(pool.map(lambda attack: run_attack(attack, backend=backend), attacks))


def _problems(attack: Attack, result: Result, bait: Bait) -> list[str]:
    limits = attack.limits
    found = [line[:200] for line in result.stdout.splitlines() if line.startswith("BREACH")][:3]
    found += bait.damage()
    if result.status not in attack.ends:
        found.append(f"ended with {result.status} ({result.exit_code}), not {' or '.join(attack.ends)}: "
                     f"{result.stderr.strip()[-200:]}")  # fmt: skip
    if attack.says not in result.stdout:
        found.append(f"did not get to try: {result.stderr.strip()[-200:]}")
    if any(bait.secret.encode() in content for content in result.files.values()):
        found.append("a secret was in the files that were kept")
    if bait.secret in result.stdout + result.stderr:
        found.append("a secret was in the output")
    if result.wall_seconds > limits.wall_seconds + 1.5:
        found.append(f"ran for {result.wall_seconds:.1f} s, allowed were {limits.wall_seconds:g}")
    if len(result.stdout) > limits.output_bytes or sum(map(len, result.files.values())) > limits.disk_bytes:
        found.append("more was kept than the limits allow")
    if result.peak_memory > 2 * limits.memory_bytes:
        found.append(f"held {result.peak_memory / 2**20:.0f} MiB at once")
    return found


def _processes_named(mark: str) -> list[int]:
    """Processes on this machine with ``mark`` among their arguments."""
    import psutil

    found = []
    for process in psutil.process_iter():
        with contextlib.suppress(psutil.Error):
            if mark in process.cmdline():
                found.append(process.pid)
    return found
