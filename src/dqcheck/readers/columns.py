"""Columns of an export: their names in frames, and what is wrong with their headers."""

from __future__ import annotations

__all__ = ["empty_to_null", "frame_schema", "make_columns", "report_headers", "report_skipped"]

from collections import Counter
from collections.abc import Sequence

import polars as pl

from dqcheck.model import Column
from dqcheck.readers.faults import FaultLog


def make_columns(headers: Sequence[str]) -> tuple[Column, ...]:
    """Return a column `c1`, `c2`, … for each header."""
    return tuple(
        Column(position, header, f"c{position}") for position, header in enumerate(headers, 1)
    )


def frame_schema(columns: Sequence[Column]) -> dict[str, pl.DataType]:
    """Return the columns and dtypes of the frame of a text format: `row`, then the columns."""
    return {"row": pl.UInt32(), **{column.name: pl.String() for column in columns}}


def empty_to_null(columns: Sequence[Column]) -> list[pl.Expr]:
    """Return the expressions that make empty cells, quoted or not, null."""
    return [
        pl.when(pl.col(column.name) != "").then(pl.col(column.name)).alias(column.name)
        for column in columns
    ]


def report_headers(
    log: FaultLog, columns: Sequence[Column], *, row: int, line: int | None, trusted: bool
) -> None:
    """Tell `log` which headers are missing, stand twice or look like data.

    Args:
        log: Takes the faults.
        columns: Of the export.
        row: The header row.
        line: Its physical line, if the format has lines.
        trusted: Whether the row does not look like data.
    """
    times = Counter(column.header for column in columns if column.header)
    firsts: dict[str, int] = {}
    for column in columns:
        first = firsts.setdefault(column.header, column.position)
        if not column.header:
            detail = f"column {column.position} has no header"
            log.add("empty_header", detail, row=row, line=line, column=column.position)
        elif first != column.position:
            detail = (
                f"columns {first} and {column.position} have the same header, "
                f"which stands {times[column.header]} times"
            )
            log.add("duplicate_header", detail, row=row, line=line, column=column.position)
    if not trusted:
        log.add("header_looks_like_data", "the first row looks like data", row=row, line=line)


def report_skipped(
    log: FaultLog,
    *,
    titles: int,
    header_row: int,
    footers: int,
    blank_footers: int,
    footer_row: int,
) -> tuple[str, ...]:
    """Tell `log` which rows above and below the table are no records; return notes that say so.

    Args:
        log: Takes the faults.
        titles: Rows above the headers.
        header_row: The header row, 0 if there is none.
        footers: Rows below the last record.
        blank_footers: How many of them are empty.
        footer_row: The first row below the last record that is no record.
    """
    notes = []
    if titles:
        where = "row 1" if titles == 1 else f"rows 1 to {titles}"
        note = f"skipped {where} above the table"
        if header_row:
            note += f"; the headers are in row {header_row}"
        log.add("title_rows", note, row=1)
        notes.append(f"{note[0].upper()}{note[1:]}.")
    if footers:
        plural = "row" if footers == 1 else "rows"
        note = f"skipped {footers} {plural} below the table, from row {footer_row}"
        if blank_footers:
            note += f" ({blank_footers} empty)"
        log.add("footer_rows", note, row=footer_row)
        notes.append(f"{note[0].upper()}{note[1:]}.")
    return tuple(notes)
