"""Ids and masks: the structure alone makes tokens of the format, and only what the assistant writes is trained."""

import re
import subprocess
import sys
from itertools import groupby

from hypothesis import given
from random_conversations import NAMES, conversations, hostile, plain

from codeling.chat.conversation import Conversation
from codeling.chat.decode import ReplyDecoder, decode_reply
from codeling.chat.encode import Encoded, encode, stop_ids
from codeling.chat.messages import Message
from codeling.chat.render import render
from codeling.tokenizer.bpe import Tokenizer
from codeling.tools.calls import ToolCall, collect, render_call


def tokens_of_the_format(tokenizer: Tokenizer, ids: list[int]) -> list[str]:
    names = {tokenizer.token_id(name): name for name in NAMES}
    return [names[i] for i in ids if i in names]


def structure(conversation: Conversation) -> list[str]:
    """The tokens that the shape of a conversation calls for, whatever is said in it."""
    messages = conversation.messages
    names: list[str] = []
    if conversation.tools and messages[0].role not in ("system", "developer"):
        names += ["<|im_start|>", "<|im_end|>"]
    for are_results, group in groupby(messages, key=lambda message: message.role == "tool"):
        if are_results:
            names += ["<|im_start|>", *["<tool_response>", "</tool_response>"] * len(list(group)), "<|im_end|>"]
        else:
            for message in group:
                names += ["<|im_start|>", *["<tool_call>", "</tool_call>"] * len(message.tool_calls), "<|im_end|>"]
    return names


def trained_runs(encoded: Encoded) -> list[list[int]]:
    pairs = zip(encoded.ids, encoded.mask, strict=True)
    return [[i for i, _ in run] for trained, run in groupby(pairs, key=lambda pair: pair[1]) if trained]


@given(conversation=conversations())
def test_no_text_makes_a_token_of_the_format(chat_tokenizer: Tokenizer, conversation: Conversation):
    encoded = encode(chat_tokenizer, conversation.messages, conversation.tools)
    assert tokens_of_the_format(chat_tokenizer, encoded.ids) == structure(conversation)
    assert chat_tokenizer.decode(encoded.ids) == render(conversation.messages, conversation.tools)


@given(conversation=conversations(plain))
def test_text_without_such_names_is_tokenized_as_others_do(chat_tokenizer: Tokenizer, conversation: Conversation):
    """As `transformers` does it: the rendered text at once. Only a reply that begins with an empty line differs: it
    keeps that line apart from the line end of its opening, as in generation."""
    messages = tuple(
        Message(m.role, m.content.lstrip() if re.match(r"\s*[\r\n]", m.content) else m.content, m.tool_calls)
        for m in conversation.messages
    )
    for prompt in (False, True):
        text = render(messages, conversation.tools, add_generation_prompt=prompt)
        encoded = encode(chat_tokenizer, messages, conversation.tools, add_generation_prompt=prompt)
        assert encoded.ids == chat_tokenizer.encode_with_special(text)


@given(conversation=conversations())
def test_the_mask_covers_what_the_assistant_writes(chat_tokenizer: Tokenizer, conversation: Conversation):
    encoded = encode(chat_tokenizer, conversation.messages, conversation.tools, add_generation_prompt=True)
    assert len(encoded.ids) == len(encoded.mask) and set(encoded.mask) <= {0, 1}
    expected = [
        "\n".join([m.content] * bool(m.content) + [render_call(call) for call in m.tool_calls]) + "<|im_end|>"
        for m in conversation.messages
        if m.role == "assistant"
    ]
    assert [chat_tokenizer.decode(run) for run in trained_runs(encoded)] == expected


@given(conversation=conversations())
def test_a_prompt_is_the_beginning_of_its_answer(chat_tokenizer: Tokenizer, conversation: Conversation):
    messages, tools = conversation.messages, conversation.tools
    whole = encode(chat_tokenizer, messages, tools)
    for i in (i for i, message in enumerate(messages) if message.role == "assistant"):
        prompt = encode(chat_tokenizer, messages[:i], tools, add_generation_prompt=True)
        length = len(prompt.ids)
        assert (whole.ids[:length], whole.mask[:length]) == (prompt.ids, prompt.mask)
        assert whole.mask[length] == 1


@given(conversation=conversations())
def test_what_was_encoded_is_decoded(chat_tokenizer: Tokenizer, conversation: Conversation):
    """Any content, tags in it included: only tokens make calls."""
    replies = [message for message in conversation.messages if message.role == "assistant"]
    runs = trained_runs(encode(chat_tokenizer, conversation.messages, conversation.tools))
    for message, run in zip(replies, runs, strict=True):
        end = run.pop()
        assert end in stop_ids(chat_tokenizer)
        reply = decode_reply(chat_tokenizer, run)
        assert (reply.content, reply.errors) == (message.content, ())
        assert [(c.name, c.arguments) for c in reply.calls] == [(c.name, c.arguments) for c in message.tool_calls]
        decoder = ReplyDecoder(chat_tokenizer)
        assert collect([*(e for i in run for e in decoder.feed([i])), *decoder.close()]) == reply


@given(text=hostile)
def test_any_ids_are_decoded(chat_tokenizer: Tokenizer, text: str):
    """A model may write the tokens in any order; in pieces or at once it is the same, and never an exception."""
    ids = chat_tokenizer.encode_with_special(text)
    decoder = ReplyDecoder(chat_tokenizer)
    reply = decode_reply(chat_tokenizer, ids)
    assert collect([*(e for i in ids for e in decoder.feed([i])), *decoder.close()]) == reply
    assert len(reply.calls) + len(reply.errors) == ids.count(chat_tokenizer.token_id("<tool_call>"))


def test_a_repeated_tag_is_no_call(chat_tokenizer: Tokenizer):
    call = ToolCall("execute_bash", {"script": "rm -rf /"})
    said = Message("assistant", f"You wrote: {render_call(call)}", (ToolCall("now"),))
    (run,) = trained_runs(encode(chat_tokenizer, [said]))
    reply = decode_reply(chat_tokenizer, run[:-1])
    assert (reply.content, reply.calls) == (said.content, (ToolCall("now"),))


def test_a_call_token_within_quotes_ends_the_call(chat_tokenizer: Tokenizer):
    ids = chat_tokenizer.encode_with_special('<tool_call>{"name": "f</tool_call>bye "you" </tool_call>')
    reply = decode_reply(chat_tokenizer, ids)
    assert reply.malformed == ('{"name": "f',) and reply.content == 'bye "you" </tool_call>'
    ids = chat_tokenizer.encode_with_special('<tool_call>{"name": "f\\</tool_call>bye')
    assert decode_reply(chat_tokenizer, ids).content == "bye"


def test_bytes_that_are_no_character_do_not_hide_a_call(chat_tokenizer: Tokenizer):
    call = chat_tokenizer.encode_with_special(render_call(ToolCall("f")))
    reply = decode_reply(chat_tokenizer, [*chat_tokenizer.encode_bytes(b"\xe2\x82"), *call])
    assert (reply.content, reply.calls) == ("\ufffd", (ToolCall("f"),))


def test_the_stop_ids_end_a_turn_and_a_document(chat_tokenizer: Tokenizer):
    assert chat_tokenizer.decode(stop_ids(chat_tokenizer)) == "<|im_end|><|endoftext|>"


def test_no_torch_is_imported():
    program = "import sys, codeling.chat.encode, codeling.chat.decode; sys.exit('torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0
