"""The options that commands reading an export share: the standard, and how to read."""

from __future__ import annotations

__all__ = ["ClassOption", "RulesOption", "SchemaOption", "StandardOption", "parse_read_options"]

import csv
import difflib
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from dqcheck.errors import UsageError

if TYPE_CHECKING:
    from dqcheck.readers.options import ReadOptions

StandardOption = Annotated[
    str | None,
    typer.Option("--standard", "-s", help="Packaged standard, such as person or person@1.0."),
]
SchemaOption = Annotated[
    str | None, typer.Option("--schema", help="Path of a LinkML schema, instead of --standard.")
]
ClassOption = Annotated[
    str | None,
    typer.Option("--class", "-c", help="Class of the rows; by default the schema's tree root."),
]
RulesOption = Annotated[
    list[Path] | None, typer.Option("--rules", help="File of further rules; repeatable.")
]

_NUMBERS = {"header_row", "skip_rows", "skip_footer", "max_bytes"}
_ESCAPES = {"\\t": "\t", "tab": "\t"}


def parse_read_options(texts: Iterable[str]) -> ReadOptions:
    """Return the reading options written as `name=value`.

    Raises:
        UsageError: For an unknown name, or a value that is not of its type.
    """
    from dataclasses import fields

    from dqcheck.readers.options import ReadOptions

    names = [field.name for field in fields(ReadOptions)]
    values: dict[str, Any] = {}
    for text in texts:
        name, equals, value = text.partition("=")
        if not equals or name not in names:
            near = difflib.get_close_matches(name, names, n=1)
            raise UsageError(
                f"there is no reading option {name!r}",
                found=f"--read {text}",
                hint=f"did you mean {near[0]}=…?" if near else f"choose {', '.join(names)}",
            )
        values[name] = _parse_value(name, value)
    return ReadOptions(**values)


def _parse_value(name: str, value: str) -> Any:
    if name in _NUMBERS:
        if not value.isdecimal():
            raise UsageError(f"--read {name} is a whole number", found=value)
        return int(value)
    if name == "header":
        # As in the first line of a CSV file, so that a name may hold a comma.
        return tuple(header.strip() for header in next(csv.reader([value]), [""]))
    return _ESCAPES.get(value, value) if name == "delimiter" else value
