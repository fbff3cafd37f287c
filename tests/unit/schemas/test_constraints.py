"""The patterns and bounds take what is right and refuse what is wrong."""

from __future__ import annotations

import csv
import json
import re
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from jsonschema import Draft201909Validator
from linkml.generators.jsonschemagen import JsonSchemaGenerator
from linkml_runtime.utils.schemaview import SchemaView

from dqcheck.standards import open_schema

ROOT = Path(__file__).resolve().parents[3]


def holds(pattern: str, text: str) -> bool:
    """Return whether `text` has `pattern` in the dialect the checks run in, which is Rust's."""
    return bool(pl.Series([text]).str.contains(pattern).item())


def patterns_of(view: SchemaView, slot: Any) -> list[str]:
    types = view.all_types()
    ranged = types[slot.range].pattern if slot.range in types else None
    return [pattern for pattern in (slot.pattern, ranged) if pattern]


def accepts(view: SchemaView, class_name: str, slot_name: str, text: str) -> bool:
    slot = view.induced_slot(slot_name, class_name)
    return all(holds(pattern, text) for pattern in patterns_of(view, slot)) and not any(
        holds(banned.pattern, text) for banned in slot.none_of
    )


@pytest.mark.parametrize(
    ("standard", "class_name", "slot", "good", "bad"),
    [
        ("person", "Person", "given_name", ["Zoë", "Mary Jane", "O'Brien", "x" * 35],
         [" Ann", "Ann ", "Mary  Jane", "x" * 36, "Ann\nLee"]),
        ("person", "Person", "pnc_id", ["2002/0073319Z"], ["02/73319Z", "2002/0073319I"]),
        ("person", "Person", "cro_number", ["123456/99A", "SF99/123A"], ["1234567/99A", "123/99S"]),
        ("vehicle", "Vehicle", "vin", ["1M8GDM9AXKP042788"],
         ["WDBEA3OD3HA391172", "WDBEA30D3HA39117", "N3WV1N54TOIEOD1234", "1m8gdm9axkp042788"]),
        ("vehicle", "Vehicle", "vrm", ["AA19AAA", "123456789AB"], ["AA19 AAA", "aa19aaa", ""]),
        ("address", "Address", "uprn", ["1", "999999999999", "000000000123"],
         ["0", "0123", "1234567890123", "1E+11"]),
        ("address", "Address", "usrn", ["1", "99999999"], ["0", "012", "123456789"]),
        ("address", "Address", "country_code", ["GBR"], ["GB", "gbr", "GBRX"]),
        ("address", "Address", "town", ["Exampleton"], ["x" * 36]),
        ("address", "Address", "postcode", ["ZZ99 3VZ", "GIR 0AA", "BF1 3AA"],
         ["SW1A1AA", "SW1A  1AA", "sw1a 1aa", "SW1A 1AC", "QA1 1AA", "AJ1 1AA", "W1L 1AA",
          "SW1A OAA", "BFPO 21"]),
    ],
)  # fmt: skip
def test_patterns(
    views: dict[str, SchemaView],
    standard: str,
    class_name: str,
    slot: str,
    good: list[str],
    bad: list[str],
) -> None:
    view = views[standard]
    assert [text for text in good if not accepts(view, class_name, slot, text)] == []
    assert [text for text in bad if accepts(view, class_name, slot, text)] == []


def examples_of(reference: Path, name: str) -> list[dict[str, str]]:
    with (reference / f"{name}.csv").open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def test_published_postcodes(reference: Path, views: dict[str, SchemaView]) -> None:
    view = views["address"]
    for row in examples_of(reference, "address/postcode_examples"):
        right = row["label"] if row["code"] == "valid" and row["label"] else row["input"]
        if " " in right or row["code"] == "invalid":
            found = accepts(
                view, "Address", "postcode", right if row["code"] == "valid" else row["input"]
            )
            assert found == (row["code"] == "valid"), row["input"]


def test_published_marks(reference: Path, views: dict[str, SchemaView]) -> None:
    rules = {rule.title: rule for rule in views["vehicle"].get_class("Vehicle").rules}
    shapes = (
        rules["a GB mark has a shape that was issued"].postconditions.slot_conditions["vrm"].any_of
    )
    for row in examples_of(reference, "vehicle/vrm_examples"):
        text = (row["label"] if row["code"] == "valid" else row["input"]).replace(" ", "")
        found = any(holds(shape.pattern, text) for shape in shapes)
        # X marks are consular: one validator refuses them, collectors list them.
        expected = row["code"] == "valid" or row["input"] == "123X234"
        assert found == expected, row["input"]


def satisfies(view: SchemaView, slot: Any, text: str) -> bool:
    if slot.range in view.all_enums():
        return text in view.get_enum(slot.range).permissible_values
    if slot.range == "date":
        return date.fromisoformat(text).isoformat() == text
    if slot.range == "datetime":
        return datetime.fromisoformat(text).isoformat() == text
    if slot.range == "boolean":
        return text in {"true", "false"}
    if slot.range in {"integer", "decimal"}:
        low = slot.minimum_value if slot.minimum_value is not None else float("-inf")
        high = slot.maximum_value if slot.maximum_value is not None else float("inf")
        return re.fullmatch(r"-?\d+(\.\d+)?", text) is not None and low <= float(text) <= high
    return all(holds(pattern, text) for pattern in patterns_of(view, slot))


def test_examples_satisfy_their_own_slot(view: SchemaView) -> None:
    for name in view.all_classes():
        for slot in view.class_induced_slots(name):
            for example in slot.examples:
                parts = example.value.split("|") if slot.multivalued else [example.value]
                assert all(satisfies(view, slot, part) for part in parts), slot.name


@cache
def json_schema(name: str) -> Draft201909Validator:
    path = str(ROOT / "schemas" / f"{name}.yaml")
    # A standard that builds on another has the other's root as well, and LinkML takes the first.
    own = SchemaView(path).all_classes(imports=False).values()
    root = next((cls.name for cls in own if cls.tree_root), None)
    text = JsonSchemaGenerator(path, top_class=root).serialize()
    return Draft201909Validator(json.loads(text))


def test_linkml_makes_json_schema_of_it(view: SchemaView) -> None:
    schema = json_schema(view.schema.name).schema
    assert schema["$id"] == f"https://w3id.org/dqcheck/{view.schema.name}"


@pytest.mark.parametrize(
    ("standard", "row", "valid"),
    [
        ("person", {}, True),
        ("person", {"gender": None}, False),
        ("person", {"distinguishing_feature_location": ["Neck"]}, False),
        ("person", {"distinguishing_feature_location": ["Neck"],
                    "distinguishing_feature": ["Tattoo"]}, True),
        ("vehicle", {}, False),
        ("vehicle", {"vin": "1" * 17}, True),
        ("vehicle", {"vin": "1" * 17, "country_of_registration": "GB"}, True),
        ("vehicle", {"vrm": "AB12CDE", "country_of_registration": "GB"}, True),
        ("vehicle", {"vrm": "AB00CDE", "country_of_registration": "GB"}, False),
        ("vehicle", {"vrm": "AB00CDE", "country_of_registration": "FR"}, True),
        ("vehicle", {"vrm": "A1", "secondary_colour": "Blue"}, False),
        ("vehicle", {"vrm": "A1", "secondary_colour": "Blue", "colour": "Red"}, True),
        ("address", {}, False),
        ("address", {"postcode": "AA1 1AA"}, True),
        ("address", {"uprn": "1"}, True),
        ("address", {"location_area": "North wood"}, True),
        ("address", {"latitude": 54.0}, False),
        ("address", {"latitude": 54.0, "longitude": -2.0}, True),
        ("address", {"easting": 400000}, False),
        ("address", {"easting": 400000, "northing": 300000}, True),
        ("address", {"uprn": "1", "paon_start_suffix": "A"}, False),
        ("address", {"uprn": "1", "paon_start_suffix": "A", "paon_start_number": 1}, True),
        ("address", {"uprn": "1", "saon_end_number": 9}, False),
    ],
)  # fmt: skip
def test_rules_as_linkml_reads_them(standard: str, row: dict[str, Any], valid: bool) -> None:
    least = {"record_id": "1"} | ({"gender": "Male"} if standard == "person" else {})
    record = {name: value for name, value in {**least, **row}.items() if value is not None}
    assert json_schema(standard).is_valid(record) is valid


@pytest.mark.parametrize("name", ["core", "person", "vehicle", "address"])
def test_dqcheck_checks_all_of_it(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DQCHECK_NO_CACHE", "1")
    plan = open_schema(ROOT / "schemas" / f"{name}.yaml")
    assert [left for part in plan.classes.values() for left in part.not_checked] == []
    assert [part.name for part in plan.classes.values() if part.closed] == []


def test_one_class_is_the_root(views: dict[str, SchemaView]) -> None:
    for name in ("person", "vehicle", "address"):
        own = views[name].all_classes(imports=False).values()
        roots = [cls.name for cls in own if cls.tree_root]
        assert roots == [name.title()]
