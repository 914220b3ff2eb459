"""How many parameters and floating-point operations a configuration means, in closed form and without torch."""

from __future__ import annotations

from codeling.model.config import ModelConfig


def parameter_count(config: ModelConfig) -> int:
    """Number of trained values, tied embeddings once; equals ``Transformer(config).num_parameters()``."""
    norm = config.d_model * _values_per_width(config)
    heads = 2 * config.head_dim * _values_per_width(config) if config.qk_norm else 0
    biases = (_block_outputs(config) if config.bias else 0) * config.num_layers
    learned = config.max_sequence_length * config.d_model if config.positions == "learned" else 0
    embeddings = config.vocab_size * config.d_model * (1 if config.tie_embeddings else 2)
    return (
        _block_matrices(config) * config.num_layers
        + config.num_layers * (2 * norm + heads)
        + biases
        + (learned + embeddings + norm)
    )


def flops_per_token(config: ModelConfig, sequence_length: int) -> int:
    """Operations per trained token, forward and backward: 6 per matrix entry plus 12 L H E T for attention.

    The convention of PaLM (https://arxiv.org/abs/2204.02311, appendix B): a multiply-add is two operations, the
    embedding look-up is free, the head counts, and attention counts as if it were not causal, so that the number
    (and the MFU made from it) compares with those that others publish. Recomputation is not counted.
    """
    matrices = _block_matrices(config) * config.num_layers + config.vocab_size * config.d_model
    return 6 * matrices + 12 * config.num_layers * config.d_model * sequence_length


def _values_per_width(config: ModelConfig) -> int:
    return 2 if config.norm == "layernorm" else 1


def _block_matrices(config: ModelConfig) -> int:
    kv_width = config.num_kv_heads * config.head_dim
    mlp_matrices = 3 if config.mlp == "swiglu" else 2
    return config.d_model * (2 * config.d_model + 2 * kv_width + mlp_matrices * config.d_ff)


def _block_outputs(config: ModelConfig) -> int:
    kv_width = config.num_kv_heads * config.head_dim
    mlp_outputs = config.d_ff * (2 if config.mlp == "swiglu" else 1)
    return 2 * config.d_model + 2 * kv_width + mlp_outputs + config.d_model
