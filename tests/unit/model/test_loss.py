"""The fused loss and the blocked attention against PyTorch's own, values and gradients."""

from __future__ import annotations

import pytest
import torch
import torch.nn.functional as F
from hypothesis import given, settings
from hypothesis import strategies as st

from codeling.model import loss as loss_module
from codeling.model.blocked_attention import blocked_causal_attention, causal_biases
from codeling.model.loss import linear_cross_entropy


def inputs(rows: int, width: int, vocabulary: int, dtype: torch.dtype) -> tuple[torch.Tensor, ...]:
    hidden = torch.randn(rows, width, dtype=dtype, requires_grad=True)
    weight = torch.randn(vocabulary, width, dtype=dtype, requires_grad=True)
    return hidden, weight, torch.randint(vocabulary, (rows,))


@settings(max_examples=25)
@given(
    rows=st.integers(1, 70),
    width=st.integers(1, 24),
    vocabulary=st.integers(2, 90),
    chunk=st.integers(1, 6000),
    ignored=st.floats(0, 1),
    dtype=st.sampled_from([torch.float32, torch.float64]),
)
def test_loss_and_gradients_equal_cross_entropy(
    rows: int, width: int, vocabulary: int, chunk: int, ignored: float, dtype: torch.dtype
) -> None:
    hidden, weight, targets = inputs(rows, width, vocabulary, dtype)
    targets[torch.rand(rows) < ignored] = -100
    expected = F.cross_entropy(hidden @ weight.T, targets, reduction="sum")
    wanted = torch.autograd.grad(expected * 0.37, (hidden, weight))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(loss_module, "CHUNK_ELEMENTS", chunk)
        actual = linear_cross_entropy(hidden, weight, targets)
        gradients = torch.autograd.grad(actual * 0.37, (hidden, weight))
    assert actual.dtype == dtype
    tolerance = {"rtol": 1e-4, "atol": 1e-3} if dtype == torch.float32 else {"rtol": 1e-9, "atol": 1e-9}
    torch.testing.assert_close(actual, expected, **tolerance)
    for ours, theirs in zip(gradients, wanted, strict=True):
        torch.testing.assert_close(ours, theirs, **tolerance)


@pytest.mark.parametrize("compute", [torch.float32, torch.bfloat16, torch.float16])
def test_nothing_to_learn_gives_zero_and_no_nan(compute: torch.dtype) -> None:
    hidden, weight, targets = inputs(9, 8, 30, torch.float32)
    with torch.autocast("cpu", dtype=compute, enabled=compute != torch.float32):
        total = linear_cross_entropy(hidden, weight, targets.fill_(-100))
    total.backward()
    assert total.item() == 0.0
    assert hidden.grad is not None and not hidden.grad.any()
    assert weight.grad is not None and not weight.grad.any()


@pytest.mark.parametrize("compute", [torch.bfloat16, torch.float16])
@pytest.mark.parametrize("scale", [0.02, 1.0, 6.0])
def test_half_precision_is_close(compute: torch.dtype, scale: float) -> None:
    """From untrained (uniform) to very sure (a logit of tens) predictions."""
    hidden, weight, targets = inputs(300, 64, 5000, torch.float32)
    targets[::7] = -100
    weight.data *= scale / 8
    expected = F.cross_entropy(hidden @ weight.T, targets, reduction="sum")
    wanted = torch.autograd.grad(expected, (hidden, weight))
    with torch.autocast("cpu", dtype=compute):
        actual = linear_cross_entropy(hidden, weight, targets)
    assert actual.dtype == torch.float32
    torch.testing.assert_close(actual, expected, rtol=2e-3, atol=0)
    for ours, theirs in zip(torch.autograd.grad(actual, (hidden, weight)), wanted, strict=True):
        assert ours.dtype == torch.float32
        assert (ours - theirs).norm() < 0.02 * theirs.norm()


def test_without_gradients_only_the_value_is_computed() -> None:
    hidden, weight, targets = inputs(40, 16, 50, torch.float32)
    expected = F.cross_entropy(hidden @ weight.T, targets, reduction="sum")
    with torch.no_grad():
        torch.testing.assert_close(linear_cross_entropy(hidden, weight, targets), expected.detach())
    frozen = linear_cross_entropy(hidden, weight.detach(), targets)
    (gradient,) = torch.autograd.grad(frozen, hidden)
    torch.testing.assert_close(gradient, torch.autograd.grad(expected, hidden)[0])


def test_a_second_backward_pass_is_refused() -> None:
    hidden, weight, targets = inputs(4, 4, 7, torch.float32)
    total = linear_cross_entropy(hidden, weight, targets)
    total.backward(retain_graph=True)
    with pytest.raises(AssertionError, match="one backward pass"):
        total.backward()


@settings(max_examples=15)
@given(
    length=st.integers(1, 300),
    groups=st.integers(1, 3),
    keys=st.integers(1, 3),
    documents=st.integers(0, 4),
)
def test_blocked_attention_equals_sdpa(length: int, groups: int, keys: int, documents: int) -> None:
    shape = (2, keys * groups, length, 16)
    query = torch.randn(shape, dtype=torch.float64, requires_grad=True)
    key, value = (torch.randn(2, keys, length, 16, dtype=torch.float64, requires_grad=True) for _ in range(2))
    ids = torch.randint(documents + 1, (2, length)).sort().values
    mask = (ids[:, :, None] == ids[:, None]).tril()[:, None]
    biases = causal_biases(ids, torch.float64) if documents else None
    expected = F.scaled_dot_product_attention(query, key, value, attn_mask=mask, enable_gqa=True)
    actual = blocked_causal_attention(query, key, value, biases).transpose(1, 2)
    torch.testing.assert_close(actual, expected, atol=1e-10, rtol=0)
    with torch.no_grad():
        assert torch.equal(blocked_causal_attention(query, key, value, biases).transpose(1, 2), actual)
    seed = torch.randn(shape, dtype=torch.float64)
    wanted = torch.autograd.grad(expected, (query, key, value), seed)
    for ours, theirs in zip(torch.autograd.grad(actual, (query, key, value), seed), wanted, strict=True):
        torch.testing.assert_close(ours, theirs, atol=1e-10, rtol=0)
