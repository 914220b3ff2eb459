"""Where pairs come from, as a list that can be typed; and the pairs of files and hub data sets.

    samples | corruptions | file:PATH | instructions:PATH | chat:PATH | hub:ID[@REVISION][:config[:split]]

The name also says what a prompt of plain text is: ``file`` takes it as text to continue, ``instructions`` as an
instruction to write code for, ``chat`` and ``hub`` as a question. Dialogues and messages mean the same everywhere.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from codeling.config import did_you_mean
from codeling.data.raw_rows import RawRow, file_row_source, hub_row_source, row_files
from codeling.data.source_hub import HubSpec
from codeling.errors import UsageError
from codeling.rlhf.preference_rows import BadPair, PromptForm, pairs_of_row, parsed_row
from codeling.rlhf.preferences import Preference

MADE_HERE = ("samples", "corruptions")
FORMS: dict[str, PromptForm] = {"file": "text", "instructions": "instruction", "chat": "question", "hub": "question"}
"""Name of a source of rows -> what its prompts of plain text are."""

_EXAMPLES = {
    "file": "file:my_pairs.jsonl",
    "instructions": "instructions:code_prefs.jsonl.gz",
    "chat": "chat:my_questions.jsonl",
    "hub": "hub:Anthropic/hh-rlhf",
}


@dataclass(frozen=True)
class PairSource:
    """One element of the list, taken apart."""

    name: str
    argument: str = ""

    @property
    def made_here(self) -> bool:
        return self.name in MADE_HERE


@dataclass(frozen=True)
class RefusedRow:
    """A row, or something made here, that is not learned from; ``reason`` can be counted."""

    file: str
    line: int
    reason: str
    detail: str = ""

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}" if self.line else self.file
        return f"{place}: {self.reason}" + (f": {self.detail}" if self.detail else "")


@dataclass(frozen=True)
class Found:
    """A pair and where it was found (``line`` 0: made here)."""

    preference: Preference
    file: str
    line: int = 0

    def refused(self, reason: str) -> RefusedRow:
        return RefusedRow(self.file, self.line, reason)


def pair_sources(spec: str, *, flag: str = "--source") -> list[PairSource]:
    """Take a comma-separated list apart; what cannot be meant is a UsageError at once, before anything is read."""
    names = [*MADE_HERE, *FORMS]
    sources: list[PairSource] = []
    for part in spec.split(","):
        name, colon, argument = part.strip().partition(":")
        if name not in names:
            raise UsageError(f"{flag} {spec}: unknown source '{name}'{did_you_mean(name, names)}")
        if name in MADE_HERE and flag != "--source":
            raise UsageError(f"{flag} {spec}: '{name}' is split by its prompts; name it in --source")
        if name in MADE_HERE and colon:
            raise UsageError(f"{flag} {spec}: '{name}' takes no value; --num-examples says how many")
        if name in FORMS and not argument:
            raise UsageError(f"{flag} {spec}: '{name}' needs a value, as in {_EXAMPLES[name]}")
        if name == "hub":
            HubSpec.parse(argument)
        elif name in FORMS:
            row_files(name, argument)
        source = PairSource(name, argument)
        if source in sources:
            raise UsageError(f"{flag} {spec}: '{part.strip()}' is named twice")
        sources.append(source)
    return sources


def source_paths(spec: str | None) -> list[Path]:
    """The files that a list of sources reads."""
    sources = pair_sources(spec) if spec else []
    return [
        path for one in sources if one.name in FORMS and one.name != "hub" for path in row_files(one.name, one.argument)
    ]


def imported_pairs(source: PairSource, *, limit: int | None = None) -> Iterator[Found | RefusedRow]:
    """The pairs of a file or hub source in their order, and in between the rows that hold none."""
    read = hub_row_source if source.name == "hub" else file_row_source
    for row in itertools.islice(read(source.name, source.argument), limit):
        yield from _pairs(row, FORMS[source.name])


def _pairs(row: RawRow, form: PromptForm) -> Iterator[Found | RefusedRow]:
    try:
        pairs = pairs_of_row(parsed_row(row.content), form=form)
    except BadPair as bad:
        yield RefusedRow(row.file, row.line, bad.reason, bad.detail)
        return
    for pair in pairs:
        preference = Preference(
            pair.prompt, pair.chosen, pair.rejected, source=row.source, kind=pair.kind, margin=pair.margin
        )
        yield Found(preference, row.file, row.line)
