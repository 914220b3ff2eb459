"""For root: a view of the file system in which nobody can reach our Python, wherever it is installed.

A sandbox that root starts runs as the user ``nobody``, who cannot pass through ``/root``, where pyenv, uv and conda
keep interpreters. Permissions are the user's, not ours to change; so the folder is bound, read-only for the purpose, to
a public path in a mount namespace that only sandboxes enter. Nothing of it is visible on the machine, and it is gone
with the last process that holds it.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import threading
from pathlib import Path

# Some folder has to give its name; what is in it is hidden inside the view only.
_PLACES = ("/mnt", "/media", "/srv")
_SCRIPT = (
    'mount -t tmpfs -o mode=755,size=64k tmpfs "$2" && mkdir "$2/python" && mount --bind "$1" "$2/python" '
    '&& mount -o remount,bind,ro "$2/python" && echo ready && read -r _'
)
_lock = threading.Lock()
_views: dict[str, tuple[int, str] | None] = {}


def open_view(prefix: str) -> tuple[int, str] | None:
    """A descriptor of the mount namespace and the path of ``prefix`` in it, made once per process.

    None where it cannot be made: not root, no right to mount (a container), or util-linux is not there.
    """
    with _lock:
        if prefix not in _views:
            _views[prefix] = _make(prefix) if os.geteuid() == 0 else None
        return _views[prefix]


def enter_as_nobody(descriptor: int, user: int) -> list[str]:
    """The words that start a command inside the view, without root's rights."""
    nsenter = shutil.which("nsenter") or "nsenter"
    return [nsenter, f"--mount=/proc/self/fd/{descriptor}", f"--setgid={user}", f"--setuid={user}", "--"]


def _make(prefix: str) -> tuple[int, str] | None:
    unshare, place = shutil.which("unshare"), next((path for path in _PLACES if Path(path).is_dir()), None)
    if unshare is None or place is None or shutil.which("nsenter") is None:
        return None
    with subprocess.Popen(
        [unshare, "--mount", "--propagation", "private", "sh", "-c", _SCRIPT, "sh", prefix, place],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    ) as process:
        assert process.stdin and process.stdout
        if process.stdout.readline() != b"ready\n":
            return None
        descriptor = os.open(f"/proc/{process.pid}/ns/mnt", os.O_RDONLY)  # keeps the view when the process ends
        process.stdin.close()
    return descriptor, f"{place}/python"
