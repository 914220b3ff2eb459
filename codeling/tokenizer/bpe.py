"""Text to token ids and back.

    str --split by SPLIT_PATTERN--> pieces --merge bytes by rank--> ids --table--> bytes

`tiktoken` does the work (5 to 7 times as fast on one thread as `tokenizers`, the GIL released), from the same
``tokenizer.json``; ``vocabulary.parse`` refuses a file for which the two would not give the same ids.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cached_property
from itertools import chain
from pathlib import Path

import tiktoken
import tokenizers

from codeling.errors import UsageError
from codeling.tokenizer import special
from codeling.tokenizer.vocabulary import SPLIT_PATTERN, Vocabulary, parse

# tiktoken's regex engine gives up on a run of about a million blanks; such a run contains a whole block of this size.
_BLANK_BLOCK = 1 << 16
# Characters of text per task of a batch: large enough to hide the cost of a thread switch.
_BATCH_CHARACTERS = 1 << 18


class Tokenizer:
    """An immutable byte-level BPE tokenizer; lossless on any bytes; cheap to pickle, safe to share between threads.

    >>> tokenizer = Tokenizer.load(Path("data/tokenizer"))                          # doctest: +SKIP
    >>> tokenizer.decode(tokenizer.encode("#!/bin/bash"))                           # doctest: +SKIP
    '#!/bin/bash'
    """

    def __init__(self, vocabulary: Vocabulary, text: str) -> None:
        """``text`` is the ``tokenizer.json`` that ``vocabulary`` was read from; see ``load`` and ``from_json``."""
        self.vocabulary = vocabulary
        self._json = text
        self._added = {token.content: token.id for token in vocabulary.added}
        self._bytes: list[bytes] = [b""] * vocabulary.size
        for token, i in chain(vocabulary.tokens.items(), ((t.content.encode(), t.id) for t in vocabulary.added)):
            self._bytes[i] = token
        self._encoding = tiktoken.Encoding(
            "codeling",
            pat_str=SPLIT_PATTERN,
            mergeable_ranks=dict(vocabulary.tokens),
            special_tokens=self._added,
        )

    @classmethod
    def load(cls, path: Path | str) -> Tokenizer:
        """Read ``tokenizer.json``, given itself or its folder. UsageError when absent, Failure when unusable."""
        path = Path(path)
        file = path / "tokenizer.json" if path.is_dir() else path
        try:
            text = file.read_text(encoding="utf-8")
        except FileNotFoundError:
            raise UsageError(
                f"{file}: no such tokenizer; train one with: python scripts/train_code_tokenizer.py --vocab-size 32000"
            ) from None
        except UnicodeDecodeError as error:
            raise UsageError(f"{file}: not a tokenizer.json: {error}") from None
        return cls(parse(text, where=str(file)), text)

    @classmethod
    def from_json(cls, text: str) -> Tokenizer:
        """The tokenizer of the text of a ``tokenizer.json``, e.g. the one inside a checkpoint."""
        return cls(parse(text), text)

    def to_json(self) -> str:
        """The text of ``tokenizer.json``, exactly as it was read or trained."""
        return self._json

    def __reduce__(self) -> tuple[type[Tokenizer], tuple[Vocabulary, str]]:
        return Tokenizer, (self.vocabulary, self._json)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Tokenizer) and self.content_hash == other.content_hash

    def __hash__(self) -> int:
        return hash(self.content_hash)

    def __repr__(self) -> str:
        return f"Tokenizer(vocab_size={self.vocab_size}, content_hash={self.content_hash[:12]}...)"

    @property
    def vocab_size(self) -> int:
        """Number of ids, special and added tokens included."""
        return self.vocabulary.size

    @property
    def content_hash(self) -> str:
        """Hex SHA-256 of tokens, merges, added tokens and split pattern; independent of the file's formatting."""
        return self.vocabulary.content_hash

    @property
    def end_of_text(self) -> int:
        """The id that ends every document."""
        return self.token_id(special.END_OF_TEXT)

    def token_id(self, name: str) -> int:
        """The id of a special or added token such as ``<|fim_prefix|>``; UsageError when this tokenizer has none."""
        if name not in self._added:
            raise UsageError(f"the tokenizer has no special token {name!r}; it has: {', '.join(self._added) or 'none'}")
        return self._added[name]

    def encode(self, text: str) -> list[int]:
        """Ids of ``text``. Special tokens written in it are plain text: data can never inject one.

        Lone surrogates, which UTF-8 cannot hold, are encoded as their three WTF-8 bytes.
        """
        if not text.isascii() and not _is_utf8(text):
            return self.encode_bytes(text.encode("utf-8", "surrogatepass"))
        if _has_blank_block(text):
            return self._plain_reference.encode(text, add_special_tokens=False).ids
        return self._encoding.encode_ordinary(text)

    def encode_with_special(self, text: str) -> list[int]:
        """Like ``encode``, but special and added tokens written in ``text`` become their ids. For trusted text only."""
        if (text.isascii() or _is_utf8(text)) and not _has_blank_block(text):
            return self._encoding.encode(text, allowed_special="all", disallowed_special=())
        parts = self._added_pattern.split(text)  # plain, token, plain, token, ..., plain
        return list(chain.from_iterable([self._added[p]] if i % 2 else self.encode(p) for i, p in enumerate(parts)))

    def encode_batch(self, texts: Sequence[str]) -> list[list[int]]:
        """``[encode(text) for text in texts]`` on all cores that this process may use."""
        groups: list[list[str]] = []
        room = 0
        for text in texts:
            if room <= 0:
                groups.append([])
                room = _BATCH_CHARACTERS
            groups[-1].append(text)
            room -= len(text)
        threads = min(_usable_cores(), len(groups))
        if threads <= 1:
            return [self.encode(text) for text in texts]
        with ThreadPoolExecutor(threads) as pool:
            return list(chain.from_iterable(pool.map(self._encode_each, groups)))

    def _encode_each(self, texts: list[str]) -> list[list[int]]:
        return [self.encode(text) for text in texts]

    def encode_bytes(self, data: bytes) -> list[int]:
        """Ids of any bytes: valid UTF-8 as text, every other byte as itself; ``decode_bytes`` gives ``data`` back."""
        text = data.decode("utf-8", "surrogateescape")  # an undecodable byte b becomes U+DC00 + b
        parts = re.split("([\udc80-\udcff]+)", text)
        return list(
            chain.from_iterable(
                [self.vocabulary.tokens[bytes([ord(c) - 0xDC00])] for c in part] if i % 2 else self.encode(part)
                for i, part in enumerate(parts)
            )
        )

    def decode_bytes(self, ids: Iterable[int]) -> bytes:
        """The bytes of ``ids``, special tokens as their names; UsageError for an id that is not of this tokenizer."""
        table, ids = self._bytes, list(ids)
        if ids and not (min(ids) >= 0 and max(ids) < len(table)):
            wrong = next(i for i in ids if not 0 <= i < len(table))
            raise UsageError(
                f"token id {wrong} is outside this tokenizer's 0..{len(table) - 1}; the ids come from another tokenizer"
            )
        return b"".join([table[i] for i in ids])

    def decode(self, ids: Iterable[int]) -> str:
        """The text of ``ids``; bytes that are not UTF-8 (a character cut in two, say) become U+FFFD."""
        return self.decode_bytes(ids).decode("utf-8", "replace")

    @cached_property
    def _added_pattern(self) -> re.Pattern[str]:
        names = sorted(self._added, key=len, reverse=True)
        return re.compile(f"({'|'.join(map(re.escape, names)) or '(?!)'})")

    @cached_property
    def _plain_reference(self) -> tokenizers.Tokenizer:
        """The same vocabulary in `tokenizers`, without added tokens: slower, but at home in endless blanks."""
        reference = tokenizers.Tokenizer.from_str(self._json)
        model, pre_tokenizer = reference.model, reference.pre_tokenizer
        plain = tokenizers.Tokenizer(model)
        plain.pre_tokenizer = pre_tokenizer
        return plain


def _is_utf8(text: str) -> bool:
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True


def _has_blank_block(text: str) -> bool:
    """Whether some aligned block of ``text`` is all white space; true for every run of two blocks' length."""
    starts = range(0, len(text) - _BLANK_BLOCK + 1, _BLANK_BLOCK)
    return any(text[i : i + _BLANK_BLOCK].isspace() for i in starts)


def _usable_cores() -> int:
    # A container or a batch system may grant fewer cores than the machine has.
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else (os.cpu_count() or 1)
