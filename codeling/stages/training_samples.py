"""A look at what the model writes while it is trained."""

from __future__ import annotations

from collections.abc import Callable

import torch

from codeling.generate.config import Sampling
from codeling.generate.text import TextGenerator
from codeling.model.transformer import Transformer
from codeling.stages.training_setup import Setup
from codeling.train.precision import Precision

_PROMPTS = {"language": ("Once upon a time",), "code": ("#!/bin/bash\n", "def ")}


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
        with torch.no_grad(), self._precision.autocast():
            generator = TextGenerator(self._model, self._setup.tokenizer)
            for prompt in _PROMPTS[self._setup.config.stage or "language"]:
                text = prompt + generator.complete(prompt, sampling=sampling)
                self._say(f"sample at step {step}:\n" + "\n".join(f"    {line}" for line in text.splitlines()))
        self._model.train()
