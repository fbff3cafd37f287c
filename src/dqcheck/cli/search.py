"""`dqcheck standard search`: finds a code or slot by whatever people call it."""

from __future__ import annotations

__all__ = ["search"]

from typing import TYPE_CHECKING, Annotated

import typer

from dqcheck.cli.output import print_text
from dqcheck.cli.tables import ShowFormat, align, write_json

if TYPE_CHECKING:
    from dqcheck.standards.search import Hit

_USES_SHOWN = 2


def search(
    text: Annotated[
        str, typer.Argument(help="A code, a name, a synonym, an abbreviation or a header.")
    ],
    code_list: Annotated[
        str | None,
        typer.Option("--list", help="Look in this code list only.", show_default=False),
    ] = None,
    limit: Annotated[int, typer.Option(min=1, help="How many to show at most.")] = 15,
    output_format: Annotated[
        ShowFormat, typer.Option("--format", help="How to write it.")
    ] = ShowFormat.TEXT,
) -> None:
    """Find codes and slots by whatever people call them, in all standards and code lists.

    The best come first. Misspelt and abbreviated words are found too. As with grep, the exit code
    is 1 if nothing was found.

    Example: dqcheck standard search "dk brn"
    """
    from dataclasses import asdict

    from dqcheck import standards
    from dqcheck.standards.search import search as find

    only = standards.open_code_list(code_list).name if code_list else ""
    hits = find(text, only=only, limit=limit)
    if output_format is ShowFormat.JSON:
        print_text(write_json([asdict(hit) for hit in hits]))
    elif hits:
        head = ("where", "code or slot", "title", "found by", "used by")
        print_text("\n".join(align([head, *map(_describe, hits)])) + "\n")
    else:
        typer.echo("nothing is called that, or anything like it", err=True)
    if not hits:
        raise typer.Exit(1)


def _describe(hit: Hit) -> tuple[str, ...]:
    found_by = hit.matched_by
    if hit.matched not in (hit.name, hit.title):
        found_by = f'{found_by} "{hit.matched}"'
    more = len(hit.used_by) - _USES_SHOWN
    uses = [*hit.used_by[:_USES_SHOWN], f"and {more} more"] if more > 0 else hit.used_by
    return hit.place, hit.name, hit.title, found_by, ", ".join(uses)
