"""What the Excel template says to the people who fill it in, in plain words."""

from __future__ import annotations

__all__ = [
    "DEFINITION_HEADS",
    "ColumnPlan",
    "SheetPlan",
    "cut",
    "define",
    "describe",
    "explain",
    "guide",
    "label",
]

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from dqcheck.expressions.types import TYPES
from dqcheck.model import Check, Key, Privacy, Reference, Severity
from dqcheck.standards.demands import Demand
from dqcheck.standards.plan import ClassPlan, EnumPlan, Plan, SlotPlan, Value

DEFINITION_HEADS = (
    "Sheet",
    "Column",
    "Title",
    "What it means",
    "Needed",
    "Kind of value",
    "What must hold",
    "Code list",
    "Example",
    "Why it matters",
    "How to fix it",
)
"""The headers of the sheet `Definitions`; `define` gives a row's texts in this order."""

# That it must be filled stands beside it, and any cell of a sheet is text.
_UNSAID = ("required", "recommended", "list")


_Demanded = Check | Key | Reference


@dataclass(frozen=True, slots=True)
class ColumnPlan:
    """A column of the template.

    Attributes:
        slot: The slot it stands for.
        demand: What the slot demands by itself.
        enum: Its code list, or None.
        codes: The codes that are offered: none where there is no list, or it is too long.
    """

    slot: SlotPlan
    demand: Demand
    enum: EnumPlan | None
    codes: tuple[Value, ...]

    @property
    def needed(self) -> str:
        """Return `required`, `recommended` or `optional`."""
        if self.slot.required:
            return "required"
        return "recommended" if self.slot.recommended else "optional"


@dataclass(frozen=True, slots=True)
class SheetPlan:
    """A sheet of the template: the columns of one class.

    Attributes:
        name: The sheet's name.
        class_plan: The class.
        by_default: Whether rows are taken to be of this class where none is named.
        columns: In their order.
        rules: What the standard's rules demand on top of the schema.
    """

    name: str
    class_plan: ClassPlan
    by_default: bool
    columns: tuple[ColumnPlan, ...]
    rules: tuple[Check, ...]


def cut(text: str, limit: int) -> str:
    """Return `text` on one line, cut after a word where Excel would not take more of it.

    Args:
        text: Any text.
        limit: How much Excel takes; it counts units of UTF-16.
    """
    text = " ".join(text.split())
    if _units(text) <= limit:
        return text
    while _units(text) >= limit:
        text = text[:-1]
    head, space, _ = text.rpartition(" ")
    return f"{(head if space else text).rstrip(' ,;:')}…"


def _units(text: str) -> int:
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def label(slot: SlotPlan) -> str:
    """Return what to call a column in a sentence."""
    return slot.title or slot.column


def describe(column: ColumnPlan) -> str:
    """Return what kind of value a column holds: `a date as YYYY-MM-DD`."""
    slot = column.slot
    if column.enum is not None:
        kind = f"a code of the list {column.enum.title or column.enum.name}"
    else:
        kind = TYPES[slot.type].words if slot.type else "a value"
    kind += _say_bounds(column.demand)
    return f"{kind}; several with {slot.delimiter} between them" if slot.multivalued else kind


def _say_bounds(demand: Demand) -> str:
    match demand.minimum, demand.maximum:
        case None, None:
            return ""
        case least, None:
            return f", {least} or more"
        case None, most:
            return f", {most} or less"
        case least, most:
            return f", {least} to {most}"


def explain(column: ColumnPlan, limit: int) -> str:
    """Return what a column takes and means, in at most `limit` characters."""
    slot = column.slot
    example = f" (for example {slot.examples[0]})" if slot.examples else ""
    text = f"{column.needed.capitalize()}: {describe(column)}{example}."
    opaque = [one for one in column.codes if one.title not in ("", one.code)]
    if opaque:
        legend = "; ".join(f"{one.code} = {one.title}" for one in opaque)
        fits = _units(f"{text} {legend}.") <= limit
        text += f" {legend}." if fits else " The sheet Lists says what each code means."
    return cut(f"{text} {slot.description}", limit)


def define(sheet: SheetPlan) -> Iterator[tuple[str, ...]]:
    """Yield the rows of the sheet `Definitions`: one a column, then one a demand of whole rows."""
    demands: dict[str | None, list[_Demanded]] = {}
    for name, item in _list_demands(sheet):
        demands.setdefault(name, []).append(item)
    for column in sheet.columns:
        slot = column.slot
        must = dict.fromkeys(map(_say, demands.get(slot.name, ())))
        yield (
            sheet.name,
            slot.column,
            label(slot),
            slot.description,
            column.needed,
            describe(column),
            "\n".join(must),
            column.enum.name if column.enum is not None else "",
            " or ".join(slot.examples),
            slot.why,
            slot.fix,
        )
    for item in demands.get(None, ()):
        reasons = ("", "") if isinstance(item, Key) else (item.why, item.fix)
        yield sheet.name, "(whole row)", "", "", "", "", _say(item), "", "", *reasons


def _list_demands(sheet: SheetPlan) -> Iterator[tuple[str | None, _Demanded]]:
    """Yield what must hold, with the slot that it hangs on; None for the whole row."""
    plan = sheet.class_plan
    texts = {slot.name for slot in plan.slots if slot.type == "string"}
    for check in (*plan.checks, *sheet.rules):
        kind = check.id.rsplit(".", 1)[1]
        unsaid = kind in _UNSAID or (kind == "type" and check.slot in texts)
        if check.severity is not Severity.INFO and not unsaid:
            yield check.slot, check
    for key in plan.keys:
        yield (key.slots[0] if len(key.slots) == 1 else None), key
    for reference in plan.references:
        yield reference.slot, reference


def _say(item: _Demanded) -> str:
    mild = "" if item.severity is Severity.VIOLATION else f" ({item.severity})"
    return f"{item.title}{mild}"


def guide(plan: Plan, sheets: Sequence[SheetPlan]) -> Iterator[tuple[str, str]]:
    """Yield the lines of the sheet `Read me`: `title`, `head`, `text` or `command`, and a text."""
    yield "title", f"{plan.title or plan.name}: template to fill in"
    if plan.description:
        yield "text", " ".join(plan.description.split())
    for word, text in (
        ("Standard", f"{plan.name} {plan.version}".rstrip()),
        ("Owner", plan.owner),
        ("Licence", plan.license),
        ("Schema", plan.schema_id),
    ):
        if text:
            yield "text", f"{word}: {text}"
    yield "head", "What to fill in"
    for sheet in sheets:
        means = sheet.class_plan.description or sheet.class_plan.title or sheet.class_plan.name
        yield "text", f"Sheet {sheet.name}, one row a record: {' '.join(means.split())}"
    yield "head", "How to fill it in"
    for text in _list_advice(sheets):
        yield "text", text
    yield "head", "How to check it"
    yield from _list_commands(plan, sheets)


def _list_advice(sheets: Sequence[SheetPlan]) -> Iterator[str]:
    columns = [column for sheet in sheets for column in sheet.columns]
    yield (
        "Leave row 1 as it is: the columns are found by these names. Columns that are required "
        "must be filled in every row, those that are recommended should be; leave cells empty "
        "where nothing is known, and put nothing above, between or below the rows."
    )
    if any(column.enum is not None for column in columns):
        yield (
            "Where a column has a code list, send the code, not its title. A cell offers the "
            "codes; the sheet Lists has them with their titles and what they mean."
        )
    several = sorted({column.slot.delimiter for column in columns if column.slot.multivalued})
    if several:
        yield f"Columns that hold several values have {' or '.join(several)} between them."
    if any(column.slot.type == "date" for column in columns):
        yield "Type dates as year, month and day: 1985-04-12. Dates before 1900 stay text."
    if any(column.slot.type == "datetime" for column in columns):
        yield "Type dates with a time as text, with a T before the time: 2026-11-01T18:20:00."
    yield (
        "Paste values only (Paste Special, Values): anything else takes away the formats that "
        "keep leading zeros, and the lists. Send values, not formulas."
    )
    yield (
        "The note at a column's name and the sheet Definitions say what the column means, what "
        "must hold, why it matters and how to put it right."
    )
    if all(not sheet.class_plan.closed for sheet in sheets):
        yield "Further columns may stand to the right; they are not checked."
    if any(column.slot.privacy in (Privacy.DIRECT, Privacy.SENSITIVE) for column in columns):
        yield "Once filled in, this file holds personal data: keep and send it as such."


def _list_commands(plan: Plan, sheets: Sequence[SheetPlan]) -> Iterator[tuple[str, str]]:
    standard = f"--standard {plan.name}" + (f"@{plan.version}" if plan.version else "")
    if plan.source != "packaged":
        standard = f"--schema {_quote(f'{plan.name}.yaml')}"
    file = _quote(f"{plan.name}.xlsx")
    yield (
        "text",
        f"Excel warns of some faults only. Save this workbook as {file}, then run dqcheck on it:",
    )
    for number, sheet in enumerate(sheets):
        options = [f"dqcheck check {file} {standard}"]
        if not sheet.by_default:
            options.append(f"--class {_quote(sheet.class_plan.name)}")
        if number:
            options.append(f"--read {_quote(f'sheet={sheet.name}')}")
        yield "command", " ".join(options)
    names = {sheet.class_plan.name: sheet.class_plan for sheet in sheets}
    if any(one.target_class in names for item in names.values() for one in item.references):
        yield (
            "text",
            "Each command reads one sheet. To check that rows of one sheet refer to rows of "
            "another, save each sheet as CSV UTF-8 and check them together:",
        )
        files = " ".join(_quote(f"{name}={name}.csv") for name in names)
        yield "command", f"dqcheck check {files} {standard}"
    yield (
        "text",
        "Exit 0: nothing must be put right. Exit 1: the report says what must be. Exit 3: the "
        "sheet has no rows, or could not be read.",
    )


def _quote(word: str) -> str:
    return f'"{word}"' if " " in word else word
