"""Where the table stands in a file: delimiter, titles above, headers, totals below.

All of it is judged by the first and last few hundred rows, and every judgement can be overruled
by `ReadOptions`.
"""

from __future__ import annotations

__all__ = ["Footer", "Layout", "detect_delimiter", "find_footer", "find_layout", "split_rows"]

import csv
import io
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from dqcheck.errors import UsageError
from dqcheck.readers.columns import trim_headers
from dqcheck.readers.options import ReadOptions

DELIMITERS = (",", ";", "\t", "|", "^", "~", "\x1f", "\x01")
# These also stand inside bare cells, as between the values of a list.
_FREE_DELIMITERS = frozenset(";|^~")
_LOOK_AHEAD_ROWS = 200
_MAX_TITLE_ROWS = 30
_MAX_FOOTER_ROWS = 25

_NAME = re.compile(r"\w[\w.-]*")
_NUMBER = re.compile(r"[-+£$€]?\d[\d., ]*%?")
_DATE = re.compile(r"\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}([T ][\d:.Z+-]+)?")
_YEAR = re.compile(r"(19|20)\d\d")
_TOTAL = re.compile(r"(grand |sub[- ]?)?totals?:?", re.IGNORECASE)
_REMARK = re.compile(
    r"applied filters?\b|filters? applied\b|no filters? applied\b|end of (file|report|data)\b"
    r"|(report |data )?(generated|printed|exported|produced|run|extracted) (on|at|by)\b"
    r"|\(?\d+ (rows?|records?)( affected| selected| returned| exported)?\)?\.?$|source:|notes?:"
    r"|row count\b|record count\b|total (rows|records)\b|page \d+ of \d+",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Layout:
    """Where the headers are and what they say.

    Attributes:
        headers: Trimmed, without control characters, one a column; empty texts where the file
            has none.
        padded: Positions of the headers that had outer spaces, the first being 1.
        header_row: The row of the headers as a spreadsheet counts; 0 if there are none.
        skipped_rows: Rows above the headers.
        trusted: Whether the header row does not look like data.
    """

    headers: tuple[str, ...]
    padded: frozenset[int]
    header_row: int
    skipped_rows: int
    trusted: bool

    @property
    def first_row(self) -> int:
        """Return the row of the first record."""
        return self.skipped_rows + 1 + (self.header_row > 0)


@dataclass(frozen=True, slots=True)
class Footer:
    """What stands below the last record.

    Attributes:
        lines: Physical lines (or sheet rows) from the end that are no record.
        rows: How many rows of them say something or hold delimiters.
        blank: How many of `rows` hold nothing but delimiters.
        after_empty: Whether the record above, the last of the file, has only empty cells.
    """

    lines: int = 0
    rows: int = 0
    blank: int = 0
    after_empty: bool = False


def split_rows(text: str, delimiter: str, quote: str, limit: int) -> list[tuple[list[str], int]]:
    """Return the first `limit` rows of `text`: their cells, and the line after each.

    For looking at the layout only: quoting that is broken is read as Python reads it.
    """
    reader = csv.reader(
        io.StringIO(text, newline="\n"),
        delimiter=delimiter,
        quotechar=quote or None,
        quoting=csv.QUOTE_MINIMAL if quote else csv.QUOTE_NONE,
    )
    rows: list[tuple[list[str], int]] = []
    try:
        for row in reader:
            rows.append((row, reader.line_num))
            if len(rows) == limit:
                break
    except csv.Error:
        return rows
    return rows


def detect_delimiter(text: str, quote: str) -> str:
    """Return the delimiter of `text`: the one that cuts the most rows into as many cells.

    It must stand in the first line too, unless that is a title; else the values of a table of one
    column might be cut.
    """
    declared = re.match(r"sep=(.)\r?\n", text)
    if declared:
        return declared[1]
    best, best_score = ",", (0.0, 0)
    for delimiter in DELIMITERS:
        if delimiter not in text:
            continue
        every = [row for row, _ in split_rows(text, delimiter, quote, _LOOK_AHEAD_ROWS)]
        rows = [row for row in every if row]
        if rows and delimiter in _FREE_DELIMITERS and _is_one_column(every, rows):
            continue
        width, count = _common_width(rows)
        score = (round(count / len(rows), 2), width) if width > 1 else (0.0, 0)
        if score > best_score:
            best, best_score = delimiter, score
    return best


def _is_one_column(every: Sequence[Sequence[str]], filled: Sequence[Sequence[str]]) -> bool:
    """Return whether the first line is the header of an only column, and no title."""
    first, below = filled[0], filled[1:]
    if len(first) > 1 or not _NAME.fullmatch(first[0].strip()):
        return False
    set_off = next((not after for row, after in pairwise(every) if row), False)
    is_table = len(below) > 2 and len(below[0]) > 2 and len(set(map(len, below))) == 1
    return not (set_off or is_table)


def _common_width(rows: Iterable[Sequence[str]]) -> tuple[int, int]:
    widths = Counter(len(row) for row in rows if len(row) > 1)
    return max(widths.items(), key=lambda item: (item[1], item[0]), default=(1, 0))


def _filled(row: Sequence[str]) -> int:
    return sum(1 for cell in row if cell.strip())


def _is_sparse(row: Sequence[str], width: int) -> bool:
    return width > 1 and _filled(row) <= max(1, width // 3)


def find_layout(rows: Sequence[Sequence[str]], options: ReadOptions) -> Layout:
    """Return where the headers are in the first `rows` of a file.

    Args:
        rows: The cells of the first rows, as a spreadsheet would show them.
        options: `header_row`, `skip_rows` and `header` overrule what is found.

    Raises:
        UsageError: `header` names more or fewer columns than there are.
    """
    width, _ = _common_width(rows[:_LOOK_AHEAD_ROWS])
    skipped = options.skip_rows
    if skipped is None and options.header_row is not None:
        skipped = options.header_row - 1
    if skipped is None:
        skipped = _count_title_rows(rows, width)
    below = rows[skipped:_LOOK_AHEAD_ROWS]
    if options.header is not None:
        width = max(width, *map(len, below[:1]), 1)
        if len(options.header) != width:
            raise UsageError(
                f"the file has {width} columns, and the option header names {len(options.header)}",
                hint="name every column in the file's order; leave a name empty, as in a,,c, for "
                "one that has none",
            )
        headers, _ = trim_headers(options.header)
        return Layout(tuple(headers), frozenset(), 0, skipped, trusted=True)
    headers, padded = trim_headers(below[0] if below else ())
    headers += [""] * _padding(headers, below[1:])
    trusted = options.header_row is not None or not _looks_like_data(headers, below[1:])
    return Layout(tuple(headers), padded, skipped + 1, skipped, trusted)


def _count_title_rows(rows: Sequence[Sequence[str]], width: int) -> int:
    for index, row in enumerate(rows[:_MAX_TITLE_ROWS]):
        declared = index == 0 and len(row) == 2 and row[0] == "sep="
        short = width > 1 and len(row) == 1
        if _filled(row) and not declared and not short and not _is_sparse(row, width):
            return index
        if width == 1 and _filled(row):
            return index
    return 0


def _padding(headers: Sequence[str], below: Sequence[Sequence[str]]) -> int:
    # Some systems end each record, but not the headers, with a delimiter.
    width, count = _common_width(below)
    extra = width - len(headers)
    if extra <= 0 or count < 0.9 * len(below):
        return 0
    tails = (cell for row in below if len(row) == width for cell in row[len(headers) :])
    return 0 if any(cell.strip() for cell in tails) else extra


def _kind(cell: str) -> str:
    cell = cell.strip()
    if _DATE.fullmatch(cell):
        return "date"
    return "number" if _NUMBER.fullmatch(cell) else ""


def _looks_like_data(headers: Sequence[str], below: Sequence[Sequence[str]]) -> bool:
    """Return whether the header row is of the same kind as what stands below it."""
    alike, recurring, years = 0, 0, 0
    others = [row for row in below if [cell.strip() for cell in row] != list(headers)]
    for position, header in enumerate(headers):
        if not header:
            continue
        cells = [row[position].strip() for row in others if position < len(row)]
        cells = [cell for cell in cells if cell]
        kind = _kind(header)
        if kind and cells and sum(_kind(cell) == kind for cell in cells) >= 0.8 * len(cells):
            alike += 1
            years += bool(_YEAR.fullmatch(header))
        elif not kind and header in cells:
            recurring += 1
    # A pivot table has years for headers.
    return alike > years or recurring > max(1, len(headers) // 4)


def find_footer(text: str, delimiter: str, quote: str, width: int, options: ReadOptions) -> Footer:
    """Return what stands below the last record of a file that ends with `text`.

    Args:
        text: The last lines of the file, from the beginning of a line.
        delimiter: Of the file.
        quote: Of the file.
        width: Columns of the table.
        options: `skip_footer` overrules what is found.
    """
    split = split_rows(text, delimiter, quote, text.count("\n") + 1)
    if not split:
        return Footer()
    starts = [0, *(line for _, line in split[:-1])]
    return _measure_footer([row for row, _ in split], starts, split[-1][1], width, options)


def _measure_footer(
    rows: Sequence[Sequence[str]],
    starts: Sequence[int],
    end: int,
    width: int,
    options: ReadOptions,
) -> Footer:
    first = find_footer_row(rows, width, options)
    below = rows[first:]
    said = [row for row in below if row]
    return Footer(
        lines=end - starts[first] if below else 0,
        rows=len(said),
        blank=sum(1 for row in said if not _filled(row)),
        after_empty=first > 0 and not any(rows[first - 1]),
    )


def find_footer_row(rows: Sequence[Sequence[str]], width: int, options: ReadOptions) -> int:
    """Return the index in `rows`, the last of a file, from which on they are no records.

    Rows of empty cells are records, unless a footer follows or stands above them; blank lines,
    which have no cells, are none.
    """
    end = len(rows)
    while end and not rows[end - 1]:
        end -= 1
    if options.skip_footer is not None:
        return max(end - options.skip_footer, 0)
    records_end = end
    while end and width > 1 and not any(rows[end - 1]):
        end -= 1
    first = end
    for index in range(end - 1, max(end - _MAX_FOOTER_ROWS, -1), -1):
        row = rows[index]
        said = [cell.strip() for cell in row if cell.strip()]
        total = bool(said) and width > 1 and bool(_TOTAL.fullmatch(said[0])) and len(said) < width
        if (
            said
            and not total
            and not _is_sparse(row, width)
            and not (width == 1 and _REMARK.match(said[0]))
        ):
            break
        remark = bool(said) and bool(_REMARK.match(said[0]))
        set_off = not said and index + 1 < end and _filled(rows[index + 1]) == 1
        if total or remark or set_off:
            first = index
    if first == end:
        return records_end
    while first and not _filled(rows[first - 1]):
        first -= 1
    return first
