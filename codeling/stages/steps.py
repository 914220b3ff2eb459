"""A step of a run: what it reads, what it makes, and the record that says it is complete.

A step is complete when its record carries the same fingerprint (configuration, content of the inputs) and every
output is still the file that was recorded. So a second run skips it, a changed option or a damaged file redoes it,
and everything downstream of a change follows by itself, because outputs are the next step's inputs.
"""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from codeling.config import to_mapping
from codeling.data.source_files import matching_files
from codeling.data.sources import split_specs
from codeling.runtime.files import read_json, sha256_file, write_json

# Where the work is done does not change its result, so moving a run or changing these redoes nothing.
_INDIFFERENT = {"workdir", "device", "workers", "resume", "use_compile"}


@dataclass(frozen=True)
class Step:
    """``action(resume)`` does the work and returns what the report shows of it; ``resume`` says that an earlier
    attempt with the same fingerprint was interrupted. ``continued_from`` are the files it then goes on from; they are
    removed before a new attempt, which must never go on from what another configuration left behind.
    """

    name: str
    title: str
    config: Any
    action: Callable[[bool], dict[str, Any]]
    inputs: tuple[Path, ...] = ()
    outputs: tuple[Path, ...] = ()
    continued_from: tuple[Path, ...] = ()

    def fingerprint(self) -> str:
        """Hash of the configuration and of the inputs' content."""
        values = to_mapping(self.config)
        parts = {
            "config": _result_relevant(values, Path(values.get("workdir", ""))),
            "inputs": [(path.name, sha256_file(path)) for path in self.inputs if path.is_file()],
        }
        return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()


def _result_relevant(value: Any, workdir: Path) -> Any:
    """``value`` without what is indifferent, and with paths into the run's folder as seen from there."""
    if isinstance(value, dict):
        return {key: _result_relevant(item, workdir) for key, item in value.items() if key not in _INDIFFERENT}
    if isinstance(value, list):
        return [_result_relevant(item, workdir) for item in value]
    if isinstance(value, str) and workdir != Path() and value.startswith(f"{workdir.as_posix()}/"):
        return value.removeprefix(f"{workdir.as_posix()}/")
    return value


def source_files(source: str | None) -> tuple[Path, ...]:
    """The files that a list of sources names by ``file:``, as inputs of the step that reads them.

    What ``dir:``, ``python``, ``shell`` and ``hub:`` yield is not looked at again: ``--force`` when it has changed.
    """
    specs = split_specs(source) if source else []
    return tuple(
        path for spec in specs if spec.startswith("file:") for path in matching_files(spec.removeprefix("file:"))
    )


@dataclass
class StepRecord:
    """What is written to ``state/NAME.json`` before (no outputs yet) and after a step."""

    fingerprint: str
    complete: bool = False
    seconds: float = 0.0
    outputs: dict[str, dict[str, Any]] = field(default_factory=dict)
    result: dict[str, Any] = field(default_factory=dict)


def read_record(path: Path) -> StepRecord | None:
    """The record, or None where there is none (or one of an older version: then the step is simply done again)."""
    if not path.exists():
        return None
    values = read_json(path)
    if not isinstance(values, dict) or set(values) != set(StepRecord.__dataclass_fields__):
        return None
    return StepRecord(**values)


def run_step(step: Step, record_path: Path, *, root: Path, force: bool, say: Callable[[str], None]) -> StepRecord:
    """Do the step unless it is complete; returns its record either way. Outputs are recorded relative to ``root``."""
    fingerprint = step.fingerprint()
    record = read_record(record_path)
    if record and record.complete and not force and record.fingerprint == fingerprint:
        changed = [name for name, seen in record.outputs.items() if not _is_same_file(root / name, seen)]
        if not changed:
            say(f"{step.title}: complete, skipped")
            return record
        say(f"{step.title}: {', '.join(changed)} changed or missing, doing it again")
        record = None
    interrupted = record is not None and not record.complete and record.fingerprint == fingerprint and not force
    seconds_before = record.seconds if interrupted and record else 0.0
    say(f"{step.title}{' (continued)' if interrupted else ''}")
    if not interrupted:
        for path in step.continued_from:
            path.unlink(missing_ok=True)
    record = StepRecord(fingerprint, seconds=seconds_before)
    _write(record_path, record)
    start = time.monotonic()
    try:
        record.result = step.action(interrupted)
    except BaseException:
        record.seconds = seconds_before + time.monotonic() - start
        _write(record_path, record)
        raise
    record.seconds = seconds_before + time.monotonic() - start
    record.outputs = {path.relative_to(root).as_posix(): _describe(path) for path in step.outputs}
    record.complete = True
    _write(record_path, record)
    return record


def _write(path: Path, record: StepRecord) -> None:
    write_json(path, vars(record))


def _describe(path: Path) -> dict[str, Any]:
    status = path.stat()
    return {"size": status.st_size, "modified_ns": status.st_mtime_ns, "sha256": sha256_file(path)}


def _is_same_file(path: Path, seen: dict[str, Any]) -> bool:
    if not path.exists():
        return False
    status = path.stat()
    if status.st_size != seen["size"]:
        return False
    # An untouched file need not be read again; one that was copied or touched is compared by content.
    return status.st_mtime_ns == seen["modified_ns"] or sha256_file(path) == seen["sha256"]
