"""Runs made by hand, for testing what is made from runs."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

import polars as pl
import pytest

from dqcheck.errors import DqcheckError
from dqcheck.model import (
    Binding,
    Check,
    Column,
    Criticality,
    Dimension,
    Export,
    Key,
    Match,
    Measurement,
    NotChecked,
    Outcome,
    Privacy,
    Reference,
    Severity,
    SlotTally,
    Validation,
)
from dqcheck.privacy import make_token_key
from dqcheck.results import Checked, ExportRun, Run
from dqcheck.scoring import score, score_error
from dqcheck.standards.plan import ClassPlan, EnumPlan, Plan, SlotPlan, Value

FAILING = {
    "row": pl.UInt32,
    "line": pl.UInt32,
    "column": pl.UInt32,
    "slot": pl.String,
    "check": pl.String,
    "value": pl.String,
    "key": pl.String,
}
FAULTS = {
    "check": pl.String,
    "severity": pl.String,
    "row": pl.UInt32,
    "line": pl.UInt32,
    "column": pl.UInt32,
    "detail": pl.String,
}
CODES = {"slot": pl.String, "value": pl.String, "rows": pl.UInt32, "keys": pl.UInt32}
SHAPES = {"check": pl.String, "slot": pl.String, "shape": pl.String, "count": pl.UInt32}

HAIR = EnumPlan(
    "HairColour",
    "Hair colour",
    "",
    "",
    (
        Value("Black", aliases=("BLK", "raven")),
        Value("Brown", title="Brown hair"),
        Value("Blonde", aliases=("fair",)),
        Value("Not known", role="default"),
    ),
)


def make_check(
    check_id: str,
    slot: str | None,
    dimension: Dimension = Dimension.VALIDITY,
    severity: Severity = Severity.VIOLATION,
    **more: object,
) -> Check:
    base = Check(
        id=check_id,
        slot=slot,
        slots=(slot,) if slot else (),
        dimension=dimension,
        severity=severity,
        expression=["present", slot],
        applies=["lit", "boolean", "true"],
        title=f"{check_id} holds",
        message=f"{check_id} does not hold",
        why="It matters.",
        fix="Put it right.",
    )
    return replace(base, **more)


CHECKS = (
    make_check("person.record_id.required", "record_id", Dimension.COMPLETENESS),
    make_check("person.hair_colour.permissible_value", "hair_colour"),
    make_check(
        "person.hair_colour.recommended",
        "hair_colour",
        Dimension.COMPLETENESS,
        Severity.WARNING,
    ),
    make_check("person.date_of_birth.required", "date_of_birth", Dimension.COMPLETENESS),
    make_check("person.date_of_birth.type", "date_of_birth"),
    make_check("person.notes.pattern", "notes"),
)
KEY = Key("person.record_id.unique", ("record_id",), True, True, Severity.VIOLATION, "unique")
KEY_CHECK = make_check(KEY.id, "record_id", Dimension.UNIQUENESS, expression=None, source="keys")

CLASS = ClassPlan(
    "Person",
    title="Person",
    slots=(
        SlotPlan("record_id", "record_id", required=True, identifier=True),
        SlotPlan(
            "hair_colour",
            "hair_colour",
            title="Hair colour",
            enum="HairColour",
            range="HairColour",
            recommended=True,
            privacy=Privacy.CODE,
            criticality=Criticality.IMPORTANT,
        ),
        SlotPlan("date_of_birth", "date_of_birth", required=True, criticality=Criticality.CRITICAL),
        SlotPlan("notes", "notes", privacy=Privacy.FREE_TEXT),
    ),
    checks=CHECKS,
    keys=(KEY,),
)
PLAN = Plan("person", "1.0.0", classes={"Person": CLASS}, enums={"HairColour": HAIR})
COLUMNS = tuple(
    Column(n, header, f"c{n}")
    for n, header in enumerate(("record_id", "hair_colour", "date_of_birth", "notes"), 1)
)


def make_tally(slot: str, rows: int, **counts: int) -> SlotTally:
    base = SlotTally(slot, rows, rows, 0, 0, 0, 0, 0, 0)
    return replace(base, **counts)


def make_checked(rows: int = 10) -> Checked:
    """Return an export of `rows` clean rows."""
    checks = (*CHECKS, KEY_CHECK)
    export = Export(
        path="persons.csv",
        format="csv",
        columns=COLUMNS,
        frame=pl.LazyFrame(
            {
                "row": pl.Series(range(2, rows + 2), dtype=pl.UInt32),
                "c1": [f"P{n}" for n in range(rows)],
                "c2": ["Black"] * rows,
                "c3": ["1980-01-01"] * rows,
                "c4": [None] * rows,
                "c5": ["=1+1"] * rows,
            },
            schema_overrides={"c4": pl.String},
        ),
        faults=pl.DataFrame(schema=FAULTS),
        rows_read=rows,
        sha256="0" * 64,
        layout={"encoding": "utf-8", "delimiter": ","},
    )
    validation = Validation(
        checks=checks,
        measurements=tuple(Measurement(check.id, Outcome.PASSED, checked=rows) for check in checks),
        tallies=tuple(make_tally(slot.name, rows) for slot in CLASS.slots),
        clean=rows,
        failing=pl.LazyFrame(schema=FAILING),
        shapes=pl.DataFrame(schema=SHAPES),
        codes=pl.DataFrame(schema=CODES),
    )
    binding = Binding(
        slots={
            slot.name: (column, Match.EXACT)
            for slot, column in zip(CLASS.slots, COLUMNS, strict=True)
        },
        absent=(),
        unknown=(),
    )
    return Checked(PLAN, CLASS, export, binding, validation)


def change(checked: Checked, **parts: object) -> Checked:
    """Return `checked` with attributes of its export, validation, binding or class changed."""
    for name, value in parts.items():
        for holder in ("export", "validation", "binding", "class_plan"):
            if name in type(getattr(checked, holder)).__dataclass_fields__:
                changed = replace(getattr(checked, holder), **{name: value})
                checked = replace(checked, **{holder: changed})
                break
    return checked


def measure(sample: Checked, check_id: str, outcome: Outcome, **counts: object) -> Checked:
    """Return `sample` with one measurement changed."""
    return change(
        sample,
        measurements=tuple(
            replace(found, outcome=outcome, **counts) if found.check_id == check_id else found
            for found in sample.validation.measurements
        ),
    )


def make_failing() -> Checked:
    """Return an export with faults of many kinds, and values that no output may show."""
    rows = 1000
    checked = make_checked(rows)
    hair = "person.hair_colour.permissible_value"
    checked = measure(checked, hair, Outcome.FAILED, checked=980, failed=31)
    checked = measure(checked, "person.date_of_birth.type", Outcome.FAILED, failed=3, unknown=0)
    checked = measure(checked, KEY.id, Outcome.FAILED, failed=2)
    columns = (
        *COLUMNS[:2],
        Column(3, "DOB", "c3"),
        COLUMNS[3],
        Column(5, "hair_clour\x1b[31m", "c5"),
    )
    header = make_check(
        "person.date_of_birth.header",
        "date_of_birth",
        Dimension.CONSISTENCY,
        Severity.WARNING,
        expression=None,
        source="columns",
    )
    extra = make_check(
        "person.Person.unknown_column",
        None,
        Dimension.CONSISTENCY,
        Severity.WARNING,
        expression=None,
        source="columns",
    )
    return change(
        checked,
        checks=(*checked.validation.checks, header, extra),
        measurements=(
            *checked.validation.measurements,
            Measurement(header.id, Outcome.FAILED, 1, 1),
            Measurement(extra.id, Outcome.FAILED, 5, 1),
        ),
        tallies=(
            make_tally("record_id", rows),
            make_tally(
                "hair_colour", rows, valid=930, default=19, invalid=31, missing=20, translatable=12
            ),
            make_tally("date_of_birth", rows, valid=997, invalid=3),
            make_tally("notes", rows, valid=0, missing=rows),
        ),
        clean=964,
        columns=columns,
        rows_rejected=2,
        faults=pl.DataFrame(
            {
                "check": ["file.ragged_row"] * 2,
                "severity": ["violation"] * 2,
                "row": [None, None],
                "line": [17, 405],
                "column": [None, None],
                "detail": ["6 cells under 5 headers", "2 cells under 5 headers"],
            },
            schema=FAULTS,
        ),
        notes=("2 title rows above the header were skipped",),
        slots={
            "record_id": (columns[0], Match.EXACT),
            "hair_colour": (columns[1], Match.EXACT),
            "date_of_birth": (columns[2], Match.ALIAS),
            "notes": (columns[3], Match.EXACT),
        },
        unknown=((columns[4], ("hair_colour",)),),
        failing=pl.LazyFrame(
            [
                (2, 2, 2, "hair_colour", hair, "Blakc", "P0"),
                (3, 3, 2, "hair_colour", hair, "blk", "P1"),
                (4, 4, 2, "hair_colour", hair, "CANARY Smith", "P2"),
                (5, 5, 3, "date_of_birth", "person.date_of_birth.type", "31/12/CANARY", "P3"),
                (6, 6, 1, "record_id", KEY.id, "P4", "P4"),
                (7, 7, 1, "record_id", KEY.id, "P4", "P4"),
                (None, None, 3, "date_of_birth", header.id, None, None),
                (None, None, 5, None, extra.id, None, None),
            ],
            schema=FAILING,
            orient="row",
        ),
        shapes=pl.DataFrame(
            [
                (hair, "hair_colour", "Aaaaa", 19),
                (hair, "hair_colour", "aaa", 12),
                ("person.date_of_birth.type", "date_of_birth", "99/99/AAAAAA", 3),
            ],
            schema=SHAPES,
            orient="row",
        ),
        codes=pl.DataFrame(
            [
                ("hair_colour", "Blakc", 18, 18),
                ("hair_colour", "blk", 12, 1),
                ("hair_colour", "CANARY Smith", 9, 1),
            ],
            schema=CODES,
            orient="row",
        ),
        not_checked=(NotChecked("inlined", "Person", "notes", "nested objects are not flat"),),
    )


def make_dangling() -> Checked:
    """Return clean rows whose notes refer to a class of which the run has no export."""
    checked = make_checked()
    reference = Reference(
        "person.notes.reference", "notes", "Note", "id", Severity.VIOLATION, "notes exist"
    )
    check = make_check(
        reference.id, "notes", Dimension.CONSISTENCY, expression=None, source="references"
    )
    reason = "the run has no export of class Note"
    return change(
        checked,
        references=(reference,),
        checks=(*checked.validation.checks, check),
        measurements=(
            *checked.validation.measurements,
            Measurement(check.id, Outcome.NOT_APPLICABLE, reason=reason),
        ),
    )


def make_export_run(checked: Checked) -> ExportRun:
    return ExportRun(
        path=checked.export.path,
        standard=checked.plan.name,
        class_name=checked.class_plan.name,
        scorecard=score(
            checked.class_plan,
            checked.validation,
            checked.binding,
            rows_read=checked.export.rows_read,
            rows_rejected=checked.export.rows_rejected,
            headers_trusted=checked.export.headers_trusted,
        ),
        checked=checked,
    )


def make_broken_run(error: DqcheckError) -> ExportRun:
    return ExportRun("broken.csv", "person", "Person", score_error(error), error=error)


def make_run(*exports: ExportRun | Checked, secret: str | None = "k" * 32) -> Run:
    return Run(
        exports=tuple(
            make_export_run(part) if isinstance(part, Checked) else part for part in exports
        ),
        as_of=date(2026, 11, 22),
        version="0.1.0",
        libraries={"polars": "2.1.0"},
        key=make_token_key(secret) if secret else None,
    )


@dataclass(frozen=True, slots=True)
class Samples:
    """The makers above, since tests can't import a conftest."""

    checked = staticmethod(make_checked)
    failing = staticmethod(make_failing)
    dangling = staticmethod(make_dangling)
    change = staticmethod(change)
    measure = staticmethod(measure)
    check = staticmethod(make_check)
    tally = staticmethod(make_tally)
    export_run = staticmethod(make_export_run)
    broken_run = staticmethod(make_broken_run)
    run = staticmethod(make_run)


@pytest.fixture(scope="session")
def samples() -> Samples:
    """Return makers of runs: clean ones, faulty ones, broken ones."""
    return Samples()
