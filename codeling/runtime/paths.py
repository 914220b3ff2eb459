"""Where things live in a working directory; the one place that knows the folder names of the specification."""

from __future__ import annotations

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
    def report(self) -> Path:
        return self.root / "report"

    def find(self, name: str | Path, folder: Path, *, remedy: str) -> Path:
        """An existing file: ``name`` as typed, else under the root, else in ``folder``; otherwise a UsageError.

        ``remedy`` is the command that would make the file.
        """
        for candidate in (Path(name), self.root / name, folder / name):
            if candidate.is_file():
                return candidate
        raise UsageError(f"{name}: no such file, neither here nor in {folder}; make it with: {remedy}")
