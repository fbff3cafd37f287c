"""Every part of a standard says what it is, who looks after it and how private it is."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonasobj2 import items
from linkml.linter.linter import Linter
from linkml_runtime.utils.schemaview import SchemaView

from dqcheck.model import Criticality, Dimension, Privacy, Severity

ROOT = Path(__file__).resolve().parents[3]
STANDARDS = tuple(sorted(file.stem for file in (ROOT / "schemas").glob("*.yaml")))
SLOT_ANNOTATIONS = {
    "criticality": set(Criticality),
    "privacy": set(Privacy),
    "dimension": set(Dimension),
    "severity": set(Severity),
}
SLOT_TEXTS = {"owner", "why", "fix"}
VALUE_ANNOTATIONS = {
    "role": {"other", "default"},
    "confirmed": {"single-source", "unconfirmed", "editorial"},
}
RETIREMENT = {"replaced_by", "retired_on"}
RETYPED_KEYS = {
    "abstract", "allowed", "consider_nulls_inequal", "identifier", "inlined", "maximum_value",
    "minimum_value", "mixin", "multivalued", "recommended", "required", "tree_root",
}  # fmt: skip


def annotations(part: Any) -> dict[str, str]:
    return {str(tag): str(note.value) for tag, note in items(part.annotations)}


def slots_of(view: SchemaView) -> Iterator[Any]:
    for name in view.all_classes(imports=False):
        yield from view.class_induced_slots(name)


def spellings(slot: Any) -> set[str]:
    """Return what a header may be to mean the slot, whatever its case and punctuation."""
    return {re.sub(r"[^0-9a-z]", "", text.casefold()) for text in (slot.name, *slot.aliases)}


def test_schema_is_described(view: SchemaView) -> None:
    schema = view.schema
    assert schema.id == f"https://w3id.org/dqcheck/{schema.name}"
    assert re.fullmatch(r"\d+\.\d+\.\d+", schema.version)
    assert schema.license == "Apache-2.0"
    assert schema.default_range == "string"
    assert schema.title
    assert schema.description
    assert annotations(schema)["owner"]


def test_classes_are_described(view: SchemaView) -> None:
    for cls in view.all_classes(imports=False).values():
        assert cls.title, cls.name
        assert cls.description, cls.name
        assert annotations(cls)["owner"], cls.name
        assert cls.extra_slots.allowed is True, cls.name
        for rule in cls.rules:
            assert rule.title, cls.name
            assert rule.description, rule.title


def test_types_and_enums_are_described(view: SchemaView) -> None:
    parts = [*view.all_types(imports=False).values(), *view.all_enums(imports=False).values()]
    for part in parts:
        assert part.title, part.name
        assert part.description, part.name
        assert annotations(part)["source"], part.name


def test_slots_are_described(view: SchemaView) -> None:
    for slot in slots_of(view):
        assert slot.title, slot.name
        assert slot.description, slot.name
        assert slot.examples, slot.name
        assert slot.aliases, slot.name
        notes = annotations(slot)
        assert {"criticality", "privacy", *SLOT_TEXTS} <= set(notes), slot.name
        assert set(notes) <= {*SLOT_ANNOTATIONS, *SLOT_TEXTS, "pattern_title"}, slot.name
        for name in SLOT_TEXTS:
            assert notes[name], slot.name
        for name, allowed in SLOT_ANNOTATIONS.items():
            assert notes.get(name) in {None, *allowed}, (slot.name, name)


def test_values_are_described(view: SchemaView) -> None:
    for enum in view.all_enums(imports=False).values():
        for code, value in enum.permissible_values.items():
            assert value.title, (enum.name, code)
            notes = annotations(value)
            assert set(notes) <= {*VALUE_ANNOTATIONS, *RETIREMENT}, (enum.name, code)
            for name in VALUE_ANNOTATIONS.keys() & notes.keys():
                assert notes[name] in VALUE_ANNOTATIONS[name], (enum.name, code)
            assert value.deprecated or not RETIREMENT & notes.keys(), (enum.name, code)


def test_header_means_one_slot(view: SchemaView) -> None:
    for name in view.all_classes(imports=False):
        slots = view.class_induced_slots(name)
        counts = Counter(spelling for slot in slots for spelling in spellings(slot))
        assert not [spelling for spelling, count in counts.items() if count > 1], name


def test_alias_means_one_code(view: SchemaView) -> None:
    for enum in view.all_enums(imports=False).values():
        means: dict[str, set[str]] = {}
        for code, value in enum.permissible_values.items():
            narrower = [alias.literal_form for alias in value.structured_aliases]
            for text in (code, value.title, *value.aliases, *narrower):
                means.setdefault(text.casefold(), set()).add(code)
            repeated = Counter(text.casefold() for text in (code, *value.aliases, *narrower))
            assert max(repeated.values()) == 1, (enum.name, code)
        assert not {text: codes for text, codes in means.items() if len(codes) > 1}, enum.name


def test_unknown_codes_are_marked(view: SchemaView) -> None:
    """Codes that say "not known" would else count as valid answers."""
    words = {"unknown", "not known", "not stated", "not specified", "prefer not to say"}
    for enum in view.all_enums(imports=False).values():
        for code, value in enum.permissible_values.items():
            if {code.casefold(), value.title.casefold()} & words:
                assert annotations(value).get("role") == "default", (enum.name, code)


@pytest.mark.parametrize("name", STANDARDS)
def test_text_is_quoted_where_yaml_would_retype_it(name: str) -> None:
    root = yaml.compose((ROOT / "schemas" / f"{name}.yaml").read_text("utf-8"), yaml.SafeLoader)

    def walk(node: yaml.Node, key: str) -> Iterator[tuple[int, str]]:
        if isinstance(node, yaml.MappingNode):
            for name_node, value in node.value:
                yield from walk(name_node, "")
                yield from walk(value, name_node.value)
        elif isinstance(node, yaml.SequenceNode):
            for item in node.value:
                yield from walk(item, key)
        elif node.tag != "tag:yaml.org,2002:str" and key not in RETYPED_KEYS:
            yield node.start_mark.line + 1, node.value

    assert list(walk(root, "")) == []


@pytest.mark.parametrize("name", STANDARDS)
def test_values_examples_and_aliases_are_quoted(name: str) -> None:
    root = yaml.compose((ROOT / "schemas" / f"{name}.yaml").read_text("utf-8"), yaml.SafeLoader)

    def scalars(node: yaml.Node) -> Iterator[yaml.Node]:
        if isinstance(node, yaml.MappingNode):
            for key, value in node.value:
                if key.value == "permissible_values":
                    yield from (code for code, _ in value.value)
                if key.value in {"aliases", "value", "pattern", "equals_string"}:
                    yield from value.value if isinstance(value, yaml.SequenceNode) else [value]
                yield from scalars(value)
        elif isinstance(node, yaml.SequenceNode):
            for item in node.value:
                yield from scalars(item)

    assert [node.start_mark.line + 1 for node in scalars(root) if node.style != '"'] == []


@pytest.mark.parametrize("name", STANDARDS)
def test_linkml_lint_finds_nothing(name: str) -> None:
    config = yaml.safe_load((Path(__file__).parent / "linkml-lint.yaml").read_text("utf-8"))
    problems = Linter(config).lint(str(ROOT / "schemas" / f"{name}.yaml"))
    assert [problem.message for problem in problems] == []


def test_manual_counts_the_codes(views: dict[str, SchemaView]) -> None:
    manual = (ROOT / "docs" / "standards.md").read_text("utf-8")
    stated = {
        name: (int(codes), int(marked))
        for name, codes, marked in re.findall(r"^\| `(\w+)` \| (\d+) \| (\d+) \|", manual, re.M)
    }
    counted = {}
    for view in views.values():
        for enum in view.all_enums(imports=False).values():
            values = enum.permissible_values.values()
            marked = sum("confirmed" in annotations(value) for value in values)
            counted[enum.name] = (len(values), marked)
    assert stated == counted


def test_manual_counts_the_slots(views: dict[str, SchemaView]) -> None:
    manual = (ROOT / "docs" / "standards.md").read_text("utf-8")
    stated = re.findall(r"^\| `(\w+)` \| (`\w+`|–)[^|]*\| (\d+|–) \| (\d+|–) \|", manual, re.M)
    assert sorted(row[0] for row in stated) == list(STANDARDS)
    for name, class_name, slots, enums in stated:
        shown = views[name].class_slots(class_name.strip("`")) if class_name != "–" else []
        assert (0 if slots == "–" else int(slots)) == len(shown), name
        assert (0 if enums == "–" else int(enums)) == len(views[name].all_enums(imports=False)), (
            name
        )
