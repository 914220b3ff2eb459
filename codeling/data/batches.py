"""Batches: ``stream.batch(step)`` is a pure function of (seed, step), the same for any number of processes.

The rows of a run are one endless sequence. Global row n belongs to one part of the mixture (closed form, no random
state), is that part's row m, which is row i of the part's epoch e, which is a list of pieces of documents (see
codeling.data.packing). So the data position of a training run is one integer, the step: resuming costs nothing and
skips nothing, epochs join without a gap, and a rank takes its slice of the same global rows.
"""

from __future__ import annotations

import bisect
import math
import threading
from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np

from codeling.data.assembly import IGNORE, Assembler, Batch, EndlessRows, row_lengths
from codeling.data.fim import FillInTheMiddle
from codeling.data.packing import WINDOW_DOCUMENTS, Piece, cut_documents, pack_window
from codeling.data.shards import Shard, require_tokenizer
from codeling.errors import UsageError
from codeling.runtime.seeds import stable_hash
from codeling.tokenizer.fim_format import FimFormat
from codeling.tokenizer.special import SPECIAL_TOKENS

if TYPE_CHECKING:
    from codeling.tokenizer.bpe import Tokenizer


class BatchStream:
    """The training batches of a run.

    >>> stream = BatchStream([(code, 0.95), (stories, 0.05)], rows=64, sequence_length=512,
    ...                      seed=0, fim_rate=0.5, tokenizer=tokenizer)                         # doctest: +SKIP
    >>> stream.batch(1000).tokens.shape                                                          # doctest: +SKIP
    (64, 512)

    Threads may share a stream: plans are made on demand and cached, under a lock.
    """

    def __init__(
        self,
        parts: Sequence[tuple[Shard, float]],
        *,
        rows: int,
        sequence_length: int,
        seed: int,
        fim_rate: float,
        tokenizer: Tokenizer,
    ) -> None:
        """``parts``: shards with their shares of the rows (any positive scale); the first one's passes count as
        epochs and only its documents are rearranged for fill-in-the-middle, with probability ``fim_rate``; the
        others are replay and repeat as often as needed. ``rows``: GLOBAL rows in one optimizer step."""
        if not parts or any(not weight > 0 for _, weight in parts):
            raise UsageError("a data mixture needs at least one shard, and a weight above 0 for each")
        if rows < 1 or sequence_length < 2:
            raise UsageError(f"a batch of {rows} rows of {sequence_length} tokens: needs at least 1 row of 2 tokens")
        if not 0 <= fim_rate <= 1:
            raise UsageError(f"--fim-rate {fim_rate}: must be between 0 and 1")
        if fim_rate and parts[0][0].mask is not None:
            raise UsageError(f"{parts[0][0].path}: has a loss mask, so it cannot be rearranged; use --fim-rate 0")
        for shard, _ in parts:
            require_tokenizer(shard, tokenizer.content_hash)
        self.rows = rows
        self.sequence_length = sequence_length
        fim = FillInTheMiddle(tokenizer)
        self._assembler = Assembler(sequence_length, fim.format)
        self._parts = [
            EndlessRows(
                shard,
                key=(seed, "batches", number),
                sequence_length=sequence_length,
                fim=None if number else fim,
                fim_rate=0.0 if number else fim_rate,
            )
            for number, (shard, _) in enumerate(parts)
        ]
        self.documents_apart = any(shard.mask is not None for shard, _ in parts)
        """Conversations must not see each other: attention is to use the batches' positions and document ids."""
        self._lock = threading.RLock()
        self._shares = _shares([weight for _, weight in parts])
        # A mask decides the targets as the tokens do.
        content = [shard.manifest.sha256 + (shard.manifest.mask_sha256 or "") for shard, _ in parts]
        settings = (seed, rows, sequence_length, fim_rate, tokenizer.content_hash)
        self.fingerprint = f"{stable_hash(*settings, *self._shares, *content):016x}"
        """Changes with anything that changes the batches: a resumed run must find the same one."""

    def batch(self, step: int, *, rank: int = 0, world: int = 1) -> Batch:
        """The rows of optimizer step ``step`` (from 0) for process ``rank`` of ``world``: its contiguous slice."""
        if self.rows % world:
            raise UsageError(f"{self.rows} rows per step cannot be shared by {world} processes; use a multiple")
        count = self.rows // world
        first = step * self.rows + rank * count
        rows = []
        with self._lock:
            for row in range(first, first + count):
                part, own_row = self._locate(row)
                rows.append(self._parts[part].read(own_row, self._assembler))
        return self._assembler.batch(rows)

    def rows_per_epoch(self, epoch: int) -> int:
        """Rows of the first part in its pass ``epoch``; exact (epochs differ a little: they are packed anew)."""
        with self._lock:
            return self._parts[0].plan(epoch).num_rows

    @property
    def steps_per_epoch(self) -> int:
        """Steps until every document of the first part was seen once; replay rows included."""
        return self.steps_for_epochs(1)

    def steps_for_epochs(self, epochs: int) -> int:
        """Steps of ``epochs`` passes over the first part; rows that fill the last step come from the next pass."""
        with self._lock:
            needed = self._parts[0].rows_before(epochs)
        return bisect.bisect_left(range(1 << 60), needed, key=lambda step: self._first_part_rows(step * self.rows))

    def epoch_of(self, step: int) -> int:
        """The pass over the first part, from 0, that step ``step`` begins in."""
        with self._lock:
            return self._parts[0].locate(self._first_part_rows(step * self.rows))[0]

    def _locate(self, row: int) -> tuple[int, int]:
        """(part, row of that part) of a global row. The last part takes floor(n * share) of any first n rows; what
        it leaves is numbered anew and shared among the parts before it, and the first part takes the rest."""
        for part in range(len(self._shares) - 1, 0, -1):
            taken = _floor(row, self._shares[part])
            if _floor(row + 1, self._shares[part]) > taken:
                return part, taken
            row -= taken
        return 0, row

    def _first_part_rows(self, rows: int) -> int:
        """How many of the first ``rows`` global rows belong to the first part."""
        for share in reversed(self._shares[1:]):
            rows -= _floor(rows, share)
        return rows


def _shares(weights: Sequence[float]) -> list[Fraction]:
    """Each part's share of the rows that the parts after it leave, as exact fractions."""
    exact = [Fraction(str(weight)) for weight in weights]  # str: 0.05 is 1/20, not its binary neighbour
    return [weight / sum(exact[: number + 1]) for number, weight in enumerate(exact)]


def _floor(rows: int, share: Fraction) -> int:
    return rows * share.numerator // share.denominator


def token_byte_lengths(tokenizer: Tokenizer) -> np.ndarray:
    """UTF-8 bytes of text that each token id stands for, int64 (vocab_size,); special tokens are 0."""
    special = {tokenizer.token_id(name) for name in SPECIAL_TOKENS}
    ids = range(tokenizer.vocab_size)
    return np.array([0 if token in special else len(tokenizer.decode_bytes([token])) for token in ids], np.int64)


def validation_batches(
    shard: Shard, *, rows: int, sequence_length: int, max_tokens: int, tokenizer: Tokenizer
) -> Iterator[tuple[Batch, int]]:
    """The shard's first documents, about ``max_tokens`` tokens of them, always the same; each batch with the UTF-8
    bytes that its targets stand for.

    Documents are taken in order while they fit in ``max_tokens`` (a longer first one is cut), cut only where they
    are longer than a row (a masked one then ends there), never rearranged. Every batch has ``rows`` rows, so that a
    compiled model sees one shape; the last one ends with empty rows. A model's bits per byte: ``bits_per_byte`` of
    the summed loss and bytes.
    """
    require_tokenizer(shard, tokenizer.content_hash)
    if rows < 1 or sequence_length < 2 or max_tokens < 2:
        raise UsageError(f"validation on {rows} rows of {sequence_length}, {max_tokens} tokens in all: too small")
    assembler = Assembler(sequence_length, FimFormat.of(tokenizer))
    byte_lengths = token_byte_lengths(tokenizer)
    for group in _groups(_validation_rows(shard, sequence_length, max_tokens), rows):
        batch = assembler.batch([[assembler.plain(shard, piece) for piece in row] for row in group])
        yield batch, int(byte_lengths[batch.targets[batch.targets != IGNORE]].sum())


def _validation_rows(shard: Shard, sequence_length: int, max_tokens: int) -> Iterator[list[Piece]]:
    lengths = row_lengths(shard, sequence_length)
    count = max(1, int(np.searchsorted(np.cumsum(lengths), max_tokens, side="right")))
    lengths = np.minimum(lengths[:count], max_tokens)
    for first in range(0, count, WINDOW_DOCUMENTS):
        documents = np.arange(first, min(first + WINDOW_DOCUMENTS, count))
        no_fim = np.zeros(len(documents), bool)
        pieces = cut_documents(documents, lengths[documents], fim=no_fim, sequence_length=sequence_length)
        window = pack_window(pieces, sequence_length=sequence_length, keep_whole=True)
        for row in range(window.num_rows):
            yield window.row(row)


def _groups(rows: Iterable[list[Piece]], size: int) -> Iterator[list[list[Piece]]]:
    group: list[list[Piece]] = []
    for row in rows:
        group.append(row)
        if len(group) == size:
            yield group
            group = []
    if group:
        yield group + [[] for _ in range(size - len(group))]


def bits_per_byte(loss: float, num_bytes: int) -> float:
    """``loss`` summed over targets, in nats, end_of_text included, per byte of text, in bits: independent of the
    tokenizer, unlike loss per token."""
    return loss / math.log(2) / num_bytes
