"""Compiled parts compute what the plain ones do, and a machine without a compiler trains all the same."""

from __future__ import annotations

import shutil

import pytest
import torch
from torch import Tensor

from codeling.model import compile as compile_module
from codeling.model.cache import KVCache
from codeling.model.compile import compile_hot_parts
from codeling.model.config import ModelConfig
from codeling.model.transformer import Transformer

SMALL = ModelConfig(
    d_model=64, num_layers=2, num_heads=4, num_kv_heads=2, d_ff=96, vocab_size=101, max_sequence_length=160
)

needs_compiler = pytest.mark.skipif(
    not any(shutil.which(name) for name in ("g++", "clang++", "cl")), reason="no C++ compiler on this machine"
)


def loss_and_gradients(model: Transformer, *, mixed: bool) -> tuple[Tensor, list[Tensor]]:
    generator = torch.Generator().manual_seed(3)
    tokens, targets = torch.randint(101, (2, 2, 150), generator=generator)
    targets[0, :20] = -100
    document_ids = torch.arange(150).div(60, rounding_mode="floor").expand(2, -1)
    positions = torch.arange(150).remainder(60).expand(2, -1)
    with torch.autocast("cpu", dtype=torch.bfloat16, enabled=mixed):
        loss = model.loss(tokens, targets, positions=positions, document_ids=document_ids)
    return loss.detach(), list(torch.autograd.grad(loss, list(model.parameters())))


@pytest.mark.slow
@needs_compiler
@pytest.mark.parametrize("mixed", [False, True])
@pytest.mark.parametrize("checkpointing", [False, True])
def test_compiled_training_is_close_to_plain(mixed: bool, checkpointing: bool) -> None:
    model = Transformer(SMALL)
    for parameter in model.parameters():
        torch.nn.init.normal_(parameter, 0.3 if parameter.dim() == 1 else 0.0, 0.15)
    plain_loss, plain = loss_and_gradients(model, mixed=mixed)
    assert compile_hot_parts(model)
    model.gradient_checkpointing = checkpointing
    loss, gradients = loss_and_gradients(model, mixed=mixed)
    torch.testing.assert_close(loss, plain_loss, rtol=2e-3 if mixed else 1e-5, atol=0)
    for ours, expected in zip(gradients, plain, strict=True):
        assert (ours - expected).norm() <= (0.03 if mixed else 1e-4) * expected.norm()


@pytest.mark.slow
@needs_compiler
@pytest.mark.parametrize("offset", [0.0, 100.0, -100.0])
def test_compiled_softmax_is_right_for_logits_of_any_size(offset: float) -> None:
    """Adding a constant to all logits changes nothing, although exp of them overflows or vanishes."""
    model = Transformer(SMALL)
    compile_hot_parts(model)
    logits = torch.randn(7, 50) * 3
    expected = logits.softmax(-1)
    powers, shift, sums = model.exponentiate(logits + offset)
    torch.testing.assert_close(powers / sums, expected, rtol=1e-4, atol=1e-7)
    torch.testing.assert_close((shift + sums.log())[:, 0], (logits + offset).logsumexp(-1), rtol=1e-5, atol=1e-4)


@pytest.mark.slow
@needs_compiler
def test_generation_and_validation_of_a_compiled_model_never_compile(monkeypatch: pytest.MonkeyPatch) -> None:
    model = Transformer(SMALL)
    tokens = torch.randint(101, (1, 12))
    expected = model(tokens)
    compile_hot_parts(model)
    monkeypatch.setattr(model, "run_block", lambda *_: pytest.fail("the compiled path ran"))
    with torch.no_grad():
        torch.testing.assert_close(model(tokens), expected)
    cache = KVCache(SMALL, 1, 20)
    torch.testing.assert_close(model(tokens, cache=cache), expected)


def test_without_a_compiler_training_goes_on(monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
    monkeypatch.setattr(compile_module.shutil, "which", lambda name: None)
    model = Transformer(SMALL)
    assert not compile_hot_parts(model)
    assert "apt install g++" in caplog.text
    loss, _ = loss_and_gradients(model, mixed=True)
    assert loss.isfinite()
