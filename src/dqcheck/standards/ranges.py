"""Ranges: what the values of a slot are, and what a type demands of them."""

from __future__ import annotations

__all__ = ["BARE_PATTERN", "Range", "Ranges"]

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import polars as pl

from dqcheck.errors import Place, SchemaError, suggest
from dqcheck.expressions.types import TYPES, literal
from dqcheck.standards.annotations import read_notes
from dqcheck.standards.conditions import (
    BOOLEANS,
    UNKNOWN,
    Condition,
    Tree,
    combine,
    conjoin,
    join,
    listed,
    phrase,
    quote_words,
)
from dqcheck.standards.constraints import label
from dqcheck.standards.enums import compile_enum
from dqcheck.standards.identifiers import identifier_conditions
from dqcheck.standards.load import Schema
from dqcheck.standards.plan import EnumPlan

if TYPE_CHECKING:
    from pathlib import Path


BARE_PATTERN = "written "
"""How the words of a pattern begin that the schema gives no title."""

_ORDERED = {"integer", "float", "double", "decimal", "date", "datetime", "date_or_datetime", "time"}
_REPLACED_SHOWN = 3
_URIS = {"uri", "uriorcurie", "curie", "objectidentifier", "nodeidentifier"}
_BY_URI = {
    "xsd:string": "string", "xsd:integer": "integer", "xsd:int": "integer", "xsd:long": "integer",
    "xsd:boolean": "boolean", "xsd:float": "float", "xsd:double": "double",
    "xsd:decimal": "decimal", "xsd:date": "date", "xsd:dateTime": "datetime",
    "xsd:time": "time", "xsd:anyURI": "uriorcurie", "xsd:token": "string",
    "xsd:normalizedString": "string", "linkml:DateOrDatetime": "date_or_datetime",
}  # fmt: skip
_BY_BASE = {
    "str": "string", "int": "integer", "Bool": "boolean", "bool": "boolean", "float": "double",
    "Decimal": "decimal", "XSDDate": "date", "XSDDateTime": "datetime", "XSDTime": "time",
    "URI": "uri", "URIorCURIE": "uriorcurie", "Curie": "curie", "NCName": "ncname",
    "ElementIdentifier": "objectidentifier", "NodeIdentifier": "nodeidentifier",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Range:
    """What the values of a slot are.

    Attributes:
        name: As the schema names it.
        kind: `type`, `enum`, `reference` (to a class, by identifier), `object` (nested), `any`.
        type: The built-in type its values must have; None where there is no single one.
        target: The slot that a reference points to.
    """

    name: str
    kind: str
    type: str | None = None
    target: str = ""


class Ranges:
    """Compiles ranges and what stands on values: patterns, bounds, constants.

    Attributes:
        schema: The schema.
        faults: Faults found so far.
        open: Parts that can't be checked: feature, reason, whether it is mandatory.
        enums: Code lists compiled so far, by name.
        closed: What is not known of each of them: feature and reason.
        files: Files of pinned values that were read.
    """

    def __init__(self, schema: Schema) -> None:
        """Begin with nothing found."""
        self.schema = schema
        self.view = schema.view
        self.faults: list[SchemaError] = []
        self.open: list[tuple[str, str, bool]] = []
        self.enums: dict[str, EnumPlan] = {}
        self.closed: dict[str, tuple[tuple[str, str], ...]] = {}
        self.files: list[Path] = []

    def fault(self, message: str, place: Place | None, found: str = "", hint: str = "") -> None:
        """Note a fault of the schema, once."""
        fault = SchemaError(message, place=place, found=found, hint=hint)
        if str(fault) not in {str(known) for known in self.faults}:
            self.faults.append(fault)

    def leave(self, feature: str, reason: str, *, mandatory: bool = True) -> None:
        """Note that something is not checked."""
        if (feature, reason, mandatory) not in self.open:
            self.open.append((feature, reason, mandatory))

    # --- what a range is

    def resolve(self, name: str | None, slot: Any, place: Place | None) -> Range:
        """Return what the range `name` is.

        Args:
            name: The range; None means any text.
            slot: The slot or expression that has it: says whether objects are inlined.
            place: Where to point if there is no such range.
        """
        if name is None:
            return Range("string", "type", "string")
        if name in self.view.all_types():
            return Range(name, "type", self.builtin(name, place))
        if name in self.view.all_enums():
            return Range(name, "enum", "string")
        target = self.view.get_class(name)
        if target is None:
            known = [*self.view.all_types(), *self.view.all_enums(), *self.view.all_classes()]
            hint = "import linkml:types" if name in TYPES else suggest(name, known)
            self.fault(f"the range {name} is not defined", place, hint=hint)
            return Range(name, "any")
        if str(target.class_uri or "") in ("linkml:Any", "https://w3id.org/linkml/Any"):
            return Range(name, "any")
        key = self.view.get_identifier_slot(name, use_key=slot.inlined is False)
        if key is None or slot.inlined or slot.inlined_as_list:
            return Range(name, "object")
        of_key = self.resolve(key.range, key, place)
        return Range(name, "reference", of_key.type, key.name)

    def builtin(self, name: str, place: Place | None, within: tuple[str, ...] = ()) -> str | None:
        """Return the built-in type that a type comes down to; None if there is no single one."""
        definition = self.view.get_type(name)
        if name in within or definition is None:
            what = "is its own parent" if name in within else "is not defined"
            self.fault(f"the type {name} {what}", place, hint=suggest(name, self.view.all_types()))
            return None
        if definition.union_of:
            found = {self.builtin(str(one), place, (*within, name)) for one in definition.union_of}
            return found.pop() if len(found) == 1 else None
        if name in TYPES:
            return name
        if definition.typeof:
            return self.builtin(str(definition.typeof), place, (*within, name))
        by_uri = _BY_URI.get(str(definition.uri or ""))
        by_base = _BY_BASE.get(str(definition.base or ""))
        # The IRI says most, but many types of text and of IRIs share one.
        vague = by_uri in (None, "string", "uriorcurie")
        found_type = (by_base or by_uri) if vague else by_uri
        if found_type is None:
            self.leave("range", f"the type {name} comes down to no built-in type")
        return found_type

    # --- what a range demands

    def conditions(self, found: Range, slot: Any, at: str) -> list[Condition]:
        """Return what the range demands of the value at `at`, the type first."""
        if found.kind == "enum":
            return self.code_conditions(found.name, at)
        if found.kind == "object":
            return [self.nested(found, at)]
        if found.kind == "reference" and found.type:
            return [Condition("type", ["valid", at, found.type], TYPES[found.type].words)]
        if found.kind == "type":
            prefix = getattr(slot, "implicit_prefix", None)
            return self.type_conditions(found.name, at, prefix, ())
        return []

    def nested(self, found: Range, at: str, *, many: bool = False) -> Condition:
        """Return that the cell holds a nested record; whether that is right stays unknown."""
        is_nested: Tree = ["not", ["scalar", at]]
        if at != "." and not many:
            is_nested = ["and", is_nested, ["not", ["listed", at]]]
        tree = ["if", is_nested, UNKNOWN, ["lit", "boolean", "false"]]
        what = label(found.name).lower()
        return Condition("type", tree, f"a nested record ({what}), which a table can't hold")

    def add_enum(self, name: str, definition: Any, path: tuple[str, ...]) -> None:
        """Compile a code list, to be called `name`."""
        codes = compile_enum(self.schema, definition, name, path, self.faults)
        self.enums[name] = codes.plan
        self.closed[name] = codes.open
        self.files += codes.files

    def code_conditions(self, name: str, at: str) -> list[Condition]:
        """Return that the value is a code of the list `name`, and that it is not retired."""
        plan = self.enums[name]
        what = plan.title or label(name)
        is_text = ["valid", at, "string"]
        for feature, reason in self.closed[name]:
            self.leave(feature, f"{reason} (code list {name})")
        codes = [value.code for value in plan.values]
        if self.closed[name] or not codes:
            # A list without codes restricts nothing: so LinkML's own validator has it.
            return [Condition("type", is_text, "a text")]
        code = ["in_enum", ["text", at], name, codes]
        found = [Condition("permissible_value", ["and", is_text, code], what)]
        retired = [value for value in plan.values if value.status == "retired"]
        if retired:
            trees = [
                _not_retired(
                    at, name, [value.code for value in retired if value.retired_on == day], day
                )
                for day in sorted({value.retired_on for value in retired})
            ]
            now = [f"{one.code} is now {one.replaced_by}" for one in retired if one.replaced_by]
            told = ", ".join(now) if len(now) <= _REPLACED_SHOWN else "the list says by what"
            named = f" ({told})" if now else ""
            found.append(Condition("retired_value", join("and", trees), what + named))
        return found

    def type_conditions(
        self, name: str, at: str, prefix: str | None, within: tuple[str, ...]
    ) -> list[Condition]:
        """Return what a type and its parents demand."""
        definition = self.view.get_type(name)
        place = self.schema.place(("types", name))
        if definition is None or name in within:
            return []
        own = replace(self.resolve(name, definition, place), kind="type")
        words = definition.title or (TYPES[own.type].words if own.type else name)
        found: list[Condition] = []
        if definition.union_of:
            options = [
                conjoin(self.type_conditions(str(one), at, None, (*within, name)))
                for one in definition.union_of
            ]
            names = " or ".join(str(one).replace("_", " ") for one in definition.union_of)
            found.append(Condition("union_of", ["or", *options], names))
        elif name in TYPES or not definition.typeof:
            if own.type:
                found.append(Condition("type", self.valid(at, own.type, prefix), words))
        else:
            prefix = prefix or definition.implicit_prefix
            found += self.type_conditions(str(definition.typeof), at, prefix, (*within, name))
        # SchemaView's rule: the nearest pattern holds, bounds add up.
        induced = self.view.induced_type(name) if not within else definition
        pattern = induced.pattern
        path = ("types", name)
        facets = self.facets(definition, at, own, path, pattern if not within else None)
        facets += self.type_booleans(definition, at, own, path)
        # Not of abbreviations, such as UK.
        named = words if words[1:2].isupper() else words[:1].lower() + words[1:]
        found += [
            replace(facet, detail=named) if facet.kind == "pattern" and definition.title else facet
            for facet in facets
        ]
        if within:
            return found
        bearers = [
            (self.view.get_type(one), ("types", str(one)))
            for one in reversed(self.view.type_ancestors(name))
        ]
        notes = read_notes(self.schema, bearers, self.faults)
        return found + identifier_conditions(notes, at, found)

    def type_booleans(
        self, expr: Any, at: str, found: Range, path: tuple[str, ...]
    ) -> list[Condition]:
        """Return what boolean expressions over a type demand."""
        conditions = []
        for operator in BOOLEANS:
            branches = [
                [
                    *self.facets(branch, at, found, path, self.view.resolve_pattern(branch)
                                 if branch.structured_pattern else branch.pattern),
                    *self.type_booleans(branch, at, found, path),
                ]
                for branch in listed(getattr(expr, operator))
            ]  # fmt: skip
            if branches:
                tree = combine(operator, [conjoin(branch) for branch in branches])
                detail = " or ".join(phrase(branch) for branch in branches)
                conditions.append(Condition(operator, tree, detail))
        return conditions

    def valid(self, at: str, type_name: str, prefix: str | None) -> Tree:
        """Return that the value is of a built-in type, after an implicit prefix if there is one."""
        if prefix and type_name in _URIS:
            return ["matches", ["text", at], r"^[^\s<>\"{}|\\^`]*$"]
        return ["valid", at, type_name]

    # --- what stands on the value itself

    def text(self, at: str, found: Range) -> Tree:
        """Return the text of a value; null where it can't be read as what it should be."""
        if found.type is None:
            return ["text", at]
        if found.type == "string":
            return ["value", at, "string"]
        return ["if", ["valid", at, found.type], ["text", at], UNKNOWN]

    def number(self, at: str, found: Range, feature: str) -> tuple[Tree, str] | None:
        """Return the value to compare with bounds, and its type; None if it has no order."""
        if found.type in _ORDERED:
            return ["value", at, found.type], found.type
        if found.kind == "any" or found.type is None:
            # Where a text format says nothing of the type, a text is no number.
            number = ["value", at, "float"]
            return ["if", ["valid", at, "string"], UNKNOWN, number], "float"
        self.leave(feature, f"values of {found.name} have no order")
        return None

    def facets(
        self, expr: Any, at: str, found: Range, path: tuple[str, ...], pattern: str | None
    ) -> list[Condition]:
        """Return what patterns, bounds and constants of `expr` demand of the value at `at`."""
        conditions: list[Condition] = []
        if pattern:
            conditions.append(self.pattern(expr, at, found, path, pattern))
        for kind, operator in (
            ("minimum_value", "ge"),
            ("maximum_value", "le"),
            ("equals_number", "eq"),
        ):
            bound = getattr(expr, kind, None)
            if bound is None:
                continue
            tree = self.bound(kind, operator, bound, at, found, path)
            if tree is not None:
                conditions.append(Condition(kind, tree, str(bound)))
        if expr.equals_string is not None:
            wanted = str(expr.equals_string)
            tree = ["eq", self.text(at, found), ["lit", "string", wanted]]
            conditions.append(Condition("equals_string", tree, quote_words([wanted])))
        if expr.equals_string_in:
            options = [str(option) for option in expr.equals_string_in]
            tree = ["in", self.text(at, found), [["lit", "string", one] for one in options]]
            conditions.append(Condition("equals_string_in", tree, quote_words(options)))
        return conditions

    def bound(
        self, kind: str, operator: str, bound: Any, at: str, found: Range, path: tuple[str, ...]
    ) -> Tree | None:
        """Return the comparison with a bound."""
        readable = self.number(at, found, kind)
        if readable is None:
            return None
        value, type_name = readable
        text = str(bound)
        if type_name == "integer" and not re.fullmatch(r"[+-]?[0-9]+", text):
            value, type_name = ["value", at, "float"], "float"
        shape = TYPES[type_name].pattern or ""
        try:
            if not re.fullmatch(shape, text):
                raise ValueError
            literal(type_name, text)
        except ValueError:
            place = self.schema.place((*path, kind), path)
            words = TYPES[type_name].words
            self.fault(f"the {kind} must be {words}", place, found=text)
            return None
        return [operator, value, ["lit", type_name, text]]

    def pattern(
        self, expr: Any, at: str, found: Range, path: tuple[str, ...], pattern: str
    ) -> Condition:
        """Return that the text matches; patterns outside Rust's dialect are left to Python."""
        operator = "matches"
        try:
            pl.Series([""]).str.contains(pattern)
        except pl.exceptions.ComputeError:
            operator = "matches_python"
            try:
                re.compile(pattern)
            except re.error as error:
                place = self.schema.place((*path, "pattern"), (*path, "structured_pattern"), path)
                self.fault("the pattern is no regular expression", place, found=str(error))
        examples = [str(one.value) for one in getattr(expr, "examples", None) or () if one.value]
        detail = f"as in {quote_words(examples[:2])}" if examples else f"to the pattern {pattern}"
        tree = [operator, self.text(at, found), pattern]
        return Condition("pattern", tree, f"{BARE_PATTERN}{detail}")


def _not_retired(at: str, name: str, codes: list[str], day: str) -> Tree:
    """Return that the value is none of `codes`, retired from `day` on; empty: ever since."""
    tree = ["not", ["in_enum", ["text", at], name, codes]]
    return ["or", ["lt", ["today"], ["lit", "date", day]], tree] if day else tree
