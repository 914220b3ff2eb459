"""What `codeling eval` is asked to do; free of torch."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal


@dataclass(frozen=True)
class VerifyConfig:
    """Options of `codeling eval` and of scripts/test_stage1.py and test_stage2.py.

    Thresholds that are not given are the stage's own (codeling.evals.gates.DEFAULTS).
    """

    stage: Literal["language", "code", "tools"] | None = None
    """What to verify it as; default: the stage that the checkpoint was trained in."""
    checkpoint: Path | None = None
    """Default: models/language_model_best.pth or models/code_model_best.pth, by stage."""
    baseline: Path | None = None
    """Checkpoint to compare with; default for code: models/language_model_best.pth, where there is one."""
    val_file: str | None = None
    """Validation shard; default: val_large.npy, for code code_val_large.npy, in data/processed."""
    earlier_val_file: str | None = None
    """Validation shard of the stage before, which shows forgetting; default for code: val_large.npy if it is there."""
    eval_tokens: int = 262_144
    """Validation tokens at most, always the same ones."""
    batch_size: int = 8
    """Rows computed together."""
    sequence_length: int | None = None
    """Tokens in a validation row; default: that of the training."""
    prompts: int = 24
    """Completions measured of each kind (stories, or Bash, Python and fill-in-the-middle)."""
    samples: int = 4
    """Completions shown of each kind."""
    max_tokens: int = 160
    """Tokens of a completion at most."""
    temperature: float | None = None
    """Default 0.8 for stories and 0.2 for code."""
    max_bits_per_byte: float | None = None
    """Gate: bits per byte on the stage's validation shard at most."""
    max_repetition: float | None = None
    """Gate: share of repeated 4-grams in the completions at most."""
    min_bash_valid: float | None = None
    """Gate, stage code: share of generated Bash that passes `bash -n` and is more than comments at least."""
    min_python_valid: float | None = None
    """Gate, stage code: share of generated Python that parses and is more than a docstring or pass at least."""
    min_fim_similarity: float | None = None
    """Gate, stage code: mean edit similarity of filled-in lines to the original at least."""
    must_improve: bool = True
    """Gate: with a baseline, bits per byte on the stage's validation shard must be lower than the baseline's."""
    device: str = "auto"
    """auto, cpu, cuda, cuda:N or mps."""
    dtype: Literal["auto", "float32", "bfloat16", "float16"] = "auto"
    """Compute type of the validation loss; completions are computed in float32."""
    seed: int = 0
    """Decides prompts and samples."""
    output: Path | None = None
    """Where to write the result; default: logs/verify_STAGE.json."""
    workdir: Path = Path()
    """Folder that holds data/, models/ and logs/."""
