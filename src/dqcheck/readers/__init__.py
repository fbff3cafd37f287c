"""Any file as it is sent, read as text: file → `Export`.

Nothing in here guesses types, and nothing that is wrong with the data of a file raises: it is a
fault of the export, with its place. Only a file that can't be read at all raises.
"""

from __future__ import annotations

__all__ = [
    "FORMATS",
    "ReadOptions",
    "read",
    "read_arrow",
    "read_each",
    "read_frame",
    "read_records",
]

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dqcheck.errors import InputError, UsageError, raise_together, suggest
from dqcheck.model import Export
from dqcheck.readers.options import ReadOptions

if TYPE_CHECKING:
    import polars as pl

    from dqcheck.readers.files import SourceFile

FORMATS: dict[str, str] = {
    "csv": "dqcheck.readers.csv:read",
    "tsv": "dqcheck.readers.csv:read",
    "xlsx": "dqcheck.readers.excel:read",
    "xls": "dqcheck.readers.excel:read",
    "ods": "dqcheck.readers.excel:read",
    "parquet": "dqcheck.readers.parquet:read",
    "json": "dqcheck.readers.json:read",
    "jsonl": "dqcheck.readers.json:read_lines",
}
# Text does not say which of these it is; the user may.
_TEXT_FORMATS = frozenset({"csv", "tsv", "json", "jsonl"})
_HEAD_BYTES = 1 << 16


def read(path: str | Path, *, options: ReadOptions | None = None) -> tuple[Export, ...]:
    """Read the file, files or standard input that `path` means.

    Args:
        path: A path, a pattern such as `exports/*.csv`, or `-` for standard input.
        options: How to read where that is known; the rest is found out.

    Returns:
        One export a file, or a sheet where several are asked for, in the order of their names.

    Raises:
        InputError: A file is empty, damaged, protected or no table; all files of a pattern that
            can't be read are named.
        UsageError: There is no such file, or an option makes no sense.
    """
    found = list(read_each(path, options=options))
    raise_together(one for one in found if isinstance(one, InputError))
    return tuple(one for one in found if isinstance(one, Export))


def read_each(
    path: str | Path, *, options: ReadOptions | None = None
) -> Iterator[Export | InputError]:
    """Yield what `read` returns, with the error of each file that can't be read in its place.

    Args:
        path: As `read`.
        options: As `read`.

    Raises:
        UsageError: There is no such file, or an option makes no sense.
        InputError: There is more on standard input than allowed.
    """
    from dqcheck.readers.files import expand

    options = options or ReadOptions()
    if options.format is not None and options.format not in FORMATS:
        raise UsageError(
            f'there is no format "{options.format}"',
            found=", ".join(FORMATS),
            hint=suggest(options.format, FORMATS),
        )
    for source in expand(path, max_bytes=options.max_bytes):
        try:
            yield from _read_file(source, options)
        except InputError as error:
            yield error
        except UsageError as error:
            error.place = error.place or source.place
            raise


def _read_file(source: SourceFile, options: ReadOptions) -> tuple[Export, ...]:
    from dqcheck.readers.files import check_readable, recognise, recognise_content
    from dqcheck.readers.streams import TextSource

    check_readable(source)
    name = recognise(source, options.encoding)
    compression = ""
    if name in {"gz", "zst"}:
        compression = name
        name = recognise_content(
            source, TextSource(source, compression).raw_head(1 << 16), options.encoding
        )
    asked = options.format or name
    if asked != name and not {asked, name} <= _TEXT_FORMATS:
        raise InputError(
            f"this is no {asked} file, whatever its name says", place=source.place, found=name
        )
    if compression and asked not in _TEXT_FORMATS:
        raise InputError(
            f"a compressed {asked} file can't be read as it is",
            place=source.place,
            hint="unpack it and give the file inside",
        )
    module, function = FORMATS[asked].split(":")
    reader: Callable[..., tuple[Export, ...]] = getattr(import_module(module), function)
    exports = reader(source, options, compression=compression)
    return tuple(replace(export, notes=source.notes + export.notes) for export in exports)


def read_frame(frame: pl.DataFrame | pl.LazyFrame, name: str) -> Export:
    """Take a Polars frame for an export.

    Args:
        frame: Any columns. Text columns are read by their form, as in CSV, and get no kinds.
        name: What to call it.

    Raises:
        InputError: It has no columns, or a column of Python objects.
    """
    from dqcheck.readers.typed import convert_frame

    return convert_frame(frame.lazy(), name)


def read_arrow(table: Any, name: str) -> Export:
    """Take an Arrow table, or anything else with `__arrow_c_stream__`, for an export.

    Args:
        table: As `read_frame`.
        name: What to call it.

    Raises:
        InputError: It has no columns.
    """
    import polars

    return read_frame(polars.DataFrame(table), name)


def read_records(rows: Sequence[dict[str, Any]], name: str) -> Export:
    """Take a list of dictionaries for an export.

    Args:
        rows: One dictionary a record; what is none is rejected with a fault.
        name: What to call it.

    Raises:
        InputError: There are no records at all.
    """
    from dqcheck.readers.records import convert_records

    return convert_records(rows, name)
