"""What an alignment run is asked to do; one flat dataclass, one flag per field. Free of torch."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from codeling.config import from_mapping, require_numbers, require_plain_names
from codeling.errors import UsageError
from codeling.runtime.paths import Workspace


@dataclass(frozen=True)
class RlhfConfig:
    """Options of ``codeling align`` and ``scripts/train_rlhf.py``. None means: decided by algorithm or model."""

    algorithm: Literal["ppo", "grpo", "dpo"] = "ppo"
    """ppo: with a critic and a KL penalty; grpo: groups of samples, rewards that can be verified; dpo: from the
    preference pairs alone, without sampling."""
    policy_model: Path = Path("models/tool_model_best.pth")
    """The checkpoint to align, and the reference that it is held to."""
    reward_model: Path = Path("models/reward_model.pth")
    """For the reward `model`; it also is what PPO's critic starts from."""
    reward: str | None = None
    """model, tests, length, random (the last two are controls), or module:function; several with weights, as
    model:0.5,tests:1. Default model for ppo, tests for grpo."""
    prompts: str = "preferences.json"
    """Prompts: a preference file, tasks or tasks:N (generated programming tasks), or mbpp:FILE."""
    num_families: int | None = None
    """Of generated tasks, only those of so many families, the same for every seed; default: all that may be trained
    on. A short run learns a few families rather than nothing of many."""
    num_epochs: int = 1
    """Passes over the prompts; a run ends at the first of this and --max-iterations."""
    max_iterations: int | None = None
    """Rollout batches at most."""
    batch_size: int = 256
    """Completions in a rollout batch, over all processes; pairs in a step of dpo."""
    group_size: int | None = None
    """Completions per prompt; default 16 for grpo, 1 for ppo."""
    max_new_tokens: int = 128
    """Tokens of a completion at most."""
    temperature: float = 1.0
    """Divides the logits in sampling and in every log-probability."""
    ppo_epochs: int | None = None
    """Passes over each rollout batch; default 4 for ppo, and 1 for grpo."""
    minibatches: int | None = None
    """Optimizer steps in one such pass; default 4 for ppo, and 1 for grpo, whose first description makes a single
    update of each batch (https://arxiv.org/abs/2402.03300)."""
    learning_rate: float | None = None
    """Peak rate of AdamW, linear to 0; default 4e-4 below 3M parameters, 3e-5 below 30M, 1e-5 below 150M, else 3e-6."""
    critic_learning_rate: float | None = None
    """Peak rate of the critic; default as the policy's."""
    critic_warmup: int | None = None
    """Rollout batches that train the critic alone; default 10, but at most a tenth of the run."""
    beta: float | None = None
    """Coefficient of the KL penalty, at first; default 0.05 for ppo, 0 for grpo, 0.1 for dpo."""
    kl_target: float = 0.08
    """Nats per token that ppo adapts beta to reach; 0 keeps beta."""
    kl_horizon: float = 10_000.0
    """Completions in which beta may change by a fifth."""
    kl_limit: float = 0.5
    """Nats per token at which the run is ended, with the best checkpoint so far."""
    clip_low: float = 0.2
    """How far below 1 a token's ratio may pull."""
    clip_high: float | None = None
    """How far above 1; default 0.2 for ppo, 0.28 for grpo."""
    value_clip: float = 0.2
    """How far the critic may move from its old value in one rollout batch; it warms up without this bound."""
    value_coefficient: float = 0.1
    """Weight of the critic's loss."""
    smoothing: float = 0.95
    """Lambda of the generalised advantages."""
    whiten_rewards: bool = True
    """Scale ppo's rewards so that the sums over completions have a standard deviation of 1 in each rollout batch."""
    max_approx_kl: float = 0.03
    """Distance from the sampling policy, in nats per token, that ends the passes over a rollout batch early."""
    missing_end_score: float | None = -1.0
    """Replaces ppo's score of a completion that did not end; None keeps the score."""
    mask_truncated: bool = True
    """grpo: completions that did not end teach nothing and are no part of their group's mean."""
    grad_clip: float = 1.0
    """Largest global gradient norm."""
    micro_batch_tokens: int = 8192
    """Tokens, with padding, of what is computed at once on each process."""
    slots: int = 64
    """Completions written at the same time on each process."""
    workers: int = 2
    """Programs of the reward `tests` that run at the same time."""
    eval_every: int | None = None
    """Iterations between measurements on held-out prompts; default: ten times a run."""
    eval_prompts: int = 64
    """Held-out prompts at most."""
    save_every: int | None = None
    """Iterations between rolling checkpoints; default: at every measurement."""
    resume: bool = False
    """Continue an interrupted run bitwise from models/NAME_last.pth."""
    data_file: str = "preferences.json"
    """dpo: the preference pairs."""
    device: str = "auto"
    """auto, cpu, cuda, cuda:N or mps."""
    dtype: Literal["auto", "float32", "bfloat16", "float16"] = "auto"
    """Compute type of the networks' bodies; log-probabilities and losses are float32."""
    seed: int = 0
    """Decides the order of prompts and every sample."""
    workdir: Path = Path()
    """Folder that holds data/, models/ and logs/."""
    out_name: str = "rlhf_model"
    """Stem of the checkpoints in models/."""

    @property
    def samples_per_prompt(self) -> int:
        """``group_size`` with its default."""
        return self.group_size or (16 if self.algorithm == "grpo" else 1)

    @property
    def prompts_per_batch(self) -> int:
        """Different places for prompts in a rollout batch."""
        return self.batch_size // self.samples_per_prompt

    @property
    def passes(self) -> int:
        """``ppo_epochs`` with its default."""
        return self.ppo_epochs or (1 if self.algorithm == "grpo" else 4)

    @property
    def steps_per_pass(self) -> int:
        """``minibatches`` with its default."""
        return self.minibatches or (1 if self.algorithm == "grpo" else 4)

    @property
    def first_beta(self) -> float:
        """``beta`` with its default."""
        return {"ppo": 0.05, "grpo": 0.0, "dpo": 0.1}[self.algorithm] if self.beta is None else self.beta

    @property
    def highest_clip(self) -> float:
        """``clip_high`` with its default."""
        return (0.28 if self.algorithm == "grpo" else 0.2) if self.clip_high is None else self.clip_high

    @property
    def reward_text(self) -> str:
        """``reward`` with its default."""
        return self.reward or ("tests" if self.algorithm == "grpo" else "model")

    def rate_for(self, num_parameters: int) -> float:
        """``learning_rate`` with its default."""
        if self.learning_rate is not None:
            return self.learning_rate
        limits = ((3e6, 4e-4), (30e6, 3e-5), (150e6, 1e-5))
        return next((rate for limit, rate in limits if num_parameters < limit), 3e-6)


def check_rlhf_config(config: RlhfConfig) -> None:
    """UsageError for the first value that no run can mean, whatever its prompts and models."""
    counts = ("num_epochs", "max_iterations", "batch_size", "group_size", "max_new_tokens", "ppo_epochs", "minibatches")
    require_numbers(config, *counts, "micro_batch_tokens", "slots", "workers", "eval_every", "save_every", at_least=1)
    require_numbers(config, "num_families", at_least=1)
    require_numbers(config, "eval_prompts", "critic_warmup", at_least=0)
    require_numbers(
        config, "temperature", "learning_rate", "critic_learning_rate", "grad_clip", "kl_horizon", "kl_limit", above=0
    )
    require_numbers(config, "beta", "kl_target", "value_clip", "value_coefficient", "max_approx_kl", at_least=0)
    require_numbers(config, "clip_low", above=0, below=1)
    require_numbers(config, "clip_high", above=0)
    require_numbers(config, "smoothing", at_least=0, at_most=1)
    require_numbers(config, "missing_end_score")
    require_numbers(config, "seed", at_least=0, below=2**63)
    require_plain_names(config, "out_name")
    if config.num_families is not None and config.prompts.partition(":")[0] != "tasks":
        raise UsageError(
            f"--num-families {config.num_families} is of generated tasks, and --prompts {config.prompts} has none; add "
            "--prompts tasks, or leave --num-families out"
        )
    if config.algorithm == "grpo" and config.samples_per_prompt < 2:
        raise UsageError("--group-size 1: grpo compares the samples of a prompt, so it needs at least 2")
    if config.batch_size % config.samples_per_prompt:
        raise UsageError(
            f"--batch-size {config.batch_size} is not a multiple of --group-size {config.samples_per_prompt}; "
            f"for example --batch-size {config.samples_per_prompt * max(1, config.prompts_per_batch)}"
        )


# What decides the sequence of updates: changing one of these would make another run, not continue this one.
_FREE = frozenset(
    {"device", "dtype", "workdir", "resume", "max_iterations", "num_epochs", "micro_batch_tokens", "slots", "workers"}
    | {"save_every", "eval_every"}
)


def rlhf_defaults(recipe: str | None, arguments: Sequence[str]) -> RlhfConfig:
    """Defaults of the command line: under ``--resume`` the interrupted run's own, so that flags only override."""
    if "--resume" not in arguments:
        return RlhfConfig()
    from codeling.checkpoint import read_info

    base = RlhfConfig()
    root = Path(_value_of(arguments, "--workdir") or base.workdir)
    path = Workspace(root).models / f"{_value_of(arguments, '--out-name') or base.out_name}_last.pth"
    return dataclasses.replace(saved_rlhf_config(path, read_info(path)), resume=True, workdir=root)


def saved_rlhf_config(path: Path, info: dict[str, Any]) -> RlhfConfig:
    """The configuration inside the ``info`` of a checkpoint that alignment wrote."""
    if "rlhf" not in info:
        raise UsageError(f"{path}: is of stage {info.get('stage')}, not a run of codeling align; it cannot be resumed")
    return from_mapping(RlhfConfig, info["rlhf"], where=f"{path}: saved configuration")


def require_same_run(config: RlhfConfig, saved: RlhfConfig, *, path: Path) -> None:
    """UsageError naming both values where ``config`` would make another run than the one that wrote ``path``."""
    for field in dataclasses.fields(RlhfConfig):
        ours, theirs = getattr(config, field.name), getattr(saved, field.name)
        if field.name not in _FREE and ours != theirs:
            flag = "--" + field.name.replace("_", "-")
            raise UsageError(
                f"{flag} is {ours}, but the run in {path} has {theirs}: that would be another run. Leave {flag} out to "
                "continue, or leave --resume out to start anew"
            )


def _value_of(arguments: Sequence[str], option: str) -> str | None:
    names = (option, option.replace("-", "_").replace("__", "--", 1))
    for index, argument in enumerate(arguments):
        name, _, value = argument.partition("=")
        if name in names:
            return value or (arguments[index + 1] if index + 1 < len(arguments) else None)
    return None
