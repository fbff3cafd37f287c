"""Columns whose values look damaged on the way through a spreadsheet.

These are suspicions, judged by the first rows of an export; each is told once a column.
"""

from __future__ import annotations

__all__ = ["SAMPLE_ROWS", "report_suspects"]

import re
from collections.abc import Callable, Sequence

import polars as pl

from dqcheck.model import Column
from dqcheck.readers.faults import FaultLog

SAMPLE_ROWS = 50_000

_DATE_HEADER = re.compile(r"(^|[^a-z])(dob|date|birth|dates)([^a-z]|$)|date$|^date|birth", re.I)
_CODE_HEADER = re.compile(
    r"(^|[^a-z])(id|no|nos|number|num|code|ref|reference|zip|phone|mobile|tel|telephone|account|nhs"
    r"|badge|collar|warrant|urn|uprn|usrn|imei|crn|pnc|cro)([^a-z]|$)|(number|code|phone|ref)$",
    re.I,
)
_PHONE_HEADER = re.compile(r"phone|mobile|(^|[^a-z])(tel|cell)([^a-z]|$)", re.I)

_SCIENTIFIC = r"^-?[0-9](?:\.[0-9]+)?[eE]\+[0-9]{2}$"
_DIGITS = r"^[0-9]+$"
_DATE = r"^[0-9]{1,4}[-/.][0-9]{1,2}[-/.][0-9]{1,4}"
# Days since 1900: 1927 to 2119, so that house numbers and years are left alone.
_SERIAL = r"^[1-7][0-9]{4}(?:\.[0-9]+)?$"
_MOBILE_WITHOUT_ZERO = r"^7[0-9]{9}$"
_MIN_CODE_LENGTH = 5


def report_suspects(log: FaultLog, sample: pl.DataFrame, columns: Sequence[Column]) -> None:
    """Tell `log` which columns look damaged.

    Args:
        log: Takes the faults.
        sample: The first rows of the export: `row` (UInt32) and `c1` … (String).
        columns: Of the export.
    """
    if not len(sample):
        return
    for column in columns:
        cell = pl.col(column.name)
        values = sample.select("row", value=cell.str.strip_chars()).drop_nulls()
        if not len(values):
            continue
        # The missing do not count, as everywhere.
        if sample.select(cell.str.starts_with(" ").all()).item():
            detail = f"all {len(values)} values in the first {len(sample)} rows begin with a space"
            row = int(values["row"][0])
            log.add("padded_cells", detail, row=row, column=column.position)
        _look(log, values, column, len(sample))


def _look(log: FaultLog, values: pl.DataFrame, column: Column, looked_at: int) -> None:
    value = pl.col("value")
    is_date_column = bool(_DATE_HEADER.search(column.header))
    counts = values.select(
        scientific=value.str.contains(_SCIENTIFIC).sum(),
        digits=value.str.contains(_DIGITS).sum(),
        dates=value.str.contains(_DATE).sum(),
        serials=value.str.contains(_SERIAL).sum(),
        mobiles=value.str.contains(_MOBILE_WITHOUT_ZERO).sum(),
        zeros=value.str.starts_with("0").sum(),
    ).row(0, named=True)
    total = len(values)

    def report(name: str, found: pl.Expr, text: str) -> None:
        rows = values.filter(found)["row"]
        detail = f"{len(rows)} of the {total} values in the first {looked_at} rows {text}"
        log.add(name, detail, row=int(rows[0]), column=column.position)

    rest_is_whole = counts["scientific"] + counts["digits"] == total
    if counts["scientific"] and (rest_is_whole or _CODE_HEADER.search(column.header)):
        report("scientific_notation", value.str.contains(_SCIENTIFIC), "look like 9.99E+99")
    dates_beside = counts["dates"] >= max(1, total - counts["serials"]) * 0.5
    if counts["serials"] and counts["dates"] < total and (is_date_column or dates_beside):
        report("excel_serial_date", value.str.contains(_SERIAL), "are counts of days since 1900")
    if _PHONE_HEADER.search(column.header) and counts["mobiles"] >= 0.9 * total > 0:
        report(
            "leading_zeros_lost",
            value.str.contains(_MOBILE_WITHOUT_ZERO),
            "are mobile numbers without their first zero",
        )
    elif (
        counts["digits"] == total
        and not counts["zeros"]
        and total >= 20
        and _CODE_HEADER.search(column.header)
    ):
        _look_for_short_codes(values, report)


def _look_for_short_codes(
    values: pl.DataFrame, report: Callable[[str, pl.Expr, str], None]
) -> None:
    length = pl.col("value").str.len_bytes()
    number = pl.col("value").cast(pl.Int128, strict=False)
    longest, shorter, distinct, span = values.select(
        length.max().alias("longest"),
        (length < length.max()).mean().alias("shorter"),
        pl.col("value").n_unique().alias("distinct"),
        (number.max() - number.min() + 1).alias("span"),
    ).row(0)
    # One in ten codes begins with a zero; numbers counted up have no gaps between them.
    counted_up = span is None or span <= 2 * distinct
    if longest >= _MIN_CODE_LENGTH and 0.005 <= shorter <= 0.2 and not counted_up:
        report(
            "leading_zeros_lost",
            length < longest,
            f"are shorter than the {longest} digits of the others",
        )
