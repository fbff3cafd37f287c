"""A standard in other forms: right data passes them all, and what they carry is refused."""

from __future__ import annotations

import importlib.util
import json
import re
import sqlite3
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from types import ModuleType
from typing import Any

import jsonschema
import polars as pl
import pytest
import rdflib
import yaml
from jsonschema.validators import validator_for

from dqcheck.checks.rules import packaged_rules
from dqcheck.cli.publish import ExportFormat
from dqcheck.publish import FOLDERS, FORMATS, publish
from dqcheck.publish.losses import state_losses
from dqcheck.standards import open_standard
from dqcheck.standards.plan import Plan

ROW = {
    "mark": "AB1",
    "the_colour": "01",
    "extras": ["Towbar", "Sunroof"],
    "tags": ["fast", "loud"],
    "wheels": 4,
    "length_m": 4.2,
    "built": date(2001, 2, 3),
    "seen": datetime(2026, 1, 2, 3, 4, 5),
    "sold": True,
    "loose": "not in the list, which only warns",
    "hint": None,
    "note": "anything",
}
# A value that breaks a demand of one slot, and the kind of the check that says so.
FAULTS = [
    ("mark", "AB-1", "pattern"),
    ("mark", "1AB", "pattern"),
    ("the_colour", "Red", "permissible_value"),
    ("the_colour", "X", "permissible_value"),
    ("extras", ["Towbar", "Roof"], "permissible_value"),
    ("tags", ["fast", "L0UD"], "pattern"),
    ("wheels", 2, "minimum_value"),
    ("wheels", 9, "maximum_value"),
    ("length_m", 0.1, "minimum_value"),
]
BUILT = ("built", date(1989, 12, 31), "minimum_value")


@pytest.fixture(scope="module")
def written(fleet: Plan, tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """Return what writes the fleet in a form once, and says where."""
    folder = tmp_path_factory.mktemp("forms")

    def write(form: str) -> Path:
        out = folder / form
        if not out.exists():
            publish(fleet, form, out)
        return out

    return write


def test_the_command_offers_every_form() -> None:
    assert sorted(form.value for form in ExportFormat) == sorted(FORMATS)
    assert set(FORMATS) >= FOLDERS


@pytest.mark.parametrize("form", sorted(set(FORMATS) - FOLDERS - {"excel-template"}))
def test_the_same_standard_gives_the_same_bytes(
    form: str, fleet: Plan, tmp_path: Path, written: Callable[[str], Path]
) -> None:
    publish(fleet, form, tmp_path / "again")
    assert (tmp_path / "again").read_bytes() == written(form).read_bytes()


@pytest.mark.parametrize("form", ["csvw", "json-schema", "odcs", "pandera", "shacl", "sql"])
def test_what_is_lost_stands_in_the_file(form: str, fleet: Plan, tmp_path: Path) -> None:
    losses = publish(fleet, form, tmp_path / "out")
    text = (tmp_path / "out").read_text(encoding="utf-8")
    assert losses
    assert [loss for loss in losses if loss not in text.replace('\\"', '"')] == []


@pytest.mark.parametrize("form", ["csvw", "json-schema", "pandera", "shacl", "sql"])
def test_every_check_is_carried_over_or_said_to_be_lost(
    form: str, fleet: Plan, tmp_path: Path
) -> None:
    lost = " ".join(publish(fleet, form, tmp_path / "out"))
    for said in ("hint.recommended", "retired_value", "sold_cars_have_a_day", "either.any_of",
                 "loose.permissible_value"):  # fmt: skip
        assert said in lost
    assert ("one_a_day" in lost) == (form != "sql")
    assert ("car.reference" in lost) == (form in {"json-schema", "pandera"})
    assert ("built.minimum_value" in lost) == (form in {"json-schema", "shacl", "sql"})


def test_no_check_is_lost_without_a_word() -> None:
    plan = open_standard("vehicle")
    ids = {
        item.id
        for one in plan.classes.values()
        for item in (*one.checks, *one.keys, *one.references)
        if not one.abstract
    }
    ids |= {check_id for rules in packaged_rules(plan).values() for check_id in rules.ids}
    counts = [
        loss.count("vehicle.") + sum(map(int, re.findall(r"and (\d+) more\)", loss)))
        for loss in state_losses(plan, ())
    ]
    assert sum(counts) == len(ids)


def test_rules_of_a_packaged_standard_are_said_to_be_lost(tmp_path: Path) -> None:
    losses = publish(open_standard("vehicle"), "sql", tmp_path / "out")
    assert any("rules of the standard (vehicle.vrm.age_issued" in loss for loss in losses)


# --- JSON Schema


def _as_json(row: dict[str, Any]) -> dict[str, Any]:
    data: dict[str, Any] = json.loads(json.dumps(row, default=lambda day: day.isoformat()))
    return {key: value for key, value in data.items() if value is not None}


@pytest.fixture(scope="module")
def json_schema(written: Callable[[str], Path]) -> Any:
    schema = json.loads(written("json-schema").read_text(encoding="utf-8"))
    kind = validator_for(schema)
    kind.check_schema(schema)
    return kind(schema)


def test_json_schema_passes_what_is_right(json_schema: Any) -> None:
    json_schema.validate(_as_json(ROW))
    json_schema.validate({"mark": "A", "the_colour": "02", "either": 4})
    json_schema.validate({"mark": "A", "the_colour": "X|Y", "either": "2020-01-01", "tags": None})


@pytest.mark.parametrize(("column", "value", "_kind"), FAULTS)
def test_json_schema_refuses_what_is_wrong(
    json_schema: Any, column: str, value: object, _kind: str
) -> None:
    with pytest.raises(jsonschema.ValidationError):
        json_schema.validate(_as_json(ROW | {column: value}))


@pytest.mark.parametrize(
    "part",
    [{"the_colour": None}, {"wheels": "4"}, {"mark": 7}, {"extra": "x"}, {"sold": "yes"}],
)
def test_json_schema_refuses_gaps_types_and_more_slots(
    json_schema: Any, part: dict[str, Any]
) -> None:
    assert not json_schema.is_valid(_as_json(ROW | part))


def test_json_schema_leaves_classes_open_that_are(tmp_path: Path) -> None:
    publish(open_standard("vehicle"), "json-schema", tmp_path / "out")
    schema = json.loads((tmp_path / "out").read_text(encoding="utf-8"))
    validator_for(schema)(schema).validate({"record_id": "1", "make": "NEW", "more": "x"})


def test_json_schema_without_a_root_says_so(tmp_path: Path) -> None:
    losses = publish(open_standard("pole"), "json-schema", tmp_path / "out")
    assert "refer to a class in $defs" in losses[0]
    assert "P_001" in json.loads((tmp_path / "out").read_text(encoding="utf-8"))["$defs"]


# --- Pandera


@pytest.fixture(scope="module")
def module(written: Callable[[str], Path], tmp_path_factory: pytest.TempPathFactory) -> ModuleType:
    file = tmp_path_factory.mktemp("module") / "fleet_schemas.py"
    file.write_bytes(written("pandera").read_bytes())
    spec = importlib.util.spec_from_file_location("fleet_schemas", file)
    assert spec is not None
    assert spec.loader is not None
    loaded = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(loaded)
    return loaded


def _frame(*rows: dict[str, Any]) -> pl.DataFrame:
    frame = pl.DataFrame(list(rows), infer_schema_length=None)
    # A column without a value has no type of its own.
    return frame.cast({name: pl.String for name in frame.columns if frame[name].dtype == pl.Null})


def test_the_pandera_module_passes_what_is_right(module: ModuleType) -> None:
    least = {"mark": "Z", "the_colour": "02"}
    full = _frame(ROW, ROW | dict.fromkeys(ROW) | least)
    assert module.SCHEMAS["Car"].validate(full, lazy=True).height == 2
    assert module.SCHEMAS["Car"].validate(_frame(least), lazy=True).height == 1


@pytest.mark.parametrize(("column", "value", "kind"), [*FAULTS, BUILT])
def test_the_pandera_module_refuses_what_is_wrong(
    module: ModuleType, column: str, value: object, kind: str
) -> None:
    from pandera.errors import SchemaErrors

    with pytest.raises(SchemaErrors) as caught:
        module.SCHEMAS["Car"].validate(_frame(ROW | {column: value}), lazy=True)
    cases = caught.value.failure_cases
    assert set(zip(cases["column"], cases["check"], strict=True)) == {(column, kind)}


@pytest.mark.parametrize(
    "rows",
    [
        [ROW, ROW],
        [ROW | {"the_colour": None}],
        [{"mark": "A"}],
        [ROW | {"more": "x"}],
        [ROW | {"built": "2001-02-03"}],
        [ROW | {"wheels": 4.0}],
    ],
)
def test_the_pandera_module_refuses_duplicates_gaps_types_and_more_columns(
    module: ModuleType, rows: list[dict[str, Any]]
) -> None:
    from pandera.errors import SchemaErrors

    with pytest.raises(SchemaErrors):
        module.SCHEMAS["Car"].validate(_frame(*rows), lazy=True)


# --- SQL


@pytest.fixture
def database(written: Callable[[str], Path]) -> sqlite3.Connection:
    connection = sqlite3.connect(":memory:")
    connection.executescript(written("sql").read_text(encoding="utf-8"))
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute(
        'INSERT INTO "Car" (mark, the_colour, built, wheels) VALUES ("A", "01", "2001-01-01", 4)'
    )
    connection.execute('INSERT INTO "Car_extras" VALUES ("A", "Towbar"), ("A", "Sunroof")')
    connection.execute('INSERT INTO "Keeper" VALUES ("K", "A")')
    return connection


@pytest.mark.parametrize(
    "statement",
    [
        'INSERT INTO "Car" (mark, the_colour) VALUES ("A", "01")',
        'INSERT INTO "Car" (mark) VALUES ("B")',
        'INSERT INTO "Car" (mark, the_colour, built, wheels) VALUES ("B", "01", "2001-01-01", 4)',
        'INSERT INTO "Car_extras" VALUES ("A", "Towbar")',
        'INSERT INTO "Keeper" VALUES ("L", "B")',
    ],
)
def test_the_tables_refuse_what_is_wrong(database: sqlite3.Connection, statement: str) -> None:
    with pytest.raises(sqlite3.IntegrityError):
        database.execute(statement)


def test_abstract_classes_have_no_table(database: sqlite3.Connection) -> None:
    names = {name for (name,) in database.execute("SELECT name FROM sqlite_master")}
    assert {"Car", "Keeper", "Car_extras", "Car_tags"} <= names
    assert "Thing" not in names


# --- SHACL


def test_the_shapes_say_what_the_slots_demand(written: Callable[[str], Path]) -> None:
    graph = rdflib.Graph().parse(written("shacl"), format="turtle")
    shacl = rdflib.Namespace("http://www.w3.org/ns/shacl#")
    example = rdflib.Namespace("https://example.org/")

    def said(slot: str, what: str) -> list[Any]:
        (shape,) = graph.subjects(shacl.path, example[slot])
        return [value.toPython() for value in graph.objects(shape, shacl[what])]

    shapes = set(graph.subjects(rdflib.RDF.type, shacl.NodeShape))
    assert {example.Car, example.Keeper} <= shapes
    assert example.Thing not in shapes
    assert graph.value(example.Car, shacl.closed).toPython() is True
    assert said("wheels", "minInclusive") == [3]
    assert said("wheels", "maxInclusive") == [8]
    assert said("mark", "pattern") == ["^[A-Z0-9]{1,7}$"]
    assert said("the_colour", "minCount") == [1]
    assert said("extras", "maxCount") == []
    assert said("either", "datatype") == []
    assert said("loose", "in") == []
    (colours,) = graph.objects(next(graph.subjects(shacl.path, example.the_colour)), shacl["in"])
    codes = [str(item) for item in rdflib.collection.Collection(graph, colours)]
    assert codes == ["01", "dark 'blue'", "X|Y", "02"]


# --- CSVW


@pytest.fixture(scope="module")
def csvw(written: Callable[[str], Path]) -> dict[str, Any]:
    data: dict[str, Any] = json.loads(written("csvw").read_text(encoding="utf-8"))
    return data


def test_csvw_metadata_keeps_to_its_rules(csvw: dict[str, Any]) -> None:
    """Of the Metadata Vocabulary: 5.1.1, 5.3, 5.4, 5.5, 5.6 and RFC 6570's names of variables."""
    assert csvw["@context"][0] == "http://www.w3.org/ns/csvw"
    assert [table["url"] for table in csvw["tables"]] == ["Car.csv", "Keeper.csv"]
    common = re.compile(r"(?:dc|schema|rdfs):\w+")
    known = {"name", "titles", "datatype", "required", "separator", "null"}
    for table in csvw["tables"]:
        columns = table["tableSchema"]["columns"]
        names = [column["name"] for column in columns]
        assert len(set(names)) == len(names)
        assert all(re.fullmatch(r"(?!_)(?:[A-Za-z0-9_.]|%[0-9A-F]{2})+", name) for name in names)
        for column in columns:
            assert {key for key in column if not common.fullmatch(key)} <= known
        assert set(table["tableSchema"]["primaryKey"]) <= set(names)
    (link,) = csvw["tables"][1]["tableSchema"]["foreignKeys"]
    assert link == {
        "columnReference": "car",
        "reference": {"resource": "Car.csv", "columnReference": "mark"},
    }


def test_csvw_formats_and_bounds_tell_right_from_wrong(csvw: dict[str, Any]) -> None:
    columns = {column["name"]: column for column in csvw["tables"][0]["tableSchema"]["columns"]}
    colour = re.compile(columns["the_colour"]["datatype"]["format"])
    assert all(map(colour.fullmatch, ["01", "dark 'blue'", "X|Y", "02"]))
    assert not any(map(colour.fullmatch, ["X", "Y", "0", "01 ", "navy"]))
    assert columns["extras"]["separator"] == "|"
    assert columns["wheels"]["datatype"] == {"base": "integer", "minimum": "3", "maximum": "8"}
    assert columns["built"]["datatype"] == {"base": "date", "minimum": "1990-01-01"}
    assert columns["loose"]["datatype"] == "string"


# --- ODCS


def test_the_contract_holds_every_check(written: Callable[[str], Path], fleet: Plan) -> None:
    contract = yaml.safe_load(written("odcs").read_text(encoding="utf-8"))
    # What odcs-json-schema-v3.1.0 requires, and its closed words.
    assert {"apiVersion", "kind", "id", "version", "status"} <= set(contract)
    assert (contract["apiVersion"], contract["kind"]) == ("v3.1.0", "DataContract")
    car, keeper = contract["schema"]
    slots = {part["name"]: part for part in car["properties"]}
    assert slots["mark"]["primaryKey"] is True
    assert slots["wheels"]["logicalTypeOptions"] == {"minimum": 3, "maximum": 8}
    assert slots["built"]["logicalTypeOptions"] == {"minimum": "1990-01-01"}
    assert slots["the_colour"]["quality"][0] == {
        "metric": "invalidValues",
        "arguments": {"validValues": ["01", "dark 'blue'", "X|Y", "02"]},
        "mustBe": 0,
    }
    assert slots["extras"]["items"]["quality"][0]["metric"] == "invalidValues"
    assert "logicalType" not in slots["either"]
    (link,) = keeper["properties"][1]["relationships"]
    assert link == {"type": "foreignKey", "to": "Car.mark"}
    texts = [
        rule
        for part in (car, *car["properties"])
        for rule in part.get("quality", ())
        if rule.get("type") == "text"
    ]
    named = {rule["name"] for rule in texts}
    assert named >= {"fleet.Car.one_a_day", "fleet.Car.sold_cars_have_a_day",
                     "fleet.hint.recommended", "fleet.loose.permissible_value"}  # fmt: skip
    assert {rule["dimension"] for rule in texts} <= {
        "completeness", "conformity", "consistency", "timeliness", "uniqueness"
    }  # fmt: skip
    (hint,) = (rule for rule in texts if rule["name"] == "fleet.hint.recommended")
    assert (hint["severity"], hint["businessImpact"]) == ("warning", "It helps.")


# --- Markdown


def test_markdown_shows_markup_as_text(written: Callable[[str], Path]) -> None:
    text = written("markdown").read_text(encoding="utf-8")
    assert text.startswith("# Fleet \\<b\\>& more\\</b\\>\n")
    assert "| X\\|Y | Other |" in text
    assert "One car \\| and nothing \\*else\\*" in text
    assert "retired on 2024-04-01, now 01" in text
    assert "<script>" not in text
    widths = {
        len(re.split(r"(?<!\\)\|", line))
        for line in text.splitlines()
        if line.startswith("| ") and "dark" in line
    }
    assert widths == {7}
