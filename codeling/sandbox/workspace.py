"""A folder that outlives the runs of one conversation: each run gets its files and leaves its changes in it.

Programs never see the folder itself. Its files are copied into the sandbox and what is there afterwards is copied
back, within the limits and without links, so nothing that a program does can point out of it, or fill the disk.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path

from codeling.errors import Failure, UsageError
from codeling.sandbox.process import check_name


class Workspace:
    """A private scratch folder, deleted at the end of the ``with`` block.

    >>> with Workspace() as workspace:
    ...     workspace.write("notes/a.txt", "hello")
    ...     workspace.read("notes/a.txt"), workspace.list()
    (b'hello', ['notes/', 'notes/a.txt'])
    """

    def __init__(self) -> None:
        self.path = Path(tempfile.mkdtemp(prefix="codeling-workspace-"))

    def __enter__(self) -> Workspace:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Delete the folder; safe to call twice."""
        shutil.rmtree(self.path, ignore_errors=True)

    def write(self, name: str, content: str | bytes) -> None:
        """Write a file, making its folders; a name that leaves the workspace is a UsageError."""
        path = self._locate(name)
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content.encode("utf-8", "surrogateescape") if isinstance(content, str) else content)
        except OSError as error:
            raise Failure(f"{name}: {error.strerror or error}") from None

    def read(self, name: str) -> bytes:
        """The bytes of a file; a Failure where there is none."""
        try:
            return self._locate(name).read_bytes()
        except OSError as error:
            raise Failure(f"{name}: {error.strerror or error}") from None

    def list(self) -> list[str]:
        """The relative paths of all files and folders, sorted; folders end in ``/``."""
        return sorted(
            path.relative_to(self.path).as_posix() + ("/" if path.is_dir() else "") for path in self.path.rglob("*")
        )

    def files(self) -> dict[str, bytes]:
        """Every file's content by relative path, and empty folders: what a run is given."""
        return {name: b"" if name.endswith("/") else self.read(name) for name in self.list()}

    def replace(self, files: Mapping[str, bytes]) -> None:
        """Make the workspace hold exactly ``files``: what a run left."""
        shutil.rmtree(self.path)
        self.path.mkdir(mode=0o700)
        for name, content in files.items():
            if name.endswith("/"):
                self._locate(name).mkdir(parents=True, exist_ok=True)
            else:
                self.write(name, content)

    def _locate(self, name: str) -> Path:
        if not self.path.is_dir():
            raise UsageError("the workspace is closed; open a new one")
        return self.path / check_name(name)
