"""Training conversations with the tools that really run, and what they really answered.

    scene of tool_scenes --its calls, carried out in the sandbox, in a workspace of its own--> a whole conversation

Example ``i`` is a function of ``(seed, i)`` and of what the tools answer. The programs are chosen so that this is the
same everywhere (but for a word in a message, which may differ between versions of Python or ruff).
"""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import lru_cache
from itertools import chain
from random import Random

from codeling.chat.conversation import Conversation
from codeling.chat.messages import Message
from codeling.data.tool_conversations import Kind, ToolExample
from codeling.data.tool_requests import need
from codeling.data.tool_scenes import SCENES, Scene, Turn
from codeling.data.tool_splits import functions_of, words
from codeling.errors import UsageError
from codeling.runtime.seeds import stable_hash
from codeling.sandbox.backend import find_backend
from codeling.sandbox.workspace import Workspace
from codeling.tools.calls import ToolCall
from codeling.tools.catalog import CATALOG
from codeling.tools.context import ToolContext
from codeling.tools.executors import execute

MAX_DISTRACTORS = 2
"""Tools that are offered and not used; more would make long lists of what is not trained on."""


def why_not() -> str | None:
    """Why nothing can be executed on this machine; None when it can."""
    try:
        find_backend()
    except UsageError as error:
        return str(error)
    return None


def executed_example(seed: int, index: int, *, announced: float = 0.0) -> ToolExample:
    """Example ``index`` of the stream ``seed``; UsageError where there is no sandbox.

    ``announced``: the chance that a reply names the tools that it calls, as in `Profile.announced`.
    """
    rng = Random(stable_hash(seed, "executed-tools", index))
    scenes, weights = zip(*SCENES, strict=True)
    usable = usable_tools()
    while True:
        scene = rng.choices(scenes, weights)[0](rng)
        used = {name for turn in scene for name, _ in chain.from_iterable(turn.rounds)}
        if used <= usable:
            break
    offered = [*sorted(used), *rng.sample(sorted(usable - used), rng.randint(0, MAX_DISTRACTORS))]
    rng.shuffle(offered)
    turns = tuple("parallel" if len(turn.rounds[0]) > 1 else "single" for turn in scene)
    return ToolExample(
        Conversation(_play(scene, lambda: rng.random() < announced), tuple(CATALOG[name].tool for name in offered)),
        _kind(scene),
        tuple(offered),
        turns,
        "train",
        index,
    )


@lru_cache(maxsize=1)
def usable_tools() -> frozenset[str]:
    """The tools that training may show: none that the catalogue of functions holds back for validation or tests."""
    held_out_functions = [*functions_of("val"), *functions_of("test_unseen")]
    held_out = {words(name) for spec in held_out_functions for name in (spec.name, *spec.names)}
    return frozenset(name for name in CATALOG if words(name) not in held_out)


def _play(scene: Scene, announces: Callable[[], bool]) -> tuple[Message, ...]:
    messages: list[Message] = []
    with Workspace() as workspace:
        context = ToolContext(workspace)
        for turn in scene:
            _play_turn(turn, messages, context, announces)
    return tuple(messages)


def _play_turn(turn: Turn, messages: list[Message], context: ToolContext, announces: Callable[[], bool]) -> None:
    messages.append(Message("user", turn.ask))
    results = []
    for calls in turn.rounds:
        first = 1 + sum(len(message.tool_calls) for message in messages)
        made = [ToolCall(name, arguments, f"call_{first + i}") for i, (name, arguments) in enumerate(calls)]
        messages.append(Message("assistant", need([name for name, _ in calls]) if announces() else "", tuple(made)))
        for call in made:
            text = execute(CATALOG[call.name], call.arguments, context)
            messages.append(Message("tool", text, tool_call_id=call.id))
            results.append(json.loads(text))
    messages.append(Message("assistant", turn.answer(results)))


def _kind(scene: Scene) -> Kind:
    rounds = [calls for turn in scene for calls in turn.rounds]
    if len(rounds) > 1:
        return "multi_turn"
    return "parallel" if len(rounds[0]) > 1 else "single"
