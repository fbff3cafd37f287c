"""Rows made from a standard: valid ones pass, faulty ones break what they are made for."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from typer.testing import CliRunner

from dqcheck.assess import Assessment, Options, Target, assess
from dqcheck.cli import app
from dqcheck.errors import UsageError
from dqcheck.publish.example_files import write_examples
from dqcheck.publish.examples import AS_OF
from dqcheck.standards import list_standards, open_standard

CLASSES = [
    (info.name, class_name)
    for info in list_standards()
    for class_name in info.classes
    # POLE has 44 entities of one make: a person, a place, a thing and an event stand for them.
    if info.name != "pole" or class_name in ("P_001", "P_009", "L_001", "O_003", "E_001")
]


def check(file: Path, standard: str, class_name: str) -> Assessment:
    return assess([Target(str(file))], Options(AS_OF, standard=standard, class_name=class_name))


def found_in(assessment: Assessment) -> set[tuple[int, str]]:
    frame = assessment.findings.filter(assessment.findings["row"].is_not_null())
    return set(frame.select("row", "check_id").rows())


@pytest.mark.parametrize(("standard", "class_name"), CLASSES)
def test_valid_rows_pass_and_faulty_rows_break_what_they_are_made_for(
    standard: str, class_name: str, tmp_path: Path
) -> None:
    plan = open_standard(standard)
    left_out = write_examples(plan, [plan.classes[class_name]], tmp_path / "examples")
    assert left_out == (), "every check of rows is broken by a row"
    valid, faulty = (
        tmp_path / "examples" / part / f"{class_name}.csv" for part in ("valid", "faulty")
    )
    passed = check(valid, standard, class_name)
    assert passed.exit_code == 0
    told = passed.findings.filter(
        passed.findings["row"].is_not_null()
        & passed.findings["severity"].is_in(["violation", "warning"])
        & ~passed.findings["check_id"].str.ends_with(".not_dummy")
    )
    assert told.is_empty(), "values of test ranges may be dummies; nothing else is said"
    assert valid.read_text(encoding="utf-8").count("\n") > 1
    with faulty.with_suffix(".expected.csv").open(encoding="utf-8", newline="") as lines:
        expected = list(csv.DictReader(lines))
    assert found_in(check(faulty, standard, class_name)) == {
        (int(one["row"]), one["check_id"]) for one in expected
    }
    made_for = {(one["row"], one["made_for"]) for one in expected}
    assert made_for <= {(one["row"], one["check_id"]) for one in expected}


SCHEMA = """\
id: http://example.org/t
name: t
imports: [linkml:types]
enums: {Colour: {permissible_values: {"red": {}, "blue": {}}}}
classes:
  Car:
    attributes:
      mark: {identifier: true, range: string, examples: [{value: "C-001"}]}
      colour: {range: Colour, required: true}
      wheels: {range: integer, minimum_value: 3, examples: [{value: "2"}]}
"""


def test_a_schema_of_ones_own_has_examples_too(tmp_path: Path) -> None:
    schema = tmp_path / "t.yaml"
    schema.write_text(SCHEMA)
    args = ["standard", "examples", str(schema), "-o", str(tmp_path / "out")]
    for _ in range(2):
        done = CliRunner().invoke(app, args)
        assert done.exit_code == 0, done.output
    # The schema's own example of wheels is wrong, and left out.
    valid = (tmp_path / "out/valid/Car.csv").read_text()
    assert valid == "mark,colour,wheels\nC-001,red,\nC-002,blue,\n"
    assert f"--schema {schema} --class Car" in (tmp_path / "out/README.txt").read_text()


def test_a_folder_with_other_files_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("mine")
    done = CliRunner().invoke(app, ["standard", "examples", "vehicle", "-o", str(tmp_path)])
    assert isinstance(done.exception, UsageError)
    assert [item.name for item in tmp_path.iterdir()] == ["mine.txt"]
