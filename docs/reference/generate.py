"""Writes SCRIPT-REFERENCE.md from the code: commands from codeling.cli, flags from the configuration dataclasses.

    python docs/reference/generate.py            writes the file beside this one
    python docs/reference/generate.py --check    exit status 1 if the file is not what would be written

A flag's meaning is the string below the dataclass field, its type and default are the field's own, so the page
cannot say anything else than the program does. tests/unit/test_docs.py runs the check, and compares the flags with
those of the parser.
"""

from __future__ import annotations

import ast
import dataclasses
import importlib
import inspect
import sys
import types
import typing
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from codeling.cli import COMMANDS, Command
from codeling.config import read_toml
from codeling.runtime.files import write_text
from codeling.stages.recipes import RECIPES

PROJECT = Path(__file__).parents[2]
PAGE = Path(__file__).with_name("SCRIPT-REFERENCE.md")

_INTRODUCTION = """\
# Script reference

Every script and every command, with every option. **This page is generated** from the code by
`python docs/reference/generate.py`; do not edit it by hand.

A script in `scripts/` is a command of `codeling` under another name: same options, same effect. Both work from any
folder; files are found and made under `--workdir`, which is the current folder unless you say otherwise.

## What every command takes

| Option | Meaning |
|---|---|
| `--help` | List the options. |
| `--config FILE` | Read options from a TOML file: `max_steps = 20`. An unknown key or a wrong type is an error \
that names file, key and the nearest valid key. |
| `--print-config` | Print all options as they would be used, as TOML, and stop. |

Values come from, in rising precedence: the defaults below, the recipe (`--recipe`, for `run` and `train`), the file \
(`--config`), the environment, the command line. An environment variable is `CODELING_`, the command and the option in \
capitals: `CODELING_TRAIN_MAX_STEPS=20`; a dot in an option becomes two underscores: \
`CODELING_RUN_LANGUAGE__TRAIN__MAX_STEPS=20`.

A switch is turned on by its name and off by `--no-` in front of it: `--use-compile`, `--no-use-compile`. `-` as a \
default means that nothing is set; the meaning then says what happens. Underscores may stand for hyphens: \
`--max_steps`.

| Exit status | Meaning |
|---|---|
| 0 | Done. |
| 1 | The request was sound, but the work failed: a bad shard, a full disk, a missed threshold. |
| 2 | The request was wrong: an unknown option, a missing file, options that contradict each other. |
| 130, 143 | Stopped by Ctrl-C, by SIGTERM; a training has finished its step and saved. |
| 141 | The reader of the output left, as in `codeling ... \\| head`. |
"""


@dataclass(frozen=True)
class Option:
    """One row of a table. ``flags`` as typed, without dashes for a positional argument."""

    flags: str
    kind: str
    default: str
    meaning: str


@dataclass(frozen=True)
class Script:
    """A file of scripts/ and what it calls."""

    name: str
    summary: str
    command: str
    preset: tuple[str, ...]


def render() -> str:
    """The whole page."""
    scripts = read_scripts()
    parts = [_INTRODUCTION, _script_table(scripts)]
    owners = {command.config: name for name, command in reversed(COMMANDS.items())}
    for name, command in COMMANDS.items():
        parts.append(_section(name, command, [one for one in scripts if one.command == name], owners))
    return "\n".join([*parts, _recipes()]).rstrip() + "\n"


def read_scripts() -> list[Script]:
    """The Python files of scripts/, in alphabetical order, read and not executed."""
    scripts = []
    for path in sorted((PROJECT / "scripts").glob("*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        (call,) = [
            node
            for node in ast.walk(tree)
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "script"
        ]
        command, *preset = (ast.literal_eval(argument) for argument in call.args)
        summary = (ast.get_docstring(tree) or "").split(" Same as ")[0].splitlines()[0].strip()
        scripts.append(Script(path.name, summary, command, tuple(preset)))
    return scripts


def options_of(
    config_class: type, default: Any, *, owners: dict[str, str], prefix: str = ""
) -> Iterator[Option | tuple[str, str]]:
    """The options of a configuration, nested ones dotted; a nested part that is a command's own configuration is
    yielded as (prefix, name of the command) instead."""
    hints = typing.get_type_hints(config_class, include_extras=True)
    meanings = field_meanings(config_class)
    for field in dataclasses.fields(config_class):
        kind = hints[field.name]
        value = getattr(default, field.name)
        name = prefix + field.name.replace("_", "-")
        if dataclasses.is_dataclass(kind):
            kind = typing.cast(type, kind)
            owner = owners.get(f"{kind.__module__}:{kind.__name__}")
            if owner is None:
                yield from options_of(kind, value, owners=owners, prefix=f"{name}.")
            else:
                yield f"{name}.", owner
            continue
        positional = get_origin(kind) is Annotated
        if positional:  # the one annotation in use is tyro.conf.Positional; the parser test would notice another one
            kind = get_args(kind)[0]
        flags = name.upper() if positional else f"--{name}"
        if kind is bool:
            flags += f", --{prefix}no-{field.name.replace('_', '-')}"
        yield Option(flags, _kind(kind), _default(value), meanings.get(field.name, ""))


def field_meanings(config_class: type) -> dict[str, str]:
    """Field -> the string that stands below it in the source, on one line."""
    (node,) = ast.parse(inspect.getsource(config_class)).body
    assert isinstance(node, ast.ClassDef)
    meanings = {}
    for field, below in zip(node.body, node.body[1:], strict=False):
        if (
            isinstance(field, ast.AnnAssign)
            and isinstance(field.target, ast.Name)
            and isinstance(below, ast.Expr)
            and isinstance(below.value, ast.Constant)
            and isinstance(below.value.value, str)
        ):
            meanings[field.target.id] = " ".join(below.value.value.split())
    return meanings


def _kind(hint: Any) -> str:
    if get_origin(hint) in (Union, types.UnionType):
        (hint,) = (one for one in get_args(hint) if one is not type(None))
        return "`True`, `False`" if hint is bool else _kind(hint)
    if get_origin(hint) is Literal:
        return ", ".join(f"`{value}`" for value in get_args(hint))
    if get_origin(hint) is tuple:
        return f"{_kind(get_args(hint)[0])}, any number"
    return {bool: "switch", int: "whole number", float: "number", str: "text", Path: "path"}[hint]


def _default(value: Any) -> str:
    if value is None or value == ():
        return "-"
    if isinstance(value, bool):
        return "on" if value else "off"
    if isinstance(value, tuple):
        return " ".join(f"`{one}`" for one in value)
    return f"`{value}`" if value != "" else "-"


def _script_table(scripts: list[Script]) -> str:
    rows = "\n".join(
        f"| `scripts/{one.name}` | [`{' '.join(('codeling', one.command, *one.preset))}`](#{_anchor(one.command)}) "
        f"| {_cell(one.summary)} |"
        for one in scripts
    )
    shell = "\n".join(
        f"| `scripts/{path.name}` | several | {_cell(_first_comment(path))} |"
        for path in sorted((PROJECT / "scripts").glob("*.sh"))
    )
    return f"## Scripts\n\n| Script | Same as | What it does |\n|---|---|---|\n{rows}\n{shell}\n"


def _first_comment(path: Path) -> str:
    lines = path.read_text(encoding="utf-8").splitlines()
    return next(line.removeprefix("#").strip() for line in lines if line.startswith("# "))


def _section(name: str, command: Command, scripts: list[Script], owners: dict[str, str]) -> str:
    config_class = _load(command.config)
    default = _load(command.base)(None, []) if command.base else config_class(**command.preset)
    lines = [f"## codeling {name}", "", f"{command.summary[0].upper()}{command.summary[1:]}."]
    if scripts:
        calls = (
            f"`python scripts/{one.name}`" + (f" with `{' '.join(one.preset)}`" if one.preset else "")
            for one in scripts
        )
        lines += ["", f"As a script: {', '.join(calls)}."]
    lines += ["", "| Option | Type | Default | Meaning |", "|---|---|---|---|"]
    if command.base is not None:
        recipe = "Name of a recipe, or path of a TOML file; its values are the defaults."
        lines.append(f"| `--recipe` | text | {'`quick`' if name == 'run' else '-'} | {recipe} |")
    for option in options_of(config_class, default, owners=owners):
        if isinstance(option, Option):
            flags = "<br>".join(f"`{flag}`" for flag in option.flags.split(", "))
            lines.append(f"| {flags} | {option.kind} | {option.default} | {_cell(option.meaning)} |")
        else:
            prefix, owner = option
            lines.append(f"| `--{prefix}*` | | | The options of [`codeling {owner}`](#{_anchor(owner)}). |")
    return "\n".join(lines) + "\n"


def _recipes() -> str:
    lines = [
        "## Recipes",
        "",
        "A recipe is a TOML file in `codeling/recipes/`, or your own: `codeling run --recipe my.toml`. It sets options "
        "of `codeling run`; each of them can be overridden by a flag. Its work goes to `runs/NAME/`.",
    ]
    for path in sorted(RECIPES.glob("*.toml")):
        values = read_toml(path)
        lines += ["", f"### {path.stem}", "", str(values.pop("description", "")), ""]
        lines += ["| Option | Value |", "|---|---|"]
        lines += [f"| `--{name.replace('_', '-')}` | `{_shown(value)}` |" for name, value in flat(values)]
    return "\n".join(lines)


def _shown(value: Any) -> str:
    if isinstance(value, bool):
        return "on" if value else "off"
    return _cell(" ".join(map(str, value)) if isinstance(value, list) else str(value))


def flat(values: dict[str, Any], prefix: str = "") -> Iterator[tuple[str, Any]]:
    """Dotted key and value of every entry of nested tables."""
    for key, value in values.items():
        if isinstance(value, dict):
            yield from flat(value, f"{prefix}{key}.")
        else:
            yield prefix + key, value


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("``", "`")


def _anchor(command: str) -> str:
    return f"codeling-{command.replace(' ', '-')}"


def _load(name: str) -> Any:
    module, attribute = name.split(":")
    return getattr(importlib.import_module(module), attribute)


def main() -> int:
    """Write the page, or with ``--check`` compare it."""
    text = render()
    if "--check" not in sys.argv[1:]:
        write_text(PAGE, text)
        print(f"Saved: {PAGE}")
        return 0
    if PAGE.exists() and PAGE.read_text(encoding="utf-8") == text:
        return 0
    print(f"{PAGE} is not what the code says; type: python docs/reference/generate.py", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
