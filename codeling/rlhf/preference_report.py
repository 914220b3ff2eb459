"""What preparing preferences made, and the table that is printed at the end."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from pathlib import Path

from codeling.rlhf.preference_sources import RefusedRow
from codeling.rlhf.preferences import Preference

_SHOWN_PER_REASON = 3


@dataclass
class PreparedPreferences:
    """What ``prepare_preferences`` made."""

    path: Path
    rejects_path: Path
    """JSON Lines of all refused rows; the file exists only when there are any."""
    preferences: list[Preference] = field(default_factory=list)
    refused: list[RefusedRow] = field(default_factory=list)
    lacking: dict[str, int] = field(default_factory=dict)
    """Pairs that were asked for and not found, by source: there are no more tasks."""
    seconds: float = 0.0

    def counts(self) -> dict[tuple[str, str], Counter[str]]:
        """(source, kind) -> pairs by split."""
        counts: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
        for preference in self.preferences:
            counts[preference.source, preference.kind][preference.split] += 1
        return dict(counts)

    def __str__(self) -> str:
        """Pairs by source and kind, what was refused and why, and where the files are."""
        rows = [["source", "kind", "train", "val"]]
        counts = self.counts()
        rows += [[*key, f"{counts[key]['train']:,}", f"{counts[key]['val']:,}"] for key in sorted(counts)]
        total = Counter(preference.split for preference in self.preferences)
        rows.append(["all", "", f"{total['train']:,}", f"{total['val']:,}"])
        widths = [max(len(row[column]) for row in rows) for column in range(4)]
        lines = [
            "  ".join(
                cell.ljust(w) if i < 2 else cell.rjust(w) for i, (cell, w) in enumerate(zip(row, widths, strict=True))
            )
            for row in rows
        ]
        for source, number in self.lacking.items():
            lines.append(f"Lacking: {number:,} pairs of {source}; there are no more different ones")
        return "\n".join([*lines, *self.refused_lines(), f"Saved: {self.path}"])

    def refused_lines(self) -> list[str]:
        """How many rows were refused for which reason, with the first places of each."""
        if not self.refused:
            return ["Refused: nothing"]
        lines = [f"Refused: {len(self.refused):,} rows, all of them in {self.rejects_path}"]
        for reason, count in Counter(one.reason for one in self.refused).most_common():
            lines.append(f"  {count:,} {reason}")
            places = [str(one) for one in self.refused if one.reason == reason]
            lines += [f"    {place}" for place in places[:_SHOWN_PER_REASON]]
        return lines
