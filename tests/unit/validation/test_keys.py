"""Keys and references over hashes."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dqcheck.validation import keys
from dqcheck.validation.bind import ROW
from dqcheck.validation.schema import Counts

Rows = list[tuple[str | None, str | None]]
values = st.lists(st.tuples(st.sampled_from(["a", "b", "c", None]), st.sampled_from(["x", None])))


def frame(rows: Rows) -> pl.LazyFrame:
    return pl.LazyFrame(
        {
            ROW: list(range(2, len(rows) + 2)),
            "k": [row[0] for row in rows],
            "l": [row[1] for row in rows],
            "cell": [f"{row[0]} {row[1]}" for row in rows],
        },
        schema={ROW: pl.UInt32, "k": pl.String, "l": pl.String, "cell": pl.String},
    )


@given(st.lists(values, min_size=1, max_size=3), st.booleans(), st.integers(1, 3))
def test_every_row_of_a_repeated_key_is_found(
    exports: list[Rows], nulls_distinct: bool, partition_rows: int
) -> None:
    found = keys.find_repeats(
        [frame(rows) for rows in exports],
        ["k", "l"],
        rows=sum(map(len, exports)),
        nulls_distinct=nulls_distinct,
        partition_rows=partition_rows,
    )

    def has_key(row: tuple[str | None, str | None]) -> bool:
        return row != (None, None) and not (nulls_distinct and None in row)

    for place, (rows, repeats) in enumerate(zip(exports, found, strict=True)):
        others = [row for other in exports[:place] + exports[place + 1 :] for row in other]
        numbered = [(number, row) for number, row in enumerate(rows, 2) if has_key(row)]
        within = {number for number, row in numbered if rows.count(row) > 1}
        across = {number for number, row in numbered if row in others}
        assert repeats.compared == len(numbered)
        assert repeats.rows.to_list() == sorted(within | across)
        assert (repeats.within, repeats.across) == (len(within), len(across))
        assert (repeats.other is None) == (not across)
        if repeats.other is not None:
            assert {row for _, row in numbered} & set(exports[repeats.other])
        if within | across:
            assert repeats.cells is not None
            cells = [f"{row[0]} {row[1]}" for number, row in numbered if number in within | across]
            assert repeats.cells["cell"].to_list() == cells


def test_a_collision_of_hashes_makes_no_finding(monkeypatch: pytest.MonkeyPatch) -> None:
    def collide(columns: list[str], seed: int = 0) -> pl.Expr:
        return pl.col("k").hash(seed) if seed else pl.col("k").str.len_chars().cast(pl.UInt64)

    monkeypatch.setattr(keys, "_hash", collide)
    rows: Rows = [("a", None), ("b", None), ("b", None), ("cc", None), ("dd", None)]
    (found,) = keys.find_repeats([frame(rows)], ["k"], rows=5, nulls_distinct=True)
    assert found.rows.to_list() == [3, 4]
    assert found.within == 2


@pytest.mark.parametrize("partition_rows", [1, 100])
def test_too_many_rows_are_found_without_their_cells(
    monkeypatch: pytest.MonkeyPatch, partition_rows: int
) -> None:
    monkeypatch.setattr(keys, "ROWS_HELD", 3)
    rows: Rows = [("a", None), ("a", None), ("b", None), ("b", None)]
    (found,) = keys.find_repeats(
        [frame(rows)], ["k"], rows=4, nulls_distinct=True, partition_rows=partition_rows
    )
    assert found.rows.to_list() == [2, 3, 4, 5]
    assert found.cells is None


def test_an_export_that_cannot_be_read_leaves_the_others_unproven(tmp_path: Path) -> None:
    gone = pl.scan_parquet(tmp_path / "gone.parquet", schema=frame([]).collect_schema())
    rows: Rows = [("a", None), ("a", None), ("b", None)]
    found = keys.find_repeats([frame(rows), gone], ["k"], rows=3, nulls_distinct=True)
    assert [repeats.rows.to_list() for repeats in found] == [[2, 3], []]
    assert [repeats.unread for repeats in found] == [True, True]


def test_no_exports() -> None:
    assert keys.find_repeats([], ["k"], rows=0, nulls_distinct=True) == []


def referring(rows: list[tuple[str | None, bool | None]]) -> pl.LazyFrame:
    return pl.LazyFrame(
        {
            ROW: list(range(2, len(rows) + 2)),
            "value": [row[0] for row in rows],
            "when": [row[1] for row in rows],
        },
        schema={ROW: pl.UInt32, "value": pl.String, "when": pl.Boolean},
    )


def test_references() -> None:
    known = keys.identifiers([frame([("a", None)]), frame([("b", None), (None, None)])], "k")
    assert known is not None
    rows = [("a", True), ("z", True), (None, True), ("b", True), ("z", False), ("z", None)]
    counts, failing = keys.unmatched(referring(rows), known)
    assert counts == Counts(checked=3, failed=1, unknown=1)
    assert failing.to_list() == [3]


def test_identifiers_that_cannot_be_read_are_not_known(tmp_path: Path) -> None:
    gone = pl.scan_parquet(tmp_path / "gone.parquet", schema=frame([]).collect_schema())
    assert keys.identifiers([frame([("a", None)]), gone], "k") is None
    assert keys.identifiers([], "k") is None
