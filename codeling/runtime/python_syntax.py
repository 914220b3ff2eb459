"""Does a text parse as Python? Answered by Python's own parser, in another process, because deeply nested text can
exhaust the parser's stack and take its process down with it. Nothing is executed or compiled."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass

MAX_CHARACTERS = 1 << 20  # longer is a runaway generation; parsing it would only cost time and memory


@dataclass(frozen=True)
class PythonSyntax:
    """``parses``; ``substantial``: there is a statement that does something, not only definitions of nothing: beyond
    ``pass``, docstrings, bare constants and ``...``."""

    parses: bool
    substantial: bool


_BAD = PythonSyntax(parses=False, substantial=False)

# Runs in the other process: one JSON text per line in, one JSON verdict per line out.
_PARSER = """
import ast, json, sys, warnings
warnings.simplefilter("ignore")
SHELLS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Pass)
def verdict(text):
    try:
        tree = ast.parse(text)
        for node in ast.walk(tree):
            if isinstance(node, ast.stmt) and not isinstance(node, SHELLS):
                if not (isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)):
                    return [True, True]
        return [True, False]
    except (SyntaxError, ValueError, RecursionError, MemoryError, OverflowError):
        return [False, False]
for line in sys.stdin:
    print(json.dumps(verdict(json.loads(line))), flush=True)
"""


def check_python_syntax(texts: Sequence[str], *, timeout_seconds: float = 20.0) -> list[PythonSyntax]:
    """One verdict per text, in order. Safe for arbitrary model output.

    A text that crashes the parser, or is being parsed when ``timeout_seconds`` are over, is invalid; those after it
    are parsed by a fresh process.

    >>> check_python_syntax(["x = 1", "def f(): pass", "def f(:"])
    [PythonSyntax(parses=True, substantial=True), PythonSyntax(parses=True, substantial=False), \
PythonSyntax(parses=False, substantial=False)]
    """
    verdicts: list[PythonSyntax] = []
    while len(verdicts) < len(texts):
        answered = _parse(texts[len(verdicts) :], timeout_seconds)
        verdicts += answered
        if len(verdicts) < len(texts):
            verdicts.append(_BAD)  # the text at which the parser died or hung
    return verdicts


def _parse(texts: Sequence[str], timeout_seconds: float) -> list[PythonSyntax]:
    """Verdicts for the texts that the parser got through."""
    # JSON's escapes carry NUL and lone surrogates; json.loads gives them back and ast.parse refuses them.
    lines = "".join(json.dumps(text[: MAX_CHARACTERS + 1]) + "\n" for text in texts)
    try:
        output = subprocess.run(
            [sys.executable, "-I", "-S", "-X", "utf8", "-c", _PARSER],
            input=lines.encode("ascii"),
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=timeout_seconds,
            check=False,
        ).stdout
    except subprocess.TimeoutExpired as expired:
        output = expired.stdout or b""
    answers = [json.loads(line) for line in output.splitlines(keepends=True) if line.endswith(b"\n")]
    return [
        PythonSyntax(*answer) if len(text) <= MAX_CHARACTERS else _BAD
        for text, answer in zip(texts, answers, strict=False)
    ]
