"""Finding files of a working directory: as typed, under the root, in the folder they belong to; files only."""

from __future__ import annotations

import shlex
from pathlib import Path

import pytest

from codeling.errors import UsageError
from codeling.runtime.paths import Workspace


@pytest.mark.parametrize("typed", ["models/one.pth", "one.pth"])
def test_a_file_is_found_from_the_root_and_in_its_folder(tmp_path: Path, typed: str) -> None:
    workspace = Workspace(tmp_path)
    workspace.models.mkdir()
    (workspace.models / "one.pth").touch()
    assert workspace.find(typed, workspace.models, remedy="make it") == workspace.models / "one.pth"
    assert workspace.find(workspace.models / "one.pth", tmp_path, remedy="make it").is_file()


@pytest.mark.parametrize("typed", ["", ".", "models", "two.pth", "\u00fc \u732b.pth"])
def test_what_is_no_file_is_refused_with_the_command_that_makes_it(tmp_path: Path, typed: str) -> None:
    workspace = Workspace(tmp_path)
    workspace.models.mkdir()
    with pytest.raises(UsageError, match="make it with: codeling train"):
        workspace.find(typed, workspace.models, remedy="codeling train")


def test_a_command_to_type_works_in_the_folder_that_was_asked_for(tmp_path: Path) -> None:
    folder = tmp_path / "my runs"
    expected = ["codeling", "train", "--workdir", str(folder)]
    assert shlex.split(Workspace(folder).command("codeling train")) == expected
    assert Workspace(Path()).command("codeling train") == "codeling train"
    with pytest.raises(UsageError) as caught:
        Workspace(folder).find("one.pth", folder, remedy="codeling train")
    assert shlex.split(str(caught.value).rpartition("make it with: ")[2]) == expected
