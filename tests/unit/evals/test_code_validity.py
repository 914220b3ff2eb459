"""Judging generated code: by the languages' own parsers, without trusting the text."""

import ast
import random
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from codeling.data.bash_tasks import generate_bash_pairs
from codeling.evals.code import begins_like_bash, judge_bash, judge_python, python_function, whole_lines
from codeling.runtime.python_syntax import MAX_CHARACTERS, check_python_syntax


def test_python_verdicts_in_order():
    texts = ["x = 1", "def f(): pass", "def f(:", "", "# only words", '"""doc"""\n', "class A:\n    x = 1", "..."]
    verdicts = check_python_syntax(texts)
    assert [one.parses for one in verdicts] == [True, True, False, True, True, True, True, True]
    assert [one.substantial for one in verdicts] == [True, False, False, False, False, False, True, False]
    assert check_python_syntax([]) == []


@given(st.lists(st.text(max_size=30), max_size=5))
@settings(max_examples=15)
def test_python_verdicts_equal_the_parser(texts):
    expected = []
    for text in texts:
        try:
            ast.parse(text)
            expected.append(True)
        except (SyntaxError, ValueError):
            expected.append(False)
    assert [one.parses for one in check_python_syntax(texts)] == expected


def test_texts_that_hurt_the_parser_cost_only_themselves():
    nasty = [
        "(" * 100_000,
        "-" * 500_000 + "1",
        "a" + ".b" * 200_000,
        "a\0b",
        "x = '\ud800'",
        "x = 1\n" * (MAX_CHARACTERS // 6 + 2),
        "1 +" * 100_000 + "1",
    ]
    texts = [text for pair in zip(nasty, ["y = 2"] * len(nasty), strict=True) for text in pair]
    verdicts = check_python_syntax(texts)
    assert len(verdicts) == len(texts)
    assert all(one.parses for one in verdicts[1::2])
    assert not any(one.parses for one in (verdicts[0], verdicts[6], verdicts[10]))


def test_a_parser_that_hangs_is_given_up(monkeypatch):
    import codeling.runtime.python_syntax as module

    slow = module._PARSER.replace(
        "tree = ast.parse(text)", "tree = ast.parse(text); 'HANG' in text and __import__('time').sleep(600)"
    )
    monkeypatch.setattr(module, "_PARSER", slow)
    start = time.monotonic()
    verdicts = check_python_syntax(["a = 1", "HANG = 1", "b = 2"], timeout_seconds=5)
    assert [one.parses for one in verdicts] == [True, False, True]
    assert time.monotonic() - start < 200


def test_nothing_is_executed(tmp_path):
    target = tmp_path / "touched"
    check_python_syntax([f"open({str(target)!r}, 'w')"])
    judge_bash([f"touch {target}", f"$(touch {target})", f"`touch {target}`"])
    assert not target.exists()


def test_bash_must_parse_and_do_something():
    verdicts = judge_bash(["ls -l", "# a comment", "", "if true; then", "#!/bin/bash\n\n# x\necho hi\n", "echo 'open"])
    assert [one.syntax for one in verdicts] == [True, True, True, False, True, False]
    assert [one.valid for one in verdicts] == [True, False, False, False, True, False]


def test_english_is_bash_to_bash_but_not_to_us():
    sentence = "The boy went home and slept"
    assert judge_bash([sentence])[0].valid and not begins_like_bash(sentence)
    for script in (
        "x=1",
        "f() {\n",
        "./run.sh",
        "for i in 1 2; do",
        "[[ -f x ]] && ls",
        "# note\ngrep -r a .",
        "a[1]=2",
        "true;",
    ):
        assert begins_like_bash(script), script


def test_every_generated_task_is_valid_bash_that_begins_with_a_command():
    tasks = [task.text for task in generate_bash_pairs(seed=random.randrange(10**6), limit=300)]
    assert all(one.valid for one in judge_bash(tasks[:60]))
    assert [text for text in tasks if not begins_like_bash(text)] == []


@pytest.mark.parametrize(
    ("head", "completion", "expected"),
    [
        ("def f(x):\n", "    return x\n\nprint(f(1))\n", "    return x\n\n"),
        ("def f(x):\n", "    a = [\n1,\n]\n    return a\nend", "    a = [\n1,\n]\n    return a\n"),
        ("def f(x):\n", '    """Say\nmore."""\n    return x\nx = 1', '    """Say\nmore."""\n    return x\n'),
        ("def f(x):\n", "    # it's (\n    return x\nx = 1", "    # it's (\n    return x\n"),
        ("def f(x):\n", "    s = 'it\\'s ('\n    return s\nx", "    s = 'it\\'s ('\n    return s\n"),
        ("def f(x", "):\n    return x\nboo", "):\n    return x\n"),
        ("def f():\n", "", ""),
    ],
)
def test_a_function_ends_at_the_margin(head, completion, expected):
    assert python_function(head, completion) == head + expected


def test_only_whole_functions_of_this_module_come_back():
    source = ast.unparse(ast.parse(Path(ast.__file__).read_text(encoding="utf-8")))
    tree = ast.parse(source)
    functions = [node for node in tree.body if isinstance(node, ast.FunctionDef) and not node.decorator_list]
    lines = source.splitlines(keepends=True)
    for node in random.sample(functions, 8):
        head = lines[node.lineno - 1]
        body = "".join(lines[node.lineno : node.end_lineno])
        rest = "".join(lines[node.end_lineno :])
        assert python_function(head, body + rest).rstrip("\n") == (head + body).rstrip("\n")


def test_a_line_cut_off_by_the_limit_does_not_count():
    assert whole_lines("a\nb = (1", "length") == "a\n"
    assert whole_lines("a\n", "length") == "a\n"
    assert whole_lines("a\nb", "stop") == "a\nb"
    assert whole_lines("never ended", "length") == ""


def test_judge_python_needs_more_than_placeholders():
    verdicts = judge_python(["def f():\n    return 1\n", "def f():\n    pass\n", "def f():\n"])
    assert [(one.syntax, one.valid) for one in verdicts] == [(True, True), (True, False), (False, False)]
