"""Keys and references: a pass of their own over hashes, so that memory stays bounded.

Hashes of 64 bits are collected a partition at a time (8 bytes a row); only rows whose hash occurs
twice are read again, and their values compared, so that a collision never makes a finding.
"""

from __future__ import annotations

__all__ = ["PARTITION_ROWS", "duplicates", "identifiers", "unmatched"]

from collections.abc import Sequence

import polars as pl

from dqcheck.engines import collect
from dqcheck.validation.bind import ROW

PARTITION_ROWS = 20_000_000
"""Rows whose hashes are held at a time: 160 MB, and as much again while they are sorted."""

_HASH = "\x1fhash"


def _hash(columns: Sequence[str]) -> pl.Expr:
    return pl.struct(pl.col(column) for column in columns).hash()


def _partitions(rows: int, partition_rows: int) -> int:
    return max(1, -(-rows // partition_rows))


def duplicates(
    frame: pl.LazyFrame,
    columns: Sequence[str],
    *,
    rows: int,
    nulls_distinct: bool,
    partition_rows: int = PARTITION_ROWS,
) -> tuple[int, pl.Series]:
    """Return how many rows have a key, and the rows whose key occurs more than once.

    Args:
        frame: Has `ROW` and `columns` (String).
        columns: The key's columns.
        rows: Rows of `frame`, to choose the number of partitions.
        nulls_distinct: Whether rows with a part missing are left out; if not, two rows with the
            same part missing are the same. Rows with all parts missing have no key.
        partition_rows: Rows to hold at a time.

    Returns:
        Rows compared, and the record numbers (UInt32, sorted) of all rows of a repeated key.
    """
    known = pl.all_horizontal if nulls_distinct else pl.any_horizontal
    frame = frame.filter(known(pl.col(column).is_not_null() for column in columns))
    compared = 0
    found: list[pl.Series] = []
    count = _partitions(rows, partition_rows)
    for number in range(count):
        part = frame
        if count > 1:
            part = frame.filter(_hash(columns) % count == number)
        hashes = collect(part.select(_hash(columns).alias(_HASH))).to_series().sort()
        compared += hashes.len()
        repeated = hashes.filter(hashes == hashes.shift()).unique()
        del hashes
        if repeated.is_empty():
            continue
        # Only now are values read, and only of rows whose hash occurs twice.
        candidates = collect(
            part.filter(_hash(columns).is_in(repeated.implode())).select(ROW, *columns)
        )
        same = candidates.select(columns).is_duplicated()
        found.append(candidates[ROW].filter(same))
    if not found:
        return compared, pl.Series(ROW, [], dtype=pl.UInt32)
    return compared, pl.concat(found).cast(pl.UInt32).sort()


def identifiers(frames: Sequence[pl.LazyFrame], column: str) -> pl.Series:
    """Return the hashes of all values of `column` in `frames` (UInt64, sorted, unique)."""
    parts = [
        collect(
            frame.filter(pl.col(column).is_not_null()).select(pl.col(column).hash().alias(_HASH))
        ).to_series()
        for frame in frames
    ]
    return pl.concat(parts).unique().sort()


def unmatched(values: pl.LazyFrame, known: pl.Series) -> tuple[int, pl.Series]:
    """Return how many rows refer to something, and the rows that refer to nothing known.

    A value whose hash is by chance that of a known identifier passes; with 64 bits and 10⁷
    identifiers that is one dangling reference in 10¹².

    Args:
        values: `ROW` and `value` (String), one row a reference; null where there is none.
        known: Made by `identifiers`.

    Returns:
        Rows with a reference, and the record numbers (UInt32, sorted, unique) that fail.
    """
    present = values.filter(pl.col("value").is_not_null())
    total = collect(present.select(pl.col(ROW).n_unique())).item()
    dangling = collect(
        present.filter(~pl.col("value").hash().is_in(known.implode())).select(ROW)
    ).to_series()
    return total, dangling.unique().sort()
