"""Typed frames as text: what Parquet, Arrow and Polars hold, with the kind of each cell."""

from __future__ import annotations

__all__ = ["convert", "convert_frame"]

import polars as pl

from dqcheck.errors import InputError, Place
from dqcheck.model import Column, Export, Kind, items_column, kind_column
from dqcheck.readers.columns import make_columns, report_headers, trim_headers
from dqcheck.readers.faults import FaultLog
from dqcheck.readers.files import show

_FIRST_ROW = 2
_EXACT_WHOLE = 1e15


def convert_frame(frame: pl.LazyFrame, name: str) -> Export:
    """Return the export that a caller's frame is; see `dqcheck.readers.read_frame`."""
    return convert(frame, path=show(name), format_name="frame", sha256="")


def convert(frame: pl.LazyFrame, *, path: str, format_name: str, sha256: str) -> Export:
    """Return the export that a typed frame is.

    Args:
        frame: Any columns; collected once to count its rows.
        path: As the user named it.
        format_name: `frame` or `parquet`.
        sha256: Of the file, or empty.

    Raises:
        InputError: It has no columns, or a column of Python objects.
    """
    schema = frame.collect_schema()
    if not schema:
        raise InputError("there are no columns", place=Place(path))
    headers, padded = trim_headers(schema)
    columns = make_columns(headers)
    log = FaultLog()
    report_headers(log, columns, padded=padded, row=1, line=None)
    expressions: list[pl.Expr] = []
    for column, dtype in zip(columns, schema.values(), strict=True):
        if isinstance(dtype, pl.Object):
            raise InputError(
                f"column {column.position} holds Python objects, which are no values",
                place=Place(path),
            )
        expressions += _convert_column(pl.nth(column.position - 1), dtype, column)
    text = frame.select(expressions).with_row_index("row", offset=_FIRST_ROW)
    return Export(
        path=path,
        format=format_name,
        columns=columns,
        frame=text.with_columns(pl.col("row").cast(pl.UInt32)),
        faults=log.collect(),
        rows_read=frame.select(pl.len()).collect(engine="streaming").item(),
        strict_kinds=True,
        sha256=sha256,
    )


def _convert_column(value: pl.Expr, dtype: pl.DataType, column: Column) -> list[pl.Expr]:
    text = _text(value, dtype).alias(column.name)
    if isinstance(dtype, pl.String | pl.Categorical | pl.Enum):
        return [text]
    kind = _kind(value, dtype).alias(kind_column(column.name))
    if not isinstance(dtype, pl.List | pl.Array):
        return [text, kind]
    inner = pl.Series(dtype=dtype.inner).dtype
    item = pl.element()
    lists = value.arr.to_list() if isinstance(dtype, pl.Array) else value
    items = lists.list.eval(
        pl.struct(_text(item, inner).alias("text"), _kind(item, inner).alias("kind"))
    )
    return [text, kind, items.alias(items_column(column.name))]


def _kind(value: pl.Expr, dtype: pl.DataType) -> pl.Expr:
    if dtype.is_numeric():
        kind = Kind.NUMBER
    elif isinstance(dtype, pl.Boolean):
        kind = Kind.BOOLEAN
    elif isinstance(dtype, pl.Date):
        kind = Kind.DATE
    elif isinstance(dtype, pl.Datetime):
        kind = Kind.DATETIME
    elif isinstance(dtype, pl.Time):
        kind = Kind.TIME
    elif isinstance(dtype, pl.List | pl.Array):
        kind = Kind.LIST
    elif isinstance(dtype, pl.Struct):
        kind = Kind.OBJECT
    else:
        kind = Kind.TEXT
    return (
        pl.when(value.is_null())
        .then(pl.lit(int(Kind.NULL), pl.UInt8))
        .otherwise(pl.lit(int(kind), pl.UInt8))
    )


def _text(value: pl.Expr, dtype: pl.DataType) -> pl.Expr:
    """Return `value` as text in its shortest exact form, null where empty."""
    if isinstance(dtype, pl.String | pl.Categorical | pl.Enum):
        text = value.cast(pl.String)
        return pl.when(text != "").then(text)
    if dtype.is_float():
        return _float_text(value)
    if isinstance(dtype, pl.Decimal):
        return _strip_zeros(value.cast(pl.String))
    if isinstance(dtype, pl.Datetime | pl.Time):
        return (
            value.dt.to_string("iso:strict")
            .str.replace(r"(\.[0-9]*?)0+([+-]|Z|$)", "${1}${2}")
            .str.replace(r"\.([+-]|Z|$)", "${1}")
        )
    if isinstance(dtype, pl.Duration):
        return value.dt.to_string("iso")
    if isinstance(dtype, pl.Binary):
        return value.bin.encode("hex")
    if isinstance(dtype, pl.Struct):
        return pl.when(value.is_not_null()).then(value.struct.json_encode())
    if isinstance(dtype, pl.List | pl.Array):
        wrapped = pl.struct(value.alias("x")).struct.json_encode()
        bare = wrapped.str.strip_prefix('{"x":').str.strip_suffix("}")
        return pl.when(value.is_not_null()).then(bare)
    return value.cast(pl.String)


def _strip_zeros(text: pl.Expr) -> pl.Expr:
    return text.str.replace(r"(\.[0-9]*?)0+$", "${1}").str.strip_suffix(".")


def _float_text(value: pl.Expr) -> pl.Expr:
    # XSD 1.1 part 2, 3.3.5, writes the infinities so.
    text = value.cast(pl.String)
    return (
        pl.when(value.is_infinite())
        .then(pl.when(value > 0).then(pl.lit("INF")).otherwise(pl.lit("-INF")))
        .when(value.is_nan())
        .then(pl.lit("NaN"))
        .when((value == value.floor()) & (value.abs() < _EXACT_WHOLE))
        .then(value.cast(pl.Int64, strict=False).cast(pl.String))
        .otherwise(text.str.strip_suffix(".0"))
    )
