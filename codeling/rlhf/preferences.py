"""A preference: two responses to one prompt, of which one is better; and the file that holds them.

``data/processed/preferences.json`` is a JSON array with one object a line:

    {"prompt": text or messages, "chosen": "...", "rejected": "...", "source": "samples", "kind": "solved over wrong",
     "margin": 0.9, "split": "train", "task": "python/clamp/17"}

``margin`` says how much better, on the scale of a code reward (1: all against nothing, 0: not known). The split follows
the prompt, so that no prompt that a model was trained on is ever measured.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any, Literal, get_args

from codeling.chat.messages import Message
from codeling.config import did_you_mean
from codeling.errors import Failure, UsageError
from codeling.rlhf.prompts import Prompt
from codeling.runtime.files import read_json, write_text
from codeling.runtime.seeds import stable_hash

Split = Literal["train", "val"]

PREPARE_COMMAND = "python scripts/prepare_rlhf_data.py"


@dataclass(frozen=True)
class Preference:
    """``chosen`` is a better response to ``prompt`` than ``rejected``."""

    prompt: Prompt
    chosen: str
    rejected: str
    source: str
    """Where the pair comes from: samples, corruptions, a file's or data set's name."""
    kind: str
    """What separates the two, for tables: the fault, or the two results."""
    margin: float = 0.0
    """At least 0."""
    split: Split = "train"
    task: str | None = None
    """Id of the task with tests that the prompt asks for (codeling.tasks)."""


def prompt_key(prompt: Prompt) -> str:
    """The prompt as one text; equal for equal prompts."""
    return prompt if isinstance(prompt, str) else json.dumps(prompt, sort_keys=True, ensure_ascii=False)


def split_of_prompt(prompt: Prompt, *, seed: int, val_fraction: float) -> Split:
    """``val`` for about ``val_fraction`` of all prompts, else ``train``: a pure function of prompt and seed."""
    return "val" if stable_hash(seed, "preferences", prompt_key(prompt)) < val_fraction * 2.0**64 else "train"


def write_preferences(path: Path, preferences: Iterable[Preference]) -> None:
    """Write the file atomically."""
    lines = [json.dumps(asdict(preference), ensure_ascii=False) for preference in preferences]
    # A lone surrogate, which JSON can spell and UTF-8 cannot hold, goes out as JSON's escape.
    lines = [line if _is_utf8(line) else json.dumps(json.loads(line)) for line in lines]
    write_text(path, "[\n" + ",\n".join(lines) + "\n]\n")


def read_preferences(path: Path) -> list[Preference]:
    """All pairs of the file; anything that is not exactly one is a Failure with the row (from 1) and the reason."""
    rows = read_json(path)
    if not isinstance(rows, list) or not rows:
        found = "an empty list" if rows == [] else type(rows).__name__
        raise Failure(f"{path}: holds {found}, not a list of preferences; make it with: {PREPARE_COMMAND}")
    preferences = []
    for number, row in enumerate(rows, start=1):
        try:
            preferences.append(_preference(row))
        except UsageError as error:
            raise Failure(f"{path}: row {number}: {error}; mend it, or make the file with: {PREPARE_COMMAND}") from None
    return preferences


def check_preference(preference: Preference) -> None:
    """UsageError with the reason why this is not a preference that can be learned from."""
    check_prompt(preference.prompt)
    for name in ("chosen", "rejected", "source", "kind"):
        if not isinstance(value := getattr(preference, name), str):
            raise UsageError(f"'{name}' is {type(value).__name__}, not text")
    if preference.chosen == preference.rejected:
        raise UsageError("chosen and rejected are the same")
    margin = preference.margin
    if isinstance(margin, bool) or not isinstance(margin, int | float) or not (math.isfinite(margin) and margin >= 0):
        raise UsageError(f"'margin' is {margin!r}; it must be a number, 0 or greater")
    if preference.split not in get_args(Split):
        raise UsageError(f"'split' is {preference.split!r}; it must be 'train' or 'val'")
    if not isinstance(preference.task, str | None):
        raise UsageError(f"'task' is {preference.task!r}; it must be the id of a task, or null")


def check_prompt(prompt: Any) -> None:
    """UsageError unless ``prompt`` is text with something in it, or messages that can be answered."""
    if isinstance(prompt, str):
        if not prompt.strip():
            raise UsageError("the prompt is empty")
        return
    if not isinstance(prompt, list) or not prompt:
        raise UsageError("'prompt' must be text, or a list of messages that is not empty")
    if [Message.from_openai(message) for message in prompt][-1].role == "assistant":
        raise UsageError("the prompt ends with a message of the assistant; the last one must be what is answered")


def _preference(row: Any) -> Preference:
    if not isinstance(row, dict):
        raise UsageError(f"is {type(row).__name__}, not an object")
    names = [field.name for field in fields(Preference)]
    if unknown := [name for name in row if name not in names]:
        raise UsageError(f"unknown field '{unknown[0]}'{did_you_mean(unknown[0], names)}")
    if missing := [name for name in names if name not in row]:
        raise UsageError(f"the field '{missing[0]}' is missing")
    preference = Preference(**row)
    check_preference(preference)
    return preference


def _is_utf8(text: str) -> bool:
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True
