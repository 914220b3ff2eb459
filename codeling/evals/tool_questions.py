"""The questions of the suite: composed ones by split, or the replies of anybody's own conversations.

A question is an example whose last message is the expected reply; what comes before it is asked.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterator
from dataclasses import dataclass
from operator import itemgetter

from codeling.chat.conversation import Conversation
from codeling.data.tool_conversations import ToolExample, generate_conversations
from codeling.data.tool_import_openai import BadConversation
from codeling.data.tool_imports import conversation_of_row, parsed_row
from codeling.data.tool_profiles import Kind, Profile
from codeling.data.tool_sources import SYNTHETIC, raw_rows, tool_sources
from codeling.data.tool_splits import Split
from codeling.errors import Failure, UsageError
from codeling.runtime.seeds import stable_hash

OWN = "own"
"""What the turns of such questions are called: nobody has said what kind of wish they are."""


def suite_seed(seed: int) -> int:
    """The seed of the suite's stream: never that of data that was prepared with the same number."""
    return stable_hash(seed, "tool-suite")


def questions(split: Split, *, count: int, seed: int, profile: Profile) -> list[ToolExample]:
    """The suite's first ``count`` questions of a split."""
    return list(generate_conversations(seed=suite_seed(seed), split=split, limit=count, profile=profile))


@dataclass(frozen=True)
class OwnQuestions:
    """What was drawn from somebody's conversations, and what could not be."""

    examples: list[ToolExample]
    refused: int = 0
    """Rows that hold no conversation that can be read, or a wrong one; prepare-tools reports each of them."""
    first_refused: str = ""
    """File, line and reason of the first of these."""


def own_questions(spec: str, *, count: int, seed: int) -> OwnQuestions:
    """``count`` replies, drawn by the seed, of the conversations in the sources ``spec``, as prepare-tools reads them.

    Only conversations that offer tools have questions. One pass, in memory for ``count`` questions.
    """
    sources = tool_sources(spec)
    if any(source.name == SYNTHETIC for source in sources):
        raise UsageError(f"--source {spec}: {SYNTHETIC} questions are what is asked without --source")

    refused: list[str] = []

    def drawn() -> Iterator[tuple[int, ToolExample]]:
        for source in sources:
            for row in raw_rows(source):
                try:
                    conversation = conversation_of_row(parsed_row(row.content), shapes=source.shapes)
                    if problems := conversation.problems():
                        raise BadConversation(problems[0])
                except BadConversation as error:
                    refused.append("" if refused else f"{row.file}:{row.line}: {error}")
                    continue
                if conversation.tools:
                    for example in _replies(conversation):
                        yield stable_hash(seed, "own-questions", row.id, len(example.conversation.messages)), example

    chosen = heapq.nsmallest(count, drawn(), key=itemgetter(0))
    first = refused[0] if refused else ""
    if not chosen:
        raise Failure(
            f"--source {spec}: no conversation in it offers tools and has a reply"
            + (f"; {len(refused):,} rows are refused, the first: {first}" if refused else "")
        )
    return OwnQuestions([example for _, example in chosen], len(refused), first)


def _replies(conversation: Conversation) -> Iterator[ToolExample]:
    for end, message in enumerate(conversation.messages, start=1):
        if message.role != "assistant" or not any(before.role == "user" for before in conversation.messages[:end]):
            continue
        calls = message.tool_calls
        history = any(before.role == "assistant" for before in conversation.messages[: end - 1])
        kind: Kind = "irrelevant" if not calls else "multi_turn" if history else "parallel" if calls[1:] else "single"
        yield ToolExample(
            Conversation(conversation.messages[:end], conversation.tools),
            kind,
            tuple(tool.name for tool in conversation.tools),
            (OWN,),
            "test_unseen",
            end,
        )


def asked_of(example: ToolExample) -> Conversation:
    """What is asked: the conversation without its last message, the expected reply."""
    return Conversation(example.conversation.messages[:-1], example.conversation.tools)
