"""Every code list holds what its source holds: no code lost, none invented."""

from __future__ import annotations

import csv
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from jsonasobj2 import items
from linkml_runtime.utils.schemaview import SchemaView

# Enum: the standard, the file and list of the reference, and which of its columns agencies send.
LISTS = {
    "HairColour": ("person", "hair/hair_colour_lists", "uk-police-pole-hair", "label"),
    "HairStyle": ("person", "hair/hair_length_style_lists", "uk-police-soh-hair-style", "label"),
    "FacialHair": ("person", "hair/facial_hair_lists", "uk-police-soh-facial-hair", "label"),
    "EyeColour": ("person", "hair/eye_colour_lists", "uk-police-pole-eye-left", "label"),
    "EyeColourRight": ("person", "hair/eye_colour_lists", "uk-police-pole-eye-right", "label"),
    "Build": ("person", "hair/build_lists", "uk-police-pole-build", "label"),
    "Complexion": ("person", "hair/complexion_lists", "uk-police-pole-complexion", "label"),
    "DistinguishingFeature": (
        "person", "hair/other_descriptors", "uk-police-pole-distinguishing-feature", "label",
    ),
    "BodyPart": (
        "person", "hair/other_descriptors", "uk-police-soh-distinguishing-feature-location",
        "label",
    ),
    "Eyewear": ("person", "hair/other_descriptors", "uk-police-soh-eyewear", "label"),
    "Handedness": ("person", "hair/other_descriptors", "uk-police-soh-handedness", "label"),
    "Accent": ("person", "hair/other_descriptors", "uk-police-soh-accent", "label"),
    "Speech": ("person", "hair/other_descriptors", "uk-police-soh-speech", "label"),
    "AgeRange": ("person", "hair/other_descriptors", "uk-police-soh-age-range", "label"),
    "Gender": ("person", "person/sex_gender", "uk-police-pole-gender", "label"),
    "EthnicitySelfDefined": ("person", "person/ethnicity", "uk-police-pole-self-defined", "code"),
    "EthnicityObserved": ("person", "person/ethnicity", "uk-police-pole-observed", "code"),
    "VehicleColour": ("vehicle", "vehicle/vehicle_colour_lists", "dvsa-mot-colour", "label"),
    "SecondaryVehicleColour": (
        "vehicle", "vehicle/vehicle_colour_lists", "dvsa-mot-colour", "label",
    ),
    "FuelType": ("vehicle", "vehicle/fuel_types", "dvsa-mot-fuel", "label"),
    "BodyType": ("vehicle", "vehicle/vehicle_body_lists", "dvla-body-type-caz", "label"),
    "VehicleCategory": ("vehicle", "vehicle/vehicle_category", "gb-eu-vehicle-category", "code"),
    "CountryOfRegistration": (
        "vehicle", "vehicle/country_of_registration", "dvsa-country-of-registration", "code",
    ),
    "TaxStatus": ("vehicle", "vehicle/tax_mot_status", "dvla-tax-status", "label"),
    "MotStatus": ("vehicle", "vehicle/tax_mot_status", "dvla-mot-status", "label"),
    "LogicalStatus": ("address", "address/bs7666_codes", "bs7666-logical-status", "code"),
    "Provenance": ("address", "address/bs7666_codes", "bs7666-provenance", "code"),
    "RepresentativePointCode": ("address", "address/bs7666_codes", "bs7666-rpc", "code"),
}  # fmt: skip
MENDED = {("Complexion", "allow"): "Sallow"}
ABSENT = {("VehicleColour", "No other colour")}


def rows_of(reference: Path, name: str) -> list[dict[str, str]]:
    _, file, listed, _ = LISTS[name]
    with (reference / f"{file}.csv").open(encoding="utf-8", newline="") as lines:
        return [
            row
            for row in csv.DictReader(lines)
            if row["list"] == listed and (name, row["label"]) not in ABSENT
        ]


def code_of(name: str, row: dict[str, str]) -> str:
    code = row[LISTS[name][3]]
    return MENDED.get((name, code), code)


def values_of(views: dict[str, SchemaView], name: str) -> dict[str, Any]:
    return dict(views[LISTS[name][0]].get_enum(name).permissible_values)


def test_all_enums_are_held_against_a_list(views: dict[str, SchemaView]) -> None:
    assert {name for view in views.values() for name in view.all_enums(imports=False)} == set(LISTS)


@pytest.mark.parametrize("name", LISTS)
def test_codes_are_those_of_the_source(
    reference: Path, views: dict[str, SchemaView], name: str
) -> None:
    rows = rows_of(reference, name)
    codes = list(values_of(views, name))
    assert len(codes) == len(rows)
    assert codes == [code_of(name, row) for row in rows]


@pytest.mark.parametrize("name", LISTS)
def test_doubt_stays_marked(reference: Path, views: dict[str, SchemaView], name: str) -> None:
    values = values_of(views, name)
    for row in rows_of(reference, name):
        notes = dict(items(values[code_of(name, row)].annotations))
        note = notes["confirmed"].value if "confirmed" in notes else "yes"
        assert note == row["confirmed"], row["label"]


@pytest.mark.parametrize("name", LISTS)
def test_codes_of_labelled_lists_are_aliases(
    reference: Path, views: dict[str, SchemaView], name: str
) -> None:
    values = values_of(views, name)
    for row in rows_of(reference, name):
        code = code_of(name, row)
        if LISTS[name][3] == "label" and row["code"] and row["code"].casefold() != code.casefold():
            assert row["code"] in values[code].aliases


def test_misprint_is_an_alias_of_what_was_meant(views: dict[str, SchemaView]) -> None:
    values = values_of(views, "Complexion")
    assert "allow" not in values
    assert "allow" in values["Sallow"].aliases


def test_code_with_two_meanings_is_no_alias(views: dict[str, SchemaView]) -> None:
    """9 is not specified in CJS data and not applicable in ISO 5218."""
    aliases = Counter(
        alias for value in values_of(views, "Gender").values() for alias in value.aliases
    )
    assert aliases["1"] == aliases["2"] == 1
    assert aliases["9"] == 0


def test_narrower_words_are_no_aliases(views: dict[str, SchemaView]) -> None:
    blue = values_of(views, "VehicleColour")["Blue"]
    assert "Navy" not in blue.aliases
    assert "Navy" in [alias.literal_form for alias in blue.structured_aliases]
