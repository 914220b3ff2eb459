"""The data of a training run: its shards, its micro-batches on the device, its validation batches."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch

from codeling.config import to_mapping
from codeling.data.batches import Batch, BatchStream, validation_batches
from codeling.data.shards import Shard
from codeling.errors import Failure, UsageError
from codeling.runtime.distributed import Processes
from codeling.runtime.paths import Workspace
from codeling.stages.training_setup import Setup
from codeling.train.config import TrainConfig
from codeling.train.objectives import TensorBatch

PREPARE = {"language": "prepare_data.py", "code": "prepare_code_data.py", "tools": "prepare_tool_calling_data.py"}
"""The script that makes a stage's shards."""


@dataclass(frozen=True)
class Shards:
    """``parts``: (shard, share of the rows), what is trained on first; ``validation`` may be missing."""

    parts: Sequence[tuple[Shard, float]]
    validation: Shard | None

    def fingerprint(self) -> list[dict[str, str]]:
        """Name and content hash of each shard, for checkpoints."""
        return [{"path": str(shard.path), "sha256": shard.manifest.sha256} for shard, _ in self.parts]

    def sources(self) -> list[dict[str, Any]]:
        """What the shards were made of, by source, language and licence, for checkpoints and model cards."""
        return [to_mapping(source) for shard, _ in self.parts for source in shard.manifest.sources]


def open_shards(config: TrainConfig, *, verify: bool) -> Shards:
    """Open and, with ``verify``, read through the shards that ``config`` names; Failure names a bad one."""
    workspace = Workspace(config.workdir)

    def find(name: str) -> Path:
        return workspace.find(name, workspace.processed, remedy=f"python scripts/{PREPARE[config.stage or 'language']}")

    assert config.data_file is not None
    path = find(config.data_file)
    parts = [(Shard.open(path, verify=verify), 1.0)]
    if config.replay_file is not None:
        parts = [(parts[0][0], 1.0 - config.replay_fraction)]
        parts.append((Shard.open(find(config.replay_file), verify=verify), config.replay_fraction))
    if config.val_file is not None:
        return Shards(parts, Shard.open(find(config.val_file), verify=verify))
    val_path = path.with_name(path.name.replace("train", "val"))
    if val_path == path or not val_path.exists():
        return Shards(parts, None)
    return Shards(parts, Shard.open(val_path, verify=verify))


def require_same_data(saved: dict[str, Any], stream: BatchStream, shards: Shards, *, checkpoint: Path) -> None:
    """Refuse to resume on other data than the checkpoint was trained on; the shard that changed is named."""
    if saved["fingerprint"] == stream.fingerprint:
        return
    now = shards.fingerprint()
    for before, after in zip(saved["shards"], now, strict=False):
        if before["sha256"] != after["sha256"]:
            raise Failure(
                f"{after['path']}: its content is not what {checkpoint} was trained on (sha256 "
                f"{after['sha256'][:12]}..., then {before['sha256'][:12]}...). Put the old shard back to resume, or "
                "leave --resume out to start a new run from the checkpoint's weights"
            )
    raise UsageError(
        f"the data of this run are mixed in another way than {checkpoint} was trained on (then: "
        f"{', '.join(shard['path'] for shard in saved['shards'])}; now: {', '.join(shard['path'] for shard in now)}, "
        "or other --replay-fraction or --fim-rate); resume with the same options"
    )


class Feed:
    """Micro-batches of a process, step by step; the next step's rows are assembled while this one computes.

    ``stream.batch`` is a pure function of the step, so looking ahead changes nothing.
    """

    def __init__(self, stream: BatchStream, *, batch_size: int, processes: Processes, device: torch.device) -> None:
        self._stream = stream
        self._batch_size = batch_size
        self._processes = processes
        self._device = device
        self._pool = ThreadPoolExecutor(1, thread_name_prefix="feed")
        self._ahead: tuple[int, Future[Batch]] | None = None

    def __call__(self, step: int) -> list[TensorBatch]:
        """The micro-batches of step ``step`` (from 0): each of ``batch_size`` rows, on the device."""
        if self._ahead is None or self._ahead[0] != step:
            self._ahead = (step, self._pool.submit(self._read, step))
        batch = self._ahead[1].result()
        self._ahead = (step + 1, self._pool.submit(self._read, step + 1))
        size = self._batch_size
        pieces = (batch.rows(start, start + size) for start in range(0, len(batch.tokens), size))
        return [on_device(piece, apart=self._stream.documents_apart, device=self._device) for piece in pieces]

    def _read(self, step: int) -> Batch:
        return self._stream.batch(step, rank=self._processes.rank, world=self._processes.world)

    def close(self) -> None:
        """End the thread."""
        self._pool.shutdown(wait=True, cancel_futures=True)


def on_device(batch: Batch, *, apart: bool, device: torch.device) -> TensorBatch:
    """The batch as tensors; ``apart``: documents of a row do not see each other, else the row is read as one text."""
    documents = {"positions": batch.positions, "document_ids": batch.document_ids} if apart else {}
    return TensorBatch.from_arrays(batch.tokens, batch.targets, device=device, **documents)


def validation_share(
    shard: Shard | None, setup: Setup, *, processes: Processes, device: torch.device
) -> tuple[list[TensorBatch], int]:
    """This process's validation batches and the bytes of text in them; the same rows at every call.

    Rows without a single target, over which every loss would be 0, are a Failure.
    """
    if shard is None:
        return [], 0
    batches, num_bytes, num_targets = [], 0, 0
    every = validation_batches(
        shard,
        rows=setup.config.batch_size,
        sequence_length=setup.sequence_length,
        max_tokens=setup.config.eval_tokens,
        tokenizer=setup.tokenizer,
    )
    for number, (batch, count) in enumerate(every):
        num_targets += batch.num_targets
        if number % processes.world == processes.rank:
            batches.append(on_device(batch, apart=shard.mask is not None, device=device))
            num_bytes += count
    if not num_targets:
        raise Failure(
            f"{shard.path}: nothing to predict in its first {setup.config.eval_tokens:,} tokens in rows of "
            f"{setup.sequence_length}; a longer --sequence-length or more --eval-tokens reach the replies"
        )
    return batches, num_bytes
