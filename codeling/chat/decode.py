"""Token ids that an assistant wrote, back to its text and its calls.

Only the TOKENS ``<tool_call>`` and ``</tool_call>`` open and close a call. An assistant that repeats text from a user
or a web page in which these tags are spelled has said something, not called a tool; a reader of its plain text could
not tell the two apart. So decoding undoes ``encode`` for any content.
"""

from __future__ import annotations

import codecs
from collections.abc import Iterable
from typing import Protocol

from codeling.tokenizer.special import TOOL_CALL_END, TOOL_CALL_START
from codeling.tools.call_block import Markers
from codeling.tools.calls import Event, ParsedReply, ReplyParser, collect

# Lone surrogates: decoded text never holds one, so nothing that is written can be taken for these.
_MARKERS = Markers("\ud800", "\ud801", unspellable=True)


class SupportsReplies(Protocol):
    """What this file needs of a tokenizer."""

    def token_id(self, name: str) -> int: ...

    def decode_bytes(self, ids: Iterable[int]) -> bytes: ...


class ReplyDecoder:
    """A ``ReplyParser`` of token ids: ``feed`` them as they are sampled (without the stop id), then ``close`` once.

    >>> decoder = ReplyDecoder(tokenizer)  # doctest: +SKIP
    >>> [event for id in completion.ids for event in decoder.feed([id])] + decoder.close()  # doctest: +SKIP
    """

    def __init__(self, tokenizer: SupportsReplies) -> None:
        self._tokenizer = tokenizer
        self._markers = {
            tokenizer.token_id(TOOL_CALL_START): _MARKERS.start,
            tokenizer.token_id(TOOL_CALL_END): _MARKERS.end,
        }
        self._parser = ReplyParser(_MARKERS)
        self._characters = codecs.getincrementaldecoder("utf-8")("replace")

    def feed(self, ids: Iterable[int]) -> list[Event]:
        """The events that ``ids`` bring; bytes of an incomplete character wait for the rest."""
        text: list[str] = []
        for i in ids:
            if marker := self._markers.get(i):
                text += self._characters.decode(b"", final=True), marker
            else:
                text.append(self._characters.decode(self._tokenizer.decode_bytes([i])))
        return self._parser.feed("".join(text))

    def close(self) -> list[Event]:
        """The events that the end of the reply brings."""
        events = self._parser.feed(self._characters.decode(b"", final=True))
        return events + self._parser.close()


def decode_reply(tokenizer: SupportsReplies, ids: Iterable[int]) -> ParsedReply:
    """A whole reply; ``ids`` without the stop id."""
    decoder = ReplyDecoder(tokenizer)
    return collect([*decoder.feed(ids), *decoder.close()])
