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
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class View:
    """An open mount namespace: its descriptor, the path of the prefix in it, and the program that enters it."""

    descriptor: int
    path: str
    nsenter: str

    def enter_as(self, user: int) -> list[str]:
        """The words that start a command inside the view, without root's rights."""
        return [self.nsenter, f"--mount=/proc/self/fd/{self.descriptor}", f"--setgid={user}", f"--setuid={user}", "--"]


# Some folder has to give its name; what is in it is hidden inside the view only.
_PLACES = ("/mnt", "/media", "/srv")
_SCRIPT = (
    'mount -t tmpfs -o mode=755,size=64k tmpfs "$2" && mkdir "$2/python" && mount --bind "$1" "$2/python" '
    '&& mount -o remount,bind,ro "$2/python" && echo ready && read -r _'
)
_lock = threading.Lock()
_views: dict[str, View | None] = {}


def open_view(prefix: str) -> View | None:
    """The view in which ``prefix`` can be reached, made once per process.

    None where it cannot be made: not root, no right to mount (a container), or util-linux is not there.
    """
    with _lock:
        if prefix not in _views:
            _views[prefix] = _make(prefix) if os.geteuid() == 0 else None
        return _views[prefix]


def _make(prefix: str) -> View | None:
    unshare, nsenter = shutil.which("unshare"), shutil.which("nsenter")
    place = next((path for path in _PLACES if Path(path).is_dir()), None)
    if unshare is None or nsenter is None or place is None:
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
    return View(descriptor, f"{place}/python", nsenter)
