"""Which class of a schema the rows of an export are."""

from __future__ import annotations

__all__ = ["choose_class"]

from dqcheck.errors import UsageError, suggest
from dqcheck.standards.plan import ClassPlan, Plan


def choose_class(plan: Plan, class_name: str | None) -> ClassPlan:
    """Return the class called `class_name`, or the one that rows are meant to be.

    Without a name: the tree root (or, where that is only a container of one kind of record, the
    class of these records), else the only class that can have rows. A name matches whatever its
    capitals and punctuation, and titles match as well. An abstract class is only taken by name:
    its plan has the check that refuses every row.

    Raises:
        UsageError: With the choices, if there is no such class, or if there are several.
    """
    choices = [one.name for one in plan.classes.values() if not one.abstract]
    if class_name is not None:
        return _named(plan, class_name, choices)
    roots = [one for one in plan.classes.values() if one.tree_root and not one.abstract]
    if len(roots) == 1:
        return _contained(plan, roots[0])
    if len(choices) == 1:
        return plan.classes[choices[0]]
    raise UsageError(
        f"the schema {plan.name} has several classes: say which one the rows are",
        found=f"classes: {', '.join(choices) or 'none that can have rows'}",
        hint="give --class NAME",
    )


def _named(plan: Plan, class_name: str, choices: list[str]) -> ClassPlan:
    chosen = plan.classes.get(class_name)
    if chosen is None:
        folded = _fold(class_name)
        alike = [
            one for one in plan.classes.values() if folded in (_fold(one.name), _fold(one.title))
        ]
        chosen = alike[0] if len(alike) == 1 else None
    if chosen is None:
        titles = [plan.classes[name].title for name in choices if plan.classes[name].title]
        raise UsageError(
            f"the schema {plan.name} has no class {class_name}",
            found=f"classes: {', '.join(choices)}",
            hint=suggest(class_name, [*choices, *titles]),
        )
    return chosen


def _fold(text: str) -> str:
    """Return the letters and digits of a name, whatever stands between them."""
    return "".join(filter(str.isalnum, text.casefold()))


def _contained(plan: Plan, root: ClassPlan) -> ClassPlan:
    references = {reference.slot for reference in root.references}
    held = [
        slot.range
        for slot in root.slots
        if slot.multivalued and slot.range in plan.classes and slot.name not in references
    ]
    if len(held) == 1 and len(root.slots) == 1:
        return plan.classes[held[0]]
    return root
