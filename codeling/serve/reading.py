"""The tokens of one completion to what an API says of them: text, tool calls, log-probabilities.

Text comes out as soon as it is certain: not while a character is incomplete, nor while it may become a stop string.
"""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple, Protocol

from codeling.chat.decode import ReplyDecoder
from codeling.generate.prompt_scores import PromptScores
from codeling.generate.text import StopStrings, TextStream
from codeling.serve.generation import Run, Token
from codeling.tokenizer.bpe import Tokenizer
from codeling.tools.calls import (
    CALL_END,
    CALL_START,
    ArgumentsDelta,
    CallFinished,
    CallMalformed,
    CallStarted,
    ContentDelta,
    Event,
)

Delta = ContentDelta | CallStarted | ArgumentsDelta


class Reader(Protocol):
    """Tokens in, deltas out; with a ``stop_string``, when one came, the completion is complete."""

    @property
    def stop_string(self) -> str | None: ...

    def feed(self, token: int) -> list[Delta]: ...

    def finish(self) -> list[Delta]: ...


class PlainReader:
    """All is text, whatever it spells."""

    def __init__(self, tokenizer: Tokenizer, stop: Sequence[str]) -> None:
        self._stream = TextStream(tokenizer, stop=stop)

    @property
    def stop_string(self) -> str | None:
        return self._stream.stop_string

    def feed(self, token: int) -> list[Delta]:
        return _content(self._stream.feed(token))

    def finish(self) -> list[Delta]:
        return _content(self._stream.finish())


class CallReader:
    """A reply that may call tools; stop strings count in its text, not in calls.

    ``enforced``: a grammar holds the reply, so what begins as a call is one, and its pieces go out as they come.
    Otherwise a call goes out when it is whole, and a block that turns out to be none is text.
    """

    def __init__(self, tokenizer: Tokenizer, stop: Sequence[str], *, enforced: bool) -> None:
        self._decoder = ReplyDecoder(tokenizer)
        self._stop = StopStrings(stop)
        self._enforced = enforced
        self._num_calls = 0

    @property
    def stop_string(self) -> str | None:
        return self._stop.found

    def feed(self, token: int) -> list[Delta]:
        return self._read(self._decoder.feed([token]))

    def finish(self) -> list[Delta]:
        deltas = self._read(self._decoder.close())
        return deltas + _content(self._stop.finish())

    def _read(self, events: list[Event]) -> list[Delta]:
        deltas: list[Delta] = []
        for event in events:
            if self._stop.found is not None:
                break
            if isinstance(event, ContentDelta):
                deltas += _content(self._stop.feed(event.text))
            elif self._enforced:
                if isinstance(event, CallStarted | ArgumentsDelta):
                    deltas += [*_content(self._stop.finish()), event]
            elif isinstance(event, CallFinished):
                index, self._num_calls = self._num_calls, self._num_calls + 1
                arguments = json.dumps(event.call.arguments, ensure_ascii=False)
                deltas += [*_content(self._stop.finish()), CallStarted(index, event.call.name)]
                deltas.append(ArgumentsDelta(index, arguments))
            elif isinstance(event, CallMalformed):
                deltas += _content(self._stop.feed(f"{CALL_START}{event.text}{CALL_END}"))
        return deltas


def _content(text: str) -> list[Delta]:
    return [ContentDelta(text)] if text else []


class Logprob(NamedTuple):
    """A token with its log-probability and the likeliest tokens in its place, likeliest first."""

    id: int
    logprob: float | None
    """None for a prompt's first token, which nothing precedes."""
    top: Sequence[tuple[int, float]]


@dataclass
class Choice:
    """One completion as it is being made."""

    index: int
    reader: Reader
    num_tokens: int = 0
    """Drawn, also a special one that ended it: as in llama.cpp and vLLM, that was work like any other."""
    finish_reason: str | None = None
    num_calls: int = 0
    sum_logprob: float = 0.0
    end: Logprob | None = None
    """The special token that ended it, when its log-probability is known."""
    prompt_scores: PromptScores | None = None
    _untold: list[Logprob] = field(default_factory=list)

    def take(self, token: Token) -> list[Delta]:
        """What this token brings; afterwards ``finish_reason`` says whether, and why, the completion has ended."""
        deltas: list[Delta] = []
        self.prompt_scores = self.prompt_scores or token.prompt_scores
        self.num_tokens += token.id is not None or token.stop_id is not None
        self.sum_logprob += token.logprob or 0.0
        if token.stop_id is not None and token.logprob is not None:
            self.end = Logprob(token.stop_id, token.logprob, token.top)
        if token.id is not None:
            deltas += self.reader.feed(token.id)
            if token.logprob is not None:
                self._untold.append(Logprob(token.id, token.logprob, token.top))
        if token.finish_reason is not None and self.reader.stop_string is None:
            deltas += self.reader.finish()
        self.num_calls += sum(isinstance(delta, CallStarted) for delta in deltas)
        self.finish_reason = "stop" if self.reader.stop_string is not None else token.finish_reason
        return deltas

    @property
    def mean_logprob(self) -> float:
        """Per token; of nothing, the worst."""
        return self.sum_logprob / self.num_tokens if self.num_tokens else float("-inf")

    def take_logprobs(self) -> list[Logprob]:
        """The tokens whose text has come out since the last time; those of a stop string never do."""
        logprobs, self._untold = self._untold, []
        return logprobs


async def deltas_of(run: Run, choices: Sequence[Choice]) -> AsyncIterator[tuple[Choice, list[Delta]]]:
    """What each token brings to its completion, until all have ended; a completion that a stop string ends is let go.

    The last time that a completion comes, its ``finish_reason`` is set.
    """
    async for token in run:
        choice = choices[token.choice]
        deltas = choice.take(token)
        if choice.finish_reason is not None:
            run.cancel(choice.index)
        yield choice, deltas
