"""The failing cells of all checks together."""

from __future__ import annotations

__all__ = [
    "FAILING_SCHEMA",
    "cell_of",
    "failing_cells",
    "elements_of",
    "failing_rows",
    "fails_one_of",
    "label_cells",
    "rows_that_fail",
    "with_places",
]

from collections.abc import Container, Sequence, Set

import polars as pl

from dqcheck.model import Check, Export, items_column
from dqcheck.validation.bind import ROW, Bound

FAILING_SCHEMA = {
    "row": pl.UInt32,
    "line": pl.UInt32,
    "column": pl.UInt32,
    "slot": pl.String,
    "check": pl.String,
    "value": pl.String,
    "key": pl.String,
}
"""The columns of `Validation.failing`."""

_KEY_JOINER = "\x1f"
_NUMBER = "\x1fcheck"
_KEY = "\x1fkey"


def _key(bound: Bound) -> pl.Expr:
    if not bound.key:
        return pl.lit(None, dtype=pl.String)
    return pl.concat_str(bound.key, separator=_KEY_JOINER)


def rows_that_fail(checked: pl.LazyFrame, bound: Bound, checks: Sequence[Check]) -> pl.LazyFrame:
    """Return the rows that fail a check: record number, key, the numbers of the checks, cells.

    Args:
        checked: Has `ROW`, the slots, and for each check a Boolean column of its id.
        bound: For the business key.
        checks: Their numbers are their places here.
    """
    # Exploding small numbers is five times as fast as exploding structs of text.
    numbers = [
        pl.when(~pl.col(check.id)).then(pl.lit(number, dtype=pl.UInt16))
        for number, check in enumerate(checks)
    ]
    slots = sorted({check.slot for check in checks if check.slot is not None})
    empty = pl.lit(None, dtype=pl.List(pl.UInt16))
    failed = (~pl.col(check.id) for check in checks)
    return checked.filter(
        pl.any_horizontal(part.fill_null(value=False) for part in failed)
        if checks
        else pl.lit(value=False)
    ).select(
        pl.col(ROW),
        _key(bound).alias(_KEY),
        # `concat_list` of many columns takes ten times as long.
        (pl.concat_arr(numbers).arr.to_list().list.drop_nulls() if checks else empty).alias(
            _NUMBER
        ),
        # Copied, or a handful of cells would keep all that was read with them in memory.
        *(pl.concat_str(pl.col(slot), pl.lit("")).alias(slot) for slot in slots),
    )


def fails_one_of(check_ids: Container[str], checks: Sequence[Check]) -> pl.Expr:
    """Return whether a row of `rows_that_fail`, made of the same `checks`, fails one of some."""
    own = [number for number, check in enumerate(checks) if check.id in check_ids]
    return pl.col(_NUMBER).list.eval(pl.element().is_in(own)).list.any()


def failing_cells(rows: pl.LazyFrame, checks: Sequence[Check], absent: Set[str]) -> pl.LazyFrame:
    """Return one row a failing cell: `row`, `slot`, `check`, `value`, `key`; in the file's order.

    Args:
        rows: Made by `rows_that_fail`.
        checks: The same checks.
        absent: Slots without a column: checks of nothing else have no cells, and one finding
            each (`columns.stand_for_all_rows`).
    """
    shown = [
        number for number, check in enumerate(checks) if not check.slots or {*check.slots} - absent
    ]
    value = pl.lit(None, dtype=pl.String)
    for slot in sorted({check.slot for check in checks if check.slot is not None}):
        own = [number for number, check in enumerate(checks) if check.slot == slot]
        value = pl.when(pl.col(_NUMBER).is_in(own)).then(pl.col(slot)).otherwise(value)
    numbers = list(range(len(checks)))
    return (
        rows.explode(_NUMBER)
        .filter(pl.col(_NUMBER).is_in(shown))
        .select(
            pl.col(ROW).alias("row"),
            pl.col(_NUMBER)
            .replace_strict(numbers, [check.slot for check in checks], return_dtype=pl.String)
            .alias("slot"),
            pl.col(_NUMBER)
            .replace_strict(numbers, [check.id for check in checks], return_dtype=pl.String)
            .alias("check"),
            value.alias("value"),
            pl.col(_KEY).alias("key"),
        )
    )


def elements_of(bound: Bound, slot: str) -> pl.LazyFrame:
    """Return all elements of a multivalued slot: `row`, `slot`, `value`, `key`."""
    elements = bound.frame.select(
        pl.col(ROW).alias("row"),
        pl.lit(slot).alias("slot"),
        pl.col(items_column(slot)).alias("value"),
        _key(bound).alias("key"),
    ).explode("value")
    if slot in bound.context.kinded:
        return elements.with_columns(pl.col("value").struct.field("text").alias("value"))
    return elements


def cell_of(bound: Bound, slot: str | None) -> tuple[pl.Expr, pl.Expr]:
    """Return the `value` of a slot and the `key` of its row, over the bound frame."""
    value = pl.col(slot) if slot else pl.lit(None, dtype=pl.String)
    return value.alias("value"), _key(bound).alias("key")


def failing_rows(bound: Bound, check: Check, rows: pl.Series) -> pl.LazyFrame:
    """Return one row for each of the record numbers `rows` (UInt32), as `failing_cells` does."""
    wanted = pl.LazyFrame({ROW: rows})
    found = bound.frame.join(wanted, on=ROW, how="semi", maintain_order="left")
    return label_cells(found.select(ROW, *cell_of(bound, check.slot)), check)


def label_cells(cells: pl.LazyFrame, check: Check) -> pl.LazyFrame:
    """Return cells (`ROW`, `value`, `key`) that fail `check`, as `failing_cells` does."""
    return cells.select(
        pl.col(ROW).alias("row"),
        pl.lit(check.slot, dtype=pl.String).alias("slot"),
        pl.lit(check.id).alias("check"),
        "value",
        "key",
    )


def with_places(
    parts: Sequence[pl.LazyFrame], export: Export, bound: Bound, faults: pl.DataFrame
) -> pl.LazyFrame:
    """Return `Validation.failing`: the failing cells with their line and column, then `faults`.

    Args:
        parts: Made by `failing_cells` and `failing_rows`.
        export: For the physical lines.
        bound: For the columns.
        faults: Faults of columns and of the file, in `FAILING_SCHEMA`.
    """
    framed = [faults.lazy()]
    if parts:
        cells = pl.concat(parts)
        if export.lines is None:
            cells = cells.with_columns(pl.lit(None, dtype=pl.UInt32).alias("line"))
        else:
            cells = _with_lines(cells, export.lines)
        positions = {slot: column.position for slot, (column, _) in bound.binding.slots.items()}
        position = pl.col("slot").replace_strict(
            list(positions), list(positions.values()), default=None, return_dtype=pl.UInt32
        )
        framed.insert(0, cells.with_columns(position.alias("column")).select(*FAILING_SCHEMA))
    return pl.concat(framed)


def _with_lines(cells: pl.LazyFrame, lines: pl.DataFrame) -> pl.LazyFrame:
    """Add `line`: the last start at or before the record, and as many lines as records since."""
    starts = lines["row"]
    if starts.len() == 1:
        shift = int(lines["line"][0]) - int(starts[0])
        return cells.with_columns(
            (pl.col("row").cast(pl.Int64) + shift).cast(pl.UInt32).alias("line")
        )
    shifts = (lines["line"].cast(pl.Int64) - starts.cast(pl.Int64)).to_frame("shift")
    table = pl.concat([starts.cast(pl.UInt32).to_frame("row"), shifts], how="horizontal")
    return (
        cells.sort("row", maintain_order=True)
        .join_asof(table.lazy().sort("row"), on="row", strategy="backward")
        .with_columns(
            (pl.col("row").cast(pl.Int64) + pl.col("shift")).cast(pl.UInt32).alias("line")
        )
        .drop("shift")
    )
