"""The same weights give the same logits in `transformers`: Qwen3 by default, GPT-2 with the classic parts."""

from __future__ import annotations

from dataclasses import replace

import pytest
import torch
from torch import Tensor, nn

from codeling.model.config import ModelConfig, model_config
from codeling.model.transformer import Transformer

transformers = pytest.importorskip("transformers")

SMALL = ModelConfig(d_model=48, num_layers=3, num_heads=4, num_kv_heads=4, d_ff=80, vocab_size=131)
TOLERANCE = {torch.float32: 1e-4, torch.float64: 1e-9}


def randomised(model: Transformer) -> Transformer:
    """Fresh weights everywhere, norms and zero-initialised matrices included, so that no part can hide."""
    for parameter in model.parameters():
        nn.init.normal_(parameter, 0.3 if parameter.dim() == 1 else 0.0, 0.2)
    return model


def qwen3(model: Transformer) -> nn.Module:
    config = model.config
    other = transformers.Qwen3ForCausalLM(
        transformers.Qwen3Config(
            vocab_size=config.vocab_size,
            hidden_size=config.d_model,
            intermediate_size=config.d_ff,
            num_hidden_layers=config.num_layers,
            num_attention_heads=config.num_heads,
            num_key_value_heads=config.num_kv_heads,
            head_dim=config.head_dim,
            rms_norm_eps=config.norm_epsilon,
            rope_theta=config.rope_theta,
            tie_word_embeddings=config.tie_embeddings,
        )
    )
    state = {"model.embed_tokens.weight": model.embedding.weight, "model.norm.weight": model.norm.weight}
    state["lm_head.weight"] = model.head_weight
    names = {
        "attention_norm": "input_layernorm",
        "mlp_norm": "post_attention_layernorm",
        "attention.query": "self_attn.q_proj",
        "attention.key": "self_attn.k_proj",
        "attention.value": "self_attn.v_proj",
        "attention.output": "self_attn.o_proj",
        "attention.query_norm": "self_attn.q_norm",
        "attention.key_norm": "self_attn.k_norm",
        "mlp.gate": "mlp.gate_proj",
        "mlp.up": "mlp.up_proj",
        "mlp.down": "mlp.down_proj",
    }
    for layer, block in enumerate(model.blocks):
        for ours, theirs in names.items():
            state[f"model.layers.{layer}.{theirs}.weight"] = block.get_submodule(ours).weight
    other.load_state_dict({name: tensor.detach() for name, tensor in state.items()})
    return other.eval()


def gpt2(model: Transformer) -> nn.Module:
    config = model.config
    other = transformers.GPT2LMHeadModel(
        transformers.GPT2Config(
            vocab_size=config.vocab_size,
            n_embd=config.d_model,
            n_inner=config.d_ff,
            n_layer=config.num_layers,
            n_head=config.num_heads,
            n_positions=config.max_sequence_length,
            activation_function="gelu_new",
            layer_norm_epsilon=config.norm_epsilon,
        )
    )
    state = {"wte.weight": model.embedding.weight, "wpe.weight": model.positions.weight}
    state |= {"ln_f.weight": model.norm.weight, "ln_f.bias": model.norm.bias}
    for layer, block in enumerate(model.blocks):
        attention, mlp = block.attention, block.mlp
        qkv = (attention.query, attention.key, attention.value)
        parts = {
            "ln_1": (block.attention_norm.weight, block.attention_norm.bias),
            "ln_2": (block.mlp_norm.weight, block.mlp_norm.bias),
            # GPT-2's Conv1D stores (in, out).
            "attn.c_attn": (torch.cat([m.weight for m in qkv]).T, torch.cat([m.bias for m in qkv])),
            "attn.c_proj": (attention.output.weight.T, attention.output.bias),
            "mlp.c_fc": (mlp.up.weight.T, mlp.up.bias),
            "mlp.c_proj": (mlp.down.weight.T, mlp.down.bias),
        }
        for name, (weight, bias) in parts.items():
            state |= {f"h.{layer}.{name}.weight": weight, f"h.{layer}.{name}.bias": bias}
    state = {f"transformer.{name}": tensor.detach() for name, tensor in state.items()}
    other.load_state_dict(state | {"lm_head.weight": model.embedding.weight.detach()})
    return other.eval()


def logits_of(other: nn.Module, tokens: Tensor) -> Tensor:
    with torch.no_grad():
        return other(tokens).logits


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
@pytest.mark.parametrize("num_kv_heads", [4, 2, 1])
@pytest.mark.parametrize("tied", [True, False])
def test_default_architecture_is_qwen3(dtype: torch.dtype, num_kv_heads: int, tied: bool) -> None:
    config = replace(SMALL, num_kv_heads=num_kv_heads, tie_embeddings=tied)
    model = randomised(Transformer(config)).to(dtype)
    # Longer than one block of the blocked attention, and not a multiple of it.
    tokens = torch.randint(config.vocab_size, (3, 150))
    expected = logits_of(qwen3(model).to(dtype), tokens)
    # transformers rounds to fp32 inside its norms and rotations, whatever the model's type.
    tolerance = TOLERANCE[torch.float32] if dtype == torch.float32 else 1e-5
    torch.testing.assert_close(model(tokens).detach(), expected, atol=tolerance, rtol=0)


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_layernorm_with_learned_positions_is_gpt2(dtype: torch.dtype) -> None:
    classic = model_config("nano", vocab_size=131, use_rmsnorm=False, use_rope=False)
    config = replace(classic, d_model=48, d_ff=80, max_sequence_length=160)
    model = randomised(Transformer(config)).to(dtype)
    tokens = torch.randint(config.vocab_size, (3, 150))
    expected = logits_of(gpt2(model).to(dtype), tokens)
    torch.testing.assert_close(model(tokens).detach(), expected, atol=TOLERANCE[dtype], rtol=0)


def test_gradients_equal_those_of_qwen3() -> None:
    model = randomised(Transformer(SMALL)).double()
    other = qwen3(model).double()
    tokens, targets = torch.randint(131, (2, 40)), torch.randint(131, (2, 40))
    targets[0, :7] = -100
    model.loss(tokens, targets).backward()
    logits = other(tokens).logits
    nn.functional.cross_entropy(logits.flatten(0, 1), targets.flatten(), reduction="sum").backward()
    pairs = [
        (model.embedding.weight, other.get_parameter("model.embed_tokens.weight")),
        (model.blocks[0].attention.query.weight, other.get_parameter("model.layers.0.self_attn.q_proj.weight")),
        (model.blocks[0].attention.key_norm.weight, other.get_parameter("model.layers.0.self_attn.k_norm.weight")),
        (model.blocks[2].mlp.gate.weight, other.get_parameter("model.layers.2.mlp.gate_proj.weight")),
    ]
    for ours, theirs in pairs:
        assert ours.grad is not None
        torch.testing.assert_close(ours.grad, theirs.grad, atol=1e-4, rtol=1e-4)
