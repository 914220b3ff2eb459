# ruff: noqa: E501  (each line is one entry of a table)
"""The catalogue of functions: every row of it, drawn, said, filled, checked against its schema and executed."""

from __future__ import annotations

import difflib
import json
import re
from collections import Counter
from collections.abc import Callable
from random import Random

import pytest

from codeling.data.tool_functions.catalogue import DEVELOPER, all_functions
from codeling.data.tool_functions.everyday import EVERYDAY
from codeling.data.tool_functions.spec import NUM_HELD_OUT, FunctionSpec
from codeling.data.tool_functions.wordings import WORDINGS
from codeling.data.tool_profiles import DENSE
from codeling.data.tool_splits import functions_of
from codeling.tools.schema import Tool, check_arguments

SLOT = re.compile(r"\{(\w+)\}")
BRACKET = re.compile(r"\[[^\[\]]*\]")


def for_every_function(test: Callable[[FunctionSpec], None]) -> Callable[[], None]:
    """One test that asks ``test`` about each of them, and names the one of which something is not so."""

    def test_all() -> None:
        for spec in all_functions():
            try:
                test(spec)
            except Exception as error:
                raise AssertionError(f"{spec.name}: {error}") from error

    test_all.__name__ = test.__name__
    return test_all


def test_the_catalogue_is_large_and_varied():
    assert len(DEVELOPER) >= 170
    assert len(all_functions()) >= 300
    assert len({spec.domain for spec in DEVELOPER}) >= 9
    kinds = {kind for spec in DEVELOPER for slot in spec.slots for kind in _kinds(slot.schema)}
    assert kinds == {"string", "integer", "number", "boolean", "array", "object", "enum"}


def _kinds(schema):
    return {"enum"} if "enum" in schema else {schema["type"]}


def test_no_two_functions_share_a_name_or_a_description():
    names = Counter(name for spec in all_functions() for name in (spec.name, *spec.names))
    assert [name for name, count in names.items() if count > 1] == []
    descriptions = Counter(spec.description.lower() for spec in all_functions())
    assert [text for text, count in descriptions.items() if count > 1] == []


def test_no_two_functions_share_a_phrasing():
    """With every slot blanked out a request still belongs to one function only."""
    owners = {}
    for spec in all_functions():
        for phrasing in spec.phrasings:
            owners.setdefault(SLOT.sub("_", BRACKET.sub("", phrasing)).lower(), set()).add(spec.name)
    assert {phrasing: names for phrasing, names in owners.items() if len(names) > 1} == {}


@for_every_function
def test_names_and_descriptions_are_as_agreed(spec: FunctionSpec):
    for name in (spec.name, *spec.names):
        assert re.fullmatch(r"[a-z][a-z0-9]*(_[a-z0-9]+)*", name), name
    assert 1 <= len(spec.names) <= 3
    assert 3 <= len(spec.description.split()) <= 10
    slot_names = [name for slot in spec.slots for name in (slot.name, *slot.names)]
    assert len(slot_names) == len(set(slot_names)), "a variant could offer two parameters of one name"
    for slot in spec.slots:
        assert slot.required or slot.default is None or not check_arguments(_alone(slot), {"x": slot.default})


def _alone(slot):
    return Tool("f", "", {"type": "object", "properties": {"x": slot.schema}})


@for_every_function
def test_phrasings_name_every_slot_exactly_once(spec: FunctionSpec):
    assert len(spec.phrasings) >= 8
    assert len(set(spec.phrasings)) == len(spec.phrasings)
    assert len(spec.heldout_phrasings) == NUM_HELD_OUT
    assert spec.train_phrasings + spec.heldout_phrasings == spec.phrasings
    required = sorted(slot.name for slot in spec.slots if slot.required)
    optional = sorted(slot.name for slot in spec.slots if not slot.required)
    for phrasing in spec.phrasings:
        assert sorted(SLOT.findall(BRACKET.sub("", phrasing))) == required, phrasing
        parts = BRACKET.findall(phrasing)
        assert sorted(name for part in parts for name in SLOT.findall(part)) == optional, phrasing
        assert all(SLOT.search(part) for part in parts), phrasing


@for_every_function
def test_drawn_values_fit_the_schema_and_are_in_the_request(spec: FunctionSpec):
    random = Random(f"{spec.name} {Random().random()}")
    for index, phrasing in enumerate(spec.phrasings * 3):
        arguments = spec.draw(random, optional=(0.0, 0.5, 1.0)[index % 3])
        assert check_arguments(spec.tool(), arguments) == []
        request = spec.fill(phrasing, arguments)
        for slot in spec.slots:
            if slot.name in arguments:
                assert slot.said(arguments[slot.name]) in request
        assert "{" not in SLOT.sub("", phrasing)
        assert "  " not in spec.fill(phrasing, {slot.name: _word(slot) for slot in spec.slots})
        answer = spec.execute(arguments, random)
        assert json.loads(json.dumps(answer)) == answer


def _word(slot):
    return ["x"] if slot.schema["type"] == "array" else {"x": "y"} if slot.schema["type"] == "object" else "x"


@for_every_function
def test_every_variant_is_a_valid_tool_for_the_renamed_arguments(spec: FunctionSpec):
    random = Random(spec.name)
    for variant in range(spec.num_variants):
        tool = spec.tool(variant)
        assert Tool.from_openai(tool.to_openai()) == tool
        arguments = spec.draw(random, optional=1.0)
        assert check_arguments(tool, spec.rename(arguments, variant)) == []
        assert list(tool.parameters["properties"]) == list(spec.rename(arguments, variant))
    assert len({spec.tool(variant).name for variant in range(spec.num_variants)}) == spec.num_variants


@for_every_function
def test_the_same_random_gives_the_same_call_and_another_one_another(spec: FunctionSpec):
    def calls(seed):
        random = Random(seed)
        drawn = [spec.draw(random) for _ in range(12)]
        return drawn, [spec.execute(arguments, random) for arguments in drawn]

    assert calls(7) == calls(7)
    if spec.slots:
        assert calls(7) != calls(8)


@for_every_function
def test_said_values_tell_different_values_apart(spec: FunctionSpec):
    """What cannot be heard cannot be inferred: one saying never stands for two values of a slot."""
    random = Random(11)
    for slot in spec.slots:
        drawn = [slot.draw(random) for _ in range(60)]
        if "enum" in slot.schema:
            assert set(map(str, drawn)) <= set(slot.schema["enum"])
            drawn = slot.schema["enum"]
        meanings = {}
        for value in drawn:
            meanings.setdefault(slot.said(value), set()).add(json.dumps(value))
        assert all(len(meaning) == 1 for meaning in meanings.values())


def test_free_text_is_drawn_from_large_pools():
    """A required string that few values cover could be remembered; most slots must make copying necessary."""
    random = Random(3)
    few = [
        f"{spec.name}.{slot.name}"
        for spec in DEVELOPER
        for slot in spec.slots
        if slot.schema["type"] == "string" and "enum" not in slot.schema
        if len({slot.draw(random) for _ in range(60)}) < 15
    ]
    total = sum(
        slot.schema["type"] == "string" and "enum" not in slot.schema for spec in DEVELOPER for slot in spec.slots
    )
    assert len(few) <= total / 10, few


def test_more_wordings_are_for_training_and_are_none_of_the_held_out_ones():
    known = {spec.name: spec for spec in (*DEVELOPER, *EVERYDAY)}
    trained = {spec.name for spec in functions_of("train", limit=DENSE.functions)}
    assert trained == set(WORDINGS) and len(trained) == DENSE.functions
    for spec in all_functions():
        more = WORDINGS.get(spec.name, ())
        assert spec.heldout_phrasings == known[spec.name].heldout_phrasings
        assert spec.train_phrasings == more + known[spec.name].train_phrasings
        assert not more or len(more) >= 15
        for one in more:
            for other in spec.heldout_phrasings:
                assert difflib.SequenceMatcher(None, _words(one), _words(other)).ratio() < 0.8, (one, other)


def _words(phrasing):
    return re.findall(r"\w+", SLOT.sub("_", BRACKET.sub("", phrasing)).lower())


def test_an_absent_required_value_is_an_error_and_an_optional_one_drops_its_part():
    spec = next(spec for spec in DEVELOPER if spec.name == "hash_file")
    assert spec.fill(spec.phrasings[0], {"path": "a.txt"}) == "Compute the checksum of a.txt"
    assert spec.fill(spec.phrasings[0], {"path": "[x] {path}", "algorithm": "md5"}) == (
        "Compute the checksum of [x] {path} with md5"
    )
    with pytest.raises(KeyError):
        spec.fill(spec.phrasings[0], {"algorithm": "md5"})


def call(name, **arguments):
    """What the function of a name answers."""
    spec = next(spec for spec in DEVELOPER if spec.name == name)
    return spec.execute(arguments, Random(0))


@pytest.mark.parametrize(
    ("encode", "key", "decode", "parameter"),
    [
        ("encode_base64", "base64", "decode_base64", "data"),
        ("encode_hex", "hex", "decode_hex", "data"),
        ("encode_url", "encoded", "decode_url", "text"),
        ("escape_html", "html", "unescape_html", "text"),
        ("text_to_binary", "binary", "binary_to_text", "bits"),
        ("text_to_morse", "morse", "morse_to_text", "morse"),
    ],
)
def test_decoding_undoes_encoding(encode, key, decode, parameter):
    random = Random()
    for _ in range(30):
        text = "".join(random.choice("abcdefghijklmnopqrstuvwxyz") for _ in range(random.randint(1, 20)))
        assert call(decode, **{parameter: call(encode, text=text)[key]}) == {"text": text}


@pytest.mark.parametrize(
    ("name", "arguments", "answer"),
    [
        ("hash_text", {"text": "abc", "algorithm": "md5"}, {"hash": "900150983cd24fb0d6963f7d28e17f72"}),
        ("compute_crc32", {"text": "123456789"}, {"crc32": "cbf43926"}),
        ("caesar_cipher", {"text": "Hello xyz", "shift": 3}, {"text": "Khoor abc"}),
        ("edit_distance", {"first": "kitten", "second": "sitting"}, {"distance": 3}),
        ("is_palindrome", {"text": "level"}, {"palindrome": True}),
        ("are_anagrams", {"first": "listen", "second": "silent"}, {"anagrams": True}),
        ("change_case", {"text": "Old Red House", "case": "snake"}, {"text": "old_red_house"}),
        ("count_characters", {"text": "a b c", "spaces": False}, {"characters": 3}),
        ("count_occurrences", {"word": "a", "text": "a ab a"}, {"count": 2}),
        ("truncate_text", {"text": "abcdef", "length": 3, "ellipsis": True}, {"text": "abc..."}),
        ("remove_accents", {"text": "café crème"}, {"text": "cafe creme"}),
        ("detect_language", {"text": "Ich heiße Ada und das ist Ben"}, {"language": "german"}),
        ("check_spelling", {"text": "The quyick turtle opens my house"}, {"mistakes": ["quyick"]}),
        ("fill_template", {"template": "<name> ordered <item>", "fields": {"name": "Ada", "item": "tea"}}, {"text": "Ada ordered tea"}),
        ("bump_version", {"version": "1.9.3", "part": "minor"}, {"version": "1.10.0"}),
        ("compare_versions", {"first": "2.9.0", "second": "2.10.0"}, {"newer": "2.10.0"}),
        ("ip_in_network", {"address": "10.1.2.3", "network": "10.0.0.0/8"}, {"inside": True}),
        ("parse_url", {"url": "https://a.org/b/c"}, {"scheme": "https", "host": "a.org", "path": "/b/c"}),
        ("evaluate_expression", {"expression": "(14 + 3) * 7"}, {"value": 119}),
        ("evaluate_expression", {"expression": "max(4, 9, 2)"}, {"value": 9}),
        ("get_absolute_path", {"path": "../c.txt", "base": "/a/b"}, {"path": "/a/c.txt"}),
        ("move_file", {"path": "a/x.txt", "folder": "/b"}, {"path": "/b/x.txt"}),
    ],
)  # fmt: skip
def test_computed_answers(name, arguments, answer):
    assert call(name, **arguments) == answer


def test_words_to_be_replaced_are_in_the_text():
    spec = next(spec for spec in DEVELOPER if spec.name == "replace_text")
    random = Random()
    for _ in range(30):
        arguments = spec.draw(random)
        assert arguments["old"] in arguments["text"].split()
        assert spec.execute(arguments, random) != {"text": arguments["text"]} or arguments["old"] == arguments["new"]
