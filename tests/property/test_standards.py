"""Generated schemas and rows: our verdict against LinkML's own JSON Schema."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Callable
from typing import Any

import jsonschema
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from linkml.generators.jsonschemagen import JsonSchemaGenerator

from dqcheck.errors import SchemaError
from dqcheck.standards import open_schema_text
from dqcheck.standards.source import read_document

_NUMBERS = st.integers(-3, 12)
_WORDS = st.sampled_from(["a", "b", "ab", "x1", "é", "7"])
_BOOLEANS = ("any_of", "all_of", "none_of", "exactly_one_of")


def _facets(range_name: str) -> st.SearchStrategy[dict[str, Any]]:
    if range_name == "integer":
        kinds: dict[str, st.SearchStrategy[Any]] = {
            "minimum_value": _NUMBERS,
            "maximum_value": _NUMBERS,
            "equals_number": _NUMBERS,
        }
    elif range_name == "string":
        kinds = {
            "pattern": st.sampled_from(["^a", "b$", "^.{2}$", "[0-9]"]),
            "equals_string_in": st.lists(_WORDS, min_size=1, max_size=3, unique=True),
        }
    else:
        return st.just({})
    one = st.sampled_from(sorted(kinds)).flatmap(
        lambda kind: kinds[kind].map(lambda value: {kind: value})
    )
    return st.one_of(st.just({}), one)


@st.composite
def _slots(draw: st.DrawFn) -> dict[str, Any]:
    range_name = draw(st.sampled_from(["integer", "string", "boolean", "E"]))
    slot = {"range": range_name, **draw(_facets(range_name))}
    if draw(st.booleans()) and range_name in ("integer", "string"):
        branches = draw(st.lists(_facets(range_name).filter(bool), min_size=1, max_size=3))
        # LinkML's generator drops branches that are the same, which for exactly_one_of matters.
        unique = [json.loads(text) for text in dict.fromkeys(map(json.dumps, branches))]
        slot[draw(st.sampled_from(_BOOLEANS))] = unique
    if draw(st.booleans()):
        slot["multivalued"] = True
        if draw(st.booleans()):
            slot["minimum_cardinality"] = draw(st.integers(0, 2))
    slot["required"] = draw(st.booleans())
    return slot


_VALUES = st.one_of(_NUMBERS, _WORDS, st.booleans(), st.sampled_from(["k1", "k2"]))
_CELLS = st.one_of(_VALUES, st.lists(_VALUES, min_size=1, max_size=3))


@settings(max_examples=60)
@given(
    slots=st.fixed_dictionaries({"a": _slots(), "b": _slots()}),
    rows=st.lists(
        st.fixed_dictionaries({}, optional={"a": _CELLS, "b": _CELLS, "q": _VALUES}),
        min_size=1,
        max_size=8,
    ),
)
def test_verdicts_agree_with_linkmls_json_schema(
    violations: Callable[..., list[str]], slots: dict[str, Any], rows: list[dict[str, Any]]
) -> None:
    schema = {
        "id": "http://example.org/t",
        "name": "t",
        "imports": ["linkml:types"],
        "enums": {"E": {"permissible_values": {"k1": {}, "k2": {}}}},
        "classes": {"C": {"attributes": slots}},
    }
    text = yaml.safe_dump(schema, allow_unicode=True)
    validator = jsonschema.Draft201909Validator(
        json.loads(JsonSchemaGenerator(text, top_class="C").serialize())
    )
    plan = open_schema_text(text)
    for row in rows:
        ours = violations(plan, "C", [row]) == []
        assert ours == validator.is_valid(row), row


@given(st.text(alphabet="id:name x{}[]-&*!|>'\"\n #?%@,~0", max_size=80))
def test_any_text_is_read_or_refused(text: str) -> None:
    with contextlib.suppress(SchemaError):
        assert read_document(text, "t.yaml").path == "t.yaml"
