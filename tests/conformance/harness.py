"""Runs one conformance case as a user would: a schema file, and rows or a CSV file."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

from dqcheck import validate

AS_OF = date(2026, 11, 22)


def holds(data: list[dict[str, Any]] | Path, schema: Path, class_name: str) -> bool:
    """Return whether `data` passes as rows of a class.

    Args:
        data: Typed rows, or a file.
        schema: A LinkML schema.
        class_name: The class of the rows.

    Raises:
        DqcheckError: The schema can't be compiled, or has no such class.
    """
    return validate(data, schema=schema, class_name=class_name, as_of=AS_OF).passed


def run(case: dict[str, Any], folder: Path) -> dict[str, bool]:
    """Return whether we hold the rows of `case` valid, typed and as CSV.

    Args:
        case: A line of the file of cases.
        folder: Where its files are written.
    """
    schema, table = folder / f"{case['id']}.yaml", folder / f"{case['id']}.csv"
    schema.write_text(case["schema_yaml"], encoding="utf-8")
    table.write_bytes(case["csv"].encode())
    return {
        "typed": holds(case["rows"], schema, case["row_class"]),
        "csv": holds(table, schema, case["row_class"]),
    }
