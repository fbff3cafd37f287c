"""The national minimum: every entity asks for what was collected of it, and for no more."""

from __future__ import annotations

import csv
import re
from pathlib import Path

import polars as pl
import pytest

from dqcheck.standards import open_standard
from dqcheck.standards.plan import ClassPlan, Plan

UNREAD = {"O_002", "L_005"}
# 001, a date of any kind, is part of no entity; 120, Age, is missing among the attributes.
UNUSED, UNDEFINED = {"001"}, {"120"}
# Mended, as docs/pole.md says: other lengths than the dictionary's.
MENDED = {"011", "014", "015", "093", "094", "095", "108"}

# Lists with values of the dictionary that are longer than the dictionary allows.
LONGER = {"075", "107"}


@pytest.fixture(scope="module")
def plan() -> Plan:
    return open_standard("pole")


@pytest.fixture(scope="module")
def slots() -> dict[str, str]:
    """Return the slot of each attribute, as the manual says."""
    manual = Path(__file__).resolve().parents[3] / "docs" / "pole.md"
    rows = re.findall(r"^\| (\d{3}) \| [^|]+ \| `(\w+)` \|", manual.read_text("utf-8"), re.M)
    assert len({slot for _, slot in rows}) == len(rows)
    return dict(rows)


def read(reference: Path, name: str) -> list[dict[str, str]]:
    with (reference / "pole" / f"{name}.csv").open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def slots_named(entity: ClassPlan, kind: str) -> set[str]:
    return {slot.name for slot in entity.slots if getattr(slot, kind)} - {
        "record_id", "agency", "source_system", "recorded_at",
    }  # fmt: skip


def test_every_entity_is_a_class(reference: Path, plan: Plan) -> None:
    collected = {row["code"]: row["label"] for row in read(reference, "entity_minimum")}
    concrete = {one.name: one.title for one in plan.classes.values() if not one.abstract}
    assert {name: concrete[name] for name in collected} == collected
    assert concrete.keys() - collected.keys() == UNREAD


def test_what_could_not_be_read_is_not_checked(plan: Plan) -> None:
    unproven = {
        one.name for one in plan.classes.values() if any(item.mandatory for item in one.not_checked)
    }
    assert unproven == UNREAD


def test_every_attribute_has_a_slot(reference: Path, slots: dict[str, str], plan: Plan) -> None:
    collected = {row["code"] for row in read(reference, "attributes")}
    assert slots.keys() == (collected | UNDEFINED) - UNUSED
    held = {slot.name for one in plan.classes.values() for slot in one.slots}
    assert set(slots.values()) <= held


def test_mandatory_attributes_are_demanded(
    reference: Path, slots: dict[str, str], plan: Plan
) -> None:
    demanded: dict[str, set[str]] = {}
    recommended: dict[str, set[str]] = {}
    for row in read(reference, "entity_minimum"):
        if row["rule"] == "mandatory" and "|" not in row["attribute"]:
            demanded.setdefault(row["code"], set()).add(slots[row["attribute"]])
        if row["rule"] == "recommended":
            recommended.setdefault(row["code"], set()).add(slots[row["attribute"]])
    for name, entity in plan.classes.items():
        if entity.abstract:
            continue
        # Where a list is too incomplete to fail a feed, a rule demands that the slot is filled.
        ruled = {
            check.slot
            for check in entity.checks
            if check.id.startswith(f"pole.{name}.") and check.expression[0] == "present"
        }
        assert all(
            check.severity == "violation"
            for check in entity.checks
            if check.id.endswith((".required", "_is_given"))
        )
        assert slots_named(entity, "required") <= demanded.get(name, set())
        assert demanded.get(name, set()) <= slots_named(entity, "required") | ruled
        assert slots_named(entity, "recommended") == recommended.get(name, set())


def find_groups(entity: ClassPlan) -> list[set[str]]:
    return [set(check.slots) for check in entity.checks if check.id.endswith("_is_given")]


def test_one_of_several_is_demanded(reference: Path, slots: dict[str, str], plan: Plan) -> None:
    groups: dict[tuple[str, str], set[str]] = {}
    for row in read(reference, "entity_minimum"):
        numbers = row["attribute"].split("|")
        # The dictionary prints Location - Area under the number of the country.
        if row["attribute_name"].endswith("Area"):
            numbers = ["016"]
        if row["rule"] == "at least one":
            key = (row["code"], "one")
        elif row["rule"] == "mandatory" and len(numbers) > 1:
            key = (row["code"], row["attribute_name"])
        else:
            continue
        groups.setdefault(key, set()).update(slots[number] for number in numbers)
    for (name, _), group in groups.items():
        assert group in find_groups(plan.classes[name]), (name, group)


def test_lengths_are_those_of_the_dictionary(
    reference: Path, slots: dict[str, str], plan: Plan
) -> None:
    """Where a slot is text, its patterns refuse what is longer, and bare lengths are equal."""
    held = {slot.name: slot for one in plan.classes.values() for slot in one.slots}
    checks = {check.id: check.expression for one in plan.classes.values() for check in one.checks}
    over = set()
    for row in read(reference, "attributes"):
        code = row["code"]
        if code in UNUSED | MENDED or row["max"] == "N/A":
            continue
        slot, longest = held[slots[code]], int(row["max"])
        patterns = [
            tree[2]
            for check_id, tree in checks.items()
            if check_id.startswith(f"pole.{slot.name}.pattern") and tree[0] == "matches"
        ]
        if slot.enum:
            if any(len(value.code) > longest for value in plan.enums[slot.enum].values):
                over.add(code)
        elif patterns:
            too_long = pl.Series(["a" * (longest + 1)])
            assert not all(too_long.str.contains(pattern).item() for pattern in patterns), code
            bare = [re.fullmatch(r"\^\.\{\d+,(\d+)\}\$", pattern) for pattern in patterns]
            assert {int(match[1]) for match in bare if match} <= {longest}, code
        else:
            assert slot.type in {"date", "integer"}, code
    assert over == LONGER
