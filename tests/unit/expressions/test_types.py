"""Lexical forms and values of the built-in types."""

from __future__ import annotations

from datetime import date, datetime, time

import polars as pl
import pytest

from dqcheck.expressions.types import TYPES, literal, parse, valid
from dqcheck.model import Kind

VALID: dict[str, dict[str, object]] = {
    "string": {"x": "x", " ": " "},
    "integer": {"5": 5, "-0": 0, "+12": 12, " 7 ": 7, "9" * 38: int("9" * 38)},
    "float": {"5": 5.0, "1e3": 1000.0, ".5": 0.5, "5.": 5.0, "INF": float("inf"), "+1": 1.0},
    "decimal": {"5.50": 5.5, "-.5": -0.5},
    "boolean": {"true": True, "false": False, "1": True, "0": False},
    "date": {
        "2024-02-29": date(2024, 2, 29),
        "2024-01-01Z": date(2024, 1, 1),
        "0001-01-01": date(1, 1, 1),
    },
    "datetime": {
        "2024-02-29T10:00:00": datetime(2024, 2, 29, 10),
        "2024-02-29T24:00:00": datetime(2024, 3, 1),
        "2024-02-29T10:00:00.123456": datetime(2024, 2, 29, 10, 0, 0, 123456),
        "2024-02-29T10:00:00+02:30": datetime(2024, 2, 29, 7, 30),
        "2024-02-29T10:00:00Z": datetime(2024, 2, 29, 10),
    },
    "date_or_datetime": {
        "2024-02-29": datetime(2024, 2, 29),
        "2024-02-29T10:00:00-01:00": datetime(2024, 2, 29, 11),
    },
    "time": {"10:00:00": time(10), "23:59:59.5": time(23, 59, 59, 500000), "10:00:00Z": time(10)},
    "uri": {"https://example.org/x": "https://example.org/x", "urn:x:1": "urn:x:1"},
    "uriorcurie": {"ex:1": "ex:1"},
    "curie": {"X.Y:A1": "X.Y:A1"},
    "ncname": {"a-b": "a-b", "été": "été"},
    "jsonpointer": {"/a/0": "/a/0"},
}

INVALID: dict[str, list[str]] = {
    "integer": ["5.0", "1e3", "", "0x1", "5,000", "٥", "--1"],
    "float": ["", "1,5", "1e", "inf", "nan", "0x1p3", "."],
    "decimal": ["1e3", "INF"],
    "boolean": ["TRUE", "yes", "y", "2"],
    "date": [
        "2023-02-29",
        "2024-2-9",
        "29/02/2024",
        "20240229",
        "2024-02-29T00:00:00",
        "2024-00-10",
    ],
    "datetime": ["2024-02-29", "2024-02-29 10:00:00", "2024-02-29T25:00:00", "2023-02-29T10:00:00"],
    "time": ["10:00", "24:01:00", "10:00:61"],
    "uri": ["X 1", "no-scheme"],
    "curie": ["a b:c", "plain"],
    "ncname": ["1a", "a:b", "a b"],
    "jsonpointer": ["a/b", "/~2"],
}


@pytest.mark.parametrize("name", VALID)
def test_valid_forms_and_their_values(name: str) -> None:
    frame = pl.DataFrame({"t": list(VALID[name])})
    held = frame.select(ok=valid(pl.col("t"), None, name), value=parse(pl.col("t"), None, name))
    assert held["ok"].to_list() == [True] * held.height
    assert held["value"].to_list() == list(VALID[name].values())
    assert held["value"].dtype == TYPES[name].dtype


@pytest.mark.parametrize("name", INVALID)
def test_invalid_forms_have_no_value(name: str) -> None:
    frame = pl.DataFrame({"t": INVALID[name]})
    held = frame.select(ok=valid(pl.col("t"), None, name), value=parse(pl.col("t"), None, name))
    assert held["ok"].to_list() == [False] * held.height
    assert held["value"].null_count() == held.height


def test_missing_is_neither_valid_nor_invalid() -> None:
    frame = pl.DataFrame({"t": [None]}, schema={"t": pl.String})
    for name in TYPES:
        assert frame.select(valid(pl.col("t"), None, name)).item() is None


def test_kinds_tell_5_from_the_text_5() -> None:
    frame = pl.DataFrame(
        {
            "t": ["5", "5", "5.0", "true", None],
            "k": [Kind.NUMBER, Kind.TEXT, Kind.NUMBER, Kind.BOOLEAN, Kind.TEXT],
        },
        schema_overrides={"k": pl.UInt8},
    )
    kinds = {
        name: frame.select(valid(pl.col("t"), pl.col("k"), name)).to_series().to_list()
        for name in ("integer", "string", "boolean")
    }
    assert kinds == {
        "integer": [True, False, True, False, False],
        "string": [False, True, False, False, None],
        "boolean": [False, False, False, True, False],
    }


def test_literals() -> None:
    assert literal("date", "2024-02-29") == date(2024, 2, 29)
    assert literal("datetime", "2024-02-29T10:00:00+01:00") == datetime(2024, 2, 29, 9)
    assert literal(None, None) is None
    with pytest.raises(ValueError, match="not a boolean"):
        literal("boolean", "yes")
