"""A model's replies to test questions: greedy, in batches, free or held to a grammar."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Literal, Protocol

from codeling.chat.conversation import Conversation
from codeling.chat.decode import ReplyDecoder
from codeling.chat.encode import encode, stop_ids
from codeling.evals.tool_scores import Reply
from codeling.generate.config import Sampling
from codeling.generate.engine import Completion
from codeling.generate.grammar import Grammar, GrammarCompiler
from codeling.tokenizer.bpe import Tokenizer
from codeling.tools.calls import CallMalformed, collect

Mode = Literal["free", "constrained", "required"]
"""free: the model alone; constrained: words, or calls that fit; required: calls that fit and nothing else."""

_AT_ONCE = 128
"""Grammars take memory; this many are held at a time."""


class SupportsGenerate(Protocol):
    """What the suite needs of an `Engine`."""

    @property
    def context(self) -> int: ...

    def generate(
        self,
        prompts: Sequence[Sequence[int]],
        sampling: Sampling,
        *,
        stop_ids: Collection[int],
        grammars: Sequence[Grammar | None] | None,
    ) -> list[Completion]: ...


class Replier:
    """Asks one model; what its grammars need of the tokenizer is prepared once.

    >>> Replier(Engine(model), tokenizer, max_tokens=160).replies(conversations, "free")  # doctest: +SKIP
    """

    def __init__(self, engine: SupportsGenerate, tokenizer: Tokenizer, *, max_tokens: int) -> None:
        self._engine, self._tokenizer = engine, tokenizer
        self._sampling = Sampling(temperature=0, max_tokens=max_tokens)
        self._stop_ids = stop_ids(tokenizer)
        self._compiler: GrammarCompiler | None = None

    def replies(self, conversations: Sequence[Conversation], mode: Mode) -> list[Reply | None]:
        """The reply to each conversation; None where it fills the context. All are held to the same ``mode``."""
        found: list[Reply | None] = []
        for start in range(0, len(conversations), _AT_ONCE):
            found += self._replies(conversations[start : start + _AT_ONCE], mode)
        return found

    def _replies(self, conversations: Sequence[Conversation], mode: Mode) -> list[Reply | None]:
        prompts = [
            encode(self._tokenizer, one.messages, one.tools, add_generation_prompt=True).ids for one in conversations
        ]
        asked = [i for i, prompt in enumerate(prompts) if len(prompt) < self._engine.context]
        # Neighbours are computed together: of one length, little is padding.
        asked.sort(key=lambda i: len(prompts[i]))
        completions = self._engine.generate(
            [prompts[i] for i in asked],
            self._sampling,
            stop_ids=self._stop_ids,
            grammars=None if mode == "free" else [self.grammar(conversations[i], mode) for i in asked],
        )
        found: list[Reply | None] = [None] * len(conversations)
        for i, completion in zip(asked, completions, strict=True):
            found[i] = self._read(completion)
        return found

    def grammar(self, conversation: Conversation, mode: Mode) -> Grammar:
        """What a reply may be; UsageError for tools whose parameters no grammar can enforce."""
        if self._compiler is None:
            self._compiler = GrammarCompiler(self._tokenizer)
        return self._compiler.tool_calls(conversation.tools, required=mode == "required", parallel=True)

    def _read(self, completion: Completion) -> Reply:
        decoder = ReplyDecoder(self._tokenizer)
        before, last = decoder.feed(completion.ids), decoder.close()
        cut = completion.finish_reason == "length"
        open_block = any(isinstance(event, CallMalformed) for event in last)
        return Reply(collect([*before, *last]), cut=cut, half_call=cut and open_block)
