"""Retired codes: from when, and what has replaced them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from dqcheck import validate
from dqcheck.errors import DqcheckError
from dqcheck.standards.plan import Plan

BODY = """\
enums:
  Force:
    permissible_values:
      "A": {title: Alpha}
      "B": {title: Beta, deprecated: "merged", annotations: {replaced_by: "A"}}
      "C":
        title: Gamma
        deprecated: "merged"
        annotations: {replaced_by: "A", retired_on: "2026-04-01"}
classes:
  T:
    tree_root: true
    attributes:
      e: {range: Force}
"""


def test_a_plan_says_what_replaces_a_code_and_since_when(compiled: Callable[[str], Plan]) -> None:
    values = {value.code: value for value in compiled(BODY).enums["Force"].values}
    assert (values["B"].status, values["B"].replaced_by, values["B"].retired_on) == (
        "retired", "A", "",
    )  # fmt: skip
    assert values["C"].retired_on == "2026-04-01"
    (check,) = [one for one in compiled(BODY).classes["T"].checks if "retired" in one.id]
    assert check.message.endswith("(B is now A, C is now A)")


@pytest.mark.parametrize(
    ("code", "as_of", "failed"),
    [
        ("A", "2026-11-22", 0),
        ("B", "2000-01-01", 1),
        ("C", "2026-03-31", 0),
        ("C", "2026-04-01", 1),
    ],
)
def test_a_code_is_retired_from_its_day_on(
    code: str, as_of: str, failed: int, schema_file: Callable[[str], str]
) -> None:
    found = validate(
        [{"e": code}], schema=schema_file(BODY), class_name="T", as_of=date.fromisoformat(as_of)
    )
    checks = {one["id"]: one for one in found.bundle["exports"][0]["checks"]}
    assert checks["t.e.retired_value"]["failed"] == failed
    assert checks["t.e.permissible_value"]["failed"] == 0
    assert found.passed


@pytest.mark.parametrize(
    ("annotations", "deprecated", "said"),
    [
        ('{replaced_by: "C"}', True, "which is no active code of the list"),
        ('{replaced_by: "Z"}', True, "which is no active code of the list"),
        ('{retired_on: "20240401"}', True, "the annotation retired_on can't be '20240401'"),
        ('{retired_on: "spring"}', True, "year-month-day"),
        ('{replaced_by: "A"}', False, "is not retired"),
    ],
)
def test_what_is_wrong_with_a_retirement_is_said_with_its_place(
    annotations: str, *, deprecated: bool, said: str, compiled: Callable[[str], Plan]
) -> None:
    why = 'deprecated: "merged", ' if deprecated else ""
    body = BODY.replace(
        'deprecated: "merged", annotations: {replaced_by: "A"}', f"{why}annotations: {annotations}"
    )
    with pytest.raises(DqcheckError) as caught:
        compiled(body)
    assert said in str(caught.value)
    assert "t.yaml:13" in str(caught.value)
