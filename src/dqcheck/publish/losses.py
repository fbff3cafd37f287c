"""What a form can't say of a standard, counted from the standard's own checks."""

from __future__ import annotations

__all__ = ["head_lines", "state_losses"]

from collections.abc import Collection, Iterable, Iterator

from dqcheck.checks.rules import packaged_rules
from dqcheck.model import Check, Severity
from dqcheck.standards.demands import name_demand
from dqcheck.standards.plan import ClassPlan, Plan

_NAMED = 3
_BY_SOURCE = {
    "schema: recommended": "slots that should be filled",
    "schema: permissible value: deprecated, status": "retired codes that should be replaced",
    "schema: annotation identifier_check": (
        "check digits, issued ranges and dummies of identifiers"
    ),
    "schema: rules": "conditions between slots",
}
_BY_KIND = {
    "required": "slots that must be filled",
    "type": "types",
    "list": "lists of values",
    "single_value": "single values",
    "pattern": "patterns",
    "minimum_value": "least values",
    "maximum_value": "largest values",
    "minimum_date": "earliest dates and times",
    "maximum_date": "latest dates and times",
    "permissible_value": "code lists",
    "unique": "identifiers that must be different in each record",
    "unique_key": "values that together must be different in each record",
    "reference": "references to records of another class",
}
_SOFT = "demands that only warn"
_OTHER = "other demands of the schema"
_RULES = "rules of the standard"


def state_losses(plan: Plan, carried: Collection[str]) -> tuple[str, ...]:
    """Return a sentence for each kind of check that a form does not carry over.

    Args:
        plan: The standard.
        carried: The demands that the form does carry over: names of `name_demand`, and `unique`
            (of identifiers), `unique_key` and `reference`.
    """
    rules = packaged_rules(plan)
    groups: dict[str, dict[str, None]] = {}
    for one in plan.classes.values():
        if one.abstract:
            continue
        for what, check_id in _list_lost(one, carried):
            groups.setdefault(what, {})[check_id] = None
        if one.name in rules:
            groups.setdefault(_RULES, {}).update(dict.fromkeys(rules[one.name].ids))
    order = [*_BY_KIND.values(), *_BY_SOURCE.values(), _OTHER, _SOFT, _RULES]
    return tuple(_say(what, list(groups[what])) for what in order if groups.get(what))


def head_lines(plan: Plan, losses: Iterable[str]) -> tuple[str, ...]:
    """Return what stands at the head of a file: what it is made from, and what it lacks."""
    title = f"{plan.title} ({plan.name})" if plan.title else plan.name
    return (
        f"{title} {plan.version}".rstrip() + ", written by dqcheck.",
        *([f"Licence: {plan.license}"] if plan.license else []),
        "dqcheck itself checks more than this file can say:",
        *(f"- {loss}" for loss in losses),
    )


def _list_lost(one: ClassPlan, carried: Collection[str]) -> Iterator[tuple[str, str]]:
    for check in one.checks:
        kind = name_demand(check)
        if kind not in carried:
            yield _BY_KIND.get(kind) or _group(check), check.id
    for key in one.keys:
        kind = "unique" if key.primary else "unique_key"
        if key.severity is not Severity.VIOLATION:
            yield _SOFT, key.id
        elif kind not in carried:
            yield _BY_KIND[kind], key.id
    for reference in one.references:
        if "reference" not in carried:
            yield _BY_KIND["reference"], reference.id


def _group(check: Check) -> str:
    soft = _SOFT if check.severity is not Severity.VIOLATION else _OTHER
    return _BY_SOURCE.get(check.source, soft)


def _say(what: str, ids: list[str]) -> str:
    named = ", ".join(ids[:_NAMED])
    more = f" and {len(ids) - _NAMED} more" if len(ids) > _NAMED else ""
    return f"not carried over: {what} ({named}{more})"
