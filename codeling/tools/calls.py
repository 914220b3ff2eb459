"""The one grammar of a tool call: what a call looks like in an assistant's reply, and how a reply is read back.

    reply  =  content  ["\\n"]  call  "\\n"  call  ...
    call   =  "<tool_call>\\n" {"name": "...", "arguments": {...}} "\\n</tool_call>"

This is the Hermes form that vLLM, SGLang, llama.cpp and Ollama read. ``ReplyParser`` reads a reply in pieces, as a
model writes it; ``parse_calls`` is the same parser fed once. Neither ever raises on what a model wrote: a block that
is no call is reported with the reason, and its text is kept.

In plain text, tags that a model merely repeats look like a call. Whoever has the token ids reads them with
``codeling.chat.decode``, for which only the tokens count.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from typing import Any

from codeling.tools.call_block import CallBlock, Markers, read_call

CALL_START = "<tool_call>"
CALL_END = "</tool_call>"
MARKERS = Markers(CALL_START, CALL_END)
_EXCERPT = 200


@dataclass(frozen=True)
class ToolCall:
    """One call. ``id`` names it among the messages of an API ("call_..."); the model neither reads nor writes it."""

    name: str
    arguments: dict[str, Any] = field(default_factory=dict)
    id: str = ""


def render_call(call: ToolCall) -> str:
    """The block that the assistant writes.

    >>> print(render_call(ToolCall("add", {"a": 1, "b": [2]})))
    <tool_call>
    {"name": "add", "arguments": {"a": 1, "b": [2]}}
    </tool_call>
    """
    return f"{CALL_START}\n{call_json(call)}\n{CALL_END}"


def call_json(call: ToolCall) -> str:
    """The JSON of a call, on one line."""
    return json.dumps({"name": call.name, "arguments": call.arguments}, ensure_ascii=False)


@dataclass(frozen=True)
class ParsedReply:
    """A whole reply: its text without the calls, the calls in order, and one sentence per block that is no call."""

    content: str = ""
    calls: tuple[ToolCall, ...] = ()
    errors: tuple[str, ...] = ()
    malformed: tuple[str, ...] = ()
    """What the model wrote in those blocks, as it is; one text for each of ``errors``."""


@dataclass(frozen=True)
class ContentDelta:
    """The next piece of the reply's text."""

    text: str


@dataclass(frozen=True)
class CallStarted:
    """The name of block number ``index`` (from 0) is known. Comes once, before the block's other events."""

    index: int
    name: str


@dataclass(frozen=True)
class ArgumentsDelta:
    """The next piece of the JSON text of a started call's arguments; the pieces together parse to them."""

    index: int
    text: str


@dataclass(frozen=True)
class CallFinished:
    """Block number ``index`` is closed and is a call."""

    index: int
    call: ToolCall


@dataclass(frozen=True)
class CallMalformed:
    """Block number ``index`` is no call; forget what its earlier events said. ``text`` is all that was in it."""

    index: int
    reason: str
    text: str


Event = ContentDelta | CallStarted | ArgumentsDelta | CallFinished | CallMalformed


def parse_calls(text: str) -> ParsedReply:
    """Read a whole reply.

    >>> parse_calls('Sure.\\n<tool_call>\\n{"name": "now", "arguments": {}}\\n</tool_call>')
    ParsedReply(content='Sure.', calls=(ToolCall(name='now', arguments={}, id=''),), errors=(), malformed=())
    """
    parser = ReplyParser()
    return collect([*parser.feed(text), *parser.close()])


def collect(events: list[Event]) -> ParsedReply:
    """The reply that the events of a ``ReplyParser`` tell of."""
    malformed = [event for event in events if isinstance(event, CallMalformed)]
    return ParsedReply(
        content="".join(event.text for event in events if isinstance(event, ContentDelta)),
        calls=tuple(event.call for event in events if isinstance(event, CallFinished)),
        errors=tuple(_error(event) for event in malformed),
        malformed=tuple(event.text for event in malformed),
    )


def _error(event: CallMalformed) -> str:
    text = event.text.strip(" \t\r\n")
    return f"{event.reason}: {text[:_EXCERPT]}{'...' * (len(text) > _EXCERPT)}"


class ReplyParser:
    """Reads a reply as it is being written: ``feed`` each piece, then ``close`` once.

    Content comes out at once, but for characters that may belong to a marker; a call's name and the text of its
    arguments come as soon as they are there. Only ``CallFinished`` makes a call: it may still turn out malformed.

    >>> parser = ReplyParser()
    >>> parser.feed('Hi <tool_call>{"name": "f", "argu')
    [ContentDelta(text='Hi '), CallStarted(index=0, name='f')]
    >>> parser.feed('ments": {"a": 1}}</tool_call>')[1]
    CallFinished(index=0, call=ToolCall(name='f', arguments={'a': 1}, id=''))
    """

    def __init__(self, markers: Markers = MARKERS) -> None:
        """``markers`` other than the default are for a reader of token ids; see codeling.chat.decode."""
        self._markers = markers
        self._pending = ""  # text outside blocks that is not yet told
        self._block: CallBlock | None = None
        self._named = False  # the open block's name was told
        self._index = -1  # of the last block
        self._said = False  # some content was told
        self._after_call = False

    def feed(self, text: str) -> list[Event]:
        """The events that ``text`` brings."""
        if self._block is None:
            self._pending += text
        else:
            self._block.text += text
        return self._advance(final=False)

    def close(self) -> list[Event]:
        """The events that the reply's end brings: text held back, and the block that was never closed."""
        return self._advance(final=True)

    def _advance(self, *, final: bool) -> list[Event]:
        events: list[Event] = []
        while self._block is not None or self._markers.start in self._pending:
            if self._block is None:
                before, _, rest = self._pending.partition(self._markers.start)
                self._say(before.removesuffix("\n"), events)
                self._block, self._pending = CallBlock(rest, self._markers), ""
                self._index, self._named = self._index + 1, False
            end = self._block.find_end(final=final)
            self._tell(self._block, events)
            if end is None and not final:
                return events
            self._finish(self._block, end, events)
        held = 0 if final else _held_back(self._pending, self._markers.start)
        self._say(self._pending[: len(self._pending) - held], events)
        self._pending = self._pending[len(self._pending) - held :]
        return events

    def _tell(self, block: CallBlock, events: list[Event]) -> None:
        """Tell what is new of a call's name and arguments."""
        if block.name is None:
            return
        if not self._named:
            self._named = True
            events.append(CallStarted(self._index, block.name))
        if arguments := block.take_arguments():
            events.append(ArgumentsDelta(self._index, arguments))

    def _finish(self, block: CallBlock, end: re.Match[str] | None, events: list[Event]) -> None:
        """Close the block at the marker ``end``, or at the end of the reply, and go on with the text after it."""
        text = block.text[: end.start()] if end else block.text
        if end and end.group() == self._markers.end:
            outcome = read_call(text)
            self._pending = block.text[end.end() :]
        else:
            outcome = f"the call is not closed by {CALL_END}"
            self._pending = block.text[end.start() :] if end else ""
        if isinstance(outcome, str):
            events.append(CallMalformed(self._index, outcome, text))
        else:
            events.append(CallFinished(self._index, ToolCall(*outcome)))
        self._block, self._after_call = None, True

    def _say(self, text: str, events: list[Event]) -> None:
        """Tell content. White space that only separates it from a call before is dropped, one line end put instead."""
        text = text.replace(self._markers.end, CALL_END)  # one that closes nothing
        if self._after_call:
            text = text.lstrip()
            if text and self._said:
                text = "\n" + text
        if text:
            events.append(ContentDelta(text))
            self._said, self._after_call = True, False


def _held_back(text: str, start: str) -> int:
    """How many characters at the end of ``text`` may belong to a start marker or to the line end before it."""
    tails = (text[-n:] for n in range(min(len(start) + 1, len(text)), 0, -1))
    return next((len(tail) for tail in tails if f"\n{start}".startswith(tail) or start.startswith(tail)), 0)
