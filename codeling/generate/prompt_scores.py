"""How likely a prompt is itself, token by token: what evaluations that compare given answers ask for.

A request with `Sampling.prompt_logprobs` has a scorer, which is shown the model's output as the prompt is computed, in
one piece or several.

Shapes: ``T`` tokens of a piece, ``D`` width, ``V`` vocabulary.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import torch
from torch import Tensor

from codeling.generate.sampling import Alternatives, log_probabilities
from codeling.model.transformer import Transformer

_BLOCK = 64
"""Places whose logits exist at once: with a large vocabulary those of a whole prompt would be gigabytes."""


class PromptScores(NamedTuple):
    """Of every token of a prompt but the first, which nothing precedes."""

    logprobs: list[float]
    """Each by the softmax of the model's logits, whatever the request's temperature."""
    alternatives: list[Alternatives]
    """The most likely tokens in each place, as many as `Sampling.top_logprobs`."""


class PromptScorer:
    """Collects the scores of one prompt."""

    def __init__(self, prompt: Sequence[int], num_alternatives: int) -> None:
        self.num_alternatives = num_alternatives
        self._expected = list(prompt[1:])
        self.scores = PromptScores([], [])

    def take(self, model: Transformer, hidden: Tensor) -> None:
        """The model's output (T, D) at the prompt's next places."""
        done = len(self.scores.logprobs)
        for begin in range(0, len(hidden), _BLOCK):
            expected = self._expected[done + begin : done + min(begin + _BLOCK, len(hidden))]
            if not expected:
                return  # what follows the last token is not the prompt's
            logits = model.logits(hidden[begin : begin + len(expected)]).float()  # (T, V)
            tokens = torch.tensor(expected, device=hidden.device)
            logprobs, alternatives = log_probabilities(logits, tokens, [self.num_alternatives] * len(expected))
            self.scores.logprobs.extend(logprobs)
            self.scores.alternatives.extend(alternatives or [()] * len(expected))
