"""The physical look at a delimited file: which lines are records, and which can't be trusted.

All lines are judged at once; only those that are no record by themselves are looked at one by
one: the lines of cells with line breaks in them, and what is broken.
"""

from __future__ import annotations

__all__ = ["Block", "Survey", "survey"]

from array import array
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

import polars as pl

from dqcheck.readers.dialect import Dialect
from dqcheck.readers.faults import FaultLog
from dqcheck.readers.judge import JudgedLines


@dataclass(frozen=True, slots=True)
class Block:
    """A stretch of a file that begins and ends with a record.

    Attributes:
        size: Bytes, as UTF-8.
        first_row: Row of its first record.
        dropped_lines: Lines that are no part of a record, counted from 0 within the block.
        stray_lines: Lines whose bare cells hold quotation marks.
        dropped_rows: Rows that are not read, counted from 0 within the block.
        records: Records to read.
    """

    size: int
    first_row: int
    dropped_lines: array[int]
    stray_lines: array[int]
    dropped_rows: array[int]
    records: int


@dataclass(slots=True)
class Survey:
    """What was found in a file; grows while the file is read.

    Attributes:
        blocks: The blocks of the file in order.
        rows_read: Records that can be trusted.
        rows_rejected: Records that can't.
        line_rows: Rows after which row and line count differ from before.
        line_numbers: The lines of these rows, the first being 1.
        lines: Physical lines seen.
        ends: Records that end in a line feed, and in carriage return and line feed.
        lone_returns: Whether carriage returns stand alone outside quotes.
        unended: Whether the last line has no end.
        blank_lines: Lines between records with nothing on them.
        first_blank: The first of them, as a line number.
    """

    blocks: list[Block] = field(default_factory=list)
    rows_read: int = 0
    rows_rejected: int = 0
    line_rows: list[int] = field(default_factory=list)
    line_numbers: list[int] = field(default_factory=list)
    lines: int = 0
    ends: list[int] = field(default_factory=lambda: [0, 0])
    lone_returns: bool = False
    unended: bool = False
    blank_lines: int = 0
    first_blank: int = 0

    @property
    def is_clean(self) -> bool:
        """Return whether every line from the first record on is part of a good record."""
        return self.rows_rejected == self.blank_lines == 0 and not any(
            block.stray_lines for block in self.blocks
        )


def survey(
    blocks: Iterable[bytes],
    dialect: Dialect,
    *,
    skip_lines: int,
    first_row: int,
    find_footer: Callable[[bytes], int],
    log: FaultLog,
) -> Survey:
    """Return what is in the `blocks` of a file; faults go to `log`.

    Args:
        blocks: UTF-8, each ending with a line, the last maybe not.
        dialect: How the file is written.
        skip_lines: Lines above the first record.
        first_row: Row of the first record.
        find_footer: Says how many lines at the end of the last bytes are no record.
        log: Takes one fault for each rejected record.
    """
    result = Survey()
    walk = _Walk(dialect, result, skip_lines, first_row, log)
    waiting = b""
    for block in blocks:
        if waiting:
            walk.take(waiting, None)
        waiting = walk.left + block
    walk.take(waiting, find_footer)
    return result


class _Walk:
    """One pass over the blocks of a file."""

    def __init__(
        self, dialect: Dialect, result: Survey, skip_lines: int, first_row: int, log: FaultLog
    ) -> None:
        self.left = b""
        self._dialect = dialect
        self._result = result
        self._skip = skip_lines
        self._row = first_row
        self._log = log
        result.line_rows.append(first_row)
        result.line_numbers.append(skip_lines + 1)

    def take(self, data: bytes, find_footer: Callable[[bytes], int] | None) -> None:
        """Look at `data`; what may go on in the next block is kept in `left`.

        Args:
            data: The next bytes of the file.
            find_footer: Given with the last of them.
        """
        raw = pl.Series("line", [data], dtype=pl.Binary).cast(pl.String)
        lines = raw.str.split("\n").explode(empty_as_null=True, keep_nulls=True)
        if data.endswith(b"\n"):
            lines = lines.head(-1)
        frame = lines.to_frame().select(
            pl.col("line").str.strip_suffix("\r"), crlf=pl.col("line").str.ends_with("\r")
        )
        skip = min(self._skip, len(lines))
        footer = find_footer(_from_line(data, skip)) if find_footer else 0
        judged = JudgedLines(frame, self._dialect, skip, footer)
        stop = judged.walk(self._result.lines, self._row, last=find_footer is not None)
        self._result.unended = not data.endswith(b"\n")
        self._result.lone_returns |= judged.lone_returns or (
            find_footer is not None and data.endswith(b"\r")
        )
        self.left = b"" if stop == len(lines) else _from_line(data, stop)
        self._note(judged, frame, stop, len(data) - len(self.left))
        self._skip = max(self._skip - stop, 0)

    def _note(self, judged: JudgedLines, frame: pl.DataFrame, stop: int, size: int) -> None:
        result = self._result
        rows = stop - judged.skip - judged.footer - judged.continued
        dropped = judged.dropped_rows
        result.blocks.append(
            Block(
                size,
                self._row,
                judged.dropped_lines,
                judged.stray_lines,
                dropped,
                rows - len(dropped),
            )
        )
        result.rows_read += rows - len(dropped)
        result.rows_rejected += judged.rejected
        result.line_rows += judged.line_rows
        result.line_numbers += judged.line_numbers
        if judged.blank_lines and not result.blank_lines:
            result.first_blank = judged.first_blank
        result.blank_lines += judged.blank_lines
        ends = frame["crlf"].slice(judged.skip, stop - judged.skip - judged.footer)
        crlf = int(ends.sum()) - judged.inner_crlf
        result.ends[1] += crlf
        result.ends[0] += rows - crlf
        judged.report(self._log)
        result.lines += stop
        self._row += rows


def _from_line(data: bytes, line: int) -> bytes:
    return b"".join(data.split(b"\n", line)[line:])
