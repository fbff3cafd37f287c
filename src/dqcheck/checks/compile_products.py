"""What one rule becomes for one class."""

from __future__ import annotations

__all__ = ["Product", "Source", "compile_rule"]

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from dqcheck.documents import MapNode, TextNode
from dqcheck.documents.rules import Fresh, Newest, RefersTo, Rows, Rule
from dqcheck.documents.validate import node_at
from dqcheck.errors import ConfigurationError, Place, raise_together, suggest
from dqcheck.expressions.evaluate import slots_of
from dqcheck.expressions.parse import Locate, Node, parse
from dqcheck.expressions.resolve import resolve
from dqcheck.model import Check, CrossCheck, Reference, TableCheck, TableCheckKind, Tolerance
from dqcheck.standards.plan import ClassPlan, Plan, SlotPlan

Product = Check | TableCheck | Reference | CrossCheck
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
        return _reference(plan, class_plan, rule, rule.exists_in, nodes, source)
    for name, record in rule.refers_to.items():
        return _cross_check(plan, class_plan, rule, name, record, nodes, source)
    slots = {slot.name: slot for slot in class_plan.slots}
    return _row_check(plan, class_plan, slots, rule, nodes, source)


def _said(rule: Rule, source: Source) -> dict[str, Any]:
    return {
        "title": rule.title,
        "message": rule.message or rule.title,
        "why": rule.rationale or "",
        "fix": rule.fix or "",
        "source": source.label,
        "authority": rule.authority or "",
        "purposes": tuple(sorted(set(rule.purposes))),
    }


def _row_check(
    plan: Plan,
    class_plan: ClassPlan,
    slots: Mapping[str, SlotPlan],
    rule: Rule,
    nodes: Mapping[str, Node],
    source: Source,
) -> Check:
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
        **_said(rule, source),
    )


def _cross_check(
    plan: Plan,
    class_plan: ClassPlan,
    rule: Rule,
    name: str,
    record: RefersTo,
    nodes: Mapping[str, Node],
    source: Source,
) -> CrossCheck:
    other = _class(plan, record.of, source.at("refers_to", name, "class"))
    target = next((slot for slot in other.slots if slot.identifier), None)
    if target is None:
        raise ConfigurationError(
            f"{other.name} has no identifier, so that nothing can refer to it",
            place=source.at("refers_to", name, "class"),
        )
    slots = {slot.name: slot for slot in class_plan.slots}
    if name in slots:
        raise ConfigurationError(
            f'"{name}" is a slot of {class_plan.name}',
            place=source.at("refers_to"),
            hint="call the other record something else",
        )
    _single(class_plan, record.by, source.at("refers_to", name, "by"))
    theirs = {
        f"{name}.{slot.name}": replace(slot, name=f"{name}.{slot.name}")
        for slot in other.slots
        if not slot.multivalued
    }
    check = _row_check(plan, class_plan, slots | theirs, rule, nodes, source)
    # Where there is no such record, nothing can be said, not even that a slot of it is missing.
    found: Any = ["present", f"{name}.{target.name}"]
    expression = ["if", found, check.expression, _NOTHING]
    slots_read = tuple(sorted({*slots_of(expression), record.by}))
    check = replace(check, expression=expression, slots=slots_read)
    return CrossCheck(check, name, record.by, other.name, target.name)


def _class(plan: Plan, name: str, place: Place) -> ClassPlan:
    found = plan.classes.get(name)
    if found is None:
        raise ConfigurationError(
            f'no class "{name}" in {plan.name}', place=place, hint=suggest(name, plan.classes)
        )
    return found


def _single(class_plan: ClassPlan, name: str, place: Place) -> None:
    """Refuse a slot that is not there or holds a list."""
    names = [slot.name for slot in class_plan.slots if not slot.multivalued]
    if name not in names:
        raise ConfigurationError(
            f'no slot "{name}" with one value in {class_plan.name}',
            place=place,
            hint=suggest(name, names),
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
        **_said(rule, source),
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
        **_said(rule, source),
    )


def _reference(
    plan: Plan,
    class_plan: ClassPlan,
    rule: Rule,
    target: str,
    nodes: Mapping[str, Node],
    source: Source,
) -> Reference:
    place = source.at("exists_in")
    class_name, _, slot_name = target.partition(".")
    _single(_class(plan, class_name, place), slot_name, place)
    own = class_plan.slot(rule.target)
    if own is None or own.multivalued:
        raise ConfigurationError(
            f'"{rule.target}", the middle of the id, must be a slot with one value',
            place=source.at("id"),
        )
    slots = {slot.name: slot for slot in class_plan.slots}
    when = nodes.get("when")
    return Reference(
        id=rule.id,
        slot=rule.target,
        target_class=class_name,
        target_slot=slot_name,
        severity=rule.severity,
        when=None if when is None else resolve(when, slots, plan.enums, expect="boolean"),
        tolerance=Tolerance(rule.tolerance.count, rule.tolerance.share),
        **_said(rule, source),
    )
