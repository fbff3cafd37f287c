"""Python values as text: what spreadsheet cells and records of a caller become."""

from __future__ import annotations

__all__ = ["ITEMS_DTYPE", "list_items", "render"]

import datetime as dt
import json
from collections.abc import Sequence
from decimal import Decimal
from itertools import chain
from typing import Any

import polars as pl

from dqcheck.model import Kind

ITEMS_DTYPE = pl.List(pl.Struct({"text": pl.String(), "kind": pl.UInt8()}))

_KINDS: dict[type, int] = {
    type(None): Kind.NULL,
    str: Kind.TEXT,
    int: Kind.NUMBER,
    float: Kind.NUMBER,
    Decimal: Kind.NUMBER,
    bool: Kind.BOOLEAN,
    dt.date: Kind.DATE,
    dt.datetime: Kind.DATETIME,
    dt.time: Kind.TIME,
    list: Kind.LIST,
    tuple: Kind.LIST,
    set: Kind.LIST,
    frozenset: Kind.LIST,
    dict: Kind.OBJECT,
}
# Beyond these sizes a number in full is harder to read than one with an exponent.
_LEAST_EXPONENT, _GREATEST_EXPONENT = -20, 30


def render(values: Sequence[Any]) -> pl.DataFrame:
    """Return the cells of a column as text with their kinds.

    Args:
        values: Python values; what is no scalar, list or dictionary counts as text.

    Returns:
        `text` (String, null where empty) and `kind` (UInt8, a `Kind`), a row a value.
    """
    types = list(map(type, values))
    met = set(types)
    kinds = [int(_KINDS.get(one, Kind.TEXT)) for one in met]
    by_type = dict(zip(met, kinds, strict=True))
    if met & {list, tuple, set, frozenset, dict, dt.timedelta}:
        values = list(map(_plain, values))
    frame = pl.DataFrame(
        {"text": list(map(str, values)), "kind": list(map(by_type.__getitem__, types))},
        schema={"text": pl.String, "kind": pl.UInt8},
    )
    if met == {str}:
        return frame.with_columns(_empty_to_null(pl.col("text")))
    text, kind = pl.col("text"), pl.col("kind")
    frame = frame.with_columns(
        text=pl.when(kind == int(Kind.NULL))
        .then(None)
        .when(kind == int(Kind.NUMBER))
        .then(text.str.strip_suffix(".0").replace("-0", "0"))
        .when(kind == int(Kind.BOOLEAN))
        .then(text.str.to_lowercase())
        .when(kind == int(Kind.DATETIME))
        .then(text.str.replace(" ", "T", literal=True))
        .otherwise(_empty_to_null(text))
    )
    return _without_exponents(frame)


def _empty_to_null(text: pl.Expr) -> pl.Expr:
    return pl.when(text != "").then(text)


def _plain(value: Any) -> Any:
    """Return lists and dictionaries as JSON, and spans of time as a spreadsheet shows them."""
    if isinstance(value, list | tuple | set | frozenset):
        return json.dumps(list(value), ensure_ascii=False, default=str)
    if isinstance(value, dict):
        return json.dumps(value, ensure_ascii=False, default=str)
    if isinstance(value, dt.timedelta):
        minutes, seconds = divmod(round(value.total_seconds()), 60)
        return f"{minutes // 60}:{minutes % 60:02}:{seconds:02}"
    return value


def _without_exponents(frame: pl.DataFrame) -> pl.DataFrame:
    is_number = pl.col("kind") == int(Kind.NUMBER)
    odd = frame.filter(is_number & pl.col("text").str.contains("[a-zE]"))["text"].unique()
    if not len(odd):
        return frame
    new = {text: _write_out(text) for text in odd}
    replaced = pl.col("text").replace(new)
    return frame.with_columns(text=pl.when(is_number).then(replaced).otherwise(pl.col("text")))


def _write_out(text: str) -> str:
    number = Decimal(text)
    if number.is_nan():
        return "NaN"
    if number.is_infinite():
        return "INF" if number > 0 else "-INF"
    ordinary = _LEAST_EXPONENT <= number.adjusted() <= _GREATEST_EXPONENT
    return format(number, "f") if ordinary else text


def list_items(values: Sequence[Any]) -> pl.Series:
    """Return the items of the lists among `values`, null for what is no list.

    Returns:
        dtype `ITEMS_DTYPE`, one a value.
    """
    kinds = [_KINDS.get(type(value)) == Kind.LIST for value in values]
    lists = [list(value) for value, listed in zip(values, kinds, strict=True) if listed]
    items = render(list(chain.from_iterable(lists))).to_struct("items")
    lengths = pl.DataFrame({"length": list(map(len, lists))}, schema={"length": pl.UInt32})
    owners = lengths.with_row_index("owner").select(
        pl.col("owner").repeat_by("length").explode(empty_as_null=False)
    )
    grouped = owners.with_columns(items).group_by("owner", maintain_order=True).agg("items")
    places = pl.DataFrame({"listed": kinds}).with_columns(
        owner=pl.when("listed").then(pl.col("listed").cum_sum() - 1).cast(pl.UInt32)
    )
    joined = places.join(grouped, on="owner", how="left", maintain_order="left")
    empty = pl.lit([], ITEMS_DTYPE)
    return joined.select(
        pl.when("listed").then(pl.col("items").cast(ITEMS_DTYPE).fill_null(empty))
    ).to_series()
