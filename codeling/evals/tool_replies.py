"""A model's replies to test questions: greedy, in batches, free or held to a grammar."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Literal, Protocol

from codeling.chat.decode import ReplyDecoder
from codeling.chat.encode import encode, stop_ids
from codeling.data.tool_conversations import ToolExample
from codeling.evals.tool_scores import Reply
from codeling.generate.config import Sampling
from codeling.generate.engine import Completion
from codeling.generate.grammar import Grammar, GrammarCompiler
from codeling.tokenizer.bpe import Tokenizer
from codeling.tools.calls import CallMalformed, collect

Mode = Literal["free", "constrained", "required"]
"""free: the model alone; constrained: words, or calls that fit; required: calls that fit and nothing else."""


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
    """Asks one model; compiles its grammars once.

    >>> Replier(Engine(model), tokenizer, max_tokens=160).replies(examples, "free")  # doctest: +SKIP
    """

    def __init__(self, engine: SupportsGenerate, tokenizer: Tokenizer, *, max_tokens: int) -> None:
        self._engine, self._tokenizer = engine, tokenizer
        self._sampling = Sampling(temperature=0, max_tokens=max_tokens)
        self._stop_ids = stop_ids(tokenizer)
        self._compiler: GrammarCompiler | None = None

    def replies(self, examples: Sequence[ToolExample], mode: Mode) -> list[Reply | None]:
        """The reply to each example's conversation without its last message; None where that fills the context."""
        prompts = [self._prompt(example) for example in examples]
        asked = [i for i, prompt in enumerate(prompts) if len(prompt) < self._engine.context]
        completions = self._engine.generate(
            [prompts[i] for i in asked],
            self._sampling,
            stop_ids=self._stop_ids,
            grammars=None if mode == "free" else [self._grammar(examples[i], mode) for i in asked],
        )
        found: list[Reply | None] = [None] * len(examples)
        for i, completion in zip(asked, completions, strict=True):
            found[i] = self._read(completion)
        return found

    def _prompt(self, example: ToolExample) -> list[int]:
        conversation = example.conversation
        return encode(self._tokenizer, conversation.messages[:-1], conversation.tools, add_generation_prompt=True).ids

    def _grammar(self, example: ToolExample, mode: Mode) -> Grammar:
        if self._compiler is None:
            self._compiler = GrammarCompiler(self._tokenizer)
        return self._compiler.tool_calls(example.conversation.tools, required=mode == "required", parallel=True)

    def _read(self, completion: Completion) -> Reply:
        decoder = ReplyDecoder(self._tokenizer)
        before, last = decoder.feed(completion.ids), decoder.close()
        cut = completion.finish_reason == "length"
        open_block = any(isinstance(event, CallMalformed) for event in last)
        return Reply(collect([*before, *last]), cut=cut, half_call=cut and open_block)
