"""Conversations with tool calls, composed from the catalogue of functions: the built-in data of stage 3.

    functions of a split --> a list of 1 to 8 offered tools --> turns: one call, several calls, a question back, no call
                                                                 each call --> its result --> a short answer

Every tool of a list may be asked for in some turn; those that are not are its distractors. Half of them come from one
domain, and they are offered under changing names, so that a model has to read the list. What a request means is exact:
names and arguments of its calls follow from the text, and the tool's schema accepts them.

Splits are by function (``tool_splits``): ``val`` and ``test_unseen`` know no function of ``train``. ``test_seen`` has
the functions of ``train``, asked for in phrasings that training never uses. In training and validation a conversation
has several turns, and every assistant message is to be learned. An example of a test is one question: the LAST message
of its conversation is the expected reply to all that comes before.

Example ``i`` is a pure function of ``(seed, split, i)``, the profile and the catalogue.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import count
from random import Random
from typing import Any

from codeling.chat.conversation import Conversation
from codeling.chat.messages import Message
from codeling.data import tool_requests
from codeling.data.tool_answers import answer
from codeling.data.tool_functions.spec import FunctionSpec
from codeling.data.tool_irrelevant import REFUSALS, exchange
from codeling.data.tool_offers import Offer, Pool, pool_of
from codeling.data.tool_profiles import FULL, TEST_UNOFFERED, Kind, Profile
from codeling.data.tool_splits import Split
from codeling.runtime.seeds import stable_hash
from codeling.tools.calls import ToolCall

EXTRA_EVERY = 8
"""Where extra examples are given, every eighth example is one of them until they are used up."""
_ATTEMPTS = 12
_TELLING = {1: 6, 2: 1}
"""Characters of drawn values that tell a conversation from all others, by the number of its tools; more tools do so."""
_SYSTEM_TEXTS = (
    "You are a helpful assistant.",
    "You are Codeling, a helpful assistant.",
    "Answer briefly.",
    "You help with small tasks.",
    "Use the tools when they fit.",
)
_KINDS: dict[str, Kind] = {"single": "single", "parallel": "parallel", "clarify": "clarify"}
_ERRORS = ("timed out", "service unavailable", "internal error", "too many requests", "not available right now")


@dataclass(frozen=True)
class ToolExample:
    """One conversation, and what it is an example of."""

    conversation: Conversation
    kind: Kind
    """Of a conversation with one user request, what it is; otherwise "multi_turn". In tests a call after a history."""
    functions: tuple[str, ...]
    """Canonical names of the offered functions, in the order of ``conversation.tools``."""
    turns: tuple[str, ...]
    """What each user request is: single, parallel, clarify, and irrelevant as chat, question or unoffered."""
    split: Split
    index: int

    @property
    def id(self) -> str:
        """A name within the stream of one seed."""
        return f"{self.split}:{self.index}"


def generate_conversations(
    *,
    seed: int = 0,
    split: Split = "train",
    limit: int | None = None,
    start: int = 0,
    profile: Profile = FULL,
    functions: Sequence[FunctionSpec] | None = None,
    extra: Sequence[ToolExample] = (),
) -> Iterator[ToolExample]:
    """Examples ``start``, ``start + 1``, ... of a stream; ``limit`` of them, or without end.

    Args:
        functions: the catalogue to compose from; default: the whole built-in one.
        extra: examples from elsewhere, such as executed ones, woven in: see `EXTRA_EVERY`.
    """
    pool = pool_of(split, limit=profile.functions, functions=functions)
    for index in count(start) if limit is None else range(start, start + limit):
        number, rest = divmod(index, EXTRA_EVERY)
        if rest == EXTRA_EVERY - 1 and number < len(extra):
            yield extra[number]
        else:
            yield _compose(pool, profile, seed, split, index)


def _compose(pool: Pool, profile: Profile, seed: int, split: Split, index: int) -> ToolExample:
    """An example. One that others would repeat word for word ("Hi!" to the only tool there is) is composed anew."""
    attempt = 0
    while True:
        rng = Random(stable_hash(seed, "tool-conversation", split, index, attempt))
        composer = _Composer(pool, profile, rng, split, index)
        example = composer.example()
        attempt += 1
        if composer.telling >= _TELLING.get(len(composer.offers), 0) or attempt == _ATTEMPTS:
            return example


class _Composer:
    """Writes one conversation: draws the offered tools, then adds turn after turn."""

    def __init__(self, pool: Pool, profile: Profile, rng: Random, split: Split, index: int) -> None:
        self.pool = pool
        self.profile = profile
        self.split: Split = split
        self.index = index
        self.rng = rng
        self.is_test = split in ("test_seen", "test_unseen")
        self.offers = pool.draw(self.rng, profile, even=self.is_test)
        self.messages: list[Message] = []
        self.turns: list[str] = []
        self.num_calls = 0
        self.telling = 0
        self.pending: list[tuple[ToolCall, Offer, dict[str, Any]]] = []

    def example(self) -> ToolExample:
        rng, profile = self.rng, self.profile
        if rng.random() < profile.system:
            self.messages.append(Message("system", rng.choice(_SYSTEM_TEXTS)))
        kind = self._compose_test() if self.is_test else self._compose_training()
        return ToolExample(
            Conversation(tuple(self.messages), tuple(offer.tool for offer in self.offers)),
            kind,
            tuple(offer.spec.name for offer in self.offers),
            tuple(self.turns),
            self.split,
            self.index,
        )

    def _compose_training(self) -> Kind:
        profile = self.profile
        for _ in range(self.rng.randint(profile.turns_min, profile.turns_max)):
            self._turn(self._draw_kind(profile.shares.cumulative()))
        if self.rng.random() < profile.closed:
            self._close()
        return _kind_of(self.turns[0]) if len(self.turns) == 1 else "multi_turn"

    def _compose_test(self) -> Kind:
        kind = self._draw_kind(self.profile.test_shares.cumulative())
        if kind == "multi_turn":
            for _ in range(self.rng.randint(1, 3)):
                self._turn(self._draw_kind(self.profile.shares.cumulative()))
            self._turn("single" if self.rng.random() < 0.7 else "parallel")
            return kind
        self._turn(kind, ask_only=self.rng.random() < 0.5)
        return _kind_of(self.turns[-1])

    def _draw_kind(self, cumulative: tuple[tuple[Kind, float], ...]) -> Kind:
        place = self.rng.random()
        for kind, end in cumulative[:-1]:
            if place < end:
                return kind
        return cumulative[-1][0]

    def _turn(self, kind: str, *, ask_only: bool = False) -> None:
        """Add a user's request and the reply. ``ask_only``: a clarifying turn ends with the assistant's question."""
        self._close()
        if kind == "irrelevant":
            self._irrelevant()
        elif kind == "parallel":
            self._parallel()
        elif kind != "clarify" or not self._clarify(ask_only=ask_only):
            self._single()

    def _phrasings(self, spec: FunctionSpec) -> Sequence[str]:
        phrasings = {"train": spec.train_phrasings, "test_seen": spec.heldout_phrasings}.get(self.split, spec.phrasings)
        if self.rng.random() < self.profile.quoted:
            return tuple(spec.quoted(phrasing) for phrasing in phrasings)
        return phrasings

    def _request(self, spec: FunctionSpec, *, clear: bool = False) -> tool_requests.Request:
        profile = self.profile
        terse = profile.terse if self.split == "train" and not clear else 0.0
        return tool_requests.request(
            self.rng, spec, self._phrasings(spec), optional=profile.optional, terse_share=terse
        )

    def _say(self, made: tool_requests.Request) -> None:
        for arguments in made.calls:
            self._tell(value for name, value in arguments.items() if name not in made.missing)
        self.messages.append(Message("user", tool_requests.opened(self.rng, made, first=not self.turns)))

    def _tell(self, values: Iterable[Any]) -> None:
        """Count what was drawn and said."""
        self.telling += sum(len(str(value)) for value in values if not isinstance(value, bool))

    def _call(self, calls: Sequence[tuple[Offer, dict[str, Any]]]) -> None:
        made = []
        for offer, arguments in calls:
            self.num_calls += 1
            call = ToolCall(offer.tool.name, offer.spec.rename(arguments, offer.variant), f"call_{self.num_calls}")
            made.append(call)
            self.pending.append((call, offer, arguments))
        announced = self.rng.random() < self.profile.announced
        content = tool_requests.need([call.name for call in made]) if announced else ""
        self.messages.append(Message("assistant", content, tuple(made)))

    def _close(self) -> None:
        """Add the results of the calls that wait for them, and the assistant's answer."""
        if not self.pending:
            return
        sentences = []
        for call, offer, arguments in self.pending:
            if self.rng.random() < self.profile.errors:
                result: Any = {"error": self.rng.choice(_ERRORS)}
            else:
                result = offer.spec.execute(arguments, self.rng)
            content = json.dumps(result, ensure_ascii=False)
            self.messages.append(Message("tool", content, tool_call_id=call.id))
            sentences.append(answer(self.rng, result, arguments))
        self.messages.append(Message("assistant", " ".join(dict.fromkeys(sentences))))
        self.pending.clear()

    def _single(self) -> None:
        offer = self.rng.choice(self.offers)
        made = self._request(offer.spec)
        self._say(made)
        self._call([(offer, made.arguments)])
        self.turns.append("single")

    def _parallel(self) -> None:
        rng = self.rng
        size = 2 if rng.random() < 0.7 else 3
        offer = rng.choice(self.offers)
        phrasings = self._phrasings(offer.spec)
        made = tool_requests.repeated(rng, offer.spec, phrasings, count=size, optional=self.profile.optional)
        if made is not None and (len(self.offers) == 1 or rng.random() < 0.5):
            chosen = [offer] * size
        else:
            others = [other for other in self.offers if other is not offer]
            chosen = [offer, *rng.sample(others, min(size - 1, len(others)))] if others else [offer, offer]
            made = tool_requests.joined(rng, [self._request(one.spec) for one in chosen])
        if chosen[0] is chosen[1] and made.calls[0] == made.calls[1]:
            self._single()  # the same twice, such as a function without arguments: that is one call
            return
        self._say(made)
        self._call(list(zip(chosen, made.calls, strict=True)))
        self.turns.append("parallel")

    def _clarify(self, *, ask_only: bool) -> bool:
        """False, with nothing added, when no offered function is fit for it."""
        rng = self.rng
        for offer in rng.sample(self.offers, len(self.offers)):
            if any(other is not offer and self.pool.akin(offer.spec, other.spec) for other in self.offers):
                continue  # which of them is meant may only be said by the argument that is missing
            phrasings = self._phrasings(offer.spec)
            made = tool_requests.incomplete(rng, offer.spec, phrasings, optional=self.profile.optional)
            if made is not None:
                break
        else:
            return False
        missing = [offer.spec.slot(name) for name in made.missing]
        self._say(made)
        self.messages.append(Message("assistant", tool_requests.question(rng, missing, offer.variant)))
        self.turns.append("clarify")
        if not ask_only:
            text = tool_requests.reply(rng, missing, offer.variant, made.arguments)
            self.messages.append(Message("user", text))
            self._tell(made.arguments[name] for name in made.missing)
            self._call([(offer, made.arguments)])
        return True

    def _irrelevant(self) -> None:
        few = self.is_test and len(self.offers) in _TELLING
        share = TEST_UNOFFERED if self.is_test else self.profile.unoffered
        unoffered = few or self.rng.random() < share
        topic = "unoffered" if unoffered else self.rng.choice(("chat", "question"))
        if topic == "unoffered" and (spec := self.pool.not_offered(self.rng, self.offers)) is not None:
            self._say(self._request(spec, clear=True))
            announced = self.rng.random() < self.profile.announced
            reply = tool_requests.need_in_vain(spec.name) if announced else self.rng.choice(REFUSALS)
        else:
            topic = "chat" if topic == "unoffered" else topic
            text, reply = exchange(self.rng, self.split, topic, self.pool.words(self.offers))
            self.messages.append(Message("user", text))
        self.messages.append(Message("assistant", reply))
        self.turns.append(topic)


def _kind_of(turn: str) -> Kind:
    return _KINDS.get(turn, "irrelevant")


def count_shares(examples: Iterable[ToolExample]) -> dict[str, dict[str, float]]:
    """What share of the examples is of which kind, of the user requests of which kind, and how many tools are offered.

    Returns:
        ``{"kinds": {"single": 0.3, ...}, "turns": {"chat": 0.1, ...}, "tools": {"1": 0.125, ...}}``, each from the most
        frequent to the least, adding up to 1.
    """
    counters: dict[str, Counter[str]] = {"kinds": Counter(), "turns": Counter(), "tools": Counter()}
    for example in examples:
        counters["kinds"][example.kind] += 1
        counters["turns"].update(example.turns)
        counters["tools"][str(len(example.conversation.tools))] += 1
    return {
        name: {key: number / counter.total() for key, number in counter.most_common()}
        for name, counter in counters.items()
    }
