"""``scripts/prepare_tool_calling_data.py`` as a process: from nothing to batches, without a tokenizer, killed.

The first test starts an interpreter for it, as a user does; the others fork one that has everything loaded.
"""

from __future__ import annotations

import os
import random
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from pipeline_run import At, codeling

from codeling.data.assembly import IGNORE
from codeling.data.batches import BatchStream
from codeling.data.shards import Shard
from codeling.data.tool_conversations import generate_conversations
from codeling.tokenizer.bpe import Tokenizer
from codeling.tokenizer.special import IM_END
from codeling.tokenizer.training import train_tokenizer

SCRIPTS = Path(__file__).parents[2] / "scripts"
PREPARE, VALIDATE = SCRIPTS / "prepare_tool_calling_data.py", SCRIPTS / "validate_data.py"


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


def content(workdir: Path) -> dict[str, bytes]:
    folder = workdir / "data" / "processed"
    return (
        {path.name: path.read_bytes() for path in folder.iterdir() if path.name != ".lock"} if folder.exists() else {}
    )


def test_from_nothing_to_batches(workdir: Path, tokenizer_file: Path) -> None:
    done = subprocess.run(
        [sys.executable, PREPARE, "--num-examples", "120", "--num-test-examples", "30", "--workers", "1"],
        cwd=workdir, env={**os.environ, "HF_HUB_OFFLINE": "1"}, capture_output=True, text=True, timeout=250,
        check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert "split" in done.stdout and "Saved: data/processed/tool_train.npy" in done.stdout
    status, text = codeling(cwd=workdir, script=VALIDATE)
    assert status == 0 and "OK: 0 errors" in text and "% trained)" in text

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
    status, text = codeling(cwd=tmp_path, script=PREPARE)
    assert status == 2 and text.count("\n") == 1
    assert "data/tokenizer/tokenizer.json: no such tokenizer" in text
    assert "scripts/train_code_tokenizer.py" in text


def test_where_every_row_is_bad_it_fails_and_names_them(workdir: Path) -> None:
    (workdir / "bad.jsonl").write_text('{"messages": []}\nnonsense\n')
    status, text = codeling("--source", "openai:bad.jsonl", cwd=workdir, script=PREPARE)
    assert status == 1 and "Traceback" not in text
    assert "bad.jsonl:1: " in text and "bad.jsonl:2: not valid JSON" in text


def test_killed_at_any_moment_it_leaves_whole_files_and_a_second_run_makes_the_same(workdir: Path) -> None:
    arguments = ["--num-examples", "80", "--num-test-examples", "10", "--workers", "1"]
    status, text = codeling(*arguments, cwd=workdir, script=PREPARE)
    assert status == 0, text
    expected = content(workdir)
    for moment in (
        At("codeling.data.conversations:ConversationWriter.add", random.randint(1, 80)),
        At("codeling.data.tool_prepare:withdraw", random.randint(1, 2)),
        At("codeling.runtime.files:_sync_directory", random.randint(1, 8)),  # some files are published, some not
    ):
        # Another seed, so that anything which the killed run published can be told from what was there.
        status, text = codeling(*arguments, "--seed", "5", cwd=workdir, script=PREPARE, at=moment)
        assert status == -signal.SIGKILL, text
        for split in ("train", "val"):
            path = workdir / "data" / "processed" / f"tool_{split}.npy"
            if path.with_suffix(".json").exists():
                Shard.open(path, verify=True)
    status, text = codeling(*arguments, cwd=workdir, script=PREPARE)
    assert status == 0 and content(workdir) == expected, text
