"""The rows that stand in a rule: whether they can be rows of its class."""

from __future__ import annotations

__all__ = ["ROW_COUNT", "check_cells"]

from collections.abc import Iterable, Iterator

from dqcheck.checks.compile_products import Source
from dqcheck.documents import MapNode
from dqcheck.documents.rules import Cells, Rule
from dqcheck.documents.validate import node_at
from dqcheck.errors import ConfigurationError, Place, raise_together, suggest
from dqcheck.standards.plan import ClassPlan, Plan

# The one cell of the rows of a rule about the number of rows.
ROW_COUNT = "row_count"


def check_cells(plan: Plan, class_plan: ClassPlan, rule: Rule, source: Source) -> None:
    """Refuse rows with unknown slots, or with a list for one value.

    Raises:
        ConfigurationError: With all faults.
    """
    faults: list[ConfigurationError] = []
    for key in ("passing", "failing"):
        for index, cells in enumerate(getattr(rule, key)):
            if rule.rows is not None:
                faults.extend(_count_faults(cells, source.at(key, index)))
            else:
                faults.extend(_row_faults(class_plan, cells, source, key, index))
    others = [record.of for record in rule.refers_to.values()]
    if rule.exists_in is not None:
        others.append(rule.exists_in.partition(".")[0])
    for name in others:
        for index, cells in enumerate(rule.given):
            faults.extend(_row_faults(plan.classes[name], cells, source, "given", index))
    raise_together(faults)


def _count_faults(cells: Cells, place: Place) -> Iterator[ConfigurationError]:
    count = cells.get(ROW_COUNT)
    if set(cells) != {ROW_COUNT} or not isinstance(count, str) or not count.isdigit():
        yield ConfigurationError(
            f'a row of this rule has one cell, "{ROW_COUNT}", with a whole number',
            place=place,
            hint=f"write - {ROW_COUNT}: 250",
        )


def _row_faults(
    class_plan: ClassPlan, cells: Cells, source: Source, key: str, index: int
) -> Iterable[ConfigurationError]:
    row = node_at(source.node, (key, index))
    names = [slot.name for slot in class_plan.slots]
    for name, cell in cells.items():
        slot = class_plan.slot(name)
        place = row.keys[name] if isinstance(row, MapNode) else row.place
        if slot is None:
            yield ConfigurationError(
                f'no slot "{name}" in {class_plan.name}', place=place, hint=suggest(name, names)
            )
        elif isinstance(cell, tuple) and not slot.multivalued:
            yield ConfigurationError(f'"{name}" holds one value, not a list', place=place)
