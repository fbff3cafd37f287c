"""Class expressions and rules: what LinkML says of several slots of one row together."""

from __future__ import annotations

__all__ = ["ClassExpressions", "Members", "SlotRange"]

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from dqcheck.errors import suggest
from dqcheck.standards.conditions import (
    BOOLEANS,
    TRUE,
    UNKNOWN,
    Tree,
    combine,
    conjoin,
    join,
    listed,
    phrase,
)
from dqcheck.standards.constraints import label
from dqcheck.standards.ranges import Range
from dqcheck.standards.slots import Path, SlotExpressions

FALSE: Tree = ["lit", "boolean", "false"]


@dataclass(frozen=True, slots=True)
class SlotRange:
    """A slot of a class, as class expressions need it.

    Attributes:
        range: What its values are.
        many: Whether it is multivalued.
        title: What to call it.
    """

    range: Range
    many: bool
    title: str


@dataclass(frozen=True, slots=True)
class Members:
    """The class whose rows an expression is about.

    Attributes:
        name: Its name.
        slots: Its slots, and those of subclasses whose rows may stand among its rows.
        ancestors: The class itself, its parents and mixins.
        subclasses: For each subclass whose rows may stand among its rows, what tells them.
    """

    name: str
    slots: Mapping[str, SlotRange]
    ancestors: tuple[str, ...]
    subclasses: Mapping[str, Tree] = field(default_factory=dict)


class ClassExpressions(SlotExpressions):
    """Compiles class expressions and rules.

    What is said of a missing value depends on where it is said. Within preconditions and boolean
    expressions a condition on a missing value is unknown, as any operand that is missing. After a
    precondition that holds, LinkML's world is closed: a slot that is spoken of must be there,
    unless the rule is `open_world` or says itself that it need not be.
    """

    def class_tree(self, expr: Any, members: Members, path: Path, *, closed: bool) -> Tree:
        """Return what `expr` demands of a row.

        Args:
            expr: A class expression.
            members: The class whose row it is.
            path: The keys that lead to it.
            closed: Whether conditions on missing values are false; else they are unknown.
        """
        trees = [
            self.condition_tree(name, condition, members, (*path, "slot_conditions"), closed=closed)
            for name, condition in _conditions(expr)
        ]
        parent = getattr(expr, "is_a", None)
        if parent:
            trees.append(self.membership(str(parent), members))
        trees += [tree for _, tree in self.class_booleans(expr, members, path, closed=closed)]
        return join("and", trees) if trees else TRUE

    def class_booleans(
        self, expr: Any, members: Members, path: Path, *, closed: bool
    ) -> Iterator[tuple[str, Tree]]:
        """Yield each boolean operator of `expr` with its tree."""
        for operator in BOOLEANS:
            branches = listed(getattr(expr, operator))
            if branches:
                trees = [
                    self.class_tree(branch, members, (*path, operator, str(number)), closed=closed)
                    for number, branch in enumerate(branches)
                ]
                yield operator, combine(operator, trees)

    def condition_tree(
        self, name: str, condition: Any, members: Members, path: Path, *, closed: bool
    ) -> Tree:
        """Return what a slot condition demands of a row."""
        slot = members.slots.get(name)
        here = (*path, name)
        stated = condition.required is not None or condition.value_presence is not None
        if slot is None:
            # A mixin or parent may speak of slots that only some of its heirs have.
            if name not in self.view.all_slots():
                self.fault(
                    f"the class {members.name} has no slot {name}",
                    self.schema.place(here, path[:-1]),
                    hint=suggest(name, members.slots),
                )
            presence = str(condition.value_presence or "")
            if condition.required or presence == "PRESENT" or (closed and not stated):
                return FALSE
            return TRUE if presence == "ABSENT" else UNKNOWN
        conditions = self.conditions_of(condition, name, slot.range, many=slot.many, path=here)
        if not closed or stated:
            return conjoin(conditions)
        there = ["present", name]
        return ["if", there, conjoin(conditions), FALSE] if conditions else there

    def membership(self, name: str, members: Members) -> Tree:
        """Return whether a row is of class `name`."""
        if name in members.ancestors:
            return TRUE
        return members.subclasses.get(name, FALSE)

    def rule_tree(self, rule: Any, members: Members, path: Path) -> Tree | None:
        """Return what a rule demands of a row; None if it demands nothing.

        Without preconditions the rest always applies (specification, part 5).
        """
        if_path, then_path = (*path, "preconditions"), (*path, "postconditions")
        closed = not rule.open_world
        parts: list[Tree] = []
        asked = TRUE
        if rule.preconditions is not None:
            asked = self.class_tree(rule.preconditions, members, if_path, closed=False)
        if rule.postconditions is not None:
            then = self.class_tree(rule.postconditions, members, then_path, closed=closed)
            parts.append(["implies", asked, then] if asked != TRUE else then)
        if rule.preconditions is not None:
            met = self.class_tree(rule.preconditions, members, if_path, closed=True)
            if rule.elseconditions is not None:
                path = (*path, "elseconditions")
                other = self.class_tree(rule.elseconditions, members, path, closed=closed)
                parts.append(["or", met, other])
            if rule.bidirectional and rule.postconditions is not None:
                back = self.class_tree(rule.postconditions, members, then_path, closed=False)
                parts.append(["implies", back, met])
        return join("and", parts) if parts else None

    # --- in words

    def describe(self, expr: Any, members: Members, path: Path) -> str:
        """Return in words what a class expression demands."""
        words = []
        for name, condition in _conditions(expr):
            slot = members.slots.get(name)
            if slot is None:
                continue
            here = (*path, "slot_conditions", name)
            conditions = self.conditions_of(condition, name, slot.range, many=slot.many, path=here)
            words.append(f"{slot.title} is {phrase(conditions)}")
        if getattr(expr, "is_a", None):
            words.append(f"the record is of class {label(str(expr.is_a))}")
        for operator in BOOLEANS:
            branches = listed(getattr(expr, operator))
            if branches:
                words.append(
                    _spell(operator, [self.describe(one, members, path) for one in branches])
                )
        return " and ".join(words) or "anything"

    def describe_rule(self, rule: Any, members: Members) -> str:
        """Return in words what a rule demands: its title or description, or its conditions."""
        if rule.title or rule.description:
            return str(rule.title or rule.description)
        then = rule.postconditions and self.describe(rule.postconditions, members, ())
        other = rule.elseconditions and self.describe(rule.elseconditions, members, ())
        if rule.preconditions is None:
            return then or ""
        text = f"if {self.describe(rule.preconditions, members, ())}"
        if then:
            text += f", then {then}"
        return f"{text}, else {other}" if other else text


def _conditions(expr: Any) -> list[tuple[str, Any]]:
    return [(str(name), condition) for name, condition in (expr.slot_conditions or {}).items()]


def _spell(operator: str, parts: list[str]) -> str:
    match operator:
        case "any_of":
            return " or ".join(parts)
        case "all_of":
            return " and ".join(parts)
        case "exactly_one_of":
            return f"exactly one of these holds: {'; '.join(parts)}"
        case _:
            return f"none of these holds: {'; '.join(parts)}"
