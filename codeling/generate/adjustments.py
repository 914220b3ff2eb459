"""What one request adds to its logits because of the tokens it names or has used: bias and penalties.

Sources: repetition penalty, Keskar et al. 2019 (arXiv 1909.05858), over prompt and completion; presence and frequency
penalties as OpenAI's interface defines them, over the completion.

Shapes: ``V`` vocabulary, ``B`` rows.
"""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

from codeling.generate.config import Sampling


def penalize_repetition(logits: Tensor, seen: Tensor, penalty: float) -> Tensor:
    """Make tokens that were already used less likely: positive logits are divided by the penalty, others multiplied.

    ``logits`` (B, V) or (V,), ``seen`` bool of the same shape; a penalty of 1 changes nothing.
    """
    return torch.where(seen, torch.where(logits > 0, logits / penalty, logits * penalty), logits)


class Adjustment:
    """One request's bias and penalties, and the tokens that it has used so far."""

    def __init__(
        self, sampling: Sampling, prompt: Sequence[int], *, vocab_size: int, device: torch.device | str
    ) -> None:
        self._sampling = sampling
        tokens = [token for token, _ in sampling.logit_bias]
        self._biased = torch.tensor(tokens, dtype=torch.int64, device=device)
        self._bias = torch.tensor([bias for _, bias in sampling.logit_bias], dtype=torch.float32, device=device)
        self._seen = torch.zeros(vocab_size, dtype=torch.bool, device=device)
        self._seen[torch.tensor(list(prompt), dtype=torch.int64, device=device)] = True
        self._counts = torch.zeros(vocab_size, dtype=torch.float32, device=device)

    @staticmethod
    def is_needed(sampling: Sampling) -> bool:
        """Whether these settings adjust any logit at all."""
        penalties = sampling.presence_penalty or sampling.frequency_penalty or sampling.repetition_penalty != 1
        return bool(penalties or sampling.logit_bias)

    def apply(self, logits: Tensor) -> Tensor:
        """The adjusted logits, (V,), of the request's next token."""
        sampling = self._sampling
        if sampling.logit_bias:
            logits = logits.index_add(0, self._biased, self._bias)
        if sampling.repetition_penalty != 1:
            logits = penalize_repetition(logits, self._seen, sampling.repetition_penalty)
        if sampling.presence_penalty or sampling.frequency_penalty:
            used = self._counts > 0
            logits = logits - self._counts * sampling.frequency_penalty - used * sampling.presence_penalty
        return logits

    def note(self, token: int) -> None:
        """``token`` was drawn."""
        self._seen[token] = True
        self._counts[token] += 1
