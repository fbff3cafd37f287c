"""Each metaslot of LinkML is compiled, listed as not checked, or says nothing of data."""

from __future__ import annotations

from dataclasses import fields

import pytest
from linkml_runtime.linkml_model import meta

from dqcheck.standards.metamodel import PARTS, RAW_TEXT, STRICT_TEXT, UNCHECKED

_COMMON = {
    "name", "id_prefixes_are_closed", "definition_uri", "local_names", "conforms_to", "implements",
    "instantiates", "extensions", "annotations", "description", "alt_descriptions", "title",
    "todos", "notes", "comments", "examples", "in_subset", "from_schema", "imported_from",
    "source", "in_language", "see_also", "deprecated_element_has_exact_replacement",
    "deprecated_element_has_possible_replacement", "aliases", "structured_aliases", "mappings",
    "exact_mappings", "close_mappings", "related_mappings", "narrow_mappings", "broad_mappings",
    "created_by", "contributors", "created_on", "last_updated_on", "modified_by", "status",
    "rank", "categories", "keywords",
}  # fmt: skip
_BOOLEANS = {"any_of", "all_of", "exactly_one_of", "none_of"}
_FACETS = {
    "pattern", "structured_pattern", "implicit_prefix", "equals_string", "equals_string_in",
    "equals_number", "minimum_value", "maximum_value",
}  # fmt: skip
_EXPRESSION = _BOOLEANS | _FACETS | {
    "range", "enum_range", "required", "recommended", "multivalued", "inlined", "inlined_as_list",
    "value_presence", "equals_expression", "exact_cardinality", "minimum_cardinality",
    "maximum_cardinality", "has_member", "all_members", "deprecated", "unit",
}  # fmt: skip
HONOURED = {
    "class": _BOOLEANS
    | {
        "is_a", "mixins", "abstract", "mixin", "slots", "slot_usage", "attributes", "class_uri",
        "tree_root", "unique_keys", "rules", "classification_rules", "extra_slots", "id_prefixes",
        "slot_conditions",
    },
    "slot": _EXPRESSION
    | {
        "is_a", "mixins", "alias", "id_prefixes", "identifier", "key", "designates_type",
        "subproperty_of", "list_elements_unique", "string_serialization", "slot_uri",
    },
    "type": _BOOLEANS | _FACETS | {"typeof", "union_of", "base", "uri"},
    "enum": {"permissible_values", "include", "minus", "inherits", "concepts", "code_set"},
    "rule": {
        "preconditions", "postconditions", "elseconditions", "bidirectional", "open_world",
        "deactivated",
    },
}  # fmt: skip
# What orders, documents, infers, or is said to be for other uses; see docs/constraints.md.
SILENT = {
    "class": {
        "deprecated", "values_from", "string_serialization", "subclass_of", "union_of",
        "defining_slots", "slot_names_unique", "represents_relationship", "disjoint_with",
        "children_are_mutually_disjoint", "alias",
    },
    "slot": {
        "abstract", "mixin", "singular_name", "domain", "inherited", "readonly", "ifabsent",
        "list_elements_ordered", "shared", "owner", "domain_of", "symmetric", "reflexive",
        "locally_reflexive", "transitive", "inverse", "is_class_field", "transitive_form_of",
        "reflexive_transitive_form_of", "role", "is_usage_slot", "usage_slot_name",
        "relational_role", "slot_group", "is_grouping_slot", "path_rule", "disjoint_with",
        "children_are_mutually_disjoint", "union_of", "type_mappings",
    },
    "type": {"id_prefixes", "deprecated", "repr", "unit"},
    "enum": {
        "id_prefixes", "deprecated", "is_a", "mixins", "abstract", "mixin", "apply_to",
        "values_from", "string_serialization", "enum_uri", "code_set_tag", "code_set_version",
    },
    "rule": {"deprecated"},
}  # fmt: skip


def _metaslots(kind: str) -> set[str]:
    return {item.name for item in fields(getattr(meta, PARTS[kind].metaclass))}


@pytest.mark.parametrize("kind", sorted(HONOURED))
def test_no_metaslot_is_silent(kind: str) -> None:
    unchecked = set(UNCHECKED.get(kind, ()))
    known = HONOURED[kind] | SILENT[kind] | unchecked
    assert _metaslots(kind) - known - _COMMON == set()
    assert HONOURED[kind] & SILENT[kind] == HONOURED[kind] & unchecked == set()
    assert unchecked & SILENT[kind] == set()


def test_what_the_tables_name_is_in_the_metamodel() -> None:
    for part in PARTS.values():
        known = {item.name for item in fields(getattr(meta, part.metaclass))}
        named = {*part.named, *part.listed, *part.single}
        assert named <= known
    every = {name for kind in PARTS for name in _metaslots(kind)}
    assert every >= STRICT_TEXT
    assert every >= RAW_TEXT
    for kind, metaslots in UNCHECKED.items():
        assert set(metaslots) <= _metaslots(kind)


@pytest.mark.parametrize("metaslot", sorted(UNCHECKED["slot"]))
def test_a_slot_that_says_what_is_not_compiled_is_listed(metaslot: str) -> None:
    from dqcheck.standards import open_schema_text

    values = {
        "apply_to": "[t]",
        "array": "{maximum_number_dimensions: 1}",
        "bindings": "[{binds_value_of: x, range: E}]",
        "range_expression": "{slot_conditions: {t: {required: true}}}",
        "values_from": '["ex:vs"]',
    }
    plan = open_schema_text(
        "id: http://example.org/t\nname: t\nimports: [linkml:types]\n"
        "prefixes: {ex: http://example.org/}\n"
        f"slots: {{t: {{}}, s: {{{metaslot}: {values.get(metaslot, 'true')}}}}}\n"
        "enums: {E: {permissible_values: {x: {}}}}\n"
        "classes: {C: {slots: [s]}}\n"
    )
    found = [(item.feature, item.slot) for item in plan.classes["C"].not_checked]
    assert found == [(metaslot, "s")]
