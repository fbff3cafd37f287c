"""Runs one conformance case: rows through the compiled plan and the real validation."""

from __future__ import annotations

import csv
import io
import json
from datetime import date
from typing import Any

import polars as pl

from dqcheck.errors import DqcheckError, UsageError
from dqcheck.model import Column, Export, Kind, Outcome, Severity, items_column, kind_column
from dqcheck.standards import choose_class, open_schema_text
from dqcheck.standards.plan import Plan
from dqcheck.validation import bind, validate

_NO_FAULTS = pl.DataFrame(
    schema={
        "check": pl.String,
        "severity": pl.String,
        "row": pl.UInt32,
        "line": pl.UInt32,
        "column": pl.UInt32,
        "detail": pl.String,
    }
)
_ITEM = pl.Struct({"text": pl.String, "kind": pl.UInt8})


def _cell(value: Any) -> tuple[str | None, int]:
    match value:
        case None:
            return None, Kind.NULL
        case bool():
            return str(value).lower(), Kind.BOOLEAN
        case int() | float():
            return repr(value), Kind.NUMBER
        case str():
            return value or None, Kind.TEXT
        case list():
            return json.dumps(value), Kind.LIST
        case _:
            return json.dumps(value), Kind.OBJECT


def typed_export(rows: list[dict[str, Any]]) -> Export:
    """Return typed rows as an export that tells 5 from "5"."""
    headers = list(dict.fromkeys(key for row in rows for key in row))
    frame: dict[str, pl.Series] = {
        "row": pl.Series(range(2, len(rows) + 2), dtype=pl.UInt32),
    }
    for number, header in enumerate(headers, 1):
        cells = [_cell(row.get(header)) for row in rows]
        name = f"c{number}"
        frame[name] = pl.Series([cell[0] for cell in cells], dtype=pl.String)
        frame[kind_column(name)] = pl.Series([int(cell[1]) for cell in cells], dtype=pl.UInt8)
        items = [
            [dict(zip(("text", "kind"), _cell(item), strict=True)) for item in row[header]]
            if isinstance(row.get(header), list)
            else None
            for row in rows
        ]
        frame[items_column(name)] = pl.Series(items, dtype=pl.List(_ITEM))
    return _export("jsonl", headers, pl.DataFrame(frame), strict_kinds=True)


def text_export(text: str) -> Export:
    """Return CSV text as an export."""
    headers, *rows = csv.reader(io.StringIO(text))
    frame = pl.DataFrame(
        {
            "row": pl.Series(range(2, len(rows) + 2), dtype=pl.UInt32),
            **{
                f"c{number}": pl.Series([row[number - 1] or None for row in rows], dtype=pl.String)
                for number in range(1, len(headers) + 1)
            },
        }
    )
    return _export("csv", headers, frame, strict_kinds=False)


def _export(form: str, headers: list[str], frame: pl.DataFrame, *, strict_kinds: bool) -> Export:
    return Export(
        path=f"case.{form}",
        format=form,
        columns=tuple(
            Column(number, header, f"c{number}") for number, header in enumerate(headers, 1)
        ),
        frame=frame.lazy(),
        faults=_NO_FAULTS,
        rows_read=frame.height,
        strict_kinds=strict_kinds,
    )


def failing(plan: Plan, class_name: str, export: Export) -> list[str]:
    """Return the ids of the violations the export has."""
    try:
        class_plan = choose_class(plan, class_name)
    except UsageError:
        return ["abstract"]
    bound = bind(export, class_plan, as_of=date(2026, 11, 22))
    found = validate(export, bound, plan, class_plan)
    severities = {check.id: check.severity for check in found.checks}
    return [
        one.check_id
        for one in found.measurements
        if one.outcome is Outcome.FAILED and severities[one.check_id] is Severity.VIOLATION
    ]


def run(case: dict[str, Any]) -> dict[str, Any]:
    """Return what we say of a case: for typed rows and for CSV, the violations."""
    try:
        plan = open_schema_text(case["schema_yaml"], f"{case['id']}.yaml")
    except DqcheckError as error:
        return {"error": str(error)}
    return {
        "typed": failing(plan, case["row_class"], typed_export(case["rows"])),
        "csv": failing(plan, case["row_class"], text_export(case["csv"])),
    }
