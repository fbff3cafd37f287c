"""Spreadsheet errors are findings in every format of workbook."""

from __future__ import annotations

import struct
import zipfile
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
import xlrd
import xlwt

from dqcheck.errors import InputError
from dqcheck.model import Export
from dqcheck.readers import ReadOptions, read

ODS_SPACES = " ".join(
    f'xmlns:{name}="urn:{urn}:1.0"'
    for name, urn in {
        "office": "oasis:names:tc:opendocument:xmlns:office",
        "table": "oasis:names:tc:opendocument:xmlns:table",
        "text": "oasis:names:tc:opendocument:xmlns:text",
        "calcext": "org:documentfoundation:names:experimental:calc:xmlns:calcext",
    }.items()
)
# Row 1 holds the headers; #DIV/0! stands in B3, #N/A in C4, alone in its row.
ROWS = [["id", "height", "note"], ["A1", 180, "ok"], ["A2", "#DIV/0!", "ok"], [None, None, "#N/A"]]
FOUND = [("file.error_value", 3, 2, "holds #DIV/0!"), ("file.error_value", 4, 3, "holds #N/A")]


CODES = {text: code for code, text in xlrd.error_text_from_code.items()}


def found(export: Export) -> list[tuple[object, ...]]:
    columns = export.faults.select("check", "row", "column", "detail")
    return sorted(columns.rows(), key=str)


def write_xlsx(path: Path) -> None:
    book = openpyxl.Workbook()
    for row in ROWS:
        book.active.append(row)
    book.save(path)


def write_xls(path: Path) -> None:
    book = xlwt.Workbook()
    book.add_sheet("Notes").write(0, 0, "#DIV/0!")
    page = book.add_sheet("Data")
    for at, row in enumerate(ROWS):
        for column, value in enumerate(row):
            if str(value).startswith("#"):
                page.row(at).set_cell_error(column, CODES[value])
            elif value is not None:
                page.write(at, column, value)
    book.save(path)


def ods_cell(value: object) -> str:
    if value is None:
        return '<table:table-cell table:number-columns-repeated="1"/>'
    if str(value).startswith("#"):
        # As LibreOffice writes it.
        return (
            '<table:table-cell table:formula="of:=1/0" office:value-type="string" '
            f'office:string-value="" calcext:value-type="error"><text:p>{value}</text:p>'
            "</table:table-cell>"
        )
    return (
        '<table:table-cell office:value-type="string" calcext:value-type="string">'
        f"<text:p>{value}</text:p></table:table-cell>"
    )


def write_ods(
    path: Path, rows: list[list[object]] = ROWS, prolog: str = "", tail: str = ""
) -> None:
    body = "".join(
        f"<table:table-row>{''.join(map(ods_cell, row))}</table:table-row>" for row in rows
    )
    content = (
        f"{prolog}<office:document-content {ODS_SPACES}><office:body><office:spreadsheet>"
        '<table:table table:name="Notes"><table:table-row>'
        f"{ods_cell('#REF!')}</table:table-row></table:table>"
        f'<table:table table:name="Data">{body}{tail}</table:table>'
        "</office:spreadsheet></office:body></office:document-content>"
    )
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("content.xml", content)
        archive.writestr(
            "META-INF/manifest.xml",
            '<m:manifest xmlns:m="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>',
        )


@pytest.mark.parametrize(
    ("name", "write"),
    [("a.xlsx", write_xlsx), ("a.xls", write_xls), ("a.ods", write_ods)],
)
def test_an_error_is_a_fault_and_missing(
    tmp_path: Path, name: str, write: Callable[[Path], None]
) -> None:
    write(tmp_path / name)
    sheet = None if name == "a.xlsx" else "Data"
    (export,) = read(tmp_path / name, options=ReadOptions(sheet=sheet))
    assert found(export) == FOUND
    assert export.frame.collect().rows() == [
        (2, "A1", "180", "ok"),
        (3, "A2", None, "ok"),
        (4, None, None, None),
    ]


def test_errors_where_another_reader_sees_them(tmp_path: Path) -> None:
    path = tmp_path / "a.xls"
    book = xlwt.Workbook()
    page = book.add_sheet("Data")
    page.write(0, 0, "n")
    codes = sorted(CODES.values())
    for row in range(1, 3000):
        if row % 7:
            page.write(row, 0, row)
        else:
            page.row(row).set_cell_error(0, codes[row // 7 % 7])
        page.write(row, 1, "word " * (row % 9) + "end")
    page.write(0, 1, "t")
    book.save(path)
    seen = xlrd.open_workbook(path).sheet_by_index(0)
    expected = [
        (at + 1, f"holds {xlrd.error_text_from_code[seen.cell_value(at, 0)]}")
        for at in range(seen.nrows)
        if seen.cell_type(at, 0) == xlrd.XL_CELL_ERROR
    ]
    (export,) = read(path)
    faults = export.faults.filter(check="file.error_value").select("row", "detail").rows()
    assert faults == expected
    assert len(expected) == 428


def test_a_formula_with_an_error_in_an_xls(tmp_path: Path) -> None:
    book = xlwt.Workbook()
    page = book.add_sheet("Data")
    for column, header in enumerate(["id", "height"]):
        page.write(0, column, header)
        page.write(1, column, "x")
    page.write(2, 0, "y")
    page.write(2, 1, xlwt.Formula("1/0"))
    book.save(tmp_path / "a.xls")
    # The library stores an empty text as the result; this is what Excel stores for #DIV/0!.
    empty, error = b"\x03\0\0\0\0\0\xff\xff", b"\x02\0\x07\0\0\0\xff\xff"
    data = (tmp_path / "a.xls").read_bytes()
    assert data.count(empty) == 1
    (tmp_path / "a.xls").write_bytes(data.replace(empty, error))
    (export,) = read(tmp_path / "a.xls")
    assert found(export) == [("file.error_value", 3, 2, "holds #DIV/0!")]


def scatter(data: bytes) -> bytes:
    """Return a compound file with its sectors in another order: none follows its neighbour."""
    sectors = [data[at : at + 512] for at in range(512, len(data), 512)]
    order = [*range(1, len(sectors), 2), *range(0, len(sectors), 2)]
    place = {old: new for new, old in enumerate(order)}

    def move(number: int) -> int:
        return place.get(number, number)

    header = bytearray(data[:512])
    for at in (0x30, 0x3C, *range(0x4C, 512, 4)):
        struct.pack_into("<I", header, at, move(*struct.unpack_from("<I", header, at)))
    tables = [at for at in struct.unpack_from("<109I", data, 0x4C) if at < len(sectors)]
    following = b"".join(sectors[at] for at in tables)
    numbers = struct.unpack(f"<{len(following) // 4}I", following)
    moved = list(numbers)
    for old, new in place.items():
        moved[new] = move(numbers[old])
    table = struct.pack(f"<{len(moved)}I", *moved)
    for index, at in enumerate(tables):
        sectors[at] = table[index * 512 : index * 512 + 512]
    (directory,) = struct.unpack_from("<I", data, 0x30)
    while directory < len(sectors):
        entries = bytearray(sectors[directory])
        for at in range(0, 512, 128):
            start = struct.unpack_from("<I", entries, at + 116)
            struct.pack_into("<I", entries, at + 116, move(*start))
        sectors[directory] = bytes(entries)
        directory = numbers[directory]
    return bytes(header) + b"".join(sectors[at] for at in order)


def test_a_scattered_xls_reads_the_same(tmp_path: Path) -> None:
    write_xls(tmp_path / "a.xls")
    (tmp_path / "b.xls").write_bytes(scatter((tmp_path / "a.xls").read_bytes()))
    first, second = (
        read(tmp_path / name, options=ReadOptions(sheet="Data"))[0] for name in ("a.xls", "b.xls")
    )
    assert found(second) == found(first) == FOUND


def test_an_xls_says_what_it_can_not_tell(tmp_path: Path) -> None:
    write_xls(tmp_path / "a.xls")
    (export,) = read(tmp_path / "a.xls")
    assert any("never calculated" in note for note in export.notes)


def test_repeated_cells_of_an_ods_count_one_by_one(tmp_path: Path) -> None:
    tail = (
        '<table:table-row table:number-rows-repeated="2"><table:table-cell '
        'table:formula="of:=1/0" office:value-type="string" table:number-columns-repeated="2" '
        'calcext:value-type="error"><text:p>Err:508</text:p></table:table-cell>'
        f"{ods_cell('x')}</table:table-row>"
        f'<table:table-row><table:table-cell table:formula="of:=1+1"/>{ods_cell("y")}'
        "</table:table-row>"
    )
    write_ods(tmp_path / "a.ods", rows=[["id", "height", "note"]], tail=tail)
    (export,) = read(tmp_path / "a.ods", options=ReadOptions(sheet="Data"))
    holds = "holds Err:508"
    assert found(export) == [
        ("file.error_value", 2, 1, holds),
        ("file.error_value", 2, 2, holds),
        ("file.error_value", 3, 1, holds),
        ("file.error_value", 3, 2, holds),
        ("file.formula_without_value", 4, 1, "holds a formula that was never calculated"),
    ]


def test_what_a_file_calls_an_error_may_be_a_value(tmp_path: Path) -> None:
    rows: list[list[object]] = [["id", "height", "note"], ["A1", "#Smith", "ok"]]
    write_ods(tmp_path / "a.ods", rows=rows)
    (export,) = read(tmp_path / "a.ods", options=ReadOptions(sheet="Data"))
    assert found(export) == [("file.error_value", 2, 2, "holds an error")]


def test_entities_are_refused(tmp_path: Path) -> None:
    prolog = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;">]>'
    write_ods(tmp_path / "a.ods", prolog=prolog)
    with pytest.raises(InputError, match="damaged"):
        read(tmp_path / "a.ods")


def keep_small(data: bytes) -> bytes:
    """Return a compound file whose workbook lies in small sectors, as those under 4 KiB do."""
    held = bytearray(data)
    (directory,) = struct.unpack_from("<I", held, 0x30)
    (table,) = struct.unpack_from("<I", held, 0x4C)
    root = (directory + 1) * 512
    name = "Workbook".encode("utf-16-le")
    book = next(at for at in range(root, root + 512, 128) if held[at : at + 16] == name)
    start, size = struct.unpack_from("<II", held, book + 116)
    count, added = -(-size // 64), len(held) // 512 - 1
    struct.pack_into("<II", held, root + 116, start, size)
    struct.pack_into("<II", held, book + 116, 0, size)
    struct.pack_into("<III", held, 0x38, 1 << 20, added, -(-count // 128))
    small = [*range(1, count), 0xFFFFFFFE]
    small += [0xFFFFFFFF] * (-len(small) % 128)
    sectors = len(small) // 128
    for at in range(added, added + sectors):
        following = at + 1 if at + 1 < added + sectors else 0xFFFFFFFE
        struct.pack_into("<I", held, (table + 1) * 512 + at * 4, following)
    return bytes(held) + struct.pack(f"<{len(small)}I", *small)


def test_a_small_xls_reads_the_same(tmp_path: Path) -> None:
    write_xls(tmp_path / "a.xls")
    (tmp_path / "b.xls").write_bytes(keep_small((tmp_path / "a.xls").read_bytes()))
    (export,) = read(tmp_path / "b.xls", options=ReadOptions(sheet="Data"))
    assert found(export) == FOUND


def test_an_xls_with_a_circle_of_sectors_is_damaged(tmp_path: Path) -> None:
    write_xls(tmp_path / "a.xls")
    data = bytearray((tmp_path / "a.xls").read_bytes())
    (table,) = struct.unpack_from("<I", data, 0x4C)
    struct.pack_into("<I", data, (table + 1) * 512, 0)
    (tmp_path / "a.xls").write_bytes(data)
    with pytest.raises(InputError, match="damaged"):
        read(tmp_path / "a.xls")
