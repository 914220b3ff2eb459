"""Random JSON Schemas for the tests of constrained decoding."""

from hypothesis import strategies as st

NAMES = st.sampled_from(["a", "b", "city", "unit", "größe", "x-y", 'a"b', "a b"])
# Strings are bounded: a model with random weights hardly ever closes one.
_LEAVES = st.one_of(
    st.just({"type": "boolean"}),
    st.just({"type": "null"}),
    st.just({"type": "integer"}),
    st.just({"type": "number"}),
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
        st.one_of(st.text(max_size=5), st.integers(), st.booleans(), st.none(), st.just({"k": [1, "é"], "j": None})),
        min_size=1,
        max_size=4,
    ).map(lambda values: {"enum": values}),
    st.one_of(st.text(max_size=8), st.just([1, {"a": "b"}])).map(lambda value: {"const": value}),
    st.just({"$ref": "#/$defs/shared"}),
    st.just({"oneOf": [{"type": "boolean"}, {"type": "integer", "minimum": 3}]}),
)


@st.composite
def _objects(draw, inner):
    properties = draw(st.dictionaries(NAMES, inner, max_size=4))
    required = draw(st.lists(st.sampled_from(sorted(properties)), unique=True)) if properties else []
    schema = {"type": "object", "properties": properties, "required": required}
    others = draw(st.sampled_from([None, None, False, {"type": "integer"}]))
    return schema if others is None else schema | {"additionalProperties": others}


@st.composite
def _arrays(draw, inner):
    least = draw(st.integers(0, 2))
    return {"type": "array", "items": draw(inner), "minItems": least, "maxItems": least + draw(st.integers(0, 3))}


def _nested(inner):
    return st.one_of(_objects(inner), _arrays(inner), st.lists(inner, min_size=1, max_size=3).map(_any_of))


def _any_of(schemas):
    return {"anyOf": schemas}


@st.composite
def object_schemas(draw) -> dict:
    """A schema of an object, as tools have it."""
    return draw(_objects(st.recursive(_LEAVES, _nested, max_leaves=5))) | {"$defs": {"shared": {"enum": ["one", 2]}}}


@st.composite
def schemas(draw) -> dict:
    """A schema of any value; the integer of `llguidance`'s free numbers may be as long as the model likes."""
    return draw(st.recursive(_LEAVES, _nested, max_leaves=6)) | {"$defs": {"shared": {"enum": ["one", 2]}}}
