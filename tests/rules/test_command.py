"""`dqcheck rules`, as a person would use it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from dqcheck.cli import app
from dqcheck.errors import DqcheckError

SCHEMA = """
id: https://example.org/fleet
name: fleet
prefixes: {linkml: https://w3id.org/linkml/}
imports: [linkml:types]
classes:
  Car:
    attributes:
      doors: {range: integer}
"""
RULES = """
dqcheck_rules: "1"
standard: fleet
rules:
  - id: fleet.doors.few
    title: Few doors
    dimension: validity
    severity: warning
    expect: doors <= 5
    passing: [{doors: 4}]
    failing: [{doors: 6}]
"""


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "fleet.yaml").write_text(SCHEMA, encoding="utf-8")
    (tmp_path / "rules.yaml").write_text(RULES, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def _run(*arguments: str) -> tuple[int, str, str]:
    result = CliRunner().invoke(app, ["rules", *arguments], catch_exceptions=True)
    if isinstance(result.exception, DqcheckError):
        return result.exception.exit_code, result.stdout, str(result.exception)
    return result.exit_code, result.stdout, result.stderr


def test_packaged_rules_pass_their_rows_and_lint() -> None:
    code, out, err = _run("test")
    assert (code, out) == (0, "")
    assert "rows of" in err
    assert _run("lint") == (0, "", "exit 0: 0 errors, 0 warnings\n")


def test_rows_as_expected(project: Path) -> None:
    expected = (0, "", "exit 0: 2 of 2 rows of 1 rules as expected\n")
    assert _run("test", "rules.yaml", "--schema", "fleet.yaml") == expected


def test_says_which_rule_fails_which_row(project: Path) -> None:
    wrong = RULES.replace("doors: 4", "doors: 7")
    (project / "rules.yaml").write_text(wrong, encoding="utf-8")
    code, out, _ = _run("test", "rules.yaml", "--schema", "fleet.yaml")
    assert code == 1
    assert out == (
        "rules.yaml:10:15: fleet.doors.few (Car): the row fails, and should be one that passes\n"
    )


def test_lint(project: Path) -> None:
    code, out, err = _run("lint", "rules.yaml", "--schema", "fleet.yaml")
    assert code == 0
    assert out.count("warning [") == 2
    assert err == "exit 0: 0 errors, 2 warnings\n"
    without = RULES.replace("    failing: [{doors: 6}]\n", "")
    (project / "rules.yaml").write_text(without, encoding="utf-8")
    code, out, _ = _run("lint", "rules.yaml", "--schema", "fleet.yaml")
    assert code == 1
    assert "rules.yaml:5:9: error [no-failing-row] fleet.doors.few: " in out


def test_broken_documents_are_2(project: Path) -> None:
    (project / "rules.yaml").write_text(RULES.replace("doors <=", "dors <="), encoding="utf-8")
    for verb in ("test", "lint", "list"):
        code, out, err = _run(verb, "rules.yaml", "--schema", "fleet.yaml")
        assert (code, out) == (2, "")
        assert err == 'rules.yaml:9:13: no slot "dors"\n  hint: did you mean "doors"?'
    assert _run("test", "nowhere")[0] == 2


def test_rules_for_another_schema_are_2(project: Path) -> None:
    other = RULES.replace("fleet", "other")
    (project / "rules.yaml").write_text(other, encoding="utf-8")
    code, _, err = _run("test", "rules.yaml", "--schema", "fleet.yaml")
    assert code == 2
    assert 'the rules are for "other", and the schema is "fleet"' in err


def test_list(project: Path) -> None:
    code, out, err = _run("list", "rules.yaml", "--schema", "fleet.yaml")
    assert (code, err) == (0, "exit 0: 1 rules in 1 documents\n")
    assert out == "fleet.doors.few  warning    validity      Few doors\n"
    _, out, _ = _run("list", "rules.yaml", "--schema", "fleet.yaml", "--format", "json")
    (row,) = json.loads(out)
    assert row["id"] == "fleet.doors.few"
    assert row["classes"] == ["Car"]


def test_a_project_can_replace_a_packaged_rule(project: Path) -> None:
    document = """
dqcheck_rules: "1"
standard: person
rules:
  - id: person.recorded_at.feed_alive
    replaces: person.recorded_at.feed_alive
    reason: This agency sends once a quarter
    title: The newest record is at most 100 days old
    dimension: timeliness
    severity: warning
    newest: {slot: recorded_at, within_days: 100}
    passing: [{recorded_at: "2025-12-01T00:00:00"}]
    failing: [{recorded_at: "2025-01-01T00:00:00"}]
"""
    (project / "rules.yaml").write_text(document, encoding="utf-8")
    assert _run("test", "rules.yaml")[0] == 0
    (project / "rules.yaml").write_text(
        document.replace("    replaces: person.recorded_at.feed_alive\n", ""), encoding="utf-8"
    )
    code, _, err = _run("test", "rules.yaml")
    assert code == 2
    assert 'there is a rule "person.recorded_at.feed_alive" already' in err
