"""Checkpoints: everything a run needs to go on bit for bit, in one file that a crash cannot tear.

A checkpoint NAME is two files in one folder:

- ``NAME.pth``   a ``torch.save`` archive: model and optimizer in full precision, run state (step, random numbers,
  sums), the text of tokenizer.json, and ``info``
- ``NAME.json``  the sidecar, readable without torch: the archive's SHA-256 and size, and the same ``info`` (stage,
  step, model and training configuration, tokenizer hash, data fingerprint, metrics)

Two files cannot be replaced in one step, so the sidecar goes first and, while it is ahead, also carries the hash of
the archive that it replaces:

    write and sync a temporary archive
    rename the sidecar into place: {new hash, "replaces": {old hash, old info}}   <- a kill from here ...
    rename the archive into place
    rename the sidecar again, without "replaces"                                   <- ... to here is told apart by hash

Whatever byte a kill falls on, the folder holds one whole archive whose hash is in its sidecar: the new or the old.

Loading trusts nothing: regular files only, hash first, then the archive's directory and its pickle are inspected for
names and sizes without executing anything (codeling.runtime.archive), and only then ``torch.load(weights_only=True)``
reads it. An archive that was moved without its sidecar is checked by the CRC-32 sums inside it instead of the hash.
"""

from __future__ import annotations

import contextlib
import dataclasses
import hashlib
import os
import pickle
import shutil
import stat
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from codeling.config import from_mapping
from codeling.errors import Failure, UsageError
from codeling.runtime.archive import inspect_archive
from codeling.runtime.files import atomic_path, read_json, sha256_file, write_json

if TYPE_CHECKING:
    import torch

    from codeling.model.transformer import Transformer
    from codeling.tokenizer.bpe import Tokenizer

FORMAT = "codeling-checkpoint"
SCHEMA = 1


@dataclass(frozen=True)
class Checkpoint:
    """What is saved. ``info`` holds plain JSON values and is readable from the sidecar alone; it is written by
    codeling.stages.training."""

    info: dict[str, Any]
    """stage, step, epoch, tokens, finished, model (ModelConfig as mapping), train (TrainConfig as mapping),
    global_rows, tokenizer_hash, data (fingerprint, shards and their sources), metrics, earlier (stages before);
    ``weights``: "float16" or "int8" if they were quantized."""
    model: dict[str, torch.Tensor]
    """``state_dict`` of the model."""
    tokenizer: str
    """The text of tokenizer.json."""
    optimizer: dict[str, Any] | None = None
    """``state_dict`` of the optimizer; None in a checkpoint that is only for generating."""
    state: dict[str, Any] | None = None
    """The loop's own state: step, sums, scale, random number generators."""


def stages_so_far(info: Mapping[str, Any]) -> list[dict[str, Any]]:
    """What the stages behind a checkpoint say of themselves, first one first, its own the last: ``earlier`` of what is
    trained from it, for model cards."""
    kept = ("stage", "step", "tokens", "metrics")
    own = {key: info[key] for key in kept if key in info}
    return [*info.get("earlier", []), own | {"data": {"sources": info.get("data", {}).get("sources", [])}}]


@dataclass(frozen=True)
class LoadedModel:
    """A model ready to generate or to be trained on, with the tokenizer that it was trained with."""

    model: Transformer
    tokenizer: Tokenizer
    info: dict[str, Any]


def sidecar_path(path: Path) -> Path:
    """``models/NAME.json`` for ``models/NAME.pth``."""
    return path.with_suffix(".json")


def save_checkpoint(path: Path, checkpoint: Checkpoint, *, also: Sequence[Path] = ()) -> None:
    """Write ``path`` (``NAME.pth``) and its sidecar so that a kill at any moment leaves the old or the new one.

    ``also``: further names for the same content, published in this order; they share the bytes on disk where the
    file system has hard links. An OSError (full disk, read-only folder) leaves what was there intact.
    """
    identity: dict[str, Any] = {}
    with _replacing(path, identity, checkpoint.info) as temporary:
        identity.update(_write_archive(temporary, checkpoint))
    for other in also:
        with _replacing(other, identity, checkpoint.info) as temporary:
            temporary.unlink()
            try:
                os.link(path, temporary)
            except OSError:  # no hard links here (FAT, some network file systems)
                shutil.copyfile(path, temporary)


@contextlib.contextmanager
def _replacing(path: Path, identity: Mapping[str, Any], info: Mapping[str, Any]) -> Iterator[Path]:
    """Yield a temporary archive; publish it and its sidecar in the order that the module's docstring explains.

    ``identity`` (sha256, bytes) is read after the body has filled it.
    """
    sidecar = sidecar_path(path)
    replaced = _current_entry(path)
    with atomic_path(path) as temporary:
        yield temporary
        entry = {"format": FORMAT, "schema": SCHEMA, **identity, "info": info}
        write_json(sidecar, entry | ({"replaces": replaced} if replaced else {}))
    if replaced:
        write_json(sidecar, entry)


def _current_entry(path: Path) -> dict[str, Any] | None:
    """The sidecar entry that describes the archive now at ``path``; None where there is no archive."""
    if not path.is_file():
        return None
    entries = _sidecar_entries(path)
    if len(entries) == 1:
        return entries[0]
    # A save was killed between its renames, or there is no sidecar: only the content tells what this is.
    digest = sha256_file(path)
    known = next((entry for entry in entries if entry["sha256"] == digest), None)
    return known or {"sha256": digest, "bytes": path.stat().st_size, "info": None}


def _sidecar_entries(path: Path) -> list[dict[str, Any]]:
    """What the sidecar says the archive may be: one entry, two after a killed save, none without a sidecar."""
    sidecar = sidecar_path(path)
    if not sidecar.exists():
        return []
    values = read_json(sidecar)
    if not isinstance(values, dict) or values.get("format") != FORMAT:
        raise Failure(
            f"{sidecar}: not the sidecar of a Codeling checkpoint; move it away, or choose another --out-name"
        )
    _check_schema(sidecar, values.get("schema"))
    entries = [values, *([values["replaces"]] if values.get("replaces") else [])]
    if not all(isinstance(entry, dict) and isinstance(entry.get("sha256"), str) for entry in entries):
        raise Failure(f"{sidecar}: damaged: it does not say the SHA-256 of {path.name}")
    return [{key: entry.get(key) for key in ("sha256", "bytes", "info")} for entry in entries]


def _check_schema(path: Path, schema: Any) -> None:
    if schema == SCHEMA:
        return
    if isinstance(schema, int) and schema > SCHEMA:
        raise Failure(
            f"{path}: written by a newer Codeling (schema {schema}; this one reads {SCHEMA}); update Codeling"
        )
    raise Failure(f"{path}: schema {schema!r} is not one that this version reads ({SCHEMA}); train again")


def _write_archive(path: Path, checkpoint: Checkpoint) -> dict[str, Any]:
    """Write the archive; returns its sha256 and bytes."""
    import torch

    payload = {
        "format": FORMAT,
        "schema": SCHEMA,
        "info": checkpoint.info,
        "tokenizer": checkpoint.tokenizer,
        "model": dict(checkpoint.model),
        "optimizer": checkpoint.optimizer,
        "state": checkpoint.state,
    }
    with path.open("wb") as file:
        writer = _HashingWriter(file)
        try:
            torch.save(payload, writer)  # type: ignore[arg-type]  # write and flush are all that it calls
            file.flush()
        except RuntimeError as error:
            # torch's archive writer wraps a failed write; its cause is what the user can mend.
            raise writer.error or error from None
    return {"sha256": writer.digest.hexdigest(), "bytes": writer.bytes}


class _HashingWriter:
    """Passes what torch.save writes on to a file and hashes it on the way, so that it is not read again."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self.digest = hashlib.sha256()
        self.bytes = 0
        self.error: OSError | None = None

    def write(self, data: bytes) -> int:
        try:
            self._file.write(data)
        except OSError as error:
            self.error = error
            raise
        self.digest.update(data)
        self.bytes += len(data)
        return len(data)

    def flush(self) -> None:
        self._file.flush()


def read_info(path: Path) -> dict[str, Any]:
    """``info`` of the checkpoint at ``path``: from the sidecar, in milliseconds and without torch, where possible.

    A missing checkpoint is a UsageError. After a killed save the archive's hash decides which of the sidecar's two
    entries counts.
    """
    if not path.is_file():
        raise UsageError(f"{path}: no such checkpoint{_alternatives(path)}")
    entry = _current_entry(path)
    if entry is not None and entry["info"] is not None:
        return entry["info"]
    return load_checkpoint(path).info


def load_checkpoint(path: Path, *, lazily: bool = False) -> Checkpoint:
    """Read and check a checkpoint; tensors are on the CPU. Refuses, with a Failure, what is damaged or hostile.

    ``lazily`` maps the tensors from the file instead of reading them: what is not used costs no memory.
    """
    import torch

    with _open_regular(path) as file:
        hashed = _check_hash(path, file)
        inspect_archive(file, path, every_byte=not hashed)
        try:
            payload = torch.load(str(path) if lazily else file, map_location="cpu", weights_only=True, mmap=lazily)
        except (RuntimeError, pickle.UnpicklingError, EOFError, OSError) as error:
            raise Failure(f"{path}: cannot be read: {str(error).splitlines()[0]}{_alternatives(path)}") from None
    if not isinstance(payload, dict) or payload.get("format") != FORMAT:
        raise Failure(f"{path}: not a Codeling checkpoint (a PyTorch file of something else)")
    _check_schema(path, payload.get("schema"))
    try:
        return Checkpoint(**{field.name: payload[field.name] for field in dataclasses.fields(Checkpoint)})
    except KeyError as error:
        raise Failure(f"{path}: an incomplete checkpoint: {error} is missing") from None


@contextlib.contextmanager
def _open_regular(path: Path) -> Iterator[IO[bytes]]:
    if path.is_symlink():
        raise Failure(f"{path}: is a symbolic link; give the file itself if you trust it: {path.resolve()}")
    # O_NOFOLLOW closes the gap between the question above and the opening; O_NONBLOCK keeps a pipe from blocking.
    flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
    try:
        handle = os.open(path, flags)
    except FileNotFoundError:
        raise UsageError(f"{path}: no such checkpoint{_alternatives(path)}") from None
    if not stat.S_ISREG(os.fstat(handle).st_mode):
        os.close(handle)
        raise Failure(f"{path}: is not a regular file; name a checkpoint, models/NAME.pth")
    with os.fdopen(handle, "rb") as file:
        yield file


def _check_hash(path: Path, file: IO[bytes]) -> bool:
    """Whether there is a sidecar, which then agrees with the content; else a Failure."""
    entries = _sidecar_entries(path)
    if not entries:  # moved without its sidecar; then only the archive's own checksums vouch for it
        return False
    digest = hashlib.sha256()
    while piece := file.read(1 << 20):
        digest.update(piece)
    # Once more after reading: a running training may have replaced archive and sidecar in between.
    known = {entry["sha256"] for entry in (*entries, *_sidecar_entries(path))}
    if digest.hexdigest() not in known:
        raise Failure(
            f"{path}: damaged: its SHA-256 is {digest.hexdigest()[:12]}..., but {sidecar_path(path).name} says "
            f"{entries[0]['sha256'][:12]}...{_alternatives(path)}"
        )
    return True


def _alternatives(path: Path) -> str:
    """``"; there are also: ..."`` - the other checkpoints of the folder, newest first."""
    others = [other for other in path.parent.glob("*.pth") if other != path and other.is_file()]
    others.sort(key=lambda other: other.stat().st_mtime, reverse=True)
    return f"; there are also: {', '.join(str(other) for other in others[:5])}" if others else ""


def load_model(path: Path, *, device: str | torch.device = "cpu", dtype: torch.dtype | None = None) -> LoadedModel:
    """The model of a checkpoint, in evaluation mode on ``device``, in ``dtype`` (default: as saved, float32)."""
    import torch

    from codeling.model.config import ModelConfig
    from codeling.model.quantized import quantize_matrices
    from codeling.model.transformer import Transformer

    saved = load_checkpoint(path, lazily=True)
    config = from_mapping(ModelConfig, saved.info["model"], where=f"{path}: info.model")
    with torch.device("meta"):  # so that no time goes into initial weights
        model = Transformer(config)
        if kind := saved.info.get("weights"):
            quantize_matrices(model, kind)
    model.to_empty(device="cpu")
    model.positions.reset()
    load_weights(model, saved, path)
    tokenizer = load_tokenizer(saved, path)
    model.to(device=device, dtype=dtype)
    return LoadedModel(model.eval(), tokenizer, saved.info)


def load_weights(model: torch.nn.Module, saved: Checkpoint, path: Path) -> None:
    """Copy the checkpoint's weights into ``model``; names and shapes must agree, else a Failure says which do not."""
    from codeling.model.quantized import is_quantized

    if saved.info.get("weights") and not is_quantized(model):
        raise UsageError(f"{path}: is quantized, for generating only; train on the checkpoint that it was made from")
    try:
        model.load_state_dict(saved.model, strict=True)
    except RuntimeError as error:
        raise Failure(f"{path}: its weights do not fit the model: {error}") from None


def load_tokenizer(saved: Checkpoint, path: Path) -> Tokenizer:
    """The tokenizer inside a checkpoint, checked against the hash that ``info`` records."""
    from codeling.tokenizer.bpe import Tokenizer

    tokenizer = Tokenizer.from_json(saved.tokenizer)
    if tokenizer.content_hash != saved.info["tokenizer_hash"]:
        raise Failure(
            f"{path}: the tokenizer inside has hash {tokenizer.content_hash[:12]}..., but the checkpoint was trained "
            f"with {saved.info['tokenizer_hash'][:12]}..."
        )
    return tokenizer
