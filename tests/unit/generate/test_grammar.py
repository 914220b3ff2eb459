"""Grammars, token by token, without a model: what is allowed, what is complete, what is refused."""

import gzip
import itertools
import json
import random
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator, FormatChecker
from random_schemas import object_schemas, schemas

from codeling.chat.encode import encode
from codeling.chat.messages import Message
from codeling.errors import Failure, UsageError
from codeling.generate.grammar import Constraint, Grammar, GrammarCompiler, allowed_tokens
from codeling.tokenizer.special import IM_END, SPECIAL_TOKENS
from codeling.tools.calls import ToolCall, parse_calls, render_call
from codeling.tools.schema import Tool, check_arguments


@pytest.fixture(scope="module")
def compiler(json_tokenizer) -> GrammarCompiler:
    return GrammarCompiler(json_tokenizer)


def follow(grammar: Grammar, ids: list[int]) -> Constraint | None:
    """The constraint after ``ids``, or None when one of them was not allowed."""
    constraint = grammar.begin()
    for token in ids:
        if not constraint.allowed()[token]:
            return None
        constraint.accept(token)
    return constraint


def is_whole(grammar: Grammar, ids: list[int]) -> bool:
    constraint = follow(grammar, ids)
    return constraint is not None and constraint.complete


def walk(grammar: Grammar, tokenizer, *, tokens: int = 400) -> str:
    """A random text of the grammar; after some tokens it takes what closes something wherever it may."""
    closing = {tokenizer.encode(text)[0] for text in ('"', "}", "]")} | {tokenizer.token_id("</tool_call>")}
    constraint, ids = grammar.begin(), []
    for step in range(tokens):
        allowed = constraint.allowed()
        assert allowed.any(), f"a dead end after {tokenizer.decode(ids)!r}"
        assert bool(allowed[list(grammar.end_ids)].all()) == constraint.complete
        choices = [int(token) for token in allowed.nonzero()[0]]
        if step > 25 and constraint.complete:
            break
        preferred = [token for token in choices if token in closing] if step > 25 else []
        token = random.choice(preferred or choices)
        if token in grammar.end_ids:
            break
        ids.append(token)
        constraint.accept(token)
        if constraint.finished:
            break
    assert constraint.complete, f"never complete: {tokenizer.decode(ids)!r}"
    return tokenizer.decode(ids)


def assert_strict_spacing(text: str) -> None:
    bare = re.sub(r'"(?:[^"\\]|\\.)*"', '""', text)
    assert not re.search(r"\s", re.sub(r"[,:] (?=\S)", "", bare)), f"free white space in {text!r}"


@given(schema=schemas())
def test_every_path_through_a_schema_ends_in_a_value_that_fits(schema, json_tokenizer, compiler):
    grammar = compiler.json_schema(schema)
    for _ in range(3):
        text = walk(grammar, json_tokenizer)
        assert_strict_spacing(text)
        Draft202012Validator(schema).validate(json.loads(text))


@given(data=st.data())
def test_every_path_through_tools_is_calls_that_fit(data, json_tokenizer, compiler):
    parameters = data.draw(st.lists(object_schemas(), min_size=1, max_size=4))
    tools = [Tool(f"tool.{index}", "", schema) for index, schema in enumerate(parameters)]
    required, parallel = data.draw(st.booleans()), data.draw(st.booleans())
    text = walk(compiler.tool_calls(tools, required=required, parallel=parallel), json_tokenizer)
    reply = parse_calls(text)
    assert not reply.errors
    assert (len(reply.calls) >= required) and (parallel or len(reply.calls) <= 1)
    assert not (required and reply.content)
    for call in reply.calls:
        tool = next(tool for tool in tools if tool.name == call.name)
        assert check_arguments(tool, call.arguments) == []


def instance(schema: dict, root: dict, rng: random.Random):
    """A value that fits, with its properties in the schema's order."""
    if "$ref" in schema:
        return instance(root["$defs"]["shared"], root, rng)
    if "const" in schema or "enum" in schema:
        return schema["const"] if "const" in schema else rng.choice(schema["enum"])
    if "anyOf" in schema or "oneOf" in schema:
        return instance(rng.choice(schema.get("anyOf") or schema["oneOf"]), root, rng)
    if schema["type"] == "object":
        chosen = [name for name in schema["properties"] if name in schema["required"] or rng.random() < 0.5]
        return {name: instance(schema["properties"][name], root, rng) for name in chosen}
    if schema["type"] == "array":
        count = rng.randint(schema["minItems"], schema["maxItems"])
        return [instance(schema["items"], root, rng) for _ in range(count)]
    values = [None, True, 5, 0, 3.5, -0.25, "", "é😀", '\n"\\\x01</tool_call>', "ab-3", "2024-02-03", "abc"]
    values += [schema["minimum"]] if "minimum" in schema else []
    validator = Draft202012Validator(schema, format_checker=FormatChecker())
    return rng.choice([value for value in values if validator.is_valid(value)])


@given(parameters=st.lists(object_schemas(), min_size=1, max_size=3), rng=st.randoms(use_true_random=False))
def test_what_a_model_learns_to_write_is_always_allowed(parameters, rng, json_tokenizer, compiler):
    """The very tokens of an assistant's turn, as training sees them, for any calls that fit their tools."""
    tools = [Tool(name, "", schema) for name, schema in zip(("now", "größe/b", "c:d"), parameters, strict=False)]
    calls = tuple(
        ToolCall(tool.name, instance(tool.parameters, tool.parameters, rng)) for tool in rng.choices(tools, k=2)
    )
    content = rng.choice(["", "Let me see.", "a < b\n", "<tool_call", "é\n\n{"])
    ids = written(json_tokenizer, content, calls)
    assert is_whole(compiler.tool_calls(tools, required=False, parallel=True), ids)
    assert is_whole(compiler.tool_calls(tools, required=True, parallel=True), ids) == (content == "")
    single = compiler.tool_calls(tools, required=False, parallel=False)
    one = follow(single, written(json_tokenizer, content, calls[:1]))
    assert one is not None and one.finished
    assert not is_whole(single, ids)


def written(tokenizer, content: str, calls: tuple[ToolCall, ...]) -> list[int]:
    encoded = encode(tokenizer, [Message("user", "?"), Message("assistant", content, tool_calls=calls)])
    ids = [token for token, mask in zip(encoded.ids, encoded.mask, strict=True) if mask]
    assert ids[-1] == tokenizer.token_id(IM_END)
    return ids[:-1]


WEATHER = Tool(
    "weather",
    "",
    {"type": "object", "properties": {"city": {"type": "string"}, "days": {"type": "integer"}}, "required": ["city"]},
)


def test_text_is_free_but_cannot_spell_a_call(json_tokenizer, compiler):
    grammar = compiler.tool_calls([WEATHER], required=False, parallel=True)
    for text in ("", "No tool fits.", "1 < 2 <tool", "{}\n\n", "日本"):
        constraint = follow(grammar, json_tokenizer.encode(text))
        assert constraint is not None and constraint.complete and not constraint.finished
    assert follow(grammar, json_tokenizer.encode("a <tool_call> b")) is None
    for name in (*SPECIAL_TOKENS, "</tool_call>", "<tool_response>"):
        allowed = bool(grammar.begin().allowed()[json_tokenizer.token_id(name)])
        assert allowed == (json_tokenizer.token_id(name) in grammar.end_ids)


def test_a_required_call_begins_at_once_and_names_a_tool(json_tokenizer, compiler):
    grammar = compiler.tool_calls([WEATHER, Tool("now")], required=True, parallel=False)
    assert grammar.begin().allowed().nonzero()[0].tolist() == [json_tokenizer.token_id("<tool_call>")]
    call = written(json_tokenizer, "", (ToolCall("now", {}),))
    assert follow(grammar, call).finished
    assert follow(grammar, written(json_tokenizer, "", (ToolCall("other", {}),))) is None
    assert follow(grammar, written(json_tokenizer, "", (ToolCall("now", {"invented": 1}),))) is None
    assert follow(grammar, written(json_tokenizer, "", (ToolCall("weather", {"days": 1}),))) is None
    assert follow(grammar, json_tokenizer.encode(render_call(ToolCall("now", {})))) is None  # spelled, not the token


@pytest.mark.parametrize(
    "name",
    ['quo"te', "back\\slash", "new\nline", "größe", "日本", "<tool_call>", "a/b:c.d-e", "%json {", "${x}", "tab\t\x01"],
)
def test_any_name_of_a_tool_is_written_as_it_is(name, json_tokenizer, compiler):
    grammar = compiler.tool_calls([Tool("x"), Tool(name)], required=True, parallel=False)
    assert is_whole(grammar, written(json_tokenizer, "", (ToolCall(name, {}),)))


@pytest.mark.parametrize(
    ("schema", "good", "bad"),
    [
        ({"type": "object"}, ['{"a": [1, {"b": null}], "c": {}}', "{}"], ["[]", '{"a":1}', "{ }"]),
        ({"properties": {"a": {"type": "integer"}}, "type": "object"}, ["{}", '{"a": 1}'], ['{"b": 1}']),
        ({"type": "object", "properties": {}, "additionalProperties": True}, ['{"b": 1}'], []),
        (
            {"allOf": [{"properties": {"a": {"type": "null"}}, "required": ["a"]}, {"properties": {"b": {}}}]},
            ['{"a": null, "b": 1}'],
            ['{"b": 1}'],
        ),
        (
            {"$defs": {"node": {"type": "object", "properties": {"next": {"$ref": "#/$defs/node"}}}}}
            | {"$ref": "#/$defs/node"},
            ['{"next": {"next": {}}}'],
            ['{"next": {"other": 1}}', '{"next": 1}'],
        ),
        ({"type": "array", "items": {"type": "boolean"}, "minItems": 2}, ["[true, false]"], ["[true]", "[true,false]"]),
        ({"type": "string", "pattern": "^[ab]+$"}, ['"abba"'], ['"abc"', '""']),
        ({"type": "string", "format": "int32"}, ['"anything"'], ["1"]),
        ({"type": "string", "format": "uuid"}, ['"6ba7b810-9dad-11d1-80b4-00c04fd430c8"'], ['"6ba7b810"']),
        ({"type": "string"}, ['"é😀\\n\\u0001"'], ['"\\u0041"', '"\\/"', '"a\nb"']),
        ({"type": "number"}, ["-1.5", "6.022e+23", "0"], ["01", ".5", "NaN", "Infinity", "+1"]),
        ({"type": "integer"}, ["-3"], ["1.0", "1e3"]),
        ({"type": "integer", "minimum": -(2**63), "maximum": 2**63 - 1}, ["9007199254740992"], ["9007199254740993"]),
        ({"type": "integer", "default": 2**70}, ["1275928847299117063", "-8999999999999999999"], ["1" * 20]),
        ({"type": ["integer", "null"], "minimum": 3}, ["3", "null"], ["2", "-7", "9" * 19]),
        ({"enum": ["a", 1, None]}, ['"a"', "1", "null"], ['"b"', "2"]),
        ({"const": {"b": 1, "a": [True]}}, ['{"b": 1, "a": [true]}'], ['{"a": [true], "b": 1}']),
        ({"title": "T", "description": "D", "default": 1, "examples": [2], "x-own": 3, "type": "integer"}, ["7"], []),
        ({"type": "integer", "x-guidance": {"whitespace_flexible": True}}, ["7"], [" 7"]),
    ],
)
def test_features_of_json_schema(schema, good, bad, json_tokenizer, compiler):
    grammar = compiler.json_schema(schema)
    for text in good:
        assert is_whole(grammar, json_tokenizer.encode(text)), text
        assert is_whole(grammar, list(text.encode())), f"{text}, byte by byte"
    for text in bad:
        assert not is_whole(grammar, json_tokenizer.encode(text)), text


def test_any_object_and_patterns(json_tokenizer, compiler):
    assert is_whole(compiler.json_object(), json_tokenizer.encode('{"a": {"b": [1, "x", true]}}'))
    assert not is_whole(compiler.json_object(), json_tokenizer.encode("[1]"))
    assert is_whole(compiler.regex("a/b\n|c|//"), json_tokenizer.encode("a/b\n"))
    grammar = compiler.regex(r"(yes|no)( \d{2,3})?")
    for text, whole in {"yes": True, "no 123": True, "yes 1": False, "maybe": False, "yes 1234": False}.items():
        assert is_whole(grammar, json_tokenizer.encode(text)) == whole, text
    assert follow(grammar, json_tokenizer.encode("no 123")).finished
    assert not follow(grammar, json_tokenizer.encode("no 12")).finished


@pytest.mark.parametrize(
    ("schema", "problem"),
    [
        ({"type": "array", "uniqueItems": True}, "uniqueItems"),
        ({"not": {"type": "string"}}, '"not"'),
        ({"type": "dict"}, "Invalid type: dict"),
        ({"type": "integer", "minimum": 3, "maximum": 2}, "minimum"),
        ({"type": "string", "pattern": "(?=a)b"}, "look-around"),
        ({"$ref": "#/$defs/gone"}, "gone"),
        ({"$ref": "http://example.com/schema.json"}, "example.com"),
        ({"type": "object", "minProperties": 2}, "minProperties is 2"),
        ({"oneOf": [{"type": "string"}, {"type": "string"}]}, "oneOf"),
        ({"enum": []}, "anyOf is empty"),
        ({"properties": 3}, "properties must be an object"),
        ({"const": float("nan")}, "not JSON"),
        ({"const": object()}, "not JSON"),
        ({"enum": [{"k": [2**53 + 1]}]}, "9007199254740993"),
        ({"type": "integer", "minimum": 2**60}, "beyond 2^53"),
        (True, "must be an object"),
    ],
)
def test_what_cannot_be_enforced_is_refused_by_name(schema, problem, compiler):
    with pytest.raises(UsageError, match="the JSON schema") as caught:
        compiler.json_schema(schema)
    assert problem in str(caught.value)
    if isinstance(schema, dict):
        inner = {"type": "object", "properties": {"p": schema}, "required": ["p"]}
        with pytest.raises(UsageError, match="tool 'second'") as caught:
            compiler.tool_calls([WEATHER, Tool("second", "", inner)], required=True, parallel=True)
        assert problem in str(caught.value) or "property 'p' is unsatisfiable" in str(caught.value)


def test_impossible_requests_for_grammars(compiler):
    with pytest.raises(UsageError, match="no tools"):
        compiler.tool_calls([], required=False, parallel=True)
    with pytest.raises(UsageError, match="the name weather"):
        compiler.tool_calls([WEATHER, WEATHER], required=False, parallel=True)
    with pytest.raises(UsageError, match="unclosed group"):
        compiler.regex("(a")


def test_one_grammar_serves_many_requests(json_tokenizer, compiler):
    grammar = compiler.regex("ab|cd")
    first, second = grammar.begin(), grammar.begin()
    a, c = json_tokenizer.encode("a")[0], json_tokenizer.encode("c")[0]
    first.accept(a)
    assert not first.allowed()[c] and second.allowed()[a] and second.allowed()[c]
    together = allowed_tokens([first, None, second], vocab_size=json_tokenizer.vocab_size)
    assert together is not None and together[1].all()
    assert together[0].tolist() == first.allowed().tolist() and together[2].tolist() == second.allowed().tolist()
    assert allowed_tokens([None, None], vocab_size=7) is None


def test_a_token_that_was_not_allowed_is_a_failure(json_tokenizer, compiler):
    constraint = compiler.regex("ab").begin()
    with pytest.raises(Failure, match="could not be followed"):
        constraint.accept(json_tokenizer.encode("b")[0])


@pytest.mark.parametrize("name", ["stage3_glaive_tools", "stage3_sgd_tools_train"])
def test_real_tools_can_be_enforced(name, compiler):
    file = Path(__file__).parents[3] / "../shared/data" / f"{name}.jsonl.gz"
    if not file.exists():
        pytest.skip(f"needs {file}")
    with gzip.open(file, "rt", encoding="utf-8") as lines:
        rows = [json.loads(line) for line in itertools.islice(lines, 300)]
    tools = {tool.name: tool for row in rows for tool in map(Tool.from_openai, row["tools"])}
    assert len(tools) > 10
    compiler.tool_calls(list(tools.values()), required=False, parallel=True)


@pytest.mark.parametrize(
    "schema",
    [
        {"properties": {"a": {"$ref": "#/properties/a"}}},
        {
            "properties": {"a": {"$ref": "#/$defs/b"}},
            "$defs": {"b": {"$ref": "#/$defs/c~1"}, "c/": {"$ref": "#/$defs/b"}},
        },
    ],
)
def test_a_reference_that_leads_to_itself_is_refused_before_anything_is_written(schema, compiler):
    with pytest.raises(UsageError, match="refers to itself"):
        compiler.json_schema({"type": "object"} | schema)
    with pytest.raises(UsageError, match=r"tool 'f' cannot be enforced: .* refers to itself"):
        compiler.tool_calls([Tool("f", "", {"type": "object"} | schema)], required=True, parallel=False)
