"""From document lengths to rows: which piece of which document stands in which row, without losing a token.

    lengths --permute--> windows of documents --cut--> pieces --best fit--> rows --shuffle--> row 0, 1, 2, ...

A row of a batch has T inputs and T targets, shifted by one: T + 1 tokens. A document of n tokens (its last one is
``<|endoftext|>``) that fits is one piece. A longer one is cut into pieces of T + 1 tokens that overlap by ONE token:
the last target of a piece is the first input of the next. So each token of a document, but its very first, is a
target exactly once, nothing is cropped and nothing is repeated.

Pieces of a window are packed by best-fit decreasing (Ding et al., "Fewer Truncations Improve Language Modeling",
arXiv 2404.10830). Where lengths are too alike to fit together (two stories of 200 leave 112 slots of 512 that no story
fits), some documents are cut to fill the gaps, overlapping in the same way. A few percent of the slots stay empty
at worst. Only integers are kept: O(documents) for
the permutation, the pieces of one window, one count per window.

A document chosen for fill-in-the-middle grows by its sentinels and by what tokenising its three parts apart may
cost; it is planned with a fixed allowance (``FIM_ALLOWANCE``), and codeling.data.fim keeps within it.
"""

from __future__ import annotations

import bisect
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from codeling.errors import UsageError
from codeling.runtime.seeds import generator

WINDOW_DOCUMENTS = 4096
"""Documents packed together: enough for rows that are nearly full, few enough to plan in milliseconds."""

FIM_SLACK = 3
"""Extra tokens that cutting a text at two arbitrary characters may cost a document (each cut typically splits one)."""

FIM_ALLOWANCE = 4 + FIM_SLACK
"""What a fill-in-the-middle piece is planned with beyond its text: three sentinels, its end, and the slack."""


MIN_GAP = 32
"""Fewer free slots than this are left empty: what a row could still learn there is not worth cutting a document."""

MIN_PART = 8
"""Tokens at least that begin in a gap, so that cutting does not make crumbs."""


class Piece(NamedTuple):
    """Tokens ``start:stop`` of a document (positions within the document), to be rearranged if ``fim``.

    A fill-in-the-middle piece excludes the document's end_of_text, which its rearranged form gets in any case.
    """

    document: int
    start: int
    stop: int
    fim: bool


@dataclass(frozen=True)
class Pieces:
    """Many pieces as columns of equal length (int64; ``fim`` bool); ``length`` is the planned number of tokens."""

    document: np.ndarray
    start: np.ndarray
    stop: np.ndarray
    fim: np.ndarray
    length: np.ndarray

    def take(self, index: np.ndarray) -> Pieces:
        return Pieces(*(column[index] for column in (self.document, self.start, self.stop, self.fim, self.length)))

    def join(self, other: Pieces) -> Pieces:
        return Pieces(
            np.concatenate([self.document, other.document]),
            np.concatenate([self.start, other.start]),
            np.concatenate([self.stop, other.stop]),
            np.concatenate([self.fim, other.fim]),
            np.concatenate([self.length, other.length]),
        )

    def between(self, low: int, high: int) -> list[Piece]:
        columns = (self.document, self.start, self.stop, self.fim)
        return [Piece(*values) for values in zip(*(column[low:high].tolist() for column in columns), strict=True)]


def cut_documents(documents: np.ndarray, lengths: np.ndarray, *, fim: np.ndarray, sequence_length: int) -> Pieces:
    """All pieces of some documents, in order.

    ``documents``: their ids; ``lengths``: their tokens, end_of_text included; ``fim``: which are rearranged. A
    document of fewer than two tokens has no target and no piece.
    """
    # A plain piece advances by T and overlaps its successor by one token. A rearranged piece overlaps nothing: its
    # sentinels predict the first token of each part.
    text = lengths - 1
    step = np.where(fim, sequence_length + 1 - FIM_ALLOWANCE, sequence_length)
    counts = np.maximum(-(-text // step), 0)
    repeat = np.repeat(np.arange(len(documents)), counts)
    number = np.arange(len(repeat)) - np.repeat(np.cumsum(counts) - counts, counts)
    start = number * step[repeat]
    stop = np.minimum(start + step[repeat], text[repeat]) + ~fim[repeat]
    fim = fim[repeat]
    return Pieces(documents[repeat], start, stop, fim, stop - start + np.where(fim, FIM_ALLOWANCE, 0))


def best_fit(lengths: np.ndarray, *, capacity: int) -> np.ndarray:
    """The row of each piece, by best-fit decreasing: longest first, each into the fullest row that still has room.

    ``lengths`` are integers in 1..capacity; the rows are numbered from 0 without gaps. Deterministic.
    """
    assert len(lengths) == 0 or (lengths.min() >= 1 and lengths.max() <= capacity)
    # Rows with s free slots wait in open_rows[s], and bit s of `free` says that there is one: the best row for
    # a piece is the lowest set bit at or above its length, one shift away.
    order = np.argsort(-lengths, kind="stable")
    open_rows: list[list[int]] = [[] for _ in range(capacity + 1)]
    bits = [1 << space for space in range(capacity + 1)]
    free, num_rows, placed = 0, 0, []
    for length in lengths[order].tolist():
        fitting = free >> length
        if fitting:
            space = length + (fitting & -fitting).bit_length() - 1
            waiting = open_rows[space]
            row = waiting.pop()
            if not waiting:
                free ^= bits[space]
        else:
            row, space = num_rows, capacity
            num_rows += 1
        placed.append(row)
        space -= length
        if space:
            open_rows[space].append(row)
            free |= bits[space]
    rows = np.empty(len(lengths), np.int64)
    rows[order] = placed
    return rows


def fill_gaps(pieces: Pieces, rows: np.ndarray, *, capacity: int) -> tuple[Pieces, np.ndarray]:
    """Take apart as many of the emptiest rows as the gaps of the others can hold; pieces are cut as needed.

    ``rows``: the row of each piece. Returns the pieces and rows anew. Only rows without rearranged pieces are taken
    apart. A part repeats the last token of the part before it, as input.
    """
    used = np.bincount(rows, weights=pieces.length).astype(np.int64)
    gaps = capacity - used
    # Every part costs an overlap, at most one per gap and one per piece, and fewer than MIN_PART slots of a gap
    # may stay empty; counting all of that, whatever is taken apart is sure to find room.
    room = np.where(gaps >= MIN_GAP, gaps - MIN_PART, 0)
    plain = np.flatnonzero(np.bincount(rows, weights=pieces.fim) == 0)
    plain = plain[np.argsort(used[plain], kind="stable")]
    cost = np.cumsum(used[plain] + np.bincount(rows)[plain] + room[plain])
    taken = np.zeros(len(used), bool)
    taken[plain[: np.searchsorted(cost, room.sum(), side="right")]] = True
    receivers = np.flatnonzero((room > 0) & ~taken)
    receivers = receivers[np.argsort(-gaps[receivers], kind="stable")]
    parts = _cut_into(pieces.take(taken[rows]), zip(receivers.tolist(), gaps[receivers].tolist(), strict=True))
    kept = pieces.take(~taken[rows])
    document, start, stop, row = np.array(parts, np.int64).reshape(-1, 4).T
    cut = Pieces(document, start, stop, np.zeros(len(parts), bool), stop - start)
    numbers = np.cumsum(~taken) - 1  # the rows that remain, without gaps in their numbers
    return kept.join(cut), numbers[np.concatenate([rows[~taken[rows]], row])]


def _cut_into(pieces: Pieces, gaps: Iterator[tuple[int, int]]) -> list[tuple[int, int, int, int]]:
    """(document, start, stop, row) of the parts of ``pieces`` that fill ``gaps``, pairs of (row, free slots)."""
    parts = []
    row = free = 0
    for document, start, stop, _ in pieces.between(0, len(pieces.document)):
        at = start
        while True:
            if free < MIN_PART:
                row, free = next(gaps)
            end = min(at + free, stop)
            parts.append((document, at, end, row))
            free -= end - at
            if end == stop:
                break
            at = end - 1
    return parts


@dataclass(frozen=True)
class Window:
    """The packed rows of some documents: row i holds pieces ``bounds[i]:bounds[i + 1]``."""

    pieces: Pieces
    bounds: np.ndarray

    @property
    def num_rows(self) -> int:
        return len(self.bounds) - 1

    def row(self, index: int) -> list[Piece]:
        return self.pieces.between(int(self.bounds[index]), int(self.bounds[index + 1]))


def pack_window(
    pieces: Pieces, *, sequence_length: int, key: tuple[object, ...] | None = None, keep_whole: bool = False
) -> Window:
    """Rows of ``sequence_length + 1`` tokens. With a ``key``, rows and the pieces in a row are shuffled by it: best-fit
    decreasing alone would show long documents first. With ``keep_whole``, no document that fits in a row is cut.
    """
    rows = best_fit(pieces.length, capacity=sequence_length + 1)
    if len(rows) and not keep_whole:
        pieces, rows = fill_gaps(pieces, rows, capacity=sequence_length + 1)
    num_rows = int(rows.max()) + 1 if len(rows) else 0
    within = np.arange(len(rows), dtype=np.float64)
    if key is not None:
        random = generator(*key)
        rows = random.permutation(num_rows)[rows]
        within = random.random(len(rows))
    order = np.lexsort((within, rows))
    bounds = np.searchsorted(rows[order], np.arange(num_rows + 1))
    return Window(pieces.take(order), bounds)


class EpochPlan:
    """Every row of one pass over a shard, reachable by its number: ``plan.row(i)`` is a list of pieces.

    A pure function of its arguments. Windows are planned on demand: the row counts of the windows up to the asked
    row are computed once and kept, and of the pieces only the last window's.
    """

    def __init__(
        self,
        lengths: np.ndarray,
        *,
        sequence_length: int,
        fim_rate: float,
        key: tuple[object, ...],
        keep_whole: bool = False,
        window_documents: int = WINDOW_DOCUMENTS,
    ) -> None:
        """``lengths``: tokens of each document of the shard, int64; ``key``: what the order derives from;
        ``keep_whole``: cut no document that fits in a row."""
        if fim_rate and sequence_length < 8 * FIM_ALLOWANCE:
            raise UsageError(
                f"--sequence-length {sequence_length} is too short for fill-in-the-middle; "
                f"use {8 * FIM_ALLOWANCE} or more, or --fim-rate 0"
            )
        self._lengths = lengths
        self._sequence_length = sequence_length
        self._key = key
        self._keep_whole = keep_whole
        self._window_documents = window_documents
        self._order = generator(*key, "order").permutation(len(lengths))
        self._fim = generator(*key, "fim").random(len(lengths)) < fim_rate
        self._num_windows = -(-len(lengths) // window_documents)
        self._ends: list[int] = []  # rows of windows 0..w together, for the windows planned so far
        self._cached: tuple[int, Window] | None = None

    @property
    def num_rows(self) -> int:
        """Rows of the whole epoch. Plans all windows: half a second for a million documents."""
        while len(self._ends) < self._num_windows:
            self._extend()
        return self._ends[-1] if self._ends else 0

    def has_row(self, index: int) -> bool:
        """Whether the epoch has a row of this number; plans no further than needed to know."""
        while not self._ends or index >= self._ends[-1]:
            if len(self._ends) == self._num_windows:
                return False
            self._extend()
        return True

    def row(self, index: int) -> list[Piece]:
        """The pieces of row ``index``, in the order in which they stand; IndexError beyond the epoch."""
        if index < 0 or not self.has_row(index):
            raise IndexError(f"row {index} of an epoch of {self.num_rows} rows")
        window = bisect.bisect_right(self._ends, index)
        return self._window(window).row(index - (self._ends[window - 1] if window else 0))

    def _extend(self) -> None:
        window = self._window(len(self._ends))
        self._ends.append((self._ends[-1] if self._ends else 0) + window.num_rows)

    def _window(self, number: int) -> Window:
        if self._cached is None or self._cached[0] != number:
            documents = self._order[number * self._window_documents : (number + 1) * self._window_documents]
            pieces = cut_documents(
                documents,
                self._lengths[documents],
                fim=self._fim[documents],
                sequence_length=self._sequence_length,
            )
            key = (*self._key, "rows", number)
            self._cached = (
                number,
                pack_window(pieces, sequence_length=self._sequence_length, key=key, keep_whole=self._keep_whole),
            )
        return self._cached[1]
