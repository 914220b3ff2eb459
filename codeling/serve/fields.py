"""The fields of a request's body: declared once, read strictly, and described in the OpenAPI page by the same words.

    @dataclass(frozen=True)
    class Greeting:
        name: str = required(text(at_most=20), "Who is greeted.")
        times: int = option(1, integer(1, 5), "How often.")

    read_fields(Greeting, {"name": "Ada", "times": None, "colour": "red"})  ->  Greeting("Ada", 1)

What clients rely on: a field that is not known is ignored, and null means that a field is absent. Anything else that
does not fit is an ``ApiError`` with status 400 that names the field.
"""

from __future__ import annotations

import dataclasses
import re
import sys
from collections.abc import Callable
from dataclasses import MISSING, dataclass, field
from typing import Any, TypeVar

from codeling.serve.errors import invalid

T = TypeVar("T")
_EXCERPT = 60
_LARGEST = sys.float_info.max


@dataclass(frozen=True)
class Kind:
    """What a value may be: how it is read (ValueError with the rule, "must be ...") and its JSON Schema."""

    read: Callable[[Any], Any]
    schema: dict[str, Any]


def required(kind: Kind, description: str) -> Any:
    """A field that must be there."""
    return field(metadata={"kind": kind, "description": description})


def option(default: Any, kind: Kind, description: str) -> Any:
    """A field that may be absent, or null, which is the same."""
    return field(default=default, metadata={"kind": kind, "description": description})


def read_fields(cls: type[T], body: Any) -> T:
    """The dataclass ``cls`` from a decoded body."""
    if not isinstance(body, dict):
        raise invalid(f"the body must be a JSON object, not {_name(body)}")
    values = {}
    for one in dataclasses.fields(cls):  # type: ignore[arg-type]
        value = body.get(one.name)
        if value is None:
            if one.default is MISSING:
                raise invalid(f"{one.name} is missing", param=one.name)
            continue
        try:
            values[one.name] = one.metadata["kind"].read(value)
        except ValueError as error:
            raise invalid(f"{one.name} {error}", param=one.name) from None
    return cls(**values)


def schema_of(cls: type) -> dict[str, Any]:
    """The JSON Schema of the bodies that ``read_fields`` takes."""
    properties = {}
    for one in dataclasses.fields(cls):
        schema = one.metadata["kind"].schema
        if one.default is not MISSING:
            schema = {"anyOf": [schema, {"type": "null"}]}
        properties[one.name] = schema | {"description": one.metadata["description"]}
    needed = [one.name for one in dataclasses.fields(cls) if one.default is MISSING]
    return {"type": "object", "properties": properties} | ({"required": needed} if needed else {})


def integer(at_least: int | None = None, at_most: int | None = None) -> Kind:
    """A whole number; 3.0 is one."""

    def read(value: Any) -> int:
        if isinstance(value, float) and value.is_integer():
            value = int(value)
        if isinstance(value, bool) or not isinstance(value, int):
            raise ValueError(f"must be a whole number, not {_name(value)}")
        return _within(value, at_least, at_most)

    return Kind(read, {"type": "integer"} | _bounds(at_least, at_most))


def number(at_least: float | None = None, at_most: float | None = None, *, above: float | None = None) -> Kind:
    def read(value: Any) -> float:
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise ValueError(f"must be a number, not {_name(value)}")
        if not -_LARGEST <= value <= _LARGEST:
            raise ValueError("must be a number that a float can hold")
        if above is not None and value <= above:
            raise ValueError(f"is {value}; it must be more than {above}")
        return float(_within(value, at_least, at_most))

    schema = {"type": "number"} | _bounds(at_least, at_most)
    return Kind(read, schema if above is None else schema | {"exclusiveMinimum": above})


def text(*, at_least: int = 0, at_most: int | None = None) -> Kind:
    """A string; bounds in characters."""

    def read(value: Any) -> str:
        if not isinstance(value, str):
            raise ValueError(f"must be a string, not {_name(value)}")
        if len(value) < at_least:
            raise ValueError("must not be empty" if at_least == 1 else f"must have {at_least} characters or more")
        if at_most is not None and len(value) > at_most:
            raise ValueError(f"has {len(value)} characters; at most {at_most} are allowed")
        return value

    schema: dict[str, Any] = {"type": "string"}
    if at_least:
        schema["minLength"] = at_least
    if at_most is not None:
        schema["maxLength"] = at_most
    return Kind(read, schema)


def boolean() -> Kind:
    def read(value: Any) -> bool:
        if not isinstance(value, bool):
            raise ValueError(f"must be true or false, not {_name(value)}")
        return value

    return Kind(read, {"type": "boolean"})


def one_of(*values: str) -> Kind:
    """One of these strings."""

    def read(value: Any) -> str:
        if value not in values or not isinstance(value, str):
            raise ValueError(f"must be one of {', '.join(values)}, not {_name(value)}")
        return value

    return Kind(read, {"type": "string", "enum": list(values)})


def list_of(kind: Kind, *, at_least: int = 0, at_most: int | None = None) -> Kind:
    """Becomes a tuple."""

    def read(value: Any) -> tuple[Any, ...]:
        if not isinstance(value, list):
            raise ValueError(f"must be a list, not {_name(value)}")
        if len(value) < at_least:
            raise ValueError("must not be empty" if at_least == 1 else f"must have {at_least} items or more")
        if at_most is not None and len(value) > at_most:
            raise ValueError(f"has {len(value)} items; at most {at_most} are allowed")
        items = []
        for i, item in enumerate(value):
            try:
                items.append(kind.read(item))
            except ValueError as error:
                raise ValueError(f"at position {i} {error}") from None
        return tuple(items)

    schema: dict[str, Any] = {"type": "array", "items": kind.schema}
    if at_least:
        schema["minItems"] = at_least
    if at_most is not None:
        schema["maxItems"] = at_most
    return Kind(read, schema)


def any_of(*kinds: Kind) -> Kind:
    """The first of the kinds that takes the value."""

    def read(value: Any) -> Any:
        rules = []
        for kind in kinds:
            try:
                return kind.read(value)
            except ValueError as error:
                rules.append(str(error))
        raise ValueError("; or ".join(dict.fromkeys(rules)))

    return Kind(read, {"anyOf": [kind.schema for kind in kinds]})


def mapping(*, keys: str = ".*", values: Kind | None = None, at_most: int | None = None) -> Kind:
    """An object; ``keys`` is a pattern that each key matches as a whole."""

    def read(value: Any) -> dict[str, Any]:
        if not isinstance(value, dict):
            raise ValueError(f"must be an object, not {_name(value)}")
        if at_most is not None and len(value) > at_most:
            raise ValueError(f"has {len(value)} keys; at most {at_most} are allowed")
        found = {}
        for key, item in value.items():
            if not re.fullmatch(keys, key, re.ASCII | re.DOTALL):
                raise ValueError(f"has the key {_name(key)}, which does not match {keys}")
            try:
                found[key] = item if values is None else values.read(item)
            except ValueError as error:
                raise ValueError(f"at key {key!r} {error}") from None
        return found

    schema: dict[str, Any] = {"type": "object"}
    if keys != ".*":
        schema["propertyNames"] = {"pattern": f"^{keys}$"}
    if values is not None:
        schema["additionalProperties"] = values.schema
    if at_most is not None:
        schema["maxProperties"] = at_most
    return Kind(read, schema)


def fields_of(cls: type) -> Kind:
    """An object with the fields of another dataclass."""

    def read(value: Any) -> Any:
        if not isinstance(value, dict):
            raise ValueError(f"must be an object, not {_name(value)}")
        return read_fields(cls, value)

    return Kind(read, schema_of(cls))


def described(schema: dict[str, Any], read: Callable[[Any], Any] = lambda value: value) -> Kind:
    """A value that is read elsewhere, with the schema that tells clients about it."""
    return Kind(read, schema)


def _within(value: Any, at_least: float | None, at_most: float | None) -> Any:
    if (at_least is not None and value < at_least) or (at_most is not None and value > at_most):
        if at_most is None:
            raise ValueError(f"is {value}; it must be at least {at_least}")
        if at_least is None:
            raise ValueError(f"is {value}; it must be at most {at_most}")
        raise ValueError(f"is {value}; it must be between {at_least} and {at_most}")
    return value


def _bounds(at_least: float | None, at_most: float | None) -> dict[str, Any]:
    bounds = {} if at_least is None else {"minimum": at_least}
    return bounds if at_most is None else bounds | {"maximum": at_most}


def _name(value: Any) -> str:
    """A short description of a JSON value for messages."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, dict):
        return "an object"
    if isinstance(value, list):
        return "a list"
    shown = repr(value)
    return shown if len(shown) <= _EXCERPT else f"{shown[:_EXCERPT]}..."
