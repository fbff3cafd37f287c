"""The lists of other systems: as many codes as were collected, and every list documented."""

from __future__ import annotations

import csv
import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from linkml.linter.linter import Linter

from dqcheck.standards import list_code_lists, open_code_list

ROOT = Path(__file__).resolve().parents[3]
FILES = [
    file
    for file in sorted((ROOT / "schemas" / "lists").glob("*.yaml"))
    if file.stem != "home_office_offences"
]
# The collected lists that a packaged standard holds with the very codes that are sent.
OURS = {
    "cjs-16plus1": "Ethnicity16Plus1",
    "cjs-disability": "Disability",
    "cjs-person-gender": "SexCode",
    "cjs-preferred-contact": "PreferredContact",
    "dvla-body-type-caz": "BodyType",
    "dvla-mot-status": "MotStatus",
    "dvla-tax-class-caz": "TaxClass",
    "dvla-tax-status": "TaxStatus",
    "dvsa-country-of-registration": "CountryOfRegistration",
    "gb-eu-vehicle-category": "VehicleCategory",
    "hmpps-nomis-id-type": "IdentifierType",
    "iso-5218": "SexCode",
    "nhs-marital": "MaritalStatus",
    "uk-police-18plus1": "Ethnicity18Plus1",
    "uk-police-ic": "EthnicityIc",
    "uk-police-pole-build": "Build",
    "uk-police-pole-complexion": "Complexion",
    "uk-police-pole-death-verification": "DeathVerification",
    "uk-police-pole-distinguishing-feature": "DistinguishingFeature",
    "uk-police-pole-eye-left": "EyeColour",
    "uk-police-pole-eye-right": "EyeColourRight",
    "uk-police-pole-gender": "Gender",
    "uk-police-pole-hair": "HairColour",
    "uk-police-pole-hate-crime": "HateCrime",
    "uk-police-pole-observed": "EthnicityObserved",
    "uk-police-pole-self-defined": "EthnicitySelfDefined",
    "uk-police-pole-telephone-type": "TelephoneType",
}
# Mended here: the misprint "allow" of the source is Sallow.
MENDED = {"Complexion": {"allow": "Sallow"}}
CONFIRMED = {"yes": None, "single-source": "single-source", "unconfirmed": "unconfirmed"}


def enums() -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = {}
    for file in FILES:
        schema = yaml.load(file.read_text(encoding="utf-8"), yaml.CBaseLoader)
        assert not found.keys() & schema["enums"].keys()
        found |= schema["enums"]
    return found


ENUMS = enums()


@pytest.fixture(scope="module")
def collected(reference: Path) -> dict[str, dict[str, dict[str, str]]]:
    """Return the collected rows by list and code; the first of rows that share a code."""
    found: dict[str, dict[str, dict[str, str]]] = {}
    paths = [
        *sorted(reference.glob("hair/*_lists.csv")),
        reference / "hair" / "other_descriptors.csv",
        *sorted(reference.glob("vehicle/*.csv")),
        *sorted(reference.glob("person/*.csv")),
    ]
    alone = {"makes_ncic": "ncic-vma", "makes_uk_police": "uk-police-soh-vehicle-make"}
    for path in paths:
        with path.open(encoding="utf-8", newline="") as lines:
            for row in csv.DictReader(lines):
                name = row.get("list") or alone.get(path.stem, "")
                if path.stem == "nationality_crosswalk" and row["from_list"].startswith("hmpps"):
                    name = row["from_list"]
                    row |= {"code": row["from_code"], "label": row["from_label"]}
                # DVSA's empty code says that there is no second colour.
                if name and row["code"]:
                    found.setdefault(name, {}).setdefault(row["code"], row)
    return found


def test_every_collected_list_is_packaged(
    collected: dict[str, dict[str, dict[str, str]]],
) -> None:
    listed = {enum["annotations"]["collected_as"] for enum in ENUMS.values()}
    assert listed | OURS.keys() == collected.keys()
    assert not listed & OURS.keys()


@pytest.mark.parametrize("name", sorted(ENUMS))
def test_codes_are_those_collected(
    collected: dict[str, dict[str, dict[str, str]]], name: str
) -> None:
    rows = collected[ENUMS[name]["annotations"]["collected_as"]]
    values = ENUMS[name]["permissible_values"]
    assert list(values) == list(rows)
    for code, row in rows.items():
        # The label of a mapping of incoming texts is the code it means, not its title.
        label = code if row.get("list", "").startswith("hmpps-map-") else row["label"] or code
        assert values[code]["title"] == label, code
        stated = values[code].get("annotations", {}).get("confirmed")
        assert stated == CONFIRMED[row["confirmed"]], code
        assert ("deprecated" in values[code]) == (row.get("status") in {"inactive", "historic"})


@pytest.mark.parametrize(("listed", "name"), sorted(OURS.items()))
def test_lists_that_are_not_repeated_are_our_own(
    collected: dict[str, dict[str, dict[str, str]]], listed: str, name: str
) -> None:
    codes = {value.code for value in open_code_list(name).values}
    # Where the collected codes are the collectors' own, the standard sends the names.
    part = "label" if name == "BodyType" else "code"
    mended = MENDED.get(name, {})
    assert {mended.get(row[part], row[part]) for row in collected[listed].values()} == codes


@pytest.mark.parametrize("name", sorted(ENUMS))
def test_every_list_says_where_it_is_from(name: str) -> None:
    enum = ENUMS[name]
    assert enum["title"]
    assert enum["description"]
    assert set(enum["annotations"]) == {"source", "owner", "licence", "collected_as"}
    assert all(enum["annotations"].values())


@pytest.mark.parametrize("name", sorted(ENUMS))
def test_codes_for_unknown_are_marked(name: str) -> None:
    words = {"unknown", "not known", "not stated", "not specified", "prefer not to say", "refused"}
    for code, value in ENUMS[name]["permissible_values"].items():
        if value["title"].casefold() in words:
            assert value["annotations"]["role"] == "default", code


def test_the_manual_counts_right() -> None:
    manual = (ROOT / "docs" / "crosswalks.md").read_text("utf-8")
    stated = re.findall(r"^\| `(\w+)` \| [^|]+ \| (\d+) \| ([\d,]+) \|", manual, re.M)
    counted: dict[str, list[int]] = {}
    for info in list_code_lists():
        counted.setdefault(info.file, []).append(info.codes)
    assert {file: (int(lists), int(codes.replace(",", ""))) for file, lists, codes in stated} == {
        file: (len(codes), sum(codes)) for file, codes in counted.items()
    }


def test_lists_ship_as_they_are_written() -> None:
    shipped = {info.name: info.codes for info in list_code_lists()}
    written = {name: len(enum["permissible_values"]) for name, enum in ENUMS.items()}
    assert written.items() <= shipped.items()


# One list of 9,524 makes takes the linter long, and is written like the others.
@pytest.mark.parametrize(
    "file", [file for file in FILES if file.stem != "ncic_makes"], ids=lambda file: file.stem
)
def test_linkml_lint_finds_nothing(file: Path) -> None:
    config = yaml.safe_load((Path(__file__).parent / "linkml-lint.yaml").read_text("utf-8"))
    assert [problem.message for problem in Linter(config).lint(str(file))] == []
