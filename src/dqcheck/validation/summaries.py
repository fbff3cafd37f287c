"""What failing values look like: shapes, and values that are in no code list."""

from __future__ import annotations

__all__ = ["count_codes", "count_shapes"]

from collections.abc import Mapping, Sequence

import polars as pl

from dqcheck.engines import collect
from dqcheck.model import Check
from dqcheck.privacy import fold
from dqcheck.standards.plan import EnumPlan
from dqcheck.validation.tally import translations

_SHAPES_SHOWN = 10
_CODES_SHOWN = 50


def count_shapes(
    parts: Sequence[pl.LazyFrame], checks: Sequence[Check], shape: pl.Expr
) -> pl.DataFrame:
    """Return the commonest shapes of failing values, at most `_SHAPES_SHOWN` a check.

    Args:
        parts: Frames with `check`, `slot` and `value`.
        checks: For the slots they hang on.
        shape: The shape of a cell, from `slot` and `value` (`reports.redact.shape_failing`).
    """
    schema = {"check": pl.String, "slot": pl.String, "shape": pl.String, "count": pl.UInt32}
    counted = [
        collect(
            part.filter(pl.col("value").is_not_null())
            .group_by("check", shape.alias("shape"))
            .agg(pl.len().cast(pl.UInt32).alias("count"))
        )
        for part in parts
    ]
    if not counted:
        return pl.DataFrame(schema=schema)
    slots = {check.id: check.slot for check in checks}
    return (
        pl.concat(counted)
        .sort("check", "count", "shape", descending=[False, True, False])
        .group_by("check", maintain_order=True)
        .head(_SHAPES_SHOWN)
        .with_columns(
            pl.col("check")
            .replace_strict(list(slots), list(slots.values()), return_dtype=pl.String)
            .alias("slot")
        )
        .select(*schema)
    )


def count_codes(
    cells: Mapping[str, pl.LazyFrame], lists: Mapping[str, EnumPlan]
) -> tuple[pl.DataFrame, dict[str, int]]:
    """Return the commonest values that are no code, and how many cells of each slot translate.

    Args:
        cells: By slot, cells or elements with `row`, `slot`, `value`, `key`; one may be there
            several times.
        lists: The code list of each of these slots.

    Returns:
        `Validation.codes`, and by slot the cells that equal a code, title or alias but for case
        and space.
    """
    schema = {"slot": pl.String, "value": pl.String, "rows": pl.UInt32, "keys": pl.UInt32}
    shown: list[pl.DataFrame] = []
    translatable: dict[str, int] = {}
    for slot, frame in cells.items():
        enum = lists[slot]
        codes = [value.code for value in enum.values]
        key = pl.coalesce("key", pl.col("row").cast(pl.String))
        counted = collect(
            frame.filter((pl.col("slot") == slot) & ~pl.col("value").is_in(codes))
            .group_by("slot", "value")
            .agg(
                pl.col("row").n_unique().cast(pl.UInt32).alias("rows"),
                key.n_unique().cast(pl.UInt32).alias("keys"),
            )
            .sort("rows", "value", descending=[True, False])
        )
        if counted.is_empty():
            continue
        known = translations(enum)
        folded = counted["value"].map_elements(fold, return_dtype=pl.String)
        translatable[slot] = int(counted.filter(folded.is_in(list(known)))["rows"].sum())
        shown.append(counted.head(_CODES_SHOWN).select(*schema))
    return (pl.concat(shown) if shown else pl.DataFrame(schema=schema)), translatable
