"""Files of a workspace: what is written can be read, and nothing outside can."""

import json
import random
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from codeling.sandbox.limits import Limits
from codeling.sandbox.workspace import Workspace
from codeling.tools.catalog import CATALOG
from codeling.tools.context import ToolContext
from codeling.tools.executors import execute

_NAMES = st.text("abc.-_ é", min_size=1, max_size=6).filter(lambda name: name not in (".", ".."))
_PATHS = st.lists(_NAMES, min_size=1, max_size=3).map("/".join)


@given(_PATHS, st.text(max_size=200).filter(lambda text: text.isprintable() or "\n" in text), st.text("xy\n"))
def test_what_is_written_is_read(path, content, more):
    with Workspace() as workspace:
        context = ToolContext(workspace)

        def call(name: str, **arguments):
            return json.loads(execute(CATALOG[name], arguments, context))

        written = call("write_file", path=path, content=content)
        assert written == {"path": path, "bytes": len(content.encode("utf-8", "replace"))}
        expected = content.encode("utf-8", "replace").decode()
        assert call("read_file", path=f"./{path}") == {"content": expected}
        assert call("write_file", path=path, content=more, append=True)["path"] == path
        assert call("read_file", path=path) == {"content": expected + more}
        listed = call("list_files")["files"]
        assert {"path": path, "bytes": len((expected + more).encode())} in listed
        assert [entry["path"] for entry in listed] == sorted(entry["path"] for entry in listed)
        if "/" in path:
            folder = path.split("/")[0]
            assert call("list_files", path=folder)["files"] == [e for e in listed if e["path"] != f"{folder}/"]


@pytest.mark.parametrize("path", ["../secret", "/etc/passwd", "a/../../secret", "..", "/", "a/\0", "x" * 300, "\ud800"])
def test_no_path_leads_out(call, context, path):
    secret = context.workspace.path.parent / "secret"
    assert "error" in call("read_file", path=path) and "error" in call("list_files", path=path)
    assert "error" in call("write_file", path=path, content="x")
    assert not secret.exists() and context.workspace.list() == []


def test_links_are_not_followed(call, context, tmp_path: Path):
    (tmp_path / "secret.txt").write_text("secret")
    (context.workspace.path / "file").symlink_to(tmp_path / "secret.txt")
    (context.workspace.path / "folder").symlink_to(tmp_path)
    for path in ("file", "folder/secret.txt"):
        assert "symbolic link" in call("read_file", path=path)["error"]
        assert "symbolic link" in call("write_file", path=path, content="x")["error"]
    assert "symbolic link" in call("list_files", path="folder")["error"]
    assert (tmp_path / "secret.txt").read_text() == "secret"


def test_a_program_cannot_plant_a_link(sandbox, call):
    assert call("execute_bash", command="ln -s /etc/passwd p; ln -s / root; echo x > q")["exit_code"] == 0
    assert [entry["path"] for entry in call("list_files")["files"]] == ["q"]
    assert "error" in call("read_file", path="p") and "error" in call("read_file", path="root/etc/passwd")


def test_lines_of_a_file(call):
    lines = [f"line {n} {random.random()}\n" for n in range(1, 11)]
    call("write_file", path="a.txt", content="".join(lines))
    assert call("read_file", path="a.txt", first_line=4, last_line=6) == {"content": "".join(lines[3:6])}
    assert call("read_file", path="a.txt", first_line=9) == {"content": "".join(lines[8:])}
    assert call("read_file", path="a.txt", last_line=2) == {"content": "".join(lines[:2])}
    assert call("read_file", path="a.txt", first_line=10, last_line=99) == {"content": lines[9]}
    assert "has 10 lines" in call("read_file", path="a.txt", first_line=11)["error"]
    assert "lines 5 to 4" in call("read_file", path="a.txt", first_line=5, last_line=4)["error"]


def test_what_cannot_be_read_or_written_says_why(call, context):
    call("write_file", path="folder/a.txt", content="x")
    context.workspace.write("data.bin", b"\xff\xfe\x00")
    assert "no such file" in call("read_file", path="b.txt")["error"]
    assert "is a folder" in call("read_file", path="folder")["error"]
    assert "not a text file" in call("read_file", path="data.bin")["error"]
    assert "read_file shows it" in call("list_files", path="folder/a.txt")["error"]
    assert "no such file" in call("list_files", path="elsewhere")["error"]
    for path in ("folder", ".", "new/"):
        assert "is a folder" in call("write_file", path=path, content="x")["error"]
    assert "error" in call("write_file", path="folder/a.txt/b.txt", content="x")


def test_long_files_and_long_lists_are_shortened(call, context):
    call("write_file", path="long.txt", content="start" + "x" * 10_000 + "end")
    content = call("read_file", path="long.txt")["content"]
    assert content.startswith("start") and content.endswith("end") and "6008 characters left out" in content
    for number in range(120):
        context.workspace.write(f"many/{number:03}", b"")
    listed = call("list_files", path="many")
    assert len(listed["files"]) == 100 and listed["note"] == "the first 100 of 120"


def test_the_workspace_has_a_limit(context):
    small = ToolContext(context.workspace, limits=Limits(file_bytes=100, disk_bytes=250, files=4))

    def write(path: str, size: int):
        return json.loads(execute(CATALOG["write_file"], {"path": path, "content": "x" * size}, small))

    assert "a file may have 100" in write("a", 101)["error"]
    assert write("a", 100)["bytes"] == write("b", 100)["bytes"] == 100
    assert "200 bytes are used of 250" in write("c", 51)["error"]
    assert write("b", 99)["bytes"] == 99, "replacing a file does not count it twice"
    assert write("d/e", 1)["bytes"] == 1
    assert "4 files and folders of 4" in write("f", 1)["error"]
