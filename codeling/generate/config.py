"""How one request draws its next token, and how much an engine takes on; free of torch."""

from __future__ import annotations

import math
from dataclasses import dataclass

from codeling.errors import UsageError

MAX_TOP_LOGPROBS = 20


@dataclass(frozen=True)
class Sampling:
    """How one request draws its tokens. Every filter that is off costs nothing.

    The order of operations is the one `transformers` uses: logit bias, penalties, temperature, top-k, top-p, min-p.
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
    presence_penalty: float = 0.0
    """Taken from the logit of every token that is in the completion so far; negative makes those more likely."""
    frequency_penalty: float = 0.0
    """Taken from a token's logit once for every time it is in the completion so far."""
    logit_bias: tuple[tuple[int, float], ...] = ()
    """Added to the logits of these tokens, as pairs (token, bias); -100 all but forbids one."""
    max_tokens: int = 128
    """Tokens to generate at most; the model's context may end a completion earlier."""
    seed: int | None = None
    """The same seed gives the same completion, whatever else is in the batch; None draws a fresh one."""

    logprobs: bool = False
    """Also give the logarithm of each drawn token's probability: the softmax of the model's logits divided by the
    temperature (by 1 when that is 0), before bias, penalties, grammar and filters."""
    prompt_logprobs: bool = False
    """Also give the logarithm of the probability of each of the prompt's tokens but the first: the softmax of the
    model's logits, whatever the temperature. Such a prompt is computed from its beginning, without the prefix cache."""
    top_logprobs: int = 0
    """With either of the two, also give this many of the most likely tokens at every place, up to 20."""

    def __post_init__(self) -> None:
        _require(math.isfinite(self.temperature) and self.temperature >= 0, "temperature", self.temperature, ">= 0")
        _require(self.top_k >= 0, "top_k", self.top_k, ">= 0 (0 turns it off)")
        _require(0 < self.top_p <= 1, "top_p", self.top_p, "above 0 and at most 1 (1 turns it off)")
        _require(0 <= self.min_p <= 1, "min_p", self.min_p, "between 0 and 1 (0 turns it off)")
        penalty = self.repetition_penalty
        _require(math.isfinite(penalty) and penalty > 0, "repetition_penalty", penalty, "above 0 (1 turns it off)")
        for name in ("presence_penalty", "frequency_penalty"):
            _require(math.isfinite(getattr(self, name)), name, getattr(self, name), "a finite number (0 turns it off)")
        finite = all(token >= 0 and math.isfinite(bias) for token, bias in self.logit_bias)
        _require(finite, "logit_bias", self.logit_bias, "pairs of a token id and a finite number")
        _require(0 <= self.top_logprobs <= MAX_TOP_LOGPROBS, "top_logprobs", self.top_logprobs, "between 0 and 20")
        reported = self.logprobs or self.prompt_logprobs or not self.top_logprobs
        _require(reported, "top_logprobs", self.top_logprobs, "0 unless logprobs or prompt_logprobs is on")
        _require(self.max_tokens >= 1, "max_tokens", self.max_tokens, ">= 1")


@dataclass(frozen=True)
class ServiceLimits:
    """How much one engine takes on.

    The memory for keys and values is bounded by ``kv_bytes``, from which the rows and the prefix cache get their part;
    requests wait until there is room for all that they may need.
    """

    max_rows: int = 32
    """Requests decoded together; more wait."""
    max_waiting: int = 256
    """Requests that may wait; a further one is refused with `QueueFull`."""
    kv_bytes: int = 2 * 2**30
    """Memory for keys and values, all in all."""
    prefix_share: float = 0.25
    """The part of it that is for texts computed before, so that a chat's history is not computed again; 0: none."""
    step_tokens: int = 512
    """Prompt tokens computed between two steps of decoding: more is faster in all, less makes streams smoother."""

    def __post_init__(self) -> None:
        for name in ("max_rows", "max_waiting", "kv_bytes", "step_tokens"):
            _require(getattr(self, name) >= 1, name, getattr(self, name), ">= 1")
        _require(0 <= self.prefix_share < 1, "prefix_share", self.prefix_share, "at least 0 and below 1")


def _require(condition: bool, name: str, value: object, rule: str) -> None:
    if not condition:
        raise UsageError(f"{name} is {value}; it must be {rule}")
