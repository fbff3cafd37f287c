"""Polars' streaming engine, with its errors kept from quoting data."""

from __future__ import annotations

__all__ = ["collect", "collect_all"]

import os
from collections.abc import Callable, Sequence
from typing import TypeVar

import polars as pl

from dqcheck.errors import InputError

T = TypeVar("T")

# Smaller chunks than Polars' own choice: at 5 million rows of 12 columns a scan takes as long, and
# 155 MB instead of 363. Who has set it knows better.
os.environ.setdefault("POLARS_CSV_CHUNK_SIZE", "4000000")


def collect(frame: pl.LazyFrame) -> pl.DataFrame:
    """Return the rows of `frame`, evaluated in one streaming query.

    Raises:
        InputError: If the file behind it can't be read to its end, or has changed since it was
            first read. The text of Polars' own error is dropped: it quotes values.
    """
    return _guard(lambda: frame.collect(engine="streaming"))


def collect_all(frames: Sequence[pl.LazyFrame]) -> list[pl.DataFrame]:
    """Return the rows of each of `frames`; what they have in common is evaluated once.

    Raises:
        InputError: As `collect`.
    """
    return _guard(lambda: pl.collect_all(frames, engine="streaming"))


def _guard(run: Callable[[], T]) -> T:
    try:
        return run()
    except (pl.exceptions.ComputeError, OSError) as error:
        raise _unreadable(type(error).__name__) from None
    except BaseException as error:
        # Polars raises PanicException, a BaseException, for corrupt Parquet.
        if type(error).__name__ == "PanicException":
            raise _unreadable("PanicException") from None
        raise


def _unreadable(kind: str) -> InputError:
    return InputError(
        "the file can't be read to its end, or changed while it was read",
        found=f"{kind} of the reading library",
        hint="check that the file is whole and that nobody is writing to it, then run again",
    )
