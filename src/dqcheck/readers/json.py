"""JSON Lines, and JSON documents that hold one array of objects."""

from __future__ import annotations

__all__ = ["read", "read_lines"]

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import duckdb
import polars as pl

from dqcheck.errors import InputError
from dqcheck.model import Export
from dqcheck.readers.columns import make_columns, report_headers, trim_headers
from dqcheck.readers.encoding import MARK, detect_encoding
from dqcheck.readers.faults import FaultLog
from dqcheck.readers.files import SourceFile, hash_file, private_path, unreadable
from dqcheck.readers.objects import ObjectTable, connect, pointer, quote_numbers, sql_text
from dqcheck.readers.options import ReadOptions
from dqcheck.readers.streams import MAX_UNFOLDED_BYTES, TextSource

_BATCH_ROWS = 50_000
_MAX_DOCUMENT_BYTES = 256 << 20
_MAX_RECORD_BYTES = 64 << 20
_FIRST_ROW = 2
_RECORDS_KEY = "records"


def read_lines(
    source: SourceFile, options: ReadOptions, *, compression: str = ""
) -> tuple[Export, ...]:
    """Read a file with one JSON object a line.

    Blank lines are skipped; a line that is no object is a fault and rejected.

    Args:
        source: The file.
        options: `encoding` and `max_bytes` are used.
        compression: `gz`, `zst` or empty.

    Raises:
        InputError: The file is damaged, or has too many different keys.
    """
    text = _open(source, options, compression)
    log = FaultLog()
    blank = seen = 0
    with connect() as connection:
        table = ObjectTable(connection, source, log)
        for block in text.line_blocks():
            lines = pl.Series("line", [block], dtype=pl.Binary).cast(pl.String)
            batch = (
                lines.str.split("\n")
                .explode(empty_as_null=True, keep_nulls=True)
                .head(block.count(b"\n") + (not block.endswith(b"\n")))
                .to_frame()
                .with_row_index("line_number", offset=seen + 1)
                .with_columns(row=pl.col("line_number") + (_FIRST_ROW - 1))
            )
            seen += len(batch)
            said = batch.filter(pl.col("line").str.strip_chars() != "")
            blank += len(batch) - len(said)
            table.add(said)
    if blank:
        log.add("blank_line", f"{blank} blank lines")
    lines_of_rows = pl.DataFrame(
        {"row": [_FIRST_ROW], "line": [1]}, schema={"row": pl.UInt32, "line": pl.UInt32}
    )
    return (_describe(table, text, "jsonl", log, lines_of_rows),)


def read(source: SourceFile, options: ReadOptions, *, compression: str = "") -> tuple[Export, ...]:
    """Read a JSON document: an array of objects, an object that holds one, or one object.

    Where an object holds several arrays, the one called `records` is read.

    Args:
        source: The file.
        options: `encoding` and `max_bytes` are used.
        compression: `gz`, `zst` or empty.

    Raises:
        InputError: It is no valid JSON, holds no table or several, or is too big for one object.
    """
    text = _open(source, options, compression)
    log = FaultLog()
    with connect() as connection:
        table = ObjectTable(connection, source, log)
        start = text.head(1 << 16).lstrip()
        batches = (
            _read_array(connection, text)
            if start.startswith(b"[")
            else _read_document(connection, text)
        )
        for batch in batches:
            table.add(batch)
    return (_describe(table, text, "json", log, None),)


def _open(source: SourceFile, options: ReadOptions, compression: str) -> TextSource:
    text = TextSource(source, compression, max_bytes=options.max_bytes or MAX_UNFOLDED_BYTES)
    encoding = options.encoding or detect_encoding(text.raw_head(4096)) or "utf-8"
    return replace(text, encoding=encoding)


def _read_array(connection: duckdb.DuckDBPyConnection, text: TextSource) -> Iterator[pl.DataFrame]:
    """Yield the elements of the array that `text` is: `line` (String), `row` (UInt32)."""
    path = text.file.path
    if not text.plain:
        path = private_path("array.json")
        with path.open("wb") as file:
            for block in text.line_blocks():
                file.write(block)
    spooled = private_path("elements.parquet")
    query = (
        f"COPY (SELECT json::VARCHAR AS line FROM read_json_objects({sql_text(str(path))},"  # noqa: S608
        f" format = 'array', maximum_object_size = {_MAX_RECORD_BYTES}))"
        f" TO {sql_text(str(spooled))} (FORMAT parquet)"
    )
    try:
        connection.execute(query)
    except duckdb.Error:
        raise _invalid(text) from None
    yield from _batches(spooled)


def _invalid(text: TextSource) -> InputError:
    return unreadable(
        text.file,
        "this is no valid JSON",
        hint="send it again; as JSON Lines, only the records that are broken would be lost",
    )


def _batches(spooled: Path) -> Iterator[pl.DataFrame]:
    lines = pl.scan_parquet(spooled, glob=False, row_index_name="row", row_index_offset=_FIRST_ROW)
    total = lines.select(pl.len()).collect().item()
    for start in range(0, total, _BATCH_ROWS):
        yield lines.slice(start, _BATCH_ROWS).collect()


def _read_document(
    connection: duckdb.DuckDBPyConnection, text: TextSource
) -> Iterator[pl.DataFrame]:
    """Yield the records in the object that `text` is: `line` (String), `row` (UInt32)."""
    parts, size = [], 0
    for block in text.line_blocks():
        size += len(block)
        if size > _MAX_DOCUMENT_BYTES:
            raise unreadable(
                text.file,
                "the JSON document is too big to be one object",
                found=f"more than {_MAX_DOCUMENT_BYTES >> 20} MiB",
                hint="send an array of objects, or JSON Lines",
            )
        parts.append(block)
    document = b"".join(parts).decode("utf-8", "replace")
    (valid,) = connection.execute("SELECT json_valid(?)", [document]).fetchall()[0]
    if not valid or MARK in document:
        raise _invalid(text)
    document = quote_numbers(pl.Series("line", [document])).item()
    key = _find_array(connection, text, document)
    if key is None:
        yield pl.DataFrame({"line": [document], "row": [_FIRST_ROW]}, _BATCH_SCHEMA)
        return
    spooled = private_path("elements.parquet")
    connection.execute(
        "COPY (SELECT unnest(json_extract(json_extract(?, ?), '$[*]'))::VARCHAR AS line)"
        f" TO {sql_text(str(spooled))} (FORMAT parquet)",
        [document, pointer(key)],
    )
    yield from _batches(spooled)


_BATCH_SCHEMA = {"line": pl.String, "row": pl.UInt32}


def _find_array(
    connection: duckdb.DuckDBPyConnection, text: TextSource, document: str
) -> str | None:
    """Return the key of the array of objects in `document`, or None if it has none."""
    (keys,) = connection.execute("SELECT json_keys(?)", [document]).fetchall()[0]
    found = []
    for key in keys:
        query = "SELECT json_type(?, ?), json_type(?, ?)"
        path = pointer(key)
        kinds = connection.execute(query, [document, path, document, f"{path}/0"]).fetchall()[0]
        if kinds == ("ARRAY", "OBJECT") or (kinds[0] == "ARRAY" and key == _RECORDS_KEY):
            found.append(key)
    if len(found) > 1 and _RECORDS_KEY not in found:
        raise unreadable(
            text.file,
            "the JSON document holds several tables",
            found=f"{len(found)} arrays of objects",
            hint=f'send each as a file of its own, or call the one to read "{_RECORDS_KEY}"',
        )
    return _RECORDS_KEY if _RECORDS_KEY in found else next(iter(found), None)


def _describe(
    table: ObjectTable, text: TextSource, name: str, log: FaultLog, lines: pl.DataFrame | None
) -> Export:
    headers, padded = trim_headers(table.keys)
    columns = make_columns(headers)
    report_headers(log, columns, padded=padded, row=1, line=None)
    return Export(
        path=text.file.shown,
        format=name,
        columns=columns,
        frame=table.scan(columns),
        faults=log.collect(),
        rows_read=table.rows_read,
        rows_rejected=table.rows_rejected,
        strict_kinds=True,
        lines=lines,
        layout={"encoding": text.encoding, "compression": text.compression},
        sha256=hash_file(text.file.path),
    )
