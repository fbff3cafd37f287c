"""A standard in words: what its pages say of classes, slots, checks and codes."""

from __future__ import annotations

__all__ = ["ClassNotes", "Note", "describe_kind", "describe_need", "describe_value", "note_class"]

from collections.abc import Iterable
from dataclasses import dataclass

from dqcheck.checks.compiled_rules import CompiledRules
from dqcheck.model import Check, Key, NotChecked, Reference, TableCheck
from dqcheck.standards.plan import ClassPlan, Plan, SlotPlan, Value

_KINDS = {
    "string": "text",
    "integer": "whole number",
    "decimal": "number",
    "float": "number",
    "double": "number",
    "boolean": "true or false",
    "datetime": "date and time",
}
_ROLES = {"default": "means unknown", "other": "means other"}
_SURENESS = {"single-source": "from one source", "editorial": "our own"}


@dataclass(frozen=True, slots=True)
class Note:
    """A check, in words.

    Attributes:
        id: The check's id.
        title: What it demands.
        severity: violation, warning or info.
        slot: The slot it hangs on; empty for one of whole records.
        why: Why it matters.
        fix: How to put it right.
        authority: The published document behind it.
        purposes: The uses of the data that need it.
    """

    id: str
    title: str
    severity: str
    slot: str = ""
    why: str = ""
    fix: str = ""
    authority: str = ""
    purposes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ClassNotes:
    """What a class demands.

    Attributes:
        slots: What the schema demands of single slots, by slot.
        records: What the schema demands of whole records.
        rules: The rules of the rules pack.
        not_checked: What is not checked.
    """

    slots: dict[str, tuple[Note, ...]]
    records: tuple[Note, ...]
    rules: tuple[Note, ...]
    not_checked: tuple[NotChecked, ...]


def note_class(one: ClassPlan, rules: CompiledRules) -> ClassNotes:
    """Return what a class demands, by its schema and by its rules."""
    own = [
        *map(_note, one.checks),
        *map(_note, one.keys),
        *map(_note, one.references),
    ]
    by_slot: dict[str, list[Note]] = {slot.name: [] for slot in one.slots}
    for note in own:
        # Any cell of a table is text.
        if note.slot in by_slot and not _says_nothing(one, note):
            by_slot[note.slot].append(note)
    added: Iterable[Check | TableCheck | Reference] = (
        *rules.checks,
        *rules.tables,
        *rules.references,
        *(cross.check for cross in rules.cross_checks),
    )
    return ClassNotes(
        slots={name: tuple(notes) for name, notes in by_slot.items()},
        records=tuple(note for note in own if note.slot not in by_slot),
        rules=tuple(_note(check) for check in added),
        not_checked=(*one.not_checked, *rules.not_checked),
    )


def _says_nothing(one: ClassPlan, note: Note) -> bool:
    slot = one.slot(note.slot)
    return slot is not None and slot.type == "string" and note.id.endswith(".type")


def _note(check: Check | Key | Reference | TableCheck) -> Note:
    if isinstance(check, Key):
        slot = check.slots[0] if len(check.slots) == 1 else ""
        return Note(check.id, check.title, str(check.severity), slot)
    return Note(
        id=check.id,
        title=check.title,
        severity=str(check.severity),
        slot=check.slot or "",
        why=check.why,
        fix=check.fix,
        authority=check.authority,
        purposes=check.purposes,
    )


def describe_need(slot: SlotPlan) -> str:
    """Return whether a slot must be filled: `required`, `recommended` or `optional`."""
    if slot.required:
        return "required"
    return "recommended" if slot.recommended else "optional"


def describe_kind(plan: Plan, slot: SlotPlan) -> str:
    """Return what a slot holds, in words."""
    if slot.enum in plan.enums:
        kind = plan.enums[slot.enum].title or slot.enum
    elif slot.range in plan.classes:
        kind = f"refers to {plan.classes[slot.range].title or slot.range}"
    else:
        kind = _KINDS.get(slot.type or "", slot.type or slot.range)
    unit = f", in {slot.unit}" if slot.unit else ""
    several = f", several with {slot.delimiter} between" if slot.multivalued else ""
    return f"{kind}{unit}{several}"


def describe_value(value: Value) -> str:
    """Return the status of a code, in words; `active` if there is nothing else to say."""
    facts = []
    if value.status == "retired":
        since = f" on {value.retired_on}" if value.retired_on else ""
        now = f", now {value.replaced_by}" if value.replaced_by else ""
        facts.append(f"retired{since}{now}")
    elif value.status != "active":
        facts.append(value.status)
    if value.role in _ROLES:
        facts.append(_ROLES[value.role])
    if value.confirmed in _SURENESS:
        facts.append(_SURENESS[value.confirmed])
    return "; ".join(facts) or "active"
