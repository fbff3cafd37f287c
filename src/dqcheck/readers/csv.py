"""Delimited text: CSV, TSV and their kin, in any encoding, with whatever is wrong in them."""

from __future__ import annotations

__all__ = ["read"]

import codecs
import hashlib
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path

import polars as pl

from dqcheck.errors import UsageError
from dqcheck.model import Column, Export
from dqcheck.readers import layout as layouts
from dqcheck.readers.columns import (
    empty_to_null,
    frame_schema,
    make_columns,
    report_headers,
    report_skipped,
)
from dqcheck.readers.dialect import Dialect, is_well_formed
from dqcheck.readers.faults import FaultLog
from dqcheck.readers.files import SourceFile, unreadable
from dqcheck.readers.layout import Footer, Layout
from dqcheck.readers.options import ReadOptions
from dqcheck.readers.replay import scan_blocks
from dqcheck.readers.streams import (
    MAX_UNFOLDED_BYTES,
    TextSource,
    choose_encoding,
    detect_encoding,
    is_utf8,
)
from dqcheck.readers.suspects import SAMPLE_ROWS, report_suspects
from dqcheck.readers.survey import Survey, survey

_HEAD_BYTES = 1 << 18
_TAIL_BYTES = 1 << 16
_HASH_BYTES = 1 << 22
_BOM = "\ufeff"


@dataclass(frozen=True, slots=True)
class _Census:
    """Counts over the bytes of a file: its hash and its carriage returns, alone and in pairs."""

    sha256: str
    returns: int
    pairs: int


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


@dataclass(slots=True)
class _FooterFinder:
    """Finds the footer in the last bytes of a file, and remembers it."""

    shape: _Shape
    options: ReadOptions
    found: Footer = Footer()

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
        UsageError: An option makes no sense.
    """
    _check_options(options)
    with ThreadPoolExecutor(1) as pool:
        census = pool.submit(_count_bytes, source.path)
        shape = _find_shape(_open_text(source, options, compression), options)
        log = FaultLog()
        found, footer, shape = _look_at(shape, options, log)
        counted = census.result()
    export = _describe(shape, found, footer, log, counted)
    return (export,)


def _check_options(options: ReadOptions) -> None:
    if options.encoding is not None:
        try:
            codecs.lookup(options.encoding)
        except LookupError:
            raise UsageError(
                f'there is no encoding "{options.encoding}"', hint="such as utf-8 or cp1252"
            ) from None
    for name in ("delimiter", "quote"):
        given = getattr(options, name)
        if given is None or (name == "quote" and not given):
            continue
        if len(given) != 1 or not given.isascii() or given in "\r\n\x00":
            raise UsageError(f"the {name} must be one ASCII character")
    if (options.header_row or 1) < 1 or (options.skip_rows or 0) < 0:
        raise UsageError("rows are counted from 1")


def _count_bytes(path: Path) -> _Census:
    digest = hashlib.sha256()
    returns = pairs = 0
    last = b""
    with path.open("rb") as file:
        while block := file.read(_HASH_BYTES):
            digest.update(block)
            here = block.count(b"\r")
            if here:
                pairs += block.count(b"\r\n")
            if last == b"\r" and block[:1] == b"\n":
                pairs += 1
            returns += here
            last = block[-1:]
    return _Census(digest.hexdigest(), returns, pairs)


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
    if b"\r" in start and b"\n" not in start:
        text = replace(text, unify_newlines=True)
    return text


def _find_shape(text: TextSource, options: ReadOptions) -> _Shape:
    head = text.head(_HEAD_BYTES).decode("utf-8", "replace")
    if not head.strip():
        raise unreadable(text.file, "the file is empty", hint="ask the sender for the export again")
    quote = '"' if options.quote is None else options.quote
    delimiter = options.delimiter or layouts.detect_delimiter(head, quote)
    split = layouts.split_rows(head, delimiter, quote, 300)
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


def _look_at(
    shape: _Shape, options: ReadOptions, log: FaultLog
) -> tuple[Survey, Footer, _Shape]:
    """Return what is in the file, below it, and the shape, mended where the first look was wrong."""
    finder = _FooterFinder(shape, options)
    if shape.text.plain:
        quick = _look_quickly(shape, finder)
        if quick is not None:
            return quick, finder.found, shape
        guessed = choose_encoding(shape.text) if options.encoding is None else "utf-8"
        if guessed != "utf-8":
            mended = _find_shape(replace(shape.text, encoding=guessed), options)
            return _look_at(mended, options, log)
    result, found = _survey(shape, finder)
    if result.lone_returns and not shape.text.unify_newlines:
        # What a spreadsheet takes for a line end must be one here too.
        mended = _find_shape(replace(shape.text, unify_newlines=True), options)
        joined = _look_at(mended, options, log)
        log.add("mixed_line_ends", "some lines end in a carriage return alone")
        return joined
    for faults in found:
        log.merge(faults)
    return result, finder.found, shape
