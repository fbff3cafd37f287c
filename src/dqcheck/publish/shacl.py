"""A standard as SHACL shapes in Turtle, by LinkML's generator."""

from __future__ import annotations

__all__ = ["write"]

from pathlib import Path

from dqcheck.publish.losses import head_lines, state_losses
from dqcheck.standards.demands import read_demand
from dqcheck.standards.generate import generate_shacl
from dqcheck.standards.plan import Plan
from dqcheck.store.files import write_file

_CARRIED = frozenset(
    {"required", "type", "list", "single_value", "pattern", "minimum_value", "maximum_value",
     "permissible_value", "reference"}
)  # fmt: skip


def write(plan: Plan, out: Path) -> tuple[str, ...]:
    """Write `plan` to the file `out`.

    Returns:
        What the shapes can't say, a sentence each; they stand as comments in the file too.

    Raises:
        UsageError: If it can't be written.
    """
    losses = [
        "an identifier is the name of the node, so that no shape asks for it",
        "regular expressions are read by XPath's rules, which differ from Rust's in rare cases",
    ]
    several = sorted(
        f"{one.name}.{slot.name}"
        for one in plan.classes.values()
        for slot in one.slots
        if not one.abstract and len(read_demand(one, slot).patterns) > 1
    )
    if several:
        losses.append(f"of several patterns only the first is carried over: {', '.join(several)}")
    losses += state_losses(plan, _CARRIED)
    text = "".join(f"# {line}\n" for line in head_lines(plan, losses)) + generate_shacl(plan)
    write_file(out, text.encode())
    return tuple(losses)
