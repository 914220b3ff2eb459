"""The work of preparing tool conversations that processes can share: rows or index ranges in, encoded examples out.

A task is a pure function of its own fields, so the results do not depend on which process does which.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from codeling.data.conversations import EncodedExample, Example, encode_example
from codeling.data.raw_rows import RawRow
from codeling.data.tool_conversations import ToolExample, generate_conversations
from codeling.data.tool_executed import executed_example
from codeling.data.tool_import_openai import BadConversation
from codeling.data.tool_imports import conversation_of_row, parsed_row
from codeling.data.tool_profiles import PROFILES, ProfileName
from codeling.data.tool_sources import SYNTHETIC
from codeling.data.tool_splits import Split
from codeling.runtime.seeds import stable_hash
from codeling.tokenizer.bpe import Tokenizer

EXAMPLES_PER_TASK = 64
SYNTHETIC_LICENCE = "CC0-1.0"
EXECUTED = "executed"
"""The source of synthetic conversations whose tools really ran."""
TESTS = ("test_seen", "test_unseen")
_ROW_CHARS = 20_000


def suite_seed(seed: int) -> int:
    """The seed of the scored suites' stream: never that of training data that were prepared with the same number."""
    return stable_hash(seed, "tool-suite")


@dataclass(frozen=True)
class Generate:
    """Make the synthetic examples ``start`` to ``stop`` of a split."""

    split: Split
    start: int
    stop: int


@dataclass(frozen=True)
class Execute:
    """Make the training examples ``start`` to ``stop`` whose tools really run, in the sandbox."""

    start: int
    stop: int
    split: Split = "train"


@dataclass(frozen=True)
class Import:
    """Read, check and encode rows. ``split`` None: decided by the conversation."""

    rows: tuple[RawRow, ...]
    shapes: tuple[str, ...] | None
    split: Split | None


@dataclass(frozen=True)
class Accepted:
    """An example that may be trained on."""

    example: EncodedExample
    where: tuple[str, int]
    """(file, line), for what is found out only beside other rows."""
    asked: str
    """What the user says."""
    turns: tuple[str, ...] = ()
    """Kinds of the user's requests, where they are known."""


@dataclass(frozen=True)
class Rejected:
    """A row that is not trained on, and why."""

    file: str
    line: int
    reason: str
    detail: str
    row: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.reason}{f': {self.detail}' if self.detail else ''}"

    def to_json(self) -> str:
        """One line for the file of refused rows."""
        return json.dumps(vars(self), ensure_ascii=True)


Task = Generate | Execute | Import
Outcome = Accepted | Rejected


@dataclass(frozen=True)
class Worker:
    """Does tasks; sent to each process once."""

    tokenizer: Tokenizer
    max_length: int
    seed: int
    profile: ProfileName

    def __call__(self, task: Task) -> list[Outcome]:
        if isinstance(task, Generate):
            made = generate_conversations(
                seed=suite_seed(self.seed) if task.split in TESTS else self.seed,
                split=task.split,
                start=task.start,
                limit=task.stop - task.start,
                profile=PROFILES[self.profile],
            )
            return [self._generated(example, SYNTHETIC) for example in made]
        if isinstance(task, Execute):
            announced = PROFILES[self.profile].announced
            played = (executed_example(self.seed, i, announced=announced) for i in range(task.start, task.stop))
            return [self._generated(example, EXECUTED) for example in played]
        return [self._imported(row, task.shapes) for row in task.rows]

    def _generated(self, made: ToolExample, source: str) -> Outcome:
        facts = {"turns": list(made.turns), "functions": list(made.functions)}
        example = Example(made.conversation, made.kind, source, made.id, SYNTHETIC_LICENCE, facts)
        # A test is the same for all models; one that cannot read so much fails there.
        max_length = None if made.split in TESTS else self.max_length
        where = f"{source}:{made.split}"
        try:
            encoded = encode_example(example, self.tokenizer, max_length=max_length)
        except BadConversation as error:
            text = json.dumps(made.conversation.to_openai())
            return Rejected(where, made.index, error.reason, error.detail, text[:_ROW_CHARS])
        return Accepted(encoded, (where, made.index), _asked(example), made.turns)

    def _imported(self, row: RawRow, shapes: Sequence[str] | None) -> Outcome:
        try:
            content = parsed_row(row.content)
            conversation = conversation_of_row(content, shapes=shapes)
            licence = content.get("license") or content.get("licence")
            example = Example.of(
                conversation,
                source=row.source,
                id=row.id,
                licence=licence if isinstance(licence, str) else row.licence,
            )
            encoded = encode_example(example, self.tokenizer, max_length=self.max_length)
        except BadConversation as error:
            return Rejected(row.file, row.line, error.reason, error.detail, _as_text(row.content))
        return Accepted(encoded, (row.file, row.line), _asked(example))


def _asked(example: Example) -> str:
    return "\n".join(message.content for message in example.conversation.messages if message.role == "user")


def _as_text(content: Any) -> str:
    if isinstance(content, bytes):
        return content[:_ROW_CHARS].decode("utf-8", "replace")
    return json.dumps(content, default=str)[:_ROW_CHARS]


def import_tasks(rows: Iterable[RawRow], *, shapes: tuple[str, ...] | None, split: Split | None) -> Iterator[Import]:
    """Rows, some at a time."""
    group: list[RawRow] = []
    for row in rows:
        group.append(row)
        if len(group) == EXAMPLES_PER_TASK:
            yield Import(tuple(group), shapes, split)
            group = []
    if group:
        yield Import(tuple(group), shapes, split)
