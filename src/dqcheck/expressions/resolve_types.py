"""What the resolver knows of a part of an expression, and how its types get along."""

from __future__ import annotations

__all__ = [
    "NOTHING",
    "CodeList",
    "Faults",
    "PermissibleValue",
    "Slot",
    "Tree",
    "Typed",
    "comparable",
    "kind_of",
    "literal",
    "named",
    "refuse_unknown_code",
    "retyped",
]

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Protocol

from dqcheck.errors import ConfigurationError, suggest
from dqcheck.expressions.parse import Node
from dqcheck.expressions.resolve_functions import Type

Tree = Any
NOTHING: Tree = ["lit", None, None]

_WORDS = {
    "number": "a number",
    "text": "a text",
    "boolean": "true or false",
    "date": "a date",
    "datetime": "a date with time",
    "time": "a time of day",
    "list": "a list",
    "nothing": "None",
    "any": "a value of no single type",
}
_KINDS: dict[str, Type] = {
    "integer": "number", "float": "number", "double": "number", "decimal": "number",
    "boolean": "boolean", "date": "date", "datetime": "datetime",
    "date_or_datetime": "datetime", "time": "time",
}  # fmt: skip
# The LinkML type in which a slot of no single type is read when it meets one of these.
_READ_AS = {
    "number": "float", "boolean": "boolean", "date": "date", "datetime": "date_or_datetime",
    "time": "time", "text": "string",
}  # fmt: skip


class PermissibleValue(Protocol):
    """A value of a code list."""

    @property
    def code(self) -> str:
        """The code."""
        ...

    @property
    def title(self) -> str:
        """What people call it."""
        ...

    @property
    def aliases(self) -> tuple[str, ...]:
        """What people type instead."""
        ...


class CodeList(Protocol):
    """A code list (`dqcheck.standards.plan.EnumPlan`)."""

    @property
    def values(self) -> Sequence[PermissibleValue]:
        """Its values; none if they are not known."""
        ...


class Slot(Protocol):
    """A slot (`dqcheck.standards.plan.SlotPlan`)."""

    @property
    def name(self) -> str:
        """Its name."""
        ...

    @property
    def type(self) -> str | None:
        """The built-in LinkML type, or None."""
        ...

    @property
    def enum(self) -> str | None:
        """Its code list, or None."""
        ...

    @property
    def multivalued(self) -> bool:
        """Whether a cell holds a list."""
        ...

    @property
    def aliases(self) -> tuple[str, ...]:
        """Other names."""
        ...


@dataclass(frozen=True, slots=True)
class Typed:
    """A resolved part.

    Attributes:
        tree: Its expression tree.
        type: Its type.
        slot: The slot it is the value of, if it is no more than that.
        cell: How the cell is named in the tree: the slot's name, or `.` for an element.
    """

    tree: Tree
    type: Type
    slot: Slot | None = None
    cell: str = ""


@dataclass(frozen=True, slots=True)
class Faults:
    """Where the faults of an expression are collected."""

    found: list[ConfigurationError]

    def add(self, message: str, node: Node, *, hint: str = "", of: Typed | None = None) -> Typed:
        """Collect a fault and return what stands for the faulty part."""
        what = f' (slot "{of.slot.name}")' if of and of.slot else ""
        self.found.append(ConfigurationError(message + what, place=node.place, hint=hint))
        return Typed(NOTHING, "failed")

    def differing(self, node: Node, left: Typed, right: Typed) -> Typed:
        """Collect that two values can't be compared."""
        hint = ""
        if {left.type, right.type} & {"date", "datetime"} and "text" in (left.type, right.type):
            hint = 'write a date as date("2026-01-31")'
        elif {left.type, right.type} == {"number", "text"}:
            hint = "put codes in quotes and numbers not; number() turns a text into a number"
        elif "list" in (left.type, right.type):
            hint = "use every(), some(), count() or in"
        sides = f"{_described(left)} can't be compared with {_described(right)}"
        return self.add(sides, node, hint=hint)


def _described(typed: Typed) -> str:
    return f'"{typed.slot.name}", {named(typed.type)},' if typed.slot else named(typed.type)


def named(kind: str) -> str:
    """Return a type in plain words."""
    return _WORDS.get(kind, kind)


def kind_of(slot: Slot) -> Type:
    """Return the type of the values of `slot`."""
    if slot.enum:
        return "text"
    return _KINDS.get(slot.type, "text") if slot.type else "any"


def literal(type_name: str, text: str, kind: Type) -> Typed:
    """Return a fixed value."""
    return Typed(["lit", type_name, text], kind)


def retyped(left: Typed, right: Typed) -> tuple[Typed, Typed]:
    """Return both, a slot of no single type read in the type of the other."""
    if left.type == "any" and right.type != "any":
        left = _read_as(left, right.type)
    elif right.type == "any" and left.type != "any":
        right = _read_as(right, left.type)
    return left, right


def _read_as(typed: Typed, kind: Type) -> Typed:
    if kind not in _READ_AS or typed.slot is None:
        return typed
    return replace(typed, tree=["value", typed.cell, _READ_AS[kind]], type=kind)


def comparable(left: Typed, right: Typed) -> bool:
    """Return whether values of the two types can be equal or ordered."""
    kinds = {left.type, right.type}
    if kinds & {"failed", "any"}:
        return "list" not in kinds
    return (len(kinds) == 1 and "list" not in kinds) or kinds == {"date", "datetime"}


def refuse_unknown_code(
    faults: Faults, node: Node, coded: Typed, other: Typed, enums: Mapping[str, CodeList]
) -> None:
    """Collect a fault where a fixed text meets a coded slot whose list does not have it."""
    if coded.slot is None or coded.slot.enum is None or other.type != "text":
        return
    values = enums[coded.slot.enum].values if coded.slot.enum in enums else ()
    if not values or other.tree[0] != "lit":
        return
    text = other.tree[2]
    if any(value.code == text for value in values):
        return
    meant = [
        value.code
        for value in values
        if text.casefold()
        in {name.casefold() for name in (value.code, value.title, *value.aliases)}
    ]
    hint = (
        f'the standard\'s code is "{meant[0]}"'
        if meant
        else suggest(text, (v.code for v in values))
    )
    faults.add(
        f'"{text}" is no code of "{coded.slot.name}" (list {coded.slot.enum})',
        node,
        hint=hint,
    )
