"""`run`: what a program gets, what comes back, and which limit is said to have ended it."""

import dataclasses
import os
import random
import resource
import string
import subprocess
import sys
import threading
import time
from pathlib import Path

import psutil
import pytest

from codeling.errors import Failure, UsageError
from codeling.sandbox.backend import Backend
from codeling.sandbox.limits import MIB, Limits
from codeling.sandbox.process import Job, SandboxProcess
from codeling.sandbox.result import Result
from codeling.sandbox.run import run

ANY = Limits(wall_seconds=60, cpu_seconds=30)  # much more than any run needs, also on a busy machine


def execute(backend: Backend, language, code: str, limits: Limits = ANY, **job) -> Result:
    with SandboxProcess(backend, limits) as process:
        return process.execute(Job(language, code, **job))


def test_python_and_bash(backend: Backend) -> None:
    result = execute(backend, "python", "import sys\nprint(6 * 7)\nprint('oh', file=sys.stderr)\nsys.exit(3)")
    assert (result.status, result.exit_code, result.stdout, result.stderr) == ("error", 3, "42\n", "oh\n")
    result = execute(backend, "bash", "echo $((6 * 7)); echo oh >/dev/stderr; cat; [ -t 0 ] || exit 0", stdin="given\n")
    assert (result.status, result.exit_code, result.stdout, result.stderr) == ("ok", 0, "42\ngiven\n", "oh\n")
    assert 0 < result.wall_seconds < ANY.wall_seconds and result.cpu_seconds > 0


def test_text_of_any_kind_arrives_as_it_is(backend: Backend) -> None:
    text = "".join(random.choices(string.printable + "äß∑🦎\0", k=5000))
    result = execute(backend, "python", "import sys\nsys.stdout.buffer.write(sys.stdin.buffer.read())", stdin=text)
    assert result.stdout == text
    assert execute(backend, "python", "import sys\nprint(repr(sys.stdin.read()))").stdout == "''\n"


def test_broken_utf8_is_replaced(backend: Backend) -> None:
    assert execute(backend, "bash", r"printf 'a\xffb'").stdout == "a\ufffdb"


def test_text_that_is_no_text_is_the_programs_fault(backend: Backend) -> None:
    """Half a surrogate pair, as JSON can hold it."""
    assert execute(backend, "python", "print('\ud800')").status == "error"
    assert execute(backend, "bash", "wc -c", stdin="\udfff").stdout.strip() == "3"


def test_sockets_work_with_the_buffers_that_they_have(backend: Backend) -> None:
    code = """
import socket
one, other = socket.socketpair()
before = one.getsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF)
one.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 8 * before)
one.setsockopt(socket.SOL_SOCKET, socket.SO_PASSCRED, 1)
one.sendall(b"hello")
print(other.recv(9), one.getsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF) - before)
print(one.getsockopt(socket.SOL_SOCKET, socket.SO_PASSCRED))
"""
    assert execute(backend, "python", code).stdout == "b'hello' 0\n1\n"


def test_a_storm_of_signals_does_not_keep_the_supervisor_from_looking(contained: Backend) -> None:
    code = """
import os, signal, time
if os.fork() == 0:
    while True:
        os.kill(os.getppid(), signal.SIGCHLD)
        os.kill(1, signal.SIGCHLD)
for _ in range(2):
    if os.fork() == 0:
        block = bytearray(b"x") * (100 << 20)
        time.sleep(60)
time.sleep(60)
"""
    assert execute(contained, "python", code, limits=Limits(memory_bytes=150 << 20)).status == "memory"


def test_the_program_sees_the_standard_library_only(backend: Backend) -> None:
    code = (
        "import asyncio, ctypes, decimal, hashlib, json, multiprocessing, sqlite3, ssl, subprocess, unittest\n"
        "for name in ('torch', 'numpy', 'codeling', 'pytest', 'pip'):\n"
        "    try:\n        __import__(name)\n        print(name)\n    except ImportError:\n        pass\n"
        "import helper, sys\nprint(helper.value, sys.stdin is not None, __name__)"
    )
    result = execute(backend, "python", code, files={"helper.py": "value = 5"})
    assert (result.stdout, result.stderr) == ("5 True __main__\n", "")


def test_a_traceback_names_the_line(backend: Backend) -> None:
    result = execute(backend, "python", "x = 1\nprint(undefined)\n")
    assert 'main.py", line 2' in result.stderr and "print(undefined)" in result.stderr
    assert "NameError" in result.stderr.splitlines()[-1]


def test_nothing_of_our_environment_is_there(backend: Backend, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SECRET_TOKEN", "hunter2")
    seen = execute(backend, "bash", "env; cat /proc/*/environ 2>/dev/null; ulimit -a").stdout
    assert "hunter2" not in seen and "HOME=" in seen


def test_files_in_and_out(backend: Backend) -> None:
    content = random.randbytes(100_000)
    code = "cat deep/in.bin > out.bin; mkdir -p a/b empty; echo x > a/b/c; rm gone; ln -s /etc/passwd link"
    given = {"deep/in.bin": content, "gone": "", "stays": "ä"}
    result = execute(backend, "bash", code, files=given, collect=True)
    assert dict(result.files) == {
        "a/": b"", "a/b/": b"", "a/b/c": b"x\n", "deep/": b"", "deep/in.bin": content, "empty/": b"",
        "out.bin": content, "stays": "ä".encode(),
    }  # fmt: skip
    assert result.dropped_files == 1  # the link
    assert execute(backend, "bash", "echo x > out", files=given).files == {}


def test_names_that_leave_the_folder_are_refused() -> None:
    for name in ("../up", "/etc/passwd", "a/../../b", "", ".", "nul\0", "a" * 256, "b/" * 600):
        with pytest.raises(UsageError, match="file"):
            run("bash", "true", files={name: ""})
    with pytest.raises(UsageError, match="is a file too"):
        Job("bash", "", files={"a": "", "a/b": ""})
    with pytest.raises(UsageError, match="python, bash"):
        run("perl", "1")  # type: ignore[arg-type]


def test_more_files_than_the_limits_are_refused(contained: Backend) -> None:
    with pytest.raises(UsageError, match="disk_bytes"):
        run("bash", "true", files={"big": b"x" * 600_000}, limits=Limits(disk_bytes=MIB))
    with pytest.raises(UsageError, match="stdin"):
        run("bash", "true", stdin="x" * 600_000, limits=Limits(disk_bytes=MIB))


def test_wall_clock(backend: Backend) -> None:
    started = time.monotonic()
    # Time enough for a shell to start on a busy machine; the sleepers would keep it for much longer.
    result = execute(backend, "bash", "echo before; sleep 200 & sleep 200", Limits(wall_seconds=2))
    assert (result.status, result.exit_code, result.stdout) == ("timeout", None, "before\n")
    assert 1.9 < result.wall_seconds < 60 and time.monotonic() - started < 100


def test_processor_time(backend: Backend) -> None:
    result = execute(backend, "python", "while True: pass", Limits(wall_seconds=100, cpu_seconds=1))
    assert result.status == "timeout" and 0.8 < result.cpu_seconds < 3


def test_processor_time_of_what_is_killed_is_counted(backend: Backend) -> None:
    result = execute(backend, "bash", "yes > /dev/null", Limits(wall_seconds=2, cpu_seconds=10))
    assert result.status == "timeout" and result.cpu_seconds > 0.05  # 1.9 on an idle machine


def test_memory(backend: Backend) -> None:
    limits = dataclasses.replace(ANY, memory_bytes=200 * MIB)
    assert execute(backend, "python", "x = bytearray(300 << 20)", limits).status == "memory"
    caught = "try:\n    x = bytearray(300 << 20)\nexcept MemoryError:\n    print('caught')"
    assert execute(backend, "python", caught, limits).stdout == "caught\n"


def test_peak_memory_is_the_programs_own(backend: Backend) -> None:
    """A child's ru_maxrss starts at its parent's, so 300 MiB of ours must not show up in a small program's."""
    ballast = bytearray(os.urandom(1)) * (300 << 20)
    small = execute(backend, "python", "pass")
    assert 2 * MIB < small.peak_memory < 60 * MIB
    large = execute(backend, "python", "x = b'x' * (120 << 20)")
    assert 120 * MIB < large.peak_memory < 200 * MIB
    assert len(ballast) == 300 << 20 and resource.getrusage(resource.RUSAGE_SELF).ru_maxrss > 0


def test_output_is_cut(backend: Backend) -> None:
    limits = dataclasses.replace(ANY, output_bytes=1000)
    result = execute(backend, "python", "print('x' * 5000)", limits)
    assert (result.status, result.exit_code, result.stdout) == ("output", 0, "x" * 1000)
    result = execute(backend, "python", "import sys\nprint('y' * 5000, file=sys.stderr)\nsys.exit(1)", limits)
    assert (result.status, result.exit_code, len(result.stderr)) == ("output", 1, 1000)
    exact = execute(backend, "python", "print('x' * 999)", limits)
    assert (exact.status, len(exact.stdout)) == ("ok", 1000)


def test_endless_output_fills_neither_memory_nor_time(contained: Backend) -> None:
    before = psutil.Process().memory_info().rss
    started = time.monotonic()
    result = run("bash", "yes", limits=dataclasses.replace(ANY, wall_seconds=200, cpu_seconds=100))
    assert result.status == "output" and time.monotonic() - started < 60
    assert psutil.Process().memory_info().rss - before < 64 * MIB


def test_a_crash_is_not_an_error_of_the_program(backend: Backend) -> None:
    result = execute(backend, "python", "import ctypes\nctypes.string_at(0)")
    assert (result.status, result.exit_code) == ("killed", 139)
    assert execute(backend, "bash", "exit 139").exit_code == 139


def test_processes_are_limited_and_few_are_allowed(backend: Backend) -> None:
    code = (
        "import os, time\nmade = 0\ntry:\n    for _ in range(200):\n        if os.fork() == 0:\n"
        "            time.sleep(30)\n            os._exit(0)\n        made += 1\nexcept OSError:\n    pass\nprint(made)"
    )
    result = execute(backend, "python", code, dataclasses.replace(ANY, processes=20))
    assert result.status == "ok" and 10 <= int(result.stdout) <= 28
    assert execute(backend, "bash", "for i in 1 2 3 4 5; do (sleep 0.1; echo $i) & done; wait").stdout.count("\n") == 5


def test_a_written_file_is_limited(backend: Backend) -> None:
    limits = dataclasses.replace(ANY, file_bytes=MIB)
    result = execute(backend, "bash", "head -c 3M /dev/zero > big; echo $?; wc -c < big", limits, collect=True)
    assert result.stdout.split()[1] == str(MIB) and len(result.files["big"]) == MIB


def test_background_processes_end_with_the_program(backend: Backend) -> None:
    mark = str(random.randrange(10**8, 10**9))
    result = execute(backend, "bash", f"(setsid sleep {mark} &) ; sleep {mark} & disown; echo started")
    assert result.status == "ok" and result.wall_seconds < ANY.wall_seconds
    assert not [p for p in psutil.process_iter(["cmdline"]) if mark in (p.info["cmdline"] or [])]


def test_runs_at_the_same_time_do_not_meet(contained: Backend) -> None:
    results: dict[int, str] = {}

    def work(number: int) -> None:
        code = f"echo {number} > mine; sleep 0.2; cat *; ls /tmp | grep -v main"
        results[number] = run("bash", code, limits=ANY).stdout

    threads = [threading.Thread(target=work, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert results == {number: f"{number}\n" for number in range(6)}


def test_nothing_is_left_behind(backend: Backend, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    tmp_path.chmod(0o755)
    for parent in list(tmp_path.parents)[:3]:
        if parent.owner() == Path.home().owner() and str(parent).startswith("/tmp/"):
            parent.chmod(0o755)  # pytest's folders are closed to the user that root's sandboxes run as
    before = psutil.Process().num_fds()
    deep = "for i in $(seq 300); do mkdir d; cd d; done; mkdir -m 000 locked; echo $?"
    assert execute(backend, "bash", deep).stdout == "0\n"
    SandboxProcess(backend, ANY).close()  # one that never got a job
    assert list(tmp_path.iterdir()) == []
    assert psutil.Process().num_fds() == before


def test_killed_host_takes_its_sandboxes_along(contained: Backend) -> None:
    mark = str(random.randrange(10**8, 10**9))
    host = subprocess.Popen(
        [sys.executable, "-c", "import sys\nfrom codeling.sandbox.run import run\nfrom codeling.sandbox.limits import "
         f"Limits\nrun('bash', 'sleep {mark}', limits=Limits(wall_seconds=250))"],
        cwd=Path(__file__).parents[3],
    )  # fmt: skip

    def sleeping() -> bool:
        return any(mark in (p.info["cmdline"] or []) for p in psutil.process_iter(["cmdline"]) if p.pid != host.pid)

    deadline = time.monotonic() + 100
    while not sleeping() and time.monotonic() < deadline:
        time.sleep(0.05)
    assert sleeping()
    host.kill()
    host.wait()
    deadline = time.monotonic() + 60
    while sleeping() and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not sleeping()


def test_uncontained_only_when_asked(tmp_path: Path) -> None:
    target = tmp_path / "file"
    result = run("bash", f"echo $HOME > {target}; id -u", unsafe=True, limits=ANY)
    assert result.ok and target.exists() and result.stdout == f"{os.geteuid()}\n"
    assert run("python", "while True: pass", unsafe=True, limits=Limits(wall_seconds=0.5)).status == "timeout"


def test_a_sandbox_that_breaks_is_a_failure_that_says_why() -> None:
    broken = Backend("bubblewrap", python="/usr/bin/python3", bash="/bin/bash", bwrap="/bin/false")
    with pytest.raises(Failure, match="without a report"):
        execute(broken, "bash", "echo 1")
    absent = Backend("bubblewrap", python="/usr/bin/python3", bash="/bin/bash", bwrap="/absent")
    with pytest.raises(Failure, match="cannot be started"):
        execute(absent, "bash", "echo 1")


def test_limits_must_make_sense() -> None:
    for wrong in ({"wall_seconds": 0}, {"memory_bytes": -1}, {"open_files": 3}, {"wall_seconds": float("nan")}):
        with pytest.raises(UsageError, match=next(iter(wrong))):
            Limits(**wrong)
