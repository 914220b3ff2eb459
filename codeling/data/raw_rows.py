"""Rows that nobody has judged yet, from files and hub data sets: each with the place where it was found.

A file is .jsonl (also .gz or .zst), .json with a list, or .parquet; its name may hold wildcards. A line that is not
JSON is a row too: whoever judges the rows refuses it with its file and line.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from codeling.data.cleaning import refuse_evaluation_set
from codeling.data.source_files import matching_files, numbered_lines, parquet_rows
from codeling.data.source_hub import HubSpec, hub_rows
from codeling.errors import Failure, UsageError


@dataclass(frozen=True)
class RawRow:
    """A row as it was found. ``line``: of a text file, or the row's number, from 1."""

    file: str
    line: int
    source: str
    id: str
    content: bytes | dict[str, Any]
    licence: str = "unknown"


def row_files(name: str, pattern: str) -> list[Path]:
    """The files that the source ``name:pattern`` means; UsageError where there are none or of a kind not read here."""
    paths = matching_files(pattern)
    if not paths:
        raise UsageError(f"{name}:{pattern}: no such file")
    for path in paths:
        refuse_evaluation_set(path.name)
        stem = path.name.lower().removesuffix(".gz").removesuffix(".zst")
        if path.is_dir() or not stem.endswith((".jsonl", ".ndjson", ".json", ".parquet")):
            raise UsageError(f"{name}:{path}: cannot read this; valid: .jsonl, .json (.gz, .zst of both), .parquet")
    return paths


def file_row_source(name: str, pattern: str) -> Iterator[RawRow]:
    """The rows of ``name:pattern``, file by file in sorted order; one that cannot be read to its end is a Failure."""
    for path in row_files(name, pattern):
        for number, content in _contents(path):
            yield RawRow(str(path), number, f"{name}:{path.name}", f"{path.name}:{number}", content)


def hub_row_source(name: str, argument: str) -> Iterator[RawRow]:
    """The rows of ``ID[@REVISION][:config[:split]]`` on the hub, streamed."""
    source = f"{name}:{HubSpec.parse(argument).id}"
    for number, id, licence, row in hub_rows(argument):
        yield RawRow(source, number + 1, source, id, row, licence)


def _contents(path: Path) -> Iterator[tuple[int, Any]]:
    name = path.name.lower()
    if name.endswith(".parquet"):
        yield from parquet_rows(path)
    elif name.removesuffix(".gz").removesuffix(".zst").endswith(".json"):
        yield from enumerate(_json_list(path), start=1)
    else:
        yield from ((number, line) for number, line in numbered_lines(path) if line.strip())


def _json_list(path: Path) -> list[Any]:
    try:
        rows = json.loads(b"\n".join(line for _, line in numbered_lines(path)))
    except (ValueError, RecursionError) as error:
        raise Failure(f"{path}: not valid JSON: {error}") from None
    if not isinstance(rows, list):
        raise Failure(f"{path}: holds {type(rows).__name__}, not a list of rows; for one row a line, name it .jsonl")
    return rows
