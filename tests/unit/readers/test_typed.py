"""Parquet, frames, Arrow tables and records: typed values as text with kinds beside them."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from dqcheck.errors import InputError
from dqcheck.model import Kind, items_column, kind_column
from dqcheck.readers import read, read_arrow, read_frame, read_records

SHARED = Path(__file__).resolve().parents[3] / ".." / "shared" / "data"


@pytest.mark.parametrize(
    ("value", "text", "kind"),
    [
        (5, "5", Kind.NUMBER),
        (5.0, "5", Kind.NUMBER),
        (0.1, "0.1", Kind.NUMBER),
        (-1e14, "-100000000000000", Kind.NUMBER),
        (1e-5, "0.00001", Kind.NUMBER),
        (float("nan"), "NaN", Kind.NUMBER),
        (float("-inf"), "-INF", Kind.NUMBER),
        (True, "true", Kind.BOOLEAN),
        (dt.date(2026, 1, 2), "2026-01-02", Kind.DATE),
        (dt.datetime(2026, 1, 2, 3, 4, 5), "2026-01-02T03:04:05", Kind.DATETIME),
        (dt.datetime(2026, 1, 2, 3, 4, 5, 600_000), "2026-01-02T03:04:05.6", Kind.DATETIME),
        (dt.time(1, 2, 3), "01:02:03", Kind.TIME),
        ("", None, Kind.TEXT),
        (" x ", " x ", Kind.TEXT),
        (None, None, Kind.NULL),
    ],
)
def test_values(value: Any, text: str | None, kind: Kind) -> None:
    records = read_records([{"a": value}], "r").frame.collect()
    assert records.select("c1", kind_column("c1")).row(0)[1] == kind
    got = records["c1"][0]
    assert got == text or (isinstance(value, dt.datetime) and got.rstrip("0") == text)
    frame = read_frame(pl.DataFrame({"a": [value]}), "f").frame.collect()
    assert frame["c1"][0] == text
    if isinstance(value, str):
        assert kind_column("c1") not in frame.columns
    else:
        assert frame[kind_column("c1")][0] == kind


def test_numbers_to_the_last_digit() -> None:
    big = 10**25 + 7
    export = read_records([{"a": big, "b": Decimal("1.10"), "c": 1e22}], "r")
    frame = export.frame.collect()
    assert frame.select("c1", "c2", "c3").row(0) == (str(big), "1.10", "1" + "0" * 22)
    decimals = pl.DataFrame({"a": [Decimal("5.00"), Decimal("100.10")]})
    assert read_frame(decimals, "f").frame.collect()["c1"].to_list() == ["5", "100.1"]


def test_lists() -> None:
    rows = [{"a": ["x", 5, None]}, {"a": []}, {"a": None}, {"a": "y"}, {}]
    frame = read_records(rows, "r").frame.collect()
    assert frame[items_column("c1")].to_list() == [
        [
            {"text": "x", "kind": Kind.TEXT},
            {"text": "5", "kind": Kind.NUMBER},
            {"text": None, "kind": Kind.NULL},
        ],
        [],
        None,
        None,
        None,
    ]
    assert frame["c1"].to_list() == ['["x", 5, null]', "[]", None, "y", None]
    nested = pl.DataFrame({"a": [[1.5, None], [], None]})
    export = read_frame(nested, "f").frame.collect()
    assert export[items_column("c1")].to_list() == [
        [{"text": "1.5", "kind": Kind.NUMBER}, {"text": None, "kind": Kind.NULL}],
        [],
        None,
    ]
    assert export["c1"].to_list() == ["[1.5,null]", "[]", None]
    assert export[kind_column("c1")].to_list() == [Kind.LIST, Kind.LIST, Kind.NULL]


def test_records_that_are_none() -> None:
    export = read_records([{"a": 1}, 5, {"b": 2}], "r")  # type: ignore[list-item]
    assert (export.rows_read, export.rows_rejected) == (2, 1)
    assert export.frame.collect()["row"].to_list() == [2, 4]
    assert export.faults.select("check", "row").rows() == [("file.malformed_record", 3)]
    with pytest.raises(InputError, match="no records"):
        read_records([], "r")


def test_frames_with_odd_names() -> None:
    frame = pl.DataFrame({"row": [1], "^.*$": [2], " a\x1b ": ["x"], "": ["y"]})
    export = read_frame(frame.lazy(), "f\x1b")
    assert [column.header for column in export.columns] == ["row", "^.*$", "a", ""]
    assert export.frame.select("row", "c1", "c2", "c3", "c4").collect().rows() == [
        (2, "1", "2", "x", "y")
    ]
    assert export.path == "f"
    assert export.frame.collect_schema()["row"] == pl.UInt32


def test_parquet(tmp_path: Path) -> None:
    frame = pl.DataFrame(
        {
            "id": [1, 2],
            "code": pl.Series(["a", None], dtype=pl.Categorical),
            "tags": [["x", ""], None],
            "part": [{"k": 1}, None],
            "at": pl.Series([dt.datetime(2026, 1, 2), None]).dt.replace_time_zone("UTC"),
        }
    )
    frame.write_parquet(tmp_path / "a.parquet")
    (export,) = read(tmp_path / "a.parquet")
    got = export.frame.collect(engine="streaming")
    assert got.select("row", "c1", "c2", "c3", "c4", "c5").rows() == [
        (2, "1", "a", '["x",""]', '{"k":1}', "2026-01-02T00:00:00+00:00"),
        (3, "2", None, None, None, None),
    ]
    assert got[items_column("c3")].to_list() == [
        [{"text": "x", "kind": Kind.TEXT}, {"text": None, "kind": Kind.TEXT}],
        None,
    ]
    assert kind_column("c2") not in got.columns
    assert (export.format, export.rows_read, export.strict_kinds) == ("parquet", 2, True)
    assert len(export.sha256) == 64


def test_arrow_table() -> None:
    export = read_arrow(pl.DataFrame({"a": [1, 2], "b": ["x", "y"]}).to_arrow(), "t")
    assert export.frame.collect().rows() == [(2, "1", Kind.NUMBER, "x"), (3, "2", Kind.NUMBER, "y")]


def test_python_objects_are_no_values() -> None:
    with pytest.raises(InputError, match="Python objects"):
        read_frame(pl.DataFrame({"a": pl.Series([object()], dtype=pl.Object)}), "f")
    with pytest.raises(InputError, match="no columns"):
        read_frame(pl.DataFrame(), "f")


@pytest.mark.skipif(not SHARED.exists(), reason="the shared example data is absent")
def test_public_parquet() -> None:
    (export,) = read(SHARED / "uk-fhrs-addresses-5000.parquet")
    assert (export.rows_read, len(export.columns)) == (5000, 4)
