"""`dqcheck standard code-lists`, and how `dqcheck standard show` shows a code list."""

from __future__ import annotations

__all__ = ["is_code_list", "list_packaged_codes", "show_code_list"]

import textwrap
from collections.abc import Iterator
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer

from dqcheck.cli.output import print_text, surface
from dqcheck.cli.tables import align, write_json

if TYPE_CHECKING:
    from dqcheck.standards.plan import EnumPlan, Value


def is_code_list(name: str) -> bool:
    """Return whether `name` is that of a code list: with a capital, or with its file before it."""
    return name[:1].isupper() or "." in name.partition("@")[0]


def list_packaged_codes(
    as_json: Annotated[bool, typer.Option("--json", help="Write JSON.")] = False,
) -> None:
    """List the code lists of other systems, such as NOMIS and NCIC.

    Example: dqcheck standard code-lists
    """
    from dqcheck import standards

    found = standards.list_code_lists()
    if as_json:
        print_text(write_json([asdict(one) for one in found]))
        return
    head = ("code list", "codes", "title", "owner")
    rows = [(one.name, str(one.codes), one.title, one.owner) for one in found]
    print_text("\n".join(align([head, *rows])) + "\n")


def show_code_list(name: str, *, as_json: bool) -> None:
    """Print a code list with all its codes.

    Raises:
        UsageError: If there is no such list.
    """
    from dqcheck import standards

    found = standards.open_code_list(name)
    print_text(write_json(asdict(found)) if as_json else "\n".join(_describe(found)) + "\n")


def _describe(found: EnumPlan) -> Iterator[str]:
    width = min(surface().width, 100)
    count = f"{len(found.values)} code" + ("" if len(found.values) == 1 else "s")
    yield f"{found.name}  {found.title} ({count})"
    for text in (
        found.description,
        f"source: {found.source}" if found.source else "",
        f"owner: {found.owner}" if found.owner else "",
        f"licence: {found.licence}" if found.licence else "",
    ):
        yield from textwrap.wrap(
            " ".join(text.split()), width, initial_indent="  ", subsequent_indent="  "
        )
    yield ""
    yield from align([(value.code, _say(value)) for value in found.values], indent="  ")


def _say(value: Value) -> str:
    facts = [value.status] if value.status != "active" else []
    facts += {"default": ["means unknown"], "other": ["means other"]}.get(value.role, [])
    title = "" if value.title == value.code else value.title
    return " ".join([title, f"[{', '.join(facts)}]" if facts else ""]).strip()
