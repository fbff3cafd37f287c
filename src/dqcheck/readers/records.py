"""Records that a caller holds: a list of dictionaries."""

from __future__ import annotations

__all__ = ["convert_records"]

from collections.abc import Sequence
from itertools import chain
from operator import methodcaller
from typing import Any

import polars as pl

from dqcheck.errors import InputError, Place
from dqcheck.model import Export, Kind, items_column, kind_column
from dqcheck.readers.columns import make_columns, report_headers, trim_headers
from dqcheck.readers.faults import FaultLog
from dqcheck.readers.files import show
from dqcheck.readers.values import list_items, render

_FIRST_ROW = 2


def convert_records(rows: Sequence[dict[str, Any]], name: str) -> Export:
    """Return the export that a caller's records are; see `dqcheck.readers.read_records`."""
    if not len(rows):
        raise InputError("there are no records", place=Place(show(name)))
    log = FaultLog()
    good = [isinstance(row, dict) for row in rows]
    numbers = pl.Series("row", range(_FIRST_ROW, _FIRST_ROW + len(rows)), dtype=pl.UInt32)
    mask = pl.Series(good, dtype=pl.Boolean)
    if not all(good):
        places = numbers.filter(~mask).to_frame().with_columns(detail=pl.lit("no dictionary"))
        log.add_all("malformed_record", places)
        rows = [row for row, is_good in zip(rows, good, strict=True) if is_good]
    keys = list(dict.fromkeys(chain.from_iterable(rows)))
    headers, padded = trim_headers(map(str, keys))
    columns = make_columns(headers)
    report_headers(log, columns, padded=padded, row=1, line=None)
    parts: dict[str, pl.Series] = {"row": numbers.filter(mask)}
    for column, key in zip(columns, keys, strict=True):
        values = list(map(methodcaller("get", key), rows))
        rendered = render(values)
        parts[column.name] = rendered["text"]
        parts[kind_column(column.name)] = rendered["kind"]
        if (rendered["kind"] == int(Kind.LIST)).any():
            parts[items_column(column.name)] = list_items(values)
    return Export(
        path=show(name),
        format="records",
        columns=columns,
        frame=pl.DataFrame(parts).lazy(),
        faults=log.collect(),
        rows_read=len(rows),
        rows_rejected=len(good) - len(rows),
        strict_kinds=True,
    )
