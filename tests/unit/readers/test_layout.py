"""Where the table stands in delimited text: delimiter, titles, headers, empty cells, totals."""

from __future__ import annotations

from pathlib import Path

import pytest

from dqcheck.errors import InputError, UsageError
from dqcheck.model import Export
from dqcheck.readers import ReadOptions, read
from dqcheck.readers.suspects import SAMPLE_ROWS


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


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|", "^", "~", "\x1f"])
def test_delimiters_are_found(tmp_path: Path, delimiter: str) -> None:
    lines = [["id", "name", "when"], ["1", "a b", "10:00"], ["2", "c", "11:00"]]
    export = read_text(tmp_path, "\n".join(delimiter.join(line) for line in lines))
    assert headers(export) == lines[0]
    assert rows(export) == [(2, "1", "a b", "10:00"), (3, "2", "c", "11:00")]
    assert export.format == ("tsv" if delimiter == "\t" else "csv")


def test_declared_delimiter(tmp_path: Path) -> None:
    export = read_text(tmp_path, "sep=;\r\na;b\r\n1,5;2\r\n")
    assert headers(export) == ["a", "b"]
    assert rows(export) == [(3, "1,5", "2")]


def test_delimiter_at_the_end_of_each_record(tmp_path: Path) -> None:
    export = read_text(tmp_path, "a,b\n1,2,\n3,4,\n")
    assert headers(export) == ["a", "b"]
    assert rows(export) == [(2, "1", "2"), (3, "3", "4")]
    assert faults(export) == [("empty_column", None, None, None)]


@pytest.mark.parametrize("records", [3, SAMPLE_ROWS + 1])
def test_columns_without_header_or_value(tmp_path: Path, records: int) -> None:
    lines = ["a,,b,,", *["1,,2,,"] * records]
    export = read_text(tmp_path, "\n".join(lines))
    assert [(column.position, column.header) for column in export.columns] == [(1, "a"), (3, "b")]
    assert export.frame.collect_schema().names() == ["row", "c1", "c3"]
    (detail,) = export.faults["detail"]
    assert detail == "3 columns have neither header nor value, from column 2 on"
    lines[-1] = "1,x,2,,"
    export = read_text(tmp_path, "\n".join(lines))
    assert headers(export) == ["a", "", "b"]
    assert sorted(faults(export), key=str) == [
        ("empty_column", None, None, None),
        ("empty_header", 1, 1, 2),
    ]


def test_rows_of_empty_cells_are_records(tmp_path: Path) -> None:
    export = read_text(tmp_path, "a,b\n,\n1,2\n,\n\n,\n\n\n")
    assert [row[0] for row in rows(export)] == [2, 3, 4, 6]
    assert faults(export) == [("empty_row", 4, None, None), ("blank_line", None, 5, None)]
    assert export.faults["detail"][0] == "the last 2 records have only empty cells"


@pytest.mark.parametrize("content", ["a,b\n,\n", 'a\n""\n', "a,b\r\n,\r\n\r\n"])
def test_only_record_is_empty(tmp_path: Path, content: str) -> None:
    export = read_text(tmp_path, content)
    assert (export.rows_read, export.rows_rejected) == (1, 0)
    assert faults(export) == [("empty_row", 2, None, None)]
    assert export.faults["detail"][0] == "the last record has only empty cells"


def test_more_empty_rows_than_the_tail_of_a_file_shows(tmp_path: Path) -> None:
    export = read_text(tmp_path, "a,b\n1,2\n" + ",\n" * 50_000)
    assert export.rows_read == 50_001
    assert export.faults["detail"].to_list() == ["the last 50000 records have only empty cells"]


def test_empty_rows_around_a_total_are_no_records(tmp_path: Path) -> None:
    export = read_text(tmp_path, "a,b,c\n1,2,3\n,,\nTotal,,3\n,,\n,,\n")
    assert [row[0] for row in rows(export)] == [2]
    assert faults(export) == [("footer_rows", 3, None, None)]


@pytest.mark.parametrize(
    ("content", "found"),
    [
        ("s1\nx|y\n", ["s1"]),
        ("s1\nx|y\nz|w\n", ["s1"]),
        ("s1\nx;y;z\nz;w\n", ["s1"]),
        ("s1,s2\n1,x|y|z\n2,x|y|z\n", ["s1", "s2"]),
        ("Our export\na|b\n1|2\n", ["a", "b"]),
        ("Export\n\na|b\n1|2\n", ["a", "b"]),
        ("Export\na|b|c\n1|2|3\n4|5|6\n", ["a", "b", "c"]),
    ],
)
def test_delimiter_stands_in_the_headers(tmp_path: Path, content: str, found: list[str]) -> None:
    assert headers(read_text(tmp_path, content)) == found


def test_header_too_long_to_look_at(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="headers can't be found"):
        read_text(tmp_path, f'"{"x;" * 70_000}"\n1\n')


def test_given_delimiter_need_not_stand_in_the_first_line(tmp_path: Path) -> None:
    export = read_text(tmp_path, "s1\nx|y\n", delimiter="|")
    assert headers(export) == ["x", "y"]


def test_padding(tmp_path: Path) -> None:
    export = read_text(tmp_path, "id, name , town\n1, Ann, Ely\n2, Bob,\n3, ,Ely\n")
    assert headers(export) == ["id", "name", "town"]
    assert rows(export)[2] == (4, "3", " ", "Ely")
    assert faults(export) == [
        ("padded_header", 1, 1, 2),
        ("padded_header", 1, 1, 3),
        ("padded_cells", 2, None, 2),
    ]


def test_record_taken_for_headers_is_named(tmp_path: Path) -> None:
    export = read_text(tmp_path, "1,2020-01-02,5\n2,2020-01-03,6\n3,2020-01-04,7\n")
    assert (export.rows_read, export.headers_trusted) == (2, False)
    assert [note for note in export.notes if note.startswith("Row 1 ")] == list(export.notes)
    assert "name its 3 columns: --read header=" in export.notes[0]


@pytest.mark.parametrize("header", [("a", "b"), ("a", "b", "c", "d")])
def test_as_many_headers_are_given_as_columns(tmp_path: Path, header: tuple[str, ...]) -> None:
    with pytest.raises(UsageError, match=f"3 columns, and the option header names {len(header)}"):
        read_text(tmp_path, "1,2,3\n4,5,6\n", header=header)


def test_a_header_is_given_once(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="two columns the same name"):
        read_text(tmp_path, "1,2,3\n4,5,6\n", header=("a", "", "a"))


@pytest.mark.parametrize("above", ["Stops 2026,,\n,,\n", "Stops 2026\n\n", "Stops\nby force\n\n\n"])
def test_title_rows(tmp_path: Path, above: str) -> None:
    export = read_text(tmp_path, above + "id,name,dob\n1,Ann,2001-02-03\n2,Bob,2001-02-04\n")
    skipped = above.count("\n")
    assert headers(export) == ["id", "name", "dob"]
    assert rows(export)[0] == (skipped + 2, "1", "Ann", "2001-02-03")
    assert [name for name, *_ in faults(export)] == ["title_rows"]
    assert export.layout["header_row"] == str(skipped + 1)
    assert "above the table" in export.notes[0]


@pytest.mark.parametrize(
    "below",
    [
        "Total,,12\n",
        ",Total,12\n",
        "\nApplied filters: Year is 2026\n",
        '"Applied filters:\nYear is 2026",,\n',
        "\nApplied filters:\nYear is 2026\nForce is X\n",
        "(2 rows affected)\n",
        "Grand total,,12\n,,\n,,\n",
        "\n\nSomething in the office\n",
    ],
)
def test_footer_rows(tmp_path: Path, below: str) -> None:
    export = read_text(tmp_path, "id,name,age\n1,Ann,20\n2,Bob,30\n" + below)
    assert rows(export) == [(2, "1", "Ann", "20"), (3, "2", "Bob", "30")]
    assert faults(export) == [("footer_rows", 4, None, None)]
    assert (export.rows_read, export.rows_rejected) == (2, 0)


def test_last_record_cut_short_is_no_footer(tmp_path: Path) -> None:
    export = read_text(tmp_path, "id,name,age\n1,Ann,20\n2,Bo")
    assert faults(export) == [("ragged_row", 3, 3, None)]


def test_title_and_footer_can_be_set(tmp_path: Path) -> None:
    content = "id,name,age\n1,Ann,20\nTotal,,20\n"
    kept = read_text(tmp_path, content, skip_footer=0)
    assert kept.rows_read == 2
    cut = read_text(tmp_path, content, skip_footer=2)
    assert cut.rows_read == 0
    lower = read_text(tmp_path, "x,y,z\nid,name,age\n1,Ann,20\n", header_row=2)
    assert headers(lower) == ["id", "name", "age"]
    same = read_text(tmp_path, "x,y,z\nid,name,age\n1,Ann,20\n", skip_rows=1)
    assert headers(same) == ["id", "name", "age"]


@pytest.mark.parametrize(
    "content",
    [
        "1,Ann,2001-02-03\n2,Bob,2001-02-04\n3,Cy,2001-02-05\n",
        "Ann,Smith,M\nBob,Smith,M\nAnn,Jones,F\nCy,Smith,M\n",
    ],
)
def test_headerless_file_is_not_trusted(tmp_path: Path, content: str) -> None:
    export = read_text(tmp_path, content)
    assert not export.headers_trusted
    assert "looks like data" in export.notes[-1]
    assert ("header_looks_like_data", 1, 1, None) in faults(export)
    given = read_text(tmp_path, content, header=("id", "", "dob"))
    assert given.headers_trusted
    assert headers(given) == ["id", "", "dob"]
    assert rows(given)[0][:2] == (1, content.split(",", maxsplit=1)[0])
    assert given.rows_read == content.count("\n")
    believed = read_text(tmp_path, content, header_row=1)
    assert believed.headers_trusted


def test_years_as_headers_are_trusted(tmp_path: Path) -> None:
    assert read_text(tmp_path, "force,2024,2025\nA,1,2\nB,3,4\n").headers_trusted


def test_header_only(tmp_path: Path) -> None:
    export = read_text(tmp_path, "a,b,c\n")
    assert (export.rows_read, rows(export)) == (0, [])
    assert export.frame.collect().width == 4


def test_one_column(tmp_path: Path) -> None:
    export = read_text(tmp_path, 'name\nAnn\n""\nBob\n\n')
    assert rows(export) == [(2, "Ann"), (3, None), (4, "Bob")]
