"""What a byte-level BPE tokenizer is made of, and the only reader and writer of ``tokenizer.json``.

A token is a byte string. Training starts from the 256 single bytes and repeatedly merges the most frequent pair of
neighbouring tokens into a new one (Sennrich et al. 2016, https://arxiv.org/abs/1508.07909; on bytes: GPT-2). Text is
first cut by ``SPLIT_PATTERN``; no token crosses a cut.

Layout of the ids: 0..255 are the bytes themselves, then one id per merge in the order learned, then the tokens of
``special.py``.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NoReturn

from codeling.errors import Failure

# Qwen2's split, character for character: llama.cpp knows it as `pre = "qwen2"`.
SPLIT_PATTERN = (
    r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*"
    r"|\s*[\r\n]+|\s+(?!\S)|\s+"
)


@dataclass(frozen=True)
class AddedToken:
    """A token matched as a whole in text and never made by merges."""

    id: int
    content: str
    special: bool


@dataclass(frozen=True)
class Vocabulary:
    """Everything that decides which ids a text gets. Ids are contiguous from 0; added tokens may sit anywhere."""

    tokens: Mapping[bytes, int]
    """Bytes of every learned token -> id; ids grow in the order of the merges."""
    merges: tuple[tuple[int, int], ...]
    """Pairs of ids, most important first."""
    added: tuple[AddedToken, ...]

    @property
    def size(self) -> int:
        """Number of ids, added tokens included."""
        return len(self.tokens) + len(self.added)

    @cached_property
    def content_hash(self) -> str:
        """Hex SHA-256 of the vocabulary itself: the same for every formatting of the same tokenizer."""
        content = {
            "pattern": SPLIT_PATTERN,
            "tokens": [token.hex() for token, _ in sorted(self.tokens.items(), key=lambda item: item[1])],
            "ids": sorted(self.tokens.values()),
            "merges": self.merges,
            "added": sorted([token.id, token.content, token.special] for token in self.added),
        }
        text = json.dumps(content, separators=(",", ":"), sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()


def last_merge(token: bytes, ranks: Mapping[bytes, int]) -> tuple[bytes, bytes] | None:
    """The two parts whose merge made ``token``, found by running BPE on it with only the tokens before it.

    None when that does not end in two parts. In training, a stretch of text that ends up as one token is never merged
    across its borders before, so it goes through exactly the steps it goes through alone: this inverts training.
    The same argument shows that no two merges make the same bytes, and that merging by the rank of the merged bytes
    (`tiktoken`) equals merging by the list of pairs (`tokenizers`).
    """
    limit, rank_of = ranks[token], ranks.get
    pair = None
    for k in range(1, len(token)):
        if rank_of(token[:k], limit) < limit and rank_of(token[k:], limit) < limit:
            if pair is not None:
                return _last_merge_by_bpe(token, ranks)
            pair = token[:k], token[k:]
    return pair


def _last_merge_by_bpe(token: bytes, ranks: Mapping[bytes, int]) -> tuple[bytes, bytes] | None:
    limit, rank_of = ranks[token], ranks.get
    parts = [token[i : i + 1] for i in range(len(token))]
    pair_ranks = [rank_of(token[i : i + 2], limit) for i in range(len(token) - 1)]
    while len(parts) > 2:
        rank = min(pair_ranks)
        if rank >= limit:
            return None
        at = pair_ranks.index(rank)
        parts[at : at + 2] = [parts[at] + parts[at + 1]]
        del pair_ranks[at]
        if at > 0:
            pair_ranks[at - 1] = rank_of(parts[at - 1] + parts[at], limit)
        if at < len(pair_ranks):
            pair_ranks[at] = rank_of(parts[at] + parts[at + 1], limit)
    return parts[0], parts[1]


def byte_alphabet() -> list[str]:
    """The printable character that stands for each byte in ``tokenizer.json`` (GPT-2's table), indexed by byte.

    Printable Latin-1 stands for itself; the other 68 bytes take the characters from U+0100 on.
    """
    printable = [*range(0x21, 0x7F), *range(0xA1, 0xAD), *range(0xAE, 0x100)]
    others = [byte for byte in range(256) if byte not in printable]
    characters = {byte: chr(byte) for byte in printable} | {byte: chr(0x100 + i) for i, byte in enumerate(others)}
    return [characters[byte] for byte in range(256)]


def token_names(vocabulary: Vocabulary) -> dict[int, str]:
    """What each learned token is called in ``tokenizer.json`` (and in GGUF): its bytes in ``byte_alphabet``."""
    latin = str.maketrans({chr(byte): character for byte, character in enumerate(byte_alphabet())})
    return {i: token.decode("latin-1").translate(latin) for token, i in vocabulary.tokens.items()}


def render(vocabulary: Vocabulary) -> str:
    """The text of ``tokenizer.json``, as `tokenizers` reads it: no normaliser, nothing added around a text."""
    names = token_names(vocabulary)
    byte_level = {"type": "ByteLevel", "add_prefix_space": False, "trim_offsets": False, "use_regex": False}
    split = {"type": "Split", "pattern": {"Regex": SPLIT_PATTERN}, "behavior": "Isolated", "invert": False}
    flags = {"single_word": False, "lstrip": False, "rstrip": False, "normalized": False}
    content = {
        "version": "1.0",
        "truncation": None,
        "padding": None,
        "added_tokens": [{"id": t.id, "content": t.content, **flags, "special": t.special} for t in vocabulary.added],
        "normalizer": None,
        "pre_tokenizer": {"type": "Sequence", "pretokenizers": [split, byte_level]},
        "post_processor": byte_level,
        "decoder": byte_level,
        "model": {
            "type": "BPE",
            "dropout": None,
            "unk_token": None,
            "continuing_subword_prefix": None,
            "end_of_word_suffix": None,
            "fuse_unk": False,
            "byte_fallback": False,
            "ignore_merges": False,
            "vocab": {names[i]: i for i in sorted(names)},
            "merges": [[names[left], names[right]] for left, right in vocabulary.merges],
        },
    }
    return json.dumps(content, ensure_ascii=False, indent=1) + "\n"


def parse(text: str, *, where: str = "tokenizer.json") -> Vocabulary:
    """Read ``tokenizer.json``; a Failure says why we could not encode exactly as `tokenizers` would.

    Accepted is byte-level BPE with ``SPLIT_PATTERN``, no normaliser and merges as a trainer makes them; ids and added
    tokens are free. ``where`` names the origin in messages.
    """
    try:
        content = json.loads(text)
        _check_pipeline(content, where)
        return _read_model(content["model"], content["added_tokens"], where)
    except json.JSONDecodeError as error:
        raise Failure(f"{where}: not valid JSON: {error}") from None
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise Failure(
            f"{where}: not the tokenizer.json of a byte-level BPE ({type(error).__name__}: {error})"
        ) from None


def _refuse(where: str, what: str) -> NoReturn:
    raise Failure(f"{where}: {what}; use a tokenizer trained by `python scripts/train_code_tokenizer.py`")


def _check_pipeline(content: Any, where: str) -> None:
    model = content["model"]
    if model["type"] != "BPE":
        _refuse(where, f"the model is {model['type']}, not BPE")
    unset = ("dropout", "unk_token", "continuing_subword_prefix", "end_of_word_suffix", "byte_fallback")
    for key in unset:
        if model.get(key):
            _refuse(where, f"model.{key} is {model[key]!r} and must be unset")
    if content["normalizer"] is not None:
        _refuse(where, "there is a normalizer; ours keeps every byte as it is")
    steps = content["pre_tokenizer"]["pretokenizers"]
    expected = json.loads(render(Vocabulary({}, (), ())))["pre_tokenizer"]["pretokenizers"]
    # trim_offsets moves the offsets of tokens only, never their ids.
    plain = [{key: value for key, value in step.items() if key != "trim_offsets"} for step in steps]
    wanted = [{key: value for key, value in step.items() if key != "trim_offsets"} for step in expected]
    if plain != wanted:
        _refuse(where, "the pre_tokenizer is not the qwen2 split followed by ByteLevel without prefix space")


def _read_model(model: Any, added_tokens: Any, where: str) -> Vocabulary:
    added = []
    for entry in added_tokens:
        if entry["single_word"] or entry["lstrip"] or entry["rstrip"]:
            _refuse(where, f"the added token {entry['content']!r} strips or needs word borders")
        added.append(AddedToken(entry["id"], entry["content"], entry["special"]))
    outside = {token.content for token in added}
    names = {name: i for name, i in model["vocab"].items() if name not in outside}
    alphabet = {character: chr(byte) for byte, character in enumerate(byte_alphabet())}
    if not set("".join(names)) <= alphabet.keys():
        _refuse(where, "a token of the vocabulary is not byte-level")
    table = str.maketrans(alphabet)
    bytes_of = {name: name.translate(table).encode("latin-1") for name in names}
    tokens = {bytes_of[name]: i for name, i in names.items()}
    pairs = [tuple(pair.split(" ") if isinstance(pair, str) else pair) for pair in model["merges"]]

    ids = sorted([*tokens.values(), *(token.id for token in added)])
    if ids != list(range(len(ids))):
        _refuse(where, f"the ids are not 0..{len(ids) - 1}, each once")
    if not all(bytes([byte]) in tokens for byte in range(256)) or b"" in tokens:
        _refuse(where, "the tokens of one byte or less must be exactly the 256 bytes")
    made = [bytes_of[left] + bytes_of[right] for left, right in pairs]
    if [tokens.get(token) for token in made] != sorted(i for token, i in tokens.items() if len(token) > 1):
        _refuse(where, "the merges do not make the vocabulary's tokens one by one in the order of their ids")
    for (left, right), token in zip(pairs, made, strict=True):
        if last_merge(token, tokens) != (bytes_of[left], bytes_of[right]):
            _refuse(where, f"the merge {left!r} + {right!r} cannot come from a BPE trainer")
    return Vocabulary(tokens, tuple((names[left], names[right]) for left, right in pairs), tuple(added))
