"""Lists of areas and of the gazetteer hold what several files of the reference say together."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonasobj2 import items
from linkml_runtime.utils.schemaview import SchemaView

from dqcheck.model import Severity
from dqcheck.standards import open_standard
from dqcheck.standards.plan import ClassPlan, Plan

ROOT = Path(__file__).resolve().parents[3]


def rows_of(reference: Path, name: str) -> list[dict[str, str]]:
    with (reference / f"{name}.csv").open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def values_of(views: dict[str, SchemaView], standard: str, enum: str) -> dict[str, Any]:
    return dict(views[standard].get_enum(enum).permissible_values)


def note(value: Any, tag: str) -> str:
    notes = dict(items(value.annotations))
    return str(notes[tag].value) if tag in notes else ""


def test_every_force_of_the_source_has_its_code(
    reference: Path, views: dict[str, SchemaView]
) -> None:
    forces = values_of(views, "areas", "PoliceForce")
    rows = rows_of(reference, "organisations/police_forces")
    assert len(forces) == len(rows) == 51
    for row in rows:
        pseudo = "N99999999" if "N99999999" in row["notes"] else row["label"]
        force = forces[row["code"] or pseudo]
        assert force.title == row["label"]
        assert (note(force, "confirmed") or "yes") == row["confirmed"]
        if row["police_uk_id"]:
            said = {alias.casefold() for alias in (*force.aliases, force.title)}
            assert row["police_uk_id"] in said


def test_a_number_of_two_systems_is_no_alias_of_a_force(views: dict[str, SchemaView]) -> None:
    """99 is Police Scotland in STATS19 and the Criminal Records Office in court test data."""
    forces = values_of(views, "areas", "PoliceForce").values()
    assert "99" not in [alias for force in forces for alias in force.aliases]


def test_councils_are_those_of_the_sources(reference: Path, views: dict[str, SchemaView]) -> None:
    councils = values_of(views, "areas", "LocalAuthority")
    rows = [row for row in rows_of(reference, "address/local_authorities") if row["code"]]
    former = {code for row in rows for code in row["former_gss"].split(",") if code}
    # Barnsley and Sheffield: one source has the old code of each, one both.
    renewed = {"E08000038", "E08000039"}
    assert set(councils) == {row["code"] for row in rows} | former | renewed
    districts = {
        row["code"]
        for row in rows_of(reference, "address/gss_areas")
        if row["kind"] in ("district", "county") and row["notes"] != "pseudo code"
    }
    assert districts <= set(councils)
    abolished = {row["code"] for row in rows if row["current"] == "False"}
    recoded = {"E08000016", "E08000019"}
    assert {code for code, one in councils.items() if one.deprecated} == (
        abolished | former | recoded
    )


def test_a_retired_council_names_the_one_that_holds_its_area(
    reference: Path, views: dict[str, SchemaView]
) -> None:
    councils = values_of(views, "areas", "LocalAuthority")
    rows = {row["code"]: row for row in rows_of(reference, "address/local_authorities")}
    short = {row["three_letter_code"]: code for code, row in rows.items() if code}
    for code, council in councils.items():
        successor = note(council, "replaced_by")
        if successor:
            assert not councils[successor].deprecated, code
        if code in rows and council.deprecated:
            assert note(council, "retired_on") == rows[code]["end_date"], code
            named = [short[one] for one in rows[code]["replaced_by"].split(",") if one]
            # What was divided has no single successor.
            assert bool(successor) == (len(named) < 2), code
    # Taunton Deane became Somerset West and Taunton, which became Somerset.
    assert note(councils["E07000190"], "replaced_by") == "E06000066"


def test_partnerships_are_those_of_december_2016(
    reference: Path, views: dict[str, SchemaView]
) -> None:
    rows = rows_of(reference, "organisations/community_safety_partnerships")
    partnerships = values_of(views, "areas", "CommunitySafetyPartnership")
    assert {code: one.title for code, one in partnerships.items()} == {
        row["code"]: row["label"] for row in rows
    }
    assert all(note(one, "confirmed") == "single-source" for one in partnerships.values())


def test_postcode_types_are_those_of_the_source(
    reference: Path, views: dict[str, SchemaView]
) -> None:
    (row,) = [
        row for row in rows_of(reference, "address/paf_fields") if row["code"] == "postcode_type"
    ]
    said = {
        f"{code} {one.title.lower()}"
        for code, one in values_of(views, "gazetteer", "PostcodeType").items()
    }
    assert said == {"S small user", "L large user"}
    assert all(one in row["label"] for one in said)


def test_classification_is_a_tree(reference: Path, views: dict[str, SchemaView]) -> None:
    values = values_of(views, "gazetteer", "PropertyClassification")
    for row in rows_of(reference, "address/addressbase_classification"):
        value = values[row["code"]]
        assert (value.is_a in values) == (row["level"] != "primary"), row["code"]
        assert row["parent"].startswith(value.is_a or ""), row["code"]


def violations_of(plan: ClassPlan, slots: set[str]) -> set[str]:
    return {
        check.id
        for check in plan.checks
        if check.severity is Severity.VIOLATION and set(check.slots) <= slots
    }


@pytest.mark.parametrize(
    ("standard", "class_name"), [("vehicle", "Vehicle"), ("address", "Address")]
)
def test_what_the_first_version_accepts_is_accepted(standard: str, class_name: str) -> None:
    """A violation on slots of 1.0.0 was one in 1.0.0, by its schema or its rules."""
    old, new = open_standard(f"{standard}@1.0.0"), open_standard(standard)
    before, after = old.classes[class_name], new.classes[class_name]
    slots = {slot.name for slot in before.slots}
    assert slots <= {slot.name for slot in after.slots}
    document = yaml.safe_load(
        (ROOT / "rules" / "versions" / f"{standard}@1.0.0.yaml").read_text("utf-8")
    )
    known = violations_of(before, slots) | {
        rule["id"] for rule in document["rules"] if rule["severity"] == "violation"
    }
    assert violations_of(after, slots) <= known
    for slot in before.slots:
        if slot.enum:
            now = after.slot(slot.name)
            assert now is not None
            assert now.enum is not None
            assert codes_of(old, slot.enum) <= codes_of(new, now.enum), slot.name


def codes_of(plan: Plan, enum: str) -> set[str]:
    return {value.code for value in plan.enums[enum].values}


def test_headers_keep_their_slots() -> None:
    for standard, class_name in (("vehicle", "Vehicle"), ("address", "Address")):
        old, new = open_standard(f"{standard}@1.0.0"), open_standard(standard)
        for slot in old.classes[class_name].slots:
            now = new.classes[class_name].slot(slot.name)
            assert now is not None
            assert set(slot.aliases) <= set(now.aliases), slot.name


def test_a_vin_in_two_records_is_a_warning() -> None:
    keys = {key.id: key for key in open_standard("vehicle").classes["Vehicle"].keys}
    assert keys["vehicle.Vehicle.one_record_a_vin"].severity is Severity.WARNING
    assert keys["vehicle.Vehicle.one_record_a_vin"].title == "A VIN must stand in one record only"
    assert keys["vehicle.record_id.unique"].severity is Severity.VIOLATION
