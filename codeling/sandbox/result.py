"""What came of one contained run."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Literal

Status = Literal["ok", "error", "timeout", "memory", "output", "killed"]


@dataclass(frozen=True)
class Result:
    """One finished run.

    Attributes:
        status: ``ok`` exit code 0; ``error`` another exit code; ``timeout`` wall clock or processor time used up;
            ``memory`` more than `Limits.memory_bytes`; ``output`` wrote more than was kept, so the text here is cut;
            ``killed`` ended by another signal (a crash, the kernel, or its own hand).
        exit_code: of the program, 128 + signal number where a signal ended it; None where we stopped it.
        stdout: UTF-8, broken bytes replaced, at most `Limits.output_bytes` of it.
        stderr: likewise.
        wall_seconds: of the program itself, without setting the sandbox up.
        cpu_seconds: user and system time of all its processes.
        peak_memory: bytes resident at once, by all processes together where that was seen, else by the largest.
        files: what it left in its folder, by relative path; only where ``collect`` or a workspace asked for it.
        dropped_files: how many entries were not taken over: too many, too large, or no plain files.
    """

    status: Status
    exit_code: int | None
    stdout: str
    stderr: str
    wall_seconds: float
    cpu_seconds: float
    peak_memory: int
    files: Mapping[str, bytes] = field(default_factory=lambda: MappingProxyType({}))
    dropped_files: int = 0

    @property
    def ok(self) -> bool:
        return self.status == "ok"
