"""From a LinkML schema to a plan."""

from __future__ import annotations

__all__ = ["Compiled", "compile_schema"]

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from dqcheck.errors import raise_together
from dqcheck.standards.annotations import read_notes
from dqcheck.standards.classes import ClassExpressions
from dqcheck.standards.load import Schema
from dqcheck.standards.locate import locate_standard, packaged_names
from dqcheck.standards.plan import ClassPlan, Plan
from dqcheck.standards.subclasses import compile_class
from dqcheck.standards.verify import verify_keys, verify_names


@dataclass(frozen=True, slots=True)
class Compiled:
    """A compiled schema.

    Attributes:
        plan: The plan.
        files: All files it was made from.
    """

    plan: Plan
    files: tuple[Path, ...]


def compile_schema(schema: Schema, source: str) -> Compiled:
    """Return the plan of a schema.

    Args:
        schema: As loaded.
        source: `packaged`, or the path as the user named it.

    Raises:
        SchemaError: With all faults of the schema, each with its place where it can be found.
    """
    raise_together(verify_names(schema))
    root = schema.view.schema
    expressions = ClassExpressions(schema)
    expressions.faults += verify_keys(schema)
    notes = read_notes(schema, [(root, ())], expressions.faults)
    for name, enum in schema.view.all_enums().items():
        expressions.add_enum(str(name), enum, ("enums", str(name)))
    hidden = notes.get("imported_classes") == "hidden"
    classes: dict[str, ClassPlan] = {}
    for name, definition in schema.view.all_classes().items():
        if not _is_any(definition) and not (hidden and name not in root.classes):
            classes[str(name)] = compile_class(expressions, str(root.name), str(name), notes)
    raise_together(expressions.faults)
    enums = dict(sorted(expressions.enums.items()))
    if hidden:
        used = {slot.enum for one in classes.values() for slot in one.slots}
        enums = {name: enum for name, enum in enums.items() if name in used}
    own = {str(name) for name in schema.view.all_classes(imports=False)}
    # The root of an imported schema is not the root of one that has its own.
    rooted = any(one.tree_root for name, one in classes.items() if name in own)
    classes = {
        name: one
        if name in own
        else replace(one, imported=True, tree_root=one.tree_root and not rooted)
        for name, one in classes.items()
    }
    plan = Plan(
        name=str(root.name),
        version=str(root.version or ""),
        title=root.title or "",
        description=root.description or "",
        schema_id=str(root.id),
        license=root.license or "",
        owner=notes.get("owner", ""),
        source=source,
        imports=tuple(_find_packaged(schema)),
        classes=classes,
        enums=enums,
    )
    return Compiled(plan, (*schema.files, *dict.fromkeys(expressions.files)))


def _find_packaged(schema: Schema) -> Iterator[str]:
    """Yield the imports of the schema itself that are packaged standards."""
    names = schema.documents[0].data.get("imports") or []
    for name in names if isinstance(names, list) else [names]:
        stem, _, _ = str(name).partition("@")
        if stem in packaged_names() and locate_standard(str(name)).file.resolve() in schema.files:
            yield str(name)


def _is_any(definition: Any) -> bool:
    return str(definition.class_uri or "") in ("linkml:Any", "https://w3id.org/linkml/Any")
