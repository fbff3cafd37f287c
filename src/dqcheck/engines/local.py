"""Polars' streaming engine, with its errors kept from quoting data."""

from __future__ import annotations

__all__ = ["collect", "collect_all"]

from collections.abc import Callable, Sequence

import polars as pl

from dqcheck.errors import InputError


def collect(frame: pl.LazyFrame) -> pl.DataFrame:
    """Return the rows of `frame`, evaluated in one streaming query.

    Raises:
        InputError: If the file behind it can't be read to its end, or has changed since it was
            first read. The text of Polars' own error is dropped: it quotes values.
    """
    return _guard(lambda: frame.collect(engine="streaming"))


def collect_all(frames: Sequence[pl.LazyFrame]) -> list[pl.DataFrame]:
    """Return the rows of each of `frames`, evaluated one after the other (memory stays bounded).

    Raises:
        InputError: As `collect`.
    """
    return [collect(frame) for frame in frames]


def _guard(run: Callable[[], pl.DataFrame]) -> pl.DataFrame:
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
