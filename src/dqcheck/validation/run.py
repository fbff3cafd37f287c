"""One export against one class: counts in one query, keys and references apart, then findings."""

from __future__ import annotations

__all__ = ["validate"]

from collections.abc import Mapping, Sequence

import polars as pl

from dqcheck.checks.tables import aggregate
from dqcheck.engines import collect
from dqcheck.model import Check, Export, Severity, TableCheck, Validation, kind_column
from dqcheck.standards.plan import ClassPlan, EnumPlan, Plan
from dqcheck.validation.bind import ROW, Bound
from dqcheck.validation.columns import column_checks, file_checks
from dqcheck.validation.failing import failing_cells, failing_rows, with_places
from dqcheck.validation.schema import Extra, compile_schema, count_checks
from dqcheck.validation.special import (
    References,
    check_key,
    check_reference,
    judge_table,
    measure,
)
from dqcheck.validation.summaries import count_codes, count_shapes
from dqcheck.validation.tally import add_tally, any_failed, make_tally

_CELLS_HELD = 1_000_000


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

    found = [(check, measure(check, counts[check.id])) for check in checks]
    specials = [
        *(check_key(key, bound, rows) for key in class_plan.keys),
        *(check_reference(item, bound, references) for item in class_plan.references),
        *(judge_table(table, values[table.id], bound) for table in tables),
    ]
    found += [(special.check, special.measurement) for special in specials]
    of_columns, column_faults = column_checks(plan.name, class_plan, bound.binding, rows)
    of_file, file_faults = file_checks(export)
    found += [*of_columns, *of_file]

    failed = [check for check in checks if counts[check.id].failed]
    cells = failing_cells(bound, failed)
    cell_count = sum(counts[check.id].failed for check in failed)
    if cells is not None and cell_count <= _CELLS_HELD:
        # Shapes, codes and findings then cost one more pass over the file, not one each.
        cells = collect(cells).lazy()
    parts = [
        failing_rows(bound, special.check, special.failing)
        for special in specials
        if not special.failing.is_empty()
    ]
    if cells is not None:
        parts.insert(0, cells)
    codes, translatable = count_codes(cells, coded)
    return Validation(
        checks=tuple(check for check, _ in found),
        measurements=tuple(measurement for _, measurement in found),
        tallies=tuple(
            make_tally(slot, rows, values, translatable.get(slot.name, 0))
            for slot in class_plan.slots
        ),
        clean=int(values["clean"] or 0),
        failing=with_places(parts, export, bound, pl.concat([column_faults, file_faults])),
        shapes=count_shapes(parts, [check for check, _ in found]),
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
