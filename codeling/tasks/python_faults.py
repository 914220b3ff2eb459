"""Realistic faults in Python, by kind: each finds the places where it could happen, as edits of the text.

The text is edited, not written anew from its tree, so that a wrong answer looks exactly like the right one but for the
fault. It is the body of a function or a whole program.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple


class Edit(NamedTuple):
    """Replace ``text[start:end]``."""

    start: int
    end: int
    new: str


_HEAD = "def _():\n"
_BOUNDS = {"<": "<=", "<=": "<", ">": ">=", ">=": ">", "==": "!=", "!=": "==", "in": "not in", "not in": "in"}
_OPPOSITES = {"<": ">", "<=": ">=", ">": "<", ">=": "<="}
_OPERATORS = {"+": "-", "-": "+", "*": "+", "/": "//", "//": "%", "%": "//", "**": "*", "and": "or", "or": "and"}
_NAMES = {
    "max": "min", "any": "all", "upper": "lower", "startswith": "endswith", "isdigit": "isalpha", "isupper": "islower",
    "lstrip": "rstrip", "rjust": "ljust", "append": "extend", "items": "keys", "values": "keys", "count": "find",
    "bin": "hex", "sum": "len", "join": "split", "title": "capitalize", "sorted": "reversed", "isalnum": "isalpha",
    "swapcase": "lower", "strip": "lstrip", "split": "strip", "oct": "hex", "abs": "int", "str": "int",
}  # fmt: skip
_NAMES = {**{wrong: right for right, wrong in _NAMES.items()}, **_NAMES}


@dataclass(frozen=True)
class PythonSource:
    """A text with its tree; ``arguments`` are the names that its function is given."""

    text: str
    arguments: tuple[str, ...] = ()

    @cached_property
    def nodes(self) -> list[ast.AST]:
        """Every node in the order of the text; none where it does not parse."""
        try:
            found = ast.walk(ast.parse(self._head + self.text))
            # Places in the head are not the text's.
            inside = [node for node in found if isinstance(node, ast.expr | ast.stmt) and self.start(node) >= 0]
        except SyntaxError:
            return []
        return sorted(inside, key=self.start)

    @cached_property
    def _head(self) -> str:
        return _HEAD if self.text.startswith((" ", "\t")) else ""

    @cached_property
    def _line_starts(self) -> list[int]:
        starts = [-len(self._head)] if self._head else []
        position = 0
        for line in self.text.splitlines(keepends=True):
            starts.append(position)
            position += len(line)
        return starts

    def _place(self, line: int, column: int) -> int:
        start = self._line_starts[line - 1]
        if start < 0:
            return -1
        before = self.text[start:].encode("utf-8", "surrogatepass")[:column]  # columns count bytes
        return start + len(before.decode("utf-8", "surrogatepass"))

    def start(self, node: ast.AST) -> int:
        """Where the node begins in the text."""
        assert isinstance(node, ast.expr | ast.stmt)
        return self._place(node.lineno, node.col_offset)

    def end(self, node: ast.AST) -> int:
        """Where it ends."""
        assert isinstance(node, ast.expr | ast.stmt)
        return self._place(node.end_lineno or node.lineno, node.end_col_offset or 0)

    def of(self, node: ast.AST) -> str:
        """Its text."""
        return self.text[self.start(node) : self.end(node)]

    def between(self, left: ast.AST, right: ast.AST, words: dict[str, str]) -> Iterator[Edit]:
        """Replaces the operator that stands between two nodes, if ``words`` has another for it."""
        start, end = self.end(left), self.start(right)
        gap = self.text[start:end]
        operator = gap.strip(" ()\n")
        if operator in words:
            place = start + gap.index(operator)
            yield Edit(place, place + len(operator), words[operator])

    def instead(self, node: ast.AST, new: str) -> Edit:
        """Replaces a whole node."""
        return Edit(self.start(node), self.end(node), new)


def _off_by_one(source: PythonSource) -> Iterator[Edit]:
    for node in source.nodes:
        if isinstance(node, ast.Constant) and type(node.value) is int:
            yield source.instead(node, str(node.value + 1))
            if node.value > 0:
                yield source.instead(node, str(node.value - 1))
        if isinstance(node, ast.Call) and source.of(node.func) == "range":
            yield source.instead(node.args[-1], source.of(node.args[-1]) + " - 1")


def _wrong_bound(source: PythonSource) -> Iterator[Edit]:
    for left, right in _comparisons(source):
        yield from source.between(left, right, _BOUNDS)


def _wrong_direction(source: PythonSource) -> Iterator[Edit]:
    for left, right in _comparisons(source):
        yield from source.between(left, right, _OPPOSITES)


def _comparisons(source: PythonSource) -> Iterator[tuple[ast.expr, ast.expr]]:
    for node in source.nodes:
        if isinstance(node, ast.Compare):
            yield from zip([node.left, *node.comparators], node.comparators, strict=False)


def _wrong_operator(source: PythonSource) -> Iterator[Edit]:
    for node in source.nodes:
        if isinstance(node, ast.BinOp):
            yield from source.between(node.left, node.right, _OPERATORS)
        elif isinstance(node, ast.BoolOp):
            yield from source.between(node.values[0], node.values[1], _OPERATORS)
        elif isinstance(node, ast.AugAssign):
            assigned = {f"{right}=": f"{wrong}=" for right, wrong in _OPERATORS.items()}
            yield from source.between(node.target, node.value, {**assigned, "+=": "="})


def _swapped_arguments(source: PythonSource) -> Iterator[Edit]:
    for node in source.nodes:
        pairs = [node.args[:2]] if isinstance(node, ast.Call) else []
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Sub | ast.Div | ast.FloorDiv | ast.Mod | ast.Add):
            pairs.append([node.left, node.right])
        for first, second in (pair for pair in pairs if len(pair) == 2):
            start, middle, end = source.start(first), source.text[source.end(first) : source.start(second)], source.end
            yield Edit(start, end(second), source.of(second) + middle + source.of(first))


def _missing_return(source: PythonSource) -> Iterator[Edit]:
    for node in source.nodes:
        if isinstance(node, ast.Return) and node.value is not None:
            yield source.instead(node, source.of(node.value))


def _return_in_loop(source: PythonSource) -> Iterator[Edit]:
    for node in source.nodes:
        statements = getattr(node, "body", None)
        if isinstance(node, ast.For | ast.While) and isinstance(statements, list):
            after = source.text[source.end(node) :]
            if match := re.match(r"\n[ \t]+(?=return )", after):
                place = source.end(node) + match.end()
                yield Edit(place, place, "    ")


def _wrong_variable(source: PythonSource) -> Iterator[Edit]:
    used = [node for node in source.nodes if isinstance(node, ast.Name)]
    made = {node.id for node in used if isinstance(node.ctx, ast.Store)}
    known = sorted(made | set(source.arguments))
    for node in used:
        if node.id in known and isinstance(node.ctx, ast.Load):
            yield from (source.instead(node, other) for other in known if other != node.id)


def _inverted_condition(source: PythonSource) -> Iterator[Edit]:
    for node in source.nodes:
        if isinstance(node, ast.If | ast.IfExp | ast.While):
            place = source.start(node.test)
            yield Edit(place, place, "not ")
        for generator in getattr(node, "generators", []):
            yield from (Edit(source.start(test), source.start(test), "not ") for test in generator.ifs)


def _dropped_check(source: PythonSource) -> Iterator[Edit]:
    for node in source.nodes:
        for generator in getattr(node, "generators", []):
            if generator.ifs:
                yield Edit(source.end(generator.iter), source.end(generator.ifs[-1]), "")
        if isinstance(node, ast.IfExp):
            yield source.instead(node, source.of(node.body))
        elif isinstance(node, ast.If):
            start = source.text.rfind("\n", 0, source.start(node)) + 1
            yield Edit(start, source.end(node) + 1, "")
        elif isinstance(node, ast.BoolOp):
            yield source.instead(node, source.of(node.values[0]))
            yield source.instead(node, source.of(node.values[-1]))


def _swallowed_error(source: PythonSource) -> Iterator[Edit]:
    for node in source.nodes:
        for handler in getattr(node, "handlers", []):
            first, last = handler.body[0], handler.body[-1]
            yield Edit(source.start(first), source.end(last), "pass")


def _wrong_slice(source: PythonSource) -> Iterator[Edit]:
    for node in source.nodes:
        if not isinstance(node, ast.Subscript):
            continue
        inner = source.text[source.end(node.value) + 1 : source.end(node) - 1]
        start = source.end(node.value) + 1
        if isinstance(node.slice, ast.Slice):
            first, _, last = inner.partition(":")
            yield Edit(start, start + len(inner), f"{last or first}:{first or last}" if not (first and last) else last)
        elif inner in ("0", "-1"):
            yield Edit(start, start + len(inner), "-1" if inner == "0" else "0")


def _wrong_name(source: PythonSource) -> Iterator[Edit]:
    for node in source.nodes:
        if isinstance(node, ast.Attribute) and node.attr in _NAMES:
            yield Edit(source.end(node) - len(node.attr), source.end(node), _NAMES[node.attr])
        elif isinstance(node, ast.Name) and node.id in _NAMES and node.id not in source.arguments:
            yield source.instead(node, _NAMES[node.id])


def _dropped_call(source: PythonSource) -> Iterator[Edit]:
    for node in source.nodes:
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.args:
            argument = source.of(node.args[0])
            yield source.instead(node, f"[{argument}]" if isinstance(node.args[0], ast.GeneratorExp) else argument)
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            yield source.instead(node, source.of(node.func.value))


def _dropped_option(source: PythonSource) -> Iterator[Edit]:
    for node in source.nodes:
        if isinstance(node, ast.Call) and len(node.args) + len(node.keywords) > 1:
            last = node.keywords[-1].value if node.keywords else node.args[-1]
            before = node.keywords[-2].value if len(node.keywords) > 1 else node.args[-1 if node.keywords else -2]
            yield Edit(source.end(before), source.end(last), "")


def _wrong_string(source: PythonSource) -> Iterator[Edit]:
    for node in source.nodes:
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            quote = source.of(node)[-1:]
            if quote in "'\"":
                yield from (source.instead(node, quote + text + quote) for text in ("", " ") if text != node.value)


def _wrong_indentation(source: PythonSource) -> Iterator[Edit]:
    for match in re.finditer(r"(?m)^([ \t]+)(?=\S)", source.text):
        yield Edit(match.start(), match.end(), match[1] + "    ")
        if len(match[1]) > 4:
            yield Edit(match.start(), match.end(), match[1][4:])


def _repeated_line(source: PythonSource) -> Iterator[Edit]:
    for match in re.finditer(r"(?m)^[ \t]+(?!return\b)\S.*\n", source.text):  # a second return is never reached
        yield Edit(match.end(), match.end(), match[0])


def syntax_slips(text: str) -> Iterator[Edit]:
    """One bracket, quote or colon forgotten."""
    yield from (Edit(match.start(), match.end(), "") for match in re.finditer(r"[\])}\"':]", text))


def truncations(text: str) -> Iterator[Edit]:
    """The end is missing, after a whole word."""
    places = [match.end() for match in re.finditer(r"\w+|[^\w\s]", text)]
    yield from (Edit(place, len(text), "\n") for place in places[len(places) // 3 : -1])


PYTHON_FAULTS: dict[str, Callable[[PythonSource], Iterator[Edit]]] = {
    "off_by_one": _off_by_one,
    "wrong_bound": _wrong_bound,
    "wrong_direction": _wrong_direction,
    "wrong_operator": _wrong_operator,
    "swapped_arguments": _swapped_arguments,
    "missing_return": _missing_return,
    "return_in_loop": _return_in_loop,
    "wrong_variable": _wrong_variable,
    "inverted_condition": _inverted_condition,
    "dropped_check": _dropped_check,
    "swallowed_error": _swallowed_error,
    "wrong_slice": _wrong_slice,
    "wrong_name": _wrong_name,
    "dropped_call": _dropped_call,
    "dropped_option": _dropped_option,
    "wrong_string": _wrong_string,
    "wrong_indentation": _wrong_indentation,
    "repeated_line": _repeated_line,
    "syntax_slip": lambda source: syntax_slips(source.text),
    "truncated": lambda source: truncations(source.text),
}


def python_source(text: str, head: str = "") -> PythonSource:
    """``head`` is what the text continues: a function up to its body."""
    arguments: tuple[str, ...] = ()
    try:
        functions = [node for node in ast.parse(f"{head}    pass\n").body if isinstance(node, ast.FunctionDef)]
        arguments = tuple(one.arg for one in functions[-1].args.args) if functions else ()
    except SyntaxError:
        pass
    return PythonSource(text, arguments)
