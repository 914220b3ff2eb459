"""Messages to token ids and a loss mask.

A token of the format (``<|im_start|>``, ``<tool_call>`` ...) comes from the structure alone. Everything that somebody
wrote is encoded as plain text, so that no user, tool or page that a tool read can open a turn or a call by spelling it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from codeling.chat.messages import Message
from codeling.chat.render import pieces
from codeling.tokenizer.special import END_OF_TEXT, IM_END
from codeling.tools.schema import Tool


class SupportsChat(Protocol):
    """What this file needs of a tokenizer."""

    def token_id(self, name: str) -> int: ...

    def encode(self, text: str) -> list[int]: ...


@dataclass(frozen=True)
class Encoded:
    """``ids[i]`` is written by the assistant, and trained on, where ``mask[i]`` is 1."""

    ids: list[int]
    mask: list[int]


def encode(
    tokenizer: SupportsChat,
    messages: Sequence[Message],
    tools: Sequence[Tool] = (),
    *,
    add_generation_prompt: bool = False,
) -> Encoded:
    """Token ids of ``render(...)``, and the mask: 1 on an assistant's content, calls and ``<|im_end|>``, 0 elsewhere.

    What the assistant writes is tokenized apart from its opening, as it is when a model writes it; so the ids of a
    prompt (``add_generation_prompt``) are always the beginning of the ids of the prompt with its answer.
    """
    ids: list[int] = []
    mask: list[int] = []
    for piece in pieces(messages, tools, add_generation_prompt=add_generation_prompt):
        part = [tokenizer.token_id(piece.text)] if piece.is_token else tokenizer.encode(piece.text)
        ids += part
        mask += [int(piece.written)] * len(part)
    return Encoded(ids, mask)


def stop_ids(tokenizer: SupportsChat) -> tuple[int, ...]:
    """The ids that end an assistant's turn: the turn's own end, and the end of a document."""
    return tokenizer.token_id(IM_END), tokenizer.token_id(END_OF_TEXT)
