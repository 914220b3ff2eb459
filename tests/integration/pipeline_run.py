"""Real `codeling run`s of a few seconds, each in a process of its own that can be killed at a chosen call.

Processes are forked from a server that has imported everything before (see forked).
"""

from __future__ import annotations

import importlib
import os
import random
import runpy
import signal
import sys
import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from forked import context

SECONDS = 200
"""Longer than any run here; one that hangs fails its test."""
STEPS = 12
RECIPE = f"""
description = "A run of seconds."
stages = ["tokenizer", "language", "code"]  # test_later_stages.py adds the others

[tokenizer.train]
vocab_size = 600
source = "file:STORIES,bash-tasks:200"

[language.prepare]
source = "file:STORIES"
val_fraction = 0.1

[language.train]
model_size = "nano"
learning_rate = 3e-5  # for batches of 256 tokens; more of it makes steps that chance decides
sequence_length = 64
batch_size = 4
max_steps = {STEPS}
warmup_steps = 6
eval_every = 6
save_every = 2
eval_tokens = 1024

[language.verify]
max_bits_per_byte = 20.0
max_repetition = 1.0
prompts = 2
samples = 1
max_tokens = 12
eval_tokens = 1024

[code.prepare]
source = "bash-tasks:200"
val_fraction = 0.1

[code.train]
learning_rate = 3e-5
sequence_length = 64
batch_size = 4
max_steps = {STEPS}
warmup_steps = 6
eval_every = 6
save_every = 2
eval_tokens = 1024
replay_fraction = 0.25

[code.verify]
max_bits_per_byte = 20.0
max_repetition = 1.0
min_bash_valid = 0.0
min_python_valid = 0.0
prompts = 2
samples = 1
max_tokens = 12
eval_tokens = 1024

[tools.prepare]
profile = "quick"
num_examples = 40
num_test_examples = 4
executed = 0.0
max_length = 512

[tools.train]
sequence_length = 512
batch_size = 2
max_steps = {STEPS}
warmup_steps = 6
eval_every = 6
save_every = 2
eval_tokens = 2048
replay_fraction = 0.25

[tools.verify]
max_bits_per_byte = 20.0
min_tool_name = 0.0
min_tool_exact = 0.0
min_irrelevance = 0.0
must_improve = false
prompts = 2
tool_examples = 6
samples = 1
max_tokens = 12
eval_tokens = 2048

[rlhf.prepare]
source = "corruptions"
num_examples = 60
num_families = 8

[rlhf.reward]
pairs_per_step = 8
normalize_samples = 8
max_tokens = 8
save_every = 2

[rlhf.align]
prompts = "tasks:32"
num_families = 8
reward = "model:1,tests:1"
batch_size = 8
minibatches = 2
ppo_epochs = 2
max_new_tokens = 8
max_iterations = 4
critic_warmup = 1
kl_limit = 100.0
eval_prompts = 4
eval_every = 2
save_every = 1

[rlhf.verify]
prompts = 4
samples = 2
min_reward_gain = -1000.0
min_penalized_gain = -1000.0
max_kl_per_token = 1000.0
min_win_rate = -1.0
max_length_change = 1000.0
max_ended_loss = 1.0
min_entropy_share = 0.0
max_forgetting = 1000.0
"""


def write_recipe(folder: Path, *, seed: int) -> Path:
    """A recipe of all stages, offline, with a file of stories that only this seed has; returns ``tiny.toml``."""
    from codeling.data.stories import generate_stories

    stories = folder / "stories.txt"
    texts = [document.text for document in generate_stories(seed=seed, limit=200)]
    stories.write_text("\n<|endoftext|>\n".join(texts), encoding="utf-8")
    recipe = folder / "tiny.toml"
    recipe.write_text(RECIPE.replace("STORIES", stories.as_posix()), encoding="utf-8")
    return recipe


@dataclass(frozen=True)
class At:
    """Before call number ``count`` (from 1) of ``function``, as ``module:name`` or ``module:Class.name``: SIGKILL this
    process or, with ``wait_for``, wait until that file exists (``wait_for`` + ".waiting" says that it waits)."""

    function: str
    count: int = 1
    wait_for: Path | None = None

    def install(self) -> None:
        module_name, _, dotted = self.function.partition(":")
        owner: Any = importlib.import_module(module_name)
        *outer, name = dotted.split(".")
        for part in outer:
            owner = getattr(owner, part)
        original: Callable[..., Any] = getattr(owner, name)
        calls = 0

        def watched(*arguments: Any, **named: Any) -> Any:
            nonlocal calls
            calls += 1
            if calls == self.count:
                self._act()
            return original(*arguments, **named)

        setattr(owner, name, watched)

    def _act(self) -> None:
        if self.wait_for is None:
            os.kill(os.getpid(), signal.SIGKILL)
        else:
            Path(f"{self.wait_for}.waiting").touch()
            while not self.wait_for.exists():
                time.sleep(0.02)


@dataclass(frozen=True)
class Run:
    """A ``codeling`` in a process of its own."""

    process: Any
    output: Path

    def wait(self) -> int:
        """Exit status; negative: the signal that killed it."""
        self.process.join(SECONDS)
        if self.process.exitcode is None:
            self.process.kill()
            raise AssertionError(f"the run hangs:\n{self.text}")
        return self.process.exitcode

    @property
    def text(self) -> str:
        """Standard output and error together."""
        return self.output.read_text(encoding="utf-8", errors="replace")


def start(*arguments: str | Path, cwd: Path, at: At | None = None, script: Path | None = None) -> Run:
    """Begin ``codeling ARGUMENTS``, or ``python SCRIPT ARGUMENTS``, in the folder ``cwd``."""
    output = cwd / f"output.{random.getrandbits(40)}.txt"
    output.touch()
    words = [str(each) for each in arguments]
    process = context().Process(target=_child, args=(words, cwd, at, script, output), daemon=False)
    process.start()
    return Run(process, output)


def codeling(*arguments: str | Path, cwd: Path, at: At | None = None, script: Path | None = None) -> tuple[int, str]:
    """``start`` and wait: (exit status, or minus the signal that killed it; its output)."""
    process = start(*arguments, cwd=cwd, at=at, script=script)
    return process.wait(), process.text


def _child(arguments: list[str], cwd: Path, at: At | None, script: Path | None, output: Path) -> None:
    handle = os.open(output, os.O_WRONLY | os.O_APPEND)
    os.dup2(handle, 1)
    os.dup2(handle, 2)
    sys.stdout = sys.__stdout__ = open(1, "w", buffering=1, closefd=False)  # noqa: SIM115
    sys.stderr = sys.__stderr__ = open(2, "w", buffering=1, closefd=False)  # noqa: SIM115
    os.chdir(cwd)
    import torch

    torch.set_num_threads(1)
    status = 0
    try:
        if at is not None:
            at.install()
        if script is None:
            from codeling.cli import run

            status = run(arguments)
        else:
            sys.argv = [str(script), *arguments]
            runpy.run_path(str(script), run_name="__main__")
    except SystemExit as left:
        status = left.code if isinstance(left.code, int) else 3
    except BaseException:
        traceback.print_exc()
        status = 3
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(status)
