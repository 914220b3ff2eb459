"""Prompts and responses as rows of tensors: how responses are grouped, and what a network says about their tokens.

Rows are ``prompt + response`` without the last token, which predicts nothing that counts; padding is on the right,
where causal attention never looks. Whatever is computed per token is computed at response tokens only.

Shapes: B rows, T tokens of the longest one, M response tokens of all rows (row after row), D width.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from codeling.model.transformer import Transformer
from codeling.rlhf.scalar_model import ScalarModel
from codeling.rlhf.token_losses import token_logprobs

Pair = tuple[Sequence[int], Sequence[int]]
"""The ids of a prompt and of a response, each at least one."""


@dataclass(frozen=True)
class ResponseBatch:
    """Some responses on the device. ``places`` (M,) are the positions, in the flattened rows, whose output predicts
    the response tokens ``targets`` (M,)."""

    tokens: Tensor
    places: Tensor
    targets: Tensor

    @staticmethod
    def from_pairs(pairs: Sequence[Pair], *, device: torch.device) -> ResponseBatch:
        """Rows for ``pairs``, at least one."""
        width = max(len(prompt) + len(response) for prompt, response in pairs) - 1
        tokens = np.zeros((len(pairs), width), np.int64)
        places: list[int] = []
        targets: list[int] = []
        for row, (prompt, response) in enumerate(pairs):
            ids = [*prompt, *response[:-1]]
            tokens[row, : len(ids)] = ids
            first = row * width + len(prompt) - 1
            places += range(first, first + len(response))
            targets += response
        return ResponseBatch(
            torch.from_numpy(tokens).to(device),
            torch.tensor(places, device=device),
            torch.tensor(targets, device=device),
        )

    def hidden(self, model: Transformer) -> Tensor:
        """Final hidden states (M, D) from which the response tokens are predicted."""
        hidden = model.hidden(self.tokens)
        return hidden.reshape(-1, hidden.shape[-1])[self.places]

    def values(self, critic: ScalarModel) -> Tensor:
        """The critic's raw values (M,) before each response token."""
        return critic(self.tokens).reshape(-1)[self.places]


def micro_batches(lengths: Sequence[int], *, max_tokens: int) -> list[list[int]]:
    """Indices grouped by length, so that little is padding, into micro-batches of at most ``max_tokens`` with it.

    A single row may be longer than that.
    """
    groups: list[list[int]] = []
    for index in sorted(range(len(lengths)), key=lambda i: (lengths[i], i)):
        # Ascending, so the row that comes is the longest of its group.
        if groups and (len(groups[-1]) + 1) * lengths[index] <= max_tokens:
            groups[-1].append(index)
        else:
            groups.append([index])
    return groups


@torch.no_grad()
def all_logprobs(
    model: Transformer, pairs: Sequence[Pair], *, temperature: float, max_tokens: int, with_entropy: bool = False
) -> tuple[list[list[float]], list[list[float]]]:
    """The log-probabilities of every response's tokens, and the entropies (empty unless asked for)."""
    logprobs: list[list[float]] = [[] for _ in pairs]
    entropies: list[list[float]] = [[] for _ in pairs]
    weight = model.head_weight
    for group in micro_batches([len(p) + len(r) for p, r in pairs], max_tokens=max_tokens):
        batch = ResponseBatch.from_pairs([pairs[i] for i in group], device=weight.device)
        found, spread = token_logprobs(
            batch.hidden(model), weight, batch.targets, temperature=temperature, with_entropy=with_entropy
        )
        _distribute(found, logprobs, group, pairs)
        if spread is not None:
            _distribute(spread, entropies, group, pairs)
    return logprobs, entropies


@torch.no_grad()
def all_values(critic: ScalarModel, pairs: Sequence[Pair], *, max_tokens: int) -> list[list[float]]:
    """The critic's values before each token of every response."""
    values: list[list[float]] = [[] for _ in pairs]
    device = critic.head.weight.device
    for group in micro_batches([len(p) + len(r) for p, r in pairs], max_tokens=max_tokens):
        batch = ResponseBatch.from_pairs([pairs[i] for i in group], device=device)
        _distribute(batch.values(critic), values, group, pairs)
    return values


def _distribute(flat: Tensor, rows: list[list[float]], group: Sequence[int], pairs: Sequence[Pair]) -> None:
    numbers, start = flat.tolist(), 0
    for index in group:
        end = start + len(pairs[index][1])
        rows[index] = numbers[start:end]
        start = end
