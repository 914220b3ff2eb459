"""Small configurations of the shapes that are exported."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from codeling.model.config import ModelConfig, model_config


def small(shape: str, vocab_size: int, **changes: Any) -> ModelConfig:
    """Grouped queries and an unusual base of the rotations for Qwen3, so that nobody's default fits by chance."""
    classic = shape == "gpt2"
    config = model_config("nano", vocab_size=vocab_size, use_rmsnorm=not classic, use_rope=not classic)
    own = {} if classic else {"num_kv_heads": 2, "rope_theta": 50_000.0}
    sizes = {"d_model": 64, "num_layers": 3, "d_ff": 160, "max_sequence_length": 256}
    return replace(config, **(sizes | own | changes))
