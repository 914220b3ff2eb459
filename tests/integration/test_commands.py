"""The specification's commands of stages 0 to 3: every script and flag as written, and a real walk through all of them.

The walk types each command in an empty folder, as processes, offline; the flags are read by the real scripts. By
default these processes are forked from one that has loaded PyTorch; the slow walk starts an interpreter for each.
"""

from __future__ import annotations

import ast
import json
import re
import runpy
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from pipeline_run import codeling

from codeling.cli import run
from codeling.config import read_toml

ROOT = Path(__file__).parents[2]
SPECIFICATION = ROOT.parent / "shared" / "spec" / "TRAINING-PIPELINE.md"
SCRIPTS = sorted(path.name for path in (ROOT / "scripts").glob("*.py"))

# The specification's own lines; where its file is at hand, a test below compares.
COMMANDS = """
python scripts/download_code_corpus.py
python scripts/train_code_tokenizer.py --vocab-size 32000
python scripts/train_code_tokenizer.py
python scripts/download_data.py
python scripts/prepare_data.py
python scripts/train.py --stage language --model-size large --batch-size 2 --num-epochs 3 --learning-rate 1e-4 \
 --warmup-steps 2000 --use-rmsnorm --use-rope --use-compile --use-amp
python scripts/train.py --stage language --model-size large --batch-size 2 --num-epochs 3 --learning-rate 1e-4 \
 --use-rmsnorm --use-rope --use-compile --use-amp
python scripts/test_stage1.py
python scripts/prepare_code_data.py
python scripts/train.py --stage code --checkpoint models/language_model_best.pth --data-file code_train_large.npy \
 --model-size large --batch-size 2 --num-epochs 5 --learning-rate 5e-6 --warmup-steps 1000 \
 --use-rmsnorm --use-rope --use-compile --use-amp
python scripts/train.py --stage code --checkpoint models/language_model_best.pth --data-file code_train_large.npy \
 --batch-size 2 --num-epochs 5 --learning-rate 5e-6 --use-rmsnorm --use-rope --use-compile --use-amp
python scripts/test_stage2.py
python scripts/prepare_tool_calling_data.py
python scripts/train.py --stage tools --checkpoint models/code_model_best.pth --data-file tool_train.npy \
 --model-size large --batch-size 2 --num-epochs 3 --learning-rate 3e-6 --use-rmsnorm --use-rope --use-compile --use-amp
python scripts/train.py --stage tools --checkpoint models/code_model_best.pth --data-file tool_train.npy \
 --batch-size 2 --num-epochs 3 --learning-rate 3e-6 --use-rmsnorm --use-rope --use-compile --use-amp
python scripts/test_tool_calling.py
python scripts/prepare_rlhf_data.py
python scripts/train_reward_model.py --checkpoint models/tool_model_best.pth --data-file preferences.json
python scripts/train_rlhf.py --policy-model models/tool_model_best.pth --reward-model models/reward_model.pth \
 --num-epochs 1 --ppo-epochs 4
python scripts/train.py --checkpoint models/code_model_epoch_2.pth --resume
python scripts/validate_data.py
"""
# Of its tips and its troubleshooting, and the flags beyond it.
FLAGS = """
--learning-rate 1e-6
--weight-decay 0.1
--dropout 0.1
--batch-size 1
--gradient-checkpointing
--model-size medium
--use-compile
--use-amp
--grad-accumulation-steps 1
--learning-rate 3e-4
--warmup-steps 500
"""
OUR_FLAGS = """
--device cpu
--dtype bfloat16
--seed 3
--max-steps 5
--max-tokens 9000
--eval-every 7
--save-every 8
--optimizer adamw
--grad-clip 0.5
--workdir somewhere
--out-name mine
"""


def lines_of(text: str) -> list[str]:
    return [" ".join(line.split()) for line in text.replace("\\\n", " ").splitlines() if line.strip()]


def specified() -> tuple[set[str], set[str]]:
    """(commands, loose flags) in the specification's fenced blocks."""
    commands, flags = set(), set()
    for block in re.findall(r"```bash\n(.*?)```", SPECIFICATION.read_text(), flags=re.DOTALL):
        for line in (line.partition(" #")[0].strip() for line in lines_of(block)):
            if line.startswith("python scripts/"):
                commands.add(line)
            elif line.startswith("--"):
                flags.add(line)
    return commands, flags


@pytest.mark.skipif(not SPECIFICATION.exists(), reason="the specification is not beside this checkout")
def test_these_are_the_specifications_commands() -> None:
    commands, flags = specified()
    assert len(commands) > 10 and commands == set(lines_of(COMMANDS))
    assert len(flags) > 8 and flags == set(lines_of(FLAGS))


def script(line: str, monkeypatch: pytest.MonkeyPatch) -> int:
    """Run ``python scripts/NAME.py ...`` in this process, through the script's own file; returns the exit status."""
    python, name, *arguments = shlex.split(line)
    assert python == "python"
    monkeypatch.setattr(sys, "argv", [str(ROOT / name), *arguments])
    with pytest.raises(SystemExit) as left:
        runpy.run_path(str(ROOT / name), run_name="__main__")
    return left.value.code if isinstance(left.value.code, int) else 0


def printed_configuration(text: str, folder: Path) -> dict:
    (folder / "printed.toml").write_text(text)
    return read_toml(folder / "printed.toml")


def assert_flags_arrived(arguments: list[str], values: dict) -> None:
    flags = [index for index, argument in enumerate(arguments) if argument.startswith("--")]
    assert flags
    for index in flags:
        following = arguments[index + 1 : index + 2]
        text = following[0] if following and not following[0].startswith("--") else "True"
        value = values[arguments[index].removeprefix("--").replace("-", "_")]
        assert value == (float(text) if isinstance(value, float) else type(value)(text)), arguments[index]


@pytest.mark.parametrize("line", [line for line in lines_of(COMMANDS) if "--resume" not in line])
def test_every_command_is_understood(line: str, monkeypatch, capsys, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    assert script(f"{line} --print-config", monkeypatch) == 0
    values = printed_configuration(capsys.readouterr().out, tmp_path)
    if " --" in line:
        assert_flags_arrived(shlex.split(line)[2:], values)
    for name, stage in (("test_stage1", "language"), ("test_stage2", "code"), ("prepare_code", "code")):
        if name in line:
            assert values["stage"] == stage


@pytest.mark.parametrize("flags", lines_of(FLAGS) + lines_of(OUR_FLAGS))
def test_every_training_flag_arrives(flags: str, monkeypatch, capsys, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    assert script(f"python scripts/train.py --stage language {flags} --print-config", monkeypatch) == 0
    assert_flags_arrived(shlex.split(flags), printed_configuration(capsys.readouterr().out, tmp_path))


@pytest.mark.parametrize("name", SCRIPTS)
def test_scripts_are_short_and_refuse_what_they_do_not_know(name: str, monkeypatch, capsys, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    assert len((ROOT / "scripts" / name).read_text().splitlines()) < 12
    assert name.removesuffix(".py") not in sys.stdlib_module_names
    assert script(f"python scripts/{name} --help", monkeypatch) == 0
    assert f"scripts/{name}" in capsys.readouterr().out
    assert script(f"python scripts/{name} --wrong-flag", monkeypatch) == 2
    assert "--wrong-flag" in capsys.readouterr().err


def test_the_full_script_is_the_specifications() -> None:
    script_lines = lines_of((ROOT / "scripts" / "train_all.sh").read_text())
    typed = [line.replace(' "$@"', "") for line in script_lines if line.startswith("python")]
    known = lines_of(COMMANDS)
    assert typed == [
        "python scripts/download_code_corpus.py",
        "python scripts/train_code_tokenizer.py",
        "python scripts/download_data.py",
        "python scripts/prepare_data.py",
        next(line for line in known if "--stage language" in line and "--warmup-steps" not in line),
        "python scripts/prepare_code_data.py",
        next(line for line in known if "--stage code" in line and "--warmup-steps" not in line),
        "python scripts/prepare_tool_calling_data.py",
        next(line for line in known if "--stage tools" in line and "--model-size" not in line),
    ]
    assert subprocess.run(["bash", "-n", ROOT / "scripts" / "train_all.sh"], check=False).returncode == 0


class Shell:
    """A user in an empty folder. ``forked``: scripts are processes that need not load PyTorch first."""

    def __init__(self, folder: Path, *, forked: bool) -> None:
        self.folder = folder
        self.forked = forked

    def type(self, line: str) -> str:
        """Run ``python scripts/...`` (or ``python -c ...``) as a process; returns all that it printed."""
        _, name, *arguments = shlex.split(line)
        if self.forked and name.startswith("scripts/"):
            status, text = codeling(*arguments, cwd=self.folder, script=ROOT / name)
        else:
            words = [sys.executable, str(ROOT / name) if name.startswith("scripts/") else name, *arguments]
            done = subprocess.run(
                words, cwd=self.folder, check=False, text=True, timeout=250,
                stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
            )  # fmt: skip
            status, text = done.returncode, done.stdout
        assert status == 0 and "Traceback" not in text, text
        return text

    def has(self, *names: str) -> bool:
        missing = [name for name in names if not (self.folder / name).is_file()]
        assert not missing, f"missing: {missing}"
        return True


LENIENT = "--max-bits-per-byte 20 --max-repetition 1 --prompts 2 --max-tokens 16 --eval-tokens 2048"
EVERY_FLAG = "--use-rmsnorm --use-rope --use-amp"
CHECK = """python -c "
from tokenizers import Tokenizer
t = Tokenizer.from_file('data/tokenizer/tokenizer.json')
print(t.encode('#!/bin/bash').tokens)
# Should output: ['#!/', 'bin', '/', 'bash'] or similar
"
"""


def walk(folder: Path, *, flags: str, forked: bool) -> None:
    """Stages 0 to 4 as the specification types them, with offline sources, the smallest size and few steps."""
    shell = Shell(folder, forked=forked)
    text = shell.type("python scripts/download_code_corpus.py --source python,shell,bash-tasks --limit 150")
    assert shell.has("data/raw/code_corpus.txt") and "Saved: data/raw/code_corpus.txt" in text
    shell.type("python scripts/train_code_tokenizer.py --vocab-size 900")
    assert shell.has("data/tokenizer/tokenizer.json")
    first = (folder / "data/tokenizer/tokenizer.json").read_bytes()
    assert "data/tokenizer/tokenizer.json.backup" in shell.type(
        "python scripts/train_code_tokenizer.py --vocab-size 1000"
    )
    assert (folder / "data/tokenizer/tokenizer.json.backup").read_bytes() == first
    tokens = ast.literal_eval(shell.type(CHECK))
    assert "".join(tokens) == "#!/bin/bash" and len(tokens) < 8 and "bin" in tokens

    shell.type("python scripts/download_data.py --source stories:300")
    text = shell.type("python scripts/prepare_data.py --val-fraction 0.1")
    assert shell.has("data/processed/train_large.npy", "data/processed/val_large.npy")
    assert np.load(folder / "data/processed/train_large.npy").max() < 1000
    text = shell.type(
        "python scripts/train.py --stage language --model-size tiny --batch-size 2 --num-epochs 3 --learning-rate 1e-4 "
        f"--warmup-steps 2 {flags} --max-steps 3 --sequence-length 64 --eval-tokens 2048"
    )
    assert re.search(r"^Epoch 1/3: train_loss=\d+\.\d+, val_loss=\d+\.\d+$", text, re.MULTILINE), text
    assert text.rstrip().endswith("Saved: models/language_model_best.pth")
    assert shell.has("models/language_model_best.pth", "models/language_model_epoch_1.pth", "logs/training.log")
    assert "Epoch 1/3: train_loss=" in (folder / "logs/training.log").read_text()
    assert list((folder / "logs").rglob("events.out.tfevents.*"))
    assert "bits_per_byte" in shell.type(f"python scripts/test_stage1.py {LENIENT}")

    shell.type("python scripts/prepare_code_data.py --val-fraction 0.1")
    assert shell.has("data/processed/code_train_large.npy", "data/processed/code_val_large.npy")
    text = shell.type(
        "python scripts/train.py --stage code --checkpoint models/language_model_best.pth "
        "--data-file code_train_large.npy --model-size tiny --batch-size 2 --num-epochs 5 --learning-rate 5e-6 "
        f"--warmup-steps 1 {flags} --max-steps 3 --sequence-length 64 --eval-tokens 2048"
    )
    assert "Epoch 1/5: train_loss=" in text and text.rstrip().endswith("Saved: models/code_model_best.pth")
    assert shell.has("models/code_model_best.pth", "models/code_model_epoch_1.pth")
    assert "bash_valid_share" in shell.type(
        f"python scripts/test_stage2.py {LENIENT} --min-bash-valid 0 --min-python-valid 0 --no-must-improve"
    )
    text = shell.type("python scripts/train.py --checkpoint models/code_model_epoch_1.pth --resume --max-steps 5")
    assert "resumed at step 3" in text and "step 5/5" in text

    text = shell.type(
        "python scripts/prepare_tool_calling_data.py --num-examples 60 --num-test-examples 5 --profile quick"
    )
    assert shell.has("data/processed/tool_train.npy", "data/processed/tool_val.npy") and "trained" in text
    text = shell.type(
        "python scripts/train.py --stage tools --checkpoint models/code_model_best.pth --data-file tool_train.npy "
        f"--model-size tiny --batch-size 2 --num-epochs 3 --learning-rate 3e-6 {flags} --max-steps 3 "
        "--sequence-length 512 --eval-tokens 2048"
    )
    assert "Epoch 1/3: train_loss=" in text and text.rstrip().endswith("Saved: models/tool_model_best.pth")
    described = json.loads((folder / "models/tool_model_best.json").read_text())["info"]
    assert described["stage"] == "tools" and described["train"]["replay_file"] == "code_train_large.npy"
    text = shell.type(
        "python scripts/test_tool_calling.py --num-examples 3 --num-executed 1 --samples 2 --max-tokens 16 "
        "--profile quick"
    )
    assert "seen tools, new phrasings" in text and "tools never seen in training" in text
    assert shell.has("models/tool_model_best.pth", "logs/eval_tools.json")

    # Two samples: a model of three steps solves nothing, so pairs of its samples are what cannot be had.
    text = shell.type("python scripts/prepare_rlhf_data.py --num-examples 40 --num-sampled 2 --samples-per-task 2")
    assert shell.has("data/processed/preferences.json") and "corruptions" in text
    text = shell.type(
        "python scripts/train_reward_model.py --checkpoint models/tool_model_best.pth --data-file preferences.json "
        "--pairs-per-step 8 --normalize-samples 8 --max-tokens 8 --max-steps 2"
    )
    assert "held-out accuracy" in text and text.rstrip().endswith("Saved: models/reward_model.pth")
    text = shell.type(
        "python scripts/train_rlhf.py --policy-model models/tool_model_best.pth --reward-model models/reward_model.pth "
        "--num-epochs 1 --ppo-epochs 4 --batch-size 8 --max-iterations 2 --max-new-tokens 8 --eval-prompts 4"
    )
    assert "Aligning rlhf_model by PPO" in text and text.rstrip().endswith("Saved: models/rlhf_model_best.pth")
    assert shell.has("models/reward_model.pth", "models/rlhf_model_best.pth", "logs/rlhf_model.metrics.jsonl")
    assert "OK: 0 errors" in shell.type("python scripts/validate_data.py")


# Whichever test asks for it first waits for some twenty processes.
pytestmark = pytest.mark.timeout(1200)


@pytest.fixture(scope="module")
def walked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("walk")
    walk(folder, flags=EVERY_FLAG, forked=True)
    return folder


def test_the_specifications_walk(walked: Path) -> None:
    assert (walked / "models" / "tool_model_last.pth").exists()


@pytest.mark.slow
def test_the_specifications_walk_compiled_and_typed_in_a_shell(tmp_path: Path) -> None:
    walk(tmp_path, flags=f"{EVERY_FLAG} --use-compile", forked=False)


@pytest.fixture
def folder(walked: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with what the walk made up to stage 2, to be spoilt; it is the current one."""
    shutil.copytree(
        walked,
        tmp_path,
        dirs_exist_ok=True,
        ignore=shutil.ignore_patterns("tool_*", "rlhf_*", "reward_*", "preferences*"),
    )
    monkeypatch.chdir(tmp_path)
    return tmp_path


def refused(capsys: pytest.CaptureFixture[str], status: int, line: str, *parts: str) -> str:
    """``codeling LINE`` must end with ``status`` and one clear message that holds ``parts``."""
    capsys.readouterr()
    assert run(shlex.split(line)) == status, capsys.readouterr()
    error = capsys.readouterr().err
    last = error.rstrip().splitlines()[-1]
    assert last.startswith("error: " if status == 2 else "failed: "), error
    assert "Traceback" not in error
    for part in parts:
        assert part in last, last
    return last


TRAIN = "train --stage language --max-steps 1 --batch-size 1 --sequence-length 64 --device cpu"


def test_an_empty_folder_says_what_to_type(tmp_path: Path, monkeypatch, capsys) -> None:
    monkeypatch.chdir(tmp_path)
    for line, remedy in (
        ("tokenizer train", "download_code_corpus.py"),
        ("tokenizer report", "train_code_tokenizer.py"),
        ("data prepare", "download_data.py"),
        ("data prepare-code", "download_code_corpus.py"),
        ("data prepare --source stories:10", "train_code_tokenizer.py"),
        ("data validate", "prepare_data.py"),
        (TRAIN, "train_code_tokenizer.py"),
        ("train --stage code --checkpoint models/language_model_best.pth", "--stage language"),
        ("train --stage code --resume", "code_model_last.pth"),
        ("train --resume", "--checkpoint"),
        ("train", "--stage"),
        ("data prepare-tools", "train_code_tokenizer.py"),
        ("train --stage tools --resume", "tool_model_last.pth"),
        ("complete x", "codeling run --recipe quick"),
        ("chat", "codeling run --recipe quick"),
        ("eval tools", "codeling train --stage tools"),
        ("eval", "--stage"),
        ("eval --stage language", "codeling train --stage language"),
    ):
        refused(capsys, 2, line, remedy)
    left = {path.name for path in tmp_path.rglob("*") if path.is_file()}
    assert left <= {".lock"}, "a command that was refused left files"


def test_missing_and_wrong_files_are_named(folder: Path, capsys) -> None:
    code = "train --stage code --max-steps 1 --batch-size 1 --sequence-length 64 --checkpoint"
    refused(capsys, 2, f"{TRAIN} --data-file missing.npy", "missing.npy", "prepare_data.py")
    refused(capsys, 2, f"{TRAIN} --val-file missing.npy", "missing.npy")
    refused(capsys, 2, f"{code} models/missing.pth", "models/missing.pth")
    refused(capsys, 2, "train --checkpoint models/missing.pth --resume", "models/missing.pth")
    refused(capsys, 2, f"{TRAIN} --model-size huge", "--model-size huge", "tiny, medium, large")
    refused(capsys, 2, f"{TRAIN} --device abacus", "abacus")
    refused(capsys, 2, "data prepare --source storys:10", "storys", "did you mean 'stories'")
    refused(capsys, 2, "data prepare --source file:missing.jsonl", "missing.jsonl")
    for line in (f"{code} models", f"{code} README.md", "eval --stage language --checkpoint models"):
        (folder / "README.md").write_text("not a checkpoint")
        capsys.readouterr()
        status = run(shlex.split(line))
        error = capsys.readouterr().err
        assert status in (1, 2) and "Traceback" not in error and error.count("\n") == 1, (line, error)


def test_a_directory_in_place_of_a_file_and_a_file_in_place_of_a_directory(folder: Path, capsys) -> None:
    refused(capsys, 2, "data prepare --source file:data", "dir:data")
    refused(capsys, 2, "tokenizer train --source file:data", "dir:data")
    for name in ("data/processed/train_large.npy", "data/tokenizer/tokenizer.json"):
        (folder / name).unlink()
        (folder / name).mkdir()
        capsys.readouterr()
        status = run(shlex.split(TRAIN))
        error = capsys.readouterr().err.rstrip().splitlines()[-1]
        assert status in (1, 2) and error.startswith(("failed: ", "error: ")) and Path(name).name in error, error
        (folder / name).rmdir()
        shutil.copy(folder / "data/processed/val_large.npy", folder / name)
    shutil.rmtree(folder / "models")
    (folder / "models").write_text("")
    capsys.readouterr()
    status = run(shlex.split("data prepare --source stories:10 --workdir models"))
    error = capsys.readouterr().err
    assert status in (1, 2) and error.count("\n") == 1 and "models" in error, error


@pytest.mark.parametrize(
    ("name", "content", "status", "parts"),
    [
        ("empty.txt", b"", 1, ("empty.txt",)),
        ("empty.jsonl", b"", 1, ("empty.jsonl",)),
        ("blank.jsonl", b"\n\n", 1, ("blank.jsonl",)),
        ("torn.jsonl", b'{"text": "a story"}\n{"text": "a st', 1, ("torn.jsonl:2", "JSON")),
        ("list.jsonl", b'["a story"]\n', 1, ("list.jsonl:1",)),
        ("latin.txt", "Zähle".encode("latin-1"), 1, ("latin.txt:1", "UTF-8")),
        ("torn.jsonl.gz", b"\x1f\x8b\x08\x00 not really", 1, ("torn.jsonl.gz",)),
        ("text.docx", b"PK", 2, ("text.docx", ".jsonl")),
    ],
)
def test_bad_corpora(folder: Path, capsys, name: str, content: bytes, status: int, parts: tuple[str, ...]) -> None:
    (folder / name).write_bytes(content)
    kept = {path: path.read_bytes() for path in (folder / "data").rglob("*") if path.is_file()}
    refused(capsys, status, f"tokenizer train --source file:{name}", *parts)
    refused(capsys, status, f"data prepare --source file:{name}", *parts)
    assert {path: path.read_bytes() for path in kept} == kept, "what was there before was touched"


def test_another_tokenizer_is_refused_by_its_hash(folder: Path, capsys) -> None:
    """The same size, other merges (FAULTS row 12)."""
    before = (folder / "data/tokenizer/tokenizer.json").read_bytes()
    assert run(shlex.split("tokenizer train --vocab-size 1000 --source stories:200")) == 0
    assert (folder / "data/tokenizer/tokenizer.json").read_bytes() != before
    refused(capsys, 1, TRAIN, "train_large.npy", "prepare_data.py")
    # The checkpoint carries its own; what does not fit it are new shards.
    assert run(shlex.split("data prepare --source stories:40 --val-fraction 0.2")) == 0
    refused(capsys, 1, "eval --stage language --prompts 1", "val_large.npy")
    line = "train --stage code --checkpoint models/language_model_best.pth --data-file train_large.npy --max-steps 1"
    refused(capsys, 1, line, "train_large.npy")


def test_a_damaged_shard_is_named_by_training_and_validation(folder: Path, capsys) -> None:
    shard = folder / "data/processed/train_large.npy"
    whole = shard.read_bytes()
    shard.write_bytes(whole[:-2] + bytes([whole[-2] ^ 1, whole[-1]]))
    refused(capsys, 1, TRAIN, "train_large.npy")
    capsys.readouterr()
    assert run(["data", "validate"]) == 1
    assert "train_large.npy" in capsys.readouterr().out


def test_thresholds_that_are_missed_fail_the_verification(folder: Path, capsys) -> None:
    line = f"eval --stage language {LENIENT} --max-bits-per-byte 0.1"
    last = refused(capsys, 1, line, "bits_per_byte is ", "must be at most 0.100")
    assert "not good enough" in last and (folder / "logs/verify_language.json").exists()


def test_a_read_only_folder(folder: Path, capsys) -> None:
    (folder / "locked").mkdir(mode=0o555)
    try:
        (folder / "locked" / "probe").touch()
    except PermissionError:
        refused(capsys, 1, "data download-stories --source stories:10 --workdir locked", "locked")
    else:
        pytest.skip("this user may write anywhere")
