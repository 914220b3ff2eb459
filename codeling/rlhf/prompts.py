"""A prompt and a response to token ids and back: the one place that decides their form.

A prompt is either plain text, continued as a document that ends with ``<|endoftext|>``, or a list of messages in
OpenAI's shape, answered in the chat format by a turn that ends with ``<|im_end|>``. Prompt and response are tokenized
apart, as they are when a model writes the response, so the ids of a pair are always ``encode_prompt`` followed by
``encode_response``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from codeling.chat.encode import encode
from codeling.chat.messages import Message
from codeling.errors import UsageError
from codeling.tokenizer.bpe import Tokenizer
from codeling.tokenizer.special import END_OF_TEXT, IM_END, TOOL_CALL_END, TOOL_CALL_START

Prompt = str | list[dict[str, Any]]
"""Text to continue, or messages to answer."""

_CALL_TAGS = re.compile(f"({re.escape(TOOL_CALL_START)}|{re.escape(TOOL_CALL_END)})")


def encode_prompt(tokenizer: Tokenizer, prompt: Prompt) -> list[int]:
    """The ids before the response, at least one; messages that cannot be answered are a UsageError."""
    if isinstance(prompt, str):
        return tokenizer.encode(prompt) or [tokenizer.end_of_text]  # no text at all begins after a document
    messages = [Message.from_openai(message) for message in prompt]
    if not messages or messages[-1].role == "assistant":
        found = "the assistant's own message" if messages else "no message"
        raise UsageError(f"a prompt of messages ends with what is to be answered, not with {found}")
    return encode(tokenizer, messages, add_generation_prompt=True).ids


def encode_response(tokenizer: Tokenizer, prompt: Prompt, text: str) -> list[int]:
    """The ids of a whole response to ``prompt``, its end included.

    In a chat ``<tool_call>`` and ``</tool_call>`` become their tokens, so that ``decode_response`` is undone; every
    other special token is plain text.
    """
    end = end_id(tokenizer, prompt)
    if isinstance(prompt, str):
        return [*tokenizer.encode(text), end]
    ids: list[int] = []
    for i, part in enumerate(_CALL_TAGS.split(text)):  # plain, tag, plain, tag, ..., plain
        ids += [tokenizer.token_id(part)] if i % 2 else tokenizer.encode(part)
    return [*ids, end]


def end_id(tokenizer: Tokenizer, prompt: Prompt) -> int:
    """The id that ends a response to ``prompt``."""
    return tokenizer.token_id(END_OF_TEXT if isinstance(prompt, str) else IM_END)


def decode_response(tokenizer: Tokenizer, ids: Iterable[int]) -> str:
    """The text of a response up to its end; an end that is missing is no error."""
    ends = {tokenizer.token_id(END_OF_TEXT), tokenizer.token_id(IM_END)}
    kept: list[int] = []
    for token in ids:
        if token in ends:
            break
        kept.append(token)
    return tokenizer.decode(kept)
