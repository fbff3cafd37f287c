"""Checks that are no expression over one row: keys, references, tables."""

from __future__ import annotations

__all__ = ["References", "Special", "check_key", "check_reference", "judge_table", "measure"]

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import polars as pl

from dqcheck.checks.tables import judge
from dqcheck.model import (
    Check,
    Dimension,
    Key,
    Measurement,
    Outcome,
    Reference,
    TableCheck,
    items_column,
)
from dqcheck.standards.plan import ClassPlan, SlotPlan
from dqcheck.validation import keys
from dqcheck.validation.bind import ROW, Bound, canonical
from dqcheck.validation.schema import Counts


def _no_rows() -> pl.Series:
    return pl.Series(ROW, [], dtype=pl.UInt32)


@dataclass(frozen=True, slots=True)
class References:
    """What references may point to in this run.

    Attributes:
        known: For each class with exports in the run, itself or a subclass, the hashes of its
            identifiers (`keys.identifiers`).
        slots: The identifier of each of these classes.
        unread: Classes that the run has exports of, none of which gave identifiers.
    """

    known: Mapping[str, pl.Series] = field(default_factory=dict)
    slots: Mapping[str, SlotPlan] = field(default_factory=dict)
    unread: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Special:
    """One such check.

    Attributes:
        check: In the form of all checks.
        measurement: What it gave.
        failing: The record numbers that fail (UInt32).
    """

    check: Check
    measurement: Measurement
    failing: pl.Series = field(default_factory=_no_rows)


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


def check_key(key: Key, bound: Bound, class_plan: ClassPlan, rows: int) -> Special:
    """Return how many of the `rows` records share the key with another."""
    check = Check(
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
    slots = [slot for slot in class_plan.slots if slot.name in key.slots]
    values = [canonical(slot, pl.col(slot.name)).alias(slot.name) for slot in slots]
    compared, failing = keys.duplicates(
        bound.frame.select(ROW, *values),
        key.slots,
        rows=rows,
        nulls_distinct=key.primary or key.nulls_distinct,
    )
    counts = Counts(checked=compared, failed=failing.len(), unknown=0)
    return Special(check, measure(check, counts), failing)


def check_reference(reference: Reference, bound: Bound, references: References | None) -> Special:
    """Return how many records refer to nothing that the run knows of.

    Where the run has no export of the class referred to, the check is not applicable.
    """
    check = Check(
        id=reference.id,
        slot=reference.slot,
        slots=(reference.slot,),
        dimension=Dimension.CONSISTENCY,
        severity=reference.severity,
        expression=None,
        applies=None,
        title=reference.title,
        message=f"no {reference.target_class} with this identifier is in the run",
        why="A reference to a record that does not exist leads nowhere.",
        fix=f"Send the {reference.target_class} record, or correct the reference.",
        source="references",
    )
    references = references or References()
    target = reference.target_class
    if target in references.unread:
        reason = f"the export of class {target} gave no identifiers"
        return Special(check, Measurement(check.id, Outcome.NOT_ASSESSED, reason=reason))
    known = references.known.get(target)
    if known is None:
        reason = f"the run has no export of class {target}"
        return Special(check, Measurement(check.id, Outcome.NOT_APPLICABLE, reason=reason))
    values = _referred(reference.slot, bound).with_columns(
        canonical(references.slots[target], pl.col("value"))
    )
    total, failing = keys.unmatched(values, known)
    return Special(check, measure(check, Counts(total, failing.len(), 0)), failing)


def _referred(slot: str, bound: Bound) -> pl.LazyFrame:
    if slot not in bound.context.multivalued:
        return bound.frame.select(ROW, pl.col(slot).alias("value"))
    exploded = bound.frame.select(ROW, pl.col(items_column(slot)).alias("value")).explode("value")
    if slot in bound.context.kinded:
        return exploded.with_columns(pl.col("value").struct.field("text").alias("value"))
    return exploded


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
    )
    return Special(check, judge(table, value, bound.context.as_of))
