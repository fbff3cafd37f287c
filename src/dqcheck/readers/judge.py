"""The judgement on the lines of one block of a delimited file."""

from __future__ import annotations

__all__ = ["JudgedLines"]

from array import array
from enum import IntEnum

import polars as pl

from dqcheck.readers.dialect import Dialect, State
from dqcheck.readers.encoding import MARK
from dqcheck.readers.faults import FaultLog

# Where a quotation mark never closes, the search for its fellow must end.
_MAX_RECORD_LINES = 10_000


class _Fault(IntEnum):
    ENCODING = 0
    NUL = 1
    SHORT = 2
    LONG = 3
    QUOTE = 4
    HEADER = 5
    STRAY = 6


_NAMES_AND_DETAILS = {
    _Fault.ENCODING: ("bad_encoding", "bytes that are no characters in the file's encoding"),
    _Fault.NUL: ("nul_byte", "NUL bytes"),
    _Fault.SHORT: ("ragged_row", "too few cells: {} where the headers ask for {}"),
    _Fault.LONG: ("ragged_row", "too many cells: {} where the headers ask for {}"),
    _Fault.QUOTE: (
        "unterminated_quote",
        "a quotation mark is not closed, or text follows the one that closes",
    ),
    _Fault.HEADER: ("repeated_header", "the headers again"),
    _Fault.STRAY: ("stray_quote", "a quotation mark inside a cell that is not quoted"),
}


class JudgedLines:
    """The lines of one block, judged.

    Attributes:
        skip: Lines at the beginning that are above the records.
        footer: Lines at the end that are below the records.
        continued: Lines that go on with the record of the line before.
        rejected: Records rejected.
        blank_lines: Lines with nothing on them.
        first_blank: The first of them, as a line number of the file.
        dropped_lines: Lines of no record, counted from 0.
        stray_lines: Lines to be quoted anew, counted from 0.
        dropped_rows: Rows that are not read, counted from 0.
        line_rows: Rows of the file that follow a record of several lines.
        line_numbers: The lines they begin on.
        inner_crlf: Carriage return and line feed within records.
        lone_returns: Whether carriage returns stand alone outside quotes.
    """

    def __init__(self, lines: pl.DataFrame, dialect: Dialect, skip: int, footer: int) -> None:
        """Judge each line by itself.

        Args:
            lines: `line` (String, without its end) and `crlf` (Boolean, how it ended).
            dialect: How the file is written.
            skip: Lines at the beginning that are above the records.
            footer: Lines at the end that are below the records.
        """
        self.skip, self.footer = skip, footer
        self.continued = self.rejected = self.blank_lines = self.first_blank = 0
        self.inner_crlf = 0
        self.lone_returns = False
        self.dropped_lines, self.stray_lines = array("I"), array("I")
        self.dropped_rows = array("I")
        self.line_rows: list[int] = []
        self.line_numbers: list[int] = []
        self.dropped_lines.extend(range(skip))
        self._lines, self._dialect = lines, dialect
        self._crlf: list[bool] = lines["crlf"].to_list() if lines["crlf"].any() else []
        self._end = len(lines) - footer
        self._faults: list[tuple[int, int, int, int]] = []
        self._judge()

    def _judge(self) -> None:
        line, dialect = pl.col("line"), self._dialect
        records = self._lines.with_row_index("at").slice(self.skip, self._end - self.skip)
        inside = pl.lit(dialect.quote) + line
        odd = records.filter(~dialect.holds(line)).select(
            pl.col("at"),
            dialect.state(line).alias("state"),
            dialect.count_delimiters(line).alias("delimiters"),
            dialect.state(inside).alias("inner_state"),
            dialect.count_delimiters(inside).alias("inner_delimiters"),
            dialect.holds_leniently(line).alias("lenient"),
            (line.str.strip_chars() == "").alias("blank"),
            line.str.contains(MARK, literal=True).alias("marked"),
            line.str.contains("\x00", literal=True).alias("nul"),
            line.str.contains("\r", literal=True).alias("returns"),
            (line == dialect.header if dialect.header else pl.lit(value=False)).alias("header"),
        )
        self._at: list[int] = odd["at"].to_list()
        self._position = dict(zip(self._at, range(len(self._at)), strict=True))
        self._columns: dict[str, list[int]] = {
            name: odd[name].to_list() for name in odd.columns if name != "at"
        }

    def walk(self, first_line: int, first_row: int, *, last: bool) -> int:
        """Join lines to records and note what is wrong.

        Args:
            first_line: Lines of the file before this block.
            first_row: Row of the first record of this block.
            last: Whether the file ends with this block.

        Returns:
            How many lines were judged; the rest may go on in the next block.
        """
        self._first_line, self._first_row = first_line, first_row
        free = 0
        columns = self._columns
        for index, start in enumerate(self._at):
            if start < free:
                continue
            state, cells = columns["state"][index], columns["delimiters"][index] + 1
            if state == State.OPEN:
                end, cells = self._find_end(index, cells)
                if end == self._end and not last and end - start < _MAX_RECORD_LINES:
                    self._end = start
                    return start
                if end in (0, self._end):
                    free = start + 1
                    self._reject(start, free, _Fault.QUOTE)
                else:
                    free = end + 1
                    self._decide(start, free, cells)
            elif columns["blank"][index]:
                self._skip_blank(start)
            elif state == State.WHOLE:
                self._decide(start, start + 1, cells)
            else:
                self._break(index, start)
        self.dropped_lines.extend(range(self._end, self._end + self.footer))
        return self._end + self.footer

    def _row(self, start: int) -> int:
        return start - self.skip - self.continued

    def _find_end(self, index: int, cells: int) -> tuple[int, int]:
        """Return the last line of the record that opens a quote on odd line `index`.

        Returns 0 where the quote is not closed as it should be, the end of the block where it
        goes on; and the number of cells.
        """
        start = self._at[index]
        whole_inside = False
        for at in range(start + 1, min(self._end, start + _MAX_RECORD_LINES)):
            position = self._position.get(at)
            if position is None:
                state, delimiters = self._continue(at)
                whole_inside = True
            else:
                state = self._columns["inner_state"][position]
                delimiters = self._columns["inner_delimiters"][position]
            cells += delimiters
            if state == State.BROKEN:
                return 0, cells
            if state == State.WHOLE:
                # A good record inside a bad one: its opening quote was left open.
                bad = cells != self._dialect.width and whole_inside
                return (0 if bad else at), cells
        return self._end, cells

    def _continue(self, at: int) -> tuple[int, int]:
        line = self._lines.slice(at, 1).select(pl.lit(self._dialect.quote) + pl.col("line"))
        state, delimiters = line.select(
            self._dialect.state(pl.first()).alias("state"),
            self._dialect.count_delimiters(pl.first()).alias("delimiters"),
        ).row(0)
        return state, delimiters

    def _decide(self, start: int, stop: int, cells: int) -> None:
        """Accept or reject the record on the lines from `start` to before `stop`."""
        width = self._dialect.width
        if self._any("marked", start, stop):
            self._reject(start, stop, _Fault.ENCODING)
        elif self._any("nul", start, stop):
            self._reject(start, stop, _Fault.NUL)
        elif cells != width:
            self._reject(start, stop, _Fault.SHORT if cells < width else _Fault.LONG, cells)
        elif self._any("header", start, start + 1):
            self._reject(start, stop, _Fault.HEADER)
        else:
            self._continue_after(start, stop)

    def _break(self, index: int, start: int) -> None:
        columns = self._columns
        self.lone_returns |= bool(columns["returns"][index])
        if columns["marked"][index]:
            self._reject(start, start + 1, _Fault.ENCODING)
        elif columns["nul"][index]:
            self._reject(start, start + 1, _Fault.NUL)
        elif columns["lenient"][index]:
            self.stray_lines.append(start)
            self._faults.append((_Fault.STRAY, self._row(start), start, 0))
        else:
            self._reject(start, start + 1, _Fault.QUOTE)

    def _any(self, name: str, start: int, stop: int) -> bool:
        column, position = self._columns[name], self._position
        return any(column[position[at]] for at in range(start, stop) if at in position)

    def _reject(self, start: int, stop: int, fault: _Fault, cells: int = 0) -> None:
        self.rejected += 1
        self._faults.append((fault, self._row(start), start, cells))
        self.dropped_rows.append(self._row(start))
        self.dropped_lines.extend(range(start, stop))
        self._continue_after(start, stop)

    def _skip_blank(self, start: int) -> None:
        if not self.blank_lines:
            self.first_blank = self._first_line + start + 1
        self.blank_lines += 1
        self.dropped_rows.append(self._row(start))
        self.dropped_lines.append(start)

    def _continue_after(self, start: int, stop: int) -> None:
        if stop - start == 1:
            return
        self.continued += stop - start - 1
        self.inner_crlf += sum(self._crlf[start : stop - 1])
        self.line_rows.append(self._first_row + self._row(stop))
        self.line_numbers.append(self._first_line + stop + 1)

    def report(self, log: FaultLog) -> None:
        """Tell `log` what was found."""
        if not self._faults:
            return
        places = pl.DataFrame(
            self._faults, schema=["fault", "row", "line", "cells"], orient="row"
        ).with_columns(pl.col("row") + self._first_row, pl.col("line") + self._first_line + 1)
        for fault, (name, detail) in _NAMES_AND_DETAILS.items():
            found = places.filter(pl.col("fault") == int(fault))
            if len(found):
                width = str(self._dialect.width)
                text = (
                    pl.format(detail, pl.col("cells"), pl.lit(width))
                    if "{}" in detail
                    else pl.lit(detail)
                )
                log.add_all(name, found.select("row", "line", detail=text))
