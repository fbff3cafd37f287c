"""What each LinkML constraint means for a steward: its dimension, its severity, its words.

`docs/constraints.md` is the same table for people; a test holds the two together.
"""

from __future__ import annotations

__all__ = ["CONSTRAINTS", "Constraint", "label", "slug"]

import re
from dataclasses import dataclass

from dqcheck.model import Dimension, Severity


@dataclass(frozen=True, slots=True)
class Constraint:
    """A kind of check.

    Attributes:
        kind: The last part of its check ids.
        metaslot: What in LinkML asks for it.
        dimension: What it measures.
        severity: How bad a failure is, unless an annotation says otherwise.
        title: What it demands; `{slot}` and `{detail}` are filled in.
        message: What a failing row has done; filled in likewise.
        why: Why it matters, unless the slot says so.
        fix: How to put it right, unless the slot says so.
    """

    kind: str
    metaslot: str
    dimension: Dimension
    severity: Severity
    title: str
    message: str
    why: str
    fix: str


_INFO, _WARNING, _VIOLATION = Severity
_COMPLETE, _VALID = Dimension.COMPLETENESS, Dimension.VALIDITY
_CONSISTENT, _UNIQUE = Dimension.CONSISTENCY, Dimension.UNIQUENESS
_TIMELY = Dimension.TIMELINESS

_READABLE = "A value that can't be read can't be searched, matched or counted."
_SHARED = "Only values that all agencies read in the same way can be compared."
_CLASH = "Records that contradict themselves can't be trusted."
_BOUND = "Values outside the bounds are slips of the keyboard or of a conversion."
_LISTS = "Lists that are too short, too long or doubled point to a fault in the extract."
_CORRECT = "Look the value up in the source system and correct it there."
_RECORD = "Look the record up in the source system and correct what contradicts."
_SLIP = "An identifier with a slip in it finds nobody, or somebody else."
_COMPARE = "Compare it with the document it comes from; never make up a character that fits."
_RESEND = "Put the extract right and send it again."

_ROWS: tuple[tuple[str, str, Dimension, Severity, str, str, str, str], ...] = (
    ("required", "required, identifier, key", _COMPLETE, _VIOLATION,
     "{slot} must be filled", "{slot} is missing",
     "Without it the record can't be used.",
     "Fill it in the source system, or leave the record out."),
    ("recommended", "recommended", _COMPLETE, _WARNING,
     "{slot} should be filled", "{slot} is missing",
     "The record is worth less without it.", "Fill it where the source system has it."),
    ("present", "value_presence: PRESENT", _COMPLETE, _VIOLATION,
     "{slot} must be filled", "{slot} is missing",
     "Without it the record can't be used.", "Fill it in the source system."),
    ("absent", "value_presence: ABSENT", _CONSISTENT, _VIOLATION,
     "{slot} must be empty", "{slot} is filled",
     "What does not belong here misleads its readers.", "Empty it in the extract."),
    ("single_value", "multivalued: false", _VALID, _VIOLATION,
     "{slot} holds one value", "{slot} holds a list", _READABLE, "Send one value."),
    ("list", "multivalued: true", _VALID, _VIOLATION,
     "{slot} holds a list", "{slot} holds one value where a list is needed", _READABLE,
     "Send a list, even of one value."),
    ("type", "range (a type or a class)", _VALID, _VIOLATION,
     "{slot} must be {detail}", "{slot} is not {detail}", _READABLE, _CORRECT),
    ("permissible_value", "range (an enum), enum_range", _VALID, _VIOLATION,
     "{slot} must be in the list {detail}", "{slot} is not in the list {detail}", _SHARED,
     "Send one of the codes of the list, or have a mapping written."),
    ("retired_value", "permissible value: deprecated, status", _TIMELY, _WARNING,
     "{slot} should not be a retired code of the list {detail}",
     "{slot} is a retired code of the list {detail}",
     "Retired codes will be refused one day.", "Send the code that has replaced it."),
    ("pattern", "pattern, structured_pattern", _VALID, _VIOLATION,
     "{slot} must be {detail}", "{slot} is not {detail}", _READABLE, _CORRECT),
    ("identifier", "annotation identifier_check", _VALID, _VIOLATION,
     "{slot} must have {detail}", "{slot} does not have {detail}", _SLIP, _COMPARE),
    ("doubtful_identifier", "annotation identifier_check", _VALID, _WARNING,
     "{slot} should have {detail}", "{slot} does not have {detail}", _SLIP, _COMPARE),
    ("dummy", "annotation identifier_check", _VALID, _WARNING,
     "{slot} should not be {detail}", "{slot} is {detail}",
     "Records that share a dummy are taken for one person, vehicle or place.",
     "Leave it empty where it is not known."),
    ("minimum_value", "minimum_value", _VALID, _VIOLATION,
     "{slot} must be {detail} or more", "{slot} is less than {detail}", _BOUND, _CORRECT),
    ("maximum_value", "maximum_value", _VALID, _VIOLATION,
     "{slot} must be {detail} or less", "{slot} is more than {detail}", _BOUND, _CORRECT),
    ("equals_string", "equals_string", _VALID, _VIOLATION,
     "{slot} must be {detail}", "{slot} is not {detail}", _SHARED, _CORRECT),
    ("equals_string_in", "equals_string_in", _VALID, _VIOLATION,
     "{slot} must be one of {detail}", "{slot} is none of {detail}", _SHARED, _CORRECT),
    ("equals_number", "equals_number", _VALID, _VIOLATION,
     "{slot} must be {detail}", "{slot} is not {detail}", _SHARED, _CORRECT),
    ("equals_expression", "equals_expression", _CONSISTENT, _VIOLATION,
     "{slot} must agree with {detail}", "{slot} does not agree with {detail}", _CLASH, _RECORD),
    ("string_serialization", "string_serialization", _CONSISTENT, _VIOLATION,
     "{slot} must agree with {detail}", "{slot} does not agree with {detail}", _CLASH, _RECORD),
    ("prefix", "id_prefixes", _VALID, _VIOLATION,
     "{slot} must begin with {detail}", "{slot} does not begin with {detail}", _SHARED, _CORRECT),
    ("subproperty", "subproperty_of", _VALID, _VIOLATION,
     "{slot} must be one of {detail}", "{slot} is none of {detail}", _SHARED, _CORRECT),
    ("minimum_cardinality", "minimum_cardinality", _COMPLETE, _VIOLATION,
     "{slot} must hold {detail} values or more", "{slot} holds fewer than {detail} values", _LISTS,
     _CORRECT),
    ("maximum_cardinality", "maximum_cardinality", _VALID, _VIOLATION,
     "{slot} must hold {detail} values at most", "{slot} holds more than {detail} values", _LISTS,
     _CORRECT),
    ("exact_cardinality", "exact_cardinality", _VALID, _VIOLATION,
     "{slot} must hold {detail} values", "{slot} does not hold {detail} values", _LISTS, _CORRECT),
    ("distinct_elements", "list_elements_unique", _UNIQUE, _VIOLATION,
     "{slot} must not hold a value twice", "{slot} holds a value twice", _LISTS, _RESEND),
    ("has_member", "has_member", _VALID, _VIOLATION,
     "one value of {slot} must be {detail}", "no value of {slot} is {detail}", _SHARED, _CORRECT),
    ("all_members", "all_members", _VALID, _VIOLATION,
     "all values of {slot} must be {detail}", "not all values of {slot} are {detail}", _SHARED,
     _CORRECT),
    ("union_of", "union_of (of a type)", _VALID, _VIOLATION,
     "{slot} must be {detail}", "{slot} is not {detail}", _READABLE, _CORRECT),
    ("any_of", "any_of", _VALID, _VIOLATION,
     "{slot} must be {detail}", "{slot} is not {detail}", _SHARED, _CORRECT),
    ("all_of", "all_of", _VALID, _VIOLATION,
     "{slot} must be {detail}", "{slot} is not {detail}", _SHARED, _CORRECT),
    ("exactly_one_of", "exactly_one_of", _VALID, _VIOLATION,
     "{slot} must be exactly one of: {detail}", "{slot} is not exactly one of: {detail}", _SHARED,
     _CORRECT),
    ("none_of", "none_of", _VALID, _VIOLATION,
     "{slot} must not be {detail}", "{slot} is {detail}", _SHARED, _CORRECT),
    ("designated_type", "designates_type", _VALID, _VIOLATION,
     "{slot} must name {detail}", "{slot} does not name {detail}", _READABLE, _CORRECT),
    ("not_in_class", "slots of subclasses", _CONSISTENT, _VIOLATION,
     "{slot} may be filled for {detail} only", "{slot} is filled for a record that is not {detail}",
     _CLASH, _RECORD),
    ("deprecated", "deprecated", _TIMELY, _INFO,
     "{slot} is being phased out and should be empty", "{slot} is filled, and is being phased out",
     "What is phased out will be refused one day.", "{detail}"),
    ("abstract", "abstract, mixin", _VALID, _VIOLATION,
     "a record must be of a particular kind", "the record is of no particular kind of {detail}",
     "A record of no particular kind can't be checked.", "Say which kind of record it is."),
    ("class", "any_of, all_of, exactly_one_of, none_of (of a class)", _CONSISTENT, _VIOLATION,
     "{detail}", "the record breaks this rule: {detail}", _CLASH, _RECORD),
    ("rule", "rules", _CONSISTENT, _VIOLATION,
     "{detail}", "the record breaks this rule: {detail}", _CLASH, _RECORD),
    ("unique", "identifier, key", _UNIQUE, _VIOLATION,
     "{slot} must be different in each record", "{slot} stands in more than one record",
     "Two records with one key can't be told apart.", _RECORD),
    ("unique_key", "unique_keys", _UNIQUE, _VIOLATION,
     "{slot} together must be different in each record", "{slot} stand together in another record",
     "Two records with one key can't be told apart.", _RECORD),
    ("reference", "range (a class with an identifier, not inlined)", _CONSISTENT, _VIOLATION,
     "{slot} must refer to {detail} that exists", "{slot} refers to nothing",
     "A reference to a record that does not exist leads nowhere.", _RECORD),
)  # fmt: skip

CONSTRAINTS: dict[str, Constraint] = {row[0]: Constraint(*row) for row in _ROWS}
"""All kinds of check that a schema can give, by kind."""


def label(name: str, title: str = "") -> str:
    """Return what to call a slot or class in a sentence: its title, or its name made readable."""
    text = title or name.replace("_", " ").strip()
    return text[:1].upper() + text[1:]


def slug(text: str) -> str:
    """Return `text` as the last part of a check id."""
    return re.sub(r"[^a-z0-9]+", "_", text.casefold()).strip("_")[:60].strip("_")
