"""One export against one class: one query for all checks of rows, keys and references apart."""

from __future__ import annotations

__all__ = ["validate"]

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl

from dqcheck.checks.tables import aggregate
from dqcheck.engines import collect, collect_all
from dqcheck.model import (
    Check,
    CrossCheck,
    Export,
    Severity,
    SlotUnion,
    TableCheck,
    Validation,
    kind_column,
)
from dqcheck.privacy import shape_cells
from dqcheck.reports.redact import hide_words
from dqcheck.scoring import CheckGroup, group_checks
from dqcheck.standards.plan import ClassPlan, EnumPlan, Plan
from dqcheck.validation.across import Member, Repeated, compare_keys
from dqcheck.validation.bind import ROW, Bound
from dqcheck.validation.columns import column_checks, file_checks, stand_for_all_rows
from dqcheck.validation.failing import (
    elements_of,
    failing_cells,
    fails_one_of,
    rows_that_fail,
    with_places,
)
from dqcheck.validation.schema import (
    Counts,
    compile_schema,
    count_results,
    evaluate_checks,
    read_counts,
)
from dqcheck.validation.special import (
    References,
    Special,
    check_cross,
    check_key,
    check_reference,
    judge_table,
    measure,
)
from dqcheck.validation.summaries import summarise
from dqcheck.validation.tally import Extra, any_failed, count_cells, make_tally

_ROWS_HELD = 200_000
"""Failing rows to keep from the first query; if there are more they are read again, streamed."""


@dataclass(frozen=True, slots=True)
class _Pass:
    """What the query over all rows gave.

    Attributes:
        bound: The rows, cells of nothing but white space missing.
        counts: By check id.
        values: Of the aggregations, by name.
        failing: The rows that fail, as `failing.rows_that_fail`.
        failed: The checks that `failing` numbers.
    """

    bound: Bound
    counts: dict[str, Counts]
    values: dict[str, Any]
    failing: pl.LazyFrame
    failed: Sequence[Check]


def validate(
    export: Export,
    bound: Bound,
    plan: Plan,
    class_plan: ClassPlan,
    *,
    tables: Sequence[TableCheck] = (),
    cross_checks: Sequence[CrossCheck] = (),
    references: References | None = None,
    repeats: Mapping[str, Repeated] | None = None,
) -> Validation:
    """Check the rows of `export` against `class_plan`.

    Args:
        export: As read.
        bound: Made by `bind.bind` of the same export and class.
        plan: The schema, for its name and code lists.
        class_plan: The class, with the checks of its rules.
        tables: Checks of the export as a whole.
        cross_checks: Checks of rows that read a record of another class.
        references: What rows may refer to.
        repeats: What `across.compare_keys` found for this export; looked for in this export
            alone if None.

    Raises:
        InputError: If the file can't be read to its end.
    """
    checks = class_plan.checks
    lists = {slot.name: plan.enums[slot.enum] for slot in class_plan.slots if slot.enum}
    groups = _unions(class_plan)
    hidden = hide_words(class_plan, plan.enums)
    rows_pass = _read_rows(bound, class_plan, lists, hidden, groups, tables)
    bound, counts, values = rows_pass.bound, rows_pass.counts, rows_pass.values
    rows = int(values["rows"])

    if repeats is None:
        (repeats,) = compare_keys([Member(export.path, class_plan, bound, rows)])
    found = [(check, measure(check, counts[check.id])) for check in checks]
    specials = [
        *(check_key(key, bound, *repeats[key.id]) for key in class_plan.keys),
        *(check_reference(item, bound, references) for item in class_plan.references),
        *(check_cross(cross, bound, references) for cross in cross_checks),
        *(judge_table(table, values[table.id], bound) for table in tables),
    ]
    found += [(special.check, special.measurement) for special in specials]
    of_columns, column_faults = column_checks(plan.name, class_plan, bound.binding, rows)
    of_file, file_faults = file_checks(export)
    failed = [check for check in checks if counts[check.id].failed]
    faults = pl.concat([column_faults, stand_for_all_rows(failed, bound.binding), file_faults])
    found += [*of_columns, *of_file]

    cells = failing_cells(rows_pass.failing, rows_pass.failed, frozenset(bound.binding.absent))
    parts = [cells, *(special.cells for special in specials if special.cells is not None)]
    summaries = summarise(
        parts,
        [check for check, _ in found],
        shape_cells(hidden),
        _coded_cells(cells, class_plan, lists, rows_pass),
        lists,
    )
    repeated = _count_repeated(rows_pass, class_plan, specials)
    return Validation(
        checks=tuple(check for check, _ in found),
        measurements=tuple(measurement for _, measurement in found),
        tallies=tuple(
            make_tally(
                slot,
                rows,
                values,
                translatable=summaries.translatable.get(slot.name, 0),
                repeated=repeated.get(slot.name, 0),
            )
            for slot in class_plan.slots
        ),
        clean=int(values["clean"] or 0) - repeated[None],
        failing=with_places(parts, export, bound, faults),
        shapes=summaries.shapes,
        codes=summaries.codes,
        unions=tuple(
            SlotUnion(
                group.slots,
                group.dimension,
                checked=int(values[f"{number}:decided"] or 0),
                failed=int(values[f"{number}:failed"] or 0),
            )
            for number, group in enumerate(groups)
        ),
    )


def _read_rows(
    bound: Bound,
    class_plan: ClassPlan,
    lists: Mapping[str, EnumPlan],
    hidden: Mapping[str, frozenset[str]],
    groups: Sequence[CheckGroup],
    tables: Sequence[TableCheck],
) -> _Pass:
    """Evaluate all checks of rows in one query, that of the failing rows included."""
    checks = class_plan.checks
    slots = [slot.name for slot in class_plan.slots]
    schema = compile_schema(class_plan.name, slots, checks, bound.context, hidden=hidden)
    kinds = [kind_column(slot) for slot in sorted(bound.context.kinded)]
    extra = Extra({name: pl.col(name) for name in (ROW, *slots, *kinds)}, {"rows": pl.len()})
    extra |= _count_violations(class_plan, lists, bound) | _count_unions(groups)
    extra |= Extra({}, {table.id: aggregate(table, bound.context) for table in tables})
    # A cell that begins with white space may hold nothing else: asked for all cells, that would
    # cost more than all checks together.
    texts = [slot for slot in slots if slot not in bound.context.kinded]
    extra |= Extra({}, {f"{slot}:spaced": (pl.col(slot) < "!").any() for slot in texts})

    checked = evaluate_checks(bound.frame, schema, extra.columns)
    failing = rows_that_fail(checked, bound, checks)
    counted, held = collect_all(
        [count_results(checked, schema, extra.aggregates), failing.head(_ROWS_HELD + 1)]
    )
    counts, values = read_counts(counted, schema)
    spaced = [slot for slot in texts if values.pop(f"{slot}:spaced") and slot not in bound.cleared]
    if spaced:
        return _read_rows(bound.without_blanks(spaced), class_plan, lists, hidden, groups, tables)
    if held.height <= _ROWS_HELD:
        return _Pass(bound, counts, values, held.lazy(), checks)
    # What is read again evaluates the checks that failed and no others.
    failed = [check for check in checks if counts[check.id].failed]
    again = rows_that_fail(checked, bound, failed)
    return _Pass(bound, counts, values, again, failed)


def _violations(checks: Iterable[Check]) -> dict[str | None, list[str]]:
    """Return the ids of the checks whose failure is a violation, by slot; None for all."""
    found: dict[str | None, list[str]] = {None: []}
    for check in checks:
        if check.severity is Severity.VIOLATION:
            found[None].append(check.id)
            if check.slot is not None:
                found.setdefault(check.slot, []).append(check.id)
    return found


def _count_violations(class_plan: ClassPlan, lists: Mapping[str, EnumPlan], bound: Bound) -> Extra:
    violations = _violations(class_plan.checks)
    every = violations[None]
    extra = Extra({}, {"clean": (~any_failed(every)).sum() if every else pl.len()})
    for slot in class_plan.slots:
        enum = None if slot.multivalued else lists.get(slot.name)
        extra |= count_cells(slot, enum, violations.get(slot.name, []), bound.context)
    return extra


def _unions(class_plan: ClassPlan) -> list[CheckGroup]:
    """Return the groups of checks whose failing rows overlap, so that they are counted once."""
    groups = group_checks(class_plan, class_plan.checks)
    return [group for group in groups if len(group.checks) > 1]


def _count_unions(groups: Sequence[CheckGroup]) -> Extra:
    counted: dict[str, pl.Expr] = {}
    for number, group in enumerate(groups):
        ids = [check.id for check in group.checks]
        decided = pl.any_horizontal(pl.col(name).is_not_null() for name in ids)
        counted[f"{number}:decided"] = decided.sum()
        counted[f"{number}:failed"] = any_failed(ids).sum()
    return Extra({}, counted)


def _coded_cells(
    cells: pl.LazyFrame,
    class_plan: ClassPlan,
    lists: Mapping[str, EnumPlan],
    rows_pass: _Pass,
) -> dict[str, pl.LazyFrame]:
    """Return, for each slot with a code list that has failing cells, where its values stand."""
    failed = {check.slot for check in class_plan.checks if rows_pass.counts[check.id].failed}
    return {
        slot.name: elements_of(rows_pass.bound, slot.name) if slot.multivalued else cells
        for slot in class_plan.slots
        if slot.name in lists and slot.name in failed
    }


def _count_repeated(
    rows_pass: _Pass, class_plan: ClassPlan, specials: Iterable[Special]
) -> dict[str | None, int]:
    """Return the rows whose only violation is that of a key or reference, by slot; None for all."""
    failing: dict[str | None, list[pl.Series]] = {}
    for special in specials:
        if special.check.severity is Severity.VIOLATION and not special.failing.is_empty():
            for slot in (None, special.check.slot):
                failing.setdefault(slot, []).append(special.failing)
    if not failing:
        return {None: 0}
    rows = {slot: pl.concat(parts).unique() for slot, parts in failing.items()}
    violations = _violations(class_plan.checks)
    both = rows_pass.failing.filter(pl.col(ROW).is_in(rows[None].implode())).select(
        (
            pl.col(ROW).is_in(found.implode())
            & fails_one_of(violations.get(slot, []), rows_pass.failed)
        )
        .sum()
        .alias(str(number))
        for number, (slot, found) in enumerate(rows.items())
    )
    counted = collect(both).row(0)
    return {
        slot: found.len() - count
        for (slot, found), count in zip(rows.items(), counted, strict=True)
    }
