"""The good records of a text file that can't be scanned as it stands, block by block."""

from __future__ import annotations

__all__ = ["scan_blocks"]

import csv
import io
from collections.abc import Iterator, Sequence

import polars as pl
from polars.io.plugins import register_io_source

from dqcheck.model import Column
from dqcheck.readers.columns import empty_to_null, frame_schema
from dqcheck.readers.dialect import Dialect
from dqcheck.readers.files import unreadable
from dqcheck.readers.streams import TextSource
from dqcheck.readers.survey import Block


def scan_blocks(
    text: TextSource, dialect: Dialect, blocks: Sequence[Block], columns: Sequence[Column]
) -> pl.LazyFrame:
    """Return the good records of `text` as a lazy frame that reads it anew on each collect.

    Args:
        text: The file.
        dialect: How it is written.
        blocks: What the survey found.
        columns: Of the export.

    Returns:
        `row` (UInt32) and `c1` … (String, null where empty); one row a record.
    """
    schema = frame_schema(columns)

    def read_frames(
        wanted: list[str] | None,
        predicate: pl.Expr | None,
        n_rows: int | None,
        _batch_size: int | None,
    ) -> Iterator[pl.DataFrame]:
        left = n_rows
        for frame in _frames(text, dialect, blocks, columns):
            part = frame if left is None else frame.head(left)
            if left is not None:
                left -= len(part)
            if predicate is not None:
                part = part.filter(predicate)
            yield part if wanted is None else part.select(wanted)
            if left == 0:
                return

    return register_io_source(read_frames, schema=schema)


def _frames(
    text: TextSource, dialect: Dialect, blocks: Sequence[Block], columns: Sequence[Column]
) -> Iterator[pl.DataFrame]:
    for block, data in zip(blocks, _cut(text, blocks), strict=True):
        if not block.records:
            continue
        frame = _parse(_repair(data, block, dialect), dialect, columns)
        if len(frame) != block.records:
            raise unreadable(
                text.file,
                "the file does not read the same way twice",
                hint="check that nothing writes to it",
            )
        yield frame.select(_rows(block), *empty_to_null(columns))


def _cut(text: TextSource, blocks: Sequence[Block]) -> Iterator[bytes]:
    """Yield the bytes of each of `blocks`."""
    pieces = text.line_blocks()
    held = b""
    for block in blocks:
        while len(held) < block.size:
            piece = next(pieces, None)
            if piece is None:
                raise unreadable(text.file, "the file became shorter while it was read")
            held += piece
        yield held[: block.size]
        held = held[block.size :]


def _repair(data: bytes, block: Block, dialect: Dialect) -> bytes:
    """Return `data` without lines that are no records, and with stray quotes made regular."""
    if not block.dropped_lines and not block.stray_lines:
        return data
    lines = data.split(b"\n")
    for at in block.stray_lines:
        lines[at] = _quote_anew(lines[at].decode(), dialect).encode()
    kept = bytearray(b"\x01") * len(lines)
    for at in block.dropped_lines:
        kept[at] = 0
    return b"\n".join(line for line, keep in zip(lines, kept, strict=True) if keep)


def _quote_anew(line: str, dialect: Dialect) -> str:
    """Return `line`, in whose bare cells quotation marks stand, as regular CSV."""
    delimiter, quote = dialect.delimiter, dialect.quote
    out = io.StringIO(newline="")
    bare = [line.removesuffix("\r")]
    cells = next(csv.reader(bare, delimiter=delimiter, quotechar=quote), [])
    csv.writer(out, delimiter=delimiter, quotechar=quote, lineterminator="").writerow(cells)
    return out.getvalue()


def _parse(data: bytes, dialect: Dialect, columns: Sequence[Column]) -> pl.DataFrame:
    return pl.read_csv(
        data,
        has_header=False,
        separator=dialect.delimiter,
        quote_char=dialect.quote or None,
        schema={column.name: pl.String() for column in columns},
    )


def _rows(block: Block) -> pl.Series:
    """Return the rows of the records of `block`, which those that are not read leave gaps in."""
    total = block.records + len(block.dropped_rows)
    rows = pl.int_range(total, dtype=pl.UInt32, eager=True).alias("row")
    if block.dropped_rows:
        dropped = pl.Series(block.dropped_rows.tolist(), dtype=pl.UInt32)
        rows = rows.filter(~rows.is_in(dropped.implode()))
    return rows + block.first_row
