"""The shape of the decoder: five named sizes and every option, free of torch.

The default is exactly Qwen3's architecture, so that `transformers`, vLLM, llama.cpp and Ollama can load an export.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

from codeling.errors import UsageError


@dataclass(frozen=True)
class ModelConfig:
    """Everything that decides the parameters' names and shapes and the forward pass.

    ``num_kv_heads`` < ``num_heads`` is grouped-query attention; ``d_model`` must be a multiple of ``num_heads``.
    """

    d_model: int = 256
    num_layers: int = 4
    num_heads: int = 4
    num_kv_heads: int = 4
    d_ff: int = 1024
    vocab_size: int = 32_000
    max_sequence_length: int = 1024
    norm: Literal["rmsnorm", "layernorm"] = "rmsnorm"
    positions: Literal["rope", "learned"] = "rope"
    mlp: Literal["swiglu", "gelu"] = "swiglu"
    qk_norm: bool = True
    bias: bool = False
    tie_embeddings: bool = True
    rope_theta: float = 10_000.0
    norm_epsilon: float = 1e-6
    dropout: float = 0.0

    def __post_init__(self) -> None:
        if self.d_model % self.num_heads:
            raise UsageError(f"d_model {self.d_model} is not a multiple of num_heads {self.num_heads}")
        if self.num_heads % self.num_kv_heads:
            raise UsageError(f"num_heads {self.num_heads} is not a multiple of num_kv_heads {self.num_kv_heads}")

    @property
    def head_dim(self) -> int:
        return self.d_model // self.num_heads


SIZES = {
    "nano": ModelConfig(d_model=128, num_layers=4, num_heads=4, num_kv_heads=4, d_ff=384),
    "tiny": ModelConfig(d_model=256, num_layers=4, num_heads=4, num_kv_heads=4, d_ff=1024),
    "medium": ModelConfig(
        d_model=768, num_layers=12, num_heads=12, num_kv_heads=12, d_ff=3072, max_sequence_length=2048
    ),
    "large": ModelConfig(
        d_model=1600, num_layers=32, num_heads=25, num_kv_heads=25, d_ff=6400, max_sequence_length=2048
    ),
    "xlarge": ModelConfig(
        d_model=2048, num_layers=40, num_heads=32, num_kv_heads=32, d_ff=8192, max_sequence_length=2048
    ),
}


def model_config(
    size: str, *, vocab_size: int, use_rmsnorm: bool = True, use_rope: bool = True, dropout: float = 0.0
) -> ModelConfig:
    """The configuration of a named size; ``use_rmsnorm=False`` and ``use_rope=False`` give the GPT-2 shape's parts.

    Without RoPE and RMSNorm the MLP is GELU with biases and there is no QK-norm: exactly GPT-2, exported as such.
    """
    if size not in SIZES:
        raise UsageError(f"--model-size {size}: unknown size; choose one of {', '.join(SIZES)}")
    config = replace(SIZES[size], vocab_size=vocab_size, dropout=dropout)
    if not use_rmsnorm:
        config = replace(config, norm="layernorm", norm_epsilon=1e-5)
    if not use_rope:
        config = replace(config, positions="learned")
    if not use_rmsnorm and not use_rope:
        config = replace(config, mlp="gelu", bias=True, qk_norm=False)
    return config
