"""Where tool conversations come from: ``synthetic``, files and hub data sets, as rows that nobody has judged yet.

    synthetic | openai:PATH | glaive:PATH | sgd:PATH | hub:ID[@REVISION][:config[:split]]      (comma-separated)

PATH is a .jsonl file (also .gz or .zst), a .json file with a list, or a .parquet file, and may hold wildcards. A line
that is not JSON is a row too: it is judged, and refused, where all rows are.
"""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from codeling.config import did_you_mean
from codeling.data.cleaning import refuse_evaluation_set
from codeling.data.source_files import matching_files, numbered_lines, parquet_rows
from codeling.data.source_hub import HubSpec, hub_rows
from codeling.errors import Failure, UsageError

EXPECTED_SHAPES: dict[str, tuple[str, ...] | None] = {
    "openai": ("openai",),
    "glaive": ("glaive", "openai", "sharegpt"),  # as published, and as others have converted it
    "sgd": ("openai",),
    "hub": None,
}
"""Name of a source -> the shapes (codeling.data.tool_imports) that its rows may have; None: any."""

SYNTHETIC = "synthetic"
_EXAMPLES = {
    "openai": "openai:my_conversations.jsonl",
    "glaive": "glaive:glaive-function-calling-v2.json",
    "sgd": "sgd:sgd_train.jsonl.gz",
    "hub": "hub:glaiveai/glaive-function-calling-v2",
}


@dataclass(frozen=True)
class ToolSource:
    """One element of the list, taken apart."""

    name: Literal["synthetic", "openai", "glaive", "sgd", "hub"]
    argument: str = ""

    @property
    def shapes(self) -> tuple[str, ...] | None:
        return EXPECTED_SHAPES[self.name]


@dataclass(frozen=True)
class RawRow:
    """A row as it was found. ``line``: of a text file, or the row's number, from 1."""

    file: str
    line: int
    source: str
    id: str
    content: bytes | dict[str, Any]
    licence: str = "unknown"


def tool_sources(spec: str, *, flag: str = "--source") -> list[ToolSource]:
    """Take a comma-separated list apart; what cannot be meant is a UsageError at once, before anything is read."""
    names = [SYNTHETIC, *EXPECTED_SHAPES]
    sources: list[ToolSource] = []
    for part in spec.split(","):
        name, colon, argument = part.strip().partition(":")
        if name not in names:
            raise UsageError(f"{flag} {spec}: unknown source '{name}'{did_you_mean(name, names)}")
        if name == SYNTHETIC and colon:
            raise UsageError(f"{flag} {spec}: 'synthetic' takes no value; --num-examples says how many")
        if name != SYNTHETIC and not argument:
            raise UsageError(f"{flag} {spec}: '{name}' needs a value, as in {_EXAMPLES[name]}")
        if name == "hub":
            HubSpec.parse(argument)
        elif name != SYNTHETIC:
            _files(name, argument)
        source = ToolSource(name, argument)  # type: ignore[arg-type]
        if source in sources:
            raise UsageError(f"{flag} {spec}: '{part.strip()}' is named twice")
        sources.append(source)
    return sources


def raw_rows(source: ToolSource, *, limit: int | None = None) -> Iterator[RawRow]:
    """The rows of a file or hub source, in their order; a file that cannot be read to its end is a Failure."""
    rows = _read_hub(source.argument) if source.name == "hub" else _read_files(source)
    return itertools.islice(rows, limit)


def source_paths(spec: str | None) -> list[Path]:
    """The files that a list of sources reads."""
    sources = tool_sources(spec) if spec else []
    return [path for one in sources if one.name not in (SYNTHETIC, "hub") for path in _files(one.name, one.argument)]


def _files(name: str, pattern: str) -> list[Path]:
    paths = matching_files(pattern)
    if not paths:
        raise UsageError(f"{name}:{pattern}: no such file")
    for path in paths:
        refuse_evaluation_set(path.name)
        stem = path.name.lower().removesuffix(".gz").removesuffix(".zst")
        if path.is_dir() or not stem.endswith((".jsonl", ".ndjson", ".json", ".parquet")):
            raise UsageError(f"{name}:{path}: cannot read this; valid: .jsonl, .json (.gz, .zst of both), .parquet")
    return paths


def _read_files(source: ToolSource) -> Iterator[RawRow]:
    for path in _files(source.name, source.argument):
        name = f"{source.name}:{path.name}"
        for number, content in _contents(path):
            yield RawRow(str(path), number, name, f"{path.name}:{number}", content)


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


def _read_hub(argument: str) -> Iterator[RawRow]:
    name = f"hub:{HubSpec.parse(argument).id}"
    for number, id, licence, row in hub_rows(argument):
        yield RawRow(name, number + 1, name, id, row, licence)
