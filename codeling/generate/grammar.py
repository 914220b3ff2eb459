"""Constrained decoding: at every token, what a grammar still allows.

    schema | tools | regex --GrammarCompiler--> Grammar --begin, one per request--> Constraint
    logits --Constraint.allowed: all other tokens are impossible--> sampling --token--> Constraint.accept

`llguidance` (https://github.com/guidance-ai/llguidance) does the parsing: it follows bytes, so any way of cutting an
allowed text into tokens is allowed, and special tokens are never text. JSON is written as `json.dumps` writes it
(``ensure_ascii=False``; only DEL differs, as \\u007f): ", " and ": ", no other white space, on which a weak model would
spend its tokens, and properties in the schema's order.

Shapes: ``n`` requests, ``V`` vocabulary.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import takewhile
from typing import Any

import numpy as np
import torch
from llguidance import LLMatcher, LLTokenizer, regex_to_lark
from torch import Tensor

from codeling.errors import Failure, UsageError
from codeling.generate.enforceable import enforceable
from codeling.tokenizer.bpe import Tokenizer
from codeling.tokenizer.special import END_OF_TEXT, IM_END, TOOL_CALL_END, TOOL_CALL_START
from codeling.tools.schema import Tool

# Without forcing: where only one text can follow, `llguidance` would otherwise allow only its own way of cutting that
# text into tokens, which is not always the tokenizer's (and so the model's): it does not look at what came before.
_HEADER = '%llguidance {"no_forcing": true}\n'
_SEPARATORS = {"whitespace_flexible": False, "item_separator": ", ", "key_separator": ": "}
_PLACE = re.compile(r"^at \d+\(\d+\): (failed to compile JSON schema: )?")
_DETAILS = re.compile(r"\s*\d+ \| |<state>")
# A reply's text may not spell the marker that opens a call: readers would take it for one.
_TEXT_OR_CALLS = f"""
start: TEXT? | INTRODUCTION? calls
TEXT: /(?s:.+)/ & ~/(?s:.*){TOOL_CALL_START}(?s:.*)/
INTRODUCTION: TEXT "\\n"
"""


class GrammarCompiler:
    """Makes grammars for the tokens of one tokenizer. Building it takes a while; keep it.

    >>> compiler = GrammarCompiler(tokenizer)  # doctest: +SKIP
    >>> grammar = compiler.json_schema({"type": "object", "properties": {"n": {"type": "integer"}}})  # doctest: +SKIP
    >>> engine.generate([prompt], sampling, grammars=[grammar])  # doctest: +SKIP

    A grammar that cannot be enforced is a UsageError that names the problem.
    """

    def __init__(self, tokenizer: Tokenizer) -> None:
        ends = [token.id for token in tokenizer.vocabulary.added if token.content in (END_OF_TEXT, IM_END)]
        if not ends:
            raise UsageError(f"the tokenizer has neither {END_OF_TEXT} nor {IM_END}, so no completion could end")
        self.vocab_size = tokenizer.vocab_size
        self._tokenizer = LLTokenizer(tokenizer.to_json(), n_vocab=tokenizer.vocab_size, eos_token=ends)
        self._ends = frozenset(ends)

    def json_schema(self, schema: Mapping[str, Any]) -> Grammar:
        """Exactly one JSON value that fits a JSON Schema (draft 2020-12).

        Properties come in the schema's order. An object that lists its properties has no others, unless the schema
        says something about others (``additionalProperties``, ``patternProperties``) or merges schemas (``allOf``).
        ``format`` is enforced where `llguidance` knows it, and a remark elsewhere, as in JSON Schema itself.
        Two things no grammar of this kind can see, and strict readers refuse: a key that the schema does not name may
        come twice, and a number without bounds may have an exponent that no float holds (1e999).
        """
        return self._compile(_json_grammar(enforceable(schema)), what="the JSON schema")

    def json_object(self) -> Grammar:
        """Any JSON object."""
        return self.json_schema({"type": "object"})

    def regex(self, pattern: str) -> Grammar:
        """Text that ``pattern`` matches as a whole; the syntax is Rust's, without look-around and back-references."""
        return self._compile(f"start: /(?:{regex_to_lark(pattern)})/", what=f"the pattern {pattern!r}")

    def tool_calls(
        self, tools: Sequence[Tool], *, required: bool, parallel: bool, answer: Mapping[str, Any] | None = None
    ) -> Grammar:
        """A reply that may call ``tools``, each call as ``codeling.tools.calls.render_call`` writes it.

        ``required``: one call or more and nothing else; otherwise free text, calls, or text followed by calls; with the
        JSON Schema ``answer``, calls or one JSON value that fits it. ``parallel``: any number of calls instead of one.
        To have one certain function called, offer only it.
        """
        names = [tool.name for tool in tools]
        if not tools:
            raise UsageError("no tools to call: offer at least one, or generate without a grammar")
        if len(set(names)) < len(names):
            twice = sorted({name for name in names if names.count(name) > 1})
            raise UsageError(f"several tools have the name {', '.join(twice)}; names must differ")
        schemas = []
        for tool in tools:
            # The rule for tools: what is not declared does not exist.
            declared = {"type": "object", "properties": {}} | tool.parameters
            schemas.append(enforceable(declared, what=_parameters_of(tool)))
        rest = "" if required else _TEXT_OR_CALLS if answer is None else _json_or_calls(enforceable(answer))
        source = _calls_grammar(names, schemas, parallel=parallel) + (rest or "\nstart: calls")
        try:
            return self._compile(source, what="the tools")
        except UsageError:
            for tool, schema in zip(tools, schemas, strict=True):  # which one is it?
                self._compile(_json_grammar(schema), what=_parameters_of(tool))
            raise

    def _compile(self, source: str, *, what: str) -> Grammar:
        matcher = LLMatcher(self._tokenizer, _HEADER + source, log_level=0)
        if matcher.is_error():
            raise UsageError(f"{what} cannot be enforced: {_reason(matcher.get_error())}")
        return Grammar(matcher, self.vocab_size, self._ends)


@dataclass(frozen=True)
class Grammar:
    """The texts that a completion may be; immutable, for any number of requests at once."""

    _start: LLMatcher
    vocab_size: int
    end_ids: frozenset[int]
    """The tokens that say "complete" where the text could also go on; never part of a completion."""

    def begin(self) -> Constraint:
        """For one request, before its first token."""
        return Constraint(self._start.deep_copy(), self.vocab_size)


class Constraint:
    """How far one request has come in its grammar.

    There is always a token that is allowed, and every allowed token leads on: a text can end only when it is
    complete. Should a grammar grow beyond the parser's limits on the way, that is a Failure.
    """

    def __init__(self, matcher: LLMatcher, vocab_size: int) -> None:
        self._matcher = matcher
        self._vocab_size = vocab_size

    def allowed(self) -> np.ndarray:
        """Which tokens may come next, (V,) bool; the grammar's ``end_ids`` are among them when the text is complete."""
        bits = np.frombuffer(self._matcher.compute_bitmask(), np.uint8)
        self._check()
        return np.unpackbits(bits, count=self._vocab_size, bitorder="little").view(np.bool_)

    def accept(self, token: int) -> None:
        """Take in the next token, one that was allowed."""
        self._matcher.consume_token(token)
        self._check()

    @property
    def complete(self) -> bool:
        """Whether the text so far is a whole one; it may still be one that can go on (digits of a number, say)."""
        return self._matcher.is_accepting()

    @property
    def finished(self) -> bool:
        """Whether the text is complete and nothing more can follow."""
        return self._matcher.is_stopped()

    def _check(self) -> None:
        if self._matcher.is_error():
            raise Failure(f"the grammar could not be followed: {_reason(self._matcher.get_error())}")


def allowed_tokens(constraints: Sequence[Constraint | None], *, vocab_size: int) -> Tensor | None:
    """Which tokens each row may draw, (n, V) bool on the CPU; None when no row is constrained."""
    if all(constraint is None for constraint in constraints):
        return None
    allowed = np.ones((len(constraints), vocab_size), np.bool_)
    for row, constraint in enumerate(constraints):
        if constraint is not None:
            allowed[row] = constraint.allowed()
    return torch.from_numpy(allowed)


def _json_grammar(schema: dict[str, Any]) -> str:
    return f"start: {_json_rule(schema)}"


def _json_rule(schema: dict[str, Any]) -> str:
    return f"%json {json.dumps(schema | {'x-guidance': _SEPARATORS})}"


def _json_or_calls(schema: dict[str, Any]) -> str:
    return f"\nstart: answer | calls\nanswer: {_json_rule(schema)}"


def _calls_grammar(names: Sequence[str], schemas: Sequence[dict[str, Any]], *, parallel: bool) -> str:
    """The rule ``calls`` in `llguidance`'s dialect of Lark; markers in angle brackets are single tokens."""
    rules = [
        'calls: call ("\\n" call)*' if parallel else "calls: call",
        f'call: {TOOL_CALL_START} ({" | ".join(f"call_{i}" for i in range(len(names)))}) "}}\\n" {TOOL_CALL_END}',
    ]
    for i, (name, schema) in enumerate(zip(names, schemas, strict=True)):
        beginning = f'\n{{"name": {json.dumps(name, ensure_ascii=False)}, "arguments": '
        rules.append(f"call_{i}: {json.dumps(beginning, ensure_ascii=False)} arguments_{i}")
        rules.append(f"arguments_{i}: {_json_rule(schema)}")
    return "\n".join(rules)


def _parameters_of(tool: Tool) -> str:
    return f"the parameters of tool {tool.name!r}"


def _reason(error: str) -> str:
    """What an error of `llguidance` says, without its place in our grammar and the parser's state."""
    lines = takewhile(lambda line: not _DETAILS.match(line), error.strip().splitlines()[:5])
    text = " ".join(line.strip() for line in lines)
    return _PLACE.sub("", text)
