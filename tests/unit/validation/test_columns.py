"""What is wrong with the columns."""

from __future__ import annotations

from dqcheck.model import Binding, Outcome
from dqcheck.standards.plan import ClassPlan, SlotPlan
from dqcheck.validation.columns import column_checks

PLAN = ClassPlan("Pet", slots=(SlotPlan("id", "id", required=True),))
ABSENT = Binding({}, ("id",), ())


def test_an_absent_column_fails_in_every_row() -> None:
    (check, found), _ = column_checks("pets", PLAN, ABSENT, 7)[0]
    assert check.id == "pets.id.column_present"
    assert (found.outcome, found.failed, found.checked) == (Outcome.FAILED, 7, 7)


def test_nothing_passes_where_there_is_no_row() -> None:
    (_, found), _ = column_checks("pets", PLAN, ABSENT, 0)[0]
    assert found.outcome is Outcome.NOT_APPLICABLE
