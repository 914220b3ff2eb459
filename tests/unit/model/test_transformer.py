"""The decoder against itself: cache, packed documents, checkpointing, number types, initial weights, sizes."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from codeling.errors import UsageError
from codeling.model import blocked_attention
from codeling.model.accounting import flops_per_token, parameter_count
from codeling.model.cache import KVCache
from codeling.model.config import SIZES, ModelConfig, model_config
from codeling.model.transformer import Transformer

SMALL = ModelConfig(
    d_model=48, num_layers=3, num_heads=4, num_kv_heads=2, d_ff=80, vocab_size=97, max_sequence_length=320
)
CLASSIC = replace(SMALL, norm="layernorm", positions="learned", mlp="gelu", bias=True, qk_norm=False, num_kv_heads=4)
CONFIGS = [pytest.param(SMALL, id="qwen3"), pytest.param(CLASSIC, id="gpt2")]


def fresh(config: ModelConfig) -> Transformer:
    model = Transformer(config).double()
    for parameter in model.parameters():
        nn.init.normal_(parameter, 0.3 if parameter.dim() == 1 else 0.0, 0.2)
    return model


def random_tokens(*shape: int) -> Tensor:
    return torch.randint(SMALL.vocab_size, shape)


def double_cache(config: ModelConfig, rows: int) -> KVCache:
    return KVCache(config, rows, config.max_sequence_length, dtype=torch.float64)


@pytest.mark.parametrize("config", CONFIGS)
def test_cached_forward_in_random_chunks_equals_the_whole(config: ModelConfig) -> None:
    model, tokens = fresh(config), random_tokens(3, 200)
    expected = model(tokens)
    cache, pieces, start = double_cache(config, 3), [], 0
    while start < 200:
        end = min(200, start + random.choice([1, 1, 2, 7, 60]))
        pieces.append(model(tokens[:, start:end], cache=cache))
        start = end
    torch.testing.assert_close(torch.cat(pieces, 1), expected, atol=1e-10, rtol=0)
    assert cache.length.tolist() == [200] * 3


@pytest.mark.parametrize("config", CONFIGS)
@pytest.mark.parametrize("prefill", [1, 64])
def test_ragged_prompts_equal_rows_alone(config: ModelConfig, prefill: int) -> None:
    """Prompts of different lengths, padded on the right, fed in chunks, then continued together."""
    model = fresh(config)
    lengths = [random.randint(1, 140) for _ in range(4)]
    rows = [random_tokens(length + 12) for length in lengths]
    alone = [model(row[None])[0] for row in rows]
    cache = double_cache(config, 4)
    padded = torch.zeros(4, max(lengths), dtype=torch.int64)
    for index, (row, length) in enumerate(zip(rows, lengths, strict=True)):
        padded[index, :length] = row[:length]
    for start in range(0, padded.shape[1], prefill):
        model(padded[:, start : start + prefill], cache=cache)
    cache.length = torch.tensor(lengths)
    for width in (1, 4, 1, 1):
        held = cache.length.tolist()
        new = torch.stack([row[n : n + width] for row, n in zip(rows, held, strict=True)])
        logits = model(new, cache=cache)
        for index, n in enumerate(held):
            torch.testing.assert_close(logits[index], alone[index][n : n + width], atol=1e-10, rtol=0)


def test_cache_rows_can_be_dropped_and_forked() -> None:
    model, tokens = fresh(SMALL), random_tokens(3, 30)
    cache = double_cache(SMALL, 3)
    model(tokens[:, :20], cache=cache)
    order = torch.tensor([2, 0, 2, 2])
    cache.select(order)
    cache.length = torch.tensor([20, 20, 10, 20])
    kept = tokens[order]
    logits = model(torch.stack([kept[0, 20:25], kept[1, 20:25], kept[2, 10:15], kept[3, 20:25]]), cache=cache)
    full = model(kept)
    for row, start in enumerate([20, 20, 10, 20]):
        torch.testing.assert_close(logits[row], full[row, start : start + 5], atol=1e-10, rtol=0)


def test_a_full_cache_and_a_long_row_say_what_to_do() -> None:
    model = fresh(SMALL)
    cache = KVCache(SMALL, 1, 8, dtype=torch.float64)
    model(random_tokens(1, 7), cache=cache)
    with pytest.raises(UsageError, match=r"7 \+ 2 tokens do not fit the cache's 8"):
        model(random_tokens(1, 2), cache=cache)
    with pytest.raises(UsageError, match="built for 320"):
        model(random_tokens(1, 321))
    with pytest.raises(UsageError, match="built for 320"):
        KVCache(SMALL, 1, 321)


@pytest.mark.parametrize("config", CONFIGS)
@pytest.mark.parametrize("with_grad", [True, False])
def test_packed_documents_do_not_see_each_other(config: ModelConfig, with_grad: bool) -> None:
    model = fresh(config)
    cuts = sorted(random.sample(range(1, 300), 5))
    lengths = [b - a for a, b in zip([0, *cuts], [*cuts, 300], strict=True)]
    documents = [random_tokens(length) for length in lengths]
    tokens = torch.cat(documents)[None]
    ids = torch.cat([torch.full((length,), index) for index, length in enumerate(lengths)])[None]
    positions = torch.cat([torch.arange(length) for length in lengths])[None]
    with torch.set_grad_enabled(with_grad):
        packed = model(tokens, positions=positions, document_ids=ids)
        apart = torch.cat([model(document[None]) for document in documents], dim=1)
    torch.testing.assert_close(packed, apart, atol=1e-10, rtol=0)


def gradients(model: Transformer) -> dict[str, Tensor]:
    result = {name: p.grad.clone() for name, p in model.named_parameters() if p.grad is not None}
    assert len(result) == len(list(model.parameters()))
    model.zero_grad()
    return result


@pytest.mark.parametrize("config", CONFIGS)
def test_gradient_checkpointing_changes_memory_only(config: ModelConfig) -> None:
    model = fresh(replace(config, dropout=0.1))
    tokens, ids = random_tokens(2, 150), torch.arange(150).div(40, rounding_mode="floor").expand(2, -1)
    results = []
    for model.gradient_checkpointing in (False, True):
        torch.manual_seed(5)
        model.loss(tokens, random_tokens(2, 150).fill_(3), document_ids=ids).backward()
        results.append(gradients(model))
    for name, expected in results[0].items():
        torch.testing.assert_close(results[1][name], expected, msg=name)


@pytest.mark.parametrize("config", CONFIGS)
def test_mixed_precision_is_close_and_keeps_master_types(config: ModelConfig) -> None:
    model = fresh(config).float()
    tokens, targets = random_tokens(4, 140), random_tokens(4, 140)
    exact = model.loss(tokens, targets)
    exact.backward()
    expected = gradients(model)
    with torch.autocast("cpu", dtype=torch.bfloat16):
        loss = model.loss(tokens, targets)
        assert model(tokens[:1]).dtype == torch.bfloat16
    assert loss.dtype == torch.float32
    torch.testing.assert_close(loss, exact, rtol=5e-3, atol=0)
    loss.backward()
    for name, gradient in gradients(model).items():
        assert gradient.dtype == torch.float32
        if name.endswith("key.bias"):
            continue  # exactly zero in theory: softmax does not see a constant added to all scores
        direction = F.cosine_similarity(gradient.flatten(), expected[name].flatten(), dim=0)
        assert direction > 0.99, (name, direction)


def test_a_model_cast_to_bf16_keeps_exact_angles() -> None:
    model = Transformer(SMALL)
    expected = model.positions.cosines.clone()
    model.to(torch.bfloat16).float()
    assert torch.equal(model.positions.cosines, expected)


@pytest.mark.parametrize("size", ["nano", "tiny"])
@pytest.mark.parametrize("tied", [True, False])
@pytest.mark.parametrize("rmsnorm", [True, False])
@pytest.mark.parametrize("rope", [True, False])
def test_parameter_count_is_the_real_one(size: str, tied: bool, rmsnorm: bool, rope: bool) -> None:
    config = model_config(size, vocab_size=777, use_rmsnorm=rmsnorm, use_rope=rope)
    config = replace(config, tie_embeddings=tied, num_kv_heads=2)
    with torch.device("meta"):
        assert Transformer(config).num_parameters() == parameter_count(config)


def test_the_sizes_of_the_documentation() -> None:
    counts = {size: parameter_count(config) for size, config in SIZES.items()}
    assert counts == {
        "nano": 4_949_376,
        "tiny": 12_389_120,
        "medium": 137_842_944,
        "large": 1_362_028_096,
        "xlarge": 2_750_061_568,
    }


def test_flops_count_the_matrix_products() -> None:
    """Against a count of what really runs; the counter does not see into the attention operator."""
    from torch.utils.flop_counter import FlopCounterMode

    config = replace(SMALL, num_kv_heads=4)
    model = Transformer(config)
    with FlopCounterMode(display=False) as counter:
        model.loss(random_tokens(1, 128), random_tokens(1, 128)).backward()
    attention = 12 * config.num_layers * config.d_model * 128 * 128
    assert counter.get_total_flops() + attention == flops_per_token(config, 128) * 128


def test_initial_weights_are_a_function_of_the_seed() -> None:
    first, again, other = (Transformer(SMALL).init_weights(seed).state_dict() for seed in (3, 3, 4))
    assert all(torch.equal(first[name], again[name]) for name in first)
    assert not torch.equal(first["blocks.0.mlp.up.weight"], other["blocks.0.mlp.up.weight"])


@pytest.mark.parametrize("tied", [True, False])
def test_blocks_start_as_the_identity(tied: bool) -> None:
    model = Transformer(replace(SMALL, tie_embeddings=tied))
    # Apart from the planted heads; what they do is in test_induction.py.
    model.get_parameter("blocks.0.attention.output.weight").data.zero_()
    tokens = random_tokens(2, 10)
    expected = model.norm(model.embedding(tokens))
    assert torch.equal(model.hidden(tokens), expected)


def test_a_model_built_on_meta_can_be_materialised() -> None:
    with torch.device("meta"):
        model = Transformer(SMALL)
    model.to_empty(device="cpu")
    model.init_weights(seed=9)
    expected = Transformer(SMALL).init_weights(seed=9)
    tokens = random_tokens(1, 20)
    assert torch.equal(model(tokens), expected(tokens))


def test_what_needs_no_gradients_does_not_wait_for_a_compiler(monkeypatch: pytest.MonkeyPatch) -> None:
    """The first call of an operator of our own imports torch._dynamo, which takes seconds."""
    model, tokens = fresh(SMALL), random_tokens(2, 150)
    expected = model(tokens)
    monkeypatch.setattr(blocked_attention, "_attend", lambda *_: pytest.fail("the operator ran"))
    with torch.no_grad():
        assert torch.equal(model(tokens), expected)
