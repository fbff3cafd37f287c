from __future__ import annotations

from datetime import date
from pathlib import Path

import openpyxl
import polars as pl
import pytest

from dqcheck.reports import sheets
from dqcheck.reports.sheets import TableBook, escape_formula, escape_formulas, look_up

CASES = [
    ("=1+1", "'=1+1"),
    ("+44 20", "'+44 20"),
    ("-x", "'-x"),
    ("@SUM(A1)", "'@SUM(A1)"),
    ("\t=1", "'\t=1"),
    ("\r=1", "'\r=1"),
    ("\n=1", "'\n=1"),
    ("＝1", "'＝1"),
    ("-1.5", "-1.5"),
    ("+12", "+12"),
    ("-1.5\n", "'-1.5\n"),
    ("Smith", "Smith"),
    ("'=1", "'=1"),
    ("", ""),
]


@pytest.mark.parametrize(("text", "expected"), CASES)
def test_escape_formula(text: str, expected: str) -> None:
    assert escape_formula(text) == expected


def test_escape_formulas_is_the_same_on_columns() -> None:
    frame = pl.DataFrame({"text": [*(text for text, _ in CASES), None], "number": 1})
    made = frame.with_columns(escape_formulas(pl.col(pl.String)))
    assert made["text"].to_list() == [*(expected for _, expected in CASES), None]
    assert made["number"].to_list() == frame["number"].to_list()


def test_look_up() -> None:
    frame = pl.DataFrame({"n": [1, 2, None]})
    assert frame.select(look_up("n", {1: "one"}))["n"].to_list() == ["one", None, None]
    assert frame.select(look_up("n", {}))["n"].null_count() >= 1


def test_everything_is_text_or_a_number(tmp_path: Path) -> None:
    path = tmp_path / "t.xlsx"
    with TableBook(path, date(2026, 11, 22)) as book:
        table = book.add_table("T", ["=a", "n"])
        table.write(
            pl.DataFrame(
                {"t": ["=1+1", "http://x", "007", "a\x0bb", None], "n": [1, 2, 3, None, 5]}
            )
        )
    rows = list(openpyxl.load_workbook(path)["T"].iter_rows())
    assert [cell.value for cell in rows[0]] == ["=a", "n"]
    assert [row[0].data_type for row in rows[1:]] == ["s", "s", "s", "s", "n"]
    assert [row[0].value for row in rows[1:4]] == ["=1+1", "http://x", "007"]
    assert rows[2][0].hyperlink is None
    assert [row[1].value for row in rows[1:]] == [1, 2, 3, None, 5]


def test_a_full_sheet_goes_on_in_the_next(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sheets, "_SHEET_ROWS", 4)
    path = tmp_path / "t.xlsx"
    with TableBook(path, date(2026, 11, 22)) as book:
        table = book.add_table("T", ["h"])
        table.write(pl.DataFrame({"h": [str(n) for n in range(5)]}))
        table.write(pl.DataFrame({"h": ["5", "6"]}))
    assert table.rows == 7
    workbook = openpyxl.load_workbook(path)
    found = {
        sheet.title: [row[0] for row in sheet.iter_rows(values_only=True)] for sheet in workbook
    }
    assert found == {
        "T": ["h", "0", "1", "2"],
        "T 2": ["h", "3", "4", "5"],
        "T 3": ["h", "6"],
    }


def test_what_is_too_long_is_cut_and_counted(tmp_path: Path) -> None:
    path = tmp_path / "t.xlsx"
    with TableBook(path, date(2026, 11, 22)) as book:
        table = book.add_table("T", ["h"])
        table.write(pl.DataFrame({"h": ["x" * 40_000, "y" * 32_767]}))
    assert table.cut == 1
    values = [row[0] for row in openpyxl.load_workbook(path)["T"].iter_rows(values_only=True)]
    assert values[1].endswith("x… (cut)")
    assert values[2] == "y" * 32_767


def test_the_same_table_gives_the_same_bytes(tmp_path: Path) -> None:
    for name in ("a.xlsx", "b.xlsx"):
        with TableBook(tmp_path / name, date(2026, 11, 22)) as book:
            book.add_cover("Read me").write(["one", "two"])
            book.add_table("T", ["h"]).write(pl.DataFrame({"h": ["1"]}))
    assert (tmp_path / "a.xlsx").read_bytes() == (tmp_path / "b.xlsx").read_bytes()
