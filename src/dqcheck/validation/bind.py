"""From an export's columns to a class's slots."""

from __future__ import annotations

__all__ = ["ROW", "Bound", "bind", "canonical", "match_headers"]

import difflib
import re
import unicodedata
from collections.abc import Container, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

import polars as pl

from dqcheck.expressions.evaluate import Context
from dqcheck.expressions.types import TYPES, parse
from dqcheck.model import Binding, Column, Export, Kind, Match, items_column, kind_column
from dqcheck.standards.plan import ClassPlan, SlotPlan

ROW = "\x1frow"
"""The column of a bound frame that holds the record number (UInt32)."""

_SUGGESTED = 3
_ITEM = pl.Struct({"text": pl.String, "kind": pl.UInt8})


@dataclass(frozen=True, slots=True)
class Bound:
    """An export's rows under the names of a class's slots.

    Attributes:
        frame: `ROW`, then for each slot the columns that `expressions.evaluate.Context` states.
            Slots without a column are null throughout.
        binding: Which column stands for which slot.
        context: For building the class's expressions on `frame`.
        key: The slots of the business key, all of them with a column; empty if there is none.
        cleared: Slots whose cells of nothing but white space have been made missing.
    """

    frame: pl.LazyFrame
    binding: Binding
    context: Context
    key: tuple[str, ...]
    cleared: frozenset[str] = frozenset()

    def without_blanks(self, slots: Sequence[str]) -> Bound:
        """Return the same with cells of nothing but white space missing, in these slots."""
        cells = [
            pl.when(pl.col(slot).str.strip_chars() != "").then(pl.col(slot)).alias(slot)
            for slot in slots
        ]
        cleared = self.cleared.union(slots)
        return replace(self, frame=self.frame.with_columns(cells), cleared=cleared)


def match_headers(columns: Iterable[Column], slots: Iterable[SlotPlan]) -> Binding:
    """Match headers to slots: by exact name, then by case, then by title or alias.

    Case leaves aside capitals, spaces, hyphens and underscores. A slot is given one column only;
    where two could have it, the better match has it, then the first.
    """
    slots = tuple(slots)
    columns = tuple(columns)
    taken: dict[str, tuple[Column, Match]] = {}
    used: set[int] = set()
    for match, names in (
        (Match.EXACT, {slot.column: slot.name for slot in slots}),
        (Match.CASE, {_fold(slot.column): slot.name for slot in slots}),
        (
            Match.ALIAS,
            {
                _fold(alias): slot.name
                for slot in reversed(slots)
                for alias in (slot.name, slot.title, *slot.aliases)
                if alias
            },
        ),
    ):
        for column in columns:
            header = column.header if match is Match.EXACT else _fold(column.header)
            slot_name = names.get(header)
            if column.position in used or slot_name is None or slot_name in taken:
                continue
            taken[slot_name] = (column, match)
            used.add(column.position)
    absent = tuple(slot.name for slot in slots if slot.name not in taken)
    unknown = tuple(
        (column, _suggest(column.header, slots, taken))
        for column in columns
        if column.position not in used
    )
    return Binding(slots=taken, absent=absent, unknown=unknown)


def _fold(text: str) -> str:
    plain = unicodedata.normalize("NFKC", text).casefold()
    return re.sub(r"[\s_\-./]+", "_", plain).strip("_")


def _suggest(header: str, slots: Iterable[SlotPlan], taken: Container[str]) -> tuple[str, ...]:
    """Return the columns that `header` may be meant for, the likeliest first."""
    names = {
        _fold(word): slot.column
        for slot in slots
        if slot.name not in taken
        for word in (*slot.aliases, slot.title, slot.name, slot.column)
        if word
    }
    near = difflib.get_close_matches(_fold(header), names, n=2 * _SUGGESTED, cutoff=0.72)
    return tuple(dict.fromkeys(names[name] for name in near))[:_SUGGESTED]


def bind(export: Export, plan: ClassPlan, *, as_of: date) -> Bound:
    """Return the export's rows under the slots of `plan`."""
    binding = match_headers(export.columns, plan.slots)
    names = set(export.frame.collect_schema().names())
    selected: list[pl.Expr] = [pl.col("row").alias(ROW)]
    kinded: set[str] = set()
    for slot in plan.slots:
        if slot.name not in binding.slots:
            selected.append(pl.lit(None, dtype=pl.String).alias(slot.name))
            if slot.multivalued:
                empty = pl.lit(None, dtype=pl.List(pl.String))
                selected.append(empty.alias(items_column(slot.name)))
            continue
        name = binding.slots[slot.name][0].name
        has_kind = export.strict_kinds and kind_column(name) in names
        if has_kind:
            kinded.add(slot.name)
        selected += _cells(slot, name, has_kind=has_kind, has_items=items_column(name) in names)
    context = Context(
        as_of=as_of,
        multivalued=frozenset(slot.name for slot in plan.slots if slot.multivalued),
        kinded=frozenset(kinded),
    )
    primary = next((key.slots for key in plan.keys if key.primary), ())
    known = all(slot in binding.slots for slot in primary)
    return Bound(
        frame=export.frame.select(selected),
        binding=binding,
        context=context,
        key=primary if known else (),
    )


def _cells(slot: SlotPlan, name: str, *, has_kind: bool, has_items: bool) -> list[pl.Expr]:
    text = pl.col(name)
    nulls = list(slot.null_values)
    if nulls:
        text = pl.when(~text.is_in(nulls)).then(text)
    cells = [text.alias(slot.name)]
    if has_kind:
        kind = pl.col(kind_column(name))
        if nulls:
            kind = pl.when(text.is_not_null() | (kind == int(Kind.TEXT))).then(kind)
        cells.append(kind.alias(kind_column(slot.name)))
    if slot.multivalued:
        if not has_kind:
            items = _split(text, slot.delimiter, nulls)
        elif has_items:
            held = pl.element().struct.field("text").is_not_null()
            items = pl.col(items_column(name)).list.eval(pl.element().filter(held))
        else:
            items = pl.lit(None, dtype=pl.List(_ITEM))
        cells.append(items.alias(items_column(slot.name)))
    return cells


def canonical(slot: SlotPlan, text: pl.Expr) -> pl.Expr:
    """Return what makes two values of a key the same: 1, 01 and +1 of a number, not of a text.

    Values that are not of the slot's type stay as they are; their type check fails.
    """
    if slot.type is None or slot.multivalued or TYPES[slot.type].dtype == pl.String():
        return text
    return pl.coalesce(parse(text, None, slot.type).cast(pl.String), text)


def _split(text: pl.Expr, delimiter: str, nulls: list[str]) -> pl.Expr:
    """Return the values of a multivalued cell; empty ones are missing.

    LinkML's own CSV writer may put brackets around the list.
    """
    bracketed = text.str.starts_with("[") & text.str.ends_with("]")
    inner = pl.when(bracketed).then(text.str.slice(1, text.str.len_chars() - 2)).otherwise(text)
    parts = inner.str.split(delimiter).list.eval(pl.element().str.strip_chars())
    return parts.list.eval(pl.element().filter(~pl.element().is_in(["", *nulls])))
