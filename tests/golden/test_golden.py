"""Reports byte for byte, from an export as sent: what a reader sees changes on purpose only.

`DQCHECK_UPDATE_GOLDEN=1 pytest tests/golden` writes the expected files anew; look at what changed.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from dqcheck.assess import Options, Target, assess
from dqcheck.gate import judge
from dqcheck.privacy import make_token_key
from dqcheck.reports import Surface, render
from dqcheck.reports.bundle import build
from dqcheck.reports.findings import write_findings
from dqcheck.results import Run

HERE = Path(__file__).parent
CASES = sorted(path.name for path in HERE.iterdir() if (path / "schema.yaml").exists())

Writer = Callable[[Run, Path], bytes]


def _bundle(run: Run) -> dict[str, object]:
    return build(run, judge(run.exports, run.gate))


def _text(run: Run, _: Path) -> bytes:
    return render("text", _bundle(run), Surface(width=80))


def _json(run: Run, _: Path) -> bytes:
    return render("json", _bundle(run))


def _findings(run: Run, folder: Path) -> bytes:
    write_findings(folder / "findings.csv", run)
    return (folder / "findings.csv").read_bytes()


WRITERS: dict[str, Writer] = {
    "scorecard.txt": _text,
    "run.json": _json,
    "findings.csv": _findings,
}


@pytest.fixture(params=CASES)
def case(request: pytest.FixtureRequest) -> Path:
    return HERE / str(request.param)


@pytest.fixture
def run(case: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.chdir(case)
    options = Options(
        as_of=date(2026, 11, 22),
        schema="schema.yaml",
        key=make_token_key("golden key, 32 bytes long"),
    )
    run = assess([Target("export.csv")], options).run
    # Versions change without the reports changing.
    return replace(run, version="0", libraries={})


@pytest.mark.parametrize("name", WRITERS)
def test_reports_are_as_expected(case: Path, run: Run, name: str, tmp_path: Path) -> None:
    made = WRITERS[name](run, tmp_path)
    expected = case / name
    if os.environ.get("DQCHECK_UPDATE_GOLDEN"):
        expected.write_bytes(made)
    assert made.decode() == expected.read_text(encoding="utf-8")


def test_no_value_that_may_be_personal_is_in_any(case: Path) -> None:
    assert "CANARY" in (case / "export.csv").read_text(encoding="utf-8")
    for name in WRITERS:
        assert "CANARY" not in (case / name).read_text(encoding="utf-8"), name
