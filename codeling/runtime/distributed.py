"""Several processes, one run: started by ``torchrun``, joined by gloo (CPU) or NCCL (CUDA).

Every process holds the whole model and the same optimizer state; gradients are SUMMED over processes before each
step and have been divided by the global number of target tokens before, so that the result does not depend on how
rows are spread over processes. A process that dies or hangs makes the collectives of the others fail within the
timeout (``CODELING_DISTRIBUTED_TIMEOUT`` seconds, default 1800, which must cover the longest save or download of
rank 0); they leave with a Failure, and ``torchrun --max-restarts`` with ``--resume`` goes on from the last checkpoint.
"""

from __future__ import annotations

import contextlib
import datetime
import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TypeVar, cast

import torch
import torch.distributed as dist

from codeling.errors import Failure, UsageError

T = TypeVar("T")

_BUCKET_ELEMENTS = 1 << 24  # 64 MiB of float32: large enough for bandwidth, small beside the gradients


@dataclass(frozen=True)
class Processes:
    """Which one of how many processes this is. ``local_rank`` counts within the machine and picks the GPU."""

    rank: int = 0
    world: int = 1
    local_rank: int = 0

    @property
    def is_main(self) -> bool:
        """True for the one process that writes files and talks."""
        return self.rank == 0

    @staticmethod
    def from_environment() -> Processes:
        """Read RANK, WORLD_SIZE and LOCAL_RANK as torchrun sets them; one process without them."""
        try:
            rank, world, local_rank = (
                int(os.environ.get(name, default))
                for name, default in (("RANK", "0"), ("WORLD_SIZE", "1"), ("LOCAL_RANK", "0"))
            )
        except ValueError:
            raise UsageError("RANK, WORLD_SIZE and LOCAL_RANK must be whole numbers; start with torchrun") from None
        if not 0 <= rank < world:
            raise UsageError(f"RANK is {rank} and WORLD_SIZE {world}; the rank must be below it; start with torchrun")
        return Processes(rank, world, local_rank=local_rank)


@contextlib.contextmanager
def joined(processes: Processes, device: torch.device, *, timeout_seconds: float | None = None) -> Iterator[None]:
    """Inside, the collectives below work between all processes of the run; with one process nothing happens."""
    if processes.world == 1:
        yield
        return
    try:
        seconds = timeout_seconds or float(os.environ.get("CODELING_DISTRIBUTED_TIMEOUT", "1800"))
    except ValueError:
        raise UsageError("CODELING_DISTRIBUTED_TIMEOUT must be a number of seconds") from None
    timeout = datetime.timedelta(seconds=seconds)
    with _failures_explained():
        dist.init_process_group("nccl" if device.type == "cuda" else "gloo", timeout=timeout)
    try:
        yield
    finally:
        dist.destroy_process_group()


@contextlib.contextmanager
def _failures_explained() -> Iterator[None]:
    try:
        yield
    except RuntimeError as error:  # what torch raises when a peer is gone or silent
        raise Failure(
            "the other processes of this run do not answer (one died, hangs, or cannot be reached): "
            f"{str(error).splitlines()[0]}\n"
            "look at their output; start again with --resume, or let torchrun --max-restarts 3 do it"
        ) from error


def sum_across(tensor: torch.Tensor) -> torch.Tensor:
    """The element-wise sum over all processes, in place; the tensor itself with one process."""
    if dist.is_initialized():
        with _failures_explained():
            dist.all_reduce(tensor)
    return tensor


def total_across(value: int, device: torch.device) -> int:
    """The sum of the processes' values; asks no device with one process."""
    return int(sum_across(torch.tensor(value, device=device))) if dist.is_initialized() else value


def maximum_across(value: int, device: torch.device) -> int:
    """The largest of the processes' values; asks no device with one process."""
    if not dist.is_initialized():
        return value
    tensor = torch.tensor(value, device=device)
    with _failures_explained():
        dist.all_reduce(tensor, op=dist.ReduceOp.MAX)
    return int(tensor)


def gathered(value: T) -> list[T]:
    """Every process's value (anything that can be pickled), in the order of the ranks; the one with one process."""
    if not dist.is_initialized():
        return [value]
    values: list[T | None] = [None] * dist.get_world_size()
    with _failures_explained():
        dist.all_gather_object(values, value)
    return cast("list[T]", values)


def sum_gradients(parameters: Iterable[torch.nn.Parameter]) -> None:
    """Sum every parameter's gradient over all processes, in flat buckets; nothing with one process.

    A parameter without a gradient on some process counts as zero there, so that all processes agree.
    """
    if not dist.is_initialized():
        return
    bucket: list[torch.Tensor] = []
    for parameter in parameters:
        if not parameter.requires_grad:
            continue
        if parameter.grad is None:
            parameter.grad = torch.zeros_like(parameter)
        if bucket and (bucket[0].dtype != parameter.grad.dtype or sum(g.numel() for g in bucket) >= _BUCKET_ELEMENTS):
            _sum_bucket(bucket)
            bucket = []
        bucket.append(parameter.grad)
    if bucket:
        _sum_bucket(bucket)


def _sum_bucket(gradients: list[torch.Tensor]) -> None:
    flat = torch.cat([gradient.reshape(-1) for gradient in gradients])
    sum_across(flat)
    pieces = flat.split([gradient.numel() for gradient in gradients])
    for gradient, piece in zip(gradients, pieces, strict=True):
        gradient.copy_(piece.view_as(gradient))
