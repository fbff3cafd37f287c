"""Keys and references: a pass of their own over hashes, so that memory stays bounded.

Hashes of 64 bits are collected a partition at a time (8 bytes a row of all exports that are
compared). Only rows whose hash occurs twice are read again, and compared by a second hash: for a
finding on a row that repeats nothing both would have to collide.
"""

from __future__ import annotations

__all__ = [
    "HASH",
    "PARTITION_ROWS",
    "ROWS_HELD",
    "Repeats",
    "find_repeats",
    "hold_records",
    "identifiers",
    "unmatched",
]

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

import polars as pl

from dqcheck.engines import collect, collect_all
from dqcheck.errors import InputError
from dqcheck.validation.bind import ROW
from dqcheck.validation.schema import Counts

PARTITION_ROWS = 20_000_000
"""Rows whose hashes are held at a time: 160 MB, and as much again while they are sorted."""

ROWS_HELD = 200_000
"""Rows of repeated keys whose cells are kept when they are found; more are read again, streamed."""

HASH = "\x1fhash"
"""The column that holds hashes."""

_SECOND_SEED = 1


@dataclass(frozen=True, slots=True)
class Repeats:
    """The rows of one export whose key occurs more than once in the exports compared.

    Attributes:
        compared: Rows that have a key.
        rows: Record numbers of those that repeat one (UInt32, sorted).
        within: How many of them repeat a key of the same export.
        across: How many of them have a key that stands in another export too.
        other: The place in the sequence of such another export.
        cells: The rows with all further columns of the frame; None if there are too many.
        unread: Whether an export can't be read to its end, so that there may be more.
    """

    compared: int = 0
    rows: pl.Series = field(default_factory=lambda: pl.Series(ROW, [], dtype=pl.UInt32))
    within: int = 0
    across: int = 0
    other: int | None = None
    cells: pl.DataFrame | None = None
    unread: bool = False


def _hash(columns: Sequence[str], seed: int = 0) -> pl.Expr:
    return pl.struct(pl.col(column) for column in columns).hash(seed)


def find_repeats(
    frames: Sequence[pl.LazyFrame],
    columns: Sequence[str],
    *,
    rows: int,
    nulls_distinct: bool,
    partition_rows: int = PARTITION_ROWS,
) -> list[Repeats]:
    """Return for each of `frames` the rows whose key occurs more than once in all of them.

    Args:
        frames: One an export, with `ROW` and `columns` (String); further columns are kept for the
            rows found.
        columns: The key's columns.
        rows: Rows of all frames, to choose the number of partitions.
        nulls_distinct: Whether rows with a part missing are left out; if not, two rows with the
            same part missing are the same. Rows with all parts missing have no key.
        partition_rows: Rows to hold at a time.
    """
    known = pl.all_horizontal if nulls_distinct else pl.any_horizontal
    keyed = [
        frame.filter(known(pl.col(column).is_not_null() for column in columns)) for frame in frames
    ]
    count = max(1, -(-rows // partition_rows))
    rows_held = ROWS_HELD
    parts: list[list[Repeats]] = []
    for number in range(count):
        part = [
            frame if count == 1 else frame.filter(_hash(columns) % count == number)
            for frame in keyed
        ]
        parts.append(_compare(part, columns, rows_held))
        rows_held -= sum(repeats.rows.len() for repeats in parts[-1])
    return [_join(own) for own in zip(*parts, strict=True)]


def _compare(
    frames: Sequence[pl.LazyFrame], columns: Sequence[str], rows_held: int
) -> list[Repeats]:
    """Return the repeats of one partition, with cells if there are at most `rows_held`."""
    hashes = [_read(frame.select(_hash(columns).alias(HASH))) for frame in frames]
    compared = [0 if read is None else read.height for read in hashes]
    unread = [read is None for read in hashes]
    again, candidates = _repeated(read[HASH] for read in hashes if read is not None)
    del hashes
    if not candidates:
        return [Repeats(count, unread=any(unread)) for count in compared]
    cells = pl.exclude(columns) if candidates <= rows_held else pl.col(ROW)
    second = _hash(columns, _SECOND_SEED).alias(HASH)
    found: list[pl.DataFrame] = []
    for place, frame in enumerate(frames):
        chosen = frame.filter(_hash(columns).is_in(again.implode())).select(cells, second)
        read = None if unread[place] else _read(chosen)
        unread[place] = read is None
        found.append(pl.DataFrame(schema=chosen.collect_schema()) if read is None else read)
    shared, _ = _repeated(frame[HASH].unique() for frame in found)
    return [
        replace(
            _mark(place, found, shared, held=candidates <= rows_held),
            compared=count,
            unread=any(unread),
        )
        for place, count in enumerate(compared)
    ]


def _read(frame: pl.LazyFrame) -> pl.DataFrame | None:
    """Return the rows of `frame`; None if they can't be read to their end."""
    try:
        return collect(frame)
    except InputError:
        return None


def _repeated(hashes: Iterable[pl.Series]) -> tuple[pl.Series, int]:
    """Return the hashes that occur more than once (UInt64), and how often they do in all."""
    ordered = pl.concat([pl.Series(dtype=pl.UInt64), *hashes]).sort()
    again = ordered == ordered.shift()
    repeated = ordered.filter(again).unique()
    return repeated, int(again.sum() or 0) + repeated.len()


def _mark(place: int, found: Sequence[pl.DataFrame], shared: pl.Series, *, held: bool) -> Repeats:
    """Return the rows of one export whose key is repeated in it or is one of `shared`."""
    hashes = found[place][HASH]
    within = hashes.is_in(_repeated([hashes])[0].implode())
    across = hashes.is_in(shared.implode())
    rows = found[place].drop(HASH).filter(within | across).sort(ROW)
    example = hashes.filter(across).first()
    others = (
        number
        for number, frame in enumerate(found)
        if number != place and example is not None and (frame[HASH] == example).any()
    )
    return Repeats(
        rows=rows[ROW].cast(pl.UInt32),
        within=int(within.sum()),
        across=int(across.sum()),
        other=next(others, None),
        cells=rows if held else None,
    )


def _join(parts: Sequence[Repeats]) -> Repeats:
    """Return what the partitions of one export say together."""
    if len(parts) == 1:
        return parts[0]
    cells = [part.cells for part in parts if not part.rows.is_empty()]
    held = [frame for frame in cells if frame is not None]
    return Repeats(
        compared=sum(part.compared for part in parts),
        rows=pl.concat([part.rows for part in parts]).sort(),
        within=sum(part.within for part in parts),
        across=sum(part.across for part in parts),
        other=next((part.other for part in parts if part.other is not None), None),
        cells=pl.concat(held).sort(ROW) if held and len(held) == len(cells) else None,
        unread=any(part.unread for part in parts),
    )


def identifiers(frames: Sequence[pl.LazyFrame], column: str) -> pl.Series | None:
    """Return the hashes of all values of `column` in `frames` (UInt64, sorted, unique).

    None if there are no frames, or one can't be read to its end.
    """
    hashes = pl.col(column).hash().alias(HASH)
    read = _read_all([f.filter(pl.col(column).is_not_null()).select(hashes) for f in frames])
    return None if read is None else read[HASH].unique().sort()


def hold_records(
    frames: Sequence[pl.LazyFrame], column: str, slots: Sequence[str]
) -> pl.DataFrame | None:
    """Return `HASH` of `column`, and `slots`, of the records in `frames` (a record a row).

    Records that share a value of `column` are left out: nobody knows which of them is meant. None
    if there are no frames, or one can't be read to its end.
    """
    hashes = pl.col(column).hash().alias(HASH)
    read = _read_all(
        [f.filter(pl.col(column).is_not_null()).select(hashes, *slots) for f in frames]
    )
    return None if read is None else read.unique(subset=HASH, keep="none")


def _read_all(frames: Sequence[pl.LazyFrame]) -> pl.DataFrame | None:
    parts = [part for part in map(_read, frames) if part is not None]
    return pl.concat(parts) if parts and len(parts) == len(frames) else None


def unmatched(values: pl.LazyFrame, known: pl.Series) -> tuple[Counts, pl.Series]:
    """Return how many rows refer to something, and the rows that refer to nothing known.

    A value whose hash is by chance that of a known identifier passes; with 64 bits and 10⁷
    identifiers that is one dangling reference in 10¹².

    Args:
        values: `ROW`, `value` (String, null where there is none) and `when` (Boolean, whether it
            must be known; null if that can't be decided), one row a reference.
        known: Made by `identifiers`.

    Returns:
        Rows with a reference that must be known, and the record numbers (UInt32, sorted, unique)
        that fail.
    """
    present = values.filter(pl.col("value").is_not_null())
    dangling = ~pl.col("value").hash().is_in(known.implode())
    counted, found = collect_all(
        [
            present.select(
                pl.col(ROW).filter(pl.col("when")).n_unique().alias("checked"),
                pl.col(ROW).filter(pl.col("when").is_null()).n_unique().alias("unknown"),
            ),
            present.filter(pl.col("when") & dangling).select(ROW),
        ]
    )
    rows = found.to_series().unique().sort()
    return Counts(counted["checked"][0], rows.len(), counted["unknown"][0]), rows
