"""One export against one class: counts in one query, keys and references apart, then findings."""

from __future__ import annotations

__all__ = ["References", "validate"]

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import polars as pl

from dqcheck.checks.tables import aggregate, judge
from dqcheck.engines import collect
from dqcheck.model import (
    Check,
    Dimension,
    Export,
    Key,
    Measurement,
    Outcome,
    Reference,
    Severity,
    TableCheck,
    Validation,
    items_column,
    kind_column,
)
from dqcheck.privacy import fold, shape_expression
from dqcheck.standards.plan import ClassPlan, EnumPlan, Plan, SlotPlan
from dqcheck.validation import keys
from dqcheck.validation.bind import ROW, Bound
from dqcheck.validation.columns import column_checks, file_checks
from dqcheck.validation.failing import (
    failing_cells,
    failing_rows,
    failing_values,
    with_places,
)
from dqcheck.validation.schema import Counts, Extra, compile_schema, count_checks
from dqcheck.validation.tally import (
    add_tally,
    any_failed,
    invalid_code,
    make_tally,
    translations,
)

_SHAPES_SHOWN = 10
_CODES_SHOWN = 50


@dataclass(frozen=True, slots=True)
class References:
    """What references may point to in this run.

    Attributes:
        known: For each class with exports in the run, itself or a subclass, the hashes of its
            identifiers (`keys.identifiers`).
    """

    known: Mapping[str, pl.Series] = field(default_factory=dict)


def validate(
    export: Export,
    bound: Bound,
    plan: Plan,
    class_plan: ClassPlan,
    *,
    tables: Sequence[TableCheck] = (),
    references: References | None = None,
) -> Validation:
    """Check the rows of `export` against `class_plan`.

    Args:
        export: As read.
        bound: Made by `bind.bind` of the same export and class.
        plan: The schema, for its name and code lists.
        class_plan: The class, with the checks of its rules.
        tables: Checks of the export as a whole.
        references: What references may point to.

    Raises:
        InputError: If the file can't be read to its end.
    """
    checks = class_plan.checks
    coded = _coded(class_plan, plan)
    schema = compile_schema(
        class_plan.name, [slot.name for slot in class_plan.slots], checks, bound.context
    )
    extra = _add_tables(_extra(class_plan, coded, checks, bound), tables, bound)
    counts, values = count_checks(bound.frame, schema, extra)
    rows = int(values["rows"])

    found: list[tuple[Check, Measurement]] = [
        (check, _measure(check, counts[check.id])) for check in checks
    ]
    failed = [check for check in checks if counts[check.id].failed]
    cells = failing_cells(bound, failed)
    shown = failing_values(bound, failed)
    parts: list[pl.LazyFrame] = []
    for key in class_plan.keys:
        check, measurement, failing = _check_key(key, bound, rows)
        found.append((check, measurement))
        if not failing.is_empty():
            parts.append(failing_rows(bound, check, failing))
    for reference in class_plan.references:
        check, measurement, failing = _check_reference(reference, bound, references)
        found.append((check, measurement))
        if not failing.is_empty():
            parts.append(failing_rows(bound, check, failing))

    found += [_judge_table(check, values[check.id], bound) for check in tables]
    of_columns, column_faults = column_checks(plan.name, class_plan, bound.binding, rows)
    of_file, file_faults = file_checks(export)
    found += [*of_columns, *of_file]
    codes, translatable = _codes(class_plan, coded, bound, values)
    return Validation(
        checks=tuple(check for check, _ in found),
        measurements=tuple(measurement for _, measurement in found),
        tallies=tuple(
            make_tally(slot, rows, values, translatable.get(slot.name, 0))
            for slot in class_plan.slots
        ),
        clean=int(values["clean"] or 0),
        failing=with_places(
            [*([] if cells is None else [cells]), *parts],
            export,
            bound,
            pl.concat([column_faults, file_faults]),
        ),
        shapes=_shapes(
            [*([] if shown is None else [shown]), *parts], [check for check, _ in found]
        ),
        codes=codes,
    )


def _coded(class_plan: ClassPlan, plan: Plan) -> dict[str, EnumPlan]:
    """Return the code lists of the slots whose cells hold one code."""
    return {
        slot.name: plan.enums[slot.enum]
        for slot in class_plan.slots
        if slot.enum in plan.enums and not slot.multivalued
    }


def _extra(
    class_plan: ClassPlan, coded: Mapping[str, EnumPlan], checks: Sequence[Check], bound: Bound
) -> Extra:
    violations: dict[str | None, list[str]] = {}
    for check in checks:
        if check.severity is Severity.VIOLATION:
            violations.setdefault(check.slot, []).append(check.id)
    every = [check_id for ids in violations.values() for check_id in ids]
    clean = (~any_failed(every)).sum() if every else pl.len()
    extra = Extra({ROW: pl.col(ROW)}, {"rows": pl.len(), "clean": clean})
    for slot in class_plan.slots:
        ids = violations.get(slot.name, [])
        extra = add_tally(extra, slot, coded.get(slot.name), ids, bound.context)
    return extra


def _add_tables(extra: Extra, tables: Sequence[TableCheck], bound: Bound) -> Extra:
    columns = {
        name: pl.col(name)
        for check in tables
        if check.slot is not None
        for name in (check.slot, kind_column(check.slot))
        if name == check.slot or check.slot in bound.context.kinded
    }
    looked_at = {check.id: aggregate(check, bound.context) for check in tables}
    return Extra({**extra.columns, **columns}, {**extra.aggregates, **looked_at})


def _judge_table(table: TableCheck, value: Any, bound: Bound) -> tuple[Check, Measurement]:
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
    return check, judge(table, value, bound.context.as_of)


def _measure(check: Check, counts: Counts) -> Measurement:
    forgiven = check.tolerance.forgives(counts.failed, counts.checked)
    return Measurement(
        check.id,
        Outcome.PASSED if forgiven else Outcome.FAILED,
        checked=counts.checked,
        failed=counts.failed,
        unknown=counts.unknown,
    )


def _check_key(key: Key, bound: Bound, rows: int) -> tuple[Check, Measurement, pl.Series]:
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
    compared, failing = keys.duplicates(
        bound.frame,
        key.slots,
        rows=rows,
        nulls_distinct=key.primary or key.nulls_distinct,
    )
    counts = Counts(checked=compared, failed=failing.len(), unknown=0)
    return check, _measure(check, counts), failing


def _check_reference(
    reference: Reference, bound: Bound, references: References | None
) -> tuple[Check, Measurement, pl.Series]:
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
    nothing = pl.Series(ROW, [], dtype=pl.UInt32)
    known = None if references is None else references.known.get(reference.target_class)
    if known is None:
        reason = f"the run has no export of class {reference.target_class}"
        return check, Measurement(check.id, Outcome.NOT_APPLICABLE, reason=reason), nothing
    values = _referred(reference.slot, bound)
    total, failing = keys.unmatched(values, known)
    return check, _measure(check, Counts(total, failing.len(), 0)), failing


def _referred(slot: str, bound: Bound) -> pl.LazyFrame:
    if slot not in bound.context.multivalued:
        return bound.frame.select(ROW, pl.col(slot).alias("value"))
    exploded = bound.frame.select(ROW, pl.col(items_column(slot)).alias("value")).explode("value")
    if slot in bound.context.kinded:
        return exploded.with_columns(pl.col("value").struct.field("text"))
    return exploded


def _shapes(parts: Sequence[pl.LazyFrame], checks: Sequence[Check]) -> pl.DataFrame:
    """Return the commonest shapes of failing values, at most `_SHAPES_SHOWN` a check.

    Args:
        parts: Frames with `check` and `value`.
        checks: For the slots they hang on.
    """
    schema = {"check": pl.String, "slot": pl.String, "shape": pl.String, "count": pl.UInt32}
    counted = [
        collect(
            part.filter(pl.col("value").is_not_null())
            .group_by("check", shape_expression(pl.col("value")).alias("shape"))
            .agg(pl.len().cast(pl.UInt32).alias("count"))
        )
        for part in parts
    ]
    if not counted:
        return pl.DataFrame(schema=schema)
    slots = {check.id: check.slot for check in checks}
    return (
        pl.concat(counted)
        .sort("check", "count", "shape", descending=[False, True, False])
        .group_by("check", maintain_order=True)
        .head(_SHAPES_SHOWN)
        .with_columns(
            pl.col("check")
            .replace_strict(list(slots), list(slots.values()), return_dtype=pl.String)
            .alias("slot")
        )
        .select(*schema)
    )


def _codes(
    class_plan: ClassPlan,
    coded: Mapping[str, EnumPlan],
    bound: Bound,
    values: Mapping[str, Any],
) -> tuple[pl.DataFrame, dict[str, int]]:
    """Return the commonest values that are no code, and how many cells of each slot translate."""
    schema = {"slot": pl.String, "value": pl.String, "rows": pl.UInt32, "keys": pl.UInt32}
    shown: list[pl.DataFrame] = []
    translatable: dict[str, int] = {}
    for slot in class_plan.slots:
        enum = coded.get(slot.name)
        if enum is None or not values.get(f"{slot.name}:invalid"):
            continue
        counted = _count_values(slot, enum, bound)
        known = translations(enum)
        folded = counted["value"].map_elements(fold, return_dtype=pl.String)
        translatable[slot.name] = int(counted.filter(folded.is_in(list(known)))["rows"].sum())
        shown.append(counted.head(_CODES_SHOWN).select(*schema))
    return (pl.concat(shown) if shown else pl.DataFrame(schema=schema)), translatable


def _count_values(slot: SlotPlan, enum: EnumPlan, bound: Bound) -> pl.DataFrame:
    key = pl.struct(pl.col(part) for part in bound.key) if bound.key else pl.col(ROW)
    return collect(
        bound.frame.filter(invalid_code(slot, enum))
        .group_by(pl.col(slot.name).alias("value"))
        .agg(pl.len().cast(pl.UInt32).alias("rows"), key.n_unique().cast(pl.UInt32).alias("keys"))
        .sort("rows", "value", descending=[True, False])
        .with_columns(pl.lit(slot.name).alias("slot"))
    )
