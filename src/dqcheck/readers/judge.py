"""The judgement on the lines of one block of a delimited file."""

from __future__ import annotations

__all__ = ["JudgedLines"]

from array import array
from enum import IntEnum

import polars as pl

from dqcheck.readers.dialect import Dialect, State
from dqcheck.readers.encoding import MARK
from dqcheck.readers.faults import FaultLog

_PLACES_SCHEMA = {"verdict": pl.Int64, "row": pl.Int64, "line": pl.Int64, "cells": pl.Int64}

# Where a quotation mark never closes, the search for its fellow must end.
_MAX_RECORD_LINES = 10_000
_MAX_SWALLOWED_RECORDS = 1_000


class _Verdict(IntEnum):
    GOOD = 0
    BLANK = 1
    STRAY = 2
    ENCODING = 3
    NUL = 4
    SHORT = 5
    LONG = 6
    QUOTE = 7
    HEADER = 8


_FIRST_REJECTING = _Verdict.ENCODING

_NAMES_AND_DETAILS = {
    _Verdict.ENCODING: ("bad_encoding", "bytes that are no characters in the file's encoding"),
    _Verdict.NUL: ("nul_byte", "NUL bytes"),
    _Verdict.SHORT: ("ragged_row", "too few cells: {} where the headers ask for {}"),
    _Verdict.LONG: ("ragged_row", "too many cells: {} where the headers ask for {}"),
    _Verdict.QUOTE: (
        "unterminated_quote",
        "a quotation mark is not closed, or text follows the one that closes",
    ),
    _Verdict.HEADER: ("repeated_header", "the headers again"),
    _Verdict.STRAY: ("stray_quote", "a quotation mark inside a cell that is not quoted"),
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
        self._odd = self._judge()

    def _judge(self) -> pl.DataFrame:
        """Return what is to be said of each line that is no good record by itself."""
        line, dialect = pl.col("line"), self._dialect
        records = self._lines.with_row_index("at").slice(self.skip, self._end - self.skip)
        inside = pl.lit(dialect.quote) + line
        return (
            records.filter(~dialect.holds(line))
            .select(
                pl.col("at"),
                dialect.state(line).alias("state"),
                (dialect.count_delimiters(line) + 1).alias("cells"),
                dialect.state(inside).alias("inner_state"),
                dialect.count_delimiters(inside).alias("inner_cells"),
                dialect.holds_leniently(line).alias("lenient"),
                (line.str.strip_chars() == "").alias("blank"),
                line.str.contains(MARK, literal=True).alias("marked"),
                line.str.contains("\x00", literal=True).alias("nul"),
                line.str.contains("\r", literal=True).alias("returns"),
                (line == dialect.header if dialect.header else pl.lit(value=False)).alias("header"),
            )
            .with_columns(_verdict(dialect.width).alias("verdict"))
        )

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
        odd = self._odd
        self.lone_returns = odd.select(
            (pl.col("returns") & (pl.col("state") == int(State.BROKEN))).any()
        ).item()
        if (odd["state"] == int(State.OPEN)).any():
            stop = self._walk_one_by_one(last=last)
        else:
            self._take_all(odd)
            stop = self._end
        self._end = stop
        if stop < len(self._lines) - self.footer:
            return stop
        self.dropped_lines.extend(range(stop, stop + self.footer))
        return stop + self.footer

    def _take_all(self, odd: pl.DataFrame) -> None:
        """Note the verdicts on lines of which none goes on in the next."""
        verdict, at = pl.col("verdict"), pl.col("at")
        blank = odd.filter(verdict == int(_Verdict.BLANK))
        self.blank_lines = len(blank)
        if self.blank_lines:
            self.first_blank = self._first_line + blank["at"][0] + 1
        self.stray_lines.extend(odd.filter(verdict == int(_Verdict.STRAY))["at"].to_list())
        self.rejected = odd.select((verdict >= int(_FIRST_REJECTING)).sum()).item()
        dropped = odd.filter((verdict == int(_Verdict.BLANK)) | (verdict >= int(_FIRST_REJECTING)))[
            "at"
        ]
        self.dropped_lines.extend(dropped.to_list())
        self.dropped_rows.extend((dropped.cast(pl.Int64) - self.skip).to_list())
        self._places = odd.filter(verdict >= int(_Verdict.STRAY)).select(
            "verdict", (at.cast(pl.Int64) - self.skip).alias("row"), at.alias("line"), "cells"
        )

    def _walk_one_by_one(self, *, last: bool) -> int:
        odd = self._odd
        self._at: list[int] = odd["at"].to_list()
        self._position = dict(zip(self._at, range(len(self._at)), strict=True))
        self._columns = {name: odd[name].to_list() for name in odd.columns if name != "at"}
        columns = self._columns
        quote = self._dialect.quote
        self._has_quote: list[bool] = (
            self._lines["line"].str.contains(quote, literal=True).to_list()
        )
        free = 0
        for index, start in enumerate(self._at):
            if start < free:
                continue
            verdict = columns["verdict"][index]
            if columns["state"][index] == State.OPEN:
                end, cells = self._find_end(index)
                if end == self._end and not last and end - start < _MAX_RECORD_LINES:
                    return start
                if end in (0, self._end):
                    free = start + 1
                    self._note(start, free, _Verdict.QUOTE)
                else:
                    free = end + 1
                    self._decide(start, free, cells)
            elif verdict != _Verdict.GOOD:
                self._note(start, start + 1, verdict, columns["cells"][index])
        self._places = pl.DataFrame(self._faults, schema=_PLACES_SCHEMA, orient="row")
        return self._end

    def _row(self, start: int) -> int:
        return start - self.skip - self.continued

    def _find_end(self, index: int) -> tuple[int, int]:
        """Return the last line of the record that opens a quote on odd line `index`.

        Returns 0 where the quote is not closed as it should be, the end of the block where it
        goes on; and the number of cells.
        """
        start, cells = self._at[index], self._columns["cells"][index]
        swallowed = 0
        for at in range(start + 1, min(self._end, start + _MAX_RECORD_LINES)):
            position = self._position.get(at)
            if position is None:
                state, more = self._judge_inside(at)
                swallowed += 1
            else:
                state = self._columns["inner_state"][position]
                more = self._columns["inner_cells"][position]
            cells += more
            if state == State.BROKEN or swallowed > _MAX_SWALLOWED_RECORDS:
                return 0, cells
            if state == State.WHOLE:
                # A good record inside a bad one: the quote before it was left open.
                misread = swallowed and cells != self._dialect.width
                return (0 if misread else at), cells
        return self._end, cells

    def _judge_inside(self, at: int) -> tuple[int, int]:
        if not self._has_quote[at]:
            return State.OPEN, 0
        line = pl.lit(self._dialect.quote) + pl.col("line")
        state: int
        cells: int
        state, cells = (
            self._lines.slice(at, 1)
            .select(
                self._dialect.state(line).alias("state"),
                self._dialect.count_delimiters(line).alias("cells"),
            )
            .row(0)
        )
        return state, cells

    def _decide(self, start: int, stop: int, cells: int) -> None:
        """Accept or reject the record on the lines from `start` to before `stop`."""
        width = self._dialect.width
        if self._any("marked", start, stop):
            self._note(start, stop, _Verdict.ENCODING)
        elif self._any("nul", start, stop):
            self._note(start, stop, _Verdict.NUL)
        elif cells != width:
            self._note(start, stop, _Verdict.SHORT if cells < width else _Verdict.LONG, cells)
        else:
            self._continue_after(start, stop)

    def _any(self, name: str, start: int, stop: int) -> bool:
        column, position = self._columns[name], self._position
        return any(column[position[at]] for at in range(start, stop) if at in position)

    def _note(self, start: int, stop: int, verdict: int, cells: int = 0) -> None:
        """Note the verdict on the lines from `start` to before `stop`."""
        row = self._row(start)
        if verdict == _Verdict.STRAY:
            self.stray_lines.append(start)
        else:
            self.dropped_rows.append(row)
            self.dropped_lines.extend(range(start, stop))
        if verdict == _Verdict.BLANK:
            self.first_blank = self.first_blank or self._first_line + start + 1
            self.blank_lines += 1
        else:
            self._faults.append((verdict, row, start, cells))
            self.rejected += verdict >= _FIRST_REJECTING
        self._continue_after(start, stop)

    def _continue_after(self, start: int, stop: int) -> None:
        if stop - start == 1:
            return
        self.continued += stop - start - 1
        self.inner_crlf += sum(self._crlf[start : stop - 1])
        self.line_rows.append(self._first_row + self._row(stop))
        self.line_numbers.append(self._first_line + stop + 1)

    def report(self, log: FaultLog) -> None:
        """Tell `log` what was found."""
        places = self._places.with_columns(
            pl.col("row") + self._first_row, pl.col("line") + self._first_line + 1
        )
        for verdict, (name, detail) in _NAMES_AND_DETAILS.items():
            found = places.filter(pl.col("verdict") == int(verdict))
            if len(found):
                text = (
                    pl.format(detail, pl.col("cells"), pl.lit(str(self._dialect.width)))
                    if "{}" in detail
                    else pl.lit(detail)
                )
                log.add_all(name, found.select("row", "line", detail=text))


def _verdict(width: int) -> pl.Expr:
    """Return the verdict on a line that is taken for a record by itself."""
    whole = pl.col("state") == int(State.WHOLE)
    return (
        pl.when("blank")
        .then(int(_Verdict.BLANK))
        .when("marked")
        .then(int(_Verdict.ENCODING))
        .when("nul")
        .then(int(_Verdict.NUL))
        .when(~whole & pl.col("lenient"))
        .then(int(_Verdict.STRAY))
        .when(~whole)
        .then(int(_Verdict.QUOTE))
        .when(pl.col("cells") < width)
        .then(int(_Verdict.SHORT))
        .when(pl.col("cells") > width)
        .then(int(_Verdict.LONG))
        .when("header")
        .then(int(_Verdict.HEADER))
        .otherwise(int(_Verdict.GOOD))
    )
