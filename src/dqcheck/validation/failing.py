"""The failing cells of all checks together, from one more query."""

from __future__ import annotations

__all__ = ["FAILING_SCHEMA", "failing_cells", "failing_rows", "with_places"]

from collections.abc import Mapping, Sequence

import polars as pl

from dqcheck.expressions.evaluate import build, share
from dqcheck.model import Check, Export
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


def _build(bound: Bound, checks: Sequence[Check]) -> tuple[pl.LazyFrame, dict[str, pl.Expr]]:
    frame, context = share(bound.frame, [check.expression for check in checks], bound.context)
    return frame, {check.id: build(check.expression, context) for check in checks}


def _any_failed(checks: Sequence[Check], expressions: Mapping[str, pl.Expr]) -> pl.Expr:
    return pl.any_horizontal((~expressions[check.id]).fill_null(value=False) for check in checks)


def failing_cells(bound: Bound, checks: Sequence[Check]) -> pl.LazyFrame | None:
    """Return one row a failing cell: `row`, `slot`, `check`, `value`, `key`; in the file's order.

    Args:
        bound: The rows.
        checks: Those that have failing rows.
    """
    if not checks:
        return None
    frame, expressions = _build(bound, checks)
    # Exploding small numbers is five times as fast as exploding structs of text.
    numbers = [
        pl.when(~expressions[check.id]).then(pl.lit(number, dtype=pl.UInt16))
        for number, check in enumerate(checks)
    ]
    slots = sorted({check.slot for check in checks if check.slot is not None})
    value = pl.lit(None, dtype=pl.String)
    for slot in slots:
        own = [number for number, check in enumerate(checks) if check.slot == slot]
        value = pl.when(pl.col(_NUMBER).is_in(own)).then(pl.col(slot)).otherwise(value)
    range_ = list(range(len(checks)))
    return (
        frame.filter(_any_failed(checks, expressions))
        .select(
            pl.col(ROW),
            _key(bound).alias(_KEY),
            pl.concat_list(numbers).list.drop_nulls().alias(_NUMBER),
            *slots,
        )
        .explode(_NUMBER)
        .select(
            pl.col(ROW).alias("row"),
            pl.col(_NUMBER)
            .replace_strict(range_, [check.slot for check in checks], return_dtype=pl.String)
            .alias("slot"),
            pl.col(_NUMBER)
            .replace_strict(range_, [check.id for check in checks], return_dtype=pl.String)
            .alias("check"),
            value.alias("value"),
            pl.col(_KEY).alias("key"),
        )
    )


def failing_rows(bound: Bound, check: Check, rows: pl.Series) -> pl.LazyFrame:
    """Return one row for each of the record numbers `rows` (UInt32), as `failing_cells` does."""
    slot = check.slot
    value = pl.col(slot) if slot else pl.lit(None, dtype=pl.String)
    wanted = pl.LazyFrame({ROW: rows})
    return bound.frame.join(wanted, on=ROW, how="semi", maintain_order="left").select(
        pl.col(ROW).alias("row"),
        pl.lit(slot, dtype=pl.String).alias("slot"),
        pl.lit(check.id).alias("check"),
        value.alias("value"),
        _key(bound).alias("key"),
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
