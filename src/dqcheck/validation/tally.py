"""What the cells of each slot are: Valid, Other, Default, Invalid, Missing (NHS VODIM)."""

from __future__ import annotations

__all__ = ["Extra", "any_failed", "count_cells", "make_tally", "translations"]

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import polars as pl

from dqcheck.expressions.evaluate import Context, build
from dqcheck.model import SlotTally
from dqcheck.privacy import fold
from dqcheck.standards.plan import EnumPlan, SlotPlan


@dataclass(frozen=True, slots=True)
class Extra:
    """What to count in the query of the checks besides the checks.

    Attributes:
        columns: Further columns over the bound frame.
        aggregates: Aggregations over those columns and over the checks' results, which are
            Boolean columns named by check id.
    """

    columns: dict[str, pl.Expr] = field(default_factory=dict)
    aggregates: dict[str, pl.Expr] = field(default_factory=dict)

    def __or__(self, other: Extra) -> Extra:
        """Return both."""
        return Extra(self.columns | other.columns, self.aggregates | other.aggregates)


def count_cells(
    slot: SlotPlan, enum: EnumPlan | None, violations: Sequence[str], context: Context
) -> Extra:
    """Return the aggregations that `make_tally` needs.

    Args:
        slot: The slot.
        enum: Its code list, where the cell is one code.
        violations: Ids of the checks of the slot whose failure is a violation.
        context: For building expressions.
    """
    name = slot.name
    columns = {f"{name}:present": build(["present", name], context)}
    present = pl.col(f"{name}:present")
    violating = any_failed(violations)
    counted = {
        f"{name}:present": present.sum(),
        f"{name}:violating": violating.sum(),
        f"{name}:invalid": (violating & present).sum(),
    }
    if enum is not None:
        columns[f"{name}:unlisted"] = _is_unlisted(slot, enum)
        unlisted = pl.col(f"{name}:unlisted")
        counted[f"{name}:invalid"] = (unlisted | (violating & present)).sum()
        for role in ("other", "default"):
            codes = [value.code for value in enum.values if value.role == role]
            if codes:
                columns[f"{name}:{role}"] = pl.col(name).is_in(codes)
                counted[f"{name}:{role}"] = (pl.col(f"{name}:{role}") & ~violating).sum()
    return Extra(columns, counted)


def _is_unlisted(slot: SlotPlan, enum: EnumPlan) -> pl.Expr:
    codes = [value.code for value in enum.values]
    return (~pl.col(slot.name).is_in(codes)).fill_null(value=False)


def any_failed(check_ids: Sequence[str]) -> pl.Expr:
    """Return whether one of the checks failed: over Boolean columns named by check id."""
    if not check_ids:
        return pl.lit(value=False)
    return pl.any_horizontal((~pl.col(name)).fill_null(value=False) for name in check_ids)


def make_tally(
    slot: SlotPlan, rows: int, values: Mapping[str, Any], *, translatable: int, repeated: int
) -> SlotTally:
    """Return the tally from the values of `count_cells`.

    Args:
        slot: The slot.
        rows: Rows read.
        values: By name of the aggregation.
        translatable: Cells that equal a code, title or alias but for case and space.
        repeated: Rows whose only violation on the slot is that of a key or reference.
    """

    def value(key: str) -> int:
        return int(values.get(f"{slot.name}:{key}") or 0)

    present, invalid = value("present"), value("invalid")
    other, default = value("other"), value("default")
    return SlotTally(
        slot=slot.name,
        rows=rows,
        valid=present - invalid - other - default,
        other=other,
        default=default,
        invalid=invalid,
        missing=rows - present,
        translatable=translatable,
        violating=value("violating") + repeated,
    )


def translations(enum: EnumPlan) -> dict[str, str]:
    """Return the code for each folded code, title and alias of `enum`; ambiguous ones left out."""
    found: dict[str, str | None] = {}
    for value in enum.values:
        for text in {fold(word) for word in (value.code, value.title, *value.aliases) if word}:
            found[text] = value.code if found.get(text, value.code) == value.code else None
    for value in enum.values:
        # A code always means itself, whatever else uses it as an alias.
        found[fold(value.code)] = value.code
    return {text: code for text, code in found.items() if code is not None}
