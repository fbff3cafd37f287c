"""How the commands that show standards write: text in columns, or JSON."""

from __future__ import annotations

__all__ = ["ShowFormat", "align", "write_json"]

import json
from collections.abc import Iterator, Sequence
from enum import StrEnum


class ShowFormat(StrEnum):
    """How a command that shows something writes it."""

    TEXT = "text"
    JSON = "json"


def align(rows: Sequence[tuple[str, ...]], indent: str = "") -> Iterator[str]:
    """Yield a line for each row, its cells under one another; nothing if there are no rows."""
    if not rows:
        return
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        cells = (cell.ljust(width) for cell, width in zip(row, widths, strict=True))
        yield (indent + "  ".join(cells)).rstrip()


def write_json(data: object) -> str:
    """Return `data` as JSON, indented, for standard output."""
    return json.dumps(data, ensure_ascii=False, indent=2) + "\n"
