"""A JSON Schema as constrained decoding enforces it: never more than the schema allows, and sometimes less.

`llguidance` follows a schema to the letter, with three departures that matter here: it refuses every ``format`` that it
does not know, it takes all numbers for 64-bit floats, and the keys that a schema does not name may come twice.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from codeling.errors import UsageError

FORMATS = frozenset(["date-time", "time", "date", "duration", "email", "hostname", "ipv4", "ipv6", "uuid", "uri"])
"""The values of ``format`` that are enforced; any other one is a remark to the reader."""

LARGEST_INTEGER = 2**53
"""Up to here a float holds every integer; beyond it `llguidance` writes a neighbour of the one that was asked for."""

_LAST_INTEGER = 9 * 10**18
"""Where an integer without bounds ends, for a weak model would write its digits for ever: near the end of 64 bits, so
that identifiers fit, and one of the numbers there that a float holds."""

_SCHEMAS_BY_NAME = ("properties", "patternProperties", "$defs", "definitions")
_SCHEMA_LISTS = ("anyOf", "oneOf", "allOf", "prefixItems")
_SCHEMAS = ("items", "additionalProperties")
_EXCLUSIVE = ("exclusiveMinimum", "exclusiveMaximum")
_OTHER_KEYS = ("additionalProperties", "patternProperties", "unevaluatedProperties")


def enforceable(schema: Mapping[str, Any], *, what: str = "the JSON schema") -> dict[str, Any]:
    """A copy to give to `llguidance`; every value that fits it fits ``schema``.

    Objects that list their properties get no others, so that a model cannot invent arguments; not where schemas are
    merged, for two closed objects have nothing in common. ``what`` names the schema in messages.
    """
    try:
        copy = json.loads(json.dumps(schema, allow_nan=False))
    except (TypeError, ValueError, RecursionError) as error:
        raise UsageError(f"{what} is not JSON: {error}") from None
    if not isinstance(copy, dict):
        raise UsageError(f"{what} must be an object, not {copy!r}")
    copy.pop("x-guidance", None)  # options of llguidance itself, which would change how JSON is written
    _check_references(copy, what)
    close = not _merges(copy)
    return _rewrite(copy, close=close, what=what)


def _check_references(schema: dict[str, Any], what: str) -> None:
    """No reference may lead through others back to itself: nothing fits it, which would only show while writing."""
    parts: list[Any] = [schema]
    while parts:
        part = parts.pop()
        parts += part.values() if isinstance(part, dict) else part if isinstance(part, list) else ()
        passed: set[str] = set()
        while isinstance(part, dict) and isinstance(part.get("$ref"), str) and part["$ref"].startswith("#/"):
            if part["$ref"] in passed:
                raise UsageError(f"{what} cannot be enforced: {part['$ref']!r} refers to itself")
            passed.add(part["$ref"])
            part = _at(schema, part["$ref"])


def _at(schema: Any, pointer: str) -> Any:
    """What a pointer such as ``#/$defs/name`` leads to; None when it leads nowhere."""
    for step in pointer.removeprefix("#/").split("/"):
        schema = schema.get(step.replace("~1", "/").replace("~0", "~")) if isinstance(schema, dict) else None
    return schema


def _merges(schema: Any) -> bool:
    """Whether some object's properties are described in several places at once."""
    if isinstance(schema, list):
        return any(_merges(item) for item in schema)
    if not isinstance(schema, dict):
        return False
    combined = any(key in schema for key in ("$ref", "anyOf", "oneOf"))
    return "allOf" in schema or (combined and "properties" in schema) or any(_merges(v) for v in schema.values())


def _rewrite(schema: Any, *, close: bool, what: str) -> Any:
    if not isinstance(schema, dict):
        return schema  # true or false, or a mistake that llguidance names better
    new = dict(schema)
    if not isinstance(new.get("format"), str) or new["format"] not in FORMATS:
        new.pop("format", None)
    for key in _SCHEMAS_BY_NAME:
        if isinstance(new.get(key), dict):
            new[key] = {name: _rewrite(value, close=close, what=what) for name, value in new[key].items()}
    for key in _SCHEMA_LISTS:
        if isinstance(new.get(key), list):
            new[key] = [_rewrite(value, close=close, what=what) for value in new[key]]
    for key in _SCHEMAS:
        if key in new:
            new[key] = _rewrite(new[key], close=close, what=what)
    if close and "properties" in new and not any(key in new for key in _OTHER_KEYS):
        new["additionalProperties"] = False
    if _is_large(new.get("maximum")):
        new["maximum"] = LARGEST_INTEGER
    if _is_large(-new["minimum"] if isinstance(new.get("minimum"), int) else None):
        new["minimum"] = -LARGEST_INTEGER
    _check_values(new, what)
    _check_key_count(new, what)
    return _bounded(new)


def _bounded(schema: dict[str, Any]) -> dict[str, Any]:
    kinds = schema.get("type")
    if "integer" not in (kinds if isinstance(kinds, list) else [kinds]) or "multipleOf" in schema:
        return schema
    for bound, exclusive, last in zip(("minimum", "maximum"), _EXCLUSIVE, (-_LAST_INTEGER, _LAST_INTEGER), strict=True):
        if exclusive not in schema:
            schema.setdefault(bound, last)
    return schema


def _is_large(value: Any) -> bool:
    return isinstance(value, int) and value > LARGEST_INTEGER


def _check_values(schema: dict[str, Any], what: str) -> None:
    values = [schema[key] for key in ("const", "enum", "minimum", "maximum", *_EXCLUSIVE) if key in schema]
    while values:
        value = values.pop()
        if isinstance(value, dict):
            values += value.values()
        elif isinstance(value, list):
            values += value
        elif isinstance(value, int) and abs(value) > LARGEST_INTEGER:
            raise UsageError(
                f"{what} cannot be enforced: {value} is beyond 2^53, where floats do not hold every integer; "
                f"let it be a string, or drop the restriction"
            )


def _check_key_count(schema: dict[str, Any], what: str) -> None:
    required, least = schema.get("required"), schema.get("minProperties")
    certain = len(required) if isinstance(required, list) else 0
    if isinstance(least, int) and least > certain + 1:
        raise UsageError(
            f"{what} cannot be enforced: minProperties is {least}, but only {certain} keys are required, and further "
            f"ones could repeat each other; name the keys in `required`"
        )
