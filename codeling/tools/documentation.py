"""Search in the documentation of the installed Python: docstrings of the standard library and language topics.

    documentation_program (a child process) --> entries --> inverted index --BM25--> the best few

The index is built by the first search of a process (about a second) and kept. Nothing is read from the network.
Ranking: Robertson and Zaragoza, "The Probabilistic Relevance Framework: BM25 and Beyond" (2009), on words of name,
signature and text, where a word of the name counts several times.
"""

from __future__ import annotations

import json
import math
import re
import subprocess
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from codeling.errors import Failure

_PROGRAM = Path(__file__).with_name("documentation_program.py")
_TIMEOUT_SECONDS = 60.0
# The usual constants of BM25: how fast repetitions of a word stop to count, and how much length is held against a text.
_K1, _B = 1.2, 0.75
_NAME_WEIGHT = 4
_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[a-z]+|\d+|[^\W\d_]+")
_ENDING = re.compile(r"(?<=[a-z]{5})e?ments?$|(?<=[a-z]{3})(?:ings?|ed|es|e|s)$")
_STOP_WORDS = frozenset(
    re.findall(
        r"\w+",
        "a an and are as at be by can do does for from how i in into is it of on or python that the this to use using "
        "want what when where which with you",
    )
)


@dataclass(frozen=True)
class Entry:
    """One thing that is documented: a module, class, function, method, property or language topic."""

    name: str
    kind: str
    signature: str
    text: str


class DocumentationIndex:
    """Entries, searchable by words or by name.

    >>> index = DocumentationIndex([Entry("json.dumps", "function", "(obj)", "Serialize obj to a JSON string.")])
    >>> [entry.name for entry in index.search("serialise to json", limit=3)]
    ['json.dumps']
    """

    def __init__(self, entries: Iterable[Entry]) -> None:
        self.entries = tuple(entries)
        self._by_name: dict[str, list[int]] = defaultdict(list)
        self._postings: dict[str, list[tuple[int, int]]] = defaultdict(list)
        lengths = []
        for number, entry in enumerate(self.entries):
            # Found by the whole name and by its end: "os.path.join", "path.join", "join".
            parts = entry.name.lower().split(".")
            for start in range(len(parts)):
                self._by_name[".".join(parts[start:])].append(number)
            counts = Counter(_words(f"{entry.signature} {entry.text}"))
            for word in _words(entry.name):
                counts[word] += _NAME_WEIGHT
            lengths.append(sum(counts.values()))
            for word, count in counts.items():
                self._postings[word].append((number, count))
        mean = sum(lengths) / max(1, len(lengths))
        self._norms = [_K1 * (1 - _B + _B * length / mean) for length in lengths]

    def search(self, query: str, *, limit: int) -> list[Entry]:
        """The ``limit`` best entries, best first; those whose name is the query, or ends with it, come before all."""
        scores: dict[int, float] = defaultdict(float)
        for word in dict.fromkeys(_words(query)):
            found = self._postings.get(word, [])
            rarity = math.log(1 + (len(self.entries) - len(found) + 0.5) / (len(found) + 0.5))
            for number, count in found:
                scores[number] += rarity * count * (_K1 + 1) / (count + self._norms[number])
        asked = ".".join(query.lower().split()).removesuffix("()")  # "json dumps" is "json.dumps"
        named = self._by_name.get(asked, [])
        for number in named:
            # The shorter the name, the more of it was asked for: "open" is the builtin before tarfile.open.
            scores[number] += 1000.0 / (1 + self.entries[number].name.count("."))
        best = sorted(scores, key=lambda number: (-scores[number], self.entries[number].name))
        return [self.entries[number] for number in best[:limit]]


@lru_cache(maxsize=1)
def python_documentation() -> DocumentationIndex:
    """The index of this interpreter's documentation; made once per process. Failure when it cannot be collected."""
    try:
        # -I: neither the current folder nor the environment may put other modules in place of the library's.
        done = subprocess.run(
            [sys.executable, "-I", "-X", "utf8", str(_PROGRAM)],
            stdin=subprocess.DEVNULL, capture_output=True, timeout=_TIMEOUT_SECONDS, check=False,
        )  # fmt: skip
    except (OSError, subprocess.TimeoutExpired) as error:
        raise Failure(f"the documentation of {sys.executable} cannot be collected: {error}") from None
    lines = done.stdout.decode("utf-8").splitlines()
    if done.returncode or not lines:
        complaint = done.stderr.decode("utf-8", "replace").strip().rpartition("\n")[2]
        raise Failure(
            f"the documentation of {sys.executable} cannot be collected: status {done.returncode}: {complaint}"
        )
    return DocumentationIndex(Entry(*json.loads(line)) for line in lines)


def _words(text: str) -> list[str]:
    """The stems of the words of ``text``, also of those inside camelCase and snake_case."""
    words = (word.lower() for word in _WORD.findall(text))
    return [_stem(word) for word in words if word not in _STOP_WORDS]


@lru_cache(maxsize=1 << 16)
def _stem(word: str) -> str:
    """Rough, but the same for texts and queries: "split" and "splitting", "replace" and "replacement" become one."""
    word = _ENDING.sub("", word)
    return word[:-1] if len(word) > 3 and word[-1] == word[-2] else word
