"""Every tool has an answer, whatever it is asked; programs run for real."""

import json
import random
import string
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from codeling.errors import UsageError
from codeling.sandbox.limits import Limits
from codeling.sandbox.workspace import Workspace
from codeling.tools import executors
from codeling.tools.catalog import CATALOG, choose_tools
from codeling.tools.context import ExecutableTool, ToolContext, shorten
from codeling.tools.executors import execute
from codeling.tools.schema import Tool, check_arguments


def test_every_tool_is_a_valid_schema_with_a_short_description():
    assert set(CATALOG) == {
        "execute_python", "execute_bash", "run_tests", "analyze_code", "search_docs", "read_file", "write_file",
        "list_files",
    }  # fmt: skip
    for name, entry in CATALOG.items():
        assert Tool.from_openai(entry.tool.to_openai()) == entry.tool and entry.tool.name == name
        assert 0 < len(entry.tool.description) <= 80
        for required in entry.tool.parameters.get("required", []):
            assert check_arguments(entry.tool, {}) and required in entry.tool.parameters["properties"]


def test_tools_are_chosen_by_name():
    assert choose_tools(["all"]) == CATALOG and choose_tools(["none"]) == {}
    names = random.sample(list(CATALOG), 3)
    assert list(choose_tools(names)) == names
    with pytest.raises(UsageError, match="did you mean 'read_file'"):
        choose_tools(["read_files"])


def test_python_runs_and_prints(sandbox, call):
    a, b = random.randint(0, 10**9), random.randint(0, 10**9)
    assert call("execute_python", code=f"print({a} * {b})") == {"exit_code": 0, "stdout": f"{a * b}\n"}
    assert call("execute_python", code="print(input()[::-1])", stdin="abc")["stdout"] == "cba\n"
    failed = call("execute_python", code="print('before')\nprint(1 / 0)")
    assert failed["exit_code"] == 1 and failed["stdout"] == "before\n"
    assert failed["stderr"].endswith("ZeroDivisionError: division by zero\n")


def test_bash_runs_and_prints(sandbox, call):
    assert call("execute_bash", command="echo out; echo err >&2; exit 3") == {
        "exit_code": 3, "stdout": "out\n", "stderr": "err\n",
    }  # fmt: skip
    assert call("execute_bash", command="tr a-z A-Z", stdin="héllo") == {"exit_code": 0, "stdout": "HéLLO"}


def test_programs_and_files_share_the_workspace(sandbox, call):
    word = "".join(random.choices(string.ascii_lowercase, k=12))
    assert call("write_file", path="in/word.txt", content=word) == {"path": "in/word.txt", "bytes": 12}
    call("execute_python", code="open('out.txt', 'w').write(open('in/word.txt').read().upper())")
    assert call("read_file", path="out.txt") == {"content": word.upper()}
    assert call("execute_bash", command="rm in/word.txt; ls")["stdout"] == "in\nout.txt\n"
    assert call("list_files") == {"files": [{"path": "in/"}, {"path": "out.txt", "bytes": 12}]}


def test_a_program_that_does_not_end_is_stopped(sandbox, context):
    hurried = ToolContext(context.workspace, limits=Limits(wall_seconds=0.5))
    answer = json.loads(execute(CATALOG["execute_python"], {"code": "while True: pass"}, hurried))
    assert answer["status"] == "timeout" and answer["exit_code"] is None


def test_long_output_is_shortened_and_says_so(sandbox, context):
    small = ToolContext(context.workspace, max_characters=200)
    answer = json.loads(execute(CATALOG["execute_bash"], {"command": "seq 1 5000"}, small))
    assert answer["stdout"].startswith("1\n2\n") and answer["stdout"].endswith("4999\n5000\n")
    assert "characters left out" in answer["stdout"] and len(answer["stdout"]) < 300


@given(st.text(max_size=300), st.integers(1, 100))
def test_shortening_keeps_both_ends(text, limit):
    short = shorten(text, limit)
    if len(text) <= limit:
        assert short == text
    else:
        head, _, tail = short.partition("\n[... ")
        kept = tail.partition("left out ...]\n")[2]
        assert text.startswith(head) and text.endswith(kept) and len(head) + len(kept) == limit
        assert f"{len(text) - limit} characters" in short


def test_a_machine_without_a_sandbox_is_an_answer_not_a_crash(call, monkeypatch):
    def refuse(*_: object, **__: object):
        raise UsageError("no sandbox: apt-get install bubblewrap")

    monkeypatch.setattr(executors, "run", refuse)
    assert call("execute_python", code="1") == {"error": "no sandbox: apt-get install bubblewrap"}


def test_wrong_arguments_are_named(call):
    assert "code is missing" in call("execute_python")["error"]
    assert "not of type string" in call("execute_bash", command=["ls"])["error"]
    assert "path_name is not a parameter" in call("read_file", path="a", path_name="b")["error"]
    assert "the arguments must be an object" in json.loads(execute(CATALOG["list_files"], [], None))["error"]  # type: ignore[arg-type]


def test_a_fault_of_a_tool_is_an_answer_that_names_its_place(context):
    def divide(arguments: dict, _: ToolContext) -> str:
        return str(1 / arguments["by"])

    tool = ExecutableTool(Tool("divide", "", {"type": "object", "properties": {"by": {"type": "number"}}}), divide)
    assert execute(tool, {"by": 2}, context) == "0.5"
    error = json.loads(execute(tool, {"by": 0}, context))["error"]
    assert "divide broke: ZeroDivisionError" in error and Path(__file__).name in error


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)
_WITHOUT_PROGRAMS = sorted(name for name, entry in CATALOG.items() if not entry.runs_code and name != "search_docs")


@given(st.data())
def test_any_arguments_have_an_answer(data):
    entry = CATALOG[data.draw(st.sampled_from(_WITHOUT_PROGRAMS))]
    properties = st.sampled_from([*entry.tool.parameters["properties"], "other"])
    near = st.dictionaries(properties, st.text(max_size=30) | st.sampled_from([".", "..", "/", "a/b", 1, True]) | _JSON)
    arguments = data.draw(near | _JSON)
    with Workspace() as workspace:
        answer = json.loads(execute(entry, arguments, ToolContext(workspace)))
        assert isinstance(answer, dict) and answer


@pytest.mark.parametrize("name", [name for name, entry in CATALOG.items() if entry.runs_code])
@pytest.mark.parametrize("text", ["", "\0", "\ud800", "é" * 10, "'" * 5, "(" * 3000, "if"])
def test_odd_programs_have_an_answer(sandbox, call, name, text):
    assert call(name, **{"command" if name == "execute_bash" else "code": text})
