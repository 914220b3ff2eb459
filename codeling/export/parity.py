"""What an export is asked, and what the checkpoint answers: the half of a verification that all readers share."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor

from codeling.chat.messages import Message
from codeling.chat.render import render
from codeling.checkpoint import LoadedModel
from codeling.errors import UsageError
from codeling.generate.config import Sampling
from codeling.generate.engine import Engine
from codeling.tokenizer.fim_format import fim_prompt
from codeling.tokenizer.special import ADDED_TOKENS, SPECIAL_TOKENS
from codeling.tools.calls import ToolCall
from codeling.tools.schema import Tool

# Blanks, line ends, digits, cases and scripts that a split pattern or a normaliser could treat in another way, and
# every special token, which a reader of trusted text must turn into its id.
TEXTS = (
    'def f(x: int) -> str:\n    """Ünïcödé."""\n\treturn f"{x:>10}"  # 1234567\n\n\n',
    "for f in *.txt; do\r\n  wc -l \"$f\" | awk '{print $1}'\r\ndone\n",
    "I'LL say it's 3.14159 — naïve façade, Ǆ ǆ ß ẞ ﬁ e\u0301 Å\u00a0\u2003\u200b end   ",
    "日本語のテキスト、한국어, العربية, हिन्दी, ไทย 👩‍👩‍👧‍👦🏳️‍🌈\U0001f600",
    "a  b   c\n \n  \n\t\t x\x00\x7f\x1b[0m",
    f"before{''.join(SPECIAL_TOKENS)} {''.join(ADDED_TOKENS)}after <|im_start|",
    "",
)
_PROMPTS = ("#!/bin/bash\n# List all files", "def fibonacci(n):\n", "Once upon a time")
_WEATHER = Tool(
    "get_weather",
    'Weather in a "city" <here>, naïve & plain',
    {"type": "object", "properties": {"city": {"type": "string"}, "days": {"type": "integer"}}, "required": ["city"]},
)
_TIME = Tool("now")
_CALLS = (ToolCall("get_weather", {"city": "Zürich", "days": 2}), ToolCall("now", {}))
CONVERSATIONS: tuple[tuple[Sequence[Message], Sequence[Tool]], ...] = (
    ((Message("user", "Hi"),), ()),
    ((Message("system", "Be brief."), Message("user", "Hi"), Message("assistant", "Hello."), Message("user", "?")), ()),
    ((Message("user", "What time is it?"),), (_WEATHER, _TIME)),
    (
        (
            Message("system", "Be brief."),
            Message("user", "Zürich, and the time?"),
            Message("assistant", "I look.", _CALLS),
            Message("tool", '{"sky": "clear"}'),
            Message("tool", "12:00"),
            Message("assistant", "", _CALLS[1:]),
            Message("tool", "12:01"),
        ),
        (_WEATHER, _TIME),
    ),
)
_ROW = 512
"""Tokens of a row of random ids at most."""


@dataclass(frozen=True)
class Check:
    """What was compared, whether it agreed, and by how much."""

    name: str
    passed: bool
    detail: str


class Reference:
    """The checkpoint's own answers, in float32 on the CPU."""

    def __init__(self, loaded: LoadedModel, *, num_tokens: int) -> None:
        """``num_tokens``: how many greedy tokens follow each prompt. UsageError when the context is too short."""
        self.model = loaded.model
        self.tokenizer = loaded.tokenizer
        self.num_tokens = num_tokens
        room = loaded.model.config.max_sequence_length - num_tokens
        if room < 1:
            raise UsageError(f"--num-tokens {num_tokens}: the model's context is {room + num_tokens}; ask for fewer")
        texts = [self.tokenizer.encode(text) for text in _PROMPTS]
        chat = render(CONVERSATIONS[2][0], CONVERSATIONS[2][1], add_generation_prompt=True)
        texts += [fim_prompt(self.tokenizer, "def add(a, b):\n    return ", "\n")]
        texts += [self.tokenizer.encode_with_special(chat)]
        self.prompts = [ids[-room:] for ids in texts]
        """Token ids: code, prose, fill-in-the-middle, a chat with tools."""

    def random_row(self) -> list[int]:
        """Ids of all kinds, as long as the context allows (up to a bound), the same at every call."""
        config = self.model.config
        length = min(config.max_sequence_length, _ROW)
        return torch.randint(config.vocab_size, (length,), generator=torch.Generator().manual_seed(0)).tolist()

    def logits(self, ids: Sequence[int]) -> Tensor:
        """(T, V) for one row of ids."""
        with torch.no_grad():
            return self.model(torch.tensor([ids]))[0]

    def greedy(self) -> list[list[int]]:
        """The ``num_tokens`` most likely tokens after each prompt, one by one; nothing ends them early."""
        sampling = Sampling(temperature=0.0, max_tokens=self.num_tokens)
        return [completion.ids for completion in Engine(self.model).generate(self.prompts, sampling)]


def renderings() -> list[tuple[list[dict[str, Any]], list[dict[str, Any]], str]]:
    """Conversations as (messages, tools) in OpenAI's shape, with the prompt that the model was trained on."""
    return [
        (
            [message.to_openai() for message in messages],
            [tool.to_openai() for tool in tools],
            render(messages, tools, add_generation_prompt=True),
        )
        for messages, tools in CONVERSATIONS
    ]


def equal(name: str, pairs: Sequence[tuple[object, object]], *, unit: str) -> Check:
    """All pairs (theirs, ours) are equal; the detail counts them or shows the first that are not."""
    wrong = [(theirs, ours) for theirs, ours in pairs if theirs != ours]
    if not wrong:
        return Check(name, True, f"{len(pairs)} of {len(pairs)} {unit} equal")
    theirs, ours = wrong[0]
    return Check(name, False, f"{len(wrong)} of {len(pairs)} {unit} differ; the first: {theirs!r}, not {ours!r}")


def within(name: str, difference: float, tolerance: float) -> Check:
    """``difference`` is at most ``tolerance``; NaN is not."""
    return Check(name, difference <= tolerance, f"{difference:.2e}, allowed {tolerance:.0e}")
