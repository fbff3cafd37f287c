"""The one place that decides which headers and values of an export leave the process."""

from __future__ import annotations

__all__ = ["Redaction", "hide_words", "redact", "shape_failing"]

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import polars as pl

from dqcheck.model import Binding, Column, Privacy
from dqcheck.privacy import fold, is_column_name, may_show, safe_name, shape, shape_cells
from dqcheck.results import Checked
from dqcheck.standards.plan import ClassPlan, EnumPlan

_YES_OR_NO = frozenset({"true", "false", "t", "f", "yes", "no", "y", "n", "1", "0"})


@dataclass(frozen=True, slots=True)
class Redaction:
    """What may be shown of one export.

    Attributes:
        headers_shown: Whether any header shows as it is. Where the first row looks like data, or
            no header is one of the standard's, all may be values: their shapes show.
        columns: Positions of the columns whose header shows as it is; the others may be values.
        show_values: Whether values of code slots show however rare they are.
        values: For each code slot, the values that may be shown, as sent.
    """

    headers_shown: bool
    columns: frozenset[int]
    show_values: bool
    values: dict[str, frozenset[str]]

    def name_column(self, column: Column) -> str:
        """Return the column's header as it may be shown."""
        shown = column.position in self.columns
        return safe_name(column.header) if shown else shape(column.header)

    def may_show(self, slot: str, value: str) -> bool:
        """Return whether `value` of `slot` may be shown."""
        return slot in self.values and (self.show_values or value in self.values[slot])

    def value_expression(self) -> pl.Expr:
        """Return `value` (String) of the findings frame where it may be shown, else null."""
        allowed = pl.lit(value=False)
        for slot, values in self.values.items():
            shown = (
                pl.lit(value=True) if self.show_values else pl.col("value").is_in(sorted(values))
            )
            allowed = allowed | ((pl.col("slot") == slot) & shown)
        return pl.when(allowed).then(pl.col("value"))


def redact(checked: Checked, *, show_values: bool) -> Redaction:
    """Return what may be shown of `checked`.

    A value of a code slot shows if it is a code, title or alias, or one of the commonest values
    and seen with enough business keys (`privacy.may_show`).
    """
    values: dict[str, frozenset[str]] = {}
    for slot in checked.class_plan.slots:
        if slot.privacy is not Privacy.CODE:
            continue
        listed = checked.plan.enums.get(slot.enum or "")
        words = listed.words if listed else frozenset()
        known = {fold(word) for word in words}
        common = checked.validation.codes.filter(pl.col("slot") == slot.name)
        values[slot.name] = words | {
            value
            for value, keys in common.select("value", "keys").iter_rows()
            if may_show(value, slot.privacy, known=known, keys=keys, show_values=show_values)
        }
    headers_shown = checked.export.headers_trusted and bool(checked.binding.slots)
    columns = _find_names(checked.binding) if headers_shown else frozenset[int]()
    return Redaction(headers_shown, columns, show_values, values)


def _find_names(binding: Binding) -> frozenset[int]:
    """Return the positions of the headers that are no values.

    Those that are, or nearly are, the name of a slot; and those that look like names of columns,
    where most headers are those of slots.
    """
    matched = [column for column, _ in binding.slots.values()]
    known = {fold(column.header) for column in matched}
    headed = sum(1 for column, _ in binding.unknown if column.header)
    mostly_known = len(matched) > headed
    return frozenset(column.position for column in matched) | {
        column.position
        for column, suggestions in binding.unknown
        if suggestions
        or fold(column.header) in known
        or (mostly_known and is_column_name(column.header))
    }


def shape_failing(class_plan: ClassPlan, enums: Mapping[str, EnumPlan]) -> pl.Expr:
    """Return the shapes of failing cells, from the columns `slot` and `value` (both String)."""
    return shape_cells(hide_words(class_plan, enums))


def hide_words(class_plan: ClassPlan, enums: Mapping[str, EnumPlan]) -> dict[str, frozenset[str]]:
    """Return, by slot, the words that may not show even as shapes (`privacy.shape_cells`).

    Where a slot's values may not show, these are the few that its code list, or a yes or no,
    allows.
    """
    hidden: dict[str, frozenset[str]] = {}
    for slot in class_plan.slots:
        if slot.privacy is Privacy.CODE:
            continue
        own = [check.expression for check in class_plan.checks if check.slot == slot.name]
        lists = {slot.enum or "", *(name for tree in own for name in _find_lists(tree))}
        words = frozenset[str]().union(*(enums[name].words for name in lists if name in enums))
        if slot.type == "boolean":
            words |= _YES_OR_NO
        if words:
            hidden[slot.name] = words
    return hidden


def _find_lists(tree: Any) -> Iterator[str]:
    """Yield the code lists that an expression tree asks for: a slot may have one in part only."""
    if isinstance(tree, list):
        if tree and tree[0] == "in_enum":
            yield tree[2]
        for part in tree:
            yield from _find_lists(part)
