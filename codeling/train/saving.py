"""Which checkpoints a run keeps, and what happens when one cannot be written.

``NAME_last.pth`` rolls; ``NAME_epoch_K.pth`` stays from each epoch's end; ``NAME_best.pth`` has the lowest validation
loss. Each is complete, so each can be resumed; names with the same content share the bytes on disk.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from codeling.checkpoint import Checkpoint, save_checkpoint
from codeling.errors import Failure
from codeling.runtime.files import remove_stale_temporaries


class Saver:
    """Writes the checkpoints of the run called ``name`` into ``folder``.

    A save that fails (full disk, read-only or vanished folder) is reported and the training goes on: what was saved
    before is intact, and the next save tries again. Only ``finish`` insists.
    """

    def __init__(
        self, folder: Path, name: str, *, snapshot: Callable[[], Checkpoint], say: Callable[[str], None]
    ) -> None:
        self._folder = folder
        self._name = name
        self._snapshot = snapshot
        self._say = say
        self._error: OSError | None = None

    def path(self, kind: str | int) -> Path:
        """``last``, ``best``, or the number of an epoch."""
        return self._folder / f"{self._name}_{f'epoch_{kind}' if isinstance(kind, int) else kind}.pth"

    def clean(self) -> None:
        """Remove what a killed save left behind; only while holding the folder's lock."""
        for pattern in ("pth", "json"):
            remove_stale_temporaries(self._folder, f"{self._name}_*.{pattern}")

    def save(self, *, epoch: int | None, best: bool) -> None:
        """Write ``last`` and, on request, the epoch's and the best checkpoint.

        ``last`` comes last: a run killed in between is resumed from the one before and writes the others again.
        """
        names = [self.path("best")] if best else []
        names += [self.path(epoch)] if epoch is not None else []
        first, *rest = [*names, self.path("last")]
        try:
            save_checkpoint(first, self._snapshot(), also=rest)
        except OSError as error:
            self._error = error
            self._say(f"warning: checkpoint not saved: {error}; training goes on, the previous one is intact")
        else:
            self._error = None

    def finish(self) -> None:
        """Raise a Failure if the newest state could not be saved."""
        if self._error is not None:
            raise Failure(
                f"{self.path('last')}: the last save failed: {self._error}; an earlier checkpoint may be there: make "
                "room or mend the folder, and go on with --resume"
            )
