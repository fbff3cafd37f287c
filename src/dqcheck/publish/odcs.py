"""A standard as a data contract: Open Data Contract Standard (Bitol, LF AI & Data) v3.1.0, YAML."""

from __future__ import annotations

__all__ = ["write"]

import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from dqcheck.checks.compiled_rules import CompiledRules
from dqcheck.checks.rules import packaged_rules
from dqcheck.documents.write import write_yaml
from dqcheck.model import Check, Criticality, Dimension, Key, Reference, Severity, TableCheck
from dqcheck.publish.losses import head_lines
from dqcheck.standards.demands import NUMBERS, Demand, name_demand, read_demand
from dqcheck.standards.plan import ClassPlan, Plan, SlotPlan
from dqcheck.store.files import write_file

_LOSSES = (
    "what bears `type: text` is for people: no tool can run it but dqcheck",
    "titles and aliases of codes are left out, and so is what stands for no value",
    "the status is given as active, since a standard has none",
)
_TYPES = {
    "integer": "integer",
    "float": "number",
    "double": "number",
    "decimal": "number",
    "boolean": "boolean",
    "date": "date",
    "datetime": "timestamp",
    "time": "time",
}
_SEVERITIES = {Severity.INFO: "info", Severity.WARNING: "warning", Severity.VIOLATION: "error"}
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")

_Rule = Check | Key | Reference | TableCheck


def write(plan: Plan, out: Path) -> tuple[str, ...]:
    """Write `plan` to the file `out`: an object a class, every check as a quality rule.

    Returns:
        What the contract can't say, a sentence each; they stand in the file too.

    Raises:
        UsageError: If it can't be written.
    """
    rules = packaged_rules(plan)
    contract = {
        "apiVersion": "v3.1.0",
        "kind": "DataContract",
        "id": plan.schema_id or plan.name,
        "name": plan.title or plan.name,
        "version": plan.version or "0.0.0",
        "status": "active",
        "description": _said({"purpose": plan.description, "limitations": "; ".join(_LOSSES)}),
        "customProperties": [
            {"property": word, "value": value}
            for word, value in (
                ("standard", plan.name), ("owner", plan.owner), ("licence", plan.license)
            )
            if value
        ],
        "schema": [
            _object(plan, one, rules.get(one.name, CompiledRules()))
            for one in plan.classes.values()
            if not one.abstract
        ],
    }  # fmt: skip
    head = "".join(f"# {line}\n" for line in head_lines(plan, _LOSSES))
    write_file(out, (head + write_yaml(_said(contract))).encode())
    return _LOSSES


def _said(data: dict[str, Any]) -> dict[str, Any]:
    """Return what has something to say: nothing empty, nothing false."""
    return {key: value for key, value in data.items() if value}


def _object(plan: Plan, one: ClassPlan, rules: CompiledRules) -> dict[str, Any]:
    linked = {reference.slot for reference in one.references if _target(plan, reference)}
    plain = {"required", "type", "list", "single_value", "pattern", "permissible_value"} | {
        f"{end}_{kind}" for end in ("minimum", "maximum") for kind in ("value", "date")
    }
    checks: list[_Rule] = [check for check in one.checks if name_demand(check) not in plain]
    checks += [key for key in one.keys if not (key.primary and len(key.slots) == 1)]
    checks += [reference for reference in one.references if reference.slot not in linked]
    checks += [*rules.checks, *rules.tables, *rules.references]
    checks += [cross.check for cross in rules.cross_checks]
    by_slot: dict[str | None, list[_Rule]] = {}
    known = {slot.name for slot in one.slots}
    for check in checks:
        slot = getattr(check, "slot", None)
        by_slot.setdefault(slot if slot in known else None, []).append(check)
    return _said(
        {
            "name": one.name,
            "logicalType": "object",
            "businessName": one.title,
            "description": one.description,
            "properties": [_property(plan, one, slot, by_slot) for slot in one.slots],
            "quality": list(_texts(by_slot.get(None, ()))),
        }
    )


def _property(
    plan: Plan, one: ClassPlan, slot: SlotPlan, checks: dict[str | None, list[_Rule]]
) -> dict[str, Any]:
    demand = read_demand(one, slot)
    value = _said(
        {
            "logicalType": _TYPES.get(slot.type, "string") if slot.type else "",
            "logicalTypeOptions": _options(slot, demand),
        }
    )
    invalid = list(_invalid(demand))
    shape = (
        {"logicalType": "array", "items": _said({**value, "quality": invalid})}
        if slot.multivalued
        else value
    )
    targets = [
        target
        for reference in one.references
        if reference.slot == slot.name and (target := _target(plan, reference))
    ]
    primary = any(key.primary and key.slots == (slot.name,) for key in one.keys)
    return _said(
        {
            "name": slot.column,
            "businessName": slot.title,
            "description": slot.description,
            **shape,
            "primaryKey": primary,
            "primaryKeyPosition": 1 if primary else None,
            "unique": primary,
            "required": demand.required,
            "classification": slot.privacy.value,
            "criticalDataElement": slot.criticality is Criticality.CRITICAL,
            "examples": list(slot.examples),
            "relationships": [{"type": "foreignKey", "to": target} for target in targets],
            "quality": [*([] if slot.multivalued else invalid), *_texts(checks.get(slot.name, ()))],
        }
    )


def _options(slot: SlotPlan, demand: Demand) -> dict[str, Any]:
    bounds = {"minimum": demand.minimum, "maximum": demand.maximum}
    if slot.type in NUMBERS:
        number = int if slot.type == "integer" else float
        return {word: number(bound) for word, bound in bounds.items() if bound is not None}
    if slot.type in ("date", "datetime", "time"):
        return _said(bounds)
    return {"pattern": demand.patterns[0]} if demand.patterns else {}


def _invalid(demand: Demand) -> Iterator[dict[str, Any]]:
    """Yield what counts values that break a code list, or a second pattern."""
    asked: list[dict[str, Any]] = [{"pattern": pattern} for pattern in demand.patterns[1:]]
    if demand.codes is not None:
        asked.append({"validValues": list(demand.codes)})
    for arguments in asked:
        yield {"metric": "invalidValues", "arguments": arguments, "mustBe": 0}


def _target(plan: Plan, reference: Reference) -> str:
    """Return what a reference leads to, as a contract writes it; empty if it can't."""
    one = plan.classes[reference.target_class]
    slot = one.slot(reference.target_slot)
    if one.abstract or slot is None or reference.severity is not Severity.VIOLATION:
        return ""
    named = _NAME.fullmatch(one.name) and _NAME.fullmatch(slot.column)
    return f"{one.name}.{slot.column}" if named else ""


def _texts(checks: Iterable[_Rule]) -> Iterator[dict[str, Any]]:
    for check in checks:
        dimension = getattr(check, "dimension", None)
        if isinstance(check, Key):
            dimension = Dimension.UNIQUENESS
        if isinstance(check, Reference):
            dimension = Dimension.CONSISTENCY
        yield _said(
            {
                "name": check.id,
                "type": "text",
                "description": check.title,
                "dimension": "conformity" if dimension is Dimension.VALIDITY else str(dimension),
                "severity": _SEVERITIES[check.severity],
                "businessImpact": getattr(check, "why", ""),
            }
        )
