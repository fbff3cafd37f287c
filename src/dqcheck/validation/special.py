"""Checks that are no expression over one row: keys, references, tables."""

from __future__ import annotations

__all__ = [
    "References",
    "Special",
    "check_cross",
    "check_key",
    "check_reference",
    "describe_key",
    "describe_reference",
    "judge_table",
    "measure",
]

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import polars as pl

from dqcheck.checks.tables import judge
from dqcheck.engines import collect, collect_all
from dqcheck.expressions.evaluate import build, slots_of
from dqcheck.model import (
    Check,
    CrossCheck,
    Dimension,
    Key,
    Measurement,
    Outcome,
    Reference,
    Spread,
    TableCheck,
    items_column,
)
from dqcheck.results import NO_EXPORT, say_count
from dqcheck.standards.plan import SlotPlan
from dqcheck.validation import keys
from dqcheck.validation.bind import ROW, Bound, canonical
from dqcheck.validation.failing import failing_rows, label_cells
from dqcheck.validation.schema import Counts

_SIDE_BY_SIDE = (
    "Exports that are feeds of their own, such as those of two agencies or full copies side by "
    "side, are checked with --unique-within export."
)


def _no_rows() -> pl.Series:
    return pl.Series(ROW, [], dtype=pl.UInt32)


@dataclass(frozen=True, slots=True)
class References:
    """What rows may refer to in this run.

    Attributes:
        known: For each class with exports in the run, itself or a subclass, and its slot that is
            referred to, the hashes of the values (`keys.identifiers`).
        records: For each such class and slot that cross-checks read, a record a row: `keys.HASH`
            (UInt64, of the value), then the slots they need (String). Values that stand in
            several records are left out.
        slots: Each of these slots.
        unread: Those of which not all values are known.
    """

    known: Mapping[tuple[str, str], pl.Series] = field(default_factory=dict)
    records: Mapping[tuple[str, str], pl.DataFrame] = field(default_factory=dict)
    slots: Mapping[tuple[str, str], SlotPlan] = field(default_factory=dict)
    unread: frozenset[tuple[str, str]] = frozenset()


@dataclass(frozen=True, slots=True)
class Special:
    """One such check.

    Attributes:
        check: In the form of all checks.
        measurement: What it gave.
        failing: The record numbers that fail (UInt32).
        cells: What `failing_rows` gives for them; None if none fails.
    """

    check: Check
    measurement: Measurement
    failing: pl.Series = field(default_factory=_no_rows)
    cells: pl.LazyFrame | None = None


def measure(check: Check, counts: Counts) -> Measurement:
    """Return the measurement of `counts`, what the check tolerates considered.

    A check that decided no row has neither passed nor failed.
    """
    if not counts.checked:
        reason = "no row could be decided" if counts.unknown else "no row has something to check"
        return Measurement(check.id, Outcome.NOT_APPLICABLE, unknown=counts.unknown, reason=reason)
    forgiven = check.tolerance.forgives(counts.failed, counts.checked)
    return Measurement(
        check.id,
        Outcome.PASSED if forgiven else Outcome.FAILED,
        checked=counts.checked,
        failed=counts.failed,
        unknown=counts.unknown,
    )


def describe_key(key: Key) -> Check:
    """Return the check of a key in the form of all checks."""
    return Check(
        id=key.id,
        slot=key.slots[0],
        slots=key.slots,
        dimension=Dimension.UNIQUENESS,
        severity=key.severity,
        expression=None,
        applies=None,
        title=key.title,
        message="the same value stands in more than one record",
        why="Two records with one key can't be told apart, and one of them is linked wrongly.",
        fix="Find out whether it is one record sent twice or two records with one key.",
        source="keys",
    )


def check_key(key: Key, bound: Bound, repeats: keys.Repeats, other: str = "") -> Special:
    """Return how many records share the key with another.

    Args:
        key: The key.
        bound: The export.
        repeats: What `across.compare_keys` found.
        other: What to call `repeats.other`.
    """
    check = describe_key(key)
    found = measure(check, Counts(repeats.compared, repeats.rows.len(), 0))
    spread = Spread(repeats.within, repeats.across, complete=not repeats.unread)
    if spread.across:
        check = replace(check, fix=f"{check.fix} {_SIDE_BY_SIDE}")
    found = replace(found, spread=spread, reason=_say_spread(spread, other) or found.reason)
    if repeats.rows.is_empty():
        return Special(check, found)
    cells = (
        failing_rows(bound, check, repeats.rows)
        if repeats.cells is None
        else label_cells(repeats.cells.lazy(), check)
    )
    return Special(check, found, repeats.rows, cells)


def _say_spread(spread: Spread, other: str) -> str:
    """Return where the keys of the rows stand again, if any stands in another export."""
    if not spread.across:
        return ""
    across = f"{say_count(spread.across, 'row')} in another export of the run too, such as {other}"
    return (
        f"{say_count(spread.within, 'row')} in this export, {across}" if spread.within else across
    )


def describe_reference(reference: Reference) -> Check:
    """Return the check of a reference in the form of all checks."""
    target = reference.target_class
    return Check(
        id=reference.id,
        slot=reference.slot,
        slots=tuple(sorted({reference.slot, *slots_of(reference.when)})),
        dimension=Dimension.CONSISTENCY,
        severity=reference.severity,
        expression=None,
        applies=None,
        title=reference.title,
        message=reference.message or f"no {target} with this identifier is in the run",
        why=reference.why or "A reference to a record that does not exist leads nowhere.",
        fix=reference.fix or f"Send the {target} record, or correct the reference.",
        source="references",
        authority=reference.authority,
        tolerance=reference.tolerance,
        purposes=reference.purposes,
    )


def check_reference(reference: Reference, bound: Bound, references: References | None) -> Special:
    """Return how many records refer to nothing that the run knows of.

    Where the run has no export of the class referred to, the check is not applicable.
    """
    check = describe_reference(reference)
    references = references or References()
    target = (reference.target_class, reference.target_slot)
    known = references.known.get(target)
    if known is None or target in references.unread:
        return _not_known(check, target, references)
    counts, failing = keys.unmatched(_referred(reference, bound, references.slots[target]), known)
    return Special(check, measure(check, counts), failing, _read_cells(bound, check, failing))


def _not_known(check: Check, target: tuple[str, str], references: References) -> Special:
    """Return that nothing can be said for lack of records of the class referred to."""
    if target in references.unread:
        reason = f"the export of class {target[0]} gave no identifiers"
        return Special(check, Measurement(check.id, Outcome.NOT_ASSESSED, reason=reason))
    reason = f"{NO_EXPORT} {target[0]}"
    return Special(check, Measurement(check.id, Outcome.NOT_APPLICABLE, reason=reason))


def _read_cells(bound: Bound, check: Check, rows: pl.Series) -> pl.LazyFrame | None:
    """Return what `failing_rows` gives, read once where it can be held."""
    if rows.is_empty():
        return None
    cells = failing_rows(bound, check, rows)
    return collect(cells).lazy() if rows.len() <= keys.ROWS_HELD else cells


def check_cross(cross: CrossCheck, bound: Bound, references: References | None) -> Special:
    """Return how many records contradict the record that they refer to.

    A row is unknown where the run has no such record, or several. Where it has no export of the
    class, the check is not applicable.
    """
    check = replace(cross.check, expression=None, applies=None, source="cross_checks")
    references = references or References()
    target = (cross.target_class, cross.target_slot)
    records = references.records.get(target)
    if records is None or target in references.unread:
        return _not_known(check, target, references)
    wanted = {slot: f"{cross.name}.{slot}" for slot in cross.target_slots}
    referred = canonical(references.slots[target], pl.col(cross.by))
    results = (
        bound.frame.with_columns(
            pl.when(referred.is_not_null()).then(referred.hash()).alias(keys.HASH)
        )
        .join(records.lazy().select(keys.HASH, *wanted).rename(wanted), on=keys.HASH, how="left")
        .select(
            ROW,
            build(cross.check.expression, bound.context).alias("holds"),
            build(cross.check.applies, bound.context).alias("applies"),
        )
    )
    holds = pl.col("holds")
    counted, failing = collect_all(
        [
            results.select(
                holds.is_not_null().sum().alias("checked"),
                (~holds).sum().alias("failed"),
                (holds.is_null() & pl.col("applies")).sum().alias("unknown"),
            ),
            results.filter(~holds).select(ROW),
        ]
    )
    rows = failing.to_series().sort()
    counts = Counts(**counted.row(0, named=True))
    return Special(check, measure(check, counts), rows, _read_cells(bound, check, rows))


def _referred(reference: Reference, bound: Bound, target: SlotPlan) -> pl.LazyFrame:
    """Return the values that refer, as `keys.unmatched` takes them."""
    slot = reference.slot
    when = pl.lit(value=True) if reference.when is None else build(reference.when, bound.context)
    items = slot in bound.context.multivalued
    value = pl.col(items_column(slot) if items else slot)
    referred = bound.frame.select(ROW, value.alias("value"), when.alias("when"))
    if items:
        referred = referred.explode("value")
        if slot in bound.context.kinded:
            referred = referred.with_columns(pl.col("value").struct.field("text").alias("value"))
    return referred.with_columns(canonical(target, pl.col("value")))


def judge_table(table: TableCheck, value: Any, bound: Bound) -> Special:
    """Return the verdict on the one value that `table` looks at."""
    check = Check(
        id=table.id,
        slot=table.slot,
        slots=() if table.slot is None else (table.slot,),
        dimension=table.dimension,
        severity=table.severity,
        expression=None,
        applies=None,
        title=table.title,
        message=table.message,
        why=table.why,
        fix=table.fix,
        source=table.source,
        authority=table.authority,
        purposes=table.purposes,
    )
    return Special(check, judge(table, value, bound.context.as_of))
