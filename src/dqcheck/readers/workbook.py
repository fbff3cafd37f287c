"""What the XML of an .xlsx workbook says and the spreadsheet library does not pass on."""

from __future__ import annotations

__all__ = ["BadCells", "check_size", "chunks", "find_bad_cells", "one_cell"]

import posixpath
import re
import zipfile
from collections.abc import Iterator
from html import unescape
from typing import NamedTuple

from dqcheck.readers.files import SourceFile, unreadable

_MAX_UNFOLDED_BYTES = 2 << 30
_MAX_UNFOLD_RATIO = 200
_UNFOLD_UNCHECKED_BYTES = 64 << 20
_CHUNK_BYTES = 4 << 20

_SHEET = re.compile(rb"<(?:\w+:)?sheet\b[^>]*>")
_RELATION = re.compile(rb"<(?:\w+:)?Relationship\b[^>]*>")
_ATTRIBUTE = re.compile(rb'([\w:]+)\s*=\s*"([^"]*)"')
_ERROR_CELL = re.compile(
    rb'<c\b(?=[^>]*\bt="e")[^>]*\br="([A-Z]+)([0-9]+)"[^>]*>'
    rb"(?:\s*<f\b(?:[^>]*/>|[^>]*>[^<]*</f>))?(?:\s*<v>([^<]*)</v>)?"
)
_BARE_FORMULA = re.compile(
    rb'<c\b[^>]*\br="([A-Z]+)([0-9]+)"[^>]*>\s*<f\b(?:[^>]*/>|[^>]*>[^<]*</f>)'
    rb"\s*(?:<v\s*/>|<v>\s*</v>)?\s*</c>"
)


def check_size(source: SourceFile) -> None:
    """Refuse a zipped workbook that unfolds to more than memory should hold.

    Raises:
        InputError: It does.
    """
    packed = source.path.stat().st_size
    with zipfile.ZipFile(source.path) as archive:
        unfolded = sum(part.file_size for part in archive.infolist())
    far = unfolded > _UNFOLD_UNCHECKED_BYTES and unfolded > packed * _MAX_UNFOLD_RATIO
    if far or unfolded > _MAX_UNFOLDED_BYTES:
        raise unreadable(
            source,
            "the workbook unfolds to more than is allowed",
            found=f"{unfolded} bytes from {packed}",
            hint="save the sheet as CSV",
        )


class BadCells(NamedTuple):
    """A block of cells that the spreadsheet library shows as empty, and why they are not.

    Attributes:
        top: The first row, the first of a sheet being 0.
        left: The first column, likewise.
        rows: How many rows.
        columns: How many columns.
        error: The error that the cells hold, as the file has it; empty for a formula whose
            result was never stored.
    """

    top: int
    left: int
    rows: int
    columns: int
    error: str


def one_cell(row: int, column: int, error: str) -> BadCells:
    """Return the block of the one cell at `row` and `column`, the first being 0."""
    return BadCells(row, column, 1, 1, error)


def find_bad_cells(source: SourceFile, sheet: str) -> list[BadCells]:
    """Return the cells of a sheet that hold an error, and the formulas without a value.

    Args:
        source: An .xlsx file.
        sheet: The sheet's name.
    """
    bad: list[BadCells] = []
    with zipfile.ZipFile(source.path) as archive:
        part = _find_part(archive, sheet)
        if part is not None:
            for chunk in chunks(archive, part, b"</row>"):
                if b't="e"' in chunk:
                    bad += (
                        _cell(letters, row, error or b"#")
                        for letters, row, error in _ERROR_CELL.findall(chunk)
                    )
                if b"<f" in chunk:
                    bad += (
                        _cell(letters, row, b"") for letters, row in _BARE_FORMULA.findall(chunk)
                    )
    return bad


def _cell(letters: bytes, row: bytes, error: bytes) -> BadCells:
    return one_cell(int(row) - 1, _column_number(letters) - 1, error.decode("utf-8", "replace"))


def _attributes(tag: bytes) -> dict[str, str]:
    return {
        key.decode().rpartition(":")[2]: unescape(value.decode("utf-8", "replace"))
        for key, value in _ATTRIBUTE.findall(tag)
    }


def _find_part(archive: zipfile.ZipFile, sheet: str) -> str | None:
    names = set(archive.namelist())
    relations_part = "xl/_rels/workbook.xml.rels"
    if not {"xl/workbook.xml", relations_part} <= names:
        return None
    sheets = map(_attributes, _SHEET.findall(archive.read("xl/workbook.xml")))
    key = next((one.get("id") for one in sheets if one.get("name") == sheet), None)
    relations = map(_attributes, _RELATION.findall(archive.read(relations_part)))
    target = next((one.get("Target", "") for one in relations if one.get("Id") == key), "")
    part = posixpath.normpath(posixpath.join("/xl", target)).lstrip("/")
    return part if part in names else None


def chunks(archive: zipfile.ZipFile, part: str, end_of_row: bytes) -> Iterator[bytes]:
    """Yield a part of a zipped workbook in pieces that end with a row."""
    with archive.open(part) as stream:
        left = b""
        while chunk := stream.read(_CHUNK_BYTES):
            data = left + chunk
            end = data.rfind(end_of_row) + 1
            yield data[:end]
            left = data[end:]
        yield left


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - ord("A") + 1
    return number
