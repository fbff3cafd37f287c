"""Checks of an export as a whole: the one value they look at, and the verdict on it."""

from __future__ import annotations

__all__ = ["aggregate", "judge"]

from datetime import date, datetime, time, timedelta
from typing import Any

import polars as pl

from dqcheck.expressions.evaluate import Context, build
from dqcheck.model import Measurement, Outcome, TableCheck, TableCheckKind


def aggregate(check: TableCheck, context: Context) -> pl.Expr:
    """Return the one value that `check` looks at, for a select over the export.

    For `row_count` the number of rows (UInt32); for `newest` the latest date or moment that is
    not after the run's `as_of` (Date or Datetime), null if there is none: one date in the future
    must not make a dead feed look alive.
    """
    if check.kind is TableCheckKind.ROW_COUNT:
        return pl.len()
    value = build(["value", check.slot, check.type], context)
    tomorrow = context.as_of + timedelta(days=1)
    end = tomorrow if check.type == "date" else datetime.combine(tomorrow, time.min)
    return value.filter(value < end).max()


def judge(check: TableCheck, value: Any, as_of: date) -> Measurement:
    """Return the verdict on the value of `aggregate`: one thing checked, failed or not.

    A `newest` without any date is not assessed.
    """
    if check.kind is TableCheckKind.ROW_COUNT:
        low = check.minimum is None or value >= check.minimum
        high = check.maximum is None or value <= check.maximum
        return _measured(check, holds=low and high, found=f"{value} rows")
    if value is None:
        reason = f'no date could be read from "{check.slot}" up to the as-of date'
        return Measurement(check.id, Outcome.NOT_ASSESSED, reason=reason)
    newest = value.date() if isinstance(value, datetime) else value
    age = (as_of - newest).days
    return _measured(
        check,
        holds=check.max_age_days is None or age <= check.max_age_days,
        found=f"the newest is {age} days old",
    )


def _measured(check: TableCheck, *, holds: bool, found: str) -> Measurement:
    outcome = Outcome.PASSED if holds else Outcome.FAILED
    return Measurement(check.id, outcome, checked=1, failed=int(not holds), reason=found)
