"""Look into a ``torch.save`` archive before anything loads it: what is in it, how large, and what would it call?

A ``.pth`` file is a ZIP directory of raw tensor data plus one pickle, ``data.pkl``, which describes the objects. A
pickle is a program, so a hostile one runs whatever it likes. ``torch.load(weights_only=True)`` refuses unknown
names; this module refuses earlier and says why, and also checks what that loader takes on trust: that the archive is
not compressed (a bomb), that its members stay inside it, and that no tensor claims more bytes than its member has.

The pickle is run on inert stand-ins: no name in it is ever imported.
"""

from __future__ import annotations

import io
import pickle
import pickletools
import struct
import zipfile
from pathlib import Path
from typing import IO, Any

from codeling.errors import Failure

_LARGEST_PICKLE = 256 << 20
_STORAGE_BYTES = {
    "DoubleStorage": 8,
    "FloatStorage": 4,
    "HalfStorage": 2,
    "BFloat16Storage": 2,
    "LongStorage": 8,
    "IntStorage": 4,
    "ShortStorage": 2,
    "CharStorage": 1,
    "ByteStorage": 1,
    "BoolStorage": 1,
}
_ALLOWED = {("torch", name) for name in _STORAGE_BYTES} | {
    ("collections", "OrderedDict"),
    ("torch._utils", "_rebuild_tensor_v2"),
    ("torch._utils", "_rebuild_parameter"),
    ("torch", "Size"),
}


def inspect_archive(file: IO[bytes], path: Path, *, every_byte: bool = False) -> None:
    """Refuse, with a Failure that names ``path``, an archive that could do harm or cannot be whole.

    ``file`` is open for reading and seekable; it is left at its beginning. ``every_byte``: read all members and compare
    their CRC-32, for archives that no other checksum vouches for.
    """
    file.seek(0)
    try:
        with zipfile.ZipFile(file) as archive:
            sizes = _member_sizes(archive, path)
            pickles = [name for name in sizes if name.endswith("/data.pkl")]
            if len(pickles) != 1:
                raise Failure(f"{path}: not a checkpoint: holds {len(pickles)} object descriptions instead of one")
            if sizes[pickles[0]] > _LARGEST_PICKLE:
                raise Failure(f"{path}: refused: its object description claims {sizes[pickles[0]]:,} bytes")
            description = archive.read(pickles[0])
            if every_byte and (damaged := archive.testzip()) is not None:
                raise Failure(f"{path}: damaged: the checksum of {damaged!r} in it is wrong")
    except (zipfile.BadZipFile, struct.error, EOFError, ValueError, NotImplementedError, OSError) as error:
        raise Failure(f"{path}: truncated, damaged, or not a checkpoint ({error})") from None
    _inspect_pickle(description, sizes, folder=pickles[0].removesuffix("data.pkl"), path=path)
    file.seek(0)


def _member_sizes(archive: zipfile.ZipFile, path: Path) -> dict[str, int]:
    sizes: dict[str, int] = {}
    for member in archive.infolist():
        parts = member.filename.split("/")
        if member.filename.startswith(("/", "\\")) or ".." in parts or ":" in member.filename:
            raise Failure(f"{path}: refused: a member of the archive points outside it: {member.filename!r}")
        if member.compress_type != zipfile.ZIP_STORED or member.compress_size != member.file_size:
            raise Failure(f"{path}: refused: {member.filename!r} is compressed, which no checkpoint is")
        if member.flag_bits & 1:
            raise Failure(f"{path}: refused: {member.filename!r} is encrypted, which no checkpoint is")
        if member.filename in sizes:
            raise Failure(f"{path}: refused: two members are called {member.filename!r}")
        sizes[member.filename] = member.file_size
    return sizes


class _Inert(dict):
    """Stands in for everything that the pickle names; calling it does nothing."""

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__()

    def __setstate__(self, state: Any) -> None:
        pass


def _inspect_pickle(description: bytes, sizes: dict[str, int], *, folder: str, path: Path) -> None:
    class Inspector(pickle.Unpickler):
        def find_class(self, module_name: str, global_name: str, /) -> Any:
            if (module_name, global_name) not in _ALLOWED:
                raise Failure(
                    f"{path}: refused: it wants to run {module_name}.{global_name}. A checkpoint holds only numbers "
                    "and text; do not load this file with anything else either"
                )
            return type(global_name, (_Inert,), {})

        def persistent_load(self, pid: Any, /) -> Any:
            match pid:
                case ("storage", type() as kind, str() as key, str(), int() as count):
                    have = sizes.get(f"{folder}data/{key}", -1)
                    width = _STORAGE_BYTES.get(kind.__name__)
                    if width is None or count < 0 or count * width > have:
                        raise Failure(f"{path}: refused: tensor {key} claims {count:,} values but has {have:,} bytes")
                    return _Inert()
            raise Failure(f"{path}: refused: an unknown kind of reference, {str(pid)[:80]!r}")

    try:
        for opcode, argument, _ in pickletools.genops(description):
            # The C unpickler allocates room for the largest index of its memo, whatever the size of the file.
            if opcode.name == "LONG_BINPUT" and isinstance(argument, int) and argument > len(description):
                raise Failure(f"{path}: refused: an object description with an oversized index")
        Inspector(io.BytesIO(description)).load()
    except Failure:
        raise
    except Exception as error:  # a damaged pickle can fail in any way; all of them mean the same
        raise Failure(f"{path}: damaged: its object description cannot be read ({error})") from None
