"""A look at what the model writes while it is trained."""

from __future__ import annotations

from collections.abc import Callable

import torch

from codeling.chat.encode import encode, stop_ids
from codeling.chat.messages import Message
from codeling.errors import Failure
from codeling.generate.config import Sampling
from codeling.generate.engine import Engine
from codeling.generate.text import TextGenerator
from codeling.model.transformer import Transformer
from codeling.stages.training_setup import Setup
from codeling.tools.schema import Tool
from codeling.train.precision import Precision

_PROMPTS = {"language": ("Once upon a time",), "code": ("#!/bin/bash\n", "def ")}
_QUESTIONS = ("What is the weather like in Bergen?", "Hello!")
_TOOL = Tool(
    "get_weather",
    "Get the current weather of a city",
    {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]},
)


class Sampler:
    """Prints a few lines of the model's own, always from the same prompts and with the same random numbers."""

    def __init__(self, model: Transformer, setup: Setup, *, precision: Precision, say: Callable[[str], None]) -> None:
        self._model = model
        self._setup = setup
        self._precision = precision
        self._say = say

    def show(self, step: int) -> None:
        """Sample after ``step`` steps. The training is not touched: its random numbers start anew at each step."""
        room = self._model.config.max_sequence_length
        sampling = Sampling(temperature=0.8, top_k=50, max_tokens=min(64, room // 2), seed=1)
        self._model.eval()
        try:
            with torch.no_grad(), self._precision.autocast():
                texts = self._replies(sampling) if self._setup.config.stage == "tools" else self._texts(sampling)
        except Failure as error:  # of weights that diverge; the loop decides what becomes of the run
            self._say(f"no sample at step {step}: {error}")
        else:
            for text in texts:
                self._say(f"sample at step {step}:\n" + "\n".join(f"    {line}" for line in text.splitlines()))
        self._model.train()

    def _texts(self, sampling: Sampling) -> list[str]:
        """What follows a few words."""
        generator = TextGenerator(self._model, self._setup.tokenizer)
        prompts = _PROMPTS[self._setup.config.stage or "language"]
        return [prompt + generator.complete(prompt, sampling=sampling) for prompt in prompts]

    def _replies(self, sampling: Sampling) -> list[str]:
        """What the assistant answers when it is offered a tool."""
        tokenizer = self._setup.tokenizer
        prompts = [
            encode(tokenizer, [Message("user", question)], [_TOOL], add_generation_prompt=True).ids
            for question in _QUESTIONS
        ]
        replies = Engine(self._model).generate(prompts, sampling, stop_ids=stop_ids(tokenizer))
        return [
            f"> {question}\n{tokenizer.decode(reply.ids)}" for question, reply in zip(_QUESTIONS, replies, strict=True)
        ]
