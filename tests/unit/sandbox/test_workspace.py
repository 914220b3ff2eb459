"""The scratch folder of a conversation: what one run leaves, the next one finds; nothing points out of it."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from codeling.errors import Failure, UsageError
from codeling.sandbox.backend import Backend
from codeling.sandbox.limits import Limits
from codeling.sandbox.process import check_name
from codeling.sandbox.run import run
from codeling.sandbox.workspace import Workspace


def test_runs_share_it(contained: Backend) -> None:
    with Workspace() as workspace:
        workspace.write("src/a.py", "value = 1\n")
        assert run("bash", "echo 'value += 1' >> src/a.py; mkdir empty; touch b", workspace=workspace).ok
        assert run("python", "import src.a\nprint(src.a.value)", workspace=workspace).stdout == "2\n"
        assert workspace.read("src/a.py") == b"value = 1\nvalue += 1\n"
        assert workspace.list() == ["b", "empty/", "src/", "src/a.py"]
        assert run("bash", "rm -r src; ls", workspace=workspace, files={"extra": "x"}).stdout == "b\nempty\nextra\n"
        assert workspace.list() == ["b", "empty/", "extra"]


def test_links_and_pipes_do_not_get_in(contained: Backend) -> None:
    code = "ln -s / root; ln -s /etc/passwd link; mkfifo pipe; echo kept > kept; ln kept twin; mkdir d; ln -s .. d/up"
    with Workspace() as workspace:
        result = run("bash", code, workspace=workspace)
        assert result.dropped_files == 4
        assert workspace.list() == ["d/", "kept", "twin"]
        assert not any(path.is_symlink() for path in workspace.path.rglob("*"))


def test_a_run_that_is_stopped_leaves_what_it_had_written(contained: Backend) -> None:
    with Workspace() as workspace:
        workspace.write("before", "x")
        result = run("bash", "echo y > after; sleep 200", workspace=workspace, limits=Limits(wall_seconds=3))
        assert result.status == "timeout" and workspace.list() == ["after", "before"]


def test_too_many_files_are_dropped_and_counted(contained: Backend) -> None:
    with Workspace() as workspace:
        result = run("bash", "touch $(seq 50)", workspace=workspace, limits=Limits(files=20))
        assert result.dropped_files == 30 and len(workspace.list()) == 20


@given(st.lists(st.sampled_from(["..", ".", "a", "b", "", "/", "~", "..."]), min_size=1, max_size=5))
def test_no_name_leads_out(parts: list[str]) -> None:
    with Workspace() as workspace:
        name = "/".join(parts)
        try:
            workspace.write(name, "x")
        except (UsageError, Failure):
            return
        inside = (workspace.path / name).resolve()
        assert inside.is_relative_to(workspace.path.resolve()) and inside.read_text() == "x"
        assert check_name(name) == name


def test_errors_name_the_file() -> None:
    workspace = Workspace()
    workspace.write("a", "x")
    for wrong in (lambda: workspace.read("absent"), lambda: workspace.write("a/b", "x"), lambda: workspace.read("..")):
        with pytest.raises((Failure, UsageError), match=r"absent|a/b|\.\."):
            wrong()
    path = workspace.path
    assert path.stat().st_mode & 0o777 == 0o700
    workspace.close()
    workspace.close()
    assert not Path(path).exists()
    with pytest.raises(UsageError, match="closed"):
        workspace.write("a", "x")
