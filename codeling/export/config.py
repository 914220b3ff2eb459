"""What `codeling export` and `codeling verify-export` are asked to do; free of torch."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

Quantization = Literal["F32", "F16", "Q8_0"]


@dataclass(frozen=True)
class HuggingFaceConfig:
    """Options of `codeling export hf`: a folder that `transformers`, vLLM and SGLang load."""

    checkpoint: Path | None = None
    """Checkpoint to export; default: the most advanced one in models/."""
    out: Path | None = None
    """Folder to write; default: exports/NAME."""
    name: str | None = None
    """What the model is called; default: the checkpoint's name."""
    dtype: Literal["float32", "bfloat16", "float16"] = "float32"
    """Number format of the weights."""
    force: bool = False
    """Replace an export that is there already."""
    workdir: Path = Path()
    """Folder that holds models/ and exports/."""


@dataclass(frozen=True)
class GgufConfig:
    """Options of `codeling export gguf`: one file that llama.cpp, Ollama and LM Studio load."""

    checkpoint: Path | None = None
    """Checkpoint to export; default: the most advanced one in models/."""
    out: Path | None = None
    """File to write; default: exports/NAME-QUANTIZATION.gguf."""
    name: str | None = None
    """What the model is called; default: the checkpoint's name."""
    quantization: Quantization = "F16"
    """Number format of the matrices: F32 (exact), F16 (half the size), Q8_0 (a quarter)."""
    force: bool = False
    """Replace a file that is there already."""
    workdir: Path = Path()
    """Folder that holds models/ and exports/."""


@dataclass(frozen=True)
class OllamaConfig:
    """Options of `codeling export ollama`: a folder with a GGUF and its Modelfile, for `ollama create`."""

    checkpoint: Path | None = None
    """Checkpoint to export; default: the most advanced one in models/."""
    out: Path | None = None
    """Folder to write; default: exports/NAME-ollama."""
    name: str | None = None
    """What the model is called; default: the checkpoint's name."""
    quantization: Quantization = "Q8_0"
    """Number format of the matrices: F32 (exact), F16 (half the size), Q8_0 (a quarter)."""
    temperature: float = 0.0
    """What Ollama uses unless a request says otherwise; 0 is greedy, which suits small models' tool calls."""
    force: bool = False
    """Replace an export that is there already."""
    workdir: Path = Path()
    """Folder that holds models/ and exports/."""


@dataclass(frozen=True)
class VerifyExportConfig:
    """Options of `codeling verify-export`: does an export compute, encode and render what the checkpoint does?"""

    export: Path | None = None
    """What to verify: a Hugging Face folder, a .gguf file, or an Ollama folder."""
    checkpoint: Path | None = None
    """The checkpoint that it was made from; default: the most advanced one in models/."""
    num_tokens: int = 64
    """Greedy tokens compared after each prompt."""
    workdir: Path = Path()
    """Folder that holds models/."""
