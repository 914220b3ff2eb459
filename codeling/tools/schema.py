"""What a tool is: a name, a description and a JSON Schema of its arguments.

OpenAI's shape comes in and goes out (``from_openai``, ``to_openai``); ``check_arguments`` says in a user's words what
is wrong with the arguments of a call. JSON Schema is draft 2020-12; references to other places are never fetched.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from codeling.errors import UsageError

if TYPE_CHECKING:
    from jsonschema import Draft202012Validator
    from jsonschema.exceptions import ValidationError

# Letters of any script, digits and the separators that real catalogues use ("spotify.play", "git/log").
_NAME = re.compile(r"[\w.:/-]{1,128}")
_EXCERPT = 80


def _no_parameters() -> dict[str, Any]:
    return {"type": "object", "properties": {}}


@dataclass(frozen=True)
class Tool:
    """A function that the model may call.

    >>> Tool("add", "Add two numbers", {"type": "object", "properties": {"a": {"type": "number"}}}).name
    'add'
    """

    name: str
    description: str = ""
    parameters: dict[str, Any] = field(default_factory=_no_parameters)
    """A JSON Schema of type "object"; checked by ``from_openai``, taken as given by the constructor."""

    def __post_init__(self) -> None:
        if not self.parameters:
            object.__setattr__(self, "parameters", _no_parameters())

    @classmethod
    def from_openai(cls, value: Any) -> Tool:
        """Read ``{"type": "function", "function": {...}}`` or the bare function; UsageError with the reason.

        A missing description is empty, missing parameters are an object without properties.
        """
        function = value.get("function", value) if isinstance(value, dict) else value
        if not isinstance(function, dict):
            raise UsageError(f"a tool must be an object with a name and parameters, not {_excerpt(value)}")
        kind = value.get("type", "function")
        if function is not value and kind != "function":
            raise UsageError(f'a tool\'s type must be "function", not {_excerpt(kind)}')
        name = function.get("name")
        if not isinstance(name, str) or not _NAME.fullmatch(name):
            raise UsageError(
                f"a tool's name must be 1 to 128 letters, digits and _ . : / - in one word, not {_excerpt(name)}"
            )
        description = function.get("description")
        if not isinstance(description, str | None):
            raise UsageError(f"tool {name!r}: the description must be text, not {_excerpt(description)}")
        parameters = function.get("parameters")
        if parameters is None or parameters == {}:
            parameters = _no_parameters()
        _check_schema(name, parameters)
        return cls(name, description or "", parameters)

    def to_openai(self) -> dict[str, Any]:
        """OpenAI's shape; the keys always in this order."""
        return {
            "type": "function",
            "function": {"name": self.name, "description": self.description, "parameters": self.parameters},
        }


def check_arguments(tool: Tool, arguments: Any) -> list[str]:
    """What is wrong with ``arguments`` for ``tool``, one sentence each, outermost first; empty when they fit.

    >>> tool = Tool("f", "", {"type": "object", "properties": {"n": {"type": "integer"}}, "required": ["n"]})
    >>> check_arguments(tool, {"n": "two"})
    ['n: "two" is not of type integer']
    >>> check_arguments(tool, {})
    ['n is missing']
    """
    from referencing.exceptions import Unresolvable

    if not isinstance(arguments, dict):
        return [f"the arguments must be an object, not {_excerpt(arguments)}"]
    try:
        validator = _validator(json.dumps(tool.parameters))
        errors = sorted(validator.iter_errors(arguments), key=lambda error: len(error.absolute_path))
        return list(dict.fromkeys(sentence for error in errors for sentence in _sentences(error)))
    except Unresolvable as error:
        return [f"the parameters of tool {tool.name!r} refer to {error.ref!r}, which is not in them"]
    except RecursionError:
        return [f"the arguments or the parameters of tool {tool.name!r} are nested too deeply"]
    except OverflowError:
        return ["an integer is beyond the largest float, so its bounds cannot be checked"]
    except (AttributeError, TypeError):  # jsonschema reads whatever a "$ref" points to as a schema
        return [f"the parameters of tool {tool.name!r} refer to a part of them that is no schema"]


def _check_schema(name: str, parameters: Any) -> None:
    from jsonschema.exceptions import SchemaError

    if not isinstance(parameters, dict):
        raise UsageError(f"tool {name!r}: the parameters must be a JSON Schema, an object, not {_excerpt(parameters)}")
    if parameters.get("type") != "object":
        raise UsageError(
            f'tool {name!r}: the parameters must be a schema of type "object", not {_excerpt(parameters.get("type"))}'
        )
    try:
        _validator(json.dumps(parameters, allow_nan=False))
    except SchemaError as error:
        where = ".".join(str(step) for step in error.absolute_path) or "parameters"
        raise UsageError(f"tool {name!r}: the parameters are not a JSON Schema: {where}: {error.message}") from None
    except (TypeError, ValueError, RecursionError) as error:
        raise UsageError(f"tool {name!r}: the parameters are not JSON: {error}") from None


@lru_cache(maxsize=4096)
def _validator(schema: str) -> Draft202012Validator:
    """The compiled validator of a schema's JSON text; checking a schema takes longer than using it."""
    from jsonschema import Draft202012Validator
    from referencing import Registry

    parsed = json.loads(schema)
    Draft202012Validator.check_schema(parsed)
    # An empty registry: the library's default one would fetch a "$ref" from the network.
    return Draft202012Validator(parsed, registry=Registry())


def _sentences(error: ValidationError) -> list[str]:
    path = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in error.absolute_path).lstrip(".")
    wanted: Any = error.validator_value
    value: Any = error.instance
    rule = str(error.validator)
    prefix = f"{path}." if path else ""
    if rule == "required":
        return [f"{prefix}{name} is missing" for name in wanted if name not in value]
    if rule == "additionalProperties" and wanted is False:
        schema = error.schema if isinstance(error.schema, dict) else {}
        known, patterns = schema.get("properties", {}), schema.get("patternProperties", {})
        extra = [name for name in value if name not in known and not any(re.search(p, name) for p in patterns)]
        there = f"there are: {', '.join(known)}" if known else "there are none"
        return [f"{prefix}{name} is not a parameter; {there}" for name in extra]
    if rule == "multipleOf" and _is_multiple(value, wanted):
        return []
    where = f"{path}: " if path else ""
    if rule == "type":
        kinds = " or ".join(wanted) if isinstance(wanted, list) else wanted
        return [f"{where}{_excerpt(value)} is not of type {kinds}"]
    if rule == "enum":
        return [f"{where}{_excerpt(value)} is not one of {', '.join(_excerpt(choice) for choice in wanted)}"]
    if rule in _BOUNDS:
        return [f"{where}{_excerpt(value)} {_BOUNDS[rule].format(wanted)}"]
    return [f"{where}{error.message}"]


def _is_multiple(value: Any, unit: Any) -> bool:
    """In decimal, as both are written: as binary floats 0.3 is no multiple of 0.1."""
    try:
        return Decimal(str(value)) % Decimal(str(unit)) == 0
    except InvalidOperation:  # the quotient has more digits than decimals are computed with
        return False


_BOUNDS = {
    "minimum": "is less than {}",
    "maximum": "is more than {}",
    "exclusiveMinimum": "is not more than {}",
    "exclusiveMaximum": "is not less than {}",
    "multipleOf": "is not a multiple of {}",
    "minLength": "is shorter than {} characters",
    "maxLength": "is longer than {} characters",
    "pattern": "does not match the pattern {}",
    "minItems": "has fewer than {} items",
    "maxItems": "has more than {} items",
}


def _excerpt(value: Any) -> str:
    """``value`` as the JSON that a user wrote, cut to one short line."""
    try:
        text = json.dumps(value, ensure_ascii=False)
    except (TypeError, ValueError, RecursionError):
        text = repr(value)
    return text if len(text) <= _EXCERPT else f"{text[:_EXCERPT]}..."
