"""`dqcheck diff`."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from dqcheck.cli import app
from dqcheck.errors import SchemaError, UsageError

OLD = """\
id: http://example.org/t
name: t
version: "1.0"
imports: [linkml:types]
enums: {Colour: {permissible_values: {"red": {}, "blue": {}}}}
classes:
  Car:
    attributes:
      mark: {identifier: true, range: string}
      colour: {range: Colour}
"""


@pytest.fixture
def versions(tmp_path: Path) -> tuple[str, str]:
    paths = tmp_path / "old.yaml", tmp_path / "new.yaml"
    new = OLD.replace('"1.0"', '"1.1"').replace('"blue": {}', '"blue": {}, "grey": {}')
    for path, text in zip(paths, (OLD, new), strict=True):
        path.write_text(text)
    return str(paths[0]), str(paths[1])


def test_changes_are_grouped_by_whom_they_break(versions: tuple[str, str]) -> None:
    done = CliRunner().invoke(app, ["diff", *versions])
    assert done.exit_code == 1
    assert done.stdout == (
        "t 1.0 -> t 1.1\n"
        "\n"
        "Breaks consumers: data may hold, or lack, what it could not before (1)\n"
        "  added  code  Colour: grey\n"
    )
    backwards = CliRunner().invoke(app, ["diff", *reversed(versions)])
    assert "Breaks producers: data that was right may be wrong now (1)" in backwards.stdout
    assert "  removed  code  Colour: grey" in backwards.stdout


@pytest.mark.parametrize(
    ("fail_on", "exit_code"), [("any", 1), ("consumer", 1), ("producer", 0), ("never", 0)]
)
def test_the_exit_code_says_whether_somebody_is_broken(
    versions: tuple[str, str], fail_on: str, exit_code: int
) -> None:
    args = ["diff", *versions, "--fail-on", fail_on, "--format", "json"]
    done = CliRunner().invoke(app, args)
    assert done.exit_code == exit_code
    found = json.loads(done.stdout)
    assert (found["breaks_producers"], found["breaks_consumers"]) == (False, True)
    assert found["changes"][0]["place"] == "Colour: grey"


def test_the_same_version_has_no_changes() -> None:
    done = CliRunner().invoke(app, ["diff", "person@1.0", "person@1.0.0"])
    assert (done.exit_code, done.stdout) == (
        0, "person 1.0.0 -> person 1.0.0\nNothing has changed.\n",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("args", "error"),
    [(("person", "persn"), UsageError), (("nowhere.yaml", "person"), SchemaError)],
)
def test_what_is_not_there_is_refused(args: tuple[str, str], error: type[Exception]) -> None:
    done = CliRunner().invoke(app, ["diff", *args])
    assert isinstance(done.exception, error)
