"""`dqcheck check`: check exports against a standard and score them."""

from __future__ import annotations

__all__ = ["check", "parse_target"]

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from dqcheck.cli.reading import (
    ClassOption,
    RulesOption,
    SchemaOption,
    StandardOption,
    parse_read_options,
)
from dqcheck.errors import DqcheckError, UsageError

if TYPE_CHECKING:
    from dqcheck.assess import Target


def check(
    exports: Annotated[
        list[str],
        typer.Argument(
            metavar="EXPORT",
            help="Files, globs or - for standard input; Class=FILE binds a file to a class.",
            show_default=False,
        ),
    ],
    standard: StandardOption = None,
    schema: SchemaOption = None,
    class_name: ClassOption = None,
    rules: RulesOption = None,
    read: Annotated[
        list[str] | None,
        typer.Option(
            "--read",
            metavar="NAME=VALUE",
            rich_help_panel="Reading",
            help="How to read: format, encoding, delimiter, quote, header_row, header, sheet, "
            "skip_rows, skip_footer, max_bytes; repeatable. Found out by default.",
        ),
    ] = None,
    report: Annotated[
        list[str] | None,
        typer.Option(
            "--report",
            "-r",
            metavar="FORMAT=PATH",
            rich_help_panel="Reports",
            help="Write a report: text, json; - is standard output; repeatable.",
        ),
    ] = None,
    findings: Annotated[
        Path | None,
        typer.Option(
            "--findings",
            rich_help_panel="Reports",
            help="Write every finding to this .parquet or .csv file.",
        ),
    ] = None,
    fail_on: Annotated[
        str,
        typer.Option(
            "--fail-on",
            help="Least severity that fails the gate: info, warning, violation or never.",
        ),
    ] = "violation",
    ignore: Annotated[
        list[str] | None,
        typer.Option(
            "--ignore", metavar="ID", help="Check that the gate leaves aside; repeatable."
        ),
    ] = None,
    unique_within: Annotated[
        str,
        typer.Option(
            "--unique-within",
            help="Where keys are unique: run (all exports of a class together) or export.",
        ),
    ] = "run",
    as_of: Annotated[
        datetime | None,
        typer.Option(
            "--as-of",
            formats=["%Y-%m-%d"],
            help="The day that counts as today.",
            show_default=False,
        ),
    ] = None,
    show_values: Annotated[
        bool,
        typer.Option(
            "--show-values",
            rich_help_panel="Reports",
            help="Show rare values of code columns too; on a terminal only.",
        ),
    ] = False,
) -> None:
    """Check exports against a standard, score them, and judge them with one exit code.

    Example: dqcheck check persons.csv --standard person --report json=run.json
    """
    import os

    from dqcheck.assess import Options, assess, explain_failure
    from dqcheck.cli.output import Progress, is_terminal, print_reports, refuse_overwriting
    from dqcheck.privacy import check_show_values
    from dqcheck.reports import parse_report_option
    from dqcheck.results import FailOn, GateOptions, UniqueWithin
    from dqcheck.store.keys import load_key

    if fail_on not in list(FailOn):
        raise UsageError(
            f"there is no severity {fail_on!r}",
            found=f"--fail-on {fail_on}",
            hint=f"choose {', '.join(FailOn)}",
        )
    if unique_within not in list(UniqueWithin):
        raise UsageError(
            f"identifiers can't be unique within {unique_within!r}",
            found=f"--unique-within {unique_within}",
            hint=f"choose {' or '.join(UniqueWithin)}",
        )
    reports = [parse_report_option(text) for text in report or ()]
    targets = [parse_target(text) for text in exports]
    refuse_overwriting(
        [*(item.path for item in reports if item.path), *([findings] if findings else [])],
        [
            *(str(target.source) for target in targets),
            *([schema] if schema else []),
            *(rules or ()),
        ],
    )
    if show_values:
        check_show_values(os.environ, to_terminal=is_terminal())
    with Progress() as progress:
        options = Options(
            as_of=(as_of or datetime.now()).date(),
            standard=standard,
            schema=schema,
            class_name=class_name,
            rules=tuple(rules or ()),
            read=parse_read_options(read or ()),
            gate=GateOptions(fail_on=FailOn(fail_on), ignored=frozenset(ignore or ())),
            unique_within=UniqueWithin(unique_within),
            key=load_key(os.environ),
            show_values=show_values,
            progress=progress,
        )
        try:
            assessment = assess(targets, options)
        except DqcheckError as error:
            assessment = explain_failure(targets, options, error)
        if findings is not None:
            from dqcheck.reports.findings import write_findings

            progress("writing the findings")
            write_findings(findings, assessment.run)
        bundle = assessment.bundle
    print_reports(reports, bundle)
    raise typer.Exit(assessment.exit_code)


def parse_target(text: str) -> Target:
    """Return the export that an argument names: `FILE` or `Class=FILE`."""
    from dqcheck.assess import Target

    name, equals, path = text.partition("=")
    named = equals and path and name.replace("_", "").replace(" ", "").isalnum()
    if named and not Path(text).exists():
        return Target(path, name)
    return Target(text)
