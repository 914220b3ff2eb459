"""The inside of one ``<tool_call>`` block: where it ends, its name and arguments while they come, and its JSON.

Where a block ends. A JSON string may hold the text ``</tool_call>``, so an end marker counts only outside strings. A
string of JSON cannot hold a line end, so a quote that was never closed is found at the end of its line, and the block
then ends at its first marker, in quotes or not.
"""

from __future__ import annotations

import json
import math
import re
from dataclasses import dataclass
from typing import Any, NoReturn

_SURROGATE = re.compile("[\ud800-\udfff]")


@dataclass(frozen=True)
class Markers:
    """The texts around a block."""

    start: str
    end: str
    unspellable: bool = False
    """No string can hold them by chance, so they count within quotes too."""


class CallBlock:
    """The text after a start marker; ``text`` grows, ``find_end`` looks at what is new.

    All that it finds depends on the text alone, not on the pieces in which the text came.
    """

    def __init__(self, text: str, markers: Markers) -> None:
        self.text = text
        self.name: str | None = None
        self._markers = markers
        self._marker = re.compile(f"{re.escape(markers.start)}|{re.escape(markers.end)}")
        first = re.escape(markers.start[0] + markers.end[0])
        self._outside = re.compile(f'["{{}}\\[\\],:{first}]')
        self._in_string = re.compile(f'["\\\\\n\r{first if markers.unspellable else ""}]')
        self._at = 0  # all before is scanned
        self._quote = -1  # where the open string began
        self._unclosed_quote = False
        self._depth = 0
        self._string: str | None = None  # the last string at depth 1: a key, when a colon follows
        self._key: str | None = None
        self._arguments_end = self._taken = -1

    def find_end(self, *, final: bool) -> re.Match[str] | None:
        """The marker that ends the block; None while none does. ``final``: no more text will come."""
        if not self._unclosed_quote:
            marker = self._scan()
            if marker or not (self._unclosed_quote or (final and self._quote >= 0)):
                return marker
        return self._marker.search(self.text)

    def take_arguments(self) -> str:
        """The text of the arguments that was found and not yet taken."""
        end = self._arguments_end if self._arguments_end >= 0 else self._at
        if not 0 <= self._taken < end:
            return ""
        taken, self._taken = self.text[self._taken : end], end
        return taken

    def _scan(self) -> re.Match[str] | None:
        """Read on to the end of the text, the first marker outside strings (returned), or an unclosed quote."""
        text = self.text
        while not self._unclosed_quote:
            found = (self._in_string if self._quote >= 0 else self._outside).search(text, self._at)
            if found is None:
                self._at = len(text)
                return None
            start, character = found.start(), found.group()
            self._at = start
            if character == "\\":
                if start + 1 == len(text):
                    return None
                if not self._in_string.match(text, start + 1) or text[start + 1] in '"\\':
                    self._at += 1
            elif character in "\r\n":
                self._unclosed_quote = True
                return None
            elif character == '"':
                self._read_quote(start)
            elif character in "{}[],:":
                self._read_structure(character, start)
            else:
                marker = self._marker.match(text, start)
                if marker or self._markers.start.startswith(text[start:]) or self._markers.end.startswith(text[start:]):
                    return marker
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
        elif self._key == "name" and self.name is None:
            self.name = _unquoted(string)

    def _read_structure(self, character: str, start: int) -> None:
        if character in "{[":
            self._depth += 1
            if self._depth == 2 and character == "{" and self._key == "arguments" and self._taken < 0:
                self._taken = start
        elif character in "}]":
            if self._depth == 2 and self._taken >= 0 > self._arguments_end:
                self._arguments_end = start + 1
            self._depth -= 1
        elif self._depth == 1:
            self._key = _unquoted(self._string) if character == ":" and self._string else None
            self._string = None


def _unquoted(string: str) -> str | None:
    try:
        return json.loads(string)
    except ValueError:
        return None


def read_call(text: str) -> tuple[str, dict[str, Any]] | str:
    """The name and the arguments in a block's text, or why there are none. Never raises."""
    try:
        value = parse_json(text)
    except ValueError as error:
        return f"the call is not valid JSON ({error})"
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
    return name, arguments


def parse_json(text: str) -> Any:
    """JSON as its standard says: no NaN, no infinity, no key twice; what it gives can be written as JSON again.

    Every refusal is a ValueError with the reason, also of half a surrogate pair and of a nesting that is too deep.
    """
    text = text.strip(" \t\r\n")
    try:
        value = json.loads(text, object_pairs_hook=_unique_keys, parse_float=_finite, parse_constant=_no_constant)
        if _SURROGATE.search(json.dumps(value, ensure_ascii=False)):
            raise ValueError("half of a surrogate pair is no character")
    except json.JSONDecodeError as error:
        raise ValueError(f"{error.msg}, character {error.pos + 1}") from None
    except RecursionError:
        raise ValueError("it is nested too deeply") from None
    return value


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
