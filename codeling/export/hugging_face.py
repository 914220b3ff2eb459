"""The Hugging Face folder: weights as safetensors, and the JSON files that say what they are.

    model.safetensors  config.json  generation_config.json
    tokenizer.json  tokenizer_config.json  chat_template.jinja
    README.md          the model card

Written without `transformers`; that it loads there is what ``codeling verify-export`` shows.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from codeling.chat.encode import stop_ids
from codeling.checkpoint import LoadedModel
from codeling.export.card import model_card
from codeling.export.shapes import QWEN3, hugging_face_weights, shape_of
from codeling.model.config import ModelConfig
from codeling.runtime.files import atomic_folder, write_json, write_text
from codeling.tokenizer.bpe import Tokenizer
from codeling.tokenizer.special import END_OF_TEXT, FIM_PAD, IM_END, IM_START, TOOL_CALL_END, TOOL_CALL_START
from codeling.tokenizer.training import chat_template, transformers_config

if TYPE_CHECKING:
    import torch

FILES = frozenset(
    {
        "model.safetensors",
        "config.json",
        "generation_config.json",
        "tokenizer.json",
        "tokenizer_config.json",
        "chat_template.jinja",
        "README.md",
    }
)
"""Everything that the folder holds."""

# How a reader gets content and calls out of a reply (`transformers`' "response template"). White space around a call
# belongs to the format, not to the content.
_RESPONSE_TEMPLATE = {
    "defaults": {"role": "assistant"},
    "start_anchor": f"{IM_START}assistant\n",
    "fields": {
        "tool_calls": {
            "open_pattern": rf"\s*{TOOL_CALL_START}",
            "close": TOOL_CALL_END,
            "repeats": True,
            "content": "json",
            "transform": {"type": "function", "function": "{content}"},
        },
        "content": {
            "close_pattern": "|".join(name.replace("|", r"\|") for name in (IM_END, END_OF_TEXT)),
            "content": "text",
        },
    },
}


def write_hugging_face(loaded: LoadedModel, folder: Path, *, name: str, dtype: torch.dtype) -> None:
    """Write the export of ``loaded`` to ``folder``, whole or not at all; one that is there is replaced.

    Weights are stored as ``dtype``. UsageError for a model that no other program knows.
    """
    from safetensors.torch import save_file

    model, tokenizer = loaded.model, loaded.tokenizer
    weights = hugging_face_weights(model.config, model.state_dict())
    with atomic_folder(folder) as temporary:
        stored = {key: tensor.to(dtype).contiguous() for key, tensor in weights.items()}
        save_file(stored, temporary / "model.safetensors", metadata={"format": "pt"})
        write_json(temporary / "config.json", model_config_json(model.config, tokenizer, dtype=dtype))
        write_json(temporary / "generation_config.json", generation_config_json(tokenizer))
        write_text(temporary / "tokenizer.json", tokenizer.to_json())
        write_json(temporary / "tokenizer_config.json", _tokenizer_config(tokenizer, model.config))
        write_text(temporary / "chat_template.jinja", chat_template())
        write_text(temporary / "README.md", model_card(loaded, name=name))


def generation_config_json(tokenizer: Tokenizer) -> dict[str, Any]:
    """``generation_config.json``: where a generation ends, be it a reply or a document."""
    return {"eos_token_id": list(stop_ids(tokenizer)), "pad_token_id": tokenizer.token_id(FIM_PAD)}


def model_config_json(config: ModelConfig, tokenizer: Tokenizer, *, dtype: torch.dtype) -> dict[str, Any]:
    """``config.json``: the sizes under the names of the shape's own configuration class."""
    shape = shape_of(config)
    common = {
        "architectures": [shape.hugging_face_class],
        "model_type": shape.model_type,
        # Readers before transformers 5 (and vLLM) know this name; later ones read it too.
        "torch_dtype": str(dtype).removeprefix("torch."),
        "vocab_size": config.vocab_size,
        "tie_word_embeddings": config.tie_embeddings,
        "bos_token_id": None,
        "eos_token_id": tokenizer.end_of_text,
        "pad_token_id": tokenizer.token_id(FIM_PAD),
        "initializer_range": 0.02,
        "use_cache": True,
    }
    return common | (_qwen3_config(config) if shape is QWEN3 else _gpt2_config(config))


def _qwen3_config(config: ModelConfig) -> dict[str, Any]:
    return {
        "hidden_size": config.d_model,
        "intermediate_size": config.d_ff,
        "num_hidden_layers": config.num_layers,
        "num_attention_heads": config.num_heads,
        "num_key_value_heads": config.num_kv_heads,
        "head_dim": config.head_dim,
        "hidden_act": "silu",
        "max_position_embeddings": config.max_sequence_length,
        "rms_norm_eps": config.norm_epsilon,
        "rope_theta": config.rope_theta,
        "rope_scaling": None,
        "attention_bias": False,
        "attention_dropout": 0.0,
        "use_sliding_window": False,
        "sliding_window": None,
    }


def _gpt2_config(config: ModelConfig) -> dict[str, Any]:
    return {
        "n_embd": config.d_model,
        "n_inner": config.d_ff,
        "n_layer": config.num_layers,
        "n_head": config.num_heads,
        "n_positions": config.max_sequence_length,
        "activation_function": "gelu_new",
        "layer_norm_epsilon": config.norm_epsilon,
        "embd_pdrop": config.dropout,
        "attn_pdrop": 0.0,
        "resid_pdrop": config.dropout,
        "scale_attn_weights": True,
    }


def _tokenizer_config(tokenizer: Tokenizer, config: ModelConfig) -> dict[str, Any]:
    return {
        **transformers_config(tokenizer),
        "model_max_length": config.max_sequence_length,
        "response_template": _RESPONSE_TEMPLATE,
    }
