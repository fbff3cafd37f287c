"""Every code list holds what its source holds: no code lost, none invented."""

from __future__ import annotations

import csv
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from jsonasobj2 import items
from linkml_runtime.utils.schemaview import SchemaView

# Enum: the standard, the file of the reference and its list (none where the file is one list), and
# which of its columns agencies send.
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
    "FaceShape": ("person", "hair/other_descriptors", "hmpps-nomis-face-shape", "label"),
    "SideOfBody": ("person", "hair/other_descriptors", "hmpps-nomis-side", "label"),
    "NameType": ("identity", "person/other_person_lists", "cjs-person-name-type", "label"),
    "SexCode": ("identity", "person/sex_gender", "cjs-person-gender", "code"),
    "Gender": ("identity", "person/sex_gender", "uk-police-pole-gender", "label"),
    "EthnicitySelfDefined": ("identity", "person/ethnicity", "uk-police-pole-self-defined", "code"),
    "EthnicityObserved": ("identity", "person/ethnicity", "uk-police-pole-observed", "code"),
    "Ethnicity16Plus1": ("identity", "person/ethnicity", "cjs-16plus1", "code"),
    "Ethnicity18Plus1": ("identity", "person/ethnicity", "uk-police-18plus1", "code"),
    "EthnicityIc": ("identity", "person/ethnicity", "uk-police-ic", "code"),
    "EnglishFluency": (
        "identity", "person/other_person_lists", "uk-police-soh-english-fluency", "label",
    ),
    "Religion": ("identity", "person/religion", "cjs-religion", "label"),
    "MaritalStatus": ("identity", "person/marital_status", "nhs-marital", "code"),
    "Disability": ("identity", "person/disability", "cjs-disability", "code"),
    "DeathVerification": (
        "identity", "person/other_person_lists", "uk-police-pole-death-verification", "label",
    ),
    "IdentifierType": ("identity", "person/other_person_lists", "hmpps-nomis-id-type", "code"),
    "TelephoneType": (
        "identity", "person/other_person_lists", "uk-police-pole-telephone-type", "code",
    ),
    "PreferredContact": ("identity", "person/other_person_lists", "cjs-preferred-contact", "label"),
    "Country": ("nations", "person/countries", "", "code"),
    "Nationality": ("nations", "person/nationality", "uk-police-soh-nationality", "label"),
    "Language": ("nations", "person/languages", "", "code"),
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
    "VehicleMake": ("vehicle", "vehicle/makes_uk", "", "code"),
    "TaxClass": ("vehicle", "vehicle/tax_classes", "dvla-tax-class-caz", "code"),
    "TaxiType": ("vehicle", "vehicle/other_vehicle_lists", "uk-police-soh-taxi-type", "label"),
    "VehicleUsage": (
        "vehicle", "vehicle/other_vehicle_lists", "uk-police-soh-vehicle-usage", "label",
    ),
    "IdentifyingFeature": (
        "vehicle", "vehicle/other_vehicle_lists", "uk-police-soh-identifying-feature", "label",
    ),
    "PostTown": ("gazetteer", "address/post_towns", "", "code"),
    "LocalCustodian": ("gazetteer", "address/local_custodians", "", "code"),
    "PropertyClassification": ("gazetteer", "address/addressbase_classification", "", "code"),
    "AgencyType": (
        "organisation", "organisations/agency_types", "hmpps-nomis-agency-location-type", "label",
    ),
    "CourtType": ("organisation", "organisations/agency_types", "cjs-court-type", "code"),
    "CpsArea": ("organisation", "organisations/cps_areas", "", "label"),
    "PoliceRank": ("organisation", "organisations/police_ranks", "", "code"),
    "YesNo": ("justice", "offence/cjs_codes", "cjs-yes-no", "code"),
    "RemandStatus": ("justice", "offence/cjs_codes", "cjs-remand-status", "code"),
    "OffenceDateMeaning": ("justice", "offence/cjs_codes", "hmcts-offence-date-code", "code"),
    "Initiation": ("court", "offence/cjs_codes", "cjs-initiation", "code"),
    "OffenceCategory": ("court", "offence/cjs_codes", "cjs-offence-category", "code"),
    "OffenceClassification": ("court", "offence/cjs_codes", "cjs-offence-classification", "code"),
    "SummonsType": ("court", "offence/cjs_codes", "cjs-summons-code", "code"),
    "Consent": ("court", "offence/cjs_codes", "cjs-consent", "code"),
    "AlcoholMethod": ("court", "offence/cjs_codes", "hmcts-alcohol-method", "code"),
    "HearingType": ("court", "offence/cjs_codes", "cjs-hearing-type", "code"),
    "DefendantPresent": ("court", "offence/cjs_codes", "cjs-defendant-present", "code"),
    "Plea": ("court", "offence/cjs_codes", "cjs-plea", "code"),
    "Verdict": ("court", "offence/cjs_codes", "cjs-verdict", "code"),
    "ModeOfTrialReason": ("court", "offence/cjs_codes", "cjs-mode-of-trial-reason", "code"),
    "ResultType": ("court", "offence/cjs_codes", "cjs-result-type", "code"),
    "BailStatus": ("court", "offence/cjs_codes", "hmcts-bail-status", "code"),
    "CustodialIndicator": ("court", "offence/cjs_codes", "cjs-custodial-indicator", "code"),
    "DurationUnit": ("court", "offence/cjs_codes", "cjs-duration-unit", "code"),
    "Disqualification": ("court", "offence/cjs_codes", "cjs-disqualification", "code"),
    "CustodyStatus": ("custody", "offence/cjs_codes", "hmcts-custody-status", "code"),
    "CrimeCategory": ("incident", "offence/police_uk_crime_categories", "", "label"),
    "OutcomeCategory": ("incident", "offence/police_uk_outcome_categories", "", "label"),
    "OutcomeGroup": (
        "incident", "offence/home_office_outcomes", "home-office-outcome-group", "label",
    ),
    "IncidentGroup": ("incident", "offence/incident_asb", "nicl-2011-group", "label"),
    "AsbClass": ("incident", "offence/incident_asb", "asb-class", "label"),
    "HateCrime": ("incident", "person/other_person_lists", "uk-police-pole-hate-crime", "label"),
    "Firearm": ("incident", "offence/property_weapon_lists", "uk-police-soh-firearm", "label"),
    "BuildingType": (
        "incident", "offence/property_weapon_lists", "uk-police-soh-building-type", "label",
    ),
    "SearchType": ("stop_search", "offence/stop_search_values", "type", "label"),
    "AgeBand": ("stop_search", "offence/stop_search_values", "age-range", "label"),
    "LegalPower": ("stop_search", "offence/stop_search_values", "legislation", "label"),
    "SearchObject": ("stop_search", "offence/stop_search_values", "object-of-search", "label"),
    "SearchOutcome": ("stop_search", "offence/stop_search_values", "outcome", "label"),
    "LogicalStatus": ("address", "address/bs7666_codes", "bs7666-logical-status", "code"),
    "Provenance": ("address", "address/bs7666_codes", "bs7666-provenance", "code"),
    "RepresentativePointCode": ("address", "address/bs7666_codes", "bs7666-rpc", "code"),
}  # fmt: skip
MENDED = {
    ("Complexion", "allow"): "Sallow",
    ("Firearm", "Antique (Mustket Etc)"): "Antique (Musket etc.)",
    ("LegalPower", "Environmental Protection Act 1990 (section 34B )"): (
        "Environmental Protection Act 1990 (section 34B)"
    ),
}
ABSENT = {
    ("VehicleColour", "No other colour"),
    # What the public interface calls all crime together is no category.
    ("CrimeCategory", "All crime"),
    # How many cells are blank stands among the values of the published files.
    *((name, "") for name in ("AgeBand", "LegalPower", "SearchObject", "SearchOutcome")),
    # The source has these makes twice: the other spelling is the code, this one its alias.
    ("VehicleMake", "F.B MONDIAL"),
    ("VehicleMake", "LAMBORGINI"),
    ("VehicleMake", "M.A.N"),
}
# Codes that the source lacks and another of its lists has, by the label there.
ADDED = {
    "NameType": ("person/other_person_lists", "hmpps-nomis-name-type", "Maiden"),
    "Religion": ("person/religion", "uk-police-soh-religion", "No religion"),
}
# Lists of ours: no source has one.
OURS = {"DatePrecision", "DescribedBy", "LengthOfHair"}
# Lists that test_areas.py holds against several files at once.
SEVERAL_SOURCES = {"PoliceForce", "LocalAuthority", "CommunitySafetyPartnership", "PostcodeType"}
# Lists that test_justice_lists.py holds against their sources, each in its own way.
JUSTICE = {"AsbType", "ForceTactic", "Weapon"}
# Lists whose codes in the reference are the collectors' own.
NAMED_ONLY = {"CpsArea"}


def rows_of(reference: Path, name: str) -> list[dict[str, str]]:
    _, file, listed, _ = LISTS[name]
    rows = [
        row
        for row in _table(reference, file)
        if row.get("list", "") == listed and (name, row["label"]) not in ABSENT
    ]
    if name in ADDED:
        other, other_list, label = ADDED[name]
        rows += [
            row
            for row in _table(reference, other)
            if (row["list"], row["label"]) == (other_list, label)
        ]
    return rows


def _table(reference: Path, file: str) -> list[dict[str, str]]:
    with (reference / f"{file}.csv").open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def code_of(name: str, row: dict[str, str]) -> str:
    code = row[LISTS[name][3]]
    return MENDED.get((name, code), code)


def values_of(views: dict[str, SchemaView], name: str) -> dict[str, Any]:
    return dict(views[LISTS[name][0]].get_enum(name).permissible_values)


def test_all_enums_are_held_against_a_list(views: dict[str, SchemaView]) -> None:
    enums = {name for view in views.values() for name in view.all_enums(imports=False)}
    assert enums - SEVERAL_SOURCES - JUSTICE - OURS == set(LISTS)


def test_lists_of_ours_say_so(views: dict[str, SchemaView]) -> None:
    found = {
        (name, dict(items(value.annotations))["confirmed"].value)
        for view in views.values()
        for name in OURS & set(view.all_enums(imports=False))
        for value in view.get_enum(name).permissible_values.values()
    }
    assert found == {(name, "editorial") for name in OURS}


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
        if name in NAMED_ONLY:
            continue
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
