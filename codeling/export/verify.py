"""Does an export compute, encode and render what its checkpoint does? Asked of the programs that it is made for.

A Hugging Face folder is loaded by `transformers`, a GGUF file by llama.cpp (`xllamacpp`). The checkpoint's weights are
rounded as the export stores them, so that what is measured is the export and not its number format.
"""

from __future__ import annotations

import importlib.util
from collections.abc import Iterator
from pathlib import Path

from codeling.checkpoint import LoadedModel
from codeling.errors import Failure, UsageError
from codeling.export import ollama
from codeling.export.parity import Check, Reference


def verify(loaded: LoadedModel, export: Path, *, num_tokens: int) -> Iterator[Check]:
    """Check after check, each as soon as it is known; changes ``loaded``'s weights to those that the export stores.

    UsageError for what is no export, Failure for what cannot be read and for a missing program.
    """
    reference = Reference(loaded, num_tokens=num_tokens)
    if export.is_dir() and (export / "Modelfile").is_file():
        export = export / ollama.WEIGHTS
    if export.is_file() and export.suffix == ".gguf":
        _require("xllamacpp", f"{export}: llama.cpp is needed to verify a GGUF file")
        from codeling.export.verify_llama_cpp import verify_gguf

        yield from verify_gguf(reference, export)
    elif (export / "config.json").is_file():
        _require("transformers", f"{export}: transformers is needed to verify a Hugging Face folder")
        from codeling.export.verify_transformers import verify_hugging_face

        yield from verify_hugging_face(reference, export)
    else:
        raise UsageError(f"{export}: no export; give a Hugging Face folder, a .gguf file or an Ollama folder")


def _require(package: str, why: str) -> None:
    if importlib.util.find_spec(package) is None:
        raise Failure(f"{why}, and {package} is not installed; install it: pip install 'codeling[verify]'")
