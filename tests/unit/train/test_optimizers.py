"""Muon and AdamW against independent references; grouping; exact resumption."""

import io
import math

import pytest
import torch
from torch import nn

from codeling.errors import UsageError
from codeling.model.config import ModelConfig
from codeling.model.transformer import Transformer
from codeling.train import optimizers
from codeling.train.optimizers import (
    MuonAdamW,
    batch_rate_scale,
    build_optimizer,
    describe_rates,
    orthogonalize,
)
from codeling.train.schedules import apply_schedule


def random_parameters(*shapes, dtype=torch.float32):
    return [nn.Parameter(torch.randn(shape, dtype=dtype)) for shape in shapes]


def copies(parameters):
    return [nn.Parameter(parameter.detach().clone()) for parameter in parameters]


def set_gradients(*parameter_lists):
    """The same fresh random gradients for each list; returns them."""
    gradients = [torch.randn_like(parameter) for parameter in parameter_lists[0]]
    for parameters in parameter_lists:
        for parameter, gradient in zip(parameters, gradients, strict=True):
            parameter.grad = gradient.clone()
    return gradients


def muon_group(parameters, **options):
    return {"kind": "muon", "params": parameters, "lr": 0.02, **options}


# --- Newton-Schulz -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("shape", [(3, 32, 32), (2, 16, 64), (2, 64, 16), (1, 1, 8), (2, 1, 1)])
@pytest.mark.parametrize("scale", [1e-8, 1.0, 1e8])
@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16])
def test_orthogonalized_matrices_have_singular_values_near_one(shape, scale, dtype):
    matrices = torch.randn(shape) * scale
    singular = torch.linalg.svdvals(orthogonalize(matrices.to(dtype)).float())
    part_of_norm = torch.linalg.svdvals(matrices / matrices.norm(dim=(-2, -1), keepdim=True))
    assert (singular < 1.4).all()  # 1.27 and 0.73 but for rounding to bf16
    assert (singular > 0.6)[part_of_norm > 0.02].all()


@pytest.mark.parametrize(("side", "reach"), [(2, 0.0105), (513, 0.0032)])
def test_small_singular_values_are_lifted_to_one(side, reach):
    small = torch.logspace(math.log10(reach), math.log10(0.7), 6, dtype=torch.float64)
    matrices = torch.zeros(6, side, side, dtype=torch.float64)
    matrices[:, 0, 0] = (1 - small.square()).sqrt()
    matrices[:, 1, 1] = small
    lifted = orthogonalize(matrices)
    assert ((lifted[:, 1, 1] > 0.7) & (lifted[:, 1, 1] < 1.3)).all()
    assert ((lifted[:, 0, 0] > 0.7) & (lifted[:, 0, 0] < 1.3)).all()


@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16])
@pytest.mark.parametrize("size", [256, 600])
def test_a_matrix_of_rank_one_does_not_blow_up(dtype, size):
    # All of the Frobenius norm in one singular value: the worst case for a polynomial that diverges above 1.
    matrix = torch.randn(size, 1) @ torch.randn(1, size)
    singular = torch.linalg.svdvals(orthogonalize(matrix[None].to(dtype))[0].float())
    assert 0.6 < singular[0] < 1.4
    assert singular[1] < 0.25


def test_orthogonalizing_keeps_the_singular_vectors():
    matrix = torch.randn(24, 40, dtype=torch.float64)
    left, _, right = torch.linalg.svd(matrix, full_matrices=False)
    inner = left.T @ orthogonalize(matrix[None])[0] @ right.T  # diagonal exactly when the vectors are the same
    assert (inner - torch.diag(torch.diagonal(inner))).abs().max() < 1e-9
    assert (torch.diagonal(inner) > 0).all()


def test_a_zero_matrix_stays_zero():
    assert (orthogonalize(torch.zeros(2, 4, 6)) == 0).all()


# --- One step against references -----------------------------------------------------------------------------------


def reference_muon(weights, gradients_by_step, *, lr, momentum, weight_decay):
    """Muon written down naively, matrix by matrix, by powers of the Gram matrix in float64."""
    weights = [weight.detach().double().clone() for weight in weights]
    buffers = [torch.zeros_like(weight) for weight in weights]
    for gradients in gradients_by_step:
        for index, gradient in enumerate(gradients):
            buffers[index] = momentum * buffers[index] + (1 - momentum) * gradient.double()
            x = momentum * buffers[index] + (1 - momentum) * gradient.double()
            x = x / (1.02 * math.sqrt((x * x).sum().item()))
            for a, b, c in optimizers.SHORT_NEWTON_SCHULZ:
                x = a * x + b * (x @ x.T) @ x + c * (x @ x.T) @ (x @ x.T) @ x
            weight = weights[index]
            agrees = torch.sign(weight) == torch.sign(x)
            decayed = torch.where(agrees, weight * (1 - lr * weight_decay), weight)
            rows, columns = weight.shape
            weights[index] = decayed - lr * max(1.0, rows / columns) ** 0.5 * x
    return weights


SHAPES = [(16, 16), (48, 16), (16, 48), (16, 16), (20, 10)]


@pytest.mark.parametrize("weight_decay", [0.0, 0.5])
def test_muon_equals_a_naive_float64_reference(weight_decay):
    parameters = random_parameters(*SHAPES, dtype=torch.float64)
    before = [parameter.detach().clone() for parameter in parameters]
    optimizer = MuonAdamW([muon_group(parameters, momentum=0.9, weight_decay=weight_decay)])
    history = []
    for _ in range(3):
        history.append(set_gradients(parameters))
        optimizer.step()
    expected = reference_muon(before, history, lr=0.02, momentum=0.9, weight_decay=weight_decay)
    for parameter, weight in zip(parameters, expected, strict=True):
        torch.testing.assert_close(parameter.detach(), weight, rtol=0, atol=1e-10)


def test_muon_equals_torchs_muon_up_to_its_bf16(monkeypatch):
    # torch's Muon has the five constant steps, always in bf16, and no cautious decay.
    monkeypatch.setattr(optimizers, "SHORT_NEWTON_SCHULZ", ((3.4445, -4.7750, 2.0315),) * 5)
    ours = random_parameters(*SHAPES)
    theirs = copies(ours)
    start = [parameter.detach().clone() for parameter in ours]
    optimizer = MuonAdamW([muon_group(ours, momentum=0.95)])
    oracle = torch.optim.Muon(theirs, lr=0.02, momentum=0.95, weight_decay=0.0)
    for _ in range(3):
        set_gradients(ours, theirs)
        optimizer.step()
        oracle.step()
    for mine, other, first in zip(ours, theirs, start, strict=True):
        moved, expected = (mine - first).detach(), (other - first).detach()
        assert (moved - expected).norm() < 0.08 * expected.norm()  # bf16, and 1.02 in the norm


@pytest.mark.parametrize("weight_decay", [0.0, 0.1])
def test_the_adamw_groups_equal_torchs_adamw(weight_decay):
    ours = random_parameters((12, 8), (8,), ())
    theirs = copies(ours)
    options = {"lr": 3e-3, "betas": (0.8, 0.95), "eps": 1e-10, "weight_decay": weight_decay}
    optimizer = MuonAdamW([{"kind": "adamw", "params": ours, **options}])
    oracle = torch.optim.AdamW(theirs, **options)
    for _ in range(5):
        set_gradients(ours, theirs)
        optimizer.step()
        oracle.step()
    torch.testing.assert_close([p.detach() for p in ours], [p.detach() for p in theirs], rtol=1e-6, atol=1e-7)


@pytest.mark.parametrize("largest_stack", [1, 2 * 16 * 48, 2**26])
def test_batched_equals_one_by_one(monkeypatch, largest_stack):
    monkeypatch.setattr(optimizers, "LARGEST_STACK", largest_stack)
    together = random_parameters(*SHAPES, dtype=torch.float64)
    alone = copies(together)
    optimizer = MuonAdamW([muon_group(together, weight_decay=0.1)])
    singles = [MuonAdamW([muon_group([parameter], weight_decay=0.1)]) for parameter in alone]
    for _ in range(2):
        set_gradients(together, alone)
        optimizer.step()
        for single in singles:
            single.step()
    torch.testing.assert_close([p.detach() for p in together], [p.detach() for p in alone], rtol=0, atol=1e-12)


def test_fused_matrices_are_orthogonalized_each_by_itself():
    separate = random_parameters((16, 16), (8, 16), (8, 16), dtype=torch.float64)
    fused = [nn.Parameter(torch.cat([parameter.detach() for parameter in separate]))]
    optimizer = MuonAdamW([muon_group(separate)])
    fused_optimizer = MuonAdamW([muon_group(fused, row_blocks=[(16, 8, 8)])])
    fused[0].grad = torch.cat(set_gradients(separate))
    optimizer.step()
    fused_optimizer.step()
    torch.testing.assert_close(fused[0].detach(), torch.cat([parameter.detach() for parameter in separate]))


def test_parameters_without_gradient_do_not_move():
    parameters = random_parameters((8, 8), (8, 8))
    before = [parameter.detach().clone() for parameter in parameters]
    optimizer = MuonAdamW([muon_group(parameters[:1]), {"kind": "adamw", "params": parameters[1:], "lr": 0.1}])
    optimizer.step()
    torch.testing.assert_close([p.detach() for p in parameters], before, rtol=0, atol=0)


def test_muon_refuses_vectors():
    with pytest.raises(ValueError, match=r"shape \(8,\)"):
        MuonAdamW([muon_group(random_parameters((8,)))])


# --- Grouping and rates --------------------------------------------------------------------------------------------


def small_config(**changes):
    return ModelConfig(d_model=32, num_layers=2, num_heads=2, num_kv_heads=2, d_ff=64, vocab_size=50, **changes)


def names_by_group(model, optimizer):
    names = {id(parameter): name for name, parameter in model.named_parameters()}
    return {group["name"]: {names[id(p)] for p in group["params"]} for group in optimizer.param_groups}


@pytest.mark.parametrize("tied", [True, False])
@pytest.mark.parametrize("shape", [{}, {"norm": "layernorm", "positions": "learned", "mlp": "gelu", "bias": True}])
@pytest.mark.parametrize("kind", ["muon", "adamw"])
def test_every_parameter_is_in_exactly_one_group(tied, shape, kind):
    model = Transformer(small_config(tie_embeddings=tied, **shape))
    optimizer = build_optimizer(model, kind=kind, tokens_per_step=4096)
    grouped = [id(parameter) for group in optimizer.param_groups for parameter in group["params"]]
    assert sorted(grouped) == sorted(id(parameter) for parameter in model.parameters())


def test_muon_gets_the_hidden_matrices_and_nothing_else():
    model = Transformer(small_config(tie_embeddings=False, positions="learned"))
    groups = names_by_group(model, build_optimizer(model, tokens_per_step=4096))
    assert groups["embedding"] == {"embedding.weight"}
    assert groups["head"] == {"head.weight"}
    matrices = {name for name, parameter in model.named_parameters() if parameter.ndim == 2 and "blocks." in name}
    assert groups["hidden"] == matrices
    assert "positions.weight" in groups["vectors"]


def test_a_tied_head_is_the_embedding():
    class Tied(nn.Module):
        def __init__(self):
            super().__init__()
            self.lm_head = nn.Linear(8, 10, bias=False)
            self.embedding = nn.Embedding(10, 8)
            self.lm_head.weight = self.embedding.weight

    groups = build_optimizer(Tied(), tokens_per_step=4096).param_groups
    assert [group["name"] for group in groups] == ["embedding"]


def test_a_module_tells_its_fused_matrices():
    model = nn.Sequential(nn.Linear(8, 24, bias=False), nn.Linear(24, 8, bias=False))
    model[0].row_blocks = (8, 8, 8)  # type: ignore[assignment]
    (group,) = build_optimizer(model, tokens_per_step=4096).param_groups
    assert group["row_blocks"] == [(8, 8, 8), None]


def test_frozen_parameters_are_left_out():
    model = Transformer(small_config())
    model.embedding.weight.requires_grad_(False)
    assert "embedding" not in names_by_group(model, build_optimizer(model, tokens_per_step=4096))


def rates(**options):
    model = Transformer(small_config(tie_embeddings=False))
    return {group["name"]: group["base_lr"] for group in build_optimizer(model, **options).param_groups}


def test_learning_rate_scales_every_group_of_muon():
    tuned = rates(tokens_per_step=4096)
    assert rates(tokens_per_step=4096, learning_rate=1e-4) == pytest.approx(tuned)
    assert rates(tokens_per_step=4096, learning_rate=3e-4) == pytest.approx({k: 3 * v for k, v in tuned.items()})


def test_larger_batches_get_larger_rates_for_embedding_and_head():
    small, large = rates(tokens_per_step=2**11), rates(tokens_per_step=2**19)
    assert {name: large[name] / small[name] for name in large} == pytest.approx(
        {"hidden": 1.0, "embedding": 2.0, "head": 2.0, "vectors": 1.0}
    )
    assert batch_rate_scale(2**19) == 1.0
    with pytest.raises(ValueError, match="at least one token"):
        batch_rate_scale(0)


def test_adamw_takes_the_rate_as_it_is_and_decays_matrices_only():
    model = Transformer(small_config())
    optimizer = build_optimizer(model, kind="adamw", learning_rate=3e-4, weight_decay=0.2, tokens_per_step=4096)
    assert isinstance(optimizer, torch.optim.AdamW)
    assert [group["base_lr"] for group in optimizer.param_groups] == [3e-4, 3e-4]
    for group in optimizer.param_groups:
        assert {parameter.ndim == 2 for parameter in group["params"]} == {group["weight_decay"] == 0.2}


@pytest.mark.parametrize("bad", [{"learning_rate": 0.0}, {"learning_rate": -1.0}, {"weight_decay": -0.1}])
def test_bad_options_are_refused_with_their_flag(bad):
    with pytest.raises(UsageError, match=r"--(learning-rate|weight-decay) "):
        rates(tokens_per_step=4096, **bad)


def test_an_unknown_kind_is_refused():
    with pytest.raises(UsageError, match="choose muon or adamw"):
        rates(tokens_per_step=4096, kind="sgd")


def test_the_log_line_names_groups_rates_and_the_factor():
    model = Transformer(small_config(tie_embeddings=False))
    optimizer = build_optimizer(model, learning_rate=3e-4, tokens_per_step=4096)
    line = describe_rates(optimizer, learning_rate=3e-4)
    assert "x 3:" in line
    for group in optimizer.param_groups:
        assert f"{group['name']} {group['base_lr']:.3g}" in line
    assert describe_rates(build_optimizer(model, kind="adamw", tokens_per_step=4096)).startswith("AdamW")


# --- Training and resuming -----------------------------------------------------------------------------------------


def train(model, optimizer, steps):
    losses = []
    for step in steps:
        generator = torch.Generator().manual_seed(step)
        tokens = (torch.randint(0, 50, (8, 1), generator=generator) + 3 * torch.arange(17)) % 50  # counts in threes
        apply_schedule(optimizer, step=step, total_steps=40)
        loss = model.loss(tokens[:, :-1], tokens[:, 1:]) / tokens[:, 1:].numel()
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return losses


@pytest.mark.parametrize("kind", ["muon", "adamw"])
@pytest.mark.parametrize("tied", [True, False])
def test_training_learns_and_a_resumed_run_is_bitwise_the_same(kind, tied):
    def fresh():
        model = Transformer(small_config(tie_embeddings=tied))
        return model, build_optimizer(model, kind=kind, tokens_per_step=2**14)

    model, optimizer = fresh()
    losses = train(model, optimizer, range(40))
    assert losses[-1] < 0.7 * losses[0]

    first, first_optimizer = fresh()
    assert train(first, first_optimizer, range(15)) == losses[:15]
    file = io.BytesIO()
    torch.save({"model": first.state_dict(), "optimizer": first_optimizer.state_dict()}, file)
    file.seek(0)
    saved = torch.load(file, weights_only=True)

    second, second_optimizer = fresh()
    second.load_state_dict(saved["model"])
    second_optimizer.load_state_dict(saved["optimizer"])
    assert train(second, second_optimizer, range(15, 40)) == losses[15:]
    for expected, resumed in zip(model.parameters(), second.parameters(), strict=True):
        assert torch.equal(expected, resumed)
