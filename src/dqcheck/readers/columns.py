"""Columns of an export: their names in frames, and what is wrong with their headers."""

from __future__ import annotations

__all__ = [
    "empty_to_null",
    "frame_schema",
    "make_columns",
    "report_headers",
    "report_left_out",
    "report_skipped",
    "trim_headers",
]

from collections import Counter
from collections.abc import Container, Iterable, Sequence

import polars as pl

from dqcheck.model import Column
from dqcheck.readers.faults import FaultLog
from dqcheck.readers.files import show


def trim_headers(given: Iterable[str]) -> tuple[list[str], frozenset[int]]:
    """Return headers without control characters and outer spaces, and which had such spaces.

    Args:
        given: As they stand in the file.

    Returns:
        The headers, and the positions of those that had outer spaces, the first being 1.
    """
    shown = [show(header) for header in given]
    headers = [header.strip() for header in shown]
    pairs = enumerate(zip(shown, headers, strict=True), 1)
    return headers, frozenset(at for at, (raw, header) in pairs if raw != header != "")


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
    log: FaultLog,
    columns: Sequence[Column],
    *,
    padded: Container[int],
    row: int,
    line: int | None,
    trusted: bool = True,
) -> tuple[str, ...]:
    """Tell `log` which headers are missing, padded, stand twice or look like data.

    Args:
        log: Takes the faults.
        columns: Of the export.
        padded: Positions of the columns whose headers had outer spaces.
        row: The header row.
        line: Its physical line, if the format has lines.
        trusted: Whether the row does not look like data.

    Returns:
        A note for the steward where the row looks like data.
    """
    times = Counter(column.header for column in columns if column.header)
    firsts: dict[str, int] = {}
    for column in columns:
        if column.position in padded:
            detail = f"the header of column {column.position} begins or ends with a space"
            log.add("padded_header", detail, row=row, line=line, column=column.position)
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
    if trusted:
        return ()
    log.add("header_looks_like_data", f"row {row} looks like data", row=row, line=line)
    return (
        f"Row {row} looks like data; it was taken for headers and is not counted as a record. "
        f"If the file has no headers, name its {len(columns)} columns: --read header=NAME,NAME,…",
    )


def report_left_out(log: FaultLog, left_out: Sequence[int]) -> None:
    """Tell `log` how many columns were left out because they have neither header nor value.

    Args:
        log: Takes the fault.
        left_out: Positions of the columns in the file, the first being 1.
    """
    if left_out:
        plural = "column has" if len(left_out) == 1 else "columns have"
        detail = f"{len(left_out)} {plural} neither header nor value, from column {left_out[0]} on"
        log.add("empty_column", detail)


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
