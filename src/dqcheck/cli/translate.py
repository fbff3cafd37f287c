"""`dqcheck standard translate`: what the codes of one list are in another."""

from __future__ import annotations

__all__ = ["TranslateFormat", "translate"]

import csv
import io
import json
from collections.abc import Iterator
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from dqcheck.cli.output import print_text

if TYPE_CHECKING:
    from dqcheck.standards.crosswalks import Translation
    from dqcheck.standards.plan import EnumPlan

_COLUMNS = (
    "code", "title", "target", "target_title", "predicate", "loss", "via", "reason",
)  # fmt: skip


class TranslateFormat(StrEnum):
    """How `translate` writes."""

    TEXT = "text"
    JSON = "json"
    CSV = "csv"


def translate(
    source: Annotated[str, typer.Argument(help="The code list to translate from.")],
    target: Annotated[str, typer.Argument(help="The code list to translate to.")],
    codes: Annotated[
        list[str] | None,
        typer.Argument(help="Codes of the first list; all by default.", show_default=False),
    ] = None,
    output_format: Annotated[
        TranslateFormat, typer.Option("--format", help="How to write it.")
    ] = TranslateFormat.TEXT,
) -> None:
    """Translate codes from one list to another, stating what is lost.

    A code is refused, with the reason, where no translation is sound: where the other list has
    only narrower codes, only something like it, several codes or none.

    Example: dqcheck standard translate NomisHairColour NcicHairColour BROWN GINGER
    """
    from dqcheck import standards
    from dqcheck.standards.crosswalks import translate_codes

    found = translate_codes(source, target, codes or None)
    lists = standards.open_code_list(source), standards.open_code_list(target)
    match output_format:
        case TranslateFormat.JSON:
            ends = {"source": lists[0].name, "target": lists[1].name}
            data = ends | {"translations": _rows(found, *lists)}
            print_text(json.dumps(data, ensure_ascii=False, indent=2) + "\n")
        case TranslateFormat.CSV:
            print_text(_write_csv(_rows(found, *lists)))
        case TranslateFormat.TEXT:
            print_text("\n".join(_describe(found, *lists)) + "\n")


def _rows(
    found: tuple[Translation, ...], source: EnumPlan, target: EnumPlan
) -> list[dict[str, str]]:
    own = {value.code: value.title for value in source.values}
    titles = {value.code: value.title for value in target.values}
    rows = []
    for one in found:
        cells = (
            one.code,
            own[one.code],
            one.target,
            titles.get(one.target, ""),
            one.predicate or "",
            one.loss,
            "; ".join(one.via),
            one.reason,
        )
        rows.append(dict(zip(_COLUMNS, map(str, cells), strict=True)))
    return rows


def _write_csv(rows: list[dict[str, str]]) -> str:
    out = io.StringIO()
    writer = csv.DictWriter(out, _COLUMNS, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


def _describe(found: tuple[Translation, ...], source: EnumPlan, target: EnumPlan) -> Iterator[str]:
    """Yield a line a code, and a count."""
    own = {value.code: _say(value.code, value.title) for value in source.values}
    other = {value.code: _say(value.code, value.title) for value in target.values}
    yield f"{source.name} to {target.name}"
    width = max(len(own[one.code]) for one in found)
    for one in found:
        if one.refused:
            says = f"refused: {one.reason}"
        else:
            via = f"; via {', '.join(one.via)}" if one.via else ""
            says = f"{other[one.target]}; lost: {one.loss}{via}"
        yield f"  {own[one.code]:<{width}}  {says}"
    sound = [one for one in found if not one.refused]
    exact = sum(one.loss == "nothing" for one in sound)
    yield (
        f"{len(sound)} of {len(found)} translated, {exact} without loss; "
        f"{len(found) - len(sound)} refused"
    )


def _say(code: str, title: str) -> str:
    return code if code.casefold() == title.casefold() else f"{code} ({title})"
