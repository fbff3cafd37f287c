"""What the XML of an .ods workbook says and the spreadsheet library does not pass on.

Source: OASIS Open Document Format for Office Applications 1.3, part 3, section 9.1 (tables); the
kind "error" of a value is LibreOffice's extension of it.
"""

from __future__ import annotations

__all__ = ["find_bad_cells"]

import re
import zipfile
from collections.abc import Iterator
from xml.etree import ElementTree as Tree

from dqcheck.readers.files import SourceFile
from dqcheck.readers.workbook import BadCells, chunks

_PART = "content.xml"
_OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
_EXTENSION = "{urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0}"
_CELLS = {f"{_TABLE}table-cell", f"{_TABLE}covered-table-cell"}

_ENTITIES = b"<!ENTITY"
# Most sheets have none: a look at the bytes spares them the parser, which takes ten times as long.
_SUSPECT = re.compile(
    rb'<!ENTITY|value-type="error"|<text:p>(?:#|Err:)|'
    rb"<table:table-cell(?=[^>]*table:formula=)(?![^>]*office:value-type=)"
)


def find_bad_cells(source: SourceFile, sheet: str) -> list[BadCells]:
    """Return the cells of a sheet that hold an error, and the formulas without a value.

    Args:
        source: An .ods file that the spreadsheet library could read.
        sheet: The sheet's name.

    Raises:
        xml.etree.ElementTree.ParseError: The file is damaged.
    """
    with zipfile.ZipFile(source.path) as archive:
        met = {
            found.group()
            for chunk in chunks(archive, _PART, b"</table:table-row>")
            for found in _SUSPECT.finditer(chunk)
        }
        if _ENTITIES in met:
            raise Tree.ParseError
        if not met:
            return []
        with archive.open(_PART) as stream:
            # S314: entities, which can unfold without end, have been refused.
            return list(_walk(Tree.iterparse(stream, ("start", "end")), sheet))  # noqa: S314


def _walk(events: Iterator[tuple[str, Tree.Element]], sheet: str) -> Iterator[BadCells]:
    inside, top = False, 0
    for event, element in events:
        if element.tag == f"{_TABLE}table":
            inside = event == "start" and element.get(f"{_TABLE}name") == sheet
            top = 0
        elif event == "end" and element.tag == f"{_TABLE}table-row":
            rows = int(element.get(f"{_TABLE}number-rows-repeated", "1"))
            if inside:
                yield from _look_at_row(element, top, rows)
            top += rows
            element.clear()


def _look_at_row(row: Tree.Element, top: int, rows: int) -> Iterator[BadCells]:
    left = 0
    for cell in row:
        if cell.tag not in _CELLS:
            continue
        columns = int(cell.get(f"{_TABLE}number-columns-repeated", "1"))
        error = _find_error(cell)
        if error is not None:
            yield BadCells(top, left, rows, columns, error)
        left += columns


def _find_error(cell: Tree.Element) -> str | None:
    """Return the error in a cell, empty for a formula without a value, None if all is well."""
    text = "".join("".join(part.itertext()) for part in cell.findall(f"{_TEXT}p"))
    is_formula = cell.get(f"{_TABLE}formula") is not None
    if cell.get(f"{_EXTENSION}value-type") == "error":
        return text or "#"
    if is_formula and text.startswith(("#", "Err:")):
        return text
    return "" if is_formula and cell.get(f"{_OFFICE}value-type") is None else None
