"""A training on pairs put together: pairs, model, optimizer, log, checkpoints; then THE loop does the rest.

The reward model and DPO are two ``PairTask``s: a model, an objective over a ``PairBatch``, and what is measured on the
pairs held out. Everything else, resuming and several processes included, is the same and is here.
"""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

import codeling
from codeling.checkpoint import Checkpoint, load_checkpoint, load_weights
from codeling.config import from_mapping, to_mapping
from codeling.errors import UsageError
from codeling.model.config import ModelConfig
from codeling.model.transformer import Transformer
from codeling.rlhf.pair_config import FIXED, PairSettings
from codeling.rlhf.pairs import EncodedPairs, PairBatch, PairStream, all_batches
from codeling.runtime.device import compute_dtype, describe_device
from codeling.runtime.distributed import Processes, sum_across
from codeling.runtime.files import sha256_file
from codeling.runtime.metrics import MetricsLog
from codeling.runtime.paths import Workspace
from codeling.runtime.signals import Interrupted, StopRequest
from codeling.tokenizer.bpe import Tokenizer
from codeling.train.loop import train_loop
from codeling.train.optimizers import build_optimizer
from codeling.train.precision import Precision
from codeling.train.progress import Plan, Progress, Validation
from codeling.train.saving import Saver

_EPSILON = 1e-5
"""AdamW's; what the RLHF implementations with exact details use (https://arxiv.org/abs/2403.17031)."""


@dataclass(frozen=True)
class PairTask:
    """What distinguishes one training on pairs from another."""

    title: str
    command: str
    """What people type to begin it; messages add ``--resume``."""
    stage: str
    kind: str
    """These two go into the checkpoint's ``info``."""
    model: nn.Module
    model_config: ModelConfig
    tokenizer: Tokenizer
    train: EncodedPairs
    val: EncodedPairs
    objective: Callable[[Any, PairBatch], Tensor]
    """(model, batch) -> loss summed over the batch's pairs."""
    measure: Callable[[Any, PairBatch], Tensor]
    """(model, batch) -> (K,) sums over the batch's pairs of what ``measured`` names, without gradients."""
    measured: tuple[str, ...]
    """The first is ``loss``."""
    extra_info: Mapping[str, Any] = field(default_factory=dict)
    extra_state: Mapping[str, Any] = field(default_factory=dict)
    """Saved in every checkpoint's state beside the loop's own."""


@dataclass(frozen=True)
class PairResult:
    """What a training left behind; losses per pair in nats."""

    best: Path
    last: Path
    steps: int
    seconds: float
    train_loss: float | None
    val_loss: float | None
    measures: Mapping[str, float]
    """Of the last validation."""


class PairRun:
    """One training; ``start`` is the checkpoint to continue, None for a fresh one."""

    def __init__(
        self,
        task: PairTask,
        settings: PairSettings,
        *,
        processes: Processes,
        device: torch.device,
        start: Checkpoint | None = None,
    ) -> None:
        workspace = Workspace(settings.workdir)
        self._task, self._settings, self._processes, self._device = task, settings, processes, device
        self._data_hash = sha256_file(settings.data_file)
        self._model = task.model.to(device)
        self._stream = PairStream(
            task.train.pairs,
            pairs_per_step=settings.pairs_per_step,
            batch_size=settings.batch_size,
            seed=settings.seed,
            processes=processes,
            device=device,
        )
        self._plan = _plan(settings, self._stream, task.train)
        self._optimizer = build_optimizer(
            self._model,
            kind="adamw",
            learning_rate=settings.learning_rate,
            weight_decay=settings.weight_decay,
            tokens_per_step=self._plan.tokens_per_step,
            epsilon=_EPSILON,
        )
        dtype = compute_dtype(device, settings.dtype) if settings.use_amp else torch.float32
        self._precision = Precision(device, dtype)
        self._progress = Progress() if start is None else self._restored(start)
        self._log = MetricsLog(
            workspace.logs, settings.out_name, resume_step=self._progress.step, enabled=processes.is_main
        )
        self._saver = Saver(workspace.models, settings.out_name, snapshot=self._snapshot, say=self._log.say)
        self._measures: Mapping[str, float] = {}

    def close(self) -> None:
        self._log.close()

    @property
    def say(self) -> Callable[[str], None]:
        """Prints a line on the main process and writes it to the log."""
        return self._log.say

    def train(self) -> PairResult:
        """To the end of the plan; Interrupted after a signal, once the state is saved."""
        if self._processes.is_main:
            self._saver.clean()
        self._introduce()
        if self._progress.step >= self._plan.total_steps:
            self._log.say(f"all {self._plan.total_steps} steps are done")
            return self._result()
        _set_gradient_checkpointing(self._model, self._settings.gradient_checkpointing)
        self._model.eval()  # no dropout: a score or a ratio is compared with one that had none
        try:
            with StopRequest() as stop:
                train_loop(
                    self._model,
                    self._optimizer,
                    plan=self._plan,
                    progress=self._progress,
                    precision=self._precision,
                    processes=self._processes,
                    metrics=self._log,
                    stop=stop,
                    next_batches=self._stream,
                    objective=self._task.objective,
                    evaluate=self._evaluate,
                    save=self._save,
                )
        except Interrupted as stopped:
            self._saver.finish()
            raise self._explained(stopped) from None
        self._saver.finish()
        return self._result()

    def _restored(self, start: Checkpoint) -> Progress:
        path = last_checkpoint(self._settings)
        if start.optimizer is None or start.state is None:
            raise UsageError(f"{path}: holds weights only and cannot be resumed; leave --resume out")
        if start.info["data"]["fingerprint"] != self._data_hash:
            raise UsageError(
                f"{self._settings.data_file}: is not the file that {path} was trained on; leave --resume out to start "
                "a new run on it"
            )
        load_weights(self._model, start, path)
        self._optimizer.load_state_dict(start.optimizer)
        self._precision.load_state_dict(start.state["precision"])
        return Progress.from_state(start.state["progress"])

    def _introduce(self) -> None:
        task, settings, plan = self._task, self._settings, self._plan
        resumed = f"resumed at step {self._progress.step}, " if self._progress.step else ""
        parameters = sum(parameter.numel() for parameter in self._model.parameters())
        processes = f", {self._processes.world} processes" if self._processes.world > 1 else ""
        self._log.say(
            f"{task.title}: {parameters:,} parameters, {resumed}{len(task.train.pairs):,} pairs, "
            f"{len(task.val.pairs):,} held out\n"
            f"  on {describe_device(self._device)}{processes}, {str(self._precision.dtype).removeprefix('torch.')}\n"
            f"  {plan.total_steps:,} steps of {settings.pairs_per_step} pairs, peak rate {settings.learning_rate:g}, "
            f"validation every {plan.eval_every}, checkpoint every {plan.save_every}"
        )
        for encoded, name in ((task.train, "training"), (task.val, "held-out")):
            if encoded.prompts_cut or encoded.responses_cut:
                self._log.say(
                    f"  of the {name} pairs {encoded.prompts_cut:,} lost the beginning of their prompt and "
                    f"{encoded.responses_cut:,} the end of a response, being longer than {settings.max_length} tokens"
                )

    def _evaluate(self, step: int) -> Validation:
        """Sums over all processes in float64, so that the way pairs are shared does not show."""
        task = self._task
        sums = torch.zeros(len(task.measured), dtype=torch.float64)
        with torch.no_grad(), self._precision.autocast():
            batches = all_batches(
                task.val.pairs,
                batch_size=self._settings.batch_size,
                device=self._device,
                processes=self._processes,
            )
            for batch in batches:
                sums += task.measure(self._model, batch).double().cpu()
        totals = sum_across(sums.to(self._device) if self._device.type == "cuda" else sums).tolist()
        means = dict(zip(task.measured, (total / len(task.val.pairs) for total in totals), strict=True))
        self._log.say(f"held out, after step {step}: " + ", ".join(f"{name} {means[name]:.4f}" for name in means))
        loss = means.pop("loss")
        self._measures = means
        return Validation(loss, measures=means)

    def _save(self, *, epoch: int | None, best: bool) -> None:
        if self._processes.is_main:
            self._saver.save(epoch=epoch, best=best)

    def _snapshot(self) -> Checkpoint:
        progress, task = self._progress, self._task
        info: dict[str, Any] = {
            "stage": task.stage,
            "kind": task.kind,
            "step": progress.step,
            "epoch": self._plan.epoch_of(max(1, progress.step)),
            "tokens": progress.tokens,
            "finished": progress.step >= self._plan.total_steps,
            "parameters": sum(parameter.numel() for parameter in self._model.parameters()),
            "metrics": {
                "train_loss": _finite(progress.train_loss),
                "val_loss": _finite(progress.val_loss),
                "best_val_loss": progress.best_loss,
                "seconds": progress.seconds,
                **{f"val_{name}": value for name, value in self._measures.items()},
            },
            "model": to_mapping(task.model_config),
            "train": {"sequence_length": self._settings.max_length},
            "pairs": to_mapping(self._settings),
            "tokenizer_hash": task.tokenizer.content_hash,
            "data": {"fingerprint": self._data_hash, "sources": [self._described()]},
            "versions": {"codeling": codeling.__version__, "torch": str(torch.__version__)},
            **task.extra_info,
        }
        return Checkpoint(
            info=info,
            model=self._model.state_dict(),
            tokenizer=task.tokenizer.to_json(),
            optimizer=self._optimizer.state_dict(),
            state={
                "progress": progress.state_dict(),
                "precision": self._precision.state_dict(),
                **task.extra_state,
            },
        )

    def _described(self) -> dict[str, Any]:
        """The training pairs in the form in which model cards say of what a stage was made."""
        return {
            "source": self._settings.data_file.name,
            "language": "-",
            "licence": "unknown",
            "documents": len(self._task.train.pairs),
            "tokens": self._task.train.num_tokens,
        }

    def _explained(self, stopped: Interrupted) -> Interrupted:
        remedy = Workspace(self._settings.workdir).command(f"{self._task.command} --resume")
        last = self._saver.path("last")
        if stopped.saved:
            return Interrupted(stopped.signal_number, f"{stopped.state}; saved: {last}", remedy=remedy)
        state = f"{stopped.state}, whose loss was not finite and which is not saved"
        return Interrupted(stopped.signal_number, state, remedy=remedy if last.exists() else "")

    def _result(self) -> PairResult:
        progress, last, best = self._progress, self._saver.path("last"), self._saver.path("best")
        return PairResult(
            best=best if best.exists() else last,
            last=last,
            steps=progress.step,
            seconds=progress.seconds,
            train_loss=progress.train_loss,
            val_loss=progress.val_loss,
            measures=self._measures,
        )


def _plan(settings: PairSettings, stream: PairStream, train: EncodedPairs) -> Plan:
    """Linear to zero, after a short warm-up."""
    ends = tuple(stream.steps_per_epoch * (epoch + 1) for epoch in range(settings.num_epochs))
    total = ends[-1] if settings.max_steps is None else min(ends[-1], settings.max_steps)
    eval_every = settings.eval_every or max(1, total // 10)
    return Plan(
        total_steps=total,
        tokens_per_step=max(1, round(train.num_tokens / stream.steps_per_epoch)),
        epoch_ends=ends[: 1 + sum(end < total for end in ends)],
        num_epochs=settings.num_epochs,
        eval_every=eval_every,
        save_every=settings.save_every or eval_every,
        warmdown_fraction=1.0,
        final_fraction=0.0,
        grad_clip=settings.grad_clip,
        seed=settings.seed,
    )


def _set_gradient_checkpointing(model: nn.Module, on: bool) -> None:
    for module in model.modules():
        if isinstance(module, Transformer):
            module.gradient_checkpointing = on


def _finite(value: float | None) -> float | None:
    return value if value is not None and math.isfinite(value) else None


def last_checkpoint(settings: PairSettings) -> Path:
    """Where the rolling checkpoint of a run is, or would be."""
    return Workspace(settings.workdir).models / f"{settings.out_name}_last.pth"


def settings_of(config: Any, *, data_file: Path, longest: int, learning_rate: float) -> PairSettings:
    """The part of ``config`` (its fields by name) that every training on pairs has, with what it leaves open decided:
    the model's maximum ``longest``, and the peak rate."""
    if config.max_length is not None and config.max_length > longest:
        raise UsageError(f"--max-length {config.max_length}: this model reads {longest} tokens at most")
    values = {field.name: getattr(config, field.name) for field in dataclasses.fields(PairSettings)}
    values["data_file"] = data_file
    values["max_length"] = config.max_length or longest
    values["learning_rate"] = config.learning_rate or learning_rate
    return PairSettings(**values)


def start_or_resume(
    settings: PairSettings, *, defaults: PairSettings, command: str, flags: Mapping[str, str] | None = None
) -> tuple[PairSettings, Checkpoint | None]:
    """``settings`` for a fresh run; on resume with what decides the losses taken from the rolling checkpoint, and it.

    A value that was asked for (is not the default) and contradicts the run is a UsageError. ``flags``: the names that
    people know the fields by, where they differ.
    """
    if not settings.resume:
        return settings, None
    path = last_checkpoint(settings)
    if not path.is_file():
        raise UsageError(f"{path}: nothing to resume; start with: {command}")
    start = load_checkpoint(path)
    if "pairs" not in start.info:
        raise UsageError(f"{path}: is no training on pairs; choose another --out-name, or leave --resume out")
    saved = from_mapping(PairSettings, start.info["pairs"], where=f"{path}: saved configuration")
    changes = {}
    for name in FIXED:
        ours, theirs = getattr(settings, name), getattr(saved, name)
        if ours not in (theirs, getattr(defaults, name)):
            flag = (flags or {}).get(name) or "--" + name.replace("_", "-")
            raise UsageError(
                f"{flag} is {ours}, but the run in {path} has {theirs}: that would be another run. Leave {flag} out to "
                "continue, or leave --resume out to start anew"
            )
        changes[name] = theirs
    return dataclasses.replace(settings, **changes), start


def require_same_run(start: Checkpoint, section: str, ours: Mapping[str, Any]) -> None:
    """UsageError for the first of ``ours`` that differs from the same name in the checkpoint's ``info[section]``."""
    theirs = start.info.get(section, {})
    for name, value in ours.items():
        if theirs.get(name) != value:
            flag = name.replace("_", "-")
            raise UsageError(
                f"--{flag} is not what it was in the run that --resume would continue: that would be another run; "
                "leave --resume out to start anew"
            )
