"""`dqcheck standard`: the packaged standards, and what each demands."""

from __future__ import annotations

__all__ = ["app", "list_packaged", "show"]

import textwrap
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Annotated, Any

import typer

from dqcheck.cli.code_lists import is_code_list, list_packaged_codes, show_code_list
from dqcheck.cli.examples import examples
from dqcheck.cli.output import print_text, surface
from dqcheck.cli.publish import export
from dqcheck.cli.search import search
from dqcheck.cli.tables import ShowFormat, align, write_json
from dqcheck.cli.translate import translate

if TYPE_CHECKING:
    from dqcheck.standards.plan import ClassPlan, EnumPlan, Plan, SlotPlan, Value

app = typer.Typer(
    rich_markup_mode=None,
    no_args_is_help=True,
    help="List the packaged standards, and show what a standard demands.",
)

app.command("code-lists")(list_packaged_codes)
app.command("examples")(examples)
app.command("export")(export)
app.command("search")(search)
app.command("translate")(translate)

_CODES_SHOWN = 12
_CLASSES_SHOWN = 6


_FORMAT = Annotated[ShowFormat, typer.Option("--format", help="How to write it.")]


@app.command("list")
def list_packaged(output_format: _FORMAT = ShowFormat.TEXT) -> None:
    """List the packaged standards.

    Example: dqcheck standard list
    """
    from dataclasses import asdict

    from dqcheck import standards

    found = standards.list_standards()
    if output_format is ShowFormat.JSON:
        print_text(write_json([asdict(one) for one in found]))
        return
    rows = [
        (one.name, one.version, _some(one.classes), one.title or one.description) for one in found
    ]
    head = ("standard", "version", "classes", "what it covers")
    print_text("\n".join(align([head, *rows])) + "\n")


def _some(names: Sequence[str]) -> str:
    more = f" and {len(names) - _CLASSES_SHOWN} more" if len(names) > _CLASSES_SHOWN else ""
    return ", ".join(names[:_CLASSES_SHOWN]) + more


@app.command()
def show(
    name: Annotated[
        str,
        typer.Argument(
            help="A packaged standard (person, person@1), a code list (HairColour, "
            "NomisHairColour), or the path of a LinkML schema."
        ),
    ],
    class_name: Annotated[
        str | None,
        typer.Option("--class", help="Show this class only; all by default.", show_default=False),
    ] = None,
    output_format: _FORMAT = ShowFormat.TEXT,
) -> None:
    """Show the classes and slots of a standard, what each demands, and its code lists.

    Of a code list all codes are shown: dqcheck standard show NomisHairColour

    Example: dqcheck standard show person --class Person
    """
    from dqcheck import standards

    is_path = name.endswith((".yaml", ".yml"))
    if not is_path and is_code_list(name):
        show_code_list(name, as_json=output_format is ShowFormat.JSON)
        return
    plan = standards.open_named(name)
    classes = list(plan.own_classes)
    if class_name is not None:
        classes = [standards.choose_class(plan, class_name)]
    if output_format is ShowFormat.JSON:
        print_text(write_json(_plain(plan, classes)))
    else:
        print_text("\n".join(_describe(plan, classes)) + "\n")


def _plain(plan: Plan, classes: Iterable[ClassPlan]) -> dict[str, Any]:
    """Return the plan as plain data, without its expressions."""
    from dataclasses import asdict

    data = asdict(plan)
    shown = []
    for one in classes:
        part = data["classes"][one.name]
        for check in part["checks"]:
            del check["expression"], check["applies"]
        shown.append(part)
    used = _enums(plan, classes)
    return data | {
        "classes": shown,
        "enums": [part for name, part in data["enums"].items() if name in used],
    }


def _enums(plan: Plan, classes: Iterable[ClassPlan]) -> dict[str, EnumPlan]:
    used = {slot.enum for one in classes for slot in one.slots}
    return {name: enum for name, enum in plan.enums.items() if name in used}


def _describe(plan: Plan, classes: list[ClassPlan]) -> Iterator[str]:
    width = min(surface().width, 100)
    yield f"{plan.name} {plan.version}  {plan.title}".rstrip()
    yield from _wrap(plan.description, width, 2)
    for word, text in (
        ("owner", plan.owner),
        ("licence", plan.license),
        ("schema", plan.schema_id),
    ):
        if text:
            yield f"  {word}: {text}"
    for one in classes:
        yield ""
        yield f"Class {one.name}" + (f": {one.title}" if one.title else "")
        yield from _wrap(one.description, width, 2)
        if not one.closed:
            yield "  Other columns may be sent; they are not checked."
        for slot in one.slots:
            yield ""
            yield from _describe_slot(one, slot, width)
        yield from _describe_rows(one, width)
    enums = _enums(plan, classes)
    if enums:
        yield ""
        yield "Code lists"
    for enum in enums.values():
        yield from _describe_enum(enum, width)


def _describe_slot(one: ClassPlan, slot: SlotPlan, width: int) -> Iterator[str]:
    facts = ["required" if slot.required else "recommended" if slot.recommended else "optional"]
    if slot.identifier:
        facts.append("identifier")
    if slot.multivalued:
        facts.append(f"several values, separated by {slot.delimiter}")
    facts += [f"privacy {slot.privacy}", f"weight {slot.criticality}"]
    if slot.unit:
        facts.append(f"unit {slot.unit}")
    yield f"  {slot.column}" + (f"  {slot.title}" if slot.title else "")
    yield from _wrap("; ".join(facts), width, 6)
    yield from _wrap(slot.description, width, 6)
    # That it must be filled stands in the facts already, and any cell of a table is text.
    unsaid = [".required", ".recommended"] + ([".type"] if slot.type == "string" else [])
    shown = [
        check
        for check in one.checks
        if check.slot == slot.name and not check.id.endswith(tuple(unsaid))
    ]
    for check in shown:
        grade = "" if check.severity == "violation" else f" ({check.severity})"
        yield from _wrap(f"- {check.title}{grade}", width, 6)
    if slot.examples:
        yield from _wrap(f"for example: {', '.join(slot.examples)}", width, 6)
    if slot.aliases:
        yield from _wrap(f"also headed: {', '.join(slot.aliases)}", width, 6)


def _describe_rows(one: ClassPlan, width: int) -> Iterator[str]:
    whole = [check.title for check in one.checks if check.slot is None]
    demands = [*whole, *(key.title for key in one.keys), *(ref.title for ref in one.references)]
    if demands:
        yield ""
        yield "  Of whole records"
    for text in demands:
        yield from _wrap(f"- {text}", width, 6)
    if one.not_checked:
        yield ""
        yield "  Not checked"
    for item in one.not_checked:
        where = f"{item.slot}, " if item.slot else ""
        yield from _wrap(f"- {where}{item.feature}: {item.reason}", width, 6)


def _describe_enum(enum: EnumPlan, width: int) -> Iterator[str]:
    count = f"{len(enum.values)} code" + ("" if len(enum.values) == 1 else "s")
    yield ""
    yield f"  {enum.name}" + (f"  {enum.title}" if enum.title else "") + f" ({count})"
    yield from _wrap(enum.description, width, 6)
    codes = [value.code + _describe_status(value) for value in enum.values]
    more = [f"and {len(codes) - _CODES_SHOWN} more"] if len(codes) > _CODES_SHOWN else []
    yield from _wrap("; ".join([*codes[:_CODES_SHOWN], *more]), width, 6)
    if enum.source:
        yield from _wrap(f"source: {enum.source}", width, 6)


def _describe_status(value: Value) -> str:
    if value.status == "active":
        return ""
    since = f" on {value.retired_on}" if value.retired_on else ""
    now = f", now {value.replaced_by}" if value.replaced_by else ""
    return f" ({value.status}{since}{now})"


def _wrap(text: str, width: int, indent: int) -> list[str]:
    space = " " * indent
    hanging = space + ("  " if text.startswith("- ") else "")
    return textwrap.wrap(
        " ".join(text.split()),
        width,
        initial_indent=space,
        subsequent_indent=hanging,
        break_long_words=False,
        break_on_hyphens=False,
    )
