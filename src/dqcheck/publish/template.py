"""The Excel template of a standard: what a supplier fills in, and `dqcheck check` reads back.

The sheets of the classes come first, since a reader takes the first sheet. A header cell holds the
column's name and nothing else; that it is required is said by its number format, which adds words
to what is shown, and by its colour.
"""

from __future__ import annotations

__all__ = ["write"]

import io
import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dqcheck.checks.rules import load_rules
from dqcheck.errors import Place, UsageError
from dqcheck.privacy import safe_path
from dqcheck.publish.template_words import (
    DEFINITION_HEADS,
    ColumnPlan,
    SheetPlan,
    cut,
    define,
    describe,
    explain,
    guide,
    label,
)
from dqcheck.results import say_count
from dqcheck.standards.choose import choose_class
from dqcheck.standards.demands import read_demand
from dqcheck.standards.plan import ClassPlan, Plan, SlotPlan, Value
from dqcheck.store.files import write_file

if TYPE_CHECKING:
    from xlsxwriter import Workbook  # type: ignore[import-untyped]
    from xlsxwriter.format import Format  # type: ignore[import-untyped]
    from xlsxwriter.worksheet import Worksheet  # type: ignore[import-untyped]

_MOST_SHEETS = 6
# Microsoft, "Excel specifications and limits": items in a drop-down list, and rows of a sheet.
_MOST_OFFERED = 32_767
_LAST_ROW = 1_048_575
_CELL = 32_767
_TITLE = 32
_MESSAGE = 255
_NOTE = 700
_SHEET_NAME = 31

_LISTS, _DEFINITIONS, _READ_ME = "Lists", "Definitions", "Read me"
_LIST_HEADS = ("List", "Code (send this)", "Title", "What it means", "Note")
_LIST_WIDTHS = (26, 30, 40, 60, 24)
_DEFINITION_WIDTHS = (18, 28, 28, 50, 14, 36, 50, 26, 24, 40, 40)
_LINK = DEFINITION_HEADS.index("Code list")
_COLOURS: dict[str, dict[str, Any]] = {
    "required": {"bg_color": "#1F3864", "font_color": "#FFFFFF", "bold": True},
    "recommended": {"bg_color": "#BDD7EE", "font_color": "#000000", "bold": True},
    "optional": {"bg_color": "#F2F2F2", "font_color": "#000000"},
}
_NUMBERS = {"integer": "integer", "decimal": "decimal", "float": "decimal", "double": "decimal"}
_UNCHECKED = (
    "not checked while it is filled in: all but code lists, numbers and dates; the sheet "
    "Definitions says the rest, and dqcheck check finds it",
    "not said: rules that only inform, and rules for a whole file",
)
_FIRST_DAY = date(1900, 1, 1)
# The same standard must give the same bytes, and it has no date of its own.
_CREATED = datetime(2000, 1, 1)

_Rows = tuple[int, int]


def write(plan: Plan, out: Path) -> tuple[str, ...]:
    """Write the template of a standard: one sheet a class of its own, lists and definitions.

    Args:
        plan: The standard.
        out: An `.xlsx` file.

    Returns:
        What the template does not check or say, a sentence each.

    Raises:
        UsageError: If it has too many classes for one workbook, or can't be written there.
    """
    import xlsxwriter

    if out.suffix.casefold() != ".xlsx":
        raise UsageError(
            "an Excel template is written as .xlsx",
            place=Place(safe_path(out)),
            hint="give the file a name that ends with .xlsx",
        )
    default = _find_default(plan)
    classes = _choose_classes(plan, default)
    lists, losses = _choose_lists(plan, classes)
    sheets = _plan_sheets(plan, classes, default, lists)
    content = io.BytesIO()
    with xlsxwriter.Workbook(content, {"in_memory": True}) as book:
        book.set_properties(
            {
                "title": cut(plan.title or plan.name, _MESSAGE),
                "subject": f"{plan.name} {plan.version}".rstrip(),
                "author": cut(plan.owner, _MESSAGE),
                "created": _CREATED,
            }
        )
        _Template(book, plan, lists).fill(sheets)
    write_file(out, content.getvalue())
    return (*_UNCHECKED, *losses)


def _find_default(plan: Plan) -> ClassPlan | None:
    """Return the class that rows are taken to be where none is named, if the schema says."""
    roots = [one for one in plan.classes.values() if one.tree_root and not one.abstract]
    return choose_class(plan, None) if len(roots) == 1 else None


def _choose_classes(plan: Plan, default: ClassPlan | None) -> list[ClassPlan]:
    """Return the standard's own classes that can have rows, the default one first."""
    concrete = [one for one in plan.classes.values() if not one.abstract]
    classes = [
        one
        for one in plan.own_classes or concrete
        # A tree root that is not the default holds nothing but records of another class.
        if one is default or default is None or not one.tree_root
    ]
    if not classes:
        raise UsageError(
            f"the standard {plan.name} has no class that can have rows",
            hint="export a standard that dqcheck standard list names",
        )
    if len(classes) > _MOST_SHEETS:
        raise UsageError(
            f"the standard {plan.name} has {len(classes)} classes, too many for one workbook",
            found=f"classes: {', '.join(one.name for one in classes)}",
            hint="give --class NAME",
        )
    return sorted(classes, key=lambda one: one is not default)


def _choose_lists(
    plan: Plan, classes: Sequence[ClassPlan]
) -> tuple[dict[str, tuple[Value, ...]], list[str]]:
    """Return the codes to offer, by list, and what is said of lists that are too long."""
    names = dict.fromkeys(slot.enum for one in classes for slot in one.slots if slot.enum)
    lists: dict[str, tuple[Value, ...]] = {}
    losses, room = [], _LAST_ROW
    for name in names:
        codes = tuple(one for one in plan.enums[name].values if one.status != "retired")
        if len(codes) > min(_MOST_OFFERED, room):
            losses.append(
                f"not offered: the list {name}: it has {say_count(len(codes), 'code')}, more "
                "than a drop-down takes"
            )
        elif codes:
            lists[name] = codes
            room -= len(codes)
    return lists, losses


def _plan_sheets(
    plan: Plan,
    classes: Sequence[ClassPlan],
    default: ClassPlan | None,
    lists: Mapping[str, tuple[Value, ...]],
) -> list[SheetPlan]:
    taken = {name.casefold() for name in (_LISTS, _DEFINITIONS, _READ_ME, "History")}
    return [
        SheetPlan(
            name=_name_sheet(one.name, taken),
            class_plan=one,
            by_default=one is default,
            columns=tuple(
                ColumnPlan(
                    slot=slot,
                    demand=read_demand(one, slot),
                    enum=plan.enums[slot.enum] if slot.enum else None,
                    codes=lists.get(slot.enum or "", ()),
                )
                for slot in sorted(one.slots, key=_rank)
            ),
            rules=load_rules(plan, one).checks,
        )
        for one in classes
    ]


def _rank(slot: SlotPlan) -> tuple[bool, bool, bool]:
    """Return what sorts the identifier first, then what is required, then recommended."""
    return not slot.identifier, not slot.required, not slot.recommended


def _name_sheet(class_name: str, taken: set[str]) -> str:
    """Return a name that Excel takes for a sheet, like no other (it has a History of its own)."""
    stem = re.sub(r"[\[\]:*?/\\]", "_", class_name).strip("'")[:_SHEET_NAME]
    name, number = stem, 1
    while name.casefold() in taken:
        number += 1
        name = f"{stem[: _SHEET_NAME - 4]} {number}"
    taken.add(name.casefold())
    return name


class _Template:
    """Fills a workbook."""

    def __init__(self, book: Workbook, plan: Plan, lists: Mapping[str, tuple[Value, ...]]) -> None:
        self.book, self.plan, self.lists = book, plan, lists
        self.places = _place_lists(lists)
        top = {"valign": "top", "text_wrap": True}
        self.head = book.add_format({**_COLOURS["required"], **top})
        self.body = book.add_format({**top, "num_format": "@"})
        self.link = book.add_format({**top, "font_color": "#0563C1", "underline": 1})
        self.cells = {name: book.add_format({"num_format": name}) for name in ("@", "yyyy-mm-dd")}
        self.heads = {
            needed: book.add_format(
                {**colours, "num_format": f'General;General;General;@" ({needed})"'}
            )
            for needed, colours in _COLOURS.items()
        }

    def fill(self, sheets: Sequence[SheetPlan]) -> None:
        """Write all sheets; the workbook opens at `Read me`."""
        for sheet in sheets:
            self.add_class(sheet)
        self.add_read_me(sheets)
        self.add_definitions(sheets)
        if self.lists:
            self.add_lists()

    # --- what is filled in

    def add_class(self, plan: SheetPlan) -> None:
        """Add the sheet of a class: its columns, and nothing below them."""
        sheet = self.book.add_worksheet(plan.name)
        sheet.freeze_panes(1, int(plan.columns[0].slot.identifier))
        sheet.autofilter(0, 0, _LAST_ROW, len(plan.columns) - 1)
        sheet.ignore_errors({"number_stored_as_text": "A1:XFD1048576"})
        for at, column in enumerate(plan.columns):
            name = column.slot.column
            width = max(14, len(f"{name} ({column.needed})") + 4)
            sheet.set_column(at, at, width, self.choose_format(column))
            sheet.write_string(0, at, name, self.heads[column.needed])
            note = f"{label(column.slot)}\n{explain(column, _NOTE)}"
            sheet.write_comment(0, at, note, {"width": 400, "height": 200})
            sheet.data_validation(1, at, _LAST_ROW, at, self.validate(column))

    def choose_format(self, column: ColumnPlan) -> Format | None:
        """Return the format that keeps what is typed: text for all but dates and numbers."""
        if column.slot.multivalued:
            return self.cells["@"]
        if column.slot.type == "date":
            return self.cells["yyyy-mm-dd"]
        return None if column.slot.type in _NUMBERS else self.cells["@"]

    def validate(self, column: ColumnPlan) -> dict[str, Any]:
        """Return what Excel offers, says and warns of in the cells of a column."""
        title = label(column.slot)
        return {
            "input_title": cut(title, _TITLE),
            "input_message": explain(column, _MESSAGE),
            "error_title": "Not what the standard asks for",
            "error_message": cut(f"{title} is to be {describe(column)}.", _MESSAGE),
            "error_type": "warning",
            **self.restrict(column),
        }

    def restrict(self, column: ColumnPlan) -> dict[str, Any]:
        """Return which values are offered, or warned of."""
        slot, demand = column.slot, column.demand
        if column.codes:
            first, last = self.places[slot.enum or ""]
            # Only a list that holds all that is right may refuse anything.
            offered = {one.code for one in column.codes}
            whole = demand.codes is not None and offered.issuperset(demand.codes)
            return {
                "validate": "list",
                "source": f"={_LISTS}!$B${first + 1}:$B${last + 1}",
                "error_type": "stop" if whole and not slot.null_values else "warning",
                # Excel knows nothing of cells that hold several values.
                "show_error": not slot.multivalued,
            }
        if slot.multivalued:
            return {"validate": "any"}
        if slot.type == "boolean":
            return {"validate": "list", "source": ["true", "false"]}
        if slot.type == "date":
            bounds = _bound(_as_date(demand.minimum), _as_date(demand.maximum))
            return {"validate": "date", **(bounds or {"criteria": ">=", "value": _FIRST_DAY})}
        bounds = _bound(demand.minimum, demand.maximum)
        if slot.type in _NUMBERS and bounds:
            return {"validate": _NUMBERS[slot.type], **bounds}
        return {"validate": "any"}

    # --- what explains it

    def add_read_me(self, sheets: Sequence[SheetPlan]) -> None:
        """Add the sheet that says what this is and what to do."""
        sheet = self.book.add_worksheet(_READ_ME)
        sheet.activate()
        sheet.hide_gridlines(2)
        sheet.set_column(0, 0, 110)
        wrap = {"text_wrap": True, "valign": "top"}
        formats = {
            "title": self.book.add_format({**wrap, "bold": True, "font_size": 16}),
            "head": self.book.add_format({**wrap, "bold": True, "font_size": 12}),
            "text": self.book.add_format(wrap),
            "command": self.book.add_format({**wrap, "font_name": "Consolas", "indent": 1}),
        }
        for row, (kind, text) in enumerate(guide(self.plan, sheets)):
            sheet.write_string(row, 0, cut(text, _CELL), formats[kind])

    def add_definitions(self, sheets: Sequence[SheetPlan]) -> None:
        """Add the sheet that says what each column means and demands."""
        sheet = self.add_table(_DEFINITIONS, DEFINITION_HEADS, _DEFINITION_WIDTHS)
        sheet.freeze_panes(1, 2)
        rows = [row for plan in sheets for row in define(plan)]
        for number, row in enumerate(rows, 1):
            for column, text in enumerate(row):
                sheet.write_string(number, column, text[:_CELL], self.body)
            if row[_LINK] in self.places:
                target = f"internal:'{_LISTS}'!A{self.places[row[_LINK]][0] + 1}"
                sheet.write_url(number, _LINK, target, self.link, row[_LINK])
        sheet.autofilter(0, 0, len(rows), len(DEFINITION_HEADS) - 1)

    def add_lists(self) -> None:
        """Add the sheet of all code lists, one below the other."""
        sheet = self.add_table(_LISTS, _LIST_HEADS, _LIST_WIDTHS)
        sheet.freeze_panes(1, 2)
        number = 0
        for name, codes in self.lists.items():
            for one in codes:
                number += 1
                note = "" if one.status == "active" else one.status
                for column, text in enumerate((name, one.code, one.title, one.description, note)):
                    sheet.write_string(number, column, text[:_CELL], self.body)
        sheet.autofilter(0, 0, number, len(_LIST_HEADS) - 1)

    def add_table(self, name: str, heads: Sequence[str], widths: Sequence[int]) -> Worksheet:
        """Add a sheet with headers."""
        sheet = self.book.add_worksheet(name)
        sheet.ignore_errors({"number_stored_as_text": "A1:XFD1048576"})
        for column, (head, width) in enumerate(zip(heads, widths, strict=True)):
            sheet.set_column(column, column, width)
            sheet.write_string(0, column, head, self.head)
        return sheet


def _place_lists(lists: Mapping[str, tuple[Value, ...]]) -> dict[str, _Rows]:
    """Return the first and last row of each list on the sheet `Lists`, counted from 0."""
    places, row = {}, 1
    for name, codes in lists.items():
        places[name] = (row, row + len(codes) - 1)
        row += len(codes)
    return places


def _as_date(text: str | None) -> date | None:
    """Return a bound as Excel takes it: it has no days before 1900."""
    try:
        day = date.fromisoformat(text or "")
    except ValueError:
        return None
    return day if day >= _FIRST_DAY else None


def _bound(minimum: date | str | None, maximum: date | str | None) -> dict[str, date | str]:
    if minimum is not None and maximum is not None:
        return {"criteria": "between", "minimum": minimum, "maximum": maximum}
    if minimum is not None:
        return {"criteria": ">=", "value": minimum}
    return {"criteria": "<=", "value": maximum} if maximum is not None else {}
