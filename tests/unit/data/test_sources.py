"""Sources: every kind of input becomes the same documents it holds, and damaged input is named by file and line."""

from __future__ import annotations

import ast
import gzip
import itertools
import json
import textwrap
from pathlib import Path

import pytest
import zstandard
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from codeling.data import source_files
from codeling.data.cleaning import Duplicates, reason_to_drop
from codeling.data.corpus import SEPARATOR
from codeling.data.document import Document
from codeling.data.languages import language_of, language_of_shebang, normalise_language
from codeling.data.licences import licence_of_text, permissive_expression, spdx
from codeling.data.source_files import read_tree, split_text
from codeling.data.source_hub import HubSpec
from codeling.data.source_machine import split_definitions
from codeling.data.source_options import SourceOptions
from codeling.data.sources import SOURCES, open_one, open_source, split_specs
from codeling.errors import Failure, UsageError

SHARED = Path(__file__).parents[3] / "../shared/data"


def texts(spec: str, **options: object) -> list[str]:
    return [document.text for document in open_source(spec, **options)]  # type: ignore[arg-type]


# --- files beside a text that are not its manifest


@pytest.mark.parametrize("content", [b"\xe8\x00 not JSON", b"[1, 2]", b'{"format": "mine"}', b""])
def test_a_json_file_of_the_same_name_is_left_alone(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "notes.txt").write_text(f"one\n{SEPARATOR}\ntwo\n", encoding="utf-8")
    (tmp_path / "notes.json").write_bytes(content)
    assert [text.strip() for text in texts(f"file:{tmp_path}/notes.txt")] == ["one", "two"]


# --- the grammar of --source


def test_source_names_are_those_of_the_documentation() -> None:
    assert set(SOURCES) == {
        "hub",
        "file",
        "dir",
        "python",
        "shell",
        "stories",
        "bash-tasks",
        "code-tasks",
        "tool-calls",
    }


@pytest.mark.parametrize(
    ("spec", "complaint"),
    [
        ("pyton", "did you mean 'python'"),
        ("python,shel", "did you mean 'shell'"),
        ("python,,shell", "unknown source ''"),
        ("", "unknown source ''"),
        ("file:", "needs a value, as in file:"),
        ("hub:", "needs a value, as in hub:"),
        ("hub:a b", "write hub:ID"),
        ("python:0", "a whole number above 0"),
        ("shell:~/bin", "a whole number above 0"),
        ("stories:0", "above 0"),
        ("stories:many", "above 0"),
        ("bash-tasks:", "above 0"),
        ("hub:openai/openai_humaneval", "evaluation set"),
        ("hub:google-research-datasets/mbpp", "evaluation set"),
        ("hub:some/data:main:test", "test split"),
        ("python,file:/no/such/file.txt", "no such file"),
        ("dir:/no/such/folder", "no such folder"),
    ],
)
def test_a_bad_list_is_refused_before_anything_is_read(spec: str, complaint: str) -> None:
    with pytest.raises(UsageError, match=complaint):
        open_source(spec)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a/b", HubSpec("a/b")),
        ("a/b::validation", HubSpec("a/b", None, None, "validation")),
        ("a/b:en:train[:10%]", None),
        ("a/b@main:en", HubSpec("a/b", "main", "en", "train")),
        ("google-research-datasets/mbpp:full:train", HubSpec("google-research-datasets/mbpp", None, "full", "train")),
    ],
)
def test_hub_grammar(text: str, expected: HubSpec | None) -> None:
    if expected is None:
        with pytest.raises(UsageError):
            HubSpec.parse(text)
    else:
        assert HubSpec.parse(text) == expected
        assert HubSpec.parse(str(expected)) == expected


def test_what_this_machine_has_can_be_bounded_by_itself() -> None:
    five = [document.id for document in open_source("python:5,bash-tasks:7")]
    assert len(five) == 12
    assert five[:5] == [document.id for document in open_source("python", limit=5)]
    assert [document.id for document in open_source("python:5", limit=3)] == five[:3]
    options = SourceOptions(start=3, limit=9)
    assert [document.id for document in open_one("python:5", options)] == five[3:5]


def test_lists_limits_and_starts(tmp_path: Path) -> None:
    for name in "ab":
        write_jsonl(tmp_path / f"{name}.jsonl", [{"text": f"{name}{i}"} for i in range(5)])
    spec = f"file:{tmp_path}/a.jsonl, file:{tmp_path}/b.jsonl"
    assert len(split_specs(spec)) == 2
    assert texts(spec, limit=2) == ["a0", "a1", "b0", "b1"]
    assert texts(spec, options=SourceOptions(start=3)) == ["a3", "a4", "b3", "b4"]
    assert texts(spec, options=SourceOptions(start=1, limit=2)) == ["a1", "b1"]
    assert texts(spec, options=SourceOptions(start=4, limit=2)) == []
    assert texts(f"file:{tmp_path}/*.jsonl") == texts(spec)


# --- files


def write_jsonl(path: Path, rows: list[dict[str, object]]) -> bytes:
    content = "".join(json.dumps(row) + "\n" for row in rows).encode()
    if path.suffix == ".gz":
        path.write_bytes(gzip.compress(content))
    elif path.suffix == ".zst":
        path.write_bytes(zstandard.compress(content))
    else:
        path.write_bytes(content)
    return content


row_texts = st.lists(st.text(st.characters(blacklist_categories=["Cs"]), max_size=200), max_size=20)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(values=row_texts, ending=st.sampled_from(["jsonl", "jsonl.gz", "jsonl.zst", "parquet"]), size=st.integers(1, 64))
def test_rows_come_back_unchanged(tmp_path: Path, values: list[str], ending: str, size: int) -> None:
    path = tmp_path / f"rows.{ending}"
    rows: list[dict[str, object]] = [{"n": i, "text": value} for i, value in enumerate(values)]
    if ending == "parquet":
        import pyarrow
        import pyarrow.parquet

        pyarrow.parquet.write_table(pyarrow.table({"text": pyarrow.array(values, pyarrow.string())}), path)
    else:
        write_jsonl(path, rows)
    before = source_files._READ_BYTES
    source_files._READ_BYTES = size
    try:
        documents = list(open_source(f"file:{path}"))
    finally:
        source_files._READ_BYTES = before
    assert [document.text for document in documents] == values
    assert [document.id for document in documents] == [f"rows.{ending}:{i + 1}" for i in range(len(values))]


@given(
    documents=st.lists(st.text(alphabet="ab\n <|endoftx>", max_size=60), max_size=8),
    cuts=st.lists(st.integers(0, 500), max_size=6),
    limit=st.integers(17, 80),
)
def test_splitting_text_loses_nothing_however_it_is_read(documents: list[str], cuts: list[int], limit: int) -> None:
    whole = SEPARATOR.join(documents)
    expected = whole.split(SEPARATOR)
    bounds = [0, *sorted(min(cut, len(whole)) for cut in cuts), len(whole)]
    pieces = [whole[a:b] for a, b in itertools.pairwise(bounds)]
    before = source_files.MAX_TEXT_DOCUMENT_CHARS
    source_files.MAX_TEXT_DOCUMENT_CHARS = limit
    try:
        parts = list(split_text(iter(pieces)))
    finally:
        source_files.MAX_TEXT_DOCUMENT_CHARS = before
    assert "".join(parts) == "".join(expected)
    assert all(len(part) <= limit for part in parts)
    if all(len(part) <= limit for part in expected):
        assert [part for part in parts if part] == [part for part in expected if part]


def test_text_files_give_documents_with_line_numbers(tmp_path: Path) -> None:
    path = tmp_path / "x.txt"
    path.write_text(f"one\ntwo\n{SEPARATOR}\n\nthree\n{SEPARATOR}\n{SEPARATOR}\nfour", encoding="utf-8")
    documents = list(open_source(f"file:{path}"))
    assert [document.text for document in documents] == ["one\ntwo\n", "three\n", "four\n"]
    assert [document.id for document in documents] == ["x.txt:1", "x.txt:5", "x.txt:8"]
    compressed = tmp_path / "y.txt.gz"
    compressed.write_bytes(gzip.compress(path.read_bytes()))
    assert texts(f"file:{compressed}") == [document.text for document in documents]


def test_a_long_text_is_cut_at_blank_lines_not_kept_whole(tmp_path: Path) -> None:
    paragraphs = [f"paragraph {i} " + "word " * 200 for i in range(1000)]
    (tmp_path / "book.txt").write_text("\n\n".join(paragraphs))
    documents = texts(f"file:{tmp_path}/book.txt")
    assert len(documents) > 4
    assert [p for d in documents for p in d.rstrip("\n").split("\n\n")] == paragraphs


KNOWN_ROWS = [
    ({"text": "t", "lang": "Shell", "license": "MIT"}, "t", "bash", "MIT"),
    ({"content": "c"}, "c", "text", "unknown"),
    ({"instruction": "List files", "command": "ls"}, "# List files\nls\n", "bash", "unknown"),
    ({"nl": "a\nb", "bash": "ls"}, "# a\n# b\nls\n", "bash", "unknown"),
    ({"prompt": "Add.", "code": "def f(): pass"}, "# Add.\ndef f(): pass\n", "python", "unknown"),
    ({"question": "q", "context": "CREATE", "answer": "SELECT"}, "CREATE\n-- q\nSELECT\n", "sql", "unknown"),
    ({"query": "q", "answer": "a", "lang": "python"}, "q\n\na\n", "python", "unknown"),
]


@pytest.mark.parametrize(("row", "text", "language", "licence"), KNOWN_ROWS)
def test_known_shapes(tmp_path: Path, row: dict[str, object], text: str, language: str, licence: str) -> None:
    write_jsonl(tmp_path / "x.jsonl", [row])
    (document,) = open_source(f"file:{tmp_path}/x.jsonl")
    assert (document.text, document.language, document.licence) == (text, language, licence)
    assert document.source == "file:x.jsonl"


def test_text_field_is_obeyed(tmp_path: Path) -> None:
    write_jsonl(tmp_path / "x.jsonl", [{"text": "no", "body": "yes"}])
    assert texts(f"file:{tmp_path}/x.jsonl", text_field="body") == ["yes"]
    with pytest.raises(Failure, match=r"x\.jsonl:1: no field 'bodi' \(fields: text, body\)"):
        texts(f"file:{tmp_path}/x.jsonl", text_field="bodi")


@pytest.mark.parametrize(
    ("line", "complaint"),
    [
        (b'{"text": "cut', "not valid JSON"),
        (b"[1]", "a row is an object"),
        (b'{"text": 5}', "field 'text' is int, not text"),
        (b'{"title": "x"}', "no text in fields title; .*--text-field"),
        (b'{"text": "\xff"}', "not valid JSON"),
        (b"[" * 100_000, "not valid JSON"),
    ],
)
def test_a_bad_row_is_named_by_file_and_line(tmp_path: Path, line: bytes, complaint: str) -> None:
    path = tmp_path / "x.jsonl"
    path.write_bytes(b'{"text": "fine"}\n\n' + line + b"\n")
    with pytest.raises(Failure, match=rf"x\.jsonl:3: {complaint}"):
        texts(f"file:{path}")


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_rows_in_utf_16_are_refused_with_the_command_that_converts_them(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "x.jsonl"
    path.write_text('{"text": "one"}\n{"text": "two"}\n', encoding=encoding)
    with pytest.raises(Failure, match=r"x\.jsonl: not UTF-8 text.*iconv"):
        texts(f"file:{path}")
    path.write_text('{"text": "one"}\n{"text": "two"}\n', encoding="utf-8-sig")
    assert len(texts(f"file:{path}")) == 2


@pytest.mark.parametrize("ending", ["gz", "zst"])
@pytest.mark.parametrize("keep", [0.5, 0.97])
def test_a_truncated_file_is_an_error_not_a_short_file(tmp_path: Path, ending: str, keep: float) -> None:
    path = tmp_path / f"x.jsonl.{ending}"
    write_jsonl(path, [{"text": f"{i * 7919 % 10007} " * 40} for i in range(2000)])
    assert len(texts(f"file:{path}")) == 2000
    path.write_bytes(path.read_bytes()[: int(keep * path.stat().st_size)])
    with pytest.raises(Failure, match=rf"x\.jsonl\.{ending}: cannot be read to its end.*after line \d+"):
        texts(f"file:{path}")


def test_other_damage(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl.gz").write_bytes(b"not gzip at all")
    (tmp_path / "b.parquet").write_bytes(b"PAR1 no")
    (tmp_path / "c.txt").write_bytes(b"fine\nfine\nbad \xff\n")
    for name, complaint in (
        ("a.jsonl.gz", "cannot be read"),
        ("b.parquet", "parquet"),
        ("c.txt", "c.txt:3: not UTF-8"),
    ):
        with pytest.raises(Failure, match=complaint):
            texts(f"file:{tmp_path}/{name}")
    (tmp_path / "d.csv").write_text("a,b")
    for spec, complaint in ((f"file:{tmp_path}/d.csv", "cannot read this kind"), (f"file:{tmp_path}", "write dir:")):
        with pytest.raises(UsageError, match=complaint):
            texts(spec)


def test_evaluation_files_are_refused(tmp_path: Path) -> None:
    write_jsonl(tmp_path / "eval_mine.jsonl", [{"text": "question"}])
    write_jsonl(tmp_path / "evaluate_dates.jsonl", [{"text": "fine"}])
    assert texts(f"file:{tmp_path}/evaluate_dates.jsonl") == ["fine"]
    with pytest.raises(UsageError, match="evaluation set"):
        open_source(f"file:{tmp_path}/*.jsonl")


@pytest.mark.skipif(not SHARED.is_dir(), reason="needs ../shared/data beside the project")
def test_the_shared_files_are_recognised() -> None:
    for stem, language in (
        ("stage2_tldr_valid", "bash"),
        ("stage2_mbpp_valid", "python"),
        ("stage1_fairytales_valid", "text"),
    ):
        documents = list(open_source(f"file:{SHARED}/{stem}.jsonl.gz", limit=20))
        assert len(documents) == 20
        assert {document.language for document in documents} == {language}
    with pytest.raises(UsageError, match="evaluation set"):
        open_source(f"file:{SHARED}/eval_mbpp_test_even.jsonl.gz")


# --- trees of source code


def make_tree(root: Path, files: dict[str, str | bytes]) -> None:
    for name, content in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())


def test_a_tree_is_read_by_language_and_gitignore(tmp_path: Path) -> None:
    make_tree(
        tmp_path,
        {
            ".gitignore": "build/\n*.log.sh\n/only_top.py\n",
            "LICENSE": "MIT License\n\nPermission is hereby granted, free of charge, to any person ... "
            "to use, copy, modify, merge, publish",
            "main.py": "print(1)\r\n",
            "only_top.py": "ignored",
            "tool": "#!/usr/bin/env bash\necho\n",
            "notes": "no language",
            "build/x.py": "ignored",
            "a.log.sh": "ignored",
            "pkg/.gitignore": "*.sql\n!keep.sql\n!b.log.sh\n",
            "pkg/only_top.py": "x = 1",
            "pkg/drop.sql": "ignored",
            "pkg/keep.sql": "SELECT 1",
            "pkg/b.log.sh": "echo kept",
            "node_modules/m.js": "ignored",
            "env/pyvenv.cfg": "",
            "env/lib.py": "ignored",
            "data.py": b"\x00\x01",
            "latin.py": b"# \xe9\n",
            "huge.py": "#" * 1_000_001,
        },
    )
    (tmp_path / "link.py").symlink_to(tmp_path / "main.py")
    options = SourceOptions()
    found = {document.id: document for document in read_tree(str(tmp_path), options)}
    assert list(found) == ["main.py", "tool", "pkg/b.log.sh", "pkg/keep.sql", "pkg/only_top.py"]
    assert found["main.py"].text == "print(1)\n"
    assert {document.licence for document in found.values()} == {"MIT"}
    assert (found["tool"].language, found["pkg/keep.sql"].language) == ("bash", "sql")
    assert options.skipped["binary file"] == options.skipped["file over a megabyte"] == 1
    assert options.skipped["ignored by .gitignore"] == 4


def test_gitignore_agrees_with_git(tmp_path: Path) -> None:
    import shutil
    import subprocess

    if shutil.which("git") is None:
        pytest.skip("needs git to compare with")
    names = """a.py keep_a.py deep/x/no.sh deep/no.sh deep/x/y/no.sh foo/in.sh bar/foo/in.sh bar/tmp_1.sh
    bar/keep.py bar/b.py foo.sh"""
    make_tree(
        tmp_path,
        {
            ".gitignore": "*.py\n!keep*.py\ndeep/*/no.sh\nfoo/\n!foo/in.sh\n**/tmp_*\n",
            **dict.fromkeys(names.split(), "x"),
            "bar/.gitignore": "!b.py\nkeep.py\n",
        },
    )
    subprocess.run(["git", "init", "-q"], cwd=tmp_path, check=True)
    listed = subprocess.run(
        ["git", "ls-files", "--others", "--exclude-standard"], cwd=tmp_path, check=True, capture_output=True, text=True
    ).stdout.split()
    ours = {document.id for document in read_tree(str(tmp_path), SourceOptions())}
    assert ours == {name for name in listed if not name.endswith(".gitignore")}


# --- this machine


def test_python_source_is_licensed_free_of_tests_and_deterministic() -> None:
    options = SourceOptions()
    documents = list(open_source("python", limit=1500, options=options))
    assert [d.id for d in open_source("python", limit=300)] == [d.id for d in documents[:300]]
    assert "argparse.py" in {document.id for document in documents}
    assert {document.language for document in documents} == {"python"}
    assert all(permissive_expression(document.licence) for document in documents)
    assert not any({"test", "tests", "site-packages"} & set(Path(document.id).parts) for document in documents)


def test_shell_source_reads_scripts() -> None:
    documents = list(open_source("shell", limit=30))
    if not documents:
        pytest.skip("no shell scripts are installed here")
    assert len({document.id for document in documents}) == len(documents)
    assert {document.language for document in documents} == {"bash"}


PYTHON_FILE = '''\
"""Module."""
import os

# Above f.
@decorated
def f(a):
    """Doc
less indented."""
    return a


CONSTANT = {"a": 1}

class Small:
    x = 1

class Big:
    """A big class."""

    limit = 10

    def first(self):
        # %s
        return 1

    # About second.
    @property
    def second(self):
        return "two, which is one more than the first"
''' % ("x" * 2500)


def test_definitions_partition_a_file() -> None:
    pieces = split_definitions(PYTHON_FILE)
    kept = [part for _, part in pieces]
    lines = PYTHON_FILE.split("\n")
    assert any(part.startswith("# Above f.\n@decorated\ndef f(a):") for part in kept)
    assert any(part.startswith("def first(self):") for part in kept)
    assert any(part.startswith("# About second.\n@property") for part in kept)
    for line, part in pieces:
        assert lines[line - 1].strip() in part or not lines[line - 1].strip()
        ast.parse(part) if not part.startswith("class Big") else None


@pytest.mark.parametrize("module", ["argparse", "textwrap", "dataclasses", "typing"])
def test_no_line_of_a_real_file_is_in_two_definitions(module: str) -> None:
    source = Path(__import__(module).__file__ or "").read_text(encoding="utf-8")
    pieces = split_definitions(source)
    flattened = [line.strip() for _, part in pieces for line in part.split("\n") if line.strip()]
    original = [line.strip() for line in source.split("\n") if line.strip()]
    iterator = iter(original)
    # In order and each line used once: the pieces are a subsequence of the file ...
    assert all(any(line == candidate for candidate in iterator) for line in flattened)
    # ... and nearly all of it: only scraps between definitions are left out.
    assert len(flattened) > 0.93 * len(original)


def test_a_file_that_does_not_parse_is_one_piece() -> None:
    assert split_definitions("print 'old'\n") == [(1, "print 'old'\n")]


# --- generators


@pytest.mark.parametrize("name", ["stories", "bash-tasks", "tool-calls"])
def test_generators_take_number_limit_seed_and_start(name: str) -> None:
    documents = list(open_source(f"{name}:12", seed=3))
    assert len({document.text for document in documents}) == 12
    assert texts(f"{name}:12", seed=4) != [document.text for document in documents]
    assert list(open_source(name, seed=3, limit=5)) == documents[:5]
    assert list(open_source(f"{name}:12", seed=3, limit=5)) == documents[:5]
    assert list(open_source(f"{name}:5", seed=3, limit=12)) == documents[:5]
    assert list(open_source(f"{name}:12", seed=3, options=SourceOptions(start=9))) == documents[9:]
    assert list(open_source(name, seed=3, options=SourceOptions(start=3, limit=5))) == documents[3:5]


# --- small tables


def test_languages() -> None:
    assert language_of(Path("a/B.PY")) == "python"
    assert language_of(Path("Makefile")) == "makefile"
    assert language_of(Path("x")) is None
    for line, language in (
        (b"#!/bin/sh\n", "bash"),
        (b"#!/usr/bin/env python3.11\n", "python"),
        (b"#! /usr/local/bin/perl -w", "perl"),
        (b"#!/usr/bin/env -S LANG=C bash -e", "bash"),
        (b"#!/usr/bin/awk -f", None),
        (b"echo", None),
    ):
        assert language_of_shebang(line) == language
    assert (normalise_language("JavaScript"), normalise_language("Shell"), normalise_language("")) == (
        "javascript",
        "bash",
        "text",
    )


@pytest.mark.parametrize(
    ("expression", "result"),
    [
        ("MIT", "MIT"),
        ("Apache Software License", "Apache-2.0"),
        ("BSD-3-Clause AND 0BSD AND MIT", "BSD-3-Clause AND 0BSD AND MIT"),
        ("Apache-2.0 WITH LLVM-exception", "Apache-2.0"),
        ("GPL-3.0-or-later OR MIT", "MIT"),
        ("MIT AND GPL-3.0-only", None),
        ("(MIT OR GPL-2.0) AND BSD-3-Clause", None),
        ("(MIT OR Apache-2.0) AND BSD-3-Clause", "(MIT OR Apache-2.0) AND BSD-3-Clause"),
        ("MPL-2.0", None),
        ("Proprietary", None),
        ("", None),
    ],
)
def test_licence_expressions(expression: str, result: str | None) -> None:
    assert permissive_expression(expression) == result


def test_licence_texts() -> None:
    assert spdx("gpl") is None
    assert (
        licence_of_text("Redistribution and use in source and  binary\nforms, ... Neither the name") == "BSD-3-Clause"
    )
    assert licence_of_text("GNU GENERAL PUBLIC LICENSE") == "GPL"
    assert licence_of_text("All rights reserved.") == "unknown"


@pytest.mark.parametrize(
    ("text", "language", "reason"),
    [
        ("def f():\n    return 1\n", "python", None),
        (" \n\t", "text", "empty"),
        ("a\x00b", "text", "binary"),
        ("a\ud800b", "text", "not Unicode text"),
        ("key = 'AKIA" + "Q7RTZ2MWVN4KXYLB" + "'", "python", "secret"),
        ("-----BEGIN RSA PRIVATE KEY-----\n" + "QUJD" * 20, "text", "secret"),
        ("ghp_" + "a1B2" * 9, "bash", "secret"),
        ("x" * 10_001, "python", "very long lines"),
        ("x" * 10_001, "text", None),
        ("# Code generated by protoc. DO NOT EDIT.\nx = 1", "python", "generated"),
        ('def f():\n    """The values generated by g; do not edit."""', "python", None),
        ("The password generator was generated by hand.", "text", None),
    ],
)
def test_cleaning(text: str, language: str, reason: str | None) -> None:
    assert reason_to_drop(Document(text, source="t", language=language)) == reason


def test_duplicates_ignore_trailing_whitespace_only() -> None:
    duplicates = Duplicates()
    assert not duplicates.seen("def f():\n    pass\n")
    assert duplicates.seen("def f():  \n    pass\n\n\n")
    assert duplicates.seen("def f():\r\n    pass")
    assert not duplicates.seen("def f():\n  pass\n")
    assert not duplicates.seen(textwrap.dedent("    pass"))
