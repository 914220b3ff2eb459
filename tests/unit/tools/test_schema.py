"""Tools in OpenAI's shape, and arguments checked against their schemas in words that a user understands."""

import json
import socket
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from codeling.errors import UsageError
from codeling.tools.schema import Tool, check_arguments

PARAMETERS: dict[str, Any] = {
    "type": "object",
    "properties": {
        "city": {"type": "string", "minLength": 2, "pattern": "^[A-Z]"},
        "days": {"type": "integer", "minimum": 1, "maximum": 14},
        "unit": {"enum": ["C", "F"]},
        "hours": {"type": "array", "items": {"type": "number"}, "maxItems": 2},
        "where": {
            "type": "object",
            "properties": {"lat": {"type": ["number", "null"]}},
            "required": ["lat"],
            "additionalProperties": False,
        },
    },
    "required": ["city", "days"],
    "additionalProperties": False,
}
WEATHER = Tool("weather", "Forecast", PARAMETERS)


def test_both_shapes_are_read():
    bare = {"description": "Forecast", "parameters": PARAMETERS, "name": "weather", "strict": True}
    for value in (bare, {"type": "function", "function": bare}, {"function": bare}, WEATHER.to_openai()):
        assert Tool.from_openai(value) == WEATHER


def test_keys_come_in_one_order():
    assert json.dumps(WEATHER.to_openai()).startswith('{"type": "function", "function": {"name": "weather", "desc')
    assert list(WEATHER.to_openai()["function"]) == ["name", "description", "parameters"]


@pytest.mark.parametrize("absent", [{}, {"description": None, "parameters": None}, {"parameters": {}}])
def test_a_tool_without_parameters(absent: dict[str, Any]):
    tool = Tool.from_openai({"name": "now", **absent})
    assert tool == Tool("now") == Tool("now", "", {})
    assert tool.parameters == {"type": "object", "properties": {}}
    assert check_arguments(tool, {}) == []


@pytest.mark.parametrize("name", ["spotify.play", "git/log", "a-b_c:1", "température", "x" * 128])
def test_names_of_real_catalogues(name: str):
    assert Tool.from_openai({"name": name}).name == name


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        (None, "must be an object with a name and parameters, not null"),
        ("weather", 'not "weather"'),
        ({"type": "function", "function": "weather"}, "must be an object"),
        ({"type": "retrieval", "function": {"name": "f"}}, 'must be "function", not "retrieval"'),
        ({}, "name must be 1 to 128 letters"),
        ({"name": ""}, "name must be 1 to 128 letters"),
        ({"name": "a b"}, 'in one word, not "a b"'),
        ({"name": "x" * 129}, "name must be 1 to 128 letters"),
        ({"name": "a\n"}, "name must be 1 to 128 letters"),
        ({"name": "f", "description": 1}, "tool 'f': the description must be text, not 1"),
        ({"name": "f", "parameters": [1]}, "must be a JSON Schema, an object, not [1]"),
        ({"name": "f", "parameters": {"type": "dict"}}, 'of type "object", not "dict"'),
        ({"name": "f", "parameters": {"properties": {}}}, 'of type "object", not null'),
        ({"name": "f", "parameters": {"type": "object", "properties": {"a": {"type": "int"}}}}, "properties.a.type"),
        ({"name": "f", "parameters": {"type": "object", "required": "a"}}, "required"),
        (
            {"name": "f", "parameters": {"type": "object", "properties": {"a": {"pattern": "("}}}},
            "properties.a.pattern",
        ),
        ({"name": "f", "parameters": {"type": "object", "default": float("nan")}}, "are not JSON"),
        ({"name": "f", "parameters": {"type": "object", "default": object()}}, "are not JSON"),
    ],
)
def test_nonsense_is_refused_with_the_reason(value: Any, reason: str):
    with pytest.raises(UsageError) as error:
        Tool.from_openai(value)
    assert reason in str(error.value) and len(str(error.value)) < 400


keys = st.text() | st.sampled_from(["name", "type", "function", "parameters", "description", "properties"])
scalars = st.none() | st.integers() | st.text() | st.floats()


@given(st.recursive(scalars, lambda inner: st.lists(inner) | st.dictionaries(keys, inner)))
def test_any_json_is_a_tool_or_a_usage_error(value: Any):
    try:
        tool = Tool.from_openai(value)
    except UsageError as error:
        assert str(error)
    else:
        assert Tool.from_openai(tool.to_openai()) == tool


@pytest.mark.parametrize(
    ("arguments", "problems"),
    [
        ({"city": "Oslo", "days": 3, "unit": "C", "hours": [6, 12.5], "where": {"lat": None}}, []),
        ({"city": "Oslo", "days": 3.0}, []),
        ({}, ["city is missing", "days is missing"]),
        ({"city": "Oslo", "days": "3"}, ['days: "3" is not of type integer']),
        ({"city": "Oslo", "days": True}, ["days: true is not of type integer"]),
        ({"city": "Oslo", "days": 0}, ["days: 0 is less than 1"]),
        ({"city": "Oslo", "days": 15}, ["days: 15 is more than 14"]),
        ({"city": "O", "days": 1}, ['city: "O" is shorter than 2 characters']),
        ({"city": "oslo", "days": 1}, ['city: "oslo" does not match the pattern ^[A-Z]']),
        ({"city": "Oslo", "days": 1, "unit": "K"}, ['unit: "K" is not one of "C", "F"']),
        ({"city": "Oslo", "days": 1, "hours": [1, "x"]}, ['hours[1]: "x" is not of type number']),
        ({"city": "Oslo", "days": 1, "hours": [1, 2, 3]}, ["hours: [1, 2, 3] has more than 2 items"]),
        ({"city": "Oslo", "days": 1, "where": {}}, ["where.lat is missing"]),
        ({"city": "Oslo", "days": 1, "where": {"lat": "x"}}, ['where.lat: "x" is not of type number or null']),
        (
            {"town": "Oslo", "days": 1, "where": {"lat": 1, "lon": 2}},
            [
                "city is missing",
                "town is not a parameter; there are: city, days, unit, hours, where",
                "where.lon is not a parameter; there are: lat",
            ],
        ),
        ([1], ["the arguments must be an object, not [1]"]),
        (None, ["the arguments must be an object, not null"]),
        ('{"city": "Oslo"}', ['the arguments must be an object, not "{\\"city\\": \\"Oslo\\"}"']),
    ],
)
def test_problems_are_told_in_words(arguments: Any, problems: list[str]):
    assert sorted(check_arguments(WEATHER, arguments)) == sorted(problems)


def test_a_long_value_is_told_in_short():
    (problem,) = check_arguments(WEATHER, {"city": "Oslo", "days": "9" * 10_000})
    assert len(problem) < 200


def test_references_within_the_schema_work_and_others_are_not_fetched(monkeypatch: pytest.MonkeyPatch):
    inside = {"type": "object", "properties": {"a": {"$ref": "#/$defs/n"}}, "$defs": {"n": {"type": "integer"}}}
    assert check_arguments(Tool("f", "", inside), {"a": "x"}) == ['a: "x" is not of type integer']
    opened: list[Any] = []
    monkeypatch.setattr(socket, "create_connection", lambda *args, **kwargs: opened.append(args))
    outside = {"type": "object", "properties": {"a": {"$ref": "http://127.0.0.1:9/schema.json"}}}
    (problem,) = check_arguments(Tool.from_openai({"name": "f", "parameters": outside}), {"a": 1})
    assert "http://127.0.0.1:9/schema.json" in problem and "which is not in them" in problem
    assert opened == []


def test_endless_nesting_is_a_problem_not_an_exception():
    nested: Any = 1
    for _ in range(5000):
        nested = [nested]
    endless = {
        "type": "object",
        "properties": {"a": {"$ref": "#/$defs/n"}},
        "$defs": {"n": {"items": {"$ref": "#/$defs/n"}}},
    }
    assert any("nested too deeply" in problem for problem in check_arguments(Tool("f", "", endless), {"a": nested}))


@pytest.mark.parametrize(
    ("parameters", "value", "problem"),
    [
        ({"properties": {"a": {"multipleOf": 0.1}}}, 10**400, "beyond the largest float"),
        ({"properties": {"a": {"$ref": "#/required"}}, "required": ["a"]}, 1, "is no schema"),
        ({"properties": {"a": {"$ref": "#/type"}}}, 1, "is no schema"),
    ],
)
def test_what_the_validator_cannot_compute_is_a_problem_not_an_exception(
    parameters: dict[str, Any], value: Any, problem: str
):
    tool = Tool.from_openai({"name": "f", "parameters": {"type": "object", **parameters}})
    (found,) = check_arguments(tool, {"a": value})
    assert problem in found


def test_multiples_are_those_of_the_decimals_as_written():
    tool = Tool("f", "", {"type": "object", "properties": {"a": {"multipleOf": 0.1}}})
    assert not any(check_arguments(tool, {"a": value}) for value in (0.3, 0.7, 1.1, 4, 0.1))
    assert check_arguments(tool, {"a": 0.35}) == ["a: 0.35 is not a multiple of 0.1"]
    assert check_arguments(tool, {"a": 1e308}) != []
