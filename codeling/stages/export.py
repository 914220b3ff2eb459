"""`codeling export hf|gguf|ollama` and `codeling verify-export`: which checkpoint, where to, and what was done."""

from __future__ import annotations

import shlex
from collections.abc import Collection
from pathlib import Path

from codeling.checkpoint import LoadedModel, load_model, read_info
from codeling.config import require_numbers
from codeling.errors import Failure, UsageError
from codeling.export.config import GgufConfig, HuggingFaceConfig, OllamaConfig, VerifyExportConfig
from codeling.export.shapes import shape_of
from codeling.runtime.paths import Workspace
from codeling.stages.complete import find_checkpoint


def hugging_face_command(config: HuggingFaceConfig) -> None:
    """``codeling export hf``."""
    import torch

    from codeling.export.hugging_face import FILES, write_hugging_face

    source = _Source(config)
    folder = config.out or source.workspace.exports / source.name
    _require_free_folder(folder, FILES, force=config.force)
    write_hugging_face(source.load(), folder, name=source.name, dtype=getattr(torch, config.dtype))
    source.report(folder, config.dtype)


def gguf_command(config: GgufConfig) -> None:
    """``codeling export gguf``."""
    from codeling.export.gguf_file import write_gguf

    source = _Source(config)
    file = config.out or source.workspace.exports / f"{source.name}-{config.quantization}.gguf"
    if file.suffix != ".gguf":
        raise UsageError(f"--out {file}: the name of a GGUF file ends with .gguf")
    if file.is_dir():
        raise UsageError(f"--out {file}: is a folder; name a file")
    if file.exists() and not config.force:
        raise UsageError(f"--out {file}: is there already; --force replaces it")
    write_gguf(source.load(), file, name=source.name, quantization=config.quantization)
    source.report(file, config.quantization)


def ollama_command(config: OllamaConfig) -> None:
    """``codeling export ollama``."""
    from codeling.export.ollama import FILES, write_ollama

    require_numbers(config, "temperature", at_least=0)
    source = _Source(config)
    folder = config.out or source.workspace.exports / f"{source.name}-ollama"
    _require_free_folder(folder, FILES, force=config.force)
    write_ollama(
        source.load(), folder, name=source.name, quantization=config.quantization, temperature=config.temperature
    )
    source.report(folder, config.quantization)
    print(f"Use it: ollama create {shlex.quote(source.name)} -f {shlex.quote(str(folder / 'Modelfile'))}")


def verify_command(config: VerifyExportConfig) -> None:
    """``codeling verify-export``: one line per check; a Failure when one did not hold."""
    from codeling.export.verify import verify

    require_numbers(config, "num_tokens", at_least=1)
    if config.export is None:
        raise UsageError("--export is missing: the folder or .gguf file to verify")
    if not config.export.exists():
        raise UsageError(f"--export {config.export}: no such file or folder; make it with: codeling export")
    loaded = _load(find_checkpoint(config.checkpoint, Workspace(config.workdir)))
    failed = 0
    for check in verify(loaded, config.export, num_tokens=config.num_tokens):
        failed += not check.passed
        print(f"{'ok  ' if check.passed else 'FAIL'}  {check.name}: {check.detail}", flush=True)
    if failed:
        raise Failure(f"{config.export}: {failed} of the checks failed; is it an export of this checkpoint?")
    print(f"{config.export} agrees with its checkpoint.")


class _Source:
    """The checkpoint to export, and what the export is called."""

    def __init__(self, config: HuggingFaceConfig | GgufConfig | OllamaConfig) -> None:
        self.workspace = Workspace(config.workdir)
        self.path = find_checkpoint(config.checkpoint, self.workspace)
        self.name = config.name or self.path.stem
        if not self.name.strip() or Path(self.name).name != self.name:
            raise UsageError(f"--name {self.name!r}: must be a plain name, without a folder; --out says where")

    def load(self) -> LoadedModel:
        self._loaded = _load(self.path)
        return self._loaded

    def report(self, out: Path, kind: str) -> None:
        model = self._loaded.model
        files = out.rglob("*") if out.is_dir() else [out]
        size = sum(file.stat().st_size for file in files)
        print(
            f"Wrote {out}: {shape_of(model.config).hugging_face_class}, {model.num_parameters():,} parameters, "
            f"{kind}, {size / 1e6:,.1f} MB\n"
            f"Verify it: codeling verify-export --checkpoint {shlex.quote(str(self.path))} "
            f"--export {shlex.quote(str(out))}"
        )


def _load(path: Path) -> LoadedModel:
    if kind := read_info(path).get("weights"):
        raise UsageError(
            f"{path}: its weights are stored as {kind} in Codeling's own way; export the checkpoint that it was made "
            "from, with --quantization Q8_0 for 8 bits and F16 for 16"
        )
    return load_model(path)


def _require_free_folder(folder: Path, files: Collection[str], *, force: bool) -> None:
    """UsageError when ``folder`` is there and must not be replaced; never replaced is what holds other files."""
    if not folder.exists() and not folder.is_symlink():
        return
    if not folder.is_dir() or folder.is_symlink():
        raise UsageError(f"--out {folder}: is there already and no folder; name another one")
    others = sorted(entry.name for entry in folder.iterdir() if entry.name not in files)
    if others:
        raise UsageError(f"--out {folder}: holds {others[0]!r}, which is no part of an export; name another folder")
    if any(folder.iterdir()) and not force:
        raise UsageError(f"--out {folder}: is there already; --force replaces it")
