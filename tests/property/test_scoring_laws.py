"""What was not looked at can't raise a level or a rate (DESIGN section 5).

A small model of an export stands in for the engine: a table of cells that are right, wrong,
missing or unreadable, measured by checks as the engine would measure them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from random import Random

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from dqcheck.model import (
    Binding,
    Check,
    Column,
    Criticality,
    Dimension,
    Match,
    Measurement,
    Outcome,
    Severity,
    SlotTally,
    SlotUnion,
    Validation,
)
from dqcheck.results import Scorecard
from dqcheck.scoring import group_checks, score
from dqcheck.standards.plan import ClassPlan, SlotPlan

SLOTS = (
    SlotPlan("key", "key", required=True, criticality=Criticality.CRITICAL),
    SlotPlan("hair", "hair", recommended=True, criticality=Criticality.IMPORTANT),
    SlotPlan("eyes", "eyes", recommended=True),
    SlotPlan("notes", "notes"),
)
RIGHT, WRONG, MISSING, UNREADABLE = "right", "wrong", "missing", "unreadable"
Row = tuple[str, ...]


def make(name: str, slots: tuple[str, ...], dimension: Dimension, severity: Severity) -> Check:
    return Check(
        id=f"s.{slots[0]}.{name}",
        slot=slots[0],
        slots=slots,
        dimension=dimension,
        severity=severity,
        expression=[name],
        applies=["lit", "boolean", "true"],
        title="",
    )


CHECKS = (
    *(
        make(
            "required",
            (slot.name,),
            Dimension.COMPLETENESS,
            Severity.VIOLATION if slot.required else Severity.WARNING,
        )
        for slot in SLOTS[:3]
    ),
    *(make("type", (slot.name,), Dimension.VALIDITY, Severity.VIOLATION) for slot in SLOTS),
    *(make("pattern", (slot.name,), Dimension.VALIDITY, Severity.VIOLATION) for slot in SLOTS),
    make("agrees", ("hair", "eyes"), Dimension.CONSISTENCY, Severity.VIOLATION),
    make("agrees_with_notes", ("hair", "notes"), Dimension.CONSISTENCY, Severity.VIOLATION),
)


@dataclass(frozen=True)
class Feed:
    rows: tuple[Row, ...]
    columns: tuple[str, ...] = tuple(slot.name for slot in SLOTS)
    rejected: int = 0
    checks: tuple[Check, ...] = CHECKS
    in_error: frozenset[str] = frozenset()
    extra: tuple[str, ...] = ()

    def cell(self, row: Row, slot: str) -> str:
        at = [each.name for each in SLOTS].index(slot)
        return row[at] if slot in self.columns else MISSING


def decide(feed: Feed, check: Check, row: Row) -> bool | None:
    cells = [feed.cell(row, slot) for slot in check.slots]
    kind = check.expression[0]
    if kind == "required":
        return cells[0] != MISSING
    if kind == "type":
        return None if cells[0] == MISSING else cells[0] != UNREADABLE
    if any(cell in (MISSING, UNREADABLE) for cell in cells):
        return None
    if kind == "pattern":
        return cells[0] == RIGHT
    return cells[0] == cells[1]


def applies(feed: Feed, check: Check, row: Row) -> bool:
    """Return whether a row without an answer is unknown."""
    kind = check.expression[0]
    if kind.startswith("agrees"):
        return True
    return kind == "pattern" and feed.cell(row, check.slots[0]) == UNREADABLE


def count(feed: Feed, checks: Sequence[Check]) -> tuple[int, int, int]:
    checked = failed = unknown = 0
    for row in feed.rows:
        answers = [decide(feed, check, row) for check in checks]
        checked += any(answer is not None for answer in answers)
        failed += any(answer is False for answer in answers)
        unknown += answers[0] is None and applies(feed, checks[0], row)
    return checked, failed, unknown


def measure(feed: Feed) -> Validation:
    measurements = []
    for check in feed.checks:
        if check.id in feed.in_error:
            measurements.append(Measurement(check.id, Outcome.ERROR))
            continue
        checked, failed, unknown = count(feed, [check])
        outcome = Outcome.FAILED if failed else Outcome.PASSED
        measurements.append(Measurement(check.id, outcome, checked, failed, unknown))
    plan = ClassPlan("C", slots=SLOTS, checks=feed.checks)
    unions = [
        SlotUnion(group.slots, group.dimension, *count(feed, group.checks)[:2])
        for group in group_checks(plan, feed.checks)
        if len(group.checks) > 1
    ]
    total = len(feed.rows)
    tallies = [
        SlotTally(
            slot.name,
            total,
            valid=0,
            other=0,
            default=0,
            invalid=0,
            missing=sum(feed.cell(row, slot.name) == MISSING for row in feed.rows),
            translatable=0,
            violating=0,
        )
        for slot in SLOTS
    ]
    violations = [check for check in feed.checks if check.severity is Severity.VIOLATION]
    return Validation(
        checks=feed.checks,
        measurements=tuple(measurements),
        tallies=tuple(tallies),
        clean=sum(
            all(decide(feed, check, row) is not False for check in violations) for row in feed.rows
        ),
        failing=pl.LazyFrame(),
        shapes=pl.DataFrame(),
        codes=pl.DataFrame(),
        unions=tuple(unions),
    )


def assess(feed: Feed) -> Scorecard:
    columns = [Column(n, name, f"c{n}") for n, name in enumerate(feed.columns, 1)]
    foreign = [Column(n + 50, name, f"c{n + 50}") for n, name in enumerate(feed.extra)]
    return score(
        ClassPlan("C", slots=SLOTS, checks=feed.checks),
        measure(feed),
        Binding(
            slots={column.header: (column, Match.EXACT) for column in columns},
            absent=tuple(slot.name for slot in SLOTS if slot.name not in feed.columns),
            unknown=tuple((column, ()) for column in foreign),
        ),
        rows_read=len(feed.rows),
        rows_rejected=feed.rejected,
    )


def assert_not_raised(before: Scorecard, after: Scorecard, *, level: bool = True) -> None:
    assert before.level is not None
    assert after.level is not None
    if level:
        assert after.level.rank <= before.level.rank
    for old, new in zip(before.dimensions, after.dimensions, strict=True):
        if new.rate is not None and old.rate is not None:
            assert new.rate <= old.rate + 1e-12, (old, new)
        # A rate may be lost, never gained: what was not scored before is not scored better now.
        if old.rate is None and new.rate is not None:
            assert new.rate == 0


cells = st.sampled_from([RIGHT, RIGHT, RIGHT, WRONG, MISSING, UNREADABLE])
feeds = st.builds(
    Feed,
    rows=st.lists(st.tuples(cells, cells, cells, cells), min_size=1, max_size=8).map(tuple),
    rejected=st.integers(0, 2),
)
check_ids = st.sampled_from([check.id for check in CHECKS])


@given(feeds, st.sampled_from(["key", "hair", "eyes"]))
def test_dropping_a_column_of_the_fixed_set(feed: Feed, dropped: str) -> None:
    less = replace(feed, columns=tuple(name for name in feed.columns if name != dropped))
    assert_not_raised(assess(feed), assess(less))


@given(feeds)
def test_dropping_an_optional_column_moves_no_rate(feed: Feed) -> None:
    less = replace(feed, columns=("key", "hair", "eyes"))
    before, after = assess(feed), assess(less)
    assert before.dimensions == after.dimensions


@given(feeds)
def test_emptying_a_feed(feed: Feed) -> None:
    empty = assess(replace(feed, rows=(), rejected=0))
    assert_not_raised(assess(feed), empty)
    assert all(found.rate is None for found in empty.dimensions)


@given(feeds, check_ids)
def test_making_a_check_error(feed: Feed, check_id: str) -> None:
    assert_not_raised(assess(feed), assess(replace(feed, in_error=frozenset({check_id}))))


@given(feeds, check_ids)
def test_duplicating_a_rule_changes_no_rate(feed: Feed, check_id: str) -> None:
    twin = next(replace(check, id=f"{check.id}_2") for check in CHECKS if check.id == check_id)
    before, after = assess(feed), assess(replace(feed, checks=(*CHECKS, twin)))
    assert_not_raised(before, after)
    for old, new in zip(before.dimensions, after.dimensions, strict=True):
        assert old.rate == new.rate


@given(feeds, st.lists(st.text(min_size=1), min_size=1, max_size=3))
def test_adding_clean_columns_outside_the_set(feed: Feed, extra: list[str]) -> None:
    assert_not_raised(assess(feed), assess(replace(feed, extra=tuple(extra))))
    filled = tuple((*row[:3], RIGHT) for row in feed.rows)
    without = replace(feed, columns=("key", "hair", "eyes"))
    before, after = assess(without), assess(replace(feed, rows=filled))
    assert before.dimensions == after.dimensions


@given(feeds.filter(lambda feed: len(feed.rows) > 1), st.data())
def test_splitting_raises_neither_the_worst_level_nor_the_clean_rate(
    feed: Feed, data: st.DataObject
) -> None:
    at = data.draw(st.integers(1, len(feed.rows) - 1))
    whole = assess(feed)
    parts = [
        assess(replace(feed, rows=feed.rows[:at])),
        assess(replace(feed, rows=feed.rows[at:], rejected=0)),
    ]
    levels = [part.level.rank for part in parts if part.level is not None]
    assert whole.level is not None
    assert min(levels) <= whole.level.rank
    assert sum(part.clean for part in parts) == whole.clean
    assert sum(part.rows for part in parts) == whole.rows
    for index, found in enumerate(whole.dimensions):
        right = sum(part.dimensions[index].numerator for part in parts)
        assert right <= found.numerator


@given(feeds, st.randoms())
def test_shuffling_changes_nothing(feed: Feed, random: Random) -> None:
    rows = list(feed.rows)
    random.shuffle(rows)
    assert assess(feed) == assess(replace(feed, rows=tuple(rows)))


@given(feeds)
def test_rejecting_rows(feed: Feed) -> None:
    more = replace(feed, rows=feed.rows[1:], rejected=feed.rejected + 1)
    before, after = assess(feed), assess(more)
    assert before.level is not None
    assert after.level is not None
    assert after.rows == before.rows
    assert after.clean <= before.clean


@given(feeds)
def test_rates_are_shares_and_counts_add_up(feed: Feed) -> None:
    for found in assess(feed).dimensions:
        assert (found.rate is None) == (not found.slots)
        for slot in found.slots:
            assert 0 <= slot.right <= slot.checked <= len(feed.rows) + feed.rejected
        if found.rate is not None:
            assert 0 <= found.rate <= 1
            assert found.worst is not None
            assert found.worst.rate <= found.rate + 1e-12
