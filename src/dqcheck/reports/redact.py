"""The one place that decides which headers and values of an export leave the process."""

from __future__ import annotations

__all__ = ["Redaction", "redact"]

from dataclasses import dataclass

import polars as pl

from dqcheck.model import Column, Privacy
from dqcheck.privacy import fold, may_show, safe_name, shape
from dqcheck.results import Checked
from dqcheck.standards.plan import EnumPlan


@dataclass(frozen=True, slots=True)
class Redaction:
    """What may be shown of one export.

    Attributes:
        headers_shown: Whether headers show as they are. Where the first row looks like data, or
            no header is one of the standard's, a header may be a value: its shape shows.
        show_values: Whether values of code slots show however rare they are.
        values: For each code slot, the values that may be shown, as sent.
    """

    headers_shown: bool
    show_values: bool
    values: dict[str, frozenset[str]]

    def name_column(self, column: Column) -> str:
        """Return the column's header as it may be shown."""
        return safe_name(column.header) if self.headers_shown else shape(column.header)

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
        words = _words(checked.plan.enums.get(slot.enum or ""))
        known = {fold(word) for word in words}
        common = checked.validation.codes.filter(pl.col("slot") == slot.name)
        values[slot.name] = frozenset(words) | {
            value
            for value, keys in common.select("value", "keys").iter_rows()
            if may_show(value, slot.privacy, known=known, keys=keys, show_values=show_values)
        }
    bound = bool(checked.binding.slots)
    return Redaction(checked.export.headers_trusted and bound, show_values, values)


def _words(enum: EnumPlan | None) -> set[str]:
    if enum is None:
        return set()
    return {
        word for value in enum.values for word in (value.code, value.title, *value.aliases) if word
    }
