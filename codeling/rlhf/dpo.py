"""Direct preference optimisation: from preference pairs to a policy, without a reward model and without sampling.

    tool_model_best.pth --frozen--> log-probabilities of all responses, once
                        --policy--> pairs through the one loop --> rlhf_model_{last,best}.pth

Source: https://arxiv.org/abs/2305.18290. What the reference says is computed before the first step and is part of every
checkpoint, so a resumed run compares with exactly the same numbers.
"""

from __future__ import annotations

import contextlib
import dataclasses
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from codeling.checkpoint import Checkpoint, load_model, stages_so_far
from codeling.config import require_numbers
from codeling.errors import UsageError
from codeling.model.precision import accumulation_dtype
from codeling.model.transformer import Transformer
from codeling.rlhf.dpo_config import DpoSettings
from codeling.rlhf.pair_config import PairSettings
from codeling.rlhf.pair_losses import dpo_losses, dpo_margins, preferred
from codeling.rlhf.pair_training import (
    PairResult,
    PairRun,
    PairTask,
    require_same_run,
    settings_of,
    start_or_resume,
)
from codeling.rlhf.pairs import EncodedPair, PairBatch, PairFile, all_batches, read_pairs
from codeling.rlhf.preferences import PREPARE_COMMAND
from codeling.rlhf.rlhf_config import RlhfConfig
from codeling.runtime.device import compute_dtype, prepare_device, resolve_device
from codeling.runtime.distributed import Processes, joined
from codeling.runtime.files import directory_lock, sha256_file
from codeling.runtime.paths import Workspace
from codeling.train.memory import out_of_memory_explained
from codeling.train.precision import Precision

COMMAND = "python scripts/train_rlhf.py --algorithm dpo"

FLAGS = {"max_steps": "--max-iterations", "pairs_per_step": "--batch-size"}
"""Fields that the command knows by another name."""


def train_dpo(config: DpoSettings, *, extra_info: Mapping[str, Any] | None = None) -> PairResult:
    """Train, or with ``resume`` continue bitwise; the result's ``best`` is a checkpoint that ``load_model`` reads.

    ``extra_info`` goes into the checkpoints' ``info``: what whoever calls this needs to go on.

    Raises UsageError for what cannot be meant, Failure for what went wrong, Interrupted (exit status 130 or 143) after
    SIGINT or SIGTERM, once the state is saved.
    """
    require_numbers(config, "beta", above=0)
    require_numbers(config, "label_smoothing", at_least=0, below=0.5)
    processes = Processes.from_environment()
    device = resolve_device(config.device, local_rank=processes.local_rank)
    with contextlib.ExitStack() as stack:
        if processes.is_main:
            stack.enter_context(directory_lock(Workspace(config.workdir).models, purpose="training"))
        prepare_device(device)
        stack.enter_context(joined(processes, device))
        with out_of_memory_explained(None):
            run = _put_together(config, extra_info or {}, processes, device)
        stack.callback(run.close)
        result = run.train()
        run.say(f"Saved: {result.best}")
        return result


def dpo_settings(config: RlhfConfig) -> DpoSettings:
    """What ``codeling align`` was asked, as far as DPO has to do with it: a batch is of pairs, an iteration a step."""
    return DpoSettings(
        policy_model=config.policy_model,
        data_file=Path(config.data_file),
        beta=config.first_beta,
        num_epochs=config.num_epochs,
        pairs_per_step=config.batch_size,
        learning_rate=config.learning_rate,
        grad_clip=config.grad_clip,
        max_steps=config.max_iterations,
        eval_every=config.eval_every,
        save_every=config.save_every,
        dtype=config.dtype,
        resume=config.resume,
        device=config.device,
        seed=config.seed,
        workdir=config.workdir,
        out_name=config.out_name,
    )


def dpo_learning_rate(num_parameters: int) -> float:
    """AdamW's peak rate where none is named."""
    return 3e-5 if num_parameters < 30e6 else 1e-5 if num_parameters < 150e6 else 3e-6


def response_logprobs(model: Transformer, batch: PairBatch) -> tuple[Tensor, Tensor]:
    """Log-probabilities in nats, fp32, of the chosen and of the rejected responses of a batch, each (P,)."""
    hidden = model.hidden(batch.tokens, positions=batch.positions, document_ids=batch.texts)
    places, ids, texts = batch.response_targets()
    logits = model.logits(hidden.flatten(0, 1)[places])  # (M, V)
    logits = logits.to(accumulation_dtype(logits.dtype))
    logprobs = logits.gather(1, ids[:, None]).squeeze(1) - torch.logsumexp(logits, -1)  # (M,)
    sums = logprobs.new_zeros(len(batch.ends)).index_add(0, texts, logprobs)
    chosen, rejected = sums.chunk(2)
    return chosen, rejected


@torch.no_grad()
def reference_logprobs(
    model: Transformer, pairs: Sequence[EncodedPair], *, batch_size: int, precision: Precision
) -> Tensor:
    """(N, 2) what the reference says of the chosen and the rejected response of each pair."""
    said = torch.zeros(len(pairs), 2)
    for batch in all_batches(pairs, batch_size=batch_size, device=precision.device):
        with precision.autocast():
            chosen, rejected = response_logprobs(model, batch)
        said[list(batch.numbers)] = torch.stack([chosen, rejected], 1).float().cpu()
    return said


def dpo_objective(model: Any, batch: PairBatch, *, reference: Tensor, beta: float, label_smoothing: float) -> Tensor:
    """Summed ``dpo_losses`` of a batch; ``reference`` (N, 2) is of all pairs of its split."""
    theirs = reference[list(batch.numbers)].to(batch.tokens.device)
    chosen, rejected = response_logprobs(model, batch)
    losses = dpo_losses(chosen, rejected, theirs[:, 0], theirs[:, 1], beta=beta, label_smoothing=label_smoothing)
    return losses.sum()


def measured_sums(model: Any, batch: PairBatch, *, reference: Tensor, beta: float, label_smoothing: float) -> Tensor:
    """(3,) sums over the batch's pairs: the loss, pairs whose chosen response gained more, and by how much."""
    theirs = reference[list(batch.numbers)].to(batch.tokens.device)
    chosen, rejected = response_logprobs(model, batch)
    parts = (chosen, rejected, theirs[:, 0], theirs[:, 1])
    losses, margins = dpo_losses(*parts, beta=beta, label_smoothing=label_smoothing), dpo_margins(*parts)
    return torch.stack([losses.double().sum(), preferred(margins).sum(), beta * margins.double().sum()])


def _put_together(
    config: DpoSettings, extra_info: Mapping[str, Any], processes: Processes, device: torch.device
) -> PairRun:
    workspace = Workspace(config.workdir)
    path = workspace.find(config.policy_model, workspace.models, remedy="python scripts/train.py --stage tools")
    data_file = workspace.find(config.data_file, workspace.processed, remedy=PREPARE_COMMAND)
    loaded = load_model(path, device=device)
    defaults = dataclasses.replace(DpoSettings(), workdir=config.workdir, out_name=config.out_name)
    settings, start = start_or_resume(
        _settings(config, data_file, loaded.model),
        defaults=_settings(defaults, data_file, loaded.model),
        command=COMMAND,
        flags=FLAGS,
    )
    if path == workspace.models / f"{settings.out_name}_best.pth":
        raise UsageError(f"--out-name {settings.out_name}: the run would overwrite the model that it starts from")
    pairs = read_pairs(data_file, loaded.tokenizer, max_length=settings.max_length)
    options = {"beta": config.beta, "label_smoothing": config.label_smoothing}
    identity = {**options, "policy_model": sha256_file(path)}
    if start is not None:
        require_same_run(start, "dpo", identity)
    reference = _reference(loaded.model, pairs, settings, start, device=device)
    task = PairTask(
        title="Direct preference optimisation",
        command=COMMAND,
        stage="rlhf",
        kind="policy",
        model=loaded.model,
        model_config=loaded.model.config,
        tokenizer=loaded.tokenizer,
        train=pairs.train,
        val=pairs.val,
        objective=lambda model, batch: dpo_objective(model, batch, reference=reference["train"], **options),
        measure=lambda model, batch: measured_sums(model, batch, reference=reference["val"], **options),
        measured=("loss", "accuracy", "margin"),
        extra_info={"dpo": identity, "earlier": stages_so_far(loaded.info), **extra_info},
        extra_state={"reference": reference},
    )
    return PairRun(task, settings, processes=processes, device=device, start=start)


def _settings(config: DpoSettings, data_file: Path, model: Transformer) -> PairSettings:
    rate = dpo_learning_rate(model.num_parameters())
    return settings_of(config, data_file=data_file, longest=model.config.max_sequence_length, learning_rate=rate)


def _reference(
    model: Transformer, pairs: PairFile, settings: PairSettings, start: Checkpoint | None, *, device: torch.device
) -> dict[str, Tensor]:
    """Split -> (N, 2); of a resumed run what it began with."""
    if start is not None:
        assert start.state is not None
        return start.state["reference"]
    precision = Precision(device, compute_dtype(device, settings.dtype) if settings.use_amp else torch.float32)
    return {
        name: reference_logprobs(model, encoded.pairs, batch_size=settings.batch_size, precision=precision)
        for name, encoded in (("train", pairs.train), ("val", pairs.val))
    }
