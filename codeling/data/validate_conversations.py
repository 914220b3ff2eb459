"""A look at a file of conversations before shards are made of it: what preparing would refuse, and what is odd."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

from codeling.data.cleaning import Duplicates
from codeling.data.source_files import numbered_lines
from codeling.data.tool_checks import check
from codeling.data.tool_import_openai import BadConversation
from codeling.data.tool_imports import SHAPES, conversation_of_row, parsed_row


def holds_conversations(path: Path) -> bool:
    """Whether the first row of a .jsonl file (also .gz, .zst) has the fields of a conversation."""
    if not path.name.lower().removesuffix(".gz").removesuffix(".zst").endswith((".jsonl", ".ndjson")):
        return False
    first = next((line for _, line in numbered_lines(path) if line.strip()), b"")
    try:
        row = parsed_row(first)
    except BadConversation:
        return False
    return isinstance(row, dict) and any(all(field in row for field in fields) for fields, _ in SHAPES.values())


def conversation_problems(path: Path) -> Iterator[tuple[int, int, list[str]]]:
    """(line number, UTF-8 bytes, problems) of each row of a .jsonl file of conversations."""
    duplicates = Duplicates()
    for number, line in numbered_lines(path):
        if not line.strip():
            continue
        try:
            conversation = conversation_of_row(parsed_row(line))
            problems = list(dict.fromkeys(check(conversation)))
            if duplicates.seen(json.dumps(conversation.to_openai())):
                problems.append("conversation equal to an earlier one")
        except BadConversation as error:
            problems = [f"conversation that preparing refuses: {error.reason}"]
        yield number, len(line), problems
