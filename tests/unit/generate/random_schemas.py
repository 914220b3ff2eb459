"""Random JSON Schemas for the tests of constrained decoding."""

from hypothesis import strategies as st

NAMES = st.sampled_from(["a", "b", "city", "unit", "größe", "x-y", 'a"b', "a b"])
# The one character that `json.dumps` and `llguidance` write differently: raw, and as \\u007f.
_CHARACTERS = st.characters(exclude_characters="\x7f", exclude_categories=["Cs"])
_INTEGERS = st.integers(-(2**53), 2**53)
# Strings are bounded: a model with random weights hardly ever closes one.
_LEAVES = st.one_of(
    st.just({"type": "boolean"}),
    st.just({"type": "null"}),
    st.just({"type": "integer"}),
    st.tuples(st.integers(-50, 50), st.integers(0, 60)).map(
        lambda pair: {"type": "integer", "minimum": pair[0], "maximum": pair[0] + pair[1]}
    ),
    st.just({"type": "number", "exclusiveMinimum": 0, "maximum": 7.5}),
    st.just({"type": "integer", "multipleOf": 5, "minimum": 0}),
    st.integers(0, 6).map(lambda length: {"type": "string", "maxLength": length}),
    st.just({"type": "string", "minLength": 2, "maxLength": 4}),
    st.just({"type": "string", "pattern": "^[a-f]{2}-?[0-9]$"}),
    st.just({"type": "string", "format": "date"}),
    st.just({"type": ["string", "null"], "maxLength": 3}),
    st.lists(
        st.one_of(
            st.text(_CHARACTERS, max_size=5),
            _INTEGERS,
            st.booleans(),
            st.none(),
            st.just({"k": [1, "é"], "j": None}),
        ),
        min_size=1,
        max_size=4,
    ).map(lambda values: {"enum": values}),
    st.one_of(st.text(_CHARACTERS, max_size=8), st.just([1, {"a": "b"}])).map(lambda value: {"const": value}),
    st.just({"$ref": "#/$defs/shared"}),
    st.just({"oneOf": [{"type": "boolean"}, {"type": "integer", "minimum": 3}]}),
)


@st.composite
def _objects(draw, inner, *, open_keys: bool):
    properties = draw(st.dictionaries(NAMES, inner, max_size=4))
    required = draw(st.lists(st.sampled_from(sorted(properties)), unique=True)) if properties else []
    schema = {"type": "object", "properties": properties, "required": required}
    others = draw(st.sampled_from([None, False, False, {"type": "integer"}] if open_keys else [None, False]))
    return schema if others is None else schema | {"additionalProperties": others}


@st.composite
def _arrays(draw, inner):
    least = draw(st.integers(0, 2))
    return {"type": "array", "items": draw(inner), "minItems": least, "maxItems": least + draw(st.integers(0, 3))}


def _nested(inner, *, open_keys: bool = False):
    anything = st.lists(inner, min_size=1, max_size=3).map(lambda schemas: {"anyOf": schemas})
    return st.one_of(_objects(inner, open_keys=open_keys), _arrays(inner), anything)


_SHARED = {"$defs": {"shared": {"enum": ["one", 2]}}}


@st.composite
def object_schemas(draw) -> dict:
    """A schema of an object, as a tool's parameters are.

    Without what a grammar cannot rule out and a reader of calls refuses: numbers that overflow, keys that repeat.
    """
    return draw(_objects(st.recursive(_LEAVES, _nested, max_leaves=5), open_keys=False)) | _SHARED


@st.composite
def schemas(draw) -> dict:
    """A schema of any value."""
    leaves = st.one_of(_LEAVES, st.just({"type": "number"}))
    return draw(st.recursive(leaves, lambda inner: _nested(inner, open_keys=True), max_leaves=6)) | _SHARED
