from __future__ import annotations

import csv
import stat
import sys
from pathlib import Path

import openpyxl
import pytest

from dqcheck.cli import main

SCHEMA = """
id: https://example.org/pets
name: pets
imports: ["linkml:types"]
prefixes: {linkml: "https://w3id.org/linkml/"}
classes:
  Pet:
    attributes:
      id: {identifier: true}
      name: {required: true}
      legs: {range: integer, maximum_value: 8}
"""
LEGS = "pets.legs.maximum_value"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, outside_ci: None) -> Path:
    (tmp_path / "pets.yaml").write_text(SCHEMA)
    (tmp_path / "pets.csv").write_text("id,name,legs\n1,Rex,4\n2,CANARY,40\n3,,=9\n4,Tom,44\n")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def call(monkeypatch: pytest.MonkeyPatch, *arguments: str) -> int:
    monkeypatch.setattr(
        sys, "argv", ["dqcheck", "worklist", "pets.csv", "--schema", "pets.yaml", *arguments]
    )
    with pytest.raises(SystemExit) as caught:
        main()
    return int(caught.value.code or 0)


def test_it_writes_the_failing_records(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert call(monkeypatch, "--check", LEGS, "-o", "fix.xlsx") == 0
    rows = list(openpyxl.load_workbook("fix.xlsx")["Worklist"].iter_rows(values_only=True))
    assert [row[2:7] for row in rows[1:]] == [(3, 3, "2", "legs", "40"), (5, 5, "4", "legs", "44")]
    assert stat.S_IMODE((folder / "fix.xlsx").stat().st_mode) == 0o600
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.startswith("fix.xlsx: 2 failing values; personal data, delete in 30 days")


def test_it_annotates_a_copy(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert call(monkeypatch, "--annotate", "-o", "copy.csv") == 0
    with (folder / "copy.csv").open(newline="") as file:
        rows = list(csv.reader(file))
    assert [row[:4] for row in rows[1:]] == [
        ["2", "1", "Rex", "4"],
        ["3", "2", "CANARY", "40"],
        ["4", "3", "", "'=9"],
        ["5", "4", "Tom", "44"],
    ]
    assert rows[1][4] == ""
    assert "pets.name.required" in rows[3][4]
    assert "pets.legs.type" in rows[3][4]


def test_nothing_failing_writes_nothing(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert call(monkeypatch, "--check", "pets.id.unique", "-o", "fix.xlsx") == 0
    assert "nothing was written" in capsys.readouterr().err
    assert not (folder / "fix.xlsx").exists()


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        (["--check", LEGS, "-o", "-"], "to a file only"),
        (["--check", LEGS, "-o", "/dev/stdout"], "to a file only"),
        (["--check", "pets.leg.maximum", "-o", "fix.xlsx"], f"did you mean {LEGS}"),
        (["--check", LEGS, "-o", "fix.csv"], "written as .xlsx"),
        (["-o", "fix.xlsx"], "no check to list"),
        (["--check", LEGS, "-o", "no/fix.xlsx"], "folder does not exist"),
    ],
)
def test_usage_errors(
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    arguments: list[str],
    why: str,
) -> None:
    assert call(monkeypatch, *arguments) == 2
    said = capsys.readouterr()
    assert why in said.err
    assert "CANARY" not in said.out + said.err
    assert not list(folder.glob("*.xlsx"))


def test_it_is_refused_under_ci_and_in_a_git_tree(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / ".git").mkdir()
    assert call(monkeypatch, "--check", LEGS, "-o", "fix.xlsx") == 2
    assert "git working tree" in capsys.readouterr().err
    (folder / ".git").rmdir()
    monkeypatch.setenv("CI", "true")
    assert call(monkeypatch, "--check", LEGS, "-o", "fix.xlsx") == 2
    assert "under CI" in capsys.readouterr().err
    assert not (folder / "fix.xlsx").exists()


def test_an_export_that_can_not_be_read_is_3(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "pets.csv").write_text("")
    assert call(monkeypatch, "--check", LEGS, "-o", "fix.xlsx") == 3
    assert "exit 3" in capsys.readouterr().err
