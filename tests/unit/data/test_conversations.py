"""Conversations in shards: whole replies are trained, and nothing that others wrote can look like a reply."""

from __future__ import annotations

import json
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from codeling.chat.conversation import Conversation
from codeling.chat.encode import encode
from codeling.chat.messages import Message
from codeling.data.conversations import Example, encode_example, write_conversations
from codeling.data.shards import Shard
from codeling.data.tool_import_openai import BadConversation
from codeling.data.tool_imports import conversation_of_row
from codeling.data.validate_masks import mask_problems
from codeling.errors import Failure
from codeling.tokenizer.bpe import Tokenizer
from codeling.tokenizer.special import ADDED_TOKENS, IM_END, IM_START, SPECIAL_TOKENS
from codeling.tokenizer.training import train_tokenizer
from codeling.tools.calls import ToolCall
from codeling.tools.schema import Tool

TOOLS = (
    Tool("add", "Add two numbers", {"type": "object", "properties": {"a": {"type": "integer"}}}),
    Tool("now", "", {"type": "object", "properties": {}}),
)
TOKENS = (*SPECIAL_TOKENS, *ADDED_TOKENS)


@pytest.fixture(scope="module")
def tokenizer(tmp_path_factory) -> Tokenizer:
    texts = [
        'assistant user system tools {"name": "add", "arguments": {"a": 1}} description parameters type object'
    ] * 5
    return train_tokenizer(texts, vocab_size=300, output=tmp_path_factory.mktemp("t") / "tokenizer.json")


words = st.text("abc äé日<|>", max_size=12)
given_text = st.lists(words | st.sampled_from(TOKENS), max_size=4).map("".join)
said = st.text("abc dä日", min_size=1, max_size=20)
calls = st.builds(ToolCall, st.just("add"), st.dictionaries(st.just("a"), st.integers(-99, 10**6)), st.just("c"))


@st.composite
def conversations(draw: st.DrawFn) -> Conversation:
    """One to four exchanges, some with a call and its result; users and tools may write anything."""
    messages = [Message("system", draw(given_text))] if draw(st.booleans()) else []
    for _ in range(draw(st.integers(1, 4))):
        messages.append(Message("user", draw(given_text)))
        if draw(st.booleans()):
            messages.append(Message("assistant", draw(st.just("") | said), (draw(calls),)))
            messages.append(Message("tool", draw(given_text), tool_call_id="c"))
        messages.append(Message("assistant", draw(said)))
    return Conversation(tuple(messages), TOOLS)


def texts_of(ids: np.ndarray, mask: np.ndarray, tokenizer: Tokenizer) -> list[str]:
    """The runs of the mask, as text."""
    edges = np.flatnonzero(np.diff(mask != 0, prepend=False, append=False))
    return [tokenizer.decode(ids[begin:end].tolist()) for begin, end in zip(edges[::2], edges[1::2], strict=True)]


@given(conversation=conversations())
def test_what_is_trained_is_what_the_assistant_writes(tokenizer, conversation):
    made = encode_example(Example.of(conversation, source="test"), tokenizer, max_length=None)
    replies = texts_of(made.ids, made.mask, tokenizer)
    expected = [m for m in conversation.messages if m.role == "assistant"]
    assert len(replies) == len(expected)
    for text, message in zip(replies, expected, strict=True):
        assert text.startswith(message.content) and text.endswith(IM_END)
        assert [call.name in text for call in message.tool_calls] == [True] * len(message.tool_calls)
    # Turns are opened by the structure alone, whatever was spelled: results that follow one another share a turn.
    opened = int((made.ids == tokenizer.token_id(IM_START)).sum())
    assert opened == 1 + sum(m.role not in ("system",) for m in conversation.messages)
    assert (made.ids == tokenizer.token_id(IM_END)).sum() == opened
    assert not np.isin(made.ids, [tokenizer.token_id(name) for name in SPECIAL_TOKENS if "im_" not in name]).any()


@given(conversation=conversations(), data=st.data())
def test_a_long_conversation_ends_after_a_reply(tokenizer, conversation, data):
    whole = encode_example(Example.of(conversation, source="test"), tokenizer, max_length=None)
    max_length = data.draw(st.integers(1, len(whole.ids) + 5))
    ends = 1 + np.flatnonzero(np.diff(whole.mask.astype(int), append=0) == -1)
    fitting = ends[ends <= max_length]
    if len(fitting) == 0:
        with pytest.raises(BadConversation, match="before its first reply ends"):
            encode_example(Example.of(conversation, source="test"), tokenizer, max_length=max_length)
        return
    made = encode_example(Example.of(conversation, source="test", id="x"), tokenizer, max_length=max_length)
    # As many whole replies as fit, the same tokens as in the whole one, and the count of what is lost.
    assert len(made.ids) == fitting[-1] and (made.ids == whole.ids[: len(made.ids)]).all()
    assert made.num_trained + made.tokens_cut == whole.num_trained
    assert texts_of(made.ids, made.mask, tokenizer) == texts_of(whole.ids, whole.mask, tokenizer)[: len(fitting)]
    # The line beside the shard is the conversation that is in the shard.
    row = json.loads(made.line)
    assert (row["id"], row["source"], row["kind"]) == ("x", "test", made.kind)
    kept = conversation_of_row(row)
    again = encode(tokenizer, kept.messages, kept.tools)
    assert again.ids[: len(made.ids)] == made.ids.tolist() and again.mask[: len(made.ids)] == made.mask.tolist()
    assert sum(again.mask[len(made.ids) :]) == 0


def test_what_follows_the_last_reply_is_left_out(tokenizer):
    messages = (Message("user", "a"), Message("assistant", "b"), Message("user", "c"))
    made = encode_example(Example.of(Conversation(messages), source="test"), tokenizer, max_length=None)
    assert made.ids[-1] == tokenizer.token_id(IM_END) and made.mask[-1] == 1
    assert [message["content"] for message in json.loads(made.line)["messages"]] == ["a", "b"]


def simple(number: int, *, replies: int = 1) -> Conversation:
    turn = (Message("user", f"question {number}"), Message("assistant", f"answer {number}"))
    return Conversation(turn * replies, TOOLS)


def test_a_shard_and_its_lines_hold_the_same(tmp_path: Path, tokenizer):
    examples = [Example.of(simple(n, replies=1 + n % 3), source=f"s{n % 2}", id=str(n)) for n in range(20)]
    path = tmp_path / "tool_train.npy"
    manifest = write_conversations(path, examples, tokenizer, max_length=500, split="train", seed=3)
    shard = Shard.open(path, verify=True)
    lines = [json.loads(line) for line in path.with_suffix(".jsonl").read_text(encoding="utf-8").splitlines()]
    assert shard.manifest == manifest and len(lines) == manifest.num_documents == 20
    assert {count.source for count in manifest.sources} == {"s0/irrelevant", "s1/irrelevant"}
    assert shard.mask is not None
    for (start, end), line, example in zip(
        pairwise([*shard.starts.tolist(), manifest.num_tokens]), lines, examples, strict=True
    ):
        made = encode_example(example, tokenizer, max_length=500)
        assert (shard.tokens[start : end - 1] == made.ids).all() and shard.tokens[end - 1] == tokenizer.end_of_text
        assert (shard.mask[start : end - 1] == made.mask).all() and shard.mask[end - 1] == 0
        assert line["id"] == example.id and conversation_of_row(line).tools == TOOLS
    assert list(mask_problems(shard, tokenizer)) == []
    assert manifest.num_bytes == sum(len(tokenizer.decode_bytes(shard.document(n)[:-1].tolist())) for n in range(20))


def test_nothing_is_published_where_something_fails(tmp_path: Path, tokenizer):
    path = tmp_path / "tool_train.npy"
    write_conversations(path, [Example.of(simple(1), source="old")], tokenizer, max_length=500)
    before = {file.name: file.read_bytes() for file in tmp_path.iterdir()}

    def failing():
        yield Example.of(simple(2), source="new")
        raise Failure("the source broke")

    with pytest.raises(Failure, match="broke"):
        write_conversations(path, failing(), tokenizer, max_length=500)
    with pytest.raises(Failure, match="no documents"):
        write_conversations(path, [], tokenizer, max_length=500)
    with pytest.raises(BadConversation, match="before its first reply"):
        write_conversations(path, [Example.of(simple(2), source="new")], tokenizer, max_length=10)
    assert {file.name: file.read_bytes() for file in tmp_path.iterdir()} == before


def damaged(shard: Shard, tokenizer: Tokenizer, change) -> dict[str, list[int]]:
    """What is found after ``change(tokens, mask)``, in memory."""
    tokens, mask = np.array(shard.tokens), np.array(shard.mask)
    change(tokens, mask)
    changed = Shard(shard.path, shard.manifest, tokens, shard.starts, mask)
    return {problem: documents.tolist() for problem, documents in mask_problems(changed, tokenizer)}


def test_a_wrong_mask_is_found(tmp_path: Path, tokenizer):
    path = tmp_path / "tool_train.npy"
    write_conversations(
        path, [Example.of(simple(n, replies=2), source="s") for n in range(6)], tokenizer, max_length=999
    )
    shard = Shard.open(path)
    assert shard.mask is not None
    start, end = int(shard.starts[3]), int(shard.starts[4])
    begin = start + int(np.flatnonzero(shard.mask[start:end])[0])
    reply_end = begin + int(np.flatnonzero(shard.mask[begin:end] == 0)[0])
    unopened, unended = "does not begin with an assistant's turn", "does not end with the end of its turn"

    def only(expected: str, change) -> None:
        found = damaged(shard, tokenizer, change)
        assert len(found) == 1 and list(found.values()) == [[3]] and expected in next(iter(found))

    assert damaged(shard, tokenizer, lambda tokens, mask: None) == {}
    only("another value", lambda tokens, mask: mask.__setitem__(begin, 2))
    only("without a trained token", lambda tokens, mask: mask.__setitem__(slice(start, end), 0))
    only(unopened, lambda tokens, mask: mask.__setitem__(begin - 1, 1))
    only(unopened, lambda tokens, mask: mask.__setitem__(begin, 0))
    only(unended, lambda tokens, mask: mask.__setitem__(reply_end - 1, 0))
    only(unended, lambda tokens, mask: mask.__setitem__(reply_end, 1))
    everything = damaged(shard, tokenizer, lambda tokens, mask: mask.__setitem__(slice(start, end), 1))
    assert any("end-of-text is trained" in problem for problem in everything)
    assert any(unopened in problem for problem in everything)
    user_first = damaged(shard, tokenizer, lambda tokens, mask: mask.__setitem__(slice(0, 3), 1))
    assert any(unopened in problem and documents == [0] for problem, documents in user_first.items())
