"""The planted heads do from the first step what they are named for."""

from __future__ import annotations

from dataclasses import replace

import pytest
import torch
from torch import Tensor

from codeling.model.attention import Attention
from codeling.model.config import SIZES, ModelConfig
from codeling.model.induction import can_plant, planted_heads
from codeling.model.positions import rotate
from codeling.model.transformer import Block, Transformer

SMALL = ModelConfig(
    d_model=128, num_layers=3, num_heads=4, num_kv_heads=4, d_ff=64, vocab_size=500, max_sequence_length=128
)


def attention_probabilities(model: Transformer, tokens: Tensor, layer: int) -> Tensor:
    """(B, H, T, T) of one layer, computed here from the definition."""
    length, captured = tokens.shape[1], {}
    block = model.blocks[layer]
    assert isinstance(block, Block)
    attention: Attention = block.attention
    handle = attention.register_forward_pre_hook(lambda _, arguments: captured.update(x=arguments[0]))
    model.hidden(tokens)
    handle.remove()
    rotation = model.positions.rotation(length, None)
    assert rotation is not None
    heads = []
    for linear, norm in ((attention.query, attention.query_norm), (attention.key, attention.key_norm)):
        assert norm is not None
        split = norm(linear(captured["x"]).unflatten(-1, (-1, model.config.head_dim)))
        heads.append(rotate(split.transpose(1, 2), rotation))
    queries, keys = heads
    keys = keys.repeat_interleave(model.config.num_heads // model.config.num_kv_heads, dim=1)
    scores = queries @ keys.mT / model.config.head_dim**0.5
    future = torch.ones(length, length, dtype=torch.bool).triu(1)
    return scores.masked_fill(future, -torch.inf).softmax(-1)


@pytest.mark.parametrize("tied", [True, False])
@pytest.mark.parametrize("kv_heads", [2, 4])
@torch.no_grad()
def test_the_pair_finds_what_followed_the_current_token_before(tied: bool, kv_heads: int) -> None:
    config = replace(SMALL, tie_embeddings=tied, num_kv_heads=kv_heads)
    model = Transformer(config).init_weights(int(torch.randint(1 << 30, ())))
    group = config.num_heads // kv_heads
    once = torch.randperm(config.vocab_size)[:40]
    tokens = torch.cat([once, once])[None]  # every token of the second half was there 40 positions before
    planted = [head * group for head in range(planted_heads(config))]
    looking_back = attention_probabilities(model, tokens, 0)[0]
    for distance, head in enumerate(planted, start=1):
        assert looking_back[head].diagonal(offset=-distance)[distance:].mean() > 0.6
    repeated = torch.arange(45, 80)
    found = attention_probabilities(model, tokens, 1)[0][:, repeated, repeated - 39]
    assert found[planted].mean() > 0.5, "the token after the earlier occurrence gets most of the attention"


@torch.no_grad()
def test_untied_logits_start_uniform_and_the_other_blocks_as_the_identity() -> None:
    model = Transformer(replace(SMALL, tie_embeddings=False))
    tokens = torch.randint(SMALL.vocab_size, (2, 50))
    spread = model(tokens).log_softmax(-1).std(-1)
    assert spread.max() < 0.1
    for layer, block in enumerate(model.blocks):
        assert isinstance(block, Block)
        assert not block.mlp.down.weight.any()
        assert bool(block.attention.output.weight.any()) == (layer == 0)


def test_shapes_without_the_parts_are_left_alone() -> None:
    assert all(can_plant(config) for config in SIZES.values())
    for change in ({"positions": "learned"}, {"qk_norm": False}, {"num_layers": 1}):
        config = replace(SMALL, **change)
        assert not can_plant(config)
        norms = Transformer(config).blocks[0].attention_norm.weight
        assert bool((norms == 1).all())
