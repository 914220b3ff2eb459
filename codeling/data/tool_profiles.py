"""What a set of tool conversations looks like: how many tools and turns, and how often which kind of turn.

A conversation's tokens are mostly its list of tools, which is read and not trained on. `FULL` offers one to eight tools
evenly, as the tests do. `DENSE` is for small models and short runs: mostly short lists, many turns over each list, a
fixed part of the functions under one name each, most requests with their texts in quotation marks, terse requests, and
replies that plan aloud. `QUICK` goes further, for minutes of training: fewer functions, shorter lists, no answers.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Literal, get_args

from codeling.errors import UsageError

ProfileName = Literal["full", "dense", "quick"]
Kind = Literal["single", "parallel", "multi_turn", "clarify", "irrelevant"]


@dataclass(frozen=True)
class Shares:
    """How often each kind of turn (in training) or of example (in tests) comes, relative to each other."""

    single: float = 0.42
    """One call."""
    parallel: float = 0.16
    """Two or three calls in one reply."""
    clarify: float = 0.12
    """A required argument is missing: a question, the argument, the call."""
    irrelevant: float = 0.30
    """No call: small talk, a question of knowledge, or something that no offered tool does."""
    multi_turn: float = 0.0
    """Tests only: a call after a history of other turns. In training, conversations have several turns anyway."""

    def cumulative(self) -> tuple[tuple[Kind, float], ...]:
        """``(kind, share of this kind and all before it)``; the last share is 1."""
        kinds: tuple[Kind, ...] = get_args(Kind)
        values = [float(getattr(self, kind)) for kind in kinds]
        if min(values) < 0 or sum(values) <= 0:
            raise UsageError(f"shares of tool conversations must not be negative, nor all 0: {self}")
        return tuple((kind, sum(values[: i + 1]) / sum(values)) for i, kind in enumerate(kinds))


TEST_SHARES = Shares(single=0.35, parallel=0.2, clarify=0.1, irrelevant=0.2, multi_turn=0.15)
TEST_UNOFFERED = 1 / 3
"""How many of the tests' turns without a call ask for what no offered tool does, whatever the profile trains on, where
three tools or more are offered. With one or two all of them do: a chat beside them would often be the same question."""


@dataclass(frozen=True)
class Profile:
    """How conversations are composed; see the fields."""

    tools_min: int = 1
    tools_max: int = 8
    tools_skew: float = 1.0
    """In training and validation a list of n + 1 tools is this many times as likely as one of n; tests are even."""
    turns_min: int = 2
    """User requests of a conversation in training and validation; tests have one, after a history in multi_turn."""
    turns_max: int = 5
    shares: Shares = field(default_factory=Shares)
    """Of turns, in training and validation."""
    test_shares: Shares = TEST_SHARES
    """Of examples, in the two tests."""
    unoffered: float = 1 / 3
    """Chance that a training turn without a call asks for what no offered tool does, not for an answer or a chat."""
    vary_names: float = 0.5
    """Chance that a tool is offered under one of its other names, where it has any."""
    functions: int | None = None
    """How many of the training functions are used, the same ones for every seed; default: all."""
    optional: float = 0.5
    """Chance that a request sets an optional argument."""
    quoted: float = 0.0
    """Chance that a request puts its free texts in quotation marks: copied text is then cut into the same tokens."""
    terse: float = 0.0
    """Chance that a training request for an offered tool has lost some or all of its telling words. What is left says
    too little without the list of tools, so a model must read it instead of learning requests by heart."""
    announced: float = 0.0
    """Chance that a reply first names the tools that it needs, and says so if one is not offered. Whether a tool is in
    the list is easily seen once its name is written; before that, it is a search with two unknowns."""
    errors: float = 0.03
    """Chance that a tool answers with an error."""
    closed: float = 0.6
    """Chance that a training conversation goes on to the last call's result; the others end with the call."""
    system: float = 0.1
    """Chance of a system message in front."""

    def __post_init__(self) -> None:
        for low, high, what in (
            (self.tools_min, self.tools_max, "tools"),
            (self.turns_min, self.turns_max, "turns"),
        ):
            if not 1 <= low <= high:
                raise UsageError(f"a conversation needs 1 <= {what}_min <= {what}_max: got {low} and {high}")
        if self.tools_skew <= 0:
            raise UsageError(f"tools_skew must be positive: got {self.tools_skew}")
        if self.functions is not None and self.functions < self.tools_max:
            raise UsageError(f"functions must be at least tools_max = {self.tools_max}: got {self.functions}")


FULL = Profile()
DENSE = Profile(
    tools_skew=0.7,
    turns_min=5,
    turns_max=9,
    functions=60,
    vary_names=0.0,
    optional=0.25,
    quoted=0.7,
    terse=0.35,
    announced=0.85,
    unoffered=0.5,
    shares=Shares(parallel=0.2),
    errors=0.0,
    system=0.0,
    closed=0.3,
)
QUICK = replace(DENSE, tools_max=5, turns_min=6, functions=24, shares=replace(DENSE.shares, parallel=0.18), closed=0.0)
PROFILES: dict[ProfileName, Profile] = {"full": FULL, "dense": DENSE, "quick": QUICK}
