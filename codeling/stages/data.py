"""The data commands: do it, then say in a few lines what was made and what was left out."""

from __future__ import annotations

from collections.abc import Mapping

from codeling.data.config import DownloadConfig, PrepareConfig, ToolDataConfig, ValidateConfig
from codeling.data.download import Downloaded, download_code_corpus, download_stories
from codeling.data.prepare import prepare
from codeling.data.shards import ShardManifest
from codeling.data.tool_prepare import prepare_tools
from codeling.data.validate import validate


def download_stories_command(config: DownloadConfig) -> None:
    """``codeling data download-stories``."""
    for downloaded in download_stories(config):
        _say_downloaded(downloaded)


def download_code_command(config: DownloadConfig) -> None:
    """``codeling data download-code``."""
    _say_downloaded(download_code_corpus(config))


def prepare_command(config: PrepareConfig) -> None:
    """``codeling data prepare`` and ``prepare-code``."""
    prepared = prepare(config)
    for path, manifest in ((prepared.train_path, prepared.train), (prepared.val_path, prepared.val)):
        print(f"Saved: {path} ({_size(manifest)})")
    _say_dropped(prepared.dropped)


def prepare_tools_command(config: ToolDataConfig) -> None:
    """``codeling data prepare-tools``."""
    print(prepare_tools(config))


def validate_command(config: ValidateConfig) -> int:
    """``codeling data validate``; exit status 1 when something is wrong."""
    report = validate(config)
    print(report)
    return 0 if report.ok else 1


def _say_downloaded(downloaded: Downloaded) -> None:
    state = "Saved" if downloaded.fresh else "Complete already"
    print(f"{state}: {downloaded.path} ({downloaded.documents:,} examples, {downloaded.bytes / 1e6:,.1f} MB)")
    _say_dropped(downloaded.dropped)


def _size(manifest: ShardManifest) -> str:
    return f"{manifest.num_documents:,} documents, {manifest.num_tokens:,} tokens, {manifest.num_bytes / 1e6:,.1f} MB"


def _say_dropped(dropped: Mapping[str, int]) -> None:
    if dropped:
        reasons = ", ".join(
            f"{count:,} {reason}" for reason, count in sorted(dropped.items(), key=lambda item: -item[1])
        )
        print(f"Left out: {reasons}")
