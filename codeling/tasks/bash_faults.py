"""Realistic faults in Bash, by kind: each finds the places where it could happen, as edits of the text."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from codeling.tasks.python_faults import Edit, syntax_slips, truncations

_FLAGS = {"l": "w", "w": "l", "n": "r", "r": "n", "c": "n", "v": "i", "i": "v", "u": "r", "d": "u", "h": "l", "p": "v"}
_COMMANDS = {
    "head": "tail", "tail": "head", "cat": "echo", "tac": "cat", "cp": "mv", "mv": "cp", "sort": "uniq", "uniq": "sort",
    "touch": "mkdir", "mkdir": "touch", "rm": "ls", "grep": "cat", "nl": "cat", "tr": "cut", "seq": "echo",
    "find": "ls", "ls": "cat", "paste": "cut", "wc": "cat", "echo": "cat", "cut": "paste", "awk": "grep", "sed": "grep",
}  # fmt: skip
_COMPARISONS = {"-gt": "-lt", "-lt": "-gt", "-eq": "-ne", "-ne": "-eq", "-ge": "-le", "-le": "-ge", "-f": "-d",
                "-d": "-f", "==": "!=", "!=": "=="}  # fmt: skip
_REDIRECTIONS = {">": ">>", ">>": ">", "<": ">"}


def _replaced(pattern: str, new: Callable[[re.Match[str]], str | None]) -> Callable[[str], Iterator[Edit]]:
    """A fault that replaces what the pattern finds (its group 1, where it has one); None leaves the place alone."""

    def edits(text: str) -> Iterator[Edit]:
        for match in re.finditer(pattern, text):
            group = match.re.groups
            if (other := new(match)) is not None and other != match[group]:
                yield Edit(match.start(group), match.end(group), other)

    return edits


def _off_by_one(text: str) -> Iterator[Edit]:
    for match in re.finditer(r"(?<![\w$.-])\d+(?![\w.])|(?<=\.\.)\d+|(?<=-n )\d+", text):
        yield Edit(match.start(), match.end(), str(int(match[0]) + 1))
        if int(match[0]) > 0:
            yield Edit(match.start(), match.end(), str(int(match[0]) - 1))


def _missing_stage(text: str) -> Iterator[Edit]:
    line = text.rstrip("\n")
    if re.match(r"(for|while|if)\b", line):
        return
    stages = re.split(r"( \| | && )", line)
    for place in range(0, len(stages), 2):
        left = stages[:place] + stages[place + 2 :] if place + 1 < len(stages) else stages[:-2]
        if left:
            yield Edit(0, len(line), "".join(left))


def _swapped_words(text: str) -> Iterator[Edit]:
    for match in re.finditer(r"(?<= )([^\s|;<>]+) ([^\s|;<>]+)(?=\n| \||;|$| <| >)", text):
        yield Edit(match.start(), match.end(), f"{match[2]} {match[1]}")


def _repeated_command(text: str) -> Iterator[Edit]:
    line = text.rstrip("\n")
    if line:
        yield Edit(len(line), len(line), f"; {line}")
    if " | " in line:
        yield Edit(len(line), len(line), " | " + line.rpartition(" | ")[2])


def _greater_less(match: re.Match[str]) -> str:
    return "<" if match[1] == ">" else ">"


BASH_FAULTS: dict[str, Callable[[str], Iterator[Edit]]] = {
    "dropped_quotes": _replaced(r"\"[^\"\n]*\"|'[^'\n]*'", lambda match: match[0][1:-1]),
    "dropped_flag": _replaced(r" -[a-zA-Z]+\d*,?(?= )", lambda match: ""),
    "wrong_flag": _replaced(r"(?<= -)([a-z])", lambda match: _FLAGS.get(match[1])),
    "missing_stage": _missing_stage,
    "wrong_redirection": _replaced(r"(?<= )(>>?|<)(?= [\w.\"-]+)", lambda match: _REDIRECTIONS[match[1]]),
    "dropped_redirection": _replaced(r" (?:>>?|<) [\w.]+", lambda match: ""),
    "wrong_field": _replaced(r"(?:\$|-f|-k)(\d)", lambda match: str(int(match[1]) % 3 + 1)),
    "off_by_one": _off_by_one,
    "wrong_test": _replaced(r"(?<= )(-gt|-lt|-eq|-ne|-ge|-le|-f|-d|==|!=)(?= )", lambda match: _COMPARISONS[match[1]]),
    "wrong_direction": _replaced(r"\$\d ([<>]) ", _greater_less),
    "swapped_words": _swapped_words,
    "wrong_command": _replaced(r"(?:^|\| |; |do |then |&& )([a-z]+)\b", lambda match: _COMMANDS.get(match[1])),
    "wrong_pattern": _replaced(r"[*^]|(?<=\w)\$(?=['\"])", lambda match: ""),
    "dropped_global": _replaced(r"/(g)'", lambda match: ""),
    "wrong_name": _replaced(r"\b[a-z]{3,}(?=\.[a-z])", lambda match: match[0][:-1]),
    "wrong_ending": _replaced(r"\.(txt|log|csv|md|py|sh|json|html|conf|tmp)\b", lambda match: f"{match[1]}x"),
    "missing_variable": _replaced(r"(\$)[a-z]+\b", lambda match: ""),
    "repeated_command": _repeated_command,
    "syntax_slip": lambda text: (
        edit
        for edits in (syntax_slips(text), _replaced(r";? \b(?:done|fi|then|do)\b", lambda match: "")(text))
        for edit in edits
    ),
    "truncated": truncations,
}  # fmt: skip
