"""Lists of incidents, custody and offences that differ from their source, each in a stated way."""

from __future__ import annotations

import csv
import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonasobj2 import items
from linkml.linter.linter import Linter
from linkml_runtime.utils.schemaview import SchemaView

ROOT = Path(__file__).resolve().parents[3]
OFFENCES = ROOT / "schemas" / "lists" / "home_office_offences.yaml"


def rows_of(reference: Path, file: str, listed: str | None = None) -> list[dict[str, str]]:
    with (reference / f"{file}.csv").open(encoding="utf-8", newline="") as lines:
        return [row for row in csv.DictReader(lines) if listed in (None, row.get("list"))]


def notes_of(value: Any) -> dict[str, str]:
    return {str(tag): str(note.value) for tag, note in items(value.annotations)}


@pytest.fixture(scope="module")
def offences() -> SchemaView:
    return SchemaView(str(OFFENCES))


def test_offence_codes_are_those_of_the_source(reference: Path, offences: SchemaView) -> None:
    rows = rows_of(reference, "offence/home_office_codes")
    values = offences.get_enum("HomeOfficeOffence").permissible_values
    assert [(code, value.title, value.is_a) for code, value in values.items()] == [
        (row["code"], row["label"], row["group"]) for row in rows
    ]
    assert {notes_of(value)["confirmed"] for value in values.values()} == {"single-source"}
    assert {row["confirmed"] for row in rows} == {"single-source"}


def test_every_offence_code_has_its_shape_and_a_group(offences: SchemaView) -> None:
    groups = offences.get_enum("HomeOfficeOffenceGroup").permissible_values
    for code, value in offences.get_enum("HomeOfficeOffence").permissible_values.items():
        assert re.fullmatch(r"\d{3}/\d{2}", code)
        assert value.title
        assert value.is_a in groups


def test_linkml_lint_finds_nothing_in_the_offence_codes() -> None:
    config = yaml.safe_load((Path(__file__).parent / "linkml-lint.yaml").read_text("utf-8"))
    assert [problem.message for problem in Linter(config).lint(str(OFFENCES))] == []


def test_types_of_before_2011_are_retired(reference: Path, views: dict[str, SchemaView]) -> None:
    values = views["incident"].get_enum("AsbType").permissible_values
    today = [row["label"] for row in rows_of(reference, "offence/incident_asb", "asb-type-pole")]
    before = [
        row["label"]
        for row in rows_of(reference, "offence/incident_asb", "asb-type-pre-2011")
        if row["label"] not in today
    ]
    assert [code for code, value in values.items() if not value.deprecated] == today
    assert [code for code, value in values.items() if value.deprecated] == before
    links = {code: notes_of(values[code]).get("replaced_by") for code in before}
    assert {new for new in links.values() if new} <= set(today)
    assert links["Noise nuisance"] == "Nuisance noise"


def test_weapons_that_ran_together_are_two(reference: Path, views: dict[str, SchemaView]) -> None:
    values = views["incident"].get_enum("Weapon").permissible_values
    rows = rows_of(reference, "offence/property_weapon_lists", "uk-police-soh-weapon")
    assert list(values) == [word for row in rows for word in row["label"].split(" | ")]
    whole = [row for row in rows if " | " not in row["label"]]
    assert len(rows) - len(whole) == 1
    for row in whole:
        assert values[row["label"]].aliases == [row["code"]]


def test_sums_of_the_force_tables_are_the_broader_tactics(
    reference: Path, views: dict[str, SchemaView]
) -> None:
    values = views["custody"].get_enum("ForceTactic").permissible_values
    rows = rows_of(reference, "synonyms/use_of_force_labels")
    labels = [row["label"].removeprefix("Total: ").casefold() for row in rows]
    assert [code.casefold() for code in values] == [label for label in labels if label != "all"]
    broader = {value.is_a for value in values.values() if value.is_a}
    assert broader <= set(values)
    sums = {row["label"].removeprefix("Total: ") for row in rows if "Total: " in row["label"]}
    assert broader <= sums


def test_no_code_holds_the_delimiter_of_its_cell(views: dict[str, SchemaView]) -> None:
    """A code with a bar in it can't stand in a cell that holds several codes."""
    for name in ("incident", "custody", "court", "stop_search"):
        view = views[name]
        for slot in view.all_slots().values():
            enum = view.all_enums().get(slot.range)
            if slot.multivalued and enum is not None:
                assert not [code for code in enum.permissible_values if "|" in code], slot.name
