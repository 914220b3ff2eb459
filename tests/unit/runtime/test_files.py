"""Files are whole or absent; a second holder of a directory is refused."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from codeling.errors import Failure
from codeling.runtime.files import (
    atomic_folder,
    atomic_path,
    directory_lock,
    read_json,
    remove_stale_temporaries,
    sha256_file,
    write_json,
    write_text,
)


def test_an_error_in_the_middle_keeps_the_old_file_and_leaves_no_trace(tmp_path: Path) -> None:
    path = tmp_path / "out.txt"
    write_text(path, "old")
    with pytest.raises(ZeroDivisionError), atomic_path(path) as temporary:
        temporary.write_text("half of the n")
        raise ZeroDivisionError
    assert path.read_text() == "old"
    assert [entry.name for entry in tmp_path.iterdir()] == ["out.txt"]


def test_output_is_readable_by_others_as_the_umask_says(tmp_path: Path) -> None:
    if os.name != "posix":
        pytest.skip("permission bits are POSIX")
    previous = os.umask(0o022)
    try:
        write_text(tmp_path / "out.txt", "x")
    finally:
        os.umask(previous)
    assert (tmp_path / "out.txt").stat().st_mode & 0o777 == 0o644


def test_a_folder_is_whole_or_as_it_was(tmp_path: Path) -> None:
    path = tmp_path / "out"
    with atomic_folder(path) as temporary:
        write_text(temporary / "a", "old")
    with pytest.raises(ZeroDivisionError), atomic_folder(path) as temporary:
        write_text(temporary / "a", "half of the n")
        raise ZeroDivisionError
    assert (path / "a").read_text() == "old"
    with atomic_folder(path) as temporary:
        (temporary / "deeper").mkdir()
        write_text(temporary / "deeper" / "b", "new")
    assert [entry.name for entry in path.rglob("*")] == ["deeper", "b"]
    assert [entry.name for entry in tmp_path.iterdir()] == ["out"]


def test_stale_temporaries_of_a_killed_writer_are_removed(tmp_path: Path) -> None:
    code = (
        "import os, signal, sys, pathlib\n"
        "from codeling.runtime.files import atomic_path\n"
        "with atomic_path(pathlib.Path(sys.argv[1])) as t:\n"
        "    t.write_text('half'); os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    subprocess.run([sys.executable, "-c", code, str(tmp_path / "out.txt")], check=False)
    assert len(list(tmp_path.glob(".out.txt.*"))) == 1
    assert not (tmp_path / "out.txt").exists()
    remove_stale_temporaries(tmp_path, "out.txt")
    assert list(tmp_path.iterdir()) == []


@given(st.binary(max_size=5000))
def test_sha256_of_a_file_is_that_of_its_bytes(tmp_path_factory: pytest.TempPathFactory, content: bytes) -> None:
    path = tmp_path_factory.mktemp("hash") / "file"
    path.write_bytes(content)
    assert sha256_file(path) == hashlib.sha256(content).hexdigest()


def test_json_round_trip_and_broken_json_names_the_file(tmp_path: Path) -> None:
    write_json(tmp_path / "a.json", {"ü": [1, None]})
    assert read_json(tmp_path / "a.json") == {"ü": [1, None]}
    (tmp_path / "a.json").write_text("{")
    with pytest.raises(Failure, match=r"a\.json: not valid JSON"):
        read_json(tmp_path / "a.json")


def test_a_second_process_is_refused_and_death_releases_the_lock(tmp_path: Path) -> None:
    code = (
        "import sys, time, pathlib\n"
        "from codeling.runtime.files import directory_lock\n"
        "with directory_lock(pathlib.Path(sys.argv[1]), purpose='run'):\n"
        "    print('held', flush=True); time.sleep(60)\n"
    )
    with subprocess.Popen([sys.executable, "-c", code, str(tmp_path)], stdout=subprocess.PIPE, text=True) as holder:
        assert holder.stdout is not None and holder.stdout.readline() == "held\n"
        with pytest.raises(Failure, match="another run is running here"), directory_lock(tmp_path, purpose="run"):
            pytest.fail("the lock was given twice")
        holder.kill()
    with directory_lock(tmp_path, purpose="run"):
        pass
