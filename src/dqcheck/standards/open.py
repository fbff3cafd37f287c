"""Opens standards and schemas as plans, compiled beforehand where possible."""

from __future__ import annotations

__all__ = [
    "StandardInfo",
    "build_packaged",
    "list_standards",
    "open_named",
    "open_packaged",
    "open_schema",
    "open_schema_text",
    "open_standard",
]

from dataclasses import dataclass, replace
from pathlib import Path

from dqcheck.errors import Place, SchemaError
from dqcheck.standards import store
from dqcheck.standards.locate import (
    Located,
    locate_standard,
    packaged_lists,
    packaged_names,
    schemas_folder,
)
from dqcheck.standards.plan import Plan


@dataclass(frozen=True, slots=True)
class StandardInfo:
    """A packaged standard.

    Attributes:
        name: What to call it.
        version: Its current version.
        versions: All packaged versions, the newest first.
        title: In plain words.
        description: What it covers.
        owner: Who looks after it.
        license: SPDX expression or IRI.
        classes: Its own classes that can have rows.
    """

    name: str
    version: str
    versions: tuple[str, ...]
    title: str
    description: str
    owner: str
    license: str
    classes: tuple[str, ...]


def list_standards() -> tuple[StandardInfo, ...]:
    """Return the packaged standards that have classes, by name."""
    found = []
    for name, versions in packaged_names().items():
        plan = open_standard(name)
        classes = tuple(one.name for one in plan.own_classes)
        if classes:
            found.append(
                StandardInfo(
                    name=name,
                    version=plan.version,
                    versions=versions,
                    title=plan.title,
                    description=plan.description,
                    owner=plan.owner,
                    license=plan.license,
                    classes=classes,
                )
            )
    return tuple(found)


def open_standard(name: str) -> Plan:
    """Return the plan of a packaged standard.

    Args:
        name: `person`, or with a version that may be cut short, `person@1`.

    Raises:
        UsageError: If there is no such standard or version.
    """
    located = locate_standard(name)
    return open_packaged(located, f"{located.file.stem}.json")


def open_named(name: str) -> Plan:
    """Return the plan of what a person names: a schema if it ends so, else a packaged standard.

    Raises:
        SchemaError: If the schema can't be compiled.
        UsageError: If there is no such standard or version.
    """
    is_path = name.endswith((".yaml", ".yml"))
    return open_schema(name) if is_path else open_standard(name)


def open_packaged(located: Located, compiled: str) -> Plan:
    """Return the plan of a packaged schema.

    Args:
        located: The schema.
        compiled: The name of its plan in the folder of those that ship.

    Raises:
        SchemaError: If the plan no longer fits and the schema can't be compiled.
    """
    plan = store.unpack_plan(store.read_shipped(compiled), schemas_folder().joinpath)
    return plan or _open_file(located, "packaged")


def open_schema(path: Path | str) -> Plan:
    """Return the plan of the schema file `path`.

    Raises:
        SchemaError: If it is no schema that can be compiled, with all its faults.
    """
    return _open_file(Located(Path(path), str(path)), str(path))


def open_schema_text(text: str, name: str = "schema") -> Plan:
    """Return the plan of a schema given as text; it can import packaged schemas only.

    Args:
        text: The schema's YAML.
        name: What to call it in messages.

    Raises:
        SchemaError: If it is no schema that can be compiled, with all its faults.
    """
    from dqcheck.standards.compile import compile_schema
    from dqcheck.standards.load import load_schema

    return compile_schema(load_schema(text, name, None), name).plan


def _open_file(located: Located, source: str) -> Plan:
    try:
        file = located.file.resolve()
    except (OSError, ValueError, RuntimeError):
        raise SchemaError("there is no such schema file", place=Place(located.shown)) from None
    plan = store.cached_plan(file)
    if plan is not None:
        return replace(plan, source=source)

    from dqcheck.standards.compile import compile_schema
    from dqcheck.standards.load import load_schema, read_file

    schema = load_schema(read_file(file, located.shown), located.shown, file)
    compiled = compile_schema(schema, source)
    store.keep_plan(file, compiled.plan, compiled.files, schema.absent)
    return compiled.plan


def build_packaged() -> dict[str, str]:
    """Return the compiled plans of all packaged standards and lists, by the name of their file.

    Raises:
        SchemaError: If a packaged schema is wrong.
    """
    located = {
        f"{one.file.stem}.json": one
        for name, versions in packaged_names().items()
        for version in versions
        for one in [locate_standard(f"{name}@{version}" if version else name)]
    }
    located |= {f"lists/{name}.json": one for name, one in packaged_lists().items()}
    return {name: _build(one) for name, one in located.items()}


def _build(located: Located) -> str:
    from dqcheck.standards.compile import compile_schema
    from dqcheck.standards.load import load_schema, read_file

    folder = schemas_folder()
    schema = load_schema(read_file(located.file, located.shown), located.shown, located.file)
    compiled = compile_schema(schema, "packaged")
    # LinkML's own files are left out: they come with its release.
    sources = [
        (file.relative_to(folder).as_posix(), store.digest(file))
        for file in compiled.files
        if file.is_relative_to(folder)
    ]
    return store.pack_plan(compiled.plan, sources)
