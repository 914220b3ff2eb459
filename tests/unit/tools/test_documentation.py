"""search_docs: the documentation of the Python that runs this."""

import inspect
import json
import math
import random
import subprocess
import sys

import pytest

from codeling.errors import Failure
from codeling.tools import documentation
from codeling.tools.documentation import DocumentationIndex, Entry, python_documentation


@pytest.fixture(scope="module")
def index() -> DocumentationIndex:
    return python_documentation()


def test_entries_are_what_the_library_says_of_itself(index):
    by_name = {entry.name: entry for entry in index.entries}
    for name, value in (("json.dumps", json.dumps), ("math.gcd", math.gcd), ("str.split", str.split), ("len", len)):
        assert by_name[name].text == inspect.cleandoc(value.__doc__ or "")[: len(by_name[name].text)]
        assert by_name[name].signature in (str(inspect.signature(value)), "")
    assert by_name["os.path.join"].kind == "function" and by_name["pathlib.Path.read_text"].kind == "method"
    assert by_name["json"].kind == "module" and by_name["collections.Counter"].kind == "class"
    assert len(index.entries) > 4000
    assert not any(name.startswith(("antigravity", "idlelib", "test.")) for name in by_name)


def test_a_name_finds_its_own_entry(index):
    functions = [entry for entry in index.entries if entry.kind in ("function", "class") and "." in entry.name]
    for entry in random.sample(functions, 50):
        assert entry.name in {found.name for found in index.search(entry.name, limit=3)}, entry.name
    assert index.search("open", limit=1)[0].name == "open"
    assert index.search("json dumps", limit=1)[0].name == "json.dumps"


@pytest.mark.parametrize(
    ("query", "name"),
    [
        ("serialize an object to JSON", "json.dumps"),
        ("greatest common divisor", "math.gcd"),
        ("split a string into words", "str.split"),
        ("copy a file", "shutil.copy"),
        ("sort a list", "list.sort"),
        ("current time in seconds", "time.time"),
        ("temporary directory", "tempfile.TemporaryDirectory"),
        ("random element of a sequence", "random.choice"),
        ("sha256 hash", "hashlib.sha256"),
    ],
)
def test_words_find_what_they_describe(index, query, name):
    found = [entry.name for entry in index.search(query, limit=10)]
    assert any(one == name or one.startswith(f"{name}.") or name.startswith(f"{one}.") for one in found), found


def test_rare_words_and_names_count_more():
    texts = {"a.split": "Cut text.", "b.other": "Cut cut cut split.", "c.third": "Nothing here, nothing at all."}
    index = DocumentationIndex(Entry(name, "function", "", text) for name, text in texts.items())
    assert [entry.name for entry in index.search("splitting", limit=9)] == ["a.split", "b.other"]
    assert [entry.name for entry in index.search("cut the text", limit=1)] == ["a.split"]
    assert index.search("zebra", limit=9) == [] and index.search("", limit=9) == []
    assert DocumentationIndex([]).search("anything", limit=3) == []


def test_the_tool(call):
    answer = call("search_docs", query="json.dumps", limit=2)
    first = answer["results"][0]
    assert (first["name"], first["kind"]) == ("json.dumps", "function") and len(answer["results"]) == 2
    assert first["text"].startswith("Serialize ``obj`` to a JSON") and len(json.dumps(answer)) < 2500
    assert "try other words" in call("search_docs", query="qqqzzz")["error"]
    assert "limit" in call("search_docs", query="x", limit=0)["error"]


def test_the_collector_prints_nothing_else():
    command = [sys.executable, "-I", str(documentation._PROGRAM)]
    lines = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=True).stdout.splitlines()
    entries = [json.loads(line) for line in lines]
    assert all(len(entry) == 4 and all(isinstance(part, str) for part in entry) for entry in entries)
    assert len({entry[0] for entry in entries}) > 0.99 * len(entries)


def test_a_collector_that_fails_is_a_failure_with_its_complaint(monkeypatch, tmp_path):
    program = tmp_path / "broken.py"
    program.write_text("raise SystemExit('no library')")
    monkeypatch.setattr(documentation, "_PROGRAM", program)
    with pytest.raises(Failure, match="status 1: no library"):
        python_documentation.__wrapped__()
