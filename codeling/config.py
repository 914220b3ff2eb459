"""Typed configuration: dataclasses <-> TOML and JSON, strict, with did-you-mean.

A configuration is a frozen dataclass that lives next to the component it configures. This module owns how
values flow into one: recipe (TOML) < environment (``CODELING_...``) < command line. Nothing here imports torch.
"""

from __future__ import annotations

import dataclasses
import difflib
import json
import math
import sys
import types
import typing
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal, TypeVar, Union, get_args, get_origin

from codeling.errors import UsageError

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib  # pyright: ignore[reportMissingImports] - installed only where it is needed

T = TypeVar("T")


def read_toml(path: Path) -> dict[str, Any]:
    """Parse a TOML file; a missing file or a syntax error is a UsageError that names the file."""
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise UsageError(f"{path}: no such configuration file") from None
    except IsADirectoryError:
        raise UsageError(f"{path}: a folder; name a TOML file") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise UsageError(f"{path}: not valid TOML: {error}") from None


def from_mapping(cls: type[T], values: Mapping[str, Any], *, where: str, base: T | None = None) -> T:
    """Build a ``cls`` from nested plain values, starting from ``base`` (default: the class's own defaults).

    ``where`` names the origin (a file, say) in errors. An unknown key or a value of the wrong type is a
    UsageError that names origin, key and, for a key, the nearest valid one.

    >>> from_mapping(ModelConfig, {"num_layers": 4}, where="my.toml")  # doctest: +SKIP
    """
    return _build(cls, values, where=where, prefix="", base=base)


def _build(cls: Any, values: Mapping[str, Any], *, where: str, prefix: str, base: Any) -> Any:
    if not isinstance(values, Mapping):
        raise UsageError(f"{where}: '{prefix.rstrip('.')}' must be a table of keys, not {values!r}")
    hints = typing.get_type_hints(cls)
    known = {field.name: hints[field.name] for field in dataclasses.fields(cls) if field.init}
    changes: dict[str, Any] = {}
    for key, value in values.items():
        name = key.replace("-", "_")
        if name not in known:
            raise UsageError(f"{where}: unknown key '{prefix}{key}'{did_you_mean(name, known)}")
        current = getattr(base, name) if base is not None else None
        changes[name] = _convert(value, known[name], where=where, key=f"{prefix}{name}", base=current)
    return dataclasses.replace(base, **changes) if base is not None else cls(**changes)


def did_you_mean(name: str, known: typing.Iterable[str]) -> str:
    """``" (did you mean 'x'?)"`` for the nearest of ``known``, else the list of what is valid."""
    names = sorted(known)
    near = difflib.get_close_matches(name, names, n=1, cutoff=0.6)
    return f" (did you mean '{near[0]}'?)" if near else f" (valid: {', '.join(names)})"


def _convert(value: Any, kind: Any, *, where: str, key: str, base: Any = None) -> Any:
    """``value`` as ``kind``, without guessing: "3" is not an int and 1 is not a bool; an int may stand for a float."""
    origin, arguments = get_origin(kind), get_args(kind)
    if origin in (Union, types.UnionType):
        if value is None and type(None) in arguments:
            return None
        choices = [argument for argument in arguments if argument is not type(None)]
        for choice in choices[:-1]:
            try:
                return _convert(value, choice, where=where, key=key, base=base)
            except UsageError:
                continue
        return _convert(value, choices[-1], where=where, key=key, base=base)
    if dataclasses.is_dataclass(kind):
        return _build(kind, value, where=where, prefix=f"{key}.", base=base)
    if origin is Literal:
        if value in arguments:
            return value
        raise UsageError(f"{where}: '{key}' is {value!r}; it must be one of {', '.join(map(repr, arguments))}")
    if origin is tuple and isinstance(value, list | tuple):
        return tuple(_convert(item, arguments[0], where=where, key=key) for item in value)
    if origin is dict and isinstance(value, Mapping):
        return {str(k): _convert(v, arguments[1], where=where, key=f"{key}.{k}") for k, v in value.items()}
    if kind is Path and isinstance(value, str | Path):
        return Path(value)
    if kind is float and isinstance(value, int | float) and not isinstance(value, bool):
        return float(value)
    if isinstance(kind, type) and isinstance(value, kind) and not (kind is int and isinstance(value, bool)):
        return value
    raise UsageError(f"{where}: '{key}' is {value!r} ({type(value).__name__}); it must be {_type_name(kind)}")


def _type_name(kind: Any) -> str:
    names = {bool: "true or false", int: "a whole number", float: "a number", str: "a string", Path: "a path"}
    if kind in names:
        return names[kind]
    return "a list" if get_origin(kind) is tuple else str(kind)


def require_numbers(
    config: Any,
    *names: str,
    at_least: float = -math.inf,
    above: float = -math.inf,
    at_most: float = math.inf,
    below: float = math.inf,
) -> None:
    """UsageError, naming the flag, for the first of the fields ``names`` that is set and not within the bounds.

    None passes (it means: decided elsewhere); NaN and infinities never do.
    """
    bounds = [("at least", at_least), ("above", above), ("at most", at_most), ("below", below)]
    rule = " and ".join(f"{word} {bound:,}" for word, bound in bounds if math.isfinite(bound)) or "a finite number"
    for name in names:
        value = getattr(config, name)
        # math.isfinite converts to float, which a whole number may be too large for.
        if value is None or (
            (isinstance(value, int) or math.isfinite(value)) and at_least <= value <= at_most and above < value < below
        ):
            continue
        raise UsageError(f"--{name.replace('_', '-')} {value}: must be {rule}")


def require_plain_names(config: Any, *names: str) -> None:
    """UsageError, naming the flag, for the first of the fields ``names`` that is a path and not a file's name.

    None passes (it means: decided elsewhere).
    """
    for name in names:
        value = getattr(config, name)
        # To pathlib ".." is a name; joined to a folder it is the folder above.
        if value is not None and (value == ".." or Path(value).name != value):
            flag = f"--{name.replace('_', '-')}"
            raise UsageError(f"{flag} {value}: must be a plain name, without a folder; --workdir chooses the folder")


def environment_values(cls: type, environ: Mapping[str, str], *, prefix: str) -> dict[str, Any]:
    """The part of ``environ`` that configures ``cls``, as nested values for ``from_mapping``.

    ``prefix`` ends with an underscore; ``__`` separates levels: ``CODELING_RUN_LANGUAGE__MAX_STEPS=20`` sets
    ``language.max_steps``. Values are read as TOML (``20``, ``true``, ``["a"]``) and otherwise as plain strings.
    """
    result: dict[str, Any] = {}
    for variable, text in sorted(environ.items()):
        if not variable.startswith(prefix):
            continue
        *parents, leaf = variable.removeprefix(prefix).lower().split("__")
        table, kind = result, cls
        for parent in parents:
            table = table.setdefault(parent, {})
            kind = typing.get_type_hints(kind).get(parent, object) if dataclasses.is_dataclass(kind) else object
        hint = typing.get_type_hints(kind).get(leaf) if dataclasses.is_dataclass(kind) else None
        table[leaf] = _parse_text(text, hint)
    return result


def _parse_text(text: str, hint: Any) -> Any:
    choices = [a for a in (get_args(hint) or (hint,)) if a is not type(None)]
    if choices and all(choice in (str, Path) or isinstance(choice, str) for choice in choices):
        return text
    try:
        return tomllib.loads(f"value = {text}")["value"]
    except tomllib.TOMLDecodeError:
        return text


def to_mapping(config: Any) -> dict[str, Any]:
    """Nested plain values (str, int, float, bool, None, list, dict) of a configuration; inverse of ``from_mapping``."""
    return {field.name: _plain(getattr(config, field.name)) for field in dataclasses.fields(config) if field.init}


def _plain(value: Any) -> Any:
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return to_mapping(value)
    if isinstance(value, Path):
        return value.as_posix()
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    if isinstance(value, Mapping):
        return {key: _plain(item) for key, item in value.items()}
    return value


def to_toml(config: Any) -> str:
    """TOML text that ``read_toml`` and ``from_mapping`` read back; unset (None) keys are left out."""
    lines: list[str] = []
    _write_table(to_mapping(config), (), lines)
    return "\n".join(lines).strip() + "\n"


def _write_table(table: Mapping[str, Any], path: tuple[str, ...], lines: list[str]) -> None:
    scalars = {key: value for key, value in table.items() if not isinstance(value, Mapping) and value is not None}
    if path and (scalars or not table):
        lines += ["", f"[{'.'.join(map(_toml_key, path))}]"]
    lines += [f"{_toml_key(key)} = {_toml_value(value)}" for key, value in scalars.items()]
    for key, value in table.items():
        if isinstance(value, Mapping):
            _write_table(value, (*path, key), lines)


def _toml_key(key: str) -> str:
    return key if key.replace("_", "").replace("-", "").isalnum() and key.isascii() else json.dumps(key)


def _toml_value(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        return "[" + ", ".join(_toml_value(item) for item in value) + "]"
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
    return repr(value)
