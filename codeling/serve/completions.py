"""`POST /v1/completions`: text goes on, or the middle between a prompt and a suffix is filled
(https://platform.openai.com/docs/api-reference/completions).
"""

from __future__ import annotations

import time
import uuid
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from codeling.serve.answering import body_of, respond
from codeling.serve.backend import Backend, prepared
from codeling.serve.chat_completions import usage
from codeling.serve.chat_plan import require_room
from codeling.serve.errors import invalid
from codeling.serve.fields import any_of, boolean, integer, list_of, option, read_fields, text
from codeling.serve.generation import Order, Run
from codeling.serve.operations import Operation
from codeling.serve.reading import Choice, Delta, Logprob, PlainReader, deltas_of
from codeling.serve.sampling_fields import MAX_COMPLETIONS, MAX_LOGPROBS, SamplingFields
from codeling.serve.sse import DONE, event
from codeling.serve.text_prompts import text_prompt
from codeling.tools.calls import ContentDelta

MAX_PROMPTS = 64
MAX_TOGETHER = 64
"""Completions of one request, prompts times ``n`` or ``best_of``."""
MAX_SCORES = 500_000
"""Log-probabilities of prompts' tokens, and of alternatives to them, in one answer."""

_ID = integer(0, 2**31)


@dataclass(frozen=True, kw_only=True)
class CompletionRequest(SamplingFields):
    prompt: str | tuple[Any, ...] = option(
        "",
        any_of(
            text(),
            list_of(text(), at_least=1, at_most=MAX_PROMPTS),
            list_of(_ID, at_least=1),
            list_of(list_of(_ID, at_least=1), at_least=1, at_most=MAX_PROMPTS),
        ),
        "Text or token ids, or a list of such prompts. Nothing begins a new document.",
    )
    suffix: str = option("", text(), "Text after the gap: the completion is what belongs between prompt and suffix.")
    max_tokens: int = option(16, integer(0), "Tokens of a completion at most; the context may end it earlier.")
    echo: bool = option(False, boolean(), "Begin each completion with its prompt, whose logprobs are reported too.")
    logprobs: int | None = option(
        None, integer(0, MAX_LOGPROBS), "Report log-probabilities, and those of so many alternatives in each place."
    )
    best_of: int | None = option(
        None, integer(1, MAX_COMPLETIONS), "Make so many completions and answer with the n likeliest per token."
    )

    def prompts(self) -> list[str | Sequence[int]]:
        if isinstance(self.prompt, str):
            return [self.prompt]
        return [self.prompt] if isinstance(self.prompt[0], int) else list(self.prompt)

    @property
    def num_made(self) -> int:
        """Completions made for each prompt."""
        return max(self.n, self.best_of or 1)

    @property
    def scores_prompts(self) -> bool:
        """Whether the log-probabilities of the prompts are wanted, as evaluations do."""
        return self.echo and self.logprobs is not None


@dataclass
class _Plan:
    asked: CompletionRequest
    prompts: list[list[int]]
    echoes: list[str]
    orders: list[Order]
    choices: list[Choice]


@dataclass
class _Whole:
    text: str = ""
    logprobs: list[Logprob] = field(default_factory=list)


class Completions:
    """The endpoint."""

    def __init__(self, backend: Backend) -> None:
        self._backend = backend

    def operations(self) -> list[Operation]:
        return [
            Operation(
                "POST", "/v1/completions", "Continue text, or fill a gap in it", self.create,
                body=CompletionRequest, streams="text/event-stream", statuses=(404, 429),
            )
        ]  # fmt: skip

    async def create(self, request: Request) -> Response:
        planned = await prepared(self._prepare, await body_of(request, self._backend))
        answer = _Answer(self._backend, planned)
        pieces = answer.chunks if planned.asked.stream else None
        return await respond(request, self._backend, planned.orders, whole=answer.whole, pieces=pieces)

    def _prepare(self, body: Any) -> _Plan:
        asked, model = read_fields(CompletionRequest, body), self._backend.model
        model.require(asked.model)
        _check(asked)
        prompts = [text_prompt(prompt, asked.suffix, model) for prompt in asked.prompts()]
        num_scores = sum(map(len, prompts)) * asked.num_made * (1 + (asked.logprobs or 0))
        if asked.scores_prompts and num_scores > MAX_SCORES:
            raise invalid(
                f"{num_scores} log-probabilities of prompts are more than {MAX_SCORES}: ask for fewer prompts, "
                f"alternatives or completions at a time",
                param="logprobs",
            )
        echoes = [
            (prompt if isinstance(prompt, str) else model.tokenizer.decode(prompt)) if asked.echo else ""
            for prompt in asked.prompts()
        ]
        orders, choices = [], []
        logprobs = asked.logprobs
        if logprobs is None and asked.num_made > asked.n:
            logprobs = 0  # to know the best
        for prompt in prompts:
            room = require_room(prompt, model, param="prompt")
            if not asked.max_tokens and not asked.scores_prompts:
                continue  # only echoes
            draws = asked.draws(
                asked.num_made,
                # Scores come with a first token, which is not shown when none was asked for.
                max_tokens=min(asked.max_tokens or 1, room, self._backend.config.max_tokens),
                default_temperature=self._backend.config.temperature,
                top_logprobs=logprobs,
                prompt_logprobs=asked.scores_prompts,
            )
            for draw in draws:
                orders.append(Order(prompt, draw, model.text_stop_ids))
                choices.append(Choice(len(choices), PlainReader(model.tokenizer, asked.stop_strings)))
        return _Plan(asked, prompts, echoes, orders, choices)


def _check(asked: CompletionRequest) -> None:
    if asked.best_of is not None and asked.best_of < asked.n:
        raise invalid(f"best_of is {asked.best_of}, less than n, which is {asked.n}", param="best_of")
    if asked.stream and asked.num_made > asked.n:
        raise invalid("best_of cannot be streamed: which is best is known at the end", param="best_of")
    if len(asked.prompts()) * asked.num_made > MAX_TOGETHER:
        raise invalid(
            f"{len(asked.prompts())} prompts with {asked.num_made} completions each are more than {MAX_TOGETHER}",
            param="n",
        )
    if asked.scores_prompts and asked.suffix:
        raise invalid("logprobs of a prompt with a suffix are not available: ask without echo", param="logprobs")


class _Answer:
    """One answer, in either form."""

    def __init__(self, backend: Backend, planned: _Plan) -> None:
        self._planned, self._asked = planned, planned.asked
        self._tokenizer = backend.model.tokenizer
        self._head = {
            "id": f"cmpl-{uuid.uuid4().hex}",
            "object": "text_completion",
            "created": int(time.time()),
            "model": backend.model.name,
            "system_fingerprint": backend.model.fingerprint,
        }

    async def whole(self, run: Run) -> dict[str, Any]:
        planned, asked = self._planned, self._asked
        wholes = [_Whole() for _ in planned.choices]
        async for choice, deltas in deltas_of(run, planned.choices):
            if deltas and asked.max_tokens:
                wholes[choice.index].text += _text(deltas)
                wholes[choice.index].logprobs += choice.take_logprobs()
        entries = []
        for number, echo in enumerate(planned.echoes):
            made = planned.choices[number * asked.num_made : (number + 1) * asked.num_made]
            if asked.num_made > asked.n:
                made = sorted(made, key=lambda one: one.mean_logprob, reverse=True)[: asked.n]
            entries += [
                self._entry(
                    len(entries) + i,
                    echo + wholes[choice.index].text,
                    [*self._of_prompt(choice), *wholes[choice.index].logprobs, *self._of_end(choice)],
                    reason=self._reason(choice),
                )
                for i, choice in enumerate(made)
            ]
            if not made:
                entries += [self._entry(len(entries) + i, echo, (), reason="length") for i in range(asked.n)]
        return self._head | {"choices": entries, "usage": self._usage(run)}

    async def chunks(self, run: Run) -> AsyncIterator[bytes]:
        asked, choices = self._asked, self._planned.choices
        offsets = [0] * len(choices)
        for index, echo in enumerate(echo for echo in self._planned.echoes for _ in range(asked.n)):
            if asked.echo and not asked.scores_prompts:
                yield self._chunk(index, echo)
            if not choices:
                yield self._chunk(index, "", reason="length")
        unscored = set(range(len(choices))) if asked.scores_prompts else set()
        async for choice, deltas in deltas_of(run, choices):
            index = choice.index
            if index in unscored:
                unscored.remove(index)
                logprobs = self._of_prompt(choice)
                yield self._chunk(index, self._planned.echoes[index // asked.num_made], logprobs)
                offsets[index] += self._length(logprobs)
            if deltas and asked.max_tokens:
                logprobs = choice.take_logprobs()
                yield self._chunk(index, _text(deltas), logprobs, offset=offsets[index])
                offsets[index] += self._length(logprobs)
            if choice.finish_reason is not None:
                yield self._chunk(index, "", self._of_end(choice), offset=offsets[index], reason=self._reason(choice))
        if asked.stream_options.include_usage:
            yield event(self._head | {"choices": [], "usage": self._usage(run)})
        yield DONE

    def _chunk(
        self, index: int, text: str, logprobs: Sequence[Logprob] = (), *, offset: int = 0, reason: str | None = None
    ) -> bytes:
        chunk = self._head | {"choices": [self._entry(index, text, logprobs, offset=offset, reason=reason)]}
        return event(chunk | {"usage": None} if self._asked.stream_options.include_usage else chunk)

    def _entry(
        self, index: int, text: str, logprobs: Sequence[Logprob], *, offset: int = 0, reason: str | None
    ) -> dict[str, Any]:
        told = None if self._asked.logprobs is None else self._logprobs(logprobs, offset)
        return {"index": index, "text": text, "logprobs": told, "finish_reason": reason}

    def _logprobs(self, logprobs: Sequence[Logprob], offset: int) -> dict[str, Any]:
        decode = self._tokenizer.decode
        tokens = [decode([one.id]) for one in logprobs]
        offsets = []
        for token in tokens:
            offsets.append(offset)
            offset += len(token)
        return {
            "tokens": tokens,
            "token_logprobs": [one.logprob for one in logprobs],
            "top_logprobs": [
                None if one.logprob is None else {decode([token]): logprob for token, logprob in one.top}
                for one in logprobs
            ],
            "text_offset": offsets,
        }

    def _of_prompt(self, choice: Choice) -> list[Logprob]:
        if choice.prompt_scores is None:
            return []
        first, *others = self._planned.orders[choice.index].prompt
        return [Logprob(first, None, ()), *map(Logprob, others, *choice.prompt_scores)]

    def _of_end(self, choice: Choice) -> list[Logprob]:
        """The token that ended it, though it is not in the text: who scores prompts with ``max_tokens`` 1 cuts one
        token off, and without it that would be one of the prompt's.
        """
        return [choice.end] if choice.end is not None and self._asked.scores_prompts and self._asked.max_tokens else []

    def _reason(self, choice: Choice) -> str | None:
        return choice.finish_reason if self._asked.max_tokens else "length"

    def _length(self, logprobs: Sequence[Logprob]) -> int:
        """Of their text, in characters."""
        return sum(len(self._tokenizer.decode([one.id])) for one in logprobs)

    def _usage(self, run: Run) -> dict[str, Any]:
        made = sum(choice.num_tokens for choice in self._planned.choices) if self._asked.max_tokens else 0
        return usage(sum(map(len, self._planned.prompts)), made, run.cached_tokens)


def _text(deltas: Sequence[Delta]) -> str:
    return "".join(delta.text for delta in deltas if isinstance(delta, ContentDelta))
