"""Old versions never move, and a profile extends one without copying it."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from dqcheck import validate
from dqcheck.checks.compare import compare
from dqcheck.checks.lint import lint_rule
from dqcheck.checks.rulebook import open_rulebooks
from dqcheck.standards import open_schema, open_standard
from dqcheck.standards.locate import packaged_names

FROZEN = {
    "rules/versions/address@1.0.0.yaml": "8518bded5f129b54",
    "rules/versions/person@1.0.0.yaml": "2c59709262d15539",
    "rules/versions/vehicle@1.0.0.yaml": "3f8e0f47230122e4",
    "schemas/versions/address@1.0.0.yaml": "d10f945822b70c18",
    "schemas/versions/core@1.0.0.yaml": "046ee72dedace6af",
    "schemas/versions/person@1.0.0.yaml": "0934cfcf45b52c7f",
    "schemas/versions/vehicle@1.0.0.yaml": "60743809424b9a33",
}


def test_frozen_versions_are_what_they_were(checkout: Path) -> None:
    found = {
        file.relative_to(checkout).as_posix(): hashlib.sha256(file.read_bytes()).hexdigest()[:16]
        for folder in ("rules", "schemas")
        for file in sorted((checkout / folder / "versions").glob("*.yaml"))
    }
    assert found == FROZEN


def test_a_pinned_standard_imports_pinned_standards_only(checkout: Path) -> None:
    for file in (checkout / "schemas" / "versions").glob("*.yaml"):
        imports = [
            line.strip("- \n")
            for line in file.read_text(encoding="utf-8").splitlines()
            if line.startswith("  - ")
        ]
        assert imports[0] == "linkml:types"
        assert all("@" in name for name in imports[1:2]), file.name


@pytest.mark.parametrize(
    ("name", "version"), [("person@1", None), ("person@1.0", "1.0.0"), ("person@1.0.0", "1.0.0")]
)
def test_a_version_may_be_cut_short(name: str, version: str | None) -> None:
    assert open_standard(name).version == (version or packaged_names()["person"][0])


ROWS = [
    {"record_id": "1", "gender": "Male", "hair_colour": "Black", "team": "RT04"},
    {"record_id": "2", "gender": "Male", "hair_colour": "Multi", "team": "RT04"},
    {"record_id": "3", "gender": "Male", "hair_colour": "Grey", "team": "4"},
    {"record_id": "4", "gender": "Male", "hair_colour": "Grey", "date_of_birth": "2071-01-01"},
    {"record_id": "5", "gender": "Male", "hair_colour": "Grey", "described_on": "2026-01-01"},
]


def test_a_profile_narrows_a_list_adds_a_slot_and_keeps_the_rules(checkout: Path) -> None:
    profile = checkout / "examples" / "profiles" / "northfolk_person.yaml"
    rules = checkout / "examples" / "profiles" / "northfolk_person_rules.yaml"
    found = validate(ROWS, schema=profile, rules=[rules]).findings
    failing = set(zip(found["check_id"], found["row"] - 1, strict=True))
    expected = {
        ("northfolk_person.hair_colour.permissible_value", 2),
        ("northfolk_person.team.pattern", 3),
        ("northfolk_person.date_of_birth.not_in_future", 4),
        ("northfolk_person.team.known_where_described", 5),
    }
    assert expected <= failing
    narrowed = {value.code for value in open_schema(profile).enums["NorthfolkHairColour"].values}
    whole = {value.code for value in open_standard("person@1.0.0").enums["HairColour"].values}
    assert whole - narrowed == {"Multi", "Other"}


def test_a_profile_is_compared_with_what_it_extends(checkout: Path) -> None:
    profile = open_schema(checkout / "examples" / "profiles" / "northfolk_person.yaml")
    changes = compare(open_standard("person@1.0.0"), profile)
    breaking = {(one.what, one.place) for one in changes if one.breaks_producers}
    assert breaking == {
        ("narrowed", "hair_colour.required"),
        ("narrowed", "hair_colour.permissible_value"),
    }


def test_the_rules_of_what_is_imported_hold_unasked(checkout: Path) -> None:
    profile = checkout / "examples" / "profiles" / "northfolk_person.yaml"
    found = validate(ROWS, schema=profile).findings
    failing = set(zip(found["check_id"], found["row"] - 1, strict=True))
    assert ("northfolk_person.date_of_birth.not_in_future", 4) in failing


def test_the_rules_of_the_profile_pass_their_own_rows(checkout: Path) -> None:
    rules = checkout / "examples" / "profiles" / "northfolk_person_rules.yaml"
    (book,) = open_rulebooks(
        [rules], lambda _: open_schema(checkout / "examples" / "profiles" / "northfolk_person.yaml")
    )
    assert [item for use in book.uses for item in lint_rule(use)] == []
