"""What failing values look like: shapes, and values that are in no code list."""

from __future__ import annotations

__all__ = ["Summaries", "summarise"]

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from dqcheck.engines import collect_all
from dqcheck.model import Check
from dqcheck.privacy import fold
from dqcheck.standards.plan import EnumPlan
from dqcheck.validation.tally import translations

_SHAPES_SHOWN = 10
_CODES_SHOWN = 50


@dataclass(frozen=True, slots=True)
class Summaries:
    """What failing values look like.

    Attributes:
        shapes: As `Validation.shapes`: the commonest shapes, at most `_SHAPES_SHOWN` a check.
        codes: As `Validation.codes`: the commonest values that are no code, at most
            `_CODES_SHOWN` a slot.
        translatable: By slot, the cells that equal a code, title or alias but for case and space.
    """

    shapes: pl.DataFrame
    codes: pl.DataFrame
    translatable: dict[str, int]


def summarise(
    parts: Sequence[pl.LazyFrame],
    checks: Iterable[Check],
    shape: pl.Expr,
    coded: Mapping[str, pl.LazyFrame],
    lists: Mapping[str, EnumPlan],
) -> Summaries:
    """Return what failing values look like, all from one query: it may read the export again.

    Args:
        parts: Frames with `row`, `slot`, `check`, `value`, `key`, one row a failing cell.
        checks: For the slots they hang on.
        shape: The shape of a cell, from `slot` and `value` (`reports.redact.shape_failing`).
        coded: By slot with a code list, cells or elements with the same columns, `check` left
            out; one may be there several times.
        lists: The code list of each of these slots.
    """
    queries = [
        *(_count_shapes(part, shape) for part in parts),
        *(_count_unlisted(frame, slot, lists[slot]) for slot, frame in coded.items()),
    ]
    counted = collect_all(queries)
    shapes, unlisted = counted[: len(parts)], dict(zip(coded, counted[len(parts) :], strict=True))
    return Summaries(
        _choose_shapes(shapes, checks),
        _choose_codes(unlisted),
        {
            slot: _count_translatable(values, lists[slot])
            for slot, values in unlisted.items()
            if not values.is_empty()
        },
    )


def _count_shapes(part: pl.LazyFrame, shape: pl.Expr) -> pl.LazyFrame:
    return (
        part.filter(pl.col("value").is_not_null())
        .group_by("check", shape.alias("shape"))
        .agg(pl.len().cast(pl.UInt32).alias("count"))
    )


def _choose_shapes(counted: Sequence[pl.DataFrame], checks: Iterable[Check]) -> pl.DataFrame:
    schema = {"check": pl.String, "slot": pl.String, "shape": pl.String, "count": pl.UInt32}
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


def _count_unlisted(frame: pl.LazyFrame, slot: str, enum: EnumPlan) -> pl.LazyFrame:
    """Return the values that are no code: `slot`, `value`, `rows`, `keys`, the commonest first."""
    codes = [value.code for value in enum.values]
    key = pl.coalesce("key", pl.col("row").cast(pl.String))
    return (
        frame.filter((pl.col("slot") == slot) & ~pl.col("value").is_in(codes))
        .group_by("slot", "value")
        .agg(
            pl.col("row").n_unique().cast(pl.UInt32).alias("rows"),
            key.n_unique().cast(pl.UInt32).alias("keys"),
        )
        .sort("rows", "value", descending=[True, False])
    )


def _choose_codes(unlisted: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    schema = {"slot": pl.String, "value": pl.String, "rows": pl.UInt32, "keys": pl.UInt32}
    shown = [values.head(_CODES_SHOWN).select(*schema) for values in unlisted.values()]
    return pl.concat([pl.DataFrame(schema=schema), *shown])


def _count_translatable(values: pl.DataFrame, enum: EnumPlan) -> int:
    folded = values["value"].map_elements(fold, return_dtype=pl.String)
    return int(values.filter(folded.is_in(list(translations(enum))))["rows"].sum())
