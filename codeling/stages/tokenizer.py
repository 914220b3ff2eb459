"""Stage 0: text and code -> a byte-level BPE vocabulary -> data/tokenizer/tokenizer.json."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from codeling.config import require_numbers
from codeling.data.document import Document
from codeling.data.download import download_code_corpus
from codeling.data.progress import Progress
from codeling.data.sources import open_source, split_specs
from codeling.errors import Failure, UsageError
from codeling.evals.report import StageReport
from codeling.runtime.paths import Workspace
from codeling.stages.recipes import RunConfig
from codeling.stages.steps import Step, StepRecord, source_files
from codeling.tokenizer.bpe import Tokenizer
from codeling.tokenizer.config import TokenizerConfig, TokenizerReportConfig
from codeling.tokenizer.report import format_report, tokenizer_report
from codeling.tokenizer.training import train_tokenizer

# Enough to tell the languages apart; the report is a look at the result, not a benchmark.
_REPORT_DOCUMENTS = 500


def steps(config: RunConfig, workspace: Workspace) -> list[Step]:
    """The corpus, where none is named, and the tokenizer."""
    download = replace(config.tokenizer.download, workdir=config.workdir, seed=config.seed)
    train = replace(config.tokenizer.train, workdir=config.workdir, seed=config.seed)
    corpus = workspace.raw / "code_corpus.txt"
    result = []
    if train.source is None:
        result.append(
            Step(
                "download",
                "Download the code corpus",
                download,
                lambda resume: {"documents": download_code_corpus(download).documents},
                outputs=(corpus,),
            )
        )
    result.append(
        Step(
            "train",
            f"Train a tokenizer of {train.vocab_size:,} tokens",
            train,
            lambda resume: _train_and_measure(train),
            inputs=(corpus,) if train.source is None else source_files(train.source),
            outputs=(workspace.tokenizer,),
        )
    )
    return result


def summarize(config: RunConfig, workspace: Workspace, records: dict[str, StepRecord]) -> StageReport:
    """Bytes per token by language."""
    seconds = sum(record.seconds for record in records.values())
    return StageReport("tokenizer", "Stage 0: tokenizer", seconds, metrics=records["train"].result["metrics"])


def train(config: TokenizerConfig) -> Tokenizer:
    """Train on an equal share of each source and write the tokenizer's folder."""
    require_numbers(config, "limit", "max_bytes", at_least=1)
    workspace = Workspace(config.workdir)
    source = config.source or f"file:{_corpus(workspace)}"
    progress = Progress("read text")
    texts = _equal_shares(source, config, progress)
    tokenizer = train_tokenizer(
        texts, vocab_size=config.vocab_size, output=workspace.tokenizer, max_bytes=config.max_bytes
    )
    progress.close()
    return tokenizer


def measure(source: str, tokenizer: Tokenizer, *, seed: int, limit: int) -> dict[str, Any]:
    """Compression on the first ``limit`` documents of each source: see ``tokenizer_report``."""
    return tokenizer_report(tokenizer, open_source(source, seed=seed, limit=limit))


def train_command(config: TokenizerConfig) -> None:
    """``codeling tokenizer train``."""
    workspace = Workspace(config.workdir)
    backup = workspace.tokenizer.exists()
    tokenizer = train(config)
    print(f"Saved: {workspace.tokenizer} ({tokenizer.vocab_size:,} tokens, {tokenizer.content_hash[:12]})")
    if backup:
        print(f"The old one is now {workspace.tokenizer}.backup")
    source = config.source or f"file:{_corpus(workspace)}"
    print(format_report(measure(source, tokenizer, seed=config.seed + 1, limit=_REPORT_DOCUMENTS)))


def report_command(config: TokenizerReportConfig) -> None:
    """``codeling tokenizer report``."""
    require_numbers(config, "limit", at_least=1)
    workspace = Workspace(config.workdir)
    path = config.tokenizer or workspace.tokenizer
    if not path.exists():
        command = workspace.command("python scripts/train_code_tokenizer.py")
        raise UsageError(f"{path}: no such tokenizer; train one with: {command}")
    source = config.source or f"file:{_corpus(workspace)}"
    print(format_report(measure(source, Tokenizer.load(path), seed=config.seed, limit=config.limit)))


def _train_and_measure(config: TokenizerConfig) -> dict[str, Any]:
    tokenizer = train(config)
    source = config.source or f"file:{_corpus(Workspace(config.workdir))}"
    report = measure(source, tokenizer, seed=config.seed + 1, limit=_REPORT_DOCUMENTS)
    print(format_report(report))
    rows = {**report["languages"], "all": report["total"]}
    compression = {f"bytes_per_token_{language}": row["bytes_per_token"] for language, row in rows.items()}
    return {"metrics": {"vocabulary": tokenizer.vocab_size, **compression}}


def _corpus(workspace: Workspace) -> Path:
    path = workspace.raw / "code_corpus.txt"
    if not path.exists():
        raise UsageError(
            f"{path}: no such file; download it with: {workspace.command('python scripts/download_code_corpus.py')}, "
            "or name a source that needs no download: --source python,shell,bash-tasks,stories"
        )
    return path


def _equal_shares(source: str, config: TokenizerConfig, progress: Progress) -> Iterator[str]:
    """The texts of all sources, each up to its share of the byte limit, so that a large one drowns no other."""
    specs = split_specs(source)
    share = config.max_bytes // len(specs)
    total = 0
    for spec in specs:
        used = 0
        for document in _documents(spec, config):
            size = len(document.text.encode("utf-8", "surrogatepass"))
            used += size
            progress.add(size)
            yield document.text
            if used >= share:
                break
        total += used
    if total == 0:
        raise Failure(f"{source}: holds no text to learn from")


def _documents(spec: str, config: TokenizerConfig) -> Iterator[Document]:
    return open_source(spec, seed=config.seed, limit=config.limit, text_field=config.text_field)
