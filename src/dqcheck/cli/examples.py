"""`dqcheck standard examples`: files that fulfil a standard, and files that do not."""

from __future__ import annotations

__all__ = ["examples"]

from pathlib import Path
from typing import Annotated

import typer

from dqcheck.cli.output import Progress, print_text


def examples(
    name: Annotated[
        str, typer.Argument(help="A packaged standard (person@1.0), or a LinkML schema's path.")
    ],
    out: Annotated[
        Path, typer.Option("-o", "--output", help="The folder to write to; made if need be.")
    ],
    class_name: Annotated[
        str | None,
        typer.Option("--class", help="Of this class only; all by default.", show_default=False),
    ] = None,
) -> None:
    """Write example files: rows that fulfil a standard, and one faulty row for each check.

    Beside the faulty rows stands what dqcheck finds in them, so that a supplier's own checks can
    be tried against the standard. All persons, vehicles and places are invented.

    Example: dqcheck standard examples vehicle -o examples
    """
    from dqcheck import standards
    from dqcheck.publish.example_files import write_examples

    plan = standards.open_named(name)
    # Of a class that can't be checked no row can be said to be right.
    classes = tuple(
        one
        for one in plan.own_classes
        if not any(item.feature == "class" and item.mandatory for item in one.not_checked)
    )
    if class_name is not None:
        classes = (standards.choose_class(plan, class_name),)
    with Progress() as progress:
        left_out = write_examples(plan, classes, out, progress)
    print_text(f"examples of {len(classes)} classes of {plan.name} {plan.version}: {out}\n")
    if left_out:
        print_text(f"no row was found that breaks {len(left_out)} checks: see README.txt there\n")
