"""What one contained program may use. Plain numbers, so that every configuration can hold them without torch."""

from __future__ import annotations

from dataclasses import dataclass, fields

from codeling.errors import UsageError

MIB = 1 << 20


@dataclass(frozen=True)
class Limits:
    """Bounds of one run; whatever exceeds them is stopped, and the result says which one it was.

    Attributes:
        wall_seconds: from the start of the program to its end; then everything it started is killed.
        cpu_seconds: processor time of each process (RLIMIT_CPU).
        memory_bytes: address space of each process, and resident memory of all of them together.
        output_bytes: kept of each of stdout and stderr; the rest is read and dropped, and 64 times as much is fatal.
        file_bytes: size of one written file (RLIMIT_FSIZE).
        disk_bytes: size of all written files together; they are kept in memory where the backend can.
        files: how many files and folders the program may leave behind.
        processes: processes and threads alive at once.
        open_files: descriptors of each process.
    """

    wall_seconds: float = 5.0
    cpu_seconds: float = 4.0
    memory_bytes: int = 512 * MIB
    output_bytes: int = 64 * 1024
    file_bytes: int = 16 * MIB
    disk_bytes: int = 64 * MIB
    files: int = 1000
    processes: int = 32
    open_files: int = 64

    def __post_init__(self) -> None:
        for field in fields(self):
            if not 0 < getattr(self, field.name) < 2**62:
                raise UsageError(f"Limits.{field.name}={getattr(self, field.name)}: needs a positive number")
        if self.open_files < 16:
            raise UsageError(f"Limits.open_files={self.open_files}: an interpreter alone needs 16")
