"""The file in the hands of llama.cpp, and what `gguf` reads in it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from codeling.checkpoint import LoadedModel, load_model
from codeling.errors import Failure
from codeling.export.gguf_file import quantization_of, round_as_stored, write_gguf
from codeling.export.llama_cpp import LlamaCpp, running
from codeling.tokenizer import special

QUANTIZATIONS = ("F32", "F16", "Q8_0")


@pytest.fixture
def served() -> Iterator[Callable[[Path], Any]]:
    pytest.importorskip("xllamacpp", reason="needs xllamacpp: pip install -r requirements.txt, where there is a wheel")
    yield lambda file: running(file, context=256, threads=1)


def fields(file: Path) -> dict[str, Any]:
    from gguf import GGUFReader

    return {name: field.contents() for name, field in GGUFReader(file).fields.items()}


def test_llama_cpp_makes_the_same_64_greedy_tokens(
    loaded: LoadedModel, greedy: Any, tmp_path: Path, served: Any
) -> None:
    write_gguf(loaded, tmp_path / "m.gguf", name="m", quantization="F32")
    with served(tmp_path / "m.gguf") as llama_cpp:
        assert [llama_cpp.greedy(prompt, 64) for prompt in greedy.prompts] == greedy.completions


def test_llama_cpp_gives_the_same_log_probabilities(loaded: LoadedModel, tmp_path: Path, served: Any) -> None:
    write_gguf(loaded, tmp_path / "m.gguf", name="m", quantization="F32")
    prompts = torch.randint(loaded.model.config.vocab_size, (4, 250), generator=torch.Generator().manual_seed(0))
    # Its GELU is a table of half precision, so GPT-2's differ by more than rounding to float32.
    tolerance = 1e-4 if loaded.model.config.mlp == "swiglu" else 5e-3
    compared = 0
    with served(tmp_path / "m.gguf") as llama_cpp, torch.no_grad():
        for prompt in prompts:
            ours = torch.log_softmax(loaded.model(prompt[None])[0, -1], -1)
            for token, value in llama_cpp.log_probabilities(prompt.tolist(), 50).items():
                assert abs(float(ours[token]) - value) < tolerance
                compared += 1
    assert compared >= 50


@pytest.mark.parametrize("quantization", ["F32", "Q8_0"])
def test_untied_heads(make_checkpoint: Callable[..., Path], quantization: Any, tmp_path: Path, served: Any) -> None:
    for shape in ("qwen3", "gpt2"):
        loaded = load_model(make_checkpoint(shape, tie_embeddings=False))
        write_gguf(loaded, tmp_path / f"{shape}.gguf", name="m", quantization=quantization)
        round_as_stored(loaded.model, quantization)
        with served(tmp_path / f"{shape}.gguf") as llama_cpp, torch.no_grad():
            theirs = llama_cpp.log_probabilities([65, 66, 67, 300, 400], 50)
            ours = torch.log_softmax(loaded.model(torch.tensor([[65, 66, 67, 300, 400]]))[0, -1], -1)
        assert theirs, "the likeliest token is a part of a character; choose another prompt"
        assert max(abs(float(ours[token]) - value) for token, value in theirs.items()) < 0.3


@pytest.mark.parametrize("quantization", QUANTIZATIONS)
def test_the_file_holds_what_round_as_stored_says(loaded: LoadedModel, quantization: Any, tmp_path: Path) -> None:
    from gguf import GGUFReader
    from gguf.quants import dequantize

    write_gguf(loaded, tmp_path / "m.gguf", name="m", quantization=quantization)
    assert quantization_of(tmp_path / "m.gguf") == quantization
    exact = loaded.model.embedding.weight.detach().clone()
    round_as_stored(loaded.model, quantization)
    tensors = {tensor.name: tensor for tensor in GGUFReader(tmp_path / "m.gguf").tensors}
    embedding = tensors["token_embd.weight"]
    assert embedding.tensor_type.name == quantization
    read = dequantize(embedding.data, embedding.tensor_type)
    np.testing.assert_array_equal(read, loaded.model.embedding.weight.detach().numpy())
    # Half a step of each format; a scale of Q8_0 is a block's largest value over 127.
    step = {"F32": 0.0, "F16": 2**-11, "Q8_0": 1 / 254}[quantization]
    assert np.abs(read - exact.numpy()).max() <= step * float(exact.abs().max()) * 1.01
    assert {tensors[name].tensor_type.name for name in tensors if "norm" in name or "bias" in name} == {"F32"}
    assert "output.weight" not in tensors, "the head is tied"


def test_rows_that_q8_0_cannot_hold_are_f16(make_checkpoint: Callable[..., Path], tmp_path: Path) -> None:
    from gguf import GGUFReader

    loaded = load_model(make_checkpoint("qwen3", d_ff=150))
    write_gguf(loaded, tmp_path / "m.gguf", name="m", quantization="Q8_0")
    kinds = {tensor.name: tensor.tensor_type.name for tensor in GGUFReader(tmp_path / "m.gguf").tensors}
    assert kinds["blk.0.ffn_down.weight"] == "F16" and kinds["blk.0.ffn_up.weight"] == "Q8_0"


def test_what_the_file_says_of_itself(loaded: LoadedModel, tmp_path: Path) -> None:
    write_gguf(loaded, tmp_path / "m.gguf", name="My model", quantization="F16")
    said, tokenizer = fields(tmp_path / "m.gguf"), loaded.tokenizer
    arch = said["general.architecture"]
    assert (said["general.name"], said[f"{arch}.context_length"], said[f"{arch}.block_count"]) == ("My model", 256, 3)
    assert (said["tokenizer.ggml.model"], said["tokenizer.ggml.pre"]) == ("gpt2", "qwen2")
    assert said["tokenizer.ggml.add_bos_token"] is False
    names = {
        "eos": special.END_OF_TEXT,
        "eot": special.IM_END,
        "padding": special.FIM_PAD,
        "fim_pre": special.FIM_PREFIX,
        "fim_suf": special.FIM_SUFFIX,
        "fim_mid": special.FIM_MIDDLE,
        "fim_rep": special.REPO_NAME,
        "fim_sep": special.FILE_SEP,
    }
    for key, name in names.items():
        assert said[f"tokenizer.ggml.{key}_token_id"] == tokenizer.token_id(name)
    tokens, types = said["tokenizer.ggml.tokens"], said["tokenizer.ggml.token_type"]
    kinds = {name: types[tokens.index(name)] for name in (*special.SPECIAL_TOKENS, *special.ADDED_TOKENS)}
    control, user_defined, normal = 3, 4, 1
    assert {kinds[name] for name in special.SPECIAL_TOKENS} == {control}
    assert {kinds[name] for name in special.ADDED_TOKENS} == {user_defined}
    assert types.count(normal) == tokenizer.vocab_size - len(kinds)
    assert len(said["tokenizer.ggml.merges"]) == len(tokenizer.vocabulary.merges)


def test_llama_cpp_tokenizes_real_scripts_as_we_do(loaded: LoadedModel, tmp_path: Path, served: Any) -> None:
    from codeling.data.bash_tasks import generate_bash_tasks

    write_gguf(loaded, tmp_path / "m.gguf", name="m", quantization="F16")
    texts = [document.text for _, document in zip(range(20), generate_bash_tasks(seed=99), strict=False)]
    with served(tmp_path / "m.gguf") as llama_cpp:
        for text in texts:
            assert llama_cpp.tokenize(text) == loaded.tokenizer.encode_with_special(text)


def test_what_llama_cpp_cannot_load_is_said(tmp_path: Path, served: Any) -> None:
    (tmp_path / "m.gguf").write_bytes(b"GGUF but not really")
    with pytest.raises(Failure, match="cannot load"), served(tmp_path / "m.gguf"):
        pass
    with pytest.raises(Failure, match="not a GGUF file of"):
        quantization_of(tmp_path / "m.gguf")


def test_the_server_refuses_in_words(loaded: LoadedModel, tmp_path: Path, served: Any) -> None:
    write_gguf(loaded, tmp_path / "m.gguf", name="m", quantization="F16")
    with served(tmp_path / "m.gguf") as llama_cpp:
        assert isinstance(llama_cpp, LlamaCpp)
        with pytest.raises(Failure, match=r"llama\.cpp refused"):
            llama_cpp.greedy([65] * 300, 1)
