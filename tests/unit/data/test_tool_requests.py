"""What users say: every argument is said, and what lacks is asked for."""

import random
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from codeling.data import tool_requests
from codeling.data.tool_functions.catalogue import all_functions
from codeling.data.tool_functions.spec import FunctionSpec, choice, flag, integer, lines, text

SEED = random.randrange(2**32)
FUNCTIONS = {spec.name: spec for spec in all_functions()}

WEATHER = FunctionSpec(
    "get_weather", "weather", "Get the weather of a city",
    (
        text("city", lambda rng: rng.choice(("Oslo", "Lima", "Cairo", "Quito", "Accra"))),
        choice("unit", ("celsius", "fahrenheit"), required=False),
        integer("days", lambda rng: rng.randint(1, 9), required=False),
        flag("wind", "with wind", "without wind"),
    ),
    lines("""
        What is the weather in {city}[ in {unit}][ for {days} days, {wind}]?
        Weather for {city} please[, {unit}][, {wind}][, {days} days]
        Is it warm in {city}[ in {unit}]?[ I mean the next {days} days, {wind}]
    """),
    lambda arguments, rng: {"temperature": 20},
)  # fmt: skip


def test_a_request_says_all_of_its_arguments() -> None:
    rng = Random(SEED)
    for name, spec in [one for one in FUNCTIONS.items() for _ in range(12)]:
        made = tool_requests.request(rng, spec, spec.phrasings)
        assert all(slot.name in made.arguments for slot in spec.slots if slot.required)
        for key, value in made.arguments.items():
            assert spec.slot(key).said(value) in made.text, (name, made)


@pytest.mark.parametrize("name", sorted(FUNCTIONS))
def test_the_tersest_request_still_says_something(name: str) -> None:
    rng, spec = Random(SEED), FUNCTIONS[name]
    for phrasing in spec.phrasings:
        for _ in range(4):
            made = tool_requests.request(rng, spec, (phrasing,), optional=0.2, terse_share=1.0)
            assert made.text.strip() and made.inside.strip(), phrasing


def test_what_a_part_with_two_slots_leaves_unsaid_is_no_argument() -> None:
    rng = Random(SEED)
    for _ in range(200):
        made = tool_requests.request(rng, WEATHER, WEATHER.phrasings[:1])
        assert ("days" in made.arguments) == ("wind" in made.arguments) == (" days, with" in made.text)


@pytest.mark.parametrize("count", [2, 3])
def test_repeated_requests_name_every_value_once(count: int) -> None:
    rng, made = Random(SEED), 0
    for spec in (WEATHER, *FUNCTIONS.values()):
        for _ in range(4):
            found = tool_requests.repeated(rng, spec, spec.phrasings, count=count)
            if found is None:
                continue
            message, calls = found.text, found.calls
            made += 1
            assert len(calls) == count and all(a != b for a in calls for b in calls if a is not b)
            differing = {key for call in calls for key in call if call[key] != calls[0][key]}
            assert len(differing) == 1
            for call in calls:
                assert call.keys() == calls[0].keys()
                for key, value in call.items():
                    assert spec.slot(key).said(value) in message, (spec.name, message, call)
    assert made > len(FUNCTIONS) / 2


def test_an_incomplete_request_leaves_out_what_it_lacks() -> None:
    rng = Random(SEED)
    for name, spec in [one for one in FUNCTIONS.items() for _ in range(12)]:
        required = {slot.name for slot in spec.slots if slot.required}
        made = tool_requests.incomplete(rng, spec, spec.phrasings)
        if made is None:
            assert len(required) != 1  # one that lacks can always be asked for
            continue
        assert made.missing and set(made.missing) <= required
        for key in made.missing:
            assert not _is_said(spec.slot(key).said(made.arguments[key]), made, key), (name, made)
        for key in made.arguments.keys() - set(made.missing):
            assert spec.slot(key).said(made.arguments[key]) in made.text, (name, made)
        assert "  " not in made.text.replace(str(made.arguments), "") or any(
            "  " in str(v) for v in made.arguments.values()
        )


def _is_said(words: str, made: tool_requests.Request, key: str) -> bool:
    others = [str(value) for name, value in made.arguments.items() if name != key]
    return len(words) > 9 and words in made.text and not any(words in other for other in others)


def test_the_missing_argument_is_asked_for_and_given() -> None:
    rng = Random(SEED)
    for spec in FUNCTIONS.values():
        made = tool_requests.incomplete(rng, spec, spec.phrasings)
        if made is None:
            continue
        variant = rng.randrange(spec.num_variants)
        slots = [spec.slot(key) for key in made.missing]
        asked = tool_requests.question(rng, slots, variant)
        given = tool_requests.reply(rng, slots, variant, made.arguments)
        assert asked.endswith("?")
        assert all(tool_requests.spoken_name(slot, variant) in asked for slot in slots), (spec.name, asked)
        assert all(slot.said(made.arguments[slot.name]) in given for slot in slots), (spec.name, given)


@given(
    st.lists(
        st.sampled_from(["Sort a.txt", "What is in b?", "I need c", "Hash {d} now.", "USD to EUR"]),
        min_size=2,
        max_size=3,
    ),
    st.integers(0, 500),
)
def test_joined_requests_are_all_there(texts: list[str], seed: int) -> None:
    parts = [tool_requests.Request(one, tool_requests.lowered(one), ({"n": n},)) for n, one in enumerate(texts)]
    made = tool_requests.joined(Random(seed), parts)
    assert made.calls == tuple({"n": n} for n in range(len(texts)))
    message = made.text
    assert made.inside[1:] == message[1:]
    for one in texts:
        assert one.rstrip(".?")[1:] in message
    assert not any(mark in message for mark in ("..", "?.", ".,", "?,", "?;", ". .", "  "))


@pytest.mark.parametrize(
    ("given_text", "expected"),
    [("Sort it", "sort it"), ("I need it", "I need it"), ("USD to EUR", "USD to EUR"), ("{x}", "{x}"), ("A b", "a b")],
)
def test_lowered(given_text: str, expected: str) -> None:
    assert tool_requests.lowered(given_text) == expected
