"""Rows of subclasses among the rows of a class: told by a type designator or by classification."""

from __future__ import annotations

__all__ = ["compile_class"]

from dataclasses import replace
from typing import Any

from dqcheck.model import Check, NotChecked, Privacy
from dqcheck.standards.annotations import Notes
from dqcheck.standards.checks import Words, add_check, make_check, narrow
from dqcheck.standards.classes import FALSE, ClassExpressions
from dqcheck.standards.compile_class import ClassCompiler
from dqcheck.standards.conditions import UNKNOWN, Condition, Tree, join, quote_words
from dqcheck.standards.constraints import label
from dqcheck.standards.plan import ClassPlan, SlotPlan


def compile_class(
    expressions: ClassExpressions, standard: str, name: str, schema_notes: Notes
) -> ClassPlan:
    """Return the plan of a class.

    Where a slot designates the type of a row, or classification rules do, a row may be of a
    subclass: it may then fill the slots of that subclass, and must pass its checks.
    """
    compiler = ClassCompiler(expressions, standard, name, schema_notes)
    family = _Family(compiler, schema_notes)
    plan = compiler.compile(family.tells)
    if family.tells or family.designator:
        plan = family.widen(plan)
    if plan.abstract:
        plan = family.refuse_abstract(plan)
    return plan


class _Family:
    """A class and its subclasses.

    Attributes:
        designator: The slot that designates the type, if there is one.
        tells: For each subclass that can be told, the tree that is true of its rows.
    """

    def __init__(self, compiler: ClassCompiler, schema_notes: Notes) -> None:
        self.compiler = compiler
        self.view = compiler.view
        self.schema_notes = schema_notes
        self.designator = next(
            (slot for slot, one in compiler.induced.items() if one.designates_type), None
        )
        below = [str(one) for one in self.view.class_descendants(compiler.name, reflexive=False)]
        trees = {one: self.tree(one) for one in below}
        self.tells = {one: tree for one, tree in trees.items() if tree is not None}

    def tree(self, name: str) -> Tree | None:
        """Return what tells the rows of subclass `name`, its own subclasses included."""
        within = [str(one) for one in self.view.class_descendants(name)]
        trees: list[Tree] = []
        if self.designator:
            trees.append(self.designates([word for one in within for word in self.names(one)]))
        members = self.compiler.members()
        for one in within:
            for number, rule in enumerate(self.view.get_class(one).classification_rules):
                path = ("classes", one, "classification_rules", str(number))
                trees.append(self.compiler.expressions.class_tree(rule, members, path, closed=True))
        return ["true", join("or", trees)] if trees else None

    def names(self, name: str) -> list[str]:
        """Return how the designator names a class (specification, part 5, DesignatedType)."""
        definition = self.view.get_class(name)
        kind = self.compiler.ranges[self.designator or ""].type
        expanded = str(self.view.get_uri(definition, expand=True))
        compact = str(self.view.get_uri(definition, expand=False))
        match kind:
            case "uri":
                return [expanded]
            case "curie":
                return [compact]
            case "uriorcurie":
                return [compact, expanded]
            case _:
                return [name]

    def designates(self, words: list[str]) -> Tree:
        """Return that the designator is one of `words`."""
        slot = self.designator or ""
        options: list[Any] = [["lit", "string", word] for word in dict.fromkeys(words)]
        if self.compiler.slots[slot].multivalued:
            return ["some", slot, ["in", ["text", "."], options]]
        return ["in", ["text", slot], options]

    def concrete(self) -> list[str]:
        """Return the classes that rows can be of."""
        return [
            str(one)
            for one in self.view.class_descendants(self.compiler.name)
            if not (self.view.get_class(one).abstract or self.view.get_class(one).mixin)
        ]

    def widen(self, plan: ClassPlan) -> ClassPlan:
        """Return `plan` with the slots and checks of the subclasses."""
        slots = {slot.name: slot for slot in plan.slots}
        checks, not_checked = list(plan.checks), list(plan.not_checked)
        references = list(plan.references)
        seen = {plan.name: self.plain(plan.name)}
        owners: dict[str, list[str]] = {}
        for name, tell in self.tells.items():
            below = ClassCompiler(
                self.compiler.expressions, self.compiler.standard, name, self.schema_notes
            ).compile()
            seen[name] = list(below.checks)
            for slot in below.slots:
                if slot.name not in {one.name for one in plan.slots}:
                    owners.setdefault(slot.name, []).append(name)
                    slots.setdefault(slot.name, replace(slot, required=False, recommended=False))
                if slots[slot.name].privacy != slot.privacy:
                    # One column, several classes: what is not the same in all is protected most.
                    slots[slot.name] = replace(slots[slot.name], privacy=Privacy.DIRECT)
            above = [
                check
                for parent in self.view.class_ancestors(name, reflexive=False)
                for check in seen.get(str(parent), ())
            ]
            for check in narrow([one for one in below.checks if one not in above], tell):
                add_check(checks, check)
            known = {reference.slot for reference in references}
            references += [one for one in below.references if one.slot not in known]
            not_checked += [item for item in below.not_checked if item not in not_checked]
            not_checked += [
                NotChecked("unique_keys", name, None, f"{key.title}, among {label(name)} alone")
                for key in below.keys
                if key.id not in {one.id for one in plan.keys}
            ]
        for slot_name, names in owners.items():
            add_check(checks, self.not_in_class(slots[slot_name], names))
        if self.designator:
            add_check(checks, self.designated(plan))
        return replace(
            plan,
            slots=tuple(slots.values()),
            checks=tuple(checks),
            references=tuple(references),
            not_checked=tuple(not_checked),
        )

    def plain(self, name: str) -> list[Check]:
        """Return the checks of the class as its subclasses have them."""
        return list(
            ClassCompiler(
                self.compiler.expressions, self.compiler.standard, name, self.schema_notes
            )
            .compile()
            .checks
        )

    def not_in_class(self, slot: SlotPlan, names: list[str]) -> Check:
        """Return the check that a slot is filled for rows of some subclasses only."""
        tells = [self.tells[name] for name in names]
        tree = ["or", ["not", ["present", slot.name]], *tells]
        detail = " or ".join(label(name) for name in names)
        condition = Condition("not_in_class", tree, detail)
        words = Words(label(slot.name, slot.title))
        return make_check(self.compiler.standard, slot.name, condition, words, slot=slot.name)

    def designated(self, plan: ClassPlan) -> Check:
        """Return the check that the designator names a class that rows can be of."""
        slot = self.designator or ""
        names = self.concrete()
        if not plan.abstract:
            names += [name for name in plan.ancestors if name not in names]
        words = [word for name in names for word in self.names(name)]
        options: list[Any] = [["lit", "string", word] for word in dict.fromkeys(words)]
        if self.compiler.slots[slot].multivalued:
            tree: Tree = ["every", slot, ["in", ["text", "."], options]]
        else:
            tree = ["if", ["present", slot], ["in", ["text", slot], options], UNKNOWN]
        condition = Condition("designated_type", tree, f"one of {quote_words(words)}")
        check = make_check(
            self.compiler.standard,
            slot,
            condition,
            self.compiler.words(self.compiler.slots[slot]),
            slot=slot,
        )
        return replace(check, applies=["present", slot])

    def refuse_abstract(self, plan: ClassPlan) -> ClassPlan:
        """Return `plan` with the check that no row is of an abstract class alone."""
        if not plan.slots:
            return plan
        anchor = ["present", plan.slots[0].name]
        tells = [self.tells[name] for name in self.concrete() if name in self.tells]
        tree = ["and", ["or", anchor, ["not", anchor]], join("or", tells) if tells else FALSE]
        condition = Condition("abstract", tree, label(plan.name, plan.title))
        check = make_check(
            self.compiler.standard, plan.name, condition, Words(label(plan.name)), slot=None
        )
        return replace(plan, checks=(*plan.checks, check))
