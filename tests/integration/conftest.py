"""One uninterrupted `codeling run` of a tiny recipe, made once; tests look at it or copy it."""

from __future__ import annotations

import random
import shutil
from pathlib import Path

import pytest
from pipeline_run import codeling, write_recipe


@pytest.fixture(scope="session")
def recipe(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_recipe(tmp_path_factory.mktemp("recipe"), seed=random.randrange(1 << 30))


@pytest.fixture(scope="session")
def finished(tmp_path_factory: pytest.TempPathFactory, recipe: Path) -> tuple[Path, str]:
    """A folder with an uninterrupted run of stages 0 to 2 in ``run/``, and what it printed. Not to be changed."""
    folder = tmp_path_factory.mktemp("finished")
    status, text = codeling("run", "--recipe", recipe, "--workdir", "run", cwd=folder)
    assert status == 0, text
    return folder, text


@pytest.fixture
def copy(finished: tuple[Path, str], tmp_path: Path) -> Path:
    """The finished run in a folder of its own, to be changed."""
    shutil.copytree(finished[0] / "run", tmp_path / "run")
    return tmp_path
