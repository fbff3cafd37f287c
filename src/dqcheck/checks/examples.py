"""A rule's own passing and failing rows, run through the evaluation that exports go through."""

from __future__ import annotations

__all__ = ["Example", "run_examples"]

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import polars as pl

from dqcheck.checks.compile_cells import ROW_COUNT
from dqcheck.checks.compile_rules import RuleUse
from dqcheck.checks.tables import aggregate, judge
from dqcheck.documents.rules import Cells
from dqcheck.errors import Place
from dqcheck.expressions.evaluate import Context, build
from dqcheck.model import (
    Check,
    CrossCheck,
    Outcome,
    Reference,
    TableCheck,
    TableCheckKind,
    items_column,
)
from dqcheck.standards.plan import ClassPlan, Plan

Verdict = Literal["passes", "fails", "can't be decided", "has nothing to say"]


@dataclass(frozen=True, slots=True)
class Example:
    """One row of a rule, and what the rule said of it.

    Attributes:
        rule_id: The rule.
        class_name: The class it was run for.
        expected: `passes` for rows under `passing`, `fails` for those under `failing`.
        verdict: What the rule said.
        place: Where the row stands.
    """

    rule_id: str
    class_name: str
    expected: Verdict
    verdict: Verdict
    place: Place

    @property
    def agrees(self) -> bool:
        """Return whether the rule said what its author expected."""
        return self.verdict == self.expected


def run_examples(plan: Plan, use: RuleUse) -> tuple[Example, ...]:
    """Return what the rule says of its own rows, for each class it applies to.

    The rows of a rule about the newest date are one table for `passing` and one for `failing`,
    and share the verdict.
    """
    return tuple(
        example
        for class_name in use.products
        for expected, key in (("passes", "passing"), ("fails", "failing"))
        for example in _run(plan, plan.classes[class_name], use, expected, key)  # type: ignore[arg-type]
    )


def _run(
    plan: Plan, class_plan: ClassPlan, use: RuleUse, expected: Verdict, key: str
) -> list[Example]:
    rows: Sequence[Cells] = getattr(use.rule, key)
    if not rows:
        return []
    product = use.products[class_plan.name]
    match product:
        case Check():
            verdicts = _row_verdicts(class_plan, product, rows, use)
        case Reference():
            verdicts = _reference_verdicts(plan, class_plan, product, rows, use)
        case CrossCheck():
            verdicts = _cross_verdicts(plan, class_plan, product, rows, use)
        case TableCheck():
            verdicts = _table_verdicts(class_plan, product, rows, use)
    return [
        Example(use.rule.id, class_plan.name, expected, verdict, use.source.at(key, index))
        for index, verdict in enumerate(verdicts)
    ]


def _context(class_plan: ClassPlan, use: RuleUse) -> Context:
    multivalued = frozenset(slot.name for slot in class_plan.slots if slot.multivalued)
    return Context(use.rules.as_of, multivalued)


def _frame(class_plan: ClassPlan, rows: Sequence[Cells]) -> pl.DataFrame:
    """Return rows as the frame that trees run on, all slots of the class in it."""
    columns: dict[str, pl.Series] = {}
    for slot in class_plan.slots:
        cells = [row.get(slot.name) or None for row in rows]
        texts = [slot.delimiter.join(cell) if isinstance(cell, tuple) else cell for cell in cells]
        columns[slot.name] = pl.Series(slot.name, texts, dtype=pl.String)
        if slot.multivalued:
            lists = [
                list(cell) if isinstance(cell, tuple) else cell and cell.split(slot.delimiter)
                for cell in cells
            ]
            name = items_column(slot.name)
            columns[name] = pl.Series(name, lists, dtype=pl.List(pl.String))
    return pl.DataFrame(columns)


def _row_verdicts(
    class_plan: ClassPlan, check: Check, rows: Sequence[Cells], use: RuleUse
) -> list[Verdict]:
    return _decide(_frame(class_plan, rows), check, _context(class_plan, use))


def _decide(frame: pl.DataFrame, check: Check, context: Context) -> list[Verdict]:
    # A tree that reads no slot gives one value for all rows.
    found = frame.with_columns(
        holds=build(check.expression, context), applies=build(check.applies, context)
    )
    return [
        _verdict(holds, applies) for holds, applies in found.select("holds", "applies").iter_rows()
    ]


def _cross_verdicts(
    plan: Plan, class_plan: ClassPlan, cross: CrossCheck, rows: Sequence[Cells], use: RuleUse
) -> list[Verdict]:
    given = _frame(plan.classes[cross.target_class], use.rule.given)
    records = given.select(
        pl.col(cross.target_slot).alias(cross.by),
        *(pl.col(slot).alias(f"{cross.name}.{slot}") for slot in cross.target_slots),
    )
    joined = _frame(class_plan, rows).join(records, on=cross.by, how="left", maintain_order="left")
    return _decide(joined, cross.check, _context(class_plan, use))


def _verdict(holds: bool | None, applies: bool) -> Verdict:
    if holds is None:
        return "can't be decided" if applies else "has nothing to say"
    return "passes" if holds else "fails"


def _reference_verdicts(
    plan: Plan, class_plan: ClassPlan, reference: Reference, rows: Sequence[Cells], use: RuleUse
) -> list[Verdict]:
    other = _frame(plan.classes[reference.target_class], use.rule.given)
    known = other.get_column(reference.target_slot).drop_nulls()
    when = pl.lit(value=True)
    if reference.when is not None:
        when = build(reference.when, _context(class_plan, use))
    sought = pl.col(reference.slot)
    found = _frame(class_plan, rows).with_columns(
        holds=pl.when(when).then(sought.is_in(known.implode())),
        applies=when.is_null() & sought.is_not_null(),
    )
    return [
        _verdict(holds, applies) for holds, applies in found.select("holds", "applies").iter_rows()
    ]


def _table_verdicts(
    class_plan: ClassPlan, check: TableCheck, rows: Sequence[Cells], use: RuleUse
) -> list[Verdict]:
    if check.kind is TableCheckKind.ROW_COUNT:
        values = [int(str(row[ROW_COUNT])) for row in rows]
        outcomes = [judge(check, value, use.rules.as_of).outcome for value in values]
    else:
        context = _context(class_plan, use)
        value = _frame(class_plan, rows).select(aggregate(check, context)).item()
        outcomes = [judge(check, value, use.rules.as_of).outcome] * len(rows)
    words: dict[Outcome, Verdict] = {Outcome.PASSED: "passes", Outcome.FAILED: "fails"}
    return [words.get(outcome, "can't be decided") for outcome in outcomes]
