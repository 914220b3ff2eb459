"""Documents -> token shards: cleaned, deduplicated, split by hash, tokenized in parallel, streamed to disk.

    sources -> clean -> drop duplicates -> train or val by hash -> chunks -> worker processes -> two shard writers

Memory holds a few chunks per worker and eight bytes per document (for duplicates), whatever the corpus's size.
Chunks are written in the order they were read, so the shards do not depend on the number of workers.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from codeling.config import require_numbers, require_plain_names
from codeling.data.cleaning import Duplicates, reason_to_drop, text_digest
from codeling.data.config import PrepareConfig
from codeling.data.decontamination import Decontamination
from codeling.data.document import Document
from codeling.data.progress import Progress
from codeling.data.shards import ShardManifest, ShardWriter, withdraw
from codeling.data.source_options import SourceOptions
from codeling.data.sources import open_source, split_specs
from codeling.errors import Failure, UsageError
from codeling.runtime.files import directory_lock, remove_stale_temporaries
from codeling.runtime.paths import Workspace
from codeling.runtime.seeds import stable_hash
from codeling.runtime.workers import map_in_order
from codeling.tokenizer.bpe import Tokenizer

_CHUNK_CHARS = 1 << 18
# Starting processes takes about a second each; a corpus below this many chunks (2 MB) is done by then.
_MIN_PARALLEL_CHUNKS = 8

Item = tuple[str, Document]
"""("train" or "val", document)"""


@dataclass(frozen=True)
class Prepared:
    """What ``prepare`` made."""

    train: ShardManifest
    val: ShardManifest
    train_path: Path
    val_path: Path
    dropped: Counter[str]
    """Documents and files left out, by reason."""
    seconds: float


def prepare(config: PrepareConfig) -> Prepared:
    """Make the training and the validation shard that ``config`` asks for; nothing is published on any error.

    A document, and every exact copy of it (up to trailing whitespace), is in one split only: copies are dropped,
    and the split is a hash of the text. Raises UsageError for a bad request and Failure for bad data.
    """
    if config.val_source is None:
        require_numbers(config, "val_fraction", above=0, below=1)
    require_numbers(config, "limit", "workers", at_least=1)
    workspace = Workspace(config.workdir)
    train_name, val_name = shard_names(config)
    source, val_source = default_sources(config, workspace)
    tokenizer = load_tokenizer(config.tokenizer, workspace)
    dropped: Counter[str] = Counter()
    items = _items(config, source, val_source, dropped)
    paths = {"train": workspace.processed / train_name, "val": workspace.processed / val_name}
    progress = Progress("prepare")
    with directory_lock(workspace.processed, purpose="preparation of data"):
        for path in paths.values():
            for suffix in (".npy", ".docs.npy", ".mask.npy", ".json"):
                remove_stale_temporaries(path.parent, path.with_suffix(suffix).name)
        writers = {split: _writer(path, tokenizer, split, config.seed) for split, path in paths.items()}
        with writers["train"], writers["val"]:
            workers = config.workers or os.cpu_count() or 1
            for (split, document), ids in _tokenized(items, tokenizer, workers=workers):
                _write(writers[split], document, ids)
                tokens = sum(writer.num_tokens for writer in writers.values())
                progress.add(len(document.text.encode()), note=f"{tokens:,} tokens")
            progress.close()
            _require_both(writers, config, source, dropped)
            # From here to the end of the block the two shards are replaced; a crash must not pair old with new.
            for path in paths.values():
                withdraw(path)
    return Prepared(
        writers["train"].manifest, writers["val"].manifest, paths["train"], paths["val"], dropped, progress.seconds
    )


def shard_names(config: PrepareConfig) -> tuple[str, str]:
    """File names of the training and the validation shard."""
    require_plain_names(config, "train_name", "val_name")
    train = config.train_name or ("code_train_large" if config.stage == "code" else "train_large")
    train = train.removesuffix(".npy")
    if config.val_name is None and "train" not in train:
        raise UsageError(f"--train-name {train}: without 'train' in it, name the other shard too: --val-name")
    val = (config.val_name or train.replace("train", "val")).removesuffix(".npy")
    if train == val:
        raise UsageError(f"--val-name {val}: the validation shard needs another name than the training shard")
    return f"{train}.npy", f"{val}.npy"


def default_sources(config: PrepareConfig, workspace: Workspace) -> tuple[str, str | None]:
    """(source, validation source): as typed, else what the download commands left in data/raw."""
    if config.source is not None:
        return config.source, config.val_source
    raw = workspace.raw
    if config.stage == "code":
        candidates = [(raw / "code_corpus.txt", None)]
        download = "python scripts/download_code_corpus.py"
        offline = "python,shell,bash-tasks"
    else:
        tiny = raw / "TinyStoriesV2-GPT4-train.txt", raw / "TinyStoriesV2-GPT4-valid.txt"
        candidates = [tiny, (raw / "stories.txt", None)]
        download = "python scripts/download_data.py"
        offline = "stories"
    for train, val in candidates:
        if train.exists() and (val is None or val.exists()):
            return f"file:{train}", config.val_source or (f"file:{val}" if val else None)
    raise UsageError(
        f"{candidates[0][0]}: no such file; download it with: {workspace.command(download)}, or name a source that "
        f"needs no download: --source {offline}"
    )


def load_tokenizer(path: Path | None, workspace: Workspace) -> Tokenizer:
    """The tokenizer at ``path`` or in its usual place; a missing one is a UsageError with the command to make it."""
    chosen = path or workspace.tokenizer
    if not chosen.exists():
        command = workspace.command("python scripts/train_code_tokenizer.py")
        raise UsageError(f"{chosen}: no such tokenizer; train one with: {command}")
    return Tokenizer.load(chosen)


def split_of(text: str, *, seed: int, val_fraction: float) -> str:
    """``val`` for about ``val_fraction`` of all texts, else ``train``: a pure function of text and seed."""
    return "val" if stable_hash(seed, "split", text_digest(text).hex()) < val_fraction * 2.0**64 else "train"


def _items(config: PrepareConfig, source: str, val_source: str | None, dropped: Counter[str]) -> Iterator[Item]:
    for specs in (source, val_source):
        if specs is not None:
            split_specs(specs)
    options = SourceOptions(unit=config.unit, skipped=dropped)

    def documents(specs: str) -> Iterator[Document]:
        opened = open_source(specs, seed=config.seed, limit=config.limit, text_field=config.text_field, options=options)
        return keep_clean(opened, duplicates, dropped, decontamination=decontamination)

    decontamination = Decontamination(config.exclude)
    duplicates = Duplicates()
    if val_source is None:
        for document in documents(source):
            yield split_of(document.text, seed=config.seed, val_fraction=config.val_fraction), document
        return
    # Validation first: a training document that equals one of it is then dropped as a duplicate.
    yield from (("val", document) for document in documents(val_source))
    yield from (("train", document) for document in documents(source))


def keep_clean(
    documents: Iterable[Document],
    duplicates: Duplicates,
    dropped: Counter[str],
    *,
    decontamination: Decontamination,
) -> Iterator[Document]:
    """The documents worth training on, each text once; the others are counted in ``dropped`` by reason."""
    for document in documents:
        reason = reason_to_drop(document)
        if reason is None and duplicates.seen(document.text):
            reason = "duplicate"
        if reason is None and decontamination.touches(document.text):
            reason = "holds an evaluation problem"
        if reason is None:
            yield document
        else:
            dropped[reason] += 1


def _writer(path: Path, tokenizer: Tokenizer, split: str, seed: int) -> ShardWriter:
    return ShardWriter(
        path,
        tokenizer_hash=tokenizer.content_hash,
        vocab_size=tokenizer.vocab_size,
        end_of_text=tokenizer.end_of_text,
        seed=seed,
        split=split,
    )


def _write(writer: ShardWriter, document: Document, ids: npt.NDArray[np.uint32]) -> None:
    writer.add(
        ids,
        num_bytes=len(document.text.encode()),
        source=document.source,
        language=document.language,
        licence=document.licence,
    )


def _require_both(writers: dict[str, ShardWriter], config: PrepareConfig, source: str, dropped: Counter[str]) -> None:
    counts = {split: writer.num_documents for split, writer in writers.items()}
    if min(counts.values()) > 0:
        return
    reasons = ", ".join(f"{count} {reason}" for reason, count in dropped.most_common()) or "none"
    found = (
        f"{source}: {counts['train']} documents for training and {counts['val']} for validation (dropped: {reasons})"
    )
    if sum(counts.values()) == 0:
        raise Failure(f"{found}; there is nothing to train on")
    raise Failure(
        f"{found}; both are needed: raise --val-fraction (now {config.val_fraction}), give more documents, "
        f"or name a --val-source"
    )


def _tokenized(
    items: Iterator[Item], tokenizer: Tokenizer, *, workers: int
) -> Iterator[tuple[Item, npt.NDArray[np.uint32]]]:
    """Each item with its token ids, in the order of ``items``; in this process when there is little to do."""
    encode = ChunkEncoder(tokenizer)
    chunks = map_in_order(
        encode, _chunks(items), workers=workers, parallel_from=_MIN_PARALLEL_CHUNKS, purpose="tokenizing"
    )
    for chunk, ids in chunks:
        yield from zip(chunk, ids, strict=True)


def _chunks(items: Iterator[Item]) -> Iterator[list[Item]]:
    chunk: list[Item] = []
    chars = 0
    for item in items:
        chunk.append(item)
        chars += len(item[1].text)
        if chars >= _CHUNK_CHARS:
            yield chunk
            chunk, chars = [], 0
    if chunk:
        yield chunk


@dataclass(frozen=True)
class ChunkEncoder:
    """The ids of each document of a chunk; what the worker processes run."""

    tokenizer: Tokenizer

    def __call__(self, chunk: list[Item]) -> list[npt.NDArray[np.uint32]]:
        return [np.asarray(self.tokenizer.encode(document.text), dtype=np.uint32) for _, document in chunk]
