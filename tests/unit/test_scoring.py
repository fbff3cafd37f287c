from __future__ import annotations

from typing import Any

import pytest

from dqcheck.errors import InputError, UsageError
from dqcheck.model import (
    Criticality,
    Dimension,
    Match,
    NotChecked,
    Outcome,
    Severity,
    SlotUnion,
)
from dqcheck.results import Level, Scorecard
from dqcheck.scoring import fixed_slots, group_checks, score_error

HAIR = "person.hair_colour.permissible_value"


def score(samples: Any, checked: Any) -> Scorecard:
    card: Scorecard = samples.export_run(checked).scorecard
    return card


def rate(card: Scorecard, dimension: Dimension) -> float | None:
    return next(found.rate for found in card.dimensions if found.dimension is dimension)


def member(card: Scorecard, dimension: Dimension, slot: str) -> Any:
    found = next(each for each in card.dimensions if each.dimension is dimension)
    return next(each for each in found.slots if each.slots == (slot,))


def test_clean_data_meets_the_standard(samples: Any) -> None:
    card = score(samples, samples.checked())
    assert (card.level, card.why_not_next) == (Level.MEETS_STANDARD, ())
    assert rate(card, Dimension.COMPLETENESS) == 1
    assert rate(card, Dimension.ACCURACY) is None
    assert (card.clean, card.rows) == (10, 10)


def test_a_rate_is_weighted_by_criticality(samples: Any) -> None:
    checked = samples.measure(samples.checked(), HAIR, Outcome.FAILED, failed=5)
    card = score(samples, checked)
    # hair_colour is important (2) and half right, date_of_birth critical (4) and all right; notes
    # is neither required nor recommended.
    assert rate(card, Dimension.VALIDITY) == pytest.approx((2 * 0.5 + 4 * 1) / 6)
    validity = next(each for each in card.dimensions if each.dimension is Dimension.VALIDITY)
    assert (validity.numerator, validity.denominator) == (15, 20)
    assert validity.worst is not None
    assert (validity.worst.slots, validity.worst.rate) == (("hair_colour",), 0.5)
    assert validity.worst.criticality is Criticality.IMPORTANT


def test_a_dimension_without_checks_has_no_rate_but_a_reason(samples: Any) -> None:
    card = score(samples, samples.checked())
    timeliness = next(each for each in card.dimensions if each.dimension is Dimension.TIMELINESS)
    assert (timeliness.rate, timeliness.slots) == (None, ())
    assert timeliness.reason == "no check of a required or recommended slot"
    accuracy = next(each for each in card.dimensions if each.dimension is Dimension.ACCURACY)
    assert accuracy.reason.startswith("not assessed")


def test_a_slot_without_a_column_counts_0_and_is_named(samples: Any) -> None:
    checked = samples.checked()
    slots = {name: at for name, at in checked.binding.slots.items() if name != "hair_colour"}
    card = score(samples, samples.change(checked, slots=slots, absent=("hair_colour",)))
    found = member(card, Dimension.VALIDITY, "hair_colour")
    assert (found.right, found.checked, found.reason) == (0, 10, "no column")
    assert card.why_not_next == ("1 required or recommended slot without column or value",)


def test_a_column_without_a_value_counts_as_no_column(samples: Any) -> None:
    checked = samples.checked()
    tallies = tuple(
        samples.tally(each.slot, 10, missing=10 if each.slot == "hair_colour" else 0)
        for each in checked.validation.tallies
    )
    card = score(samples, samples.change(checked, tallies=tallies))
    found = member(card, Dimension.VALIDITY, "hair_colour")
    assert (found.rate, found.reason) == (0, "no value in any row")


@pytest.mark.parametrize("outcome", [Outcome.ERROR, Outcome.NOT_ASSESSED])
def test_a_check_that_could_not_run_counts_0_and_bars(samples: Any, outcome: Outcome) -> None:
    card = score(samples, samples.measure(samples.checked(), HAIR, outcome, checked=0, reason="x"))
    assert member(card, Dimension.VALIDITY, "hair_colour").reason == f"{HAIR} could not run: x"
    assert card.level is Level.READABLE
    assert card.why_not_next == ("1 check could not run",)


def test_a_check_that_could_decide_no_row_counts_0(samples: Any) -> None:
    checked = samples.measure(samples.checked(), HAIR, Outcome.PASSED, checked=0, unknown=10)
    found = member(score(samples, checked), Dimension.VALIDITY, "hair_colour")
    assert (found.rate, found.reason) == (0, f"{HAIR} could decide no row")


def test_a_check_with_nothing_to_say_is_left_out(samples: Any) -> None:
    checked = samples.measure(samples.checked(), HAIR, Outcome.PASSED, checked=0)
    assert rate(score(samples, checked), Dimension.VALIDITY) == 1


def test_rejected_rows_are_never_right(samples: Any) -> None:
    card = score(samples, samples.change(samples.checked(), rows_rejected=10))
    assert rate(card, Dimension.COMPLETENESS) == 0.5
    assert (card.clean, card.rows) == (10, 20)
    assert card.why_not_next == ("10 rows could not be read",)


def test_overlapping_checks_count_a_row_once(samples: Any) -> None:
    checked = samples.checked()
    twin = samples.check("person.hair_colour.twin", "hair_colour")
    checked = samples.change(
        checked,
        checks=(*checked.validation.checks, twin),
        measurements=(
            *checked.validation.measurements,
            type(checked.validation.measurements[0])(twin.id, Outcome.FAILED, 10, 4),
        ),
    )
    checked = samples.measure(checked, HAIR, Outcome.FAILED, failed=4)
    added_up = member(score(samples, checked), Dimension.VALIDITY, "hair_colour")
    assert (added_up.right, added_up.checked) == (2, 10)
    union = SlotUnion(("hair_colour",), Dimension.VALIDITY, 10, 4)
    together = member(
        score(samples, samples.change(checked, unions=(union,))), Dimension.VALIDITY, "hair_colour"
    )
    assert (together.right, together.checked) == (6, 10)


def test_rates_leave_out_checks_that_read_optional_slots(samples: Any) -> None:
    checked = samples.checked()
    cross = samples.check(
        "person.date_of_birth.before_notes", "date_of_birth", slots=("date_of_birth", "notes")
    )
    info = samples.check("person.date_of_birth.rare", "date_of_birth", severity=Severity.INFO)
    header = samples.check("person.record_id.header", "record_id", source="columns")
    groups = group_checks(checked.class_plan, (*checked.validation.checks, cross, info, header))
    counted = {check.id for group in groups for check in group.checks}
    assert fixed_slots(checked.class_plan) == {"record_id", "hair_colour", "date_of_birth"}
    assert not counted & {cross.id, info.id, header.id, "person.notes.pattern"}
    assert HAIR in counted


def test_slots_checked_against_each_other_have_a_rate_of_their_own(samples: Any) -> None:
    checked = samples.checked()
    pair = ("date_of_birth", "hair_colour")
    cross = samples.check("person.date_of_birth.agrees", "date_of_birth", slots=pair)
    found = type(checked.validation.measurements[0])(cross.id, Outcome.FAILED, 10, 4)
    checked = samples.change(
        checked,
        checks=(*checked.validation.checks, cross),
        measurements=(*checked.validation.measurements, found),
    )
    validity = next(
        each for each in score(samples, checked).dimensions if each.dimension is Dimension.VALIDITY
    )
    assert [(each.slots, each.rate) for each in validity.slots] == [
        (("hair_colour",), 1),
        (("date_of_birth",), 1),
        (pair, 0.6),
    ]
    absent = samples.change(checked, absent=("hair_colour",))
    validity = next(
        each for each in score(samples, absent).dimensions if each.dimension is Dimension.VALIDITY
    )
    assert [(each.rate, each.reason) for each in validity.slots] == [
        (0, "no column"),
        (1, ""),
        (0, "no column: hair_colour"),
    ]


def test_a_failed_check_of_the_table_fails_every_row(samples: Any) -> None:
    checked = samples.checked()
    fresh = samples.check(
        "person.date_of_birth.newest",
        "date_of_birth",
        Dimension.TIMELINESS,
        expression=None,
        source="rules",
    )
    found = type(checked.validation.measurements[0])(fresh.id, Outcome.FAILED, 1, 1)
    checked = samples.change(
        checked,
        checks=(*checked.validation.checks, fresh),
        measurements=(*checked.validation.measurements, found),
    )
    assert rate(score(samples, checked), Dimension.TIMELINESS) == 0
    passed = samples.measure(checked, fresh.id, Outcome.PASSED, failed=0)
    assert rate(score(samples, passed), Dimension.TIMELINESS) == 1


def test_no_rows_no_score(samples: Any) -> None:
    card = score(samples, samples.change(samples.checked(), rows_read=0))
    assert (card.level, card.why_not_next) == (Level.NO_DATA, ("the export has no rows",))
    assert all(found.rate is None for found in card.dimensions)
    rejected = samples.change(samples.checked(), rows_read=0, rows_rejected=3)
    assert score(samples, rejected).level is Level.RECEIVED


def test_columns_that_nobody_can_name_are_received_only(samples: Any) -> None:
    untrusted = samples.change(samples.checked(), headers_trusted=False)
    assert score(samples, untrusted).level is Level.RECEIVED
    columns = tuple((column, ()) for column in untrusted.export.columns)
    foreign = samples.change(samples.checked(), slots={}, unknown=columns)
    assert score(samples, foreign).level is Level.RECEIVED


def test_what_bars_meets_the_standard(samples: Any) -> None:
    card = score(samples, samples.failing())
    assert card.level is Level.READABLE
    assert card.why_not_next == (
        "3 checks of severity violation failed",
        "2 rows could not be read",
        "1 demand of the schema not checked",
        "1 header matched only by alias or capitals",
        "12 values matched only by alias or capitals",
    )
    assert card.translatable == 12


def test_a_header_matched_by_alias_alone_bars(samples: Any) -> None:
    checked = samples.checked()
    column, _ = checked.binding.slots["notes"]
    slots = {**checked.binding.slots, "notes": (column, Match.CASE)}
    assert score(samples, samples.change(checked, slots=slots)).level is Level.READABLE


def test_a_demand_not_checked_bars(samples: Any) -> None:
    left_out = NotChecked("pattern", "Person", "notes", "why")
    card = score(samples, samples.change(samples.checked(), not_checked=(left_out,)))
    assert card.level is Level.READABLE


def test_nothing_decided_bars(samples: Any) -> None:
    checked = samples.checked()
    for check in checked.validation.checks:
        checked = samples.measure(checked, check.id, Outcome.PASSED, checked=0)
    card = score(samples, checked)
    assert card.why_not_next == ("no check of severity violation could decide a row",)


def test_a_warning_does_not_bar(samples: Any) -> None:
    recommended = "person.hair_colour.recommended"
    checked = samples.measure(samples.checked(), recommended, Outcome.FAILED, failed=2)
    assert score(samples, checked).level is Level.MEETS_STANDARD


def test_errors_have_no_rate() -> None:
    card = score_error(InputError("a password protects it"))
    assert (card.level, card.why_not_next) == (Level.RECEIVED, ("a password protects it",))
    assert all(found.rate is None for found in card.dimensions)
    assert score_error(UsageError("no such file")).level is None
