"""`dqcheck standard export`: a standard in the forms that other tools and people read."""

from __future__ import annotations

__all__ = ["ExportFormat", "export"]

import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from dqcheck.cli.output import Progress, refuse_overwriting
from dqcheck.errors import Place, UsageError


class ExportFormat(StrEnum):
    """What a standard can be written as."""

    JSON_SCHEMA = "json-schema"
    SHACL = "shacl"
    SQL = "sql"
    PANDERA = "pandera"
    MARKDOWN = "markdown"
    HTML = "html"
    EXCEL_TEMPLATE = "excel-template"
    CSVW = "csvw"
    ODCS = "odcs"


def export(
    out: Annotated[
        Path,
        typer.Option("-o", "--output", help="Where to: a file; for html a new or empty folder."),
    ],
    form: Annotated[ExportFormat, typer.Option("--to", help="What to write the standard as.")],
    name: Annotated[
        str | None,
        typer.Argument(
            help="A packaged standard (person, person@1), or the path of a LinkML schema; for "
            "html all packaged standards and code lists if it is left out.",
            show_default=False,
        ),
    ] = None,
    class_name: Annotated[
        str | None,
        typer.Option(
            "--class", help="For excel-template: a sheet for this class only.", show_default=False
        ),
    ] = None,
) -> None:
    """Write a standard as a schema, a template or documentation for others.

    What the form can't say of the standard is listed on standard error, and in the file where
    the form has room for it. Nothing is made stricter than the standard, unless a note says so.

    Example: dqcheck standard export person --to json-schema -o person.schema.json
    """
    from dqcheck.privacy import safe_path

    if name is None and form is not ExportFormat.HTML:
        raise UsageError(
            f"--to {form} needs the name of a standard",
            hint="name one of `dqcheck standard list`, or the path of a schema",
        )
    if class_name is not None and form is not ExportFormat.EXCEL_TEMPLATE:
        raise UsageError(
            f"--to {form} takes no --class", hint="leave it out: all classes are written"
        )
    if str(out) == "-":
        raise UsageError("a standard is written to a file", hint="name one: -o FILE")
    if out.exists() and not out.is_file() and form is not ExportFormat.HTML:
        raise UsageError(
            "this is no plain file: it is not overwritten", place=Place(safe_path(out))
        )

    with Progress() as progress:
        progress("writing the standard")
        losses = _write(name, form, out, class_name)
    for loss in losses:
        sys.stderr.write(f"note: {loss}\n")


def _write(
    name: str | None, form: ExportFormat, out: Path, class_name: str | None
) -> tuple[str, ...]:
    from dataclasses import replace

    from dqcheck import standards
    from dqcheck.publish import publish

    if name is None:
        from dqcheck.publish.site import write_site

        return write_site(out)
    if name.endswith((".yaml", ".yml")):
        refuse_overwriting([out], [name])
    plan = standards.open_named(name)
    if class_name is not None:
        chosen = standards.choose_class(plan, class_name)
        plan = replace(plan, classes={chosen.name: chosen})
    return publish(plan, form.value, out)
