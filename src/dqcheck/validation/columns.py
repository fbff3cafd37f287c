"""What is wrong with the columns of an export, and with the file itself."""

from __future__ import annotations

__all__ = ["column_checks", "file_checks", "stand_for_all_rows"]

from collections.abc import Iterable, Sequence

import polars as pl

from dqcheck.model import (
    Binding,
    Check,
    Dimension,
    Export,
    Match,
    Measurement,
    Outcome,
    Severity,
)
from dqcheck.readers.faults import CATALOGUE
from dqcheck.standards.plan import ClassPlan
from dqcheck.validation.failing import FAILING_SCHEMA

Measured = tuple[Check, Measurement]


def _check(
    check_id: str,
    slot: str | None,
    dimension: Dimension,
    severity: Severity,
    *,
    title: str,
    why: str = "",
    fix: str = "",
    message: str = "",
    source: str = "columns",
) -> Check:
    return Check(
        id=check_id,
        slot=slot,
        slots=(slot,) if slot else (),
        dimension=dimension,
        severity=severity,
        expression=None,
        applies=None,
        title=title,
        message=message,
        why=why,
        fix=fix,
        source=source,
    )


def _measure(check_id: str, checked: int, failed: int) -> Measurement:
    outcome = Outcome.FAILED if failed else Outcome.PASSED
    return Measurement(check_id, outcome, checked=checked, failed=failed)


def column_checks(
    standard: str, plan: ClassPlan, binding: Binding, rows: int
) -> tuple[list[Measured], pl.DataFrame]:
    """Return what is wrong with the columns, and one finding a column (`FAILING_SCHEMA`).

    A required or recommended column that is absent has all rows failing. `header` and
    `unknown_column` count columns, not rows.
    """
    measured: list[Measured] = []
    places: list[tuple[int | None, str | None, str]] = []
    for slot in plan.slots:
        if slot.required or slot.recommended:
            check_id = f"{standard}.{slot.name}.column_present"
            absent = slot.name in binding.absent
            check = _check(
                check_id,
                slot.name,
                Dimension.COMPLETENESS,
                Severity.VIOLATION if slot.required else Severity.WARNING,
                title=f"The export has a column {slot.column}",
                message=f"there is no column {slot.column}",
                why=slot.why,
                fix=f"Send a column headed {slot.column}.",
            )
            found = _measure(check_id, rows, rows if absent else 0)
            if rows == 0:
                found = Measurement(check_id, Outcome.NOT_APPLICABLE, reason="there is no row")
            measured.append((check, found))
            if absent:
                places.append((None, slot.name, check_id))
        if slot.name in binding.slots:
            column, match = binding.slots[slot.name]
            if match is not Match.EXACT:
                check_id = f"{standard}.{slot.name}.header"
                check = _check(
                    check_id,
                    slot.name,
                    Dimension.CONSISTENCY,
                    Severity.WARNING,
                    title=f"The column is headed {slot.column}",
                    message=f"column {column.position} is headed otherwise "
                    + ("in capitals or spacing" if match is Match.CASE else "(a known alias)"),
                    why="A header that is only like the standard's can be taken for another one.",
                    fix=f"Head the column {slot.column}, or write a mapping.",
                )
                measured.append((check, _measure(check_id, 1, 1)))
                places.append((column.position, slot.name, check_id))
    check_id = f"{standard}.{plan.name}.unknown_column"
    unknown = _check(
        check_id,
        None,
        Dimension.CONSISTENCY,
        Severity.VIOLATION if plan.closed else Severity.WARNING,
        title="All columns belong to the standard",
        message="a column is no part of the standard, so nothing in it was checked",
        why="What the standard does not know nobody can check, and it may be personal data.",
        fix="Leave the column out, rename it to the slot it stands for, or write a mapping.",
    )
    total = len(binding.slots) + len(binding.unknown)
    measured.append((unknown, _measure(check_id, total, len(binding.unknown))))
    places += [(column.position, None, check_id) for column, _ in binding.unknown]
    return measured, _list_findings(places)


def _list_findings(places: Sequence[tuple[int | None, str | None, str]]) -> pl.DataFrame:
    """Return one finding (`FAILING_SCHEMA`) for each column's position, slot and check id."""
    columns, slots, checks = zip(*places, strict=True) if places else ((), (), ())
    known = {"column": columns, "slot": slots, "check": checks}
    nothing = [None] * len(places)
    return pl.DataFrame(
        {name: known.get(name, nothing) for name in FAILING_SCHEMA}, schema=FAILING_SCHEMA
    )


def stand_for_all_rows(failed: Iterable[Check], binding: Binding) -> pl.DataFrame:
    """Return one finding (`FAILING_SCHEMA`) for each check of nothing but absent columns.

    Such a check fails every row alike, and no row has a cell to show.

    Args:
        failed: The checks that failed.
        binding: Says which columns are absent.
    """
    absent = {*binding.absent}
    return _list_findings(
        [
            (None, check.slot, check.id)
            for check in failed
            if check.slots and {*check.slots} <= absent
        ]
    )


def _file_check(check_id: str) -> Check:
    kind = CATALOGUE[check_id]
    return _check(
        check_id,
        None,
        kind.dimension,
        kind.severity,
        title=kind.title,
        message=kind.meaning,
        why=kind.meaning,
        fix=kind.fix,
        source="file",
    )


def file_checks(export: Export) -> tuple[list[Measured], pl.DataFrame]:
    """Return the checks of the file that found something, and one finding a place.

    The findings are in `FAILING_SCHEMA`; a check counts places, of all rows of the file.
    """
    rows = export.rows_read + export.rows_rejected
    measured = [
        (_file_check(check_id), _measure(check_id, max(rows, count), count))
        for check_id, count in export.faults.group_by("check").len().sort("check").iter_rows()
    ]
    nothing = pl.lit(None, dtype=pl.String)
    found = export.faults.select(
        pl.col("row").cast(pl.UInt32),
        pl.col("line").cast(pl.UInt32),
        pl.col("column").cast(pl.UInt32),
        nothing.alias("slot"),
        pl.col("check"),
        nothing.alias("value"),
        nothing.alias("key"),
    )
    return measured, found
