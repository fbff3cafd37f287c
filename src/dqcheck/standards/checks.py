"""From conditions to checks: ids, words, severity and dimension."""

from __future__ import annotations

__all__ = ["Words", "add_check", "make_check", "name_check", "narrow"]

from collections.abc import Sequence
from dataclasses import dataclass, replace

from dqcheck.expressions.evaluate import slots_of
from dqcheck.model import Check, Dimension, Severity
from dqcheck.standards.conditions import TRUE, UNKNOWN, Condition, Tree
from dqcheck.standards.constraints import CONSTRAINTS

# Conditions that are decided whether or not there is a value.
_ALWAYS = {
    "required", "recommended", "present", "absent", "deprecated", "abstract", "not_in_class",
    "rule", "class", "designated_type",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Words:
    """What a schema says of the checks of one slot or rule.

    Attributes:
        label: What to call it.
        why: Why it matters, or empty.
        fix: How to put it right, or empty.
        authority: The published document behind it, or empty.
        severity: Instead of violation, or None.
        dimension: Instead of validity, or None.
    """

    label: str
    why: str = ""
    fix: str = ""
    authority: str = ""
    severity: Severity | None = None
    dimension: Dimension | None = None


def name_check(standard: str, owner: str, kind: str) -> str:
    """Return the id of a check of a slot or class; spaces in names become underscores."""
    return f"{standard}.{'_'.join(owner.split())}.{kind}"


def make_check(
    standard: str,
    owner: str,
    condition: Condition,
    words: Words,
    *,
    slot: str | None,
    kind: str = "",
) -> Check:
    """Return the check that a condition becomes.

    Args:
        standard: The plan's name.
        owner: The slot or class, the middle part of the id.
        condition: What must hold.
        words: What the schema says of it.
        slot: The slot the finding hangs on.
        kind: The last part of the id, if it is not the condition's.
    """
    constraint = CONSTRAINTS[condition.kind]
    title = constraint.title.format(slot=words.label, detail=condition.detail)
    message = constraint.message.format(slot=words.label, detail=condition.detail)
    severity, dimension = constraint.severity, constraint.dimension
    if severity is Severity.VIOLATION and words.severity:
        severity = words.severity
    if words.dimension and dimension in (Dimension.VALIDITY, Dimension.CONSISTENCY):
        dimension = words.dimension
    return Check(
        id=name_check(standard, owner, kind or condition.part or condition.kind),
        slot=slot,
        slots=tuple(sorted(slots_of(condition.tree) | ({slot} if slot else set()))),
        dimension=dimension,
        severity=severity,
        expression=condition.tree,
        applies=TRUE if condition.kind in _ALWAYS or slot is None else ["present", slot],
        title=title[:1].upper() + title[1:],
        message=message,
        why=words.why or constraint.why,
        fix=condition.fix or words.fix or constraint.fix.format(detail=condition.detail),
        source=f"schema: {constraint.metaslot}",
        authority=condition.authority or words.authority,
    )


def add_check(checks: list[Check], check: Check) -> None:
    """Add `check`, with a number to its id if the id is taken; the same check is added once."""
    taken = {known.id: known for known in checks}
    number, check_id = 1, check.id
    while check_id in taken:
        if replace(taken[check_id], id=check.id) == check:
            return
        number += 1
        check_id = f"{check.id}_{number}"
    checks.append(replace(check, id=check_id))


def narrow(checks: Sequence[Check], condition: Tree) -> list[Check]:
    """Return `checks` for the rows only of which `condition` is true."""
    sure = ["true", condition]
    return [
        replace(
            check,
            slots=tuple(sorted({*check.slots, *slots_of(condition)})),
            expression=["if", sure, check.expression, UNKNOWN],
            applies=sure if check.applies == TRUE else ["and", sure, check.applies],
        )
        for check in checks
    ]
