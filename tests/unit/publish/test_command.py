"""`dqcheck standard export`: what it writes, says and refuses."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from dqcheck.cli import app
from dqcheck.errors import UsageError


def _run(*args: str | Path) -> Any:
    return CliRunner().invoke(app, ["standard", "export", *map(str, args)])


def test_the_command_writes_the_file_and_says_what_is_lost(
    fleet_file: Path, tmp_path: Path
) -> None:
    done = _run(fleet_file, "--to", "sql", "-o", tmp_path / "fleet.sql")
    assert done.exit_code == 0
    assert done.stdout == ""
    assert "note: not carried over: patterns (fleet.mark.pattern" in done.stderr
    assert "CREATE TABLE" in (tmp_path / "fleet.sql").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (["--to", "sql", "-o", "{tmp}/x"], "needs the name of a standard"),
        (["vehicl", "--to", "sql", "-o", "{tmp}/x"], "no packaged standard"),
        (["vehicle", "--to", "sql", "-o", "{tmp}"], "no plain file"),
        (["vehicle", "--to", "sql", "-o", "/dev/null"], "no plain file"),
        (["vehicle", "--to", "sql", "-o", "{tmp}/none/x"], "the folder does not exist"),
        (["{schema}", "--to", "sql", "-o", "{schema}"], "is read by this run"),
    ],
)
def test_the_command_refuses(args: list[str], said: str, tmp_path: Path, fleet_file: Path) -> None:
    before = fleet_file.read_bytes()
    done = _run(*(arg.format(tmp=tmp_path, schema=fleet_file) for arg in args))
    assert isinstance(done.exception, UsageError)
    assert said in str(done.exception)
    assert fleet_file.read_bytes() == before
    assert list(tmp_path.iterdir()) == []


def test_a_template_is_made_of_one_class(tmp_path: Path) -> None:
    out = tmp_path / "pole.xlsx"
    args = ["standard", "export", "pole", "--to", "excel-template", "-o", str(out)]
    assert isinstance(CliRunner().invoke(app, args).exception, UsageError)
    done = CliRunner().invoke(app, [*args, "--class", "Offender"])
    assert done.exit_code == 0, done.output
    assert out.is_file()
    done = CliRunner().invoke(app, ["standard", "export", "pole", "--to", "sql", "-o", str(out),
                                    "--class", "P_001"])  # fmt: skip
    assert isinstance(done.exception, UsageError)
