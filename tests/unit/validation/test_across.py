"""What the exports of one run say of each other."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from dqcheck.assess import Assessment, Options, Target, assess
from dqcheck.model import Measurement, Outcome, Spread
from dqcheck.results import Level, UniqueWithin

SCHEMA = """
id: https://example.org/fleet
name: fleet
prefixes: {linkml: "https://w3id.org/linkml/", ex: "https://example.org/"}
default_prefix: ex
default_range: string
imports: ["linkml:types"]
classes:
  Record:
    abstract: true
    attributes:
      id: {identifier: true}
  Vehicle:
    is_a: Record
    attributes:
      first_registered: {range: date}
      fleet_number: {range: integer}
    unique_keys:
      number: {unique_key_slots: [fleet_number]}
  Van: {is_a: Vehicle}
  Bus: {is_a: Vehicle}
  Keeper:
    is_a: Record
    attributes:
      vehicle: {}
      since: {range: date}
      country: {}
"""
RULES = """
dqcheck_rules: "1"
standard: fleet
rules:
  - id: fleet.vehicle.known
    title: The vehicle of a British keeper is known
    dimension: consistency
    severity: violation
    exists_in: Vehicle.id
    when: country == "GB"
    tolerance: {share: 0.5}
  - id: fleet.vehicle.numbered
    title: The vehicle is a number of the fleet
    dimension: consistency
    severity: info
    exists_in: Vehicle.fleet_number
  - id: fleet.since.not_before_vehicle
    title: Nobody keeps a vehicle before it is registered
    dimension: consistency
    severity: violation
    refers_to: {car: {class: Vehicle, by: vehicle}}
    expect: since >= car.first_registered or car.first_registered is missing
    when: vehicle is present
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "fleet.yaml").write_text(SCHEMA, encoding="utf-8")
    (tmp_path / "rules.yaml").write_text(RULES, encoding="utf-8")
    return tmp_path


def write(folder: Path, **files: str) -> None:
    for name, text in files.items():
        (folder / f"{name}.csv").write_text(text, encoding="utf-8")


def run(*exports: str, within: UniqueWithin = UniqueWithin.RUN, rules: bool = False) -> Assessment:
    """Check exports, each as `Class=file`."""
    targets = [Target(f"{path}.csv", name) for name, _, path in (e.partition("=") for e in exports)]
    options = Options(date(2026, 11, 22), schema="fleet.yaml", unique_within=within)
    return assess(targets, replace(options, rules=(Path("rules.yaml"),) if rules else ()))


def measured(assessment: Assessment, check_id: str) -> list[Measurement]:
    return [
        found
        for export in assessment.run.exports
        if export.checked is not None
        for found in export.checked.validation.measurements
        if found.check_id == check_id
    ]


def test_a_key_in_two_exports_fails_in_both(folder: Path) -> None:
    write(folder, jan="id,fleet_number\n1,1\n2,2\n3,\n", feb="id,fleet_number\n3,01\n4,\n4,5\n")
    assessment = run("Vehicle=jan", "Vehicle=feb")
    jan, feb = measured(assessment, "fleet.id.unique")
    assert (jan.failed, jan.spread) == (1, Spread(within=0, across=1))
    assert (feb.failed, feb.spread) == (3, Spread(within=2, across=1))
    assert (
        feb.reason
        == "2 rows in this export, 1 row in another export of the run too, such as jan.csv"
    )
    # 1 and 01 are one number.
    assert [found.failed for found in measured(assessment, "fleet.Vehicle.number")] == [1, 1]
    assert assessment.exit_code == 1
    assert [verdict.exit_code for verdict in assessment.verdict.exports] == [1, 1]
    (check,) = [
        c for c in assessment.bundle["exports"][1]["checks"] if c["id"] == "fleet.id.unique"
    ]
    assert check["repeated"] == {"within": 2, "across": 1}
    assert "--unique-within export" in check["fix"]
    assert assessment.bundle["run"]["options"]["others"] == {"unique_within": "run"}


def test_exports_can_be_kept_apart(folder: Path) -> None:
    write(folder, jan="id\n1\n2\n", feb="id\n1\n2\n")
    assessment = run("Vehicle=jan", "Vehicle=feb", within=UniqueWithin.EXPORT)
    assert assessment.passed
    assert assessment.bundle["run"]["options"]["others"] == {"unique_within": "export"}


@pytest.mark.parametrize(
    ("exports", "failed"),
    [
        (["Vehicle=a", "Van=b"], [1, 1]),
        (["Van=a", "Vehicle=b"], [1, 1]),
        # Sister classes are compared where the run has an export of their class.
        (["Van=a", "Bus=b"], [0, 0]),
        (["Van=a", "Bus=b", "Vehicle=c"], [1, 1, 0]),
        # What they share is abstract: no record is just a record.
        (["Vehicle=a", "Keeper=b"], [0, 0]),
    ],
)
def test_rows_of_subclasses_are_rows_of_their_class(
    folder: Path, exports: list[str], failed: list[int]
) -> None:
    write(folder, a="id\n1\n2\n", b="id\n2\n3\n", c="id\n4\n")
    found = measured(run(*exports), "fleet.id.unique")
    assert [one.failed for one in found] == failed


def test_an_unreadable_export_leaves_uniqueness_unproven(folder: Path) -> None:
    write(folder, a="id,fleet_number\n1,1\n1,2\n", empty="")
    assessment = run("Vehicle=a", "Vehicle=empty")
    (identifier,) = measured(assessment, "fleet.id.unique")
    (number,) = measured(assessment, "fleet.Vehicle.number")
    assert (identifier.outcome, number.outcome) == (Outcome.FAILED, Outcome.PASSED)
    # One export never blocks another, but the run is not proven, and nor is the level.
    assert [verdict.exit_code for verdict in assessment.verdict.exports] == [1, 3]
    assert assessment.exit_code == 3
    said = "a.csv: fleet.Vehicle.number holds in what could be read alone"
    assert said in assessment.verdict.reasons
    left_out = {item["id"] for item in assessment.bundle["exports"][0]["not_checked"]}
    assert left_out == {"fleet.id.not_checked.unique", "fleet.fleet_number.not_checked.unique"}
    apart = run("Vehicle=a", "Vehicle=empty", within=UniqueWithin.EXPORT)
    assert apart.bundle["exports"][0]["not_checked"] == []


def test_what_could_not_be_compared_bars_the_level(folder: Path) -> None:
    write(folder, a="id,fleet_number\n1,1\n2,2\n", empty="")
    assessment = run("Vehicle=a", "Vehicle=empty")
    assert assessment.verdict.exports[0].exit_code == 0
    card = assessment.scorecard
    assert card.level is Level.READABLE
    assert card.why_not_next == ("2 demands of the schema not checked",)
    assert run("Vehicle=a").scorecard.level is Level.MEETS_STANDARD


def test_a_file_named_twice_is_checked_once(folder: Path) -> None:
    write(folder, a="id\n1\n2\n", b="id\n3\n")
    targets = [Target("*.csv"), Target("a.csv"), Target("./a.csv"), Target(str(folder / "b.csv"))]
    assessment = assess(
        targets, Options(date(2026, 11, 22), schema="fleet.yaml", class_name="Vehicle")
    )
    assert [export.path for export in assessment.run.exports] == ["a.csv", "b.csv"]
    assert assessment.passed
    assert assessment.bundle["run"]["notes"][0] == (
        "a.csv was named more than once and is checked once."
    )


def test_a_file_of_two_classes_is_checked_as_both(folder: Path) -> None:
    write(folder, a="id\n1\n")
    assert len(run("Vehicle=a", "Keeper=a").run.exports) == 2


VEHICLES = (
    "id,first_registered,fleet_number\nV1,2001-01-01,1\nV2,,2\nV3,2001-01-01,3\nV3,2009-01-01,4\n"
)
KEEPERS = """id,vehicle,since,country
k1,V1,2001-01-01,GB
k2,V1,2000-12-31,GB
k3,V9,2000-12-31,GB
k4,V9,2000-12-31,FR
k5,V9,2000-12-31,
k6,V2,2000-12-31,FR
k7,V3,2000-12-31,FR
k8,,2000-12-31,GB
k9,V1,x,FR
"""


def test_rules_across_exports(folder: Path) -> None:
    write(folder, vehicles=VEHICLES, keepers=KEEPERS)
    assessment = run("Keeper=keepers", "Vehicle=vehicles", rules=True)
    (known,) = measured(assessment, "fleet.vehicle.known")
    assert (known.checked, known.failed, known.unknown) == (3, 1, 1)
    assert known.outcome is Outcome.PASSED
    # Another slot of the same class is another set of values.
    (numbered,) = measured(assessment, "fleet.vehicle.numbered")
    assert (numbered.checked, numbered.failed) == (8, 8)
    (since,) = measured(assessment, "fleet.since.not_before_vehicle")
    # Unknown: three refer to nothing, one to two records, one has no date.
    assert (since.checked, since.failed, since.unknown) == (3, 1, 5)
    checked = assessment.run.exports[0].checked
    assert checked is not None
    failing = checked.validation.failing.collect()
    places = failing.filter(check="fleet.since.not_before_vehicle").select("row", "slot", "value")
    assert places.rows() == [(3, "since", "2000-12-31")]


def test_rules_across_exports_that_are_not_there(folder: Path) -> None:
    write(folder, keepers=KEEPERS.replace(",x,", ",,"), empty="")
    alone = run("Keeper=keepers", rules=True)
    (since,) = measured(alone, "fleet.since.not_before_vehicle")
    assert since.outcome is Outcome.NOT_APPLICABLE
    assert since.reason == "the run has no export of class Vehicle"
    (export,) = alone.bundle["exports"]
    features = {item["feature"] for item in export["not_checked"] if not item["mandatory"]}
    assert features == {"reference", "rule fleet.since.not_before_vehicle"}
    assert alone.exit_code == 0
    unread = run("Keeper=keepers", "Vehicle=empty", rules=True)
    assert {
        found.outcome
        for name in ("known", "numbered")
        for found in measured(unread, f"fleet.vehicle.{name}")
    } == {Outcome.NOT_ASSESSED}
    (since,) = measured(unread, "fleet.since.not_before_vehicle")
    assert since.outcome is Outcome.NOT_ASSESSED
    assert unread.verdict.exports[0].exit_code == 3


def test_a_rule_without_rows_to_look_at_has_been_checked(folder: Path) -> None:
    write(folder, vehicles=VEHICLES, keepers="id,vehicle,since,country\nk1,V1,2001-01-01,FR\n")
    assessment = run("Keeper=keepers", "Vehicle=vehicles", rules=True)
    (known,) = measured(assessment, "fleet.vehicle.known")
    assert known.outcome is Outcome.NOT_APPLICABLE
    assert assessment.bundle["exports"][0]["not_checked"] == []
