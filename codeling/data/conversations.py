"""Conversations -> a shard with a loss mask, and the same conversations as readable JSON Lines beside it.

    Conversation --check, encode--> ids and mask --cut to --max-length at a turn's end--> NAME.npy, NAME.mask.npy, ...
                                                                                     \\--> NAME.jsonl

The loss is taken on what the assistant writes and nowhere else (codeling.chat.encode). A conversation that is too long
keeps its beginning, up to the end of a reply: what is left is whole, and no trained token has lost its context.
"""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import IO, Any

import numpy as np
import numpy.typing as npt

from codeling.chat.conversation import Conversation
from codeling.chat.encode import encode
from codeling.data.shards import ShardManifest, ShardWriter
from codeling.data.tool_checks import check, kind_of
from codeling.data.tool_import_openai import BadConversation
from codeling.runtime.files import atomic_path
from codeling.tokenizer.bpe import Tokenizer

TOO_LONG = "longer than --max-length before its first reply ends"


@dataclass(frozen=True)
class Example:
    """A conversation to train on and where it comes from."""

    conversation: Conversation
    kind: str
    """single, parallel, multi_turn, clarify, irrelevant; chat where no tools are offered."""
    source: str
    id: str = ""
    licence: str = "unknown"
    facts: Mapping[str, Any] = field(default_factory=dict)
    """More fields for its line of JSON."""

    @classmethod
    def of(cls, conversation: Conversation, *, source: str, id: str = "", licence: str = "unknown") -> Example:
        """An example whose kind is read off its calls."""
        return cls(conversation, kind_of(conversation), source, id, licence)


@dataclass(frozen=True)
class EncodedExample:
    """What the shard and the JSON Lines need of an example; small enough to come from another process."""

    ids: npt.NDArray[np.uint32]
    mask: npt.NDArray[np.uint8]
    line: str
    """One line of JSON without its end: id, kind, source, messages, tools."""
    kind: str
    source: str
    licence: str
    text: str
    """The conversation alone, as JSON: equal for equal conversations, whatever their ids and sources."""
    warnings: tuple[str, ...] = ()
    tokens_cut: int = 0
    """Trained tokens beyond the maximal length."""

    @property
    def num_trained(self) -> int:
        return int(self.mask.sum())


def encode_example(example: Example, tokenizer: Tokenizer, *, max_length: int | None) -> EncodedExample:
    """Check and encode; ``BadConversation`` for what must not be trained on, or cannot be within ``max_length`` tokens.

    What comes after the last reply is left out: nothing of it would be trained.
    """
    warnings = check(example.conversation)
    encoded = encode(tokenizer, example.conversation.messages, example.conversation.tools)
    ids, mask = np.array(encoded.ids, np.uint32), np.array(encoded.mask, np.uint8)
    # A reply is one run of the mask; the runs end where replies end.
    ends = np.flatnonzero(np.diff(mask, append=np.uint8(0)) == 255) + 1  # 0 - 1 in uint8
    kept = len(ends) if max_length is None else int(np.searchsorted(ends, max_length, side="right"))
    if len(ends) == 0:
        raise BadConversation("nothing to train: no token of an assistant")
    if kept == 0:
        raise BadConversation(TOO_LONG, f"{ends[0]} tokens, of at most {max_length}")
    end = int(ends[kept - 1])
    conversation = _first_replies(example.conversation, kept)
    text = json.dumps(conversation.to_openai(), ensure_ascii=False)
    facts = {"id": example.id, "kind": example.kind, "source": example.source, **example.facts}
    return EncodedExample(
        ids=ids[:end],
        mask=mask[:end],
        line=json.dumps(facts, ensure_ascii=False)[:-1] + ", " + text[1:],
        kind=example.kind,
        source=example.source,
        licence=example.licence,
        text=text,
        warnings=tuple(warnings),
        tokens_cut=int(mask[end:].sum()),
    )


def _first_replies(conversation: Conversation, count: int) -> Conversation:
    """The messages up to and with the assistant's message number ``count`` (from 1)."""
    replies = [number for number, message in enumerate(conversation.messages, 1) if message.role == "assistant"]
    return Conversation(conversation.messages[: replies[count - 1]], conversation.tools)


class ConversationWriter:
    """A masked shard and its JSON Lines; both are published when the ``with`` block ends without an error, or neither.

    >>> with ConversationWriter(Path("data/processed/tool_train.npy"), tokenizer, split="train") as writer:
    ...     writer.add(encode_example(example, tokenizer, max_length=1024))  # doctest: +SKIP
    """

    def __init__(self, path: Path, tokenizer: Tokenizer, *, split: str = "", seed: int = 0, profile: str = "") -> None:
        self.lines_path = path.with_suffix(".jsonl")
        self._tokenizer = tokenizer
        self._shard = ShardWriter(
            path,
            tokenizer_hash=tokenizer.content_hash,
            vocab_size=tokenizer.vocab_size,
            end_of_text=tokenizer.end_of_text,
            seed=seed,
            split=split,
            mask=True,
            profile=profile,
        )
        self._files = contextlib.ExitStack()

    def __enter__(self) -> ConversationWriter:
        # Left in the opposite order: the lines are published only if the shard could be.
        self._lines = self._files.enter_context(lines_file(self.lines_path))
        self._files.enter_context(self._shard)
        return self

    def add(self, example: EncodedExample) -> None:
        """Append one example."""
        ids = example.ids
        self._shard.add(
            ids,
            num_bytes=len(self._tokenizer.decode_bytes(ids.tolist())),
            source=f"{example.source}/{example.kind}",
            licence=example.licence,
            mask=example.mask,
        )
        self._lines.write(example.line + "\n")

    @property
    def num_examples(self) -> int:
        return self._shard.num_documents

    @property
    def num_tokens(self) -> int:
        return self._shard.num_tokens

    @property
    def manifest(self) -> ShardManifest:
        """The published manifest; only after the ``with`` block."""
        return self._shard.manifest

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._files.__exit__(kind, error, trace)


@contextlib.contextmanager
def lines_file(path: Path) -> Iterator[IO[str]]:
    """A text file to write lines to, published at the end."""
    with atomic_path(path) as temporary, temporary.open("w", encoding="utf-8", newline="\n") as file:
        yield file


def write_conversations(
    path: Path, examples: Iterable[Example], tokenizer: Tokenizer, *, max_length: int, split: str = "", seed: int = 0
) -> ShardManifest:
    """Write ``examples`` to the shard ``path`` (NAME.npy) with its mask, and to NAME.jsonl.

    ``BadConversation`` for the first one that must not be trained on; to count and go on, see
    codeling.data.tool_prepare. Failure when there is none at all.
    """
    with ConversationWriter(path, tokenizer, split=split, seed=seed) as writer:
        for example in examples:
            writer.add(encode_example(example, tokenizer, max_length=max_length))
    return writer.manifest
