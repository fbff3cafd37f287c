"""`dqcheck standard` and `dqcheck explain`."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from dqcheck.cli import app
from dqcheck.errors import SchemaError, UsageError

SCHEMA = """\
id: http://example.org/fleet
name: fleet
title: Fleet
imports: [linkml:types]
enums:
  Colour: {title: Colours, permissible_values: {"01": {title: Red}, "02": {deprecated: "old"}}}
classes:
  Car:
    title: A car
    attributes:
      mark: {identifier: true, title: Mark, pattern: "^[A-Z]+$", examples: [{value: AB}]}
      colour: {range: Colour, aliases: [COL], recommended: true}
      wheels: {range: integer, minimum_value: 3, unit: {ucum_code: "1"}, array: {}}
"""


@pytest.fixture
def schema(tmp_path: Path) -> str:
    path = tmp_path / "fleet.yaml"
    path.write_text(SCHEMA)
    return str(path)


def run(*args: str) -> str:
    done = CliRunner().invoke(app, args, catch_exceptions=False, env={"COLUMNS": "80"})
    assert done.exit_code == 0, done.output
    return done.stdout


def test_the_packaged_standards_are_listed() -> None:
    lines = run("standard", "list").splitlines()
    assert lines[0].split() == ["standard", "version", "classes", "what", "it", "covers"]
    shown = [line.split()[0] for line in lines[1:]]
    assert shown == sorted(shown)
    assert {"address", "identity", "person", "pole", "vehicle"} <= set(shown)
    assert "P_005, P_006 and 38 more" in "\n".join(lines)
    listed = json.loads(run("standard", "list", "--format", "json"))
    assert [one["name"] for one in listed] == shown


def test_a_schema_is_shown_in_plain_words(schema: str) -> None:
    assert (
        run("standard", "show", schema)
        == """\
fleet   Fleet
  schema: http://example.org/fleet

Class Car: A car

  mark  Mark
      required; identifier; privacy direct; weight other
      - Mark must be written as in "AB"
      for example: AB

  colour
      recommended; privacy code; weight other
      - Colour must be in the list Colours
      - Colour should not be a retired code of the list Colours (warning)
      also headed: COL

  wheels
      optional; privacy direct; weight other; unit 1
      - Wheels must be a whole number
      - Wheels must be 3 or more

  Of whole records
      - Mark must be different in each record

  Not checked
      - wheels, array: a cell holds no array

Code lists

  Colour  Colours (2 codes)
      01; 02 (retired)
""".replace("a whole number", _integer())
    )


def _integer() -> str:
    from dqcheck.expressions.types import TYPES

    return TYPES["integer"].words


def test_a_standard_is_shown_as_json_without_expressions() -> None:
    shown = json.loads(run("standard", "show", "person", "--class", "person", "--format", "json"))
    assert [one["name"] for one in shown["classes"]] == ["Person"]
    assert "expression" not in shown["classes"][0]["checks"][0]
    assert {enum["name"] for enum in shown["enums"]} >= {"HairColour"}


def test_a_check_is_explained_with_its_codes(schema: str) -> None:
    text = run("explain", "fleet.colour.permissible_value", "--schema", schema)
    assert text.splitlines()[:2] == [
        "fleet.colour.permissible_value",
        "  Colour must be in the list Colours",
    ]
    assert "codes:     01 (Red); 02" in text
    assert "severity:  violation" in text


@pytest.mark.parametrize(
    "check_id",
    [
        "fleet.mark.unique",
        "fleet.mark.column_present",
        "fleet.mark.header",
        "fleet.Car.unknown_column",
        "file.bad_encoding",
    ],
)
def test_checks_of_keys_columns_and_files_are_explained(schema: str, check_id: str) -> None:
    text = run("explain", check_id, "--schema", schema)
    assert "fix:" in text
    assert "severity:" in text


def test_rules_are_explained() -> None:
    text = run("explain", "person.date_of_birth.not_in_future")
    assert "source:    rules/identity.yaml" in text


def test_every_check_of_every_standard_can_be_explained_in_words() -> None:
    from dqcheck import standards

    for info in standards.list_standards():
        for class_plan in standards.open_standard(info.name).classes.values():
            for check in class_plan.checks:
                assert check.title
                assert check.message
                assert check.why
                assert check.fix


def test_what_is_unknown_is_refused_with_what_it_might_have_been(schema: str) -> None:
    runner = CliRunner()
    with pytest.raises(UsageError) as check:
        runner.invoke(app, ["explain", "person.hair_color.pattern"], catch_exceptions=False)
    assert "person.hair_colour" in check.value.hint
    with pytest.raises(UsageError):
        runner.invoke(app, ["standard", "show", "persn"], catch_exceptions=False)
    with pytest.raises(SchemaError):
        runner.invoke(app, ["standard", "show", schema + ".yaml"], catch_exceptions=False)


def test_a_code_is_searched_by_a_synonym() -> None:
    lines = run("standard", "search", "dk brn", "--list", "HairColour").splitlines()
    assert lines[0].split("  ")[0] == "where"
    assert " ".join(lines[1].split()).startswith(
        'HairColour Dark Brown Dark Brown alias "Dk Brown" person.hair_colour'
    )
    found = json.loads(run("standard", "search", "dk brn", "--format", "json", "--limit", "1"))
    assert [(hit["place"], hit["name"]) for hit in found] == [("HairColour", "Dark Brown")]


def test_a_search_in_vain_exits_as_grep_does() -> None:
    done = CliRunner().invoke(app, ["standard", "search", "qqqqqqqq"])
    assert (done.exit_code, done.stdout) == (1, "")
    assert "nothing is called that" in done.stderr
