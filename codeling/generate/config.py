"""How one request draws its next token; free of torch."""

from __future__ import annotations

import math
from dataclasses import dataclass

from codeling.errors import UsageError


@dataclass(frozen=True)
class Sampling:
    """How one request draws its tokens. Every filter that is off costs nothing.

    The order of operations is the one `transformers` uses: repetition penalty, temperature, top-k, top-p, min-p.
    """

    temperature: float = 0.8
    """0 is greedy (the filters below then change nothing); higher is more random."""
    top_k: int = 0
    """Keep the k most likely tokens; 0 keeps all."""
    top_p: float = 1.0
    """Keep the smallest set of tokens that holds this much probability; 1 keeps all."""
    min_p: float = 0.0
    """Drop tokens less likely than this share of the most likely one; 0 keeps all."""
    repetition_penalty: float = 1.0
    """Above 1, tokens already in the prompt or the completion become less likely."""
    max_tokens: int = 128
    """Tokens to generate at most; the model's context may end a completion earlier."""
    seed: int | None = None
    """The same seed gives the same completion, whatever else is in the batch; None draws a fresh one."""

    logprobs: bool = False
    """Also give the logarithm of each drawn token's probability: the softmax of the model's logits divided by the
    temperature (by 1 when that is 0), before penalties, grammar and filters."""

    def __post_init__(self) -> None:
        _require(math.isfinite(self.temperature) and self.temperature >= 0, "temperature", self.temperature, ">= 0")
        _require(self.top_k >= 0, "top_k", self.top_k, ">= 0 (0 turns it off)")
        _require(0 < self.top_p <= 1, "top_p", self.top_p, "above 0 and at most 1 (1 turns it off)")
        _require(0 <= self.min_p <= 1, "min_p", self.min_p, "between 0 and 1 (0 turns it off)")
        penalty = self.repetition_penalty
        _require(math.isfinite(penalty) and penalty > 0, "repetition_penalty", penalty, "above 0 (1 turns it off)")
        _require(self.max_tokens >= 1, "max_tokens", self.max_tokens, ">= 1")


def _require(condition: bool, name: str, value: object, rule: str) -> None:
    if not condition:
        raise UsageError(f"{name} is {value}; it must be {rule}")
