"""Sources already on this machine: the Python code installed here, and its shell scripts. No network needed."""

from __future__ import annotations

import ast
import itertools
import os
import sysconfig
import textwrap
from collections.abc import Iterator
from email.message import Message
from importlib import metadata
from pathlib import Path
from typing import cast

from codeling.data.cleaning import refuse_evaluation_set
from codeling.data.document import Document
from codeling.data.languages import language_of_shebang
from codeling.data.licences import permissive_expression, spdx
from codeling.data.source_files import read_source_text
from codeling.data.source_options import SourceOptions
from codeling.errors import UsageError

# A file up to this size is one document also in unit "definition".
MAX_WHOLE_FILE_CHARS = 2_000
MIN_DEFINITION_CHARS = 60
_TESTS = "test tests testing idle_test __pycache__ lib2to3 turtledemo site-packages dist-packages"
_TEST_FOLDERS = frozenset(_TESTS.split())


def read_python(argument: str, options: SourceOptions) -> Iterator[Document]:
    """``python[:N]``: the standard library (PSF-2.0), every installed package with a permissive licence; no tests.

    Licences are read from the packages' own metadata; other packages are left out and counted. In unit
    "definition", a file beyond 2,000 characters becomes its functions, classes and the code between them:
    every line is in exactly one document either way.
    """
    for path, licence, name in _python_files(options):
        text = read_source_text(path, options)
        if text is None:
            continue
        if options.unit == "file" or len(text) <= MAX_WHOLE_FILE_CHARS:
            yield Document(text=text, source="python", language="python", licence=licence, id=name)
            continue
        for line, part in split_definitions(text):
            yield Document(text=part, source="python", language="python", licence=licence, id=f"{name}:{line}")


def _python_files(options: SourceOptions) -> Iterator[tuple[Path, str, str]]:
    library = Path(sysconfig.get_path("stdlib"))
    for path in _python_tree(library):
        yield path, "PSF-2.0", path.relative_to(library).as_posix()
    seen: set[str] = set()
    for package in sorted(metadata.distributions(), key=lambda found: found.metadata["Name"] or ""):
        name = package.metadata["Name"]
        if not name or name in seen:
            continue
        seen.add(name)
        licence = package_licence(package)
        if licence is None:
            options.skipped["package without a permissive licence"] += 1
            continue
        try:
            refuse_evaluation_set(name)
        except UsageError:
            options.skipped["package with an evaluation set"] += 1
            continue
        for file in sorted(package.files or ()):
            if file.suffix == ".py" and ".." not in file.parts and not _TEST_FOLDERS.intersection(file.parts):
                yield Path(str(file.locate())), licence, f"{name}/{file.as_posix()}"


def _python_tree(root: Path) -> Iterator[Path]:
    for folder, subfolders, names in os.walk(root):
        subfolders[:] = sorted(name for name in subfolders if name not in _TEST_FOLDERS)
        yield from (Path(folder, name) for name in sorted(names) if name.endswith(".py"))


def package_licence(package: metadata.Distribution) -> str | None:
    """The permissive SPDX licence a package's metadata states, or None when it is another one, mixed or unclear."""
    fields = cast(Message, package.metadata)
    stated = fields.get("License-Expression")
    if stated:
        return permissive_expression(stated)
    classifiers = [
        value.split("::")[-1].strip()
        for value in fields.get_all("Classifier") or ()
        if value.startswith("License ::") and value.split("::")[-1].strip() not in ("OSI Approved", "DFSG approved")
    ]
    if classifiers:
        names = [spdx(classifier) for classifier in classifiers]
        return " OR ".join(dict.fromkeys(name for name in names if name)) if all(names) else None
    return permissive_expression(fields.get("License") or "")


def split_definitions(text: str) -> list[tuple[int, str]]:
    """Cut a Python file into (first line, source) pieces: its functions and classes, and the code between them.

    A class beyond 2,000 characters is cut again into its head and its methods, each dedented so that it parses
    alone. Every line lands in one piece; pieces under 60 characters that hold no definition are left out. A file
    that does not parse is one piece.
    """
    try:
        tree = ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return [(1, text)]
    # ast counts lines by \n (and \r); a form feed or the like must not end a line here.
    lines = text.split("\n")
    pieces: list[tuple[int, int]] = []
    _cut(tree.body, 0, len(lines), lines, pieces)
    result = []
    for begin, end in pieces:
        part = textwrap.dedent("\n".join(lines[begin:end])).strip("\n")
        if len(part) >= MIN_DEFINITION_CHARS:
            result.append((begin + 1, part + "\n"))
    return result


def _cut(body: list[ast.stmt], begin: int, end: int, lines: list[str], pieces: list[tuple[int, int]]) -> None:
    """Append the line ranges [first, last) that partition lines begin..end at the definitions of ``body``."""
    position = begin
    for node in body:
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            continue
        first = min([node.lineno, *(decorator.lineno for decorator in node.decorator_list)]) - 1
        last = node.end_lineno or node.lineno
        # Comments directly above a definition belong to it.
        while first > position and lines[first - 1].lstrip().startswith("#"):
            first -= 1
        if first < position:  # two definitions on one line
            continue
        if first > position:
            pieces.append((position, first))
        if isinstance(node, ast.ClassDef) and sum(map(len, lines[first:last])) > MAX_WHOLE_FILE_CHARS:
            _cut(node.body, first, last, lines, pieces)
        else:
            pieces.append((first, last))
        position = last
    if position < end:
        pieces.append((position, end))


# Folders whose extensionless programs are looked into for a shell's shebang.
_PROGRAM_FOLDERS = ("/usr/bin", "/usr/sbin", "/usr/local/bin", "/usr/local/sbin", "/etc/init.d", "/usr/lib/git-core")
_SCRIPT_TREES = ("/usr/lib", "/usr/libexec", "/usr/share", "/usr/local", "/etc/profile.d", "/opt/homebrew")
_COMPLETIONS = ("/usr/share/bash-completion/completions", "/opt/homebrew/etc/bash_completion.d")
SYSTEM_LICENCE = "unknown (installed system package)"


def read_shell(argument: str, options: SourceOptions) -> Iterator[Document]:
    """``shell[:N]``: shell scripts of the installed system, by extension or shebang, and bash completions.

    Home folders are not read. Their licences differ by package and are not stated in a form to rely on, so they
    are labelled ``unknown (installed system package)``: fit for a private model, to be checked before publishing one.
    """
    seen: set[Path] = set()
    for path in itertools.chain(_programs(), _scripts()):
        real = path.resolve()
        if real in seen:
            continue
        seen.add(real)
        text = read_source_text(real, options)
        if text is not None:
            yield Document(text=text, source="shell", language="bash", licence=SYSTEM_LICENCE, id=real.as_posix())


def _programs() -> Iterator[Path]:
    for folder in map(Path, _PROGRAM_FOLDERS):
        for path in sorted(folder.iterdir()) if folder.is_dir() else ():
            if path.is_file() and language_of_shebang(_head(path)) == "bash":
                yield path


def _scripts() -> Iterator[Path]:
    completions = {Path(folder) for folder in _COMPLETIONS}
    for root in _SCRIPT_TREES:
        for folder, subfolders, names in os.walk(root):
            subfolders[:] = sorted(name for name in subfolders if name not in ("node_modules", "__pycache__"))
            take_all = Path(folder) in completions
            for name in sorted(names):
                if take_all or name.endswith((".sh", ".bash")):
                    yield Path(folder, name)


def _head(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(128)
    except OSError:
        return b""
