"""Where things live in a working directory; the one place that knows the folder names of the specification."""

from __future__ import annotations

import shlex
from dataclasses import dataclass
from pathlib import Path

from codeling.errors import UsageError


@dataclass(frozen=True)
class Workspace:
    """The folders of one working directory (``--workdir``, default the current one). Nothing is created here."""

    root: Path

    @property
    def raw(self) -> Path:
        return self.root / "data" / "raw"

    @property
    def processed(self) -> Path:
        return self.root / "data" / "processed"

    @property
    def tokenizer(self) -> Path:
        return self.root / "data" / "tokenizer" / "tokenizer.json"

    @property
    def models(self) -> Path:
        return self.root / "models"

    @property
    def logs(self) -> Path:
        return self.root / "logs"

    @property
    def exports(self) -> Path:
        return self.root / "exports"

    @property
    def report(self) -> Path:
        return self.root / "report"

    def command(self, typed: str) -> str:
        """``typed``, a command for people to copy, with the ``--workdir`` that makes it work in this folder.

        >>> Workspace(Path("my runs")).command("codeling train")
        "codeling train --workdir 'my runs'"
        """
        return typed if self.root == Path() else f"{typed} --workdir {shlex.quote(str(self.root))}"

    def find(self, name: str | Path, folder: Path, *, remedy: str) -> Path:
        """An existing file: ``name`` as typed, else under the root, else in ``folder``; otherwise a UsageError.

        ``remedy`` is the command that would make the file; ``--workdir`` is added where it is needed.
        """
        for candidate in (Path(name), self.root / name, folder / name):
            if candidate.is_file():
                return candidate
        raise UsageError(f"{name}: no such file, neither here nor in {folder}; make it with: {self.command(remedy)}")
