"""What `dqcheck diff` calls harmless is harmless: checked on data against both versions."""

from __future__ import annotations

import copy
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dqcheck import validate
from dqcheck.checks.compare import compare
from dqcheck.standards import open_schema_text

ATTRIBUTES: dict[str, dict[str, Any]] = {
    "mark": {"identifier": True},
    "colour": {"range": "Colour", "required": True},
    "wheels": {"range": "integer", "minimum_value": 3, "maximum_value": 5},
    "maker": {"recommended": True, "pattern": "^[ab]"},
}
SCHEMA: dict[str, Any] = {
    "id": "http://example.org/t",
    "name": "t",
    "imports": ["linkml:types"],
    "default_range": "string",
    "enums": {"Colour": {"permissible_values": {"red": {}, "blue": {}, "grey": {}}}},
    "classes": {"Car": {"extra_slots": {"allowed": True}, "attributes": ATTRIBUTES}},
}

EDITS = st.one_of(
    st.tuples(st.just("bound"), st.sampled_from(["minimum_value", "maximum_value"]),
              st.sampled_from([None, 2, 3, 4, 5, 6])),
    st.tuples(st.just("type"), st.just("wheels"), st.sampled_from(["integer", "decimal", "float"])),
    st.tuples(st.just("pattern"), st.just("maker"), st.sampled_from([None, "^[ab]", "^a", "b$"])),
    st.tuples(st.just("code"), st.sampled_from(["red", "green"]), st.booleans()),
    st.tuples(st.just("required"), st.sampled_from(["colour", "wheels", "maker"]), st.booleans()),
    st.tuples(st.just("drop"), st.sampled_from(["wheels", "maker"]), st.none()),
    st.tuples(st.just("closed"), st.just(""), st.booleans()),
    st.tuples(st.just("severity"), st.sampled_from(["wheels", "maker"]),
              st.sampled_from(["warning", "violation"])),
    st.tuples(st.just("either"), st.sampled_from(["wheels", "maker"]), st.booleans()),
)  # fmt: skip
ROWS = st.lists(
    st.fixed_dictionaries(
        {"mark": st.sampled_from(["x", "y"])},
        optional={
            "colour": st.sampled_from(["red", "blue", "green", ""]),
            "wheels": st.sampled_from(["2", "3", "4", "5", "6", "4.5", "x", ""]),
            "maker": st.sampled_from(["a", "b", "ab", "c", ""]),
        },
    ),
    min_size=1,
    max_size=3,
)


def edit(schema: dict[str, Any], kind: str, name: str, value: Any) -> None:
    one = schema["classes"]["Car"]
    slots = one["attributes"]
    if kind == "bound" and "wheels" in slots:
        slots["wheels"][name] = value
    elif kind == "type" and name in slots:
        slots[name]["range"] = value
    elif kind == "pattern" and name in slots:
        slots[name]["pattern"] = value
    elif kind == "code":
        codes = schema["enums"]["Colour"]["permissible_values"]
        codes.update({name: {}}) if value else codes.pop(name, None)
    elif kind == "required" and name in slots:
        slots[name]["required"] = value
    elif kind == "drop":
        slots.pop(name, None)
    elif kind == "closed":
        one["extra_slots"] = {"allowed": not value}
    elif kind == "severity" and name in slots:
        slots[name]["annotations"] = {"severity": value}
    elif kind == "either" and name in slots:
        one["any_of"] = [{"slot_conditions": {name: {"value_presence": "PRESENT"}}}]


def is_right(rows: list[dict[str, str]], schema: str) -> bool:
    return validate(rows, schema=schema, class_name="Car").exit_code == 0


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Any:
    return tmp_path_factory.mktemp("versions")


@given(edits=st.lists(EDITS, min_size=1, max_size=3), rows=ROWS)
@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow], deadline=None)
def test_what_breaks_nobody_breaks_no_data(
    folder: Any, edits: list[tuple[str, str, Any]], rows: list[dict[str, str]]
) -> None:
    schema = copy.deepcopy(SCHEMA)
    for kind, name, value in edits:
        edit(schema, kind, name, value)
    texts = [yaml.safe_dump(one, sort_keys=False) for one in (SCHEMA, schema)]
    files = [folder / "old.yaml", folder / "new.yaml"]
    for file, text in zip(files, texts, strict=True):
        file.write_text(text, encoding="utf-8")
    plans = [open_schema_text(text, "t.yaml") for text in texts]
    changes = compare(*plans)
    was, now = (is_right(rows, str(file)) for file in files)
    if was and not any(one.breaks_producers for one in changes):
        assert now
    if now and not any(one.breaks_consumers for one in changes):
        assert was
    # Seen from the other side producers and consumers change places, where rows alone decide.
    back = compare(*reversed(plans))
    assert bool(changes) is bool(back)
