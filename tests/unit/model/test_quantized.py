"""Quantized matrices against float64 products of what they stand for, and a whole model against itself."""

import random

import pytest
import torch

from codeling.checkpoint import Checkpoint, load_weights
from codeling.errors import UsageError
from codeling.generate.config import Sampling
from codeling.generate.engine import Engine
from codeling.model import quantized
from codeling.model.cache import KVCache
from codeling.model.config import ModelConfig
from codeling.model.quantized import Float16Matrix, Int8Matrix, quantize_matrices
from codeling.model.transformer import Transformer

FORMATS = ["int8", "float16"]


def fresh_generator() -> torch.Generator:
    return torch.Generator().manual_seed(random.randrange(2**32))


def random_weight(inputs: int, generator: torch.Generator) -> torch.Tensor:
    """One row of zeros, and rows of different sizes."""
    weight = torch.randn(50, inputs, generator=generator) * torch.rand(50, 1, generator=generator)
    weight[3] = 0
    return weight


@pytest.mark.parametrize("inputs", [32, 96, 40, 7])  # the last two are not for the kernel
@pytest.mark.parametrize("tokens", [1, 5])
def test_int8_products_equal_those_of_the_rounded_matrix(inputs, tokens):
    generator = fresh_generator()
    weight, bias = random_weight(inputs, generator), torch.randn(50, generator=generator)
    matrix = Int8Matrix(weight, bias)
    # Half a step at most, where a step is the largest weight of the row over 127.
    step = weight.abs().amax(-1, keepdim=True) / 127
    assert ((matrix.weight - weight).abs() <= step * 0.5001).all()
    x = torch.randn(3, tokens, inputs, generator=generator)
    expected = x.double() @ matrix.weight.double().T + bias
    # One token runs in bf16: 8 bits of mantissa for each activation and for the sum.
    tolerance = 2**-7 * float(expected.abs().max()) if tokens == 1 and inputs % 32 == 0 else 1e-4
    torch.testing.assert_close(matrix(x).double(), expected, rtol=0, atol=tolerance)


@pytest.mark.parametrize("with_kernel", [True, False])
@pytest.mark.parametrize("shape", [(1, 1, 32), (3, 1, 7), (3, 40, 96), (5, 20)])
def test_float16_products_equal_those_of_the_rounded_matrix(monkeypatch, with_kernel, shape):
    if not with_kernel:
        monkeypatch.setattr(quantized, "_HAS_FBGEMM", False)
    generator = fresh_generator()
    weight, bias = random_weight(shape[-1], generator), torch.randn(50, generator=generator)
    x = torch.randn(shape, generator=generator)
    for matrix, offset in ((Float16Matrix(weight, bias), bias), (Float16Matrix(weight), 0)):
        assert ((matrix.weight - weight).abs() <= 2**-11 * weight.abs() + 2**-25).all()
        expected = x.double() @ matrix.weight.double().T + offset
        torch.testing.assert_close(matrix(x).double(), expected, rtol=0, atol=1e-4)
        rows = [matrix(row[None]) for row in x]  # nobody's result depends on the company
        torch.testing.assert_close(matrix(x), torch.cat(rows), rtol=0, atol=1e-4)


@pytest.mark.parametrize("kind", FORMATS)
@pytest.mark.parametrize(
    "changes", [{}, {"positions": "learned", "norm": "layernorm", "mlp": "gelu", "bias": True, "tie_embeddings": False}]
)
def test_a_quantized_model_is_close_to_itself_and_generates(changes, kind):
    shape = {"d_model": 64, "num_layers": 2, "num_heads": 4, "num_kv_heads": 2, "d_ff": 96, "vocab_size": 80} | changes
    model = Transformer(ModelConfig(max_sequence_length=40, **shape)).eval()
    generator = fresh_generator()
    with torch.no_grad():
        for parameter in model.parameters():
            parameter.normal_(0, 0.15, generator=generator)
    tokens = torch.randint(80, (2, 20), generator=generator)
    with torch.no_grad():
        before = model(tokens)
        quantize_matrices(model, kind)
        after = model(tokens)
    assert all("norm" in name or name.startswith("positions") for name, _ in model.named_parameters())
    tolerance = {"int8": 0.1, "float16": 0.005}[kind]
    assert float((after - before).std() / before.std()) < tolerance
    with torch.no_grad():  # as it decodes: token by token, after a cache
        cache = KVCache(model.config, 2, 20)
        decoded = torch.cat([model(tokens[:, place : place + 1], cache=cache) for place in range(20)], dim=1)
    assert float((decoded - after).std() / after.std()) < tolerance
    prompts = [[random.randrange(80) for _ in range(random.randint(2, 20))] for _ in range(6)]
    settings = [Sampling(seed=seed, max_tokens=12) for seed in range(6)]
    together = Engine(model, max_batch=4).generate(prompts, settings)
    assert [len(completion.ids) for completion in together] == [12] * 6


@pytest.mark.parametrize("kind", FORMATS)
@pytest.mark.parametrize("positions", ["rope", "learned"])
def test_it_is_not_for_training(positions, kind):
    shape = {"d_model": 32, "num_layers": 1, "num_heads": 2, "num_kv_heads": 2, "d_ff": 32, "vocab_size": 60}
    config = ModelConfig(positions=positions, **shape)
    model = Transformer(config)
    quantize_matrices(model, kind)
    saved = Checkpoint({"weights": kind}, model.state_dict(), "{}")
    with pytest.raises(UsageError, match="for generating only"):
        load_weights(Transformer(config), saved, "quantized.pth")
    load_weights(model, saved, "quantized.pth")
