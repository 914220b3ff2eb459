"""How well a tokenizer compresses: bytes per token by language, beside GPT-2's and GPT-4's.

More bytes per token mean shorter sequences: the same context holds more code and training sees more of it per step.
The published tokenizers are read from `tiktoken`'s cache when their files are there; nothing is ever downloaded.
"""

from __future__ import annotations

import os
import tempfile
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha1
from pathlib import Path
from typing import Any, Protocol

import tiktoken

from codeling.runtime.files import sha256_file
from codeling.tokenizer.bpe import Tokenizer

Encoder = Callable[[str], Sequence[int]]

# A published encoder gets long texts in slices: tiktoken gives up on a million blanks in a row.
_SLICE = 1 << 17
_DOCUMENTS_AT_A_TIME = 256


class TextWithLanguage(Protocol):
    """What the report needs of a document."""

    @property
    def text(self) -> str: ...
    @property
    def language(self) -> str: ...


@dataclass(frozen=True)
class _Published:
    encoding: str
    files: Mapping[str, str]
    """Address in tiktoken's source -> SHA-256 of the file."""


_BLOB = "https://openaipublic.blob.core.windows.net"
_PUBLISHED = {
    "GPT-2": _Published(
        "gpt2",
        {
            f"{_BLOB}/gpt-2/encodings/main/vocab.bpe": (
                "1ce1664773c50f3e0cc8842619a93edc4624525b728b188a9e0be33b7726adc5"
            ),
            f"{_BLOB}/gpt-2/encodings/main/encoder.json": (
                "196139668be63f3b5d6574427317ae82f612a97c5d1cdaf36ed2256dbf636783"
            ),
        },
    ),
    "GPT-4": _Published(
        "cl100k_base",
        {
            f"{_BLOB}/encodings/cl100k_base.tiktoken": (
                "223921b76ee99bde995b7ff738513eef100fb51d18c93597a113bcffe865b2a7"
            ),
        },
    ),
}


def _tiktoken_cache() -> Path | None:
    """Where tiktoken keeps what it once downloaded; None when its cache is switched off by an empty variable."""
    for variable in ("TIKTOKEN_CACHE_DIR", "DATA_GYM_CACHE_DIR"):
        if variable in os.environ:
            return Path(os.environ[variable]) if os.environ[variable] else None
    return Path(tempfile.gettempdir()) / "data-gym-cache"


def published_encoders() -> dict[str, Encoder | None]:
    """GPT-2's and GPT-4's encoders; None for one whose files are not in the cache, whole and unchanged.

    The files are checked first because tiktoken itself would delete a wrong one and go to the network.
    """
    cache = _tiktoken_cache()
    encoders: dict[str, Encoder | None] = {}
    for name, published in _PUBLISHED.items():
        at_hand = cache is not None and all(
            (file := cache / sha1(address.encode()).hexdigest()).is_file() and sha256_file(file) == digest
            for address, digest in published.files.items()
        )
        encoders[name] = tiktoken.get_encoding(published.encoding).encode_ordinary if at_hand else None
    return encoders


def tokenizer_report(
    tokenizer: Tokenizer, documents: Iterable[TextWithLanguage], *, encoders: Mapping[str, Encoder | None] | None = None
) -> dict[str, Any]:
    """Measure ``tokenizer`` on ``documents``; streams them, so any number will do.

    Returns ``{"vocab_size", "content_hash", "used_share", "not_at_hand": [names], "languages": {language: row},
    "total": row}``; a row is ``{"documents", "bytes", "tokens", "bytes_per_token", "others": {name: bytes per token}}``
    and ``used_share`` the part of the vocabulary that occurs at least once. ``encoders`` defaults to
    ``published_encoders()``; None as a value means: not at hand.
    """
    encoders = published_encoders() if encoders is None else encoders
    others = {name: encode for name, encode in encoders.items() if encode is not None}
    counts: dict[str, _Count] = defaultdict(lambda: _Count(dict.fromkeys(others, 0)))
    used: set[int] = set()
    for group in _groups(documents):
        encoded = tokenizer.encode_batch([document.text for document in group])
        for document, ids in zip(group, encoded, strict=True):
            count = counts[document.language]
            count.documents += 1
            count.bytes += len(document.text.encode("utf-8", "surrogatepass"))
            count.tokens += len(ids)
            used.update(ids)
            for name, encode in others.items():
                count.others[name] += _length(encode, document.text)
    total = _Count(dict.fromkeys(others, 0))
    for count in counts.values():
        total.add(count)
    return {
        "vocab_size": tokenizer.vocab_size,
        "content_hash": tokenizer.content_hash,
        "used_share": len(used) / tokenizer.vocab_size,
        "not_at_hand": [name for name, encode in encoders.items() if encode is None],
        "languages": {language: counts[language].row() for language in sorted(counts)},
        "total": total.row(),
    }


@dataclass
class _Count:
    others: dict[str, int]
    documents: int = 0
    bytes: int = 0
    tokens: int = 0

    def add(self, other: _Count) -> None:
        self.documents += other.documents
        self.bytes += other.bytes
        self.tokens += other.tokens
        for name, tokens in other.others.items():
            self.others[name] += tokens

    def row(self) -> dict[str, Any]:
        return {
            "documents": self.documents,
            "bytes": self.bytes,
            "tokens": self.tokens,
            "bytes_per_token": self._per_token(self.tokens),
            "others": {name: self._per_token(tokens) for name, tokens in self.others.items()},
        }

    def _per_token(self, tokens: int) -> float:
        return self.bytes / tokens if tokens else 0.0


def _groups(documents: Iterable[TextWithLanguage]) -> Iterable[list[TextWithLanguage]]:
    group: list[TextWithLanguage] = []
    for document in documents:
        group.append(document)
        if len(group) == _DOCUMENTS_AT_A_TIME:
            yield group
            group = []
    if group:
        yield group


def _length(encode: Encoder, text: str) -> int:
    return sum(len(encode(text[i : i + _SLICE])) for i in range(0, len(text), _SLICE))


def format_report(report: Mapping[str, Any]) -> str:
    """The report as a table to print: bytes per token, and our gain over each published tokenizer in brackets."""
    names = list(report["total"]["others"])
    lines = [f"{'language':<14}{'documents':>11}{'MB':>9}{'bytes/token':>13}" + "".join(f"{n:>16}" for n in names)]
    for language, row in [*report["languages"].items(), ("all", report["total"])]:
        cells = [f"{language:<14}{row['documents']:>11,}{row['bytes'] / 1e6:>9.2f}{row['bytes_per_token']:>13.3f}"]
        for name in names:
            theirs = row["others"][name]
            gain = f"{row['bytes_per_token'] / theirs - 1:+.0%}" if theirs else "-"
            cells.append(f"{f'{theirs:.3f} ({gain})':>16}")
        lines.append("".join(cells))
    lines.append(f"vocabulary: {report['vocab_size']:,} ids, {report['used_share']:.1%} of them used in this text")
    for name in report["not_at_hand"]:
        encoding = _PUBLISHED[name].encoding if name in _PUBLISHED else name
        lines.append(
            f"{name}: its files are not at hand (tiktoken's cache, TIKTOKEN_CACHE_DIR); with a network, "
            f"python -c \"import tiktoken; tiktoken.get_encoding('{encoding}')\" fetches them once"
        )
    return "\n".join(lines)
