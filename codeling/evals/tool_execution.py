"""Questions whose calls are carried out: does the model call, read the result, and say it?

The agent (codeling.agent) runs the conversation. Its tools are the functions of the catalogue, which really compute
where that is possible and answer with simulated data elsewhere; so nothing is needed but the model.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import islice
from random import Random
from typing import Any

from codeling.agent import Agent, Called, SupportsStream
from codeling.chat.messages import Message
from codeling.data.tool_answers import answer, shorten
from codeling.data.tool_conversations import ToolExample, generate_conversations
from codeling.data.tool_functions.catalogue import all_functions
from codeling.data.tool_functions.spec import FunctionSpec
from codeling.data.tool_profiles import Profile
from codeling.data.tool_splits import Split
from codeling.evals.tool_scores import is_same_call
from codeling.generate.config import Sampling
from codeling.runtime.seeds import stable_hash
from codeling.sandbox.workspace import Workspace
from codeling.tokenizer.bpe import Tokenizer
from codeling.tools.context import ExecutableTool, ToolContext, to_json

_MAX_ROUNDS = 3
_ELLIPSIS = "..."


@dataclass(frozen=True)
class Outcome:
    """One conversation that was carried on to its answer."""

    called: bool
    """The one call that is due was made, exactly, and no other."""
    ran: bool
    """Some call gave a result, not an error, that has something to say."""
    said: bool
    """The answer holds a value of that result."""
    messages: tuple[Message, ...]
    """The whole conversation, the model's part included."""


def execution_examples(split: Split, *, count: int, seed: int, profile: Profile) -> list[ToolExample]:
    """The first ``count`` questions of a stream that one call answers with something to say (not just "done")."""
    stream = generate_conversations(seed=seed, split=split, profile=profile)
    return list(islice((example for example in stream if _is_suitable(example, seed)), count))


def run_conversations(
    engine: SupportsStream,
    tokenizer: Tokenizer,
    examples: Sequence[ToolExample],
    *,
    max_tokens: int,
    seed: int,
    constrained: bool = False,
) -> list[Outcome]:
    """Let the model answer each example's last question, with its calls carried out; greedy."""
    sampling = Sampling(temperature=0, max_tokens=max_tokens)
    outcomes = []
    with Workspace() as workspace:
        for example in examples:
            tools = _Tools(example, seed)
            agent = Agent(
                engine,
                tokenizer,
                tools.executable(),
                context=ToolContext(workspace),
                sampling=sampling,
                max_rounds=_MAX_ROUNDS,
                constrained=constrained,
            )
            outcomes.append(_converse(agent, example, tools))
    return outcomes


def execution_measures(outcomes: Sequence[Outcome]) -> dict[str, float]:
    """``executed_call_share``: the right call was made; ``executed_answer_share``: of the calls with a result, its
    value is in the answer; ``executed_share``: both, from the question to the answer. Nothing without outcomes."""
    if not outcomes:
        return {}
    ran = [outcome for outcome in outcomes if outcome.ran]
    shares = {
        "executed_call_share": sum(outcome.called for outcome in outcomes) / len(outcomes),
        "executed_share": sum(outcome.called and outcome.said for outcome in outcomes) / len(outcomes),
    }
    if ran:
        shares["executed_answer_share"] = sum(outcome.said for outcome in ran) / len(ran)
    return shares


def says(text: str, result: Any, arguments: Mapping[str, Any]) -> bool:
    """Whether ``text`` holds a value of ``result`` that is not one of ``arguments``, which the user said already.

    >>> says("It has 3 lines.", {"path": "a.txt", "lines": 3}, {"path": "a.txt"})
    True
    >>> says("It has 13 lines.", {"path": "a.txt", "lines": 3}, {"path": "a.txt"})
    False
    """
    words = " ".join(text.split())
    return any(re.search(rf"(?<![\w.]){re.escape(value)}(?!\w|\.\d)", words) for value in _values(result, arguments))


def _values(result: Any, arguments: Mapping[str, Any]) -> Iterator[str]:
    """What an answer may say of a result: every value that is neither a flag nor known, as answers write it."""
    if isinstance(result, bool) or result is None or any(result == known for known in arguments.values()):
        return
    if isinstance(result, Mapping):
        for value in result.values():
            yield from _values(value, arguments)
    elif isinstance(result, list):
        for value in result:
            yield from _values(value, arguments)
    elif shown := shorten(result).removesuffix(_ELLIPSIS):
        yield shown


def _is_suitable(example: ToolExample, seed: int) -> bool:
    calls = example.conversation.messages[-1].tool_calls
    if len(calls) != 1 or example.kind not in ("single", "multi_turn"):
        return False
    spec, variant = _offered(example)[calls[0].name]
    arguments = _canonical(spec, variant, calls[0].arguments)
    result = spec.execute(arguments, _random(example, seed))
    return says(answer(Random(0), result, arguments), result, arguments)


def _converse(agent: Agent, example: ToolExample, tools: _Tools) -> Outcome:
    messages = list(example.conversation.messages[:-1])
    calls = [event.call for event in agent.reply(messages) if isinstance(event, Called)]
    text = messages[-1].content if messages[-1].role == "assistant" else ""
    telling = [(arguments, result) for arguments, result in tools.results if any(_values(result, arguments))]
    due = example.conversation.messages[-1].tool_calls[0]
    return Outcome(
        called=len(calls) == 1 and is_same_call(calls[0], due),
        ran=bool(telling),
        said=any(says(text, result, arguments) for arguments, result in telling),
        messages=tuple(messages),
    )


class _Tools:
    """An example's functions as tools that run; ``results`` keeps (canonical arguments, result) of each run."""

    def __init__(self, example: ToolExample, seed: int) -> None:
        self._example, self._seed = example, seed
        self.results: list[tuple[dict[str, Any], Any]] = []

    def executable(self) -> dict[str, ExecutableTool]:
        """By the names under which they are offered."""
        offered = _offered(self._example)
        return {
            tool.name: ExecutableTool(tool, partial(self._run, *offered[tool.name]))
            for tool in self._example.conversation.tools
        }

    def _run(self, spec: FunctionSpec, variant: int, arguments: dict[str, Any], _: ToolContext) -> str:
        canonical = _canonical(spec, variant, arguments)
        text = to_json(spec.execute(canonical, _random(self._example, self._seed)))
        self.results.append((canonical, json.loads(text)))
        return text


def _offered(example: ToolExample) -> dict[str, tuple[FunctionSpec, int]]:
    """The functions by the names under which the example offers them, with the variant that has this name."""
    catalogue = {spec.name: spec for spec in all_functions()}
    specs = [catalogue[name] for name in example.functions]
    return {
        tool.name: (spec, (spec.name, *spec.names).index(tool.name))
        for tool, spec in zip(example.conversation.tools, specs, strict=True)
    }


def _canonical(spec: FunctionSpec, variant: int, arguments: Mapping[str, Any]) -> dict[str, Any]:
    return {slot.name: arguments[slot.named(variant)] for slot in spec.slots if slot.named(variant) in arguments}


def _random(example: ToolExample, seed: int) -> Random:
    return Random(stable_hash(seed, "tool-result", example.id))
