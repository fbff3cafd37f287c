"""What dqcheck knows of LinkML's metamodel: which parts of a schema are what, and what is left out.

`PARTS` says what stands where in a schema document, `UNCHECKED` which metaslots constrain data but
are not compiled. A test holds both against the installed metamodel, so that a metaslot that is new
there can't be silent here.
"""

from __future__ import annotations

__all__ = ["PARTS", "RAW_TEXT", "STRICT_TEXT", "UNCHECKED", "Part"]

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Part:
    """A kind of part of a schema document.

    Attributes:
        metaclass: Its class in `linkml_runtime.linkml_model.meta`, whose fields are its keys.
        named: Keys whose value is a collection of named parts, and the kind of these.
        listed: Keys whose value is a list of parts, and the kind of these.
        single: Keys whose value is one part, and its kind.
    """

    metaclass: str
    named: dict[str, str] = field(default_factory=dict)
    listed: dict[str, str] = field(default_factory=dict)
    single: dict[str, str] = field(default_factory=dict)


_BOOLEANS = ("any_of", "all_of", "exactly_one_of", "none_of")
_SLOT_BOOLEANS = dict.fromkeys(_BOOLEANS, "slot_expression")
_CLASS_BOOLEANS = dict.fromkeys(_BOOLEANS, "class_expression")
_TYPE_BOOLEANS = dict.fromkeys(_BOOLEANS, "type_expression")
_SLOT_SINGLES = {
    "has_member": "slot_expression",
    "all_members": "slot_expression",
    "structured_pattern": "pattern",
    "range_expression": "class_expression",
    "enum_range": "enum_expression",
}
_ENUM_LISTS = {"include": "enum_expression", "minus": "enum_expression"}
_ENUM_SINGLES = {"reachable_from": "reachability", "matches": "match"}
_VALUES = {"permissible_values": "permissible_value"}

PARTS: dict[str, Part] = {
    "schema": Part(
        "SchemaDefinition",
        named={"classes": "class", "slots": "slot", "enums": "enum", "types": "type"},
    ),
    "class": Part(
        "ClassDefinition",
        named={
            "attributes": "slot",
            "slot_usage": "slot",
            "slot_conditions": "slot",
            "unique_keys": "unique_key",
        },
        listed={
            **_CLASS_BOOLEANS,
            "rules": "rule",
            "classification_rules": "class_expression",
        },
        single={"extra_slots": "extra_slots"},
    ),
    "class_expression": Part(
        "AnonymousClassExpression", named={"slot_conditions": "slot"}, listed=_CLASS_BOOLEANS
    ),
    "rule": Part(
        "ClassRule",
        single=dict.fromkeys(
            ("preconditions", "postconditions", "elseconditions"), "class_expression"
        ),
    ),
    "slot": Part("SlotDefinition", listed=_SLOT_BOOLEANS, single=_SLOT_SINGLES),
    "slot_expression": Part("AnonymousSlotExpression", listed=_SLOT_BOOLEANS, single=_SLOT_SINGLES),
    "type": Part("TypeDefinition", listed=_TYPE_BOOLEANS, single={"structured_pattern": "pattern"}),
    "type_expression": Part(
        "AnonymousTypeExpression", listed=_TYPE_BOOLEANS, single={"structured_pattern": "pattern"}
    ),
    "enum": Part("EnumDefinition", named=_VALUES, listed=_ENUM_LISTS, single=_ENUM_SINGLES),
    "enum_expression": Part(
        "AnonymousEnumExpression", named=_VALUES, listed=_ENUM_LISTS, single=_ENUM_SINGLES
    ),
    "permissible_value": Part("PermissibleValue"),
    "unique_key": Part("UniqueKey"),
    "pattern": Part("PatternExpression"),
    "extra_slots": Part("ExtraSlotsExpression", single={"range_expression": "class_expression"}),
    "reachability": Part("ReachabilityQuery"),
    "match": Part("MatchQuery"),
}

STRICT_TEXT = frozenset(
    {
        "alias", "aliases", "concepts", "domain", "equals_expression", "equals_string",
        "equals_string_in", "id_prefixes", "ifabsent", "implicit_prefix", "inherits", "is_a",
        "meaning", "mixins", "name", "pattern", "range", "slots", "string_serialization",
        "subproperty_of", "syntax", "text", "typeof", "unique_key_slots", "union_of",
    }
)  # fmt: skip
"""Metaslots whose values are names, patterns or data: a scalar that YAML 1.1 retypes is refused."""

RAW_TEXT = frozenset({"description", "title", "version", "deprecated", "status", "license"})
"""Metaslots that are prose: taken as written, whatever YAML would make of them."""

_ELSEWHERE = "value sets that live elsewhere are not read"

UNCHECKED: dict[str, dict[str, str]] = {
    "class": {"apply_to": "slots injected into other classes are not compiled"},
    "slot": {
        "apply_to": "slots injected into other slots are not compiled",
        "array": "a cell holds no array",
        "asymmetric": "pairs of records that refer to each other are not looked for",
        "bindings": "what is within a nested record is not checked",
        "irreflexive": "records that refer to themselves are not looked for",
        "range_expression": "what is within a record referred to is not checked",
        "values_from": _ELSEWHERE,
    },
    "enum": {
        "matches": "terms are not looked up in ontologies",
        "pv_formula": "code sets that live elsewhere are not read",
        "reachable_from": "terms are not looked up in ontologies, and there is no pinned file",
    },
}
"""By kind of part: metaslots that say something of data which is not compiled, and why."""
