"""Slots and function calls in the rule language."""

from __future__ import annotations

__all__ = ["Calls"]

import re
from abc import ABC, abstractmethod
from collections.abc import Callable, Collection, Mapping, Sequence

import polars as pl

from dqcheck.errors import suggest
from dqcheck.expressions.identifiers import DUMMIES, KINDS
from dqcheck.expressions.parse import Node
from dqcheck.expressions.resolve_functions import FUNCTIONS, Function, Type
from dqcheck.expressions.resolve_types import (
    NOTHING,
    CodeList,
    Faults,
    Slot,
    Tree,
    Typed,
    comparable,
    kind_of,
    literal,
    named,
    retyped,
)
from dqcheck.expressions.types import literal as read_literal

_ELEMENT = "item"
_KEYWORDS = {"true": "True", "false": "False", "null": "None", "none": "None"}


class Calls(ABC):
    """The part of the resolver that knows slots and functions."""

    def __init__(  # noqa: D107
        self, slots: Mapping[str, Slot], enums: Mapping[str, CodeList], faults: Faults
    ) -> None:
        self.slots = slots
        self.enums = enums
        self.faults = faults
        self.element: Slot | None = None

    @abstractmethod
    def visit(self, node: Node) -> Typed:
        """Resolve any node."""

    @abstractmethod
    def branch(self, node: Node) -> Typed:
        """Resolve a branch of a conditional."""

    # --- slots

    def slot_of(self, node: Node) -> Slot | None:
        """Return the slot that `node` names, or None after collecting a fault."""
        slot = self.slots.get(node.text)
        if slot is None:
            self.faults.add(f'no slot "{node.text}"', node, hint=self._nearest(node.text))
        elif self.element is not None:
            self.faults.add(
                f'"{node.text}" can\'t be read while looking at the elements of '
                f'"{self.element.name}"',
                node,
                hint='only "item" and fixed values can stand there',
            )
            return None
        return slot

    def _nearest(self, name: str) -> str:
        if name.casefold() in _KEYWORDS:
            return f'write "{_KEYWORDS[name.casefold()]}"'
        aliased = [
            slot.name
            for slot in self.slots.values()
            if name.casefold() in {alias.casefold() for alias in slot.aliases}
        ]
        if aliased:
            return f'did you mean "{aliased[0]}"?'
        near = suggest(name, self.slots)
        return near or ("a text needs quotes" if name[:1].isupper() else "")

    def cell(self, slot: Slot, name: str) -> Typed:
        """Return the value of a cell (or of an element, named `.`) of `slot`."""
        kind = kind_of(slot)
        if slot.enum or not slot.type:
            return Typed(["text", name], kind, slot, name)
        return Typed(["value", name, slot.type], kind, slot, name)

    def value_of(self, node: Node) -> Typed:
        """Return the value of the slot that `node` names."""
        if node.text == _ELEMENT and self.element is not None:
            return self.cell(self.element, ".")
        slot = self.slot_of(node)
        if slot is None:
            return Typed(NOTHING, "failed")
        if slot.multivalued:
            return self.faults.add(
                f'"{slot.name}" holds a list, and one value is needed',
                node,
                hint="use every(), some(), count(), len() or in",
            )
        return self.cell(slot, slot.name)

    # --- typed parts

    def boolean(self, node: Node) -> Tree:
        """Return the tree of a condition."""
        typed = self.visit(node)
        if typed.type not in ("boolean", "failed", "nothing", "any"):
            hint = (
                f'write "{typed.slot.name} is present"'
                if typed.slot
                else "compare it with something"
            )
            self.faults.add(
                f"a condition is needed, and this is {named(typed.type)}", node, hint=hint
            )
        return retyped(typed, literal("boolean", "true", "boolean"))[0].tree

    def typed(self, node: Node, *kinds: Type) -> Typed:
        """Return a part that must be of one of `kinds`."""
        typed = self.visit(node)
        if typed.type == "any":
            typed, _ = retyped(typed, Typed(NOTHING, kinds[0]))
        if typed.type not in (*kinds, "failed", "nothing"):
            wanted = " or ".join(named(kind) for kind in kinds)
            hint = (
                'write a date as date("2026-01-31")'
                if "date" in kinds and typed.type == "text"
                else ""
            )
            self.faults.add(
                f"{wanted} is needed, and this is {named(typed.type)}", node, hint=hint, of=typed
            )
        return typed

    def alike(self, parts: Sequence[Node]) -> tuple[list[Tree], Type]:
        """Return parts that must all be of one type, and the type."""
        return self._aligned([self.visit(part) for part in parts], parts)

    def _aligned(self, found: Sequence[Typed], parts: Sequence[Node]) -> tuple[list[Tree], Type]:
        first = next(
            (typed for typed in found if typed.type not in ("any", "nothing", "failed")), found[0]
        )
        trees: list[Tree] = []
        for typed, part in zip(found, parts, strict=True):
            aligned, _ = retyped(typed, first)
            if aligned.type != "nothing" and not comparable(aligned, first):
                self.faults.differing(part, first, aligned)
            trees.append(aligned.tree)
        kinds = {typed.type for typed in found}
        return trees, "datetime" if {"date", "datetime"} <= kinds else first.type

    # --- calls

    def call(self, node: Node) -> Typed:
        """Resolve a function call."""
        function = FUNCTIONS.get(node.text)
        if function is None:
            return self.faults.add(
                f'no function "{node.text}"', node, hint=suggest(node.text, FUNCTIONS)
            )
        if not self._counted(node, function):
            return Typed(NOTHING, "failed")
        special = _SPECIAL.get(node.text)
        if special is not None:
            return special(self, node)
        if function.parameters[:1] == ("slots",):
            return self._over_list(node, function)
        if function.parameters[:1] == ("same",):
            return self._over_alike(node, function)
        wanted = list(function.parameters)
        if wanted and wanted[-1] == "…":
            wanted = [wanted[0]] * len(node.parts)
        parts = [self._argument(part, kind) for part, kind in zip(node.parts, wanted, strict=True)]
        result = parts[0].type if function.result == "same" else function.result
        return Typed([function.operator, *(part.tree for part in parts)], result)  # type: ignore[arg-type]

    def _counted(self, node: Node, function: Function) -> bool:
        wanted = len(function.parameters)
        given = len(node.parts)
        repeats = function.parameters[-1:] == ("…",)
        optional = sum(name.endswith("?") for name in function.parameters)
        if wanted - optional <= given <= wanted or (repeats and given >= 1):
            return True
        needed = "at least 1 value" if repeats else f"{wanted} value{'' if wanted == 1 else 's'}"
        self.faults.add(f"{node.text}() takes {needed}, and {given} are given", node)
        return False

    def _argument(self, node: Node, kind: str) -> Typed:
        if kind == "day":
            return self.typed(node, "date", "datetime")
        if kind == "boolean":
            return Typed(self.boolean(node), "boolean")
        if kind == "any":
            return self.visit(node)
        return self.typed(node, kind)  # type: ignore[arg-type]

    def _over_alike(self, node: Node, function: Function) -> Typed:
        only_list = len(node.parts) == 1 and node.parts[0].kind == "list"
        parts = node.parts[0].parts if only_list else node.parts
        if not parts:
            return self.faults.add("the list is empty", node)
        trees, kind = self.alike(parts)
        return Typed(trees[0] if len(trees) == 1 else [function.operator, *trees], kind)

    def _over_list(self, node: Node, function: Function) -> Typed:
        slot = self._list_slot(node, node.parts[0])
        if slot is None:
            return Typed(NOTHING, "failed")
        tree: Tree = [function.operator, slot.name]
        if len(node.parts) == 2:
            self.element = slot
            tree.append(self.boolean(node.parts[1]))
            self.element = None
        return Typed(tree, function.result)  # type: ignore[arg-type]

    def _list_slot(self, node: Node, part: Node) -> Slot | None:
        if part.kind not in ("name", "braced"):
            self.faults.add(f"{node.text}() takes the name of a slot that holds a list", part)
            return None
        slot = self.slot_of(part)
        if slot is not None and not slot.multivalued:
            self.faults.add(f'{node.text}() takes a list, and "{slot.name}" holds one value', part)
            return None
        return slot

    # --- functions with rules of their own

    def _len(self, node: Node) -> Typed:
        (part,) = node.parts
        slot = self.slots.get(part.text) if part.kind in ("name", "braced") else None
        if slot is not None and slot.multivalued:
            return (
                Typed(["count", slot.name], "number")
                if self.slot_of(part)
                else Typed(NOTHING, "failed")
            )
        return Typed(["length", self.typed(part, "text").tree], "number")

    def _floor(self, node: Node) -> Typed:
        tree = self.typed(node.parts[0], "number").tree
        return Typed(["floordiv", tree, ["lit", "integer", "1"]], "number")

    def _ceil(self, node: Node) -> Typed:
        tree = ["neg", self.typed(node.parts[0], "number").tree]
        return Typed(["neg", ["floordiv", tree, ["lit", "integer", "1"]]], "number")

    def _round(self, node: Node) -> Typed:
        digits = node.parts[1] if len(node.parts) > 1 else None
        if digits and (digits.kind != "number" or not digits.text.isdigit()):
            return self.faults.add("the digits must be a whole number", digits)
        places = int(digits.text) if digits else 0
        return Typed(["round", self.typed(node.parts[0], "number").tree, places], "number")

    def _date(self, node: Node) -> Typed:
        (part,) = node.parts
        if part.kind == "text":
            return self._moment(part, "date", "2026-01-31")
        return Typed(["date", self.typed(part, "datetime").tree], "date")

    def _datetime(self, node: Node) -> Typed:
        return self._moment(node.parts[0], "datetime", "2026-01-31T09:30:00")

    def _moment(self, part: Node, kind: Type, example: str) -> Typed:
        try:
            if part.kind != "text" or len(part.text) < len(example):
                raise ValueError
            read_literal(kind, part.text)
        except ValueError:
            return self.faults.add(
                f"this is not {named(kind)}", part, hint=f'write {kind}("{example}")'
            )
        return literal(kind, part.text, kind)

    def _matches(self, node: Node) -> Typed:
        return self.matches(node, node.parts)

    def matches(self, node: Node, parts: Sequence[Node]) -> Typed:
        """Resolve a search for a pattern."""
        text = self.typed(parts[0], "text")
        operator = self._pattern(parts[1])
        return Typed([operator, text.tree, parts[1].text], "boolean")

    def _replace(self, node: Node) -> Typed:
        text, pattern, into = node.parts
        if self._pattern(pattern) == "matches_python":
            self.faults.add("replace() can't take look-around or back-references", pattern)
        if into.kind != "text":
            self.faults.add("a text in quotes is needed", into)
        return Typed(["replace", self.typed(text, "text").tree, pattern.text, into.text], "text")

    def _is_identifier(self, node: Node) -> Typed:
        text, kind = node.parts
        self._one_of(kind, "a kind of identifier", KINDS)
        return Typed([f"identifier:{kind.text}", self.typed(text, "text").tree], "boolean")

    def _is_dummy(self, node: Node) -> Typed:
        part, kind = node.parts
        self._one_of(kind, "a kind of which dummies are known", DUMMIES)
        value = self.typed(part, "text", "date", "datetime")
        tree = value.tree if value.type == "text" else ["to_text", value.tree]
        return Typed([f"dummy:{kind.text}", tree], "boolean")

    def _one_of(self, node: Node, what: str, known: Collection[str]) -> None:
        if node.kind != "text" or node.text not in known:
            near = suggest(node.text, known)
            hint = near or "write one in quotes: " + ", ".join(known)
            self.faults.add(f"{what} is needed", node, hint=hint)

    def _pattern(self, node: Node) -> str:
        """Return the operator that can search for the pattern."""
        if node.kind != "text":
            self.faults.add("a pattern must be a text in quotes", node)
            return "matches"
        try:
            pl.select(pl.lit("").str.contains(node.text))
        except pl.exceptions.PolarsError:
            pass
        else:
            return "matches"
        try:
            re.compile(node.text)
        except re.error as fault:
            self.faults.add(
                "this is not a regular expression", node, hint=f"{fault.msg} at {fault.pos}"
            )
        return "matches_python"

    def _case(self, node: Node) -> Typed:
        pairs: list[tuple[Node, Node]] = []
        for part in node.parts:
            if part.kind != "list" or len(part.parts) != 2:
                return self.faults.add(
                    "case() takes pairs of a condition and a value",
                    part,
                    hint='write case((age < 18, "child"), (True, "adult"))',
                )
            pairs.append((part.parts[0], part.parts[1]))
        conditions = [self.boolean(condition) for condition, _ in pairs]
        # Unlike those of a conditional, all values of a case are evaluated, in LinkML too.
        trees, kind = self.alike([value for _, value in pairs])
        return self._chosen(conditions, trees, NOTHING, kind)

    def conditional(self, node: Node) -> Typed:
        """Resolve `value if condition else other`."""
        condition, *parts = node.parts
        tree = self.boolean(condition)
        trees, kind = self._aligned([self.branch(part) for part in parts], parts)
        return self._chosen([tree], trees[:1], trees[1], kind)

    def _chosen(
        self, conditions: Sequence[Tree], trees: Sequence[Tree], tree: Tree, kind: Type
    ) -> Typed:
        for condition, value in zip(reversed(conditions), reversed(trees), strict=True):
            tree = ["if", condition, value, tree]
        return Typed(tree, kind)


_SPECIAL: dict[str, Callable[[Calls, Node], Typed]] = {
    "len": Calls._len,
    "floor": Calls._floor,
    "ceil": Calls._ceil,
    "round": Calls._round,
    "date": Calls._date,
    "datetime": Calls._datetime,
    "matches": Calls._matches,
    "replace": Calls._replace,
    "is_identifier": Calls._is_identifier,
    "is_dummy": Calls._is_dummy,
    "case": Calls._case,
}
