"""Is a conversation fit to train on? Order of roles, calls that name an offered tool, text that is text.

``check`` refuses what would teach a model something false and returns what is only worth counting. The same checks are
for generated and for imported conversations.
"""

from __future__ import annotations

import json
import re

from codeling.chat.conversation import Conversation
from codeling.chat.messages import Message
from codeling.data.tool_import_openai import BadConversation
from codeling.tokenizer.special import ADDED_TOKENS, SPECIAL_TOKENS
from codeling.tools.calls import parse_calls, render_call
from codeling.tools.schema import Tool, check_arguments

BAD_ARGUMENTS = "arguments that do not fit their schema"
TOKEN_IN_TEXT = "special token written in text (encoded as text)"

_TOKEN = re.compile("|".join(map(re.escape, (*SPECIAL_TOKENS, *ADDED_TOKENS))))
_SURROGATE = re.compile("[\ud800-\udfff]")
_SYSTEM_ROLES = ("system", "developer")


def check(conversation: Conversation) -> list[str]:
    """Raise ``BadConversation`` for a conversation that must not be trained on; else the warnings, one per finding.

    >>> check(Conversation.from_openai({"messages": [{"role": "user", "content": "hi"},
    ...                                              {"role": "assistant", "content": "Hello."}]}))
    []
    """
    tools: dict[str, Tool] = {}
    for tool in conversation.tools:
        if tool.name in tools:
            raise BadConversation("two tools have the same name", tool.name)
        tools[tool.name] = tool
    _check_order(conversation.messages)
    if _SURROGATE.search(json.dumps(conversation.to_openai(), ensure_ascii=False)):
        raise BadConversation("text with half of a surrogate pair, which is no character")
    warnings = []
    for message in conversation.messages:
        if message.role == "assistant":
            warnings += _check_reply(message, tools)
        if _TOKEN.search(message.content):
            warnings.append(TOKEN_IN_TEXT)
    return warnings


def _check_order(messages: tuple[Message, ...]) -> None:
    """System first and once; the assistant answers somebody; results follow calls, no more of them than calls."""
    before = ""
    waiting: list[str] = []
    for number, message in enumerate(messages, start=1):
        role, where = message.role, f"message {number}"
        if role in _SYSTEM_ROLES:
            if before:
                raise BadConversation("a system message that is not the first message", where)
        elif role == "tool":
            if not waiting:
                raise BadConversation("a tool message without a call before it", where)
            if message.tool_call_id and message.tool_call_id not in waiting:
                raise BadConversation("a tool message for another call", f"{where}: {message.tool_call_id}")
            waiting.remove(message.tool_call_id or waiting[0])
        elif waiting:
            raise BadConversation("calls without their results", f"{where} comes before {len(waiting)} of them")
        elif role == "assistant":
            if before not in ("user", "tool"):
                raise BadConversation("the assistant speaks without being asked", where)
            waiting = [call.id for call in message.tool_calls]
        elif role != "user":
            raise BadConversation("an unknown role", f"{where}: {role}")
        before = role
    if not any(message.role == "assistant" for message in messages):
        raise BadConversation("nothing to train: no assistant message")


def _check_reply(message: Message, tools: dict[str, Tool]) -> list[str]:
    warnings = []
    if not message.content and not message.tool_calls:
        raise BadConversation("an assistant message that says nothing")
    for call in message.tool_calls:
        if call.name not in tools:
            raise BadConversation("a call of a tool that is not offered", call.name)
        if check_arguments(tools[call.name], call.arguments):
            warnings.append(BAD_ARGUMENTS)
    # What is trained must be what the parser reads when the model writes it, or the model learns to be misread.
    blocks = [render_call(call) for call in message.tool_calls]
    reply = parse_calls("\n".join([message.content, *blocks] if message.content else blocks))
    written = [(call.name, call.arguments) for call in message.tool_calls]
    if reply.errors or [(call.name, call.arguments) for call in reply.calls] != written:
        raise BadConversation("a reply that does not read back as it was written", message.content or blocks[0])
    return warnings


def kind_of(conversation: Conversation) -> str:
    """single, parallel or multi_turn by its calls; irrelevant where tools are offered and none is called; else chat."""
    calls = [len(message.tool_calls) for message in conversation.messages if message.tool_calls]
    if not calls:
        return "irrelevant" if conversation.tools else "chat"
    if len(calls) > 1:
        return "multi_turn"
    return "parallel" if calls[0] > 1 else "single"
