"""What checking one export gives, through the public door."""

from __future__ import annotations

from pathlib import Path

import pytest

import dqcheck
from dqcheck.assess import Assessment
from dqcheck.model import Outcome, Validation

SCHEMA = """
id: https://example.org/t
name: t
prefixes: {linkml: "https://w3id.org/linkml/", ex: "https://example.org/"}
default_prefix: ex
default_range: string
imports: ["linkml:types"]
enums:
  Colour: {permissible_values: {Red: {aliases: ["R"]}, Green: {}}}
classes:
  C:
    tree_root: true
    attributes:
      id: {identifier: true}
      colours: {range: Colour, multivalued: true}
      name: {required: true}
      friends: {range: C, multivalued: true}
      born: {range: date}
"""


@pytest.fixture
def schema(tmp_path: Path) -> Path:
    path = tmp_path / "t.yaml"
    path.write_text(SCHEMA, encoding="utf-8")
    return path


def found(assessment: Assessment) -> Validation:
    checked = assessment.run.exports[0].checked
    assert checked is not None
    return checked.validation


def rows(text: str, tmp_path: Path) -> str:
    path = tmp_path / "t.csv"
    path.write_text(text, encoding="utf-8")
    return str(path)


def test_rows_with_a_repeated_key_are_not_clean(schema: Path, tmp_path: Path) -> None:
    data = rows("id,name\n1,a\n1,b\n2,\n3,c\n3,\n", tmp_path)
    validation = found(dqcheck.validate(data, schema=schema))
    assert validation.clean == 0
    by_slot = {tally.slot: tally for tally in validation.tallies}
    assert by_slot["id"].violating == 4
    assert by_slot["name"].violating == 2


def test_white_space_alone_is_missing(schema: Path, tmp_path: Path) -> None:
    data = rows('id,name,born\n1, ,2024-01-01\n2,"\t", \n3, c,\n', tmp_path)
    validation = found(dqcheck.validate(data, schema=schema))
    measured = {found.check_id: found for found in validation.measurements}
    assert measured["t.name.required"].failed == 2
    assert measured["t.born.type"].checked == 1
    assert measured["t.born.type"].failed == 0


def test_a_check_without_anything_to_decide_has_not_passed(schema: Path, tmp_path: Path) -> None:
    validation = found(dqcheck.validate(rows("id,name\n1,a\n2,b\n", tmp_path), schema=schema))
    measured = {found.check_id: found for found in validation.measurements}
    assert measured["t.born.type"].outcome is Outcome.NOT_APPLICABLE
    assert measured["t.name.required"].outcome is Outcome.PASSED


@pytest.mark.parametrize("typed", [True, False])
def test_multivalued_codes_and_references(schema: Path, tmp_path: Path, typed: bool) -> None:
    records = [
        {"id": "1", "name": "a", "colours": ["Red", "r"], "friends": ["2"]},
        {"id": "2", "name": "b", "colours": ["Blue", "Green"], "friends": ["1", "9"]},
        {"id": "3", "name": "c", "colours": [], "friends": None},
    ]
    text = "id,name,colours,friends\n1,a,Red|r,2\n2,b,Blue|Green,1|9\n3,c,,\n"
    data = records if typed else rows(text, tmp_path)
    validation = found(dqcheck.validate(data, schema=schema))
    codes = validation.codes.select("slot", "value", "rows").rows()
    assert codes == [("colours", "Blue", 1), ("colours", "r", 1)]
    by_slot = {tally.slot: tally for tally in validation.tallies}
    assert by_slot["colours"].translatable == 1
    dangling = validation.failing.filter(check="t.friends.reference").collect()
    assert dangling["row"].to_list() == [3 if not typed else dangling["row"][0]]


def test_many_failing_rows_give_the_same_as_few(
    schema: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = rows("id,name,colours\n1,,Blue\n1,b,Red\n,,Blue\n4,d,green\n", tmp_path)
    few = found(dqcheck.validate(data, schema=schema))
    monkeypatch.setattr("dqcheck.validation.run._ROWS_HELD", 1)
    monkeypatch.setattr("dqcheck.validation.keys.ROWS_HELD", 1)
    many = found(dqcheck.validate(data, schema=schema))
    assert few.measurements == many.measurements
    assert few.tallies == many.tallies
    assert few.failing.collect().equals(many.failing.collect())
    assert few.shapes.equals(many.shapes)
    assert few.codes.equals(many.codes)


def test_lines_of_records_that_span_several(schema: Path, tmp_path: Path) -> None:
    data = rows('id,name\n1,"a\nb\nc"\n2,\n3,"d\n"\n4,\n', tmp_path)
    failing = found(dqcheck.validate(data, schema=schema)).failing
    places = failing.filter(check="t.name.required").select("row", "line").collect().rows()
    assert places == [(3, 5), (5, 8)]
