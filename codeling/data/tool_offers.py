"""Lists of tools: which functions are offered together, and under which names."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from random import Random

from codeling.data.tool_functions.spec import FunctionSpec
from codeling.data.tool_irrelevant import content_words
from codeling.data.tool_profiles import Profile
from codeling.data.tool_splits import Split, functions_of
from codeling.errors import Failure
from codeling.tools.schema import Tool

_SAME_DOMAIN = 0.5
"""How often a function is drawn from the domain of the list's first one: near ones have to be told apart."""
_ALIKE = 0.75
CATCH_ALL = frozenset(
    ("web_search", "encyclopedia_article", "check_fact", "http_request", "run_in_background", "run_with_variables")
)
"""Functions with which much of what the others do could be done, too."""


@dataclass(frozen=True)
class Offer:
    """A function as it is offered: under the names of a variant."""

    spec: FunctionSpec
    variant: int
    tool: Tool


class Pool:
    """The functions that a split may use, prepared for drawing."""

    def __init__(self, specs: Sequence[FunctionSpec]) -> None:
        self._specs = tuple(specs)
        self._by_domain: dict[str, list[FunctionSpec]] = {}
        for spec in specs:
            self._by_domain.setdefault(spec.domain, []).append(spec)
        self._names = {spec.name: {spec.name, *spec.names} for spec in specs}
        self._words = {spec.name: content_words(" ".join((spec.name, *spec.names, spec.description))) for spec in specs}
        self._offers = {
            (spec.name, variant): Offer(spec, variant, spec.tool(variant))
            for spec in specs
            for variant in range(spec.num_variants)
        }

    def draw(self, rng: Random, profile: Profile, *, even: bool) -> list[Offer]:
        """A list of tools in no order; no two of them could meet the same request.

        Args:
            even: every length is as likely; otherwise as the profile says.
        """
        sizes = range(profile.tools_min, profile.tools_max + 1)
        skew = 1.0 if even else profile.tools_skew
        size = rng.choices(sizes, [skew ** (n - profile.tools_min) for n in sizes])[0]
        chosen = [rng.choice(self._specs)]
        while len(chosen) < size:
            spec = self.another(rng, chosen)
            if spec is None:
                break  # a small pool may not have as many that go together
            chosen.append(spec)
        rng.shuffle(chosen)
        return [self._offers[spec.name, self._variant(rng, spec, profile.vary_names)] for spec in chosen]

    def another(self, rng: Random, chosen: Sequence[FunctionSpec]) -> FunctionSpec | None:
        """A function that none of the chosen can stand in for; None when none was found."""
        for _ in range(20):
            near = rng.random() < _SAME_DOMAIN
            spec = rng.choice(self._by_domain[chosen[0].domain] if near else self._specs)
            if not any(spec is other or self._clash(spec, other) for other in chosen):
                return spec
        return None

    def not_offered(self, rng: Random, offers: Sequence[Offer]) -> FunctionSpec | None:
        """A function to ask for in vain; None when an offered tool could be taken for almost anything."""
        offered = [offer.spec for offer in offers]
        return None if any(spec.name in CATCH_ALL for spec in offered) else self.another(rng, offered)

    def _variant(self, rng: Random, spec: FunctionSpec, vary_names: float) -> int:
        return rng.randrange(1, spec.num_variants) if spec.names and rng.random() < vary_names else 0

    def _clash(self, one: FunctionSpec, other: FunctionSpec) -> bool:
        """Whether a request for one might as well be met by the other."""
        if not self._names[one.name].isdisjoint(self._names[other.name]):
            return True
        a, b = self._words[one.name], self._words[other.name]
        return len(a & b) > _ALIKE * min(len(a), len(b))

    def akin(self, one: FunctionSpec, other: FunctionSpec) -> bool:
        """Whether a part of a request for one might be a part of a request for the other."""
        return one.domain == other.domain and not self._words[one.name].isdisjoint(self._words[other.name])

    def words(self, offers: Sequence[Offer]) -> frozenset[str]:
        """The content words of all names and descriptions of the offered functions."""
        return frozenset(word for offer in offers for word in self._words[offer.spec.name])


def pool_of(split: Split, *, limit: int | None = None, functions: Sequence[FunctionSpec] | None = None) -> Pool:
    """The pool of a split, see `functions_of`; Failure when no function belongs to the split."""
    return _builtin_pool(split, limit) if functions is None else _pool(split, limit, functions)


@lru_cache(maxsize=16)
def _builtin_pool(split: Split, limit: int | None) -> Pool:
    return _pool(split, limit, None)


def _pool(split: Split, limit: int | None, functions: Sequence[FunctionSpec] | None) -> Pool:
    specs = functions_of(split, limit=limit, functions=functions)
    if not specs:
        raise Failure(f"no function of the catalogue belongs to the split {split}: the catalogue is too small")
    return Pool(specs)
