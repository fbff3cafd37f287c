"""What the records of an .xls workbook say and the spreadsheet library does not pass on.

Sources: [MS-CFB] Compound File Binary File Format and [MS-XLS] Excel Binary File Format (.xls)
Structure, Microsoft Open Specifications.
"""

from __future__ import annotations

__all__ = ["find_bad_cells"]

import struct
from collections.abc import Iterator

from dqcheck.readers.files import SourceFile
from dqcheck.readers.workbook import BadCells, one_cell

# [MS-CFB] 2.1: numbers of sectors above this say that a chain ends or a sector is free.
_LAST_SECTOR = 0xFFFFFFFA
_DIRECTORY_ENTRY_BYTES = 128
_HEADER_SECTORS = 109
_STREAMS = ("Workbook", "Book")

# [MS-XLS] 2.3.2, numbers of records.
_FORMULA, _EOF, _BOUND_SHEET, _BOOL_ERROR, _BOF = 0x06, 0x0A, 0x85, 0x205, 0x809
# [MS-XLS] 2.5.10, BErr.
_ERRORS = {
    0x00: "#NULL!",
    0x07: "#DIV/0!",
    0x0F: "#VALUE!",
    0x17: "#REF!",
    0x1D: "#NAME?",
    0x24: "#NUM!",
    0x2A: "#N/A",
}
# [MS-XLS] 2.5.133, FormulaValue: the mark of a result that is no number, and one of its kinds.
_NO_NUMBER, _ERROR_RESULT = 0xFFFF, 2


def find_bad_cells(source: SourceFile, position: int) -> list[BadCells]:
    """Return the cells of a sheet that hold an error.

    A formula that was never calculated is stored as one whose result is an empty text.

    Args:
        source: An .xls file that the spreadsheet library could read.
        position: Of the sheet in the workbook, the first being 0.

    Raises:
        IndexError: The file is damaged.
        struct.error: The same.
    """
    stream = _read_stream(source.path.read_bytes())
    starts = [
        struct.unpack_from("<I", stream, at)[0]
        for kind, at, _ in _records(stream, 0)
        if kind == _BOUND_SHEET
    ]
    bad: list[BadCells] = []
    for kind, at, _ in _records(stream, starts[position]):
        if kind == _BOOL_ERROR:
            row, column, _, code, is_error = struct.unpack_from("<HHHBB", stream, at)
        elif kind == _FORMULA:
            row, column, _, result, code, mark = struct.unpack_from("<HHHBxBxxxH", stream, at)
            is_error = mark == _NO_NUMBER and result == _ERROR_RESULT
        else:
            continue
        if is_error:
            bad.append(one_cell(row, column, _ERRORS.get(code, "#")))
    return bad


def _records(stream: bytes, start: int) -> Iterator[tuple[int, int, int]]:
    """Yield number, offset and size of the records of the part of the workbook at `start`.

    Charts inside a sheet are parts of their own and are left out.
    """
    at, depth = start, 0
    if struct.unpack_from("<H", stream, at)[0] != _BOF:
        raise IndexError("no part of the workbook begins here")
    while True:
        kind, size = struct.unpack_from("<HH", stream, at)
        depth += (kind == _BOF) - (kind == _EOF)
        if depth == 1:
            yield kind, at + 4, size
        at += 4 + size
        if depth == 0:
            return


def _read_stream(data: bytes) -> bytes:
    """Return the workbook in a compound file, whose sectors may lie anywhere."""
    (shift,) = struct.unpack_from("<H", data, 0x1E)
    directory, least, small, _, more = struct.unpack_from("<I4xIIII", data, 0x30)
    sector_bytes = 1 << shift
    per_sector = sector_bytes // 4

    def sector(number: int) -> bytes:
        return data[(number + 1) * sector_bytes : (number + 2) * sector_bytes]

    tables = list(struct.unpack_from(f"<{_HEADER_SECTORS}I", data, 0x4C))
    while more < _LAST_SECTOR and len(tables) * sector_bytes < len(data):
        *further, more = struct.unpack(f"<{per_sector}I", sector(more))
        tables += further
    following = _numbers(b"".join(sector(at) for at in tables if at < _LAST_SECTOR))

    def chain(first: int) -> bytes:
        return b"".join(map(sector, _follow(first, following)))

    entries = chain(directory)
    root = struct.unpack_from("<I", entries, 0x74)[0]
    for at in range(0, len(entries), _DIRECTORY_ENTRY_BYTES):
        name_bytes, first, size = struct.unpack_from("<64xH50xII", entries, at)
        name = entries[at : at + max(name_bytes - 2, 0)].decode("utf-16-le", "replace")
        if name not in _STREAMS:
            continue
        if size >= least:
            return chain(first)[:size]
        held, numbers = chain(root), _follow(first, _numbers(chain(small)))
        return b"".join(held[each * 64 : each * 64 + 64] for each in numbers)[:size]
    raise IndexError("no workbook in the file")


def _numbers(data: bytes) -> tuple[int, ...]:
    return struct.unpack(f"<{len(data) // 4}I", data[: len(data) // 4 * 4])


def _follow(first: int, following: tuple[int, ...]) -> Iterator[int]:
    # A damaged chain may run in a circle.
    for _ in following:
        if first >= _LAST_SECTOR:
            return
        yield first
        first = following[first]
