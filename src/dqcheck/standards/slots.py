"""Slot expressions: what LinkML says of one slot, alone or within boolean expressions."""

from __future__ import annotations

__all__ = ["SlotExpressions"]

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from dqcheck.errors import ConfigurationError
from dqcheck.expressions.parse import equate, parse
from dqcheck.expressions.resolve import resolve
from dqcheck.standards.conditions import (
    BOOLEANS,
    UNKNOWN,
    Condition,
    Tree,
    combine,
    conjoin,
    join,
    listed,
    phrase,
    quote_words,
)
from dqcheck.standards.load import Schema
from dqcheck.standards.plan import SlotPlan
from dqcheck.standards.ranges import Range, Ranges

_LISTWISE = (
    "required", "value_presence", "minimum_cardinality", "maximum_cardinality",
    "exact_cardinality", "has_member", "all_members",
)  # fmt: skip
_COUNTS = {"minimum_cardinality": "ge", "maximum_cardinality": "le", "exact_cardinality": "eq"}
_CONTAINERS = {"@", "classes", "slots", "attributes", "slot_usage", "slot_conditions"}
Path = tuple[str, ...]


class SlotExpressions(Ranges):
    """Compiles slot expressions to conditions.

    Conditions are null where the slot has no value, or none that can be read: what says nothing of
    a missing value says nothing in a boolean expression either (Kleene's logic).

    Attributes:
        language: The slots of the class, for `equals_expression`.
    """

    def __init__(self, schema: Schema) -> None:
        """Begin with no class."""
        super().__init__(schema)
        self.language: Mapping[str, SlotPlan] = {}

    def conditions_of(
        self, expr: Any, slot: str, found: Range, *, many: bool, path: Path
    ) -> list[Condition]:
        """Return what `expr` demands of the slot, its own range included.

        Args:
            expr: A slot definition or anonymous slot expression.
            slot: The slot's name.
            found: The slot's range, for expressions without one of their own.
            many: Whether the slot is multivalued.
            path: The keys that lead to `expr`.
        """
        if not many:
            return [
                *self.value_conditions(expr, slot, slot, found, path),
                *self.list_conditions(expr, slot, found, many=False, path=path),
            ]
        each = [
            replace(one, tree=["every", slot, one.tree])
            for one in self.value_conditions(expr, slot, ".", found, path)
        ]
        whole = self.list_conditions(expr, slot, found, many=True, path=path)
        return each + whole + self.list_booleans(expr, slot, found, path)

    def own_range(
        self, expr: Any, at: str, found: Range, path: Path
    ) -> tuple[Range, list[Condition]]:
        """Return the range of `expr`, and what it demands; the slot's demands nothing here."""
        if expr.range is None:
            return found, []
        own = self.resolve(expr.range, expr, self.schema.place((*path, "range"), path))
        if own.kind == "reference" and path and path[-1].isdigit():
            reason = f"whether the {own.name} referred to exists is not looked up here"
            self.leave("range", reason, mandatory=False)
        return own, self.conditions(own, expr, at)

    def value_conditions(
        self, expr: Any, slot: str, at: str, found: Range, path: Path
    ) -> list[Condition]:
        """Return what `expr` demands of one value at `at`: the slot, or `.` for an element."""
        own, conditions = self.own_range(expr, at, found, path)
        if expr.enum_range is not None:
            name = ".".join([*(part for part in path if part not in _CONTAINERS), "codes"])
            self.add_enum(name, expr.enum_range, (*path, "enum_range"))
            conditions += self.code_conditions(name, at)
        conditions += self.facets(expr, at, own, path, self.effective_pattern(expr))
        for operator in BOOLEANS:
            branches = listed(getattr(expr, operator))
            if not branches or (at == "." and any(map(_is_listwise, branches))):
                continue
            compiled = [
                self.branch(branch, slot, at, own, (*path, operator, str(number)))
                for number, branch in enumerate(branches)
            ]
            conditions.append(_combined(operator, compiled))
        if expr.equals_expression:
            conditions += self.expression(expr, slot, at, path)
        return conditions

    def expression(self, expr: Any, slot: str, at: str, path: Path) -> list[Condition]:
        """Return that the slot equals an expression over the slots of its class."""
        text = str(expr.equals_expression)
        if at == ".":
            self.leave("equals_expression", "the slot holds a list")
            return []
        place = self.schema.place((*path, "equals_expression"), path)
        try:
            tree = resolve(equate(slot, parse(text, place)), self.language, self.enums)
        except ConfigurationError as error:
            for one in (error, *error.others):
                self.fault(f"equals_expression: {one.message}", one.place, one.found, one.hint)
            return []
        return [Condition("equals_expression", tree, text.replace("{", "").replace("}", ""))]

    def branch(self, expr: Any, slot: str, at: str, found: Range, path: Path) -> list[Condition]:
        """Return what an operand of a boolean expression demands."""
        if at == ".":
            return self.value_conditions(expr, slot, at, found, path)
        return self.conditions_of(expr, slot, found, many=False, path=path)

    def effective_pattern(self, expr: Any) -> str | None:
        """Return the pattern, made from the structured one where there is one."""
        if getattr(expr, "structured_pattern", None) is None:
            return str(expr.pattern) if expr.pattern is not None else None
        found = self.view.resolve_pattern(expr)
        return str(found) if found is not None else None

    def list_booleans(self, expr: Any, slot: str, found: Range, path: Path) -> list[Condition]:
        """Return boolean expressions that speak of the list as a whole."""
        conditions = []
        for operator in BOOLEANS:
            branches = listed(getattr(expr, operator))
            if any(map(_is_listwise, branches)):
                compiled = [
                    self.conditions_of(
                        branch, slot, found, many=True, path=(*path, operator, str(number))
                    )
                    for number, branch in enumerate(branches)
                ]
                conditions.append(_combined(operator, compiled))
        return conditions

    def list_conditions(
        self, expr: Any, slot: str, found: Range, *, many: bool, path: Path
    ) -> list[Condition]:
        """Return what `expr` demands of the slot as a whole: presence, count, members."""
        conditions = []
        presence = str(expr.value_presence or "")
        if expr.required or presence == "PRESENT":
            kind = "required" if expr.required else "present"
            conditions.append(Condition(kind, ["present", slot]))
        if presence == "ABSENT":
            conditions.append(Condition("absent", ["not", ["present", slot]]))
        asked = [name for name in (*_COUNTS, "has_member", "all_members") if _set(expr, name)]
        if not many:
            for name in asked:
                if name not in _COUNTS or not _holds_one(name, getattr(expr, name)):
                    self.leave(name, "the slot holds one value")
            return conditions
        for kind, operator in _COUNTS.items():
            bound = getattr(expr, kind)
            if bound is not None:
                count = [operator, ["count", slot], ["lit", "integer", str(bound)]]
                tree = ["if", ["null", ["listed", slot]], UNKNOWN, count]
                conditions.append(Condition(kind, tree, str(bound)))
        if expr.has_member is not None:
            inner = self.value_conditions(expr.has_member, slot, ".", found, (*path, "has_member"))
            # An empty list has no member; where there is no list there is nothing to say.
            empty = ["eq", ["count", slot], ["lit", "integer", "0"]]
            some = ["some", slot, conjoin(inner)]
            tree = ["if", empty, ["not", ["listed", slot]], some]
            conditions.append(Condition("has_member", tree, phrase(inner)))
        if expr.all_members is not None:
            inner = self.value_conditions(
                expr.all_members, slot, ".", found, (*path, "all_members")
            )
            tree = ["every", slot, conjoin(inner)]
            conditions.append(Condition("all_members", tree, phrase(inner)))
        return conditions

    # --- what only a slot definition has

    def definition_conditions(
        self, definition: Any, found: Range, *, many: bool, path: Path
    ) -> list[Condition]:
        """Return what stands on slot definitions but not on anonymous expressions."""
        slot, at = definition.name, "." if many else definition.name
        conditions: list[Condition] = []
        if definition.subproperty_of:
            names = self.subproperties(definition, found, path)
            options = [["lit", "string", name] for name in names]
            tree = ["in", self.text(at, found), options]
            conditions.append(Condition("subproperty", _each(slot, tree, many), quote_words(names)))
        if definition.id_prefixes:
            conditions.append(self.prefixes(definition.id_prefixes, slot, found, many=many))
        if definition.list_elements_unique and many:
            conditions.append(Condition("distinct_elements", ["distinct", slot]))
        if definition.string_serialization and not many:
            conditions += self.serialization(definition, found, path)
        return conditions

    def prefixes(self, names: Any, slot: str, found: Range, *, many: bool) -> Condition:
        """Return that a value begins with one of the prefixes, as CURIE or as URI."""
        at = "." if many else slot
        known = {
            prefix: str(one.prefix_reference)
            for schema in self.view.schema_map.values()
            for prefix, one in schema.prefixes.items()
        }
        starts = [f"{name}:" for name in names] + [known[name] for name in names if name in known]
        text = self.text(at, found)
        trees = [["starts", text, ["lit", "string", start]] for start in starts]
        shown = quote_words([f"{name}:" for name in names])
        return Condition("prefix", _each(slot, join("or", trees), many), shown)

    def subproperties(self, definition: Any, found: Range, path: Path) -> list[str]:
        """Return the slots at and under `subproperty_of`, as the range writes them."""
        root = str(definition.subproperty_of)
        if root not in self.view.all_slots():
            place = self.schema.place((*path, "subproperty_of"), path)
            self.fault(f"the slot {root} is not defined", place)
            return []
        names = []
        for name in self.view.slot_descendants(root):
            slot = self.view.get_slot(name)
            if found.type in ("uri", "uriorcurie", "curie"):
                names.append(str(self.view.get_uri(slot, expand=found.type == "uri")))
            else:
                names.append(name.replace(" ", "_"))
        return sorted(set(names))

    def serialization(self, definition: Any, found: Range, path: Path) -> list[Condition]:
        """Return that the slot agrees with the slots it is written from."""
        template = str(definition.string_serialization)
        parts: list[Tree] = []
        for number, piece in enumerate(re.split(r"\{([^{}]+)\}", template)):
            if number % 2 and piece not in self.view.all_slots():
                place = self.schema.place((*path, "string_serialization"), path)
                self.fault(f"the slot {piece} is not defined", place)
                return []
            if piece:
                parts.append(["text", piece] if number % 2 else ["lit", "string", piece])
        tree = ["eq", self.text(definition.name, found), ["concat", *parts]]
        return [Condition("string_serialization", tree, template)] if parts else []


def _combined(operator: str, branches: list[list[Condition]]) -> Condition:
    tree = combine(operator, [conjoin(branch) for branch in branches])
    word = " and " if operator == "all_of" else " or "
    return Condition(operator, tree, word.join(dict.fromkeys(map(phrase, branches))))


def _each(slot: str, tree: Tree, many: bool) -> Tree:
    return ["every", slot, tree] if many else tree


def _set(expr: Any, name: str) -> bool:
    return getattr(expr, name, None) is not None


def _holds_one(name: str, bound: int) -> bool:
    return bound <= 1 if name == "minimum_cardinality" else bound >= 1


def _is_listwise(expr: Any) -> bool:
    return any(_set(expr, name) for name in _LISTWISE) or any(
        _is_listwise(branch) for operator in BOOLEANS for branch in listed(getattr(expr, operator))
    )
