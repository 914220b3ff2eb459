"""Prints the documentation of this interpreter's standard library: one JSON array per line, for ``documentation``.

    [name, kind, signature, text]     ["json.dumps", "function", "(obj, *, ...)", "Serialize obj to a JSON ..."]

A program of its own, because importing two hundred modules leaves traces (threads, signal handlers, locales) that do
not belong into a process with other work. It needs nothing but the standard library.
"""

from __future__ import annotations

import builtins
import importlib
import inspect
import io
import json
import os
import pkgutil
import sys
import types
import warnings
from collections.abc import Iterator

Entry = tuple[str, str, str, str]

MAX_TEXT = 4000
"""Characters kept of one docstring; a few module descriptions are whole manuals."""
MAX_SIGNATURE = 300

# They open a browser or a window, print at import, install packages, or are tests, games and other people's programs.
_LEFT_OUT = frozenset({
    "antigravity", "distutils", "encodings", "ensurepip", "idlelib", "lib2to3", "msilib", "msvcrt", "nt", "ntpath",
    "nturl2path", "pip", "posix", "posixpath", "setuptools", "test", "this", "tkinter", "turtle", "turtledemo", "venv",
    "winreg", "winsound",
})  # fmt: skip


def module_names() -> Iterator[str]:
    """Public modules of the standard library, packages before their contents."""
    for name in sorted(sys.stdlib_module_names):
        if not name.startswith("_") and name not in _LEFT_OUT:
            yield name
            yield from ("os.path",) if name == "os" else _submodules(name)


def _submodules(package: str) -> Iterator[str]:
    path = getattr(_import(package), "__path__", None)
    for found in pkgutil.iter_modules(path) if path else ():
        if not found.name.startswith("_") and found.name not in ("test", "tests"):
            yield f"{package}.{found.name}"
            if found.ispkg:
                yield from _submodules(f"{package}.{found.name}")


def _import(name: str) -> types.ModuleType | None:
    try:
        return importlib.import_module(name)
    # Modules for other systems or without their C library raise what they like, SystemExit included.
    except (Exception, SystemExit):
        return None


def entries() -> Iterator[Entry]:
    """All documented modules, classes, functions and methods, and the language reference's topics, each once."""
    described: set[int] = set()
    for name in module_names():
        module = _import(name)
        if module is None:
            continue
        if text := _text(module):
            yield name, "module", "", text
        for member in _public_names(module):
            value = getattr(module, member, None)
            if id(value) in described or not _belongs(value, module):
                continue
            described.add(id(value))
            yield from _describe(member if name == "builtins" else f"{name}.{member}", value)
    topics = _import("pydoc_data.topics")
    for name, text in sorted(getattr(topics, "topics", {}).items()):
        yield name, "topic", "", text.strip()[:MAX_TEXT]


def _public_names(module: types.ModuleType) -> list[str]:
    return sorted(set(getattr(module, "__all__", None) or [name for name in vars(module) if not name.startswith("_")]))


def _belongs(value: object, module: types.ModuleType) -> bool:
    """Whether this is the module to look ``value`` up in: what it exports, less what it imported from elsewhere."""
    if not (inspect.isclass(value) or inspect.isroutine(value)):
        return False
    origin = getattr(value, "__module__", None) or module.__name__
    own = (module.__name__, f"_{module.__name__}")
    return module is builtins or hasattr(module, "__all__") or origin in own or origin not in sys.stdlib_module_names


def _describe(name: str, value: object) -> Iterator[Entry]:
    text = _text(value)
    if not inspect.isclass(value):
        if text:
            yield name, "function", _signature(value), text
        return
    yield name, "class", _signature(value), text or _text(value.__init__)
    # What a class has from a private base is documented nowhere else.
    bases = [base for base in reversed(value.__mro__) if base is value or base.__name__.startswith("_")]
    members = {member: attribute for base in bases for member, attribute in vars(base).items()}
    for member, attribute in sorted(members.items()):
        routine = attribute.__func__ if isinstance(attribute, classmethod | staticmethod) else attribute
        if member.startswith("_") or not (inspect.isroutine(routine) or isinstance(routine, property)):
            continue
        if text := _text(routine):
            kind = "property" if isinstance(routine, property) else "method"
            yield f"{name}.{member}", kind, _signature(routine), text


def _text(value: object) -> str:
    text = getattr(value, "__doc__", None)
    return inspect.cleandoc(text)[:MAX_TEXT].strip() if isinstance(text, str) else ""


def _signature(value: object) -> str:
    try:
        text = str(inspect.signature(value))  # pyright: ignore[reportArgumentType]
    except Exception:  # it evaluates default values that were written down as text, and not all of them can be
        return ""
    return text if len(text) <= MAX_SIGNATURE and " at 0x" not in text else "(...)"


def main() -> None:
    """Write the entries to standard output; what modules print while they are imported goes nowhere."""
    warnings.simplefilter("ignore")
    with os.fdopen(os.dup(1), "w", encoding="utf-8") as output:
        sys.stdout = io.StringIO()
        for entry in entries():
            output.write(json.dumps(entry) + "\n")
        output.flush()
    os._exit(0)  # whatever threads and exit handlers the modules have left behind


if __name__ == "__main__":
    main()
