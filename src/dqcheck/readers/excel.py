"""Workbooks: .xlsx, .xls and .ods, one export a sheet."""

from __future__ import annotations

__all__ = ["read"]

import struct
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from xml.etree.ElementTree import ParseError

import polars as pl
from python_calamine import (
    CalamineError,
    CalamineSheet,
    CalamineWorkbook,
    PasswordError,
    SheetTypeEnum,
    SheetVisibleEnum,
)

from dqcheck.errors import InputError, UsageError, suggest
from dqcheck.model import Column, Export, Kind
from dqcheck.readers.columns import (
    frame_schema,
    make_columns,
    report_headers,
    report_left_out,
    report_skipped,
)
from dqcheck.readers.faults import FaultLog
from dqcheck.readers.files import SourceFile, hash_file, recognise, show, unreadable
from dqcheck.readers.layout import Layout, find_footer_row, find_layout
from dqcheck.readers.options import ReadOptions
from dqcheck.readers.suspects import SAMPLE_ROWS, report_suspects
from dqcheck.readers.values import render
from dqcheck.readers.workbook import BadCells, check_size, find_bad_cells
from dqcheck.readers.workbook_ods import find_bad_cells as find_bad_cells_ods
from dqcheck.readers.workbook_xls import find_bad_cells as find_bad_cells_xls

_LOOK_ROWS = 300
# Goes before the error in a bad cell: a noncharacter, which no export may hold (Unicode 17,
# section 23.7).
_BAD = "\ufdd0"
_ERRORS = (
    "#DIV/0!", "#N/A", "#NAME?", "#NULL!", "#NUM!", "#REF!", "#VALUE!", "#SPILL!", "#CALC!",
)  # fmt: skip

_UNTOLD = (
    "Formulas that were never calculated can't be told from empty cells in an .xls file: they "
    "were not looked for."
)
# LibreOffice's own.
_NUMBERED_ERROR = r"^Err:[0-9]{3}$"

_Cells = Sequence[Sequence[Any]]


@dataclass(frozen=True, slots=True)
class _Table:
    """The part of a sheet that holds the table.

    Attributes:
        layout: Where the headers are.
        rows: The cells of the records.
        numbers: Their rows in the sheet.
        kept: Positions of the columns in the sheet, the first being 0.
        footers: Rows of the sheet below that hold no records.
        blank: Rows between records with nothing in them.
    """

    layout: Layout
    rows: list[Sequence[Any]]
    numbers: list[int]
    kept: tuple[int, ...]
    footers: list[int]
    blank: int


def read(source: SourceFile, options: ReadOptions, *, compression: str = "") -> tuple[Export, ...]:
    """Read a workbook: the sheet asked for, or the first visible one that is not empty.

    Formulas give the values stored with them.

    Args:
        source: The file.
        options: `sheet`, `*` for all that are visible and not empty, and the rows to skip.
        compression: Always empty: workbooks are compressed inside.

    Raises:
        InputError: It is damaged, protected or empty.
        UsageError: There is no such sheet.
    """
    del compression
    name = recognise(source)
    if name != "xls":
        check_size(source)
    try:
        with CalamineWorkbook.from_path(source.path) as workbook:
            chosen, notes = _choose_sheets(workbook, source, options.sheet)
            positions = {sheet: at for at, sheet in enumerate(workbook.sheet_names)}
            return tuple(
                _read_sheet(source, name, sheet, positions[sheet.name], options, notes)
                for sheet in chosen
            )
    except PasswordError:
        raise unreadable(
            source,
            "the workbook is protected with a password",
            hint="save it without a password, or send it another safe way",
        ) from None
    except CalamineError:
        raise _damaged(source) from None
    except BaseException as error:
        # Rust's panics come as a class of their own below BaseException.
        if type(error).__name__ != "PanicException":
            raise
        raise _damaged(source) from None


def _damaged(source: SourceFile) -> InputError:
    return unreadable(
        source, "the workbook is damaged", hint="open it, save it anew and send it again"
    )


def _choose_sheets(
    workbook: CalamineWorkbook, source: SourceFile, asked: str | int | None
) -> tuple[list[CalamineSheet], tuple[str, ...]]:
    names = [
        sheet.name for sheet in workbook.sheets_metadata if sheet.typ == SheetTypeEnum.WorkSheet
    ]
    hidden = {
        sheet.name
        for sheet in workbook.sheets_metadata
        if sheet.visible != SheetVisibleEnum.Visible
    }
    if asked is not None and asked != "*":
        chosen = _find_sheet(names, source, asked)
        return [workbook.get_sheet_by_name(chosen)], ()
    sheets = [workbook.get_sheet_by_name(name) for name in names if name not in hidden]
    filled = [sheet for sheet in sheets if sheet.start is not None]
    if not filled:
        raise unreadable(
            source,
            "the workbook has no visible sheet with anything in it",
            found=f"{len(names)} sheets, {len(hidden)} of them hidden",
            hint="name the sheet to read",
        )
    notes = []
    if asked is None and len(filled) > 1:
        others = ", ".join(f'"{show(sheet.name)}"' for sheet in filled[1:6])
        notes.append(f"Only the first sheet was read; others hold data too: {others}.")
        filled = filled[:1]
    if hidden:
        were = "sheet was" if len(hidden) == 1 else "sheets were"
        notes.append(f"{len(hidden)} hidden {were} not read.")
    return filled, tuple(notes)


def _find_sheet(names: Sequence[str], source: SourceFile, asked: str | int) -> str:
    if isinstance(asked, str) and asked in names:
        return asked
    number = int(asked) if str(asked).isdecimal() else 0
    if 1 <= number <= len(names):
        return names[number - 1]
    shown = [show(name) for name in names]
    raise UsageError(
        f'there is no sheet "{show(str(asked))}"',
        place=source.place,
        found=", ".join(shown),
        hint=suggest(str(asked), shown),
    )


def _find_bad(source: SourceFile, name: str, sheet: str, position: int) -> list[BadCells]:
    try:
        if name == "xlsx":
            return find_bad_cells(source, sheet)
        if name == "ods":
            return find_bad_cells_ods(source, sheet)
        return find_bad_cells_xls(source, position)
    except (IndexError, struct.error, ParseError):
        raise _damaged(source) from None


def _mark_bad(rows: list[list[Any]], bad: Iterable[BadCells]) -> None:
    """Write `_BAD` and the error into cells that the library shows as empty."""
    for block in bad:
        for row in rows[block.top : block.top + block.rows]:
            end = min(block.left + block.columns, len(row))
            row[block.left : end] = [_BAD + block.error] * (end - block.left)


def _texts(rows: _Cells) -> list[list[str]]:
    """Return the few rows that tell the layout, as text."""
    return [
        ["" if text is None or text.startswith(_BAD) else text for text in render(row)["text"]]
        if row
        else []
        for row in rows
    ]


def _find_table(rows: _Cells, options: ReadOptions) -> _Table:
    head = _texts(rows[:_LOOK_ROWS])
    layout = find_layout(head, options)
    first = layout.first_row - 1
    end = len(rows)
    while end > first and not any(cell != "" for cell in rows[end - 1]):
        end -= 1
    tail_start = max(first, end - _LOOK_ROWS)
    tail = _texts(rows[tail_start:end])
    filled = sum(1 for header in layout.headers if header)
    end = tail_start + find_footer_row(tail, max(filled, 2), options)
    while end > first and not any(cell != "" for cell in rows[end - 1]):
        end -= 1
    numbers = [at for at in range(first, end) if any(cell != "" for cell in rows[at])]
    records = [rows[at] for at in numbers]
    used = [any(cell != "" for cell in column) for column in zip(*records, strict=True)]
    kept = tuple(
        at
        for at, header in enumerate(layout.headers)
        if header or layout.header_row == 0 or (used and used[at])
    )
    footers = [at + 1 for at in range(end, len(rows)) if any(cell != "" for cell in rows[at])]
    return _Table(
        layout, records, [at + 1 for at in numbers], kept, footers, end - first - len(numbers)
    )


def _read_sheet(
    source: SourceFile,
    name: str,
    sheet: CalamineSheet,
    position: int,
    options: ReadOptions,
    notes: tuple[str, ...],
) -> Export:
    rows = sheet.to_python(skip_empty_area=False)
    if not rows:
        raise unreadable(source, f'the sheet "{show(sheet.name)}" is empty')
    _mark_bad(rows, _find_bad(source, name, sheet.name, position))
    if name == "xls":
        notes += (_UNTOLD,)
    table = _find_table(rows, options)
    layout = table.layout
    columns = make_columns([layout.headers[at] for at in table.kept])
    log = FaultLog()
    notes += report_skipped(
        log,
        titles=layout.skipped_rows,
        header_row=layout.header_row,
        footers=len(table.footers),
        blank_footers=0,
        footer_row=table.footers[0] if table.footers else 0,
    )
    if layout.header_row:
        notes += report_headers(
            log,
            columns,
            padded=[new for new, at in enumerate(table.kept, 1) if at + 1 in layout.padded],
            row=layout.header_row,
            line=None,
            trusted=layout.trusted,
        )
        _report_merged(log, sheet, layout)
    if table.blank:
        log.add("blank_line", f"{table.blank} blank rows between the records")
    kept = set(table.kept)
    report_left_out(log, [at for at in range(1, len(layout.headers) + 1) if at - 1 not in kept])
    frame = _make_frame(table, columns, log)
    report_suspects(log, frame.head(SAMPLE_ROWS), columns)
    return Export(
        path=source.shown,
        format=name,
        columns=columns,
        frame=frame.lazy(),
        faults=log.collect(),
        rows_read=len(frame),
        sheet=show(sheet.name),
        layout={
            "header_row": str(layout.header_row),
            "skipped_rows": str(layout.skipped_rows),
            "footer_rows": str(len(table.footers)),
        },
        notes=notes,
        sha256=hash_file(source.path),
        headers_trusted=layout.trusted,
    )


def _make_frame(table: _Table, columns: Sequence[Column], log: FaultLog) -> pl.DataFrame:
    if not table.rows:
        return pl.DataFrame(schema=frame_schema(columns))
    cells = list(zip(*table.rows, strict=True))
    rows = pl.Series("row", table.numbers, dtype=pl.UInt32)
    parts = [rows]
    for column, at in zip(columns, table.kept, strict=True):
        rendered = render(cells[at]).with_columns(rows)
        rendered = _take_out_bad(log, rendered, column)
        _report_number_as_text(log, rendered, column)
        parts.append(rendered["text"].alias(column.name))
    return pl.DataFrame(parts)


def _take_out_bad(log: FaultLog, rendered: pl.DataFrame, column: Column) -> pl.DataFrame:
    """Return the cells with errors and formulas without a value missing; tell `log` of them."""
    text = pl.col("text")
    error = text.str.strip_prefix(_BAD)
    known = error.is_in(_ERRORS) | error.str.contains(_NUMBERED_ERROR)
    bad = rendered.filter(text.is_in(_ERRORS) | text.str.starts_with(_BAD)).select(
        "row",
        pl.lit(column.position).alias("column"),
        # The file may call anything an error: what is not one of the known may be a value.
        pl.when(error == "")
        .then(pl.lit("holds a formula that was never calculated"))
        .when(known)
        .then(pl.format("holds {}", error))
        .otherwise(pl.lit("holds an error"))
        .alias("detail"),
        (error == "").alias("formula"),
    )
    if not len(bad):
        return rendered
    for name, found in (
        ("error_value", bad.filter(~pl.col("formula"))),
        ("formula_without_value", bad.filter("formula")),
    ):
        if len(found):
            log.add_all(name, found.drop("formula"))
    return rendered.with_columns(
        text=pl.when(~text.is_in(_ERRORS) & ~text.str.starts_with(_BAD)).then(text)
    )


def _report_number_as_text(log: FaultLog, rendered: pl.DataFrame, column: Column) -> None:
    is_number = pl.col("kind") == int(Kind.NUMBER)
    is_text = (pl.col("kind") == int(Kind.TEXT)) & pl.col("text").str.contains(
        r"^\s*-?[0-9]+(?:\.[0-9]+)?\s*$"
    )
    counts = rendered.select(is_number.sum().alias("numbers"), is_text.sum().alias("texts"))
    numbers, texts = counts.row(0)
    if numbers and texts:
        first = rendered.filter(is_text if texts <= numbers else is_number)["row"][0]
        detail = f"{numbers} numbers are stored as numbers and {texts} as text"
        log.add("number_as_text", detail, row=first, column=column.position)


def _report_merged(log: FaultLog, sheet: CalamineSheet, layout: Layout) -> None:
    header = layout.header_row - 1
    for (top, left), (bottom, right) in sheet.merged_cell_ranges or ():
        spans_header = top <= header <= bottom
        # Groups of headers stand in the row above; a title is one cell over all columns.
        groups = bottom == header - 1 and 0 < right - left < len(layout.headers) - 1
        if spans_header or groups:
            detail = f"{_say_span('column', left, right)} of {_say_span('row', top, bottom)}"
            log.add("merged_header", f"merged cells: {detail}", row=top + 1, column=left + 1)


def _say_span(noun: str, first: int, last: int) -> str:
    """Return `column 3`, `rows 3 to 4`, of positions counted from 0."""
    return f"{noun} {first + 1}" if first == last else f"{noun}s {first + 1} to {last + 1}"
