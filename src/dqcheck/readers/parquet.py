"""Parquet files."""

from __future__ import annotations

__all__ = ["read"]

import polars as pl

from dqcheck.model import Export
from dqcheck.readers.files import SourceFile, hash_file, unreadable
from dqcheck.readers.options import ReadOptions
from dqcheck.readers.typed import convert


def read(source: SourceFile, _options: ReadOptions, *, compression: str = "") -> tuple[Export, ...]:
    """Read a Parquet file; all of it is decoded once, so that damage shows here and not later.

    Args:
        source: The file.
        compression: Always empty: Parquet is compressed inside.

    Raises:
        InputError: The file is damaged or has no columns.
    """
    del compression
    frame = pl.scan_parquet(source.path, glob=False)
    try:
        frame.select(pl.all().null_count()).collect(engine="streaming")
    except (pl.exceptions.PolarsError, pl.exceptions.PanicException, OSError, ValueError):
        # What the library says may quote values.
        raise unreadable(
            source,
            "the Parquet file is damaged",
            hint="send it again and compare the sizes",
        ) from None
    export = convert(frame, path=source.shown, format_name="parquet", sha256=hash_file(source.path))
    return (export,)
