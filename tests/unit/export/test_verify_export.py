"""`codeling verify-export` passes what is right and fails what is not, by the check that should notice."""

from __future__ import annotations

import importlib.util
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch

from codeling.checkpoint import LoadedModel, load_model
from codeling.errors import Failure, UsageError
from codeling.export.gguf_file import write_gguf
from codeling.export.hugging_face import write_hugging_face
from codeling.export.ollama import write_ollama
from codeling.export.parity import Check
from codeling.export.verify import verify

needs_llama_cpp = pytest.mark.skipif(
    importlib.util.find_spec("xllamacpp") is None, reason="needs xllamacpp, which has no wheel for this machine"
)


def checks(loaded: LoadedModel, export: Path) -> dict[str, Check]:
    return {check.name: check for check in verify(loaded, export, num_tokens=8)}


def failed(loaded: LoadedModel, export: Path) -> set[str]:
    return {name for name, check in checks(loaded, export).items() if not check.passed}


@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16])
def test_a_hugging_face_folder_passes(loaded: LoadedModel, dtype: torch.dtype, tmp_path: Path) -> None:
    write_hugging_face(loaded, tmp_path / "m", name="m", dtype=dtype)
    found = checks(loaded, tmp_path / "m")
    assert len(found) == 8 and all(check.passed for check in found.values()), found
    assert found["greedy tokens"].detail == "40 of 40 tokens equal"


@needs_llama_cpp
@pytest.mark.parametrize("quantization", ["F32", "F16", "Q8_0"])
def test_a_gguf_file_passes(loaded: LoadedModel, quantization: Any, tmp_path: Path) -> None:
    write_gguf(loaded, tmp_path / "m.gguf", name="m", quantization=quantization)
    found = checks(loaded, tmp_path / "m.gguf")
    assert len(found) == 4 and all(check.passed for check in found.values()), found


@needs_llama_cpp
def test_an_ollama_folder_passes(loaded: LoadedModel, tmp_path: Path) -> None:
    write_ollama(loaded, tmp_path / "m", name="m", quantization="F16", temperature=0.0)
    assert not failed(loaded, tmp_path / "m")


@pytest.fixture
def qwen3(checkpoints: dict[str, Path]) -> LoadedModel:
    return load_model(checkpoints["qwen3"])


@pytest.fixture
def folder(qwen3: LoadedModel, tmp_path: Path) -> Path:
    write_hugging_face(qwen3, tmp_path / "m", name="m", dtype=torch.float32)
    return tmp_path / "m"


def change_json(path: Path, change: Callable[[Any], None]) -> None:
    content = json.loads(path.read_text())
    change(content)
    path.write_text(json.dumps(content))


def test_one_weight_off_is_noticed(qwen3: LoadedModel, folder: Path) -> None:
    from safetensors.torch import load_file, save_file

    tensors = load_file(folder / "model.safetensors")
    tensors["model.layers.1.self_attn.q_proj.weight"][3, 5] += 0.5
    save_file(tensors, folder / "model.safetensors", metadata={"format": "pt"})
    assert "largest difference of two logits" in failed(qwen3, folder)


def test_a_missing_weight_is_noticed(qwen3: LoadedModel, folder: Path) -> None:
    from safetensors.torch import load_file, save_file

    tensors = load_file(folder / "model.safetensors")
    del tensors["model.layers.1.self_attn.k_norm.weight"]
    save_file(tensors, folder / "model.safetensors", metadata={"format": "pt"})
    assert "weights" in failed(qwen3, folder)


def test_a_weight_that_is_no_number_is_noticed(qwen3: LoadedModel, folder: Path) -> None:
    from safetensors.torch import load_file, save_file

    tensors = load_file(folder / "model.safetensors")
    tensors["model.norm.weight"][0] = float("nan")
    save_file(tensors, folder / "model.safetensors", metadata={"format": "pt"})
    assert "largest difference of two logits" in failed(qwen3, folder)


def test_another_tokenizer_is_noticed(qwen3: LoadedModel, folder: Path) -> None:
    change_json(folder / "tokenizer.json", lambda content: content["model"]["merges"].pop(0))
    assert failed(qwen3, folder) == {"ids of texts"}


def test_another_template_or_ending_is_noticed(qwen3: LoadedModel, folder: Path) -> None:
    template = folder / "chat_template.jinja"
    template.write_text(template.read_text().replace("<tools>", "<functions>"))
    change_json(folder / "generation_config.json", lambda content: content.update(eos_token_id=[0]))

    def forget_calls(content: Any) -> None:
        del content["response_template"]["fields"]["tool_calls"]

    change_json(folder / "tokenizer_config.json", forget_calls)
    assert failed(qwen3, folder) == {"chat template", "ends of a generation", "tool calls read back"}


@needs_llama_cpp
@pytest.mark.parametrize("quantization", ["F32", "F16", "Q8_0"])
def test_the_file_of_another_model_is_noticed(
    make_checkpoint: Callable[..., Path], checkpoints: dict[str, Path], quantization: Any, tmp_path: Path
) -> None:
    write_gguf(load_model(make_checkpoint("qwen3", seed=2)), tmp_path / "m.gguf", name="m", quantization=quantization)
    found = failed(load_model(checkpoints["qwen3"]), tmp_path / "m.gguf")
    assert len(found) == 2, "chances and greedy tokens differ, the tokenizer does not"


def test_what_is_no_export_or_cannot_be_read(qwen3: LoadedModel, folder: Path, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no export"):
        checks(qwen3, tmp_path)
    with pytest.raises(UsageError, match="--num-tokens 256"):
        list(verify(qwen3, folder, num_tokens=256))
    (folder / "model.safetensors").write_bytes(b"no")
    with pytest.raises(Failure, match="cannot load"):
        checks(qwen3, folder)


@pytest.mark.parametrize(("package", "name"), [("transformers", "m"), ("xllamacpp", "m.gguf")])
def test_a_missing_program_is_named_with_the_command_that_installs_it(
    qwen3: LoadedModel, folder: Path, package: str, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder.parent / "m.gguf").write_bytes(b"")
    monkeypatch.setattr(importlib.util, "find_spec", lambda _: None)
    with pytest.raises(Failure, match=rf"{package} is not installed.*pip install"):
        checks(qwen3, folder.parent / name)
