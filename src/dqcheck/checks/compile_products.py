"""What one rule becomes for one class."""

from __future__ import annotations

__all__ = ["Product", "Source", "compile_rule"]

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from dqcheck.documents import MapNode, TextNode
from dqcheck.documents.rules import Fresh, Newest, Rows, Rule
from dqcheck.documents.validate import node_at
from dqcheck.errors import ConfigurationError, Place, raise_together, suggest
from dqcheck.expressions.evaluate import slots_of
from dqcheck.expressions.parse import Locate, Node, parse
from dqcheck.expressions.resolve import resolve
from dqcheck.model import Check, Reference, TableCheck, TableCheckKind, Tolerance
from dqcheck.standards.plan import ClassPlan, Plan

Product = Check | TableCheck | Reference
_TRUE: Any = ["lit", "boolean", "true"]
_NOTHING: Any = ["lit", None, None]
_DATES = ("date", "datetime", "date_or_datetime")


@dataclass(frozen=True, slots=True)
class Source:
    """Where a rule stands.

    Attributes:
        node: The rule's node.
        label: What checks call the document.
    """

    node: MapNode
    label: str

    def at(self, *path: str | int) -> Place:
        """Return the place of a part of the rule."""
        return node_at(self.node, path).place

    def locator(self, key: str) -> Locate:
        """Return what finds the places of the characters of a text of the rule."""
        node = self.node.entries[key]
        assert isinstance(node, TextNode)  # noqa: S101 - what pydantic accepted as a text
        return node.locate


def compile_rule(
    plan: Plan, class_plan: ClassPlan, rule: Rule, nodes: Mapping[str, Node], source: Source
) -> Product:
    """Return what `rule` becomes for a class.

    Args:
        plan: The compiled schema.
        class_plan: The class.
        rule: The rule.
        nodes: Its parsed expressions, by key.
        source: Where it stands.

    Raises:
        ConfigurationError: With all faults of its expressions, slots and classes.
    """
    if rule.rows is not None:
        return _row_count(rule, rule.rows, source)
    if rule.newest is not None:
        return _newest(class_plan, rule, rule.newest, source)
    if rule.exists_in is not None:
        return _reference(plan, class_plan, rule, rule.exists_in, source)
    return _row_check(plan, class_plan, rule, nodes, source)


def _texts(rule: Rule, source: Source) -> dict[str, Any]:
    return {
        "title": rule.title,
        "message": rule.message or rule.title,
        "why": rule.rationale or "",
        "fix": rule.fix or "",
        "source": source.label,
        "authority": rule.authority or "",
    }


def _row_check(
    plan: Plan, class_plan: ClassPlan, rule: Rule, nodes: Mapping[str, Node], source: Source
) -> Check:
    slots = {slot.name: slot for slot in class_plan.slots}
    expected = _fresh(class_plan, rule.fresh, source) if rule.fresh else nodes["expect"]
    faults: list[ConfigurationError] = []
    trees: dict[str, Any] = {}
    for key, node in (("expect", expected), ("when", nodes.get("when"))):
        if node is None:
            continue
        try:
            trees[key] = resolve(node, slots, plan.enums, expect="boolean")
        except ConfigurationError as fault:
            faults.append(fault)
    raise_together(faults)
    expression: Any = trees["expect"]
    applies: Any = _TRUE
    if "when" in trees:
        expression = ["if", trees["when"], expression, _NOTHING]
        # Where the precondition can't be decided the rule can't be either: unknown.
        applies = ["not", ["true", ["not", trees["when"]]]]
    return Check(
        id=rule.id,
        slot=rule.target if rule.target in slots else None,
        slots=tuple(sorted(slots_of(expression))),
        dimension=rule.dimension,
        severity=rule.severity,
        expression=expression,
        applies=applies,
        tolerance=Tolerance(rule.tolerance.count, rule.tolerance.share),
        **_texts(rule, source),
    )


def _fresh(class_plan: ClassPlan, fresh: Fresh, source: Source) -> Node:
    place = source.at("fresh", "slot")
    _date_type(class_plan, fresh.slot, place)
    return parse(f"days_between({{{fresh.slot}}}, today()) <= {fresh.within_days}", place)


def _date_type(class_plan: ClassPlan, name: str, place: Place) -> str:
    slot = class_plan.slot(name)
    if slot is None:
        raise ConfigurationError(
            f'no slot "{name}" in {class_plan.name}',
            place=place,
            hint=suggest(name, (slot.name for slot in class_plan.slots)),
        )
    if slot.multivalued or slot.type not in _DATES:
        raise ConfigurationError(f'"{name}" holds no date', place=place, found=slot.range)
    return slot.type


def _newest(class_plan: ClassPlan, rule: Rule, newest: Newest, source: Source) -> TableCheck:
    return TableCheck(
        id=rule.id,
        kind=TableCheckKind.NEWEST,
        slot=newest.slot,
        dimension=rule.dimension,
        severity=rule.severity,
        max_age_days=newest.within_days,
        type=_date_type(class_plan, newest.slot, source.at("newest", "slot")),
        **_texts(rule, source),
    )


def _row_count(rule: Rule, rows: Rows, source: Source) -> TableCheck:
    return TableCheck(
        id=rule.id,
        kind=TableCheckKind.ROW_COUNT,
        slot=None,
        dimension=rule.dimension,
        severity=rule.severity,
        minimum=rows.minimum,
        maximum=rows.maximum,
        **_texts(rule, source),
    )


def _reference(
    plan: Plan, class_plan: ClassPlan, rule: Rule, target: str, source: Source
) -> Reference:
    place = source.at("exists_in")
    class_name, _, slot_name = target.partition(".")
    other = plan.classes.get(class_name)
    if other is None:
        raise ConfigurationError(
            f'no class "{class_name}" in {plan.name}',
            place=place,
            hint=suggest(class_name, plan.classes),
        )
    names = [slot.name for slot in other.slots if not slot.multivalued]
    if slot_name not in names:
        raise ConfigurationError(
            f'no slot "{slot_name}" with one value in {class_name}',
            place=place,
            hint=suggest(slot_name, names),
        )
    own = class_plan.slot(rule.target)
    if own is None or own.multivalued:
        raise ConfigurationError(
            f'"{rule.target}", the middle of the id, must be a slot with one value',
            place=source.at("id"),
        )
    return Reference(
        id=rule.id,
        slot=rule.target,
        target_class=class_name,
        target_slot=slot_name,
        severity=rule.severity,
        **_texts(rule, source),
    )
