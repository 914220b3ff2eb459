"""A row of somebody's data set -> pairs, by the shape of its fields.

- ``chosen`` and ``rejected`` as dialogues ``"\\n\\nHuman: ...\\n\\nAssistant: ..."`` (anthropic/hh-rlhf)
- ``chosen`` and ``rejected`` as lists of messages, with or without ``prompt`` (UltraFeedback binarized, TRL)
- ``instruction`` and ``completions`` with scores (UltraFeedback): the best completion against each worse one
- ``prompt``, ``chosen``, ``rejected`` as text; how such a prompt is meant, the source says (``PromptForm``)

Whatever does not fit is a ``BadPair`` with its reason; nothing is guessed.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping
from typing import Any, Literal, NamedTuple

from codeling.chat.messages import Message
from codeling.errors import UsageError
from codeling.rlhf.preferences import check_prompt
from codeling.rlhf.prompts import Prompt
from codeling.tools.calls import render_call

PromptForm = Literal["text", "instruction", "question"]
"""What a prompt of plain text is: text to continue, an instruction to write code for, a question in a chat."""

Row = Mapping[str, Any]

MAX_WORSE = 3
"""Pairs at most of one row of scored completions."""


class BadPair(Exception):
    """``reason`` can be counted; ``detail`` is for people."""

    def __init__(self, reason: str, detail: str = "") -> None:
        super().__init__(f"{reason}: {detail}" if detail else reason)
        self.reason = reason
        self.detail = detail


class Pair(NamedTuple):
    """What a row says: a preference without its place."""

    prompt: Prompt
    chosen: str
    rejected: str
    margin: float
    kind: str


def parsed_row(content: bytes | dict[str, Any]) -> Any:
    """A line of JSON as the row that it holds; anything else as it is."""
    if not isinstance(content, bytes):
        return content
    try:
        return json.loads(content)
    except (ValueError, RecursionError) as error:
        raise BadPair("not valid JSON", str(error)) from None


def pairs_of_row(row: Any, *, form: PromptForm) -> list[Pair]:
    """The pairs that a row holds, at least one; else BadPair.

    >>> pairs_of_row({"prompt": "List files.", "chosen": "ls", "rejected": "cat"}, form="instruction")[0].prompt
    '# List files.\\n'
    """
    if not isinstance(row, Mapping):
        raise BadPair("a row is an object with fields", type(row).__name__)
    if "completions" in row and "instruction" in row:
        pairs = _scored_completions(row)
    elif "chosen" not in row or "rejected" not in row:
        raise BadPair("no pair in its fields", ", ".join(map(str, row)) or "(none)")
    elif isinstance(row["chosen"], list):
        pairs = [_message_lists(row)]
    elif "prompt" in row:
        pairs = [_texts(row, form)]
    else:
        pairs = [_dialogues(row)]
    for pair in pairs:
        try:
            check_prompt(pair.prompt)
        except UsageError as error:
            raise BadPair("a prompt that cannot be answered", str(error)) from None
        if pair.chosen.strip() == pair.rejected.strip():
            raise BadPair("chosen and rejected are the same")
    return pairs


def _texts(row: Row, form: PromptForm) -> Pair:
    chosen, rejected = _text(row, "chosen"), _text(row, "rejected")
    kind = next((row[name] for name in ("kind", "source") if isinstance(row.get(name), str)), "unnamed")
    margin = _margin(row)
    if isinstance(row["prompt"], list):
        return Pair(row["prompt"], chosen, rejected, margin, kind)
    prompt = _text(row, "prompt")
    if form == "question":
        system = [{"role": "system", "content": row["system"]}] if _has_text(row, "system") else []
        return Pair([*system, {"role": "user", "content": prompt}], chosen, rejected, margin, kind)
    if form == "instruction":
        # The form in which stage 2 reads such data sets (codeling.data.rows).
        comment = "".join(f"# {line}".rstrip() + "\n" for line in prompt.strip().splitlines())
        return Pair(comment, _code(chosen), _code(rejected), margin, kind)
    return Pair(prompt, chosen, rejected, margin, kind)


def _code(text: str) -> str:
    return text.strip("\r\n").rstrip() + "\n"


def _message_lists(row: Row) -> Pair:
    """Whole conversations, or, beside a ``prompt`` of messages, the replies alone."""
    conversations = {}
    for name in ("chosen", "rejected"):
        messages = row[name]
        if not isinstance(messages, list) or not messages:
            raise BadPair(f"'{name}' is not a list of messages", type(messages).__name__)
        try:
            conversations[name] = [Message.from_openai(message) for message in messages]
        except UsageError as error:
            raise BadPair("a message that cannot be read", f"{name}: {error}") from None
        if conversations[name][-1].role != "assistant":
            raise BadPair("no reply at the end", f"{name} ends with the role {conversations[name][-1].role!r}")
    before = {name: [message.to_openai() for message in messages[:-1]] for name, messages in conversations.items()}
    if before["chosen"] != before["rejected"]:
        raise BadPair("the two differ before their last reply")
    prompt = before["chosen"]
    if not prompt and isinstance(row.get("prompt"), list):
        prompt = row["prompt"]
    elif not prompt and _has_text(row, "prompt"):
        prompt = [{"role": "user", "content": row["prompt"]}]
    replies = {name: _reply(messages[-1]) for name, messages in conversations.items()}
    return Pair(prompt, replies["chosen"], replies["rejected"], _margin(row), "messages")


def _reply(message: Message) -> str:
    """What the assistant writes: its text and its calls."""
    return "\n".join([*([message.content] if message.content else []), *map(render_call, message.tool_calls)])


_TURN = re.compile(r"\n\n(Human|Assistant):")


def _dialogues(row: Row) -> Pair:
    chosen, rejected = _turns(_text(row, "chosen"), "chosen"), _turns(_text(row, "rejected"), "rejected")
    if chosen[:-1] != rejected[:-1]:
        raise BadPair("the two differ before their last reply")
    return Pair(chosen[:-1], chosen[-1]["content"], rejected[-1]["content"], _margin(row), "dialogue")


def _turns(text: str, name: str) -> list[dict[str, Any]]:
    before, *parts = _TURN.split(text)  # "", speaker, words, speaker, words, ...
    if before.strip() or not parts:
        raise BadPair("no dialogue", f"'{name}' does not begin with \\n\\nHuman:")
    roles = {"Human": "user", "Assistant": "assistant"}
    turns = [
        {"role": roles[speaker], "content": words.strip()}
        for speaker, words in zip(parts[::2], parts[1::2], strict=True)
    ]
    if len(turns) < 2 or turns[-1]["role"] != "assistant":
        raise BadPair("no reply at the end", f"'{name}' does not end with the assistant's turn")
    return turns


def _scored_completions(row: Row) -> list[Pair]:
    completions = row["completions"]
    if not isinstance(completions, list) or not all(isinstance(one, Mapping) for one in completions):
        raise BadPair("'completions' is not a list of objects", type(completions).__name__)
    scored = sorted(
        ((_score(one), _text(one, "response")) for one in completions), key=lambda pair: pair[0], reverse=True
    )
    worse = [(score, text) for score, text in scored if score < scored[0][0]] if scored else []
    if not worse:
        raise BadPair("no completion is better than another", f"{len(scored)} completions")
    prompt: Prompt = [{"role": "user", "content": _text(row, "instruction")}]
    best_score, best = scored[0]
    return [
        Pair(prompt, best, text, _scaled(best_score - score), "scored completions")
        for score, text in worse[:MAX_WORSE]
        if text.strip() != best.strip()
    ] or _refuse("chosen and rejected are the same")


def _refuse(reason: str) -> list[Pair]:
    raise BadPair(reason)


def _score(completion: Row) -> float:
    """UltraFeedback's overall score, or the mean of its four aspects' ratings."""
    for name in ("overall_score", "fine-grained_score", "score"):
        if (value := completion.get(name)) is not None:
            return _number(value, name)
    ratings: Any = completion.get("annotations")
    if not isinstance(ratings, Mapping) or not ratings:
        raise BadPair("a completion without a score", "overall_score, fine-grained_score, score or annotations")
    values = [
        _number(aspect.get("Rating") if isinstance(aspect, Mapping) else aspect, f"annotations.{name}")
        for name, aspect in ratings.items()
    ]
    return 2 * sum(values) / len(values)  # ratings go to 5, scores to 10


def _margin(row: Row) -> float:
    """From ``margin``, or the difference of the two scores or rewards; 0 where nothing is said."""
    if row.get("margin") is not None:
        margin = _number(row["margin"], "margin")
        if margin < 0:
            raise BadPair("a margin below 0", str(margin))
        return margin
    for names, scaled in (
        (("chosen_reward", "rejected_reward"), False),
        (("score_chosen", "score_rejected"), True),
        (("chosen_score", "rejected_score"), True),
    ):
        if all(row.get(name) is not None for name in names):
            better, worse = (_number(row[name], name) for name in names)
            if better <= worse:
                raise BadPair("the chosen one has no higher score", f"{better:g} against {worse:g}")
            return _scaled(better - worse) if scaled else better - worse
    return 0.0


def _scaled(difference: float) -> float:
    """A difference of scores from 1 to 10 on the scale of a code reward."""
    return min(1.0, difference / 10)


def _number(value: Any, name: str) -> float:
    try:
        number = math.nan if isinstance(value, bool) else float(value)
    except (TypeError, ValueError):
        number = math.nan
    if not math.isfinite(number):
        raise BadPair(f"'{name}' is not a number", repr(value))
    return number


def _text(row: Row, name: str) -> str:
    value = row.get(name)
    if not isinstance(value, str):
        raise BadPair(f"'{name}' is not text", type(value).__name__)
    return value


def _has_text(row: Row, name: str) -> bool:
    value = row.get(name)
    return isinstance(value, str) and bool(value.strip())
