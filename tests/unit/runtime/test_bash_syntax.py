"""``bash -n`` as a judge: right on valid and invalid texts, unmoved by hostile ones."""

import subprocess
from pathlib import Path

import pytest

from codeling.errors import Failure
from codeling.runtime.bash_syntax import MAX_BYTES, bash_syntax_errors, check_bash_syntax, find_bash

VALID = [
    "", "# only a comment\n", "echo hello", "for f in *; do echo \"$f\"; done\n", "cat <<'A'\n$x\nA\n",
    "f() { local x; }",
    "case $1 in a) ;; *) ;; esac", "[[ $x =~ ^a ]] && (( y++ ))", "echo é ∑", "a=(1 2); echo ${a[@]}",
]  # fmt: skip
INVALID = [
    "if true; then",
    "echo 'open",
    "echo $(",
    ")",
    "for in; do",
    "fi",
    "case x in",
    "{ echo",
    "f() {",
    "(" * 50_000,
]


def test_valid_and_invalid() -> None:
    assert check_bash_syntax(VALID + INVALID) == [True] * len(VALID) + [False] * len(INVALID)
    assert check_bash_syntax([]) == []


def test_agrees_with_bash_reading_a_file(tmp_path: Path) -> None:
    for i, text in enumerate(VALID + INVALID):
        path = tmp_path / f"{i}.sh"
        path.write_text(text, encoding="utf-8")
        run = subprocess.run([find_bash(), "-n", str(path)], capture_output=True, check=False)
        assert check_bash_syntax([text], workers=1) == [run.returncode == 0], text[:40]


def test_one_text_does_not_leak_into_the_next() -> None:
    assert check_bash_syntax(["if true; then", "fi", "echo 'a", "b'"]) == [False] * 4


def test_nothing_is_executed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    marker = tmp_path / "executed"
    start_file = tmp_path / "env.sh"
    start_file.write_text(f"touch {marker}\n")
    monkeypatch.setenv("BASH_ENV", str(start_file))
    monkeypatch.setenv("ENV", str(start_file))
    texts = [f"touch {marker}", f"x=$(touch {marker})", f"set +n\ntouch {marker}", f"trap 'touch {marker}' EXIT",
             f"((a[$(touch {marker})]))", f"set +o noexec; touch {marker}"]  # fmt: skip
    assert check_bash_syntax(texts) == [True] * len(texts)
    assert not marker.exists()


def test_hostile_text() -> None:
    verdicts = bash_syntax_errors(["echo a\0b", "x" * (MAX_BYTES + 1), "echo \ud800", "if\n" * 100_000])
    assert verdicts[0] == "contains a NUL character"
    assert "more than" in (verdicts[1] or "")
    assert verdicts[2] is None
    assert verdicts[3] is not None


def test_a_text_that_takes_too_long_is_invalid() -> None:
    assert "still parsing" in (bash_syntax_errors(["echo hello\n" * 50_000], timeout_seconds=1e-4)[0] or "")


def test_no_bash_is_a_failure_with_a_remedy(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(Failure, match="install it"):
        check_bash_syntax(["echo hello"])
