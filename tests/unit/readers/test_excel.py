"""Workbooks: one row in the sheet, one row in the export, and what a spreadsheet did to it."""

from __future__ import annotations

import datetime as dt
import zipfile
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import xlsxwriter

from dqcheck.errors import InputError, UsageError
from dqcheck.model import Export
from dqcheck.readers import ReadOptions, read


def write(path: Path, rows: list[list[Any]], sheet: str = "Data") -> Path:
    with xlsxwriter.Workbook(path, {"default_date_format": "yyyy-mm-dd"}) as book:
        page = book.add_worksheet(sheet)
        for at, row in enumerate(rows):
            page.write_row(at, 0, row)
    return path


def faults(export: Export) -> list[tuple[Any, ...]]:
    return [
        (check.removeprefix("file."), row, column)
        for check, row, column in export.faults.select("check", "row", "column").rows()
    ]


def test_cells_as_text(tmp_path: Path) -> None:
    rows = [
        ["id", "code", "share", "seen", "ok", "big", "small"],
        [5, "007", 0.1, dt.date(2026, 1, 2), True, 123456789012, 1e-7],
        [6.5, "008", -2.0, dt.date(2026, 1, 3), False, 1e20, None],
    ]
    (export,) = read(write(tmp_path / "a.xlsx", rows))
    assert export.frame.collect().rows() == [
        (2, "5", "007", "0.1", "2026-01-02", "true", "123456789012", "0.0000001"),
        (3, "6.5", "008", "-2", "2026-01-03", "false", "100000000000000000000", None),
    ]
    assert (export.format, export.sheet, export.strict_kinds) == ("xlsx", "Data", False)
    assert export.lines is None
    assert export.faults.is_empty()


def test_dates_and_times(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    with xlsxwriter.Workbook(path) as book:
        page = book.add_worksheet()
        page.write_row(0, 0, ["at", "clock", "span"])
        page.write(
            1,
            0,
            dt.datetime(2026, 1, 2, 3, 4, 5),
            book.add_format({"num_format": "yyyy-mm-dd hh:mm"}),
        )
        page.write(1, 1, 0.5, book.add_format({"num_format": "hh:mm"}))
        page.write(1, 2, 1.5, book.add_format({"num_format": "[h]:mm"}))
    (export,) = read(path)
    assert export.frame.collect().rows() == [(2, "2026-01-02T03:04:05", "12:00:00", "36:00:00")]


def test_titles_totals_and_blank_rows(tmp_path: Path) -> None:
    rows: list[list[Any]] = [
        ["Stops in 2026"],
        [],
        ["id", "name", "age"],
        [1, "Ann", 20],
        [],
        [2, "Bob", 30],
        ["Total", None, 50],
        [],
        ["Applied filters:\nYear is 2026"],
    ]
    (export,) = read(write(tmp_path / "a.xlsx", rows))
    assert export.frame.collect().rows() == [(4, "1", "Ann", "20"), (6, "2", "Bob", "30")]
    assert faults(export) == [
        ("title_rows", 1, None),
        ("footer_rows", 7, None),
        ("blank_line", None, None),
    ]
    assert (export.rows_read, export.rows_rejected) == (2, 0)
    (kept,) = read(tmp_path / "a.xlsx", options=ReadOptions(skip_footer=0))
    assert kept.rows_read == 4


def test_merged_headers(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    with xlsxwriter.Workbook(path) as book:
        page = book.add_worksheet()
        page.merge_range(0, 0, 0, 3, "A title over all columns")
        page.merge_range(1, 1, 1, 2, "name")
        page.write(1, 0, "id")
        page.write(1, 3, "age")
        for row in range(2, 6):
            page.write_row(row, 0, [row, "Ann", "Ng", 20 + row])
    (export,) = read(path)
    assert [column.header for column in export.columns] == ["id", "name", "", "age"]
    assert faults(export) == [
        ("title_rows", 1, None),
        ("merged_header", 2, 2),
        ("empty_header", 2, 3),
    ]


def test_errors_and_formulas(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    with xlsxwriter.Workbook(path) as book:
        page = book.add_worksheet("A & B")
        page.write_row(0, 0, ["id", "rate", "note"])
        page.write_row(1, 0, [1, None, "#N/A"])
        page.write_formula(1, 1, "=1/0", value="#DIV/0!")
        page.write(2, 0, 2)
        page.write_formula(2, 1, "=A3*2", value=4)
    (export,) = read(path)
    assert export.frame.collect().rows() == [(2, "1", None, None), (3, "2", "4", None)]
    assert faults(export) == [("error_value", 2, 2), ("error_value", 2, 3)]


def test_formula_that_was_never_calculated(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    page = book.active
    assert page is not None
    page.append(["a", "b"])
    page.append([1, "=A2+1"])
    book.save(tmp_path / "a.xlsx")
    (export,) = read(tmp_path / "a.xlsx")
    assert faults(export) == [("formula_without_value", 2, 2)]


def test_serial_dates_and_numbers_as_text(tmp_path: Path) -> None:
    rows: list[list[Any]] = [["ref", "date_of_birth"]]
    rows += [[i, dt.date(2001, 2, 3) if i % 2 else 36_000 + i] for i in range(10)]
    rows.append(["11", dt.date(2001, 2, 3)])
    (export,) = read(write(tmp_path / "a.xlsx", rows))
    assert faults(export) == [("excel_serial_date", 2, 2), ("number_as_text", 12, 1)]


def test_sheets(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    with xlsxwriter.Workbook(path) as book:
        book.add_worksheet("Empty")
        book.add_worksheet("Hidden").write_row(0, 0, ["a", "b"])
        book.get_worksheet_by_name("Hidden").hide()
        for name in ("One", "Two"):
            page = book.add_worksheet(name)
            page.write_row(0, 0, ["id", name])
            page.write_row(1, 0, [1, "x"])
    (first,) = read(path)
    assert first.sheet == "One"
    assert first.notes == (
        'Only the first sheet was read; others hold data too: "Two".',
        "1 hidden sheet was not read.",
    )
    assert [export.sheet for export in read(path, options=ReadOptions(sheet="*"))] == ["One", "Two"]
    assert read(path, options=ReadOptions(sheet="Two"))[0].columns[1].header == "Two"
    assert read(path, options=ReadOptions(sheet=3))[0].sheet == "One"
    assert read(path, options=ReadOptions(sheet="Hidden"))[0].rows_read == 0
    with pytest.raises(UsageError, match='did you mean "One"') as caught:
        read(path, options=ReadOptions(sheet="one "))
    assert "Hidden" in str(caught.value)
    with pytest.raises(InputError, match="empty"):
        read(path, options=ReadOptions(sheet="Empty"))


def test_columns_of_nothing_are_left_out(tmp_path: Path) -> None:
    (export,) = read(write(tmp_path / "a.xlsx", [[None, "a", "b"], [None, 1, 2], [None, 3, 4]]))
    assert [(column.header, column.name) for column in export.columns] == [("a", "c1"), ("b", "c2")]
    assert export.frame.collect().rows() == [(2, "1", "2"), (3, "3", "4")]


def test_headerless_sheet_is_not_trusted(tmp_path: Path) -> None:
    rows = [[i, "Ann", dt.date(2001, 2, i)] for i in range(1, 9)]
    (export,) = read(write(tmp_path / "a.xlsx", rows))
    assert not export.headers_trusted
    (given,) = read(tmp_path / "a.xlsx", options=ReadOptions(header=("n", "name", "dob")))
    assert given.rows_read == 8
    assert [column.header for column in given.columns] == ["n", "name", "dob"]
    assert given.frame.collect()["row"].to_list() == list(range(1, 9))


def test_header_only(tmp_path: Path) -> None:
    (export,) = read(write(tmp_path / "a.xlsx", [["id", "name"]]))
    assert (export.rows_read, len(export.columns)) == (0, 2)


def test_no_visible_sheet_with_data(tmp_path: Path) -> None:
    with xlsxwriter.Workbook(tmp_path / "a.xlsx") as book:
        book.add_worksheet()
    with pytest.raises(InputError, match="no visible sheet"):
        read(tmp_path / "a.xlsx")


def test_opendocument(tmp_path: Path) -> None:
    spaces = " ".join(
        f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
        for name in ("office", "table", "text")
    )

    def cell(kind: str, text: str, value: str = "") -> str:
        given = f' office:{value}="{text}"' if value else ""
        start = f'<table:table-cell office:value-type="{kind}"{given}>'
        return f"{start}<text:p>{text}</text:p></table:table-cell>"

    rows = [
        [cell("string", "id"), cell("string", "code"), cell("string", "dob")],
        [
            cell("float", "1", "value"),
            cell("string", "007"),
            cell("date", "2020-01-02", "date-value"),
        ],
    ]
    body = "".join(f"<table:table-row>{''.join(row)}</table:table-row>" for row in rows)
    content = (
        f"<office:document-content {spaces}><office:body><office:spreadsheet>"
        f'<table:table table:name="A">{body}</table:table>'
        "</office:spreadsheet></office:body></office:document-content>"
    )
    with zipfile.ZipFile(tmp_path / "a.ods", "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("content.xml", content)
        archive.writestr(
            "META-INF/manifest.xml",
            '<m:manifest xmlns:m="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>',
        )
    (export,) = read(tmp_path / "a.ods")
    assert (export.format, export.sheet) == ("ods", "A")
    assert export.frame.collect().rows() == [(2, "1", "007", "2020-01-02")]


def test_empty_rows_and_columns_around_the_table(tmp_path: Path) -> None:
    with xlsxwriter.Workbook(tmp_path / "a.xlsx") as book:
        sheet = book.add_worksheet()
        for at, row in enumerate([[" id", "name "], ["1", "Ann"], ["2", "Bob"], ["(2 rows)"]]):
            sheet.write_row(at, 1, row)
        sheet.write_blank(60, 4, None, book.add_format({"bold": True}))
    (export,) = read(tmp_path / "a.xlsx")
    assert export.frame.collect().rows() == [(2, "1", "Ann"), (3, "2", "Bob")]
    assert [column.header for column in export.columns] == ["id", "name"]
    assert export.faults.select("check", "row", "column").rows() == [
        ("file.padded_header", 1, 1),
        ("file.padded_header", 1, 2),
        ("file.footer_rows", 4, None),
        ("file.empty_column", None, None),
    ]
