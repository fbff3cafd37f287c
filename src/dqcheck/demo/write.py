"""Writing the exports of the demo: the same bytes every time."""

from __future__ import annotations

__all__ = ["prepare_folder", "write_exports"]

import csv
import io
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime
from importlib.resources import files
from itertools import islice
from pathlib import Path

import xlsxwriter  # type: ignore[import-untyped]

from dqcheck.demo.exports import DemoExport, Value
from dqcheck.errors import Place, UsageError
from dqcheck.privacy import safe_path
from dqcheck.store.files import write_file

_CREATED = datetime(2026, 11, 1)
_FORMULAS = {"#DIV/0!": "=1/0"}

_NOTE = "README.txt"
_MARK = "Written by dqcheck demo."
_ABOUT = f"""\
{_MARK} All people, vehicles and places in here are invented.

clean/               what three standards ask for: these exports pass
northfolk/           a police force: persons and vehicles
hmp-exampleton/      a prison: descriptions of persons, as a workbook
exampleton-council/  a council: addresses
results/             what the checks found

Running dqcheck demo again writes these files anew and leaves all others alone.
"""

Record = dict[str, Value]


def prepare_folder(folder: Path, exports: Iterable[DemoExport]) -> None:
    """Make `folder` for a demo with `exports`, or take it over from an earlier one.

    Raises:
        UsageError: If it is a file, holds something else, can't be made, or has a name that
            commands could not show as it is typed.
    """
    name = safe_path(folder)
    if name != str(folder) or name.startswith("-"):
        raise UsageError(
            "the folder has a name that can't be shown in a command",
            place=Place(name),
            hint="name another: dqcheck demo FOLDER",
        )
    needed = {"results", *(export.path.rpartition("/")[0] for export in exports)}
    try:
        if folder.is_dir() and any(folder.iterdir()) and not _is_marked(folder / _NOTE):
            raise UsageError(
                "the demo is not written into a folder that holds other files",
                place=Place(name),
                hint="name a new or empty folder, or that of an earlier demo: dqcheck demo FOLDER",
            )
        for subfolder in sorted(needed):
            (folder / subfolder).mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UsageError(
            "the demo's folder can't be made here",
            place=Place(safe_path(error.filename or folder)),
            found="a file where a folder is needed"
            if isinstance(error, FileExistsError | NotADirectoryError)
            else "",
            hint="name one where you may write: dqcheck demo FOLDER",
        ) from None
    write_file(folder / _NOTE, _ABOUT.encode())
    # In a git tree nothing of it is committed, and a worklist may be written into it.
    write_file(folder / ".gitignore", b"*\n")


def _is_marked(note: Path) -> bool:
    return note.is_file() and note.read_bytes().startswith(_MARK.encode())


def write_exports(folder: Path, exports: Iterable[DemoExport]) -> None:
    """Write `exports` below `folder`, over what is there under their names.

    Args:
        folder: As `prepare_folder` left it.
        exports: As given to `prepare_folder`.

    Raises:
        UsageError: If a file can't be written.
    """
    for export in exports:
        records = _make_records(export)
        if export.path.endswith(".xlsx"):
            content = _make_workbook(export, records)
        else:
            content = _make_text(export, records).encode(export.encoding)
        write_file(folder / export.path, content)


def _make_records(export: DemoExport) -> list[Record]:
    """Return the records by slot or extra header, with all faults of cells in them."""
    source = files("dqcheck.demo").joinpath("data", export.source).read_text(encoding="utf-8")
    records: list[Record] = []
    clean = csv.DictReader(io.StringIO(source))
    for number, record in enumerate(islice(clean, export.records), start=1):
        changed = {name: text.format(number) for name, text in export.same.items()}
        sent = {slot: {**record, **changed}[slot] for slot in export.slots or record}
        extra = {header: text.format(number) for header, text in export.extra.items()}
        records.append({**sent, **extra})
    for record in records:
        for slot, kind in export.typed.items():
            record[slot] = _TYPES[kind](str(record[slot]))
    for fault in export.faults:
        for row, slot, value in fault.cells:
            records[row - export.first_row][slot] = value
    return records


_TYPES: Mapping[type, Callable[[str], Value]] = {int: int, date: date.fromisoformat}


def _name_columns(export: DemoExport, records: Sequence[Record]) -> list[str]:
    return [export.headers.get(name, name) for name in records[0]]


def _make_text(export: DemoExport, records: Sequence[Record]) -> str:
    headers = _name_columns(export, records)
    repeated = {fault.repeats_header for fault in export.faults}
    unquoted = {fault.unquoted for fault in export.faults}
    lines = list(export.titles)
    lines.append(_join(headers, export.delimiter))
    for row, record in enumerate(records, start=export.first_row):
        cells = headers if row in repeated else [str(value) for value in record.values()]
        lines.append(
            export.delimiter.join(cells) if row in unquoted else _join(cells, export.delimiter)
        )
    if export.total:
        lines.append(_join([export.total, str(len(records))], export.delimiter))
    half = len(lines) // 2
    first, rest = export.line_ends
    return "".join(line + first for line in lines[:half]) + "".join(
        line + rest for line in lines[half:]
    )


def _join(cells: Sequence[str], delimiter: str) -> str:
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter, lineterminator="").writerow(cells)
    return text.getvalue()


def _make_workbook(export: DemoExport, records: Sequence[Record]) -> bytes:
    content = io.BytesIO()
    book = xlsxwriter.Workbook(content, {"in_memory": True})
    book.set_properties({"created": _CREATED})
    bold, dated = book.add_format({"bold": True}), book.add_format({"num_format": "dd/mm/yyyy"})
    sheet = book.add_worksheet(export.name.rpartition("-")[2].capitalize())
    sheet.write_column(0, 0, export.titles, bold)
    top, slots = len(export.titles), list(records[0])
    sheet.write_row(top, 0, _name_columns(export, records), bold)
    if export.merged:
        first, last = slots.index(export.merged[0]), slots.index(export.merged[-1])
        sheet.merge_range(top, first, top, last, export.headers[export.merged[0]], bold)
    for row, record in enumerate(records, start=top + 1):
        for column, value in enumerate(record.values()):
            if isinstance(value, date):
                sheet.write_datetime(row, column, value, dated)
            elif isinstance(value, int | float):
                sheet.write_number(row, column, value)
            elif value in _FORMULAS:
                sheet.write_formula(row, column, _FORMULAS[value], value=value)
            elif value:
                # write_string: XlsxWriter's write() would make numbers or formulas of some texts.
                sheet.write_string(row, column, value)
    if export.total:
        sheet.write_row(top + 1 + len(records), 0, [export.total, len(records)])
    book.close()
    return content.getvalue()
