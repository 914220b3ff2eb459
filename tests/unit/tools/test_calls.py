"""The grammar of a call: what is written is read back, in whatever pieces, and nothing wrong is lost."""

import json
import string
import sys
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from codeling.tokenizer import special
from codeling.tools.calls import (
    CALL_END,
    CALL_START,
    ArgumentsDelta,
    CallFinished,
    CallMalformed,
    CallStarted,
    ContentDelta,
    Event,
    ReplyParser,
    ToolCall,
    collect,
    parse_calls,
    render_call,
)

# Text that a parser may trip over: pieces of the markers and of JSON, mixed with anything.
snippets = st.sampled_from(
    [
        *(
            CALL_START,
            CALL_END,
            "<tool",
            "</tool_call",
            "<",
            ">",
            '"',
            "\\",
            "\\\\",
            "\n",
            "\r\n",
            "\\n",
            "{",
            "}",
            "[",
            "]",
        ),
        *(",", ":", '"name"', '"arguments"', '": "', " ", "\t", "é", "\u2028", "x", "1e999", "NaN", "\\ud800"),
        CALL_START + '\n{"name": "f", "arguments": {"a": "b"}}\n' + CALL_END,
        CALL_START + '{"arguments": {"a": "' + CALL_END + '"}, "name": "f"}' + CALL_END,
    ]
)
tangled = st.lists(snippets | st.text(max_size=3), max_size=25).map("".join)
strings = st.text(max_size=8) | tangled
values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | strings,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(strings, inner, max_size=4),
    max_leaves=12,
)
names = st.text(string.ascii_letters + "_.-", min_size=1, max_size=12) | strings.filter(str.strip)
calls = st.builds(ToolCall, names, st.dictionaries(strings, values, max_size=5))
contents = strings.filter(lambda text: CALL_START not in text)


def in_pieces(text: str, cuts: list[int]) -> list[Event]:
    parser = ReplyParser()
    places = sorted({0, len(text), *(cut % (len(text) + 1) for cut in cuts)})
    pieces = [text[start:end] for start, end in pairwise(places)]
    return [*(event for piece in pieces for event in parser.feed(piece)), *parser.close()]


def merged(events: list[Event]) -> list[Event]:
    """The same events with neighbouring pieces of one text put together."""
    result: list[Event] = []
    for event in events:
        last = result[-1] if result else None
        if isinstance(event, ContentDelta) and isinstance(last, ContentDelta):
            result[-1] = ContentDelta(last.text + event.text)
        elif isinstance(event, ArgumentsDelta) and isinstance(last, ArgumentsDelta):
            assert event.index == last.index
            result[-1] = ArgumentsDelta(event.index, last.text + event.text)
        else:
            result.append(event)
    return result


def written(content: str, *blocks: ToolCall) -> str:
    return "\n".join([content] * bool(content) + [render_call(call) for call in blocks])


def test_the_tags_are_tokens_of_the_tokenizer():
    assert (CALL_START, CALL_END) == (special.TOOL_CALL_START, special.TOOL_CALL_END)


def test_what_a_call_looks_like():
    call = ToolCall("say", {"text": 'é "\n', "n": [1, 2.5, None, True]})
    assert render_call(call) == (
        '<tool_call>\n{"name": "say", "arguments": {"text": "é \\"\\n", "n": [1, 2.5, null, true]}}\n</tool_call>'
    )


@given(contents, st.lists(calls, max_size=4))
def test_a_written_reply_is_read_back(content: str, blocks: list[ToolCall]):
    reply = parse_calls(written(content, *blocks))
    assert (reply.content, list(reply.calls), reply.errors, reply.malformed) == (content, blocks, (), ())


@given(st.lists(tangled | st.builds(written, contents, calls), max_size=4).map("".join), st.lists(st.integers(0)))
def test_any_text_gives_the_same_in_any_pieces(text: str, cuts: list[int]):
    whole = in_pieces(text, [])
    assert merged(in_pieces(text, cuts)) == merged(whole)
    assert merged(in_pieces(text, list(range(len(text))))) == merged(whole)
    assert collect(in_pieces(text, cuts)) == parse_calls(text)


@given(tangled, st.lists(st.integers(0)))
def test_the_stream_tells_a_call_in_order(text: str, cuts: list[int]):
    """Name once and first, then the pieces of the arguments' text, then the call that they made."""
    blocks: dict[int, list[Event]] = {}
    for event in in_pieces(text, cuts):
        assert not isinstance(event, ContentDelta | ArgumentsDelta) or event.text
        if not isinstance(event, ContentDelta):
            blocks.setdefault(event.index, []).append(event)
    assert list(blocks) == list(range(len(blocks)))
    for first, *pieces, last in (events for events in blocks.values() if isinstance(events[-1], CallFinished)):
        assert isinstance(first, CallStarted) and isinstance(last, CallFinished)
        assert first.name == last.call.name
        text = "".join(piece.text for piece in pieces if isinstance(piece, ArgumentsDelta))
        assert json.loads(text) == last.call.arguments and len(pieces) >= 1
    for events in blocks.values():
        assert isinstance(events[-1], CallFinished | CallMalformed)
        assert sum(isinstance(event, CallFinished | CallMalformed) for event in events) == 1


@given(tangled)
def test_every_block_becomes_a_call_or_an_error(text: str):
    reply = parse_calls(text)
    assert len(reply.errors) == len(reply.malformed)
    assert bool(reply.calls or reply.errors) == (CALL_START in text)
    assert all(block in text for block in reply.malformed)


def test_a_stream_does_not_wait():
    parser = ReplyParser()
    assert parser.feed("Hello <") == [ContentDelta("Hello ")]
    assert parser.feed("b>.\n") == [ContentDelta("<b>.")]
    assert parser.feed('<tool_call>\n{"name": "wr') == []
    assert parser.feed('ite", "arguments": {"text": "a') == [CallStarted(0, "write"), ArgumentsDelta(0, '{"text": "a')]
    assert parser.feed(" b") == [ArgumentsDelta(0, " b")]
    assert parser.feed('"}}\n</tool') == [ArgumentsDelta(0, '"}')]
    assert parser.feed("_call>") == [CallFinished(0, ToolCall("write", {"text": "a b"}))]
    assert parser.feed("\n") == []
    assert parser.feed("Done.") == [ContentDelta("\nDone.")]
    assert parser.close() == []


def test_arguments_before_the_name_are_told_with_it():
    parser = ReplyParser()
    assert parser.feed('<tool_call>{"arguments": {"a": 1}, ') == []
    assert parser.feed('"name": "f"') == [CallStarted(0, "f"), ArgumentsDelta(0, '{"a": 1}')]
    assert parser.feed("}</tool_call>") == [CallFinished(0, ToolCall("f", {"a": 1}))]


CALL = '<tool_call>\n{"name": "f", "arguments": {}}\n</tool_call>'


@pytest.mark.parametrize(
    ("text", "content", "count"),
    [
        ("", "", 0),
        ("\n", "\n", 0),
        ("a\n\n" + CALL, "a\n", 1),
        ("a" + CALL, "a", 1),
        (CALL + CALL, "", 2),
        (CALL + "\n \n" + CALL + "\n", "", 2),
        (CALL + "\n\nafter\n", "after\n", 1),
        ("before\n" + CALL + "\nbetween\n" + CALL + "\nafter", "before\nbetween\nafter", 2),
        ("no </tool_call> here", "no </tool_call> here", 0),
        ("<tool_call", "<tool_call", 0),
    ],
)
def test_text_around_calls(text: str, content: str, count: int):
    reply = parse_calls(text)
    assert (reply.content, reply.calls, reply.errors) == (content, (ToolCall("f", {}),) * count, ())


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ("", "not valid JSON (Expecting value"),
        ("f(1)", "not valid JSON (Expecting value"),
        ('{"name": "f", "arguments": {},}', "not valid JSON ("),
        ("{'name': 'f', 'arguments': {}}", "not valid JSON (Expecting property name"),
        ('{"name": "f", "arguments": {}} {}', "not valid JSON (Extra data, character 32"),
        ('{"name": "f", "arguments": {"a": "\t"}}', "not valid JSON (Invalid control character"),
        ('{"name": "f", "arguments": {"a": NaN}}', "NaN is no number of JSON"),
        ('{"name": "f", "arguments": {"a": -1e999}}', "-1e999 is too large a number"),
        ('{"name": "f", "arguments": {"a": ' + "1" * 5000 + "}}", "not valid JSON ("),
        ('{"name": "f", "arguments": {"a": "\\ud800"}}', "half of a surrogate pair"),
        ('{"name": "f", "name": "g", "arguments": {}}', 'the key "name" comes twice'),
        ('{"name": "f", "arguments": {"a": 1, "a": 2}}', 'the key "a" comes twice'),
        ('{"name": "f", "arguments": ' + '{"a": ' * 100_000 + "1" + "}" * 100_000 + "}", "nested too deeply"),
        ('["f", {}]', "is not a JSON object"),
        ('{"arguments": {}}', 'has no "name"'),
        ('{"name": " ", "arguments": {}}', 'has no "name"'),
        ('{"name": 1, "arguments": {}}', 'has no "name"'),
        ('{"name": "f"}', 'has no "arguments"'),
        ('{"name": "f", "arguments": "{}"}', 'has no "arguments"'),
        ('{"name": "f", "parameters": {}}', 'the key "parameters" beside'),
    ],
)
def test_a_malformed_call_is_told_with_its_reason(body: str, reason: str):
    reply = parse_calls(f"Before.\n<tool_call>\n{body}\n</tool_call>\n{CALL}")
    assert (reply.content, reply.calls, reply.malformed) == ("Before.", (ToolCall("f"),), (f"\n{body}\n",))
    (error,) = reply.errors
    assert reason in error and body[:100] in error and len(error) < 400
    assert "\n" not in error


@pytest.mark.parametrize(
    ("text", "malformed", "content"),
    [
        ("<tool_call>", [""], ""),
        ('a\n<tool_call>\n{"name": "f", "arguments": {}}', ['\n{"name": "f", "arguments": {}}'], "a"),
        ('<tool_call>{"name": "f", "arguments": {"a": "x</tool_c', ['{"name": "f", "arguments": {"a": "x</tool_c'], ""),
        # A quote that was never closed must not swallow what follows the block.
        ('<tool_call>{"name": "f</tool_call>bye "you"', ['{"name": "f'], 'bye "you"'),
        ('<tool_call>{"name": "f</tool_call>bye\n', ['{"name": "f'], "bye\n"),
        ('<tool_call>\n{"name": "f\n</tool_call>\nbye', ['\n{"name": "f\n'], "bye"),
        ('<tool_call>{"a": "\\\n</tool_call>bye', ['{"a": "\\\n'], "bye"),
        ('<tool_call>{"a": "\\', ['{"a": "\\'], ""),
    ],
)
def test_a_block_that_is_not_closed(text: str, malformed: list[str], content: str):
    reply = parse_calls(text)
    assert (list(reply.malformed), reply.content, reply.calls) == (malformed, content, ())
    assert len(reply.errors) == len(malformed)


def test_a_block_that_is_not_closed_does_not_hide_the_next():
    reply = parse_calls('<tool_call>\n{"name": "g", "arg\n' + CALL)
    assert reply.calls == (ToolCall("f"),) and "is not closed by </tool_call>" in reply.errors[0]
    reply = parse_calls('<tool_call>\n{"name": "g", "arguments": {}}\n' + CALL)
    assert reply.calls == (ToolCall("f"),) and len(reply.errors) == 1


def test_tags_within_arguments_are_text():
    call = ToolCall("write", {"text": f'{CALL}\\"\n{CALL_END}', CALL_END: [CALL_START]})
    assert parse_calls(render_call(call)).calls == (call,)


def test_long_replies_take_linear_time():
    """A call of a megabyte, fed in pieces of a token's length, within the suite's patience."""
    call = ToolCall("write", {"text": 'if a["x"] < 1:\n\tpass\n' * 10_000})
    parser = ReplyParser()
    text = render_call(call)
    events: list[Any] = [event for i in range(0, len(text), 4) for event in parser.feed(text[i : i + 4])]
    assert collect([*events, *parser.close()]).calls == (call,)


def test_python_recursion_limit_is_not_ours():
    """Nesting that some interpreter parses and another refuses is either a call or an error, never an exception."""
    for depth in (50, sys.getrecursionlimit() // 2, sys.getrecursionlimit(), 20_000):
        reply = parse_calls(f'<tool_call>{{"name": "f", "arguments": {{"a": {"[" * depth}{"]" * depth}}}}}</tool_call>')
        assert len(reply.calls) + len(reply.errors) == 1
