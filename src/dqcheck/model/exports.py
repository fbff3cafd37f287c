"""An export as sent, and which of its columns stands for which slot."""

from __future__ import annotations

__all__ = ["Binding", "Column", "Export", "Match", "items_column", "kind_column"]

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import polars as pl


def kind_column(name: str) -> str:
    """Return the name of the frame column that holds the kinds of column `name` (UInt8)."""
    return f"{name}\x1fkind"


def items_column(name: str) -> str:
    """Return the name of the frame column that holds the lists of column `name`.

    Its dtype is List(Struct{text: String, kind: UInt8}); null where the cell is no list.
    """
    return f"{name}\x1fitems"


@dataclass(frozen=True, slots=True)
class Column:
    """One column of an export as sent.

    Attributes:
        position: 1 for the first.
        header: The header as found, trimmed; empty if it has none.
        name: Its name in `Export.frame`: `c1`, `c2`, …
    """

    position: int
    header: str
    name: str


@dataclass(frozen=True, slots=True)
class Export:
    """An agency's table as sent, every value as text.

    Attributes:
        path: As the user named it; control characters removed.
        format: csv, tsv, xlsx, xls, ods, parquet, json, jsonl, frame or records.
        columns: In the order of the file.
        frame: One row a record. `row` (UInt32): the record number a spreadsheet shows, where the
            header is 1, so that the first record of a plain file is 2. For each column `c1` …
            (String, null where empty). Where `strict_kinds`: also `kind_column("c1")` (UInt8, a
            `Kind`) and, for columns that hold lists, `items_column("c1")`.
        strict_kinds: Whether the format tells 5 from "5" (JSON, typed frames): the type checks
            then look at the kind. False for CSV and Excel.
        lines: Physical lines of records: from record number `row` on, `line` + (record − row).
            Columns `row` (UInt32), `line` (UInt32), sorted. None where the format has no lines.
        sheet: The sheet's name in a workbook.
        rows_read: Records in `frame`.
        rows_rejected: Records of the file that are not in `frame`; each has a fault.
        faults: What is physically wrong, one row a place: `check` (String, `file.ragged_row` …),
            `severity` (String), `row` (UInt32, null if unknown), `line` (UInt32, null),
            `column` (UInt32 position, null), `detail` (String; plain words with counts and
            shapes, never a value).
        layout: How the file was read: encoding, delimiter, header row, skipped rows, and the like.
        notes: Sentences for the steward, such as the title rows that were skipped.
        sha256: Of the bytes of the file; empty for frames and records.
        headers_trusted: False where the first row looks like data: headers then print as shapes.
    """

    path: str
    format: str
    columns: tuple[Column, ...]
    frame: pl.LazyFrame = field(repr=False)
    faults: pl.DataFrame = field(repr=False)
    rows_read: int
    rows_rejected: int = 0
    strict_kinds: bool = False
    lines: pl.DataFrame | None = None
    sheet: str | None = None
    layout: dict[str, str] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    sha256: str = ""
    headers_trusted: bool = True


class Match(StrEnum):
    """How a header came to its slot; only `exact` is what the standard asks for."""

    EXACT = "exact"
    CASE = "case"
    ALIAS = "alias"


@dataclass(frozen=True, slots=True)
class Binding:
    """Which column of an export stands for which slot of a class.

    Attributes:
        slots: Slot name to column and how it matched.
        absent: Slots of the class with no column.
        unknown: Columns that are no slot, with the nearest slot names as suggestions.
    """

    slots: dict[str, tuple[Column, Match]]
    absent: tuple[str, ...]
    unknown: tuple[tuple[Column, tuple[str, ...]], ...]
