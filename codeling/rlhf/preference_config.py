"""Options of ``codeling data prepare-preferences``; free of torch."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class PreferenceConfig:
    """Options of ``scripts/prepare_rlhf_data.py``."""

    source: str = "samples,corruptions"
    """Comma-separated: samples (the model's own, ranked by running them), corruptions (of good solutions), file:PATH
    (pairs or dialogues, .jsonl or .json, also .gz and .zst, or .parquet), instructions:PATH (the prompt is an
    instruction to write code), chat:PATH (the prompt is a question), hub:ID[@REVISION][:config[:split]]."""
    val_source: str | None = None
    """Further pairs of files or hub data sets, for validation only; their prompts are never trained on."""
    num_examples: int = 2000
    """Pairs made here, from samples and corruptions together."""
    num_families: int | None = None
    """Of the generated tasks, only those of so many families, the same for every seed; default: all that may be
    trained on."""
    num_sampled: int | None = None
    """How many of these come from samples, which take far longer; default: an even share."""
    checkpoint: Path | None = None
    """Model that samples; default models/tool_model_best.pth."""
    samples_per_task: int = 8
    """Programs that the model writes for one task."""
    temperature: float = 1.0
    """Of the samples."""
    max_tokens: int = 96
    """Tokens of a sample at most."""
    mbpp_file: Path | None = None
    """Tasks from an MBPP-style file (jsonl) besides the generated ones."""
    val_fraction: float = 0.1
    """Share of the prompts for validation, chosen by their hash."""
    limit: int | None = None
    """Rows at most from each file or hub data set."""
    exclude: tuple[Path, ...] = ()
    """Evaluation files (jsonl): a pair whose prompt shares 13 words in a row with one of them is refused."""
    output: Path | None = None
    """File to write; default data/processed/preferences.json."""
    workers: int = 2
    """Sandboxes that run programs at the same time; the result does not depend on it."""
    unsafe: bool = False
    """Run the model's programs also where no working sandbox is found."""
    device: str = "auto"
    """auto, cpu, cuda, cuda:N or mps; for sampling."""
    seed: int = 0
    """Decides tasks, samples, corruptions and which prompts are for validation."""
    workdir: Path = Path()
    """Folder that holds data/, models/ and logs/."""
