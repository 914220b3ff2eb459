"""The fields that say how tokens are drawn, shared by every API in OpenAI's manner."""

from __future__ import annotations

from dataclasses import dataclass, replace

from codeling.generate.config import Sampling
from codeling.serve.fields import any_of, boolean, fields_of, integer, list_of, mapping, number, option, text

MAX_COMPLETIONS = 16
"""Completions that one prompt may get (``n``, ``best_of``)."""
MAX_STOP_STRINGS = 16
MAX_STOP_CHARACTERS = 512
MAX_LOGPROBS = 20
_SEED = integer(-(2**63), 2**63 - 1)

STOP = any_of(text(at_most=MAX_STOP_CHARACTERS), list_of(text(at_most=MAX_STOP_CHARACTERS), at_most=MAX_STOP_STRINGS))


@dataclass(frozen=True, kw_only=True)
class StreamOptions:
    include_usage: bool = option(False, boolean(), "A last chunk says how many tokens were used.")


@dataclass(frozen=True, kw_only=True)
class SamplingFields:
    """``temperature`` None means: as the server was started."""

    model: str = option("", text(at_most=200), "The model's name; this server has one.")
    temperature: float | None = option(None, number(0, 2), "0 is greedy, higher is more random.")
    top_p: float = option(1.0, number(0, 1), "Keep the smallest set of tokens that holds this much probability.")
    top_k: int = option(0, integer(-1, 2**31), "Keep the k most likely tokens; 0 and -1 keep all.")
    min_p: float = option(0.0, number(0, 1), "Drop tokens less likely than this share of the most likely one.")
    frequency_penalty: float = option(0.0, number(-2, 2), "Per earlier use of a token in the completion.")
    presence_penalty: float = option(0.0, number(-2, 2), "For any earlier use of a token in the completion.")
    repetition_penalty: float = option(
        1.0, number(0.01, 100), "Above 1, tokens already in prompt or completion become less likely."
    )
    logit_bias: dict[str, float] | None = option(
        None, mapping(keys=r"\d{1,9}", values=number(-100, 100), at_most=300), "Added to the logits: id to bias."
    )
    seed: int | None = option(None, _SEED, "The same seed gives the same completion.")
    stop: str | tuple[str, ...] = option((), STOP, "Text that ends the completion, and is not part of it.")
    n: int = option(1, integer(1, MAX_COMPLETIONS), "Completions of each prompt.")
    stream: bool = option(False, boolean(), "Answer piece by piece, as server-sent events.")
    stream_options: StreamOptions = option(StreamOptions(), fields_of(StreamOptions), "Options of streaming.")
    user: str = option("", text(), "Not used.")

    @property
    def stop_strings(self) -> tuple[str, ...]:
        given = (self.stop,) if isinstance(self.stop, str) else self.stop
        return tuple(one for one in given if one)

    def draws(
        self,
        count: int,
        *,
        max_tokens: int,
        default_temperature: float,
        top_logprobs: int | None,
        prompt_logprobs: bool = False,
    ) -> list[Sampling]:
        """How ``count`` completions of a prompt are drawn; each has a seed of its own.

        ``top_logprobs``: how many alternatives to report with each token's log-probability; None reports neither.
        ``prompt_logprobs``: report those of the prompt too.
        """
        first = Sampling(
            temperature=default_temperature if self.temperature is None else self.temperature,
            top_k=max(self.top_k, 0),
            top_p=max(self.top_p, 1e-6),  # 0 means: the most likely token only
            min_p=self.min_p,
            repetition_penalty=self.repetition_penalty,
            presence_penalty=self.presence_penalty,
            frequency_penalty=self.frequency_penalty,
            logit_bias=tuple((int(token), bias) for token, bias in (self.logit_bias or {}).items()),
            max_tokens=max_tokens,
            logprobs=top_logprobs is not None,
            top_logprobs=top_logprobs or 0,
            prompt_logprobs=prompt_logprobs,
        )
        return [replace(first, seed=None if self.seed is None else self.seed + number) for number in range(count)]
