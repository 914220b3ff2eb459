"""Strict configuration: what flows in, what is refused and how it says so, and that nothing is lost on the way out."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from codeling.config import environment_values, from_mapping, read_toml, require_numbers, to_mapping, to_toml
from codeling.errors import UsageError


@dataclass(frozen=True)
class Engine:
    kind: Literal["petrol", "electric"] = "electric"
    power: float = 1.0
    cylinders: int | None = None


@dataclass(frozen=True)
class Car:
    name: str = "unnamed"
    seats: int = 4
    fast: bool = False
    manual: Path | None = None
    colours: tuple[str, ...] = ()
    engine: Engine = field(default_factory=Engine)


cars = st.builds(
    Car,
    name=st.text(st.characters(blacklist_categories=("Cs",))),
    seats=st.integers(-(2**40), 2**40),
    fast=st.booleans(),
    manual=st.none() | st.sampled_from([Path("a/b"), Path("/x y")]),
    colours=st.lists(st.text(st.characters(blacklist_categories=("Cs",)), max_size=5)).map(tuple),
    engine=st.builds(
        Engine,
        kind=st.sampled_from(["petrol", "electric"]),
        power=st.floats(allow_nan=False),
        cylinders=st.none() | st.integers(0, 16),
    ),
)


@given(cars)
def test_toml_round_trip_loses_nothing(tmp_path_factory: pytest.TempPathFactory, car: Car) -> None:
    path = tmp_path_factory.mktemp("config") / "car.toml"
    path.write_text(to_toml(car), encoding="utf-8", newline="\n")
    assert from_mapping(Car, read_toml(path), where="car.toml") == car
    assert from_mapping(Car, to_mapping(car), where="memory") == car


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"seets": 3}, "recipe.toml: unknown key 'seets' (did you mean 'seats'?)"),
        ({"engine": {"powr": 1.0}}, "unknown key 'engine.powr' (did you mean 'power'?)"),
        ({"seats": "four"}, "'seats' is 'four' (str); it must be a whole number"),
        ({"seats": True}, "'seats' is True (bool); it must be a whole number"),
        ({"seats": 4.0}, "must be a whole number"),
        ({"fast": 1}, "must be true or false"),
        ({"engine": 3}, "'engine' must be a table"),
        ({"engine": {"kind": "steam"}}, "must be one of 'petrol', 'electric'"),
        ({"colours": "red"}, "must be a list"),
    ],
)
def test_a_mistake_names_file_key_and_what_is_valid(values: dict[str, object], message: str) -> None:
    with pytest.raises(UsageError) as caught:
        from_mapping(Car, values, where="recipe.toml")
    assert message in str(caught.value)
    assert "recipe.toml" in str(caught.value)


def test_an_unknown_key_with_nothing_near_lists_the_valid_ones() -> None:
    with pytest.raises(UsageError, match=r"valid: colours, engine, fast, manual, name, seats"):
        from_mapping(Car, {"zzzzzzz": 1}, where="x")


def test_values_go_over_the_base_and_the_rest_stays() -> None:
    base = Car(name="old", engine=Engine(power=7.0, cylinders=4))
    changed = from_mapping(Car, {"engine": {"power": 8}}, where="x", base=base)
    assert changed == Car(name="old", engine=Engine(power=8.0, cylinders=4))


def test_environment_reaches_nested_keys_with_their_types() -> None:
    environ = {
        "CAR_ENGINE__POWER": "2.5",
        "CAR_SEATS": "5",
        "CAR_NAME": "12",
        "CAR_FAST": "true",
        "CAR_COLOURS": '["red", "blue"]',
        "CAR_MANUAL": "/tmp/x",
        "OTHER": "1",
    }
    values = environment_values(Car, environ, prefix="CAR_")
    assert from_mapping(Car, values, where="environment") == Car(
        name="12", seats=5, fast=True, manual=Path("/tmp/x"), colours=("red", "blue"), engine=Engine(power=2.5)
    )


def test_environment_mistakes_are_refused() -> None:
    values = environment_values(Car, {"CAR_ENGNE__POWER": "1"}, prefix="CAR_")
    with pytest.raises(UsageError, match="did you mean 'engine'"):
        from_mapping(Car, values, where="environment")


def test_broken_and_missing_toml_name_the_file(tmp_path: Path) -> None:
    (tmp_path / "bad.toml").write_text("a = [1,")
    with pytest.raises(UsageError, match=r"bad\.toml: not valid TOML"):
        read_toml(tmp_path / "bad.toml")
    with pytest.raises(UsageError, match=r"none\.toml: no such"):
        read_toml(tmp_path / "none.toml")


@dataclass(frozen=True)
class Numbers:
    steps: int | None = None
    rate: float = 0.5


@given(st.floats(allow_nan=True, allow_infinity=True))
def test_a_number_passes_exactly_within_its_bounds(rate: float) -> None:
    try:
        require_numbers(Numbers(rate=rate), "steps", "rate", above=0, at_most=1)
    except UsageError as error:
        assert not 0 < rate <= 1
        assert str(error).startswith(f"--rate {rate}: must be above 0 and at most 1")
    else:
        assert 0 < rate <= 1


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf])
def test_without_bounds_a_number_must_still_be_finite(value: float) -> None:
    with pytest.raises(UsageError, match="must be a finite number"):
        require_numbers(Numbers(rate=value), "rate")


def test_whole_numbers_of_any_size_are_compared_exactly() -> None:
    require_numbers(Numbers(steps=10**400), "steps", at_least=1)
    with pytest.raises(UsageError, match="--steps 18446744073709551616: must be at least 0 and below 9,223"):
        require_numbers(Numbers(steps=2**64), "steps", at_least=0, below=2**63)
