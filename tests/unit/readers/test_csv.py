"""Delimited text: what is wrong is a fault with its place, and the rest is read."""

from __future__ import annotations

import gzip
from pathlib import Path

import polars as pl
import pytest

from dqcheck.model import Export
from dqcheck.readers import ReadOptions, read, streams

SHARED = Path(__file__).resolve().parents[3] / ".." / "shared" / "data"


def read_text(tmp_path: Path, content: str | bytes, **options: object) -> Export:
    path = tmp_path / "a.csv"
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    (export,) = read(path, options=ReadOptions(**options))  # type: ignore[arg-type]
    assert len(export.frame.collect()) == export.rows_read
    return export


def rows(export: Export) -> list[tuple[object, ...]]:
    return export.frame.collect().rows()


def faults(export: Export) -> list[tuple[object, ...]]:
    return [
        (check.removeprefix("file."), row, line, column)
        for check, row, line, column in export.faults.select(
            "check", "row", "line", "column"
        ).rows()
    ]


def headers(export: Export) -> list[str]:
    return [column.header for column in export.columns]


def test_plain_file(tmp_path: Path) -> None:
    export = read_text(tmp_path, 'id, name ,note\n007,"Ünal, A",""\n008,,"5"" x"\n')
    assert headers(export) == ["id", "name", "note"]
    assert rows(export) == [(2, "007", "Ünal, A", None), (3, "008", None, '5" x')]
    assert export.frame.collect_schema() == {
        "row": pl.UInt32,
        "c1": pl.String,
        "c2": pl.String,
        "c3": pl.String,
    }
    assert faults(export) == [("padded_header", 1, 1, 2)]
    assert export.lines is not None
    assert export.lines.rows() == [(2, 2)]
    assert (export.format, export.strict_kinds, export.headers_trusted) == ("csv", False, True)
    assert len(export.sha256) == 64


@pytest.mark.parametrize(
    ("encoding", "found"),
    [
        ("utf-8", "utf-8"),
        ("utf-8-sig", "utf-8"),
        ("utf-16", "utf-16"),
        ("utf-16-le", "utf-16-le"),
        ("utf-16-be", "utf-16-be"),
        ("utf-32", "utf-32"),
        ("cp1252", "cp1252"),
        ("latin-1", "cp1252"),
    ],
)
def test_encodings_are_found(tmp_path: Path, encoding: str, found: str) -> None:
    content = "name,town\r\nÜnal,Évreux\r\nO'Neil,Zürich\r\n"
    export = read_text(tmp_path, content.encode(encoding))
    assert headers(export) == ["name", "town"]
    assert rows(export) == [(2, "Ünal", "Évreux"), (3, "O'Neil", "Zürich")]
    assert export.layout["encoding"] == found
    guessed = [("encoding_guessed", None, None, None)] if found == "cp1252" else []
    assert faults(export) == guessed


def test_old_encoding_far_down(tmp_path: Path) -> None:
    content = b"a,b\n" + b"1,2\n" * 200_000 + b"caf\xe9,x\n"
    export = read_text(tmp_path, content)
    assert export.layout["encoding"] == "cp1252"
    assert rows(export)[-1] == (200_002, "café", "x")


def test_broken_utf8_rejects_its_record_only(tmp_path: Path) -> None:
    export = read_text(tmp_path, "a,b\né,1\n".encode() + b"x\xff,2\nz,3\n")
    assert rows(export) == [(2, "é", "1"), (4, "z", "3")]
    assert faults(export) == [("bad_encoding", 3, 3, None)]
    assert (export.rows_read, export.rows_rejected) == (2, 1)


def test_ragged_rows(tmp_path: Path) -> None:
    export = read_text(tmp_path, "a,b,c\n1,2,3\n1,2\n1,2,3,4\n4,5,6\n")
    assert rows(export) == [(2, "1", "2", "3"), (5, "4", "5", "6")]
    assert faults(export) == [("ragged_row", 3, 3, None), ("ragged_row", 4, 4, None)]
    assert export.faults["detail"].to_list() == [
        "too few cells: 2 where the headers ask for 3",
        "too many cells: 4 where the headers ask for 3",
    ]


def test_all_rows_ragged(tmp_path: Path) -> None:
    export = read_text(tmp_path, "a,b,c\n" + "1,2\n" * 50)
    assert (export.rows_read, export.rows_rejected) == (0, 50)
    assert rows(export) == []


def test_quoted_line_breaks_keep_row_and_line(tmp_path: Path) -> None:
    export = read_text(tmp_path, 'a,b\n1,"x\n\ny"\n2,z\n3,"p\nq"\n4,r\n')
    assert rows(export) == [(2, "1", "x\n\ny"), (3, "2", "z"), (4, "3", "p\nq"), (5, "4", "r")]
    assert export.lines is not None
    assert export.lines.rows() == [(2, 2), (3, 5), (5, 8)]
    assert export.faults.is_empty()


def test_header_over_two_lines(tmp_path: Path) -> None:
    export = read_text(tmp_path, '"first\nname",b\n1,2\n')
    assert headers(export) == ["first name", "b"]
    assert export.lines is not None
    assert export.lines.rows() == [(2, 3)]


def test_open_quote_rejects_one_line(tmp_path: Path) -> None:
    export = read_text(tmp_path, 'a,b,c\n"1","2","3"\n"4,"5","6"\n"7","8\n"9","10","11"\n')
    assert rows(export) == [(2, "1", "2", "3"), (5, "9", "10", "11")]
    assert faults(export) == [
        ("unterminated_quote", 3, 3, None),
        ("unterminated_quote", 4, 4, None),
    ]


def test_quote_open_to_the_end(tmp_path: Path) -> None:
    export = read_text(tmp_path, 'a,b\n1,2\n3,"4\n5,6\n7,8\n')
    assert rows(export) == [(2, "1", "2"), (4, "5", "6"), (5, "7", "8")]
    assert faults(export) == [("unterminated_quote", 3, 3, None)]


def test_stray_quotes_are_read_as_they_stand(tmp_path: Path) -> None:
    export = read_text(tmp_path, 'id,size\n1,5" pipe\n2,6\n3,7" x 8"\n4,"a ""b"""\n')
    assert rows(export) == [
        (2, "1", '5" pipe'),
        (3, "2", "6"),
        (4, "3", '7" x 8"'),
        (5, "4", 'a "b"'),
    ]
    assert faults(export) == [("stray_quote", 2, 2, None), ("stray_quote", 4, 4, None)]
    assert export.rows_rejected == 0


def test_nul_bytes(tmp_path: Path) -> None:
    export = read_text(tmp_path, b"a,b\n1,2\n3,\x00\x00\n5,6\n")
    assert rows(export) == [(2, "1", "2"), (4, "5", "6")]
    assert faults(export) == [("nul_byte", 3, 3, None)]


@pytest.mark.parametrize(
    ("content", "mixed"),
    [
        (b"a,b\r\n1,2\r\n3,4\r\n", False),
        (b"a,b\r1,2\r3,4\r", False),
        (b"a,b\r\n1,2\n3,4\r\n", True),
        (b"a,b\n1,2\r3,4\n", True),
        (b"a,b\r\n1,2\r3,4\r\n", True),
        (b'a,b\r\n1,"2\n\n"\r\n3,4\r\n', False),
        (b'a,b\r\n1,"2\r\r"\r\n3,4\r\n', False),
    ],
)
def test_line_ends(tmp_path: Path, content: bytes, mixed: bool) -> None:
    export = read_text(tmp_path, content)
    got = [(row, a, (b or "").strip()) for row, a, b in export.frame.collect().rows()]
    assert got == [(2, "1", "2"), (3, "3", "4")]
    assert [name for name, *_ in faults(export)] == ["mixed_line_ends"] * mixed


def test_headers_missing_and_double(tmp_path: Path) -> None:
    export = read_text(tmp_path, "a,,a,b\n1,2,3,4\n")
    assert headers(export) == ["a", "", "a", "b"]
    assert faults(export) == [("empty_header", 1, 1, 2), ("duplicate_header", 1, 1, 3)]


def test_headers_again(tmp_path: Path) -> None:
    export = read_text(tmp_path, "a,b\n1,2\na,b\n3,4\n")
    assert rows(export) == [(2, "1", "2"), (4, "3", "4")]
    assert faults(export) == [("repeated_header", 3, 3, None)]
    assert export.rows_rejected == 1


def test_blank_lines(tmp_path: Path) -> None:
    export = read_text(tmp_path, "a,b\n1,2\n\n  \n3,4\n\n\n")
    assert rows(export) == [(2, "1", "2"), (5, "3", "4")]
    assert faults(export) == [("blank_line", None, 3, None)]
    assert (export.rows_read, export.rows_rejected) == (2, 0)


def test_no_quoting(tmp_path: Path) -> None:
    export = read_text(tmp_path, 'a\tb\n"x\t1\ny"\t2\n', quote="")
    assert rows(export) == [(2, '"x', "1"), (3, 'y"', "2")]


@pytest.mark.parametrize("suffix", ["gz", "zst"])
def test_compressed(tmp_path: Path, suffix: str) -> None:
    content = b"a,b\n" + b"1,2\n" * 1000 + b"1\n"
    pack = gzip.compress if suffix == "gz" else streams.zstd.compress
    path = tmp_path / f"a.csv.{suffix}"
    path.write_bytes(pack(content))
    (export,) = read(path)
    assert (export.rows_read, export.rows_rejected) == (1000, 1)
    assert len(export.frame.collect()) == 1000
    assert export.layout["compression"] == suffix


def test_frame_is_lazy_and_can_be_read_again(tmp_path: Path) -> None:
    export = read_text(tmp_path, "a,b\n1,2\n3\n5,6\n7,8\n")
    frame = export.frame
    assert frame.filter(pl.col("c1") == "5").collect().rows() == [(4, "5", "6")]
    assert frame.select("c2").head(2).collect(engine="streaming").rows() == [("2",), ("6",)]
    assert frame.select(pl.len()).collect().item() == 3
    assert frame.select("row").collect()["row"].to_list() == [2, 4, 5]


def test_wide_file(tmp_path: Path) -> None:
    width = 1200
    line = ",".join(f"v{i}" for i in range(width))
    export = read_text(tmp_path, ",".join(f"h{i}" for i in range(width)) + f"\n{line}\n{line},x\n")
    assert (export.rows_read, export.rows_rejected) == (1, 1)


def test_spreadsheet_damage_is_suspected(tmp_path: Path) -> None:
    lines = ["nhs_number,date_of_birth,mobile,badge_no,height"]
    for i in range(60):
        number = "1.23E+09" if i == 7 else str(9434765919 + i * 7919)
        date = str(36526 + i) if i % 2 else "2001-02-03"
        badge = str(10_000 + (i * 7919) % 89_999) if i % 12 else str(1_000 + i)
        lines.append(f"{number},{date},{7700900000 + i},{badge},{150 + i}")
    export = read_text(tmp_path, "\n".join(lines))
    assert faults(export) == [
        ("leading_zeros_lost", 2, None, 3),
        ("leading_zeros_lost", 2, None, 4),
        ("excel_serial_date", 3, None, 2),
        ("scientific_notation", 9, None, 1),
    ]
    assert "30 of the 60 values" in export.faults["detail"][2]


def test_counted_up_numbers_are_not_suspected(tmp_path: Path) -> None:
    lines = ["person_id,ref"] + [f"{9_000 + i},{i}" for i in range(1, 5_000)]
    assert read_text(tmp_path, "\n".join(lines)).faults.is_empty()


@pytest.mark.skipif(not SHARED.exists(), reason="the shared example data is absent")
@pytest.mark.parametrize("path", sorted(SHARED.glob("*.csv*")), ids=lambda path: path.name)
def test_public_exports(path: Path) -> None:
    (export,) = read(path)
    assert export.headers_trusted
    assert export.rows_read > 0
    assert export.rows_rejected == 0
    assert len(export.frame.collect(engine="streaming")) == export.rows_read


def test_broken_bytes_in_a_header(tmp_path: Path) -> None:
    export = read_text(tmp_path, b"a,caf\xff\n\xc3\xa9,1\n")
    assert headers(export) == ["a", "caf\ufffd"]
    assert faults(export) == [("bad_encoding", 1, 1, None)]


def test_open_quotes_without_another_quote_are_cheap(tmp_path: Path) -> None:
    lines = ["a,b,c", *("1,2,3" if i % 2_000 else '4,"5,6' for i in range(1, 100_001))]
    export = read_text(tmp_path, "\n".join(lines))
    assert (export.rows_read, export.rows_rejected) == (99_950, 50)
    assert export.faults["row"].to_list() == [2_000 * i + 1 for i in range(1, 51)]


@pytest.mark.parametrize(
    "content", ["a,b\r\n", "a,b\r\n\r\n", 'T\r\n"a\nx",b\r\n1,2', "T,\r\na,b", "a,b\r\n1,2"]
)
def test_last_line_need_not_end(tmp_path: Path, content: str) -> None:
    export = read_text(tmp_path, content)
    assert "mixed_line_ends" not in [name for name, *_ in faults(export)]
