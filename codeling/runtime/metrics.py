"""What a run tells the world: log lines, one JSON record per step, TensorBoard, and a live line in the terminal.

- ``logs/training.log``         lines for people; ``tail -f`` it
- ``logs/NAME.metrics.jsonl``   one object per optimizer step, floats exact
- ``logs/NAME/``                TensorBoard events (``tensorboard --logdir logs/``)

No sink can stop or change a training: a full disk, a missing folder or a broken TensorBoard is reported once per
sink, the sink is tried again with the next record, and the run goes on.
"""

from __future__ import annotations

import contextlib
import json
import math
import shutil
import sys
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, TextIO

from codeling.runtime.files import atomic_path


class MetricsLog:
    """The sinks of one run, called ``name``. ``enabled=False`` (all processes but the first) makes every method silent.

    ``resume_step``: records of later steps, left by a run that was killed, are removed, so that each step appears
    once. 0 starts the files of this name anew. ``line_seconds``: how often a progress line is written where no
    terminal shows a live one.
    """

    def __init__(
        self,
        folder: Path,
        name: str,
        *,
        resume_step: int = 0,
        enabled: bool = True,
        tensorboard: bool = True,
        line_seconds: float = 10.0,
    ) -> None:
        self._log_path = folder / "training.log"
        self._records_path = folder / f"{name}.metrics.jsonl"
        self._enabled = enabled
        self._line_seconds = line_seconds
        self._last_line = -math.inf
        self._live_width = 0
        self._live = enabled and sys.stderr.isatty()
        self._failed: set[str] = set()
        self._torn: set[Path] = set()
        self._writer: Any = None
        if not enabled:
            return
        with self._surviving("metrics records"):
            folder.mkdir(parents=True, exist_ok=True)
            _keep_steps(self._records_path, resume_step)
        if tensorboard:
            with self._surviving("TensorBoard"):
                self._open_tensorboard(folder / name, resume_step)

    def _open_tensorboard(self, folder: Path, resume_step: int) -> None:
        from torch.utils.tensorboard import SummaryWriter

        if resume_step == 0 and folder.is_dir():
            shutil.rmtree(folder)
        self._writer = SummaryWriter(str(folder), purge_step=resume_step + 1 if resume_step else None)

    def say(self, text: str) -> None:
        """Print to standard output and append to training.log with the time."""
        if not self._enabled:
            return
        self._clear_live_line()
        _show(text + "\n", sys.stdout)
        self._append_log(text)

    def _append_log(self, text: str) -> None:
        stamp = time.strftime("%Y-%m-%d %H:%M:%S")
        lines = "".join(f"{stamp}  {line}\n" for line in text.splitlines() or [""])
        with self._surviving(self._log_path.name):
            self._append(self._log_path, lines)

    def record(self, values: Mapping[str, Any]) -> None:
        """Append one step's values (``step`` among them) to the records and to TensorBoard.

        Numbers that JSON cannot hold (NaN, infinities) become null.
        """
        if not self._enabled:
            return
        plain = {key: _json_value(value) for key, value in values.items()}
        with self._surviving(self._records_path.name):
            self._append(self._records_path, json.dumps(plain) + "\n")
        if self._writer is not None:
            with self._surviving("TensorBoard"):
                for key, value in plain.items():
                    if key != "step" and isinstance(value, int | float) and not isinstance(value, bool):
                        self._writer.add_scalar(key, value, plain["step"])

    def progress(self, text: str, *, important: bool = False) -> None:
        """Show where the run is: rewritten in place on a terminal; elsewhere, and in training.log, now and then."""
        if not self._enabled:
            return
        due = important or time.monotonic() - self._last_line >= self._line_seconds
        if due:
            self._last_line = time.monotonic()
            self._append_log(text)
        if self._live:
            text = text[: shutil.get_terminal_size().columns - 1]
            _show("\r" + text.ljust(self._live_width), sys.stderr)
            self._live_width = len(text)
        elif due:
            _show(text + "\n", sys.stderr)

    def _clear_live_line(self) -> None:
        if self._live_width:
            _show("\r" + " " * self._live_width + "\r", sys.stderr)
            self._live_width = 0

    def close(self) -> None:
        """Flush TensorBoard and end the live line."""
        if not self._enabled:
            return
        self._clear_live_line()
        if self._writer is not None:
            with self._surviving("TensorBoard"):
                self._writer.close()
            self._writer = None

    def _append(self, path: Path, text: str) -> None:
        # Opened anew each time and unbuffered: a record is on its way when this returns, a deleted folder comes back.
        path.parent.mkdir(parents=True, exist_ok=True)
        data = ("\n" + text if path in self._torn else text).encode("utf-8")
        self._torn.add(path)
        with path.open("ab", buffering=0) as file:
            if file.write(data) != len(data):
                raise OSError(f"{path}: only part of a line could be written")
        self._torn.discard(path)

    @contextlib.contextmanager
    def _surviving(self, sink: str) -> Iterator[None]:
        try:
            yield
        except Exception as error:  # whatever a sink does wrong, above all TensorBoard's threads: never the run's end
            if sink == "TensorBoard":
                self._writer = None
            if sink not in self._failed:
                self._failed.add(sink)
                self._clear_live_line()
                _show(f"warning: {sink} cannot be written ({error}); training goes on\n", sys.stderr)


def _show(text: str, stream: TextIO) -> None:
    # The terminal may be gone, the pipe closed, the disk under a redirection full: no reason to end a training.
    with contextlib.suppress(OSError, ValueError):
        stream.write(text)
        stream.flush()


def _json_value(value: Any) -> Any:
    return None if isinstance(value, float) and not math.isfinite(value) else value


def read_records(path: Path) -> list[dict[str, Any]]:
    """The records of a metrics file in order; lines torn by a crash or a full disk are left out."""
    records = []
    for line in path.read_text(encoding="utf-8", errors="replace").splitlines():
        with contextlib.suppress(json.JSONDecodeError):
            record = json.loads(line)
            if isinstance(record, dict) and isinstance(record.get("step"), int):
                records.append(record)
    return records


def _keep_steps(path: Path, last_step: int) -> None:
    """Drop the records of steps after ``last_step`` and torn lines."""
    if not path.exists():
        return
    kept = [record for record in read_records(path) if record["step"] <= last_step]
    with atomic_path(path) as temporary:
        temporary.write_text("".join(json.dumps(record) + "\n" for record in kept), encoding="utf-8")
