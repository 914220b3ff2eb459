"""What the data commands are asked to do: one frozen dataclass per command, one flag per field; imports no NumPy."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from codeling.data.tool_profiles import ProfileName

CODE_CORPUS_SOURCE = ",".join(
    (
        "hub:westenfelder/NL2SH-ALFA:train",  # Bash; MIT
        "hub:m-a-p/CodeFeedback-Filtered-Instruction",  # Python, JavaScript, SQL, C++, ...; Apache-2.0
        "hub:b-mc2/sql-create-context",  # SQL; CC-BY-4.0
        "hub:Nan-Do/code-search-net-javascript",  # JavaScript functions; Apache-2.0
    )
)
"""Ungated, permissively licensed code on the Hugging Face hub: Bash, Python, SQL, JavaScript and more."""


@dataclass(frozen=True)
class DownloadConfig:
    """Options of ``scripts/download_data.py`` and ``scripts/download_code_corpus.py``."""

    source: str | None = None
    """Where from, comma-separated: hub:ID[@REVISION][:config[:split]], file:PATH, dir:PATH, python, shell, stories[:N],
    bash-tasks[:N], code-tasks[:N], tool-calls[:N]; default: TinyStories, or a code corpus, from the hub."""
    output: Path | None = None
    """File to write; default data/raw/code_corpus.txt or stories.txt (the hub's TinyStories files keep their names)."""
    limit: int | None = None
    """Documents at most from each source in the list; default: all, and 40,000 from each of the hub's code corpora."""
    text_field: str | None = None
    """Field that holds the text in jsonl, parquet and hub rows; default: known shapes are recognised."""
    seed: int = 0
    """Decides what the generators (stories, bash-tasks, code-tasks, tool-calls) make."""
    workdir: Path = Path()
    """Folder that holds data/, models/ and logs/."""


@dataclass(frozen=True)
class PrepareConfig:
    """Options of ``scripts/prepare_data.py`` and ``scripts/prepare_code_data.py``."""

    source: str | None = None
    """What to train on (see download_data --source); default: what the download command left in data/raw."""
    val_source: str | None = None
    """What to validate on; default: the share --val-fraction of --source, chosen by document hash."""
    stage: Literal["language", "code"] = "language"
    """Decides the default source and the names of the shards."""
    train_name: str | None = None
    """Name of the training shard; default train_large, or code_train_large in stage code."""
    val_name: str | None = None
    """Name of the validation shard; default: the training shard's with train replaced by val."""
    val_fraction: float = 0.01
    """Share of documents for validation; a document, and any exact copy of it, is on one side only."""
    tokenizer: Path | None = None
    """tokenizer.json to encode with; default data/tokenizer/tokenizer.json."""
    exclude: tuple[Path, ...] = ()
    """Evaluation files (jsonl): documents that share 13 words in a row with one of their problems are dropped."""
    unit: Literal["file", "definition"] = "file"
    """Source python: one document per file, or large files split into functions and classes."""
    text_field: str | None = None
    """Field that holds the text in jsonl, parquet and hub rows; default: known shapes are recognised."""
    limit: int | None = None
    """Documents at most from each source in the list."""
    workers: int | None = None
    """Processes that tokenize; default: one per CPU. The result does not depend on it."""
    seed: int = 0
    """Decides what the generators make and which documents are for validation."""
    workdir: Path = Path()
    """Folder that holds data/, models/ and logs/."""


@dataclass(frozen=True)
class ToolDataConfig:
    """Options of ``scripts/prepare_tool_calling_data.py``."""

    source: str = "synthetic"
    """What to train on, comma-separated: synthetic, openai:PATH, glaive:PATH, sgd:PATH (.jsonl or .json, also .gz and
    .zst, or .parquet), hub:ID[@REVISION][:config[:split]]."""
    val_source: str | None = None
    """What to validate on; default: for synthetic, conversations about other functions; for the rest, the share
    --val-fraction of --source, chosen by the hash of the conversation."""
    num_examples: int = 10_000
    """Synthetic conversations, those for validation included."""
    num_test_examples: int = 500
    """Questions in each of the two synthetic test suites; 0: leave them as they are."""
    profile: ProfileName = "full"
    """Synthetic conversations: full offers one to eight tools evenly, as the tests do; dense has short lists, many
    turns and 60 functions, for small models; quick goes further, for runs of minutes: 24 functions."""
    executed: float = 0.02
    """Share of the synthetic training conversations whose tools really run, in the sandbox; the slowest to make."""
    limit: int | None = None
    """Rows at most from each file or hub data set."""
    val_fraction: float = 0.05
    """Share of conversations for validation."""
    max_length: int = 1024
    """Tokens of a conversation at most, for training with that --sequence-length; longer ones end after a reply."""
    exclude: tuple[Path, ...] = ()
    """Evaluation files (jsonl): a conversation whose user shares 13 words in a row with one of them is refused."""
    tokenizer: Path | None = None
    """tokenizer.json to encode with; default data/tokenizer/tokenizer.json."""
    output_dir: Path | None = None
    """Folder for the shards and, beside them, the same conversations as readable JSON Lines; default data/processed."""
    train_name: str = "tool_train"
    """Name of the training shard; the validation shard's has val in place of train."""
    workers: int | None = None
    """Processes that generate, check and encode; default: one per CPU. The result does not depend on it."""
    seed: int = 0
    """Decides what is generated and which conversations are for validation."""
    workdir: Path = Path()
    """Folder that holds data/, models/ and logs/."""


@dataclass(frozen=True)
class ValidateConfig:
    """Options of ``scripts/validate_data.py``."""

    paths: tuple[Path, ...] = ()
    """Shards (NAME.npy, also in data/processed) and text files (txt, jsonl, ...); default: all in data/processed."""
    tokenizer: Path | None = None
    """tokenizer.json to decode samples with; default data/tokenizer/tokenizer.json."""
    max_document_tokens: int = 1_000_000
    """A longer document is reported as endless."""
    samples: int = 200
    """Documents per shard that are decoded and looked at, evenly spaced."""
    show: int = 5
    """Findings of one kind that are printed with their numbers; all are counted."""
    text_field: str | None = None
    """Field that holds the text in jsonl and parquet files; default: known shapes are recognised."""
    workdir: Path = Path()
    """Folder that holds data/, models/ and logs/."""
