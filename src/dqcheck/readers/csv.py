"""Delimited text: CSV, TSV and their kin, in any encoding, with whatever is wrong in them."""

from __future__ import annotations

__all__ = ["read"]

import codecs
import hashlib
import re
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from pathlib import Path

import polars as pl

from dqcheck.model import Column, Export
from dqcheck.readers import layout as layouts
from dqcheck.readers.columns import (
    empty_to_null,
    frame_schema,
    make_columns,
    report_headers,
    report_left_out,
    report_skipped,
)
from dqcheck.readers.dialect import Dialect, is_well_formed
from dqcheck.readers.encoding import MARK, detect_encoding, is_utf8
from dqcheck.readers.faults import FaultLog
from dqcheck.readers.files import SourceFile, unreadable
from dqcheck.readers.layout import Footer, Layout
from dqcheck.readers.options import ReadOptions
from dqcheck.readers.replay import scan_blocks
from dqcheck.readers.streams import MAX_UNFOLDED_BYTES, TextSource, choose_encoding
from dqcheck.readers.survey import Survey, survey
from dqcheck.readers.suspects import SAMPLE_ROWS, report_suspects

_HEAD_BYTES = 1 << 18
_LOOK_ROWS = 300
_TAIL_BYTES = 1 << 16
_HASH_BYTES = 1 << 22
_BOM = "\ufeff"


@dataclass(frozen=True, slots=True)
class _Census:
    """Found out over the bytes of a file: its hash, lines that end in CR LF, an end without any."""

    sha256: str
    pairs: int
    unended: bool


@dataclass(frozen=True, slots=True)
class _Shape:
    """What the first lines of a file say about all of it."""

    text: TextSource
    layout: Layout
    dialect: Dialect
    head_lines: tuple[str, ...]
    bom: bool

    @property
    def skip_lines(self) -> int:
        return len(self.head_lines)


@dataclass(frozen=True, slots=True)
class _Look:
    """What is in a file, below its records, and how it is written."""

    shape: _Shape
    found: Survey
    footer: Footer


@dataclass(slots=True)
class _FooterFinder:
    """Finds the footer in the last bytes of a file, and remembers it."""

    shape: _Shape
    options: ReadOptions
    found: Footer = field(default_factory=Footer)

    def __call__(self, tail: bytes) -> int:
        dialect = self.shape.dialect
        self.found = layouts.find_footer(
            tail.decode("utf-8", "replace"),
            dialect.delimiter,
            dialect.quote,
            dialect.width,
            self.options,
        )
        return self.found.lines


def read(source: SourceFile, options: ReadOptions, *, compression: str = "") -> tuple[Export, ...]:
    """Read the delimited text file `source`.

    A good file in UTF-8 stays a lazy scan of itself. Any other is read again in blocks, each time
    its frame is collected, without the records that can't be trusted.

    Args:
        source: The file.
        options: What is given; the rest is found out.
        compression: `gz`, `zst` or empty.

    Raises:
        InputError: The file is cut off, damaged or no table.
    """
    with ThreadPoolExecutor(1) as pool:
        census = pool.submit(_count_bytes, source.path)
        shape = _find_shape(_open_text(source, options, compression), options)
        log = FaultLog()
        look = _look_at(shape, options, log)
        return (_describe(look, options, log, census.result()),)


def _count_bytes(path: Path) -> _Census:
    digest = hashlib.sha256()
    pairs = 0
    last = b""
    with path.open("rb") as file:
        while block := file.read(_HASH_BYTES):
            digest.update(block)
            if b"\r" in block or last == b"\r":
                pairs += (last + block).count(b"\r\n")
            last = block[-1:]
    return _Census(digest.hexdigest(), pairs, unended=last != b"\n")


def _open_text(source: SourceFile, options: ReadOptions, compression: str) -> TextSource:
    text = TextSource(source, compression, max_bytes=options.max_bytes or MAX_UNFOLDED_BYTES)
    head = text.raw_head(_HEAD_BYTES)
    encoding = options.encoding or detect_encoding(head) or "utf-8"
    encoding = codecs.lookup(encoding).name.removesuffix("-sig")
    text = replace(text, encoding=encoding)
    whole = head[: head.rfind(b"\n") + 1]
    if encoding == "utf-8" and options.encoding is None and not is_utf8(whole):
        text = replace(text, encoding=choose_encoding(text))
    start = text.head(_HEAD_BYTES)
    bare = re.sub(rb'"[^"]*"', b"", start).replace(b"\r\n", b"")
    if b"\r" in bare:
        text = replace(text, unify_newlines=True)
    return text


def _find_shape(text: TextSource, options: ReadOptions) -> _Shape:
    head = text.head(_HEAD_BYTES).decode("utf-8", "replace")
    if not head.strip():
        raise unreadable(text.file, "the file is empty", hint="ask the sender for the export again")
    quote = '"' if options.quote is None else options.quote
    delimiter = options.delimiter or layouts.detect_delimiter(head, quote)
    split = layouts.split_rows(head.replace(MARK, "\ufffd"), delimiter, quote, _LOOK_ROWS)
    layout = layouts.find_layout([row for row, _ in split], options)
    above = layout.first_row - 1
    if above > len(split) or not split:
        raise unreadable(
            text.file,
            "the headers can't be found",
            found=f"{len(split)} rows at the beginning",
            hint="give the header row, or say that there is none",
        )
    skip = split[above - 1][1] if above else 0
    lines = tuple(line.removesuffix("\r") for line in head.split("\n")[:skip])
    before = split[above - 2][1] if above > 1 else 0
    header = lines[-1] if layout.header_row and skip - before == 1 else ""
    dialect = Dialect(delimiter, quote, len(layout.headers), header)
    bom = text.plain and text.raw_head(3) == codecs.BOM_UTF8
    return _Shape(text, layout, dialect, lines, bom)


def _look_at(shape: _Shape, options: ReadOptions, log: FaultLog) -> _Look:
    """Look at the whole file; where the first lines misled, look again."""
    finder = _FooterFinder(shape, options)
    text = shape.text
    if text.plain:
        try:
            quick = _look_quickly(shape, finder)
        except pl.exceptions.ComputeError:  # not UTF-8 somewhere below the first lines
            encoding = options.encoding or choose_encoding(text)
            if encoding == "cp1252":
                text = replace(text, encoding=encoding)
                return _look_at(_find_shape(text, options), options, log)
        else:
            if quick is not None:
                return _Look(shape, quick, finder.found)
    faults = FaultLog()
    result = survey(
        text.line_blocks(),
        shape.dialect,
        skip_lines=shape.skip_lines,
        first_row=shape.layout.first_row,
        find_footer=finder,
        log=faults,
    )
    if result.lone_returns and not text.unify_newlines:
        # What a spreadsheet takes for a line end must be one here too.
        return _look_at(_find_shape(replace(text, unify_newlines=True), options), options, log)
    log.extend(faults)
    return _Look(shape, result, finder.found)


def _look_quickly(shape: _Shape, finder: _FooterFinder) -> Survey | None:
    """Return the survey of a file whose lines are all good records, or None."""
    tail = _read_tail(shape)
    if tail.endswith(b"\r"):
        return None
    footer_lines = finder(tail)
    below = tail.decode("utf-8", "replace").removesuffix("\n").split("\n")[-footer_lines:]
    expected = [*shape.head_lines, *(below if footer_lines else [])]
    if shape.bom and expected and shape.head_lines:
        expected[0] = _BOM + expected[0]
    lines = is_well_formed(
        shape.text.file.path, shape.dialect, [line.removesuffix("\r") for line in expected]
    )
    if lines is None:
        return None
    result = Survey(lines=lines)
    result.rows_read = lines - shape.skip_lines - footer_lines
    result.line_rows.append(shape.layout.first_row)
    result.line_numbers.append(shape.skip_lines + 1)
    return result


def _read_tail(shape: _Shape) -> bytes:
    """Return the last bytes of the file, whole lines below the headers."""
    path = shape.text.file.path
    size = path.stat().st_size
    with path.open("rb") as file:
        if size <= _TAIL_BYTES:
            return b"".join(file.read().split(b"\n", shape.skip_lines)[shape.skip_lines :])
        file.seek(size - _TAIL_BYTES)
        return file.read().partition(b"\n")[2]


def _report_line_ends(look: _Look, census: _Census, log: FaultLog) -> str:
    """Tell `log` of mixed line ends; return how most lines end."""
    text, found = look.shape.text, look.found
    if text.unify_newlines:
        records = found.rows_read + found.rows_rejected + look.shape.layout.first_row - 1
        if text.count_lone_returns() < records - found.unended:
            log.add("mixed_line_ends", "some lines end in a carriage return alone")
        return "CR"
    feeds, pairs = max(found.ends[0] - found.unended, 0), found.ends[1]
    if not found.blocks:
        # Line feeds inside quoted headers are no line ends.
        inside = look.shape.skip_lines - (look.shape.layout.first_row - 1)
        pairs = census.pairs
        feeds = max(found.lines - pairs - census.unended - inside, 0)
    if pairs and feeds:
        log.add("mixed_line_ends", f"{pairs} lines end in CR LF and {feeds} in LF")
    return "CRLF" if pairs > feeds else "LF"


def _make_frame(look: _Look, columns: tuple[Column, ...]) -> pl.LazyFrame:
    shape, found = look.shape, look.found
    schema = frame_schema(columns)
    if not found.rows_read:
        return pl.LazyFrame(schema=schema)
    if not (shape.text.plain and found.is_clean):
        return scan_blocks(shape.text, shape.dialect, found.blocks, columns)
    frame = pl.scan_csv(
        shape.text.file.path,
        has_header=False,
        separator=shape.dialect.delimiter,
        quote_char=shape.dialect.quote or None,
        skip_lines=shape.skip_lines,
        schema={column.name: pl.String() for column in columns},
        row_index_name="row",
        row_index_offset=shape.layout.first_row,
        glob=False,
    )
    if look.footer.lines:
        frame = frame.head(found.rows_read)
    return frame.with_columns(empty_to_null(columns))


def _find_empty(frame: pl.LazyFrame, sample: pl.DataFrame, columns: Sequence[Column]) -> set[str]:
    """Return which columns have no header and no value; all rows are read for few files only."""
    names = [column.name for column in columns if not column.header]
    for rows in (sample.lazy(), frame):
        if names:
            found = rows.select(pl.col(names).is_null().all()).collect(engine="streaming")
            names = [name for name in names if found[name][0]]
        if len(sample) < SAMPLE_ROWS:
            break
    return set(names)


def _report_empty_rows(frame: pl.LazyFrame, columns: Sequence[Column], log: FaultLog) -> None:
    """Tell `log` how many records below the last value of a file have only empty cells."""
    row = pl.col("row")
    has_value = pl.any_horizontal(pl.col(column.name).is_not_null() for column in columns)
    last = frame.filter(has_value).select(row.max()).collect(engine="streaming").item() or 0
    below = frame.filter(row > last).select(pl.len().alias("count"), row.min().alias("first"))
    count, first = below.collect(engine="streaming").row(0)
    if count:
        last_ones = "last record has" if count == 1 else f"last {count} records have"
        log.add("empty_row", f"the {last_ones} only empty cells", row=first)


def _describe(look: _Look, options: ReadOptions, log: FaultLog, census: _Census) -> Export:
    shape, found, footer = look.shape, look.found, look.footer
    text, layout, dialect = shape.text, shape.layout, shape.dialect
    columns = make_columns(layout.headers)
    line_ends = _report_line_ends(look, census, log)
    frame = _make_frame(look, columns)
    sample = frame.head(SAMPLE_ROWS).collect(engine="streaming")
    notes: tuple[str, ...] = ()
    if layout.header_row:
        empty = _find_empty(frame, sample, columns)
        report_left_out(log, [column.position for column in columns if column.name in empty])
        columns = tuple(column for column in columns if column.name not in empty)
        frame = frame.drop(sorted(empty))
        notes += report_headers(
            log,
            columns,
            padded=layout.padded,
            row=layout.header_row,
            line=shape.skip_lines,
            trusted=layout.trusted,
        )
        if any(MARK in line for line in shape.head_lines):
            log.add("bad_encoding", "in the headers", row=layout.header_row, line=shape.skip_lines)
    notes += report_skipped(
        log,
        titles=layout.skipped_rows,
        header_row=layout.header_row,
        footers=footer.rows,
        blank_footers=footer.blank,
        footer_row=layout.first_row + found.rows_read + found.rows_rejected + found.blank_lines,
    )
    if found.blank_lines:
        log.add("blank_line", f"{found.blank_lines} blank lines", line=found.first_blank)
    if options.encoding is None and not text.encoding.startswith("utf"):
        log.add("encoding_guessed", f"not UTF-8; read as {text.encoding}")
    report_suspects(log, sample, columns)
    if footer.after_empty:
        _report_empty_rows(frame, columns, log)
    return Export(
        path=text.file.shown,
        format="tsv" if dialect.delimiter == "\t" else "csv",
        columns=columns,
        frame=frame,
        faults=log.collect(),
        rows_read=found.rows_read,
        rows_rejected=found.rows_rejected,
        lines=pl.DataFrame(
            {"row": found.line_rows, "line": found.line_numbers},
            schema={"row": pl.UInt32, "line": pl.UInt32},
        ),
        layout={
            "encoding": text.encoding,
            "delimiter": dialect.delimiter,
            "quote": dialect.quote,
            "line_ends": line_ends,
            "header_row": str(layout.header_row),
            "skipped_rows": str(layout.skipped_rows),
            "footer_rows": str(footer.rows),
            "compression": text.compression,
        },
        notes=notes,
        sha256=census.sha256,
        headers_trusted=layout.trusted,
    )
