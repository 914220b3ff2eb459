"""Reads Python code on standard input and prints its syntax errors or its functions' complexity as JSON.

    {"lines": 12, "num_functions": 1, "functions": [{"name": "Stack.pop", "line": 3, "complexity": 2}]}
    {"syntax_error": {"line": 1, "column": 5, "message": "invalid syntax"}}

Runs in the sandbox: nothing of the code is executed, but deeply nested code can exhaust the parser's stack.
Needs nothing but Python.
"""

from __future__ import annotations

import ast
import json
import sys
import warnings
from collections.abc import Iterator

MAX_FUNCTIONS = 20
MAX_NAME = 100

_BRANCHES = (ast.If, ast.For, ast.AsyncFor, ast.While, ast.ExceptHandler, ast.IfExp, ast.Assert)
_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)


def complexity(node: ast.AST) -> int:
    """Cyclomatic complexity: 1 + the number of decisions (McCabe, "A Complexity Measure", 1976).

    A decision is a branch, a loop, a handler, an assertion, each ``and`` and ``or``, each ``for`` and ``if`` of a
    comprehension, and each case of a match but the one that takes everything. A nested function counts for itself.
    """
    return 1 + sum(_decisions(part) for part in _own_nodes(node))


def _own_nodes(node: ast.AST) -> Iterator[ast.AST]:
    for child in ast.iter_child_nodes(node):
        if not isinstance(child, (*_FUNCTIONS, ast.ClassDef)):
            yield child
            yield from _own_nodes(child)


def _decisions(node: ast.AST) -> int:
    if isinstance(node, ast.BoolOp):
        return len(node.values) - 1
    if isinstance(node, ast.comprehension):
        return 1 + len(node.ifs)
    if type(node).__name__ == "match_case":  # ast.match_case came with Python 3.10
        pattern = node.pattern  # pyright: ignore[reportAttributeAccessIssue]
        catches_all = type(pattern).__name__ == "MatchAs" and pattern.pattern is None
        return int(not catches_all)
    return int(isinstance(node, _BRANCHES))


def functions(tree: ast.AST, prefix: str = "") -> Iterator[tuple[str, ast.AST]]:
    """(qualified name, node) of every function and method, in the order of the text."""
    for child in ast.iter_child_nodes(tree):
        if isinstance(child, (*_FUNCTIONS, ast.ClassDef)):
            name = f"{prefix}{child.name}"
            if not isinstance(child, ast.ClassDef):
                yield name, child
            yield from functions(child, f"{name}.")
        else:
            yield from functions(child, prefix)


def analyze(code: str) -> dict[str, object]:
    """What the module's docstring shows."""
    try:
        tree = ast.parse(code)
    except SyntaxError as error:
        return {"syntax_error": {"line": error.lineno, "column": error.offset, "message": error.msg}}
    except ValueError as error:  # NUL characters
        return {"syntax_error": {"line": None, "column": None, "message": str(error)}}
    except (RecursionError, MemoryError):
        return {"syntax_error": {"line": None, "column": None, "message": "nested too deeply for the parser"}}
    found = list(functions(tree))
    shown = [
        {"name": name[:MAX_NAME], "line": getattr(node, "lineno", None), "complexity": complexity(node)}
        for name, node in found[:MAX_FUNCTIONS]
    ]
    return {"lines": len(code.splitlines()), "num_functions": len(found), "functions": shown}


def main() -> None:
    """Standard input to standard output."""
    warnings.simplefilter("ignore")
    code = sys.stdin.buffer.read().decode("utf-8", "surrogateescape")
    print(json.dumps(analyze(code)))


if __name__ == "__main__":
    main()
