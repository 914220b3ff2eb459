"""What preparing tool conversations made, counted while it is made, and said in a table at the end."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from codeling.data.shards import ShardManifest
from codeling.data.tool_splits import Split
from codeling.data.tool_tasks import Accepted, Rejected

_SHOWN_PER_REASON = 3


@dataclass
class Tally:
    """What was accepted of one kind."""

    examples: int = 0
    tokens: int = 0
    """Without end-of-text."""
    trained: int = 0
    """Tokens that the loss is taken on."""

    def add(self, accepted: Accepted) -> None:
        self.examples += 1
        self.tokens += len(accepted.example.ids)
        self.trained += accepted.example.num_trained


@dataclass
class Refused:
    """The rows that are not trained on: how many for which reason, and where the first ones are."""

    reasons: Counter[str] = field(default_factory=Counter)
    first: dict[str, list[str]] = field(default_factory=dict)

    def add(self, rejected: Rejected) -> None:
        self.reasons[rejected.reason] += 1
        shown = self.first.setdefault(rejected.reason, [])
        if len(shown) < _SHOWN_PER_REASON:
            shown.append(str(rejected))


@dataclass
class PreparedTools:
    """What ``prepare_tools`` made."""

    paths: dict[Split, Path]
    """The shards (NAME.npy) of train and val, and the JSON Lines of the test suites, where they were made."""
    rejects_path: Path
    """JSON Lines of all refused rows; the file exists only when there are any."""
    manifests: dict[Split, ShardManifest] = field(default_factory=dict)
    tallies: dict[tuple[Split, str], Tally] = field(default_factory=dict)
    """By split and kind of conversation."""
    turns: Counter[str] = field(default_factory=Counter)
    """Kinds of the user's requests in synthetic training conversations."""
    refused: Refused = field(default_factory=Refused)
    warnings: Counter[str] = field(default_factory=Counter)
    """Accepted, but worth knowing."""
    num_cut: int = 0
    """Conversations that were longer than --max-length and end after an earlier reply."""
    trained_tokens_cut: int = 0
    notice: str = ""
    """What could not be done on this machine."""
    lacking: dict[Split, int] = field(default_factory=dict)
    """Synthetic examples that were asked for and not found: the generator has no more different ones."""
    seconds: float = 0.0

    def total(self, split: Split) -> Tally:
        """Over all kinds."""
        parts = [tally for (of, _), tally in self.tallies.items() if of == split]
        return Tally(*(sum(getattr(part, name) for part in parts) for name in ("examples", "tokens", "trained")))

    def __str__(self) -> str:
        """The table that the command prints."""
        rows = [["split", "kind", "conversations", "tokens", "trained"]]
        for split in self.paths:
            kinds = sorted(kind for of, kind in self.tallies if of == split)
            rows += [[split, kind, *_cells(self.tallies[split, kind])] for kind in kinds]
            if len(kinds) > 1:
                rows.append([split, "all", *_cells(self.total(split))])
        widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
        lines = ["  ".join(_aligned(row, widths)) for row in rows]
        if self.turns:
            lines.append("Requests in synthetic training conversations: " + _counts(self.turns))
        if self.warnings:
            lines.append("Worth knowing: " + _counts(self.warnings))
        if self.notice:
            lines.append(self.notice)
        if self.num_cut:
            lost = f"with {self.trained_tokens_cut:,} tokens that would be trained"
            lines.append(f"Cut to --max-length: the ends of {self.num_cut:,} conversations, {lost}")
        for split, number in self.lacking.items():
            lines.append(f"Lacking: {number:,} synthetic conversations for {split}; the generator has no more")
        lines += self._refused_lines()
        lines += [f"Saved: {path}" for path in self.paths.values()]
        return "\n".join(lines)

    def _refused_lines(self) -> list[str]:
        total = self.refused.reasons.total()
        if not total:
            return ["Refused: nothing"]
        lines = [f"Refused: {total:,} rows, all of them in {self.rejects_path}"]
        for reason, count in self.refused.reasons.most_common():
            lines.append(f"  {count:,} {reason}")
            lines += [f"    {first}" for first in self.refused.first[reason]]
        return lines


def _aligned(row: list[str], widths: list[int]) -> list[str]:
    """Names to the left, numbers to the right."""
    cells = zip(row, widths, strict=True)
    return [cell.ljust(width) if i < 2 else cell.rjust(width) for i, (cell, width) in enumerate(cells)]


def _cells(tally: Tally) -> list[str]:
    share = f"{100 * tally.trained / max(1, tally.tokens):.1f} %"
    return [f"{tally.examples:,}", f"{tally.tokens:,}", f"{tally.trained:,} ({share})"]


def _counts(counter: Counter[str]) -> str:
    return ", ".join(f"{count:,} {what}" for what, count in counter.most_common())
