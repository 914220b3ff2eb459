"""Preferences as tensors: token ids of both texts, and the micro-batches of a step.

    Preference --encode_pair--> EncodedPair --PairStream(step)--> PairBatch: chosen rows above rejected ones

A batch is a pure function of (seed, step), so a resumed run needs only its step. The pairs of a step are sorted by
length before they are cut into micro-batches, and the texts of a micro-batch are packed into rows; both save padding
and change nothing, since the loss is a sum over the step's pairs and a text sees only itself.

Shapes: P pairs of a micro-batch, R rows of T tokens that they fill.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from codeling.errors import Failure, UsageError
from codeling.rlhf.preferences import Preference, read_preferences
from codeling.rlhf.prompts import encode_prompt, encode_response
from codeling.runtime.distributed import Processes
from codeling.runtime.seeds import generator
from codeling.tokenizer.bpe import Tokenizer


@dataclass(frozen=True)
class EncodedPair:
    """Ids of both texts, each prompt and response; ``prompt_length`` ids are common to both."""

    chosen: list[int]
    rejected: list[int]
    prompt_length: int
    margin: float

    @property
    def length(self) -> int:
        """Tokens of the longer text."""
        return max(len(self.chosen), len(self.rejected))


@dataclass
class EncodedPairs:
    """The pairs of a split, and how many of them were too long."""

    pairs: list[EncodedPair]
    prompts_cut: int = 0
    """Lost the beginning of their prompt."""
    responses_cut: int = 0
    """Lost the end of a response, but for its end token."""

    @property
    def num_tokens(self) -> int:
        return sum(len(pair.chosen) + len(pair.rejected) for pair in self.pairs)


def encode_pairs(preferences: Sequence[Preference], tokenizer: Tokenizer, *, max_length: int) -> EncodedPairs:
    """All of ``preferences`` within ``max_length`` tokens: prompts are cut on the left, then responses before their
    end token, which is never lost since it is where a score is read."""
    if max_length < 4:
        raise UsageError(f"--max-length {max_length}: a pair needs 4 tokens at least")
    encoded = EncodedPairs([])
    for preference in preferences:
        prompt = encode_prompt(tokenizer, preference.prompt)
        responses = [
            encode_response(tokenizer, preference.prompt, text) for text in (preference.chosen, preference.rejected)
        ]
        longest = max(map(len, responses))
        if longest >= max_length:
            encoded.responses_cut += 1
            responses = [ids if len(ids) < max_length else [*ids[: max_length - 2], ids[-1]] for ids in responses]
            longest = max(map(len, responses))
        if len(prompt) + longest > max_length:
            encoded.prompts_cut += 1
            prompt = prompt[-(max_length - longest) :]
        chosen, rejected = (prompt + ids for ids in responses)
        encoded.pairs.append(EncodedPair(chosen, rejected, len(prompt), preference.margin))
    return encoded


@dataclass(frozen=True)
class PairFile:
    """A preference file, read and encoded."""

    train: EncodedPairs
    val: EncodedPairs
    val_preferences: list[Preference]
    """What ``val`` was encoded from, in the same order."""


def read_pairs(path: Path, tokenizer: Tokenizer, *, max_length: int) -> PairFile:
    """Both splits of a preference file as ids; a Failure where one of them is empty."""
    preferences = read_preferences(path)
    encoded = {}
    for split in ("train", "val"):
        chosen = [preference for preference in preferences if preference.split == split]
        if not chosen:
            raise Failure(f"{path}: no pair of the split '{split}'; make it with more rows, or another --val-fraction")
        encoded[split] = encode_pairs(chosen, tokenizer, max_length=max_length)
    held_out = [preference for preference in preferences if preference.split == "val"]
    return PairFile(encoded["train"], encoded["val"], held_out)


@dataclass(frozen=True)
class PairBatch:
    """One micro-batch on the device. Texts 0..P-1 are chosen, texts P..2P-1 rejected, in the same order.

    Texts are packed: several stand in a row one after the other, each seeing only itself, so that hardly a token is
    padding.
    """

    tokens: Tensor
    """(R, T) int64"""
    positions: Tensor
    """(R, T): where each token stands in its text."""
    texts: Tensor
    """(R, T): the text that each token belongs to; -1 is padding."""
    ends: Tensor
    """(2P,): where the last token of each text stands in the flattened rows."""
    prompt_lengths: Tensor
    """(2P,)"""
    margins: Tensor
    """(P,) fp32"""
    numbers: tuple[int, ...]
    """Where the pairs stand in their split."""

    @property
    def num_targets(self) -> int:
        """Pairs."""
        return len(self.numbers)

    @staticmethod
    def of(pairs: Sequence[EncodedPair], numbers: Sequence[int], *, device: torch.device) -> PairBatch:
        """The pairs of ``numbers``."""
        texts = [pairs[number].chosen for number in numbers] + [pairs[number].rejected for number in numbers]
        rows = packed_rows([len(ids) for ids in texts])
        width = max(sum(len(texts[text]) for text in row) for row in rows)
        tokens = np.zeros((len(rows), width), dtype=np.int64)
        positions = np.zeros_like(tokens)
        owners = np.full_like(tokens, -1)
        ends = np.zeros(len(texts), dtype=np.int64)
        for number, row in enumerate(rows):
            start = 0
            for text in row:
                stop = start + len(texts[text])
                tokens[number, start:stop] = texts[text]
                positions[number, start:stop] = np.arange(stop - start)
                owners[number, start:stop] = text
                ends[text] = number * width + stop - 1
                start = stop
        prompt_lengths = np.array([pairs[number].prompt_length for number in numbers] * 2)
        margins = np.array([pairs[number].margin for number in numbers], dtype=np.float32)

        def moved(array: np.ndarray) -> Tensor:
            return torch.from_numpy(array).to(device)

        return PairBatch(
            tokens=moved(tokens),
            positions=moved(positions),
            texts=moved(owners),
            ends=moved(ends),
            prompt_lengths=moved(prompt_lengths),
            margins=moved(margins),
            numbers=tuple(numbers),
        )

    def response_targets(self) -> tuple[Tensor, Tensor, Tensor]:
        """For each token that a model is asked for, all responses one after the other: where the token before it stands
        in the flattened rows, its id, and its text; each (M,) int64."""
        flat = self.texts[:, :-1].flatten()
        same = (self.texts[:, 1:] == self.texts[:, :-1]) & (self.texts[:, :-1] >= 0)
        begun = self.positions[:, 1:].flatten() >= self.prompt_lengths[flat.clamp_min(0)]
        rows, columns = torch.nonzero(same & begun.view_as(same), as_tuple=True)
        places = rows * self.tokens.shape[1] + columns
        return places, self.tokens[rows, columns + 1], self.texts[rows, columns]


def packed_rows(lengths: Sequence[int]) -> list[list[int]]:
    """Texts in rows that are no longer than the longest text: the longest first, each where the least room is left.

    Best-fit decreasing needs at most 11/9 of the fewest possible rows; texts of one length cost nothing extra.
    """
    order = sorted(range(len(lengths)), key=lambda text: (-lengths[text], text))
    capacity = lengths[order[0]]
    rows: list[list[int]] = []
    room: list[int] = []
    for text in order:
        fitting = [row for row in range(len(rows)) if room[row] >= lengths[text]]
        if fitting:
            row = min(fitting, key=lambda row: room[row])
            rows[row].append(text)
            room[row] -= lengths[text]
        else:
            rows.append([text])
            room.append(capacity - lengths[text])
    return rows


class PairStream:
    """The micro-batches of each step: ``pairs_per_step`` pairs in a new random order every epoch.

    The last step of an epoch has what is left. Of a step's micro-batches, process r of n takes every n-th.
    """

    def __init__(
        self,
        pairs: Sequence[EncodedPair],
        *,
        pairs_per_step: int,
        batch_size: int,
        seed: int,
        processes: Processes,
        device: torch.device,
    ) -> None:
        self._pairs = pairs
        self._pairs_per_step = pairs_per_step
        self._batch_size = batch_size
        self._seed = seed
        self._processes = processes
        self._device = device
        self.steps_per_epoch = -(-len(pairs) // pairs_per_step)

    def __call__(self, step: int) -> list[PairBatch]:
        """This process's micro-batches of step ``step`` (from 0)."""
        groups = self.groups(step)[self._processes.rank :: self._processes.world]
        return [PairBatch.of(self._pairs, group, device=self._device) for group in groups]

    def groups(self, step: int) -> list[list[int]]:
        """The numbers of the pairs in each micro-batch of all processes, longest texts first."""
        epoch, place = divmod(step, self.steps_per_epoch)
        order = generator(self._seed, "pairs", epoch).permutation(len(self._pairs))
        numbers = order[place * self._pairs_per_step : (place + 1) * self._pairs_per_step].tolist()
        return by_length(self._pairs, numbers, batch_size=self._batch_size)


def by_length(pairs: Sequence[EncodedPair], numbers: Sequence[int], *, batch_size: int) -> list[list[int]]:
    """``numbers`` in groups of about equal length, the longest first, so that memory runs out at once or never."""
    ordered = sorted(numbers, key=lambda number: (-pairs[number].length, number))
    return [ordered[start : start + batch_size] for start in range(0, len(ordered), batch_size)]


def all_batches(
    pairs: Sequence[EncodedPair], *, batch_size: int, device: torch.device, processes: Processes | None = None
) -> Iterator[PairBatch]:
    """Every pair once, in groups of about equal length; with ``processes`` this one's share."""
    groups = by_length(pairs, range(len(pairs)), batch_size=batch_size)
    if processes is not None:
        groups = groups[processes.rank :: processes.world]
    return (PairBatch.of(pairs, group, device=device) for group in groups)
