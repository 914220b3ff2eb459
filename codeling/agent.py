"""A model that uses tools: generate, see a call, run the tool, show the model its result, go on.

    messages --encode--> ids --engine--> reply --decode--> text
        ^                                  |
        +---- result <---- executor <---- call

Whatever a model writes has an answer. A call of an unknown tool, arguments that do not fit, a call that is no JSON: the
model is told in place of a result and may try again. Rounds, calls, results and context are bounded, each bound says so
when it is reached, and every step goes to a log.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Collection, Generator, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Literal, Protocol

from codeling.chat.decode import ReplyDecoder
from codeling.chat.encode import encode
from codeling.chat.messages import Message
from codeling.errors import UsageError
from codeling.generate.config import Sampling
from codeling.generate.engine import Emission, FinishReason
from codeling.generate.grammar import Grammar, GrammarCompiler
from codeling.tokenizer.bpe import Tokenizer
from codeling.tokenizer.special import SPECIAL_TOKENS
from codeling.tools.calls import CallFinished, CallMalformed, ContentDelta, ToolCall, collect
from codeling.tools.calls import Event as ReplyEvent
from codeling.tools.context import ExecutableTool, ToolContext, shorten, to_json
from codeling.tools.executors import error_text, execute

MAX_CALLS = 8
"""Calls of one reply that are carried out."""

Reason = FinishReason | Literal["rounds", "context"]


@dataclass(frozen=True)
class TextDelta:
    """The next piece of what the assistant says."""

    text: str


@dataclass(frozen=True)
class Called:
    """The assistant calls a tool, which runs next."""

    call: ToolCall


@dataclass(frozen=True)
class Answered:
    """What the tool answered; ``call`` is None when it answers something that was meant as a call and was none."""

    call: ToolCall | None
    result: str
    seconds: float


@dataclass(frozen=True)
class Forgotten:
    """The conversation no longer fits: the model does not see the ``messages`` oldest ones of it (any more)."""

    messages: int


@dataclass(frozen=True)
class Done:
    """The answer is complete.

    ``reason``: ``stop``, the assistant has finished; ``length``, its limit of tokens was reached; ``rounds``, it went
    on calling until ``max_rounds``; ``context``, the question alone, with the tools, fills the context.
    """

    reason: Reason
    rounds: int
    tokens: int
    seconds: float


Event = TextDelta | Called | Answered | Forgotten | Done


class SupportsStream(Protocol):
    """What the agent needs of an `Engine`."""

    @property
    def context(self) -> int: ...

    def stream(
        self,
        prompts: Sequence[Sequence[int]],
        sampling: Sampling,
        *,
        stop_ids: Collection[int],
        grammars: Sequence[Grammar | None] | None,
    ) -> Iterable[Emission]: ...


class Agent:
    """Answers in conversations; holds no conversation itself.

    >>> agent = Agent(Engine(model), tokenizer, CATALOG, context=ToolContext(workspace))  # doctest: +SKIP
    >>> messages = [Message("user", "What is 17 * 23? Use Python.")]  # doctest: +SKIP
    >>> for event in agent.reply(messages):  # doctest: +SKIP
    ...     print(event)
    Called(call=ToolCall(name='execute_python', arguments={'code': 'print(17 * 23)'}, id='call_1'))
    Answered(call=..., result='{"exit_code": 0, "stdout": "391\\\\n"}', seconds=0.05)
    TextDelta(text='It is 391.')
    Done(reason='stop', rounds=2, tokens=41, seconds=0.9)
    """

    def __init__(
        self,
        engine: SupportsStream,
        tokenizer: Tokenizer,
        tools: Mapping[str, ExecutableTool] | None = None,
        *,
        context: ToolContext | None = None,
        sampling: Sampling | None = None,
        max_rounds: int = 5,
        max_result_characters: int = 4000,
        constrained: bool = False,
        log: Path | None = None,
    ) -> None:
        """``context`` is for the tools, and needed with some; ``constrained`` lets the model write no call but a right
        one; ``log`` is a file that gets a line of JSON for each step."""
        if max_rounds < 1:
            raise UsageError(f"max_rounds is {max_rounds}; it must be >= 1")
        if tools and context is None:
            raise UsageError("an agent with tools needs a context: ToolContext(workspace)")
        self._engine, self._tokenizer = engine, tokenizer
        self._tools, self._context = dict(tools or {}), context
        self._sampling = sampling or Sampling()
        self._max_rounds, self._max_result_characters = max_rounds, max_result_characters
        self._offered = tuple(entry.tool for entry in self._tools.values())
        # Special tokens are never text: a model that writes one has ended its turn, whichever it is.
        self._stop_ids = frozenset(tokenizer.token_id(name) for name in SPECIAL_TOKENS)
        self._grammar = (
            GrammarCompiler(tokenizer).tool_calls(self._offered, required=False, parallel=True)
            if constrained and self._offered
            else None
        )
        self._log = _Log(log)

    def reply(self, messages: list[Message]) -> Generator[Event, None, None]:
        """Answer the last message; the reply, calls and results are appended to ``messages`` as they happen.

        The iterator may be left at any point, also by Ctrl-C: what was said until then is in ``messages``, and a call
        without a result has one that says so. Then, as always, the next user message can follow.
        """
        begun, tokens, forgotten = time.monotonic(), 0, 0
        reason: Reason | None = None
        rounds = 0
        while reason is None:
            if rounds == self._max_rounds:
                reason = "rounds"
                break
            ids, left_out = self._fit(messages)
            if left_out != forgotten:
                forgotten = left_out
                self._log.write("forgotten", messages=left_out)
                yield Forgotten(left_out)
            if len(ids) >= self._engine.context:
                reason = "context"
                break
            rounds += 1
            turn = _Turn()
            yield from self._generate(ids, messages, turn)
            tokens += len(turn.ids)
            if turn.blocks:
                yield from self._answer(messages, turn)
            else:
                reason = turn.finish_reason
        done = Done(reason, rounds, tokens, time.monotonic() - begun)
        self._log.write("done", reason=reason, rounds=rounds, tokens=tokens, seconds=round(done.seconds, 3))
        yield done

    def _generate(self, ids: list[int], messages: list[Message], turn: _Turn) -> Iterator[Event]:
        """Let the model write one reply, and append it to the conversation."""
        self._log.write("prompt", messages=len(messages), tokens=len(ids), last=messages[-1].to_openai())
        begun = time.monotonic()
        seed = self._sampling.seed
        # Another seed for every place in a conversation, or rounds would repeat the same random numbers.
        sampling = self._sampling if seed is None else replace(self._sampling, seed=seed + len(messages))
        decoder = ReplyDecoder(self._tokenizer)
        whole = False
        try:
            for emission in self._engine.stream(
                [ids], sampling, stop_ids=self._stop_ids, grammars=None if self._grammar is None else [self._grammar]
            ):
                if emission.token is not None:
                    turn.ids.append(emission.token)
                    yield from turn.take(decoder.feed([emission.token]))
                if emission.finish_reason is not None:
                    turn.finish_reason = emission.finish_reason
            yield from turn.take(decoder.close())
            whole = True
        finally:
            # A reply that was interrupted has said something, but calls nothing any more.
            calls = turn.name_calls(1 + sum(len(message.tool_calls) for message in messages)) if whole else []
            messages.append(Message("assistant", collect(turn.events).content, tuple(calls)))
            self._log.write(
                "reply",
                text=self._tokenizer.decode(turn.ids),
                tokens=len(turn.ids),
                finish_reason=turn.finish_reason if whole else "interrupted",
                seconds=round(time.monotonic() - begun, 3),
            )

    def _answer(self, messages: list[Message], turn: _Turn) -> Iterator[Event]:
        """Carry out the calls of a reply, one after the other, and append their results."""
        waiting = list(turn.blocks)
        try:
            for number, block in enumerate(turn.blocks):
                begun = time.monotonic()
                call = None if isinstance(block, str) else block
                if call is not None:
                    self._log.write("call", id=call.id, name=call.name, arguments=call.arguments)
                    yield Called(call)
                result = self._result_of(block, number)
                seconds = time.monotonic() - begun
                del waiting[0]
                messages.append(_result_message(call, result))
                self._log.write("result", id=call.id if call else "", result=result, seconds=round(seconds, 3))
                yield Answered(call, result, seconds)
        finally:
            for block in waiting:
                call = None if isinstance(block, str) else block
                messages.append(_result_message(call, error_text("interrupted by the user")))

    def _result_of(self, block: ToolCall | str, number: int) -> str:
        """The result of a call, or of what was none (then ``block`` is the reason)."""
        if isinstance(block, str):
            return error_text(block)
        if number >= MAX_CALLS:
            return error_text(f"only the first {MAX_CALLS} calls of a reply are carried out; make this one again")
        tool = self._tools.get(block.name)
        if tool is None:
            there = f"there are: {', '.join(self._tools)}" if self._tools else "there are none"
            return error_text(f"there is no tool {block.name!r}; {there}")
        assert self._context is not None
        result = execute(tool, block.arguments, self._context)
        if len(result) > self._max_result_characters:
            return to_json({"shortened": shorten(result, self._max_result_characters)})
        return result

    def _fit(self, messages: Sequence[Message]) -> tuple[list[int], int]:
        """The ids of the prompt, and how many messages were left out so that an answer finds room after it.

        Left out are the oldest questions with all that followed them, then the oldest calls of the current question.
        The system message, the question and the latest results stay, even where they alone fill the context.
        """
        room = self._engine.context - min(self._sampling.max_tokens, self._engine.context // 4)
        num_system = int(bool(messages) and messages[0].role in ("system", "developer"))
        system, rest = messages[:num_system], list(messages[num_system:])
        left_out = 0
        while True:
            prompt = encode(self._tokenizer, [*system, *rest], self._offered, add_generation_prompt=True).ids
            start, stop = _oldest(rest)
            if len(prompt) <= room or start == stop:
                return prompt, left_out
            del rest[start:stop]
            left_out += stop - start


@dataclass
class _Turn:
    """One reply of the model while it is written."""

    ids: list[int] = field(default_factory=list)
    events: list[ReplyEvent] = field(default_factory=list)
    blocks: list[ToolCall | str] = field(default_factory=list)
    """Calls in order; a text is the reason why a block is none."""
    finish_reason: FinishReason = "stop"

    def take(self, events: Iterable[ReplyEvent]) -> Iterator[Event]:
        """Keep what was read; what is said is passed on at once."""
        for event in events:
            self.events.append(event)
            if isinstance(event, ContentDelta):
                yield TextDelta(event.text)

    def name_calls(self, first: int) -> list[ToolCall]:
        """Fill in ``blocks``, the calls with ids from ``first`` on; returns the calls."""
        reasons = iter(collect(self.events).errors)
        calls: list[ToolCall] = []
        for event in self.events:
            if isinstance(event, CallFinished):
                calls.append(replace(event.call, id=f"call_{first + len(calls)}"))
                self.blocks.append(calls[-1])
            elif isinstance(event, CallMalformed):
                self.blocks.append(next(reasons))
        return calls


def _result_message(call: ToolCall | None, result: str) -> Message:
    return Message("tool", result, tool_call_id=call.id if call else "")


def _oldest(messages: Sequence[Message]) -> tuple[int, int]:
    """Where the oldest part that can go is: a question with its answer, else a reply with its results, else nothing."""
    users = [i for i, message in enumerate(messages) if message.role == "user"]
    if len(users) > 1:
        return 0, users[1]
    replies = [i for i, message in enumerate(messages) if message.role == "assistant"]
    return (replies[0], replies[1]) if len(replies) > 1 else (0, 0)


class _Log:
    """Appends lines of JSON; a log that cannot be written is reported once and ends nothing."""

    def __init__(self, path: Path | None) -> None:
        self._path = path

    def write(self, event: str, **values: Any) -> None:
        if self._path is None:
            return
        line = json.dumps({"time": round(time.time(), 3), "event": event, **values}, ensure_ascii=False)
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            with self._path.open("a", encoding="utf-8", errors="replace") as file:
                file.write(line + "\n")
        except OSError as error:
            print(f"{self._path}: nothing more is logged: {error}", file=sys.stderr)
            self._path = None
