"""Schemas that are wrong are refused, with every fault and its place."""

from __future__ import annotations

from pathlib import Path

import pytest

from dqcheck.errors import SchemaError
from dqcheck.standards import open_schema, open_schema_text

HEAD = "id: http://example.org/t\nname: t\nimports: [linkml:types]\n"


def faults_of(text: str) -> list[tuple[int | None, str]]:
    with pytest.raises(SchemaError) as caught:
        open_schema_text(text, "t.yaml")
    found = caught.value
    return [
        (fault.place.line if fault.place else None, fault.message)
        for fault in (found, *found.others)
    ]


def messages(body: str) -> list[tuple[int, str]]:
    """Return the faults of a schema; `body` begins in line 4."""
    return [(line or 0, message) for line, message in faults_of(HEAD + body)]


@pytest.mark.parametrize(
    ("scalar", "word"),
    [
        ("NO", "true or false"),
        ("ON", "true or false"),
        ("yes", "true or false"),
        ("010", "a number"),
        ("1.0", "a number"),
        ("1_000", "a number"),
        ("0x1F", "a number"),
        ("1:30", "a number"),
        (".inf", "a number"),
        ("2020-01-01", "a date"),
        ("~", "nothing at all"),
        ("null", "nothing at all"),
    ],
)
@pytest.mark.parametrize(
    "body",
    [
        "enums:\n  E:\n    permissible_values:\n      {}: {{}}\n",
        "enums:\n  E:\n    permissible_values:\n      - {}\n",
        "slots:\n  s:\n    aliases:\n      - {}\n",
        "slots:\n  s:\n    equals_string_in:\n      - {}\n",
        "classes:\n  C:\n    attributes:\n      {}: {{}}\n",
    ],
)
def test_a_scalar_that_yaml_retypes_is_refused_with_its_place(
    body: str, scalar: str, word: str
) -> None:
    assert messages(body.format(scalar)) == [
        (7, f"YAML reads {scalar} as {word}, and text is needed here")
    ]


@pytest.mark.parametrize(
    "metaslot", ["equals_string", "pattern", "alias", "range", "implicit_prefix"]
)
def test_a_value_that_yaml_retypes_is_refused(metaslot: str) -> None:
    assert messages(f"slots:\n  s:\n    {metaslot}: 010\n") == [
        (6, "YAML reads 010 as a number, and text is needed here")
    ]


def test_what_is_quoted_or_unset_or_prose_is_taken() -> None:
    plan = open_schema_text(
        HEAD
        + """\
version: 1.10
classes:
  C:
    title: NO
    attributes:
      "NO": {aliases: ["010", 'ON'], alias: null, examples: [{value: 010}]}
enums:
  E: {permissible_values: {"1.0": {}, y: {}, 1a: {}}}
""",
        "t.yaml",
    )
    slot = plan.classes["C"].slots[0]
    assert (plan.version, plan.classes["C"].title) == ("1.10", "NO")
    assert (slot.name, slot.aliases, slot.examples) == ("NO", ("010", "ON"), ("010",))
    assert [value.code for value in plan.enums["E"].values] == ["1.0", "y", "1a"]


def test_every_fault_of_the_text_is_named_at_once() -> None:
    body = """\
classes:
  C:
    atributes: {}
    attributes:
      NO: {equals_string: 010}
slots:
  s: {required: true, patern: x}
"""
    assert messages(body) == [
        (6, 'LinkML knows no "atributes" here'),
        (8, "YAML reads NO as true or false, and text is needed here"),
        (8, "YAML reads 010 as a number, and text is needed here"),
        (10, 'LinkML knows no "patern" here'),
    ]


def test_every_name_that_leads_nowhere_is_named_at_once() -> None:
    body = """\
classes:
  C:
    is_a: Nope
    slots: [sx]
    attributes: {a: {range: intger}}
  D: {is_a: E}
  E: {is_a: D}
types:
  T: {typeof: nothing}
"""
    assert messages(body) == [
        (6, "the class Nope is not defined"),
        (7, "the slot sx is not defined"),
        (8, "the range intger is not defined"),
        (9, "the class D is its own ancestor"),
        (10, "the class E is its own ancestor"),
        (12, "the type nothing is not defined"),
    ]


def test_every_fault_of_the_constraints_is_named_at_once() -> None:
    body = """\
classes:
  C:
    attributes:
      a: {range: intger, pattern: "[", identifier: true}
      b: {range: integer, minimum_value: foo}
      c: {any_of: [{range: Foo}]}
      d: {range: integer, equals_expression: "{zz} +"}
      e: {identifier: true}
      f: {annotations: {privacy: secret}}
    unique_keys: {k: {unique_key_slots: [zz]}}
    rules:
    - preconditions: {slot_conditions: {bb: {required: true}}}
      postconditions: {slot_conditions: {a: {required: true}}}
enums:
  E: {inherits: [F], permissible_values: {x: {annotations: {role: spare}}}}
"""
    assert messages(body) == [
        (7, "the range intger is not defined"),
        (7, "the pattern is no regular expression"),
        (8, "the minimum_value must be a number"),
        (9, "the range Foo is not defined"),
        (10, "equals_expression: a value is needed here"),
        (11, "the class C has more than one identifier"),
        (12, "the annotation privacy can't be 'secret'"),
        (13, "the slot zz is not defined"),
        (15, "the class C has no slot bb"),
        (18, "the enum F is not defined"),
        (18, "the annotation role can't be 'spare'"),
    ]


def test_yaml_that_is_broken_or_doubled_is_refused_with_its_place() -> None:
    assert faults_of("id: x\nname: [\n")[0][0] == 3
    assert faults_of("id: x\nname: x\nname: y\n") == [(3, 'the key "name" is given twice')]
    assert faults_of("- a\n")[0][1] == "this is no LinkML schema: it has no keys"
    assert faults_of("title: x\n") == [
        (1, "the schema has no id"),
        (1, "the schema has no name"),
    ]


def test_nothing_is_fetched_and_what_is_not_found_is_said() -> None:
    text = "id: x\nname: x\nimports: [linkml:nothing, https://example.org/x, nowhere]\n"
    assert [message for _, message in faults_of(text)] == [
        "the import linkml:nothing is not found",
        "the import https://example.org/x would have to be fetched, and schemas are never fetched",
        "the import nowhere is not found",
    ]


def test_imports_are_read_beside_the_file_and_from_the_package(tmp_path: Path) -> None:
    inner = tmp_path / "inner"
    inner.mkdir()
    (tmp_path / "a.yaml").write_text(
        "id: http://example.org/a\nname: a\nimports: [linkml:types, inner/b, core]\n"
        "classes: {C: {attributes: {x: {range: T}}}}\n"
    )
    (inner / "b.yaml").write_text(
        "id: http://example.org/b\nname: b\nimports: [linkml:types, c]\ntypes: {T: {typeof: U}}\n"
    )
    (inner / "c.yaml").write_text(
        "id: http://example.org/c\nname: c\ntypes: {U: {typeof: integer, minimum_value: 3}}\n"
    )
    plan = open_schema(tmp_path / "a.yaml")
    assert [check.id for check in plan.classes["C"].checks] == ["a.x.type", "a.x.minimum_value"]


def test_a_fault_in_an_import_names_the_import(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text("id: http://example.org/a\nname: a\nimports: [b]\n")
    (tmp_path / "b.yaml").write_text("id: http://example.org/b\nname: b\nclases: {}\n")
    with pytest.raises(SchemaError) as caught:
        open_schema(tmp_path / "a.yaml")
    assert str(caught.value.place) == "b.yaml:3:1"
    assert caught.value.hint.startswith('did you mean "classes"')


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (None, "there is no such schema file"),
        (b"\xff\xfe", "the schema file is not in UTF-8"),
    ],
)
def test_a_file_that_cannot_be_read_is_a_fault_of_the_schema(
    tmp_path: Path, content: bytes | None, message: str
) -> None:
    path = tmp_path / "s.yaml"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(SchemaError, match=message):
        open_schema(path)
