"""The one grammar of a tool call: what a call looks like in an assistant's reply, and how a reply is read back.

    reply  =  content  ["\\n"]  call  "\\n"  call  ...
    call   =  "<tool_call>\\n" {"name": "...", "arguments": {...}} "\\n</tool_call>"

This is the Hermes form that vLLM, SGLang, llama.cpp and Ollama read. ``ReplyParser`` reads a reply in pieces, as a
model writes it; ``parse_calls`` is the same parser fed once. Neither ever raises on what a model wrote: a block that
is no call is reported with the reason, and its text is kept.

Where a block ends. A JSON string may hold the text ``</tool_call>``, so an end marker counts only outside strings. A
string of JSON cannot hold a line end, so a quote that was never closed is found at the end of its line, and the block
then ends at its first marker, in quotes or not.
"""

from __future__ import annotations

import json
import math
import re
from dataclasses import dataclass, field
from typing import Any, NoReturn

CALL_START = "<tool_call>"
CALL_END = "</tool_call>"
_MARKER = re.compile(f"{CALL_START}|{CALL_END}")
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
    text = event.text.strip()
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

    def __init__(self) -> None:
        self._pending = ""  # text outside blocks that is not yet told
        self._block: _Block | None = None
        self._blocks = 0
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
        while self._block is not None or CALL_START in self._pending:
            if self._block is None:
                before, _, rest = self._pending.partition(CALL_START)
                self._say(before.removesuffix("\n"), events)
                self._block, self._pending = _Block(self._blocks, rest), ""
                self._blocks += 1
            end = self._block.advance(events, final=final)
            if end is None:
                return events
            self._pending, self._block, self._after_call = self._block.text[end:], None, True
        held = 0 if final else _held_back(self._pending)
        self._say(self._pending[: len(self._pending) - held], events)
        self._pending = self._pending[len(self._pending) - held :]
        return events

    def _say(self, text: str, events: list[Event]) -> None:
        """Tell content. White space that only separates it from a call before is dropped, one line end put instead."""
        if self._after_call:
            text = text.lstrip()
            if text and self._said:
                text = "\n" + text
        if text:
            events.append(ContentDelta(text))
            self._said, self._after_call = True, False


def _held_back(text: str) -> int:
    """How many characters at the end of ``text`` may begin ``"\\n<tool_call>"``, whose line end is no content."""
    marker = "\n" + CALL_START
    tails = (text[-n:] for n in range(min(len(marker), len(text)), 0, -1))
    return next((len(tail) for tail in tails if marker.startswith(tail) or CALL_START.startswith(tail)), 0)


_IN_STRING = re.compile(r'["\\\n\r]')
_OUTSIDE = re.compile(r'["{}\[\],:<]')


class _Block:
    """The text after a ``<tool_call>``: finds its end, and its name and arguments, while it is being written."""

    def __init__(self, index: int, text: str) -> None:
        self.index = index
        self.text = text
        self._at = 0  # all before is scanned
        self._quote = -1  # where the open string began
        self._unclosed_quote = False
        self._depth = 0
        self._string: str | None = None  # the last string at depth 1: a key, when a colon follows
        self._key: str | None = None
        self._name: str | None = None
        self._named = False  # the name was told
        self._arguments = self._arguments_end = self._told = -1

    def advance(self, events: list[Event], *, final: bool) -> int | None:
        """Scan what is new and append its events; where the text after the block begins, None while it is open."""
        marker = None if self._unclosed_quote else self._scan()
        self._tell(events)
        if marker is None and (self._unclosed_quote or (final and self._quote >= 0)):
            marker = _MARKER.search(self.text)
        if marker is None and not final:
            return None
        text = self.text[: marker.start()] if marker else self.text
        if marker and marker.group() == CALL_END:
            outcome = _read(text)
        else:
            outcome = f"the call is not closed by {CALL_END}"
        if isinstance(outcome, str):
            events.append(CallMalformed(self.index, outcome, text))
        else:
            events.append(CallFinished(self.index, outcome))
        if marker is None:
            return len(self.text)
        return marker.end() if marker.group() == CALL_END else marker.start()

    def _scan(self) -> re.Match[str] | None:
        """Read on to the end of the text, the first marker outside strings (returned), or an unclosed quote."""
        text = self.text
        while not self._unclosed_quote:
            found = (_IN_STRING if self._quote >= 0 else _OUTSIDE).search(text, self._at)
            if found is None:
                self._at = len(text)
                return None
            start, character = found.start(), found.group()
            self._at = start
            if character == "<":
                marker = _MARKER.match(text, start)
                if marker or CALL_START.startswith(text[start:]) or CALL_END.startswith(text[start:]):
                    return marker
            elif character == "\\":
                if start + 1 == len(text):
                    return None
                self._at += text[start + 1] not in "\r\n"
            elif character in "\r\n":
                self._unclosed_quote = True
                return None
            elif character == '"':
                self._read_quote(start)
            else:
                self._read_structure(character, start)
            self._at += 1
        return None

    def _read_quote(self, start: int) -> None:
        if self._quote < 0:
            self._quote = start
            return
        string, self._quote = self.text[self._quote : start + 1], -1
        if self._depth != 1:
            return
        if self._key is None:
            self._string = string
        elif self._key == "name" and self._name is None:
            self._name = _unquoted(string)

    def _read_structure(self, character: str, start: int) -> None:
        if character in "{[":
            self._depth += 1
            if self._depth == 2 and character == "{" and self._key == "arguments" and self._arguments < 0:
                self._arguments = self._told = start
        elif character in "}]":
            if self._depth == 2 and self._arguments >= 0 > self._arguments_end:
                self._arguments_end = start + 1
            self._depth -= 1
        elif self._depth == 1:
            self._key = _unquoted(self._string) if character == ":" and self._string else None
            self._string = None

    def _tell(self, events: list[Event]) -> None:
        if self._name is None:
            return
        if not self._named:
            self._named = True
            events.append(CallStarted(self.index, self._name))
        end = self._arguments_end if self._arguments_end >= 0 else self._at
        if 0 <= self._told < end:
            events.append(ArgumentsDelta(self.index, self.text[self._told : end]))
            self._told = end


def _unquoted(string: str) -> str | None:
    try:
        return json.loads(string)
    except ValueError:
        return None


def _read(text: str) -> ToolCall | str:
    """The call in a block's text, or why there is none."""
    try:
        value = json.loads(text, object_pairs_hook=_unique_keys, parse_float=_finite, parse_constant=_no_constant)
        if _SURROGATE.search(json.dumps(value, ensure_ascii=False)):
            return "the call holds half of a surrogate pair, which is no character"
    except json.JSONDecodeError as error:
        return f"the call is not valid JSON ({error.msg}, character {error.pos + 1})"
    except ValueError as error:
        return f"the call is not valid JSON ({error})"
    except RecursionError:
        return "the call is nested too deeply"
    if not isinstance(value, dict):
        return "the call is not a JSON object"
    for key in value:
        if key not in ("name", "arguments"):
            return f'the call has the key {json.dumps(key)} beside "name" and "arguments"'
    name, arguments = value.get("name"), value.get("arguments")
    if not isinstance(name, str) or not name.strip():
        return 'the call has no "name"'
    if not isinstance(arguments, dict):
        return 'the call has no "arguments" that are an object'
    return ToolCall(name, arguments)


_SURROGATE = re.compile("[\ud800-\udfff]")


def _unique_keys(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    value = dict(pairs)
    if len(value) < len(pairs):
        keys = [key for key, _ in pairs]
        twice = next(key for key in keys if keys.count(key) > 1)
        raise ValueError(f"the key {json.dumps(twice)} comes twice")
    return value


def _finite(text: str) -> float:
    number = float(text)
    if math.isinf(number):
        raise ValueError(f"{text} is too large a number")
    return number


def _no_constant(text: str) -> NoReturn:
    raise ValueError(f"{text} is no number of JSON")
