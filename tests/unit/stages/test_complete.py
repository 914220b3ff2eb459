"""`codeling complete`, as a function: what is printed, which checkpoint is taken, what is refused."""

import io
import sys

import pytest

from codeling.errors import UsageError
from codeling.stages.complete import complete, find_checkpoint
from codeling.stages.complete_config import CompleteConfig


@pytest.fixture
def run(small_workspace, capsys):
    def completed(prompt: str, **options) -> str:
        options = {"device": "cpu", "max_tokens": 24} | options
        complete(CompleteConfig(prompt=prompt, workdir=small_workspace, **options))
        return capsys.readouterr().out

    return completed


def test_a_seed_repeats_and_streaming_changes_nothing(run):
    first = run("# List all", seed=3)
    assert first.strip() and first.endswith("\n")
    assert run("# List all", seed=3) == first
    assert run("# List all", seed=3, stream=False) == first
    assert run("# List all", seed=4) != first


def test_several_completions_are_numbered_and_the_first_is_the_single_one(run):
    text = run("# Show", seed=3, n=3)
    parts = text.split("--- ")[1:]
    assert [part.splitlines()[0] for part in parts] == ["1 of 3", "2 of 3", "3 of 3"]
    assert parts[0].partition("\n")[2] == run("# Show", seed=3)
    assert len({part.partition("\n")[2] for part in parts}) > 1


def test_stop_strings_suffix_and_penalties_reach_the_generator(run):
    assert "e" not in run("# Count the lines", seed=1, stop=("e",))
    assert run("# Count", seed=1, suffix="\n") != run("# Count", seed=1)
    assert run("# Count", temperature=0.0) != run("# Count", temperature=0.0, repetition_penalty=50.0)


def test_the_prompt_may_come_from_standard_input(run, monkeypatch):
    direct = run("# Zähle\n", seed=3)
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO("# Zähle\n".encode())))
    assert run("-", seed=3) == direct
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"\xff")))
    with pytest.raises(UsageError, match="not UTF-8"):
        run("-")


def test_the_most_advanced_checkpoint_is_the_default(small_workspace, tmp_path):
    from codeling.runtime.paths import Workspace

    assert find_checkpoint(None, Workspace(small_workspace)).name == "code_model_best.pth"
    asked = find_checkpoint("language_model_best.pth", Workspace(small_workspace))
    assert asked == small_workspace / "models" / "language_model_best.pth"
    with pytest.raises(UsageError, match="--checkpoint"):
        find_checkpoint(None, Workspace(tmp_path))


@pytest.mark.parametrize(
    ("options", "message"),
    [({"n": 0}, "--n 0"), ({"top_p": 2.0}, "top_p"), ({"stop": ("",)}, "stop"), ({"device": "abacus"}, "abacus")],
)
def test_mistakes_name_themselves(run, options, message):
    with pytest.raises(UsageError, match=message):
        run("x", **options)


def test_too_long_a_prompt_is_refused_and_cut_only_when_asked(run):
    with pytest.raises(UsageError, match="--truncate-prompt"):
        run("word " * 1000)
    assert run("word " * 1000, seed=1, truncate_prompt=True)
