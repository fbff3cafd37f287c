"""`dqcheck worklist`: failing records with their values, for those who correct them."""

from __future__ import annotations

__all__ = ["worklist"]

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from dqcheck.cli.reading import (
    ClassOption,
    RulesOption,
    SchemaOption,
    StandardOption,
    parse_read_options,
)
from dqcheck.errors import UsageError


def worklist(
    export: Annotated[
        str, typer.Argument(help="The export: a file or a glob.", show_default=False)
    ],
    output: Annotated[
        Path,
        typer.Option("--output", "-o", help="The file to write: .xlsx, with --annotate also .csv."),
    ],
    checks: Annotated[
        list[str] | None,
        typer.Option("--check", metavar="ID", help="Check whose failures to list; repeatable."),
    ] = None,
    standard: StandardOption = None,
    schema: SchemaOption = None,
    class_name: ClassOption = None,
    rules: RulesOption = None,
    read: Annotated[
        list[str] | None,
        typer.Option("--read", metavar="NAME=VALUE", help="How to read, as in check; repeatable."),
    ] = None,
    annotate: Annotated[
        bool,
        typer.Option(
            "--annotate", help="Write a copy of the whole export with the faults beside each row."
        ),
    ] = False,
    keep_days: Annotated[
        int, typer.Option("--keep-days", min=1, help="Days until the file is to be deleted.")
    ] = 30,
) -> None:
    """Write the failing records of an export, with values, for those who correct them.

    The file holds personal data: it is readable by you alone, marked, and dated for deletion. It
    is refused under CI, to standard output, and in a git working tree that does not ignore it.

    Example: dqcheck worklist persons.csv -s person --check person.hair_colour.permissible_value
    -o fix.xlsx
    """
    import os

    from dqcheck.assess import Options, assess
    from dqcheck.cli.check import parse_target
    from dqcheck.cli.output import refuse_overwriting
    from dqcheck.privacy import safe_path
    from dqcheck.reports.worklist import (
        choose_checks,
        count_records,
        write_annotated,
        write_worklist,
    )
    from dqcheck.results import say_count
    from dqcheck.store.trees import check_private_place

    target = parse_target(export)
    refuse_overwriting(
        [output], [str(target.source), *([schema] if schema else []), *(rules or ())]
    )
    check_private_place(output, os.environ)
    if not checks and not annotate:
        raise UsageError(
            "no check to list", hint="give --check with an id of the scorecard, or --annotate"
        )
    today = datetime.now().date()
    options = Options(
        as_of=today,
        standard=standard,
        schema=schema,
        class_name=class_name,
        rules=tuple(rules or ()),
        read=parse_read_options(read or ()),
    )
    runs = assess([target], options).run.exports
    for run in runs:
        if run.error is not None:
            raise run.error
    exports = [run.checked for run in runs if run.checked is not None]
    wanted = choose_checks(exports, checks or ())
    if annotate and len(exports) != 1:
        raise UsageError(
            "only one table can be annotated",
            found=f"{len(exports)} tables in {safe_path(export)}",
            hint="name one file, and one sheet with --read sheet=NAME",
        )
    found = count_records(exports, wanted)
    if not found:
        typer.echo("no record fails: nothing was written", err=True)
        return
    if annotate:
        rows = write_annotated(output, exports[0], wanted, as_of=today, keep_days=keep_days)
        said = f"{say_count(rows, 'row')} with faults beside them"
    else:
        rows = write_worklist(output, exports, wanted, as_of=today, keep_days=keep_days)
        said = say_count(rows, "failing value")
    typer.echo(f"{safe_path(output)}: {said}; personal data, delete in {keep_days} days", err=True)
