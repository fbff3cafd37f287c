"""Kleene's logic where Polars has no operator for it."""

from __future__ import annotations

__all__ = ["choose", "exactly_one"]

import operator
from functools import reduce

import polars as pl

_UNKNOWN = pl.lit(None)


def choose(test: pl.Expr, then: pl.Expr, other: pl.Expr) -> pl.Expr:
    """Return `then` where `test` is true, `other` where it is false, null where it is null."""
    chosen = pl.when(test).then(then)
    if other.meta.eq(_UNKNOWN):
        # The streaming engine evaluates a test again for each condition that it stands in.
        return chosen
    return chosen.when(test.is_not_null()).then(other)


def exactly_one(*parts: pl.Expr) -> pl.Expr:
    """Return whether exactly one of `parts` is true, null if one is null."""
    return reduce(operator.add, (part.cast(pl.UInt32) for part in parts)) == 1
