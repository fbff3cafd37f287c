"""LinkML's own generators, fed with a flat copy of a compiled standard.

The copy holds what the plan demands of each slot by itself, nothing inherited or imported: LinkML
1.12's generators otherwise leave out the pattern of a type or take the slot's in its place, make a
violation of what only warns, and write tables for abstract classes.
"""

from __future__ import annotations

__all__ = ["generate_json_schema", "generate_shacl", "generate_sql"]

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dqcheck.model import Severity
from dqcheck.standards.demands import NUMBERS, Demand, read_demand
from dqcheck.standards.load import load_schema, read_file
from dqcheck.standards.locate import locate_standard
from dqcheck.standards.plan import ClassPlan, EnumPlan, Plan, SlotPlan

if TYPE_CHECKING:
    from linkml_runtime.linkml_model.meta import SchemaDefinition  # type: ignore[import-untyped]
    from linkml_runtime.utils.schemaview import SchemaView  # type: ignore[import-untyped]


_ANYTHING = "Anything"


def generate_json_schema(plan: Plan, root: str | None) -> str:
    """Return JSON Schema 2019-09 of all classes of a standard.

    Args:
        plan: The standard.
        root: The class that the document itself describes, the others standing in `$defs`; None
            if all do.
    """
    from linkml.generators.jsonschemagen import (  # type: ignore[import-untyped]
        JsonSchemaGenerator,
    )

    schema = _flatten(plan)
    for part in schema.classes.values():
        for slot in part.attributes.values():
            _join_patterns(slot)
    with _quiet():
        generator = JsonSchemaGenerator(
            schema, mergeimports=False, top_class=root, preserve_names=True
        )
        return str(generator.serialize())


def _join_patterns(slot: Any) -> None:
    """Make one pattern of several: beside `all_of` the generator leaves out the type."""
    if slot.all_of:
        patterns = [slot.pattern, *(part.pattern for part in slot.all_of)]
        slot.pattern = "^" + "".join(rf"(?=[\s\S]*?(?:{pattern}))" for pattern in patterns)
        slot.all_of = []


def generate_shacl(plan: Plan) -> str:
    """Return SHACL shapes of all classes of a standard, in Turtle; of several patterns the first.

    A property shape has one pattern at most (SHACL, 4.4.3).
    """
    from linkml.generators.shaclgen import ShaclGenerator  # type: ignore[import-untyped]

    closed = all(one.closed for one in plan.classes.values() if not one.abstract)
    with _quiet():
        generator = ShaclGenerator(_flatten(plan), mergeimports=False, closed=closed)
        return str(generator.serialize())


def generate_sql(plan: Plan) -> str:
    """Return SQL that creates the tables of a standard, a class each."""
    from linkml.generators.sqltablegen import SQLTableGenerator  # type: ignore[import-untyped]

    schema = _flatten(plan)
    schema.classes.pop(_ANYTHING, None)
    for part in schema.classes.values():
        for slot in part.attributes.values():
            slot.range = "string" if slot.range == _ANYTHING else slot.range
    with _quiet():
        generator = SQLTableGenerator(schema, mergeimports=False, autogenerate_index=False)
        return str(generator.generate_ddl())


@contextmanager
def _quiet() -> Iterator[None]:
    """Keep LinkML's notes on its own work from standard error."""
    before = logging.root.manager.disable
    logging.disable(logging.ERROR)
    try:
        yield
    finally:
        logging.disable(before)


def _flatten(plan: Plan) -> SchemaDefinition:
    """Return the standard as a LinkML schema without inheritance, own types and rules."""
    from linkml_runtime.linkml_model import meta  # type: ignore[import-untyped]

    view = _open_view(plan)
    source = view.schema
    classes = [one for one in plan.classes.values() if not one.abstract]
    schema = meta.SchemaDefinition(
        id=source.id,
        name=source.name,
        title=source.title,
        description=source.description,
        version=source.version,
        license=source.license,
        prefixes=source.prefixes,
        default_prefix=source.default_prefix,
        default_range="string",
        imports=["linkml:types"],
    )
    for one in classes:
        schema.classes[one.name] = _flatten_class(plan, one, view)
    used = {slot.range for part in schema.classes.values() for slot in part.attributes.values()}
    if _ANYTHING in used:
        schema.classes[_ANYTHING] = meta.ClassDefinition(name=_ANYTHING, class_uri="linkml:Any")
    # LinkML's classes turn a dict that is assigned into an object of another kind.
    schema.enums.update(
        {name: _flatten_enum(enum) for name, enum in plan.enums.items() if name in used}
    )
    return schema


def _open_view(plan: Plan) -> SchemaView:
    """Return LinkML's view of the schema that the plan was made from: for names in RDF."""
    file = Path(plan.source)
    if plan.source == "packaged":
        file = locate_standard(f"{plan.name}@{plan.version}").file
    return load_schema(read_file(file, str(file)), str(file), file).view


def _flatten_class(plan: Plan, one: ClassPlan, view: SchemaView) -> Any:
    from linkml_runtime.linkml_model import meta

    references = {reference.slot for reference in one.references}
    flat = meta.ClassDefinition(
        name=one.name,
        title=one.title or None,
        description=one.description or None,
        class_uri=view.get_uri(one.name, expand=True),
        extra_slots={"allowed": not one.closed},
    )
    for slot in one.slots:
        induced = view.induced_slot(slot.name, one.name)
        flat.attributes[slot.column] = _flatten_slot(
            plan, slot, read_demand(one, slot), view.get_uri(induced, expand=True), references
        )
    columns = {slot.name: slot.column for slot in one.slots}
    for key in one.keys:
        if not key.primary and key.severity is Severity.VIOLATION:
            name = key.id.rpartition(".")[2]
            flat.unique_keys[name] = meta.UniqueKey(
                unique_key_name=name, unique_key_slots=[columns[part] for part in key.slots]
            )
    return flat


def _flatten_slot(
    plan: Plan, slot: SlotPlan, demand: Demand, uri: str, references: set[str]
) -> Any:
    from linkml_runtime.linkml_model import meta

    flat = meta.SlotDefinition(
        name=slot.column,
        title=slot.title or None,
        description=slot.description or None,
        slot_uri=uri,
        range=_choose_range(plan, slot, demand, references),
        multivalued=slot.multivalued,
        required=demand.required,
        identifier=slot.identifier,
    )
    if demand.patterns:
        flat.pattern = demand.patterns[0]
        flat.all_of = [
            meta.AnonymousSlotExpression(pattern=pattern) for pattern in demand.patterns[1:]
        ]
    if slot.type in NUMBERS:
        number = int if slot.type == "integer" else float
        flat.minimum_value = None if demand.minimum is None else number(demand.minimum)
        flat.maximum_value = None if demand.maximum is None else number(demand.maximum)
    return flat


def _choose_range(plan: Plan, slot: SlotPlan, demand: Demand, references: set[str]) -> str:
    target = plan.classes.get(slot.range)
    if target is not None and not target.abstract and (slot.name in references or not slot.type):
        return target.name
    if demand.codes is not None and slot.enum:
        return slot.enum
    return slot.type or _ANYTHING


def _flatten_enum(enum: EnumPlan) -> Any:
    from linkml_runtime.linkml_model import meta

    return meta.EnumDefinition(
        name=enum.name,
        title=enum.title or None,
        description=enum.description or None,
        permissible_values={
            value.code: meta.PermissibleValue(
                text=value.code,
                title=value.title or None,
                description=value.description or None,
                meaning=value.meaning or None,
            )
            for value in enum.values
        },
    )
