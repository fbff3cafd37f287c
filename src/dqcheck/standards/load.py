"""From schema files to LinkML's `SchemaView`, with every import read and every place kept."""

from __future__ import annotations

__all__ = ["Schema", "load_schema", "read_file"]

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

from dqcheck.errors import DqcheckError, Place, SchemaError, raise_together
from dqcheck.standards.locate import locate_import
from dqcheck.standards.source import Document, read_document

if TYPE_CHECKING:
    from linkml_runtime.utils.schemaview import SchemaView  # type: ignore[import-untyped]

_MAX_SCHEMAS = 200


@dataclass(frozen=True, slots=True)
class Schema:
    """A schema with all its imports.

    Attributes:
        view: LinkML's view of it.
        documents: The files as read, the schema itself first.
        files: The files it is made of, the schema itself first if it is a file.
        absent: Files that would have been imported instead, had they been there.
    """

    view: SchemaView
    documents: tuple[Document, ...]
    files: tuple[Path, ...]
    absent: tuple[Path, ...] = ()

    def place(self, *paths: tuple[str, ...]) -> Place | None:
        """Return where the first of `paths` that stands in a document stands.

        A path that begins with `@`, a class and a slot stands for all places that can speak of
        the slot of that class: `slot_usage`, `attributes`, `slots`.
        """
        for path in chain.from_iterable(map(self._spell, paths)):
            for document in self.documents:
                if path in document.places:
                    return document.places[path]
        return Place(self.documents[0].path)

    def _spell(self, path: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
        if path[:1] != ("@",):
            yield path
            return
        _, class_name, slot, *rest = path
        for name in self.view.class_ancestors(class_name):
            yield ("classes", name, "slot_usage", slot, *rest)
            yield ("classes", name, "attributes", slot, *rest)
        ancestors = self.view.slot_ancestors(slot) if slot in self.view.all_slots() else [slot]
        yield from (("slots", name, *rest) for name in ancestors)


def read_file(file: Path, shown: str) -> str:
    """Return the text of a schema file.

    Raises:
        SchemaError: If it can't be read or is no UTF-8.
    """
    try:
        return file.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise SchemaError("there is no such schema file", place=Place(shown)) from None
    except UnicodeDecodeError:
        raise SchemaError("the schema file is not in UTF-8", place=Place(shown)) from None
    except OSError as error:
        raise SchemaError(
            "the schema file can't be read", place=Place(shown), found=error.strerror or ""
        ) from None


def load_schema(text: str, shown: str, file: Path | None) -> Schema:
    """Return the schema in `text`.

    Args:
        text: The schema's YAML.
        shown: What to call it in messages.
        file: The file it was read from, for its imports; None if there is none.

    Raises:
        SchemaError: With all faults that can be seen without compiling.
    """
    root = read_document(text, shown)
    documents: dict[str, Document] = {"": root}
    files: list[Path] = [] if file is None else [file]
    imports: dict[str, list[str]] = {}
    faults: list[DqcheckError] = []
    absent: list[Path] = []
    todo: list[tuple[str, Path | None]] = [("", file.parent if file is not None else None)]
    while todo:
        key, folder = todo.pop(0)
        document = documents[key]
        imports[key] = []
        place = document.places.get(("imports",))
        for name in _imports_of(document, faults):
            try:
                located = locate_import(name, folder, place)
                found = str(located.file)
                home = folder.resolve() if folder is not None and ":" not in name else None
                if home is not None and home != located.file.parent:
                    absent.append(home / f"{name}.yaml")
                if file is not None and located.file == file.resolve():
                    found = ""
                if found not in documents:
                    if len(documents) >= _MAX_SCHEMAS:
                        raise SchemaError("the schema imports too many others", place=place)
                    shown_import = located.shown if ":" in located.shown else located.file.name
                    documents[found] = read_document(
                        read_file(located.file, shown_import), shown_import
                    )
                    files.append(located.file)
                    todo.append((found, located.file.parent))
                imports[key].append(found)
            except SchemaError as fault:
                faults.append(fault)
    faults += _find_loops(documents, imports)
    raise_together(faults)
    view = _view(documents, imports)
    return Schema(view, tuple(documents.values()), tuple(files), tuple(absent))


def _find_loops(
    documents: dict[str, Document], imports: dict[str, list[str]]
) -> Iterator[SchemaError]:
    """Yield a fault for each loop of imports, at the first schema of it that was read."""
    reached = {key: _reach(key, imports) for key in imports}
    told: set[str] = set()
    for key, names in reached.items():
        if key not in names or key in told:
            continue
        loop = {name for name in names if key in reached[name]}
        told |= loop
        others = sorted(documents[name].path for name in loop - {key})
        yield SchemaError(
            "the schema imports itself",
            place=documents[key].places.get(("imports",)),
            found=f"through {', '.join(others)}" if others else "",
            hint="put what both need into a third schema, and import that one",
        )


def _reach(key: str, imports: dict[str, list[str]]) -> set[str]:
    reached: set[str] = set()
    todo = list(imports[key])
    while todo:
        name = todo.pop()
        if name not in reached:
            reached.add(name)
            todo += imports.get(name, [])
    return reached


def _imports_of(document: Document, faults: list[DqcheckError]) -> list[str]:
    imports = document.data.get("imports") or []
    if not isinstance(imports, list):
        imports = [imports]
    top = Place(document.path, 1, 1)
    faults.extend(
        SchemaError(f"the schema has no {key}", place=top)
        for key in ("id", "name")
        if not document.data.get(key)
    )
    return [str(name) for name in imports]


def _view(documents: dict[str, Document], imports: dict[str, list[str]]) -> SchemaView:
    from linkml_runtime.linkml_model.meta import (  # type: ignore[import-untyped]
        SchemaDefinition,
    )
    from linkml_runtime.utils.schemaview import SchemaView

    # SchemaView loads what is not in its map by itself, from disk or the network: so everything
    # is put in the map, under keys that name no file.
    keys = {key: f"import {number}" for number, key in enumerate(documents)}
    definitions = {}
    for key, document in documents.items():
        try:
            definition = SchemaDefinition(**document.data)
        except (ValueError, TypeError, KeyError, AttributeError) as error:
            raise SchemaError(
                "LinkML can't read this schema",
                place=Place(document.path),
                found=" ".join(str(error).split())[:200],
            ) from None
        definitions[key] = definition
    root = definitions[""]
    keys[""] = root.name
    for key, definition in definitions.items():
        definition.imports = [keys[name] for name in imports[key] if name != key]
    view = SchemaView(root)
    view.schema_map.update({keys[key]: definition for key, definition in definitions.items()})
    return view
