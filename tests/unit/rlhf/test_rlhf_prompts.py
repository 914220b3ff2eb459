"""Prompts and responses: their ids are what a model reads and writes, and decoding undoes encoding."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from codeling.chat.encode import encode
from codeling.chat.messages import Message
from codeling.errors import UsageError
from codeling.rlhf.prompts import decode_response, encode_prompt, encode_response, end_id
from codeling.tokenizer.special import END_OF_TEXT, IM_END, TOOL_CALL_END, TOOL_CALL_START

CHAT = [{"role": "system", "content": "Be brief."}, {"role": "user", "content": "What is 1 + 2?"}]


@pytest.mark.parametrize(("prompt", "end"), [("# List all files\n", END_OF_TEXT), (CHAT, IM_END)], ids=["text", "chat"])
def test_a_response_ends_with_the_token_of_its_form(rlhf_tokenizer, prompt, end):
    assert encode_response(rlhf_tokenizer, prompt, "ls -a\n")[-1] == rlhf_tokenizer.token_id(end)
    assert end_id(rlhf_tokenizer, prompt) == rlhf_tokenizer.token_id(end)


def test_a_chat_is_the_chat_format(rlhf_tokenizer):
    ids = encode_prompt(rlhf_tokenizer, CHAT) + encode_response(rlhf_tokenizer, CHAT, "It is 3.")
    messages = [Message.from_openai(message) for message in CHAT]
    whole = encode(rlhf_tokenizer, [*messages, Message("assistant", "It is 3.")]).ids
    assert ids == whole[: len(ids)]
    assert rlhf_tokenizer.decode(whole[len(ids) :]) == "\n"


def test_a_call_becomes_the_tokens_of_a_call_in_a_chat_only(rlhf_tokenizer):
    text = f'{TOOL_CALL_START}\n{{"name": "now", "arguments": {{}}}}\n{TOOL_CALL_END}'
    start = rlhf_tokenizer.token_id(TOOL_CALL_START)
    assert encode_response(rlhf_tokenizer, CHAT, text)[0] == start
    assert start not in encode_response(rlhf_tokenizer, "x", text)


TEXTS = st.text(max_size=40) | st.lists(
    st.sampled_from(["ls", " ", "\n", TOOL_CALL_START, TOOL_CALL_END, END_OF_TEXT, IM_END, "é", "😀"]), max_size=8
).map("".join)


@given(text=TEXTS, chat=st.booleans())
def test_decoding_undoes_encoding(rlhf_tokenizer, text, chat):
    ids = encode_response(rlhf_tokenizer, CHAT if chat else "# x\n", text)
    assert decode_response(rlhf_tokenizer, ids) == text
    assert decode_response(rlhf_tokenizer, ids[:-1]) == text  # also without its end
    assert decode_response(rlhf_tokenizer, [*ids, *ids]) == text  # what comes after the end is not read


def test_no_text_begins_after_a_document(rlhf_tokenizer):
    assert encode_prompt(rlhf_tokenizer, "") == [rlhf_tokenizer.end_of_text]


@pytest.mark.parametrize(
    ("prompt", "reason"),
    [([], "no message"), ([*CHAT, {"role": "assistant", "content": "3"}], "assistant"), ([{"role": "x"}], "role")],
)
def test_messages_that_cannot_be_answered_are_refused(rlhf_tokenizer, prompt, reason):
    with pytest.raises(UsageError, match=reason):
        encode_prompt(rlhf_tokenizer, prompt)
