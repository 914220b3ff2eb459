"""From what the user asked to what the run is: defaults of the stage, the checkpoint's say, contradictions refused."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from pathlib import Path

from codeling.checkpoint import Checkpoint, load_checkpoint, load_tokenizer
from codeling.config import from_mapping, require_numbers, require_plain_names
from codeling.data import prepare
from codeling.errors import UsageError
from codeling.model.config import SIZES, ModelConfig, model_config
from codeling.runtime.paths import Workspace
from codeling.tokenizer.bpe import Tokenizer
from codeling.train.config import TrainConfig
from codeling.train.resume import OUT_NAMES, kept_global_rows, last_checkpoint, merge_resumed, saved_config

# Twice the largest batches of published training runs.
_MOST_TOKENS_PER_STEP = 1 << 27


DATA_FILES = {"language": "train_large.npy", "code": "code_train_large.npy", "tools": "tool_train.npy"}
"""The training shard of a stage, where none is named."""


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
    check_numbers(config)
    setup = _resumed(config, world=world) if config.resume else _fresh(config)
    _require_possible_step(setup.config, world=world)
    return setup


def _fresh(config: TrainConfig) -> Setup:
    if config.stage is None:
        raise UsageError("--stage is missing: language, code or tools")
    workspace = Workspace(config.workdir)
    config = dataclasses.replace(
        config,
        data_file=config.data_file or DATA_FILES[config.stage],
        fim_rate=(0.5 if config.stage == "code" else 0.0) if config.fim_rate is None else config.fim_rate,
        out_name=config.out_name or OUT_NAMES[config.stage],
        replay_file=config.replay_file or _default_replay(config.stage, workspace),
    )
    if config.checkpoint is None:
        config = dataclasses.replace(config, model_size=config.model_size or "tiny")
        tokenizer = prepare.load_tokenizer(None, workspace)
        model = model_config(
            config.model_size or "tiny",
            vocab_size=tokenizer.vocab_size,
            use_rmsnorm=config.use_rmsnorm,
            use_rope=config.use_rope,
            dropout=config.dropout,
        )
        return Setup(_with_sequence_length(config, model), model, tokenizer, None)
    before = "code" if config.stage == "tools" else "language"
    path = workspace.find(config.checkpoint, workspace.models, remedy=f"python scripts/train.py --stage {before}")
    start = load_checkpoint(path, lazily=True)  # the optimizer in it is not needed
    config = dataclasses.replace(config, checkpoint=path)
    model = _architecture(config, start, path)
    old = saved_config(path, start.info)
    config = dataclasses.replace(config, model_size=config.model_size or old.model_size)
    return Setup(_with_sequence_length(config, model), model, load_tokenizer(start, path), start)


def _default_replay(stage: str, workspace: Workspace) -> str | None:
    """Conversations alone would make a model forget how to write code, so that stage replays some where it can."""
    name = DATA_FILES["code"]
    return name if stage == "tools" and (workspace.processed / name).with_suffix(".json").exists() else None


def _resumed(config: TrainConfig, *, world: int) -> Setup:
    workspace = Workspace(config.workdir)
    path = config.checkpoint or last_checkpoint(config.workdir, stage=config.stage, out_name=config.out_name)
    remedy = f"python scripts/train.py --stage {config.stage or 'language'}"
    path = workspace.find(path, workspace.models, remedy=remedy)
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


def check_numbers(config: TrainConfig) -> None:
    """UsageError for the first value that no run can mean, whatever its data and model; reads nothing."""
    require_numbers(
        config,
        "batch_size",
        "grad_accumulation_steps",
        "num_epochs",
        "max_steps",
        "max_tokens",
        "eval_every",
        "save_every",
        "sample_every",
        at_least=1,
    )
    # Two tokens make the first pair of token and target.
    require_numbers(config, "sequence_length", "eval_tokens", at_least=2)
    require_numbers(config, "learning_rate", "grad_clip", above=0)
    require_numbers(config, "warmup_steps", "weight_decay", at_least=0)
    require_numbers(config, "dropout", at_least=0, below=1)
    require_numbers(config, "replay_fraction", above=0, below=1)
    require_numbers(config, "fim_rate", at_least=0, at_most=1)
    require_numbers(config, "seed", at_least=0, below=2**63)
    require_plain_names(config, "out_name")


def _require_possible_step(config: TrainConfig, *, world: int) -> None:
    """Refuse a slip of the keyboard before its rows fill the memory of the machine."""
    rows = config.batch_size * config.grad_accumulation_steps * world
    tokens = rows * (config.sequence_length or 1)
    if tokens > _MOST_TOKENS_PER_STEP:
        raise UsageError(
            f"--batch-size {config.batch_size} x --grad-accumulation-steps {config.grad_accumulation_steps} x {world} "
            f"processes x --sequence-length {config.sequence_length} is {tokens:,} tokens in one optimizer step, more "
            f"than the {_MOST_TOKENS_PER_STEP:,} that any run needs; codeling plan recommends a batch size"
        )
