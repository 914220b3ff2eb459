"""The two shapes that other programs know, and what each calls our parameters.

A model with RMSNorm, RoPE, SwiGLU and QK-norm is Qwen3; one with LayerNorm, learned positions, GELU and biases is
GPT-2. Any other mixture is nobody's, and is refused.

Sources of the names: Qwen3ForCausalLM and GPT2LMHeadModel of `transformers`; the GGUF tensor names of llama.cpp,
https://github.com/ggml-org/ggml/blob/master/docs/gguf.md.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from codeling.errors import UsageError
from codeling.model.config import ModelConfig

if TYPE_CHECKING:
    from torch import Tensor


class Part(NamedTuple):
    """A module of ours (or several whose rows are stacked) and its two other names."""

    ours: tuple[str, ...]
    hugging_face: str
    gguf: str


@dataclass(frozen=True)
class Shape:
    """An architecture of other programs, as names."""

    model_type: str
    """What `transformers` calls it in config.json, and llama.cpp in ``general.architecture``."""
    hugging_face_class: str
    top: tuple[Part, ...]
    layers: str
    """Where `transformers` keeps layer N; llama.cpp keeps it in ``blk.N``."""
    layer: tuple[Part, ...]
    transposed: bool
    """Whether `transformers` stores the matrices of a layer as (in, out): GPT-2's Conv1D does."""


QWEN3 = Shape(
    model_type="qwen3",
    hugging_face_class="Qwen3ForCausalLM",
    top=(
        Part(("embedding",), "model.embed_tokens", "token_embd"),
        Part(("norm",), "model.norm", "output_norm"),
        Part(("head",), "lm_head", "output"),
    ),
    layers="model.layers",
    layer=(
        Part(("attention_norm",), "input_layernorm", "attn_norm"),
        Part(("attention.query",), "self_attn.q_proj", "attn_q"),
        Part(("attention.key",), "self_attn.k_proj", "attn_k"),
        Part(("attention.value",), "self_attn.v_proj", "attn_v"),
        Part(("attention.output",), "self_attn.o_proj", "attn_output"),
        Part(("attention.query_norm",), "self_attn.q_norm", "attn_q_norm"),
        Part(("attention.key_norm",), "self_attn.k_norm", "attn_k_norm"),
        Part(("mlp_norm",), "post_attention_layernorm", "ffn_norm"),
        Part(("mlp.gate",), "mlp.gate_proj", "ffn_gate"),
        Part(("mlp.up",), "mlp.up_proj", "ffn_up"),
        Part(("mlp.down",), "mlp.down_proj", "ffn_down"),
    ),
    transposed=False,
)

GPT2 = Shape(
    model_type="gpt2",
    hugging_face_class="GPT2LMHeadModel",
    top=(
        Part(("embedding",), "transformer.wte", "token_embd"),
        Part(("positions",), "transformer.wpe", "position_embd"),
        Part(("norm",), "transformer.ln_f", "output_norm"),
        Part(("head",), "lm_head", "output"),
    ),
    layers="transformer.h",
    layer=(
        Part(("attention_norm",), "ln_1", "attn_norm"),
        Part(("attention.query", "attention.key", "attention.value"), "attn.c_attn", "attn_qkv"),
        Part(("attention.output",), "attn.c_proj", "attn_output"),
        Part(("mlp_norm",), "ln_2", "ffn_norm"),
        Part(("mlp.up",), "mlp.c_fc", "ffn_up"),
        Part(("mlp.down",), "mlp.c_proj", "ffn_down"),
    ),
    transposed=True,
)


def shape_of(config: ModelConfig) -> Shape:
    """The shape that ``config`` has; a UsageError names the flags for one that no other program knows."""
    parts = (config.norm, config.positions, config.mlp, config.qk_norm, config.bias)
    if parts == ("rmsnorm", "rope", "swiglu", True, False):
        return QWEN3
    if parts == ("layernorm", "learned", "gelu", False, True) and config.num_kv_heads == config.num_heads:
        return GPT2
    raise UsageError(
        f"no other program has this model's mixture of parts ({config.norm}, {config.positions} positions, "
        f"{config.mlp}, QK-norm {'on' if config.qk_norm else 'off'}, biases {'on' if config.bias else 'off'}, "
        f"{config.num_kv_heads} of {config.num_heads} heads with keys): export needs a model trained with "
        "--use-rmsnorm --use-rope (the default: Qwen3's shape) or with --no-use-rmsnorm --no-use-rope (GPT-2's)"
    )


def hugging_face_weights(config: ModelConfig, weights: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """Our ``state_dict`` under the names, and in the layout, of `transformers`; a tied head is left out."""
    import torch

    shape = shape_of(config)
    named: dict[str, Tensor] = {}
    for part, layer, kind, tensors in _parts(shape, config, weights):
        place = part.hugging_face if layer is None else f"{shape.layers}.{layer}.{part.hugging_face}"
        tensor = torch.cat(tensors) if len(tensors) > 1 else tensors[0]
        turned = shape.transposed and layer is not None and tensor.dim() == 2
        named[f"{place}.{kind}"] = tensor.T if turned else tensor
    return named


def gguf_weights(config: ModelConfig, weights: Mapping[str, Tensor]) -> dict[str, list[Tensor]]:
    """Our ``state_dict`` under llama.cpp's names; a tied head is left out.

    Matrices are (out, in) there too. A parameter is given as the tensors whose rows it stacks, mostly one.
    """
    named: dict[str, list[Tensor]] = {}
    for part, layer, kind, tensors in _parts(shape_of(config), config, weights):
        named[f"{part.gguf}.{kind}" if layer is None else f"blk.{layer}.{part.gguf}.{kind}"] = tensors
    return named


def _parts(
    shape: Shape, config: ModelConfig, weights: Mapping[str, Tensor]
) -> Iterator[tuple[Part, int | None, str, list[Tensor]]]:
    """(part, its layer or None, "weight" or "bias", its tensors) for every parameter, each exactly once."""
    places = [(part, None, "") for part in shape.top]
    places += [(part, layer, f"blocks.{layer}.") for layer in range(config.num_layers) for part in shape.layer]
    used = 0
    for part, layer, prefix in places:
        for kind in ("weight", "bias"):
            tensors = [weights[key] for name in part.ours if (key := f"{prefix}{name}.{kind}") in weights]
            if tensors:
                used += len(tensors)
                yield part, layer, kind, tensors
    assert used == len(weights), f"{len(weights) - used} of the model's parameters have no other name"
