"""Which programming language a file is in, by its name or its first line."""

from __future__ import annotations

import re
from pathlib import Path

_EXTENSIONS = {
    "bash": "sh bash bats ebuild zsh ksh",
    "c": "c h",
    "clojure": "clj cljs",
    "cpp": "cc cpp cxx hh hpp hxx cu cuh",
    "csharp": "cs",
    "css": "css scss less",
    "dart": "dart",
    "elixir": "ex exs",
    "erlang": "erl hrl",
    "go": "go",
    "haskell": "hs",
    "html": "html htm",
    "java": "java",
    "javascript": "js mjs cjs jsx",
    "json": "json",
    "julia": "jl",
    "kotlin": "kt kts",
    "lua": "lua",
    "makefile": "mk",
    "markdown": "md markdown rst",
    "ocaml": "ml mli",
    "perl": "pl pm",
    "php": "php",
    "powershell": "ps1",
    "python": "py pyi",
    "r": "r",
    "ruby": "rb",
    "rust": "rs",
    "scala": "scala",
    "sql": "sql",
    "swift": "swift",
    "text": "txt",
    "toml": "toml",
    "typescript": "ts tsx",
    "xml": "xml",
    "yaml": "yaml yml",
    "zig": "zig",
}
EXTENSION_LANGUAGES = {f".{ext}": language for language, exts in _EXTENSIONS.items() for ext in exts.split()}
"""``".py"`` -> ``"python"``."""

_NAMES = {"makefile": "makefile", "gnumakefile": "makefile", "dockerfile": "dockerfile", "rakefile": "ruby"}
_INTERPRETERS = {
    **dict.fromkeys(("sh", "bash", "dash", "ash", "ksh", "zsh"), "bash"),
    **dict.fromkeys(("node", "nodejs"), "javascript"),
    **{name: name for name in ("python", "perl", "ruby", "lua", "php")},
}
_SHEBANG = re.compile(rb"#!\s*(?:\S*/)?env\s+(?:-S\s+)?(?:\w+=\S*\s+)*(?:\S*/)?([\w.+-]+)|#!\s*(?:\S*/)?([\w.+-]+)")
_ALIASES = {"shell": "bash", "sh": "bash", "js": "javascript", "ts": "typescript", "py": "python", "c++": "cpp"}


def language_of(path: Path, head: bytes = b"") -> str | None:
    """The language by extension or name, else by the shebang in ``head`` (the file's first bytes), else None."""
    known = EXTENSION_LANGUAGES.get(path.suffix.lower()) or _NAMES.get(path.name.lower())
    return known or language_of_shebang(head)


def language_of_shebang(head: bytes) -> str | None:
    """``bash`` for ``#!/bin/sh`` and ``#!/usr/bin/env bash``, ``python`` for ``#!/usr/bin/python3.11``; else None."""
    found = _SHEBANG.match(head)
    if not found:
        return None
    return _INTERPRETERS.get((found[1] or found[2]).decode().rstrip("0123456789.-"))


def normalise_language(name: str) -> str:
    """One spelling for what data sets call a language: ``Shell`` -> ``bash``, ``JS`` -> ``javascript``."""
    lowered = name.strip().lower()
    return _ALIASES.get(lowered, lowered) or "text"
