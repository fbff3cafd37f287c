"""What a slot demands by itself, read off its checks, for schema languages that know no more.

Only violations are read: what another tool would refuse must be wrong by the standard too.
"""

from __future__ import annotations

__all__ = ["NUMBERS", "Demand", "name_demand", "read_demand"]

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from dqcheck.model import Check, Severity, Tolerance
from dqcheck.standards.plan import ClassPlan, SlotPlan

NUMBERS = frozenset({"integer", "float", "double", "decimal"})
"""The built-in LinkML types that are numbers."""


@dataclass(frozen=True, slots=True)
class Demand:
    """What one slot demands by itself.

    Attributes:
        required: Whether it must be filled.
        patterns: Regular expressions with search semantics, in Rust's dialect.
        minimum: The least value, as the schema writes it; None where there is none.
        maximum: The largest value, likewise.
        codes: The only values it may have; None where there is no list, or it only warns.
    """

    required: bool = False
    patterns: tuple[str, ...] = ()
    minimum: str | None = None
    maximum: str | None = None
    codes: tuple[str, ...] | None = None


def name_demand(check: Check) -> str:
    """Return which plain demand of one slot a check is, or an empty text if it is none.

    The names are those of the kinds of checks in docs/constraints.md: `required`, `type`, `list`,
    `single_value`, `pattern`, `minimum_value`, `maximum_value`, `permissible_value`; bounds of
    what is no number are `minimum_date` and `maximum_date`.
    """
    strict = check.severity is Severity.VIOLATION and check.tolerance == Tolerance()
    if not strict or check.slot is None or check.slots != (check.slot,) or check.purposes:
        return ""
    return _name(check.expression)


def _name(tree: Any) -> str:
    match tree:
        case ["every", str(), inner]:
            return _name(inner)
        case ["present", str()]:
            return "required"
        case ["valid", str(), str()]:
            return "type"
        case ["listed", str()]:
            return "list"
        case ["scalar", str()]:
            return "single_value"
        case ["matches", ["value", str(), "string"], str()]:
            return "pattern"
        case ["ge", ["value", str(), str()], ["lit", kind, str()]]:
            return "minimum_value" if kind in NUMBERS else "minimum_date"
        case ["le", ["value", str(), str()], ["lit", kind, str()]]:
            return "maximum_value" if kind in NUMBERS else "maximum_date"
        case ["and", ["valid", str(), str()], ["in_enum", ["text", str()], str(), [*_]]]:
            return "permissible_value"
    return ""


def read_demand(class_plan: ClassPlan, slot: SlotPlan) -> Demand:
    """Return what `slot` demands by itself in the class."""
    found: dict[str, list[Any]] = {}
    for check in class_plan.checks:
        if check.slot == slot.name and (kind := name_demand(check)):
            found.setdefault(kind, []).append(_operand(check.expression))
    lists: list[Sequence[str]] = found.get("permissible_value", [])
    least = found.get("minimum_value") or found.get("minimum_date") or [None]
    most = found.get("maximum_value") or found.get("maximum_date") or [None]
    return Demand(
        required="required" in found,
        patterns=tuple(found.get("pattern", ())),
        minimum=least[0],
        maximum=most[0],
        codes=tuple(lists[0]) if lists else None,
    )


def _operand(tree: Any) -> Any:
    """Return the innermost last part of a tree: the pattern, the bound, the codes."""
    match tree:
        case ["and", _, ["in_enum", _, _, codes]]:
            return codes
        case [str(), *_, [*_] as inner]:
            return _operand(inner)
    return tree[-1]
