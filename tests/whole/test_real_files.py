"""The main job on real exports: every record is accounted for, verdicts and known faults hold."""

from __future__ import annotations

import csv
import gzip
import json
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from subprocess import CompletedProcess
from typing import Any

import polars as pl
import pytest
import yaml
from linkml.linter.linter import Linter

from dqcheck import standards, validate
from dqcheck.assess import Assessment
from dqcheck.model import Privacy

Run = Callable[..., "CompletedProcess[bytes]"]

ROOT = Path(__file__).resolve().parents[2]
EXAMPLES = ROOT / "examples"
DATA = ROOT / ".." / "shared" / "data"
SCHEMAS = sorted(EXAMPLES.glob("*.yaml"))
AS_OF = date(2026, 11, 22)

needs_data = pytest.mark.skipif(not DATA.is_dir(), reason="the real exports are not at hand")


@dataclass(frozen=True, slots=True)
class Real:
    """A real export and what is known of it.

    Attributes:
        name: File name.
        schema: The example it is checked against.
        class_name: The class of its rows; None for the tree root.
        passes: Whether the gate passes.
        failed: Rows that fail, by check; warnings included, other checks may fail besides.
        above: Rows above the headers.
    """

    name: str
    schema: str
    class_name: str | None
    passes: bool
    failed: dict[str, int]
    above: int = 0

    def __str__(self) -> str:
        return self.name


FILES = [
    Real("2019-12-derbyshire-stop-and-search.csv", "stop_and_search", None, True, {
        "stop_and_search.latitude.recommended": 6,
        "stop_and_search.outcome.recommended": 5,
        "stop_and_search.StopAndSearch.a_search_of_a_person_gives_the_gender": 6,
    }),
    Real("2019-12-durham-stop-and-search.csv", "stop_and_search", None, True, {
        "stop_and_search.outcome.recommended": 1,
        "stop_and_search.StopAndSearch.a_search_of_a_person_gives_the_gender": 19,
        "stop_and_search.StopAndSearch.a_search_of_a_vehicle_alone_takes_off_no_clothing": 4,
    }),
    Real("2020-01-leicestershire-stop-and-search.csv", "stop_and_search", None, True, {
        "stop_and_search.outcome.recommended": 6,
        "stop_and_search.StopAndSearch.a_search_of_a_person_gives_the_age_range": 23,
        "stop_and_search.StopAndSearch."
        "an_outcome_says_whether_it_is_linked_to_the_object": 85,
    }),
    Real("2020-01-merseyside-stop-and-search.csv", "stop_and_search", None, True, {
        "stop_and_search.latitude.recommended": 783,
        "stop_and_search.legislation.recommended": 243,
        "stop_and_search.object_of_search.recommended": 205,
    }),
    Real("2022-06-metropolitan-street.csv.gz", "street_crime", None, False, {
        "street_crime.lsoa_code.recommended": 157,
    }),
    Real("lapd-arrest-bookings-2017-01-30-deidentified.csv", "arrest_bookings", None, False, {
        "arrest_bookings.Booking.unknown_column": 6,
        "file.duplicate_header": 6,
        "arrest_bookings.hair.permissible_value": 1,
        "arrest_bookings.height.pattern": 1,
        "arrest_bookings.weight.pattern": 1,
        "arrest_bookings.arr_zip.recommended": 105,
    }, above=2),
    Real("nz-stolen_vehicles.csv", "stolen_vehicles", "Vehicle", True, {
        "stolen_vehicles.vehicle_type.recommended": 26,
        "stolen_vehicles.make_id.recommended": 15,
        "stolen_vehicles.vehicle_desc.recommended": 33,
    }),
    Real("nz-make_details.csv", "stolen_vehicles", "Make", True, {}),
    Real("nz-locations.csv", "stolen_vehicles", "Location", False, {
        "stolen_vehicles.population.type": 16,
    }),
    Real("febrl-dataset4a.csv.gz", "linkage_person", "FebrlPerson", False, {
        "linkage_person.postcode.pattern": 5000,
        # The other 50 are a space, which is missing.
        "linkage_person.state.permissible_value": 4950,
        "file.padded_header": 10,
        "file.padded_cells": 10,
    }),
    Real("febrl-dataset4b.csv.gz", "linkage_person", "FebrlPerson", False, {
        "linkage_person.postcode.pattern": 5000,
        "linkage_person.soc_sec_id.pattern": 5000,
    }),
    Real("splink-fake-1000.csv", "linkage_person", "SplinkPerson", False, {
        "linkage_person.email.pattern": 26,
        "linkage_person.last_name.recommended": 181,
        "linkage_person.dob.not_in_future": 8,
    }),
    Real("uk-fhrs-addresses-5000.parquet", "food_hygiene_address", None, False, {
        "food_hygiene_address.postcode.pattern": 3,
    }),
    Real("us-1033-kansas.csv", "equipment", None, False, {
        "equipment.ship_date.type": 1575,
        "equipment.ui.permissible_value": 33,
        "equipment.item_name.required": 2,
        "equipment.nsn.pattern": 18,
    }),
]  # fmt: skip


def records(real: Real) -> list[dict[str, str]]:
    """Return the records as the standard library reads them; repeated headers are numbered."""
    path = DATA / real.name
    if path.suffix == ".parquet":
        return pl.read_parquet(path).to_dicts()
    opener = gzip.open if path.suffix == ".gz" else open
    with opener(path, "rt", encoding="utf-8-sig", newline="") as file:
        rows = list(csv.reader(file, strict=True))[real.above :]
    seen: Counter[str] = Counter()
    header = []
    for name in rows[0]:
        seen[name] += 1
        header.append(name.strip() if seen[name] == 1 else f"{name.strip()}#{seen[name]}")
    return [dict(zip(header, row, strict=True)) for row in rows[1:]]


@cache
def assessed(name: str) -> Assessment:
    real = next(one for one in FILES if one.name == name)
    rules = EXAMPLES / "rules" / f"{real.schema}.yaml"
    return validate(
        DATA / name, schema=EXAMPLES / f"{real.schema}.yaml", class_name=real.class_name,
        rules=[rules] if rules.exists() else [], as_of=AS_OF,
    )  # fmt: skip


def export_of(name: str) -> dict[str, Any]:
    exports: list[dict[str, Any]] = assessed(name).bundle["exports"]
    return exports[0]


def failed(export: dict[str, Any]) -> dict[str, int]:
    return {check["id"]: check["failed"] for check in export["checks"] if check["failed"]}


def test_every_example_has_a_use() -> None:
    assert {path.stem for path in SCHEMAS} == {real.schema for real in FILES}
    manual = (EXAMPLES / "README.md").read_text("utf-8")
    assert [path.name for path in SCHEMAS if f"({path.name})" not in manual] == []


@pytest.mark.parametrize("path", SCHEMAS, ids=lambda path: path.stem)
def test_example_compiles_whole_and_lints_clean(path: Path) -> None:
    plan = standards.open_schema(str(path))
    assert [one for held in plan.classes.values() for one in held.not_checked] == []
    unowned = [
        slot.name
        for held in plan.classes.values()
        for slot in held.slots
        if not (slot.owner and slot.why and slot.fix)
    ]
    assert unowned == []
    rules = (ROOT / "tests" / "unit" / "schemas" / "linkml-lint.yaml").read_text("utf-8")
    problems = Linter(yaml.safe_load(rules)).lint(str(path))
    assert [problem.message for problem in problems] == []


@pytest.mark.parametrize("path", sorted((EXAMPLES / "rules").glob("*.yaml")), ids=lambda p: p.stem)
def test_example_rules_hold_their_own_rows(run: Run, path: Path) -> None:
    for command in ("test", "lint"):
        done = run("rules", command, path, "--schema", EXAMPLES / path.name)
        assert done.returncode == 0, (done.stdout + done.stderr).decode()


@needs_data
def test_every_real_file_is_here() -> None:
    present = {path.name for path in DATA.iterdir() if path.name != "README.md"}
    assert present == {real.name for real in FILES}


@needs_data
@pytest.mark.parametrize("real", FILES, ids=str)
def test_every_record_is_accounted_for(real: Real) -> None:
    export = export_of(real.name)
    assert export["rows_read"] + export["rows_rejected"] == len(records(real))
    assert export["rows_rejected"] == 0


@needs_data
@pytest.mark.parametrize("real", FILES, ids=str)
def test_verdict_and_known_faults(real: Real) -> None:
    export = export_of(real.name)
    assert assessed(real.name).passed is real.passes
    assert export["exit_code"] == (0 if real.passes else 1)
    # Alone, the vehicles refer to tables that the run does not have.
    unproven = [item["feature"] for item in export["not_checked"]]
    assert unproven == (["reference"] * 2 if real.class_name == "Vehicle" else [])
    meets = real.passes and not unproven
    assert export["level"] == ("Meets the standard" if meets else "Readable")
    found = failed(export)
    assert {check: found.get(check) for check in real.failed} == real.failed


@needs_data
@pytest.mark.parametrize("real", FILES, ids=str)
def test_no_value_of_a_person_is_in_the_bundle(real: Real) -> None:
    plan = standards.open_schema(str(EXAMPLES / f"{real.schema}.yaml"))
    held = standards.choose_class(plan, real.class_name)
    said = json.dumps(assessed(real.name).bundle, ensure_ascii=False)
    schema = (EXAMPLES / f"{real.schema}.yaml").read_text("utf-8")
    closed = {slot.column for slot in held.slots if slot.privacy in (Privacy.CODE, Privacy.NONE)}
    values = {
        value.strip()
        for row in records(real)
        for column, value in row.items()
        if column not in closed and len(value.strip()) > 6
    }
    leaked = [value for value in values if value in said and value not in schema]
    assert leaked == []


@needs_data
@pytest.mark.parametrize("real", FILES, ids=str)
def test_a_record_with_a_violation_is_never_clean(real: Real) -> None:
    findings = assessed(real.name).findings.filter(
        pl.col("severity") == "violation", ~pl.col("check_id").str.starts_with("file.")
    )
    faulty = findings.drop_nulls("row")["row"].n_unique()
    clean = export_of(real.name)["clean"]
    assert clean["numerator"] == clean["denominator"] - faulty


@needs_data
def test_crimes_that_stand_twice() -> None:
    name = "2022-06-metropolitan-street.csv.gz"
    repeats = Counter(row["Crime ID"] for row in records(FILES[4]))
    doubled = sum(count for count in repeats.values() if count > 1)
    assert failed(export_of(name))["street_crime.StreetCrime.crime_id"] == doubled == 91


@needs_data
def test_headers_below_a_title() -> None:
    name = "lapd-arrest-bookings-2017-01-30-deidentified.csv"
    export = export_of(name)
    assert export["layout"]["header_row"] == "3"
    assert export["unknown_codes"][0]["values"][0]["value"] == "BAL"
    rows = assessed(name).findings.filter(pl.col("check_id").str.ends_with("height.pattern"))
    # The first record below headers in row 3 is row 4.
    heights = [number for number, row in enumerate(records(FILES[5]), 4) if row["HGT"] == "204"]
    assert rows["row"].to_list() == heights


@needs_data
def test_headings_with_a_space_are_matched() -> None:
    export = export_of("febrl-dataset4a.csv.gz")
    assert export["binding"]["absent"] == []
    assert export["binding"]["unknown"] == []
    assert export["layout"]["compression"] == "gz"


@needs_data
@pytest.mark.parametrize("name", [real.name for real in FILES if real.name.startswith("nz-")])
def test_byte_order_mark_is_no_part_of_the_first_header(name: str) -> None:
    assert (DATA / name).read_bytes().startswith(b"\xef\xbb\xbf")
    export = export_of(name)
    assert export["binding"]["absent"] == []
    assert export["binding"]["unknown"] == []


@needs_data
def test_references_between_three_files(run: Run, tmp_path: Path) -> None:
    makes = (DATA / "nz-make_details.csv").read_text("utf-8-sig").splitlines(keepends=True)
    (tmp_path / "makes.csv").write_text("".join(makes[:-1]), "utf-8")
    dropped = makes[-1].split(",")[0]
    vehicles = records(FILES[6])
    using = sum(row["make_id"] == dropped for row in vehicles)
    filled = sum(row["make_id"] != "" for row in vehicles)

    for path, dangling in ((DATA / "nz-make_details.csv", 0), (tmp_path / "makes.csv", using)):
        done = run(
            "check", f"Vehicle={DATA / 'nz-stolen_vehicles.csv'}", f"Make={path}",
            f"Location={DATA / 'nz-locations.csv'}",
            "--schema", EXAMPLES / "stolen_vehicles.yaml", "--report", "json=run.json",
        )  # fmt: skip
        assert done.returncode == 1, done.stderr.decode()
        bundle = json.loads((tmp_path / "run.json").read_text("utf-8"))
        checks = {check["id"]: check for check in bundle["exports"][0]["checks"]}
        make = checks["stolen_vehicles.make_id.reference"]
        assert (make["checked"], make["failed"]) == (filled, dangling)
        assert checks["stolen_vehicles.location_id.reference"]["failed"] == 0
        assert [export["exit_code"] for export in bundle["exports"]] == [int(dangling > 0), 0, 1]
    assert using > 0


@needs_data
def test_all_forces_in_one_run(run: Run, tmp_path: Path) -> None:
    done = run(
        "check", DATA / "*-stop-and-search.csv", "--schema", EXAMPLES / "stop_and_search.yaml",
        "--report", "json=run.json",
    )  # fmt: skip
    assert done.returncode == 0, done.stderr.decode()
    bundle = json.loads((tmp_path / "run.json").read_text("utf-8"))
    assert [export["rows_read"] for export in bundle["exports"]] == [198, 145, 336, 3732]


@needs_data
def test_address_standard_on_addresses_of_businesses() -> None:
    export = validate(
        DATA / "uk-fhrs-addresses-5000.parquet", standard="address", as_of=AS_OF
    ).bundle["exports"][0]
    assert export["rows_read"] == 5000
    # C09 for CO9: a zero was typed for the letter.
    assert failed(export)["address.postcode.known_area"] == 18
