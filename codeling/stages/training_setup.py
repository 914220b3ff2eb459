"""From what the user asked to what the run is: defaults of the stage, the checkpoint's say, contradictions refused."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from pathlib import Path

from codeling.checkpoint import Checkpoint, load_checkpoint, load_tokenizer
from codeling.config import from_mapping
from codeling.errors import UsageError
from codeling.model.config import SIZES, ModelConfig, model_config
from codeling.runtime.paths import Workspace
from codeling.tokenizer.bpe import Tokenizer
from codeling.train.config import TrainConfig
from codeling.train.resume import OUT_NAMES, kept_global_rows, last_checkpoint, merge_resumed, saved_config


@dataclass(frozen=True)
class Setup:
    """A run, decided: ``config`` leaves nothing open that matters for resuming it."""

    config: TrainConfig
    model: ModelConfig
    tokenizer: Tokenizer
    start: Checkpoint | None
    """Where weights come from, and with ``config.resume`` also optimizer and state; dropped once they are copied."""

    @property
    def start_path(self) -> Path:
        assert self.config.checkpoint is not None
        return self.config.checkpoint

    @property
    def name(self) -> str:
        assert self.config.out_name is not None
        return self.config.out_name

    @property
    def sequence_length(self) -> int:
        assert self.config.sequence_length is not None
        return self.config.sequence_length


def set_up(config: TrainConfig, *, world: int) -> Setup:
    """Fill in what ``config`` leaves open, for a run of ``world`` processes. UsageError for contradictions."""
    _check_numbers(config)
    if config.resume:
        return _resumed(config, world=world)
    if config.stage is None:
        raise UsageError("--stage is missing: language or code")
    code = config.stage == "code"
    config = dataclasses.replace(
        config,
        data_file=config.data_file or ("code_train_large.npy" if code else "train_large.npy"),
        fim_rate=(0.5 if code else 0.0) if config.fim_rate is None else config.fim_rate,
        out_name=config.out_name or OUT_NAMES[config.stage],
    )
    workspace = Workspace(config.workdir)
    if config.checkpoint is None:
        config = dataclasses.replace(config, model_size=config.model_size or "tiny")
        tokenizer = Tokenizer.load(workspace.tokenizer)
        model = model_config(
            config.model_size or "tiny",
            vocab_size=tokenizer.vocab_size,
            use_rmsnorm=config.use_rmsnorm,
            use_rope=config.use_rope,
            dropout=config.dropout,
        )
        return Setup(_with_sequence_length(config, model), model, tokenizer, None)
    path = workspace.find(config.checkpoint, workspace.models, remedy="python scripts/train.py --stage language")
    start = load_checkpoint(path, lazily=True)  # the optimizer in it is not needed
    config = dataclasses.replace(config, checkpoint=path)
    model = _architecture(config, start, path)
    old = saved_config(path, start.info)
    config = dataclasses.replace(config, model_size=config.model_size or old.model_size)
    return Setup(_with_sequence_length(config, model), model, load_tokenizer(start, path), start)


def _resumed(config: TrainConfig, *, world: int) -> Setup:
    workspace = Workspace(config.workdir)
    path = config.checkpoint or last_checkpoint(config.workdir, stage=config.stage, out_name=config.out_name)
    path = workspace.find(path, workspace.models, remedy="the same command without --resume")
    start = load_checkpoint(path)
    if start.optimizer is None or start.state is None:
        raise UsageError(f"{path}: holds weights only and cannot be resumed; leave --resume out to start from it")
    old = saved_config(path, start.info)
    config = merge_resumed(dataclasses.replace(config, checkpoint=path), old)
    config = kept_global_rows(config, old, saved_rows=start.info["global_rows"], world=world)
    model = dataclasses.replace(_saved_architecture(start, path), dropout=config.dropout)
    return Setup(config, model, load_tokenizer(start, path), start)


def _saved_architecture(start: Checkpoint, path: Path) -> ModelConfig:
    return from_mapping(ModelConfig, start.info["model"], where=f"{path}: saved model")


def _architecture(config: TrainConfig, start: Checkpoint, path: Path) -> ModelConfig:
    """The checkpoint's architecture, after checking that no flag asks for another one."""
    saved = _saved_architecture(start, path)
    if config.model_size is not None:
        if config.model_size not in SIZES:
            raise UsageError(f"--model-size {config.model_size}: unknown; choose one of {', '.join(SIZES)}")
        asked = SIZES[config.model_size]
        for field in ("d_model", "num_layers", "num_heads", "num_kv_heads", "d_ff"):
            if getattr(asked, field) != getattr(saved, field):
                raise UsageError(
                    f"--model-size {config.model_size} has {field} {getattr(asked, field)}, but {path} has "
                    f"{getattr(saved, field)}; leave --model-size out, or leave --checkpoint out to start anew"
                )
    for flag, asked_on, saved_on, other in (
        ("rmsnorm", config.use_rmsnorm, saved.norm == "rmsnorm", "LayerNorm"),
        ("rope", config.use_rope, saved.positions == "rope", "learned positions"),
    ):
        if asked_on != saved_on:
            have, remedy = (flag, f"--use-{flag}") if saved_on else (other, f"--no-use-{flag}")
            typed = f"--use-{flag}" if asked_on else f"--no-use-{flag}"
            raise UsageError(f"{typed} is in force, but {path} was built with {have}; say {remedy} to go on with it")
    return dataclasses.replace(saved, dropout=config.dropout)


def _with_sequence_length(config: TrainConfig, model: ModelConfig) -> TrainConfig:
    longest = model.max_sequence_length
    length = config.sequence_length or min(longest, 512 if config.model_size in ("nano", "tiny") else 1024)
    if length > longest:
        raise UsageError(f"--sequence-length {length}: this model reads {longest} tokens at most")
    return dataclasses.replace(config, sequence_length=length)


def _check_numbers(config: TrainConfig) -> None:
    positive = {
        name: getattr(config, name)
        for name in (
            "batch_size",
            "grad_accumulation_steps",
            "num_epochs",
            "sequence_length",
            "max_steps",
            "max_tokens",
            "eval_every",
            "eval_tokens",
            "save_every",
            "sample_every",
        )
    }
    for name, value in positive.items():
        if value is not None and value < 1:
            raise UsageError(f"--{name.replace('_', '-')} {value}: must be at least 1")
    if config.grad_clip is not None and config.grad_clip <= 0:
        raise UsageError(f"--grad-clip {config.grad_clip}: must be above 0; leave it out to turn it off")
    if not 0 <= config.dropout < 1:
        raise UsageError(f"--dropout {config.dropout}: must be at least 0 and below 1")
