"""Int8 matrices against float64 products of what they stand for, and a whole model against itself."""

import random

import pytest
import torch

from codeling.checkpoint import Checkpoint, load_weights
from codeling.errors import UsageError
from codeling.generate.config import Sampling
from codeling.generate.engine import Engine
from codeling.model.cache import KVCache
from codeling.model.config import ModelConfig
from codeling.model.int8 import Int8Matrix, quantize_matrices
from codeling.model.transformer import Transformer


def fresh_generator() -> torch.Generator:
    return torch.Generator().manual_seed(random.randrange(2**32))


@pytest.mark.parametrize("inputs", [32, 96, 40, 7])  # the last two are not for the kernel
@pytest.mark.parametrize("tokens", [1, 5])
def test_products_equal_those_of_the_rounded_matrix(inputs, tokens):
    generator = fresh_generator()
    weight = torch.randn(50, inputs, generator=generator) * torch.rand(50, 1, generator=generator)
    weight[3] = 0
    bias = torch.randn(50, generator=generator)
    matrix = Int8Matrix(weight, bias)
    # Half a step at most, where a step is the largest weight of the row over 127.
    step = weight.abs().amax(-1, keepdim=True) / 127
    assert ((matrix.weight - weight).abs() <= step * 0.5001).all()
    x = torch.randn(3, tokens, inputs, generator=generator)
    expected = x.double() @ matrix.weight.double().T + bias
    # One token runs in bf16: 8 bits of mantissa for each activation and for the sum.
    tolerance = 2**-7 * float(expected.abs().max()) if tokens == 1 and inputs % 32 == 0 else 1e-5
    torch.testing.assert_close(matrix(x).double(), expected, rtol=0, atol=tolerance)


@pytest.mark.parametrize(
    "changes", [{}, {"positions": "learned", "norm": "layernorm", "mlp": "gelu", "bias": True, "tie_embeddings": False}]
)
def test_a_quantized_model_is_close_to_itself_and_generates(changes):
    shape = {"d_model": 64, "num_layers": 2, "num_heads": 4, "num_kv_heads": 2, "d_ff": 96, "vocab_size": 80} | changes
    model = Transformer(ModelConfig(max_sequence_length=40, **shape)).eval()
    generator = fresh_generator()
    with torch.no_grad():
        for parameter in model.parameters():
            parameter.normal_(0, 0.15, generator=generator)
    tokens = torch.randint(80, (2, 20), generator=generator)
    with torch.no_grad():
        before = model(tokens)
        quantize_matrices(model)
        after = model(tokens)
    assert not any(parameter.dim() > 1 for name, parameter in model.named_parameters() if "positions" not in name)
    assert float((after - before).std() / before.std()) < 0.1
    with torch.no_grad():  # as it decodes: token by token, after a cache
        cache = KVCache(model.config, 2, 20)
        decoded = torch.cat([model(tokens[:, place : place + 1], cache=cache) for place in range(20)], dim=1)
    assert float((decoded - after).std() / after.std()) < 0.1
    prompts = [[random.randrange(80) for _ in range(random.randint(2, 20))] for _ in range(6)]
    settings = [Sampling(seed=seed, max_tokens=12) for seed in range(6)]
    together = Engine(model, max_batch=4).generate(prompts, settings)
    assert [len(completion.ids) for completion in together] == [12] * 6


@pytest.mark.parametrize("positions", ["rope", "learned"])
def test_it_is_not_for_training(positions):
    shape = {"d_model": 32, "num_layers": 1, "num_heads": 2, "num_kv_heads": 2, "d_ff": 32, "vocab_size": 60}
    config = ModelConfig(positions=positions, **shape)
    model = Transformer(config)
    quantize_matrices(model)
    saved = Checkpoint({"weights": "int8"}, model.state_dict(), "{}")
    with pytest.raises(UsageError, match="for generating only"):
        load_weights(Transformer(config), saved, "quantized.pth")
    load_weights(model, saved, "quantized.pth")
