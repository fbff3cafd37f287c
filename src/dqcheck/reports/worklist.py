"""Worklists: failing records with their values, for the people who may see them, on their own disk.

Unlike every other output these hold values of all privacy classes. They are written private (mode
0600), marked, and dated for deletion.
"""

from __future__ import annotations

__all__ = ["choose_checks", "count_records", "write_annotated", "write_worklist"]

import difflib
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from pathlib import Path

import polars as pl

from dqcheck.engines import collect
from dqcheck.errors import Place, UsageError
from dqcheck.model import Check
from dqcheck.privacy import safe_name, safe_path
from dqcheck.reports.sheets import TableBook, escape_formula, escape_formulas, look_up
from dqcheck.results import Checked, say_count
from dqcheck.store.files import replace_file

_HEADERS = (
    "Export",
    "Sheet",
    "Record number",
    "Line",
    "Record reference",
    "Column",
    "Failing value",
    "What is wrong",
    "How to fix it",
    "Check",
)
_FAULTS, _FIX = "dqcheck: what is wrong", "dqcheck: how to fix it"


def choose_checks(exports: Sequence[Checked], check_ids: Iterable[str]) -> dict[str, Check]:
    """Return the checks with these ids; without ids, all that have findings of rows.

    Raises:
        UsageError: For ids that no check of the exports has, all of them together.
    """
    known = {check.id: check for export in exports for check in export.validation.checks}
    wanted = tuple(check_ids)
    faults = [_unknown_check(check_id, known) for check_id in wanted if check_id not in known]
    if faults:
        raise UsageError(faults[0].message, hint=faults[0].hint, others=tuple(faults[1:]))
    return {check_id: known[check_id] for check_id in wanted} if wanted else known


def _unknown_check(check_id: str, known: Iterable[str]) -> UsageError:
    near = difflib.get_close_matches(check_id, known, n=3)
    hint = f"did you mean {', '.join(near)}?" if near else "the scorecard lists the failing checks"
    return UsageError(f"no check has the id {check_id!r}", hint=hint)


def count_records(exports: Iterable[Checked], checks: Mapping[str, Check]) -> int:
    """Return how many findings of `checks` the exports have."""
    wanted = pl.col("check").is_in(list(checks))
    return sum(
        int(collect(export.validation.failing.filter(wanted).select(pl.len())).item())
        for export in exports
    )


def write_worklist(
    path: Path,
    exports: Sequence[Checked],
    checks: Mapping[str, Check],
    *,
    as_of: date,
    keep_days: int,
) -> int:
    """Write every finding of `checks` to an Excel workbook, one row a failing cell.

    A first sheet says what it is and when to delete it; rows beyond Excel's limit go to further
    sheets. All cells are text: nothing is ever taken for a formula.

    Args:
        path: An `.xlsx` file.
        exports: Read and checked.
        checks: By id, from `choose_checks`.
        as_of: The day it is written.
        keep_days: Days until it is to be deleted.

    Returns:
        How many rows were written.

    Raises:
        UsageError: If the extension is another, or the file can't be written.
        InputError: If an export can no longer be read.
    """
    _need(path, (".xlsx",))
    with replace_file(path, private=True) as temporary, TableBook(temporary, as_of) as book:
        cover = book.add_cover("Read me")
        table = book.add_table("Worklist", _HEADERS)
        for export in exports:
            for batch in _list_records(export, checks).collect_batches(chunk_size=10_000):
                table.write(batch)
        cover.write(
            [
                *_cover(exports, as_of, keep_days),
                f"{say_count(table.rows, 'failing value')}, complete.",
                *_say_cut(table.cut),
                *(f"{check.id}: {check.title} {check.why}" for check in checks.values()),
            ]
        )
    return table.rows


def write_annotated(
    path: Path, export: Checked, checks: Mapping[str, Check], *, as_of: date, keep_days: int
) -> int:
    """Write a copy of the export with the faults beside each row: `.csv` or `.xlsx`.

    The copy has the record number first, then the columns as sent, then what is wrong with the
    row and how to fix it; those two headers carry the day of deletion. In CSV, what a spreadsheet
    would take for a formula is given a leading apostrophe.

    Args:
        path: The file to write.
        export: Read and checked.
        checks: By id, from `choose_checks`.
        as_of: The day it is written.
        keep_days: Days until it is to be deleted.

    Returns:
        How many rows have a fault beside them.

    Raises:
        UsageError: If the extension is neither, or the file can't be written.
        InputError: If the export can no longer be read.
    """
    extension = _need(path, (".csv", ".xlsx"))
    due = f"personal data, delete by {as_of + timedelta(days=keep_days)}"
    headers = (
        "Record number",
        *(safe_name(column.header) for column in export.export.columns),
        f"{_FAULTS} ({due})",
        _FIX,
    )
    rows = _annotate(export, checks)
    with replace_file(path, private=True) as temporary:
        if extension == ".xlsx":
            with TableBook(temporary, as_of) as book:
                cover = book.add_cover("Read me")
                cover.write(_cover([export], as_of, keep_days))
                table = book.add_table("Export", headers)
                for batch in rows.collect_batches(chunk_size=10_000):
                    table.write(batch)
        else:
            with temporary.open("wb") as file:
                names = pl.DataFrame([[escape_formula(header)] for header in headers])
                file.write(names.write_csv(include_header=False).encode())
                rows.with_columns(escape_formulas(pl.col(pl.String))).sink_csv(
                    file, include_header=False
                )
    return int(collect(_find_faults(export, checks).select(pl.col("row").n_unique())).item())


def _need(path: Path, extensions: tuple[str, ...]) -> str:
    extension = path.suffix.casefold()
    if extension not in extensions:
        raise UsageError(
            f"this is written as {' or '.join(extensions)}",
            place=Place(safe_path(path)),
            found=f"the extension {extension!r}" if extension else "no extension",
        )
    return extension


def _cover(exports: Iterable[Checked], as_of: date, keep_days: int) -> list[str]:
    return [
        "PERSONAL DATA: only for those who correct these records.",
        f"Delete by {as_of + timedelta(days=keep_days)}.",
        f"Written on {as_of} from {', '.join(safe_path(found.export.path) for found in exports)}.",
    ]


def _say_cut(count: int) -> list[str]:
    return [f"{say_count(count, 'value')} cut: longer than a cell can be."] if count else []


def _list_records(export: Checked, checks: Mapping[str, Check]) -> pl.LazyFrame:
    headers = {column.position: safe_name(column.header) for column in export.export.columns}
    sheet = None if export.export.sheet is None else safe_name(export.export.sheet)
    return export.validation.failing.filter(pl.col("check").is_in(list(checks))).select(
        pl.lit(safe_path(export.export.path)).alias("export"),
        pl.lit(sheet, dtype=pl.String).alias("sheet"),
        "row",
        "line",
        "key",
        look_up("column", headers),
        "value",
        look_up(
            "check", {name: found.message or found.title for name, found in checks.items()}
        ).alias("fault"),
        look_up("check", {name: found.fix for name, found in checks.items()}).alias("fix"),
        "check",
    )


def _find_faults(export: Checked, checks: Mapping[str, Check]) -> pl.LazyFrame:
    return export.validation.failing.filter(
        pl.col("row").is_not_null() & pl.col("check").is_in(list(checks))
    )


def _annotate(export: Checked, checks: Mapping[str, Check]) -> pl.LazyFrame:
    words = {
        name: f"{found.slot or 'row'}: {found.message or found.title} [{name}]"
        for name, found in checks.items()
    }
    beside = (
        _find_faults(export, checks)
        .unique(["row", "check"])
        .sort("row", "check")
        .select(
            "row",
            look_up("check", words).alias("fault"),
            look_up("check", {name: found.fix for name, found in checks.items()}).alias("fix"),
        )
        .group_by("row", maintain_order=True)
        .agg(
            pl.col("fault").str.join("; "), pl.col("fix").unique(maintain_order=True).str.join(" ")
        )
    )
    return export.export.frame.select(
        pl.col("row").cast(pl.UInt32), *(column.name for column in export.export.columns)
    ).join(beside, on="row", how="left", maintain_order="left")
