"""One completion of a prompt, for the APIs that know no more than one: its text, why it ended, how long it took."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field

from codeling.serve.backend import Backend
from codeling.serve.generation import Order, Run
from codeling.serve.reading import Choice, PlainReader
from codeling.tools.calls import ContentDelta


@dataclass
class Single:
    """A completion as it is being made."""

    order: Order
    choice: Choice
    max_seconds: float | None = None
    """Time for the completion itself; over it, it ends at the next line."""
    text: str = ""
    ids: list[int] = field(default_factory=list)
    """All tokens, also those of a stop string, and a special one that ended it."""
    ended_by_time: bool = False
    cached_tokens: int = 0
    prompt_seconds: float = 0.0
    predicted_seconds: float = 0.0

    @classmethod
    def of(cls, backend: Backend, order: Order, stop: Sequence[str], *, max_seconds: float | None = None) -> Single:
        return cls(order, Choice(0, PlainReader(backend.model.tokenizer, stop)), max_seconds)

    @property
    def finish_reason(self) -> str:
        return "length" if self.ended_by_time else self.choice.finish_reason or "length"

    async def pieces(self, run: Run) -> AsyncIterator[str]:
        """The text as it becomes certain; afterwards this object is final."""
        began = first = time.monotonic()
        async for token in run:
            deltas = self.choice.take(token)
            self.ids += [one for one in (token.id, token.stop_id) if one is not None]
            if self.choice.num_tokens <= 1:
                first = time.monotonic()
                self.prompt_seconds = first - began
                self.cached_tokens = run.cached_tokens
            new = "".join(delta.text for delta in deltas if isinstance(delta, ContentDelta))
            self.text += new
            self.predicted_seconds = time.monotonic() - first
            if self.max_seconds is not None and self.predicted_seconds > self.max_seconds and "\n" in self.text:
                self.ended_by_time = True
            if self.ended_by_time or self.choice.finish_reason is not None:
                run.cancel(0)
            if new:
                yield new

    async def whole(self, run: Run) -> str:
        async for _ in self.pieces(run):
            pass
        return self.text
