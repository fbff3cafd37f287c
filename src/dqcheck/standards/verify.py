"""What a schema refers to must be there: checked before anything is derived from it."""

from __future__ import annotations

__all__ = ["verify_keys", "verify_names"]

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from dqcheck.errors import SchemaError, suggest
from dqcheck.standards.load import Schema


def verify_names(schema: Schema) -> list[SchemaError]:
    """Return the names that lead nowhere and would make LinkML's view of the schema break.

    Unknown parents, parents in a circle, unknown slots of classes, unknown default ranges; and if
    there are any, unknown ranges as well, since nothing more will be compiled.
    """
    view = schema.view
    slots, classes = view.all_slots(), view.all_classes()
    faults = [
        *_parents(schema, "classes", classes),
        *_parents(schema, "slots", view.all_slots(attributes=False)),
        *_parents(schema, "enums", view.all_enums()),
        *_type_parents(schema),
        *_default_ranges(schema),
    ]
    for name, definition in classes.items():
        path = ("classes", name)
        faults += _unknown(schema, definition.slots, slots, (*path, "slots"), "slot")
        for usage in definition.slot_usage:
            faults += _unknown(schema, [usage], slots, (*path, "slot_usage", usage), "slot")
    return faults + list(_ranges(schema)) if faults else []


def _unknown(
    schema: Schema, names: Iterable[Any], known: Mapping[Any, Any], path: tuple[str, ...], what: str
) -> Iterator[SchemaError]:
    for name in names:
        if str(name) not in known:
            yield SchemaError(
                f"the {what} {name} is not defined",
                place=schema.place(path, path[:-1]),
                hint=suggest(str(name), known),
            )


def _parents(schema: Schema, kind: str, elements: Mapping[Any, Any]) -> Iterator[SchemaError]:
    what = {"classes": "class", "slots": "slot", "enums": "enum"}[kind]
    parents = {
        str(name): [str(one) for one in (element.is_a, *element.mixins) if one]
        for name, element in elements.items()
    }
    for name, element in elements.items():
        path = (kind, str(name))
        if element.is_a:
            yield from _unknown(schema, [element.is_a], elements, (*path, "is_a"), what)
        yield from _unknown(schema, element.mixins, elements, (*path, "mixins"), what)
        if _circular(str(name), parents):
            yield SchemaError(
                f"the {what} {name} is its own ancestor",
                place=schema.place((*path, "is_a"), (*path, "mixins"), path),
            )


def _circular(name: str, parents: Mapping[str, list[str]]) -> bool:
    seen: set[str] = set()
    todo = list(parents.get(name, ()))
    while todo:
        current = todo.pop()
        if current == name:
            return True
        if current not in seen:
            seen.add(current)
            todo += parents.get(current, ())
    return False


def _type_parents(schema: Schema) -> Iterator[SchemaError]:
    types = schema.view.all_types()
    parents = {
        str(name): [str(one) for one in (definition.typeof, *definition.union_of) if one]
        for name, definition in types.items()
    }
    for name, above in parents.items():
        path = ("types", name)
        yield from _unknown(schema, above, types, (*path, "typeof"), "type")
        if _circular(name, parents):
            place = schema.place((*path, "typeof"), (*path, "union_of"), path)
            yield SchemaError(f"the type {name} is its own ancestor", place=place)


def _default_ranges(schema: Schema) -> Iterator[SchemaError]:
    view = schema.view
    known = {**view.all_types(), **view.all_classes(), **view.all_enums()}
    for one in view.schema_map.values():
        # LinkML's own rule: without linkml:types there is still a default range of text.
        if one.default_range and str(one.default_range) not in (*known, "string"):
            yield from _unknown(schema, [one.default_range], known, ("default_range",), "range")


def _ranges(schema: Schema) -> Iterator[SchemaError]:
    view = schema.view
    known = {**view.all_types(), **view.all_classes(), **view.all_enums()}
    bearers: list[tuple[tuple[str, ...], Any]] = [
        (("slots", name), one) for name, one in view.all_slots(attributes=False).items()
    ]
    for class_name, definition in view.all_classes().items():
        for where in ("attributes", "slot_usage"):
            bearers += [
                (("classes", class_name, where, name), one)
                for name, one in getattr(definition, where).items()
            ]
    for path, one in bearers:
        if one.range:
            yield from _unknown(schema, [one.range], known, (*path, "range"), "range")


def verify_keys(schema: Schema) -> Iterator[SchemaError]:
    """Yield the faults of the keys of classes whose slots are all defined."""
    for name in schema.view.all_classes():
        yield from _keys(schema, str(name))


def _keys(schema: Schema, name: str) -> Iterator[SchemaError]:
    induced = {slot.name: slot for slot in schema.view.class_induced_slots(name)}
    for feature in ("identifier", "key"):
        found = [slot for slot, one in induced.items() if getattr(one, feature)]
        if len(found) > 1:
            yield SchemaError(
                f"the class {name} has more than one {feature}",
                place=schema.place(("@", name, found[1], feature), ("classes", name)),
                found=", ".join(found),
                hint="keep one of them, or say unique_keys",
            )
    for key_name, key in schema.view.get_class(name).unique_keys.items():
        path = ("classes", name, "unique_keys", key_name)
        slots = [str(slot) for slot in key.unique_key_slots]
        yield from _unknown(schema, slots, induced, (*path, "unique_key_slots"), "slot")
