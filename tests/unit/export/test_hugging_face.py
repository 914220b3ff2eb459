"""The folder in the hands of `transformers`, which knows nothing of us."""

from __future__ import annotations

import json
import stat
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch

from codeling.chat.encode import stop_ids
from codeling.checkpoint import LoadedModel, load_model
from codeling.export.hugging_face import FILES, write_hugging_face

transformers = pytest.importorskip("transformers", reason="transformers is a development dependency")


def both(loaded: LoadedModel, folder: Path, dtype: torch.dtype = torch.float32) -> tuple[Any, Any]:
    """The model, in the number format that its folder says, and the tokenizer."""
    write_hugging_face(loaded, folder, name="m", dtype=dtype)
    model = transformers.AutoModelForCausalLM.from_pretrained(folder, dtype="auto")
    return model.eval(), transformers.AutoTokenizer.from_pretrained(folder)


def largest_difference(model: Any, loaded: LoadedModel, tokens: torch.Tensor) -> float:
    with torch.no_grad():
        return float((model(tokens).logits - loaded.model(tokens)).abs().max())


def test_the_same_logits_and_the_same_64_greedy_tokens(loaded: LoadedModel, greedy: Any, tmp_path: Path) -> None:
    model, _ = both(loaded, tmp_path / "m")
    assert type(model).__name__ in ("Qwen3ForCausalLM", "GPT2LMHeadModel")
    tokens = torch.randint(loaded.model.config.vocab_size, (3, 256))
    assert largest_difference(model, loaded, tokens) < 1e-4
    model.generation_config.eos_token_id = None
    prompts = torch.tensor(greedy.prompts)
    made = model.generate(prompts, attention_mask=torch.ones_like(prompts), do_sample=False, max_new_tokens=64)
    assert made[:, 20:].tolist() == greedy.completions


@pytest.mark.parametrize("changes", [{"tie_embeddings": False}, {"num_kv_heads": 1}, {"norm_epsilon": 0.1}])
def test_options_of_the_qwen3_shape(make_checkpoint: Callable[..., Path], changes: dict[str, Any], tmp_path: Path):
    loaded = load_model(make_checkpoint("qwen3", **changes))
    model, _ = both(loaded, tmp_path / "m")
    assert largest_difference(model, loaded, torch.randint(loaded.model.config.vocab_size, (2, 200))) < 1e-4


@pytest.mark.parametrize("changes", [{"tie_embeddings": False}, {"norm_epsilon": 0.1}])
def test_options_of_the_gpt2_shape(make_checkpoint: Callable[..., Path], changes: dict[str, Any], tmp_path: Path):
    loaded = load_model(make_checkpoint("gpt2", **changes))
    model, _ = both(loaded, tmp_path / "m")
    assert largest_difference(model, loaded, torch.randint(loaded.model.config.vocab_size, (2, 200))) < 1e-4


@pytest.mark.parametrize("dtype", [torch.bfloat16, torch.float16])
def test_half_precision_is_the_rounded_model(loaded: LoadedModel, dtype: torch.dtype, tmp_path: Path) -> None:
    model, _ = both(loaded, tmp_path / "m", dtype)
    assert {parameter.dtype for parameter in model.parameters()} == {dtype}
    assert torch.equal(model.get_input_embeddings().weight, loaded.model.embedding.weight.to(dtype))
    assert (tmp_path / "m" / "model.safetensors").stat().st_size < 2.2 * loaded.model.num_parameters()


def test_the_tokenizer_and_where_generation_ends(loaded: LoadedModel, tmp_path: Path) -> None:
    model, tokenizer = both(loaded, tmp_path / "m")
    assert model.generation_config.eos_token_id == list(stop_ids(loaded.tokenizer))
    assert tokenizer.model_max_length == 256 and len(tokenizer) == model.config.vocab_size
    text = "a <|im_start|><tool_call>é</tool_call><|im_end|>"
    ids = tokenizer(text)["input_ids"]
    assert ids == loaded.tokenizer.encode_with_special(text)
    assert tokenizer.decode(ids, skip_special_tokens=True) == "a <tool_call>é</tool_call>"


def test_transformers_reads_tool_calls_back(loaded: LoadedModel, tmp_path: Path) -> None:
    _, tokenizer = both(loaded, tmp_path / "m")
    reply = 'I look.\n<tool_call>\n{"name": "f", "arguments": {"a": [1, "x"]}}\n</tool_call><|im_end|>'
    parsed = tokenizer.parse_response(reply, prefix="<|im_start|>assistant\n")
    assert parsed["role"] == "assistant" and parsed["content"] == "I look."
    assert [call["function"] for call in parsed["tool_calls"]] == [{"name": "f", "arguments": {"a": [1, "x"]}}]


def test_writing_needs_no_transformers_and_leaves_a_whole_folder_that_all_may_read(
    loaded: LoadedModel, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "transformers", None)
    write_hugging_face(loaded, tmp_path / "m", name="m", dtype=torch.float32)
    assert [path.name for path in tmp_path.iterdir()] == ["m"]
    assert {path.name for path in (tmp_path / "m").iterdir()} == FILES
    modes = {stat.S_IMODE(path.stat().st_mode) & 0o600 for path in (tmp_path / "m").iterdir()}
    assert modes == {0o600} and len({path.stat().st_mode for path in (tmp_path / "m").iterdir()}) == 1
    for name in ("config.json", "generation_config.json", "tokenizer_config.json"):
        json.loads((tmp_path / "m" / name).read_text())
