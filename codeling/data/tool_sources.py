"""Where tool conversations come from: ``synthetic``, files and hub data sets, as rows that nobody has judged yet.

    synthetic | openai:PATH | glaive:PATH | sgd:PATH | hub:ID[@REVISION][:config[:split]]      (comma-separated)

A line that is not JSON is a row too: it is judged, and refused, where all rows are (codeling.data.raw_rows).
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from codeling.config import did_you_mean
from codeling.data.raw_rows import RawRow, file_row_source, hub_row_source, row_files
from codeling.data.source_hub import HubSpec
from codeling.errors import UsageError

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
            row_files(name, argument)
        source = ToolSource(name, argument)  # type: ignore[arg-type]
        if source in sources:
            raise UsageError(f"{flag} {spec}: '{part.strip()}' is named twice")
        sources.append(source)
    return sources


def raw_rows(source: ToolSource, *, limit: int | None = None) -> Iterator[RawRow]:
    """The rows of a file or hub source, in their order; a file that cannot be read to its end is a Failure."""
    read = hub_row_source if source.name == "hub" else file_row_source
    return itertools.islice(read(source.name, source.argument), limit)


def source_paths(spec: str | None) -> list[Path]:
    """The files that a list of sources reads."""
    sources = tool_sources(spec) if spec else []
    return [path for one in sources if one.name not in (SYNTHETIC, "hub") for path in row_files(one.name, one.argument)]
