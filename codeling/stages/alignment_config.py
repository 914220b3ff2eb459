"""What ``codeling eval alignment`` is asked to do; free of torch."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class AlignmentEvalConfig:
    """Options of ``codeling eval alignment``: is the aligned model better than what it began as, by other tests?"""

    checkpoint: Path = Path("models/rlhf_model_best.pth")
    """The aligned model."""
    baseline: Path | None = None
    """What it began as; default: the checkpoint that it was aligned from."""
    reward: str | None = None
    """The reward that was to rise; default: the one of its training."""
    reward_model: Path | None = None
    """For the reward `model`; default: the one of its training."""
    source: str = "tasks"
    """Tasks with tests: tasks (generated, of the families of its training but other than those), or mbpp:FILE."""
    prompts: int = 160
    """Tasks at most; with generated ones, as many again of families that training does not have."""
    samples: int = 8
    """Completions of each task by each of the two models."""
    max_new_tokens: int | None = None
    """Tokens of a completion at most; default: as in its training."""
    temperature: float | None = None
    """Of the samples; default: as in its training."""
    beta: float | None = None
    """Weight of the KL divergence in what must rise; default: as in its training."""
    min_reward_gain: float | None = None
    """Gate: the mean reward must rise by this many standard deviations of the baseline's rewards."""
    min_penalized_gain: float | None = None
    """Gate: the mean reward, less beta times the KL divergence of a completion, must rise by more than this."""
    max_kl_per_token: float | None = None
    """Gate: nats per token that it may be away from the baseline."""
    min_win_rate: float | None = None
    """Gate: the win rate's 95 % interval must lie above this."""
    max_length_change: float | None = None
    """Gate: relative change of the mean length at most."""
    max_ended_loss: float | None = None
    """Gate: how much less often a completion may end by itself."""
    min_entropy_share: float | None = None
    """Gate: share of the baseline's entropy that must be left."""
    max_forgetting: float | None = None
    """Gate: relative rise of the bits per byte on held-out code at most."""
    val_file: str = "code_val_large.npy"
    """Validation shard of code that shows forgetting, in data/processed; left out where it is not there."""
    eval_tokens: int = 131_072
    """Validation tokens at most, always the same ones."""
    show: int = 6
    """Tasks whose completions are shown side by side."""
    slots: int = 128
    """Completions written at the same time."""
    workers: int = 2
    """Programs that run at the same time."""
    device: str = "auto"
    """auto, cpu, cuda, cuda:N or mps."""
    seed: int = 0
    """Decides the tasks and the samples."""
    output: Path | None = None
    """Where to write the result; default logs/verify_rlhf.json."""
    workdir: Path = Path()
    """Folder that holds data/, models/ and logs/."""
