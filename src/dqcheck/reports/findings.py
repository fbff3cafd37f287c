"""All findings of a run as a table, one row a failing cell or fault of a column or the file."""

from __future__ import annotations

__all__ = ["FINDINGS_SCHEMA", "findings_frame", "write_findings"]

from pathlib import Path

import polars as pl

from dqcheck.errors import Place, UsageError
from dqcheck.privacy import safe_name, safe_path, token_expression
from dqcheck.reports.redact import redact, shape_failing
from dqcheck.reports.sheets import escape_formulas, look_up
from dqcheck.results import Checked, Run, find_unit
from dqcheck.store.files import replace_file

FINDINGS_SCHEMA: dict[str, type[pl.DataType]] = {
    "export": pl.String,
    "row": pl.UInt32,
    "rows": pl.UInt32,
    "line": pl.UInt32,
    "sheet": pl.String,
    "key_token": pl.String,
    "slot": pl.String,
    "column": pl.String,
    "check_id": pl.String,
    "dimension": pl.String,
    "severity": pl.String,
    "value_shape": pl.String,
    "value": pl.String,
}
"""The columns of the findings: `row` is the record number a spreadsheet shows (the header is 1)
and null for a fault of a column or of the file; `rows` how many rows the finding stands for: 1, all
of the export where a column that each row should have is absent, null for other faults without a
`row`; `line` the physical line, null where the format
has none; `key_token` the HMAC-SHA256 of the business key, null without a key; `column` the header
as it may be shown; `value` null unless the slot's privacy class allows it."""


def findings_frame(run: Run) -> pl.LazyFrame:
    """Return the findings of all exports, in the run's order (`FINDINGS_SCHEMA`).

    Nothing is evaluated yet; whoever evaluates it bounds the memory by streaming.
    """
    parts = [_find(export.path, export.checked, run) for export in run.exports if export.checked]
    if not parts:
        return pl.LazyFrame(schema=FINDINGS_SCHEMA)
    return pl.concat(parts)


def write_findings(path: Path, run: Run) -> None:
    """Write the findings to `path`, Parquet or CSV by its extension, whole or not at all.

    Rows are streamed. In CSV, text that a spreadsheet would take for a formula is given a leading
    apostrophe.

    Raises:
        UsageError: If the extension is neither, or the file can't be written.
        InputError: If an export can no longer be read.
    """
    extension = path.suffix.casefold()
    if extension not in {".parquet", ".csv"}:
        raise UsageError(
            "findings are written as .parquet or .csv",
            place=Place(safe_path(path)),
            found=f"the extension {extension!r}" if extension else "no extension",
        )
    findings = findings_frame(run)
    with replace_file(path) as temporary:
        if extension == ".parquet":
            findings.sink_parquet(temporary)
        else:
            findings.with_columns(escape_formulas(pl.col(pl.String))).sink_csv(temporary)


def _find(path: str, checked: Checked, run: Run) -> pl.LazyFrame:
    redaction = redact(checked, show_values=run.show_values)
    export = checked.export
    headers = {column.position: redaction.name_column(column) for column in export.columns}
    dimensions = {check.id: check.dimension.value for check in checked.validation.checks}
    severities = {check.id: check.severity.value for check in checked.validation.checks}
    of_rows = [check.id for check in checked.validation.checks if find_unit(check) == "row"]
    sheet = None if export.sheet is None else safe_name(export.sheet)
    return checked.validation.failing.select(
        pl.lit(safe_path(path)).alias("export"),
        pl.col("row").cast(pl.UInt32),
        pl.when(pl.col("row").is_not_null())
        .then(1)
        # Where no row is named, a column is absent, which fails all of them.
        .when(pl.col("check").is_in(of_rows))
        .then(export.rows_read)
        .cast(pl.UInt32)
        .alias("rows"),
        pl.col("line").cast(pl.UInt32),
        pl.lit(sheet, dtype=pl.String).alias("sheet"),
        token_expression(pl.col("key"), run.key).alias("key_token"),
        pl.col("slot"),
        look_up("column", headers).alias("column"),
        pl.col("check").alias("check_id"),
        look_up("check", dimensions).alias("dimension"),
        look_up("check", severities).alias("severity"),
        shape_failing(checked.class_plan, checked.plan.enums).alias("value_shape"),
        redaction.value_expression().alias("value"),
    )
