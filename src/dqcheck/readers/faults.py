"""What can be physically wrong with a file: the catalogue, and the log that readers write to."""

from __future__ import annotations

__all__ = ["CATALOGUE", "FAULT_SCHEMA", "FaultKind", "FaultLog"]

from dataclasses import dataclass

import polars as pl

from dqcheck.model import Dimension, Severity

FAULT_SCHEMA: dict[str, pl.DataType] = {
    "check": pl.String(),
    "severity": pl.String(),
    "row": pl.UInt32(),
    "line": pl.UInt32(),
    "column": pl.UInt32(),
    "detail": pl.String(),
}


@dataclass(frozen=True, slots=True)
class FaultKind:
    """One kind of physical fault.

    Attributes:
        id: `file.<name>`, never reused.
        title: What should hold, in plain words.
        severity: How bad it is.
        dimension: What it measures.
        meaning: What it is and why it matters.
        fix: How to put it right.
        rejects: Whether the record is rejected for it.
    """

    id: str
    title: str
    severity: Severity
    dimension: Dimension
    meaning: str
    fix: str
    rejects: bool = False


_VALIDITY, _CONSISTENCY = Dimension.VALIDITY, Dimension.CONSISTENCY
_COMPLETENESS = Dimension.COMPLETENESS
_VIOLATION, _WARNING, _INFO = Severity.VIOLATION, Severity.WARNING, Severity.INFO

_KINDS = (
    FaultKind(
        "file.bad_encoding",
        "Every byte belongs to the file's encoding",
        _VIOLATION,
        _VALIDITY,
        "The record holds bytes that are no characters in the encoding of the file, so that what "
        "was written can't be known. The record is rejected.",
        "Export the file again as UTF-8, from the system that holds the values.",
        rejects=True,
    ),
    FaultKind(
        "file.encoding_guessed",
        "A text file is in UTF-8 or says what it is in",
        _INFO,
        _CONSISTENCY,
        "The file is not UTF-8 and does not say what it is in; it was read in an older encoding "
        "that fits all its bytes. Accented letters and quotation marks may be others.",
        "Export as UTF-8, or give the encoding in the import options.",
    ),
    FaultKind(
        "file.ragged_row",
        "Every record has as many cells as there are headers",
        _VIOLATION,
        _VALIDITY,
        "The record has more or fewer cells than the headers ask for, so that no cell can be "
        "trusted to stand under its header. The record is rejected.",
        "Put cells that hold the delimiter or a line break in double quotes when exporting.",
        rejects=True,
    ),
    FaultKind(
        "file.unterminated_quote",
        "Every quotation mark that opens is closed",
        _VIOLATION,
        _VALIDITY,
        "A cell opens with a quotation mark that is not closed properly. The line is rejected and "
        "reading goes on with the next one.",
        "Double the quotation marks inside quoted cells when exporting.",
        rejects=True,
    ),
    FaultKind(
        "file.stray_quote",
        "Quotation marks inside a cell are doubled and the cell is quoted",
        _WARNING,
        _VALIDITY,
        'A cell that is not quoted holds a quotation mark, as in 5" pipe. It was read as it '
        "stands; other programs may join the lines that follow to it.",
        "Quote such cells and double the quotation marks in them when exporting.",
    ),
    FaultKind(
        "file.nul_byte",
        "A text file has no NUL bytes",
        _VIOLATION,
        _VALIDITY,
        "The record holds NUL bytes, a sign of a broken transfer or of padding. It is rejected.",
        "Export the file again and compare the sizes on both sides of the transfer.",
        rejects=True,
    ),
    FaultKind(
        "file.mixed_line_ends",
        "All lines end in the same way",
        _WARNING,
        _CONSISTENCY,
        "Some lines end in one way and some in another, a sign of files that were joined or "
        "edited by hand.",
        "Export the file in one go, without editing it.",
    ),
    FaultKind(
        "file.blank_line",
        "There are no blank lines between records",
        _INFO,
        _CONSISTENCY,
        "Blank lines stand between the records. They are skipped and are not records.",
        "Leave them out when exporting.",
    ),
    FaultKind(
        "file.empty_row",
        "The last row is a record with values",
        _WARNING,
        _COMPLETENESS,
        "The file ends in rows whose cells are all empty, as spreadsheets save them. They are "
        "records with every value missing and are counted as such.",
        "Delete the empty rows below the table before saving it as text.",
    ),
    FaultKind(
        "file.padded_header",
        "Headers have no spaces around them",
        _WARNING,
        _CONSISTENCY,
        "A header begins or ends with a space. It was matched without it; other programs take it "
        "for another name.",
        "Write the headers without spaces around them.",
    ),
    FaultKind(
        "file.padded_cells",
        "Values do not begin with a space",
        _WARNING,
        _CONSISTENCY,
        "Every value of the column begins with a space, as where a space follows each delimiter. "
        "The space is part of the value, so that codes and patterns do not match.",
        "Export without spaces after the delimiter.",
    ),
    FaultKind(
        "file.empty_column",
        "Every column has a header or a value",
        _WARNING,
        _CONSISTENCY,
        "Columns have neither a header nor a value in any row, as where every line ends with a "
        "delimiter. They are left out.",
        "Export without the delimiter at the end of each line, or delete the empty columns.",
    ),
    FaultKind(
        "file.duplicate_header",
        "No two columns have the same header",
        _VIOLATION,
        _CONSISTENCY,
        "Several columns have the same header, so that the header does not say which is meant.",
        "Give each column a name of its own.",
    ),
    FaultKind(
        "file.empty_header",
        "Every column has a header",
        _WARNING,
        _COMPLETENESS,
        "A column has no header, so that nobody can tell what it holds.",
        "Name the column, or leave it out.",
    ),
    FaultKind(
        "file.merged_header",
        "Header cells are not merged",
        _WARNING,
        _CONSISTENCY,
        "Header cells are merged over several columns or rows: only the first of them has the "
        "text.",
        "Undo the merging and name each column.",
    ),
    FaultKind(
        "file.header_looks_like_data",
        "The first row holds headers",
        _VIOLATION,
        _VALIDITY,
        "The first row looks like data. It was not counted as a record, and its cells are shown "
        "as shapes only.",
        "Send a header row. Until then name the columns in their order, with "
        "`--read header=NAME,NAME,…`: the first row is then a record.",
    ),
    FaultKind(
        "file.repeated_header",
        "The header row stands in the file once",
        _WARNING,
        _CONSISTENCY,
        "A record repeats the headers, a sign of files that were joined. It is rejected.",
        "Leave the header row out when joining files.",
        rejects=True,
    ),
    FaultKind(
        "file.title_rows",
        "The header row is the first row",
        _INFO,
        _CONSISTENCY,
        "Rows above the headers hold a title or nothing. They are skipped and are not records.",
        "Export the table alone, or set the number of rows to skip.",
    ),
    FaultKind(
        "file.footer_rows",
        "The last row is a record",
        _INFO,
        _CONSISTENCY,
        "Rows at the end hold totals, filters or remarks. They are skipped and are not records.",
        "Export the table alone, or set the number of rows to skip.",
    ),
    FaultKind(
        "file.leading_zeros_lost",
        "Codes keep their leading zeros",
        _WARNING,
        _VALIDITY,
        "A column that looks like a code or number of fixed length has values that are too short "
        "by the zeros a spreadsheet would have taken away.",
        "Mark the column as text before exporting, or export without a spreadsheet between.",
    ),
    FaultKind(
        "file.excel_serial_date",
        "Dates are written as dates",
        _WARNING,
        _VALIDITY,
        "A date column holds numbers that fit a spreadsheet's count of days since 1900.",
        "Format the column as a date, best as YYYY-MM-DD, before exporting.",
    ),
    FaultKind(
        "file.scientific_notation",
        "Long numbers are written in full",
        _WARNING,
        _VALIDITY,
        "A column holds numbers in the form 1.23E+11. A spreadsheet has rounded them: the last "
        "digits are lost.",
        "Mark the column as text before exporting, or export without a spreadsheet between.",
    ),
    FaultKind(
        "file.error_value",
        "Cells hold values, not errors",
        _VIOLATION,
        _VALIDITY,
        "The cell holds a spreadsheet error such as a division by zero. It is read as missing.",
        "Put the formula right, or paste its values.",
    ),
    FaultKind(
        "file.number_as_text",
        "A column is stored in one way",
        _INFO,
        _CONSISTENCY,
        "A column holds numbers that are stored as numbers and numbers that are stored as text.",
        "Give the whole column one cell format.",
    ),
    FaultKind(
        "file.formula_without_value",
        "Formulas have been calculated",
        _VIOLATION,
        _COMPLETENESS,
        "A cell holds a formula whose result was never stored in the file. It is read as missing.",
        "Open the workbook in a spreadsheet program, let it calculate, and save it.",
    ),
    FaultKind(
        "file.malformed_record",
        "Every record is a JSON object",
        _VIOLATION,
        _VALIDITY,
        "The record is no valid JSON object. It is rejected.",
        "Write the file with a JSON library.",
        rejects=True,
    ),
    FaultKind(
        "file.duplicate_json_key",
        "No key stands twice in a record",
        _VIOLATION,
        _CONSISTENCY,
        "The record has the same key twice; the first value was read.",
        "Write each key once.",
    ),
)

CATALOGUE: dict[str, FaultKind] = {kind.id: kind for kind in _KINDS}


class FaultLog:
    """Collects the faults of one export; rows of faults live in frames, never in objects."""

    __slots__ = ("_frames",)

    def __init__(self) -> None:
        """Start with nothing found."""
        self._frames: list[pl.DataFrame] = []

    def add(
        self,
        name: str,
        detail: str,
        *,
        row: int | None = None,
        line: int | None = None,
        column: int | None = None,
    ) -> None:
        """Note one fault `file.<name>`; `detail` holds counts and shapes, never a value."""
        places = {"row": [row], "line": [line], "column": [column], "detail": [detail]}
        self.add_all(name, pl.DataFrame(places, schema_overrides=FAULT_SCHEMA))

    def add_all(self, name: str, places: pl.DataFrame) -> None:
        """Note a fault `file.<name>` for each row of `places`.

        Args:
            name: The fault's id without `file.`.
            places: `detail` (String) and any of `row`, `line`, `column` (integers, null if not
                known).
        """
        kind = CATALOGUE[f"file.{name}"]
        given = [
            pl.col(column).cast(dtype) if column in places.columns else pl.lit(None, dtype)
            for column, dtype in FAULT_SCHEMA.items()
            if column not in {"check", "severity"}
        ]
        names = [column for column in FAULT_SCHEMA if column not in {"check", "severity"}]
        self._frames.append(
            places.select(
                pl.lit(kind.id).alias("check"),
                pl.lit(kind.severity.value).alias("severity"),
                *[value.alias(column) for value, column in zip(given, names, strict=True)],
            )
        )

    def extend(self, other: FaultLog) -> None:
        """Take over all faults of `other`."""
        self._frames += other._frames

    def collect(self) -> pl.DataFrame:
        """Return all faults, columns as `FAULT_SCHEMA`, by row, then column, then check."""
        if not self._frames:
            return pl.DataFrame(schema=FAULT_SCHEMA)
        return pl.concat(self._frames).sort("row", "column", "check", nulls_last=True)
