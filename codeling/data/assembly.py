"""From planned rows to arrays: a shard as an endless sequence of rows, and rows of pieces as a Batch.

EpochPlan (which pieces) --EndlessRows--> token ids of each piece --Assembler--> Batch (arrays of shape (B, T))
"""

from __future__ import annotations

import bisect
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from codeling.data.fim import FillInTheMiddle
from codeling.data.packing import FIM_ALLOWANCE, EpochPlan, Piece
from codeling.data.shards import Shard
from codeling.errors import UsageError
from codeling.runtime.seeds import generator
from codeling.tokenizer.fim_format import FimFormat

IGNORE = -100
"""The target of a slot that is not trained: ``torch.nn.functional.cross_entropy``'s ignore_index."""


@dataclass(frozen=True)
class Batch:
    """B rows of T slots, each array int64 of shape (B, T).

    ``tokens``: the inputs; ``<|fim_pad|>`` in the unfilled rest of a row.
    ``targets``: the next token, or -100 where nothing is trained: the token after a document's ``<|endoftext|>``
    (the next document is unrelated), the first token of a piece that continues a cut document (it was a target
    of the piece before), fill-in-the-middle sentinels, what a shard's mask excludes, and the unfilled rest.
    ``positions``: 0, 1, 2, ... from the first slot of each piece.
    ``document_ids``: 0, 1, 2, ... for the pieces of a row, -1 in the unfilled rest.

    Positions and document ids are for attention within documents only, as rows of conversations need it; attention
    over the whole row ignores them.
    """

    tokens: np.ndarray
    targets: np.ndarray
    positions: np.ndarray
    document_ids: np.ndarray

    @property
    def num_targets(self) -> int:
        """Slots that are trained: what a summed loss is divided by (over the whole global batch)."""
        return int(np.count_nonzero(self.targets != IGNORE))

    def rows(self, start: int, stop: int) -> Batch:
        """Rows ``start:stop``, for micro-batches; views, not copies."""
        return Batch(*(array[start:stop] for array in (self.tokens, self.targets, self.positions, self.document_ids)))


class Assembler:
    """Writes pieces' tokens into the arrays of a Batch."""

    def __init__(self, sequence_length: int, form: FimFormat) -> None:
        self._width = sequence_length + 1  # a row of inputs and, shifted by one, its targets
        self._form = form

    def batch(self, rows: Sequence[Sequence[tuple[np.ndarray, np.ndarray]]]) -> Batch:
        """``rows``: for each row its pieces, as (token ids, bool per token: is it a target)."""
        shape = (len(rows), self._width)
        tokens = np.full(shape, self._form.pad, np.int64)
        trained = np.zeros(shape, bool)
        positions = np.zeros(shape, np.int64)
        document_ids = np.full(shape, -1, np.int64)
        for row, pieces in enumerate(rows):
            at = 0
            for number, (ids, mask) in enumerate(pieces):
                end = at + len(ids)
                assert end <= self._width, (end, self._width)
                tokens[row, at:end] = ids
                trained[row, at + 1 : end] = mask[1:]  # nothing before a piece's first token predicts it
                positions[row, at:end] = np.arange(len(ids))
                document_ids[row, at:end] = number
                at = end
            positions[row, at:] = np.arange(self._width - at)
        targets = np.where(trained, tokens, IGNORE)
        columns = (tokens[:, :-1], targets[:, 1:], positions[:, :-1], document_ids[:, :-1])
        return Batch(*(np.ascontiguousarray(column) for column in columns))

    def plain(self, shard: Shard, piece: Piece) -> tuple[np.ndarray, np.ndarray]:
        offset = int(shard.starts[piece.document])
        span = slice(offset + piece.start, offset + piece.stop)
        ids = np.asarray(shard.tokens[span]).astype(np.int64)
        return ids, np.ones(len(ids), bool) if shard.mask is None else np.asarray(shard.mask[span]) != 0


class EndlessRows:
    """One shard of a mixture as an endless sequence of rows, epoch after epoch."""

    def __init__(
        self,
        shard: Shard,
        *,
        key: tuple[object, ...],
        sequence_length: int,
        fim: FillInTheMiddle | None,
        fim_rate: float,
    ) -> None:
        self._shard = shard
        self._key = key
        self._sequence_length = sequence_length
        self._fim = fim
        self._fim_rate = fim_rate
        self._lengths = row_lengths(shard, sequence_length)
        if self._lengths.max(initial=0) < 2:
            raise UsageError(f"{shard.path}: every document is empty; there is nothing to train on")
        self._ends: list[int] = []  # rows of epochs 0..e together, for the epochs that are over
        self._plans: dict[int, EpochPlan] = {}

    def plan(self, epoch: int) -> EpochPlan:
        if epoch not in self._plans:
            # Two epochs meet in a batch; more need not be kept.
            self._plans = {old: plan for old, plan in self._plans.items() if abs(old - epoch) == 1}
            self._plans[epoch] = EpochPlan(
                self._lengths,
                sequence_length=self._sequence_length,
                fim_rate=self._fim_rate,
                key=(*self._key, epoch),
                # A conversation that goes on in another row has lost its tools and its questions.
                keep_whole=self._shard.mask is not None,
            )
        return self._plans[epoch]

    def rows_before(self, epoch: int) -> int:
        """Rows of all epochs before this one."""
        while len(self._ends) < epoch:
            self._finish_epoch()
        return self._ends[epoch - 1] if epoch else 0

    def locate(self, row: int) -> tuple[int, int]:
        """(epoch, row in that epoch) of row ``row`` of the endless sequence."""
        if self._ends and row < self._ends[-1]:
            epoch = bisect.bisect_right(self._ends, row)
            return epoch, row - self.rows_before(epoch)
        while True:
            epoch = len(self._ends)
            within = row - self.rows_before(epoch)
            if self.plan(epoch).has_row(within):
                return epoch, within
            self._finish_epoch()

    def _finish_epoch(self) -> None:
        epoch = len(self._ends)
        self._ends.append((self._ends[-1] if self._ends else 0) + self.plan(epoch).num_rows)

    def read(self, row: int, assembler: Assembler) -> list[tuple[np.ndarray, np.ndarray]]:
        epoch, within = self.locate(row)
        return [
            self._rearranged(piece, epoch) if piece.fim else assembler.plain(self._shard, piece)
            for piece in self.plan(epoch).row(within)
        ]

    def _rearranged(self, piece: Piece, epoch: int) -> tuple[np.ndarray, np.ndarray]:
        assert self._fim is not None
        offset = int(self._shard.starts[piece.document])
        ids = np.asarray(self._shard.tokens[offset + piece.start : offset + piece.stop])
        random = generator(*self._key, epoch, "split", piece.document, piece.start)
        rearranged = np.array(self._fim.rearrange(ids, max_tokens=len(ids) + FIM_ALLOWANCE, random=random), np.int64)
        # A sentinel stands where a random number put it, or where the text ends: nothing to learn from, and a
        # model that never learns to write one cannot break an editor's completion.
        return rearranged, ~np.isin(rearranged, self._fim.format.sentinels)


def document_lengths(shard: Shard) -> np.ndarray:
    """Tokens of each document of a shard, end_of_text included; int64."""
    return np.diff(np.asarray(shard.starts, dtype=np.int64), append=shard.manifest.num_tokens)


def row_lengths(shard: Shard, sequence_length: int) -> np.ndarray:
    """Tokens of each document that rows of ``sequence_length`` hold; int64.

    All of them in a plain shard, where a long document goes on in another row. Of a document with a loss mask only
    what fits in one row: an answer whose question (and whose list of tools) is in another row teaches to make it up.
    """
    lengths = document_lengths(shard)
    return lengths if shard.mask is None else np.minimum(lengths, sequence_length + 1)


@dataclass(frozen=True)
class LeftOut:
    """What of a masked shard no row of some length holds."""

    documents: int
    """Documents that are longer than a row."""
    trained: int
    """Tokens beyond it that the loss would be taken on."""


def left_out(shard: Shard, sequence_length: int) -> LeftOut:
    """What training on rows of ``sequence_length`` leaves out of ``shard``; nothing of a plain one."""
    if shard.mask is None:
        return LeftOut(0, 0)
    starts = np.asarray(shard.starts, dtype=np.int64)
    long = np.flatnonzero(document_lengths(shard) > sequence_length + 1)
    ends = np.append(starts, shard.manifest.num_tokens)[long + 1]
    spans = zip((starts[long] + sequence_length + 1).tolist(), ends.tolist(), strict=True)
    return LeftOut(len(long), sum(int(np.count_nonzero(shard.mask[begin:end])) for begin, end in spans))
