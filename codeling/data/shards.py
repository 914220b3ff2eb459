"""Token shards: documents as one flat array on disk, memory-mapped when read.

A shard NAME is up to four files in one folder, published in this order:

- ``NAME.npy``       token ids, 1-D uint16 (uint32 above 65,536 ids); each document ends with end-of-text
- ``NAME.docs.npy``  int64 start offset of each document
- ``NAME.mask.npy``  optional, uint8 per token: 1 = the loss is taken here (supervised fine-tuning)
- ``NAME.json``      the manifest: counts, hashes, tokenizer, sources; a shard without it does not exist

The writer streams: memory does not grow with the number of documents. All files are plain NumPy arrays.
"""

from __future__ import annotations

import contextlib
import io
import tokenize
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType

import numpy as np
import numpy.typing as npt

from codeling.config import from_mapping, to_mapping
from codeling.errors import Failure, UsageError
from codeling.runtime.files import atomic_path, read_json, sha256_file, write_json

SHARD_FORMAT = "codeling-shard-1"
# Tokens checked at a time by verify(): bounds its memory, whatever the shard's size.
_CHECK_TOKENS = 1 << 22


@dataclass(frozen=True)
class SourceCount:
    """What one (source, language, licence) contributed to a shard."""

    source: str
    language: str
    licence: str
    documents: int
    tokens: int
    """Including one end-of-text per document."""
    bytes: int
    """UTF-8 bytes of the text."""


@dataclass(frozen=True)
class ShardManifest:
    """The content of ``NAME.json``; everything needed to trust the arrays beside it."""

    format: str
    tokenizer_hash: str
    """``Tokenizer.content_hash`` of the tokenizer that made the ids."""
    vocab_size: int
    end_of_text: int
    """The id that ends each document."""
    dtype: str
    num_tokens: int
    """Including one end-of-text per document."""
    num_documents: int
    num_bytes: int
    """UTF-8 bytes of all texts, end-of-text not counted: the denominator of bits per byte."""
    sha256: str
    """Of the file NAME.npy; also the fingerprint that checkpoints remember."""
    starts_sha256: str
    sources: tuple[SourceCount, ...]
    seed: int
    split: str
    """train, val, or what the writer called it."""
    mask_sha256: str | None = None
    profile: str = ""
    """Of generated conversations, which kind (codeling.data.tool_profiles); empty for all other data."""


def token_dtype(vocab_size: int) -> np.dtype:
    """The smallest unsigned type a shard uses for ids below ``vocab_size``."""
    return np.dtype("<u2" if vocab_size <= 1 << 16 else "<u4")


class ShardWriter:
    """Append documents, publish the shard when the ``with`` block ends without an error, and nothing otherwise.

    >>> with ShardWriter(Path("data/processed/train.npy"), tokenizer_hash=h, vocab_size=v, end_of_text=0) as writer:
    ...     writer.add(ids, num_bytes=len(text.encode()), source="stories", language="text", licence="CC0-1.0")
    >>> writer.manifest.num_tokens  # doctest: +SKIP

    An existing shard of that name is replaced; while files are being renamed it has no manifest, so a crash
    leaves either the old shard, the new one, or a clear "no such file", never a mixture.
    """

    def __init__(
        self,
        path: Path,
        *,
        tokenizer_hash: str,
        vocab_size: int,
        end_of_text: int,
        seed: int = 0,
        split: str = "",
        mask: bool = False,
        profile: str = "",
    ) -> None:
        if path.suffix != ".npy":
            raise UsageError(f"{path}: a shard's name ends with .npy")
        assert 0 <= end_of_text < vocab_size, (end_of_text, vocab_size)
        self.path = path
        self.num_tokens = 0
        self.num_documents = 0
        self._identity = (tokenizer_hash, vocab_size, end_of_text, seed, split)
        self._vocab_size = vocab_size
        self._end_of_text = end_of_text
        self._dtype = token_dtype(vocab_size)
        self._with_mask = mask
        self._profile = profile
        self._counts: dict[tuple[str, str, str], list[int]] = {}
        self._files = contextlib.ExitStack()
        self._manifest: ShardManifest | None = None

    def __enter__(self) -> ShardWriter:
        with self._explained():
            self._tokens = self._files.enter_context(_array_stream(self.path, self._dtype))
            self._starts = self._files.enter_context(_array_stream(_starts_path(self.path), np.dtype("<i8")))
            if self._with_mask:
                self._mask = self._files.enter_context(_array_stream(_mask_path(self.path), np.dtype("u1")))
        return self

    def add(
        self,
        tokens: Sequence[int] | npt.NDArray[np.integer],
        *,
        num_bytes: int,
        source: str = "",
        language: str = "text",
        licence: str = "unknown",
        mask: Sequence[int] | npt.NDArray[np.integer] | None = None,
    ) -> None:
        """Append one document: its ids WITHOUT end-of-text, which is added here (and, under a mask, not trained)."""
        ids = np.asarray(tokens, dtype=np.int64)
        assert ids.ndim == 1, ids.shape
        if ids.size and not (int(ids.min()) >= 0 and int(ids.max()) < self._vocab_size):
            raise ValueError(f"token ids {ids.min()}..{ids.max()} are outside the vocabulary of {self._vocab_size}")
        assert (mask is not None) == self._with_mask, "a mask for every document or for none"
        with self._explained():
            self._starts.append(np.array([self.num_tokens]))
            self._tokens.append(ids)
            self._tokens.append(np.array([self._end_of_text]))
            if mask is not None:
                trained = np.asarray(mask) != 0
                assert trained.shape == ids.shape, (trained.shape, ids.shape)
                self._mask.append(np.append(trained, False))
        self.num_tokens += ids.size + 1
        self.num_documents += 1
        count = self._counts.setdefault((source, language, licence), [0, 0, 0])
        count[0] += 1
        count[1] += ids.size + 1
        count[2] += num_bytes

    @property
    def manifest(self) -> ShardManifest:
        """The published manifest; only after the ``with`` block."""
        assert self._manifest is not None, "the shard is not published yet"
        return self._manifest

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if error is not None:
            self._files.__exit__(kind, error, trace)
            return
        with self._explained(), self._files:
            if self.num_documents == 0:
                raise Failure(f"{self.path}: no documents to write; a shard has at least one")
            manifest = self._describe()
            withdraw(self.path)
            if not self._with_mask:
                _mask_path(self.path).unlink(missing_ok=True)
        with self._explained():
            write_json(_manifest_path(self.path), to_mapping(manifest))
        self._manifest = manifest

    def _describe(self) -> ShardManifest:
        tokenizer_hash, vocab_size, end_of_text, seed, split = self._identity
        return ShardManifest(
            format=SHARD_FORMAT,
            tokenizer_hash=tokenizer_hash,
            vocab_size=vocab_size,
            end_of_text=end_of_text,
            dtype=self._dtype.name,
            num_tokens=self.num_tokens,
            num_documents=self.num_documents,
            num_bytes=sum(count[2] for count in self._counts.values()),
            sha256=self._tokens.finish(),
            starts_sha256=self._starts.finish(),
            sources=tuple(SourceCount(*key, *count) for key, count in sorted(self._counts.items())),
            seed=seed,
            split=split,
            mask_sha256=self._mask.finish() if self._with_mask else None,
            profile=self._profile,
        )

    @contextlib.contextmanager
    def _explained(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            raise Failure(
                f"{self.path}: cannot write the shard: {error.strerror or error}; nothing was published. "
                f"Free space or permissions there, or choose another --workdir"
            ) from error


class _ArrayStream:
    """A 1-D ``.npy`` file of unknown length: the header is written again, at the same size, once it is known."""

    def __init__(self, path: Path, dtype: np.dtype) -> None:
        self._path = path
        self._dtype = dtype
        self._length = 0
        self._file = path.open("wb", buffering=1 << 20)
        self._file.write(_npy_header(dtype, 0))

    def append(self, values: npt.NDArray) -> None:
        self._file.write(values.astype(self._dtype).tobytes())
        self._length += values.size

    def finish(self) -> str:
        """Write the final header and return the file's SHA-256."""
        self._file.seek(0)
        self._file.write(_npy_header(self._dtype, self._length))
        self._file.close()
        return sha256_file(self._path)

    def close(self) -> None:
        # On a full disk the last flush fails again; the error that matters is already on its way.
        with contextlib.suppress(OSError):
            self._file.close()


@contextlib.contextmanager
def _array_stream(path: Path, dtype: np.dtype) -> Iterator[_ArrayStream]:
    with atomic_path(path) as temporary, contextlib.closing(_ArrayStream(temporary, dtype)) as stream:
        yield stream


def _npy_header(dtype: np.dtype, length: int) -> bytes:
    header = io.BytesIO()
    description = {"descr": np.lib.format.dtype_to_descr(dtype), "fortran_order": False, "shape": (length,)}
    np.lib.format.write_array_header_1_0(header, description)
    # NumPy pads to 64 bytes and leaves room for the length to grow, so every length gives the same size.
    assert header.tell() == 128, header.tell()
    return header.getvalue()


def withdraw(path: Path) -> None:
    """Remove a shard's manifest: to every reader the shard is gone until it is written again."""
    _manifest_path(path).unlink(missing_ok=True)


def _starts_path(path: Path) -> Path:
    return path.with_suffix(".docs.npy")


def _mask_path(path: Path) -> Path:
    return path.with_suffix(".mask.npy")


def _manifest_path(path: Path) -> Path:
    return path.with_suffix(".json")


@dataclass(frozen=True)
class Shard:
    """An opened shard; ``tokens``, ``starts`` and ``mask`` are read-only memory maps."""

    path: Path
    manifest: ShardManifest
    tokens: npt.NDArray[np.unsignedinteger]
    """(num_tokens,) uint16 or uint32."""
    starts: npt.NDArray[np.int64]
    """(num_documents,) offset of each document's first token; strictly increasing from 0."""
    mask: npt.NDArray[np.uint8] | None = None
    """(num_tokens,) 1 where the loss is taken; None: everywhere."""

    @property
    def name(self) -> str:
        """``train_large`` for ``.../train_large.npy``."""
        return self.path.stem

    def document(self, index: int) -> npt.NDArray[np.unsignedinteger]:
        """The tokens of one document, end-of-text included."""
        end = self.starts[index + 1] if index + 1 < self.manifest.num_documents else self.manifest.num_tokens
        return self.tokens[self.starts[index] : end]

    @classmethod
    def open(cls, path: Path, *, verify: bool = False) -> Shard:
        """Map a shard into memory after cheap checks (files, types, sizes); ``verify`` also reads and hashes it all.

        ``path`` is ``NAME.npy``. Raises Failure, naming the shard, when anything does not fit together.
        """
        manifest = read_manifest(path)
        has_mask = manifest.mask_sha256 is not None
        shard = cls(
            path=path,
            manifest=manifest,
            tokens=_map_array(path, np.dtype(manifest.dtype), manifest.num_tokens),
            starts=_map_array(_starts_path(path), np.dtype(np.int64), manifest.num_documents),
            mask=_map_array(_mask_path(path), np.dtype(np.uint8), manifest.num_tokens) if has_mask else None,
        )
        if verify:
            shard.verify()
        return shard

    def verify(self) -> None:
        """Read everything: hashes, id range, document boundaries, counts. Raises Failure naming the shard."""
        manifest, path = self.manifest, self.path
        hashes = {path: manifest.sha256, _starts_path(path): manifest.starts_sha256}
        if manifest.mask_sha256 is not None:
            hashes[_mask_path(path)] = manifest.mask_sha256
        for file, expected in hashes.items():
            actual = sha256_file(file)
            if actual != expected:
                raise Failure(
                    f"{file}: the content changed since it was written (sha256 {actual[:12]}..., the manifest "
                    f"{_manifest_path(path).name} says {expected[:12]}...); {_REMEDY}"
                )
        for begin in range(0, manifest.num_tokens, _CHECK_TOKENS):
            largest = int(self.tokens[begin : begin + _CHECK_TOKENS].max())
            if largest >= manifest.vocab_size:
                raise Failure(f"{path}: token id {largest} is outside the vocabulary of {manifest.vocab_size}")
        self._verify_boundaries()
        for field, total in (("documents", "num_documents"), ("tokens", "num_tokens"), ("bytes", "num_bytes")):
            counted = sum(getattr(source, field) for source in manifest.sources)
            if counted != getattr(manifest, total):
                raise Failure(f"{path}: the manifest's sources hold {counted} {field}, not {getattr(manifest, total)}")

    def _verify_boundaries(self) -> None:
        total = self.manifest.num_tokens
        for begin in range(0, self.manifest.num_documents, _CHECK_TOKENS):
            # One offset beyond the piece, so that neighbouring pieces are compared too.
            starts = np.asarray(self.starts[begin : begin + _CHECK_TOKENS + 1])
            ends = starts[1:] if begin + _CHECK_TOKENS < self.manifest.num_documents else np.append(starts[1:], total)
            lengths = ends - starts[: len(ends)]
            if (begin == 0 and starts[0] != 0) or starts.min() < 0 or ends.max() > total or lengths.min() < 1:
                raise Failure(f"{_starts_path(self.path)}: document offsets are not increasing within the shard")
            unended = np.flatnonzero(self.tokens[ends - 1] != self.manifest.end_of_text)
            if unended.size:
                raise Failure(f"{self.path}: document {begin + unended[0]} does not end with end-of-text")


_REMEDY = (
    "make the shard again (scripts/prepare_data.py, scripts/prepare_code_data.py or "
    "scripts/prepare_tool_calling_data.py)"
)


def read_manifest(path: Path) -> ShardManifest:
    """The manifest of the shard ``NAME.npy`` at ``path``; a missing, broken or foreign one is a Failure."""
    manifest_path = _manifest_path(path)
    if not manifest_path.exists():
        missing = f"{path}: no such shard" if not path.exists() else f"{path}: its manifest {manifest_path} is missing"
        raise Failure(f"{missing}; {_REMEDY}")
    values = read_json(manifest_path)
    found = values.get("format") if isinstance(values, dict) else None
    if found != SHARD_FORMAT:
        raise Failure(f"{manifest_path}: format is {found!r}, this version reads {SHARD_FORMAT!r}; {_REMEDY}")
    try:
        manifest = from_mapping(ShardManifest, values, where=str(manifest_path))
    except (UsageError, TypeError) as error:
        raise Failure(f"{manifest_path}: not a shard manifest: {error}; {_REMEDY}") from None
    if manifest.dtype not in ("uint16", "uint32") or min(manifest.num_tokens, manifest.num_documents) < 1:
        raise Failure(
            f"{manifest_path}: an impossible manifest (dtype {manifest.dtype!r}, {manifest.num_tokens} tokens)"
        )
    return manifest


def require_tokenizer(shard: Shard, tokenizer_hash: str) -> None:
    """Refuse a shard whose ids were made by another tokenizer; they would train a model on noise."""
    if shard.manifest.tokenizer_hash != tokenizer_hash:
        raise Failure(
            f"{shard.path}: made with tokenizer {shard.manifest.tokenizer_hash[:12]}..., but the tokenizer in use is "
            f"{tokenizer_hash[:12]}...; prepare the data again with it: {_prepare_command(shard)} (a checkpoint brings "
            "the tokenizer that it was trained with: put that one back into data/tokenizer first, it may be "
            "tokenizer.json.backup, or train anew without --checkpoint)"
        )


def _prepare_command(shard: Shard) -> str:
    if shard.mask is not None:
        return "python scripts/prepare_tool_calling_data.py"
    return "python scripts/prepare_code_data.py" if "code" in shard.name else "python scripts/prepare_data.py"


# NumPy reads the header as Python source, so a flipped bit there can be any of these.
_UNREADABLE = (ValueError, EOFError, OSError, TypeError, SyntaxError, tokenize.TokenError)


def _map_array(path: Path, dtype: np.dtype, length: int) -> npt.NDArray:
    try:
        array = np.load(path, mmap_mode="r", allow_pickle=False)
    except FileNotFoundError:
        raise Failure(f"{path}: no such file, though the shard's manifest names it; {_REMEDY}") from None
    except _UNREADABLE as error:
        raise Failure(f"{path}: empty, truncated or not a NumPy array: {error}; {_REMEDY}") from None
    if array.dtype != dtype or array.shape != (length,):
        raise Failure(
            f"{path}: holds {array.dtype} of shape {array.shape}, but the manifest says {dtype} of shape ({length},): "
            f"swapped or overwritten; {_REMEDY}"
        )
    return array
