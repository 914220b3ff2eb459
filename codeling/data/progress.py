"""One line that says how far a long reading is: documents, bytes, rate and, where the end is known, time left."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable

# On a terminal the line is rewritten often; in a log file each line stays, so there are fewer.
_TERMINAL_SECONDS = 0.5
_LOG_SECONDS = 15.0


class Progress:
    """Counts documents and bytes and writes a line to standard error from time to time."""

    def __init__(self, title: str, *, total: int | None = None, clock: Callable[[], float] = time.monotonic) -> None:
        self.documents = 0
        self.bytes = 0
        self._title = title
        self._total = total
        self._clock = clock
        self._began = self._last = clock()
        self._terminal = sys.stderr.isatty()

    def add(self, num_bytes: int, *, note: str = "") -> None:
        """Count one document; ``note`` is appended to the line."""
        self.documents += 1
        self.bytes += num_bytes
        now = self._clock()
        if now - self._last >= (_TERMINAL_SECONDS if self._terminal else _LOG_SECONDS):
            self._last = now
            self._write(self.line(note))

    @property
    def seconds(self) -> float:
        """Since the beginning."""
        return self._clock() - self._began

    def line(self, note: str = "") -> str:
        """``prepare: 12,000 documents, 34.5 MB, 1,234 documents/s, 2.1 MB/s, 00:12 left, 8,000,000 tokens``."""
        seconds = max(self.seconds, 1e-9)
        rate = self.documents / seconds
        parts = [f"{self.documents:,} documents", f"{self.bytes / 1e6:.1f} MB", f"{rate:,.0f} documents/s"]
        parts.append(f"{self.bytes / 1e6 / seconds:.1f} MB/s")
        if self._total and 0 < self.documents < self._total:
            left = int((self._total - self.documents) / rate)
            parts.append(f"at most {left // 60:02d}:{left % 60:02d} left")
        return f"{self._title}: {', '.join([*parts, note] if note else parts)}"

    def close(self) -> None:
        """End the rewritten line."""
        if self._terminal and self._last != self._began:
            sys.stderr.write("\n")

    def _write(self, line: str) -> None:
        sys.stderr.write(f"\r{line}\x1b[K" if self._terminal else f"{line}\n")
        sys.stderr.flush()
