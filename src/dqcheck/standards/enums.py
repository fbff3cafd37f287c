"""Code lists: which codes an enum permits."""

from __future__ import annotations

__all__ = ["Codes", "compile_enum"]

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from dqcheck.errors import SchemaError, suggest
from dqcheck.standards.annotations import Notes, read_notes
from dqcheck.standards.conditions import listed
from dqcheck.standards.load import Schema, read_file
from dqcheck.standards.metamodel import UNCHECKED
from dqcheck.standards.plan import EnumPlan, Value

_RETIRED = {"retired", "deprecated", "obsolete", "withdrawn", "superseded"}


@dataclass(frozen=True, slots=True)
class Codes:
    """A code list, and what is not known of it.

    Attributes:
        plan: The list.
        open: Feature and reason of each part of it that can't be known here. If there is one, no
            value can be said to be outside of the list.
        files: Files of pinned values that were read.
    """

    plan: EnumPlan
    open: tuple[tuple[str, str], ...]
    files: tuple[Path, ...]


def compile_enum(
    schema: Schema, enum: Any, name: str, path: tuple[str, ...], faults: list[SchemaError]
) -> Codes:
    """Return the codes of an enum, as the specification's part 4 adds them up.

    Permissible values, those of inherited and included enums and concepts, without the subtracted
    ones. `is_a` and `mixins` of an enum only order it; they add no codes. A `reachable_from` query
    is answered from the file that the annotation `values_file` names: one code a line, with its
    title after a tab.

    Args:
        schema: The schema.
        enum: An enum definition, or an expression of one.
        name: What to call it.
        path: The keys that lead to it.
        faults: Where faults are noted.
    """
    adder = _Adder(schema, faults)
    values = adder.add(enum, path, ())
    _verify_replacements(schema, values, path, faults)
    notes = read_notes(schema, [(enum, path)], faults)
    return Codes(
        EnumPlan(
            name=name,
            title=getattr(enum, "title", None) or "",
            description=getattr(enum, "description", None) or "",
            source=_source(enum, notes),
            values=tuple(values.values()),
            owner=notes.get("owner", ""),
            licence=notes.get("licence", ""),
        ),
        tuple(dict(adder.open).items()),
        tuple(adder.files),
    )


def _verify_replacements(
    schema: Schema, values: dict[str, Value], path: tuple[str, ...], faults: list[SchemaError]
) -> None:
    """Note replacements that are no active codes of the list, and days that are none."""
    active = [value.code for value in values.values() if value.status != "retired"]
    for value in values.values():
        at = (*path, "permissible_values", value.code)
        place = schema.place((*at, "annotations", "replaced_by"), at)
        if value.status != "retired" and (value.replaced_by or value.retired_on):
            faults.append(
                SchemaError(
                    f"the code {value.code!r} has a replacement or a day of retirement, and is "
                    "not retired",
                    place=place,
                    hint="say why under `deprecated`, or take the annotation away",
                )
            )
        elif value.replaced_by and value.replaced_by not in active:
            faults.append(
                SchemaError(
                    f"the code {value.code!r} is replaced by {value.replaced_by!r}, which is no "
                    "active code of the list",
                    place=place,
                    hint=suggest(value.replaced_by, active),
                )
            )
        if value.retired_on and not _is_day(value.retired_on):
            faults.append(
                SchemaError(
                    f"the annotation retired_on can't be {value.retired_on!r}",
                    place=schema.place((*at, "annotations", "retired_on"), at),
                    hint="write the day as year-month-day, such as 2024-04-01",
                )
            )


def _is_day(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def _source(enum: Any, notes: Notes) -> str:
    if "source" in notes:
        # LinkML's own `source` takes CURIEs only.
        return notes["source"]
    for metaslot in ("source", "enum_uri", "see_also"):
        found = getattr(enum, metaslot, None)
        if found:
            return str(found[0] if isinstance(found, list) else found)
    return ""


class _Adder:
    """Adds up the codes of enums that refer to one another."""

    def __init__(self, schema: Schema, faults: list[SchemaError]) -> None:
        self.schema = schema
        self.faults = faults
        self.open: list[tuple[str, str]] = []
        self.files: list[Path] = []

    def add(self, enum: Any, path: tuple[str, ...], within: tuple[str, ...]) -> dict[str, Value]:
        values = {value.code: value for value in self.own(enum, path)}
        for parent in enum.inherits or ():
            values = {**self.named(str(parent), path, within), **values}
        for number, part in enumerate(listed(enum.include)):
            values |= self.add(part, (*path, "include", str(number)), within)
        for concept in enum.concepts or ():
            values.setdefault(str(concept), Value(code=str(concept), meaning=str(concept)))
        values |= self.dynamic(enum, path)
        for number, part in enumerate(listed(enum.minus)):
            gone = self.add(part, (*path, "minus", str(number)), within)
            meanings = {value.meaning for value in gone.values() if value.meaning}
            values = {
                code: value
                for code, value in values.items()
                if code not in gone and value.meaning not in meanings and code not in meanings
            }
        return values

    def own(self, enum: Any, path: tuple[str, ...]) -> Iterator[Value]:
        for code, value in (enum.permissible_values or {}).items():
            notes = read_notes(
                self.schema, [(value, (*path, "permissible_values", str(code)))], self.faults
            )
            sure = notes.get("confirmed", "confirmed")
            status = "unconfirmed" if sure == "unconfirmed" else "active"
            word = str(value.status or "").rpartition(":")[2].casefold()
            yield Value(
                code=str(code),
                title=value.title or "",
                description=value.description or "",
                meaning=str(value.meaning or ""),
                aliases=tuple(str(alias) for alias in value.aliases),
                is_a=str(value.is_a or ""),
                status="retired" if value.deprecated or word in _RETIRED else status,
                role=notes.get("role", "valid"),
                replaced_by=notes.get("replaced_by", ""),
                retired_on=notes.get("retired_on", ""),
                confirmed="" if sure == "confirmed" else sure,
                narrower=tuple(
                    str(alias.literal_form)
                    for alias in value.structured_aliases or ()
                    if str(alias.predicate) == "NARROW_SYNONYM"
                ),
            )

    def named(self, name: str, path: tuple[str, ...], within: tuple[str, ...]) -> dict[str, Value]:
        enum = self.schema.view.get_enum(name)
        place = self.schema.place((*path, "inherits"), path)
        if enum is None or name in within:
            what = "is not defined" if enum is None else "inherits from itself"
            self.faults.append(SchemaError(f"the enum {name} {what}", place=place))
            return {}
        return self.add(enum, ("enums", name), (*within, name))

    def dynamic(self, enum: Any, path: tuple[str, ...]) -> dict[str, Value]:
        asked = [feature for feature in UNCHECKED["enum"] if getattr(enum, feature, None)]
        if not asked and not (enum.code_set and not enum.permissible_values):
            return {}
        notes = read_notes(self.schema, [(enum, path)], self.faults)
        if "values_file" in notes and self.schema.files:
            return self.pinned(notes["values_file"], path)
        reasons = UNCHECKED["enum"] | {"code_set": UNCHECKED["enum"]["pv_formula"]}
        self.open += [(feature, reasons[feature]) for feature in asked or ["code_set"]]
        return {}

    def pinned(self, name: str, path: tuple[str, ...]) -> dict[str, Value]:
        place = self.schema.place((*path, "annotations", "values_file"), path)
        for file in {folder.parent / name: None for folder in self.schema.files}:
            if file.is_file():
                self.files.append(file)
                rows = [line.split("\t") for line in read_file(file, name).splitlines()]
                return {
                    row[0]: Value(code=row[0], title=row[1] if len(row) > 1 else "")
                    for row in rows
                    if row[0].strip()
                }
        self.faults.append(SchemaError(f"the values file {name} is not found", place=place))
        return {}
