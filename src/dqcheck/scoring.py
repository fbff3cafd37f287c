"""From measurements to a scorecard: rates that nothing unseen can raise, and a level in words."""

from __future__ import annotations

__all__ = ["CheckGroup", "fixed_slots", "group_checks", "score", "score_error"]

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from dqcheck.errors import DqcheckError, InputError
from dqcheck.model import (
    Binding,
    Check,
    Criticality,
    Dimension,
    Match,
    Measurement,
    Outcome,
    Severity,
    Validation,
)
from dqcheck.results import (
    DimensionScore,
    Level,
    Scorecard,
    SlotRate,
    find_not_checked,
    find_unit,
    say_count,
)
from dqcheck.standards.plan import ClassPlan

_NOT_RUN = (Outcome.ERROR, Outcome.NOT_ASSESSED)


@dataclass(frozen=True, slots=True)
class CheckGroup:
    """The checks of one dimension that read the same slots and count towards rates.

    Attributes:
        slots: The slots they read, sorted; none for checks of the whole table.
        dimension: Their dimension.
        checks: In the plan's order.
    """

    slots: tuple[str, ...]
    dimension: Dimension
    checks: tuple[Check, ...]


def fixed_slots(class_plan: ClassPlan) -> frozenset[str]:
    """Return the slots that rates are made of, whatever an export has: required, recommended."""
    return frozenset(
        slot.name
        for slot in class_plan.slots
        if slot.required or slot.recommended or slot.identifier
    )


def group_checks(class_plan: ClassPlan, checks: Iterable[Check]) -> tuple[CheckGroup, ...]:
    """Return the checks that count towards rates, by dimension and the slots they read.

    A check counts if every slot it reads is required or recommended. If it also read others, an
    agency could raise its rate by no longer sending them. Checks of severity info, of columns and
    of the file do not count. A check of several slots has a rate of its own: where one of them is
    absent, what is known of the others still counts.
    """
    fixed = fixed_slots(class_plan)
    found: dict[tuple[tuple[str, ...], Dimension], list[Check]] = {}
    for check in checks:
        read = {*check.slots, *([check.slot] if check.slot else [])}
        if check.severity is not Severity.INFO and _is_of_rows(check) and read <= fixed:
            found.setdefault((tuple(sorted(read)), check.dimension), []).append(check)
    order = {slot.name: number for number, slot in enumerate(class_plan.slots)}
    return tuple(
        CheckGroup(slots, dimension, tuple(group))
        for (slots, dimension), group in sorted(
            found.items(),
            key=lambda item: (len(item[0][0]) != 1, [order[name] for name in item[0][0]]),
        )
    )


def _is_of_rows(check: Check) -> bool:
    return check.source != "columns" and not check.id.startswith("file.")


def score(
    class_plan: ClassPlan,
    validation: Validation,
    binding: Binding,
    *,
    rows_read: int,
    rows_rejected: int,
    headers_trusted: bool = True,
) -> Scorecard:
    """Return the scorecard of one export.

    Rates follow the dimensions of the UK Government Data Quality Framework (2020). A slot's rate
    counts each failing row once; rejected rows are never right; a slot without a column or
    without any value, and a check that could not run, count 0 and are named.

    Args:
        class_plan: The class, with the checks of its rules.
        validation: What checking gave.
        binding: Which column stands for which slot.
        rows_read: Rows that were checked.
        rows_rejected: Rows of the file that could not be read.
        headers_trusted: False where the first row looks like data.
    """
    evidence = _Evidence(class_plan, validation, binding, rows_read, rows_rejected, headers_trusted)
    level, why = _find_level(evidence)
    return Scorecard(
        level=level,
        why_not_next=why,
        dimensions=_score_dimensions(evidence),
        clean=validation.clean,
        rows=rows_read + rows_rejected,
        translatable=sum(tally.translatable for tally in validation.tallies),
        tallies=validation.tallies,
    )


def score_error(error: DqcheckError) -> Scorecard:
    """Return the scorecard of an export that could not be read or checked: no rate at all."""
    level = Level.RECEIVED if isinstance(error, InputError) else None
    return Scorecard(
        level=level,
        why_not_next=(error.message,),
        dimensions=tuple(
            DimensionScore(dimension, (), None, "nothing was checked") for dimension in Dimension
        ),
    )


@dataclass(frozen=True, slots=True)
class _Evidence:
    class_plan: ClassPlan
    validation: Validation
    binding: Binding
    rows_read: int
    rows_rejected: int
    headers_trusted: bool

    @property
    def rows(self) -> int:
        return self.rows_read + self.rows_rejected

    def find_empty_slots(self) -> dict[str, str]:
        """Return why a slot has nothing to look at, by slot."""
        found = {
            tally.slot: "no value in any row"
            for tally in self.validation.tallies
            if tally.missing == tally.rows
        }
        return found | dict.fromkeys(self.binding.absent, "no column")


def _score_dimensions(evidence: _Evidence) -> tuple[DimensionScore, ...]:
    groups = group_checks(evidence.class_plan, evidence.validation.checks)
    rates = [
        (group.dimension, rate)
        for group in groups
        if evidence.rows_read and (rate := _rate_slot(group, evidence)) is not None
    ]
    return tuple(
        _score_dimension(
            dimension,
            tuple(rate for of, rate in rates if of is dimension),
            evidence.rows_read,
        )
        for dimension in Dimension
    )


def _score_dimension(
    dimension: Dimension, slots: tuple[SlotRate, ...], rows_read: int
) -> DimensionScore:
    if slots:
        weight = sum(slot.criticality.weight for slot in slots)
        rate = sum(slot.rate * slot.criticality.weight for slot in slots) / weight
        return DimensionScore(dimension, slots, rate)
    if rows_read == 0:
        reason = "no rows"
    elif dimension is Dimension.ACCURACY:
        reason = "not assessed without an authoritative source"
    else:
        reason = "no check of a required or recommended slot"
    return DimensionScore(dimension, (), None, reason)


def _criticality(group: CheckGroup, class_plan: ClassPlan) -> Criticality:
    return max(
        (slot.criticality for slot in class_plan.slots if slot.name in group.slots),
        key=lambda criticality: criticality.weight,
        default=Criticality.OTHER,
    )


def _rate_slot(group: CheckGroup, evidence: _Evidence) -> SlotRate | None:
    """Return the rate of one group; None where its checks have nothing to say."""
    criticality = _criticality(group, evidence.class_plan)
    measured = {found.check_id: found for found in evidence.validation.measurements}
    reason = _why_zero(group, measured, evidence.find_empty_slots())
    if reason:
        return SlotRate(group.slots, criticality, 0, evidence.rows, reason)
    checked, failed, counted = 0, 0, set[str]()
    for union in evidence.validation.unions:
        if (union.slots, union.dimension) == (group.slots, group.dimension):
            checked, failed = union.checked, union.failed
            counted = {check.id for check in group.checks if check.expression is not None}
    for check in group.checks:
        found = measured[check.id]
        if check.id in counted or found.outcome is Outcome.NOT_APPLICABLE:
            continue
        if find_unit(check) == "row":
            checked, failed = max(checked, found.checked), failed + found.failed
        else:
            # Its one verdict stands for every row.
            checked = evidence.rows_read
            failed += checked if found.outcome is Outcome.FAILED else 0
    if checked == 0:
        return None
    right = checked - min(failed, checked)
    return SlotRate(group.slots, criticality, right, checked + evidence.rows_rejected)


def _why_zero(
    group: CheckGroup, measured: Mapping[str, Measurement], empty: Mapping[str, str]
) -> str:
    for name in group.slots:
        if name in empty:
            return empty[name] if len(group.slots) == 1 else f"{empty[name]}: {name}"
    for check in group.checks:
        found = measured[check.id]
        if found.outcome in _NOT_RUN:
            return f"{check.id} could not run" + (f": {found.reason}" if found.reason else "")
        if found.checked == 0 and found.unknown:
            return f"{check.id} could decide no row"
    return ""


def _find_level(evidence: _Evidence) -> tuple[Level, tuple[str, ...]]:
    binding = evidence.binding
    if evidence.rows == 0:
        return Level.NO_DATA, ("the export has no rows",)
    if evidence.rows_read == 0:
        return Level.RECEIVED, (f"none of {say_count(evidence.rows, 'row')} could be read",)
    if not evidence.headers_trusted:
        return Level.RECEIVED, ("the first row looks like data, so that the columns have no names",)
    if binding.unknown and not binding.slots:
        return Level.RECEIVED, ("no column is one of the standard's",)
    bars = _find_bars(evidence)
    return (Level.READABLE, bars) if bars else (Level.MEETS_STANDARD, ())


def _find_bars(evidence: _Evidence) -> tuple[str, ...]:
    """Return what keeps a readable export from meeting the standard."""
    validation = evidence.validation
    violations = [
        (check, found)
        for check, found in zip(validation.checks, validation.measurements, strict=True)
        if check.severity is Severity.VIOLATION
    ]
    failed = sum(found.outcome is Outcome.FAILED for _, found in violations)
    not_run = sum(found.outcome in _NOT_RUN for found in validation.measurements)
    decided = any(
        found.checked and _is_of_rows(check) and found.outcome not in _NOT_RUN
        for check, found in violations
    )
    empty = len(evidence.find_empty_slots().keys() & fixed_slots(evidence.class_plan))
    left_out = len(find_not_checked(evidence.class_plan, validation))
    inexact = sum(match is not Match.EXACT for _, match in evidence.binding.slots.values())
    translatable = sum(tally.translatable for tally in validation.tallies)
    rejected = evidence.rows_rejected
    bars = (
        (failed, f"{say_count(failed, 'check')} of severity violation failed"),
        (rejected, f"{say_count(rejected, 'row')} could not be read"),
        (not_run, f"{say_count(not_run, 'check')} could not run"),
        (left_out, f"{say_count(left_out, 'demand')} of the schema not checked"),
        (empty, f"{say_count(empty, 'required or recommended slot')} without column or value"),
        (inexact, f"{say_count(inexact, 'header')} matched only by alias or capitals"),
        (translatable, f"{say_count(translatable, 'value')} matched only by alias or capitals"),
        (not decided, "no check of severity violation could decide a row"),
    )
    return tuple(text for barred, text in bars if barred)
