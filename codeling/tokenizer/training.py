"""Learn a tokenizer from text and write its folder.

    texts --segments, sample limit--> rustbpe (split, count, merge; all cores) --merges--> Vocabulary --> files

`rustbpe` makes the merges that `tokenizers` makes, in half the time; among equally frequent pairs it takes the one of
the lowest ids (`tokenizers` numbers the bytes differently, so it may take another one there).
"""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Iterable, Iterator
from importlib.resources import files
from pathlib import Path

import rustbpe

from codeling.errors import UsageError
from codeling.runtime.files import atomic_path, write_json, write_text
from codeling.tokenizer import special
from codeling.tokenizer.bpe import Tokenizer
from codeling.tokenizer.vocabulary import SPLIT_PATTERN, AddedToken, Vocabulary, last_merge, render

logger = logging.getLogger(__name__)

NUM_RESERVED = len(special.SPECIAL_TOKENS) + len(special.ADDED_TOKENS)
MIN_VOCAB_SIZE = 256 + NUM_RESERVED

# rustbpe counts in 32 bits; a pair cannot occur more often than there are bytes.
MAX_TRAINING_BYTES = 2**31 - 2**20
# Characters handed over at a time. Bounds memory, and keeps runs of blanks far below the million at which the
# trainer's regex engine gives up.
_SEGMENT = 1 << 16
_SEGMENTS_IN_FLIGHT = 256
# A "word" of thousands of letters (DNA, a base-26 blob) teaches nothing and is rescanned at every merge: cut it.
_LONG_WORD = 512


def train_tokenizer(
    texts: Iterable[str],
    *,
    vocab_size: int,
    output: Path,
    max_bytes: int | None = None,
    progress: Callable[[int], None] | None = None,
) -> Tokenizer:
    """Train on ``texts`` and write ``output`` (``.../tokenizer.json``) with what `transformers` needs beside it.

    ``vocab_size`` counts everything: bytes, merges and the tokens of ``special.py``. The stream is read once, up to
    ``max_bytes`` of UTF-8 (2 GiB at most): whoever calls mixes the sources. ``progress`` is told the bytes read so far.
    The result depends on the texts only, not on the number of cores or on how often it is run. An existing file is
    kept as ``tokenizer.json.backup``. UsageError when the text has too few distinct words for ``vocab_size``.
    """
    if vocab_size < MIN_VOCAB_SIZE:
        raise UsageError(
            f"--vocab-size {vocab_size}: at least {MIN_VOCAB_SIZE} are needed: "
            f"256 bytes and {NUM_RESERVED} special tokens"
        )
    if max_bytes is not None and max_bytes <= 0:
        raise UsageError(f"a sample of {max_bytes} bytes holds no text; give at least one byte, or no limit")
    trainer = rustbpe.Tokenizer()  # pyright: ignore[reportAttributeAccessIssue]  # compiled, without stubs
    sample = _Sample(texts, max_bytes=max_bytes, progress=progress)
    trainer.train_from_iterator(
        iter(sample), vocab_size - NUM_RESERVED, buffer_size=_SEGMENTS_IN_FLIGHT, pattern=SPLIT_PATTERN
    )
    learned = [bytes(token) for token, _ in sorted(trainer.get_mergeable_ranks(), key=lambda item: item[1])]
    if len(learned) + NUM_RESERVED < vocab_size:
        possible = len(learned) + NUM_RESERVED
        raise UsageError(
            f"--vocab-size {vocab_size}: the {sample.bytes_read:,} bytes of text support only {possible} tokens; "
            f"add text or ask for --vocab-size {possible} or less"
        )
    vocabulary = _vocabulary(learned)
    tokenizer = Tokenizer(vocabulary, render(vocabulary))
    write_tokenizer(tokenizer, output)
    return tokenizer


class _Sample:
    """Iterates over pieces of ``texts`` small enough for the trainer, until the limit; counts the bytes handed out."""

    def __init__(self, texts: Iterable[str], *, max_bytes: int | None, progress: Callable[[int], None] | None) -> None:
        self.bytes_read = 0
        self._texts = texts
        self._limit = min(max_bytes or MAX_TRAINING_BYTES, MAX_TRAINING_BYTES)
        self._wanted_all = max_bytes is None or max_bytes > MAX_TRAINING_BYTES
        self._progress = progress

    def __iter__(self) -> Iterator[str]:
        for text in self._texts:
            for segment in _segments(text):
                data = segment.encode("utf-8", "replace")  # a lone surrogate counts as "?"
                if self.bytes_read + len(data) > self._limit:
                    data = data[: self._limit - self.bytes_read]
                self.bytes_read += len(data)
                yield data.decode("utf-8", "ignore")
                if self._progress is not None:
                    self._progress(self.bytes_read)
                if self.bytes_read >= self._limit:
                    if self._wanted_all:
                        logger.warning("the tokenizer is trained on the first %.1f GB of the text", self._limit / 1e9)
                    return


def _segments(text: str) -> Iterator[str]:
    """``text`` in pieces of at most ``_SEGMENT`` characters, cut after a line end where there is one."""
    start = 0
    while start < len(text):
        end = start + _SEGMENT
        if end < len(text):
            line_end = text.rfind("\n", start, end)
            end = line_end + 1 if line_end >= 0 else end
        segment = text[start:end]
        blocks = range(0, len(segment) - _LONG_WORD + 1, _LONG_WORD)
        if any(segment[i : i + _LONG_WORD].isalpha() for i in blocks):  # every word of two blocks' length contains one
            segment = re.sub(rf"[^\W\d_]{{{_LONG_WORD}}}", r"\g<0>\n", segment)
        yield segment
        start = end


def _vocabulary(learned: list[bytes]) -> Vocabulary:
    """Tokens in the order learned (bytes first) with the merges that made them, then the special tokens."""
    ranks = {token: i for i, token in enumerate(learned)}
    assert len(ranks) == len(learned), "the trainer made two tokens of the same bytes"
    merges: list[tuple[int, int]] = []
    for token in learned[256:]:
        pair = last_merge(token, ranks)
        assert pair is not None, f"no merge of earlier tokens makes {token!r}"
        merges.append((ranks[pair[0]], ranks[pair[1]]))
    reserved = [(name, True) for name in special.SPECIAL_TOKENS] + [(name, False) for name in special.ADDED_TOKENS]
    added = tuple(AddedToken(len(learned) + i, name, is_special) for i, (name, is_special) in enumerate(reserved))
    return Vocabulary(ranks, tuple(merges), added)


def write_tokenizer(tokenizer: Tokenizer, output: Path) -> None:
    """Write ``tokenizer.json``, ``tokenizer_config.json`` and ``chat_template.jinja`` into ``output``'s folder.

    An existing ``output`` is kept beside it with ``.backup`` appended. ``output`` itself is written last, so that it
    exists only when the folder is complete.
    """
    template = chat_template()
    write_text(output.parent / "chat_template.jinja", template)
    write_json(output.parent / "tokenizer_config.json", transformers_config(tokenizer))
    if output.exists():
        with atomic_path(output.with_name(output.name + ".backup")) as temporary:
            temporary.write_bytes(output.read_bytes())
    write_text(output, tokenizer.to_json())


def chat_template() -> str:
    """The Jinja text that turns messages and tools into a ChatML prompt; shipped with every tokenizer."""
    return files("codeling.tokenizer").joinpath("chat_template.jinja").read_text(encoding="utf-8")


def transformers_config(tokenizer: Tokenizer) -> dict[str, object]:
    """``tokenizer_config.json``: what `transformers` must know beyond ``tokenizer.json``.

    The class is the generic one on purpose: the model-specific ones (Qwen2's, say) rebuild the tokenizer with a
    normaliser of their own.
    """
    flags = {"lstrip": False, "normalized": False, "rstrip": False, "single_word": False}
    return {
        "tokenizer_class": "PreTrainedTokenizerFast",
        "added_tokens_decoder": {
            str(token.id): {"content": token.content, **flags, "special": token.special}
            for token in tokenizer.vocabulary.added
        },
        "eos_token": special.END_OF_TEXT,
        "pad_token": special.FIM_PAD,
        "additional_special_tokens": [
            name for name in special.SPECIAL_TOKENS if name not in (special.END_OF_TEXT, special.FIM_PAD)
        ],
        "bos_token": None,
        "unk_token": None,
        "add_prefix_space": False,
        "clean_up_tokenization_spaces": False,
        "model_input_names": ["input_ids", "attention_mask"],
    }
