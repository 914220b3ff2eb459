"""Sources that read files: ``file:`` (txt, jsonl, parquet; also compressed) and ``dir:`` (a tree of source code)."""

from __future__ import annotations

import codecs
import glob
import gzip
import itertools
import json
import os
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any, cast

from codeling.data.cleaning import refuse_evaluation_set
from codeling.data.corpus import SEPARATOR, Labels
from codeling.data.document import Document
from codeling.data.languages import language_of
from codeling.data.licences import licence_of_text
from codeling.data.rows import BadRow, document_of_row
from codeling.data.source_options import SourceOptions
from codeling.errors import Failure, UsageError

MAX_SOURCE_FILE_BYTES = 1_000_000
# A text without separators is cut, at a blank line, into documents of at most this many characters, so that
# memory stays bounded and a whole book does not become one document.
MAX_TEXT_DOCUMENT_CHARS = 200_000
_READ_BYTES = 1 << 20
_SKIPPED = """.git .hg .svn .venv venv node_modules bower_components __pycache__ .tox .nox .mypy_cache site-packages
vendor third_party"""
SKIPPED_FOLDERS = frozenset(_SKIPPED.split())


def read_files(pattern: str, options: SourceOptions) -> Iterator[Document]:
    """``file:PATH``; PATH may hold wildcards (quote it in the shell). Files are read in sorted order, streaming."""
    paths = matching_files(pattern)
    if not paths:
        raise UsageError(f"file:{pattern}: no such file")
    for path in paths:
        refuse_evaluation_set(path.name)
    return itertools.chain.from_iterable([read_file(path, options) for path in paths])


def matching_files(pattern: str) -> list[Path]:
    """The files that ``file:pattern`` means, sorted; none where nothing matches."""
    literal = Path(pattern).expanduser()
    # A name that exists is meant as it is, also when it holds a bracket.
    names = [str(literal)] if literal.exists() else sorted(glob.glob(str(literal), recursive=True))  # noqa: PTH207
    return [Path(name) for name in names]


def read_file(path: Path, options: SourceOptions) -> Iterator[Document]:
    """The documents of one file, by its ending; each document's id is ``name:line`` (parquet: ``name:row``).

    A row or byte that cannot be read is a Failure that names file and line.
    """
    if path.is_dir():
        raise UsageError(f"file:{path}: a folder; write dir:{path} for a tree of source files, or file:{path}/*.jsonl")
    name = path.name.lower()
    if name.endswith(".parquet"):
        return _read_parquet(path, options)
    stem = name.removesuffix(".gz").removesuffix(".zst")
    if stem.endswith((".jsonl", ".ndjson")):
        return _read_jsonl(path, options)
    if stem.endswith(".txt"):
        return _read_text(path)
    raise UsageError(f"file:{path}: cannot read this kind of file; valid: .txt, .jsonl (.gz, .zst of both), .parquet")


def _open_bytes(path: Path) -> IO[bytes]:
    if path.suffix == ".gz":
        return cast(IO[bytes], gzip.open(path, "rb"))
    if path.suffix == ".zst":
        # Arrow's reader, unlike zstandard's stream_reader, notices a file that ends in the middle of a frame.
        import pyarrow

        return pyarrow.input_stream(str(path), compression="zstd")
    return path.open("rb")


def _pieces(path: Path) -> Iterator[bytes]:
    """The decompressed bytes of a file, about a megabyte at a time; damage is a Failure."""
    try:
        with _open_bytes(path) as file:
            while piece := file.read(_READ_BYTES):
                yield piece
    except (EOFError, zlib.error, gzip.BadGzipFile, OSError) as error:
        raise Failure(f"{path}: cannot be read to its end: {error}") from None


def numbered_lines(path: Path) -> Iterator[tuple[int, bytes]]:
    """(line number from 1, line) pairs; only ``\\n`` ends a line, as JSON Lines says. UTF-16 is a Failure."""
    rest, number, start = b"", 0, b""
    try:
        for piece in _pieces(path):
            start = start or piece[:4]
            if b"\x00" in start:  # JSON begins with an ASCII character, and in UTF-8 never holds a NUL
                break
            *lines, rest = (rest + piece).split(b"\n")
            for line in lines:
                number += 1
                yield number, line
    except Failure as failure:
        raise Failure(f"{failure} (after line {number})") from None
    if b"\x00" in start:
        raise Failure(f"{path}: not UTF-8 text, by its zero bytes UTF-16; convert it: iconv -f UTF-16 -t UTF-8")
    if rest:
        yield number + 1, rest


def _read_jsonl(path: Path, options: SourceOptions) -> Iterator[Document]:
    for number, line in numbered_lines(path):
        if not line.strip():
            continue
        where = f"{path.name}:{number}"
        try:
            row = json.loads(line)
        except (json.JSONDecodeError, UnicodeDecodeError, RecursionError) as error:
            raise Failure(f"{path}:{number}: not valid JSON: {error}") from None
        yield _row_document(row, f"{path}:{number}", source=f"file:{path.name}", id=where, options=options)


def _row_document(row: Any, where: str, *, source: str, id: str, options: SourceOptions) -> Document:
    if not isinstance(row, dict):
        raise Failure(f"{where}: a row is an object with fields, not {type(row).__name__}")
    try:
        return document_of_row(row, source=source, id=id, text_field=options.text_field)
    except BadRow as error:
        raise Failure(f"{where}: {error}") from None


def _read_parquet(path: Path, options: SourceOptions) -> Iterator[Document]:
    for number, row in parquet_rows(path):
        where = f"{path.name}:{number}"
        yield _row_document(row, f"{path}: row {number}", source=f"file:{path.name}", id=where, options=options)


def parquet_rows(path: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    """(row number from 1, row) pairs of a Parquet file; damage is a Failure."""
    import pyarrow
    import pyarrow.parquet

    number = 0
    try:
        with pyarrow.parquet.ParquetFile(path) as file:
            for batch in file.iter_batches(batch_size=512):
                for row in batch.to_pylist():
                    number += 1
                    yield number, row
    except (pyarrow.ArrowException, OSError) as error:
        raise Failure(f"{path}: not a readable parquet file (after row {number}): {error}") from None


def _read_text(path: Path) -> Iterator[Document]:
    """Documents between ``<|endoftext|>``; labels come from the corpus manifest beside the file, if there is one."""
    labels = Labels.beside(path)
    line = 1
    index = 0
    for text in split_text(_decoded(path)):
        stripped = text.strip("\n")
        if stripped:
            first = line + len(text[: len(text) - len(text.lstrip("\n"))])
            source, language, licence = labels.of(index) if labels else (f"file:{path.name}", "text", "unknown")
            yield Document(
                text=stripped + "\n", source=source, language=language, licence=licence, id=f"{path.name}:{first}"
            )
            index += 1
        line += text.count("\n")


def _decoded(path: Path) -> Iterator[str]:
    decoder = codecs.getincrementaldecoder("utf-8")()
    line = 1
    try:
        for piece in _pieces(path):
            text = decoder.decode(piece)
            line += text.count("\n")
            yield text
        yield decoder.decode(b"", final=True)
    except UnicodeDecodeError as error:
        line += error.object[: error.start].count(b"\n")
        raise Failure(f"{path}:{line}: not UTF-8 text ({error.reason}); convert it, for example with iconv") from None


def cut_long_text(text: str) -> list[str]:
    """``text`` in parts that ``split_text`` will not cut again, at blank lines where there are any."""
    return list(_bounded(text, limit=MAX_TEXT_DOCUMENT_CHARS - 16))


def split_text(pieces: Iterator[str]) -> Iterator[str]:
    """Cut a stream of text at each ``<|endoftext|>``, and over-long documents at a blank line (or line, or anywhere).

    The parts, joined where they were cut, are the input again: nothing is lost but the separators.
    """
    buffer = ""
    for piece in pieces:
        *documents, buffer = (buffer + piece).split(SEPARATOR)
        for document in documents:
            yield from _bounded(document, limit=MAX_TEXT_DOCUMENT_CHARS)
        # The end of the buffer may be the beginning of a separator: the slack keeps it there.
        *documents, buffer = _bounded(buffer, limit=MAX_TEXT_DOCUMENT_CHARS, slack=len(SEPARATOR))
        yield from documents
    if buffer:
        yield from _bounded(buffer, limit=MAX_TEXT_DOCUMENT_CHARS)


def _bounded(text: str, *, limit: int, slack: int = 0) -> Iterator[str]:
    while len(text) > limit + slack:
        window = text[:limit]
        cut = next((end for mark in ("\n\n", "\n") if (end := window.rfind(mark) + len(mark)) > len(mark)), limit)
        yield text[:cut]
        text = text[cut:]
    yield text


def read_tree(folder: str, options: SourceOptions) -> Iterator[Document]:
    """``dir:PATH``: the source files below a folder, by extension or shebang, honouring every .gitignore in it.

    Version control, virtual environments, vendored code, symlinks, binaries and files over a megabyte are left out;
    the licence is that of the LICENSE or COPYING file at the top, else ``unknown``.
    """
    root = Path(folder).expanduser()
    if not root.is_dir():
        raise UsageError(f"dir:{folder}: no such folder")
    return _read_tree(root, options)


def _read_tree(root: Path, options: SourceOptions) -> Iterator[Document]:
    licence = _tree_licence(root)
    source = f"dir:{root.resolve().name}"
    for path in _walk(root, options):
        text = read_source_text(path, options)
        if text is None:
            continue
        language = language_of(path, text[:200].encode())
        if language is None:
            options.skipped["not a known kind of source file"] += 1
            continue
        relative = path.relative_to(root).as_posix()
        yield Document(text=text, source=source, language=language, licence=licence, id=relative)


def _walk(root: Path, options: SourceOptions) -> Iterator[Path]:
    from pathspec import GitIgnoreSpec

    ignores: dict[Path, list[tuple[Path, GitIgnoreSpec]]] = {root: []}
    for folder, subfolders, names in os.walk(root):
        here = Path(folder)
        rules = ignores.pop(here)
        if ".gitignore" in names:
            patterns = (here / ".gitignore").read_text(encoding="utf-8", errors="replace").splitlines()
            rules = [*rules, (here, GitIgnoreSpec.from_lines(patterns))]
        kept = []
        for name in sorted(subfolders):
            if name in SKIPPED_FOLDERS or (here / name).is_symlink() or (here / name / "pyvenv.cfg").exists():
                options.skipped["vendored or tool folder"] += 1
            elif _ignored(here / name, rules, folder=True):
                options.skipped["ignored by .gitignore"] += 1
            else:
                kept.append(name)
                ignores[here / name] = rules
        subfolders[:] = kept
        for name in sorted(names):
            if (here / name).is_symlink():
                options.skipped["symlink"] += 1
            elif _ignored(here / name, rules, folder=False):
                options.skipped["ignored by .gitignore"] += 1
            else:
                yield here / name


def _ignored(path: Path, rules: list[Any], *, folder: bool) -> bool:
    """git's rule: the deepest .gitignore that says anything about a path decides."""
    for base, spec in reversed(rules):
        verdict = spec.check_file(path.relative_to(base).as_posix() + ("/" if folder else "")).include
        if verdict is not None:
            return verdict
    return False


def read_source_text(path: Path, options: SourceOptions) -> str | None:
    """A source file's text with ``\\n`` line ends, or None (and counted) when it is binary, huge or unreadable."""
    try:
        if not path.is_file():
            return None
        if path.stat().st_size > MAX_SOURCE_FILE_BYTES:
            options.skipped["file over a megabyte"] += 1
            return None
        content = path.read_bytes()
    except OSError:
        options.skipped["unreadable file"] += 1
        return None
    if b"\x00" in content:
        options.skipped["binary file"] += 1
        return None
    try:
        return content.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError:
        options.skipped["file that is not UTF-8"] += 1
        return None


def _tree_licence(root: Path) -> str:
    for path in sorted(root.iterdir()):
        if path.is_file() and path.name.upper().startswith(("LICENSE", "LICENCE", "COPYING", "UNLICENSE")):
            return licence_of_text(path.read_text(encoding="utf-8", errors="replace"))
    return "unknown"
