"""Alignment runs that take seconds: a small model that has read a few commands, a reward from a file, processes."""

from __future__ import annotations

import dataclasses
import os
import random
import sys
import threading
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any

from forked import context
from tiny_run import Run, free_port

from codeling.rlhf.rlhf_config import RlhfConfig

Hook = Callable[[str, int], None]
"""Called in the run's process at a named moment ("rollout", "step", "save"), with how often it has come before."""


def make_model(root: Path, *, seed: int, dropped: str = "") -> Path:
    """models/tool_model_best.pth, its tokenizer, data/processed/preferences.json and reward.py under ``root``."""
    import torch

    from codeling.checkpoint import Checkpoint, save_checkpoint
    from codeling.config import to_mapping
    from codeling.model.config import ModelConfig
    from codeling.model.transformer import Transformer
    from codeling.rlhf.preferences import Preference, write_preferences
    from codeling.tokenizer.training import train_tokenizer

    rng = random.Random(seed)
    words = ["find", "list", "sort", "count", "files", "lines", "in", "of", "docs", "logs", "by", "name", "size"]
    lines = [f"# {' '.join(rng.choices(words, k=3))}\n{' '.join(rng.choices(words, k=4))}\n" for _ in range(150)]
    tokenizer = train_tokenizer(lines, vocab_size=300, output=root / "data" / "tokenizer" / "tokenizer.json")
    config = ModelConfig(
        d_model=32, num_layers=2, num_heads=2, num_kv_heads=2, d_ff=64, vocab_size=tokenizer.vocab_size,
        max_sequence_length=64,
    )  # fmt: skip
    model = Transformer(config).init_weights(seed)
    optimizer = torch.optim.AdamW(model.parameters(), lr=5e-3)
    rows = [[*tokenizer.encode(line), tokenizer.end_of_text] for line in lines]
    for step in range(40):
        batch = rows[step % 5 :: 5]
        width = max(map(len, batch))
        tokens = torch.tensor([row + [0] * (width - len(row)) for row in batch])
        targets = torch.tensor([row[1:] + [-100] * (width - len(row) + 1) for row in batch])
        (model.loss(tokens, targets) / (targets >= 0).sum()).backward()
        optimizer.step()
        optimizer.zero_grad()
    info = {
        "stage": "tools",
        "model": to_mapping(config),
        "train": {"sequence_length": 64},
        "tokenizer_hash": tokenizer.content_hash,
    }
    checkpoint = Checkpoint(info=info, model=model.state_dict(), tokenizer=tokenizer.to_json())
    save_checkpoint(root / "models" / "tool_model_best.pth", checkpoint)
    prompts = sorted({line.split("\n")[0] + "\n" for line in lines})
    write_preferences(
        root / "data" / "processed" / "preferences.json",
        [
            Preference(
                prompt, chosen="sort", rejected="so", source="test", kind="test", split="val" if i < 8 else "train"
            )
            for i, prompt in enumerate(prompts)
        ],
    )
    (root / "reward.py").write_text(
        "def vowels(prompts, completions, tasks):\n    return [text.count('o') / 4 for text in completions]\n"
    )
    return root


def tiny_align_config(workdir: Path, **changes: Any) -> RlhfConfig:
    """Six iterations of sixteen completions, a checkpoint after every one."""
    base = RlhfConfig(
        reward=f"{workdir / 'reward.py'}:vowels",
        policy_model=workdir / "models" / "tool_model_best.pth",
        batch_size=16,
        max_new_tokens=10,
        num_epochs=100,
        max_iterations=6,
        ppo_epochs=2,
        minibatches=2,
        learning_rate=1e-3,
        critic_warmup=1,
        eval_every=2,
        save_every=1,
        eval_prompts=8,
        slots=6,
        micro_batch_tokens=128,
        kl_limit=100.0,
        device="cpu",
        workdir=workdir,
        seed=7,
    )
    return dataclasses.replace(base, **changes)


def start_align(config: RlhfConfig, *, hook: Hook | None = None, environment: dict[str, str] | None = None) -> Run:
    """Begin ``align(config)`` in a process of its own."""
    receiver, sender = context().Pipe(duplex=False)
    process = context().Process(target=_child, args=(config, hook, environment or {}, sender), daemon=True)
    process.start()
    sender.close()
    output: list[bytes] = []

    def read() -> None:
        while piece := os.read(receiver.fileno(), 1 << 16):
            output.append(piece)
        receiver.close()

    reader = threading.Thread(target=read, daemon=True)
    reader.start()
    return Run(process, output, reader)


def run_align(config: RlhfConfig, *, hook: Hook | None = None) -> Run:
    """``start_align`` and wait."""
    result = start_align(config, hook=hook)
    result.wait()
    return result


def start_many_aligns(config: RlhfConfig, world: int, *, timeout_seconds: float = 60.0) -> list[Run]:
    """``world`` processes of one run, as torchrun would start them."""
    port = free_port()
    return [
        start_align(
            config,
            environment={
                "RANK": str(rank),
                "WORLD_SIZE": str(world),
                "LOCAL_RANK": str(rank),
                "MASTER_ADDR": "127.0.0.1",
                "MASTER_PORT": str(port),
                "CODELING_DISTRIBUTED_TIMEOUT": str(timeout_seconds),
            },
        )
        for rank in range(world)
    ]


@dataclasses.dataclass(frozen=True)
class SignalWhen:
    """Send this process ``number`` at the ``count``-th (from 0) moment called ``moment``."""

    moment: str
    count: int
    number: int = 9

    def __call__(self, moment: str, count: int) -> None:
        if (moment, count) == (self.moment, self.count):
            os.kill(os.getpid(), self.number)


def _child(config: RlhfConfig, hook: Hook | None, environment: dict[str, str], sender: Any) -> None:
    os.dup2(sender.fileno(), 1)
    os.dup2(sender.fileno(), 2)
    sys.stdout = sys.__stdout__ = open(1, "w", buffering=1, closefd=False)  # noqa: SIM115
    sys.stderr = sys.__stderr__ = open(2, "w", buffering=1, closefd=False)  # noqa: SIM115
    os.environ.update(environment)
    import torch

    from codeling.errors import Failure, UsageError
    from codeling.rlhf import align as module

    torch.set_num_threads(1)
    if hook is not None:
        _install(hook)
    status = 0
    try:
        module.align(config)
    except UsageError as error:
        print(f"error: {error}", file=sys.stderr)
        status = 2
    except Failure as error:
        print(f"failed: {error}", file=sys.stderr)
        status = getattr(error, "exit_status", 1)
    except BaseException:
        traceback.print_exc()
        status = 3
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(status)


def _install(hook: Hook) -> None:
    """Call ``hook`` whenever a completion has ended, before every optimizer step and before every save."""
    from codeling.rlhf import policy_update
    from codeling.rlhf.rewards import WeightedReward
    from codeling.train.saving import Saver

    counts: dict[str, int] = {}

    def told(moment: str, function: Callable[..., Any]) -> Callable[..., Any]:
        def wrapped(*arguments: Any, **named: Any) -> Any:
            counts[moment] = counts.get(moment, -1) + 1
            hook(moment, counts[moment])
            return function(*arguments, **named)

        return wrapped

    WeightedReward.offer = told("rollout", WeightedReward.offer)
    policy_update.take_step = told("step", policy_update.take_step)
    Saver.save = told("save", Saver.save)


def final_align_state(workdir: Path, name: str = "rlhf_model_last") -> dict[str, Any]:
    """All of a checkpoint but wall-clock time."""
    from codeling.checkpoint import load_checkpoint

    saved = load_checkpoint(workdir / "models" / f"{name}.pth")
    assert saved.state is not None
    state = dict(saved.state)
    state["progress"] = {key: value for key, value in state["progress"].items() if key != "seconds"}
    return {"model": saved.model, "optimizer": saved.optimizer, "state": state}


_CLOCK = ("seconds", "samples_per_second")


def align_records(workdir: Path, name: str = "rlhf_model") -> list[dict[str, Any]]:
    """The metrics of each iteration, without what a clock says."""
    from codeling.runtime.metrics import read_records

    records = read_records(workdir / "logs" / f"{name}.metrics.jsonl")
    assert [record["step"] for record in records] == list(range(1, len(records) + 1)), "one is missing or double"
    return [{key: value for key, value in record.items() if not key.endswith(_CLOCK)} for record in records]
