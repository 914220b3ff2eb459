"""Training of any language-model stage: configuration and shards in, checkpoints out; the loop does the rest.

TrainConfig, checkpoint --set_up--> what the run is
shards --BatchStream, Feed--> micro-batches --+
architecture, weights --> model, optimizer ---+--> train_loop --> models/NAME_{last,best,epoch_K}.pth, logs/
"""

from __future__ import annotations

import contextlib
import dataclasses
import math
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch

import codeling
from codeling.checkpoint import Checkpoint, load_weights, stages_so_far
from codeling.config import to_mapping
from codeling.data.assembly import left_out
from codeling.data.batches import BatchStream
from codeling.model.accounting import flops_per_token
from codeling.model.transformer import Transformer
from codeling.runtime.device import compute_dtype, describe_device, peak_flops, prepare_device, resolve_device
from codeling.runtime.distributed import Processes, joined
from codeling.runtime.files import directory_lock
from codeling.runtime.metrics import MetricsLog
from codeling.runtime.paths import Workspace
from codeling.runtime.signals import Interrupted, StopRequest
from codeling.stages.training_data import Feed, open_shards, require_same_data, validation_share
from codeling.stages.training_samples import Sampler
from codeling.stages.training_setup import Setup, set_up
from codeling.train.config import TrainConfig
from codeling.train.loop import train_loop
from codeling.train.memory import out_of_memory_explained
from codeling.train.objectives import language_modeling
from codeling.train.optimizers import build_optimizer, describe_rates
from codeling.train.precision import Precision
from codeling.train.progress import Plan, Progress, Validation
from codeling.train.saving import Saver
from codeling.train.validation import validate


@dataclass(frozen=True)
class TrainResult:
    """What a run left behind; losses in nats per target, None where there was nothing to validate on."""

    best: Path
    last: Path
    steps: int
    tokens: int
    seconds: float
    """Of all sittings together."""
    train_loss: float | None
    val_loss: float | None
    val_bits_per_byte: float | None
    best_val_loss: float | None
    num_parameters: int


def train_command(config: TrainConfig) -> None:
    """``codeling train``."""
    train(config)


def train(config: TrainConfig) -> TrainResult:
    """Train one stage, or continue it exactly with ``resume``.

    Raises UsageError for what cannot be meant, Failure for what went wrong, and Interrupted (a Failure with
    ``exit_status`` 130 or 143) after SIGINT or SIGTERM, once the state is saved.
    """
    processes = Processes.from_environment()
    device = resolve_device(config.device, local_rank=processes.local_rank)
    with contextlib.ExitStack() as stack:
        if processes.is_main:
            stack.enter_context(directory_lock(Workspace(config.workdir).models, purpose="training"))
        prepare_device(device)
        stack.enter_context(joined(processes, device))
        with out_of_memory_explained(None):
            run = _Run(set_up(config, world=processes.world), processes, device)
        stack.callback(run.close)
        return run.train()


class _Run:
    """One run put together: everything that lives as long as it does."""

    def __init__(self, setup: Setup, processes: Processes, device: torch.device) -> None:
        config = setup.config
        workspace = Workspace(config.workdir)
        self.setup, self.processes, self.device = setup, processes, device
        self.shards = open_shards(config, verify=processes.is_main)
        self.stream = BatchStream(
            self.shards.parts,
            rows=config.batch_size * config.grad_accumulation_steps * processes.world,
            sequence_length=setup.sequence_length,
            seed=config.seed,
            fim_rate=config.fim_rate or 0.0,
            tokenizer=setup.tokenizer,
        )
        self.model = _build_model(setup, device)
        self.optimizer = build_optimizer(
            self.model,
            kind=config.optimizer,
            learning_rate=config.learning_rate,
            weight_decay=config.weight_decay,
            tokens_per_step=self.stream.rows * setup.sequence_length,
        )
        dtype = compute_dtype(device, config.dtype) if config.use_amp else torch.float32
        self.precision = Precision(device, dtype)
        self.progress = self._restored() if config.resume else Progress()
        self.earlier = _earlier_stages(setup)
        # The run may take days; what it started from need not stay in memory.
        self.setup = setup = dataclasses.replace(setup, start=None)
        self.plan = _make_plan(setup, self.stream, processes=processes, device=device)
        self.log = MetricsLog(workspace.logs, setup.name, resume_step=self.progress.step, enabled=processes.is_main)
        self.saver = Saver(workspace.models, setup.name, snapshot=self._snapshot, say=self.log.say)
        self.feed = Feed(self.stream, batch_size=config.batch_size, processes=processes, device=device)
        self.sampler = Sampler(self.model, setup, precision=self.precision, say=self.log.say)
        self.validation, self.validation_bytes = validation_share(
            self.shards.validation, setup, processes=processes, device=device
        )

    def close(self) -> None:
        self.feed.close()
        self.log.close()

    def _restored(self) -> Progress:
        """Optimizer, precision and progress of the checkpoint; rates follow the flags, which resume leaves alone."""
        start = self.setup.start
        assert start is not None and start.optimizer is not None and start.state is not None
        require_same_data(start.info["data"], self.stream, self.shards, checkpoint=self.setup.start_path)
        asked = [(group["base_lr"], group["base_weight_decay"]) for group in self.optimizer.param_groups]
        self.optimizer.load_state_dict(start.optimizer)
        for group, (rate, decay) in zip(self.optimizer.param_groups, asked, strict=True):
            group["base_lr"], group["base_weight_decay"] = rate, decay
        self.precision.load_state_dict(start.state["precision"])
        return Progress.from_state(start.state["progress"])

    def train(self) -> TrainResult:
        """Say what will be done, do it, and say what was made."""
        config, plan = self.setup.config, self.plan
        if self.processes.is_main:
            self.saver.clean()
        self._introduce()
        if self.progress.step >= plan.total_steps:
            self.log.say(
                f"already finished: {self.progress.step} of {plan.total_steps} steps are done; raise --num-epochs "
                "(or --max-steps, --max-tokens) to go on"
            )
            return self._result()
        if config.use_compile:
            from codeling.model.compile import compile_hot_parts  # brings the compiler: seconds that others save

            compile_hot_parts(self.model)
        self.model.gradient_checkpointing = config.gradient_checkpointing
        self.model.train()
        try:
            with StopRequest() as stop:
                train_loop(
                    self.model,
                    self.optimizer,
                    plan=plan,
                    progress=self.progress,
                    precision=self.precision,
                    processes=self.processes,
                    metrics=self.log,
                    stop=stop,
                    next_batches=self.feed,
                    objective=language_modeling,
                    evaluate=self._evaluate,
                    save=self._save,
                )
        except Interrupted as stopped:
            self.saver.finish()
            raise self._explained(stopped) from None
        self.saver.finish()
        result = self._result()
        self.log.say(f"Saved: {result.best}")
        return result

    def _explained(self, stopped: Interrupted) -> Interrupted:
        """What is left after the signal, and how to go on from there."""
        last = self.saver.path("last")
        remedy = f"python scripts/train.py --checkpoint {last} --resume"
        if stopped.saved:
            return Interrupted(stopped.signal_number, f"{stopped.state}; saved: {last}", remedy=remedy)
        state = f"{stopped.state}, whose loss was not finite and which is not saved"
        return Interrupted(stopped.signal_number, state, remedy=remedy if last.exists() else "")

    def _introduce(self) -> None:
        setup, plan = self.setup, self.plan
        begin = "new weights"
        if setup.config.checkpoint is not None:
            how = f"resumed at step {self.progress.step}" if setup.config.resume else "weights"
            begin = f"{how} from {setup.config.checkpoint}"
        processes = f", {self.processes.world} processes" if self.processes.world > 1 else ""
        self.log.say(
            f"Training {setup.name}: {self.model.num_parameters():,} parameters, {begin}\n"
            f"  on {describe_device(self.device)}{processes}, {str(self.precision.dtype).removeprefix('torch.')}"
            f"{', compiled' if setup.config.use_compile else ''}\n"
            f"  {plan.total_steps:,} steps of {self.stream.rows} x {setup.sequence_length} tokens, "
            f"validation every {plan.eval_every}, checkpoint every {plan.save_every}\n"
            f"  {describe_rates(self.optimizer, learning_rate=setup.config.learning_rate)}"
        )
        if not setup.config.resume and self.saver.path("last").exists():
            self.log.say(
                f"  replaces the checkpoints of an earlier run, {self.saver.path('last')}; --resume continues it"
            )
        if len(self.shards.parts) > 1:
            shard, share = self.shards.parts[1]
            self.log.say(f"  {100 * share:g} % of the rows replay {shard.path}")
        if self.shards.validation is None:
            self.log.say("  no validation shard: no val_loss, and the best checkpoint is the last one")
        for shard, _ in self.shards.parts:
            lost = left_out(shard, setup.sequence_length)
            if lost.documents:
                self.log.say(
                    f"  {shard.name}: {lost.documents:,} conversations are longer than a row, so {lost.trained:,} "
                    "tokens of their ends are not trained; a longer --sequence-length trains them"
                )

    def _evaluate(self, step: int) -> Validation | None:
        every = self.setup.config.sample_every or self.plan.eval_every
        if self.processes.is_main and (step % every == 0 or step == self.plan.total_steps):
            self.sampler.show(step)
        if self.shards.validation is None:
            return None
        return validate(
            self.model,
            self.validation,
            num_bytes=self.validation_bytes,
            objective=language_modeling,
            precision=self.precision,
        )

    def _save(self, *, epoch: int | None, best: bool) -> None:
        if self.processes.is_main:
            only_last_counts = self.shards.validation is None and self.progress.step == self.plan.total_steps
            self.saver.save(epoch=epoch, best=best or only_last_counts)

    def _snapshot(self) -> Checkpoint:
        progress, setup = self.progress, self.setup
        info: dict[str, Any] = {
            "stage": setup.config.stage,
            "step": progress.step,
            "epoch": self.plan.epoch_of(max(1, progress.step)),
            "tokens": progress.tokens,
            "finished": progress.step >= self.plan.total_steps,
            "parameters": self.model.num_parameters(),
            "metrics": {
                "train_loss": _finite(progress.train_loss),
                "val_loss": _finite(progress.val_loss),
                "val_bits_per_byte": _finite(progress.val_bits_per_byte),
                "best_val_loss": progress.best_loss,
                "seconds": progress.seconds,
            },
            "model": to_mapping(setup.model),
            "train": to_mapping(setup.config),
            "global_rows": self.stream.rows,
            "tokenizer_hash": setup.tokenizer.content_hash,
            "data": {
                "fingerprint": self.stream.fingerprint,
                "shards": self.shards.fingerprint(),
                "profile": self.shards.parts[0][0].manifest.profile,
                "sources": self.shards.sources(),
            },
            "earlier": self.earlier,
            "versions": {"codeling": codeling.__version__, "torch": str(torch.__version__)},
        }
        return Checkpoint(
            info=info,
            model=self.model.state_dict(),
            tokenizer=setup.tokenizer.to_json(),
            optimizer=self.optimizer.state_dict(),
            state={"progress": progress.state_dict(), "precision": self.precision.state_dict()},
        )

    def _result(self) -> TrainResult:
        progress, best, last = self.progress, self.saver.path("best"), self.saver.path("last")
        return TrainResult(
            best=best if best.exists() else last,
            last=last,
            steps=progress.step,
            tokens=progress.tokens,
            seconds=progress.seconds,
            train_loss=progress.train_loss,
            val_loss=progress.val_loss,
            val_bits_per_byte=progress.val_bits_per_byte,
            best_val_loss=progress.best_loss,
            num_parameters=self.model.num_parameters(),
        )


def _finite(value: float | None) -> float | None:
    return value if value is not None and math.isfinite(value) else None


def _earlier_stages(setup: Setup) -> list[dict[str, Any]]:
    """What the stages before this one say of themselves."""
    if setup.start is None:
        return []
    info = setup.start.info
    return info.get("earlier", []) if setup.config.resume else stages_so_far(info)


def _build_model(setup: Setup, device: torch.device) -> Transformer:
    """The model with its first weights, equal on every device and process: made, or copied, on the CPU."""
    model = Transformer(setup.model)
    if setup.start is None:
        model.init_weights(setup.config.seed)
    else:
        load_weights(model, setup.start, setup.start_path)
    return model.to(device)


def _make_plan(setup: Setup, stream: BatchStream, *, processes: Processes, device: torch.device) -> Plan:
    """How long the run is and what happens when; epochs beyond the last step are not looked at."""
    config = setup.config
    tokens_per_step = stream.rows * setup.sequence_length
    limits = [config.max_steps, max(1, config.max_tokens // tokens_per_step) if config.max_tokens else None]
    limit = min((limit for limit in limits if limit is not None), default=None)
    ends: list[int] = []
    while len(ends) < config.num_epochs and (limit is None or not ends or ends[-1] < limit):
        ends.append(stream.steps_for_epochs(len(ends) + 1))
    total = ends[-1] if limit is None else min(ends[-1], limit)
    eval_every = config.eval_every or max(1, min(ends[0], total // 10))
    peak = peak_flops(device)
    # Pretraining with QK-norm needs no clipping; everything else gets the usual bound.
    clip = config.grad_clip if config.grad_clip is not None else (None if setup.model.qk_norm else 1.0)
    return Plan(
        total_steps=total,
        tokens_per_step=tokens_per_step,
        epoch_ends=tuple(ends),
        num_epochs=config.num_epochs,
        eval_every=eval_every,
        save_every=config.save_every or eval_every,
        warmup_steps=config.warmup_steps,
        grad_clip=clip,
        seed=config.seed,
        flops_per_token=flops_per_token(setup.model, setup.sequence_length),
        peak_flops=peak * processes.world if peak else None,
    )
