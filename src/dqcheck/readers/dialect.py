"""How a delimited file is written, and regular expressions that say which lines are records.

A record is well formed if each cell is either bare, without quotation marks, or quoted, with the
quotation marks inside doubled (RFC 4180, section 2), and if there are as many cells as columns.
One regular expression says so for all lines of a good file.
"""

from __future__ import annotations

__all__ = ["Dialect", "State", "is_well_formed"]

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntEnum
from pathlib import Path

import polars as pl

from dqcheck.readers.encoding import MARK

# Longer repetitions make regular expressions that are slower than counting.
_MAX_PATTERN_WIDTH = 300


@dataclass(frozen=True, slots=True)
class Dialect:
    """How a delimited file is written.

    Attributes:
        delimiter: Between cells.
        quote: Around cells; empty if none.
        width: Columns.
        header: The header line, as it stands; empty if there is none or it spans lines.
    """

    delimiter: str
    quote: str
    width: int
    header: str = ""

    def _cell(self, outside: str = "", inside: str = "") -> str:
        delimiter = re.escape(self.delimiter)
        if not self.quote:
            return rf"[^{delimiter}\r{outside}]*"
        quote = re.escape(self.quote)
        bare = rf"[^{quote}{delimiter}\r{outside}]*"
        return f"(?:{bare}|{quote}(?:[^{quote}{inside}]|{quote}{quote})*{quote})"

    def _repeat(self, cell: str) -> str:
        delimiter = re.escape(self.delimiter)
        if self.width > _MAX_PATTERN_WIDTH:
            return f"^{cell}(?:{delimiter}{cell})*$"
        return f"^{cell}(?:{delimiter}{cell}){{{self.width - 1}}}$"

    def holds(self, line: pl.Expr) -> pl.Expr:
        """Return whether `line` is a whole, well-formed record that is not the header."""
        bad = f"\\x00{MARK}"
        good = line.str.contains(self._repeat(self._cell(bad, bad)))
        if self.width == 1:
            good &= line != ""
        if self.width > _MAX_PATTERN_WIDTH:
            good &= self.count_delimiters(line) == self.width - 1
        return good & (line != self.header) if self.header and self.width > 1 else good

    def holds_leniently(self, line: pl.Expr) -> pl.Expr:
        """Return whether `line` is a record, quotation marks inside bare cells allowed."""
        if not self.quote:
            return pl.lit(value=False)
        delimiter, quote = re.escape(self.delimiter), re.escape(self.quote)
        bare = rf"(?:[^{quote}{delimiter}\r][^{delimiter}\r]*)?"
        cell = f"(?:{bare}|{quote}(?:[^{quote}]|{quote}{quote})*{quote})"
        return line.str.contains(self._repeat(cell)) & pl.lit(self.width <= _MAX_PATTERN_WIDTH)

    def count_delimiters(self, line: pl.Expr) -> pl.Expr:
        """Return how many delimiters stand outside quotes in `line`."""
        if self.quote:
            quote = re.escape(self.quote)
            line = line.str.replace_all(f"{quote}[^{quote}]*{quote}?", "")
        return line.str.count_matches(self.delimiter, literal=True)

    def state(self, line: pl.Expr) -> pl.Expr:
        """Return the `State` after `line` (Int32), which begins outside quotes."""
        cell, delimiter = self._cell(), re.escape(self.delimiter)
        whole = line.str.contains(f"^{cell}(?:{delimiter}{cell})*$")
        if not self.quote:
            return pl.when(whole).then(int(State.WHOLE)).otherwise(int(State.BROKEN))
        quote = re.escape(self.quote)
        open_ = line.str.contains(f"^(?:{cell}{delimiter})*{quote}(?:[^{quote}]|{quote}{quote})*$")
        return (
            pl.when(whole)
            .then(int(State.WHOLE))
            .when(open_)
            .then(int(State.OPEN))
            .otherwise(int(State.BROKEN))
        )


class State(IntEnum):
    """Where a line that begins outside quotes ends: outside, inside, or nowhere that is right."""

    WHOLE = 0
    OPEN = 1
    BROKEN = 2


def is_well_formed(path: Path, dialect: Dialect, expected: Iterable[str]) -> int | None:
    """Return how many lines `path` has if all are records, or None.

    Args:
        path: A file in UTF-8 with line feeds.
        dialect: How it is written.
        expected: The lines above and below the records, which need not be any.

    Raises:
        polars.exceptions.ComputeError: It is not UTF-8.
    """
    line = pl.col("line")
    odd = ~dialect.holds(line)
    found = (
        pl.scan_lines(path, glob=False)
        .select(pl.len().alias("lines"), odd.sum().alias("odd"))
        .collect(engine="streaming")
    )
    allowed = pl.DataFrame({"line": list(expected)}, schema={"line": pl.String}).select(odd.sum())
    return int(found["lines"][0]) if found["odd"][0] == allowed.item() else None
