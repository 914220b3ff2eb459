"""What the tests of Bash tasks find in their folder: small random texts, tables and logs."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from random import Random

from codeling.tasks.input_values import NAMES, WORDS, number
from codeling.tasks.task import BashTest

Files = dict[str, str]


def lines(texts: Iterable[object]) -> str:
    """One line for each, every one ended."""
    return "".join(f"{text}\n" for text in texts)


def table(records: Iterable[Sequence[str]], separator: str = ",") -> str:
    """Records as lines of fields."""
    return lines(separator.join(record) for record in records)


def some_words(r: Random, fewest: int = 3, most: int = 8) -> list[str]:
    """Different words."""
    return r.sample(WORDS, number(r, fewest, most))


def word_lines(r: Random, fewest: int = 3, most: int = 8) -> list[str]:
    """Lines of one to three words, some of them equal."""
    found = [" ".join(r.sample(WORDS, number(r, 1, 3))) for _ in range(number(r, fewest, most))]
    return found + r.sample(found, 1)


def lines_with(r: Random, text: str) -> list[str]:
    """Lines of words, some of which hold ``text`` somewhere: at least one does and one does not."""
    found = [" ".join(r.sample(WORDS, 2)) for _ in range(number(r, 3, 7))]
    marked = set(r.sample(range(len(found)), number(r, 1, len(found) - 1)))
    return [r.choice([f"{text} {line}", f"{line} {text}"]) if i in marked else line for i, line in enumerate(found)]


def integers(r: Random, fewest: int = 4, most: int = 8) -> list[int]:
    """Different whole numbers."""
    return r.sample(range(1, 60), number(r, fewest, most))


def rows(r: Random, columns: int = 3) -> list[list[str]]:
    """Table rows: a name, then whole numbers."""
    names = r.sample(NAMES, number(r, 3, 6))
    return [[name, *(str(number(r, 1, 90)) for _ in range(columns - 1))] for name in names]


def folder_files(r: Random, endings: Sequence[str], *, folders: Sequence[str] = ("",)) -> Files:
    """Files of words with these endings, at least one of each, spread over the folders (``""`` or ``name/``)."""
    names = r.sample(WORDS, len(endings) + number(r, 2, 5))
    chosen = [*endings, *(r.choice(endings) for _ in names)]
    return {
        f"{r.choice(folders)}{name}{ending}": lines(some_words(r, 1, 4))
        for name, ending in zip(names, chosen, strict=False)
    }


def prints(files: Files, output: Iterable[object], *, any_order: bool = False) -> BashTest:
    """The script prints these lines and leaves the folder as it was."""
    return BashTest(files=tuple(files.items()), stdout=lines(output), any_order=any_order)


def leaves(
    files: Files, after: dict[str, str | None], *, output: Iterable[object] = (), any_order: bool = False
) -> BashTest:
    """The script leaves exactly the files ``after``, and prints what is given (nothing)."""
    left = tuple(after.items())
    return BashTest(files=tuple(files.items()), stdout=lines(output), any_order=any_order, left=left)
