"""An answer as a row of blocks, one open at a time: how Anthropic's and OpenAI's newer API tell of text and calls."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Literal, NamedTuple

from codeling.serve.generation import Run
from codeling.serve.reading import Choice, deltas_of
from codeling.tools.calls import ArgumentsDelta, CallStarted, ContentDelta


@dataclass
class Block:
    """Text, or with a ``name`` the call of a tool, whose JSON arguments are ``text``."""

    index: int
    name: str = ""
    text: str = ""


class Step(NamedTuple):
    """What happened to a block; ``text`` is what came, when it grew."""

    what: Literal["opened", "grew", "closed"]
    block: Block
    text: str = ""


async def steps_of(run: Run, choice: Choice) -> AsyncIterator[Step]:
    """The blocks of a run's only completion as they are written."""
    block: Block | None = None
    count = 0
    async for _, deltas in deltas_of(run, [choice]):
        for delta in deltas:
            continues = block is not None and (
                isinstance(delta, ArgumentsDelta) or (isinstance(delta, ContentDelta) and not block.name)
            )
            if not continues:
                if block is not None:
                    yield Step("closed", block)
                block = Block(count, delta.name if isinstance(delta, CallStarted) else "")
                count += 1
                yield Step("opened", block)
            assert block is not None
            if not isinstance(delta, CallStarted):
                block.text += delta.text
                yield Step("grew", block, delta.text)
    if block is not None:
        yield Step("closed", block)


async def blocks_of(run: Run, choice: Choice) -> list[Block]:
    """All of them."""
    return [step.block async for step in steps_of(run, choice) if step.what == "closed"]
