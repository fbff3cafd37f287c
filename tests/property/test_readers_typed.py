"""Laws of reading JSON, frames and workbooks: what went in comes out as text, kind and row."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import polars as pl
import xlsxwriter
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dqcheck.model import Export, Kind, kind_column
from dqcheck.readers import ReadOptions, read, read_frame, read_records

anyhow = settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)

text = st.text(st.characters(exclude_categories=("Cs", "Cn")), max_size=8)
numbers = st.one_of(
    st.integers(-(10**30), 10**30).map(str),
    st.decimals(allow_nan=False, allow_infinity=False, places=6, min_value=-1e9, max_value=1e9).map(
        str
    ),
    st.floats(allow_nan=False, allow_infinity=False).map(repr),
    st.sampled_from(["0.00001", "1E5", "1e-7", "-0", "5.0", "1.10", "1e400", "0.1e1"]),
)


class Number(str):
    """A JSON number as it is written."""


def write_json(value: Any) -> str:
    if isinstance(value, Number):
        return str(value)
    if isinstance(value, list):
        return "[" + ", ".join(map(write_json, value)) + "]"
    if isinstance(value, dict):
        pairs = (f"{json.dumps(key)}:{write_json(item)}" for key, item in value.items())
        return "{" + ",".join(pairs) + "}"
    return json.dumps(value, ensure_ascii=len(str(value)) % 2 == 0)


def expect(value: Any) -> tuple[str | None, int]:
    if value is None:
        return None, Kind.NULL
    if isinstance(value, bool):
        return str(value).lower(), Kind.BOOLEAN
    if isinstance(value, Number):
        return str(value), Kind.NUMBER
    if isinstance(value, str):
        return value or None, Kind.TEXT
    return "", Kind.LIST


scalars = st.one_of(st.none(), st.booleans(), numbers.map(Number), text)
objects = st.dictionaries(
    st.sampled_from(["a", "b.c", "é/~"]), st.one_of(scalars, st.lists(scalars, max_size=3))
)


def cells(export: Export) -> list[dict[str, tuple[str | None, int]]]:
    frame = export.frame.collect(engine="streaming")
    assert len(frame) == export.rows_read
    return [
        {
            column.header: (row[column.name], row[kind_column(column.name)])
            for column in export.columns
        }
        for row in frame.iter_rows(named=True)
    ]


def hold(export: Export, rows: list[dict[str, Any]]) -> None:
    got = cells(export)
    keys = list(dict.fromkeys(key for row in rows for key in row))
    assert [column.header for column in export.columns] == keys
    for found, row in zip(got, rows, strict=True):
        for key in keys:
            wanted, kind = expect(row.get(key))
            assert found[key][1] == kind
            if kind != Kind.LIST:
                assert found[key][0] == wanted


@anyhow
@given(rows=st.lists(objects, min_size=1, max_size=6), broken=st.lists(st.booleans(), max_size=6))
def test_json_lines(rows: list[dict[str, Any]], broken: list[bool], tmp_path: Path) -> None:
    lines: list[str] = []
    good: list[int] = []
    for at, row in enumerate(rows):
        if at < len(broken) and broken[at]:
            lines.append(write_json(row)[:-1])
        good.append(len(lines) + 2)
        lines.append(write_json(row))
    path = tmp_path / "a.jsonl"
    path.write_text("\n".join(lines), encoding="utf-8")
    (export,) = read(path)
    hold(export, rows)
    assert export.rows_read + export.rows_rejected == len(lines)
    assert len(export.faults.filter(pl.col("check") == "file.malformed_record")) == (
        export.rows_rejected
    )
    assert export.frame.collect()["row"].to_list() == good


@anyhow
@given(
    rows=st.lists(objects, min_size=1, max_size=6),
    wrap=st.sampled_from([lambda body: body, lambda body: f'{{"n": 1.0, "records": {body}}}']),
)
def test_json_documents(
    rows: list[dict[str, Any]], wrap: Callable[[str], str], tmp_path: Path
) -> None:
    path = tmp_path / "a.json"
    path.write_text(wrap(write_json(rows)), encoding="utf-8")
    hold(read(path)[0], rows)


@anyhow
@given(
    rows=st.lists(
        st.fixed_dictionaries(
            {
                "text": st.one_of(st.none(), text),
                "whole": st.one_of(st.none(), st.integers(-(2**63), 2**63 - 1)),
                "share": st.one_of(st.none(), st.floats()),
                "flag": st.one_of(st.none(), st.booleans()),
                "day": st.one_of(st.none(), st.dates()),
                "list": st.one_of(st.none(), st.lists(st.one_of(st.none(), text), max_size=3)),
            }
        ),
        min_size=1,
        max_size=8,
    )
)
def test_records_and_frames_agree(rows: list[dict[str, Any]]) -> None:
    schema = {
        "text": pl.String,
        "whole": pl.Int64,
        "share": pl.Float64,
        "flag": pl.Boolean,
        "day": pl.Date,
        "list": pl.List(pl.String),
    }
    rows = [{name: row[name] for name in schema} for row in rows]
    frame = read_frame(pl.DataFrame(rows, schema=schema), "f").frame.collect()
    records = read_records(rows, "r").frame.collect()
    for position, name in enumerate(schema, 1):
        left, right = frame[f"c{position}"].to_list(), records[f"c{position}"].to_list()
        if name == "share":
            left, right = (
                [value and float(value.replace("INF", "inf")) for value in side]
                for side in (left, right)
            )
            assert str(left) == str(right)
        elif name != "list":
            assert left == right
        if name not in {"text", "list"}:
            kind = kind_column(f"c{position}")
            assert frame[kind].to_list() == records[kind].to_list()


cell = st.one_of(
    st.text(
        st.characters(min_codepoint=32, max_codepoint=0x2FF, exclude_categories=("Cc", "Cn")),
        min_size=1,
        max_size=6,
    ).filter(lambda value: value.strip() == value and not value.startswith("#")),
    st.integers(-(10**12), 10**12),
    st.booleans(),
)


@settings(anyhow, max_examples=30)
@given(rows=st.lists(st.lists(cell, min_size=3, max_size=3), max_size=8))
def test_workbooks(rows: list[list[Any]], tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    with xlsxwriter.Workbook(
        path, {"strings_to_formulas": False, "strings_to_urls": False}
    ) as book:
        page = book.add_worksheet()
        for at, row in enumerate([["one", "two", "three"], *rows]):
            page.write_row(at, 0, row)
    (export,) = read(path, options=ReadOptions(header_row=1, skip_footer=0))
    wanted = [
        (at, *(str(value).lower() if isinstance(value, bool) else str(value) for value in row))
        for at, row in enumerate(rows, 2)
    ]
    assert export.frame.collect().rows() == wanted
