"""Laws of reading delimited text: every record is accounted for, and good values come back."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import polars as pl
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from dqcheck.model import Export
from dqcheck.readers import ReadOptions, read, streams

ENCODINGS = ("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252", "latin-1")

text = st.text(
    st.one_of(
        st.sampled_from("ab 1,;|\t\"\n'é£"),
        st.characters(codec="cp1252", exclude_categories=("Cc", "Cs", "Cf")),
    ),
    max_size=6,
)


@st.composite
def tables(draw: st.DrawFn) -> list[list[str]]:
    width = draw(st.integers(1, 5))
    cell = text.filter(lambda value: value == value.strip())
    return draw(st.lists(st.lists(cell, min_size=width, max_size=width), max_size=12))


def write(rows: list[list[str]], delimiter: str, line_end: str, quoting: int) -> list[str]:
    """Return each record as the standard library writes it."""
    records = []
    for row in rows:
        out = io.StringIO(newline="")
        csv.writer(out, delimiter=delimiter, lineterminator=line_end, quoting=quoting).writerow(row)
        records.append(out.getvalue())
    return records


def expect(rows: list[list[str]]) -> list[tuple[str | None, ...]]:
    return [tuple(cell or None for cell in row) for row in rows]


def collect(export: Export) -> list[tuple[str | None, ...]]:
    frame = export.frame.collect(engine="streaming")
    assert len(frame) == export.rows_read
    assert frame.schema["row"] == pl.UInt32
    return frame.drop("row").rows()


@pytest.fixture(params=[8 << 20, 64], ids=["one block", "many blocks"])
def block_bytes(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> int:
    monkeypatch.setattr(streams, "BLOCK_BYTES", request.param)
    monkeypatch.setattr(streams, "_READ_BYTES", request.param)
    monkeypatch.setattr(streams, "_TAIL_BYTES", min(request.param, 1 << 16))
    return request.param


anyhow = settings(
    max_examples=150,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


@anyhow
@example(rows=[], delimiter=",", line_end="\r\n", quoting=csv.QUOTE_ALL, encoding="utf-16")
@given(
    rows=tables(),
    delimiter=st.sampled_from(",;\t|^~"),
    line_end=st.sampled_from(["\n", "\r\n", "\r"]),
    quoting=st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]),
    encoding=st.sampled_from(ENCODINGS),
)
def test_good_tables_come_back(
    rows: list[list[str]],
    delimiter: str,
    line_end: str,
    quoting: int,
    encoding: str,
    tmp_path: Path,
    block_bytes: int,
) -> None:
    width = len(rows[0]) if rows else 3
    header = [f"name{position}" for position in range(width)]
    if line_end == "\r":  # The standard library leaves a lone line feed bare then.
        quoting = csv.QUOTE_ALL
    content = "".join(write([header, *rows], delimiter, line_end, quoting))
    path = tmp_path / "table.csv"
    path.write_bytes(content.encode(encoding, "replace"))
    options = ReadOptions(encoding=encoding, delimiter=delimiter, header_row=1, skip_footer=0)
    (export,) = read(path, options=options)
    rows = [[cell.encode(encoding, "replace").decode(encoding) for cell in row] for row in rows]
    if line_end == "\r":
        rows = [[cell.replace("\r\n", "\n").replace("\r", "\n") for cell in row] for row in rows]
    assert [column.header for column in export.columns] == header
    assert collect(export) == expect(rows)
    assert (export.rows_read, export.rows_rejected) == (len(rows), 0)
    ends_empty = bool(rows) and not any(rows[-1])
    assert export.faults["check"].to_list() == ["file.empty_row"] * ends_empty
    assert export.frame.collect()["row"].to_list() == list(range(2, len(rows) + 2))


DAMAGES = ("none", "long", "short", "nul", "bytes", "open", "blank")


def damage(record: str, how: str, delimiter: str) -> bytes:
    body, end = record.removesuffix("\n"), "\n"
    if how == "long":
        return f"{body}{delimiter}more{end}".encode()
    if how == "short":
        return f"short{end}".encode()
    if how == "nul":
        return (
            f"x\x00{body}{end}".encode()
            if not body.startswith('"')
            else f'"\x00{body[1:]}{end}'.encode()
        )
    if how == "bytes":
        return (
            b"\xff" + record.encode()
            if not body.startswith('"')
            else b'"\xff' + record[1:].encode()
        )
    if how == "open":
        return f'"open{delimiter}{end}'.encode()
    if how == "blank":
        return b"\n"
    return record.encode()


@anyhow
@given(
    rows=tables(),
    delimiter=st.sampled_from(",;|"),
    quoting=st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]),
    data=st.data(),
)
def test_each_broken_record_is_rejected_once_and_no_other(
    rows: list[list[str]],
    delimiter: str,
    quoting: int,
    data: st.DataObject,
    tmp_path: Path,
    block_bytes: int,
) -> None:
    width = len(rows[0]) if rows else 3
    header = [f"name{position}é" for position in range(width)]
    records = write(rows, delimiter, "\n", quoting)
    hows = [data.draw(st.sampled_from(DAMAGES)) for _ in rows]
    # An open quote is only known as such by a good record that follows.
    if "open" in hows and quoting != csv.QUOTE_ALL:
        hows = [how if how != "open" else "long" for how in hows]
    if width == 1:  # Any line is a record of one cell.
        hows = [how if how not in {"short", "open"} else "long" for how in hows]
    path = tmp_path / "table.csv"
    head = write([header], delimiter, "\n", quoting)[0].encode()
    path.write_bytes(
        head
        + b"".join(
            damage(record, how, delimiter) for record, how in zip(records, hows, strict=True)
        )
    )
    options = ReadOptions(encoding="utf-8", delimiter=delimiter, header_row=1, skip_footer=0)
    (export,) = read(path, options=options)
    good = [index for index, how in enumerate(hows) if how == "none"]
    assert collect(export) == expect([rows[index] for index in good])
    assert export.frame.collect()["row"].to_list() == [index + 2 for index in good]
    broken = [index + 2 for index, how in enumerate(hows) if how not in {"none", "blank"}]
    assert export.rows_rejected == len(broken)
    rejected = export.faults.filter(pl.col("severity") == "violation")
    assert rejected["row"].to_list() == broken
