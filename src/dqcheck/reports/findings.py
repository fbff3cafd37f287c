"""All findings of a run as a table, one row a failing cell."""

from __future__ import annotations

__all__ = ["FINDINGS_SCHEMA", "findings_frame", "write_findings"]

import errno
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import polars as pl

from dqcheck.errors import InputError, Place, UsageError
from dqcheck.privacy import safe_name, safe_path, shape_expression, token_expression
from dqcheck.reports.redact import redact
from dqcheck.reports.sheets import escape_formulas
from dqcheck.results import Checked, Run
from dqcheck.store.files import replace_file

FINDINGS_SCHEMA: dict[str, type[pl.DataType]] = {
    "export": pl.String,
    "row": pl.UInt32,
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
and null for a fault of a column or of the file; `line` the physical line, null where the format
has none; `key_token` the HMAC-SHA256 of the business key, null without a key; `column` the header
as it may be shown; `value` null unless the slot's privacy class allows it."""


_NO_ROOM = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


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
        try:
            if extension == ".parquet":
                findings.sink_parquet(temporary)
            else:
                findings.with_columns(escape_formulas(pl.col(pl.String))).sink_csv(temporary)
        except (pl.exceptions.PolarsError, OSError) as error:
            number = _find_system_error(error)
            if number in _NO_ROOM:
                raise OSError(number, "") from None
            # The library's text is dropped: it quotes values.
            raise InputError(
                "the findings can't be written: an export can't be read again to its end",
                place=Place(safe_path(path)),
                hint="check that nobody is writing to the exports, then run again",
            ) from None


def _find_system_error(error: BaseException) -> int | None:
    """Return the system's error number; Polars hands it on in its text alone."""
    if isinstance(error, OSError) and error.errno is not None:
        return error.errno
    found = re.search(r"\(os error (\d+)\)", str(error))
    return int(found[1]) if found else None


def _find(path: str, checked: Checked, run: Run) -> pl.LazyFrame:
    redaction = redact(checked, show_values=run.show_values)
    export = checked.export
    headers = {column.position: redaction.name_column(column) for column in export.columns}
    dimensions = {check.id: check.dimension.value for check in checked.validation.checks}
    severities = {check.id: check.severity.value for check in checked.validation.checks}
    sheet = None if export.sheet is None else safe_name(export.sheet)
    return checked.validation.failing.select(
        pl.lit(safe_path(path)).alias("export"),
        pl.col("row").cast(pl.UInt32),
        pl.col("line").cast(pl.UInt32),
        pl.lit(sheet, dtype=pl.String).alias("sheet"),
        token_expression(pl.col("key"), run.key).alias("key_token"),
        pl.col("slot"),
        _look_up("column", headers).alias("column"),
        pl.col("check").alias("check_id"),
        _look_up("check", dimensions).alias("dimension"),
        _look_up("check", severities).alias("severity"),
        shape_expression(pl.col("value")).alias("value_shape"),
        redaction.value_expression().alias("value"),
    )


def _look_up(name: str, words: Mapping[Any, str]) -> pl.Expr:
    if not words:
        return pl.lit(None, dtype=pl.String)
    return pl.col(name).replace_strict(words, default=None, return_dtype=pl.String)
