"""From a conversation to what is generated for it: the same for every API that chats.

ChatTask --plan--> ChatPlan: a prompt, orders for the model, and readers for what it writes
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from codeling.chat.conversation import Conversation
from codeling.chat.encode import encode
from codeling.errors import UsageError
from codeling.generate.grammar import Grammar
from codeling.serve.backend import Backend
from codeling.serve.errors import invalid
from codeling.serve.generation import Order
from codeling.serve.model import ServedModel
from codeling.serve.reading import CallReader, Choice, PlainReader, Reader
from codeling.serve.sampling_fields import SamplingFields
from codeling.tools.schema import Tool


@dataclass(frozen=True)
class ToolChoice:
    """``name`` is the one tool that must be called."""

    mode: Literal["none", "auto", "required"] = "auto"
    name: str = ""


@dataclass(frozen=True)
class ChatTask:
    """What is asked, whichever API asked it.

    A last message of the assistant's without calls is the beginning of the answer, which goes on from there.
    ``json_schema``: an answer in words is one JSON value that fits it.
    """

    conversation: Conversation
    sampling: SamplingFields
    max_tokens: int | None = None
    tool_choice: ToolChoice = ToolChoice()
    parallel: bool = True
    json_schema: Mapping[str, Any] | None = None
    top_logprobs: int | None = None


@dataclass(frozen=True)
class ChatPlan:
    """``orders`` and ``choices``, one of each per completion; ``prompt`` is what all begin with."""

    prompt: list[int]
    orders: list[Order]
    choices: list[Choice]


def plan(task: ChatTask, backend: Backend) -> ChatPlan:
    """Encode and compile; what cannot be done is an ApiError that names the parameter."""
    model, sampling = backend.model, task.sampling
    model.require(sampling.model)
    prompt = chat_prompt(task.conversation, model)
    room = require_room(prompt, model, param="messages")
    max_tokens = min(task.max_tokens or room, room, backend.config.max_tokens)
    grammar, calls = _grammar(task, model)
    draws = sampling.draws(
        sampling.n,
        max_tokens=max_tokens,
        default_temperature=backend.config.temperature,
        top_logprobs=task.top_logprobs,
    )
    orders = [Order(prompt, draw, model.chat_stop_ids, grammar) for draw in draws]

    def reader() -> Reader:
        if calls:
            return CallReader(model.tokenizer, sampling.stop_strings, enforced=grammar is not None)
        return PlainReader(model.tokenizer, sampling.stop_strings)

    return ChatPlan(prompt, orders, [Choice(number, reader()) for number in range(sampling.n)])


def chat_prompt(conversation: Conversation, model: ServedModel) -> list[int]:
    """The ids before the answer."""
    messages = list(conversation.messages)
    begun = ""
    if messages[-1].role == "assistant" and not messages[-1].tool_calls:
        begun = messages.pop().content
    encoded = encode(model.tokenizer, messages, conversation.tools, add_generation_prompt=True)
    return encoded.ids + model.tokenizer.encode(begun)


def require_room(prompt: Sequence[int], model: ServedModel, *, param: str) -> int:
    """The tokens that fit after ``prompt``; ApiError when none do."""
    room = model.context - len(prompt)
    if room < 1:
        raise invalid(
            f"the prompt has {len(prompt)} tokens; the model's context is {model.context} for prompt and completion "
            f"together: shorten it",
            param=param, code="context_length_exceeded",
        )  # fmt: skip
    return room


def _grammar(task: ChatTask, model: ServedModel) -> tuple[Grammar | None, bool]:
    """What the answer may be (None: anything), and whether it may call tools."""
    tools, choice = task.conversation.tools, task.tool_choice
    if choice.mode == "required" and not tools:
        raise invalid("tool_choice asks for a call, but no tools are offered", param="tool_choice")
    answer = None
    if task.json_schema is not None:
        try:
            answer = model.grammars.json_schema(task.json_schema)
        except UsageError as error:
            raise invalid(str(error), param="response_format") from None
    if tools and choice.mode != "none":
        return _call_grammar(task, tools, model), True
    return answer, False


def _call_grammar(task: ChatTask, tools: Sequence[Tool], model: ServedModel) -> Grammar | None:
    choice = task.tool_choice
    callable_tools = [tool for tool in tools if choice.name in ("", tool.name)]
    if not callable_tools:
        offered = ", ".join(tool.name for tool in tools)
        raise invalid(f"tool_choice names {choice.name!r}, which is not offered; there are: {offered}",
                      param="tool_choice")  # fmt: skip
    required = choice.mode == "required"
    try:
        return model.grammars.tool_calls(
            callable_tools, required=required, parallel=task.parallel, answer=task.json_schema
        )
    except UsageError as error:
        if required or task.json_schema is not None:
            raise invalid(str(error), param="tools") from None
        return None  # what cannot be enforced is left to the model


def read_conversation(messages: Any, tools: Any) -> Conversation:
    """OpenAI's messages and tools; ApiError that says which one is wrong, and why."""
    try:
        read = Conversation.from_openai({"messages": messages, "tools": tools})
    except UsageError as error:
        param = "tools" if str(error).startswith(("tools", '"tools', "two tools")) else "messages"
        raise invalid(str(error), param=param) from None
    return read
