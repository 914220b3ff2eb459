"""Steps on rows where only answers are trained: no target is no NaN, targets weigh the same, rows do not mix."""

from __future__ import annotations

import copy
import random

import numpy as np
import pytest
import torch

from codeling.data.assembly import Assembler, Batch
from codeling.model.config import ModelConfig
from codeling.model.transformer import Transformer
from codeling.tokenizer.fim_format import FimFormat
from codeling.tokenizer.training import train_tokenizer
from codeling.train.objectives import IGNORE, TensorBatch, language_modeling
from codeling.train.precision import Precision
from codeling.train.progress import Plan
from codeling.train.step import StepResult, take_step
from codeling.train.validation import validate

CPU = torch.device("cpu")
PLAN = Plan(total_steps=10, tokens_per_step=64, epoch_ends=(10,), num_epochs=1, eval_every=5, save_every=5)
T = 48


@pytest.fixture(scope="module")
def form(tmp_path_factory) -> FimFormat:
    return FimFormat.of(train_tokenizer(["x"], vocab_size=269, output=tmp_path_factory.mktemp("t") / "tokenizer.json"))


@pytest.fixture(scope="module")
def model() -> Transformer:
    config = ModelConfig(
        d_model=32, num_layers=2, num_heads=2, num_kv_heads=1, d_ff=64, vocab_size=269, max_sequence_length=64
    )
    model = Transformer(config).init_weights(seed=random.randrange(1000))
    for parameter in model.parameters():  # so that no output is zero by its initial value
        torch.nn.init.normal_(parameter, std=0.1)
    return model


def conversation(rng: random.Random, length: int, *, trained: float) -> tuple[np.ndarray, np.ndarray]:
    return np.array([rng.randrange(256) for _ in range(length)]), np.array(
        [rng.random() < trained for _ in range(length)]
    )


def tensors(batch: Batch) -> TensorBatch:
    return TensorBatch(
        torch.from_numpy(batch.tokens),
        torch.from_numpy(batch.targets),
        num_targets=batch.num_targets,
        positions=torch.from_numpy(batch.positions),
        document_ids=torch.from_numpy(batch.document_ids),
    )


def stepped(model: Transformer, batches: list[TensorBatch]) -> tuple[StepResult, Transformer]:
    copied = copy.deepcopy(model)
    optimizer = torch.optim.SGD([{"params": list(copied.parameters()), "lr": 0.1, "base_lr": 0.1}])
    optimizer.param_groups[0]["base_weight_decay"] = 0.0
    result = take_step(
        copied,
        optimizer,
        batches,
        objective=language_modeling,
        plan=PLAN,
        precision=Precision(CPU, torch.float32),
        step=5,
    )
    return result, copied


def assert_same_weights(one: Transformer, other: Transformer, **tolerance: float) -> None:
    for a, b in zip(one.parameters(), other.parameters(), strict=True):
        torch.testing.assert_close(a, b, **(tolerance or {"rtol": 0, "atol": 0}))


@pytest.mark.parametrize(
    "rows", [[], [[]], [["untrained"]]], ids=["no piece", "an empty row", "a row without a target"]
)
def test_a_batch_without_targets_adds_nothing_and_is_no_nan(form, model, rows):
    rng = random.Random()
    assembler = Assembler(T, form)
    untrained = conversation(rng, 30, trained=0.0)
    empty = tensors(assembler.batch([[untrained for _ in row] for row in rows] or [[]]))
    assert empty.num_targets == 0
    trained = tensors(assembler.batch([[conversation(rng, 40, trained=0.3)]]))

    alone, after_alone = stepped(model, [trained])
    together, after_together = stepped(model, [empty, trained, empty])
    assert together.finite and together.loss_sum == alone.loss_sum and together.num_targets == alone.num_targets
    assert_same_weights(after_together, after_alone, rtol=0, atol=1e-8)

    nothing, after_nothing = stepped(model, [empty])
    assert nothing.finite and nothing.loss == 0 and nothing.grad_norm == 0
    assert_same_weights(after_nothing, model)
    precision = Precision(CPU, torch.float32)
    measured = validate(copy.deepcopy(model), [empty], num_bytes=0, objective=language_modeling, precision=precision)
    assert measured.loss == 0 and measured.bits_per_byte == 0


def test_every_target_weighs_the_same_however_rows_are_split(form, model):
    """One micro-batch with two targets and one with forty: the mean over all 42, not the mean of two means."""
    rng = random.Random()
    assembler = Assembler(T, form)
    few, many = conversation(rng, 45, trained=0.0), conversation(rng, 45, trained=1.0)
    few[1][[7, 30]] = True
    whole, after_whole = stepped(model, [tensors(assembler.batch([[few], [many]]))])
    split, after_split = stepped(model, [tensors(assembler.batch([[few]])), tensors(assembler.batch([[many]]))])
    assert whole.num_targets == split.num_targets == 2 + 44
    assert split.loss_sum == pytest.approx(whole.loss_sum, rel=1e-5)
    assert_same_weights(after_split, after_whole, rtol=1e-4, atol=1e-6)


def test_conversations_of_a_row_do_not_see_each_other(form, model):
    """The loss of a packed row is the sum of its conversations' own losses, and the empty rest adds nothing."""
    rng = random.Random()
    assembler = Assembler(T, form)
    pieces = [conversation(rng, length, trained=0.5) for length in (19, 11, 14)]
    packed = tensors(assembler.batch([pieces]))
    apart = [tensors(assembler.batch([[piece]])) for piece in pieces]
    with torch.no_grad():
        together = language_modeling(model, packed)
        alone = sum(language_modeling(model, batch) for batch in apart)
    assert packed.num_targets == sum(batch.num_targets for batch in apart)
    torch.testing.assert_close(together, alone, rtol=1e-4, atol=1e-4)
    assert (packed.targets == IGNORE).any()
