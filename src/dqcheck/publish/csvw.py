"""A standard as CSV on the Web metadata (W3C, Metadata Vocabulary for Tabular Data, 2015-12-17)."""

from __future__ import annotations

__all__ = ["write"]

import json
import re
from pathlib import Path
from typing import Any
from urllib.parse import quote

from dqcheck.model import Severity
from dqcheck.publish.losses import state_losses
from dqcheck.standards.demands import Demand, read_demand
from dqcheck.standards.plan import ClassPlan, Plan, SlotPlan
from dqcheck.store.files import write_file

_CARRIED = frozenset(
    {"required", "type", "list", "single_value", "pattern", "minimum_value", "maximum_value",
     "minimum_date", "maximum_date", "permissible_value", "unique", "reference"}
)  # fmt: skip
_LOSSES = (
    "each class is one table, in the file that is named after it; change url to the name of yours",
    "a file must have all columns, in this order: leave a cell empty, not a column out",
    "a code list is written as a regular expression; titles and aliases of codes are left out",
    "of several patterns only the first is carried over where a slot has more than one",
)
# Section 5.11.1: the built-in datatypes; what is missing here is text.
_TYPES = {
    "integer": "integer",
    "float": "double",
    "double": "double",
    "decimal": "decimal",
    "boolean": "boolean",
    "date": "date",
    "datetime": "datetime",
    "time": "time",
}


def write(plan: Plan, out: Path) -> tuple[str, ...]:
    """Write `plan` to the file `out`: a table group with a table for each class.

    Returns:
        What the metadata can't say, a sentence each; they stand under `rdfs:comment` too.

    Raises:
        UsageError: If it can't be written.
    """
    losses = (*_LOSSES, *state_losses(plan, _CARRIED))
    classes = [one for one in plan.classes.values() if not one.abstract]
    group = {
        "@context": ["http://www.w3.org/ns/csvw", {"@language": "en"}],
        "@type": "TableGroup",
        "dc:title": plan.title or plan.name,
        "dc:description": plan.description,
        "dc:identifier": plan.schema_id,
        "dc:license": plan.license,
        "schema:version": plan.version,
        "rdfs:comment": list(losses),
        "tables": [_table(plan, one) for one in classes],
    }
    said = {key: value for key, value in group.items() if value}
    write_file(out, (json.dumps(said, ensure_ascii=False, indent=2) + "\n").encode())
    return losses


def _file(class_name: str) -> str:
    return f"{quote(class_name)}.csv"


def _table(plan: Plan, one: ClassPlan) -> dict[str, Any]:
    names = {slot.name: _name(slot.column) for slot in one.slots}
    schema: dict[str, Any] = {
        "columns": [_column(slot, read_demand(one, slot)) for slot in one.slots]
    }
    primary = [names[slot] for key in one.keys if key.primary for slot in key.slots]
    if primary:
        schema["primaryKey"] = primary
    keys = [
        {
            "columnReference": names[reference.slot],
            "reference": {
                "resource": _file(reference.target_class),
                "columnReference": _name(target.column),
            },
        }
        for reference in one.references
        if reference.severity is Severity.VIOLATION
        and not plan.classes[reference.target_class].abstract
        and (target := plan.classes[reference.target_class].slot(reference.target_slot))
    ]
    if keys:
        schema["foreignKeys"] = keys
    table = {
        "@type": "Table",
        "url": _file(one.name),
        "dc:title": one.title,
        "dc:description": one.description,
        "tableSchema": schema,
    }
    return {key: value for key, value in table.items() if value}


def _name(column: str) -> str:
    """Return a column's name as a variable of a URI template may be called (RFC 6570, 2.3)."""
    name = quote(column, safe="").translate({ord(letter): f"%{ord(letter):02X}" for letter in "-~"})
    return f"%5F{name[1:]}" if name.startswith("_") else name


def _column(slot: SlotPlan, demand: Demand) -> dict[str, Any]:
    column: dict[str, Any] = {
        "name": _name(slot.column),
        "titles": slot.column,
        "dc:title": slot.title,
        "dc:description": slot.description,
        "datatype": _datatype(slot, demand),
        "required": demand.required,
        "separator": slot.delimiter if slot.multivalued else "",
        "null": ["", *slot.null_values] if slot.null_values else "",
    }
    return {key: value for key, value in column.items() if value}


def _datatype(slot: SlotPlan, demand: Demand) -> dict[str, Any] | str:
    base = _TYPES.get(slot.type or "", "string")
    extra: dict[str, Any] = {}
    if demand.codes is not None:
        extra["format"] = f"^({'|'.join(map(_escape, demand.codes))})$"
    elif demand.patterns and base == "string":
        extra["format"] = _whole(demand.patterns[0])
    if base != "string":
        extra |= {
            word: bound
            for word, bound in (("minimum", demand.minimum), ("maximum", demand.maximum))
            if bound is not None
        }
    return {"base": base, **extra} if extra else base


def _escape(code: str) -> str:
    return re.sub(r"([\\^$.|?*+()\[\]{}/])", r"\\\1", code)


def _whole(pattern: str) -> str:
    """Return a pattern that is searched for as one that the whole value must match."""
    anchored = pattern.startswith("^") and pattern.endswith("$") and "|" not in pattern
    return pattern if anchored else rf"[\s\S]*(?:{pattern})[\s\S]*"
