"""The rule language: from parsed nodes to a typed expression tree.

Names are looked up, types compared and codes held against their lists here, once, so that a rule
that could never work is refused with its place before any export is read.
"""

from __future__ import annotations

__all__ = ["CodeList", "PermissibleValue", "Slot", "Tree", "resolve"]

from collections.abc import Iterable, Mapping
from typing import Any

from dqcheck.errors import ConfigurationError, raise_together
from dqcheck.expressions.evaluate import slots_of
from dqcheck.expressions.parse import Node
from dqcheck.expressions.resolve_calls import Calls
from dqcheck.expressions.resolve_functions import Type
from dqcheck.expressions.resolve_types import (
    NOTHING,
    CodeList,
    Faults,
    PermissibleValue,
    Slot,
    Tree,
    Typed,
    comparable,
    literal,
    named,
    refuse_unknown_code,
    retyped,
)

_COMPARISONS = {"==": "eq", "!=": "ne", "<": "lt", "<=": "le", ">": "gt", ">=": "ge"}
_ARITHMETIC = {
    "+": "add",
    "-": "sub",
    "*": "mul",
    "/": "div",
    "//": "floordiv",
    "%": "mod",
    "**": "pow",
}
# Operators that can give an answer although a part is unknown.
_LENIENT = {
    "and", "or", "if", "one", "true", "null", "coalesce", "implies", "present", "count", "some",
    "every", "count_if",
}  # fmt: skip


def resolve(
    node: Node,
    slots: Mapping[str, Slot],
    enums: Mapping[str, CodeList],
    *,
    expect: Type | None = None,
) -> Tree:
    """Return the expression tree of `node`, in the form of the table in `dqcheck.expressions`.

    Args:
        node: A parsed expression.
        slots: The slots of the class, by name.
        enums: The code lists of the schema, by name.
        expect: The type the whole must have, or None for any.

    Raises:
        ConfigurationError: With all faults: unknown slots, functions and codes, types that do not
            fit, patterns that are none.
    """
    faults: list[ConfigurationError] = []
    resolver = _Resolver(slots, enums, Faults(faults))
    typed = resolver.branch(node)
    if expect and typed.type not in (expect, "any", "failed", "nothing"):
        resolver.faults.add(
            f"the expression gives {named(typed.type)}, and {named(expect)} is needed",
            node,
            hint="compare it with something" if expect == "boolean" else "",
        )
    raise_together(faults)
    return typed.tree


class _Resolver(Calls):
    """Walks the nodes once; faults are collected and the faulty part counts as any type."""

    def __init__(
        self, slots: Mapping[str, Slot], enums: Mapping[str, CodeList], faults: Faults
    ) -> None:
        super().__init__(slots, enums, faults)
        self.braced: list[Tree] = []

    def branch(self, node: Node) -> Typed:
        """Resolve a whole expression or a branch of a conditional.

        LinkML makes the whole result null as soon as a braced slot that is evaluated is unset;
        branches not taken are not evaluated.
        """
        outer, self.braced = self.braced, []
        typed = self.visit(node)
        braced, self.braced = self.braced, outer
        if not braced or typed.type == "failed" or not _operators(typed.tree) & _LENIENT:
            return typed
        known: list[Tree] = [["not", ["null", tree]] for tree in braced]
        condition = known[0] if len(known) == 1 else ["and", *known]
        return Typed(["if", condition, typed.tree, NOTHING], typed.type)

    def visit(self, node: Node) -> Typed:
        match node.kind:
            case "number":
                whole = node.text.isdigit()
                return literal("integer" if whole else "float", node.text, "number")
            case "text":
                return literal("string", node.text, "text")
            case "truth":
                return literal("boolean", node.text, "boolean")
            case "nothing":
                return Typed(NOTHING, "nothing")
            case "name" | "braced":
                typed = self.value_of(node)
                if node.kind == "braced" and typed.type != "failed":
                    self.braced.append(typed.tree)
                return typed
            case "list":
                return self.faults.add(
                    'a list can only stand after "in" and in functions that take several values',
                    node,
                )
            case "call":
                return self.call(node)
            case _:
                return self.operator(node)

    def operator(self, node: Node) -> Typed:
        match node.text:
            case "and" | "or" | "not":
                trees = [self.boolean(part) for part in node.parts]
                return Typed([node.text, *trees], "boolean")
            case "if":
                return self.conditional(node)
            case "is missing" | "is present":
                return self.state(node)
            case "in" | "not in":
                return self.negated(node, self.membership(node))
            case "matches" | "not matches":
                return self.negated(node, self.matches(node, node.parts))
            case "neg":
                return Typed(["neg", self.typed(node.parts[0], "number").tree], "number")
            case operator if operator in _COMPARISONS:
                return self.compared(node, _COMPARISONS[operator])
            case operator:
                return self.arithmetic(node, _ARITHMETIC[operator])

    def negated(self, node: Node, typed: Typed) -> Typed:
        return Typed(["not", typed.tree], "boolean") if node.text.startswith("not ") else typed

    def state(self, node: Node) -> Typed:
        (part,) = node.parts
        if part.kind in ("name", "braced") and part.text != "item":
            slot = self.slot_of(part)
            if slot is None:
                return Typed(NOTHING, "failed")
            present: Tree = ["present", slot.name]
        else:
            present = ["not", ["null", self.visit(part).tree]]
        missing = node.text == "is missing"
        return Typed(["not", present] if missing else present, "boolean")

    def compared(self, node: Node, operator: str) -> Typed:
        left, right = (self.visit(part) for part in node.parts)
        if "nothing" in (left.type, right.type):
            return self.faults.add(
                "comparing with None is never true or false", node, hint='write "is missing"'
            )
        left, right = retyped(left, right)
        if not comparable(left, right):
            return self.faults.differing(node, left, right)
        for typed, other in ((left, right), (right, left)):
            refuse_unknown_code(self.faults, node, typed, other, self.enums)
        if operator in ("lt", "le", "gt", "ge") and left.type == "boolean":
            return self.faults.add("true and false have no order", node)
        return Typed([operator, left.tree, right.tree], "boolean")

    def membership(self, node: Node) -> Typed:
        value, options = node.parts
        if options.kind == "list":
            return self.member_of_list(node, value, options)
        slot = self.slot_of(options) if options.kind in ("name", "braced") else None
        if slot is None or not slot.multivalued:
            if slot is not None or options.kind not in ("name", "braced"):
                self.faults.add(
                    '"in" needs a list in square brackets or a slot that holds a list',
                    options,
                    hint='write: hair_colour in ["Black", "Brown"]',
                )
            return Typed(NOTHING, "failed")
        element = self.cell(slot, ".")
        sought, element = retyped(self.visit(value), element)
        if not comparable(sought, element):
            return self.faults.differing(node, sought, element)
        refuse_unknown_code(self.faults, node, element, sought, self.enums)
        if slots_of(sought.tree):
            return self.faults.add(f'only a fixed value can be looked for in "{slot.name}"', value)
        return Typed(["some", slot.name, ["eq", element.tree, sought.tree]], "boolean")

    def member_of_list(self, node: Node, value: Node, options: Node) -> Typed:
        typed = self.visit(value)
        if not options.parts:
            return self.faults.add("the list is empty", options)
        trees: list[Tree] = []
        for part in options.parts:
            aligned, option = retyped(typed, self.visit(part))
            if not comparable(aligned, option):
                self.faults.differing(part, aligned, option)
            refuse_unknown_code(self.faults, part, aligned, option, self.enums)
            typed = aligned
            trees.append(option.tree)
        return Typed(["in", typed.tree, trees], "boolean")

    def arithmetic(self, node: Node, operator: str) -> Typed:
        left, right = (self.visit(part) for part in node.parts)
        left, right = retyped(left, right)
        kinds = {left.type, right.type} - {"nothing"}
        if "failed" in kinds:
            return Typed(NOTHING, "failed")
        if operator == "add" and "text" in kinds:
            if kinds == {"text"}:
                return Typed(["concat", left.tree, right.tree], "text")
            return self.faults.add(
                f"{named(left.type)} and {named(right.type)} can't be added",
                node,
                hint="str() turns a value into text, number() a text into a number",
            )
        if kinds & {"date", "datetime"}:
            hint = "use days_between(), years_between() or add_days()"
            return self.faults.add("dates can't be reckoned with as numbers", node, hint=hint)
        trees = [
            self.numeric(typed, part) for typed, part in zip((left, right), node.parts, strict=True)
        ]
        return Typed([operator, *trees], "number")

    def numeric(self, typed: Typed, node: Node) -> Tree:
        typed, _ = retyped(typed, literal("float", "0", "number"))
        if typed.type not in ("number", "nothing", "failed"):
            self.faults.add(f"a number is needed, and this is {named(typed.type)}", node, of=typed)
        return typed.tree


def _operators(tree: Any) -> set[str]:
    if not isinstance(tree, list) or not tree or tree[0] == "lit":
        return set()
    found = {tree[0]} if isinstance(tree[0], str) else set()
    return found.union(*_each(tree))


def _each(parts: Iterable[Any]) -> list[set[str]]:
    return [_operators(part) for part in parts]
