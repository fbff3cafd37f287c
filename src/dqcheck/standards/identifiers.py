"""Identifiers: what the annotation `identifier_check` demands beside type and pattern."""

from __future__ import annotations

__all__ = ["identifier_conditions", "slot_identifier_conditions"]

from collections.abc import Sequence
from dataclasses import replace

from dqcheck.expressions.identifiers import DUMMIES, KINDS
from dqcheck.expressions.identifiers.kind import Kind
from dqcheck.standards.annotations import Notes
from dqcheck.standards.conditions import UNKNOWN, Condition, Tree, join
from dqcheck.standards.constraints import CONSTRAINTS


def identifier_conditions(notes: Notes, at: str, before: list[Condition]) -> list[Condition]:
    """Return what the kind of identifier in `notes` demands of a value; doubts and dummies too.

    A cell counts once: where a condition before fails, what comes after it is unknown.

    Args:
        notes: Annotations of a type or slot.
        at: The slot, or `.` for an element.
        before: What type and patterns demand of the same value.
    """
    if "identifier_check" not in notes:
        return []
    kind = KINDS[notes["identifier_check"]]
    demands = [one.tree for one in before]
    found: list[Condition] = []

    def add(word: str, tree: Tree, detail: str, part: str, authority: str, fix: str = "") -> None:
        # The slot's own fix says how it is written; that does not mend a wrong check digit.
        tree = ["if", join("and", demands), tree, UNKNOWN] if demands else tree
        fix = fix or CONSTRAINTS[word].fix
        found.append(Condition(word, tree, detail, part, authority, fix))

    for one in (kind, KINDS.get(kind.doubt)):
        if one is not None and not _is_said(one, before):
            word = "identifier" if one.binding else "doubtful_identifier"
            tree: Tree = [f"identifier:{one.name}", ["text", at]]
            add(word, tree, one.wants, one.part, one.authority, one.fix)
            if one.binding:
                demands = [*demands, tree]
    dummy = DUMMIES.get(kind.name)
    if dummy is not None:
        tree = ["not", [f"dummy:{kind.name}", ["text", at]]]
        add("dummy", tree, dummy.words, "not_dummy", dummy.source)
    return found


def slot_identifier_conditions(
    notes: Notes, slot: str, before: Sequence[Condition], *, many: bool
) -> list[Condition]:
    """Return what an annotation of the slot itself demands, of each element of a list.

    Args:
        notes: Annotations of the slot.
        slot: The slot's name.
        before: What the slot demands otherwise.
        many: Whether the slot is multivalued.
    """
    of_value = [one for one in before if one.kind in ("type", "pattern")]
    if not many:
        return identifier_conditions(notes, slot, of_value)
    of_element = [replace(one, tree=one.tree[2]) for one in of_value]
    return [
        replace(one, tree=["every", slot, one.tree])
        for one in identifier_conditions(notes, ".", of_element)
    ]


def _is_said(kind: Kind, before: Sequence[Condition]) -> bool:
    """Return whether a pattern says already all that the kind tests."""
    patterns = [one.tree[2] for one in before if one.kind == "pattern"]
    return kind.test is None and kind.shape in patterns
