"""Who a person is: what 1.1.0 of person owes 1.0.0, and the conflicts that are kept."""

from __future__ import annotations

import csv
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from dqcheck import readers
from dqcheck.checks.rules import packaged_rules
from dqcheck.expressions.evaluate import build
from dqcheck.model import Severity
from dqcheck.standards import open_standard
from dqcheck.standards.choose import choose_class
from dqcheck.standards.plan import ClassPlan, Plan
from dqcheck.validation import bind

LEAST = {"record_id": "1", "gender": "Male"}


@pytest.fixture(scope="module")
def identity() -> Plan:
    return open_standard("identity")


@pytest.fixture(scope="module")
def person() -> Plan:
    return open_standard("person")


@pytest.fixture(scope="module")
def old() -> ClassPlan:
    return open_standard("person@1.0.0").classes["Person"]


@pytest.mark.parametrize(
    ("class_name", "row", "broken"),
    [
        ("IdentifiedPerson", {"ethnicity_18_plus_1": "O1"},
         ["identity.ethnicity_18_plus_1.permissible_value"]),
        ("IdentifiedPerson", {"ethnicity_16_plus_1": "A4"},
         ["identity.ethnicity_16_plus_1.permissible_value"]),
        ("IdentifiedPerson", {"ethnicity_ic": "7"},
         ["identity.ethnicity_ic.permissible_value"]),
        ("IdentifiedPerson", {"nationality": "British|Martian"},
         ["identity.nationality.permissible_value"]),
        ("IdentifiedPerson", {"preferred_language": "pl"},
         ["identity.preferred_language.permissible_value"]),
        ("IdentifiedPerson", {"gender": ""}, ["identity.gender.required"]),
        ("KnownName", {"person_id": "1", "name_type": "Alias"},
         ["identity.KnownName.a_name_has_something_in_it"]),
        ("PersonContact", {"person_id": "1"},
         ["identity.PersonContact.a_contact_has_something_in_it"]),
        ("PersonIdentifier", {"person_id": "1", "identifier_type": "PNC"},
         ["identity.identifier_value.required"]),
        ("IdentifiedPerson", {"ethnicity_16_plus_1": "O1", "ethnicity_18_plus_1": "A4",
                              "ethnicity_ic": "IC7", "nationality": "British|Irish"}, []),
        ("KnownName", {"person_id": "1", "name_type": "Alias", "full_name": "Sparky"}, []),
        ("PersonContact", {"person_id": "1", "telephone_number": "+447700900123"}, []),
    ],
)  # fmt: skip
def test_violations(
    identity: Plan,
    violations: Callable[..., list[str]],
    class_name: str,
    row: dict[str, Any],
    broken: list[str],
) -> None:
    cells = {**LEAST, **row} if class_name == "IdentifiedPerson" else {"record_id": "1", **row}
    text = f"{','.join(cells)}\n{','.join(cells.values())}\n"
    assert violations(identity, class_name, text) == broken


def test_a_standard_that_builds_on_another_has_its_own_root(identity: Plan, person: Plan) -> None:
    assert choose_class(identity, None).name == "IdentifiedPerson"
    assert choose_class(person, None).name == "Person"


def test_slots_of_1_0_are_as_they_were(old: ClassPlan, person: Plan) -> None:
    # An example may be mended: it asks for nothing.
    new = {slot.name: replace(slot, examples=()) for slot in person.classes["Person"].slots}
    assert [s for s in old.slots if new.get(s.name) != replace(s, examples=())] == []


def test_checks_of_1_0_are_as_they_were(old: ClassPlan, person: Plan) -> None:
    new = {check.id: check for check in person.classes["Person"].checks}
    for check in old.checks:
        kept = new[check.id]
        assert (kept.expression, kept.applies, kept.severity) == (
            check.expression, check.applies, check.severity,
        )  # fmt: skip


def test_slots_of_1_0_are_asked_for_nothing_new(old: ClassPlan, person: Plan) -> None:
    """Two check letters were rules in 1.0.0 and are checks of the schema now."""
    before = {check.id for check in old.checks}
    before |= set(packaged_rules(open_standard("person@1.0.0"))["Person"].ids)
    plan = person.classes["Person"]
    rules = packaged_rules(person)["Person"].checks
    slots = {slot.name for slot in old.slots}
    violations = {
        check.id
        for check in (*plan.checks, *rules)
        if check.severity is Severity.VIOLATION and slots.issuperset(check.slots)
    }
    assert violations <= before
    assert all(key.severity is Severity.WARNING for key in plan.keys if not key.primary)


def test_new_slots_take_no_header_of_1_0(old: ClassPlan, person: Plan) -> None:
    known = {word.casefold() for slot in old.slots for word in (slot.name, *slot.aliases)}
    names = {slot.name for slot in old.slots}
    for slot in person.classes["Person"].slots:
        if slot.name not in names:
            assert not known & {word.casefold() for word in (slot.name, *slot.aliases)}, slot.name


def test_marks_and_names_refer_to_the_person(identity: Plan, person: Plan) -> None:
    (reference,) = identity.classes["KnownName"].references
    assert (reference.target_class, reference.target_slot) == ("IdentifiedPerson", "record_id")
    assert "IdentifiedPerson" in person.classes["Person"].ancestors
    (reference,) = person.classes["PersonMark"].references
    assert (reference.target_class, reference.target_slot) == ("Person", "record_id")


def test_rule_of_two_ethnicities_is_the_crosswalk(reference: Path, identity: Plan) -> None:
    """All links of the reference between 16+1 and 18+1 pass, as do those from POLE's numbers."""
    columns = {"cjs-16plus1": "ethnicity_16_plus_1", "uk-police-18plus1": "ethnicity_18_plus_1",
               "uk-police-pole-self-defined": "ethnicity_self_defined"}  # fmt: skip
    with (reference / "person" / "ethnicity_crosswalk.csv").open(encoding="utf-8") as lines:
        links = [
            {columns[row["from_list"]]: row["from_code"], columns[row["to_list"]]: row["to_code"]}
            for row in csv.DictReader(lines)
            if row["from_list"] in columns and row["to_list"] in columns
        ]
    assert len(links) == 40
    rules = {check.id: check for check in packaged_rules(identity)["IdentifiedPerson"].checks}
    class_plan = identity.classes["IdentifiedPerson"]
    export = readers.read_records(links, "links")
    bound = bind(export, class_plan, as_of=date(2026, 11, 22))
    for name in ("agrees_with_16_plus_1", "agrees_with_number"):
        check = rules[f"identity.ethnicity_18_plus_1.{name}"]
        found = bound.frame.select(holds=build(check.expression, bound.context)).collect()
        assert False not in found["holds"].to_list()
        assert True in found["holds"].to_list()
