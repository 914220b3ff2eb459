"""Out of memory, said in terms of the flags that help."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

import torch

from codeling.errors import Failure


@contextlib.contextmanager
def out_of_memory_explained(step: int | None) -> Iterator[None]:
    """Turn any of PyTorch's out-of-memory errors inside into a Failure that names the flags to change.

    ``step``: the one that is taken; None while the run is put together.
    """
    try:
        yield
    except (torch.OutOfMemoryError, MemoryError, RuntimeError) as error:
        if not _is_out_of_memory(error):
            raise
        moment = "before the first step" if step is None else f"in step {step}"
        raise Failure(
            f"out of memory {moment}: {str(error).splitlines()[0] if str(error) else 'no details'}\n"
            "halve --batch-size and double --grad-accumulation-steps (the same result), add --gradient-checkpointing, "
            "or shorten --sequence-length or choose a smaller --model-size (another model); codeling plan shows what "
            "fits. A checkpoint that was saved is intact: --resume goes on from it"
        ) from error


def _is_out_of_memory(error: Exception) -> bool:
    if isinstance(error, torch.OutOfMemoryError | MemoryError):
        return True
    # The CPU allocator and MPS have no class of their own for it.
    text = str(error).lower()
    return any(part in text for part in ("can't allocate memory", "not enough memory", "out of memory"))
