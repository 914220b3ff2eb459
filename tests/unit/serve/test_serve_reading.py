"""Fields of a body; tokens to deltas."""

from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from codeling.serve.errors import ApiError
from codeling.serve.fields import (
    any_of,
    boolean,
    fields_of,
    integer,
    list_of,
    mapping,
    number,
    one_of,
    option,
    read_fields,
    required,
    schema_of,
    text,
)
from codeling.serve.reading import CallReader, PlainReader
from codeling.tokenizer.training import train_tokenizer
from codeling.tools.calls import ArgumentsDelta, CallStarted, ContentDelta, ToolCall, render_call


@dataclass(frozen=True, kw_only=True)
class Inner:
    x: int = required(integer(0, 9), "x")


@dataclass(frozen=True, kw_only=True)
class Outer:
    count: int = required(integer(1, 5), "How many.")
    share: float = option(0.5, number(0, 1), "How much.")
    name: str = option("", text(at_least=1, at_most=4), "Who.")
    flag: bool = option(False, boolean(), "Whether.")
    kind: str = option("a", one_of("a", "b"), "Which.")
    items: tuple[int, ...] = option((), list_of(integer(), at_most=2), "Some.")
    bias: dict[str, float] | None = option(None, mapping(keys=r"\d+", values=number(), at_most=2), "Map.")
    either: object = option(None, any_of(text(), list_of(text())), "Either.")
    inner: Inner | None = option(None, fields_of(Inner), "Inner.")


def test_fields_are_read():
    read = read_fields(Outer, {"count": 3.0, "items": [1, 2], "inner": {"x": 1}, "name": None, "other": 1})
    assert read == Outer(count=3, items=(1, 2), inner=Inner(x=1))


@pytest.mark.parametrize(
    ("body", "param"),
    [({}, "count"), ({"count": None}, "count"), ({"count": True}, "count"), ({"count": 1.5}, "count"),
     ({"count": 6}, "count"), ({"count": 1, "name": ""}, "name"), ({"count": 1, "name": "hello"}, "name"),
     ({"count": 1, "share": "1"}, "share"), ({"count": 1, "share": 10**400}, "share"),
     ({"count": 1, "items": [1, 2, 3]}, "items"), ({"count": 1, "items": [1, "x"]}, "items"),
     ({"count": 1, "bias": {"a": 1}}, "bias"), ({"count": 1, "bias": {"1": "x"}}, "bias"),
     ({"count": 1, "either": 3}, "either"), ({"count": 1, "inner": {}}, "x"), ({"count": 1, "kind": ["a"]}, "kind"),
     ({"count": 1, "flag": 1}, "flag")],
)  # fmt: skip
def test_what_does_not_fit_is_named(body, param):
    with pytest.raises(ApiError) as caught:
        read_fields(Outer, body)
    assert caught.value.status == 400 and caught.value.param == param


json_values = st.recursive(
    st.none() | st.booleans() | st.integers(-10, 10) | st.floats(-2, 2) | st.text("ab1", max_size=6),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["x", "1", "a"]), inner, max_size=3),
    max_leaves=6,
)


@given(st.fixed_dictionaries({"count": st.integers(0, 6)}, optional=dict.fromkeys(
    ["share", "name", "flag", "kind", "items", "bias", "either", "inner"], json_values)))  # fmt: skip
def test_the_schema_says_what_is_read(body):
    fits = Draft202012Validator(schema_of(Outer)).is_valid(body)
    try:
        read_fields(Outer, body)
    except ApiError:
        assert not fits
    else:
        assert fits


@pytest.fixture(scope="module")
def tokenizer(tmp_path_factory):
    texts = [render_call(ToolCall("now", {"zone": "días", "n": 3})), "Hello there, how are you? END 😀"] * 20
    return train_tokenizer(texts, vocab_size=320, output=tmp_path_factory.mktemp("reading") / "tokenizer.json")


def deltas(reader, ids):
    found = []
    for token in ids:
        if reader.stop_string is not None:
            return found
        found += reader.feed(token)
    return found + reader.finish()


CALL = '{"name": "now", "arguments": {"zone": "días", "n": 3}}'


@pytest.mark.parametrize("enforced", [True, False])
def test_calls_and_text_are_told_apart(tokenizer, enforced):
    ids = tokenizer.encode_with_special(f"Well.\n<tool_call>\n{CALL}\n</tool_call>\n<tool_call>\n{CALL}\n</tool_call>")
    found = deltas(CallReader(tokenizer, [], enforced=enforced), ids)
    assert "".join(one.text for one in found if isinstance(one, ContentDelta)) == "Well."
    assert [one for one in found if isinstance(one, CallStarted)] == [CallStarted(0, "now"), CallStarted(1, "now")]
    for index in (0, 1):
        pieces = [one.text for one in found if isinstance(one, ArgumentsDelta) and one.index == index]
        assert "".join(pieces) == '{"zone": "días", "n": 3}'
        assert (len(pieces) > 1) == enforced


def test_what_turns_out_to_be_no_call_is_text(tokenizer):
    ids = tokenizer.encode_with_special("Hm<tool_call>\n{broken</tool_call>")
    found = deltas(CallReader(tokenizer, [], enforced=False), ids)
    assert "".join(one.text for one in found) == "Hm<tool_call>\n{broken</tool_call>"


def test_stop_strings_count_in_text_and_not_in_calls(tokenizer):
    ids = tokenizer.encode_with_special(f"Hello END there\n<tool_call>\n{CALL}\n</tool_call>")
    assert "".join(one.text for one in deltas(CallReader(tokenizer, ["END"], enforced=True), ids)) == "Hello "
    reader = CallReader(tokenizer, ["zone"], enforced=True)
    assert any(isinstance(one, CallStarted) for one in deltas(reader, ids)) and reader.stop_string is None


def test_without_tools_all_is_text(tokenizer):
    ids = tokenizer.encode_with_special(f"<tool_call>{CALL}</tool_call>😀")
    found = deltas(PlainReader(tokenizer, []), ids)
    assert "".join(one.text for one in found) == f"<tool_call>{CALL}</tool_call>😀"
    assert all("�" not in one.text for one in found)
