"""Schemas that can't be compiled are refused with file and place, exit 2."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from dqcheck.cli import app

HEAD = "id: http://example.org/t\nname: t\nimports: [linkml:types]\n"
CASES = {
    "unknown range": (
        "classes:\n  C:\n    attributes:\n      a: {range: strng}\n",
        "the range strng is not defined", 7, 'did you mean "string"',
    ),
    "duplicate code": (
        'enums:\n  E:\n    permissible_values:\n      "a": {}\n      "a": {}\n',
        'the key "a" is given twice', 8, "first in line 7",
    ),
    "bad pattern": (
        'classes:\n  C:\n    attributes:\n      a: {range: string, pattern: "[a"}\n',
        "the pattern is no regular expression", 7, "unterminated",
    ),
    "two identifiers": (
        "classes:\n  C:\n    attributes:\n      a: {identifier: true}\n"
        "      b: {identifier: true}\n",
        "more than one identifier", 8, "a, b",
    ),
    "its own ancestor": (
        "classes:\n  C: {is_a: D}\n  D: {is_a: C}\n", "is its own ancestor", 5, "",
    ),
    "unknown replacement": (
        'enums:\n  E:\n    permissible_values:\n      "a": {}\n'
        '      "b": {deprecated: "old", annotations: {replaced_by: "A"}}\n'
        "classes: {C: {attributes: {e: {range: E}}}}\n",
        "which is no active code of the list", 8, 'did you mean "a"',
    ),
}  # fmt: skip


def refuse(schema: Path, export: Path) -> str:
    done = CliRunner().invoke(app, ["check", str(export), "--schema", str(schema), "--class", "C"])
    assert done.exit_code == 2, done.output
    return done.stdout


@pytest.fixture
def export(tmp_path: Path) -> Path:
    path = tmp_path / "export.csv"
    path.write_text("a,b\n1,2\n")
    return path


@pytest.mark.parametrize("case", CASES, ids=CASES)
def test_a_fault_of_a_schema_is_told_with_its_place(
    case: str, tmp_path: Path, export: Path
) -> None:
    body, message, line, more = CASES[case]
    schema = tmp_path / "t.yaml"
    schema.write_text(HEAD + body)
    said = refuse(schema, export)
    assert message in said
    assert f"t.yaml:{line}:" in said
    assert more in said


def test_a_loop_of_imports_is_told_once(tmp_path: Path, export: Path) -> None:
    for name, other in (("one", "two"), ("two", "one")):
        (tmp_path / f"{name}.yaml").write_text(
            f"id: http://example.org/{name}\nname: {name}\nimports:\n  - linkml:types\n"
            f"  - {other}\nclasses: {{{name.title()}: {{}}}}\n"
        )
    said = refuse(tmp_path / "one.yaml", export)
    assert said.count("the schema imports itself") == 2, "the fault, and the closing line"
    assert "one.yaml:3:" in said
    assert "through two.yaml" in said


def test_a_schema_that_imports_itself_is_refused(tmp_path: Path, export: Path) -> None:
    schema = tmp_path / "t.yaml"
    schema.write_text("id: http://example.org/t\nname: t\nimports: [linkml:types, t]\n")
    assert "the schema imports itself" in refuse(schema, export)
