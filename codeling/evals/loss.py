"""How well a model predicts text that it has never seen, in a unit that no tokenizer can change."""

from __future__ import annotations

import contextlib
import math
from typing import TypedDict

import torch

from codeling.data import batches
from codeling.data.assembly import IGNORE
from codeling.data.shards import Shard
from codeling.errors import Failure
from codeling.model.transformer import Transformer
from codeling.tokenizer.bpe import Tokenizer


class LossMeasures(TypedDict):
    """``val_loss`` in nats per target token; ``bits_per_byte`` of text; how many of both were measured."""

    val_loss: float
    bits_per_byte: float
    tokens: int
    bytes: int


def bits_per_byte(
    model: Transformer,
    shard: Shard,
    *,
    tokenizer: Tokenizer,
    rows: int = 8,
    sequence_length: int = 512,
    max_tokens: int = 262_144,
    dtype: torch.dtype = torch.float32,
) -> LossMeasures:
    """Measure the first documents of a validation shard, about ``max_tokens`` tokens of them, always the same.

    Bits per byte is the loss summed over all target tokens, end-of-text included, in bits (nats / ln 2), divided by
    the UTF-8 bytes of text that the targets stand for; end-of-text stands for none. It compares models with
    different tokenizers, which loss per token does not. ``dtype`` is the type of the matrix products (autocast).
    A loss that is not finite is a Failure; the model's training mode is restored.
    """
    device = model.head_weight.device
    training = model.training
    model.eval()
    # Sums in float64, on the device: adding a batch never waits for it.
    total = torch.zeros((), dtype=torch.float64 if device.type != "mps" else torch.float32, device=device)
    num_tokens = num_bytes = 0
    mixed = dtype != torch.float32
    precision = torch.autocast(device.type, dtype=dtype) if mixed else contextlib.nullcontext()
    try:
        with torch.no_grad(), precision:
            for batch, batch_bytes in batches.validation_batches(
                shard, rows=rows, sequence_length=sequence_length, max_tokens=max_tokens, tokenizer=tokenizer
            ):
                tokens, targets, positions, document_ids = (
                    torch.from_numpy(array).to(device)
                    for array in (batch.tokens, batch.targets, batch.positions, batch.document_ids)
                )
                # As in training: conversations are kept apart, a row of other documents is read as one text.
                apart = {"positions": positions, "document_ids": document_ids} if shard.mask is not None else {}
                total += model.loss(tokens, targets, **apart)
                num_tokens += int((batch.targets != IGNORE).sum())
                num_bytes += batch_bytes
    finally:
        model.train(training)
    loss = float(total)
    if not num_bytes:
        raise Failure(f"{shard.path}: too little text to measure a loss on ({num_tokens} target tokens)")
    if not math.isfinite(loss):
        raise Failure(
            f"the loss on {shard.path} is {loss}: the model's weights are damaged or its training diverged; "
            f"take an earlier checkpoint"
        )
    return LossMeasures(
        val_loss=loss / num_tokens,
        bits_per_byte=batches.bits_per_byte(loss, num_bytes),
        tokens=num_tokens,
        bytes=num_bytes,
    )
