"""A standard as a Python module of Pandera schemas for Polars, which needs no dqcheck.

LinkML 1.12's own generator leaves out what docs/exports.md names, and writes Python that does not
compile where a date has a bound.
"""

from __future__ import annotations

__all__ = ["write"]

import re
from collections.abc import Iterator
from pathlib import Path

from dqcheck.publish.losses import head_lines, state_losses
from dqcheck.standards.demands import Demand, read_demand
from dqcheck.standards.plan import ClassPlan, Plan, SlotPlan
from dqcheck.store.files import write_file

_CARRIED = frozenset(
    {"required", "type", "list", "single_value", "pattern", "minimum_value", "maximum_value",
     "minimum_date", "maximum_date", "permissible_value", "unique"}
)  # fmt: skip
_LOSSES = (
    "a column must have its type already, an empty one too; dates and times bear no time zone",
    "slots with several values are columns of lists: split the text of a cell before",
    "a LazyFrame must be collected before: Pandera passes over the checks of its data",
    "an empty text counts as a value: read empty cells as null",
)
_TYPES = {
    "integer": "pl.Int64",
    "float": "pl.Float64",
    "double": "pl.Float64",
    "decimal": "pl.Float64",
    "boolean": "pl.Boolean",
    "date": "pl.Date",
    "datetime": 'pl.Datetime("us")',
    "time": "pl.Time",
    "date_or_datetime": "",
}
_BOUNDS = {
    "integer": "{}",
    "float": "{}",
    "double": "{}",
    "decimal": "{}",
    "date": 'datetime.date.fromisoformat("{}")',
    "datetime": 'datetime.datetime.fromisoformat("{}")',
    "time": 'datetime.time.fromisoformat("{}")',
}
_HEAD = """\
import datetime  # noqa: F401
from collections.abc import Callable

import pandera.polars as pa
import polars as pl


def _value(name: str, holds: Callable[[pl.Expr], pl.Expr]) -> pa.Check:
    \"\"\"Return a check of the value of a cell.\"\"\"
    return pa.Check(lambda data: data.lazyframe.select(holds(pl.col(data.key))), name=name)


def _each(name: str, holds: Callable[[pl.Expr], pl.Expr]) -> pa.Check:
    \"\"\"Return a check of each value of a list.\"\"\"
    return _value(name, lambda cell: cell.list.eval(holds(pl.element())).list.all())

"""


def write(plan: Plan, out: Path) -> tuple[str, ...]:
    """Write `plan` to the file `out`: a schema a class, and `SCHEMAS` with all of them by name.

    Returns:
        What the schemas can't say, a sentence each; they stand at the head of the module too.

    Raises:
        UsageError: If it can't be written.
    """
    losses = (*_LOSSES, *state_losses(plan, _CARRIED))
    write_file(out, "\n".join(_module(plan, losses)).encode())
    return losses


def _module(plan: Plan, losses: tuple[str, ...]) -> Iterator[str]:
    yield from (f"# {line}" for line in head_lines(plan, losses))
    yield _HEAD
    classes = [one for one in plan.classes.values() if not one.abstract]
    demands = {one.name: [(slot, read_demand(one, slot)) for slot in one.slots] for one in classes}
    used: dict[str, tuple[str, ...]] = {}
    for part in demands.values():
        for slot, demand in part:
            if demand.codes is not None:
                used.setdefault(_codes(slot), demand.codes)
    for name, codes in sorted(used.items()):
        yield f"{name} = ["
        yield from (f"    {code!r}," for code in codes)
        yield "]"
    for one in classes:
        yield from _schema(one, demands[one.name])
    yield "\nSCHEMAS = {"
    yield from (f"    {one.name!r}: {_constant(one.name)}," for one in classes)
    yield "}\n"


def _schema(one: ClassPlan, slots: list[tuple[SlotPlan, Demand]]) -> Iterator[str]:
    yield f"\n{_constant(one.name)} = pa.DataFrameSchema("
    yield "    {"
    for slot, demand in slots:
        yield from _column(slot, demand)
    yield "    },"
    yield f"    name={one.name!r},"
    yield f"    title={one.title!r},"
    yield f"    description={one.description!r},"
    yield f"    strict={one.closed},"
    yield ")"


def _column(slot: SlotPlan, demand: Demand) -> Iterator[str]:
    kind = _TYPES.get(slot.type, "pl.String") if slot.type else ""
    dtype = f"pl.List({kind})" if slot.multivalued and kind else kind or "None"
    yield f"        {slot.column!r}: pa.Column("
    yield f"            {dtype},"
    checks = list(_checks(slot, demand))
    if checks:
        yield "            checks=["
        yield from (f"                {check}," for check in checks)
        yield "            ],"
    yield f"            required={demand.required},"
    yield f"            nullable={not demand.required},"
    if slot.identifier:
        yield "            unique=True,"
    yield f"            title={slot.title!r},"
    yield f"            description={slot.description!r},"
    yield "        ),"


def _checks(slot: SlotPlan, demand: Demand) -> Iterator[str]:
    bound = _BOUNDS.get(slot.type or "", "")
    asked = [(f"str.contains({pattern!r})", "pattern") for pattern in demand.patterns]
    if demand.codes is not None:
        asked.append((f"is_in({_codes(slot)})", "permissible_value"))
    if demand.minimum is not None and bound:
        asked.append((f"ge({bound.format(demand.minimum)})", "minimum_value"))
    if demand.maximum is not None and bound:
        asked.append((f"le({bound.format(demand.maximum)})", "maximum_value"))
    for call, name in asked:
        yield f"{'_each' if slot.multivalued else '_value'}({name!r}, lambda value: value.{call})"


def _codes(slot: SlotPlan) -> str:
    return f"{_constant(slot.enum or slot.name)}_CODES"


def _constant(name: str) -> str:
    """Return a name in the manner of Python's constants: `HairColour`, `HAIR_COLOUR`."""
    words = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name)
    constant = re.sub(r"\W", "_", words).upper()
    return constant if constant[:1].isalpha() else f"_{constant}"
