"""``scripts/prepare_tool_calling_data.py`` as a process: from nothing to batches, without a tokenizer, killed."""

from __future__ import annotations

import os
import random
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from codeling.data.assembly import IGNORE
from codeling.data.batches import BatchStream
from codeling.data.shards import Shard
from codeling.data.tool_conversations import generate_conversations
from codeling.tokenizer.bpe import Tokenizer
from codeling.tokenizer.special import IM_END
from codeling.tokenizer.training import train_tokenizer

ROOT = Path(__file__).parents[2]
PREPARE = [sys.executable, str(ROOT / "scripts" / "prepare_tool_calling_data.py")]
VALIDATE = [sys.executable, str(ROOT / "scripts" / "validate_data.py")]


@pytest.fixture(scope="module")
def tokenizer_file(tmp_path_factory) -> Path:
    texts = [str(made.conversation.to_openai()) for made in generate_conversations(seed=1, limit=80)]
    path = tmp_path_factory.mktemp("tokenizer") / "tokenizer.json"
    train_tokenizer(texts, vocab_size=1000, output=path)
    return path


@pytest.fixture
def workdir(tmp_path: Path, tokenizer_file: Path) -> Path:
    (tmp_path / "data" / "tokenizer").mkdir(parents=True)
    shutil.copy(tokenizer_file, tmp_path / "data" / "tokenizer" / "tokenizer.json")
    return tmp_path


def run(command: list[str], workdir: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "HF_HUB_OFFLINE": "1"}
    return subprocess.run(
        [*command, *arguments], cwd=workdir, env=environment, capture_output=True, text=True, timeout=250, check=False
    )


def content(workdir: Path) -> dict[str, bytes]:
    folder = workdir / "data" / "processed"
    return (
        {path.name: path.read_bytes() for path in folder.iterdir() if path.name != ".lock"} if folder.exists() else {}
    )


def test_from_nothing_to_batches(workdir: Path, tokenizer_file: Path) -> None:
    done = run(PREPARE, workdir, "--num-examples", "120", "--num-test-examples", "30", "--workers", "1")
    assert done.returncode == 0, done.stderr
    assert "split" in done.stdout and "Saved: data/processed/tool_train.npy" in done.stdout
    checked = run(VALIDATE, workdir)
    assert checked.returncode == 0 and "OK: 0 errors" in checked.stdout and "% trained)" in checked.stdout

    tokenizer = Tokenizer.load(tokenizer_file)
    shard = Shard.open(workdir / "data" / "processed" / "tool_train.npy", verify=True)
    stream = BatchStream([(shard, 1.0)], rows=4, sequence_length=1024, seed=0, fim_rate=0.0, tokenizer=tokenizer)
    assert shard.mask is not None
    batches = [stream.batch(step) for step in range(stream.steps_per_epoch)]
    ends = sum(int((batch.targets == tokenizer.token_id(IM_END)).sum()) for batch in batches)
    trained = sum(batch.num_targets for batch in batches)
    # All rows of the epoch, and up to three of the next that fill the last step.
    assert np.count_nonzero(shard.mask) <= trained <= 1.5 * np.count_nonzero(shard.mask)
    assert ends >= np.count_nonzero(shard.tokens[shard.mask != 0] == tokenizer.token_id(IM_END)) > 120
    assert not any((batch.targets == tokenizer.end_of_text).any() for batch in batches)
    assert any((batch.targets == IGNORE).any() for batch in batches)


def test_without_a_tokenizer_it_says_how_to_get_one(tmp_path: Path) -> None:
    done = run(PREPARE, tmp_path)
    assert done.returncode == 2 and done.stderr.count("\n") == 1
    assert "data/tokenizer/tokenizer.json: no such tokenizer" in done.stderr
    assert "scripts/train_code_tokenizer.py" in done.stderr


def test_where_every_row_is_bad_it_fails_and_names_them(workdir: Path) -> None:
    (workdir / "bad.jsonl").write_text('{"messages": []}\nnonsense\n')
    done = run(PREPARE, workdir, "--source", "openai:bad.jsonl")
    assert done.returncode == 1 and "Traceback" not in done.stderr
    assert "bad.jsonl:1: " in done.stderr and "bad.jsonl:2: not valid JSON" in done.stderr


def test_killed_at_any_moment_it_leaves_whole_files_and_a_second_run_makes_the_same(workdir: Path) -> None:
    arguments = ["--num-examples", "400", "--num-test-examples", "40", "--workers", "1"]
    began = time.monotonic()
    assert run(PREPARE, workdir, *arguments).returncode == 0
    seconds = time.monotonic() - began
    expected = content(workdir)
    for _ in range(3):
        # Another seed, so that anything which the killed run published can be told from what was there.
        killed = subprocess.Popen(
            [*PREPARE, *arguments, "--seed", "5"], cwd=workdir, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        time.sleep(random.uniform(0.2, 1.0) * seconds)
        killed.send_signal(signal.SIGKILL)
        killed.wait()
        for split in ("train", "val"):
            path = workdir / "data" / "processed" / f"tool_{split}.npy"
            if path.with_suffix(".json").exists():
                Shard.open(path, verify=True)
    assert run(PREPARE, workdir, *arguments).returncode == 0
    assert content(workdir) == expected
