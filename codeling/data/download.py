"""Fetch raw text into data/raw: TinyStories for stage 1, a code corpus for stages 0 and 2, or any other source.

Downloads are resumable (run the command again), verified, and whole or absent: the final name appears only when
everything is there. A finished download is recognised by its manifest and not repeated.
"""

from __future__ import annotations

import hashlib
import itertools
import os
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO

from codeling.config import require_numbers, to_mapping
from codeling.data.cleaning import Duplicates, reason_to_drop
from codeling.data.config import CODE_CORPUS_SOURCE, DownloadConfig
from codeling.data.corpus import CORPUS_FORMAT, SEPARATOR, Label, Labels
from codeling.data.document import Document
from codeling.data.progress import Progress
from codeling.data.source_files import cut_long_text
from codeling.data.source_hub import CONNECT_SECONDS, PINNED_REVISIONS, explained
from codeling.data.source_options import SourceOptions
from codeling.data.sources import open_one, pin_specs, split_specs
from codeling.errors import Failure
from codeling.runtime.files import directory_lock, read_json, sha256_file, write_json
from codeling.runtime.paths import Workspace

TINYSTORIES_ID = "roneneldan/TinyStories"
TINYSTORIES_FILES = ("TinyStoriesV2-GPT4-train.txt", "TinyStoriesV2-GPT4-valid.txt")
TINYSTORIES_LICENCE = "CDLA-Sharing-1.0"
HUB_DOCUMENTS_PER_SOURCE = 40_000
_SAVE_SECONDS = 5.0
_SEPARATOR_LINE = f"{SEPARATOR}\n".encode()


@dataclass(frozen=True)
class Downloaded:
    """One finished file in data/raw."""

    path: Path
    documents: int
    bytes: int
    fresh: bool
    """False when it was complete already."""
    dropped: Counter[str] = field(default_factory=Counter)


def download_stories(config: DownloadConfig) -> list[Downloaded]:
    """TinyStories (V2-GPT4, train and valid) from the hub, or, with ``config.source``, that source as one text file.

    The hub's files keep their names; another source becomes data/raw/stories.txt. Raises Failure without a network.
    """
    raw = Workspace(config.workdir).raw
    require_numbers(config, "limit", at_least=1)
    if config.source is None:
        with directory_lock(raw, purpose="download"):
            return [_download_hub_file(name, raw) for name in TINYSTORIES_FILES]
    return [_download_corpus(config, config.source, config.output or raw / "stories.txt")]


def download_code_corpus(config: DownloadConfig) -> Downloaded:
    """A code corpus as one text file, data/raw/code_corpus.txt, with a manifest of its documents beside it.

    Documents are functions, classes, files, scripts and commands; exact copies, secrets, minified and generated
    files are dropped and counted. Raises Failure without a network unless ``config.source`` needs none.
    """
    require_numbers(config, "limit", at_least=1)
    output = config.output or Workspace(config.workdir).raw / "code_corpus.txt"
    return _download_corpus(config, config.source or CODE_CORPUS_SOURCE, output)


def _download_hub_file(name: str, raw: Path) -> Downloaded:
    target, revision = raw / name, PINNED_REVISIONS[TINYSTORIES_ID]
    manifest_path = target.with_suffix(".json")
    request = {"source": f"hub:{TINYSTORIES_ID}@{revision}", "file": name}
    complete = _complete(target, request)
    if complete is not None:
        return complete
    with explained(TINYSTORIES_ID):
        from huggingface_hub import HfApi, hf_hub_download

        (info,) = HfApi().get_paths_info(TINYSTORIES_ID, [name], repo_type="dataset", revision=revision)
        # A broken transfer leaves its part in raw/.cache/huggingface, and this call continues it.
        hf_hub_download(
            TINYSTORIES_ID,
            name,
            repo_type="dataset",
            revision=revision,
            local_dir=raw,
            etag_timeout=CONNECT_SECONDS,
        )
    expected = getattr(getattr(info, "lfs", None), "sha256", None)
    digest, size, separators = _describe(target)
    if size != getattr(info, "size", size) or (expected and digest != expected):
        target.unlink()
        raise Failure(
            f"{target}: arrived damaged (sha256 {digest[:12]}..., expected {str(expected)[:12]}...); run again"
        )
    label = (f"hub:{TINYSTORIES_ID}", "text", TINYSTORIES_LICENCE)
    documents = separators + 1
    write_json(manifest_path, _manifest(request, size, digest, [[*label, documents]], Counter()))
    return Downloaded(target, documents, size, fresh=True)


def _describe(path: Path) -> tuple[str, int, int]:
    """(sha256, bytes, number of separator lines) of a file, in one pass."""
    digest, size, separators = hashlib.sha256(), 0, 0
    with path.open("rb") as file:
        for line in file:
            digest.update(line)
            size += len(line)
            separators += line.count(SEPARATOR.encode())
    return digest.hexdigest(), size, separators


def _complete(target: Path, request: dict[str, Any]) -> Downloaded | None:
    """The finished download at ``target`` if it answers ``request`` and is undamaged."""
    manifest_path = target.with_suffix(".json")
    if not target.exists() or not manifest_path.exists():
        return None
    manifest = read_json(manifest_path)
    if manifest.get("format") != CORPUS_FORMAT or manifest.get("request") != request:
        return None
    if target.stat().st_size != manifest["bytes"] or sha256_file(target) != manifest["sha256"]:
        return None
    return Downloaded(target, manifest["documents"], manifest["bytes"], False, Counter(manifest["dropped"]))


def _manifest(
    request: dict[str, Any], size: int, digest: str, runs: list[list[Any]], dropped: Counter[str]
) -> dict[str, Any]:
    totals: dict[str, Counter[str]] = {"by_source": Counter(), "by_language": Counter(), "by_licence": Counter()}
    for *label, count in runs:
        for counter, value in zip(totals.values(), label, strict=True):
            counter[value] += count
    return {
        "format": CORPUS_FORMAT,
        "request": request,
        "documents": sum(run[-1] for run in runs),
        "bytes": size,
        "sha256": digest,
        **{name: dict(counter.most_common()) for name, counter in totals.items()},
        "dropped": dict(dropped.most_common()),
        "runs": runs,
    }


def _download_corpus(config: DownloadConfig, source: str, output: Path) -> Downloaded:
    specs = split_specs(source)
    limit = config.limit
    if limit is None and config.source is None:
        limit = HUB_DOCUMENTS_PER_SOURCE
    request = {
        "source": source,
        "limit": limit,
        "text_field": config.text_field,
        "seed": to_mapping(config)["seed"],
    }
    with directory_lock(output.parent, purpose="download"):
        complete = _complete(output, request)
        if complete is not None:
            return complete
        download = _CorpusDownload(output, request, specs)
        try:
            return download.run()
        except OSError as error:
            raise Failure(
                f"{output}: cannot write: {error.strerror or error}; free space or choose another --output, then run "
                f"the command again to continue"
            ) from error


class _CorpusDownload:
    """A corpus being written to ``.NAME.partial``, with a cursor file that says how far it is.

    The cursor is saved every few seconds, after the text it describes is on disk; a run that was killed truncates
    the text to the cursor and continues with the next document of the source it was at.
    """

    def __init__(self, output: Path, request: dict[str, Any], specs: list[str]) -> None:
        self.output = output
        self.request = request
        self._partial = output.with_name(f".{output.name}.partial")
        self._cursor_path = output.with_name(f".{output.name}.cursor.json")
        self._duplicates = Duplicates()
        self._runs: list[list[Any]] = []
        self._dropped: Counter[str] = Counter()
        self._bytes = 0
        self._source_index = 0
        self._consumed = 0
        self._specs = self._resume() or pin_specs(specs)

    def run(self) -> Downloaded:
        limit = self.request["limit"]
        progress = Progress("download", total=limit * len(self._specs) if limit else None)
        with self._partial.open("r+b" if self._bytes else "wb") as file:
            file.truncate(self._bytes)
            file.seek(self._bytes)
            try:
                self._read_sources(file, progress)
            finally:
                # Also after Ctrl-C or a lost connection: the next run continues here.
                self._save(file)
                progress.close()
        return self._publish()

    def _read_sources(self, file: BinaryIO, progress: Progress) -> None:
        saved = time.monotonic()
        while self._source_index < len(self._specs):
            options = SourceOptions(
                seed=self.request["seed"],
                limit=self.request["limit"],
                start=self._consumed,
                text_field=self.request["text_field"],
                unit="definition",
                skipped=self._dropped,
            )
            for document in open_one(self._specs[self._source_index], options):
                self._add(document, file)
                self._consumed += 1
                progress.add(len(document.text), note=document.source)
                if time.monotonic() - saved > _SAVE_SECONDS:
                    self._save(file)
                    saved = time.monotonic()
            self._source_index += 1
            self._consumed = 0

    def _add(self, document: Document, file: BinaryIO) -> None:
        reason = reason_to_drop(document)
        if reason is None and SEPARATOR in document.text:
            reason = f"holds {SEPARATOR}"
        if reason is None and self._duplicates.seen(document.text):
            reason = "duplicate"
        if reason is not None:
            self._dropped[reason] += 1
            return
        for part in cut_long_text(document.text):
            content = part.strip("\n").encode()
            if content:
                file.write(content + b"\n" + _SEPARATOR_LINE)
                self._bytes += len(content) + 1 + len(_SEPARATOR_LINE)
                self._label((document.source, document.language, document.licence))

    def _label(self, label: Label) -> None:
        if self._runs and tuple(self._runs[-1][:3]) == label:
            self._runs[-1][3] += 1
        else:
            self._runs.append([*label, 1])

    def _save(self, file: BinaryIO) -> None:
        file.flush()
        os.fsync(file.fileno())
        cursor = {
            "request": self.request,
            "specs": self._specs,
            "source_index": self._source_index,
            "consumed": self._consumed,
            "bytes": self._bytes,
            "runs": self._runs,
            "dropped": dict(self._dropped),
        }
        write_json(self._cursor_path, cursor)

    def _resume(self) -> list[str] | None:
        """Take up the cursor of an interrupted run of the same request; returns its (pinned) specs, else None."""
        if not self._cursor_path.exists() or not self._partial.exists():
            return None
        cursor = read_json(self._cursor_path)
        if cursor["request"] != self.request or self._partial.stat().st_size < cursor["bytes"]:
            return None
        self._bytes, self._runs = cursor["bytes"], cursor["runs"]
        self._source_index, self._consumed = cursor["source_index"], cursor["consumed"]
        self._dropped.update(cursor["dropped"])
        with self._partial.open("rb") as file:
            for text in _documents_of(file, self._bytes):
                self._duplicates.seen(text)
        return cursor["specs"]

    def _publish(self) -> Downloaded:
        if not self._runs:
            raise Failure(f"{self.request['source']}: yielded no documents (dropped: {dict(self._dropped)})")
        digest, size, separators = _describe(self._partial)
        documents = Labels.from_runs(self._runs).ends[-1]
        assert (size, separators) == (self._bytes, documents), (size, self._bytes, separators, documents)
        manifest_path = self.output.with_suffix(".json")
        manifest_path.unlink(missing_ok=True)
        self._partial.replace(self.output)
        write_json(manifest_path, _manifest(self.request, size, digest, self._runs, self._dropped))
        self._cursor_path.unlink(missing_ok=True)
        return Downloaded(self.output, documents, size, fresh=True, dropped=self._dropped)


def _documents_of(file: BinaryIO, num_bytes: int) -> Iterator[str]:
    """The texts in the first ``num_bytes`` of an unfinished corpus, one at a time."""
    lines: list[bytes] = []
    for line in itertools.takewhile(lambda _: file.tell() <= num_bytes, iter(file.readline, b"")):
        if line == _SEPARATOR_LINE:
            yield b"".join(lines).decode()
            lines = []
        else:
            lines.append(line)
