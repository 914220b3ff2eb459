"""`codeling run`: what it leaves, what a second run does again, and that no kill changes the result (FAULTS row 19)."""

from __future__ import annotations

import math
import os
import random
import re
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from pipeline_run import STEPS, At, codeling, start
from tiny_run import assert_same_bits, final_state, losses

from codeling.runtime.metrics import read_records

STEP_TITLES = ["Train a tokenizer", "Make token shards", "Check the shards", "Train (", "Verify"]
TRAINED = ("language_model", "code_model")


def done_again(text: str) -> list[str]:
    """``stage: title`` of the steps that a run did, in order; those it skipped are left out."""
    stage, steps = "", []
    for line in text.splitlines():
        if line.startswith("=== Stage"):
            stage = line.strip("= ").partition(": ")[2]
        title = line.partition("] ")[2]
        begins = line.startswith("[") and title.startswith(tuple(STEP_TITLES))
        if begins and not title.endswith(("complete, skipped", "doing it again")):
            steps.append(f"{stage}: {title.split(' (')[0].split(' of ')[0]}")
    return steps


CODE_TRAINING = ["code: Train", "code: Verify"]
LANGUAGE = ["language: Make token shards", "language: Check the shards", "language: Train", "language: Verify"]
CODE = ["code: Make token shards", "code: Check the shards", *CODE_TRAINING]


def modified(root: Path) -> dict[str, int]:
    """Time of the last change of all that training or preparing makes."""
    files = [path for folder in ("data", "models", "logs") for path in (root / folder).rglob("*") if path.is_file()]
    return {path.relative_to(root).as_posix(): path.stat().st_mtime_ns for path in files if path.name != ".lock"}


def test_a_run_leaves_all_that_it_promises(finished: tuple[Path, str]) -> None:
    folder, text = finished
    root = folder / "run"
    assert done_again(text) == ["tokenizer: Train a tokenizer", *LANGUAGE, *CODE]
    for name in (
        "data/tokenizer/tokenizer.json",
        *(f"data/processed/{name}.npy" for name in ("train_large", "val_large", "code_train_large", "code_val_large")),
        *(f"models/{name}_{kind}.pth" for name in TRAINED for kind in ("best", "last", "epoch_1")),
        *(f"logs/{name}.metrics.jsonl" for name in TRAINED),
        "logs/training.log",
        "logs/verify_language.json",
        "logs/verify_code.json",
        "state/config.toml",
    ):
        assert (root / name).stat().st_size > 0, name
    assert list((root / "logs" / "language_model").glob("events.out.tfevents.*"))
    assert "Saved: run/models/language_model_best.pth" in text and "Saved: run/models/code_model_best.pth" in text
    for name in TRAINED:
        val_loss = read_records(root / "logs" / f"{name}.metrics.jsonl")[-1]["val_loss"]
        assert re.search(rf"^Epoch 1/1: train_loss=\d+\.\d{{4}}, val_loss={val_loss:.4f}$", text, re.MULTILINE)
    assert not list(root.rglob("*.tmp"))

    page = (root / "report" / "index.html").read_text(encoding="utf-8")
    short = (root / "report" / "report.md").read_text(encoding="utf-8")
    for report in (page, short):
        assert "A run of seconds." in report and "vocab_size = 600" in report
        assert "Stage 1: language" in report and "Stage 2: code" in report
        for language in ("bash", "python"):
            assert language in report.lower()
    assert "<svg" in page or "data:image" in page or "<img" in page
    pictures = list((root / "report").rglob("*.png"))
    assert len(pictures) >= 2 and all(picture.name in short for picture in pictures)


def test_both_models_learned(finished: tuple[Path, str]) -> None:
    for name in TRAINED:
        records = read_records(finished[0] / "run" / "logs" / f"{name}.metrics.jsonl")
        validation = [record["val_loss"] for record in records if record.get("val_loss") is not None]
        assert len(records) == STEPS and len(validation) == 2
        # A model that knows nothing gives each of the 600 tokens the same chance, and one that knows another language
        # gives worse; always the same 1024 tokens are asked about. 5.0 +- 0.1 and 4.7 +- 0.1 are reached.
        ignorant = math.log(600)
        assert validation[-1] < ignorant - 0.5, name
        assert records[-1]["train_loss"] < ignorant - 0.2, name


def test_a_second_run_does_nothing_and_so_does_one_that_was_moved(copy: Path, recipe: Path) -> None:
    before = modified(copy / "run")
    status, text = codeling("run", "--recipe", recipe, "--workdir", "run", cwd=copy)
    assert status == 0 and done_again(text) == [] and text.count("complete, skipped") == 9, text
    assert modified(copy / "run") == before

    (copy / "run").rename(copy / "elsewhere")
    status, text = codeling("run", "--recipe", recipe, "--workdir", copy / "elsewhere", cwd=copy)
    assert status == 0 and done_again(text) == [], text
    status, text = codeling("run", "--recipe", recipe, "--workdir", ".", "--device", "cpu", cwd=copy / "elsewhere")
    assert status == 0 and done_again(text) == [], text
    assert modified(copy / "elsewhere") == before


def test_a_changed_option_redoes_what_depends_on_it(copy: Path, recipe: Path) -> None:
    before = modified(copy / "run")
    run = ("run", "--recipe", recipe, "--workdir", "run")
    status, text = codeling(*run, "--code.verify.prompts", "1", cwd=copy)
    assert status == 0 and done_again(text) == ["code: Verify"], text

    changed = (*run, "--code.train.learning-rate", "2e-5")
    status, text = codeling(*changed, cwd=copy)
    assert status == 0 and done_again(text) == CODE_TRAINING, text
    after = modified(copy / "run")
    assert {name for name in after if after[name] != before.get(name) and name.startswith("models/")} == {
        f"models/code_model_{kind}.{ending}" for kind in ("best", "last", "epoch_1") for ending in ("pth", "json")
    }
    assert codeling(*changed, cwd=copy)[1].count("complete, skipped") == 9


def test_changed_input_redoes_what_was_made_of_it(copy: Path, recipe: Path) -> None:
    stories = recipe.parent / "stories.txt"
    before = stories.read_bytes()
    stories.write_bytes(before + b"\n<|endoftext|>\nOne more story, about a fox who learned to count to ten.\n")
    try:
        run = ("run", "--recipe", recipe, "--workdir", "run", "--stages", "tokenizer", "language")
        status, text = codeling(*run, cwd=copy)
    finally:
        stories.write_bytes(before)
    assert status == 0 and done_again(text) == ["tokenizer: Train a tokenizer", *LANGUAGE], text


@pytest.mark.parametrize(
    ("name", "damage", "again"),
    [
        # The same shards come out again, so nothing after them is touched.
        ("data/processed/code_train_large.npy", "flipped", ["code: Make token shards"]),
        # Verification follows a checkpoint made anew, whose record of its seconds differs.
        ("models/code_model_best.pth", "cut", CODE_TRAINING),
        ("logs/verify_language.json", "lost", ["language: Verify"]),
    ],
)
def test_a_damaged_or_lost_output_is_made_again(
    finished: tuple[Path, str], copy: Path, recipe: Path, name: str, damage: str, again: list[str]
) -> None:
    path = copy / "run" / name
    whole = path.read_bytes()
    place = random.randrange(len(whole))
    path.unlink()
    if damage != "lost":
        path.write_bytes(whole[:place] + (bytes([whole[place] ^ 0x20]) + whole[place + 1 :]) * (damage == "flipped"))
    status, text = codeling("run", "--recipe", recipe, "--workdir", "run", cwd=copy)
    assert status == 0 and f"{name} changed or missing" in text, text
    assert done_again(text) == again, text
    if name.endswith(".npy"):
        assert path.read_bytes() == whole
    assert_same_bits(weights(copy / "run"), weights(finished[0] / "run"))


def weights(root: Path) -> list[object]:
    return [final_state(root, f"{name}_{kind}") for name in TRAINED for kind in ("best", "last")]


def test_killed_in_every_step_it_ends_with_the_same_weights(
    finished: tuple[Path, str], tmp_path: Path, recipe: Path
) -> None:
    kills = [
        ("while the tokenizer reads", At("codeling.data.progress:Progress.add", random.randint(1, 300))),
        ("while shards are written", At("codeling.data.shards:ShardWriter.add", random.randint(1, 150))),
        ("while shards are replaced", At("codeling.data.prepare:withdraw", 2)),
        ("before the first checkpoint", At("codeling.train.loop:take_step", random.randint(1, 2))),
        ("in the training of language", At("codeling.train.loop:take_step", random.randint(3, 6))),
        ("after its last step", At("codeling.stages.training:TrainResult")),
        ("in its verification", At("codeling.evals.verify:write_json")),
        ("before the report", At("codeling.stages.pipeline:write_run_report", 2)),
        ("while shards of code are written", At("codeling.data.shards:ShardWriter.add", random.randint(1, 150))),
        ("in the training of code", At("codeling.train.loop:take_step", random.randint(3, 6))),
        ("and again, resumed", At("codeling.train.loop:take_step", random.randint(3, 4))),
        ("in its verification", At("codeling.evals.verify:write_json")),
    ]
    run = ("run", "--recipe", recipe, "--workdir", "run")
    for moment, at in kills:
        status, text = codeling(*run, cwd=tmp_path, at=at)
        assert status == -signal.SIGKILL, f"not killed {moment}:\n{text}"
    status, text = codeling(*run, cwd=tmp_path)
    assert status == 0, text
    assert done_again(text) == ["code: Verify"], "what was complete was done again"
    whole = finished[0] / "run"
    for name in TRAINED:
        assert losses(tmp_path / "run", name) == losses(whole, name)
    assert_same_bits(weights(tmp_path / "run"), weights(whole))
    assert (tmp_path / "run" / "report" / "index.html").exists()
    assert not [path for path in (tmp_path / "run").rglob("*.tmp") if path.parts[-2] in ("models", "processed")]


def test_a_run_killed_after_a_change_does_not_go_on_from_the_old_checkpoint(copy: Path, recipe: Path) -> None:
    run = ("run", "--recipe", recipe, "--workdir", "run", "--code.train.learning-rate", "2e-5")
    before = losses(copy / "run", "code_model")
    status, text = codeling(*run, cwd=copy, at=At("codeling.train.loop:take_step", 1))
    assert status == -signal.SIGKILL, text
    status, text = codeling(*run, cwd=copy)
    assert status == 0 and "already finished" not in text and "resumed at" not in text, text
    after = losses(copy / "run", "code_model")
    assert after[1] == before[1], "the first step's loss is that of the same weights"
    assert after[STEPS] != before[STEPS]


def test_a_second_run_at_once_is_refused_and_ctrl_c_saves(
    finished: tuple[Path, str], tmp_path: Path, recipe: Path
) -> None:
    gate = tmp_path / "go"
    run = ("run", "--recipe", recipe, "--workdir", "run")
    first = start(*run, cwd=tmp_path, at=At("codeling.train.loop:take_step", 6, wait_for=gate))
    wait_until(Path(f"{gate}.waiting").exists, first.process.is_alive)
    status, text = codeling(*run, cwd=tmp_path)
    assert status == 1 and "another codeling run is running here" in text and "--workdir" in text, text
    assert "Traceback" not in text

    os.kill(first.process.pid, signal.SIGINT)
    gate.touch()
    assert first.wait() == 130, first.text
    assert "stopped by SIGINT after step 6" in first.text and "Traceback" not in first.text
    status, text = codeling(*run, cwd=tmp_path)
    assert status == 0 and "resumed at step 6" in text, text
    assert_same_bits(weights(tmp_path / "run"), weights(finished[0] / "run"))


def test_ctrl_c_in_a_terminal(tmp_path: Path, recipe: Path) -> None:
    """The whole process group gets the signal, wherever the run is: here, while text is made into shards."""
    command = [sys.executable, "-m", "codeling", "run", "--recipe", recipe, "--workdir", "run"]
    with (tmp_path / "output.txt").open("w") as output:
        process = subprocess.Popen(
            [*command, "--language.prepare.source", "stories:200000", "--language.prepare.workers", "2"],
            cwd=tmp_path, stdout=output, stderr=subprocess.STDOUT, start_new_session=True,
        )  # fmt: skip
        processed = tmp_path / "run" / "data" / "processed"
        wait_until(lambda: processed.is_dir() and any(processed.glob("*.tmp")), lambda: process.poll() is None)
        time.sleep(0.5)
        os.killpg(process.pid, signal.SIGINT)
        assert process.wait(150) == 130, (tmp_path / "output.txt").read_text()
    text = (tmp_path / "output.txt").read_text()
    assert text.rstrip().splitlines()[-1].startswith("interrupted") and "Traceback" not in text, text
    assert not list(processed.glob("*.npy")) and not list(processed.glob("*.json"))


def wait_until(condition, alive) -> None:
    deadline = time.monotonic() + 100
    while not condition():
        assert alive() and time.monotonic() < deadline, "it did not happen"
        time.sleep(0.02)


def test_a_missed_threshold_fails_the_run_after_the_report(copy: Path, recipe: Path) -> None:
    shutil.rmtree(copy / "run" / "report")
    before = modified(copy / "run")
    run = ("run", "--recipe", recipe, "--workdir", "run", "--language.verify.max-bits-per-byte", "0.5")
    for _ in range(2):
        status, text = codeling(*run, cwd=copy)
        assert status == 1 and "Traceback" not in text, text
        last = text.rstrip().splitlines()[-1]
        assert last.startswith("failed: Stage 1: language is not good enough: bits_per_byte is ") and "0.5" in last
        assert "report/index.html" in last and "--language.verify" in last
        assert "Stage 2" not in text, "the next stage was built on a stage that is not good enough"
    assert (copy / "run" / "report" / "index.html").exists() and (copy / "run" / "report" / "report.md").exists()
    after = modified(copy / "run")
    assert {name for name in after if after[name] != before[name]} == {"logs/verify_language.json"}


def test_stages_that_cannot_be_meant(tmp_path: Path, recipe: Path) -> None:
    status, text = codeling("run", "--recipe", recipe, "--workdir", "run", "--stages", "langage", cwd=tmp_path)
    assert status == 2 and "--stages langage" in text and "did you mean 'language'" in text
    status, text = codeling("run", "--recipe", recipe, "--workdir", "run", "--stages", "code", cwd=tmp_path)
    assert status == 2 and "train_code_tokenizer.py" in text and "Traceback" not in text, text
