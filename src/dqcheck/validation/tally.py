"""What the cells of each slot are: Valid, Other, Default, Invalid, Missing (NHS VODIM)."""

from __future__ import annotations

__all__ = ["add_tally", "any_failed", "invalid_code", "make_tally", "translations"]

from collections.abc import Mapping, Sequence
from typing import Any

import polars as pl

from dqcheck.expressions.evaluate import Context, build
from dqcheck.model import SlotTally
from dqcheck.privacy import fold
from dqcheck.standards.plan import EnumPlan, SlotPlan
from dqcheck.validation.schema import Extra


def invalid_code(slot: SlotPlan, enum: EnumPlan) -> pl.Expr:
    """Return whether the cell has a value that is no code of `enum`; null if missing."""
    return ~pl.col(slot.name).is_in([value.code for value in enum.values])


def add_tally(
    extra: Extra,
    slot: SlotPlan,
    enum: EnumPlan | None,
    violations: Sequence[str],
    context: Context,
) -> Extra:
    """Return `extra` with the aggregations that `make_tally` needs.

    Args:
        extra: What is counted already.
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
        columns[f"{name}:unlisted"] = invalid_code(slot, enum).fill_null(value=False)
        unlisted = pl.col(f"{name}:unlisted")
        counted[f"{name}:invalid"] = (unlisted | (violating & present)).sum()
        for role in ("other", "default"):
            codes = [value.code for value in enum.values if value.role == role]
            if codes:
                columns[f"{name}:{role}"] = pl.col(name).is_in(codes)
                counted[f"{name}:{role}"] = (pl.col(f"{name}:{role}") & ~violating).sum()
    return Extra({**extra.columns, **columns}, {**extra.aggregates, **counted})


def any_failed(check_ids: Sequence[str]) -> pl.Expr:
    """Return whether one of the checks failed: over Boolean columns named by check id."""
    if not check_ids:
        return pl.lit(value=False)
    return pl.any_horizontal((~pl.col(name)).fill_null(value=False) for name in check_ids)


def make_tally(
    slot: SlotPlan, rows: int, values: Mapping[str, Any], translatable: int
) -> SlotTally:
    """Return the tally from the values of `add_tally`."""

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
        violating=value("violating"),
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
