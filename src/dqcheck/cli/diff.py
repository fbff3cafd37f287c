"""`dqcheck diff`: what has changed between two versions of a standard, and whom it breaks."""

from __future__ import annotations

__all__ = ["BreakingFor", "diff"]

from collections.abc import Iterator, Sequence
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from dqcheck.cli.output import print_text
from dqcheck.cli.tables import ShowFormat, align, write_json

if TYPE_CHECKING:
    from dqcheck.checks.compare import Change
    from dqcheck.standards.plan import Plan


class BreakingFor(StrEnum):
    """Whom a change must break for the exit code to be 1."""

    ANY = "any"
    PRODUCER = "producer"
    CONSUMER = "consumer"
    NEVER = "never"


_VERSION_HELP = "A packaged standard (person@1.0), or the path of a LinkML schema."


def diff(
    old: Annotated[str, typer.Argument(help=f"The version before. {_VERSION_HELP}")],
    new: Annotated[str, typer.Argument(help=f"The version after. {_VERSION_HELP}")],
    fail_on: Annotated[
        BreakingFor,
        typer.Option(
            "--fail-on", help="Exit 1 on a change that breaks a producer, a consumer, or any."
        ),
    ] = BreakingFor.ANY,
    wording: Annotated[
        bool, typer.Option("--wording", help="Show changes of titles and descriptions too.")
    ] = False,
    output_format: Annotated[
        ShowFormat, typer.Option("--format", help="How to write it.")
    ] = ShowFormat.TEXT,
) -> None:
    """Compare two versions of a standard: what is added, removed, narrowed, widened, retired.

    A change breaks producers if data that was right may be wrong now. It breaks consumers if data
    may now hold, or lack, what it could not before. Exit code 1 if a change breaks somebody.

    Example: dqcheck diff person@1.0 person@1.1 --fail-on producer
    """
    from dqcheck import standards
    from dqcheck.checks.compare import compare

    before, after = standards.open_named(old), standards.open_named(new)
    changes = compare(before, after)
    if output_format is ShowFormat.JSON:
        print_text(_json(before, after, changes))
    else:
        print_text("\n".join(_describe(before, after, changes, wording=wording)) + "\n")
    breaks = {
        BreakingFor.ANY: any(one.breaks_producers or one.breaks_consumers for one in changes),
        BreakingFor.PRODUCER: any(one.breaks_producers for one in changes),
        BreakingFor.CONSUMER: any(one.breaks_consumers for one in changes),
        BreakingFor.NEVER: False,
    }
    if breaks[fail_on]:
        raise typer.Exit(1)


def _json(before: Plan, after: Plan, changes: Sequence[Change]) -> str:
    from dataclasses import asdict

    data = {
        "old": {"standard": before.name, "version": before.version},
        "new": {"standard": after.name, "version": after.version},
        "breaks_producers": any(one.breaks_producers for one in changes),
        "breaks_consumers": any(one.breaks_consumers for one in changes),
        "changes": [asdict(one) for one in changes],
    }
    return write_json(data)


def _describe(
    before: Plan, after: Plan, changes: Sequence[Change], *, wording: bool
) -> Iterator[str]:
    yield f"{before.name} {before.version} -> {after.name} {after.version}"
    reworded = [one for one in changes if one.what == "reworded"]
    real = [one for one in changes if one.what != "reworded"]
    groups = (
        ("Breaks producers: data that was right may be wrong now",
         [one for one in real if one.breaks_producers]),
        ("Breaks consumers: data may hold, or lack, what it could not before",
         [one for one in real if one.breaks_consumers and not one.breaks_producers]),
        ("Breaks nobody",
         [one for one in real if not (one.breaks_producers or one.breaks_consumers)]),
        ("Wording", reworded if wording else []),
    )  # fmt: skip
    for title, group in groups:
        if group:
            yield ""
            yield f"{title} ({len(group)})"
            rows = [(one.what, one.part, one.place, _text(one)) for one in group]
            yield from align(rows, indent="  ")
    if not changes:
        yield "Nothing has changed."
    elif reworded and not wording:
        yield ""
        yield f"{len(reworded)} changes of wording (--wording shows them)"


def _text(one: Change) -> str:
    both = one.breaks_producers and one.breaks_consumers
    return " ".join(part for part in (one.text, "(consumers too)" if both else "") if part)
