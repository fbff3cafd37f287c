"""Schema files as written: parts with places, and what LinkML itself lets pass in silence.

`dqcheck.documents` reads the YAML; here it becomes what LinkML's classes take. Scalars are typed as
YAML 1.1 types them, since LinkML's own loader does so; where that would turn a name, a pattern or
a code into something else, the scalar is refused.
"""

from __future__ import annotations

__all__ = ["Document", "read_document"]

import re
from collections.abc import Callable
from dataclasses import dataclass, fields
from functools import cache
from typing import Any

from dqcheck.documents import ListNode, MapNode, Node, TextNode, read_yaml
from dqcheck.errors import ConfigurationError, Place, SchemaError, raise_together, suggest
from dqcheck.standards.metamodel import PARTS, RAW_TEXT, STRICT_TEXT

_NULL = re.compile(r"(?:~|null|Null|NULL|)\Z")
_TRUE = re.compile(r"(?:yes|Yes|YES|true|True|TRUE|on|On|ON)\Z")
_FALSE = re.compile(r"(?:no|No|NO|false|False|FALSE|off|Off|OFF)\Z")
_INTEGER = re.compile(r"[-+]?(?:0|[1-9][0-9_]*)\Z")
_FLOAT = re.compile(
    r"(?:[-+]?[0-9][0-9_]*\.[0-9_]*(?:[eE][-+][0-9]+)?|[-+]?\.[0-9][0-9_]*(?:[eE][-+][0-9]+)?)\Z"
)
_ODD_NUMBER = re.compile(
    r"(?:[-+]?0[0-7_]+|[-+]?0b[01_]+|[-+]?0x[0-9a-fA-F_]+|[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+"
    r"(?:\.[0-9_]*)?|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))\Z"
)
_DATE = re.compile(r"[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}(?:(?:[Tt]|[ \t]+)[0-9]{1,2}:.*)?\Z")
_INDICATOR = re.compile(r"(?:=|<<)\Z")


@dataclass(frozen=True, slots=True)
class Document:
    """A schema file as read.

    Attributes:
        path: As the user named it.
        data: What LinkML's `SchemaDefinition` takes.
        places: Where each part stands: the keys that lead to it, and its place.
    """

    path: str
    data: dict[str, Any]
    places: dict[tuple[str, ...], Place]


def read_document(text: str, path: str) -> Document:
    """Return the schema document in `text`.

    Raises:
        SchemaError: With the place of each fault: YAML that can't be read, a key that stands
            twice, a metaslot that LinkML does not know, a name or value that YAML 1.1 retypes.
    """
    try:
        root = read_yaml(text, path)
    except ConfigurationError as error:
        raise_together(_as_schema_error(fault) for fault in (error, *error.others))
        raise
    if not isinstance(root, MapNode):
        raise SchemaError("this is no LinkML schema: it has no keys", place=root.place)
    reader = _Reader(text.removeprefix("\ufeff").split("\n"))
    data = reader.part(root, "schema", ())
    raise_together(reader.faults)
    return Document(path, data, reader.places)


def _as_schema_error(fault: Exception) -> SchemaError:
    if not isinstance(fault, ConfigurationError):
        raise fault
    return SchemaError(fault.message, place=fault.place, found=fault.found, hint=fault.hint)


def _retyped(node: TextNode) -> str:
    """Return what YAML 1.1 makes of a scalar other than text, or an empty text."""
    if node.raw[:1] in ("'", '"', "|", ">"):
        return ""
    for word, pattern in (
        ("nothing at all", _NULL),
        ("true or false", _TRUE),
        ("true or false", _FALSE),
        ("a number", _INTEGER),
        ("a number", _FLOAT),
        ("a number", _ODD_NUMBER),
        ("a date", _DATE),
        ("something else", _INDICATOR),
    ):
        if pattern.match(node.text):
            return word
    return ""


class _Reader:
    """Turns nodes to data, keeping places and collecting faults."""

    def __init__(self, lines: list[str]) -> None:
        self.lines = lines
        self.places: dict[tuple[str, ...], Place] = {}
        self.faults: list[SchemaError] = []

    def fault(self, place: Place, message: str, hint: str = "") -> None:
        self.faults.append(SchemaError(message, place=place, hint=hint))

    def line_from(self, place: Place) -> str:
        return self.lines[(place.line or 1) - 1][(place.column or 1) - 1 :]

    def part(self, node: Node, kind: str, path: tuple[str, ...]) -> Any:
        """Return a part of the schema whose keys are known."""
        if not isinstance(node, MapNode):
            return self.plain(node)
        spec = PARTS[kind]
        known = _metaslots(spec.metaclass)
        found: dict[str, Any] = {}
        for key, value in node.entries.items():
            here = (*path, key)
            self.places[here] = node.keys[key]
            if key not in known:
                hint = suggest(key, known) or "put notes of your own under annotations"
                self.fault(node.keys[key], f'LinkML knows no "{key}" here', hint)
            elif key in spec.named:
                found[key] = self.named(value, spec.named[key], here)
            elif key in spec.listed:
                found[key] = self.listed(value, spec.listed[key], here)
            elif key in spec.single:
                found[key] = self.part(value, spec.single[key], here)
            elif key in STRICT_TEXT:
                found[key] = self.strict(value)
            elif key in RAW_TEXT or key in ("annotations", "settings", "examples"):
                found[key] = self.raw(value)
                if isinstance(value, MapNode):
                    self.places |= {(*here, tag): place for tag, place in value.keys.items()}
            else:
                found[key] = self.plain(value)
        return found

    def named(self, node: Node, kind: str, path: tuple[str, ...]) -> Any:
        """Return parts by name; LinkML takes a list of them as well."""
        if isinstance(node, ListNode):
            for item in node.items:
                self.refuse_retyped(item)
            return [
                self.part(item, kind, (*path, _name_of(item)))
                if isinstance(item, MapNode)
                else self.raw(item)
                for item in node.items
            ]
        if not isinstance(node, MapNode):
            return self.plain(node)
        found = {}
        for key, value in node.entries.items():
            place = node.keys[key]
            self.refuse_retyped(TextNode(key, place, self.line_from(place)))
            self.places[(*path, key)] = place
            found[key] = self.part(value, kind, (*path, key))
        return found

    def listed(self, node: Node, kind: str, path: tuple[str, ...]) -> Any:
        if not isinstance(node, ListNode):
            return self.part(node, kind, path)
        return [self.part(item, kind, (*path, str(n))) for n, item in enumerate(node.items)]

    def strict(self, node: Node) -> Any:
        """Return names or data; null means unset, but not within a list."""
        if isinstance(node, ListNode):
            for item in node.items:
                self.refuse_retyped(item)
        elif isinstance(node, TextNode) and _retyped(node) != "nothing at all":
            self.refuse_retyped(node)
        return self.raw(node)

    def refuse_retyped(self, node: Node) -> None:
        word = _retyped(node) if isinstance(node, TextNode) else ""
        if isinstance(node, TextNode) and word:
            shown = node.text or "an empty value"
            message = f"YAML reads {shown} as {word}, and text is needed here"
            self.fault(node.place, message, f'quote it: "{node.text}"')

    def raw(self, node: Node) -> Any:
        """Return scalars as they are written."""
        if isinstance(node, TextNode):
            return None if _retyped(node) == "nothing at all" else node.text
        return _nested(node, self.raw)

    def plain(self, node: Node) -> Any:
        """Return scalars as YAML 1.1 types them, but dates as text."""
        if not isinstance(node, TextNode):
            return _nested(node, self.plain)
        text, word = node.text, _retyped(node)
        if word == "nothing at all":
            return None
        if word == "true or false":
            return bool(_TRUE.match(text))
        if word == "a number":
            if _ODD_NUMBER.match(text):
                hint = f'write it in plain digits, or quote it: "{text}"'
                self.fault(node.place, f"YAML reads {text} as another number", hint)
                return None
            digits = text.replace("_", "")
            return int(digits) if _INTEGER.match(text) else float(digits)
        return text


def _nested(node: ListNode | MapNode, scalar: Callable[[Node], Any]) -> Any:
    if isinstance(node, ListNode):
        return [scalar(item) for item in node.items]
    return {key: scalar(value) for key, value in node.entries.items()}


def _name_of(node: MapNode) -> str:
    named = [node.entries[key] for key in ("name", "text") if key in node.entries]
    return named[0].text if named and isinstance(named[0], TextNode) else ""


@cache
def _metaslots(metaclass: str) -> frozenset[str]:
    from linkml_runtime.linkml_model import meta  # type: ignore[import-untyped]

    return frozenset(item.name for item in fields(getattr(meta, metaclass)))
