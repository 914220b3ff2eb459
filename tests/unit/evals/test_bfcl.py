"""Rows of BFCL as ours, and the pipe to its checker; the checker itself where an environment with it is at hand.

CODELING_BFCL_PYTHON=/path/to/python (of an environment with `bfcl-eval`) runs the last test.
"""

import gzip
import json
import os
import stat
import sys
from pathlib import Path

import pytest

from codeling.errors import Failure, UsageError
from codeling.evals.bfcl import Row, answer, by_category, judge_rows, read_rows, tool_of
from codeling.evals.tool_scores import Reply
from codeling.tools.calls import ParsedReply, ToolCall
from codeling.tools.schema import Tool, check_arguments

DATA = Path(__file__).parents[3] / "../shared/data/eval_bfcl_dev.jsonl.gz"
BFCL_PYTHON = os.environ.get("CODELING_BFCL_PYTHON", "")
needs_data = pytest.mark.skipif(not DATA.exists(), reason="no BFCL rows: ../shared/data is not there")


def row(category: str, ground_truth, *, parameters=None) -> dict:
    parameters = parameters or {"type": "dict", "properties": {"n": {"type": "integer"}}, "required": ["n"]}
    return {
        "id": f"{category}_0",
        "category": category,
        "question": [[{"role": "system", "content": "Be brief."}, {"role": "user", "content": "Call f with 3"}]],
        "functions": [{"name": "m.f", "description": "Does it", "parameters": parameters}],
        "ground_truth": ground_truth,
    }


DUE = [{"m.f": {"n": [3]}}]


def reply(*calls: ToolCall) -> Reply:
    return Reply(ParsedReply(calls=calls))


def write(path: Path, *rows: dict) -> list[Row]:
    with gzip.open(path, "wt", encoding="utf-8") as file:
        file.writelines(json.dumps(one) + "\n" for one in rows)
    return read_rows(path)


def test_types_become_those_of_json_schema():
    properties = {
        "a": {"type": "float", "description": "How far", "default": 1.5},
        "b": {"type": "tuple", "items": {"type": "long"}},
        "c": {"type": "dict", "properties": {"d": {"type": "any"}}, "required": ["d"]},
        "e": {"type": "array", "items": {"type": "string"}, "enum": ["x", "y"]},
        "g": {"type": "string", "enum": ["x"], "optional": True},
    }
    made = tool_of({"name": "f", "description": "", "parameters": {"type": "dict", "properties": properties}})
    assert made.parameters["properties"] == {
        "a": {"type": "number", "description": "How far", "default": 1.5},
        "b": {"type": "array", "items": {"type": "integer"}},
        "c": {"type": "object", "properties": {"d": {"type": "string"}}, "required": ["d"]},
        "e": {"type": "array", "items": {"type": "string", "enum": ["x", "y"]}},
        "g": {"type": "string", "enum": ["x"]},
    }
    assert properties["e"]["enum"]  # what was read is as it was


def test_values_of_other_languages_are_source_text():
    function = row("simple_java", DUE)["functions"][0]
    made = tool_of(function, foreign="Java")
    assert made.parameters["properties"] == {"n": {"type": "string", "description": "(Java integer)"}}
    assert made.parameters["required"] == ["n"]


def test_a_line_that_is_no_row_is_named(tmp_path):
    path = tmp_path / "rows.jsonl"
    path.write_text(json.dumps(row("parallel", DUE)) + '\n{"id": "x"}\n')
    with pytest.raises(UsageError, match=r"rows\.jsonl:2: .*category"):
        read_rows(path)


@pytest.fixture
def fake_python(tmp_path) -> Path:
    """An interpreter that has a `bfcl-eval`: one that holds with the first call's arguments alone."""
    package = tmp_path / "site" / "bfcl_eval"
    for folder in ("constants", "eval_checker/ast_eval"):
        (package / folder).mkdir(parents=True)
    (package / "constants" / "enums.py").write_text("class Language:\n    PYTHON, JAVA, JAVASCRIPT = 1, 2, 3\n")
    (package / "eval_checker" / "ast_eval" / "ast_checker.py").write_text(
        "from bfcl_eval.constants.model_config import MODEL_CONFIG_MAPPING\n"
        "def ast_checker(functions, calls, truth, language, category, model):\n"
        "    assert not MODEL_CONFIG_MAPPING[model].underscore_to_dot\n"
        "    good = calls[0]['m.f']['n'] in truth[0]['m.f']['n'] and language == 1 + ('java' in category)\n"
        "    return {'valid': good, 'error': [] if good else ['another value']}\n"
    )
    python = tmp_path / "python"
    python.write_text(
        f"#!{sys.executable}\nimport runpy, sys\nsys.path.insert(0, {str(tmp_path / 'site')!r})\n"
        "assert sys.argv[1] == '-I'\nrunpy.run_path(sys.argv[2], run_name='__main__')\n"
    )
    python.chmod(python.stat().st_mode | stat.S_IXUSR)
    return python


def test_each_category_is_judged_in_its_way(tmp_path, fake_python):
    categories = [
        "simple_java",
        "live_simple",
        "live_simple",
        "irrelevance",
        "irrelevance",
        "live_relevance",
        "parallel",
    ]
    idle = ("irrelevance", "live_relevance")
    rows = write(tmp_path / "rows.jsonl.gz", *(row(name, None if name in idle else DUE) for name in categories))
    right, wrong = ToolCall("m.f", {"n": 3}), ToolCall("m.f", {"n": 4})
    replies = [reply(right), reply(wrong), reply(), reply(), reply(wrong), reply(wrong), None]
    judged = judge_rows(rows, replies, python=fake_python)
    assert [one.valid for one in judged] == [True, False, False, True, False, True, False]
    assert judged[1].note == "['another value']" and "IndexError" in judged[2].note
    scores = by_category(judged)
    assert list(scores) == ["irrelevance", "live_relevance", "live_simple", "parallel", "simple_java", "all"]
    assert scores["irrelevance"] == {"rows": 2, "accuracy": 0.5, "too_long": 0}
    assert scores["parallel"] == {"rows": 1, "accuracy": 0, "too_long": 1}
    assert scores["all"]["accuracy"] == pytest.approx(3 / 7)


def test_a_python_without_the_checker_is_a_failure(tmp_path):
    rows = write(tmp_path / "rows.jsonl.gz", row("parallel", DUE))
    with pytest.raises(Failure, match="bfcl_eval"):
        judge_rows(rows, [reply(ToolCall("m.f", {"n": 3}))], python=Path(sys.executable))


def test_schemas_that_no_grammar_enforces_are_answered_freely(tmp_path):
    class Replier:
        def __init__(self):
            self.asked = []

        def grammar(self, conversation, mode):
            if "anything" in conversation.tools[0].parameters["properties"]:
                raise UsageError("cannot be enforced")

        def replies(self, conversations, mode):
            self.asked.append((mode, len(conversations)))
            return [reply(ToolCall(mode)) for _ in conversations]

    odd = row("parallel", DUE, parameters={"type": "dict", "properties": {"anything": {"type": "any"}}})
    rows = write(tmp_path / "rows.jsonl.gz", row("parallel", DUE), odd, row("parallel", DUE))
    replier = Replier()
    found = answer(replier, rows, "constrained")  # type: ignore[arg-type]
    assert [one.parsed.calls[0].name for one in found if one] == ["constrained", "free", "constrained"]
    assert sorted(replier.asked) == [("constrained", 2), ("free", 1)]


@needs_data
def test_the_rows_at_hand_can_all_be_offered():
    rows = read_rows(DATA)
    assert len(rows) == 1104 and {one.category for one in rows} >= {"irrelevance", "simple_java", "live_parallel"}
    for one in rows:
        for tool in one.conversation.tools:
            assert Tool.from_openai(tool.to_openai()) == tool


def expected(one: Row) -> Reply:
    """The calls of the ground truth, the first of each argument's values."""

    def first(value):
        if isinstance(value, dict):
            plain = {key: options[0] if isinstance(options, list) else options for key, options in value.items()}
            return {key: first(option) for key, option in plain.items() if option != ""}
        return [first(item) for item in value] if isinstance(value, list) else value

    if one.category == "live_relevance":
        return reply(ToolCall("any"))
    made = [
        ToolCall(name, {key: first(options[0]) for key, options in arguments.items() if options and options[0] != ""})
        for call in one.ground_truth or []
        for name, arguments in call.items()
    ]
    return reply(*made)


@needs_data
def test_the_expected_calls_fit_the_tools_as_we_offer_them():
    rows = [one for one in read_rows(DATA) if not one.category.startswith("simple_java")]
    unfit = 0
    for one in rows:
        tools = {tool.name: tool for tool in one.conversation.tools}
        unfit += any(
            check_arguments(tools[call.name], call.arguments)
            for call in expected(one).parsed.calls
            if call.name != "any"
        )
    assert unfit <= 5  # rows whose truth contradicts their own schema


@needs_data
@pytest.mark.skipif(not BFCL_PYTHON, reason="CODELING_BFCL_PYTHON names no environment with bfcl-eval")
def test_the_real_checker_takes_the_expected_calls():
    rows = read_rows(DATA)
    scores = by_category(judge_rows(rows, list(map(expected, rows)), python=Path(BFCL_PYTHON)))
    for name in (
        "parallel",
        "parallel_multiple",
        "live_simple",
        "live_parallel",
        "live_parallel_multiple",
        "irrelevance",
    ):
        assert scores[name]["accuracy"] > 0.98, name
    blank = by_category(judge_rows(rows, [reply() for _ in rows], python=Path(BFCL_PYTHON)))
    assert {name for name, found in blank.items() if found["accuracy"] > 0} == {"irrelevance", "all"}
