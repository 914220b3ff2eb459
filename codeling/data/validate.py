"""Look at prepared data before hours are spent on it: damage, duplicates, empty or endless documents, odd text, masks.

Every finding names the file and the documents (by number in a shard, by line in a text file). Errors make a shard
unfit for training; warnings are for a person to judge.
"""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

import numpy as np
import numpy.typing as npt

from codeling.config import require_numbers
from codeling.data.cleaning import Duplicates, reason_to_drop
from codeling.data.config import ValidateConfig
from codeling.data.shards import Shard, require_tokenizer
from codeling.data.source_files import read_file
from codeling.data.source_options import SourceOptions
from codeling.data.validate_conversations import conversation_problems, holds_conversations
from codeling.data.validate_masks import mask_problems, trained_share
from codeling.errors import Failure, UsageError
from codeling.runtime.paths import Workspace
from codeling.tokenizer.bpe import Tokenizer

# Above these shares of a sample's characters, text was decoded wrongly somewhere on its way here.
MAX_UNKNOWN_SHARE = 0.001
MAX_CONTROL_SHARE = 0.001
# Duplicates within one shard beyond this share are worth a warning.
MAX_DUPLICATE_SHARE = 0.01

_SIDECARS = (".docs.npy", ".mask.npy")


@dataclass
class Finding:
    """One kind of problem in one file."""

    path: Path
    severity: Literal["error", "warning"]
    problem: str
    count: int = 1
    where: list[str] = field(default_factory=list)
    """The first few places: ``document 17`` or ``line 3``."""

    def __str__(self) -> str:
        places = f": {', '.join(self.where)}{', ...' if self.count > len(self.where) else ''}" if self.where else ""
        times = f" ({self.count:,})" if self.count > 1 else ""
        return f"{self.severity}: {self.path}: {self.problem}{times}{places}"


@dataclass
class ValidationReport:
    """What ``validate`` found."""

    findings: list[Finding] = field(default_factory=list)
    summaries: list[str] = field(default_factory=list)
    """One line per file."""

    @property
    def ok(self) -> bool:
        """False when any finding is an error: the command exits 1."""
        return all(finding.severity != "error" for finding in self.findings)

    def __str__(self) -> str:
        errors = sum(finding.severity == "error" for finding in self.findings)
        verdict = f"{errors} errors, {len(self.findings) - errors} warnings in {len(self.summaries)} files"
        return "\n".join([*self.summaries, *map(str, self.findings), f"{'OK' if self.ok else 'BAD'}: {verdict}"])


def validate(config: ValidateConfig) -> ValidationReport:
    """Check shards and raw text files and report; only a path that does not exist is an exception (UsageError)."""
    require_numbers(config, "max_document_tokens", "samples", "show", at_least=1)
    workspace = Workspace(config.workdir)
    report = ValidationReport()
    tokenizer = _tokenizer(config, workspace, report)
    digests: dict[Path, tuple[str, npt.NDArray[np.uint64]]] = {}
    for path in _paths(config, workspace):
        if path.suffix == ".npy":
            shard = _check_shard(path, tokenizer, config, report)
            if shard is not None:
                digests[path] = shard.manifest.split, _document_digests(shard)
                _check_duplicates(path, digests[path][1], config, report)
        else:
            _check_text_file(path, config, report)
    _check_across_splits(digests, config, report)
    return report


def _tokenizer(config: ValidateConfig, workspace: Workspace, report: ValidationReport) -> Tokenizer | None:
    path = config.tokenizer or workspace.tokenizer
    if path.exists():
        return Tokenizer.load(path)
    if config.tokenizer is not None:
        command = workspace.command("python scripts/train_code_tokenizer.py")
        raise UsageError(f"{path}: no such tokenizer; train one with: {command}")
    report.findings.append(Finding(path, "warning", "no tokenizer here, so samples of shards are not decoded"))
    return None


def _paths(config: ValidateConfig, workspace: Workspace) -> list[Path]:
    remedy = "python scripts/prepare_data.py"
    if config.paths:
        return [
            workspace.find(path if path.suffix else path.with_suffix(".npy"), workspace.processed, remedy=remedy)
            for path in config.paths
        ]
    found = [path for path in sorted(workspace.processed.glob("*.npy")) if not path.name.endswith(_SIDECARS)]
    # A manifest whose array is gone is a bad shard too.
    orphans = [path.with_suffix(".npy") for path in sorted(workspace.processed.glob("*.json"))]
    paths = list(dict.fromkeys([*found, *(path for path in orphans if path.with_suffix(".docs.npy").exists())]))
    if not paths:
        raise UsageError(f"{workspace.processed}: no shards to validate; make them with: {workspace.command(remedy)}")
    return paths


def _check_shard(
    path: Path, tokenizer: Tokenizer | None, config: ValidateConfig, report: ValidationReport
) -> Shard | None:
    try:
        shard = Shard.open(path, verify=True)
        manifest = shard.manifest
        trained = f" ({trained_share(shard):.1%} trained)" if shard.mask is not None else ""
        report.summaries.append(
            f"{path}: {manifest.num_documents:,} documents, {manifest.num_tokens:,} tokens{trained}, "
            f"{manifest.num_bytes:,} bytes of text, split {manifest.split or '(none)'}"
        )
        if tokenizer is not None:
            require_tokenizer(shard, tokenizer.content_hash)
    except Failure as failure:
        report.findings.append(Finding(path, "error", _without_path(failure, path)))
        return None
    lengths = np.diff(np.append(shard.starts, manifest.num_tokens))
    _add_documents(report, config, path, "empty document", np.flatnonzero(lengths <= 1))
    _add_documents(
        report, config, path, f"document of more than {config.max_document_tokens:,} tokens without an end",
        np.flatnonzero(lengths > config.max_document_tokens),
    )  # fmt: skip
    _add_documents(report, config, path, "end-of-text inside a document", _early_ends(shard))
    if shard.mask is not None:
        for problem, documents in mask_problems(shard, tokenizer):
            _add_documents(report, config, path, problem, documents, severity="error")
    if tokenizer is not None:
        _check_samples(shard, tokenizer, config, report)
    return shard


def _early_ends(shard: Shard) -> npt.NDArray[np.int64]:
    """Numbers of the documents that hold end-of-text before their last token."""
    found: list[npt.NDArray[np.int64]] = []
    step = 1 << 22
    for begin in range(0, shard.manifest.num_tokens, step):
        ends = begin + np.flatnonzero(shard.tokens[begin : begin + step] == shard.manifest.end_of_text)
        documents = np.searchsorted(shard.starts, ends, side="right") - 1
        following = np.minimum(documents + 1, shard.manifest.num_documents - 1)
        last = np.where(
            documents + 1 < shard.manifest.num_documents, shard.starts[following], shard.manifest.num_tokens
        )
        found.append(documents[ends != last - 1])
    return np.unique(np.concatenate(found)) if found else np.empty(0, dtype=np.int64)


def _check_samples(shard: Shard, tokenizer: Tokenizer, config: ValidateConfig, report: ValidationReport) -> None:
    count = min(config.samples, shard.manifest.num_documents)
    undecodable: list[int] = []
    unknown: list[int] = []
    control: list[int] = []
    for index in np.unique(np.linspace(0, shard.manifest.num_documents - 1, count).astype(np.int64)).tolist():
        content = tokenizer.decode_bytes(shard.document(index)[:-1].tolist())
        try:
            text = content.decode("utf-8")
        except UnicodeDecodeError:
            undecodable.append(index)
            continue
        if unknown_share(text) > MAX_UNKNOWN_SHARE:
            unknown.append(index)
        if control_share(text) > MAX_CONTROL_SHARE:
            control.append(index)
    _add_documents(report, config, shard.path, "sample does not decode to UTF-8", undecodable, severity="error")
    _add_documents(report, config, shard.path, "sample with unknown characters (U+FFFD)", unknown)
    _add_documents(report, config, shard.path, "sample with control characters", control)


def unknown_share(text: str) -> float:
    """Share of characters that stand for a failed decoding (U+FFFD)."""
    return text.count("\ufffd") / max(1, len(text))


def control_share(text: str) -> float:
    """Share of control characters other than tab, line feed, carriage return and form feed."""
    if text.isprintable():
        return 0.0
    return sum(unicodedata.category(c) == "Cc" and c not in "\t\n\r\f" for c in text) / len(text)


def _document_digests(shard: Shard) -> npt.NDArray[np.uint64]:
    """(num_documents,) eight bytes of a hash of each document's token ids."""
    ends = np.append(shard.starts[1:], shard.manifest.num_tokens)
    digests = (
        hashlib.blake2b(shard.tokens[start:end].astype("<u4").tobytes(), digest_size=8).digest()
        for start, end in zip(shard.starts, ends, strict=True)
    )
    return np.frombuffer(b"".join(digests), dtype=np.uint64)


def _check_duplicates(
    path: Path, digests: npt.NDArray[np.uint64], config: ValidateConfig, report: ValidationReport
) -> None:
    _, first = np.unique(digests, return_index=True)
    repeated = np.setdiff1d(np.arange(len(digests)), first)
    if len(repeated) > MAX_DUPLICATE_SHARE * len(digests):
        _add_documents(report, config, path, "document equal to an earlier one of this shard", repeated)


def _check_across_splits(
    digests: dict[Path, tuple[str, npt.NDArray[np.uint64]]], config: ValidateConfig, report: ValidationReport
) -> None:
    for path, (split, own) in digests.items():
        for other, (other_split, others) in digests.items():
            if split == "val" and other_split == "train":
                shared = np.flatnonzero(np.isin(own, others))
                problem = f"document that is also in the training shard {other.name}"
                _add_documents(report, config, path, problem, shared, severity="error")


def _add_documents(
    report: ValidationReport,
    config: ValidateConfig,
    path: Path,
    problem: str,
    indices: Sequence[int] | npt.NDArray[np.int64],
    *,
    severity: Literal["error", "warning"] = "warning",
) -> None:
    if len(indices):
        where = [f"document {index}" for index in indices[: config.show]]
        report.findings.append(Finding(path, severity, problem, len(indices), where))


def _check_text_file(path: Path, config: ValidateConfig, report: ValidationReport) -> None:
    findings: dict[str, Finding] = {}
    documents = size = 0
    kind = "documents"
    try:
        if config.text_field is None and holds_conversations(path):
            kind, rows = "conversations", conversation_problems(path)
        else:
            rows = _document_problems(path, config)
        for line, num_bytes, problems in rows:
            documents += 1
            size += num_bytes
            for problem in problems:
                finding = findings.setdefault(problem, Finding(path, "warning", problem, count=0))
                finding.count += 1
                if len(finding.where) < config.show:
                    finding.where.append(f"line {line}")
        if documents == 0:
            findings["empty"] = Finding(path, "error", "holds no documents")
    except Failure as failure:
        findings["unreadable"] = Finding(path, "error", _without_path(failure, path))
    report.summaries.append(f"{path}: {documents:,} {kind}, {size:,} bytes of text")
    report.findings.extend(findings.values())


def _document_problems(path: Path, config: ValidateConfig) -> Iterator[tuple[str, int, list[str]]]:
    """(line number, UTF-8 bytes, problems) of each document of a text file."""
    duplicates = Duplicates()
    for document in read_file(path, SourceOptions(text_field=config.text_field)):
        problems = list(_text_problems(document.text, reason_to_drop(document), duplicates))
        yield document.id.rpartition(":")[2], len(document.text.encode("utf-8", "surrogatepass")), problems


def _text_problems(text: str, reason: str | None, duplicates: Duplicates) -> Iterator[str]:
    if reason is not None:
        yield f"document that preparing drops: {reason}"
        return
    if duplicates.seen(text):
        yield "document equal to an earlier one"
    if unknown_share(text) > MAX_UNKNOWN_SHARE:
        yield "document with unknown characters (U+FFFD)"
    if control_share(text) > MAX_CONTROL_SHARE:
        yield "document with control characters"


def _without_path(failure: Failure, path: Path) -> str:
    return str(failure).removeprefix(f"{path}: ")
