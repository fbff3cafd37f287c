"""What an export of the demo is made of: clean records, and the faults planted in them."""

from __future__ import annotations

__all__ = ["DemoExport", "Fault", "Value", "plant"]

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

Value = str | int | float | date
"""A cell as written: workbooks keep the type, text files write it as ISO 8601 or digits."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault planted in an export, and the check that must find it.

    Attributes:
        what: What is wrong, in plain words.
        check: The id of the check that must find it; empty where none can.
        unseen: Why no check can see it without a mapping or another source; empty otherwise.
        cells: What is written instead of the clean value: row as a spreadsheet counts, slot,
            value.
        everywhere: Whether it is a fault of the file or of a column, so that it is found wherever
            its check fails; otherwise its check must fail in each of its rows.
        repeats_header: The row that repeats the headers in place of its record.
        unquoted: The row that is written without the quotation marks it needs.
    """

    what: str
    check: str = ""
    unseen: str = ""
    cells: tuple[tuple[int, str, Value], ...] = ()
    everywhere: bool = False
    repeats_header: int | None = None
    unquoted: int | None = None

    @property
    def rows(self) -> tuple[int, ...]:
        """Return the rows it stands in, ascending; none for a fault of the file or a column."""
        if self.everywhere:
            return ()
        marked = {row for row in (self.repeats_header, self.unquoted) if row is not None}
        return tuple(sorted(marked | {row for row, _, _ in self.cells}))


def plant(what: str, check: str, rows: int | tuple[int, ...], **values: Value) -> Fault:
    """Return the fault that puts the same `values` (by slot) into all `rows`."""
    chosen = (rows,) if isinstance(rows, int) else rows
    cells = tuple((row, slot, value) for row in chosen for slot, value in values.items())
    return Fault(what, check, cells=cells)


@dataclass(frozen=True, slots=True)
class DemoExport:
    """One export of the demo.

    Attributes:
        path: Where it is written, below the demo's folder; `.csv` or `.xlsx`.
        standard: The packaged standard it is checked against.
        source: The file of clean records it is made from, in `dqcheck.demo.data`.
        faults: What is planted in it, in the order it is told; none in a clean export.
        records: How many of the records it takes; all by default.
        same: Values that all records have instead, by slot; `{}` stands for the number of the
            record, from 1.
        slots: The slots it sends, in this order; all by default.
        headers: What it calls slots, where it uses another name.
        extra: Columns that are no slots: header, and the value with `{}` as in `same`.
        titles: Rows above the headers.
        total: First cell of a row below the last record, or empty.
        encoding: Of a text file.
        delimiter: Of a text file.
        line_ends: Of a text file: those of the first half of the lines, and of the rest.
        merged: Slots next to each other whose header cells are one merged cell, in a workbook.
        typed: Slots that a workbook stores as numbers or dates; the rest is text.
    """

    path: str
    standard: str
    source: str
    faults: tuple[Fault, ...] = ()
    records: int | None = None
    same: Mapping[str, str] = field(default_factory=dict)
    slots: tuple[str, ...] = ()
    headers: Mapping[str, str] = field(default_factory=dict)
    extra: Mapping[str, str] = field(default_factory=dict)
    titles: tuple[str, ...] = ()
    total: str = ""
    encoding: str = "utf-8"
    delimiter: str = ","
    line_ends: tuple[str, str] = ("\n", "\n")
    merged: tuple[str, ...] = ()
    typed: Mapping[str, type[int] | type[date]] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """Return a short name for files made from it, such as `northfolk-persons`."""
        return self.path.rpartition(".")[0].replace("/", "-")

    @property
    def first_row(self) -> int:
        """Return the row of the first record, as a spreadsheet counts."""
        return len(self.titles) + 2
