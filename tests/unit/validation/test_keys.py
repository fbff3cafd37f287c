"""Keys and references over hashes."""

from __future__ import annotations

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dqcheck.validation import keys
from dqcheck.validation.bind import ROW

values = st.lists(st.tuples(st.sampled_from(["a", "b", "c", None]), st.sampled_from(["x", None])))


def frame(rows: list[tuple[str | None, str | None]]) -> pl.LazyFrame:
    return pl.LazyFrame(
        {
            ROW: list(range(2, len(rows) + 2)),
            "k": [row[0] for row in rows],
            "l": [row[1] for row in rows],
        },
        schema={ROW: pl.UInt32, "k": pl.String, "l": pl.String},
    )


@given(values, st.booleans(), st.integers(1, 3))
def test_every_row_of_a_repeated_key_is_found(
    rows: list[tuple[str | None, str | None]], nulls_distinct: bool, partition_rows: int
) -> None:
    compared, found = keys.duplicates(
        frame(rows),
        ["k", "l"],
        rows=len(rows),
        nulls_distinct=nulls_distinct,
        partition_rows=partition_rows,
    )
    counted = [row for row in rows if row != (None, None) and not (nulls_distinct and None in row)]
    expected = [
        number for number, row in enumerate(rows, 2) if row in counted and counted.count(row) > 1
    ]
    assert compared == len(counted)
    assert found.to_list() == expected


def test_a_collision_of_hashes_makes_no_finding(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keys, "_hash", lambda columns: pl.col("k").str.len_chars().cast(pl.UInt64))
    rows = [("a", None), ("b", None), ("b", None), ("cc", None)]
    _, found = keys.duplicates(frame(rows), ["k"], rows=4, nulls_distinct=True)
    assert found.to_list() == [3, 4]


def test_references() -> None:
    known = keys.identifiers([frame([("a", None)]), frame([("b", None), (None, None)])], "k")
    referring = frame([("a", None), ("z", None), (None, None), ("b", None)])
    total, failing = keys.unmatched(referring.select(ROW, pl.col("k").alias("value")), known)
    assert total == 3
    assert failing.to_list() == [3]
