"""The catalogue of physical faults."""

from __future__ import annotations

import re
from pathlib import Path

import polars as pl
import pytest

from dqcheck.readers.faults import CATALOGUE, FAULT_SCHEMA, FaultLog

SOURCES = Path(__file__).resolve().parents[3] / "src" / "dqcheck" / "readers"


def test_every_kind_is_explained() -> None:
    for name, kind in CATALOGUE.items():
        assert re.fullmatch(r"file\.[a-z_]+", name)
        assert kind.title
        assert kind.meaning.endswith(".")
        assert kind.fix.endswith(".")


@pytest.mark.parametrize("name", sorted(CATALOGUE))
def test_every_kind_is_used(name: str) -> None:
    short = name.removeprefix("file.")
    text = "".join(
        path.read_text(encoding="utf-8")
        for path in SOURCES.glob("*.py")
        if path.name != "faults.py"
    )
    assert f'"{short}"' in text


def test_log_sorts_and_fills_in() -> None:
    log = FaultLog()
    assert log.collect().schema == FAULT_SCHEMA
    log.add("blank_line", "2 blank lines")
    log.add("error_value", "holds #N/A", row=3, column=2)
    log.add_all("ragged_row", pl.DataFrame({"row": [2], "line": [5], "detail": ["too few"]}))
    assert log.collect().rows() == [
        ("file.ragged_row", "violation", 2, 5, None, "too few"),
        ("file.error_value", "violation", 3, None, 2, "holds #N/A"),
        ("file.blank_line", "info", None, None, None, "2 blank lines"),
    ]


def test_documentation_lists_every_kind() -> None:
    page = (SOURCES.parents[2] / "docs" / "formats.md").read_text(encoding="utf-8")
    for kind in CATALOGUE.values():
        assert f"| `{kind.id}` | {kind.severity.value} | {kind.meaning} | {kind.fix} |" in page
