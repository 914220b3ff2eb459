"""What is asked of the engine and what comes back: token ids only, text is codeling.generate.text."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

from codeling.generate.config import Sampling
from codeling.generate.grammar import Grammar
from codeling.generate.prompt_scores import PromptScores
from codeling.generate.sampling import Alternatives

FinishReason = Literal["stop", "length", "deadline", "cancelled", "error"]
"""``stop``: a stop id came, or the grammar is complete; ``length``: the token limit or the model's context was reached,
and what a grammar asked for may be incomplete; ``deadline``: the time was up; ``cancelled`` and ``error``: the
completion ends in the middle."""


@dataclass(frozen=True, eq=False)
class Request:
    """One prompt to continue.

    ``stop_ids`` end the completion and are not part of it. With a ``grammar`` it also ends as soon as that is
    complete, so an ordinary stop id would only cut it short. ``deadline_seconds``: a moment of ``time.monotonic()``.
    """

    prompt: Sequence[int]
    sampling: Sampling
    stop_ids: Collection[int] = ()
    grammar: Grammar | None = None
    deadline_seconds: float | None = None


class Emission(NamedTuple):
    """One thing that happened: a request got a token, or ended, or both at once (its last allowed token)."""

    request: int
    token: int | None
    """None when the request ended without one: by a stop id, say, which is not part of the completion."""
    finish_reason: FinishReason | None = None
    logprob: float | None = None
    """Of the token, or of the stop id, if `Sampling.logprobs` asks for it."""
    stop_id: int | None = None
    """The stop id that ended the request."""
    alternatives: Alternatives = ()
    """The most likely tokens at this place and their log-probabilities, as many as `Sampling.top_logprobs`."""
    error: Exception | None = None
    """What went wrong when the reason is ``error``."""
    cached_tokens: int = 0
    """Tokens of the prompt that needed no computing."""
    prompt_scores: PromptScores | None = None
    """With the request's first token, if `Sampling.prompt_logprobs` asks for it."""


@dataclass(frozen=True)
class Completion:
    """The tokens made for one prompt (prompt and stop id not included) and why they ended."""

    ids: list[int]
    finish_reason: FinishReason
    stop_id: int | None = None
    """The stop id that was drawn at the end, if that is what ended it."""
    logprobs: list[float] | None = None
    """One for every drawn token, ``stop_id`` included; see `Sampling.logprobs`."""
    alternatives: list[Alternatives] | None = None
    """For every drawn token the most likely ones; see `Sampling.top_logprobs`."""
    prompt_scores: PromptScores | None = None
    """How likely the prompt was; see `Sampling.prompt_logprobs`."""


def collect(emissions: Sequence[Emission]) -> Completion:
    """The completion that all ``emissions`` of one request tell of."""
    end = emissions[-1]
    assert end.finish_reason is not None
    drawn = [emission for emission in emissions if emission.logprob is not None]
    return Completion(
        ids=[emission.token for emission in emissions if emission.token is not None],
        finish_reason=end.finish_reason,
        stop_id=end.stop_id,
        logprobs=[emission.logprob for emission in drawn if emission.logprob is not None] if drawn else None,
        alternatives=[emission.alternatives for emission in drawn] if any(e.alternatives for e in drawn) else None,
        prompt_scores=emissions[0].prompt_scores,
    )
