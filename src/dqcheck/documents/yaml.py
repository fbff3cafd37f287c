"""YAML with places: every scalar is text, and nothing is guessed, repeated or referred to.

`NO`, `ON`, `010` and `1.0` are codes somewhere, so no scalar is retyped. Duplicate keys, anchors,
aliases, tags and further documents are refused: in a document that people review, each hides
something.
"""

from __future__ import annotations

__all__ = ["ListNode", "MapNode", "Node", "TextNode", "load_yaml", "read_yaml"]

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from dqcheck.errors import ConfigurationError, Place, raise_together

_MAX_DEPTH = 30
_MAX_BYTES = 20_000_000
# libyaml reads ten times faster; PyYAML may have been built without it.
_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
# An escape in double quotes; before a line break it joins the lines.
_ESCAPE = re.compile(r"\\(x..|u.{4}|U.{8}|\s*\n\s*|.)")


@dataclass(frozen=True, slots=True)
class TextNode:
    """A scalar.

    Attributes:
        text: Its text, whatever it looks like; empty where there is nothing.
        place: Where it begins.
        raw: As written in the document, from its place on, quotes and block indicator included.
    """

    text: str
    place: Place
    raw: str = field(repr=False)

    def locate(self, offset: int) -> Place:
        """Return the place of the character at `offset` of the text.

        Follows quotes, escapes, folded and literal blocks.
        """
        line = self.place.line or 1
        column = self.place.column or 1
        style = self.raw[:1] if self.raw[:1] in ("|", ">", "'", '"') else ""
        start = end = 0
        if style in ("|", ">"):
            end = self.raw.find("\n") + 1
        elif style:
            end = 1
        for character in self.text[: offset + 1]:
            start, end = _span(self.raw, end, character, style)
        if offset >= len(self.text):
            start = end
        before = self.raw[:start]
        breaks = before.count("\n")
        if not breaks:
            return Place(self.place.path, line, column + start)
        return Place(self.place.path, line + breaks, start - before.rfind("\n"))


def _span(raw: str, start: int, character: str, style: str) -> tuple[int, int]:
    """Return where in `raw`, from `start` on, `character` of the text begins and ends."""
    at = start
    while at < len(raw):
        if style == '"' and (escape := _ESCAPE.match(raw, at)):
            if "\n" not in escape.group(1):
                return at, escape.end()
            at = escape.end()
        elif raw[at] == character:
            return at, at + (2 if style == character == "'" else 1)
        elif raw[at].isspace():
            # Indentation of a continued line, or a line break that is read as a space.
            at += 1
        else:
            break
    return start, start


@dataclass(frozen=True, slots=True)
class ListNode:
    """A sequence."""

    items: tuple[Node, ...]
    place: Place


@dataclass(frozen=True, slots=True)
class MapNode:
    """A mapping.

    Attributes:
        entries: The nodes by key.
        keys: Where each key stands.
        place: Where the mapping begins.
    """

    entries: dict[str, Node]
    keys: dict[str, Place]
    place: Place


Node = TextNode | ListNode | MapNode


@dataclass(slots=True)
class _Open:
    """A collection that is being read."""

    place: Place
    items: list[Node]
    entries: dict[str, Node] | None = None
    keys: dict[str, Place] = field(default_factory=dict)
    key: str | None = None


def load_yaml(path: Path, *, name: str | None = None) -> Node:
    """Return the document at `path`.

    Args:
        path: The file.
        name: How the user named it; `path` as it is by default.

    Raises:
        ConfigurationError: If it can't be read, is no UTF-8, no YAML, or has what the module's
            docstring refuses; with all faults that could be found.
    """
    shown = name or str(path)
    try:
        with path.open("rb") as file:
            data = file.read(_MAX_BYTES + 1)
    except OSError as fault:
        raise ConfigurationError(
            "the document can't be read",
            place=Place(shown),
            found=fault.strerror or "",
            hint="check the path and the permissions",
        ) from None
    if len(data) > _MAX_BYTES:
        raise ConfigurationError(
            f"the document has more than {_MAX_BYTES // 1_000_000} MB", place=Place(shown)
        )
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as fault:
        before = data[: fault.start]
        column = fault.start - before.rfind(b"\n")
        raise ConfigurationError(
            "the document is not UTF-8",
            place=Place(shown, before.count(b"\n") + 1, column),
            hint="save it as UTF-8",
        ) from None
    return read_yaml(text, shown)


def read_yaml(text: str, name: str) -> Node:
    """Return the document `text`, called `name` in messages.

    Raises:
        ConfigurationError: As `load_yaml`.
    """
    faults: list[ConfigurationError] = []
    try:
        node = _Builder(text, name, faults).build()
    except yaml.MarkedYAMLError as fault:
        mark = fault.problem_mark or fault.context_mark
        faults.append(
            ConfigurationError(
                f"this is not YAML: {fault.problem or fault.context}",
                place=_place(name, mark) if mark else Place(name),
                hint=_yaml_hint(str(fault.problem)),
            )
        )
    except yaml.YAMLError:
        faults.append(
            ConfigurationError(
                "the document has characters that YAML does not allow",
                place=_forbidden(text, name),
                hint="remove control characters",
            )
        )
    raise_together(faults)
    return node


def _yaml_hint(problem: str) -> str:
    if "mapping values are not allowed" in problem:
        return "put a text that has a colon in quotes"
    if "cannot start any token" in problem:
        return "indent with spaces, never tabs, and put texts with special characters in quotes"
    return ""


def _forbidden(text: str, name: str) -> Place:
    for number, line in enumerate(text.split("\n"), 1):
        for column, character in enumerate(line, 1):
            if (ord(character) < 32 and character not in "\t\r") or ord(character) == 127:
                return Place(name, number, column)
    return Place(name)


def _place(name: str, mark: Any) -> Place:
    return Place(name, mark.line + 1, mark.column + 1)


class _Builder:
    """Builds nodes from PyYAML's events, without recursion."""

    def __init__(self, text: str, name: str, faults: list[ConfigurationError]) -> None:
        self.text = text
        self.name = name
        self.faults = faults
        self.stack: list[_Open] = []
        self.result: Node | None = None

    def build(self) -> Node:
        documents = 0
        for event in self.events():
            match event:
                case yaml.DocumentStartEvent():
                    documents += 1
                    if documents > 1:
                        self.fault("a file holds one document", event, "split the file at the ---")
                        break
                case yaml.AliasEvent():
                    self.fault("aliases (*name) are not allowed", event, "write it out")
                    self.add(TextNode("", self.at(event), ""), event)
                case yaml.ScalarEvent():
                    self.check(event)
                    self.add(TextNode(event.value, self.at(event), self.raw(event)), event)
                case yaml.MappingStartEvent() | yaml.SequenceStartEvent():
                    self.open(event)
                case yaml.MappingEndEvent() | yaml.SequenceEndEvent():
                    self.close(event)
                case _:
                    pass
        return self.result or MapNode({}, {}, Place(self.name, 1, 1))

    def events(self) -> Iterator[Any]:
        yield from yaml.parse(self.text, Loader=_LOADER)

    def at(self, event: Any) -> Place:
        return _place(self.name, event.start_mark)

    def raw(self, event: Any) -> str:
        return self.text[event.start_mark.index : event.end_mark.index]

    def fault(self, message: str, event: Any, hint: str = "") -> None:
        self.faults.append(ConfigurationError(message, place=self.at(event), hint=hint))

    def check(self, event: Any) -> None:
        if event.anchor:
            self.fault("anchors (&name) are not allowed", event, "write it out where it is used")
        if event.tag not in (None, "!"):
            self.fault("tags (!name) are not allowed", event, "all scalars are read as text")

    def open(self, event: Any) -> None:
        self.check(event)
        if len(self.stack) >= _MAX_DEPTH:
            raise ConfigurationError(
                f"the document is more than {_MAX_DEPTH} levels deep", place=self.at(event)
            )
        is_map = isinstance(event, yaml.MappingStartEvent)
        self.stack.append(_Open(self.at(event), [], {} if is_map else None))

    def close(self, event: Any) -> None:
        done = self.stack.pop()
        if done.entries is None:
            self.add(ListNode(tuple(done.items), done.place), event)
        else:
            self.add(MapNode(done.entries, done.keys, done.place), event)

    def add(self, node: Node, event: Any) -> None:
        if not self.stack:
            self.result = self.result or node
            return
        parent = self.stack[-1]
        if parent.entries is None:
            parent.items.append(node)
        elif parent.key is None:
            self.key(parent, node)
        else:
            parent.entries.setdefault(parent.key, node)
            parent.key = None

    def key(self, parent: _Open, node: Node) -> None:
        if not isinstance(node, TextNode):
            self.faults.append(ConfigurationError("a key must be a plain text", place=node.place))
            parent.key = ""
            return
        parent.key = node.text
        if node.text in parent.keys:
            self.faults.append(
                ConfigurationError(
                    f'the key "{node.text}" is given twice',
                    place=node.place,
                    found=f"first in line {parent.keys[node.text].line}",
                    hint="remove one of them",
                )
            )
        else:
            parent.keys[node.text] = node.place
