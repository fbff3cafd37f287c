"""Tables for spreadsheets: text that is safe there, and workbooks of any length."""

from __future__ import annotations

__all__ = ["TableBook", "escape_formula", "escape_formulas", "look_up"]

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any

import polars as pl

if TYPE_CHECKING:
    from xlsxwriter import Workbook  # type: ignore[import-untyped]
    from xlsxwriter.format import Format  # type: ignore[import-untyped]
    from xlsxwriter.worksheet import Worksheet  # type: ignore[import-untyped]

# OWASP, "CSV Injection": what starts so is run as a formula. A plain number is not.
_STARTS = r"^[=+\-@\t\r\n＝＋－＠]"
_NUMBER = r"[+\-]?[0-9]+(?:\.[0-9]+)?"

_SHEET_ROWS = 1_048_576
_CELL_CHARACTERS = 32_767
_WIDEST = 60


def escape_formulas(text: pl.Expr) -> pl.Expr:
    """Return String expressions with an apostrophe before what a spreadsheet would run.

    Plain numbers such as `-1.5` stay.
    """
    formula = text.str.contains(_STARTS) & ~text.str.contains(f"^{_NUMBER}$")
    return pl.when(formula).then("'" + text).otherwise(text).name.keep()


def escape_formula(text: str) -> str:
    """Return one text as `escape_formulas` does."""
    formula = re.match(_STARTS, text) and not re.fullmatch(_NUMBER, text)
    return "'" + text if formula else text


def look_up(name: str, words: Mapping[Any, str]) -> pl.Expr:
    """Return the word for each value of column `name` (String); null for what has none."""
    if not words:
        return pl.lit(None, dtype=pl.String).alias(name)
    return pl.col(name).replace_strict(words, default=None, return_dtype=pl.String)


class TableBook:
    """An Excel workbook whose cells are all text or whole numbers, written row by row.

    Memory does not grow with its rows, and its bytes depend on nothing but what is written.
    """

    def __init__(self, path: Path, as_of: date) -> None:
        """Start a workbook at `path`, said to be created at the start of `as_of`."""
        # Findings need the text functions of this module alone, and start sooner without it.
        import xlsxwriter

        self._book = xlsxwriter.Workbook(str(path), {"constant_memory": True})
        self._book.set_properties({"created": datetime(as_of.year, as_of.month, as_of.day)})
        self._bold = self._book.add_format({"bold": True})

    def __enter__(self) -> TableBook:
        """Return itself."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Finish the file.

        Raises:
            OSError: If it can't be written.
        """
        from xlsxwriter.exceptions import FileCreateError  # type: ignore[import-untyped]

        try:
            self._book.close()
        except FileCreateError as fault:
            cause = fault.args[0] if fault.args else None
            raise (cause if isinstance(cause, OSError) else OSError()) from None

    def add_cover(self, name: str) -> Cover:
        """Add a sheet for sentences."""
        return Cover(self._book.add_worksheet(name), self._bold)

    def add_table(self, name: str, headers: Sequence[str]) -> SheetTable:
        """Add a table that goes on to `name 2`, `name 3` … where a sheet is full."""
        return SheetTable(self._book, name, headers, self._bold)


class Cover:
    """A sheet of sentences, the first in bold."""

    def __init__(self, sheet: Worksheet, bold: Format) -> None:
        """Write to `sheet`."""
        self._sheet = sheet
        self._bold = bold
        sheet.set_column(0, 0, 100)

    def write(self, lines: Iterable[str]) -> None:
        """Write one sentence a row."""
        for number, line in enumerate(lines):
            self._sheet.write_string(number, 0, line, self._bold if number == 0 else None)


class SheetTable:
    """A table over as many sheets as it needs, each with the headers.

    Attributes:
        rows: Rows written so far.
        cut: Texts that were longer than a cell can hold.
    """

    def __init__(self, book: Workbook, name: str, headers: Sequence[str], bold: Format) -> None:
        """Start the first sheet."""
        self._book, self._name, self._headers, self._bold = book, name, tuple(headers), bold
        self.rows = 0
        self.cut = 0
        self._sheets = 0
        self._start_sheet()

    def _start_sheet(self) -> None:
        self._sheets += 1
        name = self._name if self._sheets == 1 else f"{self._name} {self._sheets}"
        self._sheet = self._book.add_worksheet(name)
        self._sheet.freeze_panes(1, 0)
        for column, header in enumerate(self._headers):
            self._sheet.set_column(column, column, min(max(len(header) + 2, 12), _WIDEST))
            self._sheet.write_string(0, column, header, self._bold)
        self._next = 1

    def write(self, frame: pl.DataFrame) -> None:
        """Add the rows of `frame`: String columns as text, others as numbers; null stays empty."""
        for row in frame.iter_rows():
            if self._next == _SHEET_ROWS:
                self._start_sheet()
            for column, value in enumerate(row):
                if isinstance(value, str):
                    self._write_text(column, value)
                elif value is not None:
                    self._sheet.write_number(self._next, column, value)
            self._next += 1
            self.rows += 1

    def _write_text(self, column: int, text: str) -> None:
        if len(text) > _CELL_CHARACTERS:
            self.cut += 1
            text = text[: _CELL_CHARACTERS - 8] + "… (cut)"
        # write_string: XlsxWriter's write() would make formulas and links of some texts.
        self._sheet.write_string(self._next, column, text)
