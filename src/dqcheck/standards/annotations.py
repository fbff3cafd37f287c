"""The annotations dqcheck reads from a schema, and what they may say."""

from __future__ import annotations

__all__ = ["KNOWN", "Notes", "read_notes"]

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from dqcheck.errors import SchemaError, suggest
from dqcheck.expressions.identifiers import KINDS
from dqcheck.model import Criticality, Dimension, Privacy, Severity
from dqcheck.standards.load import Schema

Notes = dict[str, str]

_TRUTH = ("true", "false")
KNOWN: Mapping[str, tuple[str, ...]] = {
    "confirmed": ("confirmed", "single-source", "unconfirmed", "editorial"),
    "criticality": tuple(Criticality),
    "dimension": tuple(Dimension),
    "identifier_check": tuple(KINDS),
    "imported_classes": ("shown", "hidden"),
    "list_strip_whitespace": _TRUTH,
    "list_syntax": ("plaintext", "python"),
    "list_wrapper": ("square", "none", "curly", "paren"),
    "privacy": tuple(Privacy),
    "refuse_delimiter_in_data": _TRUTH,
    "role": ("valid", "other", "default"),
    "severity": tuple(Severity),
}
"""Annotations that take one of a few words. `authority`, `fix`, `list_delimiter`, `null_values`,
`owner`, `pattern_title`, `replaced_by`, `retired_on`, `source`, `values_file` and `why` take any
text; other annotations are left alone."""

Path = tuple[str, ...]


def read_notes(
    schema: Schema, bearers: Iterable[tuple[Any, Path]], faults: list[SchemaError]
) -> Notes:
    """Return the annotations of elements as text, those of later elements before earlier ones.

    Args:
        schema: For places.
        bearers: Elements of the metamodel, and the keys that lead to them.
        faults: Where a word that is not known is noted.
    """
    notes: Notes = {}
    for element, path in bearers:
        for tag, text in _annotations(element):
            words = KNOWN.get(tag)
            if words and text not in words:
                fault = SchemaError(
                    f"the annotation {tag} can't be {text!r}",
                    place=schema.place((*path, "annotations", tag), path),
                    found=f"it can be: {', '.join(words)}",
                    hint=suggest(text, words),
                )
                if str(fault) not in map(str, faults):
                    faults.append(fault)
                continue
            notes[tag] = text
    return notes


def _annotations(element: Any) -> Iterator[tuple[str, str]]:
    held = getattr(element, "annotations", None)
    if not held:
        return
    for tag in held:
        value = getattr(held[tag], "value", held[tag])
        if isinstance(value, str | int | float):
            yield str(tag), str(value)
