"""The command line: what it imports, what it refuses and how, and where values come from."""

import io
import os
import random
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from codeling.cli import COMMANDS, run
from codeling.config import read_toml, to_mapping
from codeling.stages.recipes import load_recipe

HEAVY = {"torch", "numpy", "tokenizers", "datasets", "transformers", "matplotlib", "pyarrow"}


@pytest.fixture(autouse=True)
def in_an_empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name in [name for name in os.environ if name.startswith("CODELING_")]:
        monkeypatch.delenv(name)


@pytest.fixture
def typed(capsys: pytest.CaptureFixture[str]):
    """Run ``codeling ARGUMENTS`` in this process: (exit status, standard output, standard error)."""

    def type_it(*arguments: str) -> tuple[int, str, str]:
        capsys.readouterr()
        try:
            status = run(list(arguments))
        except SystemExit as left:  # the parser's way
            status = left.code if isinstance(left.code, int) else 0
        captured = capsys.readouterr()
        return status, captured.out, captured.err

    return type_it


def python(*arguments: str, **options) -> subprocess.CompletedProcess:
    command = [sys.executable, *arguments]
    return subprocess.run(command, text=True, capture_output=True, timeout=250, check=False, **options)


def imported_by(arguments: list[str]) -> set[str]:
    code = f"""
import sys
from codeling.cli import run
try:
    run({arguments!r})
except SystemExit:
    pass
print()
print(*{{name.partition('.')[0] for name in sys.modules}})
"""
    done = python("-c", code)
    assert done.returncode == 0, done.stderr
    return set(done.stdout.splitlines()[-1].split())


def test_help_imports_next_to_nothing():
    assert not imported_by(["--help"]) & (HEAVY | {"tyro", "filelock"})


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_explains_itself_without_heavy_imports(command: str):
    assert not imported_by([*command.split(), "--help"]) & HEAVY


def test_help_lists_every_command(typed):
    for arguments in ([], ["--help"], ["-h"]):
        status, out, err = typed(*arguments)
        assert status == 0 and not err
        for name, command in COMMANDS.items():
            assert name in out and command.summary in out
    status, out, _ = typed("data", "--help")
    assert status == 0 and "data prepare-code" in out and "tokenizer train" not in out
    assert typed("data")[0] == 2


def test_as_a_module():
    done = python("-m", "codeling", "--version")
    assert done.returncode == 0 and done.stdout.startswith("codeling ") and not done.stderr
    done = python("-m", "codeling", "trian")
    assert (
        done.returncode == 2
        and not done.stdout
        and done.stderr == "error: no command 'trian' (did you mean 'train'?)\n"
    )


@pytest.mark.parametrize(
    ("line", "parts"),
    [
        ("trian", ("'trian'", "did you mean 'train'")),
        ("data prepair", ("'data prepair'", "did you mean 'data prepare'")),
        ("tokenizer", ("tokenizer train",)),
        ("train --max-step 3", ("--max-step", "--max-steps")),
        ("train --stage langage", ("langage", "language")),
        ("train --max-steps many", ("--max-steps", "many")),
        ("train --batch-size 1.5", ("--batch-size", "1.5")),
        ("train --use-amp yes", ("yes",)),
        ("train --stage", ("--stage",)),
        ("train extra", ("extra",)),
        ("train --config", ("--config needs a value",)),
        ("train --config none.toml", ("none.toml", "no such configuration file")),
        ("train --config .", ("a folder",)),
        ("train --recipe quick", ("--stage language, code or tools",)),
        ("run --recipe quik", ("quik", "did you mean 'quick'")),
        ("run --recipe --force", ("--recipe needs a value",)),
        ("run --language.train.max-step 3", ("--language.train.max-step", "--language.train.max-steps")),
        ("data prepare --recipe quick", ("--recipe",)),
        ("complete a b", ("b",)),
    ],
)  # fmt: skip
def test_what_cannot_be_meant_is_refused_with_the_nearest_that_can(typed, line: str, parts: tuple[str, ...]):
    status, out, err = typed(*line.split())
    assert status == 2
    for part in parts:
        assert part in out + err
    assert "Traceback" not in out + err


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("max_step = 3", ("max_step", "did you mean 'max_steps'")),
        ("max-steps = '3'", ("max_steps", "'3'", "a whole number")),
        ("use_amp = 1", ("use_amp", "true or false")),
        ("[train]\nmax_steps = 3", ("train", "valid:")),
        ("stage = 'toolz'", ("stage", "'toolz'", "'language', 'code', 'tools'")),
        ("max_steps = 3 4", ("not valid TOML",)),
        ("\x00", ("not valid TOML",)),
    ],
)
def test_a_configuration_file_is_read_strictly(typed, tmp_path: Path, text: str, parts: tuple[str, ...]):
    (tmp_path / "mine.toml").write_text(text)
    status, _, err = typed("train", "--config", "mine.toml", "--print-config")
    assert status == 2 and err.startswith("error: mine.toml: ") and err.count("\n") == 1
    for part in parts:
        assert part in err


@pytest.mark.parametrize(
    ("name", "value", "parts"),
    [
        ("CODELING_TRAIN_MAX_STEP", "3", ("max_step", "did you mean 'max_steps'")),
        ("CODELING_TRAIN_MAX_STEPS", "many", ("max_steps", "'many'", "a whole number")),
        ("CODELING_TRAIN_MAX_STEPS", "", ("max_steps", "a whole number")),
        ("CODELING_TRAIN_STAGE", "toolz", ("stage", "'toolz'")),
    ],
)
def test_the_environment_is_read_strictly(typed, monkeypatch, name: str, value: str, parts: tuple[str, ...]):
    monkeypatch.setenv(name, value)
    status, _, err = typed("train", "--print-config")
    assert status == 2 and "CODELING_TRAIN_" in err
    for part in parts:
        assert part in err


def test_later_origins_win(typed, monkeypatch, tmp_path: Path):
    """Defaults < recipe < configuration file < environment < flags."""
    (tmp_path / "recipe.toml").write_text("seed = 1\n[language.train]\nmax_steps = 1\nbatch_size = 1\nnum_epochs = 1\n")
    (tmp_path / "config.toml").write_text("max_steps = 2\nbatch_size = 2\nnum-epochs = 2\n")
    monkeypatch.setenv("CODELING_TRAIN_BATCH_SIZE", "3")
    monkeypatch.setenv("CODELING_TRAIN_NUM_EPOCHS", "3")
    command = ["train", "--recipe=recipe.toml", "--stage", "language", "--config", "config.toml", "--num-epochs", "4"]
    status, out, _ = typed(*command, "--print-config")
    (tmp_path / "printed.toml").write_text(out)
    values = read_toml(tmp_path / "printed.toml")
    assert status == 0
    expected = {"seed": 1, "max_steps": 2, "batch_size": 3, "num_epochs": 4, "eval_tokens": 262_144}
    assert {key: values[key] for key in expected} == expected
    assert typed(*command, "--max-steps=5", "--print-config")[1] == out.replace("max_steps = 2", "max_steps = 5")


def test_the_environment_reaches_nested_options_and_only_its_command(typed, monkeypatch, tmp_path: Path):
    monkeypatch.setenv("CODELING_RUN_LANGUAGE__TRAIN__MAX_STEPS", "17")
    monkeypatch.setenv("CODELING_RUN_STAGES", '["language"]')
    monkeypatch.setenv("CODELING_DATA_PREPARE_CODE_LIMIT", "23")
    monkeypatch.setenv("CODELING_DATA_PREPARE_SOURCE", "python,shell")
    monkeypatch.setenv("CODELING_COMPLETE_STOP", '["x", "y"]')
    monkeypatch.setenv("CODELING_DISTRIBUTED_TIMEOUT", "60")
    printed = {}
    for command in ("run", "train", "complete", "data prepare", "data prepare-code"):
        status, out, err = typed(*command.split(), "--print-config")
        assert status == 0, err
        (tmp_path / "printed.toml").write_text(out)
        printed[command] = read_toml(tmp_path / "printed.toml")
    assert printed["run"]["language"]["train"]["max_steps"] == 17 and printed["run"]["stages"] == ["language"]
    assert "max_steps" not in printed["train"] and printed["complete"]["stop"] == ["x", "y"]
    assert printed["data prepare-code"]["limit"] == 23 and "source" not in printed["data prepare-code"]
    assert printed["data prepare"]["source"] == "python,shell" and "limit" not in printed["data prepare"]


SAMPLES = {
    "train": ["--stage", "code", "--learning-rate", "5e-6", "--no-use-rope", "--data-file", 'a "b" é.npy'],
    "run": ["--stages", "tokenizer", "code", "--code.verify.min-bash-valid", "0.25", "--workdir", "x/y"],
    "complete": ["# A prompt\nof two lines \\ \"", "--stop", "a", "\n\n", "--suffix", "end"],
    "data validate": ["--paths", "a.npy", "b.npy"],
    "data prepare-code": ["--source", "python,shell", "--exclude", "a.jsonl", "--unit", "definition"],
    "plan": ["--model-size", "large", "--memory-gib", "24"],
    "tokenizer train": ["--vocab-size", "32000", "--source", "python"],
}  # fmt: skip


@pytest.mark.parametrize("command", COMMANDS)
def test_a_printed_configuration_reads_back(typed, tmp_path: Path, command: str):
    for arguments in ([], SAMPLES.get(command, ["--workdir", f"w{random.random()}"])):
        status, out, err = typed(*command.split(), *arguments, "--print-config")
        assert status == 0, err
        (tmp_path / "printed.toml").write_text(out, encoding="utf-8")
        status, again, err = typed(*command.split(), "--config", "printed.toml", "--print-config")
        assert status == 0 and again == out, err


def test_a_run_without_a_recipe_is_quick(typed, tmp_path: Path):
    status, out, _ = typed("run", "--print-config")
    (tmp_path / "printed.toml").write_text(out)
    assert status == 0

    def set_values(values: dict) -> dict:
        set_ = {key: value for key, value in values.items() if value is not None}
        return {key: set_values(value) if isinstance(value, dict) else value for key, value in set_.items()}

    assert read_toml(tmp_path / "printed.toml") == set_values(to_mapping(load_recipe("quick")))


@pytest.mark.parametrize("arguments", [["--help"], ["train", "--help"], ["run", "--print-config"]])
def test_a_reader_that_leaves_ends_it_quietly(arguments: list[str]):
    reading, writing = os.pipe()
    os.close(reading)
    try:
        done = subprocess.run(
            [sys.executable, "-m", "codeling", *arguments],
            check=False,
            stdout=writing,
            stderr=subprocess.PIPE,
            timeout=250,
        )
    finally:
        os.close(writing)
    assert (done.returncode, done.stderr) == (141, b"")


@pytest.mark.parametrize(
    ("arguments", "status"), [("--help", 0), ("plan --print-config", 0), ("complete - --workdir {}", 2)]
)
def test_missing_standard_streams_are_no_error(tmp_path: Path, arguments: str, status: int):
    command = f"{shlex.quote(sys.executable)} -m codeling {arguments.format(shlex.quote(str(tmp_path)))}"
    done = subprocess.run(f"exec {command} <&- >&-", shell=True, check=False, stderr=subprocess.PIPE, timeout=250)
    assert done.returncode == status
    assert b"Traceback" not in done.stderr


def test_what_a_command_raises_becomes_a_status_and_one_line(typed, monkeypatch):
    from codeling.errors import Failure, UsageError
    from codeling.runtime.signals import Interrupted
    from codeling.stages import data

    for error, status, line in (
        (UsageError("no such thing"), 2, "error: no such thing\n"),
        (Failure("went wrong"), 1, "failed: went wrong\n"),
        (OSError(28, "No space left on device", "a.npy"), 1, "failed: [Errno 28] No space left on device: 'a.npy'\n"),
        (KeyboardInterrupt(), 130, "interrupted\n"),
        (Interrupted(15, "stopped; saved"), 143, "failed: stopped; saved\n"),
    ):

        def broken(config, error=error):
            raise error

        monkeypatch.setattr(data, "validate_command", broken)
        assert typed("data", "validate") == (status, "", line)

    def bug(config):
        return {}["x"]

    monkeypatch.setattr(data, "validate_command", bug)
    with pytest.raises(KeyError):
        typed("data", "validate")


def test_a_prompt_comes_from_standard_input(typed, monkeypatch):
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"echo")))
    status, _, err = typed("complete")
    assert status == 2 and "codeling run --recipe quick" in err
