"""JSON objects, one a row, as columns of text with the kind of each cell beside it."""

from __future__ import annotations

__all__ = ["ObjectTable", "connect", "pointer", "quote_numbers", "sql_text"]

from collections.abc import Sequence
from pathlib import Path

import duckdb
import polars as pl

from dqcheck.model import Column, Kind, items_column, kind_column
from dqcheck.readers.encoding import MARK
from dqcheck.readers.faults import FaultLog
from dqcheck.readers.files import SourceFile, private_path, unreadable

_MAX_COLUMNS = 2_000

# DuckDB writes numbers anew: 1.10 becomes 1.1. Numbers it would change are handed to it as text
# behind a noncharacter, which no export may hold (Unicode 17, section 23.7).
_NUMBER_MARK = "\ufdd1"
_CHANGED_NUMBER = r"[0-9][eE][+-]?[0-9]|\.[0-9]*0(?:[^0-9.]|$)|[0-9.]{15,}|-0(?:[^.0-9]|$)"
_STRING_OR_NUMBER = r'("(?:[^"\\]|\\.)*")|(-?[0-9][0-9.eE+-]*)'

_ITEMS_DTYPE = pl.List(pl.Struct({"text": pl.String, "kind": pl.UInt8}))


def connect() -> duckdb.DuckDBPyConnection:
    """Return a database in memory that fetches nothing and spills to a private folder."""
    return duckdb.connect(
        config={
            "memory_limit": "1GB",
            "temp_directory": str(private_path("duckdb")),
            "autoinstall_known_extensions": "false",
            "autoload_known_extensions": "false",
        }
    )


def sql_text(text: str) -> str:
    """Return `text` as an SQL literal."""
    return "'" + text.replace("'", "''") + "'"


def pointer(key: str) -> str:
    """Return the JSON pointer to `key` (RFC 6901)."""
    return "/" + key.replace("~", "~0").replace("/", "~1")


def quote_numbers(lines: pl.Series) -> pl.Series:
    """Return JSON texts in which each number is a string behind `_NUMBER_MARK`."""
    opened, closed = "\x02", "\x03"
    return (
        lines.str.replace_all(_STRING_OR_NUMBER, f"${{1}}{opened}${{2}}{closed}")
        .str.replace_all(opened + closed, "", literal=True)
        .str.replace_all(opened, f'"{_NUMBER_MARK}', literal=True)
        .str.replace_all(closed, '"', literal=True)
    )


class _Lines:
    """Hands a frame to DuckDB over Arrow's C interface, which needs no pyarrow."""

    def __init__(self, frame: pl.DataFrame) -> None:
        self._frame = frame

    def __arrow_c_stream__(self, requested_schema: object = None) -> object:
        return self._frame.__arrow_c_stream__(requested_schema)


class ObjectTable:
    """Takes JSON objects in batches, each of which becomes a private Parquet file.

    Attributes:
        keys: The keys met so far, in the order of their first appearance.
        rows_read: Objects taken.
        rows_rejected: Texts that are no valid objects.
    """

    def __init__(
        self, connection: duckdb.DuckDBPyConnection, source: SourceFile, log: FaultLog
    ) -> None:
        """Begin with no objects; faults go to `log`."""
        self.keys: dict[str, int] = {}
        self.rows_read = self.rows_rejected = 0
        self._connection, self._source, self._log = connection, source, log
        self._parts: list[tuple[Path, frozenset[int], frozenset[int]]] = []

    def add(self, batch: pl.DataFrame) -> None:
        """Take a batch.

        Args:
            batch: `line` (String, the JSON text), `row` (UInt32) and, where the format has lines,
                `line_number` (UInt32).

        Raises:
            InputError: There are too many different keys for a table.
        """
        if not len(batch):
            return
        changed = batch["line"].str.contains(_CHANGED_NUMBER).arg_true()
        quoted = batch["line"].scatter(changed, quote_numbers(batch["line"].gather(changed)))
        self._register(batch.with_columns(quoted=quoted))
        self._reject(batch)
        keys = self._meet_keys()
        self._write(keys, with_lists=bool(batch["line"].str.contains("[", literal=True).any()))

    def _register(self, batch: pl.DataFrame) -> None:
        # Validity is judged on the text as sent: numbers made strings are always valid.
        lines = _Lines(batch)
        self._connection.register("batch", lines)
        self._connection.execute(
            "CREATE OR REPLACE TEMP TABLE judged AS SELECT row, quoted,"  # noqa: S608
            f" json_valid(line) AND NOT contains(line, '{MARK}') AS valid,"
            " valid AND coalesce(json_type(CASE WHEN valid THEN line END), '') = 'OBJECT' AS good"
            " FROM batch"
        )
        self._connection.execute(
            "CREATE OR REPLACE TEMP TABLE good AS"
            " SELECT row, quoted, json_keys(quoted) AS keys FROM judged WHERE good"
        )
        # Most objects of an export have the same keys.
        self._connection.execute(
            "CREATE OR REPLACE TEMP TABLE key_lists AS"
            " SELECT keys, min(row) AS row FROM good GROUP BY keys"
        )
        self._connection.unregister("batch")

    def _fetch(self, query: str) -> pl.DataFrame:
        path = private_path("answer.parquet")
        self._connection.execute(f"COPY ({query}) TO {sql_text(str(path))} (FORMAT parquet)")
        answer = pl.read_parquet(path)
        path.unlink()
        return answer

    def _reject(self, batch: pl.DataFrame) -> None:
        ((taken,),) = self._connection.execute("SELECT count(*) FROM good").fetchall()
        self.rows_read += taken
        self.rows_rejected += len(batch) - taken
        if taken < len(batch):
            self._report("malformed_record", "judged WHERE NOT good", batch)
        repeated = "len(keys) <> len(list_distinct(keys))"
        met = f"SELECT 1 FROM key_lists WHERE {repeated}"  # noqa: S608
        if self._connection.execute(met).fetchone():
            self._report("duplicate_json_key", f"good WHERE {repeated}", batch)

    def _report(self, name: str, where: str, batch: pl.DataFrame) -> None:
        found = self._fetch(f"SELECT row FROM {where}")  # noqa: S608
        places = batch.join(found, on="row", how="semi")
        marked = pl.col("line").str.contains(MARK, literal=True)
        line = {"line": pl.col("line_number")} if "line_number" in batch.columns else {}
        for fault, choice, detail in (
            ("bad_encoding", marked, "bytes that are no characters in the file's encoding"),
            (name, ~marked, _DETAILS[name]),
        ):
            chosen = places.filter(choice)
            if len(chosen):
                self._log.add_all(fault, chosen.select("row", **line, detail=pl.lit(detail)))

    def _meet_keys(self) -> list[str]:
        """Return the keys of this batch; note those not met before."""
        found = self._connection.execute(
            "SELECT key FROM (SELECT row, unnest(keys) AS key,"
            " generate_subscripts(keys, 1) AS place FROM key_lists)"
            " GROUP BY key ORDER BY min(row::BIGINT * 1000000 + place)"
        ).fetchall()
        keys = [key for (key,) in found]
        for key in keys:
            self.keys.setdefault(key, len(self.keys) + 1)
        if len(self.keys) > _MAX_COLUMNS:
            raise unreadable(
                self._source,
                "the objects have too many different keys to be a table",
                found=f"more than {_MAX_COLUMNS}",
            )
        return keys

    def _write(self, keys: Sequence[str], *, with_lists: bool) -> None:
        numbers = [self.keys[key] for key in keys]
        paths = ", ".join(sql_text(pointer(key)) for key in keys)
        # A table, because a subquery would be worked out anew for each column taken from it.
        self._connection.execute(
            "CREATE OR REPLACE TEMP TABLE cells AS"  # noqa: S608
            f" SELECT row, json_extract_string(quoted, [{paths}]) AS texts,"
            f" json_type(quoted, [{paths}]) AS kinds FROM good"
            if keys
            else "CREATE OR REPLACE TEMP TABLE cells AS SELECT row FROM good"
        )
        listed = self._find_lists(numbers) if with_lists and keys else frozenset[int]()
        columns = ["row"]
        for index, number in enumerate(numbers, 1):
            text, kind = f"texts[{index}]", f"kinds[{index}]"
            columns.append(f"{_TEXT.format(text, kind)} AS c{number}")
            columns.append(f"{_KIND.format(text, kind)} AS k{number}")
            if number in listed:
                columns.append(f"{_ITEMS.format(text, kind)} AS i{number}")
        path = private_path("objects.parquet")
        self._connection.execute(
            f"COPY (SELECT {', '.join(columns)} FROM cells) TO {sql_text(str(path))}"  # noqa: S608
            " (FORMAT parquet)"
        )
        self._parts.append((path, frozenset(numbers), listed))

    def _find_lists(self, numbers: Sequence[int]) -> frozenset[int]:
        """Return which of the columns `numbers`, all those of `cells`, hold a list."""
        holds = ", ".join(
            f"coalesce(bool_or(kinds[{index}] = 'ARRAY'), false)"
            for index in range(1, len(numbers) + 1)
        )
        (found,) = self._connection.execute(f"SELECT {holds} FROM cells").fetchall()  # noqa: S608
        return frozenset(
            number for number, has_list in zip(numbers, found, strict=True) if has_list
        )

    def scan(self, columns: Sequence[Column]) -> pl.LazyFrame:
        """Return all objects: `row`, and for each column its text, kinds and, if any, lists."""
        listed = frozenset[int]().union(*(lists for _, _, lists in self._parts))
        frames = [
            pl.scan_parquet(path, glob=False).select(
                pl.col("row").cast(pl.UInt32),
                *(
                    expression
                    for column in columns
                    for expression in _select(column, present, lists, listed)
                ),
            )
            for path, present, lists in self._parts
        ]
        return pl.concat(frames) if frames else pl.LazyFrame(schema={"row": pl.UInt32})


def _select(
    column: Column, present: frozenset[int], lists: frozenset[int], listed: frozenset[int]
) -> list[pl.Expr]:
    """Return the expressions for `column` in one part, which may not have met it."""
    number = column.position
    if number in present:
        chosen = [
            pl.col(f"c{number}").cast(pl.String).alias(column.name),
            pl.col(f"k{number}").cast(pl.UInt8).fill_null(0).alias(kind_column(column.name)),
        ]
    else:
        chosen = [
            pl.lit(None, pl.String).alias(column.name),
            pl.lit(0, pl.UInt8).alias(kind_column(column.name)),
        ]
    if number in listed:
        items = pl.col(f"i{number}") if number in lists else pl.lit(None)
        chosen.append(items.cast(_ITEMS_DTYPE).alias(items_column(column.name)))
    return chosen


_DETAILS = {
    "malformed_record": "no valid JSON object",
    "duplicate_json_key": "a key stands in the record more than once",
}

_KIND = (
    "CASE WHEN {1} IS NULL OR {1} = 'NULL' THEN " + f"{int(Kind.NULL)}"
    " WHEN {1} = 'VARCHAR' THEN"
    " CASE WHEN starts_with({0}, '" + _NUMBER_MARK + "')"
    f" THEN {int(Kind.NUMBER)} ELSE {int(Kind.TEXT)} END"
    " WHEN {1} = 'BOOLEAN' THEN " + f"{int(Kind.BOOLEAN)}"
    " WHEN {1} = 'ARRAY' THEN " + f"{int(Kind.LIST)}"
    " WHEN {1} = 'OBJECT' THEN " + f"{int(Kind.OBJECT)}"
    f" ELSE {int(Kind.NUMBER)} END::UTINYINT"
)
_TEXT = (
    "CASE WHEN {1} IN ('ARRAY', 'OBJECT')"
    " THEN regexp_replace({0}, '\"" + _NUMBER_MARK + "([^\"]*)\"', '\\1', 'g')"
    " ELSE nullif(ltrim({0}, '" + _NUMBER_MARK + "'), '') END"
)
_ITEMS = (
    "CASE WHEN {1} = 'ARRAY' THEN list_transform("
    "list_zip(json_extract_string({0}, '$[*]'), json_type({0}, '$[*]')),"
    " lambda item: struct_pack(text := " + _TEXT.format("item[1]", "item[2]") + ","
    " kind := " + _KIND.format("item[1]", "item[2]") + ")) END"
)
