"""One started sandbox: waits for one job, runs it, is gone. The host's side of `codeling.sandbox.supervisor`.

Starting costs most of the time, so a sandbox can be started before its job is known (see `codeling.sandbox.pool`);
it is never used twice, or one program could lie in wait for the next.
"""

from __future__ import annotations

import contextlib
import os
import selectors
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path, PurePosixPath
from types import MappingProxyType
from typing import Literal

from codeling.errors import Failure, UsageError
from codeling.sandbox.backend import NOBODY, Backend
from codeling.sandbox.boot import BOOT, inside_code
from codeling.sandbox.inside.supervisor import MAIN
from codeling.sandbox.limits import Limits
from codeling.sandbox.result import Result, Status

Language = Literal["python", "bash"]
_FATAL_OUTPUT = 64  # times what is kept: a program that writes so much is not going to stop
_GRACE_SECONDS = 3.0  # for the supervisor to stop the program by itself
_OUT_OF_MEMORY = ("MemoryError", "annot allocate memory", "xrealloc: cannot", "xmalloc: cannot")


@dataclass(frozen=True)
class Job:
    """A program and what it is given; ``collect`` asks for the files that it leaves in its folder."""

    language: Language
    code: str
    stdin: str = ""
    files: Mapping[str, str | bytes] = field(default_factory=lambda: MappingProxyType({}))
    collect: bool = False

    def __post_init__(self) -> None:
        if self.language not in MAIN:
            raise UsageError(f"language={self.language!r}: must be one of {', '.join(MAIN)}")
        plain = {PurePosixPath(check_name(name)) for name in self.files if not name.endswith("/")}
        for name in self.files:
            if clash := plain.intersection(PurePosixPath(check_name(name)).parents):
                raise UsageError(f"file {name!r}: {clash.pop()} is a file too, so it cannot be a folder")


def check_name(name: str) -> str:
    """A relative path without ``..``, as it is; else a UsageError. Safe to join to a folder of ours."""
    path = PurePosixPath(name)
    if not name or "\0" in name or path.is_absolute() or ".." in path.parts or not path.parts:
        raise UsageError(f"file {name[:200]!r}: needs a relative path inside the folder, without '..'")
    if len(os.fsencode(name)) > 1000 or any(len(os.fsencode(part)) > 255 for part in path.parts):
        raise UsageError(f"file {name[:200]!r}: the name is too long; a part takes 255 bytes, all of it 1000")
    return name


class SandboxProcess:
    """Start on construction, `execute` once, `close` always (it is a context manager).

    Must be started and used by one thread: the kernel ties the sandbox's life to the thread that started it.
    """

    def __init__(self, backend: Backend, limits: Limits) -> None:
        self._backend = backend
        self._limits = limits
        self._folder: Path | None = None if backend.sized else _private_folder(backend)
        try:
            self._report, theirs = os.pipe()
        except OSError:
            self._remove_folder()
            raise
        try:
            prefix, descriptors = backend.command(limits)
            # As root, become nobody before anything else; but what runs uncontained was asked to have our rights.
            drop = os.geteuid() == 0 and backend.name != "none" and not descriptors  # those enter a view as nobody
            self._process = subprocess.Popen(
                [*prefix, backend.python, "-I", "-S", "-c", BOOT, str(theirs)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                pass_fds=[theirs, *descriptors],
                env={"LANG": "C.UTF-8", **backend.environment()},
                cwd="/",
                start_new_session=True,
                user=NOBODY if drop else None,
                group=NOBODY if drop else None,
                extra_groups=[] if drop else None,
            )
        except BaseException as error:
            os.close(self._report)
            self._remove_folder()
            if isinstance(error, OSError):
                raise Failure(f"{backend.describe()}: cannot be started: {error}") from error
            raise
        finally:
            os.close(theirs)
        assert self._process.stdin and self._process.stdout and self._process.stderr
        with contextlib.suppress(BrokenPipeError):  # it could not start; `execute` tells why
            self._process.stdin.write(inside_code(compiled=backend.same_python))  # fits into the pipe, so nothing waits
            self._process.stdin.flush()
        if os.geteuid() == 0:  # or the program could not open /dev/stdout and /dev/stderr again
            for pipe in (self._process.stdout, self._process.stderr):
                os.fchown(pipe.fileno(), NOBODY, NOBODY)

    def __enter__(self) -> SandboxProcess:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Kill what is left and give everything back; safe to call twice."""
        if self._report < 0:
            return
        self._kill()
        for pipe in (self._process.stdin, self._process.stdout, self._process.stderr):
            if pipe:
                with contextlib.suppress(OSError):
                    pipe.close()
        os.close(self._report)
        self._report = -1
        self._remove_folder()

    def waiting(self) -> bool:
        """Whether it is still there for its job."""
        return self._report >= 0 and self._process.poll() is None

    def execute(self, job: Job) -> Result:
        """Send the job, read what it writes without ever keeping more than the limits, and return the result.

        Raises Failure where the sandbox itself did not work.
        """
        given = sum(len(_bytes(content)) for content in (*job.files.values(), job.stdin, job.code))
        if given > self._limits.disk_bytes // 2 or len(job.files) > self._limits.files:
            raise UsageError(
                f"{len(job.files)} files, {given:,} bytes with code and stdin: only Limits.files={self._limits.files} "
                f"and half of Limits.disk_bytes={self._limits.disk_bytes:,} can be given; raise them"
            )
        exchange = _Exchange(self._process, self._report, self._message(job), self._limits)
        exchange.until_end(on_hang=self._kill)
        self._kill()
        fields = _parse_fields(exchange.report)
        if fields is None and not exchange.hung:
            said = exchange.text("stderr").strip()[-500:]
            raise Failure(f"{self._backend.describe()}: the sandbox ended without a report: {said or 'no message'}")
        result = _result(exchange, fields or [b""])
        if fields is None and job.collect:  # it hung, and nobody knows what it left: what it was given, then
            result = replace(result, files={name: _bytes(content) for name, content in job.files.items()})
        return result

    def _message(self, job: Job) -> bytes:
        backend = self._backend
        home, scratch = ("/work", "/tmp") if self._folder is None else (self._folder / "work", self._folder / "tmp")
        settings = asdict(self._limits) | {
            "language": job.language,
            "home": home,
            "scratch": scratch,
            "python": backend.python,
            "bash": backend.bash,
            "landlock": backend.landlock,
            "profile": self._backend.profile(self._folder),
            "library_path": backend.environment().get("LD_LIBRARY_PATH", ""),
            "readable": backend.readable(),
            "sized": int(backend.sized),
            "collect": int(job.collect),
        }
        lines = "\n".join(f"{key}={value}" for key, value in settings.items())
        fields = [lines.encode(), _bytes(job.code), _bytes(job.stdin), backend.filter()]
        for name, content in job.files.items():
            fields += [os.fsencode(name), _bytes(content)]
        job_fields = b"".join(b"%d:.%s," % (len(part) + 1, part) for part in fields)
        return job_fields + b"0:,"

    def _kill(self) -> None:
        if self._process.poll() is None:
            with contextlib.suppress(OSError):
                assert self._process.stdin
                self._process.stdin.close()  # the leash: the supervisor kills everything and ends
            if not self._backend.sized:
                with contextlib.suppress(subprocess.TimeoutExpired):
                    self._process.wait(timeout=2)  # it alone knows what the program started
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()

    def _remove_folder(self) -> None:
        if self._folder is not None:
            shutil.rmtree(self._folder, ignore_errors=True)
            if self._folder.exists():  # locked or very deep folders of an unfriendly program
                for tool in (["chmod", "-R", "u+rwX"], ["rm", "-rf"]):
                    subprocess.run([*tool, "--", str(self._folder)], stderr=subprocess.DEVNULL, check=False)


class _Exchange:
    """Everything that flows between us and one sandbox, by one selector, each stream bounded."""

    def __init__(self, process: subprocess.Popen[bytes], report: int, message: bytes, limits: Limits) -> None:
        assert process.stdin and process.stdout and process.stderr
        self._leash = process.stdin.fileno()
        self._pending = memoryview(message)
        self._limits = limits
        self._streams = {process.stdout.fileno(): "stdout", process.stderr.fileno(): "stderr", report: "report"}
        names = 4096 * (limits.files + 1)  # paths are at most that long
        self._kept = {name: bytearray() for name in self._streams.values()}
        self._most = {"stdout": limits.output_bytes, "stderr": limits.output_bytes}
        self._most["report"] = limits.disk_bytes + names
        self._seen = dict.fromkeys(self._kept, 0)
        self.hung = self.flooded = False
        self.wall = 0.0

    @property
    def report(self) -> bytes:
        return bytes(self._kept["report"])

    @property
    def cut(self) -> bool:
        return any(self._seen[name] > self._most[name] for name in ("stdout", "stderr"))

    def text(self, name: Literal["stdout", "stderr"]) -> str:
        return self._kept[name].decode("utf-8", "replace")

    def until_end(self, *, on_hang: Callable[[], None]) -> None:
        """Return when all streams ended, or when the program had its time and more."""
        started = time.monotonic()
        deadline = started + self._limits.wall_seconds + _GRACE_SECONDS
        with selectors.DefaultSelector() as selector:
            for descriptor in self._streams:
                os.set_blocking(descriptor, False)
                selector.register(descriptor, selectors.EVENT_READ)
            os.set_blocking(self._leash, False)
            selector.register(self._leash, selectors.EVENT_WRITE)
            reading = len(self._streams)
            while reading:
                left = deadline - time.monotonic()
                if left <= 0:
                    if self.hung:
                        break  # someone outside our reach holds a pipe open
                    self.hung = True
                    on_hang()
                    deadline = time.monotonic() + 1
                    continue
                for key, _ in selector.select(left):
                    if key.fd == self._leash:
                        self._send(selector)
                    elif not self._receive(key.fd):
                        selector.unregister(key.fd)
                        reading -= 1
        self.wall = time.monotonic() - started

    def _send(self, selector: selectors.BaseSelector) -> None:
        try:
            self._pending = self._pending[os.write(self._leash, self._pending[: 1 << 20]) :]
        except BlockingIOError:
            return
        except BrokenPipeError:
            self._pending = self._pending[:0]
        if not self._pending:
            selector.unregister(self._leash)

    def _receive(self, descriptor: int) -> bool:
        try:
            piece = os.read(descriptor, 1 << 16)
        except BlockingIOError:
            return True
        name = self._streams[descriptor]
        self._seen[name] += len(piece)
        room = self._most[name] - len(self._kept[name])
        self._kept[name] += piece[: max(room, 0)]
        if self._seen[name] > _FATAL_OUTPUT * self._most[name] and name != "report" and not self.flooded:
            self.flooded = True
            with contextlib.suppress(OSError):
                os.write(self._leash, b"!")
        return bool(piece)


def _result(exchange: _Exchange, fields: list[bytes]) -> Result:
    """Put together what the supervisor said (it is inside, so nothing is believed that cannot be) and what we saw."""
    said = dict(line.split("=", 1) for line in fields[0].decode("utf-8", "replace").splitlines() if "=" in line)
    files: dict[str, bytes] = {}
    dropped = _number(said.get("dropped"))
    for name, content in zip(fields[1::2], fields[2::2], strict=False):
        try:
            files[check_name(name.decode("utf-8"))] = content
        except (UnicodeDecodeError, UsageError):
            dropped += 1
    code = int(_number(said["code"])) if said.get("code") else None
    stderr = exchange.text("stderr")
    return Result(
        status=_status("timeout" if exchange.hung else said.get("reason", ""), code, exchange, stderr),
        exit_code=code,
        stdout=exchange.text("stdout"),
        stderr=stderr,
        wall_seconds=min(_number(said.get("wall")) or exchange.wall, exchange.wall),
        cpu_seconds=_number(said.get("cpu")),
        peak_memory=int(_number(said.get("peak"))),
        files=MappingProxyType(files),
        dropped_files=int(dropped),
    )


def _status(reason: str, code: int | None, exchange: _Exchange, stderr: str) -> Status:
    if reason in ("timeout", "memory"):
        return reason
    if exchange.cut or exchange.flooded:
        return "output"
    if reason or code is None:
        return "killed"
    if code == 0:
        return "ok"
    # Refused memory is an error inside the program, which usually ends it; its last words say so.
    if any(words in stderr[-400:] for words in _OUT_OF_MEMORY):
        return "memory"
    if code == 128 + signal.SIGXCPU:
        return "timeout"
    return "killed" if code in _DEADLY else "error"


_DEADLY = {128 + number for number in (signal.SIGKILL, signal.SIGSEGV, signal.SIGABRT, signal.SIGBUS, signal.SIGSYS)}


def _number(text: str | None) -> float:
    try:
        return max(0.0, min(float(text or 0), 1e15))
    except ValueError:
        return 0.0


def _parse_fields(data: bytes) -> list[bytes] | None:
    """The netstrings of a report; None unless it is whole."""
    fields: list[bytes] = []
    position = 0
    while True:
        colon = data.find(b":", position, position + 20)
        if colon < 0 or not data[position:colon].isdigit():
            return None
        end = colon + 1 + int(data[position:colon])
        if data[end : end + 1] != b",":
            return None
        if end == colon + 1:
            return fields
        fields.append(data[colon + 2 : end])
        position = end + 1


def _bytes(text: str | bytes) -> bytes:
    if isinstance(text, bytes):
        return text
    try:
        return text.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:  # half a pair is no character: bytes that are no UTF-8, for the program to refuse
        return text.encode("utf-8", "surrogatepass")


def _private_folder(backend: Backend) -> Path:
    folder = Path(tempfile.mkdtemp(prefix="codeling-sandbox-")).resolve()
    for path in (folder, folder / "work", folder / "tmp"):
        path.mkdir(exist_ok=True)
        if os.geteuid() == 0 and backend.name != "none":
            os.chown(path, NOBODY, NOBODY)
    return folder
