"""Who sees which function: held-out ones never reach training under any name."""

import random
from collections import Counter
from random import Random

import pytest

from codeling.data.tool_functions.catalogue import all_functions
from codeling.data.tool_functions.spec import FunctionSpec, lines, text
from codeling.data.tool_splits import functions_of, groups, words
from codeling.errors import UsageError
from codeling.tools.catalog import CATALOG


def spec(name: str, *names: str) -> FunctionSpec:
    asks = lines("\n".join(f"{name} {way} {{path}}" for way in "abcdefgh"))
    slot = text("path", lambda rng: f"file{rng.randrange(10**6)}.txt")
    return FunctionSpec(name, "made_up", f"Do {name}", (slot,), asks, lambda arguments, rng: {"ok": True}, names=names)


def made_up(number: int) -> list[FunctionSpec]:
    rng = Random(random.randrange(2**32))
    letters = "bcdfghklmnprstvz"
    return [spec("".join(rng.choice(letters) + rng.choice("aeiou") for _ in range(5)) + str(n)) for n in range(number)]


def test_every_function_is_on_one_side() -> None:
    sides = [functions_of(split) for split in ("train", "val", "test_unseen")]
    assert Counter(one.name for side in sides for one in side) == Counter(one.name for one in all_functions())
    assert functions_of("test_seen") == functions_of("train")


def test_held_out_functions_are_not_in_training_under_any_name() -> None:
    seen = {words(name) for one in functions_of("train") for name in (one.name, *one.names)}
    for split in ("val", "test_unseen"):
        held_out = {words(name) for one in functions_of(split) for name in (one.name, *one.names)}
        assert held_out.isdisjoint(seen)


def test_functions_that_share_a_name_stay_together() -> None:
    functions = [
        spec("add_note", "write_memo"),
        spec("spin"),
        spec("jot", "memoWrite"),
        spec("take", "jot_down", "JOT"),
    ]
    together = {frozenset(one.name for one in group) for group in groups(functions)}
    assert together == {frozenset({"add_note", "jot", "take"}), frozenset({"spin"})}


def test_shares_and_stability_when_the_catalogue_grows() -> None:
    functions = made_up(2000)
    sizes = {split: len(functions_of(split, functions=functions)) for split in ("train", "val", "test_unseen")}
    # 80, 8 and 12 %, and seven standard deviations of a share of 2000.
    assert 0.735 < sizes["train"] / 2000 < 0.865
    assert 0.035 < sizes["val"] / 2000 < 0.125
    assert 0.068 < sizes["test_unseen"] / 2000 < 0.172
    before = {one.name for one in functions_of("val", functions=functions[:1000])}
    after = {one.name for one in functions_of("val", functions=functions)}
    assert before == after & {one.name for one in functions[:1000]}


def test_a_limited_training_set_is_part_of_the_whole() -> None:
    functions = made_up(300)
    few, more = (functions_of("train", limit=limit, functions=functions) for limit in (40, 80))
    assert len(few) == 40 and few == more[:40]
    assert {one.name for one in more} <= {one.name for one in functions_of("train", functions=functions)}
    assert functions_of("val", limit=40, functions=functions) == functions_of("val", functions=functions)


def test_tools_that_really_run_are_no_functions_of_the_catalogue() -> None:
    names = {name for one in all_functions() for name in (one.name, *one.names)}
    assert names.isdisjoint(CATALOG)


def test_unknown_split() -> None:
    with pytest.raises(UsageError, match=r"train, val, test_seen, test_unseen: got 'dev'"):
        functions_of("dev")  # pyright: ignore[reportArgumentType]
