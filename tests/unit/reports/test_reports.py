from __future__ import annotations

import io
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from dqcheck.errors import UsageError
from dqcheck.gate import judge
from dqcheck.reports import (
    REPORTS,
    ReportTarget,
    Surface,
    parse_report_option,
    render,
    write_report,
)
from dqcheck.reports.bundle import build


@pytest.mark.parametrize("entry", REPORTS.values())
def test_every_entry_resolves(entry: str) -> None:
    module, _, name = entry.partition(":")
    assert callable(getattr(import_module(module), name))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("json=run.json", ReportTarget("json", Path("run.json"))),
        ("json=a=b.json", ReportTarget("json", Path("a=b.json"))),
        ("json=-", ReportTarget("json", None)),
        ("text", ReportTarget("text", None)),
        ("text=", ReportTarget("text", None)),
    ],
)
def test_report_options(text: str, expected: ReportTarget) -> None:
    assert parse_report_option(text) == expected


def test_an_unknown_report_is_refused_with_a_near_one() -> None:
    with pytest.raises(UsageError, match="no report 'jsn'") as caught:
        parse_report_option("jsn=x")
    assert "did you mean 'json'?" in caught.value.hint


def test_reports_go_to_files_whole_or_to_standard_output(samples: Any, tmp_path: Path) -> None:
    run = samples.run(samples.checked())
    bundle = build(run, judge(run.exports, run.gate))
    stdout = io.BytesIO()
    wide = Surface(width=120)
    path = tmp_path / "run.json"
    write_report(ReportTarget("json", path), bundle, stdout=stdout, surface=wide)
    assert (stdout.getvalue(), path.read_bytes()) == (b"", render("json", bundle))
    write_report(ReportTarget("text", None), bundle, stdout=stdout, surface=wide)
    assert stdout.getvalue() == render("text", bundle, wide)
    with pytest.raises(UsageError, match="folder does not exist"):
        write_report(
            ReportTarget("json", tmp_path / "no" / "r.json"), bundle, stdout=stdout, surface=wide
        )
