"""The GGUF file of llama.cpp, Ollama and LM Studio: sizes, tokenizer, chat template and weights in one file.

Our rotary layout is the one that llama.cpp calls NEOX and uses for Qwen3, so no rows of the query and key matrices
change places. The tokenizer is stored as what it is, GPT-2's byte-level BPE with the qwen2 split.

Source: https://github.com/ggml-org/ggml/blob/master/docs/gguf.md.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from codeling.checkpoint import LoadedModel
from codeling.errors import Failure
from codeling.export.config import Quantization
from codeling.export.shapes import QWEN3, gguf_weights, shape_of
from codeling.model.config import ModelConfig
from codeling.runtime.files import atomic_path
from codeling.tokenizer import special
from codeling.tokenizer.bpe import Tokenizer
from codeling.tokenizer.training import chat_template
from codeling.tokenizer.vocabulary import token_names

if TYPE_CHECKING:
    import numpy as np
    from gguf import GGMLQuantizationType, GGUFWriter

    from codeling.model.transformer import Transformer

_Q8_BLOCK = 32
"""Values of a row that share a scale in Q8_0; rows of another length stay in F16."""
_EXACT = ("position_embd.weight",)
"""Matrices that llama.cpp wants in F32."""
_FILE_TYPES: dict[Quantization, str] = {"F32": "ALL_F32", "F16": "MOSTLY_F16", "Q8_0": "MOSTLY_Q8_0"}


def write_gguf(loaded: LoadedModel, file: Path, *, name: str, quantization: Quantization) -> None:
    """Write the export of ``loaded`` to ``file``, whole or not at all; one that is there is replaced.

    UsageError for a model that no other program knows.
    """
    import torch
    from gguf import GGUFWriter

    model = loaded.model
    weights = gguf_weights(model.config, model.state_dict())
    with atomic_path(file) as temporary:
        writer = GGUFWriter(temporary, shape_of(model.config).model_type)
        _add_sizes(writer, model.config, name=name, quantization=quantization)
        _add_tokenizer(writer, loaded.tokenizer)
        for key, tensors in weights.items():
            data, kind = _stored(key, torch.cat(tensors).float().numpy(), quantization)
            writer.add_tensor(key, data, raw_dtype=kind)
        writer.write_header_to_file()
        writer.write_kv_data_to_file()
        writer.write_tensors_to_file()
        writer.close()


def quantization_of(file: Path) -> Quantization:
    """The number format of the matrices of a GGUF file that ``write_gguf`` made; a Failure for another file."""
    from gguf import GGUFReader, LlamaFileType

    try:
        field = GGUFReader(file).get_field("general.file_type")
        kind = LlamaFileType(field.contents() if field else -1).name
        return next(quantization for quantization, name in _FILE_TYPES.items() if name == kind)
    except (ValueError, StopIteration, IndexError, OSError) as error:
        raise Failure(f"{file}: not a GGUF file of `codeling export`: {error or type(error).__name__}") from None


def round_as_stored(model: Transformer, quantization: Quantization) -> None:
    """Give ``model`` the weights that its GGUF file holds: each rounded to its number format and back, in place."""
    import torch
    from gguf.quants import dequantize

    for key, tensors in gguf_weights(model.config, model.state_dict()).items():
        for tensor in tensors:  # no format's blocks go beyond a row, so stacked or not makes no difference
            tensor.copy_(torch.from_numpy(dequantize(*_stored(key, tensor.numpy(), quantization))))


def _stored(key: str, values: np.ndarray, quantization: Quantization) -> tuple[np.ndarray, GGMLQuantizationType]:
    """What the file holds of the float32 parameter called ``key``, and its number format. Vectors are always F32."""
    from gguf import GGMLQuantizationType
    from gguf.quants import quantize

    kind = GGMLQuantizationType[quantization]
    if values.ndim == 1 or key in _EXACT:
        kind = GGMLQuantizationType.F32
    elif kind == GGMLQuantizationType.Q8_0 and values.shape[-1] % _Q8_BLOCK:
        kind = GGMLQuantizationType.F16
    return quantize(values, kind), kind


def _add_sizes(writer: GGUFWriter, config: ModelConfig, *, name: str, quantization: Quantization) -> None:
    from gguf import GGML_QUANT_VERSION, LlamaFileType

    writer.add_type("model")
    writer.add_name(name)
    writer.add_file_type(LlamaFileType[_FILE_TYPES[quantization]])
    writer.add_quantization_version(GGML_QUANT_VERSION)
    writer.add_vocab_size(config.vocab_size)
    writer.add_context_length(config.max_sequence_length)
    writer.add_embedding_length(config.d_model)
    writer.add_feed_forward_length(config.d_ff)
    writer.add_block_count(config.num_layers)
    writer.add_head_count(config.num_heads)
    if shape_of(config) is QWEN3:
        writer.add_head_count_kv(config.num_kv_heads)
        writer.add_key_length(config.head_dim)
        writer.add_value_length(config.head_dim)
        writer.add_layer_norm_rms_eps(config.norm_epsilon)
        writer.add_rope_dimension_count(config.head_dim)
        writer.add_rope_freq_base(config.rope_theta)
    else:
        writer.add_layer_norm_eps(config.norm_epsilon)


def _add_tokenizer(writer: GGUFWriter, tokenizer: Tokenizer) -> None:
    from gguf import Keys, TokenType

    vocabulary = tokenizer.vocabulary
    names = token_names(vocabulary)
    # A user-defined token is matched in text but kept when special tokens are dropped: the tags of tool calls.
    kinds = {token.id: TokenType.CONTROL if token.special else TokenType.USER_DEFINED for token in vocabulary.added}
    contents = {token.id: token.content for token in vocabulary.added}
    writer.add_tokenizer_model("gpt2")
    writer.add_tokenizer_pre("qwen2")
    writer.add_token_list([contents.get(i) or names[i] for i in range(vocabulary.size)])
    writer.add_token_types([kinds.get(i, TokenType.NORMAL) for i in range(vocabulary.size)])
    writer.add_token_merges([f"{names[left]} {names[right]}" for left, right in vocabulary.merges])
    writer.add_chat_template(chat_template())
    # Nothing is put before a text; but readers that are not told a first token assume one of GPT-2's ids.
    writer.add_add_bos_token(False)
    writer.add_bos_token_id(tokenizer.end_of_text)
    writer.add_eos_token_id(tokenizer.end_of_text)
    ids: dict[str, Any] = {
        Keys.Tokenizer.EOT_ID: special.IM_END,
        Keys.Tokenizer.PAD_ID: special.FIM_PAD,
        Keys.Tokenizer.FIM_PRE_ID: special.FIM_PREFIX,
        Keys.Tokenizer.FIM_SUF_ID: special.FIM_SUFFIX,
        Keys.Tokenizer.FIM_MID_ID: special.FIM_MIDDLE,
        Keys.Tokenizer.FIM_PAD_ID: special.FIM_PAD,
        Keys.Tokenizer.FIM_REP_ID: special.REPO_NAME,
        Keys.Tokenizer.FIM_SEP_ID: special.FILE_SEP,
    }
    for key, token in ids.items():
        writer.add_uint32(key, tokenizer.token_id(token))
