"""Training a reward model: preference pairs and a language model in, models/reward_model.pth out.

    tool_model_best.pth --trunk, new head--> ScalarModel --pairs, one epoch--> reward_model_{last,best}.pth
        --the language model's own samples decide 0 and 1--> reward_model.pth, logs/reward_model.json and pictures

Source of the recipe: "The N+ Implementation Details of RLHF with PPO", https://arxiv.org/abs/2403.17031.
"""

from __future__ import annotations

import contextlib
import dataclasses
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from codeling.checkpoint import (
    Checkpoint,
    load_checkpoint,
    load_model,
    load_weights,
    save_checkpoint,
    stages_so_far,
)
from codeling.config import require_numbers
from codeling.model.transformer import Transformer
from codeling.rlhf.pair_config import PairSettings
from codeling.rlhf.pair_losses import preferred, reward_losses
from codeling.rlhf.pair_training import PairResult, PairRun, PairTask, require_same_run, settings_of, start_or_resume
from codeling.rlhf.pairs import PairBatch, read_pairs
from codeling.rlhf.preferences import PREPARE_COMMAND
from codeling.rlhf.reward_config import RewardConfig
from codeling.rlhf.reward_normalization import normalize_scores
from codeling.rlhf.reward_report import RewardReport, measure_reward_model, reward_measures
from codeling.rlhf.scalar_model import KIND, ScalarModel
from codeling.runtime.device import prepare_device, resolve_device
from codeling.runtime.distributed import Processes, joined
from codeling.runtime.files import directory_lock, sha256_file, write_json
from codeling.runtime.paths import Workspace
from codeling.train.memory import out_of_memory_explained

COMMAND = "python scripts/train_reward_model.py"


@dataclass(frozen=True)
class RewardResult:
    """What a run left behind."""

    path: Path
    report: RewardReport
    training: PairResult

    @property
    def measures(self) -> dict[str, float]:
        """Flat numbers for a run's report."""
        return reward_measures(self.report)


def train_reward_command(config: RewardConfig) -> None:
    """``codeling train-reward``."""
    train_reward(config)


def train_reward(config: RewardConfig) -> RewardResult | None:
    """Train, or with ``resume`` continue bitwise; None on every process but the first.

    Raises UsageError for what cannot be meant, Failure for what went wrong, Interrupted (exit status 130 or 143) after
    SIGINT or SIGTERM, once the state is saved.
    """
    processes = Processes.from_environment()
    device = resolve_device(config.device, local_rank=processes.local_rank)
    with contextlib.ExitStack() as stack:
        if processes.is_main:
            stack.enter_context(directory_lock(Workspace(config.workdir).models, purpose="training"))
        prepare_device(device)
        stack.enter_context(joined(processes, device))
        with out_of_memory_explained(None):
            run = _RewardRun(config, processes, device)
        stack.callback(run.close)
        training = run.train()
        return run.finish(training) if processes.is_main else None


def reward_learning_rate(num_parameters: int) -> float:
    """AdamW's peak rate where none is named."""
    limits = ((3e6, 3e-3), (30e6, 1e-3), (100e6, 3e-5))
    return next((rate for limit, rate in limits if num_parameters < limit), 1e-5)


def batch_scores(model: Any, batch: PairBatch) -> tuple[Tensor, Tensor]:
    """Raw scores of the chosen and of the rejected texts, each (P,), from one forward pass."""
    scores = model.packed_scores(batch.tokens, positions=batch.positions, texts=batch.texts, ends=batch.ends)
    chosen, rejected = scores.chunk(2)
    return chosen, rejected


def reward_objective(model: Any, batch: PairBatch, *, centering: float, use_margin: bool) -> Tensor:
    """Summed ``reward_losses`` of a batch; both texts of its pairs go through the model at once."""
    chosen, rejected = batch_scores(model, batch)
    margins = batch.margins if use_margin else torch.zeros_like(batch.margins)
    return reward_losses(chosen, rejected, margins, centering=centering).sum()


def measured_sums(model: Any, batch: PairBatch, *, centering: float, use_margin: bool) -> Tensor:
    """(2,) sums over the batch's pairs: the loss, and how many are told apart rightly."""
    chosen, rejected = batch_scores(model, batch)
    margins = batch.margins if use_margin else torch.zeros_like(batch.margins)
    losses = reward_losses(chosen, rejected, margins, centering=centering)
    return torch.stack([losses.double().sum(), preferred(chosen - rejected).sum()])


class _RewardRun:
    """One run: the language model that it begins as, the pairs, and the training."""

    def __init__(self, config: RewardConfig, processes: Processes, device: torch.device) -> None:
        require_numbers(config, "centering", at_least=0)
        require_numbers(config, "normalize_samples", "max_tokens", at_least=1)
        workspace = Workspace(config.workdir)
        self._config, self._workspace, self._device = config, workspace, device
        path = workspace.find(config.checkpoint, workspace.models, remedy="python scripts/train.py --stage tools")
        data_file = workspace.find(config.data_file, workspace.processed, remedy=PREPARE_COMMAND)
        self._language_model = load_model(path)
        model = self._language_model.model
        defaults = dataclasses.replace(RewardConfig(), workdir=config.workdir, out_name=config.out_name)
        settings, start = start_or_resume(
            _settings(config, data_file, model), defaults=_settings(defaults, data_file, model), command=COMMAND
        )
        self._settings = settings
        self._pairs = read_pairs(data_file, self._language_model.tokenizer, max_length=settings.max_length)
        scalar = ScalarModel.from_language_model(model, seed=settings.seed)
        options = {"centering": config.centering, "use_margin": config.use_margin}
        identity = {**options, "checkpoint": sha256_file(path)}
        if start is not None:
            require_same_run(start, "reward", identity)
        task = PairTask(
            title="Training the reward model",
            command=COMMAND,
            stage="reward",
            kind=KIND,
            model=scalar,
            model_config=scalar.config,
            tokenizer=self._language_model.tokenizer,
            train=self._pairs.train,
            val=self._pairs.val,
            objective=lambda model, batch: reward_objective(model, batch, **options),
            measure=lambda model, batch: measured_sums(model, batch, **options),
            measured=("loss", "accuracy"),
            extra_info={"reward": identity, "earlier": stages_so_far(self._language_model.info)},
        )
        self._run = PairRun(task, settings, processes=processes, device=device, start=start)

    def close(self) -> None:
        self._run.close()

    def train(self) -> PairResult:
        """To the end, or Interrupted."""
        return self._run.train()

    def finish(self, training: PairResult) -> RewardResult:
        """Normalise the best model's scores, measure it, and publish it."""
        config = self._config
        best = load_checkpoint(training.best)
        model = ScalarModel(self._language_model.model.config)
        load_weights(model, best, training.best)
        model.to(self._device).eval()
        self._language_model.model.to(self._device)
        normalization = normalize_scores(
            model,
            self._language_model,
            [preference.prompt for preference in self._pairs.val_preferences],
            num_samples=config.normalize_samples,
            max_tokens=min(config.max_tokens, self._settings.max_length // 2),
            seed=config.seed,
        )
        report = measure_reward_model(
            model,
            self._language_model.tokenizer,
            train=self._pairs.train.pairs,
            val=self._pairs.val.pairs,
            preferences=self._pairs.val_preferences,
            normalization=normalization,
            max_length=self._settings.max_length,
        )
        path = self._workspace.models / f"{config.out_name}.pth"
        info = {**best.info, "finished": True, "measures": reward_measures(report)}
        save_checkpoint(path, Checkpoint(info=info, model=model.state_dict(), tokenizer=best.tokenizer))
        self._write_report(report)
        self._run.say(f"{report}\nSaved: {path}")
        return RewardResult(path, report, training)

    def _write_report(self, report: RewardReport) -> None:
        from codeling.rlhf.reward_plots import write_figures  # brings matplotlib

        write_json(self._workspace.logs / f"{self._config.out_name}.json", report.to_json())
        for picture in write_figures(report, self._workspace.logs):
            self._run.say(f"Saved: {picture}")


def _settings(config: RewardConfig, data_file: Path, model: Transformer) -> PairSettings:
    rate = reward_learning_rate(model.num_parameters())
    return settings_of(config, data_file=data_file, longest=model.config.max_sequence_length, learning_rate=rate)
