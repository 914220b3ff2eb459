"""torch.compile for the parts that gain from it: the blocks and the softmax of the loss.

Compiling the model as one graph would gain nothing more (attention and the loss are custom functions already) and
take several times as long to start: the blocks are equal, so one compilation serves all of them. Parameters, their
names and the arithmetic stay as they are. Calls with a cache or without gradients (validation, generation) run
the plain code, so that their changing shapes never wait for a compiler.
"""

from __future__ import annotations

import logging
import shutil

import torch
from torch import Tensor

from codeling.model.loss import Exponentiate, exponentiate_rows
from codeling.model.precision import accumulation_dtype
from codeling.model.transformer import Block, Transformer

logger = logging.getLogger(__name__)


def compile_hot_parts(model: Transformer) -> bool:
    """Compile the training path of ``model`` in place; False, with a logged reason, where that is impossible.

    The compilation itself happens at the first training step (tens of seconds on a CPU, cached on disk).
    """
    reason = _why_not(model.embedding.weight.device)
    if reason:
        logger.warning("--use-compile has no effect: %s", reason)
        return False
    model.run_block = torch.compile(Block.forward, dynamic=False)
    model.exponentiate = _compiled_exponentiate(model.embedding.weight.device)
    return True


def _why_not(device: torch.device) -> str | None:
    """What torch.compile lacks on this machine, and how to get it; None when nothing."""
    if device.type == "mps":
        return "torch.compile is not reliable on Apple GPUs; continuing without it"
    if device.type == "cuda":
        try:
            import triton  # noqa: F401  # pyright: ignore[reportMissingImports]
        except ImportError:
            return "the Triton compiler is missing; pip install triton"
        return None
    if not any(shutil.which(name) for name in ("g++", "clang++", "cl")):
        return "no C++ compiler was found; install g++ (Debian, Ubuntu: apt install g++; macOS: xcode-select --install)"
    return None


def _exponentiate(logits: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    wide = logits.to(accumulation_dtype(logits.dtype))
    maxima = wide.amax(-1, keepdim=True)
    powers = (wide - maxima).exp()
    return powers.to(logits.dtype), maxima, powers.sum(-1, keepdim=True)


def _exponentiate_unshifted(logits: Tensor) -> tuple[Tensor, Tensor]:
    powers = logits.to(accumulation_dtype(logits.dtype)).exp()
    return powers.to(logits.dtype), powers.sum(-1, keepdim=True)


def _compiled_exponentiate(device: torch.device) -> Exponentiate:
    """One pass over the logits on a CPU, where it is the exponentials that cost; on a GPU with the maximum first."""
    shifted, unshifted = torch.compile(_exponentiate), torch.compile(_exponentiate_unshifted)

    def exponentiate(logits: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        if logits.shape[0] == 1:  # a dynamic dimension cannot be one
            return exponentiate_rows(logits)
        torch._dynamo.mark_dynamic(logits, 0)
        if device.type != "cpu" or logits.dtype == torch.float16:  # exp(12) overflows fp16
            return shifted(logits)
        powers, sums = unshifted(logits)
        # Logits of a model in good health are far from fp32's and bf16's limits at exp(+-87); others take the safe way.
        lowest, highest = sums.aminmax()
        if lowest.item() > 1e-20 and highest.item() < 1e20:
            return powers, torch.zeros_like(sums), sums
        return exponentiate_rows(logits)

    return exponentiate
